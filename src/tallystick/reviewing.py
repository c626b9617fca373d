"""What people decided about claims, and the claims as they stand by it.

A review is appended and never changed. What stands is worked out here, from all that was said of a claim
since it was last reopened: each person's last word counts. Where the case asks for a second person's
check, nothing is changed by one person alone, nor where two disagree, nor where somebody came to agree only
when they had seen what the other said; whoever is named a senior settles it.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, Literal, get_args

from tallystick.errors import AskedWrongly
from tallystick.ledger import Ledger
from tallystick.model import (
    AccountId,
    Claim,
    ClaimId,
    Document,
    Event,
    Judgement,
    Likeness,
    Maker,
    Review,
    Role,
    Said,
    Span,
    Telling,
    Toll,
    Value,
    Voice,
)
from tallystick.values import count as counts
from tallystick.values.party import Party
from tallystick.values.place import Place
from tallystick.values.when import When, iso

_SAID: tuple[Said, ...] = get_args(Said)
_LIKENESS: tuple[Likeness, ...] = get_args(Likeness)
State = Literal["open", "waiting", "decided", "agreed", "disputed", "settled"]


@dataclass(frozen=True, slots=True)
class Settled:
    """What stands of one claim: each person's last word, the one that counts, and how that came about.

    ``open``: nobody has decided. ``waiting``: one has, and a second is asked for. ``decided``: by one,
    where no second is asked for. ``agreed``: two or more say the same. ``disputed``: they do not.
    ``settled``: a senior said. ``added`` is the claim itself where a person put it there. ``unseeing`` are
    the words of the same people, in the same order, that each gave before they could see the others'.
    """

    state: State
    said: tuple[Review, ...] = ()
    standing: Review | None = None
    added: Claim | None = None
    unseeing: tuple[Review, ...] = field(default=(), compare=False)

    @property
    def agreed(self) -> bool | None:
        """Whether two people or more said the same, each by themselves; ``None`` where there are no two."""
        told = self.unseeing or self.said
        return None if len(told) < 2 else len({outcome(each) for each in told}) == 1


def settled(
    reviews: Iterable[Review], *, twice: bool = False, seniors: Collection[str] = ()
) -> dict[ClaimId, Settled]:
    """What stands of each reviewed claim, from all reviews in the order in which they were given.

    ``twice`` asks for a second person; ``seniors`` are the names of those whose word settles.
    """
    last: dict[ClaimId, dict[str, Review]] = {}
    alone: dict[ClaimId, dict[str, Review]] = {}  # each person's word before they could see another's
    added: dict[ClaimId, Claim] = {}
    for review in reviews:
        by_person, unseeing = last.setdefault(review.claim, {}), alone.setdefault(review.claim, {})
        if review.verdict == "reopened":
            by_person.clear()
            unseeing.clear()
            added.pop(review.claim, None)
            continue
        if review.verdict == "added" and review.correction is not None:
            added[review.claim] = review.correction
        name = same_person(review.by)
        by_person.pop(name, None)  # a person's later word stands behind the others', where it was given
        by_person[name] = review
        if name not in unseeing or len(unseeing) == 1:  # who spoke first sees nothing until a second speaks
            unseeing[name] = review
    out = {}
    for claim, said in last.items():
        first = tuple(alone[claim][name] for name in said)
        found = _settled(tuple(said.values()), first, twice, seniors)
        out[claim] = replace(found, added=added.get(claim), unseeing=first)
    return out


def same_person(name: str) -> str:
    """One spelling of a person's name: blanks, width and case make nobody another one."""
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())


def _settled(
    said: tuple[Review, ...], unseeing: tuple[Review, ...], twice: bool, seniors: Collection[str]
) -> Settled:
    if not said:
        return Settled("open")
    named = {same_person(name) for name in seniors}
    senior = [review for review in said if same_person(review.by) in named]
    if senior:
        return Settled("settled", said, senior[-1])
    if len(said) == 1:
        return Settled("waiting", said) if twice else Settled("decided", said, said[0])
    counts = (*said, *unseeing) if twice else said
    if len({outcome(review) for review in counts}) == 1:
        return Settled("agreed", said, said[-1])
    return Settled("disputed", said, None if twice else said[-1])


