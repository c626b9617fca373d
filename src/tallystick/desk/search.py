"""Finding words in reports as people type them: without capitals, accents, vowel signs and variants of letters.

Arabic is written with and without vowel signs, with one alif or another, with ta marbuta or ha, on keyboards of
Persian and Urdu with other codes for kaf and ya; who searches means all of them (the normalisations are
those of Larkey, Ballesteros and Connell 2002, "light" stemming apart).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache

_LETTERS = str.maketrans(
    {
        **dict.fromkeys("أإآٱ", "ا"),
        **dict.fromkeys("ىیېئ", "ي"),
        **dict.fromkeys("ۃةە", "ه"),
        "ؤ": "و",
        **dict.fromkeys("کگ", "ك"),
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


@lru_cache(maxsize=8192)
def _letter(letter: str) -> str:
    """One letter as it is searched for; nothing for marks upon letters and for what nobody sees."""
    parts = unicodedata.normalize("NFKD", letter.casefold().translate(_LETTERS)).translate(_LETTERS)
    return "".join(
        str(unicodedata.decimal(part)) if part.isdecimal() else part
        for part in parts
        if unicodedata.category(part) not in ("Mn", "Me", "Cf") and part != _TATWEEL
    )


def folded(text: str) -> str:
    """``text`` as it is searched: two spellings that somebody may take for one are equal."""
    return "".join(map(_letter, text))


def asked(words: str) -> str | None:
    """What to ask the index for ``words``: each must be there, "in quotes" in this order, -so not, so* begun so.

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
    letters, at = [], []
    for place, char in enumerate(text):
        for part in _letter(char):
            letters.append(part)
            at.append(place)
    whole = "".join(letters)
    best: tuple[int, int] | None = None
    for term, begun in wanted:
        middle = r"\W+".join(map(re.escape, term.split(" ")))
        match = re.search(rf"(?<!\w){middle}" + (r"\w*" if begun else r"(?!\w)"), whole)
        if match and (best is None or match.start() < best[0]):
            best = match.span()
    if best is None:
        return None
    return at[best[0]], at[best[1] - 1] + 1


def around(text: str, start: int, end: int) -> tuple[str, str, str]:
    """The words at ``[start, end)`` with what stands before and behind them, cut at words."""
    first, last = max(0, start - AROUND), min(len(text), end + AROUND)
    before, after = text[first:start], text[end:last]
    if first:
        before = "…" + before.partition(" ")[2]
    if last < len(text):
        after = after.rpartition(" ")[0] + "…"
    return " ".join(before.split()) + " " * before[-1:].isspace(), text[start:end], after.replace("\n", " ")
