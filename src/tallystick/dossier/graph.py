"""Who takes it from whom, drawn: reports on the left by day, the voices that they rest on to the right.

A line to the right is a voice given as the source (dotted: the outlet's own word; dashed: an outlet only
named), an arc on the left a copy or a passage taken over, with an arrow to the earlier report where it can
be told which that is. The places follow from the record alone. Beyond twenty nodes nothing is drawn: the
table beneath holds all of it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from tallystick.dossier import words
from tallystick.dossier.layout import Layout, Link
from tallystick.model import DocumentId, Lineage, Passage, Source, Span, Taking, Weighed

MOST = 20  # nodes that are drawn
ROW, TOP = 34.0, 24.0  # height of a row; where the first stands
REPORT, VOICE = 350.0, 580.0  # where the dots of reports and of voices stand
WIDTH = 920.0
LETTERS = 36  # of a label

_SAID = {
    "copy": "copies",
    "passage": "has a passage of",
    "voice": "has it from",
    "own": "tells it in its own voice, that of",
    "cites": "names",
    "speaks_for": "speaks for",
}

_PLAIN = ("gives it as its source", "tells it on its own word")  # what the table says already


@dataclass(frozen=True)
class Node:
    """A report or a voice: where its dot and its label stand; ``href`` is empty for voices."""

    sort: str
    x: float
    y: float
    label: str
    title: str
    href: str


@dataclass(frozen=True)
class Edge:
    """A line: its path, its kind, and what it says; ``head`` is the path of its arrow, empty without one."""

    kind: str
    path: str
    title: str
    head: str


@dataclass(frozen=True)
class Graph:
    """The drawing."""

    width: float
    height: float
    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]


@dataclass(frozen=True)
class Row:
    """One taking in the table: who, how, from whom, why, and the words."""

    taker: Link
    how: str
    source: Link
    why: str
    quotes: tuple[Link, ...]


def graph(layout: Layout, weighed: Weighed, root: str) -> Graph | None:
    """The drawing of an incident's lineage; ``None`` for fewer than two nodes, or more than ``MOST``."""
    lineage = weighed.lineage
    reports = [source for source in lineage.sources if source.sort == "report"]
    voices = _by_reports(lineage, reports)
    if not 2 <= len(reports) + len(voices) <= MOST or not reports:
        return None
    height = TOP + ROW * max(len(reports), len(voices))
    named = _named(layout, lineage, root)
    nodes = {
        **_column(named, reports, REPORT, height),
        **_column(named, voices, VOICE, height),
    }
    edges = tuple(_edges(_drawn(lineage, reports), nodes))
    return Graph(WIDTH, height, tuple(nodes.values()), edges)


def rows(layout: Layout, weighed: Weighed, root: str) -> tuple[Row, ...]:
    """The table: every taking with its words, copies first."""
    named = _named(layout, weighed.lineage, root)
    order = list(_SAID)
    out = []
    for each in sorted(weighed.lineage.takings, key=lambda t: (order.index(t.kind), _at(named, t), t.taker)):
        how = _SAID[each.kind] if each.directed else "has words in common with"
        why = "" if each.why in _PLAIN else each.why
        out.append(Row(named[each.taker], how, named[each.source], why, _quotes(layout, each, root)))
    return tuple(out)


def backing(weighed: Weighed) -> Passage | None:
    """On how many independent origins each field rests, with the claims that tell it."""
    told = weighed.lineage.backings
    held = {claim.id: claim for claim in weighed.incident.claims}
    claims = dict.fromkeys(held[name] for each in told for name in each.claims if name in held)
    if not claims:
        return None
    counted = ", ".join(f"{words.field_label(each.field).lower()} {len(each.origins)}" for each in told)
    return Passage(f"Independent origins of each field: {counted}.", tuple(claims))


def _at(named: Mapping[str, Link], taking: Taking) -> tuple[str, str]:
    return named[taking.source].label, named[taking.taker].label


def _named(layout: Layout, lineage: Lineage, root: str) -> dict[str, Link]:
    """Every report and voice under its name; reports of one outlet and day are numbered."""
    many = Counter(_label(source) for source in lineage.sources)
    seen: Counter[str] = Counter()
    out = {}
    for source in lineage.sources:
        label = _label(source)
        seen[label] += 1
        numbered = f"{label} ({seen[label]})" if many[label] > 1 else label
        report = DocumentId(source.id)
        href = layout.report_link(report, root).href if report in layout.documents else ""
        out[source.id] = Link(href, numbered)
    return out