def outcome(review: Review) -> tuple[str, str]:
    """What a review comes to: two people who say so say the same, whatever else they note.

    Who adds a claim says that it stands, and so does who upholds it.
    """
    if review.verdict in ("upheld", "added"):
        return "upheld", ""
    return review.verdict, review.correction.id if review.correction else ""


def applied(
    claims: Iterable[Claim], stand: Mapping[ClaimId, Settled], former: Mapping[ClaimId, Claim] | None = None
) -> tuple[Claim, ...]:
    """The claims as they stand: without those rejected, those corrected replaced, those added there too.

    A correction is a claim like others: what was decided of it counts, and so on to the last (``_end``).
    ``former`` are claims that were decided on and are read otherwise by now: what was decided of one holds
    for the claim of the same sort that is read at the same words, if nothing was decided of that itself.
    A claim of a person stands also where the program reads the one that it corrects no longer; not where
    what it corrects was a person's claim, and that stands nowhere any more. Each claim once, in the order
    given, those of people alone behind the others in the order of the text.
    """
    out: dict[ClaimId, Claim] = {}
    standing = {claim: each.standing for claim, each in stand.items() if each.standing is not None}
    before = [each for each in (former or {}).values() if each.id in standing]
    for claim in claims:
        review = standing.get(claim.id)
        if review is None and claim.id not in stand:
            review = next((standing[each.id] for each in before if _alike(each, claim)), None)
        end = _end(claim, review, standing)
        if end is claim:
            out.setdefault(claim.id, claim)
        elif end is not None:
            out[end.id] = end
    mended = (_end(each, standing[each.id], standing) for each in before if standing[each.id].correction)
    added = (
        _end(each.added, each.standing, standing) for each in stand.values() if each.added and each.standing
    )
    own = {each.id: each for each in (*mended, *added) if each is not None}
    for claim in sorted(own.values(), key=lambda each: (each.span, each.id)):
        out[claim.id] = claim
    return tuple(out.values())


def _end(claim: Claim, review: Review | None, standing: Mapping[ClaimId, Review]) -> Claim | None:
    """What stands in the place of ``claim``, of which ``review`` was said, in the end; ``None``: nothing.

    Where corrections lead in a circle, that is the first claim that is come to again: what was corrected to
    something else and back stands as it was.
    """
    met = {claim.id if review is None else review.claim}
    while review is not None and review.verdict != "upheld":
        if review.correction is None:
            return None
        claim = review.correction
        if claim.id in met:
            return claim
        met.add(claim.id)
        review = standing.get(claim.id)
    return claim


def _alike(before: Claim, now: Claim) -> bool:
    """Whether two claims are readings of the same words, of the same sort."""
    one, other = before.span, now.span
    return (
        one.document == other.document
        and one.start < other.end
        and other.start < one.end
        and (before.topic, type(before.value)) == (now.topic, type(now.value))
        and getattr(before.value, "kind", None) == getattr(now.value, "kind", None)
    )


