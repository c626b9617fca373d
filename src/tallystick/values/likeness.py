"""Whether two names, in whatever scripts, may be one: of a place, of a person, of an organisation; and why.

Sounds decide (``scripts``), and beside them the words that names share by their meaning: "حي الشيخ سعيد" is
"Sheikh Saeed district", "East Ghouta" is not "الغوطة الغربية", whatever they sound like. The words are
a short table (``senses.tsv``) of generic words: none of them names anything by itself.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from importlib.resources import files
from itertools import chain
from typing import Final, Literal, NamedTuple

from tallystick.values.scripts import Sound, bare, heard, near, voiced

Sort = Literal["place", "person", "organisation"]

# The least likeness of two names of one sort: where F1 is best on the training part of ANETAC against random and
# near-miss negatives together (``bench/names.py`` measures on its test part).
FLOOR: Final[dict[Sort, float]] = {"place": 0.85, "person": 0.85, "organisation": 0.84}
WORDS = 12  # of a name of more words, none is compared by itself
WORD = 0.79  # the least likeness of each two words that stand for each other in names of several
JOINED = 0.93  # the least likeness of two names that are parted otherwise
PART = 0.88  # of full likeness, where a person's name is told in part

_WORD = re.compile(r"[^\W_]+(?:['’ʿʾʼ`][^\W_]+)*")
_NUMBER = re.compile(r"\d+")
_SPELT_OUT = re.compile(r"\d+(?:st|nd|rd|th|й|я|е|го|а)?")
_ENDINGS = "ый ий ой ая яя ое ее ые ие ого его ому ему ым им ом ем ой ей ых их ую юю ої ій ою а у и і е я ь о"


class Likeness(NamedTuple):
    """How alike two names are, 0 to 1; ``same`` where they may be one name (``score`` at or above the floor
    of the sort); ``why`` in words.

    ``score`` is 1 only where every sound agrees. It merges nothing: it is one reason among others.
    """

    score: float
    same: bool
    why: str


class _Sense(NamedTuple):
    kind: str
    senses: tuple[str, ...]


class _Meant(NamedTuple):
    """What a name tells by meaning: its senses by kind, its numbers, and the sound of its other words."""

    own: Sound
    said: bytes
    side: frozenset[str]
    loose: frozenset[str]
    kept: frozenset[str]
    numbers: frozenset[str]


class _Heard(NamedTuple):
    """A name as compared: its sound whole and word by word, and what is known by meaning, if anything is."""

    whole: Sound
    said: bytes
    meant: _Meant | None


_NONE: Final[frozenset[str]] = frozenset()
_NOTHING: Final = _Meant(Sound("", "", True), b"", _NONE, _NONE, _NONE, _NONE)
_ALIKE, _UNLIKE, _EQUAL = "sound alike", "do not sound alike enough", "every sound agrees"


def compare(left: str, right: str, sort: Sort = "place") -> Likeness:
    """How alike two names of one ``sort`` are, whether they may be one, and why.

    Symmetric, deterministic, and without regard to case, articles, vowel and direction marks. Names that
    differ by a side, a number, an age or a generic word are apart, close as they sound; a person may be
    named in part, in another order, or with initials. Raises ``KeyError`` for a sort that is none.
    """
    floor = FLOOR[sort]
    a, b = _heard(left, sort), _heard(right, sort)
    score = near(a.whole, b.whole)
    if not a.whole.voiced or not b.whole.voiced:
        return Likeness(0.0, False, "a name without a letter that sounds")
    if a.meant is None is b.meant:
        return _by_words(a, b, score, floor, sort)
    return _by_sense(a, b, score, floor, sort)


def told_apart(left: str, right: str) -> bool:
    """Whether two names of places or bodies tell different numbers or different sides, in whatever scripts."""
    one, other = (_heard(name, "organisation").meant or _NOTHING for name in (left, right))
    return bool(one.numbers != other.numbers or (one.side and other.side and one.side != other.side))


def _by_sense(a: _Heard, b: _Heard, score: float, floor: float, sort: Sort) -> Likeness:
    """Two names of which at least one has words known by their meaning."""
    one, other = a.meant or _NOTHING._replace(own=a.whole), b.meant or _NOTHING._replace(own=b.whole)
    if one.numbers != other.numbers:
        return _apart(score, floor, one.numbers ^ other.numbers, "they differ by the number")
    if one.side and other.side and one.side != other.side:
        return _apart(score, floor, one.side ^ other.side, "they differ by")
    if sort != "person":
        if one.loose and other.loose and one.loose.isdisjoint(other.loose):
            return _apart(score, floor, one.loose ^ other.loose, "two kinds:")
        # A word that is known in one script alone is still heard: "Velikiy" is "Великий".
        if score >= floor and _in_order(a, b, score):
            return Likeness(score, True, _EQUAL if score == 1.0 else _ALIKE)
    if one.side != other.side:
        return _apart(score, floor, one.side ^ other.side, "they differ by")
    if one.kept != other.kept:
        return _apart(score, floor, one.kept ^ other.kept, "called otherwise:")
    if not one.own.voiced and not other.own.voiced and one.loose == other.loose and (one.side or one.numbers):
        return Likeness(max(score, floor), True, "the same words by their meaning")
    if not one.own.voiced or not other.own.voiced:
        heard_alike = score >= floor and _in_order(a, b, score)
        told = _EQUAL if score == 1.0 else _ALIKE if heard_alike else "one is no more than a generic word"
        return Likeness(score if heard_alike else min(score, floor - 0.01), heard_alike, told)
    best = near(one.own, other.own)
    if best == 1.0 and score < 1.0:
        best = 0.99  # every sound of the names themselves; not of the words around them
    found = _by_words(
        a._replace(said=one.said or a.said), b._replace(said=other.said or b.said), best, floor, sort
    )
    if found.same and found.score < 1.0:
        return Likeness(found.score, True, f"{found.why}, generic words by their meaning")
    return found


def _in_order(a: _Heard, b: _Heard, score: float) -> bool:
    """Whether two names are alike word by word, or, where one is parted otherwise, alike enough as a whole."""
    left, right = _parted(a.said, a.whole.short), _parted(b.said, b.whole.short)
    if len(left) == len(right):
        return min(map(near, left, right)) >= WORD
    return score >= JOINED


def _by_words(a: _Heard, b: _Heard, score: float, floor: float, sort: Sort) -> Likeness:
    """Two names by their own words: in order for places and organisations, in any order for persons."""
    if (
        0 < max(a.said.count(b" "), b.said.count(b" ")) < WORDS
        and score < 1.0
        and (score >= floor or sort == "person")
    ):
        if sort == "person":
            left, right = _parted(a.said, a.whole.short), _parted(b.said, b.whole.short)
            return _person(left, right, score, floor)
        if a.said.count(b" ") == b.said.count(b" ") and not _in_order(a, b, score):
            return Likeness(floor - 0.01, False, "two of their words differ")
    return Likeness(score, score >= floor, _EQUAL if score == 1.0 else _ALIKE if score >= floor else _UNLIKE)


def _person(left: tuple[Sound, ...], right: tuple[Sound, ...], whole: float, floor: float) -> Likeness:
    """Two persons: every word of the shorter name in the longer one, an initial for a word that begins so."""
    if len(left) != len(right) and whole >= JOINED:
        # "Nour Eddine", "Noureddine"
        return Likeness(min(whole, 0.999), True, "sound alike, joined otherwise")
    short, long = (left, right) if (len(left), left) <= (len(right), right) else (right, left)
    mine: list[int] = []
    total = full = spelt = 0.0
    for one in short:
        best, at = 0.0, -1
        for j, other in enumerate(long):
            like = _word(one, other)
            if like > best and j not in mine:
                best, at = like, j
        if best < WORD:
            return Likeness(min(whole, floor - 0.01), False, "each has a word that the other has not")
        mine.append(at)
        size = len(one.voiced) + len(long[at].voiced)
        total, full = total + best * size, full + size
        spelt += len(one.voiced) > 1 < len(long[at].voiced)
    if not spelt or (len(short) == 1 < len(long) and mine[0] != len(long) - 1):
        return Likeness(min(whole, floor - 0.01), False, "they share no more than a given name or initials")
    score = total / full
    if score < floor:
        return Likeness(min(whole, floor - 0.01, score), False, _UNLIKE)
    if len(short) == len(long) == spelt:
        return Likeness(min(score, 0.999), True, "word by word alike")
    part = floor + (score - floor) * PART * spelt / len(long)
    return Likeness(part, True, "alike as far as told: initials, or one name has more words")


def _word(one: Sound, other: Sound) -> float:
    if len(one.voiced) == 1 or len(other.voiced) == 1:
        return 1.0 if one.voiced[:1] == other.voiced[:1] or one.coarse[:1] == other.coarse[:1] != "" else 0.0
    return near(one, other)


def _apart(score: float, floor: float, words: frozenset[str], told: str) -> Likeness:
    return Likeness(min(score, floor - 0.01), False, f"{told} {', '.join(sorted(words))}")


@lru_cache(maxsize=8192)  # what is kept costs the garbage collector more than hearing it again
def _heard(name: str, sort: Sort) -> _Heard:
    folded = bare(name)
    known = _senses(sort)
    whole, said = heard(folded)
    if folded.isalpha() and folded not in known:
        return _Heard(whole, said, None)
    plain = folded.replace(" ", "").isalpha()
    words = folded.split() if plain else _WORD.findall(folded)
    if known.keys().isdisjoint(words) and (plain or not _NUMBER.search(folded)):
        return _Heard(whole, said, None)
    senses: dict[str, set[str]] = {"side": set(), "loose": set(), "kept": set()}
    rest = []
    for word in words:
        if (sense := known.get(word)) is not None:
            senses[sense.kind].update(sense.senses)
        elif not _SPELT_OUT.fullmatch(word):
            rest.append(word)
    own, own_said = heard(" ".join(rest))
    side, loose, kept = map(frozenset, senses.values())
    return _Heard(whole, said, _Meant(own, own_said, side, loose - {"the"}, kept, _numbers(folded)))


@lru_cache(maxsize=8192)
def _parted(said: bytes, short: bool) -> tuple[Sound, ...]:
    """The words of a name, each with its own sounds."""
    return tuple([voiced(word, short) for word in said.split()])


def _numbers(folded: str) -> frozenset[str]:
    """The numbers in a name, in whatever digits, without leading noughts."""
    found = _NUMBER.findall(folded)
    return frozenset("".join(str(unicodedata.decimal(sign)) for sign in one).lstrip("0") for one in found)


@lru_cache(maxsize=3)
def _senses(sort: Sort) -> dict[str, _Sense]:
    """Every generic word that counts in names of ``sort``, as written, with its article and endings."""
    letter = {"place": "p", "person": "n", "organisation": "o"}[sort]
    table: dict[str, _Sense] = {}
    for line in files("tallystick.values").joinpath("senses.tsv").read_text(encoding="utf-8").splitlines():
        if line.startswith("#"):
            continue
        sorts, kind, senses, words = line.split("\t")
        if letter in sorts:
            sense = _Sense(kind, tuple(senses.split()))
            for word in chain.from_iterable(map(_written, words.split())):
                table.setdefault(word, sense)
    return table


def _written(word: str) -> list[str]:
    """The forms of a word of the table: Arabic also with its article, Russian and Ukrainian with endings."""
    if word.endswith("*"):
        return [word[:-1] + ending for ending in _ENDINGS.split()]
    folded = bare(word).casefold()
    return [folded, f"ال{folded}"] if "\u0620" <= folded[0] <= "\u06ff" else [folded]
