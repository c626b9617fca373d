"""Claims that a person adds to a report: what the program did not read, in words that they choose."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, get_args

from tallystick.errors import AskedWrongly
from tallystick.model import HARM, AccountId, Claim, Document, Maker, Role, Span, Telling, Toll, Topic, Voice
from tallystick.reviewing import valued
from tallystick.values.count import Count
from tallystick.values.party import Party

# Which topic an event of matters has; of harm it is "attack".
_TOPICS: dict[str, Topic] = {
    "control": "control",
    "forces": "forces",
    "population": "population",
    "displacement": "displacement",
    "agreement": "agreement",
    "warning": "warning",
}


def given(
    document: Document,
    sort: str,
    place: tuple[int, int],
    by: str,
    *,
    changes: Mapping[str, Any],
    account: Span | None = None,
) -> Claim:
    """The claim that ``by`` gives at the words ``document.text[place[0]:place[1]]`` (code points).

    ``sort`` is "toll" (``changes``: count, toll, group), "party" (party, role, how), "event" (kind, days,
    place, weapon, target, aggregate; it heads an account of its own, of these words) or "words" (topic); each
    may have ``stance`` and ``voices``. ``account`` are the words that first tell the event that a toll or a
    party is of.
    Raises ``AskedWrongly`` for what does not fit.
    """
    start, end = place
    if not 0 <= start < end <= len(document.text) or not document.text[start:end].strip():
        raise AskedWrongly(f"the words chosen in {document.name} are none: characters {start} to {end}")
    span = document.span(start, end)
    left = dict(changes)
    stance, voices = left.pop("stance", "stated"), left.pop("voices", [])
    topic: Topic = "other"
    if sort in ("toll", "party") and account is None:
        raise AskedWrongly("say which event it is of")
    if sort == "toll":
        if not left.get("count"):
            raise AskedWrongly("say how many")
        topic, value = "casualties", valued(Toll("killed", Count(0, 0)), left, span)
    elif sort == "party":
        if not left.get("party"):
            raise AskedWrongly("say which party")
        party = Role(Party(span.quote, span.quote), "perpetrator", "stated")
        topic, value = "responsibility", valued(party, left, span)
    elif sort == "event":
        account, value = span, valued(Telling("other"), left, span)
        assert isinstance(value, Telling)
        topic = "attack" if value.kind in HARM else _TOPICS.get(value.kind, "diplomacy")
    elif sort == "words":
        topic, value, account = left.pop("topic", "other"), None, None
        if topic not in get_args(Topic):
            raise AskedWrongly(f"nothing that claims are about: {topic!r}")
    else:
        raise AskedWrongly(f"{sort!r} is no sort of claim that can be added")
    if left:
        raise AskedWrongly(f"{min(left)!r} is nothing that a claim of this kind has")
    try:
        said = tuple(Voice(name.strip()) for name in voices if name.strip())
        return Claim(span, topic, value, said, stance, account, Maker(by, ""))
    except ValueError as error:
        raise AskedWrongly(str(error)) from error


def telling_of(claims: Mapping[Any, Claim], account: AccountId | str) -> Span:
    """The words that first tell the account of that id, of which one of ``claims`` is.

    Raises ``AskedWrongly`` where none is.
    """
    found = next((each.telling for each in claims.values() if account and each.account == account), None)
    if found is None:
        raise AskedWrongly(f"no account {account!r} is in this report; was it read anew meanwhile?")
    return found
