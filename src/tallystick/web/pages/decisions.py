"""Where decisions arrive: on a claim, on two accounts; and what people note beside them.

Each is one appended row in the name of who is signed in. A form says in ``seen`` what it was made from, in
``back`` the page that it was sent from; htmx is answered with the card as it is now.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from starlette.responses import Response

from tallystick.model import ClaimId, DocumentId
from tallystick.reviewing import Settled
from tallystick.values.names import fold
from tallystick.web.cards import Card, Cards
from tallystick.web.fields import changes, chosen, fields
from tallystick.web.here import Here, Stop
from tallystick.web.role import Role
from tallystick.web.row import get, post
from tallystick.web.standing import Meanwhile, Stand, both, gone, mark, mark_of_pair, stand, unchanged

_ITEMS = ("clm-", "acc-", "inc-", "doc-")


def claim(here: Here) -> Response:
    """Upheld, rejected, corrected, or taken back (reopened)."""
    name = ClaimId(here.request.path_params["id"])
    cards = Cards(here)
    report = here.desk.document_of(name)
    held = cards.known(report).get(name) if report else None
    document = cards.document(report) if report else None
    if report is None or held is None or document is None:
        raise gone(here, here._("This claim is not in the case."))
    verdict, note = here.told("verdict", 20), here.told("note")
    told: dict[str, Any] = {}
    place: tuple[int, int] | str = ""
    account = ""
    if verdict == "corrected":
        told, place = changes(here, fields(here, held)), chosen(here, document)
        account = here.told("account", 100)
        account = "" if account == (held.account or "") else account
    try:
        here.desk.decide(
            name, verdict, here.person, note, changes=told, words=place, account=account,
            first=lambda: _guard(here, report, name, verdict),
        )  # fmt: skip
    except Meanwhile as meanwhile:
        return both(here, meanwhile)
    return _answer(here, lambda fresh: fresh.claim(name), "report", report, name)


def _guard(here: Here, report: DocumentId, name: ClaimId, verdict: str) -> None:
    """Raises where somebody decided meanwhile, or others' words would be taken back by who may not."""
    now = here.desk.settled(report).get(name, Settled("open"))
    shown = stand(here, now)
    unchanged(here, shown.seen, _told(here, shown))
    if verdict == "reopened" and not shown.back:
        raise Stop(
            403,
            here._("Others have spoken on this claim, too: only a senior takes back what others said."),
            here._("Say yourself what you think of it."),
        )


def _told(here: Here, shown: Stand) -> tuple[str, ...]:
    """What was said, in sentences."""
    out = []
    for each in shown.said:
        what = f" ({each.what})" if each.what else ""
        why = f": “{each.note}”" if each.note else ""
        out.append(f"{each.by}: {here._(each.verdict)}{what}{why}")
    if shown.hidden:
        return (here._("Others spoke on it meanwhile; what they said is shown when you have said yours."),)
    return tuple(out) or (here._("What was said of it was taken back."),)


def pair(here: Here) -> Response:
    """Same, different or unsure."""
    left, right = sorted(here.request.path_params[side] for side in ("left", "right"))
    if len(here.desk.accounts_known([left, right])) < 2:
        raise gone(here, here._("One of these accounts is not in the case."))

    def first() -> None:
        now = here.desk.case.ledger.judgement(left, right)
        said = f"{now.maker.name}: {here._(now.verdict)}" if now else ""
        unchanged(here, mark_of_pair(now), (said,) if said else ())

    try:
        here.desk.judge(left, right, here.told("verdict", 20), here.person, here.told("note"), first=first)
    except Meanwhile as meanwhile:
        return both(here, meanwhile)
    return _answer(here, lambda fresh: fresh.pair(left, right), "queue")


def looked(here: Here) -> Response:
    """That an incident was looked at as it stands, or that this is taken back."""
    name = here.request.path_params["id"]
    before = Cards(here).incident(name)
    if before is None:
        raise gone(here, here._("This incident is not in the case."))

    def first() -> None:
        now = Cards(here).incident(name)
        unchanged(here, now.seen if now else "gone", (here._("Its accounts are others by now."),))

    try:
        here.desk.looked(
            name, here.person, here.told("note"), back=here.told("verdict", 20) == "reopened", first=first
        )
    except Meanwhile as meanwhile:
        return both(here, meanwhile)
    return _answer(here, lambda fresh: fresh.incident(name), "incident", name)


def _answer(
    here: Here, card: Callable[[Cards], Card | None], page: str, item: str = "", at: str = ""
) -> Response:
    """The card as it is now, for htmx; else the page that the form came from."""
    if here.is_htmx and here.told("view", 20) == "queue":
        fresh = card(Cards(here))
        return here.render("queue_part.html", card=fresh, done=True, assigned=here.desk.assigned(), people=())
    back = here.told("back", 2000)
    return here.away(back) if back else here.go(page, at=at, **({"id": item} if item else {}))


# ------------------------------------------------------------------------- beside the decisions


