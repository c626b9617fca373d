"""Laws of totals: nobody counts twice, what cannot be placed is left out by name, nothing depends on order."""

from __future__ import annotations

import dataclasses
from datetime import date
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests_build import HAND, make_account

from tallystick.findings import Tallied, find
from tallystick.findings.totals import added
from tallystick.model import (
    Account,
    Claim,
    Incident,
    Judgement,
    Maker,
    Reach,
    Role,
    Scope,
    Toll,
    Weighed,
)
from tallystick.values.count import Count
from tallystick.values.party import Party
from tallystick.values.place import Place
from tallystick.values.when import When

few = settings(max_examples=40)
LINKER = Maker("linker", "1")
OCTOBER = Scope(date(2016, 10, 1), date(2016, 10, 31))
TARSIN = Place("Tarsin", admin1="Harrow", country="Kessia")


def told(
    name,
    *figures,
    when="2016-10-06",
    until=None,
    place: Place | None = TARSIN,
    kind="air_strike",
    by=(),
    voice=None,
    **more,
) -> Account:
    """An account with figures (low, high[, group]) of people killed, told for a day or days, at a place."""
    account = make_account(name, place=None, day=None, kind=kind, voice=voice or f"Voice {name}", **more)
    days = When(None, None, "unknown")
    if when:
        start, end = date.fromisoformat(when), date.fromisoformat(until or when)
        days = When(start, end, "day" if start == end else "days")
    value = dataclasses.replace(account.telling, when=days, place=place)
    head = dataclasses.replace(account.head, value=value)
    claims = [head]
    for low, high, *group in figures:
        toll = Toll("killed", Count(low, high), *group)
        claims.append(Claim(account.span, "casualties", toll, head.voices, "stated", account.span, HAND))
    for party, role, stance in by:
        party_role = Role(Party(party), role, stance)
        claims.append(
            Claim(account.span, "responsibility", party_role, head.voices, "stated", account.span, HAND)
        )
    return Account(head, tuple(claims), account.publisher, account.published)


def incident(*accounts: Account) -> Weighed:
    return find(Incident(accounts), {})


def case(*incidents: Weighed, others=(), judgements=()) -> Tallied:
    accounts = [account for each in incidents for account in each.incident.accounts]
    return Tallied(incidents, [*accounts, *others], judgements)


def ends(total):
    return total.people.low, total.people.best, total.people.high


def maybe_same(one: Weighed, other: Weighed, verdict="unsure") -> Judgement:
    left, right = sorted((one.incident.accounts[0].id, other.incident.accounts[0].id))
    return Judgement(left, right, verdict, LINKER, 0.1)


# ---------------------------------------------------------------------------------- adding up


def test_a_total_adds_each_end_and_says_how():
    one = incident(told("a", (14, None)), told("b", (22, 22)))
    two = incident(told("c", (31, 31), when="2016-10-09", place=Place("Omrun")))
    total = case(one, two).total(Scope())
    assert ends(total) == (45, 53, 53)
    assert total.people.arithmetic == "low 45 = 31 + 14; best 53 = 31 + 22; high 53 = 31 + 22"
    assert {part.incident for part in total.parts} == {one.incident.id, two.incident.id}


def test_the_arithmetic_of_many_terms_says_how_many_more_there_are():
    assert added([Reach(n, n, n) for n in range(1, 11)]).arithmetic == (
        "low 55 = 10 + 9 + 8 + 7 + 6 + 5 + 4 + 3 + 3 of 2 more; "
        "best 55 = 10 + 9 + 8 + 7 + 6 + 5 + 4 + 3 + 3 of 2 more; "
        "high 55 = 10 + 9 + 8 + 7 + 6 + 5 + 4 + 3 + 3 of 2 more"
    )
    assert added([Reach(4, 4, 4, True)]).arithmetic == (
        "low 4; best 4; high 4; the top stays open, for some of these are told as “at least” or by a part alone"
    )
    assert added([]).arithmetic == "nothing is told"


numbers = st.integers(0, 40)


