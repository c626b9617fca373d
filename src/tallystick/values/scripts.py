"""One name in several scripts: letters brought to the sounds they share, and how far two spellings agree.

"الشيخ سعيد", "Sheikh Saeed" and "Skeikh Said" are spelt by rules that lose vowels, double letters and
articles on the way, and that take one letter of a script for several of another. Names are compared
by two strings of sound classes: their consonants alone, and their consonants with their vowels, in both
what is often confused made one. No list of names is consulted.

The classes follow the transliteration tables of BGN/PCGN and UNGEGN for Arabic, Persian, Russian,
Ukrainian and Hebrew, and their simplified forms in news reports.

Every step is one pass over the whole name (translating, replacing, expressions without nesting), so that time grows with length alone, and a list of a million names is keyed in seconds.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import Final, NamedTuple

from anyascii import anyascii
from rapidfuzz.distance import Indel, Levenshtein

# A sound class is one capital. As in English, but: A I U vowels, C "church", J "judge", O "tsar", Q the Arabic
# gh, V "azure", W "ship", X the Arabic kh. Small letters are Latin letters that are not yet read.
_ARABIC = (
    "اA أA إI آA ٱA ىʼ ةA ءʼ ئʼ ؤʼ عʼ بB پB تT طT ثT ٹT جJ چC حH خX دD ضD ذD ڈD ظD رR ڕR ڑR زZ ژV سS شW صS غQ "
    "فF ڤF قK كK کK گG ڭG ڨG لL ڵL مM نN ںN هH ۀH ھH ہH ەA وU ۆU ۇU يI یI ێI ېI ےI"
)
_IVRIT = "אA בB גG דD הH וU זZ חH טT יI כK ךK לL מM םM נN ןN סS עʼ פF ףF צO ץO קK רR שW תT"
_CYRILLIC = (
    "аA бB вF гG ґG дD еI ёU єI жV зZ иI іI їI йI кK лL мM нN оU пB рR сS тT уU фF хX цO чC шW щW ъʼ ыI ьʼ эI ўU "
    "јI љL њN ћC ђJ џJ ѓG ќK ғQ қK ңN өU ұU үU һH әA ӣI ӯU ҳH ҷJ"
)
_SAID_TWICE = "юIU яIA"  # letters that are two sounds
_ACCENTED = "šW şW șW čC çC ćC ğQ ġQ ḡQ žV ẖX ḫX ḵX ẕZ đD łL ıi øu öu őu üu űu ñN ňN ţT þT ðD ßS"
_DROPPED = "'`’‘ʼʻʿʾ′´ʹʺ׳״"  # marks of a stop or of softness

_UNHEARD = ("Mn", "Mc", "Me", "Cf")  # combining marks, and what steers the direction of writing
_CONSONANTS = Levenshtein.normalized_similarity
_ALL_SOUNDS = Indel.normalized_similarity


class _Signs(dict[int, str]):
    """What every sign stands for; those of scripts without a table of their own by their Latin letters."""

    def __missing__(self, point: int) -> str:
        sign = chr(point)
        kind = unicodedata.category(sign)
        if kind in _UNHEARD:
            return ""
        if kind[0] not in "LN":
            return " "
        known = self[point] = "".join(s for s in anyascii(sign).lower() if s.isascii() and s.isalnum())
        return known


def _signs() -> _Signs:
    told = " ".join((_ARABIC, _IVRIT, _CYRILLIC, _ACCENTED, _SAID_TWICE)).split()
    signs = _Signs({ord(pair[0]): pair[1:].replace("ʼ", "") for pair in told})
    signs.update({point: chr(point).lower() if chr(point).isalnum() else " " for point in range(128)})
    signs.update({ord(sign): "" for sign in _DROPPED})
    return signs


_SIGN: Final = _signs()
_POINTED = re.compile("[\u0300-\u036f\u0591-\u05c7\u0610-\u061a\u0640\u064b-\u065f\u0670\u06d6-\u06ed\u08d3-\u08ff\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufe00-\ufe0f\ufeff]")  # fmt: skip
_HEBREW = re.compile("[\u05d0-\u05ea]")
_ABJAD = re.compile("[\u0590-\u08ff]")  # what NFKC leaves of Hebrew and Arabic
_ARABIC_ARTICLE = re.compile(r"(?<!\w)(?:[ٱا]ل|عبد ?ال)(?=\w\w)")
# Hebrew: a stroke makes three letters foreign ones, "b" within a word is "v", "v" before a letter that begins it, a last "h" is "a".
_HEBREW_READ = re.compile(r"[גזצץ]['׳’]|(?<=[א-ת])ב|וו|\bו(?=[א-ת])|(?<=[א-ת])ה\b")
_HEBREW_AS = {"ג": "ج", "ז": "ж", "צ": "ч", "ץ": "ч", "ב": "ф", "ו": "ф", "ה": "א"}
_UKRAINIAN = re.compile("[іїєґ]|[сзц]ьк|ьо")

# From here on a name is bytes of ASCII: several times quicker to replace in.
_BYTES: Final = bytes(ord(_SIGN[point] or " ") if point < 128 else 32 for point in range(256))
_ARTICLE = re.compile(rb" (?:a?[aeu]l|the|[AI]L)(?= [^ ])| [aeuAI]([rnsdtzRNSDTZW]h?)(?= \1)")
_SERVANT = re.compile(rb" abd ?[aeuoi](?:l|([rnsdtz]h?)(?= ?\1)) ?(?=[^ ])(?!lah )")
_GOD = re.compile(rb" ?[aeiou]llah?(?= )")
# Two and more Latin letters that are one sound, in the order in which they are read.
_WITH_H = (
    (b"sch", b"W"), (b"tW", b"C"), (b"dW", b"J"), (b"shch", b"W"), (b"tch", b"C"), (b"dzh", b"J"), (b"sh", b"W"), (b"kh", b"X"), (b"gh", b"Q"),
    (b"ch", b"C"), (b"tzh", b"Oh"), (b"zh", b"V"), (b"th", b"T"), (b"dh", b"D"), (b"ph", b"F"), (b"h ", b" "),
)  # fmt: skip
_WITH_C = ((b"ck", b"K"), (b"ce", b"SI"), (b"ci", b"SI"), (b"cy", b"SI"))
_PAIRS = (
    (b"tz", b"O"), (b"ts", b"O"), (b"dj", b"J"), (b"oo", b"U"), (b"ou", b"U"), (b"ee", b"I"), (b"x", b"KS"), (b"H ", b" "),
)  # fmt: skip
_SINGLE: Final = bytes.maketrans(b"abcdefghijklmnopqrstuvwyz", b"ABKDIFGHIJKLMNUBKRSTUFUIZ")
_DOUBLE = re.compile(rb"([A-Z])(?=\1)")
_H_WITHIN = re.compile("[AIU]H[AIU]")
# What one ear or one rule of spelling takes for the other, and of consonants alone what is least told apart.
_VOICED: Final = bytes.maketrans(b"XQCJVWOZ", b"KGSGSSSS")
_COARSE: Final = bytes.maketrans(b"XQCJVWOZF", b"KGSGSSSSB")


class Sound(NamedTuple):
    """How a name sounds, all its words in one: its consonants alone (a key to find it by), and with vowels.

    ``short`` says whether its script writes short vowels: Arabic and Hebrew do not.
    """

    coarse: str
    voiced: str
    short: bool


def script(text: str) -> str:
    """The script of the first letter of ``text``: ``arabic``, ``hebrew``, ``cyrillic``, ``latin``, or ``other``."""
    for sign in text:
        if sign.isalpha():
            name = unicodedata.name(sign, "")
            for known in ("ARABIC", "HEBREW", "CYRILLIC", "LATIN"):
                if name.startswith(known):
                    return known.lower()
            return "other"
    return "other"


def bare(name: str) -> str:
    """``name`` in small letters and without what no reader hears: marks over and under letters, direction
    marks, stretching; letters of one shape in one form (NFKC).
    """
    if name.isascii():
        return name.lower()
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", name).casefold())
    if _POINTED.search(folded):
        return "".join([s for s in folded if unicodedata.category(s) not in _UNHEARD and s != "\u0640"])
    return folded


@lru_cache(maxsize=16384)
def sound(name: str) -> Sound:
    """How ``name`` sounds, in whatever of the known scripts it is written; others by their Latin letters."""
    return heard(bare(name))[0]


def heard(name: str) -> tuple[Sound, bytes]:
    """How a ``bare`` name sounds, and its sound classes word by word; not kept for the next time."""
    said = _said(name)
    short = name.isascii() or not _ABJAD.search(name)
    return voiced(said.replace(b" ", b""), short), said


def voiced(said: bytes, short: bool) -> Sound:
    """A row of sound classes with what is often confused made one."""
    return Sound(
        said.translate(_COARSE, b"AIUH").decode("ascii"), said.translate(_VOICED).decode("ascii"), short
    )


def _said(name: str) -> bytes:
    """The sound classes of a ``bare`` name, its words without articles and parted by one space each."""
    if name.isascii():
        words = name.encode("ascii").translate(_BYTES, b"'`").split()
    else:
        words = _read(name).encode("ascii").split()
    said = b" %b " % b" ".join(words)
    if len(words) > 1:
        said = _ARTICLE.sub(b"", said)
    if not said.isupper():
        if b" abd" in said:
            said = _SERVANT.sub(b" abd ", said)
        if b"lla" in said:
            said = _GOD.sub(b"ala", said)  # "Nasr Allah", "Nasrallah"
        if b"h" in said:
            for letters, one in _WITH_H:
                said = said.replace(letters, one)
        if b"c" in said:
            for letters, one in _WITH_C:
                said = said.replace(letters, one)
        for letters, one in _PAIRS:
            said = said.replace(letters, one)
        said = said.translate(_SINGLE)
    elif b"H " in said:
        said = said.replace(b"H ", b" ")
    return _DOUBLE.sub(b"", said).strip()


def _read(name: str) -> str:
    """A name that is not ASCII, brought to sound classes where its script has a table, else to Latin letters."""
    if "الله" in name:
        name = name.replace(" الله", "الله").replace("الله", "الا")
    if "ال" in name or "ٱل" in name:
        name = _ARABIC_ARTICLE.sub(lambda match: "عبد " if match[0][0] == "ع" else "", name)
    if _HEBREW.search(name):
        name = _HEBREW_READ.sub(lambda match: _HEBREW_AS[match[0][0]], name)
    if "дж" in name:
        name = name.replace("дж", "џ")
    if "г" in name and _UKRAINIAN.search(name):
        name = name.replace("г", "ه")
    return name.translate(_SIGN)


def likeness(left: str, right: str) -> float:
    """How far two names sound alike, 0 to 1, whatever their scripts; 1 where every sound agrees.

    Names without any sound are like nothing. Where one word ends and the next begins does not matter.
    """
    return near(sound(left), sound(right))


def near(a: Sound, b: Sound) -> float:
    """How far two sounds agree, 0 to 1: 0.35 for the consonants (Levenshtein), 0.65 for all sounds.

    The latter by insertions and deletions alone, so that a vowel left out costs half as much as another
    vowel; and where only one script leaves its short vowels out, half by how much of that name the other
    holds in order. The shares were chosen on the training part of ANETAC (arXiv:1907.03110).
    """
    left, right = a.voiced, b.voiced
    if left == right:
        return 1.0 if left else 0.0
    if not left or not right:
        return 0.0
    if a.short and b.short and ("H" in left) is not ("H" in right) and (one := _one_letter(left, right)):
        return 0.95 * near(*one)
    full = _ALL_SOUNDS(left, right)
    if a.short is not b.short:
        common = full * (len(left) + len(right)) / 2
        full = 0.5 * full + 0.5 * common / len(right if a.short else left)
    return 0.35 * _CONSONANTS(a.coarse, b.coarse) + 0.65 * full


def _one_letter(left: str, right: str) -> tuple[Sound, Sound] | None:
    """The two with "h" between vowels as "g", one letter of Ukrainian and Belarusian: "Luhansk", "Lugansk"."""
    if not _H_WITHIN.search(left if "H" in left else right) or "G" not in (right if "H" in left else left):
        return None
    one, other = (voiced(name.replace("H", "G").encode("ascii"), True) for name in (left, right))
    return one, other
