"""What the page of one incident or matter says."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tallystick.dossier import graph, words
from tallystick.dossier.compose import Section
from tallystick.dossier.growth import Growth, growth
from tallystick.dossier.layout import Chip, Layout, Link, Notes, Ranged, Ref, Sentence, chip, reports_of
from tallystick.dossier.patterns import tagged
from tallystick.model import FIELDS, TOLLS, Account, AccountId, Claim, DocumentId, Grade, Role, Toll, Weighed

ROOT = "../"


@dataclass(frozen=True)
class Block:
    """One field of an incident: its verdict and the sentences on it."""

    label: str
    chip: Chip | None
    sentences: tuple[Sentence, ...]
    figures: tuple[Sentence, ...]


@dataclass(frozen=True)
class Told:
    """One account, side by side with the others: for each column, links to the words."""

    report: str
    published: str
    origin: str
    first: Link
    id: AccountId
    cells: tuple[tuple[Link, ...], ...]


@dataclass(frozen=True)
class Fold:
    """An independent origin and the reports that fold into it."""

    letter: str
    name: str
    reports: tuple[Link, ...]


@dataclass(frozen=True)
class Dispute:
    """Two accounts on which a judgement and this gathering do not agree."""

    left: Link
    right: Link
    verdict: str
    here: str
    by: str
    reasons: str


@dataclass(frozen=True)
class IncidentPage:
    """All that the template shows."""

    id: str
    title: str
    days: str
    is_matter: bool
    grade: Grade | None
    precisions: tuple[Grade, ...]
    tolls: tuple[Ranged, ...]
    reports: int
    opening: tuple[Sentence, ...]
    against: tuple[Sentence, ...]
    tolled: tuple[Block, ...]
    blocks: tuple[Block, ...]
    silent: tuple[str, ...]
    alleged: tuple[Sentence, ...]
    growth: Growth | None
    folds: tuple[Fold, ...]
    lineage: graph.Graph | None
    takings: tuple[graph.Row, ...]
    backing: Sentence | None
    columns: tuple[str, ...]
    accounts: tuple[Told, ...]
    disputes: tuple[Dispute, ...]
    refs: tuple[Ref, ...]
    former: tuple[str, ...]


def incident(layout: Layout, weighed: Weighed) -> IncidentPage:
    """The page of ``weighed``."""
    notes = Notes(layout, ROOT)
    by_field = {section.field: section for section in layout.sections(weighed)}
    # In the order in which they stand on the page, so that the numbers run through it.
    is_matter = weighed.incident.is_matter
    opening = notes.sentences(by_field.pop("event").passages)
    tolled = tuple(_block(by_field.pop(name), notes) for name in TOLLS if name in by_field and not is_matter)
    grown = None if is_matter else growth(layout, weighed, notes, ROOT)
    contradictions = by_field.pop("contradictions", None)
    against = notes.sentences(contradictions.passages) if contradictions else ()
    folds = _folds(layout, weighed)
    backing = graph.backing(weighed)
    rests = notes.sentence(backing) if backing else None
    blocks = tuple(_block(section, notes) for section in by_field.values())
    alleged = notes.sentences(tagged(one, layout.index.claims) for one in layout.alleged(weighed))
    told = {section.field for section in layout.sections(weighed)}
    called = layout.called[weighed.incident.id]
    columns = ("Day", "Place", "Kind", "Figures", "Who") + (() if is_matter else ("Weapon",))
    return IncidentPage(
        id=weighed.incident.id,
        title=called.title,
        days=called.days,
        is_matter=is_matter,
        grade=next((grade for grade in weighed.grades if grade.field == "grade"), None),
        precisions=tuple(grade for grade in weighed.grades if grade.field != "grade"),
        tolls=() if is_matter else _ranges(layout, weighed),
        reports=reports_of(weighed),
        opening=opening,
        against=against,
        tolled=tolled,
        blocks=blocks,
        silent=()
        if is_matter
        else tuple(words.field_label(f).lower() for f in FIELDS if f not in told and f != "status"),
        growth=grown,
        alleged=alleged,
        folds=folds,
        lineage=graph.graph(layout, weighed, ROOT),
        takings=graph.rows(layout, weighed, ROOT),
        backing=rests,
        columns=columns,
        accounts=_accounts(layout, weighed, folds, columns),
        disputes=_disputes(layout, weighed),
        refs=tuple(notes.refs.values()),
        former=tuple(weighed.incident.former_ids),
    )


def _ranges(layout: Layout, weighed: Weighed) -> tuple[Ranged, ...]:
    """The ranges at the head of the page: of those killed and wounded always, of others where told."""
    found = layout.tolls(weighed, ("killed", "wounded", "captured"))
    return tuple(ranged for ranged in found if ranged.name != "captured" or ranged.otherwise != "not told")


def _block(section: Section, notes: Notes) -> Block:
    verdict = chip(section.finding.verdict) if section.finding else None
    label = words.field_label(section.field)
    return Block(label, verdict, notes.sentences(section.passages), notes.sentences(section.figures))


def _folds(layout: Layout, weighed: Weighed) -> tuple[Fold, ...]:
    held = {account.id: account for account in weighed.incident.accounts}
    out = []
    for n, origin in enumerate(weighed.origins):
        reports: dict[DocumentId, None] = {held[a].document: None for a in origin.accounts if a in held}
        out.append(Fold(_letter(n), origin.name, tuple(layout.report_link(d, ROOT) for d in reports)))
    return tuple(out)


def _letter(n: int) -> str:
    """A to Z, then AA, AB and so on."""
    return chr(65 + n) if n < 26 else _letter(n // 26 - 1) + chr(65 + n % 26)


def _accounts(
    layout: Layout, weighed: Weighed, folds: Sequence[Fold], columns: tuple[str, ...]
) -> tuple[Told, ...]:
    letter = {a: folds[n].letter for n, origin in enumerate(weighed.origins) for a in origin.accounts}

    def by_publication(account: Account) -> tuple[object, ...]:
        published = layout.documents[account.document].published
        return published.isoformat() if published else "9", account.span

    out = []
    for account in sorted(weighed.incident.accounts, key=by_publication):
        document = layout.documents[account.document]
        told = cells_of(layout, account)
        out.append(
            Told(
                words.outlet(document),
                words.published(document),
                letter.get(account.id, "–"),
                Link(layout.words_href(account.head, ROOT), words.quoted(account.span.quote, 160)),
                account.id,
                tuple(tuple(told.get(name, ())) for name in columns),
            )
        )
    return tuple(out)


def cells_of(layout: Layout, account: Account) -> dict[str, list[Link]]:
    """What one account tells, by column, each with its link to the words; none that it does not tell."""
    telling = account.telling
    here = layout.words_href(account.head, ROOT)
    told: dict[str, list[Link]] = {"Kind": [Link(here, words.KINDS[telling.kind])]}
    if telling.when.start or telling.when.end or telling.when.words:
        exact = f" (“{telling.when.words}”)" if telling.when.words and telling.when.start else ""
        told["Day"] = [Link(here, words.days(telling.when) + exact)]
    if telling.place:
        told["Place"] = [Link(here, words.where(telling.place))]
        if account.found:
            told["Place"].append(Link("", words.found(account.found)))
    if telling.weapon:
        told["Weapon"] = [Link(here, telling.weapon)]
    for claim in account.claims:
        by = f" ({words.named(claim.source)})" if claim.source else ""
        href = layout.words_href(claim, ROOT)
        if isinstance(claim.value, Toll):
            denied = "denied: " if claim.stance == "denied" else ""
            figure = denied + words.figure(claim.value, claim.span.quote) + by
            told.setdefault("Figures", []).append(Link(href, figure))
        elif isinstance(claim.value, Role):
            told.setdefault("Who", []).append(Link(href, role_words(claim.value, claim) + by))
    return told


def role_words(role: Role, claim: Claim) -> str:
    """A party and its part, shortly."""
    party = role.party.name
    if role.role == "opponent":
        return f"against {party}"
    if role.stance == "denied" or claim.stance == "denied":
        return f"{party}, denied"
    said = {"stated": "", "alleged": ", accused", "suspected": ", suspected", "claimed": ", claims it"}
    return party + (", said to claim it" if role.role == "claimant" else said[role.stance])


def _disputes(layout: Layout, weighed: Weighed) -> tuple[Dispute, ...]:
    def end(name: AccountId) -> Link:
        account = layout.index.accounts.get(name)
        if account is None:
            return Link("", name)
        label = layout.report_link(account.document, ROOT).label
        return Link(
            layout.words_href(account.head, ROOT), f"{label} ({words.quoted(account.span.quote, 60)})"
        )

    held = {account.id for account in weighed.incident.accounts}
    out = []
    for judgement in weighed.incident.disputes:
        together = judgement.left in held and judgement.right in held
        here = "held together here" if together else "kept apart here"
        ends, reasons = (end(judgement.left), end(judgement.right)), "; ".join(judgement.reasons)
        out.append(Dispute(*ends, _JUDGED[judgement.verdict], here, judgement.maker.name, reasons))
    return tuple(out)


_JUDGED = {"same": "the same", "different": "different", "unsure": "not surely the same"}
