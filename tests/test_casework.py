"""Comments, assignments, grades and looks: noted beside decisions, the last of a kind on an item stands."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tallystick import casework
from tallystick.errors import AskedWrongly
from tallystick.model import AccountId, Event

AT = "2019-05-20T10:00:00.000Z"
NAMES = st.lists(
    st.integers(0, 30).map(lambda n: AccountId(f"acc-{n:02d}")), min_size=1, max_size=8, unique=True
)


def graded(source: str, grade: str, by: str = "Anna") -> Event:
    return casework.graded(source, grade, by, AT)


def test_the_last_grade_of_a_source_stands_whatever_its_spelling() -> None:
    events = [graded("The Orveth Star", "B"), graded("orveth star", "d"), graded("clm-1", "2")]
    stand = casework.grades(events)
    assert {item: event.facts["grade"] for item, event in stand.items()} == {"orveth star": "D", "clm-1": "2"}


def test_a_grade_that_is_taken_back_is_none() -> None:
    assert casework.grades([graded("Star", "B"), graded("Star", "")]) == {}


@pytest.mark.parametrize(
    ("source", "grade"), [("Star", "1"), ("Star", "G"), ("clm-1", "A"), ("clm-1", "7"), ("…", "A")]
)
def test_a_grade_is_one_of_the_scale_of_its_kind(source: str, grade: str) -> None:
    with pytest.raises(AskedWrongly):
        graded(source, grade)


def test_nobody_notes_anything_without_a_name() -> None:
    for note in (
        lambda: casework.commented("inc-1", "look again", " ", AT),
        lambda: casework.assigned("inc-1", "Anna", "", AT),
        lambda: casework.looked("inc-1", [AccountId("acc-1")], "", AT),
        lambda: graded("Star", "A", by=" "),
    ):
        with pytest.raises(AskedWrongly, match="who"):
            note()


def test_a_comment_says_something_and_is_no_report() -> None:
    for text in ("", " \n", "x" * 10_001):
        with pytest.raises(AskedWrongly):
            casework.commented("inc-1", text, "Anna", AT)
    assert casework.commented("inc-1", " see page 3 ", "Anna", AT).note == "see page 3"


@given(NAMES, NAMES)
def test_parting_judges_each_pair_across_once_and_joining_ties_all_to_one(
    one: list[AccountId], other: list[AccountId]
) -> None:
    if set(one) & set(other):
        for decide in (casework.parting, casework.joining):
            with pytest.raises(AskedWrongly):
                decide(one, other, "Anna")
        return
    parted = casework.parting(one, other, "Anna", "another market")
    assert {frozenset((j.left, j.right)) for j in parted} == {frozenset((a, b)) for a in one for b in other}
    assert all(j.verdict == "different" and j.by_person and j.reasons == ("another market",) for j in parted)
    joined = casework.joining(one, other, "Anna")
    tied = {one[0]}
    for _ in (*one, *other):
        tied |= {end for j in joined if {j.left, j.right} & tied for end in (j.left, j.right)}
    assert tied == {*one, *other}
    assert all(j.verdict == "same" and j.left < j.right for j in joined)


def test_more_pairs_than_a_person_can_mean_are_not_parted_at_once() -> None:
    many = [AccountId(f"acc-{n:03d}") for n in range(120)]
    with pytest.raises(AskedWrongly, match="2,500"):
        casework.parting(many[:60], many[60:], "Anna")
