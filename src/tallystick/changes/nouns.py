"""One thing that changed between two states of a case, with the words that moved it; and all of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from tallystick.errors import NoSource
from tallystick.model import ClaimId, DocumentId, digest

# Each sort of change with its heading, in the order in which they are told: the gravest first.
SORTS: Mapping[str, str] = {
    "conflict": "Conflicts that appeared",
    "toll": "Tolls that moved",
    "incident": "New incidents",
    "joined": "Incidents that were joined",
    "parted": "Incidents that were parted",
    "gone": "Incidents that are gone",
    "settled": "Conflicts that were settled",
    "verdict": "Verdicts that changed",
    "more": "Told by more reports",
    "fewer": "Told by fewer reports",
    "otherwise": "Told otherwise",
    "matter": "New matters",
    "state": "Who holds what, who is where, what came of it",
    "total": "Totals over several events",
    "name": "Names that need a person",
    "decision": "Decisions",
    "report": "Reports",
}
# What rests on no claim: what people decided, and what came in.
_UNCITED = ("decision", "report")


@dataclass(frozen=True, slots=True)
class Words:
    """The exact words of a report that a change rests on, and how they are cited.

    ``said`` is a whole sentence: whose word it is, the words, and in which report. ``went`` is true of words
    that stood before and stand no more.
    """

    claim: ClaimId
    document: DocumentId
    report: str
    start: int
    end: int
    quote: str
    said: str
    url: str = ""
    went: bool = False


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that is otherwise than it was.

    ``sort`` is a key of ``SORTS``; ``about`` the id of what changed (of an incident that is gone: its former
    one), ``title`` what that goes by. ``said`` tells the change in a sentence; ``before`` and ``after`` are
    what stood and what stands, in words, empty for nothing. ``others`` are the ids of what else it concerns:
    the incidents that were joined, the parts of one that was parted. ``seq`` and ``at`` are the custody event
    that last bore on it; where no single one did (accounts were compared anew), ``seq`` is 0 and ``at`` the
    moment of the last event of all.
    """

    sort: str
    about: str
    title: str
    said: str
    field: str = ""
    before: str = ""
    after: str = ""
    words: tuple[Words, ...] = ()
    others: tuple[str, ...] = ()
    seq: int = 0
    at: str = ""

    def __post_init__(self) -> None:
        if self.sort not in SORTS:
            raise ValueError(f"no sort of change: {self.sort!r}")
        if not self.words and self.sort not in _UNCITED:
            raise NoSource(f"no words stand behind {self.said[:80]!r} of {self.about}")

    @property
    def id(self) -> str:
        """The same for as long as nothing else bears on it, whatever span of time is asked about."""
        told = (self.sort, self.about, self.field, self.before, self.after, self.said, self.others, self.seq)
        return digest("chg", *told)


@dataclass(frozen=True, slots=True)
class Mark:
    """A place in the custody record: the event ``seq``, recorded at the moment ``at`` (UTC, ISO 8601).

    0 is before the first event, and was at no moment.
    """

    seq: int
    at: str = ""

    def __str__(self) -> str:
        return f"event {self.seq:,} ({self.at})" if self.seq else "the beginning"


@dataclass(frozen=True, slots=True)
class Changes:
    """What is otherwise in the case ``name`` than it was: the gravest sort first.

    ``case`` is the value of its chain at its first event, which no other case has.
    """

    name: str
    case: str
    since: Mark
    until: Mark
    every: tuple[Change, ...]

    def of(self, sort: str) -> tuple[Change, ...]:
        """Those of one sort."""
        return tuple(change for change in self.every if change.sort == sort)