def _label(source: Source) -> str:
    day = words.day(source.published) if source.published else "undated"
    return f"{source.name}, {day}" if source.sort == "report" else source.name


def _quotes(layout: Layout, taking: Taking, root: str) -> tuple[Link, ...]:
    """The words behind a taking; words that both reports have are quoted once."""
    out: list[Link] = []
    for span in taking.words:
        link = _quote(layout, span, root)
        said = [each.label for each in out]
        out.append(Link(link.href, "the same there") if link.label in said else link)
    return tuple(out)


def _quote(layout: Layout, span: Span, root: str) -> Link:
    """Words of a report, leading to the first claim read in them, else to the report."""
    claims = layout.claims_in.get(span.document, {})
    over = [claim for claim in claims.values() if claim.span.start < span.end and span.start < claim.span.end]
    href = layout.words_href(over[0], root) if over else layout.report_link(span.document, root).href
    return Link(href, words.quoted(span.quote, 140))


def _by_reports(lineage: Lineage, reports: Sequence[Source]) -> list[Source]:
    """The voices, each at the height of the reports that rest on it, as near as may be."""
    row = {source.id: n for n, source in enumerate(reports)}
    told: dict[str, list[int]] = {}
    for each in lineage.takings:
        if each.taker in row:
            told.setdefault(each.source, []).append(row[each.taker])
    voices = [source for source in lineage.sources if source.sort == "voice"]

    def height(source: Source) -> tuple[float, str]:
        mine = told.get(source.id) or [len(reports)]
        return sum(mine) / len(mine), source.name

    return sorted(voices, key=height)


def _column(named: Mapping[str, Link], sources: Sequence[Source], x: float, height: float) -> dict[str, Node]:
    step = (height - TOP) / max(1, len(sources))
    out = {}
    for n, source in enumerate(sources):
        link = named[source.id]
        label = link.label if len(link.label) <= LETTERS else link.label[: LETTERS - 1].rstrip() + "…"
        y = round(TOP / 2 + step * (n + 0.5), 1)
        out[source.id] = Node(source.sort, x, y, label, link.label, link.href)
    return out


def _drawn(lineage: Lineage, reports: Sequence[Source]) -> Iterable[Taking]:
    """All lines but those to further reports that one repeats: the first of them stands for the rest."""
    row = {source.id: n for n, source in enumerate(reports)}
    nearest: dict[str, Taking] = {}
    for each in lineage.takings:
        if each.kind in ("copy", "passage"):
            best = nearest.get(each.taker)
            if best is None or (each.kind, row[each.source]) < (best.kind, row[best.source]):
                nearest[each.taker] = each
        else:
            yield each
    yield from (nearest[taker] for taker in sorted(nearest, key=row.__getitem__))


def _edges(takings: Iterable[Taking], nodes: Mapping[str, Node]) -> Iterable[Edge]:
    for each in takings:
        a, b = nodes[each.taker], nodes[each.source]
        title = f"{a.title} {_SAID[each.kind]} {b.title}: {each.why}"
        if a.sort == b.sort:
            side = -1 if a.sort == "report" else 1
            yield _arc(each, a, b, side, title)
        else:
            bend = (a.x + b.x) / 2
            path = f"M{a.x + 7} {a.y} C{bend} {a.y} {bend} {b.y} {b.x - 7} {b.y}"
            yield Edge(each.kind, path, title, "")


def _arc(taking: Taking, a: Node, b: Node, side: int, title: str) -> Edge:
    """A bow beside the labels, the wider the further apart; its arrow points to whom it is taken from."""
    edge = 96.0 if side < 0 else WIDTH - 90.0
    out = round(edge + side * min(84.0, 14.0 + abs(b.y - a.y) * 0.22), 1)
    path = f"M{edge} {a.y} C{out} {a.y} {out} {b.y} {edge} {b.y}"
    head = f"M{edge + side * 8} {b.y - 4} L{edge} {b.y} L{edge + side * 8} {b.y + 4}"
    return Edge(taking.kind, path, title, head if taking.directed else "")
