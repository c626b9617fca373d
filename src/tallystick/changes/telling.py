"""All changes as lines for people, and as an object for programs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from tallystick.changes.nouns import SORTS, Change, Changes
from tallystick.model import plain

SHOWN = 3  # sentences of words under one change; of more it is told how many


def told(changes: Changes) -> dict[str, Any]:
    """All of it as JSON can hold it: each change with its id and all its words."""
    return {
        "name": changes.name,
        "since": plain(changes.since),
        "until": plain(changes.until),
        "counts": {sort: len(found) for sort in SORTS if (found := changes.of(sort))},
        "changes": [{"id": change.id, **plain(change)} for change in changes.every],
    }


def lines(changes: Changes, *, most: int = SHOWN) -> Iterator[str]:
    """All of it as text, under a heading for each sort; up to ``most`` sentences of words for each change."""
    yield f"{changes.name}: since {changes.since}, up to {changes.until}"
    if not changes.every:
        yield "nothing changed"
    for sort, heading in SORTS.items():
        found = changes.of(sort)
        if found:
            yield ""
            yield f"{heading} ({len(found):,})"
        for change in found:
            yield from _lines(change, most)


def _lines(change: Change, most: int) -> Iterator[str]:
    about = "" if change.sort in ("decision", "report", "name") else f"  [{change.about}]"
    yield f"  {change.title}{about}"
    yield f"    {change.said}"
    for words in change.words[:most]:
        yield f"      {'no longer: ' if words.went else ''}{words.said}"
    if len(change.words) > most:
        yield f"      and {len(change.words) - most:,} more; --json has all words"
