"""GeoJSON (RFC 7946): each incident and matter a feature, with what is told of it as its properties.

A point is where a list has the place, ``radius_km`` how far the place reaches, so that nobody takes the point
for the spot; what has no point is there all the same, with a ``null`` geometry.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tallystick.exchange import files
from tallystick.exchange.happenings import Happening, happenings
from tallystick.model import TOLLS, Record
from tallystick.values.place import Place

FILE = "incidents.geojson"


def write(record: Record, folder: Path) -> None:
    """Write ``incidents.geojson`` of ``record`` into ``folder``."""
    files.whole(folder / FILE, collection(record))


def collection(record: Record) -> dict[str, Any]:
    """The features, in the order of the ids: incidents of harm, then matters."""
    found = [_feature(one) for one in happenings(record)]
    return {"type": "FeatureCollection", "features": found}


def _feature(one: Happening) -> dict[str, Any]:
    when, place = one.called.when, one.called.place
    return {
        "type": "Feature",
        "id": one.id,
        "geometry": geometry(place),
        "properties": {
            "title": one.called.title,
            "kind": one.called.kind,
            "matter": one.is_matter,
            "start": when.start.isoformat() if when.start else None,
            "end": when.end.isoformat() if when.end else None,
            "precision": when.precision,
            "place": place.name if place else None,
            "admin1": place.admin1 if place else None,
            "country": place.country if place else None,
            "radius_km": place.radius_km if place else None,
            "tolls": {kind: told for kind in TOLLS if (told := one.ends(kind))},
            "accused": [actor.name for actor in one.accused],
            "origins": list(one.origins),
            "reports": len(one.reports),
            "verdicts": one.verdicts,
            "grade": one.weighed.grade or None,
        },
    }


def geometry(place: Place | None) -> dict[str, Any] | None:
    """The point of a place, longitude first; ``None`` where it has none."""
    if place is None or place.latitude is None or place.longitude is None:
        return None
    return {"type": "Point", "coordinates": [place.longitude, place.latitude]}
