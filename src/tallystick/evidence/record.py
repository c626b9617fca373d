"""One record: what is told about a report beside its text, checked key by key."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from json import JSONDecodeError
from pathlib import Path
from typing import Any

from tallystick.errors import BadDate, BadRecord, TooLarge, Unreadable
from tallystick.evidence.allowance import Allowance
from tallystick.evidence.discover import sidecar_path
from tallystick.evidence.language import told
from tallystick.evidence.media import STANDARD_INPUT, shown
from tallystick.evidence.plain import decoded, fit_paged
from tallystick.model import Capture, Document, PublishedFrom
from tallystick.values.when import iso

SIDECAR_LIMIT = 1_000_000  # bytes
VALUE_LIMIT = 10_000  # characters of any key but the text
_DIGITS = 300  # more make no id, and Python itself refuses to read thousands
_KEYS = {"id": "name", "title": "title", "source": "publisher", "url": "url", "language": "language"}


@dataclass(frozen=True, slots=True)
class Metadata:
    """What is known about a report beside its text; None is unknown."""

    name: str | None = None
    title: str | None = None
    publisher: str | None = None
    published: date | None = None
    url: str | None = None
    language: str | None = None

    def or_else(self, other: Metadata) -> Metadata:
        """This, with what it does not know taken from ``other``."""
        return Metadata(
            self.name or other.name,
            self.title or other.title,
            self.publisher or other.publisher,
            self.published or other.published,
            self.url or other.url,
            self.language or other.language,
        )


@dataclass(frozen=True, slots=True)
class Source:
    """Everything that a reader of one format needs: the capture, its bytes, and what else is known.

    ``stored`` and ``media_type`` are those of the capture or, where ``member`` names one, of that
    member of it: a page in an archive, a file sent with a letter. ``charset`` is the encoding that
    came with the member, ``allowance`` what may still be unpacked of the capture, ``notes`` what is to be
    known of how its bytes were read.
    """

    capture: Capture
    stored: Path
    media_type: str
    stem: str
    sidecar: Metadata
    published: date | None
    allowance: Allowance
    member: str = ""
    charset: str | None = None
    notes: tuple[str, ...] = ()

    @property
    def origin(self) -> str:
        """The file, as messages name it, with the member."""
        return f"{self.capture.origin}, {self.member}" if self.member else self.capture.origin

    def many(self) -> Source:
        """For a file of several records: what the sidecar says of one report is not said of each."""
        return replace(self, sidecar=replace(self.sidecar, name=None, title=None, url=None))

    def document(
        self,
        text: str,
        known: Metadata,
        where: str,
        *,
        name: str,
        published_from: PublishedFrom,
        pages: Sequence[int] = (),
        notes: Sequence[str] = (),
    ) -> Document:
        """The document with this raw text; ``known`` is settled but for the date a person gave.

        ``published_from`` says where the date in ``known`` came from, ``name`` serves where no id
        is known. ``pages`` is where in the raw text each page begins; ``notes`` is what is to be known
        of how it was read. Where nobody told the language, it is told from the words. Raises as
        ``plain.fit`` does.
        """
        source: PublishedFrom | None = published_from
        if known.published is None:
            source = "user" if self.published else None
        fitted, places = fit_paged(text, where, pages)
        spoken = None if known.language else told(fitted)
        return Document(
            capture=self.capture.id,
            name=known.name or name,
            text=fitted,
            title=known.title,
            publisher=known.publisher,
            published=known.published or self.published,
            published_from=source,
            url=known.url,
            language=known.language or spoken,
            language_from="text" if spoken else None,
            pages=places,
            notes=(*self.notes, *notes),
        )


def from_record(source: Source, record: Any, where: str, *, name: str) -> Document:
    """The document that one record tells; ``BadRecord`` naming the key that does not fit."""
    known = metadata(record, where)
    text = record.get("text")
    if text is None:
        raise BadRecord(f"{where} has no key 'text'; each record needs the report's words under 'text'")
    if not isinstance(text, str):
        raise BadRecord(f"{where}: 'text' is {_kind(text)}, expected a string; write the words there")
    settled = known.or_else(source.sidecar)
    return source.document(text, settled, f"{where}, 'text'", name=name, published_from="metadata")


def metadata(record: Any, where: str) -> Metadata:
    """The keys id, title, source, url, language and published of ``record``; others are let be.

    A key that is missing, null or blank is unknown. Raises ``BadRecord`` for any other thing
    than a string (a whole number too for id) and for a date that is not ISO: nothing is guessed.
    """
    if not isinstance(record, dict):
        raise BadRecord(f'{where} is {_kind(record)}, expected an object such as {{"id": "a1", "text": "…"}}')
    known = {field: _string(record, key, where) for key, field in _KEYS.items()}
    told = _string(record, "published", where)
    try:
        day = iso(told) if told else None
    except BadDate as error:
        raise BadRecord(f"{where}: 'published': {error}, or leave the key out") from error
    return Metadata(published=day, **known)


def sidecar(path: Path) -> Metadata | None:
    """What ``<path>.meta.json`` says of the report ``path``; None where there is no such file.

    Raises ``BadRecord``, ``NotText``, ``TooLarge`` or ``Unreadable``, naming that file.
    """
    if path == STANDARD_INPUT:
        return None
    beside = sidecar_path(path)
    name = shown(beside)
    try:
        with beside.open("rb") as file:
            data = file.read(SIDECAR_LIMIT + 1)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise Unreadable(f"{name} cannot be read ({error.strerror}); make it readable") from error
    return sidecar_of(data, name)


def sidecar_of(data: bytes, name: str) -> Metadata:
    """What a sidecar with these bytes says, which messages call ``name``. Raises as ``sidecar`` does."""
    if len(data) > SIDECAR_LIMIT:
        raise TooLarge(f"{name} has more than 1 MB; it should hold a few lines of metadata")
    text = decoded(data, name)
    value, end, flaw = Decoder().decode(text, 0, name)
    if flaw:
        raise flaw
    if text[end:].strip():
        raise BadRecord(f"{name}: something stands after the object; leave one object {{…}} in it")
    return metadata(value, name)


class Decoder:
    """Reads one JSON value at a time, and refuses what JSON leaves open to guessing."""

    def __init__(self) -> None:
        self._flaws: list[str] = []
        self._json = json.JSONDecoder(
            object_pairs_hook=self._object, parse_constant=self._constant, parse_int=self._int
        )

    def decode(self, text: str, start: int, where: str) -> tuple[Any, int, BadRecord | None]:
        """The value at ``start`` (white space before it skipped), where it ends, and its flaw if any.

        A value with a flaw is refused, but what stands after it can be read. Raises ``BadRecord``
        where the reading cannot go on.
        """
        self._flaws.clear()
        while start < len(text) and text[start] in " \t\r\n":
            start += 1
        try:
            value, end = self._json.raw_decode(text, start)
        except JSONDecodeError as error:
            raise BadRecord(
                f"{where} is no JSON: {error.msg.removesuffix(' at')} "
                f"at line {error.lineno}, column {error.colno}; "
                "correct it there"
            ) from error
        except RecursionError as error:
            raise BadRecord(f"{where} is nested too deeply; a record is one flat object") from error
        return value, end, BadRecord(f"{where}: {self._flaws[0]}") if self._flaws else None

    def _object(self, pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        made = dict(pairs)
        if len(made) < len(pairs):
            twice = next(key for key, times in Counter(key for key, _ in pairs).items() if times > 1)
            self._flaws.append(f"the key {twice!r} stands there twice; leave the right one")
        return made

    def _constant(self, name: str) -> None:
        self._flaws.append(f"{name} is no JSON; write null where a value is not known")

    def _int(self, digits: str) -> int:
        if len(digits) > _DIGITS:
            self._flaws.append(f"a number of {len(digits)} digits; write it as a string")
            return 0
        return int(digits)


def _string(record: dict[str, Any], key: str, where: str) -> str | None:
    value = record.get(key)
    if key == "id" and isinstance(value, int) and not isinstance(value, bool):
        value = str(value)
    if value is None:
        return None
    if not isinstance(value, str):
        raise BadRecord(f"{where}: {key!r} is {_kind(value)}, expected a string; correct it or leave it out")
    if len(value) > VALUE_LIMIT:
        raise BadRecord(
            f"{where}: {key!r} has {len(value):,} characters, expected at most {VALUE_LIMIT:,}; "
            "is it the text?"
        )
    if any("\ud800" <= c <= "\udfff" or c == "\0" for c in value):
        raise BadRecord(
            f"{where}: {key!r} holds half a character or a zero byte; write it again with whole characters"
        )
    return value.strip() or None


def _kind(value: Any) -> str:
    """What was found, as JSON calls it."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true or false"
    names = {dict: "an object", list: "a list", str: "a string", int: "a number", float: "a number"}
    return names.get(type(value), "something else")
