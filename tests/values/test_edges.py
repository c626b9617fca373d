"""Values at their edges: bounds, ranges, spellings."""

from __future__ import annotations

from datetime import date

import pytest

from tallystick.values import count, place
from tallystick.values.agreement import Verdict, gravest
from tallystick.values.count import Count
from tallystick.values.names import alike
from tallystick.values.place import Place
from tallystick.values.when import When, read

FRIDAY = date(2016, 10, 7)


@pytest.mark.parametrize("words", ["about 50", "around 50", "nearly 50", "some 50", "an estimated 50"])
def test_about_is_kept_and_reaches_a_tenth_to_either_side(words):
    ((_, _, found),) = count.read(f"{words} people")
    assert found == Count(50, 50, approx=True)
    assert found.relation(Count(54, 54)) is found.relation(Count(46, 46)) is Verdict.COMPATIBLE
    assert found.relation(Count(56, 56)) is found.relation(Count(44, 44)) is Verdict.CONFLICT


def test_bounds_in_the_wrong_order_are_two_counts():
    assert [c for _, _, c in count.read("between 5 and 3 people")] == [Count(5, 5), Count(3, 3)]


def test_close_spellings_of_one_name_are_alike_and_others_are_not():
    assert alike("Jamaliyeh", "Jamiliyeh")
    assert not alike("Jamaliyeh", "Midan")


def test_a_name_that_holds_all_words_of_another_is_like_it_in_either_order():
    assert alike("Harrow Network", "Harrow Monitoring Network")
    assert alike("Harrow Monitoring Network", "Harrow Network")


def test_what_cannot_be_told_is_less_grave_than_an_update():
    assert gravest([Verdict.UNKNOWN, Verdict.UPDATE]) is Verdict.UPDATE


def test_places_of_two_countries_cannot_be_one():
    assert Place("Omrun", country="Chad").relation(Place("Balq", country="Peru")) is Verdict.CONFLICT


def test_what_the_text_puts_a_place_in_is_compatible_with_it():
    assert Place("Omrun", within=("Tarsin",)).relation(Place("Tarsin")) is Verdict.COMPATIBLE


def told(text):
    return [(m.place.name, m.rank, m.place.within, m.holds) for m in place.read(text)]


def test_a_place_lies_in_all_that_the_words_put_around_it():
    first = told("in the village of Omrun in the district of Tarsin in Kessir province")[0]
    assert first == ("Omrun", 3, ("Tarsin", "Kessir"), False)


def test_what_is_once_called_a_province_is_one_throughout():
    found = told("Shells fell in Kessir. Kessir province is besieged.")
    assert [rank for _, rank, _, _ in found] == [1, 1]


def test_a_town_that_holds_another_place_is_the_wider_of_the_two():
    found = {name: holds for name, _, _, holds in told("Four died in Omrun in Tarsin. Two died in Tarsin.")}
    assert found == {"Omrun": False, "Tarsin": True}


def test_a_weak_preposition_alone_makes_no_place():
    assert told("a friend of Tarsin came to Omrun") == []


def days(text, published=FRIDAY):
    return [(str(w), w.precision) for _, _, w in read(text, published)]


@pytest.mark.parametrize(
    ("text", "interval"),
    [
        ("next Monday", "2016-10-10"),
        ("the day before yesterday", "2016-10-05"),
        ("on 9 October", "2016-10-09"),
        ("on 20 October", "2015-10-20"),
        ("over the past 36 hours", "2016-10-05 to 2016-10-07"),
        ("since March, when a raid killed two", "2016-03-01 to 2016-03-31"),
    ],
)
def test_more_expressions_are_read_against_the_day_of_publication(text, interval):
    assert [told for told, _ in days(text)] == [interval]


def test_since_stays_open_where_publication_is_unknown():
    ((told, _),) = days("since March 2011", None)
    assert told == "2011-03-01 to …"


def test_far_from_publication_two_orders_of_a_date_stay_two():
    assert days("on 03-04-2016", date(2016, 6, 1)) == [("“03-04-2016”, day unknown", "unknown")]


def test_intervals_without_bounds_are_unknown():
    with pytest.raises(ValueError, match="unknown"):
        When(None, None, "day")
