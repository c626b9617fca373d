"""WHAT IS OTHERWISE THAN IT WAS? Two states of one case, and what changed from the one to the other.

``changes(before, after, events)`` is a pure function of two records and of the custody events between them;
``Case.changes`` gives it the records of two events of one ledger. Every change of the record is cited to the
words that moved it. ``told`` and ``lines`` give all of it as JSON and as text, ``atom`` as a feed.

What follows from the incidents alone (totals by month and place, patterns, articles alleged) is not compared:
who asks what changed is led to the incidents that changed it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import chain

from tallystick.changes import beside, compared
from tallystick.changes.atom import atom
from tallystick.changes.compared import Side
from tallystick.changes.nouns import SORTS, Change, Changes, Mark, Words
from tallystick.changes.telling import lines, told
from tallystick.model import Event, Record

__all__ = ["SORTS", "Change", "Changes", "Mark", "Words", "atom", "changes", "lines", "told"]

# Events that bear on what a record tells of one report, claim, pair or name.
_BEARING = ("kept", "read", "refused", "reviewed", "judged", "named", "expunged", "readmitted")


def changes(before: Record, after: Record, events: Sequence[tuple[int, Event]] = ()) -> tuple[Change, ...]:
    """What is otherwise in ``after`` than in ``before``, the gravest sort first, each sort by title.

    ``events`` are the custody events between the two, each with its seq: those that came after ``before``, up
    to ``after``. Equal records without events between them differ in nothing.
    """
    left, right = Side(before), Side(after)
    found = chain(
        compared.incidents(left, right),
        beside.lines(left, right),
        beside.totals(left, right),
        beside.names(left, right),
        beside.decisions(left, right, events),
        beside.reports(left, right),
    )
    dated = _dated(found, events)
    order = {sort: place for place, sort in enumerate(SORTS)}

    def place(each: Change) -> tuple[int, str, str, str, int, str]:
        return order[each.sort], each.title, each.about, each.field, each.seq, each.said

    return tuple(sorted(dated, key=place))


def _dated(found: Iterable[Change], events: Sequence[tuple[int, Event]]) -> Iterable[Change]:
    """Each change with the last event that bore on it: on its reports, its claims, or itself.

    Where there is none a link, a list or a setting moved it: then it is dated by the last event of all.
    """
    by_item: dict[str, tuple[int, str]] = {}
    for seq, event in events:
        if event.what in _BEARING:
            by_item |= dict.fromkeys({event.item, *event.item.split()}, (seq, event.at))
    last = 0, events[-1][1].at if events else ""
    for change in found:
        if change.seq:
            yield change
            continue
        told = ((each.claim, each.document) for each in change.words)
        items = {change.about, *chain.from_iterable(told)}
        seq, at = max((by_item[item] for item in items if item in by_item), default=last)
        yield replace(change, seq=seq, at=at)
