"""Laws of what leaves the house: a part says what it is a part of, notes stay, and nothing depends on the clock."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tallystick.case import Case
from tallystick.dossier import NameRule, Only, Redaction
from tallystick.errors import AskedWrongly
from tallystick.leaving import Leaving, without_folders
from tallystick.model import AccountId, Judgement, Maker, Record
from tallystick.settings import Settings

EXAMPLE = Path(__file__).parent.parent / "examples" / "harrow-valley"
NOTE = "the witness is known to us from last spring"
BY, SENIOR = "Miriam Talvik", "Oskar Pihl"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The example case, with decisions of two people and their notes."""
    folder = tmp_path_factory.mktemp("leaving") / "case"
    with Case.make(folder, reports=[EXAMPLE]) as case:
        case.add([EXAMPLE])
        case.read(jobs=1)
        case.link()
        record = case.record()
        claims = [claim for claim in record.claims if claim.value is not None]
        case.decide(claims[0].id, "upheld", BY, NOTE)
        case.decide(claims[-1].id, "rejected", SENIOR, NOTE)
        left, right = sorted(account.id for account in record.accounts)[:2]
        case.judge(Judgement(AccountId(left), AccountId(right), "different", Maker(BY), None, (NOTE,)))
        place = next(account.telling.place for account in record.accounts if account.telling.place)
        assert place is not None
        case._settle(Settings(case.name, case.countries, False, (SENIOR,)))
    return folder


@pytest.fixture
def case(made: Path, tmp_path: Path) -> Iterator[Case]:
    shutil.copytree(made, tmp_path / "case")
    with Case.open(tmp_path / "case", write=True) as opened:
        yield opened


def every(folder: Path) -> dict[str, str]:
    paths = [path for path in sorted(folder.rglob("*")) if path.is_file() and path.suffix != ".pdf"]
    return {path.relative_to(folder).as_posix(): path.read_text("utf-8") for path in paths}


def told(case: Case, tmp_path: Path, **asked: Any) -> dict[str, str]:
    """All pages of a dossier."""
    return every(case.dossier(tmp_path / "out", **asked).parent)


def biggest(record: Record) -> Any:
    return max((w for w in record.weighed if w.incident.is_harm), key=lambda w: len(w.incident.accounts))


def test_notes_and_names_of_people_never_leave_unasked(case: Case, tmp_path: Path) -> None:
    case.export(tmp_path / "data", Leaving())
    for name, text in {**told(case, tmp_path), **every(tmp_path / "data")}.items():
        assert NOTE not in text, name
        assert BY not in text, name
        assert SENIOR not in text, name
    page = told(case, tmp_path)["method.html"]
    assert "a coder" in page
    assert "a senior" in page
    assert "Rejected a claim" in page


def test_with_names_people_are_named_and_their_notes_stay(case: Case, tmp_path: Path) -> None:
    pages = told(case, tmp_path, with_names=True)
    assert BY in pages["method.html"]
    assert SENIOR in pages["method.html"]
    assert not [name for name, text in pages.items() if NOTE in text]


def test_what_people_rejected_is_told_with_its_words(case: Case, tmp_path: Path) -> None:
    record, _ = case.departing()
    assert record.made is not None
    [fallen] = record.made.rejected
    assert fallen.claim.id not in {claim.id for claim in record.claims}
    page = told(case, tmp_path)["method.html"]
    assert fallen.claim.id in page
    assert "1 claim that the program read stands no more" in " ".join(page.split())


def test_a_dossier_written_twice_is_one_though_writing_it_is_recorded(case: Case, tmp_path: Path) -> None:
    for scope in (Only(), Only(incident=biggest(case.record()).incident.id)):
        first = told(case, tmp_path, scope=scope, pdf=True)
        sheets = (tmp_path / "out" / "dossier.pdf").read_bytes()
        assert told(case, tmp_path, scope=scope, pdf=True) == first
        assert (tmp_path / "out" / "dossier.pdf").read_bytes() == sheets


def test_the_head_told_is_that_of_the_record(case: Case, tmp_path: Path) -> None:
    case.dossier(tmp_path / "out")
    record, _ = case.departing()
    assert record.made is not None
    seq, chain = record.made.head
    assert case._ledger.chain_at(seq) == chain
    assert seq < case._ledger.head()[0]


def test_a_dossier_of_one_incident_holds_it_with_its_reports_alone(case: Case, tmp_path: Path) -> None:
    whole = case.record()
    chosen = biggest(whole)
    pages = told(case, tmp_path, scope=Only(incident=chosen.incident.id))
    assert [name for name in pages if name.startswith("incidents/")] == [
        f"incidents/{chosen.incident.id}.html"
    ]
    reports = {f"reports/{account.document}.html" for account in chosen.incident.accounts}
    assert {name for name in pages if name.startswith("reports/")} == reports
    assert "What this dossier covers" in pages["index.html"]
    assert "What it leaves out" in pages["index.html"]
    hrefs = {
        href.split("#")[0]
        for name, text in pages.items()
        if "/" not in name
        for href in (part.split('"')[0] for part in text.split('href="')[1:])
    }
    assert {href for href in hrefs if href} <= pages.keys()


