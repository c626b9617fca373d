"""One incident or matter: what the dossier shows of it, with all that can be decided about it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from starlette.responses import Response

from tallystick import casework
from tallystick.desk import Row, Wanted
from tallystick.desk.desk import Guard
from tallystick.dossier import front, words
from tallystick.dossier.incident import ROOT, incident
from tallystick.dossier.layout import Layout, Link
from tallystick.model import Account, AccountId, Event, Incident, Judgement, Record, Weighed
from tallystick.values.names import fold
from tallystick.web.cards import Cards
from tallystick.web.here import Here
from tallystick.web.hrefs import DeskHrefs
from tallystick.web.pages.queue import people
from tallystick.web.role import Role
from tallystick.web.row import get, post
from tallystick.web.standing import (
    VEILED,
    Meanwhile,
    Stand,
    Veil,
    both,
    gone,
    mark,
    mark_of_incident,
    mark_of_pair,
    stand,
    unchanged,
)

NEAR = 12  # incidents proposed to be merged with
DAYS = 3  # that may lie between them
PAIRS = 60  # links shown
PAST = 60  # decisions shown


@dataclass(frozen=True)
class Head:
    """The claim that tells an account's day, place and kind, to be corrected here."""

    claim: str
    stand: Stand


@dataclass(frozen=True)
class Tie:
    """What is judged of two accounts, and by whom and why."""

    left: Link
    right: Link
    ids: tuple[AccountId, AccountId]
    verdict: str
    by: str
    by_person: bool
    reasons: str
    seen: str


@dataclass(frozen=True)
class Source:
    """A publisher of accounts, with the grade that seniors gave it."""

    name: str
    grade: str
    by: str

    @property
    def seen(self) -> str:
        """A mark of the grade that is shown."""
        return mark([self.grade, self.by] if self.by else [])


def show(here: Here) -> Response:
    """The page of an incident; a former id leads to the present one."""
    name = here.request.path_params["id"]
    weighed = _weighed(here, name)
    if weighed.incident.id != name:
        return here.go("incident", id=weighed.incident.id)
    ground = here.desk.case.settings.map.ground(here.desk.case.folder)
    layout = Layout(_record(here, weighed), ground, DeskHrefs(here))
    cards = Cards(here)
    told = weighed.incident.accounts
    cards.ready({account.document for account in told}, [account.head.id for account in told])
    inside, outside = _ties(here, weighed.incident)
    past = _past(here, weighed.incident)
    looked = cards.incident(name)
    return here.render(
        "incident.html",
        page=incident(layout, weighed),
        words=words,
        map=front.chart(layout) if weighed.incident.is_harm else None,
        weighed=weighed,
        seen=mark_of_incident(weighed.incident),
        heads={account.id: _head(here, cards, account) for account in weighed.incident.accounts},
        inside=_shown(here, layout, inside[:PAIRS]),
        outside=_shown(here, layout, outside[:PAIRS]),
        more=max(0, len(inside) - PAIRS) + max(0, len(outside) - PAIRS),
        near=_near(here, weighed),
        asked=here.asked("near"),
        sources=_sources(cards, layout, weighed.incident),
        scale=casework.RELIABILITY,
        comments=tuple(event for event in past if event.what == "commented"),
        past=past,
        looked=looked.looked if looked else "",
        assigned=here.desk.assigned().get(name, ""),
        people=people(here),
        back=here.url("incident", id=name),
        at=here.desk.at,
    )


def _record(here: Here, weighed: Weighed) -> Record:
    """A record of this incident alone, and of the accounts that disputes name, wherever they are gathered."""
    ends = {end for each in weighed.incident.disputes for end in (each.left, each.right)}
    return here.desk.record_of([weighed.incident.id], named=ends)


def _weighed(here: Here, name: str) -> Weighed:
    weighed = here.desk.weighed(name)
    if weighed is None:
        raise gone(here, here._("This incident is not in the case any more, under any name."))
    return weighed


def _head(here: Here, cards: Cards, account: Account) -> Head:
    # As told, for it is corrected as it was told: the account has it as meant.
    held = cards.told(account.head)
    return Head(held.id, stand(here, cards.settled(account.document).get(held.id)))


def _ties(here: Here, told: Incident) -> tuple[list[Judgement], list[Judgement]]:
    """What is judged among its accounts, and of them and others that are not plainly different."""
    own = {account.id for account in told.accounts}
    inside: list[Judgement] = []
    outside: list[Judgement] = []
    for judged in here.desk.judgements_of(sorted(own)):
        held = judged.left in own and judged.right in own
        if judged.withdrawn or (not held and judged.verdict == "different" and not judged.by_person):
            continue
        (inside if held else outside).append(judged)
    there = here.desk.accounts_known({end for each in outside for end in (each.left, each.right)})
    return inside, [each for each in outside if {each.left, each.right} <= there]


def _shown(here: Here, layout: Layout, judged: Iterable[Judgement]) -> list[Tie]:
    """These judgements with both ends as they are shown."""
    out = []
    for each in judged:
        ends = [
            layout.index.accounts.get(name) or here.desk.account(name) for name in (each.left, each.right)
        ]
        left, right = (_end(here, layout, end) for end in ends if end is not None)
        reasons, pair = "; ".join(each.reasons), (each.left, each.right)
        name = each.maker.name
        out.append(Tie(left, right, pair, each.verdict, name, each.by_person, reasons, mark_of_pair(each)))
    return out


