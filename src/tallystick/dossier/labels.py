"""Names beside marks, so that none lies on another name or on another's mark: who comes first is served."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

SIZE = 12.0  # of the letters, in pixels
MOST = 30  # letters of a name; the whole of it is in the mark's title
_CELL = 48.0

Rect = tuple[float, float, float, float]  # left, top, right, bottom


@dataclass(frozen=True)
class Label:
    """A name at a point: ``anchor`` is SVG's start, middle or end; ``rect`` is what it covers."""

    text: str
    x: float
    y: float
    anchor: str
    rect: Rect


def shortened(name: str, most: int = MOST) -> str:
    """A name with what is beyond ``most`` letters left out, and "…" for it."""
    return name if len(name) <= most else name[: most - 1].rstrip() + "…"


def breadth(text: str) -> float:
    """How wide a text is at most: letters of most fonts are narrower than is reckoned here."""
    out = 0.0
    for char in text:
        if unicodedata.east_asian_width(char) in "WF":
            out += 1.1
        elif unicodedata.combining(char):
            continue
        else:
            out += 0.78 if char.isupper() or char in "mwMW—…%@" else 0.6
    return out * SIZE


class Room:
    """What is still free of a drawing ``width`` by ``height``."""

    def __init__(self, width: float, height: float) -> None:
        self._frame = (2.0, 2.0, width - 2.0, height - 2.0)
        self._cells: dict[tuple[int, int], list[tuple[Rect, int]]] = {}

    def take(self, rect: Rect, owner: int = -1) -> None:
        """Keep names off ``rect``, save those of ``owner``."""
        for cell in _cells(rect):
            self._cells.setdefault(cell, []).append((rect, owner))

    def free(self, rect: Rect, owner: int = -1) -> bool:
        """Whether ``rect`` lies within the drawing, on nothing that was taken by another."""
        left, top, right, bottom = self._frame
        if rect[0] < left or rect[1] < top or rect[2] > right or rect[3] > bottom:
            return False
        return not any(
            by != owner and overlap(rect, held)
            for cell in _cells(rect)
            for held, by in self._cells.get(cell, ())
        )

    def place(self, text: str, x: float, y: float, size: float, owner: int) -> Label | None:
        """The name beside a mark ``size`` pixels around a point: right, left, above, below; else None."""
        wide, tall, gap = breadth(text), SIZE * 1.25, size + 4.0
        base = SIZE * 0.35
        for at_x, at_y, anchor in (
            (x + gap, y + base, "start"),
            (x - gap, y + base, "end"),
            (x, y - gap - 2.0, "middle"),
            (x, y + gap + SIZE * 0.8, "middle"),
        ):
            left = at_x - {"start": 0.0, "middle": wide / 2, "end": wide}[anchor]
            top = at_y - SIZE * 0.95
            rect = (left, top, left + wide, top + tall)
            if self.free(rect, owner):
                self.take(rect)
                return Label(text, round(at_x, 1), round(at_y, 1), anchor, rect)
        return None


def overlap(one: Rect, other: Rect) -> bool:
    """Whether two rectangles share more than an edge."""
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def _cells(rect: Rect) -> Iterator[tuple[int, int]]:
    for x in range(int(rect[0] // _CELL), int(rect[2] // _CELL) + 1):
        for y in range(int(rect[1] // _CELL), int(rect[3] // _CELL) + 1):
            yield x, y
