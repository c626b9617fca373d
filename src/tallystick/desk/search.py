"""Finding words in reports as people type them: without capitals, accents, vowel signs, variants of letters.

Arabic is written with and without vowel signs, with one alif or another, with ta marbuta or ha, on keyboards
of Persian and Urdu with other codes for kaf and ya; who searches means all of them (the normalisations are
those of Larkey, Ballesteros and Connell 2002, "light" stemming apart).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence

_LETTERS = str.maketrans(
    {
        **dict.fromkeys("أإآٱ", "ا"),
        **dict.fromkeys("ىیېئے", "ي"),
        **dict.fromkeys("ۃةەہھ", "ه"),
        "ؤ": "و",
        **dict.fromkeys("کگڪ", "ك"),
        "ё": "е",
        "ґ": "г",
        "ı": "i",
        "ß": "s",
        "ø": "o",
        "ł": "l",
        "đ": "d",
        "’": "'",
    }
)
_TATWEEL = "\u0640"
_PART = re.compile(r'(-?)"([^"]*)"|(-?)(\S+)')
AROUND = 90  # letters shown on each side of a find


def _letter(letter: str) -> str:
    """One letter as it is searched for; nothing for marks upon letters and for what nobody sees."""
    told = letter
    for _ in range(2):  # what is taken apart may be a capital again: ℡ is TEL
        told = unicodedata.normalize("NFKD", told.casefold().translate(_LETTERS)).translate(_LETTERS)
    return "".join(
        str(unicodedata.decimal(part)) if part.isdecimal() else part
        for part in told
        if unicodedata.category(part) not in ("Mn", "Me", "Cf") and part != _TATWEEL
    )


class _Letters(dict[int, str]):
    """Each letter as it is searched for, worked out when it first comes."""

    def __missing__(self, code: int) -> str:
        out = self[code] = _letter(chr(code))
        return out


_FOLDED = _Letters()


def folded(text: str) -> str:
    """``text`` as it is searched: two spellings that somebody may take for one are equal."""
    return text.translate(_FOLDED)


def asked(words: str) -> str | None:
    """What to ask the index for: each of ``words`` there, "in quotes" in this order, -so not, so* begun so.

    None where nothing is asked for but what must not be there.
    """
    there: list[str] = []
    absent: list[str] = []
    for match in _PART.finditer(words):
        minus, told = match[1] or match[3] or "", match[2] if match[2] is not None else match[4] or ""
        begun = "*" if match[2] is None and told.endswith("*") else ""
        parts = re.findall(r"\w+", folded(told))
        if parts:
            (absent if minus else there).append(f'"{" ".join(parts)}"{begun}')
    if not there:
        return None
    return " AND ".join(there) + "".join(f" NOT {each}" for each in absent)


def terms(words: str) -> tuple[tuple[str, bool], ...]:
    """The words and phrases that are to be there, as they are searched, and whether each only begins so."""
    out = []
    for match in _PART.finditer(words):
        if match[1] or match[3]:
            continue
        told = match[2] if match[2] is not None else match[4]
        parts = re.findall(r"\w+", folded(told))
        if parts:
            out.append((" ".join(parts), match[2] is None and told.endswith("*")))
    return tuple(out)


def found(text: str, wanted: Sequence[tuple[str, bool]]) -> tuple[int, int] | None:
    """Where in ``text`` the first of ``wanted`` stands, in code points; None where none does."""
    return next(iter(every(text, wanted)), None)


def every(text: str, wanted: Sequence[tuple[str, bool]]) -> tuple[tuple[int, int], ...]:
    """Where in ``text`` the ``wanted`` stand, in code points, in order; none lies over another."""
    spans = []
    for term, begun in wanted:
        middle = r"\W+".join(map(re.escape, term.split(" ")))
        pattern = rf"(?<!\w){middle}" + (r"\w*" if begun else r"(?!\w)")
        spans += [match.span() for match in re.finditer(pattern, folded(text))]
    apart: list[tuple[int, int]] = []
    for start, end in sorted(spans, key=lambda span: (span[0], -span[1])):
        if not apart or start >= apart[-1][1]:
            apart.append((start, end))
    return tuple(_unfolded(text, apart))


def _unfolded(text: str, spans: Sequence[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """The places in ``text`` of places in what it is folded to; marks behind the last letter belong to it."""
    place = length = 0
    for start, end in spans:
        while length + len(_FOLDED[ord(text[place])]) <= start:
            length += len(_FOLDED[ord(text[place])])
            place += 1
        first = place
        while length < end:
            length += len(_FOLDED[ord(text[place])])
            place += 1
        while place < len(text) and not _FOLDED[ord(text[place])]:
            place += 1
        yield first, place


def around(text: str, start: int, end: int) -> tuple[str, str, str]:
    """The words at ``[start, end)`` with what stands before and behind them, cut at words."""
    first, last = max(0, start - AROUND), min(len(text), end + AROUND)
    before, after = text[first:start], text[end:last]
    if first:
        before = "…" + before.partition(" ")[2]
    if last < len(text):
        after = after.rpartition(" ")[0] + "…"
    return " ".join(before.split()) + " " * before[-1:].isspace(), text[start:end], after.replace("\n", " ")
