"""Laws of tolls: whose word each end is, what stands for the whole, parts never added, status contested."""

from __future__ import annotations

import dataclasses
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests_build import make_account, make_document

from tallystick.findings import find
from tallystick.model import TOLLS, Account, Claim, Incident, Role, Toll, Voice
from tallystick.values.agreement import Verdict
from tallystick.values.count import Count
from tallystick.values.party import Party

few = settings(max_examples=60)


def with_figure(
    account: Account, low, high, group="people", kind="killed", voice=None, stance="stated", above=False
):
    """``account`` with one more figure; told by the voice of its others where none is named."""
    voices = (Voice(voice),) if voice else account.head.voices
    value = Toll(kind, Count(low, high, above=above), group)
    claim = Claim(account.span, "casualties", value, voices, stance, account.span)
    return dataclasses.replace(account, claims=(*account.claims, claim))


def telling(name, *figures, voice="Harrow Network", **more) -> Account:
    """An account whose figures are (low, high[, group])."""
    account = make_account(name, voice=voice, **more)
    for figure in figures:
        account = with_figure(account, *figure)
    return account


def blaming(account: Account, name: str) -> Account:
    role = Role(Party(name), "perpetrator", "alleged")
    claim = Claim(account.span, "responsibility", role, (Voice("Tern Office"),), "stated", account.span)
    return dataclasses.replace(account, claims=(*account.claims, claim))


def weigh(*accounts):
    return find(Incident(accounts), {})


def tally(*accounts, group="people", kind="killed"):
    return weigh(*accounts).tally(kind, group)


def ends(*accounts, group="people"):
    told = tally(*accounts, group=group).range
    return told.low, told.best, told.high


def vaguely(name, words, least, **more) -> Account:
    """An account that gives no number, but a word such as "dozens"."""
    account = make_account(name, **more)
    span = dataclasses.replace(account.span, quote=words, end=account.span.start + len(words))
    claim = Claim(
        span, "casualties", Toll("killed", Count(least, None)), account.head.voices, "stated", account.span
    )
    return dataclasses.replace(account, claims=(*account.claims, claim))


# ------------------------------------------------------------------------------- whose word


def test_each_end_names_the_claims_that_make_it_and_whose_word_they_are():
    one, two, three = (
        telling("a", (14, None), voice="Harrow Network"),
        telling("b", (22, 22), voice="Health Ministry", published="2016-10-08"),
        telling("c", (32, None), voice="Red Crescent", published="2016-10-09"),
    )
    told = tally(one, two, three).range
    assert (told.low, told.best, told.high, told.open) == (14, 32, 32, True)
    assert [end.origins for end in (told.at_low, told.at_best, told.at_high)] == [
        ("Harrow Network",), ("Red Crescent",), ("Red Crescent",),
    ]  # fmt: skip
    assert told.at_low.claims == tuple(c.id for c, _ in one.tolls())
    assert told.at_high.claims == tuple(c.id for c, _ in three.tolls())


