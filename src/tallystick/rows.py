"""How the stored nouns lie in their tables: each row has names to be found by, and a body.

A body is the one canonical spelling of a noun as JSON. Reading back is spelled out noun by
noun, and gives an equal noun; a body that lacks a key or holds a wrong one raises one of
``UNREADABLE``, which the ledger answers for.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from datetime import date
from typing import Any, NamedTuple, NoReturn, TypeVar

from sqlalchemy import (
    CheckConstraint,
    Column,
    Dialect,
    Index,
    Integer,
    MetaData,
    Select,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
    func,
    select,
)

from tallystick.model import (
    AccountId,
    Capture,
    CaptureId,
    Claim,
    ClaimId,
    Document,
    DocumentId,
    Event,
    Judgement,
    Maker,
    Review,
    Role,
    Span,
    Telling,
    Toll,
    Value,
    Voice,
    canonical,
    digest,
)
from tallystick.values.count import Count
from tallystick.values.party import Party
from tallystick.values.place import Place
from tallystick.values.when import When

SCHEMA = 2  # the form of the tables; a ledger of a higher one is of a newer Tallystick

T = TypeVar("T")
Row = dict[str, Any]
Noun = Capture | Document | Claim | Judgement | Review | Event
GONE = '{"expunged":true}'  # the body of a row that was expunged whole: it holds no noun
UNREADABLE = (KeyError, TypeError, ValueError, AttributeError, RecursionError)


# ------------------------------------------------------------------------------ the six tables

METADATA = MetaData()


class _Spelt(TypeDecorator[str]):
    """Text on a server that stores no character U+0000, which JSON lets a report's id hold.

    U+0001 goes before it and before itself, so that every text is told from every other, and texts sort by
    their bytes as they did. The one canonical spelling of a body holds neither: there both are escaped.
    """

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        if value is None or ("\0" not in value and "\1" not in value):
            return value
        return value.replace("\1", "\1\2").replace("\0", "\1\1")

    def process_result_value(self, value: str | None, dialect: Dialect) -> str | None:
        return (
            value if value is None or "\1" not in value else value.replace("\1\1", "\0").replace("\1\2", "\1")
        )


WORDS = Text().with_variant(_Spelt(), "postgresql")


class Entry(NamedTuple):
    """One table, index, trigger or other thing in a database, and how it was made, with single spaces."""

    type: str
    name: str
    table: str
    sql: str


def _table(name: str, *keys: str, more: Sequence[Column[str]] = ()) -> Table:
    """A growing table, with the keys that its rows are looked up by, and ``more`` columns after its body."""
    return Table(
        name,
        METADATA,
        Column("seq", Integer, CheckConstraint("seq > 0"), primary_key=True),
        Column("id", WORDS, nullable=False),
        Column("about", WORDS, nullable=False),
        Column("turn", Integer, nullable=False),
        *(Column(key, WORDS) for key in keys),
        Column("body", Text, nullable=False),
        *more,
        UniqueConstraint("about", "turn"),
        *(Index(f"{name}_by_{key}", key) for key in keys),
    )


CAPTURES = _table("captures")
DOCUMENTS = _table("documents", "capture", "name")
CLAIMS = _table("claims", "reading", "document", "account")
JUDGEMENTS = _table("judgements", "left", "right", "maker")
REVIEWS = _table("reviews", "claim")
CUSTODY = _table("custody", "what", "item", more=[Column("chain", Text, nullable=False)])

# The insert trigger is what keeps INSERT OR REPLACE out: SQLite removes the replaced row without
# asking the delete trigger, so a row may only take the next free place. An automatic seq is still
# -1 here; whoever writes -1 is stopped by the check on the column.
_TRIGGERS = {
    "insert": "BEFORE INSERT ON {t} WHEN (NEW.seq IS NOT NULL AND NEW.seq <> -1"
    " AND NEW.seq <> (SELECT COALESCE(MAX(seq), 0) + 1 FROM {t}))"
    " OR NEW.turn IS NOT (SELECT COUNT(*) FROM {t} WHERE about = NEW.about)"
    " OR EXISTS (SELECT 1 FROM {t} WHERE about = NEW.about AND turn = NEW.turn - 1 AND body = NEW.body)",
    "update": "BEFORE UPDATE ON {t}",
    "delete": "BEFORE DELETE ON {t}",
}
REFUSAL = "{t} only grow: rows are appended at the end, never changed, replaced, repeated or removed"


def triggers() -> dict[str, str]:
    """The triggers that let the tables only grow, by name."""
    return {
        f"{table}_only_grow_{verb}": f"CREATE TRIGGER {table}_only_grow_{verb} {when.format(t=table)}"
        f" BEGIN SELECT RAISE(ABORT, '{REFUSAL.format(t=table)}'); END"
        for table in METADATA.tables
        for verb, when in _TRIGGERS.items()
    }


def row(noun: Noun, reading: str | None = None) -> Row:
    """The names under which ``noun`` is looked up; a claim's ``reading`` is not told by itself.

    Rows of the same ``about`` follow one another. A judgement's is its pair and whether a person
    or a program judges: a program's later word never outdoes a person's.
    """
    match noun:
        case Capture():
            return {"id": noun.id, "about": noun.id}
        case Document():
            return {"id": noun.id, "about": noun.id, "capture": noun.capture, "name": noun.name}
        case Claim():
            names = {"id": noun.id, "about": f"{reading} {noun.id}", "reading": reading}
            return names | {"document": noun.span.document, "account": noun.account}
        case Judgement():
            maker = "person" if noun.by_person else "program"
            names = {"id": noun.id, "about": f"{noun.left} {noun.right} {maker}", "maker": maker}
            return names | {"left": noun.left, "right": noun.right}
        case Review():
            return {"id": noun.id, "about": noun.claim, "claim": noun.claim}
        case Event():
            names = {"id": digest("evt", noun), "about": f"{noun.what} {noun.item}"}
            return names | {"what": noun.what, "item": noun.item}


# ----------------------------------------------------------------------------------- the bodies


def encode(noun: Noun) -> str:
    """The body of ``noun``."""
    return canonical(noun)


def _not_json(word: str) -> NoReturn:
    raise ValueError(f"{word} is no number that JSON knows")


def _body(text: str) -> dict[str, Any]:
    body = json.loads(text, parse_constant=_not_json)
    if not isinstance(body, dict):
        raise TypeError(f"a body is an object, not {type(body).__name__}")
    return body


def capture(text: str) -> Capture:
    body = _body(text)
    return Capture(
        id=CaptureId(body["id"]),
        size=body["size"],
        media_type=body["media_type"],
        origin=body["origin"],
        received=body["received"],
        by=body["by"],
    )


def document(text: str) -> Document:
    body = _body(text)
    return Document(
        capture=CaptureId(body["capture"]),
        name=body["name"],
        text=body["text"],
        title=body["title"],
        publisher=body["publisher"],
        published=_maybe(date.fromisoformat, body["published"]),
        published_from=body["published_from"],
        url=body["url"],
        language=body["language"],
        # A row written before these were kept lacks them.
        language_from=body.get("language_from"),
        pages=tuple(body.get("pages", ())),
        notes=tuple(body.get("notes", ())),
        derived=str(body.get("derived", "")),
    )


def claim(text: str) -> Claim:
    return _claim(_body(text))


def _claim(body: Any) -> Claim:
    return Claim(
        span=_span(body["span"]),
        topic=body["topic"],
        value=_maybe(_value, body["value"]),
        voices=tuple(_voice(each) for each in body["voices"]),
        stance=body["stance"],
        telling=_maybe(_span, body["telling"]),
        maker=_maker(body["maker"]),
        confidence=body["confidence"],
    )


def judgement(text: str) -> Judgement:
    body = _body(text)
    return Judgement(
        left=AccountId(body["left"]),
        right=AccountId(body["right"]),
        verdict=body["verdict"],
        maker=_maker(body["maker"]),
        score=body["score"],
        reasons=tuple(body["reasons"]),
    )


def review(text: str) -> Review:
    body = _body(text)
    return Review(
        claim=ClaimId(body["claim"]),
        verdict=body["verdict"],
        by=body["by"],
        note=body["note"],
        correction=_maybe(_claim, body["correction"]),
    )


def event(text: str) -> Event:
    body = _body(text)
    return Event(
        what=body["what"],
        item=body["item"],
        by=body["by"],
        at=body["at"],
        note=body["note"],
        facts=dict(body["facts"]),
        # A row written before these were kept lacks them.
        who=body.get("who", ""),
        program=body.get("program", ""),
    )


def _maybe(read: Callable[[Any], T], body: Any) -> T | None:
    return None if body is None else read(body)


def _maker(body: Any) -> Maker:
    return Maker(body["name"], body["version"])


def _span(body: Any) -> Span:
    return Span(DocumentId(body["document"]), body["start"], body["end"], body["quote"])


def _party(body: Any) -> Party:
    return Party(body["name"], body["words"])


def _voice(body: Any) -> Voice:
    return Voice(body["name"], _maybe(_party, body["party"]), _maybe(_span, body["span"]))


def _value(body: Any) -> Value:
    """A telling, a toll or a role: each has a key that the others lack."""
    if "role" in body:
        return Role(_party(body["party"]), body["role"], body["stance"])
    if "count" in body:
        count = body["count"]
        return Toll(body["kind"], Count(**count), body["group"])
    return Telling(
        kind=body["kind"],
        aggregate=body["aggregate"],
        primary=body["primary"],
        when=_when(body["when"]),
        place=_maybe(_place, body["place"]),
        weapon=body["weapon"],
        target=body["target"],
    )


def _when(body: Any) -> When:
    return When(
        start=_maybe(date.fromisoformat, body["start"]),
        end=_maybe(date.fromisoformat, body["end"]),
        precision=body["precision"],
        words=body["words"],
        stretch=body["stretch"],
        # A row written before these were kept lacks them.
        sort=body.get("sort", "date"),
        time=body.get("time"),
        zone=body.get("zone"),
        anchor=_maybe(date.fromisoformat, body.get("anchor")),
        value=body.get("value"),
    )


def _place(body: Any) -> Place:
    return Place(
        name=body["name"],
        words=body["words"],
        admin1=body["admin1"],
        country=body["country"],
        latitude=body["latitude"],
        longitude=body["longitude"],
        radius_km=body["radius_km"],
        within=tuple(body["within"]),
    )


READ: dict[str, Callable[[str], Noun]] = {
    "captures": capture,
    "documents": document,
    "claims": claim,
    "judgements": judgement,
    "reviews": review,
    "custody": event,
}


def standing(table: Table, *about: str) -> Select[Any]:
    """The rows that stand: of those with the same ``about``, the last. Of these alone if any are named."""
    last = select(func.max(table.c.seq)).group_by(table.c.about)
    if about:
        last = last.where(table.c.about.in_(about))
    return select(*told(table)).where(table.c.seq.in_(last), table.c.body != GONE)


def told(table: Table) -> list[Column[Any]]:
    """The columns that a ledger of every form has: all but the chain."""
    return [column for column in table.c if column.name != "chain"]
