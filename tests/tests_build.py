"""Documents and accounts made by hand, for tests of every room."""

from __future__ import annotations

import hashlib
from datetime import date

from tallystick.model import Account, CaptureId, Claim, Document, Maker, Role, Telling, Toll, Voice
from tallystick.values.count import Count
from tallystick.values.party import Party
from tallystick.values.place import Place
from tallystick.values.when import When

HAND = Maker("by hand")


def make_document(
    text: str, name: str = "report", published: str | None = "2016-10-07", publisher: str | None = None
) -> Document:
    """A document whose capture is the digest of its name and text."""
    digest = hashlib.sha256(f"{name}\n{text}".encode()).hexdigest()
    day = date.fromisoformat(published) if published else None
    return Document(
        CaptureId(digest),
        name,
        text,
        publisher=publisher,
        published=day,
        published_from="metadata" if day else None,
    )


def make_account(
    name: str = "report",
    *,
    killed: tuple[int | None, int | None] | None = None,
    voice: str | None = None,
    kind: str = "air_strike",
    day: str | None = "2016-10-06",
    place: str | None = "Tarsin",
    by: str | None = None,
    stance: str = "stated",
    published: str | None = "2016-10-07",
    publisher: str | None = None,
    group: str = "people",
    aggregate: bool = False,
) -> Account:
    """One account of a document called ``name``, with a figure and a party where given."""
    text = f"Something happened, reports {name}. Some people were killed by somebody."
    document = make_document(text, name, published, publisher)
    told = date.fromisoformat(day) if day else None
    when = When(told, told, "day", day) if told else When(None, None, "unknown")
    telling = document.span(0, 18)
    voices = (Voice(voice),) if voice else ()
    head = Claim(
        telling,
        "attack",
        Telling(kind, aggregate, when=when, place=Place(place) if place else None),
        voices,
        "stated",
        telling,
        HAND,
    )
    claims = [head]
    if killed:
        at = text.index("Some people")
        claims.append(
            Claim(
                document.span(at, at + 11),
                "casualties",
                Toll("killed", Count(*killed), group),
                voices,
                "stated",
                telling,
                HAND,
            )
        )
    if by:
        at = text.index("somebody")
        role = Role(Party(by), "perpetrator", stance)  # type: ignore[arg-type]
        said = "denied" if stance == "denied" else "stated"
        claims.append(
            Claim(
                document.span(at, at + 8),
                "responsibility",
                role,
                (Voice(by),) if said == "denied" else voices,
                said,
                telling,
                HAND,
            )
        )
    return Account(head, tuple(claims), publisher, document.published)
