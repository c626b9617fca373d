"""The nouns that reports give, in the order they come into being: what was received, and what is said in it.

Capture ← Document ← Span ← Claim ← Account. What people and programs say of them: ``decided``.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from dataclasses import field as keep
from datetime import date
from functools import lru_cache
from itertools import pairwise
from typing import Any, Literal, NewType, get_args

from tallystick.errors import WordsDoNotMatch
from tallystick.model.spelling import digest
from tallystick.values.count import Count
from tallystick.values.parties.context import Resolved
from tallystick.values.party import Party
from tallystick.values.place import Place
from tallystick.values.places.atlas import Located
from tallystick.values.when import When

CaptureId = NewType("CaptureId", str)
DocumentId = NewType("DocumentId", str)
ClaimId = NewType("ClaimId", str)
AccountId = NewType("AccountId", str)

HARM = (
    "air_strike", "shelling", "missile_strike", "ground_clash", "bombing", "suicide_bombing",
    "chemical_attack", "killing", "landmine", "capture", "other",
)  # fmt: skip
MATTERS = (
    "control", "forces", "population", "displacement", "meeting", "draft", "vote", "statement",
    "warning", "offer", "refusal", "agreement", "suspension", "contact",
)  # fmt: skip
TOLLS = ("killed", "wounded", "captured", "missing", "displaced")
# Kinds that one report tells and another, of the same event, calls otherwise.
_CONFUSED = (
    {"air_strike", "shelling", "missile_strike"},
    {"killing", "ground_clash", "capture"},
    {"bombing", "suicide_bombing"},
    {"bombing", "landmine"},
    {"bombing", "shelling"},
    {"bombing", "air_strike"},
    {"chemical_attack", "air_strike"},
    {"chemical_attack", "shelling"},
    {"ground_clash", "shelling"},
)

# A claim that its maker holds for less likely right than this is kept, marked, and put before a person.
DOUBT = 0.6

PublishedFrom = Literal["metadata", "page", "user"]
LanguageFrom = Literal["text"]
Topic = Literal[
    "casualties", "attack", "control", "forces", "population", "displacement", "diplomacy",
    "agreement", "warning", "responsibility", "investigation", "other",
]  # fmt: skip
Stance = Literal[
    "stated", "alleged", "denied", "warned", "predicted", "called_for", "planned", "promised",
    "estimated", "offered", "refused",
]  # fmt: skip
_ASSERTED: tuple[Stance, ...] = ("stated", "alleged", "estimated")
_STANCES = frozenset(get_args(Stance))
Part = Literal["perpetrator", "opponent", "claimant"]
Held = Literal["stated", "alleged", "suspected", "claimed", "denied"]
_PARTS, _HELD = frozenset(get_args(Part)), frozenset(get_args(Held))


@dataclass(frozen=True, slots=True)
class Maker:
    """The program or person that made something; ``version`` is empty for a person."""

    name: str
    version: str = ""


@dataclass(frozen=True, slots=True)
class Capture:
    """Bytes exactly as received. ``id`` is their SHA-256 in hexadecimal.

    ``origin`` is where they came from (a path or a URL as given), ``received`` the moment in UTC
    (ISO 8601), ``by`` who or what took them in.
    """

    id: CaptureId
    size: int
    media_type: str
    origin: str
    received: str
    by: str


@dataclass(frozen=True, slots=True)
class Document:
    """The text read out of one capture, with what is known about its publication.

    ``name`` is the report's own id: its record's ``id``, else the file's stem. ``published_from``
    says where the date came from; the day of receipt is never the day of publication.
    ``language_from`` is "text" where the language was told from the words alone, and None where it was
    given with them. ``pages`` says where in the text each sheet of a paged report begins, in code points,
    from the first sheet on; one without words begins where the next does. ``notes`` is what a person should
    know of how the text was read, each in a sentence. ``derived`` names the dataset of events that it is a
    row of: such a row was worked out of articles, and corroborates nothing by itself.
    """

    capture: CaptureId
    name: str
    text: str
    title: str | None = None
    publisher: str | None = None
    published: date | None = None
    published_from: PublishedFrom | None = None
    url: str | None = None
    language: str | None = None
    language_from: LanguageFrom | None = keep(default=None, metadata={"later": True})
    pages: tuple[int, ...] = keep(default=(), metadata={"later": True})
    notes: tuple[str, ...] = keep(default=(), metadata={"later": True})
    derived: str = keep(default="", metadata={"later": True})
    _id: str = keep(init=False, repr=False, compare=False, default="")

    def __post_init__(self) -> None:
        if (self.published is None) != (self.published_from is None):
            raise ValueError("a publication date and where it came from go together")
        if any(first > second for first, second in pairwise((0, *self.pages, len(self.text)))):
            raise ValueError("pages begin one after another, within the text")
        object.__setattr__(self, "_id", digest("doc", self.capture, self.name, self.text))

    @property
    def id(self) -> DocumentId:
        """Capture, the report's own id in it, and text: not the reader that made it."""
        return DocumentId(self._id)

    def span(self, start: int, end: int) -> Span:
        """The words at ``[start, end)``, in code points."""
        return Span(self.id, start, end, self.text[start:end]).check(self.text)

    def sheets(self, span: Span) -> tuple[int, int] | None:
        """The first and the last page that ``span`` stands on, from 1 on; None where there are no pages.

        Pages are counted as they lie in the file, whatever number is printed on them.
        """
        if not self.pages:
            return None
        # Of pages that begin at one place only the last has words.
        first, last = bisect_right(self.pages, span.start), bisect_right(self.pages, span.end - 1)
        return max(first, 1), max(last, 1)


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """Exact words of a document: ``quote == text[start:end]``, code points, half-open."""

    document: DocumentId
    start: int
    end: int
    quote: str

    def check(self, text: str) -> Span:
        """Itself, or ``WordsDoNotMatch`` where ``text`` does not hold the quote at these offsets."""
        if not 0 <= self.start < self.end <= len(text) or text[self.start : self.end] != self.quote:
            found = text[max(0, self.start) : self.end][:60]
            raise WordsDoNotMatch(
                f"{self.document} [{self.start}:{self.end}] should read {self.quote[:60]!r} "
                f"but reads {found!r}; "
                "read the report again with 'tallystick read'"
            )
        return self


