"""Origins: whose word it is, once copies, citations and shared voices are folded into one.

Corroboration counts origins, never articles.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

from tallystick.findings.citations import Citation, cited, outlet_entry, outlet_name
from tallystick.findings.figures import is_vague
from tallystick.findings.reuse import COPY, Shared, firsts, in_order, shared
from tallystick.findings.speakers import Speakers, Whose, whose
from tallystick.model import Account, AccountId, Claim, ClaimId, Document, DocumentId, Origin, Toll
from tallystick.values.names import alike

OVERLAP = 0.5  # of the words that tell an account, in a passage taken from elsewhere


class Taken(Mapping[DocumentId, DocumentId]):
    """What the reports of a case take from one another, by whatever sign.

    As a mapping: each document to the first of those whose text it has, itself where it copies none.
    ``pairs`` are the reports that share text; ``citations`` the outlets that each names as its source;
    ``speakers`` who speaks for whom.
    """

    def __init__(
        self,
        first: Mapping[DocumentId, DocumentId],
        pairs: Iterable[Shared] = (),
        citations: Mapping[DocumentId, tuple[Citation, ...]] | None = None,
        speakers: Speakers | None = None,
    ) -> None:
        self._first = dict(first)
        self._right: dict[DocumentId, list[Shared]] = defaultdict(list)
        self.pairs = tuple(pairs)
        self._between: dict[tuple[DocumentId, DocumentId], Shared] = {}
        for pair in self.pairs:
            self._right[pair.right].append(pair)
            self._between[pair.left, pair.right] = pair
        self.citations = dict(citations or {})
        self.speakers = speakers or Speakers()

    def __getitem__(self, document: DocumentId) -> DocumentId:
        return self._first[document]

    def __iter__(self) -> Iterator[DocumentId]:
        return iter(self._first)

    def __len__(self) -> int:
        return len(self._first)

    def between(self, one: DocumentId, other: DocumentId) -> Shared | None:
        """What two reports share, if that makes one a copy of the other or a passage taken over."""
        return self._between.get((one, other)) or self._between.get((other, one))

    def credit(self, document: DocumentId) -> str | None:
        """The one outlet to which a report credits itself as a whole."""
        told = {each.outlet for each in self.citations.get(document, ()) if each.how == "credit"}
        return told.pop() if len(told) == 1 else None

    def source(self, account: Account) -> DocumentId:
        """The report in which the words of ``account`` first stand: its own where they are nobody's else.

        The passage that holds the words goes before the report as a whole, and is followed back from
        report to report as long as it holds them. Words in no passage are taken with the rest of the
        report only where a good part of it is: a long report that has a short one within it tells the
        rest itself.
        """
        document, start, end = account.document, account.span.start, account.span.end
        seen = {document}
        while True:
            back = self._passage(document, start, end)
            if back is None or back[0] in seen:
                break
            document, start, end = back
            seen.add(document)
        if document != account.document:
            return document
        pairs = self._right.get(document, ())
        rewritten = not pairs or any(pair.whole and pair.taken >= COPY for pair in pairs)
        return self._first.get(document, document) if rewritten else document

    def _passage(self, document: DocumentId, start: int, end: int) -> tuple[DocumentId, int, int] | None:
        """The report that words of ``document`` are taken from, and where the passage stands there."""
        for pair in self._right.get(document, ()):
            for left, right in pair.passages:
                common = min(end, right.end) - max(start, right.start)
                if common >= OVERLAP * (end - start):
                    return pair.left, left.start, left.end
        return None


def copies(documents: Iterable[Document]) -> Taken:
    """What ``documents`` take from one another: as a mapping, each to the first of those whose text it has.

    "First" is the earliest published, then the smallest id; nothing depends on the order of ``documents``.
    Rows of datasets share their columns, and take nothing from one another by that.
    """
    every = sorted({document.id: document for document in documents}.values(), key=in_order)
    order = [document for document in every if not document.derived]
    pairs = shared(order)
    rows = {document.id: document.id for document in every if document.derived}
    return Taken(firsts(order, pairs) | rows, pairs, cited(order), Speakers(order))


@dataclass(slots=True)
class _Group:
    """One origin in the making: the names it goes by, the party that it is, and what parts of it speak."""

    names: list[str]
    key: str = ""
    top: str = ""
    own: set[str] = field(default_factory=set)

    @property
    def name(self) -> str:
        """The name it was first told by; of several bodies of one owner, the owner's."""
        return self.top if len(self.own) > 1 else self.names[0]


class _Groups:
    """Names folded into origins, in the order in which they are told."""

    def __init__(self) -> None:
        self._groups: list[_Group] = []
        self._placed: dict[tuple[str, str], _Group] = {}

    def place(self, name: str, party: Whose | None) -> _Group:
        """The origin that ``name`` belongs to, a new one where it is like none.

        A known party is an origin of its own, whatever its spelling; a name that no list knows joins
        the names it is like, if it is like all of them.
        """
        key = party.key if party else ""
        if (name, key) not in self._placed:
            group = next((each for each in self._groups if key and each.key == key), None)
            group = group or next((each for each in self._groups if _joins(name, key, each)), None)
            if group is None:
                self._groups.append(group := _Group([]))
            group.names.append(party.name if party else name)
            if party:
                group.key, group.top = party.key, party.top
                group.own.add(party.name)
            self._placed[name, key] = group
        return self._placed[name, key]


