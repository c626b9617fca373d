"""Every decision, the newest first, with what it does, why, what it is about, and how it is taken back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from urllib.parse import urlencode

from starlette.responses import Response

from tallystick.casework import RELIABILITY
from tallystick.desk.past import DECIDED
from tallystick.dossier import words
from tallystick.model import ClaimId, Event
from tallystick.web.here import Here, Stop
from tallystick.web.pages.lists import Leads, Pages, Query, as_csv, day_of
from tallystick.web.role import Role
from tallystick.web.row import get, post
from tallystick.web.standing import VEILED, Veil, stand

_BACK = {
    "reviewed": Role.CODER,
    "judged": Role.CODER,
    "named": Role.CODER,
    "assigned": Role.SENIOR,
    "graded": Role.SENIOR,
}
_MOST_A_DAY = 100_000  # pairs that one person judges
_AGAIN = {"reopened", "unsure"}  # verdicts that are themselves a taking back


@dataclass(frozen=True, slots=True)
class Told:
    """One decision as it is shown: its effect in words, what it is about, and whether it can be taken back.

    ``quote`` are the words of the report or the title; ``href`` leads there.
    """

    seq: int
    event: Event
    at: str
    effect: str
    quote: str
    href: str
    back: bool


def history(here: Here) -> Response:
    """The decisions that an address asks for."""
    query, desk = Query.of(here), here.desk
    kinds = kind_names(here)
    asked = tuple(kind for kind in query.all("what") if kind in kinds) or DECIDED
    first, last = day_of(here, query, "from"), day_of(here, query, "to")
    item, by = query.one("item"), query.one("by")
    total = desk.count_history(item=item, by=by, what=asked, first=first, last=last)
    if query.one("as") == "csv":
        every = desk.numbered_history(item=item, by=by, what=asked, first=first, last=last, limit=total)
        veil = Veil(here)
        lines = (
            (seq, event.at, event.what, event.item, event.by, event.who, _plain(event), event.note)
            for seq, event in ((seq, veil.of(event)) for seq, event in every)
        )
        head = ("seq", "at", "what", "item", "by", "signed_in_as", "facts", "reason")
        return as_csv(f"{here.key}-history", head, lines)
    pages = Pages.of(query, total)
    chosen = desk.numbered_history(
        item=item, by=by, what=asked, first=first, last=last, limit=pages.size, skip=pages.skip
    )
    return here.render(
        "history.html",
        query=query,
        pages=pages,
        decisions=told(here, chosen),
        kinds=list(kinds.items()),
        chosen=asked if asked != DECIDED else (),
        people=desk.people(),
        agreed=desk.agreement(),
        item=item,
        by=by,
    )


def kind_names(here: Here) -> dict[str, str]:
    """The kinds of decisions, as they are called."""
    return {
        "reviewed": here._("claims"),
        "judged": here._("pairs of accounts"),
        "named": here._("names"),
        "looked": here._("incidents looked at"),
        "graded": here._("grades of sources"),
        "commented": here._("comments"),
        "assigned": here._("assignments"),
    }


def told(here: Here, decisions: Sequence[tuple[int, Event]]) -> list[Told]:
    """The decisions with their effects in words."""
    desk, leads, veil = here.desk, Leads(here), Veil(here)
    out = []
    for seq, event in ((seq, veil.of(event)) for seq, event in decisions):
        quote, href = "", ""
        if event.item.startswith("clm-"):
            told_in = desk.quote_of(event.item)
            quote = words.quoted(told_in, 160) if told_in else event.item
            document = desk.document_of(event.item)
            href = leads.report(document, event.item) if document else ""
        elif event.item.startswith(("inc-", "acc-")):
            quote, href = _incident(here, leads, event.item.split()[0])
        elif event.item.startswith("doc-"):
            row = desk.report_row(event.item)
            quote, href = (row.title or row.name, leads.report(row.id)) if row else (event.item, "")
        elif event.what == "named" and here.looks.has(str(event.facts.get("sort"))):
            quote = str(event.facts.get("name", ""))
            href = here.url(str(event.facts["sort"])) + "?" + urlencode({"name": quote})
        elif event.what == "graded":
            quote, href = str(event.facts.get("source", "")), here.url("findings") + "?part=sources"
        out.append(Told(seq, event, _at(event.at), _effect(here, event), quote, href, _can(here, seq, event)))
    return out


def _incident(here: Here, leads: Leads, name: str) -> tuple[str, str]:
    """The incident or matter that a decision is about, or that the account is in."""
    desk = here.desk
    found = name if name.startswith("inc-") else desk.incidents_of([name]).get(name)  # type: ignore[call-overload]
    row = desk.row(found) if found else None
    return (f"{row.title}, {row.days}", leads.incident(row.id)) if row else (name, "")


def _effect(here: Here, event: Event) -> str:
    """What a decision does, in words."""
    _, facts = here._, event.facts
    verdict = str(facts.get("verdict", ""))
    if event.what == "reviewed" or verdict == VEILED:
        said = {
            "upheld": _("upheld: the claim stands as it was read"),
            "rejected": _("rejected: the claim counts no more"),
            "corrected": _("corrected: the claim stands otherwise"),
            "reopened": _("reopened: the claim waits again"),
            "added": _("added: a claim that the reader had missed"),
            VEILED: _("said something of a claim; what it is, is shown when you have said yours"),
        }
        return said.get(verdict, verdict)
    if event.what == "judged":
        said = {
            "same": _("the same: two accounts tell of one event"),
            "different": _("different: two accounts tell of two events"),
            "unsure": _("unsure: whether two accounts tell of one event is open again"),
        }
        return said.get(verdict, verdict)
    if event.what == "named":
        if facts.get("means"):
            return _("this name means %(means)s, in every report") % {"means": facts["means"]}
        return _("taken back: this name means what the program finds")
    if event.what == "graded":
        grade = str(facts.get("grade", ""))
        if not grade:
            return _("taken back: no grade")
        return f"{grade}: {_(RELIABILITY[grade])}" if grade in RELIABILITY else grade
    if event.what == "assigned":
        to = str(facts.get("to", ""))
        return _("given to %(to)s") % {"to": to} if to else _("given to nobody any more")
    return {
        "looked": _("looked at, and nothing to change"),
        "commented": _("a comment"),
    }.get(event.what, event.what)


def _can(here: Here, seq: int, event: Event) -> bool:
    """Whether it can be taken back, by who looks: it stands, and is no taking back itself."""
    least = _BACK.get(event.what)
    if least is None or not here.may(least):
        return False
    facts = event.facts
    if event.what == "reviewed" and not _own(here, event):
        return False
    if event.what in ("reviewed", "judged"):
        over = facts.get("verdict") in _AGAIN
    else:
        over = not facts.get({"named": "means", "assigned": "to", "graded": "grade"}[event.what])
    return not over and here.desk.last_on(event.what, event.item) == seq


def _own(here: Here, event: Event) -> bool:
    """Whether what was said of a claim is the person's to take back: reopening clears everybody's word."""
    report = here.desk.document_of(event.item)
    settled = here.desk.settled(report).get(ClaimId(event.item)) if report else None
    return stand(here, settled).back


def take_back(here: Here) -> Response:
    """Take a decision back by another one; 409 where somebody decided anew meanwhile."""
    told = here.told("seq", 20)
    number = int(told) if told.isascii() and told.isdecimal() else -1
    found = here.desk.decision(number) if 0 <= number < 2**63 else None
    if found is None:
        raise Stop(404, here._("There is no such decision."))
    least = _BACK.get(found.what)
    if least is None:
        raise Stop(422, here._("This cannot be taken back."), here._("Add a comment instead."))
    if not here.may(least):
        raise Stop(403, here._("This takes the role “%(role)s”.") % {"role": here.called(least)})
    if not _can(here, number, found):
        raise _meanwhile(here)
    _undo(here, number, found)
    return here.away(here.url("history") + "?" + urlencode({"item": found.item.split()[0]}))


def _meanwhile(here: Here) -> Stop:
    return Stop(
        409,
        here._("Something else was decided on this meanwhile."),
        here._("Look at the history of it, and decide anew."),
    )


def _undo(here: Here, seq: int, event: Event) -> None:
    """Take it back, if the ledger itself says, when nobody else can decide, that it is the last word."""
    desk, by = here.desk, here.person
    note = here.told("note", 2000) or here._("taken back")
    taken = _together(here, seq, event)
    last = {each.item: number for number, each in taken}

    def first() -> None:
        later = desk.case.ledger.numbered(event.what, after=min(last.values()))
        if any(number > last.get(each.item, number) for number, each in later):
            raise _meanwhile(here)
        if event.what == "reviewed" and not _own(here, event):
            raise _meanwhile(here)

    if event.what == "reviewed":
        desk.decide(event.item, "reopened", by, note, first=first)
    elif event.what == "judged":
        desk.take_back([each for _, each in taken], by, note, first=first)
    elif event.what == "named":
        desk.name_means(str(event.facts["sort"]), str(event.facts["name"]), None, by, note, first=first)
    elif event.what == "assigned":
        desk.assign(event.item, "", by, note, first=first)
    else:
        desk.grade(str(event.facts["source"]), "", by, note, first=first)


def _together(here: Here, seq: int, event: Event) -> list[tuple[int, Event]]:
    """The decisions that were stored with this one, and are taken back with it: pairs of a split or merge.

    They were said by one person at one moment, for one reason.
    """
    if event.what != "judged":
        return [(seq, event)]
    day = date.fromisoformat(event.at[:10])
    said = here.desk.numbered_history(by=event.by, what=("judged",), first=day, last=day, limit=_MOST_A_DAY)
    return [(number, each) for number, each in said if _said(each) == _said(event)]


def _said(event: Event) -> tuple[object, ...]:
    return event.by, event.at, event.note, event.facts.get("verdict"), event.who


def _at(at: str) -> str:
    """A moment in UTC as people write it."""
    try:
        told = datetime.fromisoformat(at).astimezone(UTC)
    except ValueError:
        return at
    return f"{words.day(told.date())}, {told:%H:%M} UTC"


def _plain(event: Event) -> str:
    return "; ".join(f"{key}: {value}" for key, value in sorted(event.facts.items()))


ROWS = (
    get("/c/{case}/history", "history", history, Role.READER),
    post("/c/{case}/history", "history", take_back, Role.CODER),
)
