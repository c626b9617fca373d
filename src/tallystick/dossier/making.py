"""What the pages on method and redaction say: how the record came about, and what was taken out of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from tallystick.dossier import words
from tallystick.dossier.layout import Layout, Link
from tallystick.dossier.report import what_of
from tallystick.model import AccountId, ClaimId, Covers, Decided, Rejected, Removed

SHOWN = 500  # decisions that the page lists; of more it tells the number


@dataclass(frozen=True)
class Decision:
    """One decision of a person in a table; ``about`` are its subjects, each with where it stands."""

    day: str
    what: str
    about: tuple[Link, ...]
    by: str


@dataclass(frozen=True)
class Fallen:
    """A claim that people rejected or replaced, in a table."""

    id: str
    what: str
    quote: str
    report: Link
    fate: str
    by: str


@dataclass(frozen=True)
class MethodPage:
    """All that the template shows; empty where a record does not tell how it was made."""

    covers: Covers
    facts: tuple[tuple[str, str], ...]
    lists: tuple[tuple[str, str], ...]
    decisions: tuple[Decision, ...]
    more: int
    fallen: tuple[Fallen, ...]
    removed: tuple[Removed, ...] | None


def method(layout: Layout) -> MethodPage:
    """What is told of how the record was made."""
    made = layout.record.made
    if made is None:
        return MethodPage(Covers("The whole case"), (), (), (), 0, (), None)
    seq, chain = made.head
    facts = (
        ("Program", made.program),
        ("Reader of claims", made.reader),
        *((words.capital(name), told) for name, told in made.settings),
        ("Custody record, up to event", f"{seq:,}"),
        ("Value of its chain there", chain or "none: nothing is recorded"),
        ("SHA-256 of the record", layout.fingerprint),
    )
    return MethodPage(
        made.covers,
        facts,
        made.lists,
        tuple(_decision(layout, each) for each in made.decisions[:SHOWN]),
        max(0, len(made.decisions) - SHOWN),
        tuple(
            _fallen(layout, each) for each in made.rejected if each.claim.span.document in layout.documents
        ),
        made.removed,
    )


def _decision(layout: Layout, told: Decided) -> Decision:
    ids = told.about.split() if told.about[:4] in ("clm-", "acc-") else [told.about]
    links = tuple(Link(_where(layout, name), name) for name in ids)
    return Decision(words.day(date.fromisoformat(told.day)), words.capital(told.what), links, told.by)


def _where(layout: Layout, name: str) -> str:
    """Where a claim or an account stands in this dossier; nothing where it does not."""
    if name.startswith("acc-"):
        account = layout.index.accounts.get(AccountId(name))
        return layout.words_href(account.head, "") if account else ""
    claim = layout.index.claims.get(ClaimId(name))
    return layout.words_href(claim, "") if claim else ""


def _fallen(layout: Layout, told: Rejected) -> Fallen:
    claim = told.claim
    document = layout.documents[claim.span.document]
    return Fallen(
        claim.id,
        what_of(claim),
        words.quoted(claim.span.quote),
        Link(f"reports/{document.id}.html", words.cite(document, claim.span)),
        "replaced by a correction" if told.what == "corrected" else "rejected",
        told.by,
    )
