"""What claims are weighed with: whose word each is, told on which day, in which sentence."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from tallystick.model import Account, AccountId, Claim, Document, DocumentId
from tallystick.values import growth, when

_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September",
    "October", "November", "December",
)  # fmt: skip

_REACH = 200  # code points before and behind a figure in which its sentence is looked for
_ENDS = re.compile(r"[.;!?][\"”’)]*\s|\n")
_ITS_OWN = re.compile(
    r"\bof (?:its|their|our|his) (?:own )?(?:[\w-]+ )?"
    r"(?:fighters|soldiers|troops|men|members|personnel|militants|rebels|servicemen)\b",
    re.I,
)


@dataclass(frozen=True, slots=True)
class Context:
    """``names`` is the origin of each claim, ``documents`` the reports, where they are at hand.

    ``days`` are the days of publication of accounts, ``copied`` each document to the first of those that
    share its text. Build it with ``context``.
    """

    names: Mapping[str, str]
    documents: Mapping[DocumentId, Document] = field(default_factory=dict)
    days: Mapping[AccountId, date | None] = field(default_factory=dict)
    copied: Mapping[DocumentId, DocumentId] = field(default_factory=dict)

    def origin(self, claim: Claim) -> str:
        """On whose word the claim stands."""
        return self.names.get(claim.id, "an unnamed origin")

    def day(self, claim: Claim) -> date | None:
        """The day on which its report was published, as far as that can be told."""
        return self.days.get(claim.account) if claim.account else None

    def is_copy(self, claim: Claim) -> bool:
        """Whether its report only repeats another's text."""
        own = claim.span.document
        return self.copied.get(own, own) != own

    def early(self, claim: Claim) -> str | None:
        """The report's words that tell the claim's figure an early one."""
        return growth.early(*self._text(claim))

    def may_grow(self, claim: Claim) -> str | None:
        """The report's words that leave the claim's figure open."""
        return growth.may_grow(*self._text(claim))

    def grown(self, claim: Claim) -> str | None:
        """The report's words that tell the claim's figure a later one."""
        return growth.grown(*self._text(claim))

    def of_its_own(self, claim: Claim) -> bool:
        """Whether a figure is on the word of those whose people it counts: "six of its fighters died"."""
        if claim.source is None:
            return False
        text, start, end = self._text(claim)
        begin = max(
            (match.end() for match in _ENDS.finditer(text, max(0, start - _REACH), start)),
            default=max(0, start - _REACH),
        )
        over = _ENDS.search(text, end, end + _REACH)
        return _ITS_OWN.search(text, begin, over.start() if over else end + _REACH) is not None

    def _text(self, claim: Claim) -> tuple[str, int, int]:
        document, span = self.documents.get(claim.span.document), claim.span
        if document is None:
            return span.quote, 0, len(span.quote)
        return document.text, span.start, span.end


def context(
    accounts: Iterable[Account],
    names: Mapping[str, str],
    documents: Mapping[DocumentId, Document] | None = None,
    copied: Mapping[DocumentId, DocumentId] | None = None,
) -> Context:
    """The context of the claims of ``accounts``; without ``documents`` only a claim's own words are read."""
    documents = documents or {}
    days = {account.id: _day(account, documents.get(account.document)) for account in accounts}
    return Context(names, documents, days, copied or {})


def _day(account: Account, document: Document | None) -> date | None:
    """The day that the report prints at its head, else that of its record; none before the event told.

    Records of publication are wrong more often than datelines (see ``dates.misdated``).
    """
    printed = when.dateline(document.text[:600], account.published) if document else None
    day, told = printed[2] if printed else account.published, account.telling.when.start
    return None if day and told and told - day > timedelta(days=1) else day


def day_words(day: date) -> str:
    """A day as a reader says it."""
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"
