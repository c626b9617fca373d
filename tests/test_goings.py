"""An expunging is no way to rewrite a record, to delete what is not the case's, or to sign what does not hold."""

from __future__ import annotations

import io
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest
from typer.testing import CliRunner

from tallystick import case as walk
from tallystick import chain, cli, expunge, naming, rows, signing
from tallystick.case import Case
from tallystick.errors import AskedWrongly, CaseDamaged
from tallystick.evidence import keys, manifest, path_of
from tallystick.evidence.attested import Trust
from tallystick.expunge import ToExpunge
from tallystick.ledger import FILE, Ledger
from tallystick.model import Claim, Event, Review, Telling

NOON = "2026-11-22T12:00:00.000Z"
NAME = "Zoé Quillfeather"
SCRIPT = Path(__file__).parent.parent / "docs" / "verify.sh"


@pytest.fixture(scope="module")
def rack(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("rack")
    for name in ("reed", "other"):
        keys.make(name, folder)
    return folder


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory, rack: Path) -> Path:
    """A case of two reports, signed."""
    at = tmp_path_factory.mktemp("made")
    (at / "one.txt").write_text("Shelling killed at least two people in Orveth on Monday.", encoding="utf-8")
    (at / "two.txt").write_text(f"Two people were killed in Orveth on Monday, {NAME} said.", encoding="utf-8")
    with Case.make(at / "case") as case:
        case.add([at / "one.txt", at / "two.txt"])
        case.read(jobs=1)
        case.checkpoint(keys.unlock("reed", rack))
    return at


@pytest.fixture
def case(made: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(made / "case", tmp_path / "case"))


@pytest.fixture
def trust(rack: Path) -> Trust:
    return Trust(keys.given(str(rack / "reed.pub.pem")))


def asked(name: str | None = NAME, *reports: str) -> ToExpunge:
    return ToExpunge(reports, name, "M. Reed", "T. Okoro", "a witness at risk")


def forged(case: Path, change: Callable[[str], str], **facts: object) -> None:
    """Rewrite claims as somebody does who knows the program, and append the words that it was an expunging."""
    ledger, told = sqlite3.connect(case / FILE), []
    with ledger:
        for name in rows.triggers():
            ledger.execute(f"DROP TRIGGER {name}")
        for seq, was in ledger.execute("SELECT seq, body FROM claims").fetchall():
            now = change(was)
            if now != was:
                names = rows.row(rows.claim(now)) | {"body": now}
                names.pop("about"), names.pop("reading")
                said = ", ".join(f"{name} = ?" for name in names)
                ledger.execute(f"UPDATE claims SET {said} WHERE seq = ?", (*names.values(), seq))  # noqa: S608
                sums = {"was": chain.sha256(was), "now": chain.sha256(now)}
                told.append({"table": "claims", "seq": seq, **sums})
        for sql in rows.triggers().values():
            ledger.execute(sql)
    ledger.close()
    assert told
    event = {"captures": [], "lists": [], "second": "T. Okoro", "expunged": told, **facts}
    with Ledger.open(case, write=True) as opened:
        opened.append(events=[Event("expunged", "name", "M. Reed", NOON, "at risk", event)])
    manifest.write(case)


def more(body: str) -> str:
    return body.replace('"low":2', '"low":200').replace('"high":2', '"high":200')


def found(case: Path, number: int, trust: Trust = Trust()) -> list[str]:  # noqa: B008
    (outcome,) = (each for each in walk.verify(case, trust=trust).outcomes if each.check.number == number)
    return list(outcome.findings)


def script(case: Path, *key: Path) -> subprocess.CompletedProcess[str]:
    if not all(map(shutil.which, ("bash", "sqlite3", "sha256sum", "openssl"))):
        pytest.skip("needs bash, sqlite3, sha256sum and openssl")
    return subprocess.run(["bash", SCRIPT, case, *key], capture_output=True, text=True, check=False)


# ------------------------------------------------------------------------------- a row that is told to have gone


