"""ACLED-like CSV: its columns, one row an event, each derived cell with its rule's name in ``tags``.

ACLED's own columns are in its codebook (https://acleddata.com, "Codebook"). It has no wounded, no range and
no unknown: ``notes`` says in words what is told, and a cell that no rule fills stays empty, where ACLED's
coders would write 0. ``region``, ``admin2``, ``admin3``, ``source_scale`` and ``timestamp`` are theirs to
give.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from tallystick.exchange import cells, rules
from tallystick.exchange.countries import number_of
from tallystick.exchange.happenings import Actor, Happening, happenings
from tallystick.exchange.rules import Derived
from tallystick.model import Record, State

COLUMNS = (
    "event_id_cnty", "event_date", "year", "time_precision", "disorder_type", "event_type", "sub_event_type",
    "actor1", "assoc_actor_1", "inter1", "actor2", "assoc_actor_2", "inter2", "interaction",
    "civilian_targeting", "iso", "region", "country", "admin1", "admin2", "admin3", "location", "latitude",
    "longitude", "geo_precision", "source", "source_scale", "notes", "fatalities", "tags", "timestamp",
)  # fmt: skip
FILE = "acled.csv"


def write(record: Record, folder: Path) -> None:
    """Write ``acled.csv`` of ``record`` into ``folder``."""
    cells.write(folder / FILE, COLUMNS, rows(record))


def rows(record: Record) -> Iterator[dict[str, Any]]:
    """The rows, in the order of the incidents' ids. What ACLED has no event for gives none."""
    taken = _taken(record)
    for one in happenings(record):
        found, rule = rules.sort(one, _first(taken, one))
        if found is not None or not one.is_matter:
            yield _row(one, found, rule)


def _taken(record: Record) -> dict[str, State]:
    """Claims that tell ground as taken, each with the state that they make."""
    states = (state for line in record.lines if line.kind == "control" for state in line.course)
    return {name: state for state in states if state.what == "taken" for name in state.claims}


def _first(taken: dict[str, State], one: Happening) -> State | None:
    names = sorted(claim.id for account in one.accounts for claim in account.claims)
    return next((taken[name] for name in names if name in taken), None)


def _row(one: Happening, found: rules.Sort | None, rule: str) -> dict[str, Any]:
    when, place = one.called.when, one.called.place
    actor, by = rules.perpetrator(one)
    other, against = rules.other_side(one)
    first = rules.inter(actor)
    second = Derived("Civilians", against) if against == "civilians-told" else rules.inter(_side(one))
    killed, exact = rules.fatalities(one), rules.time_precision(one.days)
    near = rules.geo_precision(place)
    told = {
        "event_date": "first-day" if when.start and when.start != when.end else "",
        "time_precision": exact.rule,
        "sub_event_type": rule,
        "actor1": by,
        "actor2": against,
        "inter1": first.rule,
        "inter2": second.rule,
        "geo_precision": near.rule,
        "fatalities": killed.rule,
        "source": "row-alone" if one.weighed.incident.is_derived else "",
    }
    both = first.value and second.value
    return {
        "event_id_cnty": one.id,
        "event_date": when.start,
        "year": when.start.year if when.start else None,
        "time_precision": exact.value,
        "disorder_type": found.disorder_type if found else None,
        "event_type": found.event_type if found else None,
        "sub_event_type": found.sub_event_type if found else None,
        "actor1": actor.name if actor else None,
        "assoc_actor_1": _joined(each.name for each in one.accused if actor and each != actor),
        "inter1": first.value,
        "actor2": other,
        "assoc_actor_2": _joined(each.name for each in one.opponents[1:]),
        "inter2": second.value,
        "interaction": f"{first.value}-{second.value}" if both else None,
        "civilian_targeting": _targeting(found),
        "iso": number_of(place.country) if place else None,
        "region": None,
        "country": place.country if place else None,
        "admin1": place.admin1 if place else None,
        "admin2": None,
        "admin3": None,
        "location": place.name if place else None,
        "latitude": place.latitude if place else None,
        "longitude": place.longitude if place else None,
        "geo_precision": near.value,
        "source": _joined(one.origins),
        "source_scale": None,
        "notes": one.summary,
        "fatalities": killed.value,
        "tags": _joined(f"{name} rule={rule}" for name, rule in told.items() if rule),
        "timestamp": None,
    }


def _side(one: Happening) -> Actor | None:
    return one.opponents[0] if one.opponents else None


def _targeting(found: rules.Sort | None) -> str | None:
    return "Civilian targeting" if found and found.event_type == "Violence against civilians" else None


def _joined(names: Iterable[str]) -> str | None:
    """Names as ACLED lists them: with semicolons, which therefore none of them may hold."""
    return "; ".join(re.sub(r"\s*;\s*", ", ", name) for name in names) or None
