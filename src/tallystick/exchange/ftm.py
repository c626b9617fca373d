"""FollowTheMoney entities, one JSON object a line: events, parties, reports and what ties them.

The schema is FollowTheMoney's (https://followthemoney.tech). It has no property for casualties, attribution
or contradiction: one ``Note`` for each event carries these as JSON, with the rule of each derived value.
``involved`` names the parties that anybody accuses or tells as the other side: who said so, and who denied
it, stands in the note. Ids are ours and are made of content.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from tallystick.exchange import files, rules
from tallystick.exchange.bayanat import actor_id
from tallystick.exchange.countries import code_of
from tallystick.exchange.happenings import Actor, Happening, happenings
from tallystick.model import TOLLS, Document, Record, digest

FILE = "entities.ftm.json"
# Sorts of parties as schemata and topics; any other sort is told as an organisation of no topic.
_SCHEMATA = {
    "government": ("PublicBody", "gov"), "office": ("PublicBody", "gov"), "army": ("PublicBody", "mil"),
    "party": ("Organization", "pol.party"), "person": ("Person", ""),
}  # fmt: skip

Entity = dict[str, Any]


def write(record: Record, folder: Path) -> None:
    """Write ``entities.ftm.json`` of ``record`` into ``folder``."""
    found = {each["id"]: each for each in entities(record)}
    files.lines(folder / FILE, (found[name] for name in sorted(found)))


def entities(record: Record) -> Iterator[Entity]:
    """Every entity; one that several events name comes several times, the same each time."""
    for one in happenings(record):
        yield _event(one)
        yield _note(one)
        for actor in (*one.accused, *one.opponents):
            yield party(actor)
        for report in one.reports:
            yield _article(report)
            yield _documentation(one, report)


def party(actor: Actor) -> Entity:
    """A party; one that no list knows is a ``LegalEntity``, which says least."""
    schema, topic = _SCHEMATA.get(actor.sort, ("Organization" if actor.sort else "LegalEntity", ""))
    codes = [code.lower() for country in actor.countries if (code := code_of(country))]
    return _entity(actor_id(actor), schema, name=[actor.name], country=codes, topics=[topic])


def _entity(ident: str, schema: str, **properties: Sequence[str | None]) -> Entity:
    """An entity with the properties that are told; values are texts, each once."""
    told = {key: list(dict.fromkeys(each for each in values if each)) for key, values in properties.items()}
    return {"id": ident, "schema": schema, "properties": {key: many for key, many in told.items() if many}}


def _event(one: Happening) -> Entity:
    when, place = one.called.when, one.called.place
    first, last = (day.isoformat() if day else None for day in (when.start, when.end))
    code = one.country_code
    return _entity(
        one.id,
        "Event",
        name=[one.called.title],
        recordId=[one.id],
        date=[first if first == last else None],
        startDate=[first if first != last else None],
        endDate=[last if first != last else None],
        location=[str(place) if place else None],
        country=[code.lower() if code else None],
        summary=[one.summary],
        keywords=[one.called.kind],
        involved=[actor_id(actor) for actor in (*one.accused, *one.opponents)],
    )


def _note(one: Happening) -> Entity:
    killed = rules.fatalities(one)
    place = one.called.place
    told = {
        "kind": one.called.kind,
        "verdicts": one.verdicts,
        "grade": one.weighed.grade or None,
        "origins": list(one.origins),
        "tolls": {kind: found for kind in TOLLS if (found := one.ends(kind))},
        "accused": [actor.name for actor in one.accused],
        "roles": [
            {"party": role.party.name, "role": role.role, "stance": role.stance, "claim": claim.id}
            for account in one.accounts
            for claim, role in account.roles()
        ],
        "latitude": place.latitude if place else None,
        "longitude": place.longitude if place else None,
        "radius_km": place.radius_km if place else None,
        "derived": {"acled fatalities": {"value": killed.value, "rule": killed.rule}},
    }
    text = json.dumps(told, ensure_ascii=False, sort_keys=True)
    return _entity(
        digest("note", one.id), "Note", name=["What is told of it"], description=[text], entity=[one.id]
    )


def _article(report: Document) -> Entity:
    return _entity(
        report.id,
        "Article",
        title=[report.title],
        name=[report.title or report.name],
        publisher=[report.publisher],
        publishedAt=[report.published.isoformat() if report.published else None],
        sourceUrl=[report.url if report.url and report.url.startswith(("http://", "https://")) else None],
        bodyText=[report.text],
    )


def _documentation(one: Happening, report: Document) -> Entity:
    return _entity(
        digest("tie", one.id, report.id),
        "Documentation",
        document=[report.id],
        entity=[one.id],
        role=["tells of it"],
        summary=[f"SHA-256 of the bytes as received: {report.capture}"],
    )
