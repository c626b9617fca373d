"""How far two wordings tell one thing: in other cuts, shortened, bracketed, in other forms of the same words."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from rapidfuzz.fuzz import token_set_ratio

from tallystick.values.names import countries


class Shared(NamedTuple):
    """How many words of content two wordings share, their share of the fewer, and how alike the whole reads.

    ``inner`` is 0 to 1; ``alike`` is rapidfuzz's token-set likeness, 0 to 100.
    """

    both: int
    inner: float
    alike: float


# "[...]", "[the]", "(sic)", "…": an editor's marks. What stands in square brackets was put in by the editor.
_EDITED = re.compile(r"\[[^\]]{0,40}\]|\(sic\)|…|\.\.\.")
_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
_POSSESSIVE = re.compile(r"['’]s?$")
_ENDINGS = re.compile(r"(?:ations?|ements?|ments?|ings?|edly|ed|ers?|ies|es|s|ly|al)$")
_PLAIN = re.compile(
    r"a|an|the|and|or|but|nor|so|as|at|by|for|from|in|into|of|off|on|onto|out|over|to|up|with|within|"
    r"without|about|after|against|before|between|during|since|until|till|through|under|upon|than|that|"
    r"this|these|those|which|who|whom|whose|what|when|where|while|because|if|it|its|he|him|his|she|her|"
    r"they|them|their|we|us|our|you|your|i|me|my|one|ones|be|is|are|was|were|been|being|am|has|have|had|"
    r"having|do|does|did|done|will|would|shall|should|may|might|can|could|must|not|no|nor|never|said|says|"
    r"say|saying|told|tell|tells|adding|added|also|just|only|more|most|much|many|some|any|each|every|all|"
    r"both|other|others|another|such|same|own|very|too|then|there|here|now|again|still|yet|already|"
    r"however|including|among|amid|around|near|across|along|according|last|next|new"
)
NOTHING = Shared(0, 0.0, 0.0)


def shared(left: str, right: str) -> Shared:
    """How far two wordings of one thing have the same words of content, editors' marks apart.

    Words are compared by their stems, so that "demanded" meets "demand" and "strikes" meet "strike"; words
    without content of their own (articles, auxiliaries, words of saying) are left out.
    """
    a, b = content(left), content(right)
    both = len(a & b)
    if not both:
        return NOTHING
    likeness = token_set_ratio(_unedited(left).lower(), _unedited(right).lower())
    return Shared(both, both / min(len(a), len(b)), likeness)


def _unedited(quote: str) -> str:
    return _EDITED.sub(" ", quote)


@lru_cache(maxsize=16384)
def content(quote: str) -> frozenset[str]:
    words = (_POSSESSIVE.sub("", word.lower()) for word in _WORD.findall(_unedited(quote)))
    return frozenset(stem(word) for word in words if not _PLAIN.fullmatch(word) and word not in countries())


def stem(word: str) -> str:
    """A word without its usual endings, four letters at least: coarse on purpose."""
    if len(word) <= 4 or word.isdigit():
        return word
    bare = _ENDINGS.sub("", word)
    return bare.rstrip("e") if len(bare) >= 4 else word
