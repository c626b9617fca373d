"""Incidents that tell of protected objects, made by hand in a line each."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from tests_build import HAND, make_document

from tallystick.findings import find
from tallystick.model import Account, Claim, Incident, Role, Telling, Toll, Voice, Weighed
from tallystick.values.count import Count
from tallystick.values.party import Party
from tallystick.values.place import Place
from tallystick.values.when import When


def told(
    words: str = "Something happened",
    *,
    name: str = "report",
    kind: str = "air_strike",
    day: str | None = "2016-10-06",
    place: str | None = "Tarsin",
    admin1: str | None = None,
    target: str | None = None,
    weapon: str | None = None,
    by: str | None = None,
    denied: bool = False,
    harmed: Sequence[tuple[str, int]] = (),
    voice: str | None = None,
    stance: Any = "stated",
    aggregate: bool = False,
) -> Account:
    """One account told in exactly ``words``; ``harmed`` are killed as (group, number)."""
    tail = " " + " ".join(f"Killed were {n} {group}." for group, n in harmed) + " It was them."
    document = make_document(words + tail, f"{name}/{words}/{place}/{day}/{kind}", "2016-10-07", name)
    telling = document.span(0, len(words))
    on = date.fromisoformat(day) if day else None
    when = When(on, on, "day", day) if on else When(None, None, "unknown")
    where = Place(place, None, admin1) if place else None
    voices = (Voice(voice),) if voice else ()
    value = Telling(kind, aggregate, False, when, where, weapon, target)
    head = Claim(telling, "attack", value, voices, stance, telling, HAND)
    claims = [head]
    for group, n in harmed:
        said = f"Killed were {n} {group}."
        at = document.text.index(said)
        toll = Toll("killed", Count(n, n), group)
        claims.append(
            Claim(document.span(at, at + len(said)), "casualties", toll, voices, "stated", telling, HAND)
        )
    if by:
        at = document.text.index("It was them")
        role = Role(Party(by), "perpetrator", "denied" if denied else "alleged")
        held: Any = "denied" if denied else "alleged"
        claims.append(Claim(document.span(at, at + 11), "responsibility", role, voices, held, telling, HAND))
    return Account(head, tuple(claims), name, document.published)


def incident(*accounts: Account) -> Weighed:
    """The incident that these accounts tell, weighed."""
    return find(Incident(accounts), {})


def one(words: str, **more: Any) -> Weighed:
    """An incident of one account told in ``words``."""
    return incident(told(words, **more))
