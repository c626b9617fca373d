"""What people note beside their decisions: comments, who is to look at what, how reliable a source is.

Each is a custody event, appended; the last of a kind on an item stands. None of it changes what is told of
an incident, and none of it leaves the house.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import product
from typing import Literal

from tallystick.errors import AskedWrongly
from tallystick.model import AccountId, Event, Judgement, Maker
from tallystick.values.names import fold

KINDS = ("commented", "assigned", "graded", "looked")
# The Admiralty scale: how reliable a source is, and how credible what it says.
RELIABILITY = {
    "A": "completely reliable",
    "B": "usually reliable",
    "C": "fairly reliable",
    "D": "not usually reliable",
    "E": "unreliable",
    "F": "cannot be judged",
}
CREDIBILITY = {
    "1": "confirmed by others",
    "2": "probably true",
    "3": "possibly true",
    "4": "doubtful",
    "5": "improbable",
    "6": "cannot be judged",
}
_MOST = 2500  # pairs that one decision parts
_LONG = 10_000  # characters of a comment


def commented(item: str, text: str, by: str, at: str, who: str = "") -> Event:
    """A comment on an item, by its id. Raises ``AskedWrongly`` for an empty one, or one that is a report."""
    if not text.strip():
        raise AskedWrongly("a comment says something")
    if len(text) > _LONG:
        raise AskedWrongly(f"a comment has at most {_LONG:,} characters; this one has {len(text):,}")
    return Event("commented", item, _named(by), at, text.strip(), who=who)


def assigned(item: str, to: str, by: str, at: str, note: str = "", who: str = "") -> Event:
    """That ``to`` is to look at an item; nobody any more where it is blank."""
    return Event("assigned", item, _named(by), at, note, {"to": to.strip()}, who)


def graded(source: str, grade: str, by: str, at: str, note: str = "", who: str = "") -> Event:
    """How far a source is to be relied on, A to F, or how credible a claim is, 1 to 6; blank takes it back.

    ``source`` is a publisher's or a voice's name, or a claim's id. Raises ``AskedWrongly`` for other grades.
    """
    told = grade.strip().upper()
    is_claim = source.startswith("clm-")
    scale = CREDIBILITY if is_claim else RELIABILITY
    if told and told not in scale:
        raise AskedWrongly(f"{grade!r} is no grade of the Admiralty scale; it has {', '.join(scale)}")
    if not is_claim and not fold(source):
        raise AskedWrongly(f"{source!r} is no name of a source")
    item = source if is_claim else f"source {fold(source)}"
    return Event("graded", item, _named(by), at, note, {"source": source, "grade": told}, who)


def looked(
    incident: str, accounts: Iterable[AccountId], by: str, at: str, note: str = "", who: str = ""
) -> Event:
    """That a person has looked at an incident as it stands, and has nothing to change.

    It holds as long as the incident has these accounts.
    """
    return Event("looked", incident, _named(by), at, note, {"accounts": sorted(accounts)}, who)


def grades(events: Iterable[Event]) -> dict[str, Event]:
    """The grade that stands of each source (by its folded name) and claim (by its id)."""
    out: dict[str, Event] = {}
    for event in events:
        if event.what == "graded":
            out.pop(event.item, None)
            if event.facts.get("grade"):
                out[event.item] = event
    return {item.removeprefix("source "): event for item, event in out.items()}


def parting(
    one: Sequence[AccountId], other: Sequence[AccountId], by: str, note: str = ""
) -> tuple[Judgement, ...]:
    """What parts two groups of accounts: each of the one is different from each of the other."""
    if not one or not other or set(one) & set(other):
        raise AskedWrongly("name at least one account to part from at least one other")
    if len(one) * len(other) > _MOST:
        raise AskedWrongly(f"that is {len(one) * len(other):,} pairs; at most {_MOST:,} are parted at once")
    return tuple(_judged(a, b, "different", by, note) for a, b in product(one, other))


def joining(
    one: Sequence[AccountId], other: Sequence[AccountId], by: str, note: str = ""
) -> tuple[Judgement, ...]:
    """What makes two groups of accounts one: the first of each is the same as all of the other."""
    if set(one) & set(other):
        raise AskedWrongly("these two are one already")
    if not one or not other:
        raise AskedWrongly("name two incidents that are to be one")
    pairs = dict.fromkeys([*((one[0], b) for b in other), *((a, other[0]) for a in one)])
    return tuple(_judged(a, b, "same", by, note) for a, b in pairs)


def _judged(
    a: AccountId, b: AccountId, verdict: Literal["same", "different"], by: str, note: str
) -> Judgement:
    left, right = sorted((a, b))
    return Judgement(left, right, verdict, Maker(_named(by), ""), None, (note,) if note else ())


def _named(by: str) -> str:
    if not by.strip():
        raise AskedWrongly("say who decides: --by NAME")
    return by.strip()