def corrected(
    claim: Claim,
    document: Document,
    by: str,
    *,
    words: tuple[int, int] | None = None,
    changes: Mapping[str, Any] | None = None,
    account: Span | None = None,
) -> Claim:
    """``claim`` as ``by`` corrects it: a claim of theirs, of exact words, with only what they name changed.

    ``words`` are the offsets of the words chosen in the text of ``document``; ``account`` the words that
    first tell the event it is to belong to. ``changes`` may name: ``count`` ("at least 12"), ``toll``
    (killed ...), ``group``; ``kind``, ``days`` (ISO, two with " to "), ``place``, ``weapon``, ``target``,
    ``aggregate``; ``party``, ``role``, ``how`` (the role's stance); ``stance``, ``voices`` (names, the
    nearest first; an empty list is the outlet). Raises ``AskedWrongly`` for what does not fit the claim.
    """
    span = claim.span
    if words is not None:
        start, end = words
        if not 0 <= start < end <= len(document.text) or not document.text[start:end].strip():
            raise AskedWrongly(f"the words chosen in {document.name} are none: characters {start} to {end}")
        span = Span(document.id, start, end, document.text[start:end])
    left = dict(changes or {})
    stance = left.pop("stance", claim.stance)
    voices = claim.voices
    if "voices" in left:
        voices = tuple(Voice(name.strip()) for name in left.pop("voices") if name.strip())
    value = valued(claim.value, left, span)
    if left:
        raise AskedWrongly(f"{min(left)!r} is nothing that a claim of this kind has")
    try:
        mended = replace(
            claim,
            span=span,
            value=value,
            voices=voices,
            stance=stance,
            telling=account or claim.telling,
            maker=Maker(by, ""),
            confidence=None,
        )
    except ValueError as error:
        raise AskedWrongly(str(error)) from error
    if mended.id == claim.id:
        raise AskedWrongly("nothing of the claim is changed by that; to agree with it, say upheld")
    return mended


def chosen(document: Document, words: str, near: Span) -> tuple[int, int]:
    """Where ``words`` stand in ``document``: of several places the one nearest to ``near``.

    Raises ``AskedWrongly`` where they do not stand there, letter for letter.
    """
    places, at = [], document.text.find(words)
    while at >= 0 and words:
        places.append(at)
        at = document.text.find(words, at + 1)
    if not places:
        raise AskedWrongly(f"{document.name} does not say {words!r}, letter for letter")
    start = min(places, key=lambda place: (abs(place - near.start), place))
    return start, start + len(words)


def valued(value: Value | None, left: dict[str, Any], span: Span) -> Value | None:
    """``value``, told in the words ``span``, with what ``left`` says of it, which is taken out of there."""
    try:
        match value:
            case Toll():
                told = _count(left.pop("count")) if "count" in left else value.count
                return Toll(left.pop("toll", value.kind), told, left.pop("group", value.group))
            case Role():
                party = Party(left.pop("party"), span.quote) if "party" in left else value.party
                role, how = left.pop("role", value.role), left.pop("how", value.stance)
                return replace(value, party=party, role=role, stance=how)
            case Telling():
                place = left.pop("place").strip() if "place" in left else None
                return replace(
                    value,
                    kind=left.pop("kind", value.kind),
                    aggregate=_flag(left.pop("aggregate", value.aggregate)),
                    weapon=left.pop("weapon", value.weapon) or None,
                    target=left.pop("target", value.target) or None,
                    when=_days(left.pop("days")) if "days" in left else value.when,
                    place=value.place if place is None else Place(place, place) if place else None,
                )
    except ValueError as error:
        raise AskedWrongly(str(error)) from error
    return value


def _flag(told: Any) -> Any:
    """True or false, as a person writes it."""
    return {"true": True, "false": False}.get(told.lower(), told) if isinstance(told, str) else told


def _count(words: str) -> counts.Count:
    """The one number that ``words`` tell: "12", "at least 12", "10 to 12"."""
    found = [each for _, _, each in counts.read(words)]
    if len(found) != 1:
        raise AskedWrongly(f"{words!r} tells no number, or several; write 12, at least 12, or 10 to 12")
    return found[0]


def _days(words: str) -> When:
    """The day or days that ``words`` name; unknown where they are blank."""
    if not words.strip():
        return When(None, None, "unknown")
    first, _, last = words.partition(" to ")
    start: date = iso(first.strip())
    end = iso(last.strip()) if last else start
    return When(start, end, "day" if start == end else "days", None)


def agreement(stand: Iterable[Settled]) -> tuple[int, int]:
    """How many claims two people or more looked at, and on how many of those they say the same."""
    both: Sequence[bool] = [each.agreed for each in stand if each.agreed is not None]
    return len(both), sum(both)


# ---------------------------------------------------------------------------- taking decisions down


