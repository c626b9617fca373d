"""What people decide: of a claim, and whether two accounts tell of one event."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from tallystick.cli.options import AsJson, Folder
from tallystick.errors import AskedWrongly
from tallystick.terminal import answering, show

if TYPE_CHECKING:
    from tallystick.model import Event

By = Annotated[str, typer.Option(metavar="PERSON", help="Who decides; kept with the decision.")]
Note = Annotated[str, typer.Option(metavar="WORDS", help="Why.")]
_CHANGES = "count, toll, group, kind, days, place, weapon, target, party, role, how, stance, voices"


def review(
    case: Folder,
    claim: Annotated[str, typer.Argument(metavar="CLAIM", help="The claim's id.", show_default=False)],
    verdict: Annotated[
        str,
        typer.Argument(
            metavar="VERDICT", help="upheld, rejected, corrected or reopened.", show_default=False
        ),
    ],
    change: Annotated[
        list[str] | None,
        typer.Option("--set", metavar="WHAT=VALUE", help=f"What is corrected: {_CHANGES}."),
    ] = None,
    words: Annotated[
        str, typer.Option(metavar="WORDS", help="The exact words of the report that say so.")
    ] = "",
    account: Annotated[
        str, typer.Option(metavar="ACCOUNT", help="The account that the claim belongs to, by its id.")
    ] = "",
    by: By = "",
    note: Note = "",
    as_json: AsJson = False,
) -> None:
    """Uphold, reject or correct a claim; reopened takes back all that anybody decided of it.

    The decision is appended with who, when and why; the record follows it from then on. Where the case
    asks for a second person (second_check = true in case.toml), it counts once two agree; whoever is
    named there among seniors = ["…"] settles it alone. Ids of claims: 'tallystick doubts', or the export.
    Run 'tallystick link' afterwards, so that accounts are compared anew.

    \b
    Example:
      tallystick doubts case
      tallystick review case clm-1f… rejected --by "A. Haddad" --note "it tells of another day"
      tallystick review case clm-2a… corrected --set count="at least 12" --by "A. Haddad"
      tallystick review case clm-2a… corrected --account acc-91… --by "A. Haddad"
      tallystick review case clm-2a… reopened --by "A. Haddad"
    """
    with answering(as_json):
        from tallystick.case import Case
        from tallystick.model import ClaimId

        changes: dict[str, object] = {}
        for each in change or ():
            what, sign, value = each.partition("=")
            if not sign:
                raise AskedWrongly(f"--set {each!r} says nothing; write what and value: --set count=12")
            changes[what.strip()] = value.split(";") if what.strip() == "voices" else value
        with Case.open(case, write=True) as opened:
            decided = opened.decide(
                ClaimId(claim), verdict, by, note, changes=changes, words=words, account=account
            )
            state = decided.state
    lines = [f"{claim} {verdict} by {by}: {_STATES[state]}"]
    show({"case": str(case), "claim": claim, "verdict": verdict, "by": by, "state": state}, lines, as_json)


_STATES = {
    "open": "it stands as its maker left it",
    "waiting": "it waits for a second person",
    "decided": "it counts from now on",
    "agreed": "two agree, and it counts from now on",
    "disputed": "people disagree; a senior is to settle it",
    "settled": "a senior has settled it",
}


def judge(
    case: Folder,
    left: Annotated[str, typer.Argument(metavar="ACCOUNT", help="An account's id.", show_default=False)],
    right: Annotated[str, typer.Argument(metavar="ACCOUNT", help="Another's.", show_default=False)],
    verdict: Annotated[
        str, typer.Argument(metavar="VERDICT", help="same, different or unsure.", show_default=False)
    ],
    by: By = "",
    note: Note = "",
    as_json: AsJson = False,
) -> None:
    """Decide whether two accounts tell of the same event. A person's word wins over every program's.

    Ids of accounts: 'tallystick findings CASE --json', or the export. To take a decision back, judge anew.

    \b
    Example:
      tallystick judge case acc-0b… acc-91… different --by "A. Haddad" --note "another market"
    """
    with answering(as_json):
        from tallystick.case import Case
        from tallystick.model import AccountId, Judgement, Maker
        from tallystick.reviewing import likeness_of

        said = likeness_of(verdict)
        if left == right:
            raise AskedWrongly("an account is the same as itself; name two")
        one, other = sorted((AccountId(left), AccountId(right)))
        with Case.open(case, write=True) as opened:
            opened.judge(Judgement(one, other, said, Maker(by, ""), None, (note,) if note else ()))
    lines = [f"{left} and {right}: {verdict}, by {by}"]
    show({"case": str(case), "left": left, "right": right, "verdict": verdict, "by": by}, lines, as_json)


def merge(
    case: Folder,
    left: Annotated[str, typer.Argument(metavar="INCIDENT", help="An incident's id.", show_default=False)],
    right: Annotated[str, typer.Argument(metavar="INCIDENT", help="Another's.", show_default=False)],
    by: By = "",
    note: Note = "",
    as_json: AsJson = False,
) -> None:
    """Make two incidents one: their accounts are held to tell of the same event, all of them.

    To part them again, use split. Ids of incidents: 'tallystick findings'.

    \b
    Example:
      tallystick merge case inc-12… inc-25… --by "A. Haddad" --note "both tell of the Weavers' Market"
    """
    with answering(as_json):
        from tallystick.case import Case
        from tallystick.desk import Desk

        with Case.open(case, write=True) as opened, Desk(opened) as desk:
            desk.catch_up()
            name = desk.merge(left, right, by, note)
            desk.catch_up()
    lines = [f"{left} and {right} are one, by {by}: {name}"]
    show({"case": str(case), "merged": [left, right], "incident": name, "by": by}, lines, as_json)


def split(
    case: Folder,
    incident: Annotated[str, typer.Argument(metavar="INCIDENT", help="Its id.", show_default=False)],
    accounts: Annotated[
        list[str], typer.Argument(metavar="ACCOUNT…", help="The accounts to take out.", show_default=False)
    ],
    by: By = "",
    note: Note = "",
    as_json: AsJson = False,
) -> None:
    """Take accounts out of an incident: they tell of another event than all that stay.

    \b
    Example:
      tallystick split case inc-12… acc-25… acc-d1… --by "A. Haddad" --note "another market"
    """
    with answering(as_json):
        from tallystick.case import Case
        from tallystick.desk import Desk

        with Case.open(case, write=True) as opened, Desk(opened) as desk:
            desk.catch_up()
            desk.split(incident, accounts, by, note)
    lines = [f"out of {incident}, by {by}: {', '.join(accounts)}"]
    show({"case": str(case), "incident": incident, "out": accounts, "by": by}, lines, as_json)


def history(case: Folder, as_json: AsJson = False) -> None:
    """List what people decided, in the order in which they did: who, when, what, why.

    \b
    Example:
      tallystick history case
    """
    with answering(as_json):
        from tallystick.case import Case

        with Case.open(case) as opened:
            events, (both, agreed) = opened.history(), opened.agreement()
    told = [
        {
            "at": event.at,
            "by": event.by,
            "what": event.what,
            "item": event.item,
            "note": event.note,
            **event.facts,
        }
        for event in events
    ]
    lines = [_told(event) for event in events]
    if both:
        lines.append(_agreeing(both, agreed))
    body = {"case": str(case), "decisions": told, "looked_at_twice": both, "agreed": agreed}
    show(body, lines or ["nobody has decided anything yet"], as_json)


def _agreeing(both: int, agreed: int) -> str:
    claims = "1 claim was" if both == 1 else f"{both} claims were"
    return f"{claims} looked at by two people or more; they agree on {agreed}"


def _told(event: Event) -> str:
    """One decision in a line."""
    facts = event.facts
    said = {
        "named": f"means {facts.get('means') or 'what it says'}",
        "commented": "commented",
        "assigned": f"given to {facts.get('to') or 'nobody'}",
        "graded": f"graded {facts.get('grade') or 'no more'}",
        "looked": "looked at, nothing to change",
    }.get(event.what, facts.get("verdict", event.what))
    why = f" ({event.note})" if event.note else ""
    return f"{event.at}  {event.by}: {event.item} {said}{why}"
