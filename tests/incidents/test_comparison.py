"""Laws of comparison: which reasons are given, with which weight, for which pairs."""

from __future__ import annotations

import dataclasses
from datetime import date

import pytest
from tests_build import make_account, make_document

from tallystick import incidents
from tallystick.incidents.compare import WEIGHTS
from tallystick.model import Account, Claim, Judgement, Maker, Span, Telling
from tallystick.values.place import Place
from tallystick.values.when import When

PROGRAM = Maker("weights", "1")


def judge(left, right, verdict, score=None):
    left, right = sorted((left.id, right.id))
    return Judgement(left, right, verdict, Maker("Amal") if score is None else PROGRAM, score)


def told(name, **changes):
    """An account whose telling has other values."""
    base = make_account(
        name, **{k: changes.pop(k) for k in ("killed", "published", "kind", "group") if k in changes}
    )
    quote = changes.pop("quote", None)
    head = dataclasses.replace(base.head, value=dataclasses.replace(base.telling, **changes))
    if quote:
        span = Span(base.document, 0, len(quote), quote)
        head = dataclasses.replace(head, span=span, telling=span)
        return Account(head, (head,), base.publisher, base.published)
    return Account(head, (head, *base.claims[1:]), base.publisher, base.published)


def matter(name, kind="displacement", published="2016-10-07", place="Tarsin"):
    document = make_document(f"People leave, says {name}.", name, published)
    span = document.span(0, 6)
    head = Claim(span, "displacement", Telling(kind, place=Place(place) if place else None), telling=span)
    return Account(head, (head,), None, document.published)


def names(one, other):
    return {reason.split(":")[0].split(" (")[0] for reason in incidents.compare(one, other).reasons}


def paired(*accounts):
    return [(a.id, b.id) for a, b in incidents.pairs(accounts)]


# ------------------------------------------------------------------------------- gathering


def test_a_person_is_heard_before_any_program_however_sure():
    a, b, c = (make_account(name) for name in "abc")
    found = incidents.resolve(
        [a, b, c], [judge(a, b, "same"), judge(b, c, "same", 9.0), judge(a, c, "different", -9.0)]
    )
    assert {frozenset(x.id for x in i.accounts) for i in found} == {
        frozenset((a.id, b.id)), frozenset((c.id,)),
    }  # fmt: skip


def test_a_persons_word_joins_what_a_program_never_compared():
    a, b, c = (make_account(name) for name in "abc")
    (found,) = incidents.resolve([a, b, c], [judge(a, b, "same"), judge(b, c, "same")])
    assert len(found.accounts) == 3


def test_a_program_never_joins_two_accounts_of_one_report():
    one = make_account("a")
    span = Span(one.document, 19, 26, "reports")
    head = dataclasses.replace(one.head, span=span, telling=span)
    two = Account(head, (head,), one.publisher, one.published)
    assert len(incidents.resolve([one, two], [judge(one, two, "same", 5.0)])) == 2


def test_what_a_person_left_open_is_not_bridged():
    a, b, c = (make_account(name) for name in "abc")
    sure = [judge(a, b, "same", 5.0), judge(b, c, "same", 4.0)]
    assert len(incidents.resolve([a, b, c], [*sure, judge(a, c, "unsure")])) == 2
    assert len(incidents.resolve([a, b, c], [*sure, judge(a, c, "unsure", -1.0)])) == 1


def test_what_came_together_by_another_way_is_no_dispute():
    a, b, c = (make_account(name) for name in "abc")
    found = incidents.resolve(
        [a, b, c], [judge(a, b, "same", 5.0), judge(a, c, "same", 4.0), judge(b, c, "same", 3.0)]
    )
    assert [i.disputes for i in found] == [()]


def test_a_judgement_on_an_account_that_is_not_there_is_passed_over():
    a, b = make_account("a"), make_account("b")
    assert len(incidents.resolve([a], [judge(a, b, "same", 5.0)])) == 1


# ------------------------------------------------------------------------------- comparing


@pytest.mark.parametrize(
    ("one", "other", "reason"),
    [
        ({"when": When(None, None, "unknown"), "published": "2016-10-07"}, {"published": "2016-10-09"}, "published together"),
        ({"when": When(None, None, "unknown"), "published": "2016-10-07"}, {"published": "2016-10-16"}, "published apart"),
        ({"when": When(date(2016, 10, 5), date(2016, 10, 7), "days")}, {}, "days overlap"),
        ({"when": When(date(2016, 10, 7), date(2016, 10, 7), "day")}, {}, "a day apart"),
        ({"when": When(date(2016, 10, 8), date(2016, 10, 8), "day")}, {}, "two days apart"),
        ({"when": When(date(2016, 10, 9), date(2016, 10, 9), "day")}, {}, "further days apart"),
        ({"place": Place("Kessir", admin1="Kessir")}, {"place": Place("Kessir")}, "one place in the other"),
        ({"place": Place("Omrun", within=("Tarsin",))}, {}, "one place in the other"),
        ({"place": Place("Omrun", admin1="Kessir")}, {"place": Place("Balq", admin1="Daral")}, "provinces or countries differ"),
        ({"place": Place("Omrun")}, {}, "places differ"),
        ({}, {}, "same place"),
        ({"kind": "shelling"}, {}, "kinds that are often confused"),
        ({"kind": "killing"}, {}, "kinds differ"),
        ({}, {}, "same kind"),
        ({"killed": (8, 8)}, {"killed": (8, None)}, "same large toll"),
        ({"killed": (7, 7)}, {"killed": (7, None)}, "same toll"),
        ({"killed": (7, 7)}, {"killed": (3, None)}, "tolls can both be true"),
        ({"killed": (7, 7)}, {"killed": (3, 3)}, "tolls differ"),
        ({}, {}, "no tolls to compare"),
        ({"target": "school"}, {"target": "schools"}, "same target"),
    ],
)  # fmt: skip
def test_each_reason_is_given_where_it_holds(one, other, reason):
    assert reason in names(told("a", **one), told("b", **other))


