"""The walk through the rooms: nothing lost, nothing twice, and what went wrong is a fact."""

from __future__ import annotations

import json
import os
import random
import shutil
import subprocess
import sys
import textwrap
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from tests_ledgers import dump

from tallystick import case as walk
from tallystick.case import Case
from tallystick.errors import (
    AskedWrongly,
    CaseDamaged,
    CaseReadOnly,
    NoReports,
    NoSuchCase,
    TallystickError,
    WordsDoNotMatch,
)
from tallystick.ledger import FILE
from tallystick.model import AccountId, Document, Judgement, Maker

ON_BOTH = True
EXAMPLE = Path(__file__).parent.parent / "examples" / "harrow-valley"
STRIKE = "At least {n} people were killed in an air strike on the town of Solem on {day}, the hospital said."


def report(folder: Path, name: str, n: int = 12, day: str = "Friday", **keys: Any) -> Path:
    """A report of one event, as a record."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{name}.json"
    record = {
        "id": name,
        "title": f"Strike {name}",
        "source": f"Outlet {name}",
        "text": STRIKE.format(n=n, day=day),
    }
    path.write_text(json.dumps(record | keys), encoding="utf-8")
    return path


@pytest.fixture
def reports(tmp_path: Path) -> Path:
    """Three reports, two of which tell of one event, and one that is broken."""
    folder = tmp_path / "reports"
    report(folder, "a", 12, published="2019-05-17")
    report(folder, "b", 15, published="2019-05-18")
    report(
        folder,
        "c",
        3,
        day="Monday",
        text="Two people were wounded by shelling in Orveth on Monday, police said.",
    )
    (folder / "broken.json").write_text('{"id": "broken"', encoding="utf-8")
    return folder


@pytest.fixture
def case(tmp_path: Path) -> Iterator[Case]:
    with Case.make(tmp_path / "case") as made:
        yield made


def tree(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def exported(case: Case, folder: Path) -> dict[str, bytes]:
    case.export(folder)
    return tree(folder)


def walked(case: Case, *paths: Path, **options: Any) -> None:
    """All steps but the dossier."""
    case.add(paths, **options)
    case.read()
    case.link()


def whats(case: Case, what: str) -> list[tuple[str, str]]:
    return [(event.item, event.note) for event in case._ledger.events(what)]


# ------------------------------------------------------------------------------- the walk


def test_reports_become_a_record(case: Case, reports: Path) -> None:
    ran = case.run([reports])
    assert (ran.added.files, ran.added.captures, ran.added.documents) == (4, 4, 3)
    assert [document.name for document in ran.record.documents] == ["a", "b", "c"]
    assert ran.record.claims
    assert ran.record.accounts
    assert ran.record.weighed
    assert ran.index.is_file()
    assert ran.index.is_relative_to(case.folder / "dossier")
    assert case.verify().problems == ()


def test_one_broken_report_is_a_fact_and_the_others_go_on(case: Case, reports: Path) -> None:
    added = case.add([reports])
    assert added.documents == 3
    assert len(added.refused) == 1
    refused = added.refused[0]
    assert refused.item == str(reports / "broken.json")
    assert refused.item in refused.note
    assert refused.facts == {"error": "BadRecord"}
    assert case.record().refusals == (refused,)
    assert len(case.record().captures) == 4  # what is refused is kept all the same


def test_every_verb_twice_changes_nothing(case: Case, reports: Path) -> None:
    case.run([reports])
    before, pages = dump(case.folder), tree(case.folder)
    again = case.run([reports])
    assert dump(case.folder) == before
    assert tree(case.folder).keys() == pages.keys()
    assert tree(case.folder / "dossier") == {
        name.removeprefix(f"dossier{os.sep}"): content
        for name, content in pages.items()
        if name.startswith("dossier")
    }
    assert (again.added.captures, again.added.documents, again.read.claims, again.linked.judgements) == (
        0,
        0,
        0,
        0,
    )
    assert len(again.added.refused) == 1  # told again, not recorded again


def test_two_cases_of_the_same_reports_export_the_same_bytes(tmp_path: Path, reports: Path) -> None:
    out = []
    for name in ("one", "two"):
        with Case.make(tmp_path / name) as case:
            case.run([reports])
            out.append(exported(case, tmp_path / f"{name}-export"))
    assert out[0] == out[1]
    assert out[0]["documents.jsonl"]


def test_reports_taken_in_any_order_make_the_same_record(tmp_path: Path, reports: Path) -> None:
    out = []
    for name, order in (("one", sorted(reports.iterdir())), ("two", sorted(reports.iterdir(), reverse=True))):
        with Case.make(tmp_path / name) as case:
            for path in order:
                walked(case, path)
            out.append(exported(case, tmp_path / f"{name}-export"))
    assert out[0] == out[1]


def test_progress_is_told_from_nothing_to_all(case: Case, reports: Path) -> None:
    told: list[tuple[str, int, int]] = []
    case.run([reports], progress=lambda *step: told.append(step))
    for step, total in (("adding", 4), ("reading", 3)):
        assert [done for name, done, _ in told if name == step] == list(range(total + 1))


# ------------------------------------------------------------------------------- custody


def test_the_same_bytes_in_two_places_are_one_capture_from_two_origins(case: Case, tmp_path: Path) -> None:
    for name in ("x", "y"):
        report(tmp_path / name, "a")
    added = case.add([tmp_path / "x", tmp_path / "y"])
    assert (added.files, added.captures, added.documents) == (2, 1, 1)
    origins = [event.facts["origin"] for event in case._ledger.events("received")]
    assert origins == [str(tmp_path / "x" / "a.json"), str(tmp_path / "y" / "a.json")]
    before = dump(case.folder)
    case.add([tmp_path / "x", tmp_path / "y"])
    assert dump(case.folder) == before


def test_a_file_that_changes_back_and_forth_is_received_each_time(case: Case, tmp_path: Path) -> None:
    for n in (12, 15, 12):
        case.add([report(tmp_path / "r", "a", n)])
    assert len(whats(case, "received")) == 3
    assert len(case.record().captures) == 2


def test_who_gave_a_date_is_told_by_the_custody_record(case: Case, tmp_path: Path) -> None:
    path = report(tmp_path / "r", "a")
    case.add([path])
    case.add([path], published=date(2019, 5, 17))
    assert [event.facts["published"] for event in case._ledger.events("kept")] == [None, "2019-05-17"]
    assert [event.facts["published_from"] for event in case._ledger.events("kept")] == [None, "user"]


def test_a_date_that_a_person_supplies_is_read_anew_and_nothing_is_lost(case: Case, tmp_path: Path) -> None:
    path = report(tmp_path / "r", "a")
    walked(case, path)
    assert all(account.telling.when.start is None for account in case.record().accounts)
    walked(case, path, published=date(2019, 5, 18))
    accounts = case.record().accounts
    assert {account.telling.when.start for account in accounts} == {date(2019, 5, 17)}
    assert len(dump(case.folder)["documents"]) == 2
    assert case.verify().problems == ()


def test_silence_takes_no_date_back(case: Case, tmp_path: Path) -> None:
    path = report(tmp_path / "r", "a")
    walked(case, path, published=date(2019, 5, 18))
    before = dump(case.folder)
    walked(case, path)
    assert dump(case.folder) == before


def test_a_corrected_date_stands_and_so_does_the_one_it_is_set_back_to(case: Case, tmp_path: Path) -> None:
    path = report(tmp_path / "r", "a")
    for day in (18, 25, 18):
        walked(case, path, published=date(2019, 5, day))
        assert case.record().documents[0].published == date(2019, 5, day)
        assert {account.telling.when.start for account in case.record().accounts} == {date(2019, 5, day - 1)}
    assert case.verify().problems == ()


def test_without_a_date_none_is_invented(case: Case, tmp_path: Path) -> None:
    walked(case, report(tmp_path / "r", "a"))
    record = case.record()
    assert [document.published for document in record.documents] == [None]
    assert all(account.telling.when.start is None for account in record.accounts)


def test_two_places_that_contradict_each_other_settle_on_the_first(case: Case, tmp_path: Path) -> None:
    for name, title in (("x", "First"), ("y", "Second")):
        folder = tmp_path / name
        folder.mkdir()
        (folder / "a.txt").write_text(STRIKE.format(n=3, day="Friday"), encoding="utf-8")
        (folder / "a.txt.meta.json").write_text(json.dumps({"title": title}), encoding="utf-8")
    folders = [tmp_path / "x", tmp_path / "y"]
    case.add(folders)
    before = dump(case.folder)
    assert [document.title for document in case.record().documents] == ["First"]
    case.add(folders)
    assert dump(case.folder) == before


def test_what_one_place_does_not_know_another_fills_in(case: Case, tmp_path: Path) -> None:
    for name in ("x", "y"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "a.txt").write_text(STRIKE.format(n=3, day="Friday"), encoding="utf-8")
    (tmp_path / "y" / "a.txt.meta.json").write_text('{"published": "2019-05-17"}', encoding="utf-8")
    for _ in range(2):
        case.add([tmp_path / "x", tmp_path / "y"])
        assert [document.published for document in case.record().documents] == [date(2019, 5, 17)]
        assert len(dump(case.folder)["documents"]) == 2


# ------------------------------------------------------------------------------- refusals


def test_a_refusal_is_recorded_once_for_each_reason(case: Case, reports: Path) -> None:
    for _ in range(3):
        case.add([reports])
    assert len(whats(case, "refused")) == 1
    (reports / "broken.json").write_text("[1]", encoding="utf-8")
    case.add([reports])
    assert len(whats(case, "refused")) == 2
    assert len(case.record().refusals) == 1


def test_a_report_that_was_mended_is_refused_no_more(case: Case, reports: Path) -> None:
    case.add([reports])
    report(reports, "broken")
    case.add([reports])
    assert case.record().refusals == ()
    assert len(whats(case, "refused")) == 1


def test_a_sidecar_that_was_mended_is_refused_no_more(case: Case, reports: Path) -> None:
    (reports / "broken.json").unlink()
    beside = reports / "a.json.meta.json"
    beside.write_text("no JSON", encoding="utf-8")
    assert len(case.add([reports]).refused) == 1
    beside.write_text('{"language": "en"}', encoding="utf-8")
    assert case.add([reports]).refused == ()
    assert case.record().refusals == ()
    before = dump(case.folder)
    case.add([reports])
    assert dump(case.folder) == before


def test_a_refusal_that_returns_is_recorded_again(case: Case, reports: Path) -> None:
    broken = (reports / "broken.json").read_bytes()
    case.add([reports])
    report(reports, "broken")
    case.add([reports])
    (reports / "broken.json").write_bytes(broken)
    case.add([reports])
    assert len(case.record().refusals) == 1
    assert len(whats(case, "refused")) == 2


def test_one_bad_record_leaves_the_others_of_its_file(case: Case, tmp_path: Path) -> None:
    lines = [json.dumps({"id": str(n), "text": STRIKE.format(n=n, day="Friday")}) for n in range(5)]
    lines[2] = '{"id": "2", "text": 7}'
    path = tmp_path / "many.jsonl"
    path.write_text("\n".join(lines), encoding="utf-8")
    added = case.add([path])
    assert (added.captures, added.documents, len(added.refused)) == (1, 4, 1)
    assert added.refused[0].item == str(path)


def test_a_link_out_of_the_folder_is_refused_by_record(case: Case, reports: Path, tmp_path: Path) -> None:
    (reports / "out.txt").symlink_to(tmp_path / "elsewhere.txt")
    (tmp_path / "elsewhere.txt").write_text("Words.", encoding="utf-8")
    assert len(case.add([reports]).refused) == 2


def faulty(
    fault: BaseException | type[BaseException], name: str = "b"
) -> Callable[[Document], tuple[Any, ...]]:
    """A reader that fails on one document."""
    real = walk.readers.claims.claims

    def read(document: Document) -> tuple[Any, ...]:
        if document.name == name:
            raise fault
        return real(document)

    return read


def test_an_error_of_the_tree_in_the_reader_is_a_fact_about_that_document(
    case: Case, reports: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    case.add([reports])
    with monkeypatch.context() as patch:
        patch.setattr(walk.readers.claims, "claims", faulty(WordsDoNotMatch("these words are not there")))
        for _ in range(2):
            done = case.read()
            assert [event.note for event in done.refused] == ["these words are not there"]
        assert len(case.record().refusals) == 2  # with broken.json
    assert case.read().refused == ()
    assert len(case.record().refusals) == 1


def test_a_fault_of_the_reader_is_raised_after_the_others_are_stored(
    case: Case, reports: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    case.add([reports])
    monkeypatch.setattr(walk.readers.claims, "claims", faulty(ZeroDivisionError))
    with pytest.raises(ZeroDivisionError) as told:
        case.read()
    assert "while reading b (doc-" in told.value.__notes__[0]
    assert sorted(document.name for document in case.record().documents) == ["a", "b", "c"]
    assert len(whats(case, "read")) == 2
    assert len(case.record().refusals) == 1  # a fault of the program is no fact about a report


# ------------------------------------------------------------------------------- in parallel


@pytest.fixture
def many(tmp_path: Path) -> Path:
    for n in range(20):
        report(tmp_path / "many", f"r{n:02}", n + 1)
    return tmp_path / "many"


@pytest.mark.of_file
def test_any_number_of_processes_reads_the_same(tmp_path: Path, many: Path) -> None:
    rows = []
    for jobs in (1, 3):
        with Case.make(tmp_path / str(jobs) / "case", clock=lambda: "2019-05-17T00:00:00Z") as case:
            case.add([many])
            assert case.read(jobs=jobs).documents == 20
            rows.append(dump(case.folder))
    assert rows[0] == rows[1]
    assert rows[0]["claims"]


class Deadly:
    """A reader that ends whatever process unpacks it."""

    def __reduce__(self) -> tuple[Any, ...]:
        return os._exit, (3,)


@pytest.mark.of_file
def test_a_reading_process_that_dies_is_told_and_nothing_is_lost(
    case: Case, many: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    case.add([many])
    with monkeypatch.context() as patch:
        patch.setattr(walk.readers.claims, "claims", Deadly())
        with pytest.raises(TallystickError, match=r"r00, r01.*run the same command again, with --jobs 1"):
            case.read(jobs=2)
    assert case.verify().problems == ()
    assert case.read(jobs=1).documents == 20


# ------------------------------------------------------------------------------- linking


def everything(marks, kept, events):
    return set(marks)


def test_a_pair_that_is_no_longer_compared_is_judged_unsure(
    case: Case, reports: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    walked(case, reports)
    (before,) = case._ledger.judgements()
    monkeypatch.setattr(walk.linking, "changed", everything)
    with monkeypatch.context() as patch:
        patch.setattr(walk.incidents, "pairs", lambda accounts, changed, progress: iter(()))
        assert case.link().judgements == 1
        assert [each.verdict for each in case.record().judgements] == ["unsure"]
        once = dump(case.folder)
        assert case.link().judgements == 0
        assert dump(case.folder) == once
    assert case.link().judgements == 1
    assert case._ledger.judgements() == (before,)


def test_what_was_compared_is_not_compared_again(case: Case, reports: Path) -> None:
    walked(case, reports)
    first = case.record().judgements
    assert case.link().pairs == 0
    report(reports, "late", 13, published="2019-05-18")
    case.add([reports])
    case.read()
    assert case.link().judgements > 0
    assert set(first) < set(case.record().judgements)


@pytest.mark.parametrize("broken", ["", "{}", "[]", '{"by": 1}', None])
def test_where_it_is_not_known_what_was_compared_everything_is(
    case: Case, reports: Path, broken: str | None
) -> None:
    walked(case, reports)
    before = case._ledger.judgements()
    kept = walk.linking.file(case.folder)
    if broken is None:
        kept.unlink()
    else:
        kept.write_text(broken)
    again = case.link()
    assert again.pairs > 0
    assert again.judgements == 0
    assert case._ledger.judgements() == before
    assert case.link().pairs == 0


def test_a_persons_judgement_is_not_outdone_by_linking_again(case: Case, reports: Path) -> None:
    walked(case, reports)
    (judged,) = case._ledger.judgements()
    other = "different" if judged.verdict == "same" else "same"
    case._ledger.append(judgements=[Judgement(judged.left, judged.right, other, Maker("Anna"))])
    case.link()
    assert [each.verdict for each in case.record().judgements] == [other]


def test_a_judgement_on_an_account_that_nobody_tells_any_more_is_left_out(case: Case, reports: Path) -> None:
    walked(case, reports)
    (account, *_) = case.record().accounts
    case._ledger.append(judgements=[Judgement(AccountId("acc-"), account.id, "same", Maker("Anna"))])
    assert len(case._ledger.judgements()) == 2
    assert len(case.record().judgements) == 1


@pytest.mark.of_file
def test_claims_stand_in_the_order_of_the_reports_names(case: Case, many: Path) -> None:
    walked(case, many)
    record = case.record()
    named = {document.id: document.name for document in record.documents}
    names = [named[claim.span.document] for claim in record.claims]
    assert names == sorted(names)
    assert len(set(names)) == 20


# ------------------------------------------------------------------------------- the folder


def test_a_case_has_a_name_that_its_settings_may_change(tmp_path: Path) -> None:
    Case.make(tmp_path / 'Solem "1"\\x').close()
    folder = tmp_path / 'Solem "1"\\x'
    with Case.open(folder) as case:
        assert case.name == 'Solem "1"\\x'
    (folder / "case.toml").write_text('name = "Solem, May 2019"\n', encoding="utf-8")
    with Case.make(folder) as case:
        assert case.record().name == "Solem, May 2019"
    (folder / "case.toml").unlink()
    with Case.open(folder) as case:
        assert case.name == 'Solem "1"\\x'


@pytest.mark.parametrize("name", ["Алеппо", "حلب", "a\tb", "a\x7fb", "😀", b"caf\xe9"])
def test_any_folder_can_be_a_case(tmp_path: Path, name: str | bytes, reports: Path) -> None:
    folder = tmp_path / os.fsdecode(name)
    Case.make(folder).close()
    with Case.open(folder) as case:
        assert case.name == os.fsencode(name if isinstance(name, str) else os.fsdecode(name)).decode(
            "utf-8", "backslashreplace"
        )


@pytest.mark.parametrize(
    ("settings", "complaint"),
    [
        ('nmae = "x"', "has the key 'nmae'; it may have: name"),
        ("name = 3", "the name is to be a word or more"),
        ('name = ""', "the name is to be a word or more"),
        ("name", "cannot be read"),
        (b"\xff", "cannot be read"),
    ],
)
def test_settings_that_are_none_are_refused(tmp_path: Path, settings: str | bytes, complaint: str) -> None:
    Case.make(tmp_path / "case").close()
    file = tmp_path / "case" / "case.toml"
    file.write_bytes(settings if isinstance(settings, bytes) else settings.encode())
    with pytest.raises(AskedWrongly, match=complaint) as told:
        Case.open(tmp_path / "case")
    assert str(file) in str(told.value)


def test_a_mistyped_name_leaves_no_case_behind(tmp_path: Path) -> None:
    with pytest.raises(NoReports):
        Case.make(tmp_path / "case", reports=[tmp_path / "reprots"])
    assert not (tmp_path / "case").exists()


def test_a_folder_of_other_things_is_not_made_a_case(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(AskedWrongly, match=r"holds other things \(notes\.txt\)"):
        Case.make(tmp_path)
    assert os.listdir(tmp_path) == ["notes.txt"]


def test_a_file_is_no_case(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("mine", encoding="utf-8")
    for folder in (tmp_path / "file", tmp_path / "file" / "case"):
        with pytest.raises(AskedWrongly):
            Case.make(folder)
        with pytest.raises(NoSuchCase):
            Case.open(folder)


def test_a_case_among_its_reports_is_not_taken_for_one(tmp_path: Path) -> None:
    report(tmp_path / "reports", "a")
    with Case.make(tmp_path / "reports" / "case") as case:
        for _ in range(2):
            assert case.run([tmp_path / "reports"]).added.files == 1


@pytest.mark.parametrize("content", [b"", b"half a ledger " * 400])
@pytest.mark.of_file
def test_a_half_written_case_is_told_and_not_written_over(
    tmp_path: Path, reports: Path, content: bytes
) -> None:
    with Case.make(tmp_path / "case") as case:
        case.add([reports])
    (tmp_path / "case" / FILE).write_bytes(content)
    for ask in (Case.make, Case.open):
        with pytest.raises(CaseDamaged, match="put a copy of it back"):
            ask(tmp_path / "case")
    assert (tmp_path / "case" / FILE).read_bytes() == content


@pytest.mark.of_file
def test_captures_whose_ledger_is_gone_are_told(tmp_path: Path, reports: Path) -> None:
    with Case.make(tmp_path / "case") as case:
        case.add([reports])
    (tmp_path / "case" / FILE).unlink()
    (tmp_path / "case" / "dossier").mkdir()
    for ask in (Case.make, Case.open):
        with pytest.raises(CaseDamaged, match=r"its ledger\.sqlite is gone"):
            ask(tmp_path / "case")
    assert not (tmp_path / "case" / FILE).exists()


def test_verify_names_a_capture_that_was_changed(case: Case, reports: Path) -> None:
    walked(case, reports)
    (victim, *_) = sorted(path for path in case.store.rglob("*") if path.is_file())
    content = bytearray(victim.read_bytes())
    content[random.Random(1).randrange(len(content))] ^= 1  # noqa: S311
    victim.chmod(0o644)
    victim.write_bytes(content)
    assert [str(victim) in problem for problem in case.verify().problems] == [True]
    victim.unlink()
    assert [str(victim) in problem for problem in case.verify().problems] == [True]


# ------------------------------------------------------------------------------- read-only


def without_rights(code: str, *arguments: Path) -> subprocess.CompletedProcess[str]:
    """Run ``code`` as somebody whom the rights of files bind: root, too, once it gave its privilege up."""

    def give_up() -> None:
        import ctypes

        for privilege in (1, 2):  # CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH
            ctypes.CDLL(None).prctl(24, privilege, 0, 0, 0)  # PR_CAPBSET_DROP

    return subprocess.run(
        [
            sys.executable,
            "-c",
            "import sys; from pathlib import Path; from tallystick.case import Case\n" + code,
        ]
        + [str(argument) for argument in arguments],
        capture_output=True,
        text=True,
        check=False,
        preexec_fn=give_up if os.geteuid() == 0 else None,
    )


@pytest.fixture
def sealed(tmp_path: Path, reports: Path) -> Iterator[Path]:
    """A finished case that cannot be written to."""
    folder = tmp_path / "case"
    with Case.make(folder) as case:
        walked(case, reports)
    yield from seal(folder)


def seal(folder: Path) -> Iterator[Path]:
    paths = [folder, *folder.rglob("*")]
    for path in paths:
        path.chmod(0o555 if path.is_dir() else 0o444)
    yield folder
    for path in paths:
        path.chmod(0o755 if path.is_dir() else 0o644)


posix = pytest.mark.skipif(os.name != "posix", reason="the rights of POSIX files")


@posix
@pytest.mark.of_file
def test_a_read_only_case_can_be_read_verified_and_shown_elsewhere(sealed: Path, tmp_path: Path) -> None:
    before = sorted(path.name for path in sealed.iterdir())
    done = without_rights(
        "with Case.open(Path(sys.argv[1])) as case:\n"
        "    print(len(case.record().documents), case.verify().problems)\n"
        "    case.export(Path(sys.argv[2]))\n"
        "    case.dossier(Path(sys.argv[3]))\n",
        sealed,
        tmp_path / "export",
        tmp_path / "pages",
    )
    assert done.stderr == ""
    assert done.stdout == "3 ()\n"
    assert (tmp_path / "export" / "documents.jsonl").is_file()
    assert (tmp_path / "pages" / "index.html").is_file()
    assert sorted(path.name for path in sealed.iterdir()) == before


def told_by(folder: Path, *asked: str) -> list[str]:
    """The errors that each of ``asked`` raises for ``folder``, kind and message."""
    each = "try:\n    {}\nexcept TallystickError as error:\n    print(type(error).__name__, error)\n"
    lead = "from tallystick.errors import TallystickError\nfolder = Path(sys.argv[1])\n"
    done = without_rights(lead + "".join(map(each.format, asked)), folder)
    assert done.stderr == ""
    return done.stdout.splitlines()


@posix
@pytest.mark.of_file
def test_writing_into_a_read_only_case_is_told(sealed: Path) -> None:
    told = told_by(
        sealed,
        "Case.open(folder, write=True)",
        "Case.make(folder)",
        "Case.make(folder / 'inner')",
        "Case.open(folder).dossier()",
        "Case.open(folder).export(folder / 'export')",
    )
    assert len(told) == 5
    for line in told:
        assert line.startswith(("CaseReadOnly", "AskedWrongly"))
        assert str(sealed) in line
        assert "cannot be written" in line


@posix
@pytest.mark.parametrize("what", [".", FILE])
@pytest.mark.of_file
def test_a_case_that_may_not_be_read_is_told(tmp_path: Path, what: str) -> None:
    Case.make(tmp_path / "case").close()
    (tmp_path / "case" / what).chmod(0)
    told = told_by(tmp_path / "case", "Case.open(folder)", "Case.make(folder)")
    (tmp_path / "case" / what).chmod(0o755)
    assert len(told) == 2
    for line in told:
        assert line.startswith(("CaseDamaged", "CaseReadOnly"))
        assert "right" in line


@posix
@pytest.mark.of_file
def test_rows_of_an_interrupted_command_are_not_overlooked_in_a_read_only_case(
    tmp_path: Path, reports: Path
) -> None:
    with Case.make(tmp_path / "case") as case:
        case.add([reports])
        shutil.copytree(tmp_path / "case", tmp_path / "copy")  # as a kill leaves it, with its log
    log = tmp_path / "copy" / f"{FILE}-wal"
    assert log.stat().st_size > 0
    for keep_index in (True, False):
        if not keep_index:
            log.with_name(f"{FILE}-shm").unlink()
        for folder in seal(tmp_path / "copy"):
            done = without_rights("print(len(Case.open(Path(sys.argv[1])).record().documents))", folder)
        assert done.stdout == "3\n" or "CaseReadOnly" in done.stderr


# ------------------------------------------------------------------------------- kill -9

# Walks through all steps again and again, and is killed each time at another moment; says how
# many files each walk had taken in by then. One process does it all, so that the time goes into
# the walks and not into importing.
KILLER = textwrap.dedent(
    """
    import os, random, signal, sys, time
    from pathlib import Path
    from tallystick import intake
    from tallystick.case import Case

    intake.SECONDS = -1.0  # what came is stored at once, not by the second
    reports, cases, times = Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3])
    chance = random.Random(7)

    def walk(folder, tell):
        case = Case.make(folder, reports=[reports])
        def progress(step, done, total):
            os.write(tell, f"{step} {done}\\n".encode())
        case.run([reports], progress=progress)
        case.close()

    def start(folder):
        hear, tell = os.pipe()
        child = os.fork()
        if not child:
            os.close(hear)
            walk(folder, tell)
            os._exit(0)
        os.close(tell)
        return child, hear

    def heard(hear):
        with os.fdopen(hear) as stream:
            steps = [line.split() for line in stream.read().splitlines()]
        return max((int(done) for step, done in steps if step == "adding"), default=0)

    began = time.monotonic()
    child, hear = start(cases / "whole")
    assert os.waitpid(child, 0)[1] == 0
    heard(hear)
    length = time.monotonic() - began

    for number in range(times):
        child, hear = start(cases / str(number))
        time.sleep(chance.uniform(0, length))
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        print(number, heard(hear))
    """
)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="a system without fork")
@pytest.mark.of_file
def test_a_kill_at_any_moment_loses_nothing_and_the_next_run_completes_it(tmp_path: Path) -> None:
    reports, cases = tmp_path / "reports", tmp_path / "cases"
    for n in range(8):
        report(reports, f"r{n}", n + 1, published="2019-05-17")
    cases.mkdir()
    killed = subprocess.run(
        [sys.executable, "-c", KILLER, str(reports), str(cases), "12"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert killed.returncode == 0, killed.stderr
    acknowledged = [int(line.split()[1]) for line in killed.stdout.splitlines()]
    assert len(acknowledged) == 12
    assert len(set(acknowledged)) > 1  # the moments did differ
    with Case.open(cases / "whole") as case:
        whole = exported(case, tmp_path / "whole")
    for number, taken in enumerate(acknowledged):
        folder = cases / str(number)
        if taken:
            with Case.open(folder) as case:
                assert len(case.record().documents) >= taken
                assert case.verify().problems == ()
        with Case.make(folder) as case:
            walked(case, reports)
            assert exported(case, tmp_path / f"export{number}") == whole
            assert case.verify().problems == ()


@pytest.mark.skipif(not Path("/proc").is_dir(), reason="a system without /proc")
@pytest.mark.of_file
def test_reading_processes_end_with_the_one_that_started_them(tmp_path: Path, many: Path) -> None:
    code = textwrap.dedent(
        """
        import os, signal, sys
        from pathlib import Path
        from tallystick.case import Case

        def progress(step, done, total):
            if step == "reading" and done == 5:
                children = Path(f"/proc/self/task/{os.getpid()}/children").read_text()
                print(children, flush=True)
                os.kill(os.getpid(), signal.SIGKILL)

        if __name__ == "__main__":
            case = Case.make(Path(sys.argv[1]))
            case.add([Path(sys.argv[2])])
            case.read(jobs=2, progress=progress)
        """
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path / "case"), str(many)],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    # The pipes of the processes it started are closed only when they are gone: that this line is
    # reached is the proof.
    assert done.returncode == -9
    assert len(done.stdout.split()) >= 2
    with Case.make(tmp_path / "case") as case:
        assert case.read().documents <= 15


def test_the_example_becomes_a_record(tmp_path: Path) -> None:
    with Case.make(tmp_path / "case") as case:
        ran = case.run([EXAMPLE])
        assert len(ran.record.documents) >= 10
        assert ran.record.weighed
        assert case.verify().problems == ()


@pytest.mark.of_file
def test_a_case_that_cannot_be_written_is_told_before_it_is_made(tmp_path: Path) -> None:
    with pytest.raises((CaseReadOnly, AskedWrongly)):
        Case.make(Path("/proc/none/case"))


def test_settings_nested_without_end_are_a_slip_to_correct(tmp_path: Path) -> None:
    Case.make(tmp_path / "case").close()
    (tmp_path / "case" / "case.toml").write_text(f"countries = {'[' * 5000}", encoding="utf-8")
    with pytest.raises(AskedWrongly, match="correct it there"):
        Case.open(tmp_path / "case")