def _end(here: Here, layout: Layout, account: Account) -> Link:
    """One end of a tie: its report and first words."""
    document = layout.documents.get(account.document) or here.desk.document(account.document)
    told = words.cite(document) if document else account.document
    label = f"{told} ({words.quoted(account.span.quote, 60)})"
    return Link(layout.hrefs.words(account.document, layout.claim_id(account.head), ROOT), label)


def _near(here: Here, weighed: Weighed) -> tuple[Row, ...]:
    """Incidents that it may be one with: of the same days, or those that hold the words asked for."""
    row = here.desk.row(weighed.incident.id)
    asked = here.asked("near")[:200]
    if row is None or (row.start is None and not asked):
        return ()
    few = timedelta(days=DAYS)
    start = row.start - few if row.start and not asked else None
    end = (row.end or row.start or None) if not asked else None
    wanted = Wanted(row.sort, start=start, end=end + few if end else None, words=asked)
    found = [each for each in here.desk.rows(wanted, limit=200) if each.id != row.id]
    place, kind = fold(row.place), row.kind

    def far(each: Row) -> tuple[bool, bool, bool, int]:
        other = fold(each.place)
        same = bool(place) and (place in other or other in place)
        return not same, each.province != row.province, each.kind != kind, -each.reports

    return tuple(sorted(found, key=far)[:NEAR])


def _sources(cards: Cards, layout: Layout, told: Incident) -> tuple[Source, ...]:
    names = dict.fromkeys(
        publisher
        for account in told.accounts
        if (publisher := layout.documents[account.document].publisher) and fold(publisher)
    )
    return tuple(Source(name, *cards.grades().get(fold(name), ("", ""))) for name in names)


@dataclass(frozen=True)
class Told:
    """A past decision on something: who, when, what, why; ``hidden`` where it is not to be seen yet."""

    what: str
    by: str
    at: str
    said: str
    note: str
    item: str
    hidden: bool


def _past(here: Here, told: Incident) -> tuple[Told, ...]:
    """What people decided about it, its accounts and their claims, the last first."""
    ids: list[str] = [told.id, *told.former_ids, *(account.id for account in told.accounts)]
    ids += [claim.id for claim in told.claims]
    return past(here, ids)


def past(here: Here, ids: Iterable[str]) -> tuple[Told, ...]:
    """What people decided about any of these, the last first."""
    found: dict[int, Event] = {}
    for name in ids:
        found.update(here.desk.numbered_history(item=name, limit=PAST))
    veil = Veil(here)
    return tuple(_told(veil, found[seq]) for seq in sorted(found, reverse=True)[:PAST])


def _told(veil: Veil, event: Event) -> Told:
    shown = veil.of(event)
    said = next((shown.facts[name] for name in ("verdict", "grade", "to") if shown.facts.get(name)), "")
    return Told(event.what, event.by, event.at, str(said), shown.note, event.item, said == VEILED)


# -------------------------------------------------------------------------------- what is decided


def split(here: Here) -> Response:
    """The accounts ticked are another event than all that stay, whose page is shown then."""
    name = here.request.path_params["id"]
    ticked = [each for each in here.form.getlist("account") if isinstance(each, str)]
    weighed = _weighed(here, name)
    stays = [account.id for account in weighed.incident.accounts if account.id not in ticked]

    def decide(first: Guard) -> None:
        here.desk.split(name, ticked, here.person, here.told("note"), first=first)

    return _gathered(here, weighed, decide, stays)


def merge(here: Here) -> Response:
    """It and another are one event."""
    name, other = here.request.path_params["id"], here.told("other", 100)
    weighed = _weighed(here, name)
    _weighed(here, other)

    def decide(first: Guard) -> None:
        here.desk.merge(name, other, here.person, here.told("note"), first=first)

    return _gathered(here, weighed, decide, [account.id for account in weighed.incident.accounts])


def _gathered(
    here: Here, weighed: Weighed, decide: Callable[[Guard], None], stays: Sequence[AccountId]
) -> Response:
    name = weighed.incident.id

    def first() -> None:
        now = here.desk.weighed(name)
        said = tuple(f"{e.by}: {here._(str(e.facts.get('verdict', e.what)))}" for e in _judged(here, weighed))
        unchanged(here, mark_of_incident(now.incident) if now else "gone", said)

    try:
        decide(first)
    except Meanwhile as meanwhile:
        return both(here, meanwhile)
    return here.go("incident", id=next(iter(here.desk.incidents_of(stays[:1]).values()), name))


def _judged(here: Here, weighed: Weighed) -> list[Event]:
    """What was last judged of its accounts."""
    found: dict[int, Event] = {}
    for account in weighed.incident.accounts:
        found.update(here.desk.numbered_history(item=account.id, what=("judged",), limit=3))
    return [found[seq] for seq in sorted(found, reverse=True)[:3]]


ROWS = (
    get("/c/{case}/incidents/{id}", "incident", show, Role.READER),
    post("/c/{case}/incidents/{id}/split", "split", split, Role.CODER),
    post("/c/{case}/incidents/{id}/merge", "merge", merge, Role.CODER),
)