GOLDEN = [
    ([[(14, 14)]], "every figure for the whole counts as 14"),
    (
        [[(14, None)], [(33, None)]],
        "of the figures for the whole 14 is the least and 33 the greatest; 33 is the greatest; "
        "33 or more leaves the top open",
    ),
    (
        [[(14, 14)], [(22, 22)], [(22, 22)]],
        "of the figures for the whole 14 is the least and 22 the greatest; 22 is what 2 origins name",
    ),
    (
        [[(5, 5, "civilians"), (7, 7, "fighters")]],
        "every figure for the whole counts as 12; 12 is a sum of ours, 5 civilians + 7 fighters, of one account "
        "that gives no whole",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("told", "words"), GOLDEN)
def test_the_arithmetic_in_words(told, words):
    accounts = [telling(str(n), *figures, voice=f"{'ABCDE'[n] * 4} Office") for n, figures in enumerate(told)]
    assert tally(*accounts).range.arithmetic == words


def test_up_to_twenty_names_no_least():
    told = tally(telling("a", (None, 20))).range
    assert (told.low, told.best, told.high, told.open_below) == (0, 20, 20, True)
    assert told.arithmetic == (
        "of the figures for the whole 20 the greatest; 20 is the greatest; "
        "up to 20 names no least, so that the low end is 0"
    )


def test_up_to_twenty_leaves_the_low_end_where_others_put_it_unless_it_lies_below_them_all():
    upto, fifteen, thirty = telling("a", (None, 20)), telling("b", (15, 15)), telling("c", (30, 30))
    assert ends(upto, fifteen) == (15, 20, 20)
    assert ends(upto, thirty)[0] == 0


# ------------------------------------------------------------------------- the whole and its parts

numbers = st.integers(0, 60)


@st.composite
def counts(draw):
    low = draw(st.none() | numbers)
    if low is None:
        return None, draw(numbers)
    return low, draw(st.sampled_from([None, low, low + draw(st.integers(0, 20))]))


@st.composite
def tellings(draw, groups=("people", "civilians", "fighters", "children", "other:cooks")):
    """Accounts that each give some figures, of some voices, on some days."""
    out = []
    for n in range(draw(st.integers(1, 5))):
        figures = [(*draw(counts()), draw(st.sampled_from(groups))) for _ in range(draw(st.integers(1, 3)))]
        voice = draw(st.sampled_from(["Harrow Network", "Health Ministry", "Red Crescent"]))
        day = draw(st.sampled_from([None, "2016-10-07", "2016-10-08", "2016-10-09"]))
        out.append(telling(f"r{n}", *figures, voice=voice, published=day))
    return out


@few
@given(tellings())
def test_low_best_and_high_are_in_order_for_every_group(accounts):
    for each in weigh(*accounts).tallies:
        assert each.range.low <= each.range.best <= each.range.high
        assert each.range.claims


@few
@given(tellings(), st.randoms())
def test_tallies_do_not_depend_on_the_order_of_accounts(accounts, random):
    shuffled = list(accounts)
    random.shuffle(shuffled)
    assert weigh(*accounts).tallies == weigh(*shuffled).tallies


@few
@given(tellings(groups=("people",)), numbers, st.sampled_from(["children", "women", "medics", "other:part"]))
def test_a_sub_group_beside_a_whole_never_changes_the_whole(accounts, number, group):
    more = [with_figure(accounts[0], number, number, group), *accounts[1:]]
    before, after = tally(*accounts), tally(*more)
    assert (before.range, before.course) == (after.range, after.course)


@few
@given(tellings())
def test_a_copy_changes_no_range(accounts):
    """A copy speaks with the voice of what it copies, however late it is printed."""
    copy = accounts[0]
    late = make_account("copy", voice=copy.head.voices[0].name, published="2016-10-20")
    for _, toll in copy.tolls():
        late = with_figure(late, toll.count.low, toll.count.high, toll.group)
    for before in weigh(*accounts).tallies:
        after = tally(*accounts, late, group=before.group).range
        assert (after.low, after.best, after.high, after.open) == (
            before.range.low, before.range.best, before.range.high, before.range.open,
        )  # fmt: skip


def slow_whole(accounts):
    """Least and greatest of the figures that stand for each account, spelt out."""
    lows, tops, capped = [], [], []
    for account in accounts:
        told = [toll for _, toll in account.tolls("killed")]
        people = [(t.count.low, t.count.greatest_told) for t in told if t.group == "people"]
        classes = {
            t.group: {u.count for u in told if u.group == t.group}
            for t in told
            if t.group in ("civilians", "fighters")
        }
        if not people and len(classes) == 2 and all(len(found) == 1 for found in classes.values()):
            both = [next(iter(found)) for found in classes.values()]
            low = sum(c.least for c in both)  # an open bound leaves the sum open: it names its least alone
            people = [(low, low if any(c.high is None for c in both) else sum(c.high for c in both))]
        people = people or [(c.low, c.greatest_told) for found in classes.values() for c in found]
        if not people:
            parts = {t.group for t in told}
            chief = max(told, key=lambda t: (t.count.least, t.count.greatest_told, t.group))
            people = [(t.count.low, t.count.greatest_told) for t in told if len(parts) == 1 or t == chief]
        lows += [low for low, _ in people if low is not None]
        capped += [top for low, top in people if low is None]
        tops += [top for _, top in people]
    low = min(lows) if lows and all(top >= min(lows) for top in capped) else 0
    return low, max(tops)


@few
@given(tellings())
def test_the_whole_is_what_a_slow_reading_of_the_rules_makes_of_it(accounts):
    told = tally(*accounts).range
    assert (told.low, told.high) == slow_whole(accounts)


def test_disjoint_classes_are_added_only_of_one_telling_without_a_whole():
    one = telling("a", (5, 5, "civilians"), (7, 7, "fighters"))
    assert ends(one) == (12, 12, 12)
    assert set(tally(one).range.at_high.claims) == {c.id for c, _ in one.tolls()}
    assert ends(telling("b", (5, 5, "civilians"), (7, 7, "fighters"), (9, 9))) == (9, 9, 9)
    two_voices = with_figure(telling("c", (5, 5, "civilians")), 7, 7, "fighters", voice="Health Ministry")
    assert ends(two_voices) == (5, 7, 7)
    unclear = telling("d", (5, 5, "civilians"), (6, 6, "civilians"), (7, 7, "fighters"))
    assert ends(unclear)[2] == 7


def test_a_sum_of_ours_is_what_is_held_against_other_figures():
    parts = telling("a", (10, 10, "civilians"), (5, 5, "soldiers"), voice="Harrow Network")
    for other, verdict in ((12, Verdict.CONFLICT), (15, Verdict.AGREE), (20, Verdict.CONFLICT)):
        found = weigh(parts, telling("b", (other, other), voice="Health Ministry")).finding("killed")
        assert found.verdict is verdict
        assert (found.range.low, found.range.high) == (min(15, other), max(15, other))


def test_parts_alone_are_a_floor_and_are_not_added():
    told = tally(telling("a", (3, 3, "women"), (6, 6, "children"))).range
    assert (told.low, told.high, told.open) == (6, 6, True)


@pytest.mark.parametrize("group", ["children", "women", "medics", "other:cooks"])
def test_one_part_alone_leaves_the_whole_open_on_every_day_and_is_itself_closed(group):
    account = telling("a", (6, 6, group))
    told = tally(account)
    assert (told.range.low, told.range.high, told.range.open) == (6, 6, True)
    assert f"6 {group.removeprefix('other:')} leaves the top open" in told.range.arithmetic
    assert [step.open for step in told.course] == [True]
    assert not tally(account, group=group).range.open
    assert not tally(account, telling("b", (9, 9), voice="Tern Office")).range.open
    for whole in ("people", "civilians", "fighters", "soldiers"):
        assert not tally(telling("c", (6, 6, whole))).range.open


@pytest.mark.parametrize("stance", ["denied", "warned", "predicted", "planned"])
def test_what_is_denied_or_still_to_come_is_shown_and_not_counted(stance):
    account = with_figure(telling("a", (4, 4)), 90, 90, stance=stance, voice="Kessian army")
    told = tally(account)
    assert (told.range.low, told.range.high) == (4, 4)
    assert bool(told.denied) == (stance == "denied")


def test_a_word_like_dozens_is_neither_the_least_nor_the_best_beside_a_number():
    many = vaguely("a", "many", 2, voice="Kessian army")
    dozens = [vaguely(n, "dozens", 24, voice=f"{n} Office") for n in "bc"]
    number = telling("d", (31, 31), voice="Harrow Network")
    told = tally(many, *dozens, number).range
    assert (told.low, told.best, told.high, told.open) == (31, 31, 31, False)
    assert "“dozens” and “many” fix no number" in told.arithmetic
    assert len(told.claims) == 4


def test_a_word_like_dozens_still_lifts_the_high_end_and_alone_it_is_all_there_is():
    dozens = vaguely("a", "dozens", 24, voice="Kessian army")
    beside = tally(dozens, telling("b", (15, 15), voice="Harrow Network")).range
    assert (beside.low, beside.best, beside.high, beside.open) == (15, 15, 24, True)
    alone = tally(dozens).range
    assert (alone.low, alone.best, alone.high, alone.open) == (24, 24, 24, True)


# -------------------------------------------------------------------------------------- status


def test_contested_status_keeps_none_as_the_least_in_both_columns():
    one = telling("a", (12, 12, "civilians"), voice="Harrow Network")
    two = telling("b", (12, 12, "fighters"), voice="Health Ministry")
    for group in ("civilians", "combatants", "fighters"):
        told = tally(one, two, group=group)
        assert (told.range.low, told.range.high) == (0, 12)
        assert told.contested == (
            "who they were is contested: civilians (Harrow Network) or combatants (Health Ministry)"
        )
        assert told.range.arithmetic.endswith(f"the least is 0, because {told.contested}")
    assert ends(one, two) == (12, 12, 12)


def test_columns_are_contested_where_the_status_is_and_nowhere_else():
    """One question, asked in one place: the finding of the status and the columns answer alike."""
    cases = [
        (("civilians",), ("fighters",), "bombing"),
        (("children",), ("soldiers",), "bombing"),
        (("civilians", "fighters"), ("fighters",), "bombing"),
        (("people",), ("fighters",), "bombing"),
        (("civilians",), ("fighters",), "ground_clash"),
    ]
    for left, right, kind in cases:
        one = telling("a", *((9, 9, group) for group in left), voice="Harrow Network", kind=kind)
        two = telling("b", *((9, 9, group) for group in right), voice="Health Ministry", kind=kind)
        found = weigh(one, two)
        told = found.tally("killed", "combatants")
        assert bool(told.contested) == (found.finding("status") is not None), (left, right, kind)
    assert found.finding("status") is None


def test_an_account_that_tells_both_classes_contests_nothing():
    both = telling("a", (12, 12, "civilians"), (5, 5, "fighters"), voice="Harrow Network")
    assert not tally(both, group="civilians").contested
    assert ends(both, group="combatants") == (5, 5, 5)


def test_the_word_of_the_accused_is_context_and_no_proof():
    monitor = blaming(telling("a", (12, 12, "civilians"), voice="Harrow Network"), "Kessian army")
    army = telling("b", (12, 12, "fighters"), voice="Kessian army")
    assert ends(monitor, army, group="civilians") == (12, 12, 12)
    told = tally(monitor, army, group="combatants")
    assert told.range.low == 0
    assert "the word of the accused alone (Kessian army): context, no proof" in told.contested


def test_what_the_accused_own_to_have_lost_is_no_less_for_being_their_word():
    monitor = blaming(telling("a", (12, 12, "civilians"), voice="Harrow Network"), "Kessian army")
    army = telling("b", (2, 2, "soldiers"), voice="Kessian army")
    (spoken,) = (claim.span for claim, _ in army.tolls("killed"))
    lost = make_document(" " * spoken.start + spoken.quote + " of its soldiers were killed, the army said.")
    for documents, least in (({}, 0), ({spoken.document: lost}, 2)):
        found = find(Incident((monitor, army)), {}, documents).tally("killed", "combatants")
        assert (found.range.low, found.range.high) == (least, 2)


def test_nobody_killed_but_fighters_contests_the_civilians():
    one = telling("a", (12, 12, "civilians"), voice="Harrow Network")
    two = telling("b", (0, 0, "civilians"), voice="Health Ministry")
    assert ends(one, two, group="civilians")[0] == 0
    assert "no civilians (Health Ministry)" in tally(one, two, group="civilians").contested


# -------------------------------------------------------------------------------------- course


def test_the_course_says_what_stood_on_each_day():
    told = tally(
        telling("a", (14, None), voice="Harrow Network", published="2016-10-03"),
        telling("b", (22, 22), voice="Harrow Network", published="2016-10-04"),
        with_figure(make_account("c", voice="Red Crescent", published="2016-10-05"), 32, None, above=True),
        telling("d", (9, 9), voice="Red Crescent", published=None),
    )
    assert [(step.day.day, step.low, step.high, step.open) for step in told.course] == [
        (3, 14, 14, True), (4, 22, 22, False), (5, 22, 32, True),
    ]  # fmt: skip
    assert told.peak == told.course[-1]
    assert len(told.undated) == 1


def test_a_day_printed_at_the_head_goes_before_a_wrong_record_of_publication():
    account = telling("a", (35, 35), published="2016-10-13")
    held = make_document("Date of publication 27 October 2016. Something happened.", "a", "2016-10-13")
    told = find(Incident((account,)), {}, {account.document: held}).tally("killed")
    assert [step.day for step in told.course] == [date(2016, 10, 27)]


def test_an_old_figure_printed_again_does_not_bring_it_back():
    old, new, again = (
        telling(name, (n, n), published=day)
        for name, n, day in (("a", 14, "2016-10-03"), ("b", 22, "2016-10-04"), ("c", 14, "2016-10-06"))
    )
    steps = tally(old, new, again).course
    assert [(step.low, step.high) for step in steps] == [(14, 14), (22, 22), (22, 22)]
    assert steps[-1].said == tuple(c.id for c, _ in again.tolls())


def test_an_at_least_below_what_the_same_origin_told_takes_nothing_back():
    steps = tally(
        telling("a", (31, 31), published="2016-10-03"), telling("b", (14, None), published="2016-10-06")
    ).course
    assert (steps[-1].low, steps[-1].high) == (31, 31)


@few
@given(tellings(groups=("people",)))
def test_what_stands_was_said_until_then_and_every_dated_figure_is_said_once(accounts):
    told = tally(*accounts)
    day_of = {c.id: a.published for a in accounts for c, _ in a.tolls()}
    for step in told.course:
        assert all(day_of[name] == step.day for name in step.said)
        assert all((day_of[name] or date.max) <= step.day for name in step.standing)
        assert step.low <= step.high
    assert {n for step in told.course for n in step.said} == {n for n, day in day_of.items() if day}
    assert set(told.undated) == {n for n, day in day_of.items() if day is None}


@pytest.mark.parametrize("kind", TOLLS)
def test_every_kind_of_toll_that_is_told_is_found(kind):
    base = make_account("a", killed=(7, 7), voice="Harrow Network")
    claim, toll = base.tolls()[0]
    told = dataclasses.replace(claim, value=dataclasses.replace(toll, kind=kind))
    account = Account(base.head, (base.head, told), base.publisher, base.published)
    found = find(Incident((account,)), {}).finding(kind)
    assert found is not None
    assert (found.range.low, found.range.high) == (7, 7)