@st.composite
def incidents(draw, most=6, spans=False):
    """Incidents of one to three accounts each, with figures of several groups, on days of two months."""
    out = []
    for n in range(draw(st.integers(1, most))):
        accounts = []
        for m in range(draw(st.integers(1, 3))):
            figures = []
            for _ in range(draw(st.integers(0, 2))):
                low = draw(numbers)
                group = draw(st.sampled_from(["people", "civilians", "fighters", "children"]))
                figures.append((low, draw(st.sampled_from([low, low + 5, None])), group))
            month, day = draw(st.sampled_from([9, 10])) if spans or not m else 0, draw(st.integers(1, 28))
            if not spans and m:
                first = accounts[0].telling.when.start
                month, day = first.month, draw(st.integers(1, 28))
            place = draw(st.sampled_from([TARSIN, Place("Omrun", admin1="Selm", country="Kessia"), None]))
            accounts.append(
                told(f"{n}-{m}", *figures, when=f"2016-{month:02}-{day:02}", place=place,
                     voice=draw(st.sampled_from(["Harrow Network", "Health Ministry"])))
            )  # fmt: skip
        out.append(incident(*accounts))
    return out


@st.composite
def doubtful(draw):
    """Incidents, with judgements on some pairs of their accounts."""
    held = draw(incidents(spans=True))
    pairs = list(combinations(held, 2))
    chosen = draw(st.lists(st.sampled_from(pairs), unique=True)) if pairs else []
    verdicts = st.sampled_from(["unsure", "same", "different"])
    return held, [maybe_same(one, other, draw(verdicts)) for one, other in chosen]


@few
@given(incidents())
def test_months_add_up_to_the_whole_where_no_incident_reaches_over_the_edge(held):
    whole = case(*held).total(Scope())
    months = [
        case(*held).total(Scope(date(2016, 9, 1), date(2016, 9, 30))), case(*held).total(OCTOBER),
    ]  # fmt: skip
    for column in ("people", "civilians", "combatants", "unknown"):
        for end in ("low", "best", "high"):
            assert getattr(getattr(whole, column), end) == sum(
                getattr(getattr(month, column), end) for month in months
            )


@few
@given(incidents())
def test_without_doubt_a_total_is_the_plain_sum_of_the_ranges_of_its_incidents(held):
    ranges = [t.range for each in held if (t := each.tally("killed"))]
    assert ends(case(*held).total(Scope())) == tuple(
        sum(getattr(r, end) for r in ranges) for end in ("low", "best", "high")
    )


@few
@given(doubtful())
def test_every_total_is_in_order_and_is_the_sum_of_its_parts(drawn):
    held, judgements = drawn
    tallied = case(*held, judgements=judgements)
    for scope in (Scope(), OCTOBER, Scope(place="Harrow"), Scope(place="Omrun", kind="air_strike")):
        total = tallied.total(scope)
        for column in ("people", "civilians", "combatants", "unknown"):
            summed = getattr(total, column)
            assert summed.low <= summed.best <= summed.high
            for end in ("low", "best", "high"):
                assert getattr(summed, end) == sum(getattr(getattr(p, column), end) for p in total.parts)
        for part in total.parts:
            by_status = (part.civilians, part.combatants, part.unknown)
            assert sum(each.low for each in by_status) <= part.people.low
            assert sum(each.best for each in by_status) == part.people.best


@few
@given(doubtful(), st.randoms())
def test_a_total_does_not_depend_on_the_order_of_anything(drawn, random):
    held, judgements = drawn
    mixed, turned = list(held), list(judgements)
    random.shuffle(mixed)
    random.shuffle(turned)
    for scope in (Scope(), OCTOBER):
        assert case(*held, judgements=judgements).total(scope) == case(*mixed, judgements=turned).total(scope)


# ---------------------------------------------------------------------------- nobody counts twice


def settled(names, may, low, high):
    """The least and the greatest total over every way to settle which incidents are one (slow)."""
    best = []

    def walk(rest, groups):
        if not rest:
            best.append(
                (sum(max(low[n] for n in g) for g in groups), sum(max(high[n] for n in g) for g in groups))
            )
            return
        first, *others = rest
        for number, group in enumerate(groups):
            if all(frozenset((first, each)) in may for each in group):
                walk(others, [*groups[:number], [*group, first], *groups[number + 1 :]])
        walk(others, [*groups, [first]])

    walk(names, [])
    return min(one for one, _ in best), max(other for _, other in best)


@few
@given(doubtful())
def test_however_doubts_are_settled_the_total_lies_within(drawn):
    held, judgements = drawn
    by_account = {a.id: w.incident for w in held for a in w.incident.accounts}
    docs = {w.incident.id: {a.document for a in w.incident.accounts} for w in held}
    pairs = [(frozenset((by_account[j.left].id, by_account[j.right].id)), j.verdict) for j in judgements]
    may = {pair for pair, verdict in pairs if verdict != "different"}
    may -= {pair for pair, verdict in pairs if verdict == "different"}
    may = {pair for pair in may if not set.intersection(*(docs[name] for name in pair))}
    tolls = {w.incident.id: t.range for w in held if (t := w.tally("killed"))}
    low, high = settled(
        sorted(tolls), may, {n: r.low for n, r in tolls.items()}, {n: r.high for n, r in tolls.items()}
    )
    total = case(*held, judgements=judgements).total(Scope())
    assert total.people.low <= low
    assert total.people.high >= high
    if not may:
        assert total.people.low == low


