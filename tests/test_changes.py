"""What changed between two states of a case: nothing that differs goes untold, and every word is there."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory

import feedparser
import pytest
from hypothesis import HealthCheck, given, settings
from tests_streams import STEPS, read_quickly, report, sentence, step

from tallystick import cli
from tallystick.bookmark import Bookmark
from tallystick.case import Case
from tallystick.changes import SORTS, Change, Changes, Mark, Words, atom, changes, lines, told
from tallystick.cli.changes import event_at
from tallystick.errors import AskedWrongly, NoSource
from tallystick.expunge import ToExpunge
from tallystick.model import ClaimId, DocumentId, Judgement, Lineage, Maker, Record, Weighed, canonical


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    read_quickly(monkeypatch)


class Desk:
    """A case, with short words for what is done to it in these tests."""

    def __init__(self, case: Case, reports: Path) -> None:
        self.case, self._reports = case, reports

    def add(self, **texts: str) -> None:
        for name, text in texts.items():
            self.case.add([report(self._reports, name, text)])
        self.case.read(jobs=1)
        self.case.link()

    def at(self) -> int:
        return self.case.ledger.head()[0]

    def since(self, seq: int) -> Changes:
        return self.case.changes(seq)

    def only(self, seq: int, sort: str) -> Change:
        (found,) = self.since(seq).of(sort)
        return found

    def accounts(self) -> list[str]:
        return sorted(account.id for account in self.case.record().accounts)

    def claim(self, quote: str) -> ClaimId:
        return next(c.id for c in self.case.record().claims if c.span.quote == quote)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with Case.make(tmp_path / "case") as case:
        made = Desk(case, tmp_path / "reports")
        made.add(a=sentence(12))
        yield made


# ---------------------------------------------------------------------------------------- laws


def differing(before: Record, after: Record) -> Iterator[str]:
    """The slow way: the ids of all that is spelt otherwise in one record than in the other."""
    sides = [
        {
            **{each.incident.id: canonical(each) for each in record.weighed},
            **{each.id: canonical(each) for each in record.documents},
            **{each.id: canonical(each) for each in record.lines},
            **{each.id: canonical(each) for each in record.accounts if each.telling.aggregate},
        }
        for record in (before, after)
    ]
    yield from (
        name for name in sides[0].keys() | sides[1].keys() if sides[0].get(name) != sides[1].get(name)
    )


def mentioned(found: tuple[Change, ...]) -> set[str]:
    return {name for change in found for name in (change.about, *change.others)}


def goes_on_as(name: str, before: Record, after: Record) -> set[str]:
    """The ids under which an incident's accounts are known on the other side."""
    every = {a.id: w.incident.id for w in after.weighed for a in w.incident.accounts}
    held = next((w for w in before.weighed if w.incident.id == name), None)
    return {every[a.id] for a in held.incident.accounts if a.id in every} if held else set()


