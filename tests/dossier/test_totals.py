"""Laws of the page of totals and of the growth of a toll: each number leads to its incidents, each sentence to words."""

from __future__ import annotations

import dataclasses
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tallystick.dossier import charts, write
from tallystick.dossier.growth import course_words
from tallystick.dossier.layout import Layout
from tallystick.dossier.totals import page, scope_words
from tallystick.findings import find, totals
from tallystick.model import Incident, Record, Scope
from tallystick.values.when import When

HOSTILE = "<script>alert(1)</script>"


@pytest.fixture
def record(builder: Any) -> Record:
    """A strike whose toll grew over three days, a second one without a place, and a report's own total."""
    case = builder("Harrow Valley")
    day = builder.day("2019-05-16")
    case.report("a", "A raid hit Solem. At least 14 people died, the Observatory said.", "Wire", "2019-05-16")
    case.report("b", "The raid on Solem killed 22 people, the Observatory said.", "Paper", "2019-05-17")
    case.report("c", f"The raid on Solem killed more than 32, a {HOSTILE} said.", "Post", "2019-05-18")
    case.report(
        "d", "Shells killed 9 somewhere. In May 60 people were killed in Solem.", "Wire", "2019-05-19"
    )
    monitor = ("Observatory",)
    strike = [
        case.account("a", "A raid hit Solem", "air_strike", day, "Solem", country="Kessia", voices=monitor,
                     tolls=[("killed", "At least 14 people", 14, None, monitor)]),
        case.account("b", "The raid on Solem", "air_strike", day, "Solem", country="Kessia", voices=monitor,
                     tolls=[("killed", "22 people", 22, 22, monitor)]),
        case.account("c", "The raid on Solem", "air_strike", day, "Solem", country="Kessia",
                     tolls=[("killed", "more than 32", 32, None, (HOSTILE,))],
                     roles=[(HOSTILE, "perpetrator", "alleged", "The raid", (HOSTILE,))]),
    ]  # fmt: skip
    shells = case.account(
        "d", "Shells killed 9 somewhere", "shelling", day, tolls=[("killed", "9", 9, 9, ("Wire",))]
    )
    case.account(
        "d", "In May 60 people were killed in Solem", "other", When(date(2019, 5, 1), date(2019, 5, 31), "month"),
        "Solem", aggregate=True, tolls=[("killed", "60 people", 60, 60, ())],
    )  # fmt: skip
    held = case.built()
    weighed = [find(Incident(tuple(held[t] for t in group)), {}) for group in (strike, [shells])]
    summed = totals(weighed, held.values(), ())
    return dataclasses.replace(case.record(), weighed=tuple(weighed), totals=summed)


def test_a_case_without_tolls_has_no_page_of_totals(builder: Any, tmp_path: Path) -> None:
    write(builder().record(), tmp_path / "out")
    assert not (tmp_path / "out" / "totals.html").exists()
    assert "totals.html" not in (tmp_path / "out" / "index.html").read_text(encoding="utf-8")


def test_the_page_shows_each_number_with_the_incidents_behind_it(record: Record, tmp_path: Path) -> None:
    write(record, tmp_path / "out")
    text = (tmp_path / "out" / "totals.html").read_text(encoding="utf-8")
    assert "23–41 or more" in text
    for weighed in record.weighed:
        assert f'href="incidents/{weighed.incident.id}.html"' in text
    assert "no confidence interval" in text
    assert "60 killed" in text
    assert 'href="totals.html"' in (tmp_path / "out" / "index.html").read_text(encoding="utf-8")


def test_hostile_words_stay_words(record: Record, tmp_path: Path) -> None:
    write(record, tmp_path / "out")
    for path in (tmp_path / "out").rglob("*.html"):
        assert "<script" not in path.read_text(encoding="utf-8")


