"""The lines of a paged text made into paragraphs again, with where each page begins.

A reader of sentences needs them whole, so lines are joined, across columns and pages too, and words that were
parted at a line's end are put together. What is joined wrongly mixes two sentences, which is worse than a
sentence cut in two: where the setting does not say that a line goes on, it does not.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from statistics import median

from tallystick.evidence.sheets import Line, Sheet

_ENDS = re.compile(r"[.!?:;…؟。][\"'”’»)\]]*$")
# Words after which something must follow.
_OPEN = re.compile(
    r"(?:,|\b(?:a|an|and|are|as|at|but|by|for|from|had|has|have|in|into|is|its|no|not|of|on|or|said|that|the|their"
    r"|to|was|were|which|who|with))$"
)
_ITEM = re.compile(r"[•●▪■◦‣⁃*–—-]\s|\(?(?:\d{1,3}|[a-zA-Z]|[ivxIVX]{1,5})[.)]\s")
_BULLET = re.compile(r"[•●▪■◦‣⁃]")
_PAGE = re.compile(
    r"\W*(?:(?:page|p\.|pp\.|seite|página|pagina|стр\.?|صفحة)\s*)?#(?:\s*(?:of|/|von|de|sur|out of)\s*#)?\W*",
    re.I,
)
_DASH = re.compile(r"[*–—-]\s")
_NUMBER = re.compile(r"\d+")
_LEADER = re.compile(r"(?:\.\s?){5,}\s*\d+$|\.{5,}")
# Before these a hyphen at the end of a line was written: anti-aircraft, self-defence.
_FIRST = frozenset({
    "all", "anti", "cross", "ex", "half", "mid", "multi", "non", "pan", "post", "pre", "pro", "quasi",
    "self", "semi", "well",
})  # fmt: skip
# And after those: rebel-held, Saudi-led, cease-fire, war-torn, long-range.
_SECOND = frozenset({
    "affiliated", "aligned", "armed", "backed", "based", "besieged", "born", "built", "caliber",
    "calibre", "controlled", "day", "defence", "defense", "fire", "general", "general's",
    "governmental", "held", "hit", "hour", "in", "induced", "kilometer", "kilometre", "led", "level",
    "linked", "made", "mile", "minded", "month", "mounted", "named", "occupied", "off", "old", "on",
    "out", "owned", "range", "related", "ridden", "round", "run", "scale", "style", "term", "to",
    "torn", "trained", "two", "up", "war", "wide", "wing", "wounded", "year",
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Placed:
    """A line, and the page that it stands on, from 0."""

    line: Line
    sheet: int


@dataclass(slots=True)
class _Paragraph:
    lines: list[_Placed]

    @property
    def is_open(self) -> bool:
        """Whether its last line does not end a sentence."""
        last = self.lines[-1].line
        return last.hyphen or not _ENDS.search(last.text)


def text_of(sheets: Sequence[Sheet]) -> tuple[str, tuple[int, ...]]:
    """The text of these pages, paragraphs parted by a blank line, and where each page begins in it.

    In code points; a page without words begins where the next does. Running heads and feet are left once,
    page numbers not at all.
    """
    paragraphs = list(_paragraphs(sheets))
    known = _Words(sheets)
    parts: list[str] = []
    length = 0
    begins: dict[int, int] = {}
    for number, paragraph in enumerate(paragraphs):
        if number:
            parts.append("\n\n")
            length += 2
        for at, placed in enumerate(paragraph.lines):
            if at:
                joint = known.joint(paragraph.lines[at - 1].line, placed.line)
                parts.append(joint)
                length += len(joint)
            begins.setdefault(placed.sheet, length)
            parts.append(placed.line.text)
            length += len(placed.line.text)
        if paragraph.lines[-1].line.hyphen:
            parts.append("-")
            length += 1
    pages: list[int] = []
    for sheet in reversed(range(len(sheets))):
        length = min(length, begins.get(sheet, length))
        pages.append(length)
    return "".join(parts), tuple(reversed(pages))


# ------------------------------------------------------------------------ heads, feet, numbers


@dataclass(frozen=True, slots=True)
class _Parted:
    """A page, with what stands above and below the text for itself."""

    heads: tuple[Line, ...]
    body: tuple[Line, ...]
    feet: tuple[Line, ...]


def _parted(sheets: Sequence[Sheet]) -> list[_Parted]:
    """The pages, their running heads and feet set apart and their page numbers taken away.

    A line set apart from the text at one height is running where three pages and half of all have it. One
    that says the same on every page is left once: a head on its first page, a foot on its last. One with a
    number in it ("Bulletin 7", "Killed: 0") stays on every page. A page number is nothing but a number,
    "Page 7" or "7 of 9", that counts with the pages.
    """
    found: dict[tuple[str, int], list[tuple[int, Line]]] = {}
    apart = [_apart(sheet.lines) for sheet in sheets]
    for at, sides in enumerate(apart):
        for side, lines in enumerate(sides):
            for line in lines:
                place = round(line.base / 3) * (1, -1)[side]
                found.setdefault((_NUMBER.sub("#", line.text), place), []).append((at, line))
    running: set[tuple[int, Line]] = set()
    drop: set[tuple[int, Line]] = set()
    for (words, place), alike in found.items():
        pages = {at for at, _ in alike}
        if _PAGE.fullmatch(words) and _counts(alike):
            drop.update(alike)
        elif len(pages) >= 3 and 2 * len(pages) >= sum(bool(sheet.lines) for sheet in sheets):
            running.update(alike)
            if "#" not in words:
                drop.update(alike[1:] if place > 0 else alike[:-1])
    out = []
    for at, (sheet, (top, bottom)) in enumerate(zip(sheets, apart, strict=True)):
        heads, feet = ([line for line in side if (at, line) in running] for side in (top, bottom))
        left = [line for line in sheet.lines if (at, line) not in drop]
        body = [line for line in left if line not in heads and line not in feet]
        out.append(
            _Parted(
                tuple(line for line in left if line in heads),
                tuple(body),
                tuple(line for line in left if line in feet and line not in heads),
            )
        )
    return out


def _apart(lines: Sequence[Line]) -> tuple[list[Line], list[Line]]:
    """The lines above and below the text: at most three rows, a gap from the rest, or a number alone."""
    rows: dict[int, list[Line]] = {}
    for line in lines:
        rows.setdefault(round(line.base), []).append(line)
    heights = sorted(rows, reverse=True)
    sides: list[list[Line]] = []
    for order in (heights, heights[::-1]):
        side: list[Line] = []
        for count in (3, 2, 1):
            if len(order) > count:
                size = max(line.size for line in (*rows[order[count - 1]], *rows[order[count]]))
                if abs(order[count] - order[count - 1]) > 1.7 * size:
                    side = [line for height in order[:count] for line in rows[height]]
        if not side and order:
            side = [line for line in rows[order[0]] if _PAGE.fullmatch(_NUMBER.sub("#", line.text))]
        sides.append(side)
    return sides[0], sides[1]


def _counts(lines: Sequence[tuple[int, Line]]) -> bool:
    """Whether these lines of several pages hold a number that counts with the pages."""
    if len({at for at, _ in lines}) < 2:
        return False
    steps = [{int(number[-9:]) - at for number in _NUMBER.findall(line.text)} for at, line in lines]
    return bool(set.intersection(*steps))


# ------------------------------------------------------------------------------- paragraphs


def _paragraphs(sheets: Sequence[Sheet]) -> Iterator[_Paragraph]:
    """The lines of all pages in paragraphs.

    One that runs over the end of a page is put together: what stands at the foot of the first page goes
    before it, and the head of the second after it, so that each keeps its page.
    """
    done: list[_Paragraph] = []
    usual = median(sizes) if (sizes := [line.size for sheet in sheets for line in sheet.lines]) else 0.0
    for at, page in enumerate(_parted(sheets)):
        here = [_on(at, lines) for lines in _blocks(page.body)]
        heads = [_on(at, [line]) for line in page.heads]
        if done and here and _runs_on(done[-1], here[0]):
            done[-1].lines += here.pop(0).lines
        feet = [_on(at, [line]) for line in page.feet]
        while here and here[-1].lines[0].line.size < 0.93 * usual:
            feet.insert(0, here.pop())
        last = [here.pop()] if here and here[-1].is_open else []
        if done and done[-1].is_open and not (heads or here or feet or last):
            last = [done.pop()]  # it fills the whole page, and may go on
        yield from done
        yield from (*heads, *here, *feet)
        done = last
    yield from done


def _on(sheet: int, lines: Sequence[Line]) -> _Paragraph:
    return _Paragraph([_Placed(line, sheet) for line in lines])


def _runs_on(before: _Paragraph, after: _Paragraph) -> bool:
    """Whether a paragraph goes on in the first of the next column or page."""
    last, first = before.lines[-1].line, after.lines[0].line
    if not before.is_open or _is_other_size(last, first) or _BULLET.match(first.text):
        return False
    if last.hyphen or first.text[:1].islower():
        return True
    # A heading too ends without a full stop; a line of prose runs to the end of its measure.
    widest = max(placed.line.right - placed.line.left for placed in before.lines)
    full = last.right - last.left > 0.8 * max(widest, first.right - first.left)
    return len(before.lines) > 1 and full and not _ITEM.match(first.text)


def _blocks(lines: Sequence[Line]) -> list[list[Line]]:
    """The lines of one page, in paragraphs."""
    rows = _rows(lines)
    leadings = _leadings(rows)
    blocks: list[list[Line]] = []
    for at, line in enumerate(rows):
        if at and _goes_on(rows, at, leadings, blocks[-1]):
            blocks[-1].append(line)
        elif at and blocks and line.base > rows[at - 1].base and _runs_on(_on(0, blocks[-1]), _on(0, [line])):
            blocks[-1].append(line)  # the next column
        else:
            blocks.append([line])
    return blocks


def _rows(lines: Sequence[Line]) -> list[Line]:
    """Lines that the file gives in pieces put together: what follows on the same base line, without a gap."""
    rows: list[Line] = []
    for line in lines:
        if rows:
            last = rows[-1]
            size = max(last.size, line.size)
            level = abs(last.base - line.base) < 0.45 * size
            if level and not last.hyphen and -0.3 * size < line.left - last.right < 1.5 * size:
                rows[-1] = replace(
                    last, text=f"{last.text} {line.text}", right=line.right, size=size, hyphen=line.hyphen
                )
                continue
        rows.append(line)
    return rows


def _leadings(rows: Sequence[Line]) -> dict[int, float]:
    """The usual distance from one line down to the next, by the size of the letters."""
    found: dict[int, list[float]] = {}
    for before, after in pairwise(rows):
        step = before.base - after.base
        if not _is_other_size(before, after) and 0.7 * after.size < step < 2.6 * after.size:
            found.setdefault(round(after.size), []).append(round(step, 1))
    out = {}
    for size, steps in found.items():
        counted = Counter(round(step) for step in steps)
        most = max(counted.values())
        out[size] = float(min(step for step, times in counted.items() if 3 * times >= most))
    return out


def _goes_on(rows: Sequence[Line], at: int, leadings: dict[int, float], block: list[Line]) -> bool:
    """Whether line ``at`` belongs to the paragraph of the one before it, on the same page and column."""
    before, line = rows[at - 1], rows[at]
    step = before.base - line.base
    if (
        step <= 0
        or _is_other_size(before, line)
        or step > 1.3 * leadings.get(round(line.size), 1.5 * line.size) + 1
    ):
        return False
    if line.left > before.right or line.right < before.left or _BULLET.match(line.text):
        return False
    if before.hyphen or re.search(r"\w-$", before.text):
        return True
    if _LEADER.search(before.text) or (_DASH.match(line.text) and before.text[-1] in ",;:."):
        return False
    edge = _edge(rows, at)
    letter = (before.right - before.left) / max(1, len(before.text))
    room = edge - before.right
    word = (len(line.text.split(None, 1)[0]) + 1.5) * letter
    ends = bool(_ENDS.search(before.text))
    if _OPEN.search(before.text) or (not ends and line.text[:1].islower() and 3 * room < edge - before.left):
        return True
    if room > word + 2 * letter:  # the next word would have stood there: whoever wrote it began anew
        return False
    if ends and (
        _ITEM.match(line.text) or line.left - min(each.left for each in block[-2:]) > 0.8 * line.size
    ):
        return False
    return not (
        ends
        and len(block) > 1
        and block[0].left - line.left > 0.8 * line.size
        and block[0].left > before.left
    )


def _edge(rows: Sequence[Line], at: int) -> float:
    """The right end of the measure around line ``at``: where its neighbours in the column end at most."""
    line = rows[at]
    near = [
        each.right
        for each in rows[max(0, at - 7) : at + 7]
        if abs(each.left - line.left) < 3 * line.size and not _is_other_size(each, line)
    ]
    return max(near, default=line.right)


def _is_other_size(one: Line, other: Line) -> bool:
    return abs(one.size - other.size) > 0.12 * max(one.size, other.size)


# ------------------------------------------------------------------------------------- words


class _Words:
    """The words of a text, to tell by them what a hyphen at the end of a line is."""

    def __init__(self, sheets: Sequence[Sheet]) -> None:
        self._words: set[str] = set()
        parted = False
        for line in (line for sheet in sheets for line in sheet.lines):
            whole = line.text.split(None, 1)[-1] if parted else line.text
            parted = line.hyphen or line.text.endswith("-")
            if parted:
                whole = whole.rpartition(" ")[0]
            self._words.update(re.findall(r"[^\W\d_]+(?:-[^\W\d_]+)*", whole.lower()))

    def joint(self, before: Line, after: Line) -> str:
        """What stands between two lines of a paragraph: a space, a hyphen or nothing.

        A hyphen that the words need stays: before a capital or a digit, in a compound that the text also
        writes within a line, after "anti" and before "led". Else the setting put it there.
        """
        if not before.hyphen:
            # One that the file spells out and that no line break explains: "2015-" and "16".
            return "" if re.search(r"\w[-‐/—–]$", before.text) and not before.text.endswith("--") else " "
        first = re.search(r"[^\W_]*$", before.text)
        second = re.match(r"[^\W_]*", after.text)
        left, right = first[0] if first else "", second[0] if second else ""
        if not left.isalpha() or not right.isalpha() or right[:1].isupper():
            return "-"
        left, right = left.lower(), right.lower()
        if left + right in self._words:
            return ""
        if (
            f"{left}-{right}" in self._words
            or left in _FIRST
            or right in _SECOND
            or "-" in before.text.split()[-1]
        ):
            return "-"
        return "-" if len(left) > 3 and {left, right} <= self._words else ""
