"""WHAT IS LEFT OF WHAT WENT? The checks of rows that an event ``expunged`` tells of.

What a row held before is gone, so nobody can hold it against that. What can be told is whether what stands
there now is what an expunging leaves: nothing at all, a body in which a name is covered, or one that
points to such a row. A row in which nothing was taken out is named, whatever an event tells of it. That a
number beside a covered name is the one that stood there, only a signature can tell: a checkpoint made after
the expunging, by somebody who was there.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import suppress
from typing import Any

from sqlalchemy import Connection, select

from tallystick import rows
from tallystick.model import Event
from tallystick.values.masking import MASK

Place = tuple[str, int]  # table and seq
Told = Sequence[tuple[int, Event]]  # events, each with its seq

_SHA256 = re.compile("[0-9a-f]{64}")
_IDS = re.compile(r"(?:doc|clm|acc|rdg)-[0-9a-f]{24}")
# What points comes after what it points to.
_ORDER = ("documents", "claims", "reviews", "judgements", "captures", "custody")
_WHOLE = ("documents", "claims", "reviews", "judgements")  # tables of which a row goes whole


def malformed(told: Told) -> Iterator[str]:
    """What no expunging tells: of nobody, of no row, of digests that are none or follow on nothing."""
    now: dict[Place, str] = {}
    for seq, event in told:
        yield from (f"custody, row {seq}: {flaw}" for flaw in _flaws(event, now))


def _flaws(event: Event, now: dict[Place, str]) -> Iterator[str]:
    """What is wrong with one event; moves on what each row was left as."""
    who = [event.by, event.facts.get("second"), event.note]
    if not all(isinstance(each, str) and each.strip() for each in who):
        yield "it tells of an expunging without two people and a reason"
    elif event.by.split() == str(who[1]).split() and MASK not in event.by:
        yield "one person alone answers for it, and two are asked for"
    for name in ("captures", "lists"):
        for digest in _listed(event, name):
            if not _digest(digest):
                yield f"{digest!r} among its {name} is no SHA-256"
    for each in _listed(event, "expunged"):
        if not _sound(each):
            yield f"{each!r} tells of no row that was rewritten"
    for place, was, left in rewritten(event):
        if now.get(place, was) != was:
            yield f"{place[0]}, row {place[1]} was not as it tells when it was rewritten"
        now[place] = left


def rewritten(event: Event) -> Iterator[tuple[Place, str, str]]:
    """The rows that an event tells of, each with the SHA-256 of its body before and after."""
    for each in filter(_sound, _listed(event, "expunged")):
        yield (each["table"], each["seq"]), each["was"], each["now"]


def _sound(told: Any) -> bool:
    return (
        isinstance(told, Mapping)
        and told.get("table") in rows.READ
        and type(told.get("seq")) is int
        and told["seq"] > 0
        and _digest(told.get("was"))
        and _digest(told.get("now"))
    )


def _listed(event: Event, name: str) -> Sequence[Any]:
    found = event.facts.get(name, ())
    return found if isinstance(found, list | tuple) else [found]


def _digest(told: object) -> bool:
    return isinstance(told, str) and _SHA256.fullmatch(told) is not None


def unexplained(connection: Connection, touched: Collection[Place]) -> Iterator[str]:
    """Rows of ``touched``, told to have been rewritten, in which nothing was taken out."""
    ids: set[str] = set()  # of rows that are as an expunging leaves them
    for name in _ORDER:
        table = rows.METADATA.tables[name]
        seqs = {seq for of, seq in touched if of == name}
        for row in connection.execute(select(table).order_by("seq")) if seqs else ():
            if row.seq not in seqs:
                continue
            if _explained(name, row, ids):
                ids |= set(_called(name, row))
            else:
                yield f"{name}, row {row.seq} ({row.id}): told to be expunged, and nothing is taken out of it"


def _called(table: str, row: Any) -> Iterator[str]:
    """The ids by which other rows point to this one; a claim that a person put there has no other row."""
    named = row._mapping
    yield from (named[name] for name in ("id", "account", "reading", "claim") if named.get(name))
    if table == "reviews" and row.body != rows.GONE:
        with suppress(*rows.UNREADABLE):  # ``misnamed`` names it
            own = rows.review(row.body).correction
            yield from (own.account,) if own is not None and own.account else ()


def _explained(table: str, row: Any, ids: set[str]) -> bool:
    if row.body == rows.GONE:
        return table in _WHOLE
    if MASK in row.body or not ids.isdisjoint(_IDS.findall(row.body)):
        return True
    try:
        return table in _BARE and _BARE[table](row.body)
    except rows.UNREADABLE:  # ``misnamed`` names it
        return False


def _bare_capture(body: str) -> bool:
    told = rows.capture(body)
    return not (told.origin or told.media_type)


def _bare_event(body: str) -> bool:
    """Whether an event tells in digests and numbers alone, or of a list that counts no more."""
    event = rows.event(body)
    if event.what == "listed" and not event.facts.get("name") and event.facts.get("counts") is False:
        return True
    return event.what != "expunged" and not (event.note or _wordy(event.facts))


def _wordy(value: Any) -> bool:
    """Whether words stand anywhere in facts: what is neither a digest nor an id."""
    if isinstance(value, Mapping):
        return any(map(_wordy, value.values()))
    if isinstance(value, list | tuple):
        return any(map(_wordy, value))
    return isinstance(value, str) and bool(value) and not (_digest(value) or _IDS.fullmatch(value))


_BARE: dict[str, Callable[[str], bool]] = {"captures": _bare_capture, "custody": _bare_event}


def said(seq: int, event: Event) -> str:
    """An expunging in a sentence: who answers for it, when, why, and how much went."""
    count: dict[str, int] = {}
    for (name, _), _, _ in rewritten(event):
        count[name] = count.get(name, 0) + 1
    much = ", ".join(f"{number} of {name}" for name, number in sorted(count.items())) or "none"
    return (
        f"custody, row {seq}: on {event.at} {event.by} and {event.facts.get('second')} took out "
        f"a name or reports ({event.note}); rows rewritten: {much}; "
        f"bytes of captures: {len(_listed(event, 'captures'))}"
    )
