"""HXL-tagged CSV: a head for people, a row of hashtags for programs, one row an incident of harm.

The hashtags and attributes are those of the HXL standard 1.1 (https://hxlstandard.org). A range has a column
for each end; ``#meta+rule`` names the rules behind the numbers, ``#meta+count`` counts independent origins.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tallystick.exchange import cells
from tallystick.exchange.happenings import Happening, happenings
from tallystick.model import Record

FILE = "hxl.csv"
TAGS = {
    "Id": "#event+code",
    "First day": "#date+occurred+start",
    "Last day": "#date+occurred+end",
    "Kind": "#event+type",
    "Country": "#country+name",
    "Country code": "#country+code+v_iso2",
    "Province": "#adm1+name",
    "Place": "#loc+name",
    "Latitude": "#geo+lat",
    "Longitude": "#geo+lon",
    "Radius in km": "#geo+radius",
    "Killed, best": "#affected+killed",
    "Killed, least": "#affected+killed+min",
    "Killed, most": "#affected+killed+max",
    "Wounded, best": "#affected+injured",
    "Wounded, least": "#affected+injured+min",
    "Wounded, most": "#affected+injured+max",
    "Origins": "#meta+source",
    "Number of origins": "#meta+count",
    "Rules": "#meta+rule",
    "Description": "#description",
}


def write(record: Record, folder: Path) -> None:
    """Write ``hxl.csv`` of ``record`` into ``folder``."""
    told = (_row(one) for one in happenings(record, matters=False))
    cells.write(folder / FILE, tuple(TAGS), told, above=[tuple(TAGS.values())])


def _row(one: Happening) -> dict[str, Any]:
    when, place = one.called.when, one.called.place
    killed, wounded = one.ends("killed") or {}, one.ends("wounded") or {}
    rules = {
        f"{name} {rule}"
        for name in ("killed", "wounded")
        if (told := one.range(name)) is not None
        for rule in ("reported-best", "reported-high-open" if told.open else "reported-high")
    }
    values = (
        one.id, when.start, when.end, one.called.kind, place.country if place else None, one.country_code,
        place.admin1 if place else None, place.name if place else None, place.latitude if place else None,
        place.longitude if place else None, place.radius_km if place else None,
        *(told.get(end) for told in (killed, wounded) for end in ("best", "low", "high")),
        "; ".join(one.origins) or None, len(one.origins), "; ".join(sorted(rules)) or None, one.summary,
    )  # fmt: skip
    return dict(zip(TAGS, values, strict=True))
