"""What the page of totals says: what these reports tell over all incidents, by month, province and party."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tallystick.dossier import charts, words
from tallystick.dossier.layout import Layout, Link, Notes, Sentence
from tallystick.model import ClaimId, Compared, IncidentId, Part, Passage, Reach, Scope, Sum, Total, Totals
from tallystick.values.when import When

LISTED = 200  # incidents that are listed behind one number; the command line lists them all


@dataclass(frozen=True)
class PartRow:
    """One incident behind a number: what it gives at each end, and why not all."""

    link: Link
    days: str
    ends: str
    note: str
    others: tuple[Link, ...]


@dataclass(frozen=True)
class TotalRow:
    """One total: the bar of the whole, the columns by status, and what stands behind it."""

    label: str
    bar: charts.Bar
    columns: tuple[str, ...]
    incidents: int
    sentences: tuple[Sentence, ...]
    parts: tuple[PartRow, ...]
    more: int


@dataclass(frozen=True)
class ComparedRow:
    """A total that reports give themselves, with its words, beside what is told here for the same."""

    over: str
    told: Link
    by: str
    ours: str
    incidents: tuple[Link, ...]


@dataclass(frozen=True)
class TollTotals:
    """All totals of one toll."""

    label: str
    whole: TotalRow
    chart: charts.Stretches | None
    tables: tuple[tuple[str, tuple[TotalRow, ...]], ...]
    compared: tuple[ComparedRow, ...]
    left_out: tuple[tuple[str, tuple[tuple[Link, str], ...]], ...]


def page(layout: Layout) -> tuple[TollTotals, ...]:
    """One block for each toll that is totalled."""
    notes = Notes(layout, "")
    return tuple(_toll(layout, notes, told) for told in layout.record.totals)


def _toll(layout: Layout, notes: Notes, told: Totals) -> TollTotals:
    tables = (
        ("By month", told.by_month),
        ("By province", told.by_province),
        ("By party accused", told.by_party),
    )
    scale = charts.Scale(told.whole.people.high, 140.0)
    months = [(scope_words(each.scope), each.people) for each in told.by_month]
    return TollTotals(
        words.field_label(told.toll),
        _row(layout, notes, told.whole, scale),
        charts.stretches([(label, s.low, s.best, s.high, s.open) for label, s in months]),
        tuple(
            (name, tuple(_row(layout, notes, each, scale) for each in many)) for name, many in tables if many
        ),
        tuple(_compared(layout, each) for each in told.whole.compared),
        tuple((name, _left_out(layout, many)) for name, many in tables if _left_out(layout, many)),
    )


def scope_words(scope: Scope) -> str:
    """What a total is over, in words; a place, a party or a kind alone by its name."""
    parts = [scope.place, scope.party, words.KINDS.get(scope.kind or "", scope.kind)]
    if scope.start and scope.end:
        whole_month = scope.start.day == 1 and scope.start.month == scope.end.month and scope.end.day >= 28
        parts.insert(0, words.days(When(scope.start, scope.end, "month" if whole_month else "days")))
    elif scope.start or scope.end:
        parts.insert(0, words.days(When(scope.start, scope.end, "days")))
    return ", ".join(part for part in parts if part) or "all incidents"


def ends(told: Reach | Sum) -> str:
    """A range in words: "14–32 or more, best 20"."""
    text = f"{told.low:,}" if told.low == told.high else f"{told.low:,}–{told.high:,}"
    best = "" if told.low == told.best == told.high else f", best {told.best:,}"
    return f"{text} or more{best}" if told.open else f"{text}{best}"


def _row(layout: Layout, notes: Notes, total: Total, scale: charts.Scale) -> TotalRow:
    parts = sorted(total.parts, key=lambda part: (-part.people.high, part.incident))
    people = total.people
    claims = [layout.index.claims[name] for name in _behind(parts[:LISTED]) if name in layout.index.claims]
    passages = []
    if claims:
        lead = f"{words.capital(scope_words(total.scope))}: {ends(people)} told {total.toll}"
        passages.append(
            Passage(
                f"{lead} in {words.number(len(parts), 'incident')}. {words.capital(people.arithmetic)}.",
                tuple(claims),
            )
        )
    doubtful = [layout.index.claims[name] for name in total.doubtful if name in layout.index.claims]
    if doubtful:
        text = (
            f"{words.number(len(doubtful), 'figure')} of these the reader was not sure of; they are counted."
        )
        passages.append(Passage(text, tuple(doubtful)))
    return TotalRow(
        words.capital(scope_words(total.scope)),
        charts.bar_of(people.low, people.best, people.high, people.open, scale),
        tuple(ends(each) for each in (total.civilians, total.combatants, total.unknown)),
        len(parts),
        notes.sentences(passages),
        tuple(_part(layout, part) for part in parts[:LISTED]),
        max(0, len(parts) - LISTED),
    )


def _behind(parts: Sequence[Part]) -> list[ClaimId]:
    return [claim for part in parts for claim in part.claims]


def _link(layout: Layout, name: IncidentId) -> Link:
    return Link(layout.hrefs.incident(name, ""), layout.called[name].title)


def _part(layout: Layout, part: Part) -> PartRow:
    others = tuple(_link(layout, name) for name in part.others)
    days = layout.called[part.incident].days
    return PartRow(_link(layout, part.incident), days, ends(part.people), part.note, others)


def _compared(layout: Layout, told: Compared) -> ComparedRow:
    claim = layout.index.claims[told.claims[0]]
    document = layout.documents[claim.span.document]
    more = len({layout.index.claims[name].span.document for name in told.claims}) - 1
    by = words.who(claim, document) + (f" and {words.number(more, 'other report')}" if more else "")
    incidents = tuple(_link(layout, name) for name in told.incidents[:LISTED])
    figure = words.figure(told.told, claim.span.quote)
    ours = ends(told.ours) + (
        f" ({ends(told.civilians)} as civilians)" if told.told.group == "civilians" else ""
    )
    return ComparedRow(
        scope_words(told.scope), Link(layout.words_href(claim, ""), figure), by, ours, incidents
    )


def _left_out(layout: Layout, many: Sequence[Total]) -> tuple[tuple[Link, str], ...]:
    """The incidents that no total of the table could place, each once, with why."""
    placed = {part.incident for total in many for part in total.parts}
    found = {
        each.incident: each.why for total in many for each in total.left_out if each.incident not in placed
    }
    return tuple(
        (_link(layout, name), f"{layout.called[name].days}: {found[name]}") for name in sorted(found)
    )