def test_two_that_may_be_one_count_once_at_the_low_end_and_twice_at_the_high_end():
    one, two = incident(told("a", (12, 12))), incident(told("b", (7, 7)))
    total = case(one, two, judgements=[maybe_same(one, two)]).total(Scope())
    assert ends(total) == (12, 19, 19)
    (lesser,) = [part for part in total.parts if part.people.low == 0]
    assert lesser.incident == two.incident.id
    assert lesser.others == (one.incident.id,)
    assert lesser.note == "may be the same event as another that counts: at the low end it counts once"


def test_two_that_a_judgement_parts_or_one_report_tells_count_twice():
    one, two = incident(told("a", (12, 12)), told("c", (12, 12))), incident(told("b", (7, 7)))
    left, right = sorted((one.incident.accounts[1].id, two.incident.accounts[0].id))
    parted = [maybe_same(one, two), Judgement(left, right, "different", LINKER, -3.0)]
    assert ends(case(one, two, judgements=parted).total(Scope()))[0] == 19


def test_two_that_are_compared_no_more_are_surely_two():
    one, two = incident(told("a", (12, 12))), incident(told("b", (7, 7)))
    left, right = sorted((one.incident.accounts[0].id, two.incident.accounts[0].id))
    gone = Judgement(left, right, "unsure", LINKER, None, ("no longer a pair to compare",))
    assert ends(case(one, two, judgements=[gone]).total(Scope())) == (19, 19, 19)
    asked = Judgement(left, right, "unsure", Maker("Amal"))
    assert ends(case(one, two, judgements=[asked]).total(Scope())) == (12, 19, 19)


def test_what_is_left_of_a_whole_is_handed_out_by_status_until_nothing_is_left():
    week = told("week", (20, 20), (6, 6, "civilians"), (6, 6, "fighters"), when="2016-10-03",
                until="2016-10-09", kind="ground_clash", place=Place("Harrow", country="Kessia"))  # fmt: skip
    whole = incident(week)
    for inside, left in ((4, (6, 6, 4)), (11, (6, 3, 0)), (16, (4, 0, 0)), (30, (0, 0, 0))):
        total = case(whole, incident(told("raid", (inside, inside)))).total(Scope())
        (part,) = [part for part in total.parts if part.incident == whole.incident.id]
        assert (part.civilians.best, part.combatants.best, part.unknown.best) == left


def offensive(**more):
    return incident(
        told("week", (40, 40), when="2016-10-03", until="2016-10-09", kind="ground_clash",
             place=Place("Harrow", country="Kessia"), **more)
    )  # fmt: skip


def test_incidents_within_an_offensive_are_not_added_to_it():
    week = offensive()
    raid, shells = (
        incident(told("a", (12, 12))),
        incident(told("b", (7, 9), when="2016-10-08", kind="shelling")),
    )
    total = case(week, raid, shells).total(Scope())
    assert ends(total) == (40, 40, 61)
    (held,) = [part for part in total.parts if part.incident == week.incident.id]
    assert (held.people.low, held.people.best, held.people.high) == (21, 19, 40)
    assert set(held.others) == {raid.incident.id, shells.incident.id}


def test_where_what_is_told_within_an_offensive_is_more_than_its_own_figure_it_counts():
    raids = [incident(told(f"a{n}", (30, 30), when=f"2016-10-0{n}")) for n in (4, 5)]
    assert ends(case(offensive(), *raids).total(Scope())) == (60, 60, 100)


@pytest.mark.parametrize(
    "more",
    [
        {"when": "2016-10-12"},
        {"place": Place("Omrun", admin1="Selm", country="Kessia")},
        {"place": None},
        {"when": None},
    ],
)
def test_what_lies_outside_an_offensive_by_day_or_place_is_added_to_it(more):
    assert ends(case(offensive(), incident(told("a", (12, 12), **more))).total(Scope())) == (52, 52, 52)


def test_an_offensive_within_an_offensive_holds_what_is_in_both_once():
    days = incident(told("days", (20, 20), when="2016-10-04", until="2016-10-06", kind="ground_clash"))
    raid = incident(told("raid", (12, 12), when="2016-10-05"))
    assert ends(case(offensive(), days, raid).total(Scope())) == (40, 40, 72)


