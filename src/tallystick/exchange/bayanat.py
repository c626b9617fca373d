"""Bayanat: incidents, bulletins (one a report) and actors as JSON, in the fields that its models read.

The fields are those that SJAC's Bayanat takes from JSON for a Bulletin, an Incident, an Actor, an Event and a
GeoLocation (https://github.com/sjacorg/bayanat, enferno/admin/models). Its own numbers of sources, labels and
event types are each installation's, so that none is given: names stand in titles and ``tags``. What belongs
together is told by ``originid``, ours. A title longer than its 255 letters is cut, and stands whole in the
description; ``comments`` name the rule of each derived value.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from tallystick.exchange import files, rules
from tallystick.exchange.happenings import Actor, Happening, happenings
from tallystick.model import Document, Record, digest
from tallystick.values.names import fold

FILE = "bayanat.json"
LONGEST = 255  # letters of a title or a link


def write(record: Record, folder: Path) -> None:
    """Write ``bayanat.json`` of ``record`` into ``folder``."""
    files.whole(folder / FILE, bundle(record))


def bundle(record: Record) -> dict[str, list[dict[str, Any]]]:
    """The incidents, bulletins and actors, each in the order of its ids."""
    every = list(happenings(record))
    names = every[0].index.names if every else {}
    reports = {each.id: each for one in every for each in one.reports}
    told: dict[str, list[Happening]] = {name: [] for name in reports}
    for one in every:
        for each in one.reports:
            told[each.id].append(one)
    actors = {actor_id(actor): actor for one in every for actor in (*one.accused, *one.opponents)}
    return {
        "incidents": [_incident(one) for one in every],
        "bulletins": [
            _bulletin(reports[name], names[name], told[name])
            for name in sorted(reports, key=names.__getitem__)
        ],
        "actors": [_actor(name, actors[name]) for name in sorted(actors)],
    }


def actor_id(actor: Actor) -> str:
    """An id made of the party's name alone: one party has one, in every export."""
    return digest("pty", fold(actor.name) or actor.name)


def _incident(one: Happening) -> dict[str, Any]:
    killed = rules.fatalities(one)
    told = {
        "verdicts": one.verdicts,
        "grade": one.weighed.grade or None,
        "origins": list(one.origins),
        "killed, by ACLED's way of counting": killed.value,
        "rule": {killed.rule: rules.SAID[killed.rule]},
    }
    return {
        "originid": one.id,
        "title": _cut(one.called.title),
        "description": one.summary,
        "comments": json.dumps(told, ensure_ascii=False, sort_keys=True),
        "events": [_event(one)],
        "bulletin_relations": [{"bulletin": {"originid": one.index.names[each.id]}} for each in one.reports],
        "actor_relations": [
            {"actor": {"originid": actor_id(actor)}, "comment": part}
            for part, many in (("accused, as told", one.accused), ("told as the other side", one.opponents))
            for actor in many
        ],
    }


def _event(one: Happening) -> dict[str, Any]:
    when = one.called.when
    return {
        "title": one.called.title,
        "comments": f"days as told, precision: {when.precision}",
        "from_date": when.start.isoformat() if when.start else None,
        "to_date": when.end.isoformat() if when.end and when.end != when.start else None,
        "estimated": when.precision != "day",
    }


def _bulletin(report: Document, name: str, here: list[Happening]) -> dict[str, Any]:
    places = {
        (place.name, place.latitude, place.longitude): place
        for one in here
        if (place := one.called.place) is not None
        and place.latitude is not None
        and place.longitude is not None
    }
    return {
        "originid": name,
        "title": _cut(report.title or report.publisher or name),
        "description": "\n\n".join(part for part in (report.title, report.text) if part),
        "comments": f"SHA-256 of the bytes as received: {report.capture}",
        "source_link": report.url if report.url and len(report.url) <= LONGEST else None,
        "source_link_type": False,
        "publish_date": report.published.isoformat() if report.published else None,
        "tags": sorted({one.called.kind for one in here}),
        "events": [_event(one) for one in here],
        "geoLocations": [
            {
                "title": place.name, "lat": place.latitude, "lng": place.longitude, "main": False,
                "comment": f"reaches {place.radius_km:g} km around the point" if place.radius_km else "",
            }
            for _, place in sorted(places.items())
        ],
    }  # fmt: skip


def _actor(name: str, actor: Actor) -> dict[str, Any]:
    return {
        "originid": name,
        "name": _cut(actor.name),
        "type": "Person" if actor.sort == "person" else "Entity",
        "comments": f"in the list of parties as: {actor.sort}" if actor.sort else "of no list of parties",
    }


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"