def comment(here: Here) -> Response:
    """A comment on an incident, an account, a claim, a report or a pair. It stays, and leaves no house."""
    item = _item(here)
    here.desk.case.comment(item, here.told("text", 10_000), by=here.person, who=here.person)
    return _back(here)


def assign(here: Here) -> Response:
    """Who is to look at something; blank for nobody any more."""
    item = _item(here)
    here.desk.assign(item, here.told("to", 200), here.person, here.told("note"))
    return _back(here)


def grade_source(here: Here) -> Response:
    """How far a source is to be relied on, A to F."""
    source = here.told("source", 500)
    if source.startswith("clm-"):
        raise Stop(422, here._("That is a claim, and no source."))

    def first() -> None:
        grade, by = Cards(here).grades().get(fold(source), ("", ""))
        unchanged(here, mark([grade, by] if by else []), (f"{by}: {grade}",))

    try:
        here.desk.grade(source, here.told("grade", 2), here.person, here.told("note"), first=first)
    except Meanwhile as meanwhile:
        return both(here, meanwhile)
    return _back(here)


def grade_claim(here: Here) -> Response:
    """How credible a claim is, 1 to 6."""
    name = here.request.path_params["id"]
    if not name.startswith("clm-") or here.desk.document_of(name) is None:
        raise gone(here, here._("This claim is not in the case."))
    here.desk.grade(name, here.told("grade", 2), here.person, here.told("note"))
    return _back(here)


def _item(here: Here) -> str:
    """The thing that the form is about, by its id or, of a pair, both ids; one that is there."""
    item = here.told("item", 200)
    parts = item.split()
    if not parts or len(parts) > 2 or not all(part.startswith(_ITEMS) for part in parts):
        raise Stop(422, here._("The form does not say what it is about."))
    if not all(_is_there(here, part) for part in parts):
        raise gone(here, here._("This is not in the case."))
    return " ".join(sorted(parts))


def _is_there(here: Here, item: str) -> bool:
    desk = here.desk
    if item.startswith("clm-"):
        return desk.document_of(item) is not None
    if item.startswith("acc-"):
        return bool(desk.accounts_known([item]))
    if item.startswith("inc-"):
        return desk.weighed(item) is not None
    return desk.document(item) is not None


def _back(here: Here) -> Response:
    back = here.told("back", 2000)
    return here.away(back) if back else here.go("queue")


# --------------------------------------------------------------------------- where a thing is


def find_claim(here: Here) -> Response:
    """The report in which a claim is, at its words."""
    name = here.request.path_params["id"]
    report = here.desk.document_of(name)
    if report is None:
        raise gone(here, here._("This claim is not in the case."))
    return here.go("report", id=report, at=name)


def find_account(here: Here) -> Response:
    """The incident that an account belongs to, or its report."""
    name = here.request.path_params["id"]
    account = here.desk.account(name)
    if account is None:
        raise gone(here, here._("This account is not in the case."))
    incident = here.desk.incidents_of([name]).get(account.id)
    if incident:
        return here.go("incident", id=incident, at=name)
    return here.go("report", id=account.document, at=account.head.id)


def correct(here: Here) -> Response:
    """The form that corrects a claim: by itself, or loaded beside the claim."""
    name = here.request.path_params["id"]
    cards = Cards(here)
    card = cards.claim(name)
    report = here.desk.document_of(name)
    document = cards.document(report) if report else None
    if card is None or report is None or document is None:
        raise gone(here, here._("This claim is not in the case."))
    return here.render(
        "correct.html",
        card=card,
        fields=fields(here, cards.known(report)[ClaimId(name)]),
        accounts=cards.accounts(document),
        view=here.asked("view"),
        back=here.asked("back"),
    )


def show_pair(here: Here) -> Response:
    """Two accounts side by side, by themselves."""
    parts = here.request.path_params
    card = Cards(here).pair(parts["left"], parts["right"])
    if card is None or parts["left"] == parts["right"]:
        raise gone(here, here._("One of these accounts is not in the case."))
    return here.render("pair.html", card=card, assigned=here.desk.assigned(), people=())


ROWS = (
    get("/c/{case}/claims/{id}", "claim", find_claim),
    post("/c/{case}/claims/{id}", "claim", claim),
    get("/c/{case}/claims/{id}/correct", "correct", correct, Role.CODER),
    get("/c/{case}/accounts/{id}", "account-told", find_account),
    get("/c/{case}/pairs/{left}/{right}", "pair", show_pair),
    post("/c/{case}/pairs/{left}/{right}", "pair", pair),
    post("/c/{case}/incidents/{id}/looked", "looked", looked),
    post("/c/{case}/comments", "comment", comment),
    post("/c/{case}/assignments", "assign", assign, Role.SENIOR),
    post("/c/{case}/sources", "grade-source", grade_source, Role.SENIOR),
    post("/c/{case}/claims/{id}/grade", "grade-claim", grade_claim),
)
