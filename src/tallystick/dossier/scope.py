"""A part of a record: one incident, a party, a pattern, a place or a period, with all that it stands on.

``only`` is a pure function from a record to a smaller one; whatever shows a record shows the smaller one the
same way. What it covers, and what it leaves out, is told in sentences (``Covers``), for a reader who has only
the part must know that there is a whole.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, replace
from datetime import date

from rapidfuzz import process
from rapidfuzz.fuzz import ratio

from tallystick.dossier import facts, words
from tallystick.errors import AskedWrongly
from tallystick.model import (
    Account,
    ClaimId,
    Covers,
    Incident,
    IncidentId,
    Line,
    Pattern,
    Patterns,
    Record,
    State,
    Weighed,
)
from tallystick.values.names import fold
from tallystick.values.place import Place


@dataclass(frozen=True, slots=True)
class Only:
    """What a dossier is to cover; nothing said is the whole case. All that is said must hold.

    ``incident`` is an id, of today or a former one, also that of a matter; ``pattern`` the id of a pattern;
    ``party`` a name, ``place`` a name or the code of a list's entry, in which whatever lies in it counts;
    ``start`` and ``end`` are days, both inclusive, either may be left out.
    """

    incident: str = ""
    party: str = ""
    pattern: str = ""
    place: str = ""
    start: date | None = None
    end: date | None = None

    def __post_init__(self) -> None:
        if self.start and self.end and self.end < self.start:
            raise AskedWrongly(f"a period ends before it starts: {self.start} to {self.end}")

    @property
    def whole(self) -> bool:
        """Whether nothing is asked for, so that it is the whole case."""
        return self == Only()


def only(record: Record, asked: Only) -> tuple[Record, Covers]:
    """The part of ``record`` that is asked for, and what it covers.

    It holds the incidents and matters within, the reports that tell them with the claims that they tell them
    in, and what of the lines, remarks and patterns rests on them. ``totals`` are left out: whoever can work
    them out anew does. Raises ``AskedWrongly`` where nothing of the case is meant.
    """
    if asked.whole:
        return record, Covers("The whole case")
    pattern = _pattern(record, asked.pattern) if asked.pattern else None
    kept = [weighed for weighed in record.weighed if _within(weighed, asked, pattern)]
    if not kept:
        raise AskedWrongly(_nothing(record, asked))
    part = _cut(record, kept, pattern)
    return part, _covers(record, part, asked, pattern)


# ------------------------------------------------------------------------------------ what lies within


def _within(weighed: Weighed, asked: Only, pattern: Pattern | None) -> bool:
    incident = weighed.incident
    if asked.incident and asked.incident not in (incident.id, *incident.former_ids):
        return False
    if pattern is not None and incident.id not in pattern.here.of:
        return False
    if asked.party and not any(_of_party(account, asked.party) for account in incident.heard):
        return False
    if asked.place and not any(_at(account, asked.place) for account in incident.heard):
        return False
    dated = asked.start is not None or asked.end is not None
    return not dated or any(_on(account, asked) for account in incident.heard)


def _of_party(account: Account, name: str) -> bool:
    """Whether the party of that name is told to have had a part in it: accused, claiming or fought
    against."""
    return fold(name) in {fold(each) for each in _parties((account,))}


def _parties(accounts: Iterable[Account]) -> set[str]:
    """The names of the parties to the deeds, as meant and as told."""
    out = set()
    for account in accounts:
        mine = {role.party.name for _, role in account.roles()}
        out |= mine | {one.party.name for one in account.parties if one.name in mine}
    return out


def _at(account: Account, name: str) -> bool:
    place = account.telling.place
    return place is not None and (place.code == name or fold(name) in {fold(each) for each in _names(place)})


def _names(place: Place) -> tuple[str, ...]:
    return tuple(each for each in (place.name, *place.within, place.admin1, place.country) if each)


def _on(account: Account, asked: Only) -> bool:
    """Whether one of its days lies in the period; a day that is not told lies in none."""
    when = account.telling.when
    first, last = when.start or when.end, when.end or when.start
    if first is None or last is None:
        return False
    return (asked.end is None or first <= asked.end) and (asked.start is None or last >= asked.start)


def _pattern(record: Record, name: str) -> Pattern:
    for pattern in record.patterns.patterns:
        if pattern.id == name:
            return pattern
    raise AskedWrongly(
        f"no pattern {name!r} is in this case; 'tallystick patterns CASE --json' lists their ids"
    )


def _nothing(record: Record, asked: Only) -> str:
    """Why nothing lies within what was asked, with the nearest name where one was given."""
    if asked.incident:
        return f"no incident {asked.incident!r} is in this case; 'tallystick findings CASE' lists them"
    told: dict[str, set[str]] = {
        asked.party: _parties(record.accounts),
        asked.place: {
            name
            for account in record.accounts
            if account.telling.place
            for name in _names(account.telling.place)
        },
    }
    for name, known in told.items():
        if name and fold(name) not in {fold(each) for each in known}:
            near = process.extractOne(name, sorted(known), scorer=ratio, processor=str.lower, score_cutoff=60)
            meant = f"; did you mean {near[0]!r}?" if near else ""
            return f"no incident of this case tells of {name!r}{meant}"
    return "no incident of this case lies within all that was asked; ask for less"


# ------------------------------------------------------------------------------------ what is kept


def _cut(record: Record, kept: list[Weighed], pattern: Pattern | None) -> Record:
    held = {account.id: account for weighed in kept for account in weighed.incident.accounts}
    claims = {claim.id for account in held.values() for claim in account.claims}
    documents = {account.document for account in held.values()}
    reports = tuple(document for document in record.documents if document.id in documents)
    captures = {document.capture for document in reports}
    ids = {weighed.incident.id for weighed in kept}
    return replace(
        record,
        captures=tuple(capture for capture in record.captures if capture.id in captures),
        documents=reports,
        claims=tuple(claim for claim in record.claims if claim.id in claims),
        accounts=tuple(account for account in record.accounts if account.id in held),
        judgements=tuple(each for each in record.judgements if {each.left, each.right} <= held.keys()),
        weighed=tuple(_disputed_within(weighed, held.keys()) for weighed in kept),
        refusals=(),
        remarks=tuple(remark for remark in record.remarks if remark.document in documents),
        lines=tuple(filter(None, (_line(line, claims) for line in record.lines))),
        totals=(),
        patterns=_patterns(record.patterns, ids, pattern),
        alleged=tuple(each for each in record.alleged if each.incident in ids),
    )


def _disputed_within(weighed: Weighed, held: Collection[str]) -> Weighed:
    """Without the disputes whose other side is not kept: their accounts could not be shown."""
    disputes = tuple(each for each in weighed.incident.disputes if {each.left, each.right} <= set(held))
    if disputes == weighed.incident.disputes:
        return weighed
    return replace(weighed, incident=Incident(weighed.incident.accounts, disputes))


def _line(line: Line, claims: Collection[ClaimId]) -> Line | None:
    """The states that kept claims tell, if any."""
    states = []
    for state in line.states:
        told = tuple(claim for claim in state.claims if claim in claims)
        if told:
            states.append(_state(state, told, claims))
    return replace(line, states=tuple(states)) if states else None


def _state(state: State, told: tuple[ClaimId, ...], claims: Collection[ClaimId]) -> State:
    """A state on the claims that are kept; what came of a warning only where its words are kept as well."""
    came = tuple(claim for claim in state.came if claim in claims)
    beside = tuple(claim for claim in state.beside if claim in claims)
    lost = state.outcome in ("came true", "did not") and not came
    return replace(
        state, claims=told, beside=beside, came=came, outcome="cannot be told" if lost else state.outcome
    )


def _patterns(told: Patterns, ids: Collection[IncidentId], chosen: Pattern | None) -> Patterns:
    """The one that was asked for, else all that an incident that is kept counts in; of repeats those kept."""
    patterns = (chosen,) if chosen else tuple(p for p in told.patterns if not set(p.here.hit).isdisjoint(ids))
    repeats = tuple(r for r in told.repeats if r.second in ids and (r.first is None or r.first in ids))
    struck = tuple(each for each in told.struck if each.incident in ids)
    if not (patterns or repeats or struck):
        return Patterns()
    return replace(told, patterns=patterns, repeats=repeats, struck=struck)


# ------------------------------------------------------------------------------------ what it covers


def _covers(record: Record, part: Record, asked: Only, pattern: Pattern | None) -> Covers:
    title = _title(part, asked, pattern)
    told = [
        f"It covers {_much(part)}, told in {words.number(len(part.documents), 'report')}.",
        "It holds the whole text of these reports, and of what they claim only what tells of that.",
    ]
    if part.patterns.incidents:
        told.append(
            "Patterns are those of the whole case; of the incidents behind them it holds only its own."
        )
    left = [f"The case holds {_much(record)}, told in {words.number(len(record.documents), 'report')}."]
    undated = sum(not _dated(weighed) for weighed in record.weighed)
    if (asked.start or asked.end) and undated:
        left.append(f"{_many(undated)} of the case without a day could not be placed in the period.")
    placeless = sum(not _placed(weighed) for weighed in record.weighed)
    if asked.place and placeless:
        left.append(f"{_many(placeless)} of the case without a place could not be placed.")
    kept = _ids(part)
    of_all = sum(len(w.incident.disputes) for w in record.weighed if w.incident.id in kept)
    if disputes := of_all - sum(len(w.incident.disputes) for w in part.weighed):
        left.append(f"Doubtful links to accounts outside it: {disputes:,}.")
    if record.refusals:
        left.append("What could not be read is listed in the dossier of the whole case only.")
    return Covers(title, tuple(told), tuple(left), whole=False)


def _many(number: int) -> str:
    return words.number(number, "incident or matter", "incidents and matters")


def _ids(record: Record) -> set[IncidentId]:
    return {weighed.incident.id for weighed in record.weighed}


def _much(record: Record) -> str:
    counted: tuple[tuple[Callable[[Record], Collection[object]], str, str], ...] = (
        (facts.incidents, "incident", "incidents"),
        (facts.matters, "other matter", "other matters"),
        (facts.totals, "total over several events", "totals over several events"),
    )
    parts = [words.number(len(many), one, more) for get, one, more in counted if (many := get(record))]
    return words.joined(parts) or "no incident"


def _dated(weighed: Weighed) -> bool:
    return any(a.telling.when.start or a.telling.when.end for a in weighed.incident.accounts)


def _placed(weighed: Weighed) -> bool:
    return any(account.telling.place for account in weighed.incident.accounts)


def _title(part: Record, asked: Only, pattern: Pattern | None) -> str:
    """What it is a dossier of, in a few words."""
    out = []
    if asked.incident:
        called = facts.called(part.weighed[0])
        out.append(f"{called.title}, {called.days}")
    if pattern is not None:
        sort = words.KINDS.get(pattern.value, pattern.value)
        out.append(f"Reports of {pattern.object} objects hit, by {pattern.dimension}: {sort}")
    if asked.party:
        out.append(_as_told(asked.party, _parties(part.accounts)))
    if asked.place:
        places = (account.telling.place for account in part.accounts)
        out.append(_as_told(asked.place, {name for place in places if place for name in _names(place)}))
    if asked.start and asked.end:
        same = asked.start == asked.end
        out.append(words.day(asked.start) if same else f"{words.day(asked.start)} to {words.day(asked.end)}")
    elif asked.start or asked.end:
        out.append(f"from {words.day(asked.start)}" if asked.start else f"until {words.day(asked.end)}")  # type: ignore[arg-type]
    return words.capital("; ".join(out))


def _as_told(name: str, known: Iterable[str]) -> str:
    """The spelling that the record has for a name that was asked for in another."""
    return min((each for each in known if fold(each) == fold(name)), default=name)
