"""One incident in sentences, each with the claims it stands on.

The sentences are attributed: a figure comes with its voice, its words and its report, and what
differs is set side by side. Nothing is added up, and what is not told is left out here (the page
says "not told").
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations

from tallystick.dossier import facts, words
from tallystick.dossier.facts import Called
from tallystick.model import (
    FIELDS,
    TOLLS,
    Account,
    AccountId,
    Claim,
    ClaimId,
    Document,
    DocumentId,
    Finding,
    Passage,
    Range,
    Role,
    Telling,
    Toll,
    Weighed,
)
from tallystick.values.agreement import Verdict
from tallystick.values.names import alike, fold

Documents = Mapping[DocumentId, Document]


@dataclass(frozen=True)
class Section:
    """The sentences on one field; ``finding`` is the verdict on it, if there is one.

    ``figures`` are the single figures of a toll, each in its words.
    """

    field: str
    passages: tuple[Passage, ...]
    finding: Finding | None = None
    figures: tuple[Passage, ...] = ()


def compose(weighed: Weighed, documents: Mapping[DocumentId, Document]) -> tuple[Passage, ...]:
    """All that is said of one incident or matter, sentence by sentence, in reading order."""
    told = sections(weighed, documents)
    return tuple(passage for section in told for passage in (*section.passages, *section.figures))


def sections(weighed: Weighed, documents: Documents, called: Called | None = None) -> tuple[Section, ...]:
    """The same, field by field."""
    held = {claim.id: claim for claim in weighed.incident.claims}
    case = _Case(weighed, documents, called or facts.called(weighed), held)
    found = [Section("event", (_opening(case),))]
    found += _matter(case) if weighed.incident.is_matter else _incident(case)
    found.append(Section("contradictions", _contradictions(case)))
    return tuple(section for section in found if section.passages or section.figures)


@dataclass(frozen=True)
class _Case:
    """One incident or matter at hand, with its claims by their ids."""

    weighed: Weighed
    documents: Documents
    called: Called
    held: Mapping[ClaimId, Claim]

    def cited(self, names: Iterable[ClaimId]) -> tuple[Claim, ...]:
        """The claims that a finding names, in order."""
        return tuple(self.held[name] for name in names if name in self.held)

    def document(self, claim: Claim) -> Document:
        """The report that a claim stands in."""
        return self.documents[claim.span.document]

    @cached_property
    def rests(self) -> dict[ClaimId, str]:
        return facts.rests(self.weighed)

    def who(self, claim: Claim) -> str:
        """Whose word a claim is, shortly: the origin’s name, where one was worked out."""
        return words.who(claim, self.document(claim), self.rests)


def total(account: Account, documents: Documents) -> tuple[Passage, ...]:
    """A total over several events, told as what it is."""
    document = documents[account.document]
    over = words.days(account.telling.when)
    place = f", {words.where(account.telling.place)}" if account.telling.place else ""
    lead = f"over several events, not added to any incident ({over}{place})"
    figures = [(claim, toll) for claim, toll in account.tolls() if claim.stance != "denied"]
    if not figures:
        text = f"A total {lead}: {words.says(account.head, document)}"
        return (Passage(text, (account.head,)),)
    out = []
    for claim, toll in figures:
        said = f"{words.figure(toll, claim.span.quote)} in total {lead}"
        out.append(Passage(words.attributed(said, claim, document), (claim,)))
    return tuple(out)


def _opening(case: _Case) -> Passage:
    incident, origins = case.weighed.incident, case.weighed.origins
    reports = len({account.document for account in incident.heard})
    told = _rows(incident.accounts) if incident.is_derived else words.number(reports, "report")
    text = f"{case.called.title} ({case.called.days}) is told in {told}"
    if origins:
        names = words.some([words.article(origin.name) for origin in origins], 4)
        rest = "rests" if reports == 1 else "rest"
        text += f", which {rest} on {words.number(len(origins), 'independent origin')}: {names}"
    text += "."
    if rows := [] if incident.is_derived else [each for each in incident.accounts if each.derived]:
        text += f" Beside that stands {_rows(rows)}, worked out of such reports: no origin of its own."
    return Passage(text, tuple(account.head for account in incident.accounts))


def _rows(accounts: Sequence[Account]) -> str:
    """ "2 rows of ACLED"."""
    names = words.joined(sorted({account.derived for account in accounts}))
    return f"{words.number(len({account.document for account in accounts}), 'row')} of {names}"


def _incident(case: _Case) -> Iterable[Section]:
    claims, documents = case.weighed.incident.claims, case.documents
    for field in TOLLS:
        figures = [(c, c.value) for c in claims if isinstance(c.value, Toll) and c.value.kind == field]
        ordered = sorted(figures, key=lambda item: _figure_order(item[0], item[1], documents))
        said = tuple(_figure(claim, toll, documents) for claim, toll in ordered)
        yield Section(field, _intro(case, field) + _range(case, field), case.weighed.finding(field), said)
    roles = [(c, c.value) for c in claims if isinstance(c.value, Role)]
    for field in ("perpetrator", "date", "place", "kind", "weapon", "target", "status"):
        passages = _intro(case, field)
        if field == "perpetrator":
            passages += tuple(_role(c, role, documents) for c, role in roles if role.role != "opponent")
        yield Section(field, passages, case.weighed.finding(field))
    fought = tuple(_role(c, role, documents) for c, role in roles if role.role == "opponent")
    yield Section("opponent", fought)
    yield Section("other", merged(_says(c, documents) for c in claims if c.value is None))


def _matter(case: _Case) -> Iterable[Section]:
    told: list[Passage] = []
    for claim in case.weighed.incident.claims:
        if isinstance(claim.value, Toll):
            told.append(_figure(claim, claim.value, case.documents))
        elif isinstance(claim.value, Role):
            told.append(_role(claim, claim.value, case.documents))
        else:
            told.append(_says(claim, case.documents))
    for finding in case.weighed.findings:
        claims = case.cited(finding.claims)
        noun = words.FIELD_NOUNS.get(finding.field) or words.KINDS.get(finding.field, finding.field)
        text = f"{_MATTER[finding.verdict].format(noun)}: {finding.summary.rstrip('.')}."
        yield Section(finding.field, (Passage(text, claims),) if claims else (), finding)
    yield Section("told", merged(told))


def merged(passages: Iterable[Passage]) -> tuple[Passage, ...]:
    """The same sentence once, on all the claims that make it."""
    found: dict[str, dict[Claim, None]] = {}
    for passage in passages:
        found.setdefault(passage.text, {}).update(dict.fromkeys(passage.claims))
    return tuple(Passage(text, tuple(claims)) for text, claims in found.items())


def _figure_order(claim: Claim, toll: Toll, documents: Documents) -> tuple[object, ...]:
    """Whole figures before sub-groups, then by day of publication, undated last, then as they stand."""
    published = documents[claim.span.document].published
    day = published.isoformat() if published else "9"
    return toll.group != "people", toll.group, day, toll.count.least, claim.span, claim.id


def _figure(claim: Claim, toll: Toll, documents: Documents) -> Passage:
    document = documents[claim.span.document]
    return Passage(words.attributed(words.figure(toll, claim.span.quote), claim, document), (claim,))


def _role(claim: Claim, role: Role, documents: Documents) -> Passage:
    document = documents[claim.span.document]
    outlet = words.is_outlet(claim, document)
    voice = (None if outlet else words.speaker(claim)) or "the outlet itself"
    tail = f"— {words.quoted(claim.span.quote)} ({words.cite(document, claim.span)})."
    if role.role == "opponent":
        said = f"fought against, according to {voice}"
    elif role.stance == "denied" or claim.stance == "denied":
        said = f"responsibility denied by {voice}"
    elif role.role == "claimant" or role.stance == "claimed":
        said = f"responsibility claimed, according to {voice}"
    elif role.stance == "alleged":
        said = f"accused by {voice}"
    elif role.stance == "suspected":
        said = f"suspected, according to {voice}"
    else:
        said = f"named as responsible by {voice}"
    return Passage(f"{words.capital(role.party.name)}: {said} {tail}", (claim,))


def _says(claim: Claim, documents: Documents) -> Passage:
    return Passage(words.says(claim, documents[claim.span.document]), (claim,))


_INTRO = {
    Verdict.AGREE: "Sources agree on {}: {}.",
    Verdict.COMPATIBLE: "What is told about {} can all be true: {}.",
    Verdict.UPDATE: "Later word has changed {}: {}.",
    Verdict.CONFLICT: "Sources differ on {}: {}.",
    Verdict.SINGLE_ORIGIN: "One origin alone tells {}: {}.",
    Verdict.UNKNOWN: "What is told does not settle {}: {}.",
}
# Of a matter it is compared whether it is said or denied, not whether all say the same.
_MATTER = {
    Verdict.AGREE: "Several origins speak of this ({}) and none denies it",
    Verdict.COMPATIBLE: "What is told of this ({}) can all be true",
    Verdict.UPDATE: "Later word has changed this ({})",
    Verdict.CONFLICT: "Words stand against each other on this ({})",
    Verdict.SINGLE_ORIGIN: "One origin alone speaks of this ({})",
    Verdict.UNKNOWN: "What is told does not settle this ({})",
}


def _intro(case: _Case, field: str) -> tuple[Passage, ...]:
    """The verdict on one field in words, with each value and whose it is."""
    finding = case.weighed.finding(field)
    if finding is None:
        return ()
    claims = case.cited(finding.claims)
    if finding.verdict is not Verdict.CONFLICT or _contradicting(case, field):
        claims = _whole(claims)  # else a part stands against the whole, and both are told
    if not claims:
        return ()
    values: dict[str, dict[str, None]] = {}
    first: dict[str, str] = {}  # of values that differ in a capital alone, the first
    for claim in sorted(claims, key=_low):
        told = value_in_words(claim, field)
        if told:
            written = first.setdefault(told.casefold(), told)
            values.setdefault(written, {})[case.who(claim)] = None
    if not values:
        return (Passage(f"{finding.summary.rstrip('.')}.", claims),)
    listed = "; ".join(f"{told} ({words.some(list(names))})" for told, names in values.items())
    said = _INTRO[finding.verdict]
    if finding.verdict is Verdict.AGREE and len(values) > 1:
        said = "Sources are taken to agree on {}, in these words: {}."
    return (Passage(said.format(words.FIELD_NOUNS[field], listed), claims), *_reason(case, finding))


def _reason(case: _Case, finding: Finding) -> tuple[Passage, ...]:
    """What makes the verdict, where the values alone do not say it; a conflict is told pair by pair."""
    if not finding.reason or finding.verdict in (Verdict.AGREE, Verdict.SINGLE_ORIGIN):
        return ()
    if finding.verdict is Verdict.CONFLICT and _contradicting(case, finding.field):
        return ()
    text = f"The verdict rests on this: {finding.reason.rstrip('.')}."
    return (Passage(text, case.cited(finding.claims)),)


def _whole(claims: tuple[Claim, ...]) -> tuple[Claim, ...]:
    """Without the figures of sub-groups, where there are figures of people as a whole."""
    whole = tuple(c for c in claims if not isinstance(c.value, Toll) or c.value.group == "people")
    return whole or claims


def _low(claim: Claim) -> int:
    return claim.value.count.least if isinstance(claim.value, Toll) else 0


def value_in_words(claim: Claim, field: str) -> str | None:
    """What one claim tells for one field, in words, or ``None`` where it is silent."""
    told = claim.value
    if isinstance(told, Toll):
        return words.figure(told, claim.span.quote) if field in (told.kind, "status") else None
    if isinstance(told, Role):
        if field != "perpetrator" or told.role == "opponent":
            return None
        denied = told.stance == "denied" or claim.stance == "denied"
        return f"{told.party.name}, denied" if denied else told.party.name
    if isinstance(told, Telling):
        tell: dict[str, Callable[[], str | None]] = {
            "date": lambda: words.days(told.when) if told.when.start or told.when.words else None,
            "place": lambda: words.where(told.place) if told.place else None,
            "kind": lambda: words.KINDS[told.kind],
            "weapon": lambda: told.weapon,
            "target": lambda: told.target,
        }
        return tell[field]() if field in tell else None
    return words.quoted(claim.span.quote, 120)


def _range(case: _Case, field: str) -> tuple[Passage, ...]:
    finding = case.weighed.finding(field)
    if finding is None or finding.range is None:
        return ()
    told = finding.range
    claims = case.cited(told.claims) or case.cited(finding.claims)
    if told.low == told.high and not told.open_below:
        return _groups(case, field)  # the one number has been told
    text = f"Reported range of {field}: {_ends(told.low, told.high)}, best supported {told.best:,}"
    text += "; the top stays open" if told.open else ""
    if told.open_below:
        text += "; no least is told"
    arithmetic = words.capital(told.arithmetic.strip().rstrip("."))
    whole = (Passage(f"{text}. {arithmetic}." if arithmetic else f"{text}.", claims),) if claims else ()
    return whole + _whose(case, told) + _groups(case, field)


def _whose(case: _Case, told: Range) -> tuple[Passage, ...]:
    """Which claims make the low end, the best and the high end, and whose word each is."""
    ends = (
        ("least", told.low, told.at_low),
        ("best supported", told.best, told.at_best),
        ("greatest", told.high, told.at_high),
    )
    if told.low == told.high:
        return ()
    return tuple(
        Passage(
            f"The {name}, {number:,}: the word of {words.some(list(map(words.article, end.origins)))}.",
            claims,
        )
        for name, number, end in ends
        if (claims := case.cited(end.claims))
    )


_WITHOUT = ("people", "other:part")  # the whole, and parts of which no more is told


def _groups(case: _Case, kind: str) -> tuple[Passage, ...]:
    """The range of each part of which several figures are told, or whose status is contested.

    A part is never added to the whole, nor to another part. "Three of them" are not held against "five
    of them": nothing tells that the same are meant.
    """
    out = []
    classes = [
        (each.range.low, each.range.high)
        for each in case.weighed.tallies
        if each.kind == kind and each.group in ("fighters", "soldiers")
    ]
    for tally in case.weighed.tallies:
        claims = case.cited(tally.range.claims)
        if tally.kind != kind or tally.group in _WITHOUT or (len(claims) < 2 and not tally.contested):
            continue
        told = tally.range
        if tally.group == "combatants" and not tally.contested and (told.low, told.high) in classes:
            continue  # told below, of the one class that they are
        of = f"{tally.group.removeprefix('other:')} {kind}"
        ends = f"{_ends(told.low, told.high)}{' or more' if told.open else ''}"
        if told.low != told.high or tally.contested:
            ends += f", best supported {told.best:,}. {words.capital(told.arithmetic)}"
        out.append(Passage(f"Of these, {of}: {ends}.", claims))
    return tuple(out)


def _ends(low: int, high: int) -> str:
    """The two ends of a reported range."""
    return f"{low:,}" if low == high else f"{low:,} to {high:,}"


def _contradictions(case: _Case) -> tuple[Passage, ...]:
    """Who contradicts whom: pairs of claims of different origins that cannot both be true.

    Only on fields whose finding is a conflict.
    """
    found = [passage for field in FIELDS for passage in _against(_contradicting(case, field), field, case)]
    return merged(found)


def _contradicting(case: _Case, field: str) -> list[tuple[Claim, Claim]]:
    """The pairs of claims that make the conflict on one field, if it is one."""
    finding = case.weighed.finding(field)
    if finding is None or finding.verdict is not Verdict.CONFLICT:
        return []
    origin = facts.origin_of(case.weighed)
    pairs = combinations(case.cited(finding.claims), 2)
    return [(a, b) for a, b in pairs if against(a, b, field) and _apart(a, b, case, origin)]


def _apart(left: Claim, right: Claim, case: _Case, origin: Mapping[AccountId, str]) -> bool:
    """Whether two claims are the words of different origins: other voices, or accounts of other origins.

    One report can give both sides; two reports can lean on one voice.
    """
    one, other = (case.rests.get(claim.id) for claim in (left, right))
    if one and other:
        return one != other
    if left.source and right.source:
        return not alike(left.source.name, right.source.name)
    return not (left.account and right.account) or origin.get(left.account) != origin.get(right.account)


def against(left: Claim, right: Claim, field: str) -> bool:
    """Whether what two claims tell for one field cannot both be true."""
    a, b = left.value, right.value
    if isinstance(a, Toll) and isinstance(b, Toll):
        comparable = a.kind == b.kind == field and a.group == b.group
        return comparable and a.count.relation(b.count) is Verdict.CONFLICT
    if isinstance(a, Role) and isinstance(b, Role) and field == "perpetrator":
        if "opponent" in (a.role, b.role):
            return False
        denied = [role.stance == "denied" or c.stance == "denied" for role, c in ((a, left), (b, right))]
        same = a.party.relation(b.party) is Verdict.AGREE
        return denied[0] != denied[1] if same else not any(denied)
    if isinstance(a, Telling) and isinstance(b, Telling):
        if field == "date":
            return a.when.relation(b.when) is Verdict.CONFLICT
        if field == "place":
            return bool(a.place and b.place and a.place.relation(b.place) is Verdict.CONFLICT)
        if field == "kind":
            return a.kind != b.kind
        if field == "weapon":
            return bool(a.weapon and b.weapon and fold(a.weapon) != fold(b.weapon))
    return False


Side = tuple[int, str, str]  # for the order; what is told; whose word it is


def _against(pairs: list[tuple[Claim, Claim]], field: str, case: _Case) -> Iterable[Passage]:
    """One sentence for each value that others stand against; voices that face the same others share it."""

    def side(claim: Claim) -> Side:
        return _low(claim), value_in_words(claim, field) or "", case.who(claim)

    facing: dict[Side, dict[Side, None]] = {}
    behind: dict[Side, dict[Claim, None]] = {}
    for pair in pairs:
        (left, a), (right, b) = sorted(((side(claim), claim) for claim in pair), key=lambda item: item[0])
        facing.setdefault(left, {})[right] = None
        behind.setdefault(left, {}).update({a: None, b: None})
    together: dict[tuple[int, str, tuple[Side, ...]], list[Side]] = {}
    for left, others in sorted(facing.items()):
        together.setdefault((*left[:2], tuple(sorted(others))), []).append(left)
    label = "" if field in TOLLS else f"{words.field_label(field)}: "
    for (_, value, against_it), sides in together.items():
        by_value: dict[str, dict[str, None]] = {}
        for _, told, by in against_it:
            by_value.setdefault(told, {})[by] = None
        right_side = words.joined([f"{told} ({words.some(list(by))})" for told, by in by_value.items()])
        names = words.some([by for *_, by in sides])
        claims = dict.fromkeys(claim for each in sides for claim in behind[each])
        text = f"{label}{value} ({names}) {'stands' if len(sides) == 1 else 'stand'} against {right_side}."
        yield Passage(words.capital(text), tuple(claims))