def test_a_row_in_which_nothing_was_taken_out_is_named_whatever_an_event_tells(case: Path) -> None:
    forged(case, more)
    assert any("nothing is taken out of it" in each for each in found(case, 14))
    assert "nothing is taken out of it" in script(case).stdout


def test_with_a_key_an_expunging_that_nobody_signed_since_is_a_finding(
    case: Path, trust: Trust, rack: Path
) -> None:
    forged(case, lambda body: more(body).replace("Monday", "██████"))
    (flaw,) = (each for each in found(case, 14, trust) if "no later checkpoint" in each)
    assert NOON in flaw
    said = script(case, rack / "reed.pub.pem")
    assert said.returncode == 1
    assert "no later checkpoint signed with that key" in said.stdout


@pytest.mark.parametrize(("key", "holds"), [("reed", True), ("other", False)])
def test_a_later_checkpoint_of_the_same_key_alone_answers_for_an_expunging(
    case: Path, trust: Trust, rack: Path, key: str, holds: bool
) -> None:
    with Case.open(case, write=True) as opened:
        opened.expunge(asked())
    assert found(case, 14, trust)
    with Case.open(case, write=True) as opened:
        opened.checkpoint(keys.unlock(key, rack))
    assert (found(case, 14, trust) == []) is holds
    assert (script(case, rack / "reed.pub.pem").stdout.find("no later checkpoint") == -1) is holds
    assert walk.verify(case).problems == ()


def test_each_expunging_is_told_with_who_when_and_how_much(case: Path) -> None:
    with Case.open(case, write=True) as opened:
        opened.expunge(asked())
    said = "\n".join(note for outcome in walk.verify(case).outcomes for note in outcome.notes)
    assert "M. Reed and T. Okoro took out a name or reports (a witness at risk)" in said
    assert "1 of documents" in said
    assert "M. Reed and T. Okoro" in script(case).stdout


@pytest.mark.parametrize(
    ("facts", "flaw"),
    [
        ({"second": ""}, "two people"),
        ({"second": "M. Reed"}, "one person alone"),
        ({"lists": ["../../home"]}, "no SHA-256"),
        ({"captures": ["/etc"]}, "no SHA-256"),
        ({"captures": 5}, "no SHA-256"),
        ({"expunged": [{"table": "claims"}]}, "tells of no row"),
        ({"expunged": "all"}, "tells of no row"),
    ],
)
def test_an_event_that_no_expunging_leaves_is_named(case: Path, facts: dict[str, object], flaw: str) -> None:
    told = {"second": "T. Okoro", "captures": [], "lists": [], "expunged": [], **facts}
    with Ledger.open(case, write=True) as ledger:
        ledger.append(events=[Event("expunged", "name", "M. Reed", NOON, "at risk", told)])
    manifest.write(case)
    assert any(flaw in each for each in found(case, 14))


def test_a_text_whose_bytes_are_still_there_is_held_against_them_though_it_is_told_to_be_covered(
    case: Path,
) -> None:
    with Case.open(case, write=True) as opened:
        opened.expunge(asked("one"))  # the name of a file: it is covered, and the bytes stay
    assert walk.verify(case).problems == ()
    with Case.open(case, write=True) as opened:
        opened.expunge(asked("Orveth"))
        kept = {capture.id for capture in opened._ledger.captures()}
    store = case / "captures"
    assert not any(path_of(store, each).exists() for each in kept)
    assert walk.verify(case).problems == ()


def test_what_holds_the_rest_together_is_touched_by_no_expunging(case: Path) -> None:
    with Case.open(case, write=True) as opened:
        opened.expunge(asked())
        gone = opened._ledger.events("expunged")[0].facts["captures"][0]
        before = [(e.facts.get("rows"), e.facts.get("sum")) for e in opened._ledger.events()]
        opened.expunge(asked(None, gone))
        with pytest.raises(AskedWrongly, match="nothing of that"):
            opened.expunge(asked("documents"))
        after = [(e.facts.get("rows"), e.facts.get("sum")) for e in opened._ledger.events()]
        first = opened._ledger.events("expunged")[0]
    assert after[: len(before)] == before
    assert first.facts["second"] == "T. Okoro"
    assert {each["table"] for each in first.facts["expunged"]} >= {"documents", "claims"}
    assert walk.verify(case).problems == ()