def test_a_total_that_a_report_gives_is_never_added_and_stands_beside():
    raid = incident(told("a", (12, 12)))
    month = told("sum", (62, None), when="2016-10-01", until="2016-10-31", kind="other", aggregate=True)
    total = case(raid, others=[month]).total(OCTOBER)
    assert ends(total) == (12, 12, 12)
    (beside,) = total.compared
    assert beside.claims == tuple(claim.id for claim, _ in month.tolls())
    assert (beside.ours.low, beside.ours.high, beside.incidents) == (12, 12, (raid.incident.id,))
    assert case(raid, others=[month]).total(Scope(date(2016, 9, 1), date(2016, 9, 30))).compared == ()
    as_incident = find(Incident((month,)), {})
    assert ends(Tallied([raid, as_incident], [month], []).total(OCTOBER)) == (12, 12, 12)


def test_a_copy_changes_no_total():
    one = told("a", (12, None), voice="Harrow Network")
    copy = told("copy", (12, None), voice="Harrow Network", published="2016-10-20")
    before, after = case(incident(one)).total(OCTOBER), case(incident(one, copy)).total(OCTOBER)
    assert before.people == after.people


def test_parts_are_in_no_total():
    one = told("a", (15, 15), (6, 6, "children"), (4, 4, "women"))
    assert ends(case(incident(one)).total(Scope())) == (15, 15, 15)


# --------------------------------------------------------------------------- within, or left out


def test_an_incident_that_reaches_over_the_edge_counts_at_the_high_end_alone():
    edge = incident(told("a", (12, 12), when="2016-09-29", until="2016-10-02"))
    total = case(edge).total(OCTOBER)
    assert ends(total) == (0, 0, 12)
    assert total.parts[0].note == (
        "the day reaches over the edge: not counted at the low end, nor for the best"
    )


def test_accounts_that_differ_on_the_day_count_for_the_best_where_most_origins_put_it_in():
    days = ("2016-10-03", "2016-10-03", "2016-09-03")
    most = incident(*(told(n, (12, 12), when=day) for n, day in zip("abc", days, strict=True)))
    assert ends(case(most).total(OCTOBER)) == (0, 12, 12)
    half = incident(*(told(n, (12, 12), when=day) for n, day in zip("ab", days[1:], strict=True)))
    assert ends(case(half).total(OCTOBER)) == (0, 0, 12)


def test_what_has_no_day_is_left_out_of_a_period_and_named():
    undated = incident(told("a", (12, 12), when=None))
    total = case(undated).total(OCTOBER)
    assert total.parts == ()
    assert [(each.incident, each.why) for each in total.left_out] == [
        (undated.incident.id, "the day is not told, or not closely enough")
    ]
    assert ends(case(undated).total(Scope())) == (12, 12, 12)


PLACES = [
    ("Tarsin", "within"),
    ("tarsin city", "within"),
    ("Harrow", "within"),
    ("Harrow province", "within"),
    ("Kessia", "within"),
    ("own:7", "within"),
    ("Omrun", "outside"),
    ("Selm", "outside"),
]


@pytest.mark.parametrize(("asked", "answer"), PLACES)
def test_a_place_counts_by_its_name_its_code_and_what_it_lies_in(asked, answer):
    coded = dataclasses.replace(TARSIN, code="own:7")
    other = incident(told("b", place=Place("Omrun", admin1="Selm", country="Kessia")))
    total = case(incident(told("a", (12, 12), place=coded)), other).total(Scope(place=asked))
    assert len(total.parts) == (answer == "within")
    assert total.left_out == ()


@pytest.mark.parametrize("place", [None, Place("Kessia"), Place("Velm"), Place("Velm", country="Kessia")])
def test_what_may_or_may_not_lie_in_a_place_is_left_out_and_named(place):
    known = incident(told("a", (12, 12)))
    vague = incident(told("b", (9, 9), place=place))
    total = case(known, vague).total(Scope(place="Harrow"))
    assert ends(total) == (12, 12, 12)
    assert [each.incident for each in total.left_out] == [vague.incident.id]


def test_a_part_of_a_town_is_not_the_town():
    town = incident(told("a", (12, 12)))
    east = incident(told("b", (5, 5), place=Place("east Tarsin", admin1="Harrow", country="Kessia")))
    assert ends(case(town, east).total(Scope(place="Tarsin")))[0] == 17
    total = case(town, east).total(Scope(place="east Tarsin"))
    assert ends(total) == (5, 5, 5)
    assert [each.incident for each in total.left_out] == [town.incident.id]


