"""What is expunged is nowhere any more, everything else is as it was, and the case verifies."""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import os
import shutil
import signal
import sqlite3
import subprocess
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from tallystick import case as walk
from tallystick import cli, expunge, linking, naming, rows
from tallystick.case import Case
from tallystick.errors import AskedWrongly, CaseDamaged
from tallystick.evidence import keys
from tallystick.expunge import ToExpunge
from tallystick.ledger import FILE
from tallystick.model import (
    Claim,
    Document,
    Event,
    Judgement,
    Maker,
    Review,
    Role,
    Span,
    Telling,
    Voice,
    accounts,
)
from tallystick.values.party import Party

NAME = "Zoé Quillfeather"
OTHER = "Police said two people were wounded by shelling in Orveth on Monday."


def report(folder: Path, name: str, text: str, **keys: Any) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{name}.json"
    path.write_text(
        json.dumps({"id": name, "text": text, "published": "2019-05-17"} | keys), encoding="utf-8"
    )
    return path


def reading(document: Document) -> tuple[Claim, ...]:
    """Two claims of every text: what its first word tells, and what is said in its last by who stands in the midst."""
    text = document.text
    first, last = document.span(0, len(text.split()[0])), document.span(len(text) - 3, len(text))
    half = document.span(len(text) // 2, len(text) // 2 + 9)
    voice = Voice(half.quote, Party(half.quote, half.quote), half)
    return (
        Claim(first, "attack", Telling("killing"), telling=first, confidence=0.3),
        Claim(last, "attack", Role(Party(half.quote), "perpetrator", "alleged"), (voice,), "alleged", first),
    )


@pytest.fixture(autouse=True)
def read_quickly(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(walk.readers.claims, "claims", reading)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A case with a name in texts, metadata, a file's name, a list, notes, decisions, the settings, the dossier."""
    reports = tmp_path / "reports"
    report(reports, "a", f"Three died. The nurse {NAME} said so on Friday.", title=f"“{NAME.upper()}”")
    report(reports, "b", OTHER)
    report(
        reports,
        "c",
        "A quiet day, wrote Zoe\u0301\u00a0QUILLFEATHER’s sister.",
        url="https://x/zo%C3%A9-quillfeather",
    )
    report(reports, "d", "Nothing of her here. Zoé alone is another.")
    (reports / "Zoe_Quillfeather_e.txt").write_text("A report whose file was called so.", encoding="utf-8")
    (reports / "f.html").write_bytes(f"<p>{OTHER}</p><!-- {NAME} -->".encode("utf-16"))
    (reports / "g.jsonl").write_text(
        '{"id": "g", "text": ' + json.dumps(f"By {NAME}.") + ', "x"', encoding="utf-8"
    )
    (tmp_path / "own.csv").write_text(
        f"name,country,latitude,longitude\n{NAME} Street,Syria,36,37\n", encoding="utf-8"
    )
    case = tmp_path / "case"
    with Case.make(case, reports=[reports]) as made:
        made.add([reports])
        made.read()
        made.add_list(tmp_path / "own.csv")
        made.name_means("party", NAME, f"friends of {NAME}", by="Anna", note=f"as {NAME} told")
        one, two = sorted({claim.account for claim in made._ledger.claims() if claim.account})[:2]
        ledger = made._ledger
        ledger.append(
            judgements=[Judgement(one, two, "different", Maker("Anna"), None, (f"{NAME} says so",))],
            reviews=[
                *(Review(claim.id, "upheld", "Anna", f"asked {NAME}") for claim in ledger.claims()),
                *(
                    Review(own.id if verdict == "added" else claim.id, verdict, "Ben", f"asked {NAME}", own)
                    for claim in ledger.claims()
                    for own in [replace(claim, voices=(Voice(f"{NAME} himself"),), maker=Maker("Ben"))]
                    for verdict in ("corrected", "added")
                ),
            ],
        )
        ledger.append(events=[Event("exported", "dossier", "tallystick", "2026-01-01T00:00:00.000Z")])
    (case / "dossier" / "reports").mkdir(parents=True)
    (case / "dossier" / "index.html").write_text(f"<p>{NAME}", encoding="utf-8")
    (case / "case.toml").write_text(f'name = "Case of {NAME}"\n', encoding="utf-8")
    (case / "captures" / ".new-left").write_text(NAME, encoding="utf-8")
    (case / ".dossier.new").mkdir()
    (case / ".dossier.new" / "a.html").write_text(NAME, encoding="utf-8")
    with Case.open(case, write=True):
        pass
    return case


def asked(name: str | None = NAME, *reports: str) -> ToExpunge:
    return ToExpunge(reports, name, "M. Reed", "T. Okoro", "a witness at risk")


def spelt(name: str) -> Iterator[bytes]:
    """How a name may lie in bytes."""
    for told in {name, name.upper(), name.lower(), name.replace(" ", "_"), name.replace(" ", "-")}:
        yield from (told.encode(code) for code in ("utf-8", "utf-16-le", "utf-16-be"))
        yield json.dumps(told)[1:-1].encode()
        yield quote(told).encode()
        yield "".join(f"\\u{ord(c):04x}" for c in told).encode()


def where(name: str, folder: Path) -> list[str]:
    """Every file under ``folder`` that holds the name in its bytes or in its path, or packed in either way."""
    found = []
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        held = [str(path.relative_to(folder)).encode("utf-8", "surrogateescape"), path.read_bytes()]
        if held[1][:2] == b"\x1f\x8b":
            held.append(gzip.decompress(held[1]))
        if zipfile.is_zipfile(io.BytesIO(held[1])):
            with zipfile.ZipFile(path) as packed:
                held += [packed.read(member) for member in packed.namelist()]
        if any(spelling in each for each in held for spelling in spelt(name)):
            found.append(str(path.relative_to(folder)))
    return found


def flaws(folder: Path) -> list[str]:
    return list(walk.verify(folder).problems)


# ------------------------------------------------------------------------------- a name


def test_a_name_is_nowhere_any_more_and_the_case_verifies(folder: Path, cache: Path) -> None:
    assert len(where(NAME, folder)) > 6
    with Case.open(folder, write=True) as case:
        head = case._ledger.head()
        before = {document.name: document for document in case._ledger.documents()}
        done = case.expunge(asked())
        assert where(NAME, folder) == []  # also while the case is open, with the log beside the ledger
        assert case._ledger.head()[0] == head[0] + 1
        after = {document.name: document for document in case._ledger.documents()}
    assert done.left == ()
    assert where(NAME, folder) == []
    assert where(NAME, cache) == []
    assert flaws(folder) == []
    assert after["b"] == before["b"]
    assert after["d"] == before["d"]
    assert after["a"].text == f"Three died. The nurse {'█' * len(NAME)} said so on Friday."
    assert len(after["c"].text) == len(before["c"].text)
    assert not (folder / expunge.MARKER).exists()


def test_what_points_to_a_covered_text_still_points_to_its_words(folder: Path) -> None:
    with Case.open(folder, write=True) as case:
        before = case._ledger.claims()
        case.expunge(asked())
        after, reviews, judgements = case._ledger.claims(), case._ledger.reviews(), case._ledger.judgements()
        documents = {document.id: document for document in case._ledger.documents()}
    for claim in after:
        claim.span.check(documents[claim.span.document].text)
    told = {account.id for account in accounts(after, documents)}
    assert len(after) == len(before)
    assert sorted((c.span.start, c.span.end, c.stance) for c in after) == sorted(
        (c.span.start, c.span.end, c.stance) for c in before
    )
    assert {review.claim for review in reviews if review.verdict != "added"} == {claim.id for claim in after}
    assert all(r.correction and r.claim == r.correction.id for r in reviews if r.verdict == "added")
    assert [{each.left, each.right} <= told for each in judgements] == [True]


def test_the_event_tells_who_why_and_each_row_and_not_the_name(folder: Path) -> None:
    with Case.open(folder, write=True) as case:
        done = case.expunge(asked())
        (event,) = case._ledger.events("expunged")
    assert (event.by, event.facts["second"], event.note) == ("M. Reed", "T. Okoro", "a witness at risk")
    assert len(event.facts["expunged"]) == len(done.plan.changed)
    assert {row["table"] for row in event.facts["expunged"]} == {
        "captures", "documents", "claims", "judgements", "reviews", "custody",
    }  # fmt: skip
    assert set(done.plan.reports) == {"a", "c", "Zoe_Quillfeather_e"}
    assert len(done.plan.captures) == 4  # of a, c, f and the broken g; not of a file that was only called so


def test_a_second_time_there_is_nothing_of_it(folder: Path) -> None:
    with Case.open(folder, write=True) as case:
        case.expunge(asked())
        with pytest.raises(AskedWrongly, match="nothing of that"):
            case.expunge(asked())
        case.read()
    assert where(NAME, folder) == []
    assert flaws(folder) == []


def test_two_names_one_after_the_other(folder: Path) -> None:
    with Case.open(folder, write=True) as case:
        case.expunge(asked())
        case.expunge(ToExpunge((), "police", "M. Reed", "T. Okoro", "asked for by law"))
    assert where(NAME, folder) == []
    assert where("Police", folder) == []
    assert flaws(folder) == []


def test_two_reports_that_become_one_when_their_names_are_covered_still_verify(tmp_path: Path) -> None:
    (tmp_path / "two.jsonl").write_text(
        "".join(
            json.dumps({"id": name, "text": "The same words of both."}) + "\n"
            for name in ("Ann Lee", "Bob Ray")
        ),
        encoding="utf-8",
    )
    with Case.make(tmp_path / "case") as case:
        case.add([tmp_path / "two.jsonl"])
        case.read()
        for name in ("Ann Lee", "Bob Ray"):
            case.expunge(asked(name))
        assert {document.name for document in case._ledger.documents()} == {"█" * 7}
    assert flaws(tmp_path / "case") == []


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    name=st.lists(
        st.text(st.sampled_from("abcdeéñüвгدс"), min_size=3, max_size=7), min_size=2, max_size=3
    ).map(" ".join),
    texts=st.lists(
        st.tuples(st.text(max_size=30), st.text(max_size=30), st.booleans()), min_size=1, max_size=4
    ),
)
def test_any_name_within_any_texts_is_gone_and_everything_else_holds(
    tmp_path: Path, name: str, texts: list[tuple[str, str, bool]]
) -> None:
    base = Path(tempfile.mkdtemp(dir=tmp_path))
    written = {}
    for n, (before, after, holds) in enumerate(texts):
        text = f"Report {n} begins. {before} {name if holds else 'nobody'} {after} is its end."
        written[str(n)] = text = "".join(c for c in text if c >= " " and not "\ud800" <= c <= "\udfff")
        report(base / "reports", str(n), text)
    with Case.make(base / "case") as case:
        case.add([base / "reports"])
        case.read()
        kept = {d.name: d.text for d in case._ledger.documents()}
        if any(holds for _, _, holds in texts):
            case.expunge(asked(name))
        there = {d.name: d.text for d in case._ledger.documents()}
        assert len(case._ledger.claims()) == 2 * len(kept)
    covering = expunge.Masked(name)
    assert where(name, base / "case") == []
    assert {n: len(text) for n, text in there.items()} == {n: len(text) for n, text in kept.items()}
    assert there == {n: covering.cover(text) for n, text in kept.items()}
    assert flaws(base / "case") == []


# ------------------------------------------------------------------------------- a report


def test_a_report_goes_whole_and_leaves_its_digest(folder: Path) -> None:
    with Case.open(folder, write=True) as case:
        documents, claims = case._ledger.documents(), case._ledger.claims()
        victim = next(document for document in documents if document.name == "d")
        done = case.expunge(asked(None, "d"))
        assert case._ledger.documents() == tuple(each for each in documents if each != victim)
        assert case._ledger.claims() == tuple(each for each in claims if each.span.document != victim.id)
        assert victim.capture in {capture.id for capture in case._ledger.captures()}
    assert done.plan.captures == (victim.capture,)
    assert where("Nothing of her here", folder) == []
    assert where("d.json", folder) == []
    assert where(victim.capture, folder) == ["ledger.sqlite"]
    assert flaws(folder) == []


@pytest.mark.parametrize("said", ["b", "b.json", "the digest", "its start", "the document"])
def test_a_report_may_be_named_in_several_ways(folder: Path, said: str) -> None:
    with Case.open(folder) as case:
        (document,) = (d for d in case._ledger.documents() if d.name == "b")
        said = {
            "the digest": document.capture,
            "its start": document.capture[:12],
            "the document": document.id,
        }.get(said, said)
        assert case.would_expunge(asked(None, said)).captures == (document.capture,)


def test_a_report_that_is_not_there_is_told(folder: Path) -> None:
    with Case.open(folder) as case, pytest.raises(AskedWrongly, match="no report of the case is called 'z'"):
        case.would_expunge(asked(None, "z"))


def test_the_same_text_in_another_report_is_told(folder: Path) -> None:
    with Case.open(folder) as case:
        assert case.would_expunge(asked(None, "b")).copies == ("f",)


def test_what_was_expunged_is_not_taken_in_again_unasked(folder: Path) -> None:
    reports = folder.parent / "reports"
    with Case.open(folder, write=True) as case:
        case.expunge(asked(None, "d"))
        added = case.add([reports])
        assert [event.facts["error"] for event in added.refused].count("WasExpunged") == 1
        (refused,) = (event for event in added.refused if event.facts["error"] == "WasExpunged")
        assert "by M. Reed and T. Okoro (a witness at risk)" in refused.note
        assert where("Nothing of her here", folder) == []
        rows = len(case._ledger.events())
        case.add([reports])
        assert len(case._ledger.events()) == rows
    assert flaws(folder) == []
    with Case.open(folder, write=True) as case:
        case.add([reports / "d.json"], again="the court allowed it")
        (event,) = case._ledger.events("readmitted")
        assert event.note == "the court allowed it"
        assert "d" in {document.name for document in case._ledger.documents()}
        case.read()
    assert flaws(folder) == []


def test_its_text_stays_out_in_whatever_bytes_it_comes(folder: Path) -> None:
    with Case.open(folder, write=True) as case:
        text = next(each.text for each in case._ledger.documents() if each.name == "d")
        case.expunge(asked(None, "d"))
        report(folder.parent / "more", "saved-again", text, url="https://press.example/d")
        wrapped = folder.parent / "more" / "many.jsonl"
        lines = [{"id": "x", "text": OTHER + " It rained."}, {"id": "y", "text": text}]
        wrapped.write_text("".join(json.dumps(each) + "\n" for each in lines), encoding="utf-8")
        before = case._ledger.documents()
        added = case.add([folder.parent / "more"])
        assert [event.facts["error"] for event in added.refused] == ["WasExpunged"] * 2
        assert case._ledger.documents() == before
        assert where("Nothing of her here", folder) == []
        assert flaws(folder) == []
        case.add([wrapped], again="the court allowed it")
        assert {"many#1", "many#2"} <= {document.name for document in case._ledger.documents()} or {
            "x", "y"} <= {document.name for document in case._ledger.documents()}  # fmt: skip
        assert [event.facts["text"] for event in case._ledger.events("readmitted")] == [
            hashlib.sha256(text.encode()).hexdigest()
        ]
        case.read()
        assert case.add([folder.parent / "more"]).refused == ()
    assert flaws(folder) == []


def test_the_same_bytes_twice_and_a_broken_sidecar_leave_a_sound_case(folder: Path) -> None:
    more = folder.parent / "more"
    with Case.open(folder, write=True) as case:
        text = next(each.text for each in case._ledger.documents() if each.name == "d")
        case.expunge(asked(None, "d"))
        for name in "xy":
            report(more, name, text, url="https://press.example/d")
        (more / "y.json").write_bytes((more / "x.json").read_bytes())
        assert [event.facts["error"] for event in case.add([more]).refused] == ["WasExpunged"] * 2
        assert where("Nothing of her here", folder) == []
        assert flaws(folder) == []
        beside = more / "z.txt.meta.json"
        (more / "z.txt").write_text(text, encoding="utf-8")
        beside.write_text("{broken", encoding="utf-8")
        case.add([more / "z.txt"])
        beside.unlink()
        before = case._ledger.documents()
        assert [event.facts["error"] for event in case.add([more / "z.txt"]).refused] == ["WasExpunged"]
        assert case._ledger.documents() == before
    assert flaws(folder) == []


def test_a_text_that_another_report_tells_and_keeps_is_not_barred(folder: Path) -> None:
    with Case.open(folder, write=True) as case:
        text = next(each.text for each in case._ledger.documents() if each.name == "f")
        assert case.would_expunge(asked(None, "b")).copies == ("f",)
        case.expunge(asked(None, "b"))
        again = report(folder.parent / "more", "saved-again", text, url="https://press.example/b")
        assert case.add([again]).refused == ()


def test_what_came_back_by_its_bytes_comes_back_in_any(folder: Path) -> None:
    with Case.open(folder, write=True) as case:
        text = next(each.text for each in case._ledger.documents() if each.name == "d")
        case.expunge(asked(None, "d"))
        case.add([folder.parent / "reports" / "d.json"], again="the court allowed it")
        again = report(folder.parent / "more", "saved-again", text, url="https://press.example/d")
        assert case.add([again]).refused == ()


def test_a_name_that_goes_bars_no_report_that_does_not_hold_it(tmp_path: Path) -> None:
    several = tmp_path / "several.jsonl"
    lines = [
        json.dumps({"id": n, "text": f"{OTHER} {n}", "title": NAME if n == "q" else n}) + "\n" for n in "pqr"
    ]
    several.write_text("".join(lines), encoding="utf-8")
    with Case.make(tmp_path / "case") as case:
        case.add([several])
        case.expunge(asked(NAME))
        several.write_text(lines[0] + lines[2], encoding="utf-8")
        assert case.add([several]).refused == ()


def test_what_came_in_the_same_file_may_come_back_without_it(tmp_path: Path) -> None:
    several = tmp_path / "several.jsonl"
    lines = [json.dumps({"id": name, "text": f"{OTHER} {name}"}) + "\n" for name in "pqr"]
    several.write_text("".join(lines), encoding="utf-8")
    with Case.make(tmp_path / "case") as case:
        case.add([several])
        case.expunge(asked(None, "q"))
        assert case._ledger.documents() == ()
        several.write_text(lines[0] + lines[2], encoding="utf-8")
        assert case.add([several]).refused == ()
        assert sorted(each.name for each in case._ledger.documents()) == ["p", "r"]
    assert flaws(tmp_path / "case") == []


def test_who_expunges_a_file_by_its_name_keeps_out_all_that_it_told(tmp_path: Path) -> None:
    several = tmp_path / "several.jsonl"
    lines = [json.dumps({"id": name, "text": f"{OTHER} {name}"}) + "\n" for name in "pq"]
    several.write_text("".join(lines), encoding="utf-8")
    with Case.make(tmp_path / "case") as case:
        case.add([several])
        case.expunge(asked(None, "several.jsonl"))
        for line in lines:
            several.write_text(line, encoding="utf-8")
            assert [event.facts["error"] for event in case.add([several]).refused] == ["WasExpunged"]


# ------------------------------------------------------------------------------- who may


@pytest.mark.parametrize(
    ("one", "two", "why"),
    [
        ("", "B", "why"),
        ("A", " ", "why"),
        ("A", "B", ""),
        ("A", "A", "why"),
        ("A", "B", f"for {NAME}"),
        (NAME, "B", "why"),
    ],
)
def test_two_different_people_and_a_reason_without_the_name_are_asked_for(
    one: str, two: str, why: str
) -> None:
    with pytest.raises(AskedWrongly):
        ToExpunge((), NAME, one, two, why)


def test_what_would_go_is_told_and_nothing_changes(folder: Path) -> None:
    before = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    with Case.open(folder) as case:
        assert case.would_expunge(asked()).changed
    assert {path: path.read_bytes() for path in before} == before


def test_nothing_is_taken_out_of_a_ledger_that_is_not_whole(folder: Path) -> None:
    ledger = sqlite3.connect(folder / FILE)
    with ledger:
        ledger.execute("DROP TRIGGER documents_only_grow_update")
        ledger.execute("UPDATE documents SET body = replace(body, 'Orveth', 'Solem')")
        ledger.execute(rows.triggers()["documents_only_grow_update"])
    ledger.close()
    with Case.open(folder, write=True) as case, pytest.raises(CaseDamaged, match="nothing is taken out"):
        case.expunge(asked())
    assert not (folder / expunge.MARKER).exists()


def test_a_file_that_is_no_part_of_the_case_is_named(folder: Path) -> None:
    (folder / "notes.txt").write_text(NAME, encoding="utf-8")
    with Case.open(folder, write=True) as case:
        assert case.expunge(asked()).left == (folder / "notes.txt",)


# ------------------------------------------------------------------------------- killed


STEPS = ("replace", "unlink", "rmdir", "fsync", "rename")


def killed_at(step: int, folder: Path) -> bool:
    """Expunge in a child that is killed before its n-th step; whether it was."""
    child = os.fork()
    if child:
        return os.WIFSIGNALED(os.waitpid(child, 0)[1])
    left = [step]

    def counted(real: Callable[..., Any]) -> Callable[..., Any]:
        def call(*arguments: Any, **options: Any) -> Any:
            left[0] -= 1
            if not left[0]:
                os.kill(os.getpid(), signal.SIGKILL)
            return real(*arguments, **options)

        return call

    for name in STEPS:
        setattr(os, name, counted(getattr(os, name)))
    for verb in ("expunge", "scrub"):
        setattr(walk.Ledger, verb, counted(getattr(walk.Ledger, verb)))
    with Case.open(folder, write=True) as case:
        done = case.expunge(asked())
    os._exit(0 if not done.left else 1)


def test_killed_at_any_step_it_is_not_begun_or_completed_by_the_next_opening(
    folder: Path, tmp_path: Path
) -> None:
    for step in range(1, 80):
        copy = tmp_path / "copy"
        shutil.rmtree(copy, ignore_errors=True)
        shutil.copytree(folder, copy)
        killed = killed_at(step, copy)
        cut_short = [f"{copy / expunge.MARKER}" in each for each in flaws(copy) if "expunge" in each]
        assert any(cut_short) == (copy / expunge.MARKER).exists()
        with Case.open(copy, write=True) as case:
            done = bool(case._ledger.events("expunged"))
            if not done:
                case.expunge(asked())
        assert where(NAME, copy) == []
        assert flaws(copy) == []
        if not killed:
            break
    assert step > 10
    assert not killed


def test_nothing_is_left_in_the_free_pages_of_a_large_ledger(tmp_path: Path) -> None:
    for n in range(60):
        report(
            tmp_path / "reports",
            f"r{n}",
            f"Number {n}. " + f"{NAME} wept. " * (40 if n % 3 == 0 else 0) + "End.",
        )
    with Case.make(tmp_path / "case") as case:
        case.add([tmp_path / "reports"])
        case.read(jobs=1)
        case.expunge(asked())
        assert (
            where(NAME, tmp_path / "case") == []
        )  # nor in the log, which held all of it in this one sitting
    assert where(NAME, tmp_path / "case") == []
    assert flaws(tmp_path / "case") == []


def test_what_the_database_had_overwritten_before_is_gone_too(folder: Path) -> None:
    ledger = sqlite3.connect(folder / FILE)
    ledger.execute("PRAGMA secure_delete = OFF")
    ledger.execute("CREATE TABLE former (body)")
    ledger.executemany("INSERT INTO former VALUES (?)", [(f"{NAME} once",)] * 2000)
    ledger.commit()
    ledger.execute("DROP TABLE former")
    ledger.commit()
    ledger.close()
    assert (folder / FILE).read_bytes().count(f"{NAME} once".encode()) > 1000
    with Case.open(folder, write=True) as case:
        case.expunge(asked())
    assert where(NAME, folder) == []


def test_what_the_cache_keeps_of_the_case_goes(folder: Path) -> None:
    kept = linking.file(folder)
    kept.write_text("{}", encoding="utf-8")
    digest = next((folder / "lists").iterdir()).name
    index = naming.index_of(digest, "own.csv")
    assert index.exists()
    with Case.open(folder, write=True) as case:
        case.expunge(asked())
    assert not kept.exists()
    assert not index.exists()
    assert not (folder / "lists" / digest).exists()


def test_what_was_signed_before_still_holds_and_is_told(folder: Path, tmp_path: Path) -> None:
    keys.make("reed", tmp_path / "rack")
    with Case.open(folder, write=True) as case:
        signed, _ = case.checkpoint(keys.unlock("reed", tmp_path / "rack"))
        done = case.expunge(asked())
        done = case.expunge(asked(None, "d"))
        case.checkpoint(keys.unlock("reed", tmp_path / "rack"))
    assert signed
    assert [event.what for event in done.handed_on] == ["exported", "signed"]
    assert flaws(folder) == []


def test_the_script_of_standard_tools_agrees(folder: Path) -> None:
    if not all(map(shutil.which, ("bash", "sqlite3", "sha256sum"))):
        pytest.skip("needs bash, sqlite3 and sha256sum")
    with Case.open(folder, write=True) as case:
        case.expunge(asked())
        case.expunge(asked(None, "d"))
    script = Path(__file__).parent.parent / "docs" / "verify.sh"
    done = subprocess.run(["bash", str(script), str(folder)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_verb_asks_says_and_refuses(folder: Path) -> None:
    ask = ["expunge", str(folder), "--name", NAME]
    who = ["--by", "M. Reed", "--second", "T. Okoro", "--reason", "at risk"]

    def said(*more: str, answer: str = "") -> Any:
        return CliRunner().invoke(cli.app, [*ask, *more], input=answer)

    assert said().exit_code == 2
    assert "would go: " in said(*who, "--dry-run").output
    assert said(*who, answer="n\n").exit_code == 2
    assert where(NAME, folder)
    done = said(*who, "--yes")
    assert done.exit_code == 0, done.output
    assert "cannot be called back" in done.output
    assert "exported dossier" in done.output
    assert where(NAME, folder) == []
    assert CliRunner().invoke(cli.app, ["expunge", str(folder), "--finish"]).output == "nothing was begun\n"


def test_spans_know_no_document_by_its_former_name(folder: Path) -> None:
    with Case.open(folder, write=True) as case:
        former = {d.id for d in case._ledger.documents() if NAME in d.text}
        case.expunge(asked())
        spans = [claim.span for claim in case._ledger.claims()]
    assert former
    assert not any(isinstance(span, Span) and span.document in former for span in spans)
    for name in former:
        assert where(name, folder) == []
