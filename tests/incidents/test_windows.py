"""Laws of windows: of whatever size they are, they find each pair once, and judge it as one machine does."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests_build import make_account

from tallystick import incidents
from tallystick.incidents import tables
from tallystick.model import Account

EVERY = -1e6
PUBLISHED = ("2016-10-07", "2016-10-08", None, "2016-10-20", "2016-12-24", "2016-10-09", "2016-11-30")


def varied(n, place, day, kind, killed, aggregate):
    """An account of one of seven reports, told in one of many ways; of one report each by other words."""
    base = make_account(
        f"{n % 7}",
        place=place,
        day=day,
        kind=kind,
        killed=killed,
        published=PUBLISHED[n % 7],
        aggregate=aggregate,
    )
    span = replace(base.head.span, end=18 - n // 7, quote=base.span.quote[: 18 - n // 7])
    claims = tuple(replace(claim, telling=span) for claim in base.claims)
    head = replace(claims[0], span=span)
    return Account(head, (head, *claims[1:]), None, base.published)


TOLD = st.lists(
    st.tuples(
        st.sampled_from(["Tarsin", "Omrun", "Aleppo", None]),
        st.sampled_from(["2016-10-03", "2016-10-05", "2016-10-06", "2016-10-20", "2016-11-02", None]),
        st.sampled_from(["air_strike", "shelling", "other", "control"]),
        st.sampled_from([None, (12, 12), (12, None), (30, 30)]),
        st.sampled_from([False, False, False, True]),
    ),
    min_size=2,
    max_size=14,
)


def windows(accounts, size, changed=None):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("tallystick.incidents.cutting.SIZE", size)
        return list(incidents.windows(accounts, changed))


def ids(pair):
    return pair.left.id, pair.right.id


@settings(max_examples=8)
@given(TOLD, st.integers(2, 6), st.sets(st.integers(0, 6)))
def test_windows_of_any_size_find_and_judge_each_pair_once(told, size, chosen):
    accounts = [varied(n, *each) for n, each in enumerate(told)]
    changed = {account.document for n, account in enumerate(accounts) if n % 7 in chosen} if chosen else None
    whole = [pair for part in incidents.pairs(accounts, changed, EVERY) for pair in part.near]
    apart = [
        pair
        for window in windows(accounts, size, changed)
        for part in incidents.pairs(window.accounts, window.home, EVERY)
        for pair in part.near
    ]
    assert sorted(apart, key=ids) == sorted(whole, key=ids)


@settings(max_examples=4)
@given(TOLD, st.integers(2, 6))
def test_what_windows_judge_put_in_order_is_what_one_machine_gives(told, size):
    accounts = [varied(n, *each) for n, each in enumerate(told)]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(tables, "SLICE", 5)
        parts = list(incidents.pairs(accounts))
        part_of = incidents.parts(accounts)
    judged = [incidents.judged(window) for window in windows(accounts, size)]
    document = {account.id: account.document for account in accounts}
    apart = sorted(
        (judgement for _, judgements in judged for judgement in judgements),
        key=lambda j: (min(part_of[document[j.left]], part_of[document[j.right]]), j.left, j.right),
    )
    assert apart == [pair.judgement for part in parts for pair in part.near]
    assert sum(candidates for candidates, _ in judged) == sum(part.candidates for part in parts)


def test_a_document_is_at_home_once_and_a_window_has_its_size(account):
    accounts = [
        account(f"r{n}", day=f"2016-10-{n + 1:02}", published=f"2016-10-{n + 1:02}") for n in range(9)
    ]
    found = windows(accounts, 2)
    assert [len(window.home) for window in found] == [2, 2, 2, 2, 1]
    assert sorted(name for window in found for name in window.home) == sorted(a.document for a in accounts)


def test_far_days_are_no_guests(account):
    accounts = [
        account("a", published="2016-01-01", day="2016-01-01"),
        account("b", published="2016-01-03", day="2016-01-02"),
        account("c", published="2016-06-01", day="2016-06-01"),
    ]
    first, second, third = windows(accounts, 1)
    assert {told.document for told in first.accounts} == {accounts[0].document, accounts[1].document}
    assert [len(second.accounts), len(third.accounts)] == [1, 1]


def test_another_place_of_the_day_is_no_guest_where_nothing_else_is_shared(account):
    accounts = [account("a", place="Tarsin", kind="shelling"), account("b", place="Omrun", kind="capture")]
    assert [len(window.accounts) for window in windows(accounts, 1)] == [1, 1]


def test_a_window_tells_its_days(account):
    whole = windows([account("a"), account("b", published="2016-10-09")], 10)
    assert [str(window) for window in whole] == ["2016-10-07 to 2016-10-09"]
    assert [str(window) for window in windows([account("a", published=None)], 10)] == ["no day told"]


@pytest.mark.parametrize("day", ["2016-10-06", None])
@pytest.mark.parametrize("published", ["2016-10-07", None])
def test_who_tells_neither_day_nor_publication_is_a_guest_of_who_shares_its_words(account, day, published):
    accounts = [account("a", day=day, published=published), account("b", day=None, published=None)]
    first, second = windows(accounts, 1)
    assert [len(first.accounts), len(second.accounts)] == [2, 1]
