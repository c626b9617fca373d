"""How a text is laid before the model: word pieces, and windows of them that overlap.

A report that fits is read in one window. Of a longer one each further window begins with the
report's title and first words, so that what is told late finds what was told first, and with the
pieces just before its own.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

SIZE = 448  # word pieces a window holds, the marks at its head and end included
TITLE = 32  # at most so many of them are the title's
LEAD = 48  # of a further window, so many are the report's first
BACK = 112  # and so many those before its own
START, STOP = 101, 102  # the marks of the vocabulary ("[CLS]", "[SEP]")


@dataclass(frozen=True, slots=True)
class Window:
    """Word pieces laid before the model at once.

    ``ids`` are their numbers in the vocabulary, ``parts`` is 0 for the title and 1 for the text,
    ``at`` the index of each among the document's pieces (-1 for title and marks). Its own pieces,
    which no other window answers for, are ``[first, last)`` of the document's.
    """

    ids: NDArray[np.int64]
    parts: NDArray[np.int64]
    at: NDArray[np.int64]
    first: int
    last: int

    def places(self) -> dict[int, int]:
        """Where each of the document's pieces stands in the window; its later copy wins."""
        return {int(piece): place for place, piece in enumerate(self.at) if piece >= 0}


def windows(pieces: Sequence[int], title: Sequence[int] = ()) -> list[Window]:
    """The windows of a document, in order; together their own pieces are all pieces, each once."""
    head = [START, *title[:TITLE], STOP] if title else [START]
    room = SIZE - len(head) - 1
    out = [_window(pieces, head, [range(min(room, len(pieces)))], 0)]
    while out[-1].last < len(pieces):
        first = out[-1].last
        back = max(LEAD, first - BACK)
        own = min(len(pieces), first + room - LEAD - (first - back))
        out.append(_window(pieces, head, [range(LEAD), range(back, own)], first))
    return out


def _window(pieces: Sequence[int], head: list[int], ranges: list[range], first: int) -> Window:
    at = [piece for run in ranges for piece in run]
    ids = [*head, *(pieces[n] for n in at), STOP]
    parts = [0] * len(head) + [1] * (len(at) + 1)
    return Window(
        np.array(ids), np.array(parts), np.array([-1] * len(head) + at + [-1]), first, at[-1] + 1 if at else 0
    )
