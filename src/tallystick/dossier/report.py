"""What the page of one report says: its whole text, with the exact words of every claim."""

from __future__ import annotations

import re
from dataclasses import dataclass

from tallystick.dossier import words
from tallystick.dossier.incident import ROOT, role_words
from tallystick.dossier.layout import Layout, Link
from tallystick.dossier.marks import Piece, pieces
from tallystick.model import Claim, ClaimId, Document, DocumentId, Role, Telling, Toll

_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{1,8})*")


@dataclass(frozen=True)
class Note:
    """A claim in the margin of its report."""

    id: ClaimId
    what: str
    who: str
    quote: str
    sheets: str  # the page that it stands on, where the report has pages
    doubt: str  # how sure the reader was, where it was not


@dataclass(frozen=True)
class Group:
    """The claims of one account, with the incident that they belong to."""

    link: Link
    notes: tuple[Note, ...]


@dataclass(frozen=True)
class ReportPage:
    """All that the template shows."""

    name: str
    title: str | None
    publisher: str | None
    published: str
    published_from: str
    doubts: tuple[str, ...]
    remarks: tuple[str, ...]
    url: str | None
    language: str
    capture: str
    media_type: str
    size: str
    text_digest: str
    received: str
    came_from: str
    paragraphs: tuple[tuple[Piece, ...], ...]
    groups: tuple[Group, ...]
    claims: tuple[ClaimId, ...]


def report(layout: Layout, name: DocumentId) -> ReportPage:
    """The page of the report ``name``."""
    document = layout.documents[name]
    claims = layout.claims_in.get(name, {})
    capture = layout.captures.get(document.capture)
    language = document.language or ""
    remarks = [remark for remark in layout.record.remarks if remark.document == name]
    spans = ((claim_id, claim.span.start, claim.span.end) for claim_id, claim in claims.items())
    return ReportPage(
        name=layout.index.names[name],
        title=document.title,
        publisher=document.publisher,
        published=words.day(document.published) if document.published else "day unknown",
        published_from=words.PUBLISHED_FROM[document.published_from],
        doubts=tuple(remark.text for remark in remarks if remark.about == "date"),
        remarks=tuple(words.capital(remark.text) for remark in remarks if remark.about == "reading"),
        url=document.url,
        language=language if _LANGUAGE.fullmatch(language) else "",
        capture=document.capture,
        media_type=capture.media_type if capture else "",
        size=f"{capture.size:,} bytes" if capture and capture.size else "",
        text_digest=words.text_digest(document),
        received=capture.received if capture else "",
        came_from=words.came_from(capture.origin) if capture else "",
        paragraphs=pieces(document.text, spans, document.pages),
        groups=_groups(layout, name, claims),
        claims=tuple(claims),
    )


def _groups(layout: Layout, name: DocumentId, claims: dict[ClaimId, Claim]) -> tuple[Group, ...]:
    document = layout.documents[name]
    by_account: dict[str, list[Note]] = {}
    for claim_id, claim in claims.items():
        by_account.setdefault(claim.account or "", []).append(note(claim_id, claim, document))
    out = []
    for account in layout.accounts_in.get(name, ()):
        incident = layout.index.incident_of.get(account.id)
        if account.telling.aggregate:
            link = Link(layout.hrefs.totals(ROOT), "A total over several events, part of no incident")
        elif incident in layout.called:
            called = layout.called[incident]
            link = Link(layout.hrefs.incident(incident, ROOT), f"{called.title}, {called.days}")
        else:
            link = Link("", "Linked to no incident")
        out.append(Group(link, tuple(by_account.pop(account.id, ()))))
    rest = tuple(note for notes in by_account.values() for note in notes)
    if rest:
        out.append(Group(Link("", "Claims that stand alone"), rest))
    return tuple(out)


def what_of(claim: Claim) -> str:
    """What a claim says, shortly, with how it stands to it."""
    value = claim.value
    if isinstance(value, Toll):
        what = words.figure(value, claim.span.quote)
    elif isinstance(value, Role):
        what = role_words(value, claim)
    elif isinstance(value, Telling):
        what = words.KINDS[value.kind] + (f", {words.where(value.place)}" if value.place else "")
    else:
        what = claim.topic
    stance = "" if claim.stance == "stated" else f"{claim.stance.replace('_', ' ')}: "
    return words.capital(stance + what)


def note(name: ClaimId, claim: Claim, document: Document) -> Note:
    """One claim in a few words: what is said, by whom, in which words."""
    who = None if words.is_outlet(claim, document) else words.speaker(claim)
    quote = words.quoted(claim.span.quote, 120)
    doubt = f"read with doubt ({claim.confidence:.2f})" if claim.doubtful else ""
    if claim.by_person:
        doubt = f"as {claim.maker.name} has it"
    return Note(
        name,
        what_of(claim),
        who or "the outlet itself",
        quote,
        words.sheets(document, claim.span),
        doubt,
    )
