"""The encoding of a text that is not UTF-8 and does not name another, told from its bytes or not at all.

A byte above 127 is a letter in a dozen encodings, and a wrong guess makes other words of it, in a name or in
a figure's neighbour. So every encoding that could have been used is tried, what no writer would have written
is struck out, and the text is read only where what is left cannot be taken in two ways:

* Latin letters: every reading that is left gives the same text. "Zürich" is written with the same bytes in
  all the encodings of Windows; "Poznań" and "Señor" are not told apart, and are refused.
* English with the quotation marks and dashes of Windows, each at its place.
* Cyrillic and Arabic letters: the reading must also hold the commonest words of a language, and no rival may.
* UTF-16 without its mark: read the wrong way round its spaces are no spaces.

charset-normalizer ranks the same encodings by statistics, and always has a best one; it is not asked
(docs/decisions/0020-formats.md says what that would have cost).
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from itertools import pairwise

from tallystick.evidence import language

_SEEN = 1 << 18  # bytes judged; all of them must decode
# Under the names by which people call them, in the order in which they are tried.
_LATIN = {
    "windows-1252": "cp1252", "windows-1250": "cp1250", "windows-1254": "cp1254", "windows-1257": "cp1257",
    "iso-8859-2": "iso8859_2", "iso-8859-15": "iso8859_15", "mac-roman": "mac_roman", "cp850": "cp850",
    "cp437": "cp437", "windows-1258": "cp1258", "windows-1256": "cp1256",
}  # fmt: skip
_OTHER = {
    "windows-1251": ("cp1251", "CYRILLIC"),
    "koi8-r": ("koi8_r", "CYRILLIC"),
    "koi8-u": ("koi8_u", "CYRILLIC"),
    "iso-8859-5": ("iso8859_5", "CYRILLIC"),
    "cp866": ("cp866", "CYRILLIC"),
    "mac-cyrillic": ("mac_cyrillic", "CYRILLIC"),
    "windows-1256": ("cp1256", "ARABIC"),
    "iso-8859-6": ("iso8859_6", "ARABIC"),
    "cp864": ("cp864", "ARABIC"),
    "cp720": ("cp720", "ARABIC"),
}
# What may be told; the others are there to be ruled out.
_TOLD = ("windows-1252", "windows-1251", "windows-1256")
CODECS = {
    "utf-16-le": "utf-16-le",
    "utf-16-be": "utf-16-be",
    **{name: _LATIN.get(name) or _OTHER[name][0] for name in _TOLD},
}
# The commonest small words: Russian, Ukrainian, Bulgarian, Serbian; Arabic, Persian.
_COMMON = {
    "CYRILLIC": frozenset({
        "а", "або", "але", "було", "был", "были", "в", "від", "да", "для", "до", "е", "его", "з", "за",
        "и", "из", "или", "й", "к", "как", "на", "не", "но", "о", "од", "от", "по", "при", "про", "с",
        "са", "се", "си", "су", "та", "так", "також", "у", "це", "че", "что", "ще", "що", "это", "я",
        "як", "є", "је",
    }),
    "ARABIC": frozenset({
        "آن", "أن", "أو", "إلى", "از", "است", "التي", "الذي", "الى", "ان", "او", "این", "با", "برای",
        "بعد", "به", "بين", "حتى", "خلال", "در", "را", "شد", "على", "عن", "في", "قبل", "كان", "كانت",
        "لا", "ما", "مع", "من", "هذا", "هذه", "و", "يوم", "که",
    }),
}  # fmt: skip
_LEAST, _SHARE = 3, 0.04  # common words that a text must hold: different ones, and of all its words
# What never ends goes to the end: looked for again from each beginning, it would take for ever.
_TAG = re.compile(rb"<(?:script|style)\b.*?(?:</(?:script|style)|\Z)|<!--.*?(?:-->|\Z)|<[^<>]*>", re.I | re.S)
_UTF_8 = re.compile(
    rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}"
    rb"|(?:[\xc2-\xf4]|[\xe0-\xf4][\x80-\xbf]|[\xf0-\xf4][\x80-\xbf]{2})\Z"
)
# “ and ‘ before a word, ” and ’ after one, ’ as an apostrophe, – and — and … between words.
_TYPED = re.compile(
    rb"(?:(?<![A-Za-z0-9])[\x91\x93][A-Za-z0-9]+|(?<=[A-Za-z0-9.,;:!?])[\x92\x94](?![A-Za-z0-9])"
    rb"|(?<![A-Za-z])[A-Za-z]++\x92(?:s|t|d|m|re|ve|ll)(?![A-Za-z])"
    rb"|(?<=[ \w])[\x96\x97](?=[ \w])|(?<=\w)\x85(?!\w))"
)
_HIGH = re.compile(rb"[\x80-\xff]")
_WORD = re.compile(r"[^\W\d_](?:[^\W\d_]|[\u0300-\u036f\u064b-\u0652\u0670])*")
# What people write between letters and around them, beyond ASCII. ² or ¦ in a report is an accident.
_SIGNS = frozenset("‘’‚“”„«»‹›–—…•·§©®™°±£€½¼¾¿¡№\u00a0\u00ad،؛؟ـ\u200c\u200d\u200e\u200f")
_WITHIN = frozenset("’‘–—·\u00ad\u200c\u200dـ")  # of them those that may stand between two letters
_WIDE = frozenset({"LATIN", "CYRILLIC", "ARABIC", "HEBREW", "GREEK", "ARMENIAN", "GEORGIAN"})


def told(data: bytes) -> str | None:
    """The encoding of ``data``, text without a mark that is no UTF-8; None where two readings remain.

    One of "utf-16-le", "utf-16-be", "windows-1252", "windows-1251" and "windows-1256"; all of ``data`` can
    be decoded by it.
    """
    if b"\0" in data:
        wide = [name for name in ("utf-16-le", "utf-16-be") if _is_wide(data, name)]
        return wide[0] if len(wide) == 1 else None
    high, unicode = len(_HIGH.findall(data)), sum(map(len, _UTF_8.findall(data)))
    if not high or 2 * unicode > high:
        return None  # nothing to tell, or damaged UTF-8, which any other reading would make worse
    seen = _TAG.sub(b" ", data)[:_SEEN]
    found = _other(seen)
    if found is None and not unicode:
        found = _latin(seen) or ("windows-1252" if _is_typed_english(seen) else None)
    return found if found and _decoded(data, CODECS[found]) is not None else None


def _other(data: bytes) -> str | None:
    """The one encoding in which ``data`` is written with Cyrillic or Arabic letters, if there is one."""
    texts: dict[str, str] = {}
    for name, (codec, script) in _OTHER.items():
        text = _decoded(data, codec)
        if text is not None and _is_written(text, {"LATIN", script}) and _is_language(text, script):
            texts[name] = text
    return _agreed(texts)


def _latin(data: bytes) -> str | None:
    """The encoding of ``data`` where all that could be its encodings give the same Latin text."""
    texts = {name: text for name, codec in _LATIN.items() if (text := _decoded(data, codec)) is not None}
    return _agreed({name: text for name, text in texts.items() if _is_written(text, {"LATIN"})})


def _is_typed_english(data: bytes) -> bool:
    """Whether ``data`` is English in ASCII but for the marks of Windows, each where a writer sets it.

    In the encodings of Macintosh and DOS the same bytes are letters, which English has not. One sort of
    mark alone must stand at three places, for a foreign word may have its letter there.
    """
    marks = _HIGH.findall(data)
    places = {match[0] for match in _TYPED.finditer(data)}
    if len(marks) != len(_TYPED.findall(data)) or not (len(set(marks)) > 1 or len(places) > 2):
        return False
    return language.told(_HIGH.sub(b" ", data).decode("ascii")) == "en"


def _agreed(texts: dict[str, str]) -> str | None:
    """The first encoding of ``texts`` if it may be told, and all of them say the same."""
    first = next(iter(texts), None)
    return first if first in _TOLD and len(set(texts.values())) == 1 else None


def _decoded(data: bytes, codec: str) -> str | None:
    try:
        return data.decode(codec)
    except UnicodeDecodeError:
        return None


def _is_wide(data: bytes, codec: str) -> bool:
    """Whether ``data`` is a text in this order of bytes: letters of alphabets, parted by spaces."""
    text = _decoded(data, codec)
    if text is None:
        return False
    seen = text[:_SEEN]
    spaces = sum(c in " \n" for c in seen)
    return spaces * 30 >= len(seen) and all(_is_sound(c) for c in set(seen))


def _is_sound(character: str) -> bool:
    category = unicodedata.category(character)
    if category[0] == "L":
        return _script(character) in _WIDE
    return category[0] in "NPSZM" or character in "\t\n\r\v\f\u200e\u200f\u200c\u200d\u00ad"


def _is_written(text: str, scripts: set[str]) -> bool:
    """Whether somebody may have written ``text``: words of one script each, signs at their places."""
    rare = {c for c in set(text) if c > "\x7f"}
    if any(c not in _SIGNS and not (c.isalpha() or unicodedata.category(c) == "Mn") for c in rare):
        return False
    if any(c.isalpha() and _script(c) not in scripts for c in rare):
        return False
    for sign in rare & _SIGNS - _WITHIN:
        if re.search(rf"[^\W\d_]{re.escape(sign)}[^\W\d_]", text):
            return False
    if re.search(r"(?<![\w\u0300-\u036f\u064b-\u0652])[\u0300-\u036f\u064b-\u0652]", text):
        return False  # a mark on no letter
    return all(_is_word(word) for word in set(_WORD.findall(text)) if not word.isascii())


def _is_word(word: str) -> bool:
    """Whether the letters of ``word`` go together: one script, no capital after a small letter."""
    letters = [c for c in word if c.isalpha()]
    scripts = {_script(c) for c in letters}
    if len(scripts) > 1:
        return False
    for before, after in pairwise(letters):
        if before.islower() and after.isupper() and not (before + after).isascii():
            return False
    rare = sum(c > "\x7f" for c in letters)
    return scripts != {"LATIN"} or rare <= 2 or 2 * rare <= len(letters)


def _is_language(text: str, script: str) -> bool:
    words = [word.lower() for word in _WORD.findall(text) if _script(word[0]) == script]
    common = [word for word in words if word in _COMMON[script]]
    return len(set(common)) >= _LEAST and len(common) >= _SHARE * len(words)


@lru_cache(maxsize=4096)
def _script(letter: str) -> str:
    """The first word of its name: LATIN, CYRILLIC, ARABIC; "" for a letter without one."""
    return unicodedata.name(letter, "").partition(" ")[0]