# ------------------------------------------------------------------------------- what a received case may not do


def half_done(case: Path, lists: list[str]) -> None:
    facts = {"second": "T. Okoro", "captures": [], "lists": lists, "expunged": []}
    with Ledger.open(case, write=True) as ledger:
        ledger.append(events=[Event("expunged", "name", "M. Reed", NOON, "at risk", facts)])
    (case / expunge.MARKER).write_text('{"head":0,"indexes":["../thesis.txt"]}', encoding="utf-8")


@pytest.mark.parametrize("told", ["{outside}", "../../outside", "..", "", "a" * 63, "A" * 64])
def test_opening_a_received_case_deletes_nothing_outside_of_it(
    case: Path, tmp_path: Path, cache: Path, told: str
) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "thesis.txt").write_text("mine", encoding="utf-8")
    half_done(case, [told.format(outside=outside)])
    with pytest.raises(CaseDamaged, match="no SHA-256"):
        Case.open(case, write=True).close()
    assert (outside / "thesis.txt").exists()
    assert (case / "captures").exists()


@pytest.mark.parametrize("link", ["captures", "captures/aa", "lists", "lists/" + "a" * 64, "captures/x"])
def test_an_expunging_is_completed_through_no_link(case: Path, tmp_path: Path, link: str) -> None:
    outside = tmp_path / "outside"
    for name in ("aa/" + "a" * 64, "a" * 64 + "/own.csv", ".new-" + "b" * 64):
        (outside / name).parent.mkdir(parents=True, exist_ok=True)
        (outside / name).write_text("mine", encoding="utf-8")
    half_done(case, ["a" * 64])
    place = case / link
    if link == "captures":
        shutil.rmtree(place)
    shutil.rmtree(place, ignore_errors=True)
    place.parent.mkdir(exist_ok=True)
    place.symlink_to(outside)
    before = sorted(outside.rglob("*"))
    with pytest.raises(CaseDamaged, match="is a link"):
        Case.open(case, write=True).close()
    assert sorted(outside.rglob("*")) == before


@pytest.mark.parametrize(
    ("item", "name"), [("..", "a"), ("/", "etc"), ("a" * 64, "../x"), ("a" * 64, ".."), ("a" * 64, 5)]
)
def test_a_list_lies_under_its_digest_and_nowhere_else(case: Path, item: str, name: object) -> None:
    event = Event("listed", item, "x", NOON, facts={"name": name, "sort": "place"})
    assert "the ledger was changed" in str(naming.flaw_of(case, event))


# ------------------------------------------------------------------------------- nobody signs what does not hold


def broken(case: Path) -> None:
    ledger = sqlite3.connect(case / FILE)
    with ledger:
        for name in rows.triggers():
            ledger.execute(f"DROP TRIGGER {name}")
        ledger.create_function("more", 1, more)
        ledger.execute("UPDATE claims SET body = more(body)")
        for sql in rows.triggers().values():
            ledger.execute(sql)
    ledger.close()


def test_what_does_not_hold_is_neither_signed_nor_sealed(case: Path, rack: Path, tmp_path: Path) -> None:
    broken(case)
    before = sorted((case / "checkpoints").iterdir())
    with Case.open(case, write=True) as opened:
        for sign in (opened.checkpoint, lambda key: opened.seal(tmp_path / "out.wacz", key)):
            with pytest.raises(CaseDamaged, match="nothing is signed"):
                sign(keys.unlock("reed", rack))
    assert sorted((case / "checkpoints").iterdir()) == before
    assert not (tmp_path / "out.wacz").exists()


