"""The rules by which numbers of other schemes follow from what is told: each by its name, and none a guess."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from tests_build import make_account

from tallystick.dossier import facts
from tallystick.exchange import NAMES, acled, ged, rules
from tallystick.exchange.happenings import Happening, happenings
from tallystick.findings import find
from tallystick.model import HARM, MATTERS, Account, Incident, Record, Toll
from tallystick.values.count import Count
from tallystick.values.place import Place


def told(*accounts: Account) -> Happening:
    """An incident of these accounts, weighed as the findings weigh it."""
    documents = ()
    weighed = find(Incident(accounts), {account.document: account.document for account in accounts})
    record = Record("", (), documents, (), accounts, (), (weighed,))
    return Happening(weighed, facts.called(weighed), (), facts.index(record))


def figure(words: str, low: int | None, high: int | None, name: str = "a", voice: str = "A") -> Account:
    """An account whose figure is told in ``words``."""
    from dataclasses import replace

    account = make_account(name, killed=(low, high), voice=voice)
    old = next(claim for claim, _ in account.tolls())
    new = replace(old, span=replace(old.span, quote=words), value=Toll("killed", Count(low, high)))
    return replace(account, claims=tuple(new if claim is old else claim for claim in account.claims))


@pytest.mark.parametrize(
    ("accounts", "value", "rule"),
    [
        ([figure("15", 15, 15)], 15, "one-figure"),
        ([figure("at least 15", 15, None)], 15, "one-figure"),
        ([figure("15", 15, 15), figure("21", 21, 21, "b", "B")], 15, "lowest-told"),
        ([figure("dozens", 24, None)], 12, "acled-dozens"),
        ([figure("tens of people", 20, None)], 10, "acled-tens"),
        ([figure("hundreds", 200, None)], 100, "acled-hundreds"),
        ([figure("several", 3, None)], 3, "word-least"),
        ([figure("tens of thousands", 20_000, None)], 20_000, "word-least"),
        ([figure("dozens", 24, None), figure("15", 15, 15, "b", "B")], 15, "lowest-told"),
        ([figure("up to 20", None, 20)], None, "no-least"),
        ([make_account()], None, "not-told"),
        ([figure("nobody", 0, 0)], 0, "one-figure"),
    ],
)
def test_the_single_number_of_acled_is_the_most_conservative_that_is_told(
    accounts: list[Account], value: int | None, rule: str
) -> None:
    found = rules.fatalities(told(*accounts))
    assert (found.value, found.rule) == (value, rule)


def test_numbers_of_ucdp_are_the_reported_range_and_its_parts_add_up() -> None:
    found = rules.deaths(told(figure("15", 15, 15), figure("21", 21, 21, "b", "B")))
    assert found["low"].value == 15
    assert found["high"].value == found["best"].value == 21
    assert found["deaths_unknown"].value == 21
    assert found["deaths_a"].value is None
    assert rules.deaths(told(figure("up to 20", None, 20)))["low"] == rules.Derived(None, "no-least")
    assert rules.deaths(told(figure("at least 5", 5, None)))["high"].rule == "reported-high-open"
    assert rules.deaths(told(make_account()))["best"].value is None


def test_civilians_are_told_apart_from_the_whole_and_never_beyond_it() -> None:
    whole = told(
        make_account("a", killed=(9, 9), group="civilians", voice="A"), figure("15", 15, 15, "b", "B")
    )
    found = rules.deaths(whole)
    assert found["deaths_civilians"].value == 9
    assert found["best"].value == found["deaths_unknown"].value + found["deaths_civilians"].value  # type: ignore[operator]


def test_who_is_accused_stands_for_the_deed_only_where_nobody_else_is() -> None:
    one = told(make_account("a", by="Government of Syria"))
    assert rules.perpetrator(one)[1] == "sole-accused"
    two = told(
        make_account("a", by="Government of Syria", voice="A"),
        make_account("b", by="Islamic State", voice="B"),
    )
    actor, rule = rules.perpetrator(two)
    assert (actor, rule) == (None, "contested")
    assert rules.perpetrator(told(make_account()))[1] == "not-told"
    denied = told(make_account("a", by="Government of Syria", stance="denied"))
    assert rules.perpetrator(denied) == (None, "not-told")


@pytest.mark.parametrize(
    ("days", "acled", "ucdp"),
    [(None, None, None), (1, 1, 1), (2, 2, 2), (7, 2, 3), (8, 3, 4), (31, 3, 4), (90, 3, 5)],
)
def test_precision_of_days(days: int | None, acled: int | None, ucdp: int | None) -> None:
    assert rules.time_precision(days).value == acled
    assert rules.date_prec(days).value == ucdp


@pytest.mark.parametrize(
    ("place", "acled", "ucdp"),
    [
        (None, None, None),
        (Place("Somewhere"), None, None),
        (Place("Kelvač", latitude=1.0, longitude=2.0, radius_km=6.0), 1, 1),
        (Place("Some area", latitude=1.0, longitude=2.0, radius_km=20.0), 2, 2),
        (Place("Idlib", admin1="Idlib", country="Syria", latitude=1.0, longitude=2.0, radius_km=60.0), 3, 4),
        (Place("Syria", country="Syria"), 3, 6),
    ],
)
def test_precision_of_places(place: Place | None, acled: int | None, ucdp: int | None) -> None:
    assert rules.geo_precision(place).value == acled
    assert rules.where_prec(place).value == ucdp


@pytest.mark.parametrize(
    ("point", "cell"),
    [((34.531094, 69.162796), 179779), ((-90.0, -180.0), 1), ((90.0, 180.0), 259200)],
)
def test_the_cell_of_a_point_is_that_of_prio_grid(point: tuple[float, float], cell: int) -> None:
    assert rules.grid_cell(Place("x", latitude=point[0], longitude=point[1])).value == cell


def test_a_derived_value_without_a_named_rule_cannot_be_made() -> None:
    with pytest.raises(ValueError, match="no rule"):
        rules.Derived(12, "as it seems")


def test_every_kind_of_harm_is_filed_or_said_to_have_no_kind() -> None:
    assert set(HARM) - rules.ACLED.keys() == {"other"}
    assert rules.ACLED.keys() - set(HARM) <= set(MATTERS)
    assert {sort.event_type for sort in rules.ACLED.values()} <= {
        "Battles", "Explosions/Remote violence", "Violence against civilians", "Protests", "Riots",
        "Strategic developments",
    }  # fmt: skip


def test_each_row_says_which_rule_gave_each_derived_number(market: Record) -> None:
    for row in acled.rows(market):
        said = dict(each.split(" rule=") for each in row["tags"].split("; "))
        assert set(said.values()) <= rules.SAID.keys()
        for column in ("fatalities", "time_precision", "geo_precision", "sub_event_type", "actor1"):
            assert (row[column] is None) <= (column in said), column
            assert said[column] != "not-told" or row[column] is None
    for row, told_by in ged.rows(market):
        assert set(told_by.values()) <= rules.SAID.keys()
        for column in (
            "best",
            "low",
            "high",
            "deaths_civilians",
            "deaths_unknown",
            "where_prec",
            "date_prec",
        ):
            assert (told_by[column] in ("not-told", "no-least", "sides-not-told")) == (row[column] is None), (
                column
            )


def test_what_is_not_told_is_an_empty_cell_and_never_a_nought(market: Record) -> None:
    letter = next(row for row in acled.rows(market) if row["source"] == "Ada Venn")
    unknown = (
        "event_date",
        "year",
        "time_precision",
        "actor1",
        "actor2",
        "country",
        "iso",
        "latitude",
        "region",
    )
    assert all(letter[column] is None for column in unknown)
    assert letter["fatalities"] == 3


def test_ground_that_a_report_tells_as_taken_is_filed_by_who_took_it(market: Record) -> None:
    from tallystick.exchange.happenings import Actor

    one = next(happenings(market))
    assert Actor("x", "army").is_state
    assert Actor("x", "armed group").is_armed_group
    assert not Actor("x").is_state
    assert rules.sort(one)[1] in ("kind", "kind-contested")
    matter: Any = next(each for each in happenings(market) if each.is_matter)
    assert rules.sort(matter) == (None, "no-such-kind")


def test_the_page_on_the_exchange_says_every_rule_and_every_format() -> None:
    page = (Path(__file__).parents[2] / "docs" / "exchange.md").read_text(encoding="utf-8")
    for name, said in rules.SAID.items():
        assert f"| `{name}` | {said} |" in page
    assert set(re.findall(r"^\| `([a-z-]+)` \| [^|]+ \|$", page, re.M)) >= rules.SAID.keys()
    for name in NAMES:
        assert f"| `{name}` |" in page
    for kind, sort in rules.ACLED.items():
        assert re.search(rf"^\| .*`{kind}`.* \| {re.escape(sort.sub_event_type)} \|$", page, re.M), kind
