"""One report: its text with the words of every claim, and beside it what each says and what stands of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from starlette.responses import Response

from tallystick.dossier.layout import Layout, Link
from tallystick.dossier.marks import Piece
from tallystick.dossier.render import lit
from tallystick.dossier.report import report
from tallystick.model import Claim, ClaimId, Document, DocumentId
from tallystick.reviewing import Settled
from tallystick.reviewing import chosen as found
from tallystick.web import fields
from tallystick.web.cards import Cards, ClaimCard
from tallystick.web.here import Here
from tallystick.web.hrefs import DeskHrefs
from tallystick.web.pages.incident import past
from tallystick.web.pages.queue import people
from tallystick.web.role import Role
from tallystick.web.row import get, post
from tallystick.web.standing import gone


@dataclass(frozen=True)
class Group:
    """The claims of one account, each with those that it was corrected from."""

    link: Link
    cards: tuple[tuple[ClaimCard, tuple[ClaimCard, ...]], ...]


def show(here: Here) -> Response:
    """The page of a report."""
    name = DocumentId(here.request.path_params["id"])
    document = _document(here, name)
    layout = Layout(here.desk.record_of((), [name]), hrefs=DeskHrefs(here))
    read, cards = report(layout, name), Cards(here)
    known, settled = cards.known(name), cards.settled(name)
    trails = _trails(settled)
    there = {claim: layout.claims_in[name][claim] for claim in read.claims}

    def card(claim: Claim) -> tuple[ClaimCard, tuple[ClaimCard, ...]]:
        before = (known[each] for each in trails(claim.id) if each in known)
        as_told = known.get(claim.id, claim)
        return cards.of_claim(as_told, document), tuple(cards.of_claim(each, document) for each in before)

    shown = set(there) | {each for claim in there for each in trails(claim)}
    beside = [
        known[claim] for claim, each in settled.items() if each.said and claim not in shown and claim in known
    ]
    beside.sort(key=lambda claim: (claim.span, claim.id))
    return here.render(
        "report.html",
        page=read,
        id=name,
        paragraphs=_placed(read.paragraphs),
        groups=tuple(
            Group(group.link, tuple(card(there[note.id]) for note in group.notes)) for group in read.groups
        ),
        beside_cards=tuple(cards.of_claim(claim, document) for claim in beside),
        accounts=cards.accounts(document),
        adding=_adding(here),
        topics=fields.topics(here),
        comments=tuple(event for event in past(here, [name]) if event.what == "commented"),
        assigned=here.desk.assigned(),
        people=people(here),
        back=here.url("report", id=name),
        at=here.desk.at,
    )


def _document(here: Here, name: str) -> Document:
    document = here.desk.document(name)
    if document is None:
        raise gone(here, here._("This report is not in the case."))
    return document


def _trails(settled: Mapping[ClaimId, Settled]) -> Callable[[ClaimId], tuple[ClaimId, ...]]:
    """For a claim those that it was corrected from, the nearest first."""
    before: dict[ClaimId, list[ClaimId]] = {}
    for claim, each in settled.items():
        if each.standing is not None and each.standing.correction is not None and each.added is None:
            before.setdefault(each.standing.correction.id, []).append(claim)

    def trail(claim: ClaimId) -> tuple[ClaimId, ...]:
        out: dict[ClaimId, None] = {}
        due = [*before.get(claim, ())]
        while due:
            each = due.pop(0)
            if each not in out and each != claim:
                out[each] = None
                due += before.get(each, ())
        return tuple(out)

    return trail


def _placed(paragraphs: tuple[tuple[Piece, ...], ...]) -> tuple[tuple[int, tuple[Piece, ...]], ...]:
    """Each paragraph with where it begins in the text, in code points."""
    out, at = [], 0
    for pieces in paragraphs:
        out.append((at, pieces))
        at += sum(len(piece.text) for piece in pieces)
    return tuple(out)


def _adding(here: Here) -> tuple[tuple[str, str, tuple[fields.Field, ...]], ...]:
    """The forms that add a claim: their sort, what they add, their fields."""
    _ = here._
    said = fields.said_fields(here)
    return (
        ("toll", _("a figure"), (*fields.toll_fields(here), *said)),
        ("party", _("a party to the deed"), (*fields.role_fields(here), *said)),
        ("event", _("an event or matter"), (*fields.telling_fields(here), *said)),
        ("words", _("other words"), said),
    )


def light(here: Here) -> Response:
    """The style rules that light the words to which an address leads (``#clm-…``)."""
    name = DocumentId(here.request.path_params["id"])
    _document(here, name)
    rules = lit(sorted(claim.id for claim in here.desk.claims_of(name)))
    return Response(str(rules), media_type="text/css")


def add(here: Here) -> Response:
    """A claim that a person reads where the program read none."""
    name = DocumentId(here.request.path_params["id"])
    document = _document(here, name)
    sort = here.told("sort", 20)
    shown = next((each for known, _, each in _adding(here) if known == sort), ())
    told = fields.changes(here, shown)
    if sort == "words":
        told["topic"] = here.told("topic", 30) or "other"
    place = fields.chosen(here, document)
    if isinstance(place, str):
        place = found(document, place, document.span(0, 1))
    claim = here.desk.add(
        name, sort, place, here.person, here.told("note"), changes=told, account=here.told("account", 100)
    )
    return here.go("report", id=name, at=claim)


ROWS = (
    get("/c/{case}/reports/{id}", "report", show, Role.READER),
    get("/c/{case}/reports/{id}/lit.css", "lit", light, Role.READER),
    post("/c/{case}/reports/{id}/claims", "add-claim", add, Role.CODER),
)
