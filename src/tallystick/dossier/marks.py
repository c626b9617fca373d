"""A report's text cut into pieces, so that the exact words of every claim can stand out.

Claims overlap and nest. The text is cut wherever one begins or ends, and each piece knows all
the claims that cover it: put together the pieces are the text, and the pieces of one claim are
its quote.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from tallystick.model import ClaimId

_PARAGRAPH = re.compile(r"\n+")


@dataclass(frozen=True)
class Piece:
    """Some of the text; ``claims`` cover it, ``begins`` are those whose words begin with it.

    ``page`` is the number of the page that begins with it, 0 where none does.
    """

    text: str
    claims: tuple[ClaimId, ...] = ()
    begins: tuple[ClaimId, ...] = ()
    page: int = 0


def pieces(
    text: str, spans: Iterable[tuple[ClaimId, int, int]], pages: Sequence[int] = ()
) -> tuple[tuple[Piece, ...], ...]:
    """Paragraphs of pieces. A paragraph keeps the line breaks that end it.

    ``pages`` is where each page begins; of several that begin at one place the last has the words.
    """
    begin: dict[int, list[ClaimId]] = {}
    end: dict[int, list[ClaimId]] = {}
    for claim, first, last in spans:
        begin.setdefault(first, []).append(claim)
        end.setdefault(last, []).append(claim)
    breaks = {match.end() for match in _PARAGRAPH.finditer(text)} | {len(text)}
    sheets = {place: number for number, place in enumerate(pages, 1)}
    cuts = sorted({0, *begin, *end, *breaks, *sheets})
    covering: dict[ClaimId, None] = {}
    paragraphs: list[tuple[Piece, ...]] = []
    here: list[Piece] = []
    for start, stop in pairwise(cuts):
        for claim in end.get(start, ()):
            covering.pop(claim, None)
        covering.update(dict.fromkeys(begin.get(start, ())))
        begins, page = tuple(begin.get(start, ())), sheets.get(start, 0)
        here.append(Piece(text[start:stop], tuple(covering), begins, page))
        if stop in breaks:
            paragraphs.append(tuple(here))
            here = []
    return tuple(paragraphs)
