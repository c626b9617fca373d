"""Laws of weighing: origins corroborate, not articles; bounds stay open; nothing is summed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests_build import make_account, make_document

from tallystick.findings import copies, find
from tallystick.model import Incident
from tallystick.values.agreement import Verdict


def weigh(*accounts, copied=None):
    return find(Incident(accounts), copied or {})


def killed(*accounts, copied=None):
    return weigh(*accounts, copied=copied).finding("killed")


def test_two_outlets_on_one_monitors_word_are_one_origin(account):
    told = weigh(
        account("a", killed=(12, 12), voice="Harrow Network"),
        account("b", killed=(12, 12), voice="the Harrow Network"),
    )
    assert [o.name for o in told.origins] == ["Harrow Network"]
    assert told.finding("killed").verdict is Verdict.SINGLE_ORIGIN
    assert told.grade == "Weak"


def test_two_voices_that_say_the_same_agree(account):
    told = killed(
        account("a", killed=(12, 12), voice="Harrow Network"),
        account("b", killed=(12, 12), voice="Health Ministry"),
    )
    assert told.verdict is Verdict.AGREE


def test_an_open_bound_and_a_number_above_it_are_compatible(account):
    told = killed(
        account("a", killed=(11, None), voice="Harrow Network"),
        account("b", killed=(17, 17), voice="Health Ministry"),
    )
    assert told.verdict is Verdict.COMPATIBLE
    assert (told.range.low, told.range.high) == (11, 17)


def test_two_numbers_that_cannot_both_be_true_conflict(account):
    told = killed(
        account("a", killed=(11, 11), voice="Harrow Network"),
        account("b", killed=(17, 17), voice="Health Ministry"),
    )
    assert told.verdict is Verdict.CONFLICT
    assert "Harrow Network" in told.summary
    assert "Health Ministry" in told.summary


def test_a_later_higher_toll_of_the_same_origin_is_an_update_and_no_conflict(account):
    told = killed(
        account("a", killed=(11, 11), voice="Harrow Network", published="2016-10-07"),
        account("b", killed=(17, 17), voice="Harrow Network", published="2016-10-08"),
    )
    assert told.verdict is Verdict.UPDATE
    assert told.range.best == 17


def test_sub_groups_are_not_added_to_wholes(account):
    whole, part = account("a", killed=(15, 15)), account("b", killed=(6, 6), group="children")
    told = killed(whole, part)
    assert (told.range.low, told.range.high) == (6, 15)
    both = make_account("c", killed=(15, 15))
    assert killed(both).range.high == 15


def test_best_is_what_most_origins_say_and_not_what_most_articles_say(account):
    told = killed(
        *(account(n, killed=(30, 30), voice="Harrow Network") for n in "abc"),
        account("d", killed=(12, 12), voice="Health Ministry"),
        account("e", killed=(12, 12), voice="Red Crescent"),
    )
    assert told.range.best == 12
    assert "2 origins" in told.range.arithmetic


figures = st.lists(
    # from 3 on: the fixture's words are "some people", which counts as 2 or more and fixes no number
    st.tuples(st.integers(3, 40), st.booleans(), st.sampled_from(["A Office", "B Office", "C Office"])),
    min_size=1,
    max_size=6,
)


@given(figures)
def test_low_best_high_are_figures_that_somebody_told_in_order(told):
    accounts = [
        make_account(str(n), killed=(low, None if is_open else low), voice=voice)
        for n, (low, is_open, voice) in enumerate(told)
    ]
    numbers = {low for low, _, _ in told}
    found = killed(*accounts).range
    assert {found.low, found.best, found.high} <= numbers
    assert (found.low, found.high) == (min(numbers), max(numbers))
    assert found.open == any(is_open for low, is_open, _ in told if low == found.high)


@given(figures, st.randoms())
def test_findings_do_not_depend_on_the_order_of_accounts(told, random):
    accounts = [
        make_account(str(n), killed=(low, None if is_open else low), voice=voice)
        for n, (low, is_open, voice) in enumerate(told)
    ]
    shuffled = list(accounts)
    random.shuffle(shuffled)
    assert find(Incident(tuple(accounts)), {}).findings == find(Incident(tuple(shuffled)), {}).findings


@given(figures)
def test_every_finding_cites_claims_of_its_incident(told):
    accounts = [
        make_account(str(n), killed=(low, low), voice=voice) for n, (low, _, voice) in enumerate(told)
    ]
    weighed = weigh(*accounts)
    known = {claim.id for claim in weighed.incident.claims}
    for finding in weighed.findings:
        assert finding.claims
        assert set(finding.claims) <= known


def test_a_denial_stands_against_the_attribution(account):
    told = weigh(
        account("a", by="Kessian army", voice="Harrow Network"),
        account("b", by="Kessian army", stance="denied"),
    )
    assert told.finding("perpetrator").verdict is Verdict.CONFLICT
    assert told.grade == "Contested"


def test_silence_is_no_conflict(account):
    told = weigh(account("a", killed=(12, 12), by="Kessian army"), account("b"))
    assert told.finding("perpetrator").verdict is not Verdict.CONFLICT
    assert told.finding("killed").verdict is Verdict.SINGLE_ORIGIN
    assert told.finding("wounded") is None


def test_different_days_conflict_and_unknown_days_do_not(account):
    one, other, unknown = (
        account("a", day="2016-10-05", publisher="A"),
        account("b", day="2016-10-06", publisher="B"),
        account("c", day=None, publisher="C"),
    )
    assert weigh(one, other).finding("date").verdict is Verdict.CONFLICT
    assert weigh(one, unknown).finding("date").verdict is Verdict.SINGLE_ORIGIN


TEXT = " ".join(
    f"Sentence number {n} tells of the raid on the bridge and of what came after it." for n in range(12)
)


def test_a_wire_copy_with_another_headline_and_cuts_is_a_copy():
    first = make_document(TEXT, "a", "2016-10-07")
    copy = make_document("Another headline. " + TEXT[:600], "b", "2016-10-08")
    other = make_document(
        " ".join(f"Report {n} speaks of a vote in the council, which took {n} hours." for n in range(12)), "c"
    )
    assert copies([copy, other, first]) == {first.id: first.id, copy.id: first.id, other.id: other.id}


def test_a_copy_speaks_with_the_voice_of_what_it_copies(account):
    one, two = (
        account("a", killed=(12, 12), publisher="Wire"),
        account("b", killed=(12, 12), publisher="Paper", published="2016-10-08"),
    )
    assert killed(one, two).verdict is Verdict.AGREE
    copied = {one.document: one.document, two.document: one.document}
    told = weigh(one, two, copied=copied)
    assert told.finding("killed").verdict is Verdict.SINGLE_ORIGIN
    assert [o.name for o in told.origins] == ["Wire"]


@pytest.mark.parametrize(("stance", "grade"), [("claimed", "Confirmed"), ("stated", "Weak")])
def test_a_grade_says_who_accepts(account, stance, grade):
    assert weigh(account("a", by="Blue Brigade", stance=stance)).grade == grade


def test_the_first_day_of_the_calendar_is_a_day_like_any_other(account):
    told = account("a", killed=(4, 4), day="0001-01-01", published="0001-01-01")
    assert killed(told).range.best == 4