def test_a_party_a_place_and_a_period_each_narrow_it_down(case: Case) -> None:
    whole = case.record()
    party = next(role.party.name for account in whole.accounts for _, role in account.roles())
    place = next(a.telling.place.name for a in whole.accounts if a.telling.place)
    dated = next(a.telling.when.start for a in whole.accounts if a.telling.when.start)
    for scope in (Only(party=party.upper()), Only(place=place), Only(start=dated, end=dated)):
        part, _ = case.departing(Leaving(scope))
        assert 0 < len(part.weighed) <= len(whole.weighed)
        assert {w.incident.id for w in part.weighed} <= {w.incident.id for w in whole.weighed}
        assert {c.span.document for c in part.claims} == {d.id for d in part.documents}
        assert part.made is not None
        assert part.made.covers.left_out
    both, _ = case.departing(Leaving(Only(place=place, start=date(1990, 1, 1))))
    assert both.weighed


@pytest.mark.parametrize(
    "scope",
    [Only(incident="inc-none"), Only(party="Nobody At All"), Only(pattern="pat-x"), Only(place="Nowhere")],
)
def test_what_is_not_in_the_case_is_refused(case: Case, tmp_path: Path, scope: Only) -> None:
    with pytest.raises(AskedWrongly):
        case.dossier(tmp_path / "out", scope=scope)
    assert not (tmp_path / "out").exists()


def test_a_part_is_never_written_into_the_case(case: Case) -> None:
    with pytest.raises(AskedWrongly, match="name a folder"):
        case.dossier(scope=Only(place="Solem"))
    with pytest.raises(AskedWrongly, match="name a folder"):
        case.dossier(rules=Redaction(files=True))


def test_a_withheld_source_is_left_out_of_the_arithmetic_and_that_is_said(case: Case, tmp_path: Path) -> None:
    whole = case.record()
    publisher = next(d.publisher for d in whole.documents if d.publisher)
    gone = {d.id for d in whole.documents if d.publisher == publisher}
    record, _ = case.departing(Leaving(rules=Redaction(sources=(publisher,))))
    assert len(record.documents) == len(whole.documents) - len(gone)
    pages = told(case, tmp_path, rules=Redaction(sources=(publisher,)))
    assert not [name for name, text in pages.items() if publisher in text]
    assert "was worked out without them" in pages["redaction.html"]
    counted, _ = case.departing(Leaving(rules=Redaction(sources=(publisher,), count_withheld=True)))
    assert len(counted.documents) == len(whole.documents)
    assert [sum(t.whole.people.high for t in counted.totals)] == [
        sum(t.whole.people.high for t in whole.totals)
    ]


def test_custody_tells_what_was_taken_out_and_not_its_words(case: Case, tmp_path: Path) -> None:
    voice = next(voice.name for claim in case.record().claims for voice in claim.voices)
    case.dossier(tmp_path / "out", rules=Redaction((NameRule((voice,), "voice"),)))
    event = case._ledger.events("exported")[-1]
    assert "[voice 1]" in event.facts["removed"]
    assert voice not in json.dumps([dict(event.facts), event.note, event.item])
    assert not [problem for problem in case.verify().problems if "dossier" in problem]


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("/home/anna/in/bad.xyz", "bad.xyz"),
        ("/home/anna/my case/bad file.xyz", "bad file.xyz"),
        ("/srv/x/bad.xyz: no reader knows it", "bad.xyz: no reader knows it"),
        ("cannot read '/home/anna/bad.xyz', see /var/a b", "cannot read 'bad.xyz', see a b"),
        ("C:\\Users\\anna\\bad.xyz is empty", "bad.xyz is empty"),
        ("file:///home/anna/bad.xyz", "bad.xyz"),
        ("~/in/bad.xyz", "bad.xyz"),
        ("https://example.org/a/b.html", "https://example.org/a/b.html"),
        ("in/bad.xyz and 3/4 of it, and/or", "in/bad.xyz and 3/4 of it, and/or"),
        ("line 3: neither / nor", "line 3: neither / nor"),
    ],
)
def test_a_path_leaves_as_the_name_of_its_file(said: str, told: str) -> None:
    assert without_folders(said) == told


def test_no_folder_of_the_machine_stands_in_what_leaves(case: Case, tmp_path: Path) -> None:
    bad = tmp_path / "anna secret" / "bad.xyz"
    bad.parent.mkdir()
    bad.write_bytes(b"\x00\x01\x02")
    case.add([bad])
    assert str(tmp_path) in str([event.item + event.note for event in case.record().refusals])
    case.export(tmp_path / "data")
    pages = told(case, tmp_path) | every(tmp_path / "data")
    assert "bad.xyz" in pages["index.html"]
    for name, text in pages.items():
        assert "anna secret" not in text, name
        assert str(tmp_path) not in text, name


def test_what_was_to_go_and_stands_nowhere_is_said(case: Case, tmp_path: Path) -> None:
    there, slip = NameRule(("Bram Tesk",)), NameRule(("Bram Tesque",))
    case.dossier(tmp_path / "out", rules=Redaction(names=(there, slip)))
    assert case.unmet == ("Bram Tesque",)
    case.dossier(tmp_path / "out", rules=Redaction(names=(there,)))
    assert case.unmet == ()
