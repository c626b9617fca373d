"""What the page of patterns says: counts with their lists, beside the others, with their uncertainty."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import isinf

from tallystick.dossier import words
from tallystick.dossier.layout import Layout, Link, Notes, Ref, Sentence
from tallystick.model import Alleged, Claim, ClaimId, IncidentId, Passage, Pattern, Repeat, Share, Struck
from tallystick.values.names import fold
from tallystick.values.objects import KINDS, LABELS

DIMENSIONS = {
    "accused": "Accused, by anyone, of any part in it",
    "deed": "Accused of this kind of attack, beside others accused of the same kind",
    "kind": "Kind of attack, as anyone tells it",
    "weapon": "Weapon, as told",
    "province": "Province",
    "place": "Place",
    "month": "Month",
}
_RELATIONS = {
    "hit": "said to have been hit",
    "used": "said to have been used by fighters",
    "near": "told as near, not as hit",
    "denied": "denied, or no sign of it seen",
}
_LISTED = 100  # incidents of one list that are linked; the rest stands in the record
_WIDE = 180.0


@dataclass(frozen=True)
class Whisker:
    """A share of incidents as a dot on a line from 0 to 1, with the interval around it."""

    y: float
    low: float
    dot: float
    high: float
    hollow: bool
    label: str


@dataclass(frozen=True)
class Row:
    """One group of incidents beside the others; each number leads to its list."""

    value: str
    hit: Link
    of: Link
    hit_else: Link | None
    of_else: Link | None
    whiskers: tuple[Whisker, ...]
    odds: str
    chance: str
    rest: str
    refs: tuple[Ref, ...]
    id: str


@dataclass(frozen=True)
class Part:
    """The rows of one dimension."""

    head: str
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class Group:
    """One kind of protected object: what is told of it, and the groups that reach the least number."""

    id: str
    title: str
    told: tuple[Sentence, ...]
    parts: tuple[Part, ...]


@dataclass(frozen=True)
class Listed:
    """The incidents behind one number, or several that are of the same incidents."""

    id: str
    title: str
    incidents: tuple[Link, ...]
    more: int


@dataclass(frozen=True)
class PatternsPage:
    """All that the template shows."""

    incidents: int
    minimum: int
    compared: int
    days: int
    width: float
    groups: tuple[Group, ...]
    repeats: tuple[Sentence, ...]
    lists: tuple[Listed, ...]


def patterns(layout: Layout) -> PatternsPage:
    """The page over all incidents of the record."""
    told = layout.record.patterns
    page = _Page(layout)
    groups = tuple(page.group(kind) for kind in ("any", *KINDS) if page.of_kind(kind))
    repeats = page.notes.sentences(page.repeat(one) for one in told.repeats)
    return PatternsPage(
        len(told.incidents),
        told.minimum,
        told.compared,
        told.days,
        _WIDE,
        groups,
        repeats,
        tuple(page.lists.values()),
    )


class _Page:
    """The page as it is made: its numbered words, and the lists that its numbers lead to."""

    def __init__(self, layout: Layout) -> None:
        self.layout = layout
        self.notes = Notes(layout, "")
        self.lists: dict[str, Listed] = {}

    def of_kind(self, kind: str) -> list[Struck]:
        return [one for one in self.layout.record.patterns.struck if kind in ("any", one.kind)]

    def group(self, kind: str) -> Group:
        shown = [one for one in self.layout.record.patterns.patterns if one.object == kind]
        told = self.notes.sentences(self._told(kind)) if kind != "any" else ()
        parts = []
        for dimension, head in DIMENSIONS.items():
            rows = [one for one in shown if one.dimension == dimension]
            rows.sort(key=lambda one: (-len(one.here.hit), -len(one.here.of), one.value))
            if rows:
                parts.append(Part(head, tuple(map(self.row, rows))))
        title = "Any protected object" if kind == "any" else words.capital(LABELS[kind])
        return Group(f"of-{kind}", title, told, tuple(parts))

    def _told(self, kind: str) -> Iterable[Passage]:
        """One sentence for each relation: in how many incidents, with which words, on whose word."""
        for relation, said in _RELATIONS.items():
            told = [one for one in self.of_kind(kind) if one.relation == relation]
            if told:
                names = sorted({origin for one in told for origin in one.origins})
                quoted = _quoted(word for one in told for word in one.names or one.words)
                where = words.number(len({one.incident for one in told}), "incident")
                text = f"{words.capital(said)} in {where}, in the words {words.some(quoted, 6)}"
                on = f", on the word of {words.some(list(map(words.article, names)), 4)}" if names else ""
                yield Passage(f"{text}{on}.", self._claims(claim for one in told for claim in one.claims))

    def row(self, one: Pattern) -> Row:
        hit, of = one.here, one.elsewhere
        value = _value(one)
        about = f"{value}: {LABELS.get(one.object, 'any protected object')}"
        sides = [(hit, False)] + ([(of, True)] if of else [])
        return Row(
            value,
            self._list(hit.hit, f"{about}, said to have been hit"),
            self._list(hit.of, f"{value}: all incidents"),
            self._list(of.hit, f"Not {about}, said to have been hit") if of else None,
            self._list(of.of, f"Not {value}: all incidents for which something else is told") if of else None,
            tuple(_whisker(n, share, hollow) for n, (share, hollow) in enumerate(sides)),
            _odds(one),
            _chance(one),
            _rest(one),
            self.notes.sentence(Passage(about, self._claims(one.claims))).refs,
            one.id,
        )

    def repeat(self, one: Repeat) -> Passage:
        """A second strike in a sentence, as told."""
        claims, place = self._claims(one.claims), f" ({one.place})" if one.place else ""
        called = self.layout.called[one.second]
        if one.first is None:
            text = (
                f"{called.title}, {called.days}: the words say “{one.words}” of {LABELS[one.object]}{place}."
            )
            return Passage(text, claims)
        first = self.layout.called[one.first]
        whether = "" if one.named else "; whether it was one and the same is not told"
        apart = words.number(one.days or 0, "day")
        text = (
            f"A second strike told within {apart}{place}, “{one.words}”: {first.title}, {first.days}, and "
            f"{called.title}, {called.days}{whether}."
        )
        return Passage(text, claims)

    def _claims(self, names: Iterable[ClaimId]) -> tuple[Claim, ...]:
        held = self.layout.index.claims
        return tuple(held[name] for name in names if name in held)

    def _list(self, names: Sequence[IncidentId], title: str) -> Link:
        """A number that leads to the list of its incidents; numbers of the same incidents share one."""
        if not names:
            return Link("", "0")
        digest = hashlib.sha256("\n".join(sorted(names)).encode()).hexdigest()[:12]
        if digest not in self.lists:
            # A dossier of a part of the case holds only some of them; the number is that of the whole case.
            held = [name for name in names if name in self.layout.called]
            linked = tuple(self._incident(name) for name in self._by_day(held)[:_LISTED])
            self.lists[digest] = Listed(f"list-{digest}", title, linked, len(names) - len(linked))
        return Link(f"#list-{digest}", f"{len(names):,}")

    def _by_day(self, names: Sequence[IncidentId]) -> list[IncidentId]:
        start = {name: self.layout.called[name].when.start for name in names}
        return sorted(names, key=lambda name: (day.isoformat() if (day := start[name]) else "9", name))

    def _incident(self, name: IncidentId) -> Link:
        called = self.layout.called[name]
        return Link(self.layout.hrefs.incident(name, ""), f"{called.title}, {called.days}")


def _quoted(told: Iterable[str]) -> list[str]:
    """The words in quotation marks; of those that differ in a capital or a plural only, the first."""
    first: dict[str, str] = {}
    for word in told:
        first.setdefault(fold(word).removesuffix("s"), f"“{word}”")
    return list(first.values())


def _value(one: Pattern) -> str:
    """What the incidents of a group share, as it is written on the page."""
    if one.dimension == "kind":
        return words.capital(words.KINDS.get(one.value, one.value))
    if one.dimension == "deed":
        kind, _, party = one.value.partition(": ")
        return f"{words.capital(words.KINDS.get(kind, kind))}, {party} accused"
    if one.dimension == "month":
        return words.month(one.value)
    return words.capital(one.value)


def _whisker(n: int, share: Share, hollow: bool) -> Whisker:
    n_hit, n_of = len(share.hit), len(share.of)
    dot = n_hit / n_of if n_of else 0.0
    label = (
        f"{n_hit:,} of {n_of:,}: {_percent(dot)}, between {_percent(share.low)} and {_percent(share.high)}"
    )
    low, at, high = (round(_WIDE * part, 1) for part in (share.low, dot, share.high))
    return Whisker(7.0 + 13.0 * n, low, at, high, hollow, label)


def _percent(share: float) -> str:
    return f"{100 * share:.0f} %"


def _odds(one: Pattern) -> str:
    """The odds here over those elsewhere, with their interval, in figures."""
    if one.odds is None:
        return "no others to compare"
    low, middle, high = one.odds
    if low == 0 and isinf(high):
        return "cannot be told"
    upper = "any number" if isinf(high) else _times(high)
    if isinf(middle):
        return f"at least {_times(low)} times"
    return f"{_times(middle)} times ({_times(low)} to {upper})"


def _times(number: float) -> str:
    return f"{number:,.0f}" if number >= 10 else f"{number:.1f}" if number >= 0.1 else f"{number:.2f}"


def _chance(one: Pattern) -> str:
    if one.chance is None:
        return ""
    return "hardly chance alone" if one.is_clear else "may be chance"


def _rest(one: Pattern) -> str:
    """On how many origins the hits rest: one that tells all is a pattern of its telling."""
    if len(one.origins) == 1:
        return f"all on the word of {words.article(one.origins[0])}"
    single = f"; {len(one.single):,} of {len(one.here.hit):,} on one each" if one.single else ""
    return f"{words.number(len(one.origins), 'origin')}{single}"


def tagged(one: Alleged, held: dict[ClaimId, Claim]) -> Passage:
    """One article in a sentence, as alleged, with the claims that led to it."""
    text = (
        f"Article {one.article}, {one.title} (alleged): {one.why}. "
        f"To be established: {one.hint}, and that it belongs to an armed conflict."
    )
    return Passage(text, tuple(held[name] for name in one.claims if name in held))
