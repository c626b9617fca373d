"""What changed beside the incidents: lines of matters, totals, names, decisions and reports."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from tallystick.changes.compared import Side
from tallystick.changes.nouns import Change
from tallystick.dossier import words
from tallystick.model import Account, ClaimId, Document, Event, Line, Role, State, Toll
from tallystick.values.names import fold

# ------------------------------------------------------------------------------ lines of matters


def lines(before: Side, after: Side) -> Iterator[Change]:
    """States of matters that came, went, or stand otherwise than they did."""
    then = {line.id: line for line in before.record.lines}
    now = {line.id: line for line in after.record.lines}
    for name in (*now, *(name for name in then if name not in now)):
        line = now.get(name) or then[name]
        old, new = _states(then.get(name)), _states(now.get(name))
        for key in (*new, *(key for key in old if key not in new)):
            if old.get(key) != new.get(key):
                yield _state(line, old.get(key), new.get(key), before, after)


def _states(line: Line | None) -> dict[tuple[Any, ...], State]:
    """The states of a line by what they say, whoever says it; equal ones by their order, too."""
    met: Counter[tuple[Any, ...]] = Counter()
    out = {}
    for state in line.states if line else ():
        key = (state.what, state.who, str(state.when), state.standing, state.part, state.count)
        out[*key, met[key]] = state
        met[key] += 1
    return out


def _state(line: Line, old: State | None, new: State | None, before: Side, after: Side) -> Change:
    was, is_ = _put(old), _put(new)
    if old is None:
        said = f"Now told: {is_}."
    elif new is None:
        said = f"Told no more: {was}."
    elif was != is_:
        said = f"From “{was}” to “{is_}”."
    else:
        said = f"Told on other words than before: {is_}."
    cites = after.cited(_claims(new)) + before.cited(
        (name for name in _claims(old) if name not in _claims(new)), went=True
    )
    title = f"{words.capital(words.KINDS.get(line.kind, line.kind))}: {line.about or words.where(line.place)}"
    return Change("state", line.id, title, said, line.kind, was, is_, cites)


def _claims(state: State | None) -> tuple[ClaimId, ...]:
    return (*state.claims, *state.came) if state else ()


def _put(state: State | None) -> str:
    """A state in words: what, whose, when, on whose word, how it stands and what came of it."""
    if state is None:
        return ""
    count = words.amount(state.count) if state.count else ""
    part = "in part" if state.part else ""
    stands = "" if state.moves else f"({state.standing})"
    what = " ".join(filter(None, (count, state.what, part, state.who, stands)))
    whose = words.some(list(state.origins))
    told = (
        f"{what}, {words.days(state.when)}, according to {whose}; {words.VERDICTS[state.verdict][0].lower()}"
    )
    return f"{told}; {state.outcome}" if state.outcome else told


# ------------------------------------------------------------------------- totals over several events


def totals(before: Side, after: Side) -> Iterator[Change]:
    """Accounts that add several events up: such as came, went, or say something else now."""
    then, now = _totals(before), _totals(after)
    for name in (*now, *(name for name in then if name not in now)):
        old, new = then.get(name), now.get(name)
        if old == new:
            continue
        account, side = (new, after) if new else (old, before)
        assert account is not None
        was, is_ = _sums(old, before), _sums(new, after)
        if old is None:
            said = f"A total is told: {is_}."
        elif new is None:
            said = f"A total is told no more: {was}."
        else:
            said = f"A total: from “{was}” to “{is_}”."
        cites = after.cited(_of(new)) + before.cited(
            (each for each in _of(old) if each not in _of(new)), went=True
        )
        title = f"{words.where(account.telling.place)}, {words.days(account.telling.when)}"
        cites = cites or side.cited(_of(account))
        yield Change("total", account.id, words.capital(title), said, "", was, is_, cites)


def _totals(side: Side) -> dict[str, Account]:
    return {account.id: account for account in side.record.accounts if account.telling.aggregate}


def _of(account: Account | None) -> tuple[ClaimId, ...]:
    return tuple(claim.id for claim in account.claims) if account else ()


def _sums(account: Account | None, side: Side) -> str:
    if account is None:
        return ""
    told = [
        words.figure(each.value, each.span.quote) for each in account.claims if isinstance(each.value, Toll)
    ]
    return words.joined(told) or words.quoted(account.span.quote, 120)


# ------------------------------------------------------------------------------------------ names


def names(before: Side, after: Side) -> Iterator[Change]:
    """Places and parties that nothing tells what they are, and that were not there before.

    A place is one that no list has or that may be several; a party one that is said to have done something,
    which no list has.
    """
    then, now = _open(before.record.accounts), _open(after.record.accounts)
    for key in sorted(now.keys() - then.keys()):
        sort, _ = key
        name, why, claims = now[key]
        said = f"Which {sort} “{name}” is, nothing tells: {why}."
        yield Change("name", f"{sort} {fold(name)}", f"{words.capital(sort)} “{name}”", said, sort,
                     words=after.cited(claims))  # fmt: skip


def _open(accounts: Iterable[Account]) -> dict[tuple[str, str], tuple[str, str, list[ClaimId]]]:
    out: dict[tuple[str, str], tuple[str, str, list[ClaimId]]] = {}

    def note(sort: str, name: str, why: Iterable[str], claim: ClaimId) -> None:
        out.setdefault((sort, fold(name)), (name, "; ".join(why), []))[2].append(claim)

    for account in accounts:
        place = account.telling.place
        if place is not None and account.found is not None and account.found.place.latitude is None:
            note("place", place.name, account.found.reasons, account.head.id)
        unknown = {one.name: one for one in account.parties if one.entry is None}
        for claim in account.claims:
            if isinstance(claim.value, Role) and claim.value.party.name in unknown:
                one = unknown[claim.value.party.name]
                note("party", one.party.name, one.reasons, claim.id)
    return out


# ------------------------------------------------------------------------------------- decisions

_REVIEWED = {
    "upheld": "upheld a claim",
    "rejected": "rejected a claim",
    "corrected": "corrected a claim",
    "added": "added a claim",
    "reopened": "took back all that was said of a claim",
}
_JUDGED = {
    "same": "judged two accounts the same",
    "different": "judged two accounts different",
    "unsure": "judged two accounts not surely the same",
}
DECIDED = (
    "reviewed", "judged", "named", "graded", "commented", "assigned", "looked", "listed", "settled",
    "expunged", "readmitted",
)  # fmt: skip


def decisions(before: Side, after: Side, events: Sequence[tuple[int, Event]]) -> Iterator[Change]:
    """What people decided, each in the order of the record, with their reasons."""
    heads = {account.id: account.head.id for side in (before, after) for account in side.record.accounts}
    for seq, event in events:
        if event.what not in DECIDED:
            continue
        items = [item for item in event.item.split() if item.startswith(("clm-", "acc-"))]
        cited = [ClaimId(heads.get(item, item)) for item in items]  # type: ignore[call-overload]
        cites = after.cited(cited) or before.cited(cited)
        why = f": {event.note}" if event.note else ""
        who = event.who if event.who and event.by == event.program else event.by  # whose hand the program was
        said = f"{who} {_decided(event)}{why}."
        title = f"{event.at[:10]}, {who}"
        yield Change("decision", event.item, title, said, event.what, words=cites, seq=seq, at=event.at)


def _decided(event: Event) -> str:
    told: Mapping[str, Any] = event.facts
    match event.what:
        case "reviewed":
            return _REVIEWED.get(str(told.get("verdict")), "reviewed a claim")
        case "judged":
            return _JUDGED.get(str(told.get("verdict")), "judged two accounts")
        case "named":
            name, sort = told.get("name", ""), told.get("sort", "name")
            means = told.get("means")
            return (
                f"decided that the {sort} “{name}” is {means}"
                if means
                else f"took back what the {sort} “{name}” is"
            )
        case "graded":
            return f"graded {told.get('source', event.item)}: {told.get('grade') or 'no grade any more'}"
        case "assigned":
            return f"gave {event.item} to {told.get('to') or 'nobody any more'}"
        case "commented":
            return f"commented on {event.item}"
        case "looked":
            return f"looked at {event.item} and changed nothing"
        case "listed":
            verb = "took in" if told.get("counts") else "took out"
            return f"{verb} the list {told.get('name', event.item)}"
        case "settled":
            return "settled how the case is set: " + "; ".join(
                f"{name}: {_plain(value)}"
                for name, value in sorted(told.items())
                if name not in ("rows", "sum")
            )
        case "expunged":
            return "expunged something for safety or law"
        case _:
            return f"took in again what was expunged ({event.item})"


def _plain(value: object) -> str:
    if isinstance(value, list):
        return ", ".join(map(str, value)) or "none"
    return {True: "yes", False: "no"}.get(value, str(value)) if isinstance(value, bool) else str(value)


# --------------------------------------------------------------------------------------- reports


def reports(before: Side, after: Side) -> Iterator[Change]:
    """Reports that came, went (expunged), are known otherwise, or were refused."""
    then, now = before.index.documents, after.index.documents
    for name in (*now, *(name for name in then if name not in now)):
        old, new = then.get(name), now.get(name)
        if old != new:
            yield _report(old, new)
    refused = {(event.item, event.note) for event in before.record.refusals}
    for event in after.record.refusals:
        if (event.item, event.note) not in refused:
            said = f"Refused: {event.note}."
            yield Change("report", event.item, event.item, said, "refused", after=event.note)


def _report(old: Document | None, new: Document | None) -> Change:
    document = new or old
    assert document is not None
    was, is_ = _known(old), _known(new)
    if old is None:
        said = f"Came: {is_}."
    elif new is None:
        said = f"Gone: {was}."
    else:
        said = f"Known otherwise: from “{was}” to “{is_}”."
    return Change("report", document.id, document.title or document.name, said, "", was, is_)


def _known(document: Document | None) -> str:
    """What is known of a report: publisher, day, language and address."""
    if document is None:
        return ""
    told = (words.cite(document), document.title, document.language, document.url, *document.notes)
    return "; ".join(part for part in told if part)
