"""WHAT LEAVES THE HOUSE? A record made ready to be handed on: a part of it, unsigned, redacted.

Notes, comments, assignments and the queue never leave, and the names of those who decided only where they are
asked for. What people decided is told by its kind, on which day, by role; what they rejected is told too. See
docs/decisions/0028-what-leaves-the-house.md.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from tallystick import __version__, dossier, findings, naming, reviewing
from tallystick.claims import MAKER
from tallystick.dossier import Only, Redacted, Redaction
from tallystick.dossier.rewording import Rewording
from tallystick.ledger import Ledger
from tallystick.model import (
    Account,
    Capture,
    Claim,
    ClaimId,
    Covers,
    Decided,
    Document,
    Event,
    Finding,
    Judgement,
    Line,
    Lineage,
    Made,
    Maker,
    Record,
    Rejected,
    Tally,
    Totals,
)
from tallystick.settings import Settings
from tallystick.values.names import fold

# Events that tell of what was handed on: a dossier must not differ because one was written before.
_HANDED_ON = ("exported", "sealed", "checkpointed", "signed", "stamped", "proved")
_VERDICTS = {
    "upheld": "upheld a claim",
    "rejected": "rejected a claim",
    "corrected": "corrected a claim",
    "added": "added a claim",
    "reopened": "took back all that was decided of a claim",
}
_JUDGED = {
    "same": "judged two accounts the same",
    "different": "judged two accounts different",
    "unsure": "judged two accounts not surely the same",
}


@dataclass(frozen=True, slots=True)
class Leaving:
    """How a record is to leave: what part of it, what is taken out of it, and whether people are named."""

    scope: Only = field(default_factory=Only)
    rules: Redaction | None = None
    with_names: bool = False

    @property
    def plain(self) -> bool:
        """Whether it is the whole case with nothing taken out: what the case keeps in a folder of its own."""
        return self.scope.whole and self.rules is None


@dataclass(frozen=True, slots=True)
class Past:
    """What a ledger tells of how a record came about."""

    events: tuple[Event, ...]
    settled: Mapping[ClaimId, reviewing.Settled]
    former: Mapping[ClaimId, Claim]
    settings: Settings
    head: tuple[int, str]
    day: str

    @classmethod
    def of(cls, ledger: Ledger, settings: Settings, settled: Mapping[ClaimId, reviewing.Settled]) -> Past:
        """What ``ledger`` tells, up to the last event that is more than a handing on."""
        events = ledger.events()
        seq = max((n for n, event in enumerate(events, 1) if event.what not in _HANDED_ON), default=0)
        head = seq, (ledger.chain_at(seq) or "") if seq else ""
        return cls(
            events,
            settled,
            ledger.claims_named(settled.keys()),
            settings,
            head,
            events[seq - 1].at[:10] if seq else "",
        )


def departing(
    record: Record, past: Past, asked: Leaving, gone: Sequence[Document] = ()
) -> tuple[Record, Redacted | None]:
    """``record`` as it may leave, and what was taken out of it, with the words, where anything was asked.

    ``gone`` are the reports of withheld sources that ``record`` was worked out without. The words are for the
    house; they stand nowhere in the record.
    """
    part, covers = dossier.only(record, asked.scope)
    if not asked.scope.whole:
        totals = findings.totals(part.weighed, part.accounts, part.judgements)
        part = replace(part, totals=totals)
    part = _Unsigned(past, asked.with_names)(part)
    part = replace(part, made=_made(part, past, covers, asked))
    if asked.rules is None:
        return part, None
    redacted = dossier.redacted(part, asked.rules, gone)
    return redacted.record, redacted


def withheld(documents: Iterable[Document], asked: Leaving) -> tuple[Document, ...]:
    """The reports that the arithmetic goes without, because their source is withheld."""
    if asked.rules is None or asked.rules.count_withheld:
        return ()
    return tuple(document for document in documents if asked.rules.withholds(document))


def facts(record: Record) -> dict[str, Any]:
    """What the custody record tells of what left: what it covers, and what was taken out, without a word of
    it.

    Empty for the whole case with nothing taken out.
    """
    if record.made is None or (record.made.covers.whole and record.made.removed is None):
        return {}
    told: dict[str, Any] = {"accounts": len(record.accounts), "whole": record.made.covers.whole}
    if record.made.removed is not None:
        told["removed"] = {each.label: each.times for each in record.made.removed}
    return told


# ------------------------------------------------------------------------------------ folders

# Where a file lies, from the root of a machine on or from somebody's home; and where such a thing begins.
_ROOT = r"(?:(?:file:)?/{1,3}|~[^\s/\\]*/|[A-Za-z]:[\\/]|\\\\)"
_PATH = re.compile(rf"(?<![\w:/.\\%-]){_ROOT}(?:[^\s/\\:'\"“”‘’<>|]+[/\\]+)*(?=[^\s/\\])")
_WHOLE = re.compile(rf"{_ROOT}(?!/)(?:[^/\\:!#]*[/\\])*(?=[^/\\])")


def without_folders(told: str) -> str:
    """``told`` with each path from the root of a machine cut to the name of its file: folders name people.

    What is a path as a whole may have spaces in it; within a sentence a path ends at the first.
    """
    if whole := _WHOLE.match(told):
        told = told[whole.end() :]
    return _PATH.sub("", told)


# ------------------------------------------------------------------------------------ people


def _role(name: str, past: Past, with_names: bool) -> str:
    if with_names:
        return name
    seniors = {reviewing.same_person(each) for each in past.settings.seniors}
    return "a senior" if reviewing.same_person(name) in seniors else "a coder"


class _Unsigned(Rewording):
    """Takes the notes of people out of a record, and their names where these are not asked for."""

    def __init__(self, past: Past, with_names: bool) -> None:
        super().__init__()
        self._past, self._with_names = past, with_names
        self._said = self._reasons()
        self.special = {
            Claim: self._claim,
            Judgement: self._judgement,
            Event: self._event,
            Capture: lambda each: replace(each, origin=without_folders(each.origin)),
            # In what was worked out, and in what reports say, stands nobody who works here.
            **dict.fromkeys((Document, Finding, Lineage, Line, Tally, Totals), lambda each: each),
        }

    def _reasons(self) -> dict[str, str]:
        """The sentences in which the record tells who decided what a name means, and those without the
        note."""
        out = {}
        for sort in ("place", "party"):
            for decision in naming.decided(self._past.events, sort).values():
                who = _role(decision.by, self._past, self._with_names)
                out[decision.why] = f"{who} said so on {decision.at[:10]}"
                lost = f"decided for {decision.means}, which no list of the case has any more"
                out[f"{decision.by} {lost}"] = f"{who} {lost}"
        return out

    def text(self, told: str, noun: type, field: str) -> str:
        return self._said.get(told, told) if field == "reasons" else told

    def _claim(self, claim: Claim) -> Claim:
        if claim.maker.version:  # all of the rest is what a report says
            return claim
        return replace(claim, maker=self._maker(claim.maker)).under(claim.id)

    def _maker(self, maker: Maker) -> Maker:
        return maker if maker.version else Maker(_role(maker.name, self._past, self._with_names))

    def _event(self, event: Event) -> Event:
        """What was refused, without the folders of the machine on which it was."""
        name = without_folders(event.item)
        note = event.note.replace(event.item, name) if name != event.item else event.note
        facts = {k: without_folders(v) if isinstance(v, str) else v for k, v in event.facts.items()}
        return replace(event, item=name, note=without_folders(note), facts=facts)

    def _judgement(self, judgement: Judgement) -> Judgement:
        if not judgement.by_person:
            return judgement
        return replace(judgement, maker=self._maker(judgement.maker), reasons=())


# ------------------------------------------------------------------------------------ how it was made


def _made(record: Record, past: Past, covers: Covers, asked: Leaving) -> Made:
    rule = past.settings
    settings = (
        ("countries that the case is about", ", ".join(rule.countries) or "none told"),
        ("a second person's check", "asked for" if rule.second_check else "not asked for"),
    )
    lists = tuple(
        (str(event.facts.get("name", "")), event.item) for event in naming.standing_lists(past.events)
    )
    return Made(
        program=f"tallystick {__version__}",
        reader=f"{MAKER.name} {MAKER.version}",
        settings=settings,
        lists=lists,
        head=past.head,
        day=past.day,
        covers=covers,
        decisions=tuple(_decisions(record, past, asked)),
        rejected=tuple(_rejected(record, past, asked)),
    )


def _decisions(record: Record, past: Past, asked: Leaving) -> Iterable[Decided]:
    """What people decided of what is told here, in the order in which they did."""
    claims = {claim.id for claim in record.claims} | {
        each.claim.id for each in _rejected(record, past, asked)
    }
    accounts = {account.id for account in record.accounts}
    names = set(_names(record.accounts))
    for event in past.events:
        day, by = event.at[:10], _role(event.by, past, asked.with_names)
        if event.what == "reviewed" and (asked.scope.whole or event.item in claims):
            yield Decided(
                day, _VERDICTS.get(event.facts.get("verdict", ""), "reviewed a claim"), event.item, by
            )
        elif event.what == "judged" and (asked.scope.whole or set(event.item.split()) <= accounts):
            yield Decided(
                day, _JUDGED.get(event.facts.get("verdict", ""), "judged two accounts"), event.item, by
            )
        elif event.what == "named":
            name, means = str(event.facts.get("name", "")), event.facts.get("means")
            if asked.scope.whole or fold(name) in names:
                said = f"what a {event.facts.get('sort', 'name')} is"
                what = f"decided {said}" if means else f"took back {said}"
                yield Decided(day, what, f"“{name}”" + (f": {means}" if means else ""), by)


def _names(accounts: Sequence[Account]) -> Iterable[str]:
    for account in accounts:
        if account.telling.place:
            yield fold(account.telling.place.name)
        for one in account.parties:
            yield from (fold(one.party.name), fold(one.name))


def _rejected(record: Record, past: Past, asked: Leaving) -> Iterable[Rejected]:
    """The claims of the reports shown that stand no more because of what people decided."""
    documents = {document.id for document in record.documents}
    accounts = {account.id for account in record.accounts}
    for name, settled in past.settled.items():
        claim, standing = past.former.get(name), settled.standing
        if claim is None or standing is None or standing.verdict not in ("rejected", "corrected"):
            continue
        here = claim.span.document in documents
        if here and (asked.scope.whole or claim.account is None or claim.account in accounts):
            by = " and ".join(dict.fromkeys(_role(each.by, past, asked.with_names) for each in settled.said))
            yield Rejected(claim, standing.verdict, by)
