"""The register of parties: who a name may stand for, by which list, and how two parties stand to each other.

A name is looked for by its letters, then by its words, then by its sounds, and each answer carries the
reason in words. Nothing is learnt and nothing is guessed: what several parties may be called stays several.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cache, cached_property, lru_cache

from rapidfuzz.distance import Indel

from tallystick.values.agreement import Verdict
from tallystick.values.names import countries, fold
from tallystick.values.parties.base import STATE, Entry, Name, Tie, Years, base
from tallystick.values.places.gazetteer import Refused
from tallystick.values.scripts import likeness, script, sound

KINDS = ("letters", "words", "sounds")
SHORTEST = 4  # consonants: of fewer, too many names sound alike
LEAST = 0.85  # likeness of two names by their sounds in one script; bench/parties.py tells what it costs
VOICED = 0.7  # of each word with its vowels
LEAST_ACROSS = 0.75  # and across scripts, some of which write no short vowels
_INITIALS = re.compile(r"(?<!\w)(?:[A-Z]{2,5}|[B-DF-HJ-NP-TV-XZ]+)(?!\w)")
# What a name says of its bearer's sort alone, and the small words of the languages that such names are in.
_SORTS_OF = frozenset(
    (
        "group",
        "movement",
        "militia",
        "organization",
        "faction",
        "network",
        "fighters",
        "rebels",
        "militants",
        "insurgents",
    )
)
_SMALL = frozenset(
    re.findall(
        r"\w+",
        "of for the and to in de del d la le les l des du da do y e et para pour por a li fi i yi bi wal wa",
    )
)
# One word for what names say in several forms and languages: the form first, then the others, all folded.
_FORMS = {
    other: line.split()[0]
    for line in (
        "organization organisation organisations organizations organisation organizacion organizacao tanzim", "defense defence defensa", "force forces fuerzas fuerza forcas",
        "unit units", "brigade brigades liwa liwaa brigada brigadas", "battalion battalions katiba katibat bataillon batallon", "people peoples peuple pueblo povo", "martyr martyrs",
        "worker workers", "revolutionary revolutionaries revolutionnaire revolutionnaires revolucionario revolucionaria revolucionarias", "front fronts frente jabhat jabha jabhet",
        "movement movements mouvement mouvements movimiento movimento harakat", "group groups groupe groupes grupo grupos", "militia militias milice", "army armee ejercito exercito jaish jaysh jeish",
        "party parti partido partiya partito hizb", "liberation liberacion libertacao tahrir", "national nationale nationales nacional", "popular populaire", "democratic democratique democratiques democratico democratica",
        "union unity unite union unidad uniao", "resistance resistencia", "patriotic patriotique patriotiques patriotico", "patriot patriots patriotes patriotas", "alliance alianza alianca", "armed armees armadas arme armado",
        "legion faylaq failaq", "division firqat firqa", "supporter supporters ansar", "council conseil consejo conselho majlis", "congress congres congreso", "rally rassemblement", "republic republique republica",
        "independence independance independencia", "salvation salut salvation", "coordination coordinadora", "islamic islamique islami islamiya islamiyya islamist", "soldier soldiers jund",
        "congo congolais congolaise congolese", "left izquierda gauche", "state etat estado", "command comando", "total totale", "azawad azaouad", "justice justicia", "peace paix paz", "change changement",
    )
    for other in line.split()[1:]
}  # fmt: skip


# Words that many names share: of themselves they tell no party from another.
_COMMON = (
    frozenset(_FORMS.values())
    | frozenset(fold(land) for land in countries().values())
    | frozenset(fold(word) for word in countries())
)


@dataclass(frozen=True, slots=True)
class Found:
    """A party that a name may stand for: the name of the list that was found, how like it is, and why in words."""

    entry: Entry
    spelt: Name
    like: float
    why: str


@dataclass(frozen=True, slots=True)
class Standing:
    """How two parties stand to each other, and why."""

    verdict: Verdict
    why: str


class Parties:
    """All the parties that are known: the base, any number of lists, and a case's own list, which wins.

    What is known does not depend on the order of the lists. Rows of several lists are one party only
    where one of them says so by the other's id. ``refused`` holds the rows that were not taken.
    """

    def __init__(
        self,
        lists: Iterable[Iterable[Entry | Refused]] = (),
        own: Iterable[Entry | Refused] = (),
        based: bool = True,
    ) -> None:
        self.refused: list[Refused] = []
        self.taken: Counter[str] = Counter()
        told: dict[tuple[int, str, str], Entry] = {}
        for rank, rows in ((0, own), (1, base() if based else ()), *((2, rows) for rows in lists)):
            for row in rows:
                if isinstance(row, Refused):
                    self.refused.append(row)
                    continue
                key = (rank, row.list, row.code)
                before = told.get(key)
                told[key] = row if before is None else min(before, row, key=repr)
                if before is not None and before != row:
                    self.refused.append(
                        Refused(
                            row.list,
                            0,
                            row.name,
                            f"its id {row.code} is given to two rows of lists of this name",
                        )
                    )
                elif before is None:
                    self.taken[row.list] += 1
        self.refused.sort(key=lambda each: (each.source, each.row, each.name, each.why))
        self.entries = tuple(told[key] for key in sorted(told))
        self._rank = {id(entry): key[0] for key, entry in told.items()}
        self._join()
        self._letters: dict[str, list[tuple[Entry, Name]]] = {}
        for entry, name in self._every():
            if letters := fold(name.text):
                self._letters.setdefault(letters, []).append((entry, name))

    def _join(self) -> None:
        """Other lists' rows put with the entries that name them as the same."""
        self._into: dict[str, Entry] = {}
        for entry in self.entries:
            for code in entry.same:
                self._into.setdefault(code, entry)

    def _every(self) -> Iterator[tuple[Entry, Name]]:
        for entry in self.entries:
            into = self._into.get(entry.code, entry) if self._rank[id(entry)] == 2 else entry
            for name in entry.every:
                yield into, name if into is entry else replace(name, usual=into.name)

    @cached_property
    def _words(self) -> dict[str, list[tuple[Entry, Name]]]:
        """By the words of a name without order, endings and the words that say only that it is a group."""
        out: dict[str, list[tuple[Entry, Name]]] = {}
        for entry, name in self._every():
            if key := _gist(name.text):
                out.setdefault(key, []).append((entry, name))
        return out

    @cached_property
    def _sounds(self) -> dict[str, list[tuple[Entry, Name]]]:
        out: dict[str, list[tuple[Entry, Name]]] = {}
        for entry, name in self._every():
            if key := sound(name.text).coarse:
                out.setdefault(key, []).append((entry, name))
        return out

    def find(
        self, name: str, on: date | None = None, countries: Collection[str] = (), kinds: Sequence[str] = KINDS
    ) -> tuple[Found, ...]:
        """The parties that ``name`` may stand for, the likeliest first, each with the reason.

        The same letters go before the same words, these before the same sounds; a weaker likeness is
        looked at only where there is no stronger one. A name that a party bore at another time than
        ``on`` stays a candidate, with the reason saying so, unless another party bore it then.
        ``countries`` keep those that belong to one of them, where any does.
        """
        for kind in kinds:
            hits: Sequence[tuple[Entry, Name]] = ()
            if kind == "letters":
                hits = self._letters.get(fold(name), ())
            elif kind == "words":
                hits = self._words.get(_gist(name), ())
            elif len(key := sound(name).coarse) >= SHORTEST:
                hits = self._sounds.get(key, ())
            if found := self._best(name, kind, hits, on):
                return _of(found, countries)
        return ()

    def _best(
        self, name: str, kind: str, hits: Iterable[tuple[Entry, Name]], on: date | None
    ) -> tuple[Found, ...]:
        best: dict[int, tuple[tuple[bool, float, int], Found]] = {}
        for entry, spelt in hits:
            like = (
                1.0
                if kind == "letters"
                else (_worded_alike if kind == "words" else _heard_alike)(name, spelt.text)
            )
            if not like:
                continue
            then = spelt.years.holds(on)
            order = (then is not False, like, -len(spelt.text))
            if id(entry) not in best or order > best[id(entry)][0]:
                best[id(entry)] = order, Found(entry, spelt, like, _why(name, kind, entry, spelt, on))
        if not best:
            return ()
        # A name that another party of as good a list bore on that day is that one's.
        bearers = {self._rank[key] for key, (order, _) in best.items() if order[0]}
        best = {key: each for key, each in best.items() if each[0][0] or self._rank[key] not in bearers}
        own = {key: each for key, each in best.items() if self._rank[key] == 0}
        ranked = sorted(
            (own or best).items(),
            key=lambda each: (
                -each[1][0][1],
                self._rank[each[0]],
                each[1][1].entry.list,
                each[1][1].entry.code,
            ),
        )
        return tuple(found for _, (_, found) in ranked)

    def one(
        self, name: str, on: date | None = None, countries: Collection[str] = (), kinds: Sequence[str] = KINDS
    ) -> Found | None:
        """The one party that ``name`` stands for: the only one, or the only one of the list that goes first."""
        return self.first(self.find(name, on, countries, kinds))

    def first(self, found: Sequence[Found]) -> Found | None:
        """The only one of ``found``, or the only one of the list that goes first among them; else ``None``."""
        if not found:
            return None
        best = min(self._rank[id(each.entry)] for each in found)
        rivals = [each for each in found if self._rank[id(each.entry)] == best]
        return rivals[0] if len(rivals) == 1 else None

    @cached_property
    def _descriptions(self) -> dict[str, list[tuple[Entry, bool]]]:
        out: dict[str, list[tuple[Entry, bool]]] = {}
        for entry in self.entries:
            for words, alone in entry.described:
                out.setdefault(fold(words), []).append((entry, alone))
        return out

    def described(self, words: str) -> Sequence[tuple[Entry, bool]]:
        """The parties that ``words`` describe, each with whether the description suffices where no report names it."""
        return self._descriptions.get(fold(words), ())

    def below(self, entry: Entry, on: date | None = None) -> Iterator[Entry]:
        """Every party that is part of ``entry`` without another between them."""
        for each in self.entries:
            for tie in each.ties:
                if tie.kind == "part of" and tie.years.holds(on) is not False and self._is(tie.to, entry):
                    yield each

    def above(self, entry: Entry, on: date | None = None) -> Iterator[tuple[Entry, tuple[Tie, ...]]]:
        """Every party that ``entry`` is part of, and the ties that lead there; ties certainly not of ``on`` are left out."""
        due: list[tuple[Entry, tuple[Tie, ...]]] = [(entry, ())]
        seen = {id(entry)}
        while due:
            here, way = due.pop(0)
            for tie in here.ties:
                if tie.kind != "part of" or (on is not None and tie.years.holds(on) is False):
                    continue
                if not all(tie.years.meets(before.years) for before in way):
                    continue
                up = self.one(tie.to, kinds=("letters",))
                if up and id(up.entry) not in seen:
                    seen.add(id(up.entry))
                    due.append((up.entry, (*way, tie)))
                    yield up.entry, (*way, tie)

    def relation(self, left: str, right: str, on: date | None = None) -> Standing | None:
        """How two names stand to each other by what the lists say; ``None`` where they do not know both.

        Only names as the lists write them count here: ``find`` likens spellings, and says so.
        """
        a, b = (self.one(name, on, kinds=("letters",)) for name in (left, right))
        if a is None or b is None:
            return None
        if a.entry is b.entry:
            dated = [each.why for each in (a, b) if each.spelt.years != Years()]
            return Standing(
                Verdict.AGREE,
                "; ".join((f"{left!r} and {right!r} are names of {a.entry.name}", *dict.fromkeys(dated))),
            )
        return self.standing(a.entry, b.entry, on)

    def standing(self, one: Entry, other: Entry, on: date | None = None) -> Standing:
        """How two parties of the lists stand to each other, and why.

        ``compatible`` one is part of the other, both are of one government, or one came out of the
        other; ``conflict`` a state's arm and an armed group that no list puts together; ``unknown``
        otherwise. Being allied, or at war, tells nothing about who did a deed.
        """
        ups, downs = list(self.above(one, on)), list(self.above(other, on))
        for lower, ways, upper in ((one, ups, other), (other, downs, one)):
            for up, ties in ways:
                if up is upper:
                    return _within(f"{lower.name} is {', '.join(map(str, ties))}", ties, on)
        for up, ties in ups:
            for same, others in downs:
                if (
                    up is same
                    and up.sort == "government"
                    and all(a.years.meets(b.years) for a in ties for b in others)
                ):
                    return _within(f"both are part of {up.name}", (*ties, *others), on)
        for this, that in ((one, other), (other, one)):
            for tie in this.ties:
                if tie.kind != "part of" and self._is(tie.to, that) and tie.years.holds(on) is not False:
                    verdict = Verdict.COMPATIBLE if tie.kind == "successor of" else Verdict.UNKNOWN
                    return Standing(
                        verdict, f"{this.name} is {tie}" if tie.kind != "split from" else f"{this.name} {tie}"
                    )
        if "armed group" in (one.sort, other.sort) and (one.sort in STATE) != (other.sort in STATE):
            return Standing(Verdict.CONFLICT, f"{one.name} is {_a(one.sort)}, {other.name} {_a(other.sort)}")
        return Standing(Verdict.UNKNOWN, f"no list says how {one.name} and {other.name} stand to each other")

    def _is(self, name: str, entry: Entry) -> bool:
        found = self.one(name, kinds=("letters",))
        return found is not None and found.entry is entry


