"""Laws of linking: no chaining, no order, different events stay different, people have the last word."""

from __future__ import annotations

import itertools
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tallystick.incidents.pairs import WINDOW
from tests_build import make_account

from tallystick import incidents
from tallystick.model import Judgement, Maker

compare_module = sys.modules["tallystick.incidents.compare"]


def linked(accounts, extra=()):
    judgements = [incidents.compare(left, right) for left, right in incidents.pairs(accounts)]
    found = incidents.resolve(accounts, [*judgements, *extra])
    return {frozenset(a.document for a in i.accounts) for i in found if len(i.accounts) > 1}


def test_one_event_told_twice_is_one_incident(account):
    one, two = account("a", killed=(12, 12)), account("b", killed=(12, None))
    assert linked([one, two]) == {frozenset({one.document, two.document})}


def test_same_day_same_city_other_target_stays_two(account):
    one = account("a", killed=(4, 4), place="Midan", kind="shelling")
    two = account("b", killed=(11, None), place="Jamaliyeh", kind="shelling")
    assert linked([one, two]) == set()


def test_another_day_is_another_event(account):
    one = account("a", killed=(12, 12), day="2016-10-06")
    two = account("b", killed=(12, 12), day="2016-10-12")
    assert linked([one, two]) == set()


def test_two_accounts_of_one_document_stay_apart(account):
    one = account("a", killed=(12, 12))
    assert list(incidents.pairs([one, one])) == []


def test_totals_are_never_candidates(account):
    one, two = account("a", aggregate=True), account("b", aggregate=True)
    assert list(incidents.pairs([one, two])) == []
    assert incidents.resolve([one, two], []) == ()


def test_reasons_are_words_and_add_up_to_the_score(account):
    judged = incidents.compare(account("a", killed=(12, 12)), account("b", killed=(12, None)))
    weights = [float(reason.rsplit(": ", 1)[1]) for reason in judged.reasons]
    assert sum(weights) + compare_module.WEIGHTS["before comparing"] == pytest.approx(judged.score)
    assert any(reason.startswith("same day (2016-10-06)") for reason in judged.reasons)


def test_the_order_of_the_two_does_not_matter(account):
    one, two = account("a", killed=(12, 12), by="rebels"), account("b", killed=(4, 4), kind="shelling")
    assert incidents.compare(one, two) == incidents.compare(two, one)


places = st.sampled_from(["Tarsin", "Omrun", "Old Tarsin", None])
days = st.sampled_from(["2016-10-03", "2016-10-05", "2016-10-06", "2016-10-09", None])


@given(st.lists(st.tuples(places, days, st.sampled_from(["air_strike", "shelling"])), max_size=9))
def test_candidates_are_what_a_slow_look_at_all_pairs_finds(told):
    accounts = [
        make_account(str(n), place=place, day=day, kind=kind) for n, (place, day, kind) in enumerate(told)
    ]
    quick = {(left.id, right.id) for left, right in incidents.pairs(accounts)}
    slow = set()
    for one, two in itertools.combinations(accounts, 2):
        a, b = one.telling, two.telling
        gap = a.when.gap(b.when)
        share = bool(
            a.place and b.place and set(a.place.name.lower().split()) & set(b.place.name.lower().split())
        )
        if (gap is None and (share or a.kind == b.kind)) or (
            gap is not None and gap <= WINDOW and (share or a.kind == b.kind)
        ):
            slow.add(tuple(sorted((one.id, two.id))))
    assert quick == slow


HAND = Maker("a program", "1")
verdicts = st.sampled_from(["same", "different", "unsure"])


def judge(left, right, verdict, score):
    left, right = sorted((left.id, right.id))
    return Judgement(left, right, verdict, HAND, score)


@st.composite
def judged_accounts(draw):
    accounts = [make_account(str(n)) for n in range(draw(st.integers(2, 6)))]
    judgements = [
        judge(one, two, draw(verdicts), draw(st.integers(-5, 5)) + 0.5)
        for one, two in itertools.combinations(accounts, 2)
        if draw(st.booleans())
    ]
    return accounts, judgements


@given(judged_accounts(), st.randoms())
def test_incidents_do_not_depend_on_the_order_of_accounts_or_judgements(case, random):
    accounts, judgements = case
    before = incidents.resolve(accounts, judgements)
    random.shuffle(accounts)
    random.shuffle(judgements)
    assert incidents.resolve(accounts, judgements) == before


@given(judged_accounts())
def test_each_account_is_in_one_incident_and_none_holds_two_judged_different(case):
    accounts, judgements = case
    found = incidents.resolve(accounts, judgements)
    assert sorted(a.id for i in found for a in i.accounts) == sorted(a.id for a in accounts)
    home = {a.id: i.id for i in found for a in i.accounts}
    for judgement in judgements:
        if judgement.verdict == "different":
            assert home[judgement.left] != home[judgement.right]


@given(judged_accounts())
def test_what_was_judged_the_same_and_stays_apart_is_kept_as_a_dispute(case):
    accounts, judgements = case
    found = incidents.resolve(accounts, judgements)
    home = {a.id: i for i in found for a in i.accounts}
    for judgement in judgements:
        left, right = home[judgement.left], home[judgement.right]
        if judgement.verdict == "same" and left is not right:
            assert judgement in left.disputes
            assert judgement in right.disputes


def test_a_middle_account_does_not_chain_two_that_nobody_compared(account):
    a, b, c = (account(name) for name in "abc")
    found = incidents.resolve([a, b, c], [judge(a, b, "same", 3.0), judge(b, c, "same", 1.0)])
    assert sorted(len(i.accounts) for i in found) == [1, 2]
    assert all(i.disputes for i in found)


def test_one_link_among_four_does_not_join_two_pairs(account):
    a, b, c, d = (account(name) for name in "abcd")
    sure = [judge(a, b, "same", 5.0), judge(c, d, "same", 5.0)]
    unsure = [judge(x, y, "unsure", -1.0) for x, y in ((a, d), (b, c), (b, d))]
    apart = incidents.resolve([a, b, c, d], [*sure, *unsure, judge(a, c, "same", 1.0)])
    assert [len(i.accounts) for i in apart] == [2, 2]
    joined = incidents.resolve(
        [a, b, c, d], [*sure, *unsure[1:], judge(a, c, "same", 1.0), judge(a, d, "same", 1.0)]
    )
    assert [len(i.accounts) for i in joined] == [4]


def test_a_person_joins_and_parts_against_the_program(account):
    one, two = account("a", killed=(4, 4), place="Midan"), account("b", killed=(11, 11), place="Jamaliyeh")
    left, right = sorted((one.id, two.id))
    joined = Judgement(left, right, "same", Maker("Amal"))
    assert linked([one, two], [joined]) == {frozenset({one.document, two.document})}
    alike, other = account("c", killed=(12, 12)), account("d", killed=(12, 12))
    left, right = sorted((alike.id, other.id))
    parted = Judgement(left, right, "different", Maker("Amal"))
    assert linked([alike, other], [parted]) == set()
