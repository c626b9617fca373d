"""Names as written, and whether two spellings may be one name.

Folding never replaces a name: it is a key beside it. A likeness of strings alone merges
nothing; it is one reason among others for whoever compares.
"""

from __future__ import annotations

import re
from functools import lru_cache
from importlib.resources import files

from anyascii import anyascii
from rapidfuzz.fuzz import ratio

from tallystick.values.likeness import compare, told_apart
from tallystick.values.scripts import script

_ARTICLES = frozenset(("the", "al", "el", "ad", "as", "ash", "an", "ar", "at", "az"))
_CONFUSED = str.maketrans("qczgxvp", "kkskkbb")
_OTHER = re.compile(r"[^a-z0-9]+")
_FOREIGN = re.compile(r"[^\x00-\x7f]+")  # what has a Latin reading, letter by letter; ASCII is its own
_SIDE = re.compile(r"((?:north|south|east|west)+|upper|lower|inner|outer)(?:ern)?")
_NUMBER = re.compile(r"(\d+)\w*")


@lru_cache(maxsize=65536)
def fold(name: str | None) -> str:
    """A key for comparing: Latin letters, lower case, no articles, no punctuation."""
    latin = _FOREIGN.sub(lambda told: anyascii(told[0]), name or "")
    words = _OTHER.sub(" ", latin.lower()).split()
    return " ".join(word for word in words if word not in _ARTICLES)


def alike(left: str | None, right: str | None, floor: float = 84.0) -> bool:
    """Whether two names may be one: equal when folded, one holding the other's words, or close in spelling.

    "East Tarsin" is not "West Tarsin", nor is an Iraqi body an Iranian one, close as their spellings are.

    ``floor`` is rapidfuzz's normalised similarity in percent. Empty names are like nothing.
    """
    a, b = fold(left), fold(right)
    if not a or not b:
        return False
    if a == b:
        return True
    words_a, words_b = set(a.split()), set(b.split())
    if words_a <= words_b or words_b <= words_a:
        return True
    if ratio(a, b) < floor or _told_apart(words_a - words_b, words_b - words_a):
        return False
    # In another script than Latin a side is no English word.
    return _latin(left, right) or not told_apart(left or "", right or "")


@lru_cache(maxsize=65536)
def spelt_alike(left: str | None, right: str | None) -> bool:
    """Whether two names of places may be two spellings of one: ``alike``, or one skeleton and close in letters.

    "Hass" and "Haas", "Hasakah" and "Hassakeh". Looser than ``alike``: for names that other evidence
    already brings together, a place within one country, never for persons. Names in two scripts are
    compared by their sounds and by what their generic words mean (``likeness.compare``).
    """
    if not _latin(left, right):
        heard = compare(left or "", right or "", "place").same
        return heard or (script(left or "") == script(right or "") and alike(left, right))
    if alike(left, right):
        return True
    a, b = fold(left), fold(right)
    one, other = ({skeleton(word) for word in name.split()} for name in (a, b))
    shared = one & other
    if not shared or not (one <= other or other <= one):
        return False
    # Of few consonants the vowels must agree the more: Douma is not Dama.
    return ratio(a, b) >= (55.0 if max(map(len, shared)) >= 3 else 70.0)


def _latin(left: str | None, right: str | None) -> bool:
    """Whether both names are in Latin letters, as far as their first letters tell."""
    return all(not name or name.isascii() or script(name) == "latin" for name in (left, right))


def _told_apart(left: set[str], right: set[str]) -> bool:
    """Whether the words in which two names differ mean two sides, numbers, countries or initials."""
    if _marks(left) != _marks(right):
        return True
    one, other = ({word for word in words if len(word) == 1} for words in (left, right))
    return bool(one and other and one != other)


def _marks(words: set[str]) -> set[str]:
    """The sides, numbers and countries among ``words``, each in one form."""
    formed = (_SIDE.fullmatch(word) or _NUMBER.fullmatch(word) for word in words)
    return {match[1] for match in formed if match} | {
        countries()[word] for word in words if word in countries()
    }


@lru_cache(maxsize=65536)
def skeleton(word: str) -> str:
    """A coarse key of one folded word: its consonants, with what transliterations confuse made one.

    "Hasakah" and "Hassakeh", "Idlib" and "Idleb", "sheikh" and "shaykh" share theirs. For finding
    candidates only: words that share it need not be one name.
    """
    first = re.sub("[aeiou]", "a", word[:1])
    rest = re.sub("[aeiouhyw]", "", word[1:]).translate(_CONFUSED)
    return first.translate(_CONFUSED) + re.sub(r"(.)\1+", r"\1", rest)


@lru_cache(maxsize=1)
def country_words() -> tuple[str, ...]:
    """Every country's name and adjectives as they are written, longest first."""
    lines = files("tallystick.values").joinpath("countries.tsv").read_text(encoding="utf-8").splitlines()
    return tuple(
        sorted(
            {word for line in lines for word in re.split("[\t,]", line.rpartition("\t")[0])},
            key=lambda w: (-len(w), w),
        )
    )


@lru_cache(maxsize=1)
def countries() -> dict[str, str]:
    """Every country's name and adjectives, in lower case, to its usual English name."""
    table: dict[str, str] = {}
    for line in files("tallystick.values").joinpath("countries.tsv").read_text(encoding="utf-8").splitlines():
        name, adjectives, _ = line.split("\t")
        for word in (name, *adjectives.split(",")):
            table[word.lower()] = name
    return table


@lru_cache(maxsize=1)
def country_names() -> frozenset[str]:
    """The names of countries alone, in lower case, without their adjectives."""
    return frozenset(name.lower() for name in countries().values())


@lru_cache(maxsize=1)
def country_codes() -> dict[str, str]:
    """ISO 3166-1 codes of two letters to the usual English names of countries."""
    lines = files("tallystick.values").joinpath("countries.tsv").read_text(encoding="utf-8").splitlines()
    return {line.split("\t")[2]: line.split("\t")[0] for line in lines}
