"""How the figures for one toll grew: a chart by day of publication, and what stood when, by whose word."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from tallystick.dossier import charts, facts, words
from tallystick.dossier.layout import Layout, Link, Notes, Sentence
from tallystick.model import TOLLS, Claim, ClaimId, Passage, Step, Tally, Toll, Weighed

Rests = Mapping[ClaimId, str]  # the origin of each claim


@dataclass(frozen=True)
class DayRow:
    """One day of publication: what was said on it, and the range that stood at its end."""

    day: str
    said: tuple[Link, ...]
    stood: str


@dataclass(frozen=True)
class Growth:
    """The course of one toll, for the page of its incident."""

    of: str
    chart: charts.Course
    sentences: tuple[Sentence, ...]
    days: tuple[DayRow, ...]
    undated: int


def growth(layout: Layout, weighed: Weighed, notes: Notes, root: str) -> Growth | None:
    """The course of the first toll of which what stood changed from one day to another."""
    held = {claim.id: claim for claim in weighed.incident.claims}
    rests = facts.rests(weighed)
    for kind in TOLLS:
        tally = weighed.tally(kind)
        if tally is None or len({(step.low, step.high, step.open) for step in tally.course}) < 2:
            continue  # what never moved has no course
        figures = _figures(layout, held, rests, tally, root)
        stood = [(step.day, step.low, step.high, step.open) for step in tally.course]
        chart = charts.course(figures, stood)
        if chart is not None:
            sentences = notes.sentences(course_words(tally, held, layout, rests))
            days = tuple(_day(layout, held, rests, step, root) for step in tally.course)
            return Growth(kind, chart, sentences, days, len(tally.undated))
    return None


def _figures(
    layout: Layout, held: dict[ClaimId, Claim], rests: Rests, tally: Tally, root: str
) -> list[charts.Figure]:
    """One mark for each figure, voice and day."""
    told: dict[tuple[object, str], charts.Figure] = {}
    for step in tally.course:
        for name in step.said:
            claim = held[name]
            toll, document = claim.value, layout.documents[claim.span.document]
            if not isinstance(toll, Toll):
                continue
            who = words.who(claim, document, rests)
            vague = words.vague_word(toll.count, claim.span.quote)
            amount = f"“{vague}”" if vague else words.amount(toll.count)
            label = _short(f"{amount}{_of(toll)}, {who}")
            figure = charts.Figure(
                step.day,
                toll.count.least,
                toll.count.greatest_told,
                toll.count.high is None,
                label,
                layout.words_href(claim, root),
                f"{words.quoted(claim.span.quote)}, {words.cite(document, claim.span)}",
                who,
            )
            told.setdefault((step.day, label), figure)
    return list(told.values())


def _of(toll: Toll) -> str:
    """Of whom a figure is, where it is not of people as a whole."""
    return "" if toll.group == "people" else f" {toll.group.removeprefix('other:')}"


def _day(layout: Layout, held: dict[ClaimId, Claim], rests: Rests, step: Step, root: str) -> DayRow:
    said: dict[str, Link] = {}
    for claim in _figures_of(held, step.said):
        document = layout.documents[claim.span.document]
        assert isinstance(claim.value, Toll)
        label = f"{words.figure(claim.value, claim.span.quote)} ({words.who(claim, document, rests)})"
        said.setdefault(label, Link(layout.words_href(claim, root), label))
    return DayRow(words.day(step.day), tuple(said.values()), stood(step))


def _figures_of(held: dict[ClaimId, Claim], names: Iterable[ClaimId]) -> list[Claim]:
    """The claims in order of their figures."""
    claims = [held[name] for name in names if isinstance(held[name].value, Toll)]

    def least(claim: Claim) -> tuple[object, ...]:
        assert isinstance(claim.value, Toll)
        return claim.value.count.least, claim.value.count.greatest_told, claim.span

    return sorted(claims, key=least)


def stood(step: Step) -> str:
    """The range that stood, in words: "14 to 22", "more than …" as an open top."""
    ends = f"{step.low:,}" if step.low == step.high else f"{step.low:,} to {step.high:,}"
    return f"{ends} or more" if step.open else ends


def course_words(tally: Tally, held: dict[ClaimId, Claim], layout: Layout, rests: Rests) -> list[Passage]:
    """The first, the last and the greatest that stood, each with whose word it was."""
    first, last, peak = tally.course[0], tally.course[-1], tally.peak
    assert peak is not None
    never = last.day != first.day and peak.day == first.day
    named: list[tuple[str, Step]] = [("First told, and never more after" if never else "First told", first)]
    if peak.day not in (first.day, last.day):
        named.append(("The greatest", peak))
    if last.day != first.day:
        named.append(
            ("The last, and the greatest" if last.high >= peak.high else "The last that stood", last)
        )
    out = []
    for lead, step in named:
        claims = tuple(_figures_of(held, step.standing))
        who = dict.fromkeys(
            words.who(claim, layout.documents[claim.span.document], rests) for claim in claims
        )
        said = f"{lead}, {words.day(step.day)}: {stood(step)} {tally.kind}"
        out.append(Passage(f"{said}, on the word of {words.some(list(map(words.article, who)))}.", claims))
    return out


def _short(name: str, limit: int = 38) -> str:
    return name if len(name) <= limit else name[: limit - 1].rstrip() + "…"
