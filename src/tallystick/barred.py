"""WHAT STAYS OUT? The captures and texts that were expunged and not taken in again since.

Bytes are known again by their SHA-256, and a report by that of its text: a feed gives the same report in an
answer of other bytes, a page is saved twice. What came with it in the same file may come back without it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from tallystick.model import CaptureId, Document, Event

GOING = ("expunged", "readmitted")  # the kinds of events that tell what is gone


@dataclass(frozen=True, slots=True)
class Went:
    """A capture whose bytes were taken out, and the event that tells of it."""

    capture: CaptureId
    event: Event


@dataclass(frozen=True, slots=True)
class Barred:
    """What went and stays out, by the SHA-256 of the bytes, and by those of texts that they held."""

    captures: Mapping[str, Went] = field(default_factory=dict)
    texts: Mapping[str, Went] = field(default_factory=dict)

    @classmethod
    def of(cls, events: Iterable[Event]) -> Barred:
        """What ``events``, of the kinds ``GOING``, leave out."""
        events = tuple(events)
        texts: dict[str, Went] = {}
        for event in events:
            if event.what == "expunged":
                held = event.facts.get("texts", {})
                texts |= {text: Went(CaptureId(capture), event) for text, capture in held.items()}
            else:
                texts.pop(event.facts.get("text", ""), None)
                texts = {text: went for text, went in texts.items() if went.capture != event.item}
        return cls(gone(events), texts)

    def went(self, document: Document) -> Went | None:
        """How the text of a report went; None where it did not."""
        return self.texts.get(digest_of(document)) if self.texts else None


def digest_of(document: Document) -> str:
    """The SHA-256 by which the text of a report is known again."""
    return hashlib.sha256(document.text.encode("utf-8", "surrogatepass")).hexdigest()


def gone(events: Iterable[Event]) -> dict[str, Went]:
    """The captures whose bytes were taken out and not taken in again since, by their digests."""
    out: dict[str, Went] = {}
    for event in events:
        if event.what == "expunged":
            out |= {each: Went(CaptureId(each), event) for each in event.facts.get("captures", ())}
        elif event.what == "readmitted":
            out.pop(event.item, None)
    return out


def refusal(went: Went, what: str = "") -> str:
    """Why bytes are not taken in: they were expunged, or ``what`` in them was."""
    event = went.event
    return (
        f"{what or went.capture} was taken out of this case on {event.at[:10]} by {event.by} "
        f"and {event.facts['second']} ({event.note}), and nothing of these bytes is kept; "
        "to take them in all the same, add them as a file and say why: tallystick add --again REASON"
    )
