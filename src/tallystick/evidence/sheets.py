"""A page as it is set: lines with their places. What PDFium is asked for, and what paragraphs are made of."""

from __future__ import annotations

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