@dataclass(frozen=True, slots=True)
class Voice:
    """Who says it, as named. No voice at all means the outlet itself."""

    name: str
    party: Party | None = None
    span: Span | None = None


@dataclass(frozen=True, slots=True)
class Toll:
    """How many of which group were killed, wounded, captured, missing or displaced."""

    kind: str
    count: Count
    group: str = "people"

    def __post_init__(self) -> None:
        if self.kind not in TOLLS:
            raise ValueError(f"no kind of toll: {self.kind!r}")


@dataclass(frozen=True, slots=True)
class Role:
    """Whose deed it is said to be: a party as ``perpetrator``, ``opponent`` or ``claimant``."""

    party: Party
    role: Part
    stance: Held

    def __post_init__(self) -> None:
        if self.role not in _PARTS:
            raise ValueError(f"no part in a deed: {self.role!r}; there are: {', '.join(sorted(_PARTS))}")
        if self.stance not in _HELD:
            raise ValueError(
                f"nothing that a part is held for: {self.stance!r}; there are: {', '.join(sorted(_HELD))}"
            )


@dataclass(frozen=True, slots=True)
class Telling:
    """What one document tells of one event or matter: the value of the claim that heads an account."""

    kind: str
    aggregate: bool = False
    primary: bool = False
    when: When = keep(default_factory=lambda: When(None, None, "unknown"))
    place: Place | None = None
    weapon: str | None = None
    target: str | None = None

    def __post_init__(self) -> None:
        if self.kind not in HARM and self.kind not in MATTERS:
            raise ValueError(f"no kind of account: {self.kind!r}")
        if not isinstance(self.aggregate, bool):
            raise ValueError(f"an account is a total or none, true or false, not {self.aggregate!r}")


