"""What is kept to hand of a case is what is worked out of its ledger from the beginning, whatever was decided."""

from __future__ import annotations

import gc
import shutil
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tallystick.case import Case
from tallystick.desk import Desk, Wanted
from tallystick.desk import keep as keeping
from tallystick.errors import AskedWrongly
from tallystick.expunge import ToExpunge
from tallystick.model import Judgement, Maker, Record, Role, Telling, Toll
from tallystick.naming import kept as kept_at
from tallystick.settings import settings as settings_of

REPORTS = Path(__file__).parents[2] / "examples" / "harrow-valley"
PEOPLE = ("A. Haddad", "B. Idris", "C. Lind")
TWICE = 'second_check = true\nseniors = ["C. Lind"]\n'
EVERYTHING = 10**6


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A case of the example reports, read and linked."""
    folder = tmp_path_factory.mktemp("made") / "case"
    with Case.make(folder, reports=[REPORTS]) as case:
        case.add([REPORTS])
        case.read(jobs=1)
        case.link()
    return folder


@pytest.fixture
def desk(made: Path, tmp_path: Path) -> Iterator[Desk]:
    with opened(made, tmp_path) as there:
        yield there


class opened:
    """A copy of the case, opened for writing at a desk."""

    def __init__(self, made: Path, beside: Path, rules: str = "") -> None:
        folder = beside / "case"
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(made, folder)
        with (folder / "case.toml").open("a", encoding="utf-8") as file:
            file.write(rules)
        self._case = Case.open(folder, write=True)
        self._desk = Desk(self._case, beside / "kept.sqlite")
        self._desk.catch_up()

    def __enter__(self) -> Desk:
        return self._desk

    def __exit__(self, *_: object) -> None:
        self._desk.close()
        self._case.close()


def kept(desk: Desk) -> dict[str, object]:
    """All incidents and matters that are to hand, by their ids, as the slow way would have them."""
    rows = [row for sort in ("incident", "matter") for row in desk.rows(Wanted(sort), limit=EVERYTHING)]
    return {row.id: desk.weighed(row.id) for row in rows}


def worked_out(record: Record) -> dict[str, object]:
    return {weighed.incident.id: weighed for weighed in record.weighed}


def holds(desk: Desk, beside: Path) -> None:
    """What is kept is what the record holds, and what another desk keeps that begins today."""
    record = desk.case.record()
    assert kept(desk) == worked_out(record)
    assert desk.accounts_known(account.id for account in record.accounts) == {a.id for a in record.accounts}
    assert sum(row.accounts for row in desk.reports(limit=EVERYTHING)) == len(record.accounts)
    open_ = {item.claim for item in desk.queue(sorts=["claim"], limit=EVERYTHING) if item.state == "open"}
    assert open_ == {claim.id for _, claim in desk.case.doubts()}
    for row in desk.reports(limit=EVERYTHING):
        stand = {claim.id for claim in desk.claims_of(row.id)}
        assert stand == {claim.id for claim in record.claims if claim.span.document == row.id}
    afresh = beside / "afresh.sqlite"
    with Desk(desk.case, afresh) as other:
        other.catch_up()
        for sort in ("place", "party"):
            assert other.names(sort, limit=EVERYTHING) == desk.names(sort, limit=EVERYTHING)
        assert other.rows(limit=EVERYTHING) == desk.rows(limit=EVERYTHING)
        assert other.queue(limit=EVERYTHING) == desk.queue(limit=EVERYTHING)
        assert other.overview() == desk.overview()
    for left in beside.glob("afresh.sqlite*"):
        left.unlink()


DECISIONS = st.lists(
    st.tuples(
        st.sampled_from(
            ("claim", "claim", "claim", "pair", "pair", "name", "split", "merge", "looked", "link")
        ),
        st.integers(0, 10**6),
        st.integers(0, 10**6),
        st.sampled_from(PEOPLE),
    ),
    min_size=1,
    max_size=8,
)


def decide(desk: Desk, sort: str, one: int, other: int, by: str) -> None:
    """One decision of that sort, on what ``one`` and ``other`` happen to choose."""
    accounts = sorted(account.id for account in desk.case.record().accounts)
    incidents = sorted(kept(desk))
    match sort:
        case "claim":
            claims = sorted(desk.case.ledger.claims(), key=lambda claim: claim.id)
            claim = claims[one % len(claims)]
            verdict = ("upheld", "rejected", "corrected", "reopened")[other % 4]
            changes = {"stance": "denied"}
            if isinstance(claim.value, Toll):
                changes = {"count": f"at least {other % 90}"}
            elif isinstance(claim.value, Role):
                changes = {"party": "Kessian army"}
            elif isinstance(claim.value, Telling):
                changes = {"days": "2019-05-16"}
            desk.decide(claim.id, verdict, by, changes=changes if verdict == "corrected" else None)
        case "pair":
            verdict = ("same", "different", "unsure")[(one + other) % 3]
            desk.judge(accounts[one % len(accounts)], accounts[other % len(accounts)], verdict, by)
        case "name":
            parties = desk.names("party", limit=EVERYTHING)
            name, means = parties[one % len(parties)].name, parties[other % len(parties)].name
            desk.name_means("party", name, None if other % 3 == 0 else means, by)
        case "split":
            name = incidents[one % len(incidents)]
            weighed = desk.weighed(name)
            assert weighed is not None
            desk.split(name, [weighed.incident.accounts[other % len(weighed.incident.accounts)].id], by)
        case "merge":
            desk.merge(incidents[one % len(incidents)], incidents[other % len(incidents)], by)
        case "looked":
            desk.looked(incidents[one % len(incidents)], by)
        case "link":
            desk.case.link()
            desk.catch_up()


@settings(
    max_examples=12,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],  # to shrink a failure takes minutes: run it with a seed instead
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(DECISIONS, st.booleans())
def test_whatever_is_decided_what_is_kept_is_what_the_record_works_out(
    made: Path, tmp_path: Path, decisions: list[tuple[str, int, int, str]], twice: bool
) -> None:
    with opened(made, tmp_path, TWICE if twice else "") as desk:
        for each in decisions:
            try:
                decide(desk, *each)
            except (
                AskedWrongly
            ):  # what cannot be meant: an account parted from itself, a claim left as it was
                continue
        holds(desk, tmp_path)
    (tmp_path / "kept.sqlite").unlink()


def test_a_desk_that_begins_keeps_what_the_record_works_out(desk: Desk, tmp_path: Path) -> None:
    holds(desk, tmp_path)


def test_what_another_program_wrote_is_worked_in(desk: Desk, tmp_path: Path) -> None:
    with Case.open(desk.case.folder, write=True) as other:
        claim = other.ledger.claims()[0]
        other.decide(claim.id, "rejected", "B. Idris")
    assert desk.behind > 0
    desk.catch_up()
    assert desk.behind == 0
    holds(desk, tmp_path)


def test_a_new_report_is_worked_in(desk: Desk, tmp_path: Path) -> None:
    more = tmp_path / "more.txt"
    more.write_text(
        "KELVACH, 17 May 2019 - At least 19 people were killed when shells hit the market in Kelvach on Thursday, the Orveth health ministry said.\n"
    )
    before = desk.overview().reports
    desk.case.add([more])
    desk.case.read(jobs=1)
    desk.case.link()
    desk.catch_up()
    assert desk.overview().reports == before + 1
    holds(desk, tmp_path)


def test_a_list_of_places_and_an_expunged_report_touch_everything(desk: Desk, tmp_path: Path) -> None:
    desk.case.add_list(REPORTS.parent / "harrow-valley-places.csv")
    desk.catch_up()
    holds(desk, tmp_path)


def test_settings_that_somebody_wrote_by_hand_count_once_they_are_settled(made: Path, tmp_path: Path) -> None:
    with opened(made, tmp_path) as desk:
        folder = desk.case.folder
        claim = desk.case.ledger.claims()[0]
        desk.decide(claim.id, "rejected", "A. Haddad")
    file = folder / "case.toml"
    file.write_text(file.read_text() + "second_check = true\n")
    assert settings_of(folder).second_check
    with Case.open(folder, write=True) as case, Desk(case, tmp_path / "kept.sqlite") as desk:
        desk.catch_up()
        assert claim.id in {one.id for one in desk.claims_of(claim.span.document)}, (
            "one alone decides nothing"
        )
        holds(desk, tmp_path)


def test_a_decision_is_in_the_ledger_by_the_hand_of_who_decided(desk: Desk) -> None:
    claim = desk.case.ledger.claims()[0]
    desk.decide(claim.id, "rejected", "A. Haddad", "it tells of another day")
    event = desk.case.ledger.events("reviewed")[-1]
    assert (event.item, event.by, event.who, event.note) == (
        claim.id, "A. Haddad", "A. Haddad", "it tells of another day",
    )  # fmt: skip


def test_who_only_looked_is_asked_again_when_the_incident_changes(desk: Desk) -> None:
    def asked() -> set[str]:
        return {item.id for item in desk.queue(sorts=["incident"], limit=EVERYTHING)}

    first = min(asked())
    looked_at = desk.weighed(first)
    assert looked_at is not None
    desk.looked(first, "A. Haddad")
    assert first not in asked()
    parted, *others = sorted(account.id for account in looked_at.incident.accounts)
    apart = [Judgement(parted, other, "different", Maker("another", "9"), -9.0) for other in others]
    desk.case.ledger.append(judgements=apart)  # a program's word: no person has decided anything
    desk.catch_up()
    assert desk.weighed(first) != looked_at
    differing = {row.id for row in desk.rows(Wanted(differing=True), limit=EVERYTHING)}
    assert differing
    assert differing == asked()


def test_a_file_that_others_could_have_written_is_not_read(desk: Desk, tmp_path: Path) -> None:
    """Pickles are code: only what this user alone could write is opened, all else is made anew."""
    file = tmp_path / "theirs.sqlite"
    first = keeping.Keep(file)
    with first.writing() as connection:
        connection.execute("INSERT INTO meta VALUES ('stands', '{}')")
    first.close()
    assert keeping.Keep(file).meta("stands") == "{}"
    file.chmod(0o666)
    assert keeping.Keep(file).meta("stands") is None
    assert file.stat().st_mode & 0o077 == 0


def test_nothing_is_kept_in_the_case_folder(desk: Desk) -> None:
    assert desk.case.folder.resolve() not in kept_at(desk.case.folder).resolve().parents


def test_a_file_beside_it_that_others_could_have_written_is_not_read(tmp_path: Path) -> None:
    """What lies in a write-ahead log is read like the file's own rows."""
    file = tmp_path / "kept.sqlite"
    first = keeping.Keep(file)
    with first.writing() as connection:
        connection.execute("INSERT INTO meta VALUES ('stands', '{}')")
    first.close()
    log = file.with_name("kept.sqlite-wal")
    log.write_bytes(b"what somebody put there")
    log.chmod(0o666)
    assert keeping.Keep(file).meta("stands") is None


