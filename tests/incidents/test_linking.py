"""Laws of linking: no chaining, no order, different events stay different, people have the last word."""

from __future__ import annotations

import itertools
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests_build import make_account
from tests_oracle import judged, resolved
from tests_tellings import tellings, varied

from tallystick import incidents
from tallystick.incidents import laid, tables
from tallystick.incidents.compare import BASE, weights
from tallystick.model import Account, Judgement, Maker

EVERY = -1e6


def near(accounts, changed=None, least=EVERY):
    return [pair for part in incidents.pairs(accounts, changed, least) for pair in part.near]


def linked(accounts, extra=()):
    judgements = [pair.judgement for part in incidents.pairs(accounts) for pair in part.near]
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
    assert near([one, one]) == []


def test_totals_are_never_candidates(account):
    one, two = account("a", aggregate=True), account("b", aggregate=True)
    assert near([one, two]) == []
    assert incidents.resolve([one, two], []) == ()


def test_reasons_are_words_and_add_up_to_the_score(account):
    judged = incidents.compare(account("a", killed=(12, 12)), account("b", killed=(12, None)))
    told = [float(reason.rsplit(": ", 1)[1]) for reason in judged.reasons]
    assert sum(told) + weights()[BASE] == pytest.approx(judged.score)
    assert any(reason.startswith("same day (2016-10-06)") for reason in judged.reasons)
    assert any(
        reason.startswith("killed: the same, eight or more (12; 12 or more)") for reason in judged.reasons
    )


def test_the_order_of_the_two_does_not_matter(account):
    one, two = account("a", killed=(12, 12), by="rebels"), account("b", killed=(4, 4), kind="shelling")
    assert incidents.compare(one, two) == incidents.compare(two, one)


@settings(max_examples=40)
@given(st.lists(tellings, max_size=12))
def test_the_sql_finds_and_judges_what_a_slow_look_at_all_pairs_does(told):
    accounts = [varied(n, *each) for n, each in enumerate(told)]
    quick = {(p.left.id, p.right.id): (p.reasons, p.score) for p in near(accounts) if not p.left.is_matter}
    assert quick == judged(accounts)


@settings(max_examples=15)
@given(st.lists(tellings, max_size=12), st.integers(0, 2))
def test_words_told_by_few_count_as_those_told_by_most(told, often):
    """Of the words most used each is a bit, the others stand in a list: with hardly any or none of the first."""
    accounts = [varied(n, *each) for n, each in enumerate(told)]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(laid, "_OFTEN", often)
        quick = {
            (p.left.id, p.right.id): (p.reasons, p.score) for p in near(accounts) if not p.left.is_matter
        }
    assert quick == judged(accounts)


@settings(max_examples=20)
@given(st.lists(tellings, max_size=14), st.sampled_from([-1.5, -0.5, 1.0]))
def test_pairs_that_reach_less_are_left_out_and_change_no_other(told, least):
    accounts = [varied(n, *each) for n, each in enumerate(told)]
    assert near(accounts, least=least) == [pair for pair in near(accounts) if pair.score >= least]


@settings(max_examples=12)
@given(st.lists(tellings, min_size=2, max_size=15), st.randoms())
def test_reports_that_arrive_one_by_one_make_what_all_at_once_make(told, random):
    """In any order, each time comparing only what is new: the same judgements, so the same incidents."""
    accounts = [varied(n, *each) for n, each in enumerate(told)]
    documents = sorted({account.document for account in accounts})
    random.shuffle(documents)
    stand = {}
    for n, document in enumerate(documents, 1):
        there = [account for account in accounts if account.document in documents[:n]]
        random.shuffle(there)
        for pair in near(there, {document}):
            assert document in (pair.left.document, pair.right.document)
            stand[pair.left.id, pair.right.id] = pair.judgement
    assert stand == {(p.left.id, p.right.id): p.judgement for p in near(accounts)}
    at_once = [pair.judgement for pair in near(accounts)]
    assert incidents.resolve(accounts, stand.values()) == incidents.resolve(accounts, at_once)


@settings(max_examples=12)
@given(st.lists(tellings, min_size=2, max_size=15))
def test_slices_of_any_size_find_the_same_pairs(told):
    accounts = [varied(n, *each) for n, each in enumerate(told)]
    whole = near(accounts)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(tables, "SLICE", 1)
        parts = list(incidents.pairs(accounts, least=EVERY))
    sliced = sorted((pair for part in parts for pair in part.near), key=lambda p: (p.left.id, p.right.id))
    assert sliced == whole
    assert sum(part.candidates for part in parts) == len(whole)


def test_of_two_raids_told_by_one_report_the_better_match_is_taken(account):
    first, second = (
        varied(n, "Tarsin", "2016-10-06", "air_strike", killed, None)
        for n, killed in ((0, (30, 30)), (5, (12, 12)))
    )
    other = varied(1, "Tarsin", "2016-10-06", "air_strike", (12, None), None)
    assert first.document == second.document
    found = incidents.resolve([first, second, other], [p.judgement for p in near([first, second, other])])
    assert {frozenset(a.id for a in i.accounts) for i in found} == {
        frozenset((first.id,)), frozenset((second.id, other.id)),
    }  # fmt: skip


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


SAID = st.tuples(verdicts, st.integers(-4, 4), st.sampled_from((False, False, True)))
PAIRS = st.tuples(st.integers(0, 11), st.integers(0, 11)).filter(lambda pair: pair[0] < pair[1])


@pytest.fixture(scope="module")
def every():
    return [make_account(f"{n:02d}") for n in range(12)]