Value = Telling | Toll | Role


@dataclass(frozen=True, slots=True)
class Claim:
    """One voice says one thing in these words.

    ``voices`` runs from the nearest speaker to whom that speaker relays; empty is the outlet
    itself. ``telling`` are the words that first tell the event it belongs to, if any.
    """

    span: Span
    topic: Topic
    value: Value | None
    voices: tuple[Voice, ...] = ()
    stance: Stance = "stated"
    telling: Span | None = None
    maker: Maker = Maker("unknown")
    confidence: float | None = None
    _id: str = keep(init=False, repr=False, compare=False, default="")

    def __post_init__(self) -> None:
        if self.stance not in _STANCES:
            raise ValueError(f"no stance: {self.stance!r}; there are: {', '.join(sorted(_STANCES))}")
        said = (self.span, self.topic, self.value, self.voices, self.stance, self.telling)
        object.__setattr__(self, "_id", digest("clm", *said))
        if self.telling is not None and self.telling.document != self.span.document:
            raise ValueError("a claim belongs to an account of its own document")
        if self.confidence is not None and not 0 <= self.confidence <= 1:
            raise ValueError(f"a confidence lies between 0 and 1, not {self.confidence}")

    @property
    def id(self) -> ClaimId:
        """What is said, leaving out which program read it."""
        return ClaimId(self._id)

    def meant(self, names: Mapping[str, str], place: Place | None = None) -> Claim:
        """The same claim, under the same id, with parties and speakers under their usual names.

        ``names`` is from the name told to the usual one; ``place`` takes the place of the telling's.
        """
        value = self.value
        if isinstance(value, Role):
            party = value.party
            value = replace(value, party=replace(party, name=names.get(party.name, party.name)))
        elif isinstance(value, Telling) and place is not None:
            value = replace(value, place=place)
        voices = tuple(replace(voice, name=names.get(voice.name, voice.name)) for voice in self.voices)
        return self._copied(value=value, voices=voices)

    def counting(self, value: Value) -> Claim:
        """The same claim, under the same id, with what it counts as in the place of what it says."""
        return self._copied(value=value)

    def under(self, name: ClaimId) -> Claim:
        """The same claim under another id: where an id made of what it says would give that away."""
        return self._copied(_id=name)

    def _copied(self, **changes: Any) -> Claim:
        """The claim with these fields otherwise, its id as it is: to make that anew takes most of a copy."""
        made = object.__new__(Claim)
        for name in Claim.__slots__:
            object.__setattr__(made, name, changes[name] if name in changes else getattr(self, name))
        return made

    @property
    def counts(self) -> bool:
        """Whether it is said to have happened: what is denied, warned of or planned is shown, not counted."""
        return self.stance in _ASSERTED

    @property
    def by_person(self) -> bool:
        """Whether a person says that it says so, and not a program: a program has a version."""
        return not self.maker.version

    @property
    def doubtful(self) -> bool:
        """Whether its maker was too unsure for it to go without a look: see ``DOUBT``."""
        return self.confidence is not None and self.confidence < DOUBT

    @property
    def account(self) -> AccountId | None:
        """The account that it is part of."""
        return account_id(self.telling) if self.telling else None

    @property
    def source(self) -> Voice | None:
        """The deepest voice named: whom the nearest speaker relays, as far as told."""
        return self.voices[-1] if self.voices else None


@lru_cache(maxsize=65536)
def account_id(telling: Span) -> AccountId:
    """Document and the words that first tell it."""
    return AccountId(digest("acc", telling.document, telling.start, telling.end))


