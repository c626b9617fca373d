"""What is said of the nouns that reports give, and done with them: judgements, reviews, custody, remarks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field as keep
from typing import Any, Literal, NewType

from tallystick.model.spelling import digest
from tallystick.model.stored import AccountId, Claim, ClaimId, DocumentId, Maker

JudgementId = NewType("JudgementId", str)
ReviewId = NewType("ReviewId", str)
Likeness = Literal["same", "different", "unsure"]  # what is judged of two accounts
Said = Literal["upheld", "rejected", "corrected", "reopened"]  # what is said of a claim that is there
_LATER = {"later": True}  # a field that rows written before it existed lack: kept out of them at its default


@dataclass(frozen=True, slots=True)
class Judgement:
    """Two accounts are the same event, different, or unsure: by whom, how surely, and why.

    ``left`` < ``right``. ``score`` is in log-odds (natural), ``None`` where nothing was added up.
    """

    left: AccountId
    right: AccountId
    verdict: Likeness
    maker: Maker
    score: float | None = None
    reasons: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self.left >= self.right:
            raise ValueError("a judgement names two accounts, the smaller id first")

    @property
    def id(self) -> JudgementId:
        return JudgementId(digest("jdg", self))

    @property
    def by_person(self) -> bool:
        """Whether a person judged: a program has a version."""
        return not self.maker.version

    @property
    def withdrawn(self) -> bool:
        """Whether it only says that a program compares the two no more: it stands for neither answer."""
        return self.score is None and not self.by_person


@dataclass(frozen=True, slots=True)
class Review:
    """What one person says of a claim: upheld, rejected, corrected; or a claim of their own, added.

    ``correction`` is the claim that is to stand in its place; a claim that is added is its own.
    ``reopened`` takes back all that was said of it before, so that it stands as its maker left it.
    """

    claim: ClaimId
    verdict: Literal[Said, "added"]
    by: str
    note: str = ""
    correction: Claim | None = None

    def __post_init__(self) -> None:
        if (self.correction is not None) != (self.verdict in ("corrected", "added")):
            raise ValueError("a claim comes with what is corrected or added, and with nothing else")
        if self.verdict == "added" and self.correction and self.correction.id != self.claim:
            raise ValueError("a claim that is added is its own")

    @property
    def id(self) -> ReviewId:
        return ReviewId(digest("rev", self))


@dataclass(frozen=True, slots=True)
class Event:
    """One entry of the custody record: what was done to which item, by whom, with what outcome.

    ``what`` is one word: ``received``, ``kept``, ``refused``, ``passed`` (over), ``read``, ``linked``.
    ``at`` is the moment in UTC (ISO 8601). ``facts`` is what else is to be remembered, as JSON can hold it.
    ``by`` is whose deed it is, a program's or a person's; ``who`` the person at whose hand it was recorded,
    and ``program`` which program recorded it, at which version: the ledger fills these in.
    """

    what: str
    item: str
    by: str
    at: str
    note: str = ""
    facts: Mapping[str, Any] = keep(default_factory=dict)
    who: str = keep(default="", metadata=_LATER)
    program: str = keep(default="", metadata=_LATER)


class Note(str):
    """What a check has to say that is no finding: what could not be looked at, and why."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Remark:
    """What speaks against something that a report says of itself, or that was read of it, in one sentence.

    ``about`` is "date" where its date is doubtful, and "reading" where it is to be known how its text was
    read. A person is to look at it.
    """

    document: DocumentId
    text: str
    about: Literal["date", "reading"] = "date"
