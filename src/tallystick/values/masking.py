"""A name taken out of a text: found however it is spelt there, and covered by as many blocks as it had characters.

A name stands in one text as "Ann Lee", in another as "ANN  LÉE", in an address as "ann-lee" or "%41nn%20Lee",
in JSON as "\\u0041nn Lee". All of these are found: case, accents and characters without a shape count for
nothing, and between two of its words up to three characters may stand that are no letters. What is
not found is a part of the name by itself, its words in another order, its spelling in another script.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

from tallystick.errors import AskedWrongly

MASK = "█"
_BETWEEN = r"[\W_]{0,3}"
_SHORTEST = 2  # letters of a name
_APART = "\u2e80"  # from here on scripts write no spaces between words
# A character as an address, JSON or HTML may write it; else the character itself.
_WRITTEN = re.compile(
    r"%[0-7][0-9a-f]|%[cd][0-9a-f]%[89ab][0-9a-f]|%e[0-9a-f](?:%[89ab][0-9a-f]){2}"
    r"|%f[0-7](?:%[89ab][0-9a-f]){3}"
    r"|\\u[dD][89ab][0-9a-f]{2}\\u[dD][c-f][0-9a-f]{2}|\\u[0-9a-f]{4}|&#(?:\d{1,7}|x[0-9a-f]{1,6});",
    re.I,
)


class Masked:
    """One name, to be found in texts and covered there. Raises ``AskedWrongly`` where it is none."""

    def __init__(self, name: str) -> None:
        self.words = tuple(re.findall(r"[^\W_]+", plain(name)))
        if sum(map(len, self.words)) < _SHORTEST:
            raise AskedWrongly(f"{name!r} is no name that can be looked for; give it in full")
        pattern = _BETWEEN.join(map(re.escape, self.words))
        if len(self.words) == 1 and pattern[0] < _APART:  # one word is not taken out of the midst of another
            pattern = rf"(?<![^\W_]){pattern}(?![^\W_])"
        self._pattern = re.compile(pattern)

    def stands_in(self, text: str) -> bool:
        """Whether the name stands anywhere in ``text``."""
        return self._pattern.search(plain(text)) is not None

    def is_part(self, text: str) -> bool:
        """Whether ``text`` is nothing but words of the name."""
        told = re.findall(r"[^\W_]+", plain(text))
        return bool(told) and set(told) <= set(self.words)

    def cover(self, text: str) -> str:
        """``text`` with blocks in the place of the name: as long as before, so that every offset holds."""
        while self.stands_in(text):
            told, places = shadow(text)
            out = list(text)
            for found in self._pattern.finditer(told):
                start, end = places[found.start()][0], places[found.end() - 1][1]
                while end < len(text) and not _shape(text[end]):  # an accent that stands after its letter
                    end += 1
                out[start:end] = MASK * (end - start)
            text = "".join(out)
        return text


def plain(text: str) -> str:
    """``text`` without what may differ between two spellings of one name."""
    if not text.isascii() or "%" in text or "\\" in text or "&" in text:
        return "".join(letters for letters, _, _ in _letters(text))
    return text.casefold()


def shadow(text: str) -> tuple[str, list[tuple[int, int]]]:
    """``plain(text)``, and for each of its characters where in ``text`` it comes from."""
    told, places = [], []
    for letters, start, end in _letters(text):
        told.append(letters)
        places += [(start, end)] * len(letters)
    return "".join(told), places


def _letters(text: str) -> Iterator[tuple[str, int, int]]:
    """Each character of ``text``, however it is written there, as plain letters, and from where to where."""
    at = 0
    for found in _WRITTEN.finditer(text):
        yield from ((_folded(text[n]), n, n + 1) for n in range(at, found.start()))
        yield _folded(_meant(found[0])), found.start(), found.end()
        at = found.end()
    yield from ((_folded(text[n]), n, n + 1) for n in range(at, len(text)))


def _meant(written: str) -> str:
    if written[0] == "%":
        return bytes.fromhex(written.replace("%", "")).decode("utf-8", "replace")
    if written[0] == "\\":
        units = bytes.fromhex(written.replace("\\u", "").replace("\\U", ""))
        return units.decode("utf-16-be", "replace")
    code = written[2:-1]
    number = int(code[1:], 16) if code[0] in "xX" else int(code)
    return chr(number) if number <= 0x10FFFF else "\ufffd"


@lru_cache(maxsize=65536)
def _folded(letters: str) -> str:
    if letters.isascii():
        return letters.casefold()
    told = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", letters).casefold())
    return "".join(filter(_shape, told))


def _shape(letter: str) -> bool:
    """Whether a character has a shape of its own: accents and invisible characters have none."""
    return letter.isascii() or unicodedata.category(letter) not in ("Mn", "Me", "Cf")