@cache
def basic() -> Parties:
    """The register of the base alone."""
    return Parties()


@lru_cache(maxsize=65536)
def _gist(name: str) -> str:
    """The words of a name that tell it from others, in the order of the alphabet, as languages turn their own."""
    every = _told(name)
    told = [word for word in every if word not in _SORTS_OF]
    if sum(map(len, told)) < 4 or (len(told) < len(every) and _COMMON.issuperset(told)):
        return ""  # "Syrian rebels" are not Syria, nor an "Islamist group" any that is Islamic by name
    return " ".join(sorted(told))


@lru_cache(maxsize=65536)
def _told(name: str) -> tuple[str, ...]:
    lands = countries_folded()
    words = (_FORMS.get(word, word) for word in fold(re.sub(r"[’'´`]s\b", "", name)).split())
    return tuple(lands.get(word, word) for word in words if word not in _SMALL)


def _worded_alike(left: str, right: str) -> float:
    """Whether two names that share their words are one: not where they say two sorts of group, nor where two words change places.

    "Polisario Front" and "Frente Polisario" are; "God's Army" is not the Army of God.
    """
    sorts = _sort_words(left), _sort_words(right)
    if all(sorts) and sorts[0] != sorts[1]:
        return 0.0
    one, other = ([word for word in _told(name) if word not in _SORTS_OF] for name in (left, right))
    foreign = any(
        word in _FORMS and word not in _FORMS.values()
        for name in (left, right)
        for word in fold(name).split()
    )
    return 0.97 if one == other or len(one) > 2 or foreign else 0.0


