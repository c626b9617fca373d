"""What programs look for: words, names, days and ids over the whole case; and what people decided."""

from __future__ import annotations

from datetime import date
from typing import Any

from starlette.responses import Response

from tallystick.desk.past import DECIDED
from tallystick.web.api import lines
from tallystick.web.api.answers import after, limit, page
from tallystick.web.here import Here, Stop
from tallystick.web.standing import Veil


def search(here: Here) -> Response:
    """The reports that hold the words, the likeliest first; on the first page all else that may be meant.

    How likely a report is hangs on all of them: where some come while a program walks, it begins again (410).
    """
    asked, most = here.query["q"], limit(here)
    skip, were = after(here, int, int) or [0, -1]
    there = here.desk.count_reports()
    if were not in (-1, there):
        raise Stop(410, "Reports came or went since this search began.", "Begin again, without the cursor.")
    total = here.desk.count_found(asked)
    hits = here.desk.search(asked, limit=most, skip=max(0, skip))
    items = [
        {
            "report": hit.ref,
            "title": hit.title,
            "published": hit.day.isoformat() if hit.day else None,
            "before": hit.before,
            "words": hit.words,
            "after": hit.after,
        }
        for hit in hits
    ]
    ends = [skip + most, there] if skip + most < total else None
    beside = _beside(here, asked) if were == -1 else None
    return page(here, items, ends, total=total, beside=beside)


def _beside(here: Here, asked: str) -> dict[str, Any]:
    """What else may be meant than words of reports."""
    found = here.desk.find(asked)
    return {
        "ids": [{"sort": hit.sort, "id": hit.ref, "title": hit.title} for hit in found.ids],
        "days": [day.isoformat() for day in found.days] if found.days else None,
        "on_days": found.on_days,
        "incidents": [lines.row(here, each) for each in found.incidents],
        "incidents_all": found.incidents_all,
        "matters": [lines.row(here, each) for each in found.matters],
        "matters_all": found.matters_all,
        "places": [{"name": hit.ref, "means": hit.words or None} for hit in found.places],
        "parties": [{"name": hit.ref, "means": hit.words or None} for hit in found.parties],
        "publishers": [{"name": name, "reports": count} for name, count in found.publishers],
    }


def history(here: Here) -> Response:
    """What people decided, the last first."""
    asked, most = here.query, limit(here)
    told = after(here, int)
    first, last = (date.fromisoformat(asked[name]) if name in asked else None for name in ("from", "to"))
    found = here.desk.numbered_history(
        item=asked.get("item", ""),
        by=asked.get("by", ""),
        what=tuple(asked.get("what", ())) or DECIDED,
        first=first,
        last=last,
        before=told[0] if told else None,
        limit=most + 1,
    )
    veil = Veil(here)
    ends = [found[most - 1][0]] if len(found) > most else None
    return page(here, [lines.decision(veil, seq, event) for seq, event in found[:most]], ends)
