"""What a list shows is what a slow filter over all rows shows; a page loses nothing and doubles nothing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from types import SimpleNamespace
from typing import Any, cast

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tallystick.case import Case
from tallystick.desk import past
from tallystick.desk.agreed import agreed
from tallystick.desk.entries import Row, Wanted
from tallystick.desk.follow import put_row
from tallystick.desk.keep import Keep
from tallystick.desk.look import Look
from tallystick.desk.search import folded
from tallystick.dossier.pair import touches
from tallystick.model import ClaimId, Event, IncidentId, Review
from tallystick.reviewing import Settled, settled
from tallystick.values.agreement import Verdict

DAYS = st.one_of(st.none(), st.dates(date(2016, 9, 28), date(2016, 10, 12)))
NAMES = st.sampled_from(
    ("Aleppo", "Orum al-Kubra", "حلب", "إدلب", "Zürich", "Syria", "'; DROP TABLE incidents;--", "%", "_")
)
VERDICTS = st.sampled_from([str(each) for each in Verdict])


@dataclass(frozen=True)
class Told:
    """A row with what only the queue knows of it."""

    row: Row
    touched: bool
    waits: int


def rows() -> st.SearchStrategy[list[Told]]:
    def made(told: dict[str, Any], n: int) -> Told:
        start, end = told["days"]
        if start and end and end < start:
            start, end = end, start
        here = told["place"]
        north, east = told["at"] or (None, None)
        row = Row(
            id=IncidentId(f"inc-{n:04d}"),
            sort=told["sort"],
            kind=told["kind"],
            title=f"{told['kind']}, {here}",
            days="",
            start=start,
            end=end,
            place=here,
            province="",
            country=told["country"],
            latitude=north,
            longitude=east,
            radius_km=told["radius"],
            tolls={"killed": told["killed"]},
            verdicts={"killed": told["verdict"], "date": told["other"]},
            parties=told["parties"],
            origins=1,
            reports=told["reports"],
            accounts=1,
            grade="",
            disputes=0,
        )
        return Told(row, told["touched"], told["waits"])

    one = st.fixed_dictionaries(
        {
            "sort": st.sampled_from(("incident", "matter")),
            "kind": st.sampled_from(("air_strike", "shelling", "vote")),
            "days": st.tuples(DAYS, DAYS),
            "place": NAMES,
            "country": st.sampled_from(("Syria", "", "Germany")),
            "at": st.one_of(st.none(), st.tuples(st.floats(-89, 89), st.floats(-180, 180))),
            "radius": st.one_of(st.none(), st.floats(0, 400)),
            "killed": st.tuples(st.integers(0, 3), st.integers(3, 9), st.integers(9, 90), st.booleans()),
            "verdict": VERDICTS,
            "other": VERDICTS,
            "parties": st.lists(NAMES, max_size=2).map(tuple),
            "reports": st.integers(1, 4),
            "touched": st.booleans(),
            "waits": st.integers(0, 2),
        }
    )
    return st.lists(one, max_size=14).map(lambda many: [made(told, n) for n, told in enumerate(many)])


def boxes() -> st.SearchStrategy[tuple[float, float, float, float]]:
    around = st.floats(-180, 180)
    return st.tuples(around, st.floats(-90, 0), around, st.floats(0, 90))


WANTED = st.builds(
    Wanted,
    sort=st.sampled_from(("incident", "matter", None)),
    kinds=st.lists(st.sampled_from(("air_strike", "shelling", "vote")), max_size=2, unique=True).map(tuple),
    start=DAYS,
    end=DAYS,
    box=st.one_of(st.none(), boxes()),
    place=st.one_of(st.just(""), NAMES, st.just("alep")),
    party=st.one_of(st.just(""), NAMES),
    words=st.one_of(st.just(""), NAMES, st.just("strike ALEPPO"), st.just("ادلب")),
    shape=st.one_of(st.just(""), VERDICTS),
    differing=st.booleans(),
    undecided=st.booleans(),
    waiting=st.booleans(),
    order=st.sampled_from(("day", "latest", "told", "killed", "place")),
)


def fits(told: Told, wanted: Wanted) -> bool:
    """The slow filter: what each part of ``Wanted`` says, in Python."""
    row = told.row
    if (wanted.sort and row.sort != wanted.sort) or (wanted.kinds and row.kind not in wanted.kinds):
        return False
    if wanted.start or wanted.end:
        if not (row.start or row.end):
            return False
        if (row.end or date.max) < (wanted.start or date.min) or (row.start or date.min) > (
            wanted.end or date.max
        ):
            return False
    if wanted.box and not (row.placed and touches(row.latitude, row.longitude, row.radius_km, *wanted.box)):
        return False
    if wanted.place and folded(wanted.place) not in folded(" ".join((row.place, row.province, row.country))):
        return False
    if wanted.party and not any(folded(wanted.party) in folded(name) for name in row.parties):
        return False
    every = folded(" ".join((row.title, row.province, row.country, *row.parties)))
    if not all(word in every for word in folded(wanted.words).split()):
        return False
    if (wanted.shape and row.shape != wanted.shape) or (wanted.differing and not row.differs):
        return False
    if wanted.undecided and (told.touched or not row.differs):
        return False
    return not wanted.waiting or told.waits > 0


@pytest.fixture(scope="module")
def look(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Look]:
    keep = Keep(tmp_path_factory.mktemp("kept") / "kept.sqlite")
    yield Look(cast(Case, SimpleNamespace()), keep)
    keep.close()


def fill(look: Look, many: list[Told]) -> None:
    with look._keep.writing() as connection:
        connection.execute("DELETE FROM incidents")
        connection.execute("DELETE FROM waiting")
        for told in many:
            put_row(connection, told.row, told.touched)
            for n in range(told.waits):
                ends = (told.row.id, None) if n else (None, told.row.id)
                connection.execute(
                    "INSERT INTO waiting (id, sort, state, incident, other, title, quote, why, doubt, weight, "
                    "pressing, day) VALUES (?, 'pair', 'open', ?, ?, '', '', '', 0, 0, 0, '9999')",
                    (f"{told.row.id} {n}", *ends),
                )


LAWS = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=80)


@LAWS
@given(rows(), WANTED)
def test_a_list_shows_what_a_slow_filter_over_all_rows_shows(
    look: Look, many: list[Told], wanted: Wanted
) -> None:
    fill(look, many)
    expected = {told.row.id for told in many if fits(told, wanted)}
    found = look.rows(wanted, limit=1000)
    assert {row.id for row in found} == expected
    assert look.count(wanted) == len(expected)
    assert [row.id for row in look.all_rows(wanted)] == [row.id for row in found]
    for row in found:
        told = next(each for each in many if each.row.id == row.id)
        assert row == replace(told.row, undecided=told.waits)


@LAWS
@given(rows(), WANTED, st.integers(1, 5))
def test_pages_lose_nothing_and_double_nothing(
    look: Look, many: list[Told], wanted: Wanted, size: int
) -> None:
    fill(look, many)
    whole = [row.id for row in look.rows(wanted, limit=1000)]
    paged = [
        row.id
        for skip in range(0, len(whole) + size, size)
        for row in look.rows(wanted, limit=size, skip=skip)
    ]
    assert paged == whole
    assert len(set(paged)) == len(paged)


@given(st.floats(-89, 89), st.floats(-180, 180), st.floats(0, 300), boxes(), st.integers(-2, 2))
def test_a_box_is_the_same_a_turn_of_the_globe_on(
    north: float, east: float, radius: float, box: tuple[float, float, float, float], turns: int
) -> None:
    west, south, right, top = box
    turned = west + 360.0 * turns, south, right + 360.0 * turns, top
    if abs((right - west) % 360.0) > 1e-6:
        inside = touches(north, east, radius, *box)
        assert touches(north, east, radius + 0.01, *turned) >= inside
    assert touches(None, east, radius, *box) is False


# ------------------------------------------------------------------------------------ history

PEOPLE = st.sampled_from(("A. Haddad", "B. Idris", "'; --", "ليلى"))
EVENTS = st.lists(
    st.builds(
        lambda what, item, by, day: Event(what, item, by, f"2024-01-{day:02d}T10:00:00Z"),
        st.sampled_from(past.DECIDED),
        st.sampled_from(("clm-1", "clm-2", "acc-1 acc-2", "acc-2 acc-3", "place aleppo", "inc-1")),
        PEOPLE,
        st.integers(1, 9),
    ),
    max_size=20,
)


@LAWS
@given(
    EVENTS,
    st.sampled_from(("", "clm-1", "acc-2", "acc-1 acc-2", "place aleppo")),
    st.one_of(st.just(""), PEOPLE),
    st.lists(st.sampled_from(past.DECIDED), min_size=1, unique=True),
    st.one_of(st.none(), st.dates(date(2024, 1, 1), date(2024, 1, 9))),
    st.one_of(st.none(), st.dates(date(2024, 1, 1), date(2024, 1, 9))),
    st.integers(1, 4),
)
def test_the_history_is_what_a_slow_filter_over_all_events_gives(
    look: Look,
    events: list[Event],
    item: str,
    by: str,
    what: list[str],
    first: date | None,
    last: date | None,
    size: int,
) -> None:
    with look._keep.writing() as connection:
        connection.execute("DELETE FROM past")
        connection.execute("DELETE FROM past_about")
        past.note(connection, enumerate(events, 1))
        past.note(connection, enumerate(events, 1))  # noted twice, kept once
    expected = [
        event
        for event in reversed(events)
        if event.what in what
        and (not item or item == event.item or item in event.item.split())
        and (not by or event.by == by)
        and (first is None or event.at[:10] >= first.isoformat())
        and (last is None or event.at[:10] <= last.isoformat())
    ]
    asked: dict[str, Any] = {"item": item, "by": by, "what": what, "first": first, "last": last}
    assert look.count_history(**asked) == len(expected)
    paged = [
        event
        for skip in range(0, len(expected) + size, size)
        for event in look.history(**asked, limit=size, skip=skip)
    ]
    assert paged == expected
    people = {name: count for name, count, _ in look.people()}
    assert people == {event.by: sum(one.by == event.by for one in events) for event in events}
    for seq, event in enumerate(events, 1):
        alike = [n for n, one in enumerate(events, 1) if (one.what, one.item) == (event.what, event.item)]
        assert look.last_on(event.what, event.item) == alike[-1]
        assert look.decision(seq) == event


# ---------------------------------------------------------------------------------- agreement


def said(*verdicts: tuple[str, str, str]) -> list[Settled]:
    """What stands of claims, of (claim, person, verdict)."""
    reviews = [Review(ClaimId(claim), cast(Any, verdict), by) for claim, by, verdict in verdicts]
    return list(settled(reviews, twice=True, seniors=()).values())


def test_kappa_is_that_of_a_worked_example() -> None:
    """Cohen's own table in small: 20 both yes, 15 both no, 5 and 10 apart: kappa 0.4."""
    told = [("both yes", 20, "upheld", "upheld"), ("both no", 15, "rejected", "rejected")]
    told += [("apart", 5, "upheld", "rejected"), ("apart too", 10, "rejected", "upheld")]
    verdicts = []
    for name, many, one, other in told:
        for n in range(many):
            verdicts += [(f"{name} {n}", "A", one), (f"{name} {n}", "B", other)]
    found = agreed(said(*verdicts))
    assert (found.twice, found.same, found.raw) == (50, 35, 0.7)
    assert found.kappa == pytest.approx(0.4)
    assert found.pairs[0].kappa == pytest.approx(0.4)


def test_where_only_one_verdict_was_given_no_kappa_is_told() -> None:
    found = agreed(said(("1", "A", "upheld"), ("1", "B", "upheld"), ("2", "A", "upheld")))
    assert (found.decided, found.twice, found.same, found.kappa) == (2, 1, 1, None)
    assert agreed([]).raw is None


def test_agreement_counts_what_each_said_before_they_saw_the_other() -> None:
    found = agreed(said(("1", "A", "upheld"), ("1", "B", "rejected"), ("1", "B", "upheld")))
    assert (found.twice, found.same, found.pairs[0].same) == (1, 0, 0)


@given(
    st.lists(
        st.tuples(st.sampled_from("123456"), st.sampled_from("ABC"), st.sampled_from(("upheld", "rejected"))),
        max_size=40,
    )
)
def test_kappa_is_one_only_where_all_agree_and_never_above(verdicts: list[tuple[str, str, str]]) -> None:
    found = agreed(said(*verdicts))
    assert found.twice <= found.decided
    for pair in found.pairs:
        assert pair.same <= pair.claims
        assert pair.one < pair.other
        if pair.kappa is not None:
            assert pair.kappa <= 1 + 1e-9
            assert (pair.kappa > 1 - 1e-9) == (pair.same == pair.claims)
