"""Where programs decide: each decision is one appended row in the name of the token's person.

What is decided on has an address of its own that tells what was said of it so far (GET), with a tag; a
decision is sent to the same address (POST) and names that tag in If-Match: nobody decides over what somebody
else decided meanwhile (412), nor without having looked (428). What is compared is what the person may see.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from starlette.responses import Response

from tallystick.model import AccountId, ClaimId, DocumentId
from tallystick.reviewing import Settled
from tallystick.web.api import lines
from tallystick.web.api.answers import tag_of, tagged, tags
from tallystick.web.api.bearer import Bearer
from tallystick.web.here import Here, Stop
from tallystick.web.role import Role
from tallystick.web.standing import Veil, gone, stand

Told = dict[str, Any]
_COMMENTS = 1000  # of one thing that are told


def _guard(here: Here, now: Callable[[], Told]) -> Callable[[], None]:
    """What holds when nobody else can decide any more: what stands is what the program looked at.

    Raises ``Stop`` (428) here where it names no tag, and there (412) where that is not of what stands.
    """
    named = tags(here.request.headers.get("if-match", ""))
    if not named or "*" in named:
        raise Stop(
            428,
            "Say in If-Match which state you decide on.",
            "Get the same address first; its answer carries the tag in ETag.",
        )

    def first() -> None:
        if tag_of(now()) not in named:
            raise Stop(
                412,
                "Somebody decided on this since you looked, or it is not as it was.",
                "Get the same address again, look at what was said, and decide anew.",
            )

    return first


# ----------------------------------------------------------------------------------------- claims


def reviews(here: Here) -> Response:
    """What people said of a claim, as far as it may be seen."""
    report, name = _claim(here)
    return tagged(_said(here, report, name))


def _claim(here: Here) -> tuple[DocumentId, ClaimId]:
    name = ClaimId(here.request.path_params["id"])
    report = here.desk.document_of(name)
    if report is None or name not in here.desk.known_in(report):
        raise gone(here, "This claim is not in the case.")
    return report, name


def _said(here: Here, report: DocumentId, name: ClaimId) -> Told:
    """Nothing tells whether others spoke whose words are not to be seen yet: each decides by themselves."""
    shown = stand(here, here.desk.settled(report).get(name, Settled("open")))
    return {"claim": name, "said": lines.said(shown)}


def review(here: Here) -> Response:
    """Uphold, reject or correct a claim, or take back what was said of it."""
    report, name = _claim(here)
    sent, verdict = here.sent, here.sent["verdict"]
    _refuse_more_than_the_token(here)
    seen = _guard(here, lambda: _said(here, report, name))

    def first() -> None:
        seen()
        now = here.desk.settled(report).get(name, Settled("open"))
        if verdict == "reopened" and not stand(here, now).back:
            raise Stop(
                403,
                "Others have spoken on this claim, too: only a senior takes back what others said.",
                "Say yourself what you think of it.",
            )

    here.desk.decide(
        name,
        verdict,
        here.person,
        sent.get("note", "").strip(),
        changes=sent.get("changes", {}),
        words=_words(here, report),
        account=sent.get("account", ""),
        first=first,
    )
    return tagged(_said(here, report, name), 201)


def _refuse_more_than_the_token(here: Here) -> None:
    """A senior's word settles what others disagree on, by their name; a lesser token must not give it."""
    assert isinstance(here.door, Bearer)
    if here.role < Role.SENIOR <= here.door.own(here.visitor, here.key):
        raise Stop(
            403,
            f"{here.person} is a senior here, whose word settles; this token is for a coder's word.",
            "Use a token for a senior, or one of somebody who is a coder.",
        )


def _words(here: Here, report: DocumentId) -> tuple[int, int] | str:
    """The words that a correction rests on: where they stand in the report, or as they are told there."""
    told = here.sent.get("words")
    if told is None:
        return ""
    if "start" not in told or "end" not in told:
        if "start" in told or "end" in told:
            raise Stop(422, "Words begin and end somewhere.", "Send both start and end, or the quote alone.")
        return str(told["quote"])
    document = here.desk.document(report)
    assert document is not None, "the report of a claim is in the case"
    start, end = told["start"], told["end"]
    if document.text[start:end] != told["quote"]:
        raise Stop(409, "The report has other words at this place.", "Get the report again, and count anew.")
    return start, end


# ------------------------------------------------------------------------------------------ pairs


def judgement(here: Here) -> Response:
    """What stands of two accounts."""
    return tagged(_judged(here, *_pair(here)))


def _pair(here: Here) -> tuple[AccountId, AccountId]:
    left, right = sorted(AccountId(here.request.path_params[side]) for side in ("left", "right"))
    if len(here.desk.accounts_known([left, right])) < 2:
        raise gone(here, "One of these accounts is not in the case, or both are one.")
    return left, right


def _judged(here: Here, left: AccountId, right: AccountId) -> Told:
    now = here.desk.case.ledger.judgement(left, right)
    return {"left": left, "right": right, "judgement": lines.judgement(now) if now else None}


def judge(here: Here) -> Response:
    """Say whether two accounts tell of the same event."""
    left, right = _pair(here)
    first = _guard(here, lambda: _judged(here, left, right))
    note = here.sent.get("note", "").strip()
    here.desk.judge(left, right, here.sent["verdict"], here.person, note, first=first)
    return tagged(_judged(here, left, right), 201)


# -------------------------------------------------------------------------- beside the decisions


def _item(here: Here) -> str:
    """The thing of the path, which is there: by its id or, of a pair of accounts, both with a comma."""
    parts = sorted(here.request.path_params["item"].split(","))
    if not all(_is_there(here, part) for part in parts):
        raise gone(here, "This is not in the case.")
    return " ".join(parts)


def _is_there(here: Here, item: str) -> bool:
    desk = here.desk
    there: dict[str, Callable[[], object]] = {
        "clm": lambda: desk.document_of(item),
        "acc": lambda: desk.accounts_known([item]),
        "inc": lambda: desk.weighed(item),
        "doc": lambda: desk.document(item),
    }
    return bool(there[item[:3]]())


def comments(here: Here) -> Response:
    """What people noted beside a thing, the last first."""
    return tagged(_noted(here, _item(here)))


def _noted(here: Here, item: str) -> Told:
    veil = Veil(here)
    found = here.desk.numbered_history(item=item, what=("commented",), limit=_COMMENTS)
    told = [lines.decision(veil, *each) for each in found]
    names = {"by": "by", "at": "at", "text": "note", "hidden": "hidden"}
    return {"item": item, "comments": [{name: each[key] for name, key in names.items()} for each in told]}


def comment(here: Here) -> Response:
    """Note something beside a thing; it stays, and leaves no house."""
    item = _item(here)
    here.desk.case.comment(item, here.sent["text"], by=here.person, who=here.person)
    here.desk.catch_up(wait=2.0)
    return tagged(_noted(here, item), 201)


def assignment(here: Here) -> Response:
    """Who is to look at a thing."""
    return tagged(_given(here, _item(here)))


def _given(here: Here, item: str) -> Told:
    return {"item": item, "to": here.desk.assigned().get(item)}


def assign(here: Here) -> Response:
    """Say who is to look at a thing; nobody any more where ``to`` is blank."""
    item = _item(here)
    first = _guard(here, lambda: _given(here, item))
    here.desk.assign(item, here.sent["to"], here.person, here.sent.get("note", "").strip(), first=first)
    return tagged(_given(here, item), 201)
