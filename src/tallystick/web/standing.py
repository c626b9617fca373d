"""What stands of a decision for who looks at it: what was said and by whom, and what they may say next.

Where the case asks for a second person's check, the second does not see what the first said until they have
said theirs (seniors see all): two who decide by themselves are worth more than one who nods. And each form
carries a mark of what was shown with it, so that nobody decides over what somebody else decided meanwhile.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, replace

from starlette.responses import Response

from tallystick.dossier.report import what_of
from tallystick.model import ClaimId, DocumentId, Event, Incident, Judgement, Review
from tallystick.reviewing import Settled, State, same_person
from tallystick.web.here import Here, Stop
from tallystick.web.role import Role

VEILED = "veiled"  # what stands in the place of a verdict that is not to be seen yet


@dataclass(frozen=True)
class Said:
    """What one person said last: the verdict, what they put in its place, and why."""

    by: str
    verdict: str
    what: str
    note: str
    mine: bool


@dataclass(frozen=True)
class Stand:
    """What stands of one claim for the person who looks.

    ``hidden`` are those who said something that is not shown yet. ``mine`` says that the person has spoken,
    ``back`` that they may take back all that was said. ``seen`` goes into forms.
    """

    state: State
    said: tuple[Said, ...]
    hidden: int
    mine: bool
    back: bool
    seen: str


def is_blind(here: Here, settled: Settled) -> bool:
    """Whether what others said of this claim is kept from the person until they have said theirs."""
    if not here.desk.case.settings.second_check or here.may(Role.SENIOR):
        return False
    return settled.state in ("open", "waiting", "disputed") and not _mine(here, settled.said)


class Veil:
    """Shows the decisions of one request as the person may see them; each report is settled once.

    Where the person is to say first what they think of a claim, what others said of it is shown without its
    content: verdict, grade, comment and reason, and what was reopened since, for it was seen before.
    """

    _KINDS = ("reviewed", "graded", "commented")

    def __init__(self, here: Here) -> None:
        self._here = here
        self._on = here.desk.case.settings.second_check and not here.may(Role.SENIOR)
        self._me = same_person(here.person)
        self._reports: dict[str, DocumentId | None] = {}
        self._settled: dict[DocumentId, dict[ClaimId, Settled]] = {}

    def of(self, event: Event) -> Event:
        """``event``, or what may be seen of it."""
        if not self._on or event.what not in self._KINDS or not event.item.startswith("clm-"):
            return event
        if same_person(event.by) == self._me or not is_blind(self._here, self._stands(event.item)):
            return event
        return replace(event, note="", facts={"verdict": VEILED})

    def _stands(self, claim: str) -> Settled:
        desk = self._here.desk
        if claim not in self._reports:
            self._reports[claim] = desk.document_of(claim)
        report = self._reports[claim]
        if report is None:
            return Settled("open")
        if report not in self._settled:
            self._settled[report] = desk.settled(report)
        return self._settled[report].get(ClaimId(claim), Settled("open"))


def stand(here: Here, settled: Settled | None) -> Stand:
    """What the person sees of a claim of which ``settled`` stands; nothing was said where it is None."""
    settled = settled or Settled("open")
    if settled.said and is_blind(here, settled):
        return Stand("waiting", (), len(settled.said), False, False, mark(()))
    me = same_person(here.person)
    said = tuple(
        Said(
            each.by,
            each.verdict,
            what_of(each.correction) if each.correction and each.verdict == "corrected" else "",
            each.note,
            same_person(each.by) == me,
        )
        for each in settled.said
    )
    alone = bool(said) and all(each.mine for each in said)
    back = alone or (bool(said) and here.may(Role.SENIOR))
    return Stand(
        settled.state, said, 0, _mine(here, settled.said), back, mark(each.id for each in settled.said)
    )


def _mine(here: Here, said: Iterable[Review]) -> bool:
    me = same_person(here.person)
    return any(same_person(each.by) == me for each in said)


def mark(ids: Iterable[str]) -> str:
    """A mark of what was shown: empty for nothing, else 16 hexadecimal digits."""
    told = "\n".join(ids)
    return hashlib.sha256(told.encode()).hexdigest()[:16] if told else ""


def mark_of_incident(incident: Incident) -> str:
    """A mark of the accounts that an incident is of, and of what is judged against that."""
    return mark([*(account.id for account in incident.accounts), *(each.id for each in incident.disputes)])


def mark_of_pair(judgement: Judgement | None) -> str:
    """A mark of what people said of two accounts; a program's word is nobody's decision."""
    return mark([judgement.id] if judgement and judgement.by_person else [])


class Meanwhile(Exception):
    """Somebody decided on the same thing since the form was made; ``said`` tells what, in sentences."""

    def __init__(self, seen: str, said: tuple[str, ...] = ()) -> None:
        super().__init__("somebody decided meanwhile")
        self.seen, self.said = seen, said


def unchanged(here: Here, now: str, said: tuple[str, ...] = ()) -> None:
    """Raises ``Meanwhile`` where the form was not made from what stands ``now``."""
    if here.told("seen", 64) != now:
        raise Meanwhile(now, said)


# What the forms of decisions carry besides what is decided.
_CARRIED = ("csrf", "seen", "back", "view")


def both(here: Here, meanwhile: Meanwhile) -> Response:
    """The answer 409: what others decided meanwhile, beside what was sent, which can be sent again."""
    sent = [
        (name, value) for name, value in here.form.multi_items() if isinstance(value, str) and name != "csrf"
    ]
    kept = [(name, value) for name, value in sent if name != "seen"]
    shown = [(name, value) for name, value in kept if name not in _CARRIED and value.strip()]
    return here.render(
        "meanwhile.html",
        409,
        said=meanwhile.said,
        seen=meanwhile.seen,
        kept=kept,
        shown=shown,
        action=here.request.url.path,
        back=here.told("back"),
    )


def gone(here: Here, what: str) -> Stop:
    """That something is not there any more."""
    return Stop(
        404,
        what,
        here._("It may have been read or gathered anew. Look for it from the queue or the search."),
    )