@settings(max_examples=3, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(STEPS)
def test_whatever_differs_between_two_states_is_told_and_nothing_else(
    steps: list[tuple[str, int, int]],
) -> None:
    with TemporaryDirectory() as beside:
        records = []
        with Case.make(Path(beside) / "case") as case:
            for what, one, other in steps:
                step(case, Path(beside) / "reports", what, one, other)
                records.append(case.record())
        for record in records:
            assert changes(record, record) == ()
        for before, after in (*pairwise(records), (records[0], records[-1])):
            found = changes(before, after)
            assert found == changes(before, after)
            assert len({change.id for change in found}) == len(found)
            told_of = mentioned(found)
            for name in differing(before, after):
                assert {name, *goes_on_as(name, before, after)} & told_of, name
            holds_of_incidents(before, after, found)
            back = changes(after, before)
            for there, again in ((found, back), (back, found)):
                gone = {change.about for change in there if change.sort == "gone"}
                assert gone == {change.about for change in again if change.sort in ("incident", "matter")}


def holds_of_incidents(before: Record, after: Record, found: tuple[Change, ...]) -> None:
    """Every incident is as it was, changed, or new; verdicts and tolls are told as they were and are."""
    stood = {account.id for each in before.weighed for account in each.incident.accounts}
    same = {canonical(each) for each in before.weighed}
    new = {change.about for change in found if change.sort in ("incident", "matter")}
    for each in after.weighed:
        is_new = stood.isdisjoint(account.id for account in each.incident.accounts)
        assert (each.incident.id in new) is is_new
        if not is_new:
            assert (canonical(each) in same) or each.incident.id in mentioned(found)
    then = {each.incident.id: each for each in before.weighed}
    for each in after.weighed:
        old = then.get(each.incident.id)
        alike = old and [a.id for a in old.incident.accounts] == [a.id for a in each.incident.accounts]
        if old and alike:
            holds_of_fields(old, each, [change for change in found if change.about == each.incident.id])


def holds_of_fields(old: Weighed, new: Weighed, found: list[Change]) -> None:
    """An incident of the same accounts: each verdict and each toll that differs is told once."""
    verdicts = [{f.field: f.verdict for f in each.findings} for each in (old, new)]
    moved = {
        name for name in {**verdicts[0], **verdicts[1]} if verdicts[0].get(name) != verdicts[1].get(name)
    }
    told_of = [c.field for c in found if c.sort in ("conflict", "settled", "verdict") and c.field != "grade"]
    assert sorted(told_of) == sorted(moved)
    tolls = [
        {(t.kind, t.group): (t.range.low, t.range.best, t.range.high, t.range.open) for t in each.tallies}
        for each in (old, new)
    ]
    differ = {key for key in {**tolls[0], **tolls[1]} if tolls[0].get(key) != tolls[1].get(key)}
    assert len([c for c in found if c.sort == "toll"]) == len(differ)


@pytest.mark.parametrize(
    "field", ["incident", "origins", "findings", "grade", "grades", "lineage", "tallies"]
)
def test_whatever_part_of_an_incident_is_otherwise_the_incident_is_told_of(desk: Desk, field: str) -> None:
    desk.add(b=sentence(40, voice="the ministry"))
    record = desk.case.record()
    (weighed,) = record.weighed
    disputed = Judgement("acc-0", "acc-1", "same", Maker("A. Haddad"))  # type: ignore[arg-type]
    other = {
        "incident": replace(weighed.incident, disputes=(disputed,)),
        "grade": "Confirmed",
        "lineage": Lineage(),
    }.get(field, ())
    altered = replace(record, weighed=(replace(weighed, **{field: other}),))
    assert altered != record
    for found in (changes(record, altered), changes(altered, record)):
        assert {change.about for change in found} == {weighed.incident.id}


def test_every_change_of_the_record_is_cited_to_exact_words(desk: Desk) -> None:
    desk.add(b=sentence(40, voice="the ministry"), c=sentence(3, "Pellin"))
    found = desk.since(0)
    texts = {document.id: document.text for document in desk.case.record().documents}
    for change in found.every:
        assert change.words or change.sort in ("decision", "report")
        for words in change.words:
            assert texts[words.document][words.start : words.end] == words.quote
            assert " ".join(words.quote.split())[:60] in words.said
    with pytest.raises(NoSource):
        Change("toll", "inc-1", "An air strike", "From 1 to 2.")


# --------------------------------------------------------------------------------- each sort of change


def test_a_new_incident_is_told_with_its_toll_and_who_tells_it(desk: Desk) -> None:
    at = desk.at()
    desk.add(b=sentence(7, "Pellin", "2019-06-01"))
    change = desk.only(at, "incident")
    assert change.title == "Air strike, Pellin, 1 June 2019"
    assert change.said == "New: told by 1 account of 1 origin; killed 7."
    assert any(words.quote == "7" and "the hospital" in words.said for words in change.words)


def test_a_toll_that_moved_is_told_from_and_to_with_the_word_that_moved_it(desk: Desk) -> None:
    at = desk.at()
    desk.add(b=sentence(40, voice="the ministry"))
    change = desk.only(at, "toll")
    assert (change.field, change.before) == ("killed", "12")
    assert change.after.startswith("12–40")
    (words,) = change.words
    assert (words.quote, words.report, words.went) == ("40", "b", False)
    assert words.said == "According to the ministry: “40” (Outlet b, 17 May 2019)."


def test_a_conflict_that_appeared_is_told_and_when_it_is_settled_by_a_person_that_is_told_too(
    desk: Desk,
) -> None:
    at = desk.at()
    desk.add(b=sentence(40, voice="the ministry"))
    appeared = desk.only(at, "conflict")
    assert appeared.field == "killed"
    assert "they cannot both be true" in appeared.said
    assert {words.quote for words in appeared.words} == {"12", "40"}
    then = desk.at()
    desk.case.decide(desk.claim("40"), "rejected", "A. Haddad", "a slip of the pen")
    settled = desk.only(then, "settled")
    assert (settled.field, settled.before) == ("killed", "differ")
    assert [words.quote for words in settled.words if words.went] == ["40"]
    decided = desk.only(then, "decision")
    assert decided.said == "A. Haddad rejected a claim: a slip of the pen."
    assert [words.quote for words in decided.words] == ["40"]
    assert desk.only(then, "toll").after == "12"


def test_joined_and_parted_incidents_are_told_with_their_former_names(desk: Desk) -> None:
    desk.add(b=sentence(7, "Pellin", "2019-06-01"))
    at, (one, other) = desk.at(), desk.accounts()
    before = {weighed.incident.id for weighed in desk.case.record().weighed}
    desk.case.judge(Judgement(one, other, "same", Maker("A. Haddad")))
    assert set(desk.only(at, "joined").others) == before
    at = desk.at()
    desk.case.judge(Judgement(one, other, "different", Maker("A. Haddad")))
    assert set(desk.only(at, "parted").others) == before
    assert desk.since(at).of("incident") == desk.since(at).of("gone") == ()


def test_an_incident_whose_account_is_rejected_is_gone_and_its_words_are_told(desk: Desk) -> None:
    at = desk.at()
    head = next(claim for claim in desk.case.record().claims if claim.topic == "attack")
    for claim in desk.case.record().claims:
        desk.case.decide(claim.id, "rejected", "A. Haddad")
    gone = desk.only(at, "gone")
    assert [(words.quote, words.went) for words in gone.words] == [(head.span.quote, True)]


def test_an_incident_told_by_more_reports_says_by_which(desk: Desk) -> None:
    at = desk.at()
    desk.add(b=sentence(12, voice="the ministry"))
    assert desk.only(at, "more").said == "Told by 1 more account: Outlet b, 17 May 2019."


def test_a_name_that_nothing_knows_needs_a_person_once(desk: Desk) -> None:
    at = desk.at()
    desk.add(b=sentence(5, "Qxyzzt", by="the Ash Column"))
    names = {change.title for change in desk.since(at).of("name")}
    assert names == {"Place “Qxyzzt”", "Party “the Ash Column”"}
    at = desk.at()
    desk.add(c=sentence(9, "Qxyzzt", "2019-08-01", by="the Ash Column"))
    assert desk.since(at).of("name") == ()


def test_reports_that_came_and_that_were_refused_are_told(desk: Desk, tmp_path: Path) -> None:
    at = desk.at()
    (tmp_path / "odd.xyz").write_text("nobody reads this")
    desk.case.add([tmp_path / "odd.xyz"])
    desk.add(b="Nothing happened.")
    came, refused = (desk.since(at).of("report")[n] for n in (1, 0))
    assert "ends in .xyz" in refused.said
    assert came.said.startswith("Came: Outlet b")


def test_of_what_was_expunged_no_word_is_told(desk: Desk) -> None:
    desk.add(b=sentence(77, "Pellin", voice="a frightened witness"))
    report_b = next(document for document in desk.case.record().documents if document.name == "b")
    desk.case.expunge(ToExpunge((report_b.capture,), None, "A. Haddad", "B. Idris", "a court order"))
    said = json.dumps(told(desk.since(0)))
    assert "frightened" not in said
    assert "77" not in [words.quote for change in desk.since(0).every for words in change.words]
    assert [change.field for change in desk.since(0).of("decision")].count("expunged") == 1


# ---------------------------------------------------------------------- text, JSON, Atom, ids


def test_the_same_change_has_the_same_id_whatever_span_is_asked_about(desk: Desk) -> None:
    at = desk.at()
    desk.add(b=sentence(40, voice="the ministry"))
    first = desk.since(at)
    desk.case.comment("inc-1", "unrelated", by="A. Haddad")
    desk.add(c=sentence(3, "Pellin", "2019-07-01"))
    later = {change.id for change in desk.since(at).every}
    assert {change.id for change in first.every if change.seq} <= later
    assert all(change.seq for change in first.of("toll") + first.of("conflict") + first.of("more"))


def test_a_feed_is_valid_atom_with_stable_ids_and_the_same_bytes_each_time(desk: Desk) -> None:
    desk.add(b=sentence(40, voice="the ministry"))
    found = desk.since(0)
    feed = atom(
        found,
        self_url="https://desk.example/c/x/changes.atom",
        href=lambda c: f"https://desk.example/{c.about}",
    )
    assert feed == atom(
        desk.since(0),
        self_url="https://desk.example/c/x/changes.atom",
        href=lambda c: f"https://desk.example/{c.about}",
    )
    read = feedparser.parse(feed)
    assert not read.bozo
    assert read.version == "atom10"
    assert read.feed.updated == desk.case.ledger.events()[-1].at
    assert read.feed.id.startswith("urn:uuid:")
    assert len(read.entries) == len(found.every) == len({entry.id for entry in read.entries})
    for entry in read.entries:
        assert entry.id.startswith("urn:uuid:")
        assert all((entry.title, entry.updated_parsed, entry.link, entry.summary))
        assert entry.tags[0].term in SORTS
    assert any("“40”" in entry.content[0].value for entry in read.entries)


def test_words_of_strangers_break_no_feed() -> None:
    nasty = "<script>alert(1)</script> ]]> & \x00 \x0b \ud800 \ufffe “quote”"
    words = Words(ClaimId("clm-1"), DocumentId("doc-1"), "r", 0, 3, nasty, nasty, "javascript:alert(1)")
    change = Change(
        "toll",
        "inc-1",
        nasty,
        nasty.replace("\ud800", ""),
        "killed",
        "1",
        "2",
        (words,),
        seq=3,
        at="2026-01-01T00:00:00Z",
    )
    feed = atom(Changes(nasty, "abc", Mark(0), Mark(3, "2026-01-01T00:00:00Z"), (change,)))
    read = feedparser.parse(feed, sanitize_html=False)
    assert not read.bozo
    assert "<script>" not in read.entries[0].content[0].value
    assert "javascript:" not in read.entries[0].content[0].value


def test_a_feed_of_nothing_is_a_feed(desk: Desk) -> None:
    read = feedparser.parse(atom(desk.since(desk.at())))
    assert (read.bozo, read.entries) == (False, [])
    assert read.feed.updated


def test_text_tells_each_sort_under_a_heading_and_the_gravest_first(desk: Desk) -> None:
    at = desk.at()
    desk.add(b=sentence(40, voice="the ministry"))
    text = list(lines(desk.since(at)))
    headings = [line for line in text if line and not line.startswith(" ")][1:]
    assert headings[:2] == ["Conflicts that appeared (1)", "Tolls that moved (1)"]
    assert (
        "    Killed: from 12 to 12–40, best 40." in text or "    Killed: from 12 to 12–40, best 12." in text
    )
    assert list(lines(desk.since(desk.at())))[1:] == ["nothing changed"]


# ------------------------------------------------------------------------------ since when


def test_a_moment_means_the_last_event_before_it_and_a_clock_that_was_set_back_hides_nothing(
    tmp_path: Path,
) -> None:
    now = ["2026-01-01T12:00:00.000Z"]
    with Case.make(tmp_path / "case", clock=lambda: now[0]) as case:
        for now[0] in ("2026-01-02T00:00:00.000Z", "2026-01-05T00:00:00.000Z", "2026-01-03T00:00:00.000Z"):
            case.comment("inc-1", now[0], by="A")
        ledger = case.ledger
        seqs = [event_at(ledger, day) for day in ("2026-01-01", "2026-01-03", "2026-01-04", "2026-01-06")]
        assert seqs == [0, 2, 2, 4]
        assert event_at(ledger, "2026-01-05T02:00+02:00") == 2
        assert event_at(ledger, "#2") == 2
        for odd in ("yesterday", "2026-13-01", "-3", ""):
            with pytest.raises(AskedWrongly, match="no day"):
                event_at(ledger, odd)


def test_a_bookmark_is_where_one_read_to_and_is_of_one_case(desk: Desk, tmp_path: Path) -> None:
    mark = Bookmark.of(desk.case.ledger, tmp_path / "here" / "mark.json")
    assert mark.read(desk.case.ledger) == 0
    mark.write(desk.case.ledger, desk.at())
    assert mark.read(desk.case.ledger) == desk.at()
    with Case.make(tmp_path / "other") as other, pytest.raises(AskedWrongly, match="another case"):
        mark.read(other.ledger)
    for odd in (
        "",
        "[]",
        "{}",
        '{"event": true, "chain": "x"}',
        '{"event": 1, "chain": 2}',
        "\0",
        "9" * 20_000,
    ):
        mark.file.write_text(odd)
        with pytest.raises(AskedWrongly, match="is no bookmark"):
            mark.read(desk.case.ledger)


def test_one_who_asks_about_a_later_event_than_the_last_is_told_so(desk: Desk) -> None:
    with pytest.raises(AskedWrongly):
        desk.case.changes(desk.at() + 1)
    with pytest.raises(AskedWrongly, match="earlier one first"):
        desk.case.changes(3, 2)


# -------------------------------------------------------------------------------------- the verb

Ask = Callable[..., tuple[int, str]]


@pytest.fixture
def ask(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Ask:
    """Asks what changed in the case: the exit status, and what was printed."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))

    def run(*arguments: str) -> tuple[int, str]:
        monkeypatch.setattr(sys, "argv", ["tallystick", "changes", str(desk.case.folder), *arguments])
        capsys.readouterr()
        with pytest.raises(SystemExit) as end:
            cli.main()
        return int(end.value.code or 0), capsys.readouterr().out

    return run


def test_last_means_since_one_last_asked_and_is_the_readers_own(desk: Desk, ask: Ask, tmp_path: Path) -> None:
    before = {path.name for path in desk.case.folder.iterdir()}
    assert "New incidents (1)" in ask()[1]
    assert ask()[1].endswith("nothing changed\n")
    desk.add(b=sentence(40, voice="the ministry"))
    assert "Tolls that moved (1)" in ask("--stay")[1]
    assert "Tolls that moved (1)" in ask()[1]
    assert "nothing changed" in ask()[1]
    assert "New incidents (1)" in ask("--bookmark", str(tmp_path / "colleague.json"))[1]
    assert {path.name for path in desk.case.folder.iterdir()} == before
    assert not [event for event in desk.case.ledger.events() if "changes" in event.what]
    assert len(list((tmp_path / "state" / "tallystick").iterdir())) == 1


def test_last_stays_where_it_is_until_all_was_printed(
    desk: Desk, ask: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(sys.stdout, "flush", lambda: (_ for _ in ()).throw(BrokenPipeError))
        with pytest.raises(BrokenPipeError):
            ask()
    assert "New incidents (1)" in ask()[1]


def test_json_has_every_word_and_a_day_or_an_event_leaves_last_alone(desk: Desk, ask: Ask) -> None:
    status, out = ask("--since", "0", "--json")
    body = json.loads(out)
    assert status == 0
    assert body["counts"]["incident"] == 1
    assert body["until"]["seq"] == desk.at()
    (change,) = (each for each in body["changes"] if each["sort"] == "incident")
    assert change["words"][0]["quote"] == sentence(12)
    assert change["id"].startswith("chg-")
    assert ask("--since", "2019-01-01", "--json")[1] == out
    assert json.loads(ask("--since", "1", "--until", "1", "--json")[1])["changes"] == []
    assert "New incidents (1)" in ask()[1]


def test_the_verb_prints_a_feed_and_refuses_two_forms_at_once(desk: Desk, ask: Ask) -> None:
    status, out = ask("--since", "0", "--atom")
    read = feedparser.parse(out)
    assert (status, read.bozo, len(read.entries)) == (0, False, len(desk.since(0).every))
    assert ask("--atom", "--json")[0] == 2
    assert ask("--since", "tomorrow")[0] == 2
    assert ask("--since", "9999")[0] == 2
