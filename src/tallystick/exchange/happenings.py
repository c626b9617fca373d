"""One row of most formats: an incident or matter with what is told of it, ready to be put into columns.

Nothing is decided here that is not told: a party stands for a side only where no other is accused, and what
sort of party it is comes from the list that knows it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from tallystick.dossier import facts, words
from tallystick.dossier.facts import Called, Index
from tallystick.exchange.countries import code_of
from tallystick.findings.figures import is_vague
from tallystick.model import FIELDS, Account, Claim, Document, Range, Record, Toll, Weighed
from tallystick.values.agreement import Verdict
from tallystick.values.names import fold
from tallystick.values.parties.base import STATE, Entry
from tallystick.values.parties.register import basic


@dataclass(frozen=True, slots=True)
class Actor:
    """A party as the reports mean it: its usual name, and its sort and countries where a list knows it."""

    name: str
    sort: str = ""
    countries: tuple[str, ...] = ()

    @property
    def is_state(self) -> bool:
        """Whether a list says that it is a government or an arm of one."""
        return self.sort in STATE

    @property
    def is_armed_group(self) -> bool:
        """Whether a list says that it fights and is no state."""
        return self.sort in ("armed group", "militia")


@dataclass(frozen=True)
class Happening:
    """An incident of harm or a matter, with its reports in the order in which they were published."""

    weighed: Weighed
    called: Called
    reports: tuple[Document, ...]
    index: Index

    @property
    def id(self) -> str:
        return self.weighed.incident.id

    @property
    def is_matter(self) -> bool:
        return self.weighed.incident.is_matter

    @property
    def accounts(self) -> tuple[Account, ...]:
        """Those that are weighed: rows of datasets are handed on only where no report tells of it."""
        return self.weighed.incident.heard

    @cached_property
    def accused(self) -> tuple[Actor, ...]:
        """Whom anybody puts the deed on, denials apart: those that most accounts name first, then by name."""
        return self._actors([role.party.name for account in self.accounts for _, role in account.accused()])

    @cached_property
    def opponents(self) -> tuple[Actor, ...]:
        """Whom it was done to or fought with, in the same order."""
        told = (account.roles("opponent") for account in self.accounts)
        return self._actors(
            [role.party.name for many in told for claim, role in many if claim.stance != "denied"]
        )

    def _actors(self, names: Sequence[str]) -> tuple[Actor, ...]:
        by_name: dict[str, list[str]] = {}
        for name in names:
            by_name.setdefault(fold(name) or name, []).append(name)
        ordered = sorted(by_name.values(), key=lambda many: (-len(many), min(many)))
        return tuple(self._actor(min(many)) for many in ordered)

    def _actor(self, name: str) -> Actor:
        entry = self._known.get(name)
        if entry is None and (found := basic().one(name, self.called.when.start, kinds=("letters",))):
            entry = found.entry  # by its letters: that it only sounds like another's name says nothing
        return Actor(name, entry.sort, entry.countries) if entry else Actor(name)

    @cached_property
    def _known(self) -> dict[str, Entry]:
        meant = (one for account in self.accounts for one in account.parties)
        return {one.name: one.entry for one in meant if one.entry is not None}

    @property
    def goes_together(self) -> bool:
        """Whether all that is told of who did it can be true at once."""
        finding = self.weighed.finding("perpetrator")
        return finding is not None and finding.verdict in (Verdict.AGREE, Verdict.COMPATIBLE)

    @property
    def origins(self) -> tuple[str, ...]:
        """On whose word it rests."""
        return tuple(origin.name for origin in self.weighed.origins)

    def range(self, kind: str, group: str = "people") -> Range | None:
        """How many of ``group`` are told killed, wounded and so on; ``None`` where nothing is told."""
        if group == "people" and (finding := self.weighed.finding(kind)) is not None:
            return finding.range
        tally = self.weighed.tally(kind, group)
        return tally.range if tally else None

    def ends(self, kind: str) -> dict[str, int | bool | None] | None:
        """The reported range of those killed, wounded and so on; an end that is not told is ``None``."""
        told = self.range(kind)
        if told is None:
            return None
        low = None if told.open_below else told.low
        return {"low": low, "best": told.best, "high": told.high, "open": told.open}

    def figures(self, told: Range) -> tuple[Claim, ...]:
        """The claims that a range is made of."""
        held = (self.index.claims.get(name) for name in told.claims)
        return tuple(claim for claim in held if claim is not None and isinstance(claim.value, Toll))

    def vague(self, told: Range) -> tuple[Claim, ...]:
        """The claims of a range where every one of them is a word that fixes no number ("dozens")."""
        claims = self.figures(told)
        return claims if claims and all(map(is_vague, claims)) else ()

    @property
    def verdicts(self) -> dict[str, str]:
        """The verdict on each field that is told of."""
        found = ((field, self.weighed.finding(field)) for field in FIELDS)
        return {field: str(finding.verdict) for field, finding in found if finding is not None}

    @property
    def country_code(self) -> str | None:
        """The two letters (ISO 3166-1) of its country, where one is told and known."""
        return code_of(self.called.place.country) if self.called.place else None

    @property
    def days(self) -> int | None:
        """How many days it may have been on; ``None`` where no day is told."""
        when = self.called.when
        return (when.end - when.start).days + 1 if when.start and when.end else None

    @property
    def summary(self) -> str:
        """What is told of it in a few sentences: what, where, when, on whose word, and each verdict."""
        reports, origins = len(self.reports), len(self.origins)
        told = [
            f"{self.called.title} ({self.called.days}), told in {words.number(reports, 'report')} "
            f"on {words.number(origins, 'independent origin')}."
        ]
        told += [finding.summary.rstrip(".") + "." for finding in self.weighed.findings if finding.summary]
        return " ".join(told)


def happenings(record: Record, *, matters: bool = True) -> Iterator[Happening]:
    """The incidents of harm and, where asked, the matters of ``record``, each in the order of their ids."""
    index = facts.index(record)
    every = [*sorted(facts.incidents(record), key=_id)]
    every += sorted(facts.matters(record), key=_id) if matters else ()
    for weighed in every:
        found = {account.document for account in weighed.incident.heard}
        reports = sorted(
            (index.documents[name] for name in found),
            key=lambda each: (each.published is None, str(each.published), index.names[each.id]),
        )
        yield Happening(weighed, facts.called(weighed), tuple(reports), index)


def _id(weighed: Weighed) -> str:
    return weighed.incident.id
