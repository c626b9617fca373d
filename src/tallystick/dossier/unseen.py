"""Characters that a reader does not see, though a report holds them: shown by name where words are evidence.

A right-to-left override turns "exe.fdp" into a file name that reads well; a space without width parts a
name so that no search finds it; a tag character writes a whole hidden sentence. They are part of the
report and stay in it, and a page that quotes it says that they are there. What a script needs to be
written at all (a joiner between Persian letters, one within an emoji) is no such thing.

Which characters these are: the default ignorable code points of Unicode (DerivedCoreProperties), the
controls of both blocks, and the two separators of lines and paragraphs.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable

from markupsafe import Markup, escape

_NAMES = {
    "\u00ad": "SHY", "\u034f": "CGJ", "\u061c": "ALM", "\u180e": "MVS", "\u200b": "ZWSP", "\u200c": "ZWNJ",
    "\u200d": "ZWJ", "\u200e": "LRM", "\u200f": "RLM", "\u2028": "LSEP", "\u2029": "PSEP", "\u202a": "LRE",
    "\u202b": "RLE", "\u202c": "PDF", "\u202d": "LRO", "\u202e": "RLO", "\u2060": "WJ", "\u2066": "LRI",
    "\u2067": "RLI", "\u2068": "FSI", "\u2069": "PDI", "\ufeff": "BOM",
}  # fmt: skip
# Tab, line feed and carriage return are seen for what they do.
_UNSEEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f"
    "\u2028-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\U0001bca0-\U0001bca3"
    "\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)
_JOINERS = "\u200c\u200d"
_LATER_SCRIPTS = "\u0590"  # from Hebrew on, where letters are joined, pointed or put together


def named(text: str, shown: Callable[[str], str]) -> Markup:
    """``text`` for a page, with ``<span class="unseen">`` about each character that nobody would see.

    The span has the character's short name or number as ``data-name``, which the style shows, and holds
    what ``shown`` makes of the character: itself, a picture of it, or nothing.
    """
    if text.isascii() and text.isprintable():
        return escape(text)
    at, out = 0, []
    for match in _UNSEEN.finditer(text):
        char = match[0]
        if not _belongs(char, text[match.start() - 1 : match.start()]):
            name = _NAMES.get(char, f"U+{ord(char):04X}")
            out.append(f'{escape(text[at : match.start()])}<span class="unseen" data-name="{name}">')
            out.append(f"{escape(shown(char))}</span>")
            at = match.end()
    return Markup("".join([*out, escape(text[at:])]))  # noqa: S704 - every part is escaped, or ours


def _belongs(char: str, before: str) -> bool:
    """Whether writing needs ``char`` after the letter or sign ``before``."""
    if char in _JOINERS:
        return before >= _LATER_SCRIPTS and unicodedata.category(before)[0] in "LMS"
    if "\ufe00" <= char <= "\ufe0f":
        return bool(before) and (unicodedata.category(before)[0] == "S" or before in "#*0123456789‼⁉")
    return False


def spelt(text: str) -> str:
    """``text`` for paper: each character that nobody would see stands there by its name, "‹RLO›"."""

    def name(match: re.Match[str]) -> str:
        char = match[0]
        if _belongs(char, text[match.start() - 1 : match.start()]):
            return char
        return f"‹{_NAMES.get(char, f'U+{ord(char):04X}')}›"

    return _UNSEEN.sub(name, text)