def test_a_party_counts_where_it_is_accused_and_not_where_it_was_fought():
    accused = incident(told("a", (12, 12), by=[("Kessian army", "perpetrator", "alleged")]))
    fought = incident(
        told("b", (5, 5), by=[("Kessian army", "opponent", "stated"), ("Wagoners", "perpetrator", "stated")])
    )
    cleared = incident(told("c", (7, 7), by=[("Kessian army", "perpetrator", "denied")]))
    total = case(accused, fought, cleared).total(Scope(party="Kessian army"))
    assert ends(total) == (12, 12, 12)
    assert [each.incident for each in total.left_out] == [cleared.incident.id]


def test_who_is_only_feared_to_do_it_is_not_accused():
    feared = told("a", (12, 12), by=[("Kessian army", "perpetrator", "alleged")])
    head, toll, role = feared.claims
    warned = dataclasses.replace(feared, claims=(head, toll, dataclasses.replace(role, stance="warned")))
    total = case(incident(warned)).total(Scope(party="Kessian army"))
    assert (total.parts, len(total.left_out)) == ((), 1)


def test_where_origins_accuse_different_parties_each_counts_at_the_high_end():
    torn = incident(
        told("a", (12, 12), by=[("Kessian army", "perpetrator", "alleged")]),
        told("b", (12, 12), by=[("Wagoners", "perpetrator", "alleged")]),
    )
    assert ends(case(torn).total(Scope(party="Wagoners"))) == (0, 0, 12)


def test_outside_by_one_measure_is_outside_however_little_else_is_told():
    total = case(incident(told("a", (12, 12), when="2016-09-02", place=None))).total(
        dataclasses.replace(OCTOBER, place="Harrow")
    )
    assert (total.parts, total.left_out) == ((), ())


# ----------------------------------------------------------------------------- status and doubt


def test_columns_tell_civilians_combatants_and_those_of_unknown_status():
    one = incident(told("a", (20, 20), (12, 12, "civilians"), (3, 3, "fighters")))
    two = incident(told("b", (9, 9)))
    total = case(one, two).total(Scope())
    columns = (total.civilians, total.combatants, total.unknown)
    assert [(each.low, each.best, each.high) for each in columns] == [(12, 12, 12), (3, 3, 3), (14, 14, 14)]


def test_contested_status_keeps_none_as_the_least_in_both_columns_of_a_total():
    torn = incident(told("a", (12, 12, "civilians")), told("b", (12, 12, "fighters")))
    total = case(torn).total(Scope())
    assert ends(total) == (12, 12, 12)
    assert (total.civilians.low, total.combatants.low) == (0, 0)
    assert (total.civilians.high, total.combatants.high) == (12, 12)
    assert "contested" in total.parts[0].note


def test_figures_that_the_reader_was_unsure_of_are_counted_and_named():
    account = told("a", (12, 12))
    unsure = dataclasses.replace(account.claims[1], confidence=0.3)
    doubtful = dataclasses.replace(account, claims=(account.head, unsure))
    total = case(incident(doubtful)).total(Scope())
    assert ends(total) == (12, 12, 12)
    assert total.doubtful == (unsure.id,)


def test_a_whole_case_is_totalled_by_month_province_and_party():
    first = told("a", (12, 12), by=[("Kessian army", "perpetrator", "alleged")])
    second = told("b", (5, 5), when="2016-09-02", place=Place("Omrun", admin1="Selm", country="Kessia"))
    found = case(incident(first), incident(second)).by_all("killed")
    assert [(t.scope.start, t.people.best) for t in found.by_month] == [
        (date(2016, 9, 1), 5), (date(2016, 10, 1), 12),
    ]  # fmt: skip
    assert [(t.scope.place, t.people.best) for t in found.by_province] == [("Harrow", 12), ("Selm", 5)]
    assert [(t.scope.party, t.people.best) for t in found.by_party] == [("Kessian army", 12)]
    assert found.whole.people.best == 17


def test_every_month_that_an_incident_reaches_into_has_a_row():
    long = incident(told("a", (12, 12), when="2016-12-20", until="2017-02-10"))
    found = case(long).by_all("killed")
    assert [(t.scope.start, t.scope.end) for t in found.by_month] == [
        (date(2016, 12, 1), date(2016, 12, 31)),
        (date(2017, 1, 1), date(2017, 1, 31)),
        (date(2017, 2, 1), date(2017, 2, 28)),
    ]
