"""How incidents and matters of two records stand to each other, and what changed in those that go on.

Incidents are matched by the accounts that they share, for an id follows the smallest of its accounts and may
change with it. Two go on as one where each shares more accounts with the other than with any third (of equals
the smaller id). What has no account of before is new, what has none of now is gone; what holds accounts of
several is joined, what has left its accounts to several is parted.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass

from tallystick.changes.nouns import Change, Words
from tallystick.dossier import facts, words
from tallystick.model import AccountId, ClaimId, Finding, IncidentId, Range, Record, Tally, Weighed
from tallystick.values.agreement import Verdict

_VERDICTS = {verdict: told[0].lower() for verdict, told in words.VERDICTS.items()}


class Side:
    """One of the two records, every row under its id."""

    def __init__(self, record: Record) -> None:
        self.record = record
        self.index = facts.index(record)
        self.weighed = self.index.weighed
        self.held = {
            name: {account.id for account in each.incident.accounts} for name, each in self.weighed.items()
        }
        self.incident_of = {account: name for name, held in self.held.items() for account in held}

    def title(self, weighed: Weighed) -> str:
        """What an incident or matter goes by."""
        called = facts.called(weighed)
        return f"{called.title}, {called.days}"

    def cited(self, claims: Iterable[ClaimId], *, went: bool = False) -> tuple[Words, ...]:
        """The words of these claims, each once, in their order; those that are not here are passed over."""
        return tuple(self._words(name, went) for name in dict.fromkeys(claims) if name in self.index.claims)

    def _words(self, name: ClaimId, went: bool) -> Words:
        claim = self.index.claims[name]
        span, document = claim.span, self.index.documents[claim.span.document]
        said = words.says(claim, document)
        return Words(
            name, document.id, self.index.names[document.id], span.start, span.end, span.quote, said,
            document.url or "", went,
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Matched:
    """Which incidents go on as which, and what became of the others.

    ``pairs`` are ids before and after; ``shared`` tells for each incident before and after which ones of the
    other side it shares accounts with, the one with most first.
    """

    pairs: tuple[tuple[IncidentId, IncidentId], ...]
    came_from: Mapping[IncidentId, tuple[IncidentId, ...]]
    went_to: Mapping[IncidentId, tuple[IncidentId, ...]]


def matched(before: Side, after: Side) -> Matched:
    """How the incidents of two records stand to each other; the order of what is given does not matter."""
    came_from = {name: _by_share(held, before.incident_of) for name, held in after.held.items()}
    went_to = {name: _by_share(held, after.incident_of) for name, held in before.held.items()}
    pairs = tuple(
        (old[0], name) for name, old in sorted(came_from.items()) if old and went_to[old[0]][0] == name
    )
    return Matched(pairs, came_from, went_to)


def _by_share(
    held: Collection[AccountId], incident_of: Mapping[AccountId, IncidentId]
) -> tuple[IncidentId, ...]:
    shared = Counter(incident_of[account] for account in held if account in incident_of)
    return tuple(sorted(shared, key=lambda name: (-shared[name], name)))


def incidents(before: Side, after: Side) -> Iterator[Change]:
    """What changed in incidents and matters: each of ``after`` is as it was, or told of here."""
    found = matched(before, after)
    for name, weighed in after.weighed.items():
        old = found.came_from[name]
        if not old:
            yield from _new(after, weighed)
        elif len(old) > 1:
            yield _joined(before, after, weighed, old)
    for name, weighed in before.weighed.items():
        new = found.went_to[name]
        if not new:
            yield _gone(before, weighed)
        elif len(new) > 1:
            yield _parted(before, after, weighed, new)
    for left, right in found.pairs:
        yield from _Going(before, after, before.weighed[left], after.weighed[right]).changes()


def _heads(weighed: Weighed, only: Collection[AccountId] | None = None) -> list[ClaimId]:
    return [a.head.id for a in weighed.incident.accounts if only is None or a.id in only]


def _new(after: Side, weighed: Weighed) -> Iterator[Change]:
    """A new incident, with its tolls; and each contradiction that it comes with."""
    name, title = weighed.incident.id, after.title(weighed)
    tolls = [f"{tally.kind} {_ends(tally.range)}" for tally in weighed.tallies if tally.group == "people"]
    accounts = words.number(len(weighed.incident.accounts), "account")
    told = f"told by {accounts} of {words.number(len(weighed.origins), 'origin')}"
    said = f"New: {'; '.join([told, *tolls])}."
    sort = "matter" if weighed.incident.is_matter else "incident"
    cites = [*_heads(weighed), *(name for tally in weighed.tallies for name in tally.range.claims)]
    yield Change(sort, name, title, said, after="; ".join(tolls), words=after.cited(cites))
    for finding in weighed.findings:
        if finding.verdict is Verdict.CONFLICT:
            now, cited = _verdict(finding), after.cited(finding.claims)
            yield Change("conflict", name, title, _contradicting(finding), finding.field, "", now, cited)


def _contradicting(finding: Finding) -> str:
    why = (finding.reason or finding.summary).rstrip(".")
    return f"{words.field_label(finding.field)}: sources contradict each other: {why}."


def _joined(before: Side, after: Side, weighed: Weighed, old: tuple[IncidentId, ...]) -> Change:
    names = "; ".join(before.title(before.weighed[name]) for name in old)
    said = f"Now holds accounts of {len(old)} incidents: {names}."
    cites = after.cited(_heads(weighed))
    return Change("joined", weighed.incident.id, after.title(weighed), said, words=cites, others=old)


def _parted(before: Side, after: Side, weighed: Weighed, new: tuple[IncidentId, ...]) -> Change:
    names = "; ".join(after.title(after.weighed[name]) for name in new)
    said = f"Its accounts now stand in {len(new)} incidents: {names}."
    cites = before.cited(_heads(weighed))
    return Change("parted", weighed.incident.id, before.title(weighed), said, words=cites, others=new)


def _gone(before: Side, weighed: Weighed) -> Change:
    said = "Gone: no account tells of it any more."
    cites = before.cited(_heads(weighed), went=True)
    return Change("gone", weighed.incident.id, before.title(weighed), said, words=cites)


class _Going:
    """An incident that goes on: what it was, and what it is."""

    def __init__(self, before: Side, after: Side, old: Weighed, new: Weighed) -> None:
        self._before, self._after, self._old, self._new = before, after, old, new
        self._said = {claim.id for claim in old.incident.claims}
        self._says = {claim.id for claim in new.incident.claims}
        self._title = after.title(new)

    def changes(self) -> Iterator[Change]:
        """What changed; nothing where it is as it was."""
        if self._old == self._new:
            return
        told = [*self._tolls(), *self._findings(), *self._grade(), *self._accounts()]
        yield from told or [self._otherwise()]

    def _change(
        self, sort: str, said: str, cites: tuple[Words, ...], field: str = "", then: str = "", now: str = ""
    ) -> Change:
        return Change(sort, self._new.incident.id, self._title, said, field, then, now, cites)

    # ------------------------------------------------------------------------------- tolls

    def _tolls(self) -> Iterator[Change]:
        then, now = _tallies(self._old), _tallies(self._new)
        for key in sorted(then.keys() | now.keys()):
            old, new = then.get(key), now.get(key)
            was, is_ = _ends(old.range) if old else "", _ends(new.range) if new else ""
            if was == is_:
                continue
            kind, group = key
            toll = f"{group.removeprefix('other:')} {kind}" if group != "people" else kind
            if not was:
                said = f"{words.capital(toll)}: {is_}; no number was told before."
            elif not is_:
                said = f"{words.capital(toll)}: no number is told any more; it was {was}."
            else:
                said = f"{words.capital(toll)}: from {was} to {is_}."
            yield self._change("toll", said, self._moved(old, new), toll, was, is_)

    def _moved(self, old: Tally | None, new: Tally | None) -> tuple[Words, ...]:
        """The words that moved a toll: those that came, and those that went.

        Where neither did, for what was decided moved it, those at the ends of the range as they are now.
        """
        had, has = _behind(old), _behind(new)
        came = self._after.cited(name for name in has if name not in had)
        went = self._before.cited((name for name in had if name not in has), went=True)
        return (
            came + went
            or self._after.cited(_at_ends(new.range) if new else ())
            or (self._before.cited(had, went=True) or self._after.cited(has))
        )

    # ---------------------------------------------------------------------------- findings

    def _findings(self) -> Iterator[Change]:
        then = {finding.field: finding for finding in self._old.findings}
        now = {finding.field: finding for finding in self._new.findings}
        for field in (*then, *(name for name in now if name not in then)):
            yield from self._finding(field, then.get(field), now.get(field))

    def _finding(self, field: str, old: Finding | None, new: Finding | None) -> Iterator[Change]:
        was, is_ = old and old.verdict, new and new.verdict
        name = words.field_label(field)
        then, now = _verdict(old), _verdict(new)
        cites = self._about(old, new)
        if was is not is_:
            why = (new.reason or new.summary).rstrip(".") if new else "nothing is told of it any more"
            if new and is_ is Verdict.CONFLICT:
                sort, said = "conflict", _contradicting(new)
            elif was is Verdict.CONFLICT:
                sort, said = "settled", f"{name}: no contradiction any more ({now}): {why}."
            else:
                sort, said = "verdict", f"{name}: from “{then}” to “{now}”: {why}."
            yield self._change(sort, said, cites, field, then, now)
        elif old and new and self._read_anew(old, new):
            said = f"{name}: from “{old.summary}” to “{new.summary}”."
            yield self._change("otherwise", said, cites, field, old.summary, new.summary)

    def _about(self, old: Finding | None, new: Finding | None) -> tuple[Words, ...]:
        """The words of a finding: first those that came, then the others; then those that went."""
        has, had = new.claims if new else (), old.claims if old else ()
        came = sorted(has, key=lambda name: name in had)
        went = [name for name in had if name not in has]
        return self._after.cited(came) + self._before.cited(went, went=True)

    def _read_anew(self, old: Finding, new: Finding) -> bool:
        """Whether a finding is otherwise though no account came or went that could explain it."""
        if (old.summary, old.claims) == (new.summary, new.claims):
            return False
        accounts = [{account.id for account in each.incident.accounts} for each in (self._old, self._new)]
        if accounts[0] == accounts[1]:
            return True
        stayed = accounts[0] & accounts[1]
        left, right = (
            {name for name in each.claims if (told := side.index.claims.get(name)) and told.account in stayed}
            for each, side in ((old, self._before), (new, self._after))
        )
        return left != right

    def _grade(self) -> Iterator[Change]:
        was, is_ = self._old.grade, self._new.grade
        if was != is_:
            said = f"Grade: from “{was or 'none'}” to “{is_ or 'none'}”."
            yield self._change("verdict", said, self._heads(), "grade", was, is_)

    def _heads(self) -> tuple[Words, ...]:
        """The words that tell the incident: those that came first."""
        heads = sorted(_heads(self._new), key=lambda name: name in self._said)
        return self._after.cited(heads)

    # ---------------------------------------------------------------------------- accounts

    def _accounts(self) -> Iterator[Change]:
        """Accounts that came or went; those that only stand in another incident are told of there."""
        came = {a.id for a in self._new.incident.accounts} - self._before.incident_of.keys()
        went = {a.id for a in self._old.incident.accounts} - self._after.incident_of.keys()
        if came:
            said = f"Told by {words.number(len(came), 'more account')}: {self._reports(self._after, came)}."
            yield self._change("more", said, self._after.cited(_heads(self._new, came)))
        if went:
            said = f"{words.number(len(went), 'account')} fewer: {self._reports(self._before, went)}."
            yield self._change("fewer", said, self._before.cited(_heads(self._old, went), went=True))

    def _reports(self, side: Side, accounts: Collection[AccountId]) -> str:
        told = (side.index.accounts[name].document for name in sorted(accounts))
        return words.some([words.cite(side.index.documents[name]) for name in dict.fromkeys(told)])

    def _otherwise(self) -> Change:
        """What only a person who compares both can tell: on whose word it stands, who takes it from whom."""
        told = {
            "what its accounts say": (self._old.incident.accounts, self._new.incident.accounts),
            "what disputes that they are of one event": (
                self._old.incident.disputes,
                self._new.incident.disputes,
            ),
            "the origins": (self._old.origins, self._new.origins),
            "the reasons": (self._old.findings, self._new.findings),
            "the course of its tolls": (self._old.tallies, self._new.tallies),
            "who takes it from whom": (self._old.lineage, self._new.lineage),
            "how it is graded": (self._old.grades, self._new.grades),
        }
        parts = [name for name, (old, new) in told.items() if old != new]
        said = f"Otherwise than it was: {words.joined(parts)}."
        return self._change("otherwise", said, self._heads())


def _tallies(weighed: Weighed) -> dict[tuple[str, str], Tally]:
    return {(tally.kind, tally.group): tally for tally in weighed.tallies}


def _behind(tally: Tally | None) -> tuple[ClaimId, ...]:
    return (*tally.range.claims, *tally.denied) if tally else ()


def _at_ends(told: Range) -> Iterable[ClaimId]:
    return (*told.at_low.claims, *told.at_best.claims, *told.at_high.claims)


def _verdict(finding: Finding | None) -> str:
    return _VERDICTS[finding.verdict] if finding else "not told"


def _ends(told: Range) -> str:
    """A reported range in words: "14–32 or more, best 20". Other ranges have other words."""
    text = f"{told.low:,}" if told.low == told.high else f"{told.low:,}–{told.high:,}"
    text += " or more" if told.open else ""
    text += "" if told.low == told.best == told.high else f", best {told.best:,}"
    return f"{text}, no least told" if told.open_below else text