def _joins(name: str, key: str, group: _Group) -> bool:
    return not (key and group.key) and all(alike(own, name) for own in group.names)


def origin_names(accounts: Iterable[Account], copied: Mapping[DocumentId, DocumentId]) -> dict[str, str]:
    """For each claim id of ``accounts``, the name of the origin on whose word it stands.

    A named voice is its own origin: the party that it is or speaks for, else the same under like names.
    Without one it is the outlet: that of the report which the words are taken from, or the agency to
    which that report is credited. A body owned by another (a ministry, a state's agency) is no origin
    beside its owner. A name that is like two which are not like each other ("Omar", beside "Omar Saleh"
    and "Omar Hadi") makes them no less two. Where one voice alone gives the figures of an account, or tells
    it, what it tells in its own words rests on that voice: a headline is no second source. A number that
    the copied report does not give is the copy's own. Who only claims
    or denies the deed, or says "many", beside figures of the outlet's own, is not their source.
    """
    found, _, _ = _placed(accounts, copied)
    return {claim: group.name for claim, group in found.items()}


def own_names(accounts: Iterable[Account], copied: Mapping[DocumentId, DocumentId]) -> dict[str, str]:
    """``origin_names``, and for each account id the origin of what its outlet tells in its own words.

    For what is the writer's word whoever is quoted beside it: a description ("rebel-held").
    """
    found, outlets, groups = _placed(accounts, copied)
    own = {account: groups.place(*outlet) for account, outlet in outlets.items()}
    return {name: group.name for name, group in (found | own).items()}


def _placed(
    accounts: Iterable[Account], copied: Mapping[DocumentId, DocumentId]
) -> tuple[dict[str, _Group], dict[str, tuple[str, Whose | None]], _Groups]:
    """The origin of each claim, the outlet of each account, and the origins that there are."""
    taken = copied if isinstance(copied, Taken) else Taken(copied)
    members = sorted(accounts, key=lambda a: (a.published or date.max, a.document, a.id))
    outlets = _outlets(members, taken)
    groups = _Groups()
    found: dict[str, _Group] = {}
    speaks: dict[str, tuple[str, Whose | None]] = {}
    rests: dict[DocumentId, _Group] = {}
    for account in members:
        source = taken.source(account)
        speaks[account.id] = outlets.get(source) or outlets[account.document]
        told = {c.id: name for c in account.claims if (name := _told(c))}
        voices = {told[c.id] for c in _telling(account, told) if c.id in told and c.stance != "denied"}
        placed = {name: groups.place(name, taken.speakers.party(name, account)) for name in told.values()}
        distinct = {id(placed[name]) for name in voices}
        if len(distinct) == 1:
            own = placed[max(voices, key=lambda name: (len(name), name))]
        elif not voices and source != account.document and source in rests:
            own = rests[source]
        else:
            own = groups.place(*speaks[account.id])
        rests.setdefault(account.document, own)
        for claim in account.claims:
            if claim.id in told:
                found[claim.id] = placed[told[claim.id]]
            elif source != account.document and _told_otherwise(claim, source, members):
                found[claim.id] = groups.place(*outlets[account.document])
            else:
                found[claim.id] = own
    return found, speaks, groups


def _told_otherwise(claim: Claim, source: DocumentId, members: Iterable[Account]) -> bool:
    """Whether the report that a figure would be copied from gives other numbers and not this one."""
    if not isinstance(claim.value, Toll):
        return False
    theirs = {
        toll.count.greatest_told
        for account in members
        if account.document == source
        for _, toll in account.tolls(claim.value.kind)
    }
    return bool(theirs) and claim.value.count.greatest_told not in theirs


def _telling(account: Account, told: Mapping[ClaimId, str]) -> list[Claim]:
    """The claims that say on whose word an account stands: its head and figures, or all where it has none.

    Who says "many" is no source of the numbers beside it.
    """
    tolls = [claim for claim, _ in account.tolls()]
    if any(not is_vague(claim) for claim in tolls if claim.id not in told):
        tolls = [claim for claim in tolls if not is_vague(claim)]
    return [account.head, *tolls] if tolls else list(account.claims)


def _outlets(members: Iterable[Account], taken: Taken) -> dict[DocumentId, tuple[str, Whose | None]]:
    """Whose word each report is where it names nobody: its outlet, or the agency it is credited to.

    A report that is not among ``members`` but heads a group of copies goes by the first member of it.
    """
    out: dict[DocumentId, tuple[str, Whose | None]] = {}
    for account in members:
        name = taken.credit(account.document) or account.publisher
        name = outlet_name(name) if name else f"unnamed outlet ({account.document[4:10]})"
        entry = outlet_entry(name)
        told = name, whose(entry) if entry else None
        out.setdefault(account.document, told)
        out.setdefault(taken.get(account.document, account.document), told)
    return out


def _told(claim: Claim) -> str | None:
    source = claim.source
    return source.name if source else None


def origins(accounts: Iterable[Account], names: Mapping[str, str]) -> tuple[Origin, ...]:
    """The independent origins of an incident with the accounts that rest on each, by name.

    An account rests on the voices that give its figures; on its outlet where it names none.
    """
    found: dict[str, set[AccountId]] = defaultdict(set)
    for account in accounts:
        figures = list(account.claims) if account.is_matter else [claim for claim, _ in account.tolls()]
        figures = figures or [account.head]
        for claim in figures:
            found[names[claim.id]].add(account.id)
    return tuple(Origin(name, tuple(sorted(found[name]))) for name in sorted(found))
