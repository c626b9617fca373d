"""The matters of the case as lines of states: a drawing for each line and a sentence for each of its states.

A full mark is what is told to have happened, a diamond what another origin contradicts, a ring what is
planned, wanted, foretold or possible, a cross what is denied: those two move nothing. The days
that a line tells stand side by side in their order, not to scale.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from tallystick.dossier import words
from tallystick.dossier.layout import Chip, Layout, Notes, Sentence, chip
from tallystick.model import ClaimId, Line, Passage, State
from tallystick.values.agreement import Verdict

KINDS = {
    "control": "Who holds which ground",
    "forces": "Forces present",
    "population": "People in a place",
    "displacement": "People leaving",
    "text": "Texts and votes",
    "truce": "Truces",
    "contact": "Meetings and contacts",
    "warning": "Warnings, and what came",
}
_WHAT = {
    "siege broken": "siege broken",
    "to be voted on": "to be voted on",
    "there": "there",
    "held": "held",
}
_BY = {
    "taken",
    "held",
    "left",
    "besieged",
    "siege broken",
    "offered",
    "refused",
    "violated",
    "extended",
    "warned",
    "predicted",
}
_LEADS = {
    "planned": "Planned: ",
    "wanted": "Called for: ",
    "foretold": "Foretold: ",
    "possible": "Held possible: ",
    "denied": "Denied: ",
    "happened": "",
}
_COLUMN, _ROW, _LEFT, _MOST = 225.0, 40.0, 16.0, 40


@dataclass(frozen=True)
class Mark:
    """One state in the drawing: where it stands, its shape, two short lines of text, and where it leads."""

    x: float
    y: float
    shape: str
    label: str
    by: str
    href: str
    title: str


@dataclass(frozen=True)
class Strip:
    """The drawing of one line: its marks, by day."""

    width: float
    height: float
    axis: float
    marks: tuple[Mark, ...]
    days: tuple[tuple[float, str], ...]


@dataclass(frozen=True)
class Shown:
    """One line as the page shows it."""

    id: str
    about: str
    strip: Strip | None
    states: tuple[tuple[Chip, Sentence], ...]


@dataclass(frozen=True)
class Group:
    """The lines of one kind."""

    kind: str
    heading: str
    lines: tuple[Shown, ...]


def groups(layout: Layout, notes: Notes, chosen: Sequence[Line]) -> tuple[Group, ...]:
    """The chosen lines by kind, each drawn and in sentences."""
    out = []
    for kind, heading in KINDS.items():
        held = tuple(_shown(layout, notes, line) for line in chosen if line.kind == kind)
        if held:
            out.append(Group(kind, heading, held))
    return tuple(out)


def _shown(layout: Layout, notes: Notes, line: Line) -> Shown:
    told = tuple((chip(state.verdict), notes.sentence(passage(layout, state))) for state in line.states)
    return Shown(line.id, line.about, _strip(layout, line), told)


def label(state: State) -> str:
    """A state in a few words: "taken by the army", "more than 1,500 fighters arrived", "adopted (11 for)"."""
    what = _WHAT.get(state.what, state.what)
    if state.count is not None:
        return f"{words.amount(state.count)} {state.who} {what}"
    if state.what == "divided":
        return f"divided between {state.who}" if state.who else what
    if state.who and state.what in _BY:
        return f"{what} by {words.article(state.who)}"
    if state.who and state.what in ("leaving", "displaced", "returned"):
        return f"{state.who} {what}"
    return f"{what} ({state.who})" if state.who else what


def lead(state: State) -> str:
    """How a state stands, before it is told, so that nobody reads it as a fact; a warning says so itself."""
    return "" if state.what in ("warned", "predicted") else _LEADS[state.standing]


def day(state: State) -> str:
    """The day of a state, or, where none is told, that of the report that first tells it."""
    if state.when.start or state.when.end or state.when.words:
        return words.days(state.when)
    return f"no day told; reported on {words.day(state.told)}" if state.told else "day unknown"


def passage(layout: Layout, state: State) -> Passage:
    """One state as a sentence on the claims that tell it; of a warning also what came."""
    claims = tuple(layout.index.claims[name] for name in state.claims if name in layout.index.claims)
    first = min(
        claims, key=lambda claim: (layout.documents[claim.span.document].published or date.max, claim.span)
    )
    part = ", in part" if state.part else ""
    said = f"{lead(state)}{label(state)}{part} ({day(state)})"
    by = words.joined([words.article(name) for name in state.origins])
    cite = words.cite(layout.documents[first.span.document], first.span)
    text = f"{words.capital(said)} — {words.quoted(first.span.quote)}, on the word of {by} ({cite})."
    if state.outcome:
        text += f" What came, as far as this case tells: {state.outcome}."
    came = tuple(layout.index.claims[name] for name in state.came if name in layout.index.claims)
    return Passage(text, (*claims, *came))


def _shape(state: State) -> str:
    if state.standing == "denied":
        return "denied"
    if not state.moves:
        return "ahead"
    return "differ" if state.verdict is Verdict.CONFLICT else "told"


def _strip(layout: Layout, line: Line) -> Strip | None:
    """The states by day, those of one day under each other.

    ``None`` where the days are too many to draw, or where there is one alone, which shows no course.
    """
    columns: dict[tuple[str, str], list[State]] = {}
    for state in line.states:
        columns.setdefault(_column(state), []).append(state)
    if not 1 < len(columns) <= _MOST:
        return None
    marks: list[Mark] = []
    days: list[tuple[float, str]] = []
    tallest = max(len(held) for held in columns.values())
    axis = 14.0 + _ROW * tallest
    for number, ((_, name), held) in enumerate(sorted(columns.items(), key=lambda item: item[0][0])):
        x = _LEFT + _COLUMN * number
        days.append((x - 6.0, name))
        for row, state in enumerate(held):
            y = round(axis - _ROW * (row + 0.5), 1)
            marks.append(_mark(layout, state, x, y))
    return Strip(_LEFT + _COLUMN * len(columns), axis + 26.0, axis, tuple(marks), tuple(days))


def _column(state: State) -> tuple[str, str]:
    """The key by which a state's column is put in order, and its heading."""
    start = state.when.start or state.when.end
    if start is not None:
        ends = state.when.end or start
        return f"{start.isoformat()} {ends.isoformat()}", words.days(state.when)
    if state.told is not None:
        return f"{state.told.isoformat()} ~", f"reported {words.day(state.told)}"
    return "9", "day unknown"


def _mark(layout: Layout, state: State, x: float, y: float) -> Mark:
    name: ClaimId = state.claims[0]
    claim = layout.index.claims[name]
    title = f"{words.capital(lead(state) + label(state))}, {day(state)}: “{state.words}”"
    return Mark(
        round(x, 1), y, _shape(state), _cut(words.capital(label(state)), 29),
        _cut(words.joined(list(state.origins)), 31), layout.words_href(claim, ""), title,
    )  # fmt: skip


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"