def test_between_two_and_seven_days_of_publication_nothing_is_said():
    one = told("a", when=When(None, None, "unknown"), published="2016-10-07")
    for day in ("2016-10-10", "2016-10-14"):
        assert not {"published together", "published apart"} & names(one, told("b", published=day))


def test_no_kind_told_is_no_reason():
    one, other = told("a", kind="other"), told("b", kind="other")
    for left, right in ((one, other), (one, told("c"))):
        assert not any("kind" in name for name in names(left, right))


def test_a_province_and_a_town_that_no_words_tie_are_no_places_that_differ():
    assert not any("place" in n for n in names(told("a", place=Place("Kessir", admin1="Kessir")), told("b")))


def test_the_best_of_several_figures_is_compared():
    one = told("a", killed=(12, 12))
    second = dataclasses.replace(
        one.tolls()[0][0],
        value=dataclasses.replace(one.tolls()[0][1], count=one.tolls()[0][1].count.__class__(4, 4)),
    )
    both = Account(one.head, (*one.claims, second), one.publisher, one.published)
    assert "same toll" in names(both, told("b", killed=(4, 4)))


def test_the_wounded_are_compared_where_nobody_was_killed():
    def wounded(name):
        base = told(name, killed=(4, 4))
        claim, toll = base.tolls()[0]
        hurt = dataclasses.replace(claim, value=dataclasses.replace(toll, kind="wounded"))
        return Account(base.head, (base.head, hurt), base.publisher, base.published)

    assert "same toll" in names(wounded("a"), wounded("b"))


def test_other_targets_are_no_same_target():
    assert "same target" not in names(told("a", target="school"), told("b", target="bridge"))


LONG = "At least twelve people were killed when a raid hit the bridge"


def test_the_same_long_words_are_a_reason_and_short_or_other_words_are_none():
    assert "same wording" in names(told("a", quote=LONG), told("b", quote=LONG + " today"))
    assert "same wording" not in names(told("a", quote=LONG[:40]), told("b", quote=LONG[:40]))
    other = "Volunteers counted damage to shops along the northern road on Monday"
    assert "same wording" not in names(told("a", quote=LONG), told("b", quote=other))


def test_weights_speak_for_and_against_as_their_names_say():
    for name in (
        "further days apart",
        "two days apart",
        "published apart",
        "places differ",
        "provinces or countries differ",
        "kinds differ",
        "before comparing",
    ):
        assert WEIGHTS[name] < 0, name
    for name in (
        "same day",
        "days overlap",
        "same place",
        "same kind",
        "same toll",
        "same large toll",
        "same target",
        "same wording",
    ):
        assert WEIGHTS[name] > 0, name
    assert (
        WEIGHTS["further days apart"]
        < WEIGHTS["two days apart"]
        < WEIGHTS["a day apart"]
        < WEIGHTS["same day"]
    )


def test_two_matters_of_other_kinds_are_not_judged_the_same():
    assert incidents.compare(matter("a"), matter("b", kind="meeting")).verdict == "different"
    assert "same kind" not in names(matter("a"), matter("b", kind="meeting"))


# ------------------------------------------------------------------------------ candidates


def test_two_letters_that_two_names_share_make_no_candidates():
    assert (
        paired(told("a", place=Place("Abu Tarsin"), kind="shelling"), told("b", place=Place("Um Tarsin")))
        != []
    )
    assert (
        paired(told("a", place=Place("Um Balq"), kind="shelling"), told("b", place=Place("Um Tarsin"))) == []
    )


def test_what_the_text_puts_around_a_place_makes_candidates():
    inner = told("a", place=Place("Omrun", within=("Tarsin",)), kind="shelling")
    assert len(paired(inner, told("b"))) == 1
    province = told("c", place=Place("Omrun", admin1="Kessir"), kind="shelling")
    assert len(paired(province, told("d", place=Place("Balq", admin1="Kessir")))) == 1


def test_two_spellings_of_a_place_make_candidates():
    one = told("a", place=Place("Hasakah"), kind="shelling")
    assert len(paired(one, told("b", place=Place("Hassakeh")))) == 1


def test_matters_published_within_the_window_are_candidates_and_others_not():
    one = matter("a", place="Tarsin")
    assert len(paired(one, matter("b", published="2016-10-09", place="Omrun"))) == 1
    assert paired(one, matter("b", published="2016-10-10", place="Omrun")) == []


def test_where_a_day_is_unknown_publication_within_the_window_makes_candidates():
    one = told("a", when=When(None, None, "unknown"), place=None)
    assert len(paired(one, told("b", place=None, published="2016-10-09"))) == 1
    assert paired(one, told("b", place=None, published="2016-10-10")) == []


def test_a_stretch_meets_a_day_anywhere_in_it():
    long = told("a", when=When(date(2016, 9, 26), date(2016, 10, 8), "days"), place=None)
    assert len(paired(long, told("b", place=None))) == 1


def test_pairs_come_in_the_order_of_their_ids():
    found = paired(*(told(str(n)) for n in range(9)))
    assert found == sorted(found)
    assert len(found) == 36


@pytest.mark.parametrize(
    ("killed", "reason"), [((2, None), "no tolls to compare"), ((3, None), "tolls can both be true")]
)
def test_a_count_that_fits_every_other_says_nothing_for_one_event(killed, reason):
    assert reason in names(make_account("a", killed=killed), make_account("b", killed=(15, 15)))