def worded(accounts, said):
    """Judgements by programs and people, from numbers."""
    for (one, other), (verdict, score, person) in said.items():
        made = judge(accounts[one], accounts[other], verdict, score + 0.5)
        yield replace(made, maker=Maker("Ada", ""), score=None) if person else made


@settings(max_examples=300)
@given(said=st.dictionaries(PAIRS, SAID, max_size=50))
def test_what_is_gathered_is_what_one_look_at_all_judgements_gathers(every, said):
    judgements = list(worded(every, said))
    assert incidents.resolve(every, judgements) == resolved(every, judgements)


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


class Before:
    """What ``resolve`` gave before, and the accounts and judgements of now: the slow way, from lists."""

    def __init__(self, found, accounts, judgements):
        self.found, self.now, self.judged = found, accounts, judgements
        self.asked = set()

    def gathered(self, names):
        held = ([account.id for account in one.accounts] for one in self.found)
        return [each for each in held if not set(names).isdisjoint(each)]

    def tied(self, names):
        same = [j for j in self.judged if j.verdict == "same"]
        return [j.right for j in same if j.left in names] + [j.left for j in same if j.right in names]

    def accounts(self, names):
        self.asked |= set(names)
        return [account for account in self.now if account.id in names]

    def judgements(self, names):
        return [j for j in self.judged if j.left in names and j.right in names]


@settings(max_examples=400)
@given(
    said=st.dictionaries(PAIRS, SAID, max_size=50),
    changed=st.dictionaries(PAIRS, SAID, max_size=3),
    passing=st.sets(st.integers(0, 11), max_size=2),
    come=st.booleans(),
)
def test_what_is_gathered_again_around_a_change_is_what_is_gathered_from_the_beginning(
    every, said, changed, passing, come
):
    fewer = [account for n, account in enumerate(every) if n not in passing]
    then, now = (fewer, every) if come else (every, fewer)
    before, after = list(worded(every, said)), list(worded(every, said | changed))
    touched = {every[n].id for n in passing | {end for pair in changed for end in pair}}
    stood = incidents.resolve(then, before)
    found, near = incidents.resolve_near(touched, Before(stood, now, after))
    kept = [one for one in stood if near.isdisjoint(a.id for a in one.accounts)]
    due = incidents.resolve(now, after)
    assert sorted([*kept, *found], key=lambda one: one.id) == list(due)
    assert {a.id for one in found for a in one.accounts} == near & {a.id for a in now}


@settings(max_examples=200)
@given(
    said=st.dictionaries(PAIRS, st.tuples(verdicts, st.integers(-4, 4), st.just(False)), max_size=50),
    rows=st.sets(st.integers(0, 11), max_size=6),
)
def test_rows_of_datasets_never_change_which_reports_are_gathered(every, said, rows):
    told = [replace(a, derived="ACLED") if n in rows else a for n, a in enumerate(every)]
    reports = [a for a in told if not a.derived]
    judged_now = list(worded(told, said))

    def gathered(accounts):
        names = [
            {a.id for a in one.accounts if not a.derived} for one in incidents.resolve(accounts, judged_now)
        ]
        return sorted(sorted(each) for each in names if each)

    assert gathered(told) == gathered(reports)


def test_around_a_change_no_more_is_looked_at_than_may_change():
    row = [make_account(f"{n:02d}") for n in range(12)]  # each like the next, and told apart by the one after
    ties = [judge(one, other, "same", 2.0) for one, other in itertools.pairwise(row)]
    ties += [judge(one, other, "different", -9.0) for one, other in zip(row, row[2:], strict=False)]
    stood = Before(incidents.resolve(row, ties), row, [*ties[1:], judge(row[0], row[1], "different", -9.0)])
    found, _ = incidents.resolve_near({row[0].id, row[1].id}, stood)
    assert len(stood.asked) < len(row)
    assert set(found) <= set(incidents.resolve(row, stood.judged))


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


def test_one_contradiction_keeps_two_gatherings_apart(account):
    a, b, c, d = (account(name) for name in "abcd")
    same = [judge(x, y, "same", 5.0) for x, y in ((a, b), (c, d), (a, c), (a, d), (b, c))]
    together = incidents.resolve([a, b, c, d], [*same, judge(b, d, "unsure", -1.0)])
    assert [len(i.accounts) for i in together] == [4]
    apart = incidents.resolve([a, b, c, d], [*same, judge(b, d, "different", -9.0)])
    assert sorted(len(i.accounts) for i in apart) in ([1, 3], [2, 2])


def test_another_day_and_another_place_are_not_joined_whatever_the_score():
    one, other = make_account("a", place="Tarsin"), make_account("b", place="Balq", day="2016-10-16")
    one, other = (replace_place(each, province) for each, province in ((one, "Kessir"), (other, "Daral")))
    assert len(incidents.resolve([one, other], [judge(one, other, "same", 5.0)])) == 2


def replace_place(account, province):
    telling = replace(account.telling, place=replace(account.telling.place, admin1=province))
    head = replace(account.head, value=telling)
    return Account(head, (head, *account.claims[1:]), account.publisher, account.published)


def test_a_person_joins_and_parts_against_the_program(account):
    one, two = account("a", killed=(4, 4), place="Midan"), account("b", killed=(11, 11), place="Jamaliyeh")
    left, right = sorted((one.id, two.id))
    joined = Judgement(left, right, "same", Maker("Amal"))
    assert linked([one, two], [joined]) == {frozenset({one.document, two.document})}
    alike, other = account("c", killed=(12, 12)), account("d", killed=(12, 12))
    left, right = sorted((alike.id, other.id))
    parted = Judgement(left, right, "different", Maker("Amal"))
    assert linked([alike, other], [parted]) == set()