def verdict_of(told: str) -> Said:
    """The verdict on a claim that ``told`` is; raises ``AskedWrongly`` for any other word."""
    for each in _SAID:
        if each == told:
            return each
    raise AskedWrongly(f"{told!r} is neither upheld, rejected, corrected nor reopened")


def likeness_of(told: str) -> Likeness:
    """The verdict on two accounts that ``told`` is; raises ``AskedWrongly`` for any other word."""
    for each in _LIKENESS:
        if each == told:
            return each
    raise AskedWrongly(f"{told!r} is neither same nor different nor unsure")


def review_of(
    ledger: Ledger,
    known: Mapping[ClaimId, Claim],
    claim: ClaimId,
    verdict: str,
    by: str,
    note: str,
    changes: Mapping[str, Any],
    words: str | tuple[int, int],
    account: str = "",
) -> Review:
    """What ``by`` says of ``claim``, one of those ``known``; a correction of theirs where they give one.

    ``words`` are the exact words of the report that a correction rests on (those nearest to the claim's are
    taken), or where they stand in its text; ``account`` is the one of that report that the claim is to belong
    to. Raises ``AskedWrongly`` for what cannot be meant.
    """
    said = verdict_of(verdict)
    if said != "corrected":
        if changes or words or account:
            raise AskedWrongly(f"what is {said} is not changed; to change it, say corrected")
        return Review(claim, said, by, note)
    if claim not in known:
        raise _unknown("claim", claim, ledger)
    document = ledger.document(known[claim].span.document)
    assert document is not None, "the ledger holds the document of each of its claims"
    place = chosen(document, words, known[claim].span) if isinstance(words, str) and words else words or None
    telling = next((each.telling for each in known.values() if each.account == account), None)
    if account and telling is None:
        raise _unknown("account", account, ledger)
    correction = corrected(known[claim], document, by, words=place, changes=changes, account=telling)
    return Review(claim, said, by, note, correction)


def store_review(ledger: Ledger, review: Review, known: Container[ClaimId], at: str, who: str) -> None:
    """Store what a person says of a claim, unless it is the last that was said of it.

    Raises ``AskedWrongly`` where nobody is named, the claim is none of those ``known``, or its report is not
    in the case; ``WordsDoNotMatch`` where the words of a correction are not those of its report.
    """
    if not review.by.strip():
        raise AskedWrongly("say who decides: --by NAME")
    if review.verdict != "added" and review.claim not in known:
        raise _unknown("claim", review.claim, ledger)
    if review.correction is not None:
        for span in filter(None, (review.correction.span, review.correction.telling)):
            document = ledger.document(span.document)
            if document is None:
                raise AskedWrongly(f"no report {span.document!r} is in {ledger.folder}")
            span.check(document.text)
    if ledger.reviews_of([review.claim])[-1:] != (review,):
        facts = {"verdict": review.verdict}
        event = Event("reviewed", review.claim, review.by, at, review.note, facts, who)
        ledger.append(reviews=[review], events=[event])


def store_judgements(
    ledger: Ledger, judgements: Iterable[Judgement], known: Container[AccountId], at: str, who: str
) -> None:
    """Store a person's judgements on pairs of accounts, all or none; those that stand are passed over.

    Raises ``AskedWrongly`` where nobody is named or one of them is no account of those ``known``.
    """
    new, events = [], []
    for judgement in judgements:
        if not judgement.by_person or not judgement.maker.name.strip():
            raise AskedWrongly("say who judges: --by NAME")
        for name in (judgement.left, judgement.right):
            if name not in known:
                raise _unknown("account", name, ledger)
        if judgement != ledger.judgement(judgement.left, judgement.right):
            note, by = "; ".join(judgement.reasons), judgement.maker.name
            pair, facts = f"{judgement.left} {judgement.right}", {"verdict": judgement.verdict}
            new.append(judgement)
            events.append(Event("judged", pair, by, at, note, facts, who))
    if new:
        ledger.append(judgements=new, events=events)


def _unknown(what: str, name: str, ledger: Ledger) -> AskedWrongly:
    return AskedWrongly(f"no {what} {name!r} is in {ledger.folder}; was it read anew meanwhile?")