def _sort_words(name: str) -> frozenset[str]:
    return _SORTS_OF & set(_told(name))


def _heard_alike(left: str, right: str) -> float:
    """How far two names that share their consonants sound alike, 0 where a number, initials or one short word differ."""
    if (
        re.findall(r"\d+", left) != re.findall(r"\d+", right)
        or _INITIALS.search(left)
        or _INITIALS.search(right)
    ):
        return 0.0
    like = likeness(left, right)
    if script(left) != script(right):
        return like if like >= LEAST_ACROSS else 0.0
    words = ([sound(word) for word in _told(name)] for name in (left, right))
    for a, b in zip(*words, strict=False):
        # Of a short word the vowels tell the most: "Gok" is not "Gak".
        like_word = (
            a.voiced == b.voiced
            if len(a.coarse) < 3
            else Indel.normalized_similarity(a.voiced, b.voiced) >= VOICED
        )
        if not like_word:
            return 0.0
    return like if like >= LEAST else 0.0


@cache
def countries_folded() -> dict[str, str]:
    """Adjectives and names of countries, folded, one word each, to the country's folded name."""
    return {fold(word): fold(land) for word, land in countries().items() if " " not in fold(word)}


def _of(found: tuple[Found, ...], lands: Collection[str]) -> tuple[Found, ...]:
    wanted = {fold(land) for land in lands}
    kept = tuple(each for each in found if wanted & {fold(land) for land in each.entry.countries})
    return kept or found


def _why(name: str, kind: str, entry: Entry, spelt: Name, on: date | None) -> str:
    where = f"({entry.source})"
    if spelt.years != Years():
        why = f"{spelt.text!r} is what {entry.called(None)} was called {spelt.years} {where}"
        if spelt.years.holds(on) is False and on is not None:
            why += f"; on {on} it was called {entry.called(on)}"
    elif spelt.text == entry.name:
        why = f"{spelt.text!r} is its usual name {where}"
    else:
        why = f"{spelt.text!r} is another name of {entry.name} {where}"
    if kind == "words":
        return f"{name!r} has the words of {spelt.text!r}; {why}"
    if kind == "sounds":
        return f"{name!r} sounds like {spelt.text!r}; {why}"
    return why


def _within(why: str, ties: Sequence[Tie], on: date | None) -> Standing:
    """One part of the other, or both of one: told only where the day is, if any of the ties has ended."""
    ended = [tie for tie in ties if tie.years.until]
    if on is None and ended:
        return Standing(Verdict.UNKNOWN, f"{why}: {ended[0]}, and no day is told")
    return Standing(Verdict.COMPATIBLE, why)


def _a(sort: str) -> str:
    return f"an {sort}" if sort[0] in "aeio" else f"a {sort}"