@dataclass(frozen=True, slots=True)
class Account:
    """One document's telling of one event or matter: what is compared across documents.

    Assembled from the claims that share the words which first tell it; ``head`` carries the
    ``Telling``, the others its tolls and roles. ``found`` is its place in the world and ``parties``
    what its report's names of parties and speakers mean, where these were looked up: its claims are
    then as meant (``Claim.meant``), each with the id of the claim as told. ``derived`` is its document's.
    """

    head: Claim
    claims: tuple[Claim, ...]
    publisher: str | None = None
    published: date | None = None
    found: Located | None = None
    parties: tuple[Resolved, ...] = ()
    derived: str = ""
    _id: str = keep(init=False, repr=False, compare=False, default="")

    def __post_init__(self) -> None:
        if not isinstance(self.head.value, Telling) or self.head.telling is None:
            raise ValueError("an account is headed by the claim that tells its event")
        if self.head not in self.claims or any(claim.telling != self.head.telling for claim in self.claims):
            raise ValueError("an account holds its head and claims of the same telling")
        object.__setattr__(self, "_id", account_id(self.head.telling))

    @property
    def id(self) -> AccountId:
        return AccountId(self._id)

    @property
    def document(self) -> DocumentId:
        return self.head.span.document

    @property
    def span(self) -> Span:
        """The words that first tell it."""
        assert self.head.telling is not None
        return self.head.telling

    @property
    def telling(self) -> Telling:
        assert isinstance(self.head.value, Telling)
        return self.head.value

    @property
    def is_matter(self) -> bool:
        """Compared across documents, but not counted as an incident of harm."""
        return self.telling.kind in MATTERS

    def tolls(self, kind: str | None = None) -> tuple[tuple[Claim, Toll], ...]:
        """The claims that give a figure, with the figure; of one kind if asked."""
        return tuple(
            [
                (claim, claim.value)
                for claim in self.claims
                if isinstance(claim.value, Toll) and kind in (None, claim.value.kind)
            ]
        )

    def whole(self, kind: str) -> tuple[tuple[Claim, Toll], ...]:
        """The figures that stand for the account: people as a whole, not sub-groups.

        Where it gives none for "people", those of whole classes (civilians, fighters, soldiers);
        only where there are none either, whatever it gives. What was denied is left out.
        """
        told = [(claim, toll) for claim, toll in self.tolls(kind) if claim.stance != "denied"]
        if len(told) < 2:
            return tuple(told)
        for groups in ({"people"}, {"civilians", "fighters", "soldiers"}):
            chosen = tuple((claim, toll) for claim, toll in told if toll.group in groups)
            if chosen:
                return chosen
        return tuple(told)

    def roles(self, role: str | None = None) -> tuple[tuple[Claim, Role], ...]:
        """The claims that name a party to the deed, with the role; of one role if asked."""
        return tuple(
            [
                (claim, claim.value)
                for claim in self.claims
                if isinstance(claim.value, Role) and role in (None, claim.value.role)
            ]
        )

    def accused(self) -> tuple[tuple[Claim, Role], ...]:
        """The claims that put the deed on a party, by others or by itself, and are no denial."""
        return tuple(
            (claim, role)
            for claim, role in self.roles()
            if role.role != "opponent" and "denied" not in (role.stance, claim.stance)
        )


def accounts(claims: Iterable[Claim], documents: Mapping[DocumentId, Document]) -> tuple[Account, ...]:
    """Claims gathered into the accounts they belong to, in order of document and place in the text."""
    by_telling: dict[Span, list[Claim]] = {}
    for claim in claims:
        if claim.telling is not None:
            by_telling.setdefault(claim.telling, []).append(claim)
    out = []
    for telling in sorted(by_telling):
        members = tuple(sorted(by_telling[telling], key=lambda c: (c.span, c.id)))
        head = next((c for c in members if isinstance(c.value, Telling)), None)
        if head is not None:
            document = documents[telling.document]
            told = document.publisher, document.published
            out.append(Account(head, members, *told, derived=document.derived))
    return tuple(out)


def confusable(kind: str, other: str) -> bool:
    """Whether two kinds of harm are often told of one event ("a raid" here, "shelling" there)."""
    return any({kind, other} <= kinds for kinds in _CONFUSED)