def test_what_others_could_have_put_into_the_folder_is_cleared_away(desk: Desk) -> None:
    file = kept_at(desk.case.folder)
    file.touch()
    file.parent.chmod(0o777)
    assert kept_at(desk.case.folder) == file
    assert not file.exists()
    assert file.parent.stat().st_mode & 0o077 == 0


def test_a_thread_that_is_gone_leaves_no_connection_open(desk: Desk) -> None:
    for _ in range(30):
        thread = threading.Thread(target=desk.rows)
        thread.start()
        thread.join()
    gc.collect()
    assert len(desk._keep._opened) < 5


def test_nothing_of_an_expunged_name_stays_in_what_is_kept(made: Path, tmp_path: Path) -> None:
    with opened(made, tmp_path) as desk:
        own = kept_at(desk.case.folder)
        with Desk(desk.case) as theirs:  # where it lies on a person's machine
            theirs.catch_up()
        assert b"lowmark" in b"".join(path.read_bytes() for path in own.parent.glob(f"{own.name}*"))
        with Case.open(desk.case.folder, write=True) as case:
            report = next(d for d in case.ledger.documents() if d.name == "lowmark-daily-2019-05-17")
            asked = ToExpunge((report.capture,), None, "A. Haddad", "B. Idris", "for their safety")
            case.expunge(asked)
        assert not list(own.parent.glob(f"{own.name}*"))
        desk.catch_up()
        left = b"".join(path.read_bytes() for path in tmp_path.glob("kept.sqlite*"))
        assert b"lowmark" not in left
        assert report.id not in {row.id for row in desk.reports(limit=EVERYTHING)}


def test_settings_of_another_program_hold_at_the_desk(desk: Desk, tmp_path: Path) -> None:
    claim = desk.case.ledger.claims()[0]
    desk.decide(claim.id, "rejected", "A. Haddad")
    file = desk.case.folder / "case.toml"
    file.write_text(file.read_text() + "second_check = true\n")
    Case.open(desk.case.folder, write=True).close()  # any verb that writes records them
    desk.catch_up()
    assert desk.settled(claim.span.document)[claim.id].state == "waiting"
    holds(desk, tmp_path)