def test_the_ledger_in_a_sealed_file_is_held_against_the_checkpoint_in_it(
    case: Path, rack: Path, trust: Trust, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Case.open(case, write=True) as opened:
        opened.seal(tmp_path / "whole.wacz", keys.unlock("reed", rack))
        whole = signing.check(tmp_path / "whole.wacz", None, trust)
        assert whole.fails == ()
        assert "the ledger in it is whole" in whole.holds[-1]
    broken(case)  # and sealed by a program that looks at nothing
    monkeypatch.setattr(Case, "_refuse_flawed", lambda _: None)
    with Case.open(case, write=True) as opened:
        opened.seal(tmp_path / "out.wacz", keys.unlock("reed", rack))
    flaws = signing.check(tmp_path / "out.wacz", None, trust).fails
    assert flaws
    assert all(each.startswith("the ledger in it: ledger.sqlite: ") for each in flaws)


# ------------------------------------------------------------------------------- what went stays away


def test_from_standard_input_nothing_comes_back_that_was_expunged(
    case: Path, made: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bytes_ = (made / "two.txt").read_bytes()
    with Case.open(case, write=True) as opened:
        opened.expunge(asked())
        for again, refused in (("", 1), ("the court allowed it", 0)):
            monkeypatch.setattr(sys, "stdin", SimpleNamespace(closed=False, buffer=io.BytesIO(bytes_)))
            added = opened.add([Path("-")], again=again)
            there = [path for path in (case / "captures").rglob("*") if path.is_file()]
            assert len(added.refused) == refused
            assert any(path.read_bytes() == bytes_ for path in there) is not bool(refused)
            assert all(event.item != "-" for event in added.refused)
    assert walk.verify(case).problems == ()


def test_the_verb_tells_who_answers_for_it_or_signs(case: Path, rack: Path, trust: Trust) -> None:
    who = ["--by", "M. Reed", "--second", "T. Okoro", "--reason", "at risk", "--yes"]

    def said(*more: str) -> str:
        done = CliRunner().invoke(cli.app, ["expunge", str(case), *more, *who])
        assert done.exit_code == 0, done.output
        return done.output

    assert "nobody answers for it yet; 'tallystick checkpoint" in said("--name", NAME)
    assert "signed with reed, answers for it" in said("one", "--key", "reed", "--keys", str(rack))
    assert walk.verify(case, trust=trust).problems == ()


def test_a_report_that_came_from_two_places_goes_with_all_that_was_refused_of_it(tmp_path: Path) -> None:
    with Case.make(tmp_path / "case") as opened:
        for name in ("a", "b"):
            (tmp_path / name).mkdir()
            (tmp_path / name / "g.jsonl").write_text('{"id": "g", "text": "By', encoding="utf-8")
            opened.add([tmp_path / name])
        (capture,) = opened._ledger.captures()
        assert len(opened._ledger.events("refused")) == 2
        opened.expunge(asked(None, capture.id))
        assert {event.item for event in opened._ledger.events("refused")} == {""}
    assert walk.verify(tmp_path / "case").problems == ()


def test_a_claim_that_a_person_added_goes_with_the_name_and_with_its_report(case: Path) -> None:
    with Case.open(case, write=True) as opened:
        document = next(each for each in opened._ledger.documents() if NAME in each.text)
        span = document.span(document.text.index(NAME), document.text.index(NAME) + len(NAME))
        own = Claim(span, "attack", Telling("killing"), telling=span)
        said = [Review(own.id, "added", "Anna", "", own), Review(own.id, "upheld", "Bela")]
        opened._ledger.append(reviews=said)
        opened.expunge(asked())
        one, two = opened._ledger.reviews()
        assert one.correction is not None
        assert one.claim == two.claim == one.correction.id
        assert one.correction.span.quote == "█" * len(NAME)
    assert walk.verify(case).problems == ()
    assert script(case).returncode == 0, script(case).stdout
    with Case.open(case, write=True) as opened:
        opened.expunge(asked(None, "two"))
        assert opened._ledger.reviews() == ()
    assert walk.verify(case).problems == ()
