"""Answers for programs: JSON, tags of what was given, cursors of lists."""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote, urlencode

from starlette.responses import Response

from tallystick.web.api.shape import Misfit
from tallystick.web.here import CONTROLS, Here
from tallystick.web.row import PREFIX

MOST, USUAL = 200, 50  # rows of one page of a list


def as_json(value: Any, status: int = 200, *, media_type: str = "application/json") -> Response:
    """``value`` as JSON, in one spelling: the same value is always the same bytes."""
    told = json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    # A lone surrogate, which UTF-8 cannot hold, becomes the escape that JSON has for it.
    return Response(told.encode("utf-8", "backslashreplace"), status, media_type=media_type)


def tag_of(value: Any) -> str:
    """The tag of an answer by what it says."""
    told = json.dumps(value, ensure_ascii=True, separators=(",", ":"), allow_nan=False)
    return f'"{hashlib.sha256(told.encode()).hexdigest()[:32]}"'


def tagged(value: Any, status: int = 200) -> Response:
    """``value`` with a tag of its own, which the decision that follows names."""
    answer = as_json(value, status)
    answer.headers["ETag"] = tag_of(value)
    return answer


def tags(header: str) -> frozenset[str]:
    """The tags that If-Match or If-None-Match names; weak ones as if they were strong."""
    return frozenset(part.strip().removeprefix("W/") for part in header.split(",") if part.strip())


def path_of(here: Here, *parts: str) -> str:
    """The path of something of the case."""
    return f"{PREFIX}cases/" + "/".join(quote(part, safe="") for part in (here.key, *parts))


def page(here: Here, items: Sequence[Any], last: Sequence[str | int] | None, **more: Any) -> Response:
    """One page of a list. ``last`` is where it ends, from which the next goes on; None: that was all."""
    told = {"at": here.desk.at, **more, "items": list(items), "next": None}
    if last is not None:
        kept = [(key, value) for key, value in here.request.query_params.multi_items() if key != "cursor"]
        told["next"] = f"{here.request.url.path}?{urlencode([*kept, ('cursor', _cursor(here, last))])}"
    return as_json(told)


def after(here: Here, *sorts: type) -> list[Any] | None:
    """Where the page before ended; None for the first. Raises ``Misfit`` for a cursor that is not ours."""
    told = here.query.get("cursor")
    if told is None:
        return None
    last: list[Any]
    try:
        asked, *last = json.loads(base64.urlsafe_b64decode(told.encode("ascii")))
    except (ValueError, TypeError, binascii.Error, RecursionError):
        raise Misfit(["the cursor is none that was given here"]) from None
    if tuple(map(type, last)) != sorts or not all(map(_fits, last)):
        raise Misfit(["the cursor is none that was given here"])
    if asked != _asked(here.query):
        raise Misfit(["the cursor was given for other filters; begin again without it"])
    return last


def _fits(each: str | int) -> bool:
    """Whether a database can be asked for it."""
    return abs(each) <= 2**62 if isinstance(each, int) else CONTROLS.search(each) is None


def limit(here: Here) -> int:
    """How many rows a page is to hold."""
    return int(here.query.get("limit", USUAL))


def _cursor(here: Here, last: Sequence[str | int]) -> str:
    told = json.dumps([_asked(here.query), *last], separators=(",", ":"))
    return base64.urlsafe_b64encode(told.encode()).decode("ascii")


def _asked(query: Mapping[str, Any]) -> str:
    """A mark of the filters that a walk goes with."""
    filters = {key: value for key, value in query.items() if key not in ("cursor", "limit")}
    return hashlib.sha256(json.dumps(filters, sort_keys=True).encode()).hexdigest()[:12]