def test_the_page_says_what_is_left_out_and_why(record: Record) -> None:
    (killed,) = page(Layout(record))
    assert killed.whole.incidents == 2
    assert [(name, [why for _, why in many]) for name, many in killed.left_out] == [
        ("By party accused", ["16 May 2019: who did it is not told, or not closely enough"])
    ]
    (beside,) = killed.compared
    assert (beside.over, beside.told.label, beside.ours) == (
        "May 2019, Solem",
        "60 killed",
        "14–32 or more, best 32",
    )


def test_every_sentence_of_the_page_stands_on_claims(record: Record) -> None:
    (killed,) = page(Layout(record))
    rows = [killed.whole, *(row for _, rows in killed.tables for row in rows)]
    for row in rows:
        assert row.sentences
        assert all(sentence.refs for sentence in row.sentences)
    assert killed.whole.sentences[0].text == (
        "All incidents: 23–41 or more, best 41 told killed in 2 incidents. Low 23 = 14 + 9; best 41 = 32 + 9; "
        "high 41 = 32 + 9; the top stays open, for some of these are told as “at least” or by a part alone."
    )


@pytest.mark.parametrize(
    ("scope", "words"),
    [
        (Scope(), "all incidents"),
        (Scope(date(2016, 10, 1), date(2016, 10, 31)), "October 2016"),
        (Scope(date(2016, 10, 3), date(2016, 10, 9), "Tarsin"), "3–9 October 2016, Tarsin"),
        (Scope(party="Kessian army", kind="air_strike"), "Kessian army, air strike"),
        (Scope(start=date(2016, 10, 3)), "from 3 October 2016, end not told"),
    ],
)
def test_what_a_total_is_over_in_words(scope: Scope, words: str) -> None:
    assert scope_words(scope) == words


def test_growth_is_told_from_the_first_to_the_last_word(record: Record) -> None:
    layout = Layout(record)
    strike = next(w for w in record.weighed if len(w.incident.accounts) == 3)
    tally = strike.tally("killed")
    assert tally is not None
    held = {claim.id: claim for claim in strike.incident.claims}
    assert [passage.text for passage in course_words(tally, held, layout, {})] == [
        "First told, 16 May 2019: 14 or more killed, on the word of the Observatory.",
        f"The last, and the greatest, 18 May 2019: 22 to 32 or more killed, on the word of the Observatory and {HOSTILE}.",
    ]


def test_the_page_of_an_incident_shows_what_stood_on_each_day(record: Record, tmp_path: Path) -> None:
    write(record, tmp_path / "out")
    strike = next(w for w in record.weighed if len(w.incident.accounts) == 3)
    text = (tmp_path / "out" / "incidents" / f"{strike.incident.id}.html").read_text(encoding="utf-8")
    for words in (
        "14 or more",
        "<td>22</td>",
        "22 to 32 or more",
        "The least, 14: the word of the Observatory.",
    ):
        assert words in text


def figure(day: int, low: int, voice: str, top: int | None = None) -> charts.Figure:
    return charts.Figure(date(2016, 10, day), low, top or low, False, f"{low}, {voice}", "#", "", voice)


def test_a_course_joins_the_figures_of_one_voice_and_draws_what_stood() -> None:
    told = [figure(3, 14, "A"), figure(4, 22, "A"), figure(4, 20, "B")]
    stood = [(date(2016, 10, 3), 14, 14, False), (date(2016, 10, 4), 20, 22, False)]
    drawn = charts.course(told, stood)
    assert drawn is not None
    assert len(drawn.lines) == 1
    assert len(drawn.bands) == 2
    tops = {point.label: point.top for point in drawn.points}
    assert tops["22, A"] < tops["20, B"] < tops["14, A"]
    assert charts.course(told[:1]) is None


def test_bars_of_months_share_a_scale() -> None:
    drawn = charts.stretches([("May 2016", 5, 10, 20, True), ("June 2016", 0, 5, 10, False)])
    assert drawn is not None
    one, other = drawn.bars
    assert one.top < other.top
    assert one.tall == pytest.approx(1.5 * other.tall, abs=0.2)
    assert charts.stretches([("May 2016", 5, 10, 20, True)]) is None
