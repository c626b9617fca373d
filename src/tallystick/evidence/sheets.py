"""A page as it is set: lines with their places. What PDFium is asked for, and what paragraphs are made of.

It comes from another process as JSON (``spelt``), and is read strictly (``told``): a library that was made to
do as a file wants could say anything there, but only words and numbers.
"""

from __future__ import annotations

import json
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Line:
    """One line as it is set: its words, its left and right end, its base line, the size of its letters.

    In points of 1/72 inch from the lower left corner of the page as it is shown; size and base line are those
    of the character in its middle, for a note's number stands higher and smaller. ``hyphen`` says that it
    ends within a word, at a hyphen that is no longer part of ``text``.
    """

    text: str
    left: float
    right: float
    base: float
    size: float
    hyphen: bool = False


@dataclass(frozen=True, slots=True)
class Sheet:
    """One page: its lines in the order of the file, and whether a picture lies on it."""

    lines: tuple[Line, ...]
    picture: bool


@dataclass(frozen=True, slots=True)
class Cover:
    """What a PDF says of itself, before its first page."""

    pages: int
    title: str
    attachments: int


class Locked(Exception):
    """The PDF is encrypted, and opens only with a password."""


class Broken(Exception):
    """PDFium could not read it; the message says why, as the end of a sentence."""


Answer = Cover | Sheet | Locked | Broken | None


def spelt(answer: Answer, seconds: float = 0.0) -> bytes:
    """A cover or a page with the seconds that it took, why there is none, or None at the end, as JSON."""
    match answer:
        case Cover():
            body: list[object] = ["cover", seconds, answer.pages, answer.title, answer.attachments]
        case Sheet():
            lines = [[o.text, o.left, o.right, o.base, o.size, o.hyphen] for o in answer.lines]
            body = ["sheet", seconds, lines, answer.picture]
        case Locked():
            body = ["locked", seconds]
        case Broken():
            body = ["broken", seconds, str(answer)]
        case _:
            body = ["end", seconds]
    return json.dumps(body).encode("ascii")


def told(data: bytes) -> tuple[Answer, float]:
    """What ``spelt`` wrote; raises ``ValueError`` for anything else."""
    try:
        match json.loads(data):
            case ["cover", float(seconds), int(pages), str(title), int(attachments)]:
                return Cover(pages, title, attachments), seconds
            case ["sheet", float(seconds), list(lines), bool(picture)]:
                return Sheet(tuple(_line(*each) for each in lines), picture), seconds
            case ["locked", float(seconds)]:
                return Locked(), seconds
            case ["broken", float(seconds), str(why)]:
                return Broken(why), seconds
            case ["end", float(seconds)]:
                return None, seconds
    except (TypeError, RecursionError) as error:
        raise ValueError("no page of a PDF") from error
    raise ValueError("no page of a PDF")


def _line(text: str, left: float, right: float, base: float, size: float, hyphen: bool) -> Line:
    if not isinstance(text, str):
        raise TypeError(text)
    return Line(text, float(left), float(right), float(base), float(size), bool(hyphen))
