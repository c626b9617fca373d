"""Words found in a text however they are written there, and others put in their place.

A name is found whatever its case, accents, Arabic vowel signs and invisible characters, in composed or
decomposed letters, written as an address or JSON writes it, with up to three characters between its words
that are no letters, and broken by a hyphen at the end of a line. It is found as whole words: "Ali" stands in
"Ali's" and in "pro-Ali", not in "Alia". What a script adds to a whole word belongs to it: in Arabic the
particles that are written together with the next word and the article, in Cyrillic the endings of the cases.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from tallystick.values.masking import shadow

_BETWEEN = r"[\W_]{0,3}"
_BROKEN = "(?:[-\u2010\ufffe][ \t]*\r?\n\\s*)?"  # a word broken at the end of a line
_HARAKA = "\u0640*"  # what draws an Arabic word out
_ARABIC = re.compile("[\u0600-\u06ff]")
_CYRILLIC = re.compile("[\u0400-\u04ff]")
_UNSPACED = re.compile("[\u2e80-\u9fff\uac00-\ud7af\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff]")
_NO_LETTER = re.compile(r"[\W_\u0640]+")
_NUMBERED = re.compile(r"%[0-9a-f]{2}|\\u|&#", re.I)
_PLURAL = re.compile("[a-rt-z]$")
_ENDING = re.compile("[аеиоуыэюяіїєйьѣ]$")
# Letters that are one to whoever writes a name, and that no normal form makes one.
_ONE = str.maketrans(dict(zip("ةىکیہھøđłı", "هيكيههodli", strict=True)))
# Letters of Greek and Cyrillic that look like a Latin one, small or as capitals (Unicode's confusables).
_ALIKE = str.maketrans(
    dict(zip("аеорсухіјѕԁһԛԝӏѵвнткмαοερυνικτχβη", "aeopcyxijsdhqwlvbhtkmaoepyviktxbh", strict=True))
)
_ALIEN = re.compile("[\u0370-\u03ff\u0400-\u052f]")
_LETTERS = re.compile(r"[^\W\d_]+")
_LATIN = re.compile("[a-z]")
# Words of names that are not theirs alone.
PARTICLES = frozenset(
    [
        "the",
        "al",
        "el",
        "ad",
        "as",
        "ash",
        "an",
        "ar",
        "at",
        "az",
        "abu",
        "abou",
        "umm",
        "um",
        "bin",
        "ibn",
        "ben",
        "bint",
        "abd",
        "von",
        "van",
        "der",
        "den",
        "de",
        "da",
        "di",
        "du",
        "la",
        "le",
        "los",
        "mac",
        "mc",
        "dr",
        "mr",
        "mrs",
        "ms",
        "sir",
        "sheikh",
        "haji",
        "hajji",
        "mullah",
        "general",
        "colonel",
        "major",
        "captain",
        "and",
        "of",
    ]
)


@dataclass(frozen=True, slots=True)
class Thing:
    """What is to be hidden: every one of ``spellings`` becomes ``label``; a word of ``parts`` alone, and one
    of ``proper`` that begins with a capital, ``part``."""

    label: str
    sort: str
    spellings: tuple[str, ...]
    parts: tuple[str, ...] = ()
    part: str = "[name]"
    proper: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Edit:
    """One replacement: what stood at ``[start, end)`` of the old text stands at ``[new, new_end)`` of the
    new."""

    start: int
    end: int
    new: int
    new_end: int
    thing: Thing


@dataclass(frozen=True, slots=True)
class Hid:
    """A text with words replaced, and where."""

    text: str
    edits: tuple[Edit, ...] = ()

    def moved(self, at: int, end: bool = False) -> int:
        """Where an offset of the old text lies in the new; one inside what was replaced, at its edge."""
        shift = 0
        for edit in self.edits:
            if at <= edit.start:
                break
            if at < edit.end:
                return edit.new_end if end else edit.new
            shift = edit.new_end - edit.end
        return at + shift


def folded(text: str) -> tuple[str, list[tuple[int, int]]]:
    """``text`` without what may differ between two spellings, and where each character comes from."""
    if text.isascii() and not ("%" in text or "\\" in text or "&" in text):
        return text.casefold(), []
    told, places = shadow(text)
    return _unmixed(told.translate(_ONE)), places


def _unmixed(told: str) -> str:
    """Folded letters, those of other scripts that only look Latin made so within words that hold Latin
    ones."""
    if not (_ALIEN.search(told) and _LATIN.search(told)):
        return told
    return _LETTERS.sub(lambda word: word[0].translate(_ALIKE) if _LATIN.search(word[0]) else word[0], told)


def named(name: str) -> tuple[str, ...]:
    """The words of a name as they are looked for."""
    return tuple(re.findall(r"[^\W_]+", folded(name)[0]))


# What else is looked for: where in a text it stands, and what it is.
Other = Callable[[str], Iterable[tuple[int, int, Thing]]]


@dataclass(frozen=True, slots=True)
class _Sought:
    """One spelling that is looked for, with the letters that it cannot do without."""

    expression: str
    core: str
    thing: Thing
    part: bool
    proper: bool = False


class Hider:
    """Finds ``things`` in texts, and ``others``, which are found by what they look like."""

    def __init__(self, things: Sequence[Thing], others: Sequence[Other] = (), parts: bool = True) -> None:
        self._others, self.parts = tuple(others), parts
        found: dict[str, tuple[int, _Sought]] = {}
        for thing in things:
            for spelling in thing.spellings:
                if words := named(spelling):
                    expression, size = _expression(words), sum(map(len, words))
                    found.setdefault(expression, (-size, _Sought(expression, _core(words), thing, False)))
            for word in (*thing.parts, *thing.proper) if parts else ():
                expression, proper = _expression((word,)), word not in thing.parts
                sought = _Sought(expression, _core((word,)), thing, True, proper)
                if expression not in found or (found[expression][1].proper and not proper):
                    found[expression] = 1, sought
        # The longer first: of two that begin at one place it is the one meant.
        ordered = sorted(found.values(), key=lambda each: (each[0], each[1].expression))
        self._sought = tuple(sought for _, sought in ordered)
        self._pattern = lru_cache(maxsize=1024)(self._joined)
        self.hide = lru_cache(maxsize=65536)(self._hide)

    def found(self, text: str) -> Thing | None:
        """The first thing that stands in ``text``, if any."""
        return next((thing for _, _, _, thing in self._places(text)), None)

    def _hide(self, text: str) -> Hid:
        """``text`` with all that is to be hidden replaced; what is replaced is looked through no more."""
        out, edits, at, length = [], [], 0, 0
        for start, end, label, thing in self._places(text):
            out.append(text[at:start])
            length += start - at
            edits.append(Edit(start, end, length, length + len(label), thing))
            out.append(label)
            length += len(label)
            at = end
        return Hid("".join([*out, text[at:]]), tuple(edits)) if edits else Hid(text)

    def _places(self, text: str) -> list[tuple[int, int, str, Thing]]:
        """What stands where, in the order of the text, the longer of two that overlap."""
        found = list(self._named(text))
        for other in self._others:
            found += ((start, end, thing.label, thing) for start, end, thing in other(text))
        found.sort(key=lambda each: (each[0] - each[1], each[0]))
        kept: list[tuple[int, int, str, Thing]] = []
        for each in found:
            if all(each[1] <= one[0] or one[1] <= each[0] for one in kept):
                kept.append(each)
        return sorted(kept, key=lambda each: each[:2])

    def may_hold(self, text: str) -> bool:
        """Whether it is worth looking."""
        return bool(self._others or self._likely(text))

    def _likely(self, text: str) -> tuple[int, ...]:
        """What may stand in ``text`` by its letters alone: all, where it writes letters as numbers."""
        if _NUMBERED.search(text):
            return tuple(range(len(self._sought)))
        letters = _letters(text)
        return tuple(n for n, sought in enumerate(self._sought) if sought.core in letters)

    def _joined(self, which: tuple[int, ...]) -> re.Pattern[str]:
        """One expression for some of what is sought."""
        named_groups = (
            f"(?P<t{n}>{self._sought[n].expression.replace('(?P<name>', f'(?P<n{n}>', 1)})" for n in which
        )
        return re.compile("|".join(named_groups))

    def _named(self, text: str) -> Iterable[tuple[int, int, str, Thing]]:
        likely = self._likely(text)
        if not likely:
            return
        pattern, (told, places) = self._pattern(likely), folded(text)
        at = 0
        while (match := pattern.search(told, at)) is not None:
            group = str(match.lastgroup)[1:]
            sought = self._sought[int(group)]
            first, last = match.span(f"n{group}")
            start, end = (places[first][0], places[last - 1][1]) if places else (first, last)
            while end < len(text) and unicodedata.category(text[end]) in ("Mn", "Me", "Cf"):
                end += 1  # an accent that stands after its letter, a sign of direction
            at = first + 1
            if not sought.proper or _proper(text[start]):
                yield start, end, sought.thing.part if sought.part else sought.thing.label, sought.thing
                at = max(last, at)


def _letters(text: str) -> str:
    """The letters of ``text`` alone, run together: quick to look through, and none of a name is lost."""
    if not text.isascii():
        text = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    return _NO_LETTER.sub("", _unmixed(text.casefold().translate(_ONE)))


def _core(words: Sequence[str]) -> str:
    """Letters without which a name of these folded words cannot stand in a text, run together or not."""
    if not any(_ARABIC.search(word) or _CYRILLIC.search(word) for word in words):
        return "".join(words)
    longest = max(words, key=len)  # of what may have an article, or another ending
    if _ARABIC.match(longest):
        longest = longest.removeprefix("ال") if len(longest) > 4 else longest
    return _ENDING.sub("", longest.replace("\u0640", ""))


def _proper(letter: str) -> bool:
    """Whether a word that begins so may be a name: a capital where the script has capitals."""
    return not letter.islower()


def _expression(words: Sequence[str]) -> str:
    """An expression for a name of these folded words, as whole words of their script; its group is the
    name."""
    every = "".join(words)
    # Where scripts write no spaces, a name stands in the midst of letters.
    apart = not _UNSPACED.search(every)
    body = _BETWEEN.join(_word(word) for word in words)
    if len(words[-1]) >= 3 and _PLURAL.search(words[-1]):
        body += "(?:e?s)?"  # "the Venns"
    body = f"(?P<name>{body})"
    if not apart:
        return body
    before, after = r"(?<![^\W_])", r"(?![^\W_])" if every[-1].isdecimal() else r"(?!\d*[^\W\d_])"
    particles = "[وفبلك]{0,2}" if _ARABIC.match(words[0]) else ""
    return f"{before}{particles}{body}{after}"


def _word(word: str) -> str:
    if _ARABIC.match(word):
        bare = word.removeprefix("ال") if len(word) > 4 else word
        return "(?:ال)?" + _HARAKA.join(map(re.escape, bare)) + _HARAKA
    if _CYRILLIC.match(word):
        stem = _ENDING.sub("", word)
        if len(stem) >= 3:
            return _BROKEN.join(map(re.escape, stem)) + "[\u0400-\u04ff]{0,3}"
    return _BROKEN.join(map(re.escape, word))
