"""Claims heard in their sentences: which places and days their words name.

A claim quotes a clause; who took what, and when, often stands beside it. What is read off a sentence is
given to a claim only where the verb that tells it stands in the claim's own words.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from rapidfuzz import process
from rapidfuzz.fuzz import ratio

from tallystick.model import Account, Claim, Document, DocumentId, Telling
from tallystick.values import party, place, when
from tallystick.values.agreement import Verdict
from tallystick.values.names import alike, countries, fold
from tallystick.values.place import Place
from tallystick.values.when import UNKNOWN, When

_ENDS = re.compile(r"[.!?][\"”’')\]]*\s+(?=[\"“‘'(\[]?[A-Z0-9])|\n+")
_CLAUSE = re.compile(
    r"[;:]\s|\b(?:which|who|whose|where|after|before|when|while|but|although|as|that|because)\b", re.I
)
_DAY_REACH = 90  # code points between a verb and its day
_CLOSE = 90.0  # likeness of two spellings of one place that no list has, in percent
_WIDE = 500  # code points to either side in which a sentence begins and ends
Spot = tuple[int, int]


@dataclass(frozen=True)
class Heard:
    """A claim in its sentence: its words are ``sentence[at:end]``."""

    claim: Claim
    account: Account
    document: Document
    sentence: str
    at: int
    end: int
    places: Places

    def holds(self, start: int) -> bool:
        """Whether what begins at ``start`` of the sentence stands in the claim's own words."""
        return self.at <= start < self.end

    @cached_property
    def spots(self) -> dict[Spot, Place]:
        """The places that the sentence names, and where."""
        return self.places.named(self.sentence, self.document.id)

    @cached_property
    def days(self) -> tuple[tuple[int, int, When], ...]:
        """The days that the sentence names, with bounds, and where."""
        read = when.read(self.sentence, self.document.published)
        return tuple((start, end, told) for start, end, told in read if told.start or told.end)

    def day(self, verb: Spot, rivals: Iterable[Spot] = ()) -> When:
        """The day of what a verb tells: the nearest that its sentence names, no other verb standing nearer.

        Where the sentence names none, that of the account, if the claim heads it; else unknown.
        """
        mine = [
            (_apart(verb, (start, end)), start, told)
            for start, end, told in self.days
            if self._goes_with(verb, (start, end))
            and all(_apart(verb, (start, end)) <= _apart(other, (start, end)) for other in rivals)
        ]
        if mine:
            return min(mine, key=lambda one: one[:2])[2]
        value = self.claim.value
        if isinstance(value, Telling) and not self.days:
            return value.when
        return UNKNOWN

    def _goes_with(self, verb: Spot, told: Spot) -> bool:
        """Whether a day stands near enough to a verb to be its day, and no clause begins between them."""
        between = self.sentence[min(verb[1], told[1]) : max(verb[0], told[0])]
        return len(between) <= _DAY_REACH and not _CLAUSE.search(between)

    def nearest(self, verb: Spot) -> Place | None:
        """The place named nearest to a verb in its sentence, else that of the account."""
        if self.spots:
            return self.spots[min(self.spots, key=lambda spot: (_apart(spot, verb), spot))]
        told = self.account.telling.place
        return None if told is None or no_place(told.name) else told


def _apart(one: Spot, other: Spot) -> int:
    return max(one[0] - other[1], other[0] - one[1], 0)


def hear(accounts: Sequence[Account], documents: Iterable[Document]) -> tuple[Heard, ...]:
    """The claims that tell what is or was so, in their sentences; figures stand inside others' words."""
    there = {document.id: document for document in documents}
    places = Places(accounts)
    out = []
    for account in sorted(accounts, key=lambda a: a.span):
        if account.telling.aggregate or account.document not in there:
            continue
        document = there[account.document]
        for claim in account.claims:
            if claim.value is None or isinstance(claim.value, Telling):
                start, end = _sentence(document.text, claim.span.start, claim.span.end)
                at = claim.span.start - start
                out.append(
                    Heard(
                        claim, account, document, document.text[start:end], at,
                        claim.span.end - start, places,
                    )
                )  # fmt: skip
    return tuple(out)


def _sentence(text: str, start: int, end: int) -> Spot:
    """Where the sentence around ``[start, end)`` begins and ends."""
    first = max(0, start - _WIDE)
    breaks = [match.end() for match in _ENDS.finditer(text, first, start + 1) if match.end() <= start]
    last = _ENDS.search(text, max(start, end - 1), min(len(text), end + _WIDE))
    return max(breaks, default=first), max(end, last.start() + 1 if last else min(len(text), end + _WIDE))


# ------------------------------------------------------------------------------------- places

_SIDE = re.compile(
    r"(?:\b|^)(?P<side>(?:north|south|east|west)(?:-?(?:east|west))?)(?:ern)?\s+"
    r"(?:(?:part|parts|half|side|districts?|neighbou?rhoods?|suburbs?|quarters?|edges?|outskirts)\s+)?"
    r"(?:of\s+(?:the\s+(?:city|town)\s+of\s+)?)?(?:the\s+)?$",
    re.I,
)
_OWN_SIDE = re.compile(
    r"^(?P<side>(?:north|south|east|west)(?:-?(?:east|west))?)(?:ern)?\s+(?P<rest>\S.*)$", re.I
)
_WORD = re.compile(r"[^\W\d_][\w’'ʿʾ-]*")


class Places:
    """The places that the accounts of a case tell, by the names that their reports give them."""

    def __init__(self, accounts: Iterable[Account]) -> None:
        self._case: dict[str, Place] = {}
        self._own: dict[DocumentId, dict[str, Place]] = defaultdict(dict)
        self._starts: dict[str, set[str]] = defaultdict(set)
        self._read: dict[tuple[DocumentId, str], dict[Spot, Place]] = {}
        for account in sorted(accounts, key=lambda a: a.id):
            told = account.telling.place
            if told is None or no_place(told.name):
                continue
            self._own[account.document].setdefault(fold(told.name), told)
            best = self._case.get(fold(told.name))
            if best is None or (told.code is not None and best.code is None):
                self._case[fold(told.name)] = told
            first = _WORD.search(told.name)
            if first:
                self._starts[first[0]].add(told.name)

    def named(self, sentence: str, document: DocumentId) -> dict[Spot, Place]:
        """The places that ``sentence`` of ``document`` names: by the case's names, then by wording."""
        if (known := self._read.get((document, sentence))) is not None:
            return known
        found: dict[Spot, Place] = {}
        for word in _WORD.finditer(sentence):
            if any(start <= word.start() < end for start, end in found):
                continue
            for name in sorted(self._starts.get(word[0], ()), key=lambda each: (-len(each), each)):
                end = word.start() + len(name)
                if sentence.startswith(name, word.start()) and not sentence[end : end + 1].isalnum():
                    found[word.start(), end] = self.meant(name, document)
                    break
        for mention in place.read(sentence):
            spot = mention.start, mention.end
            if mention.rank == 0 or any(start < spot[1] and spot[0] < end for start, end in found):
                continue
            if not no_place(mention.place.name):
                meant = self.meant(mention.place.name, document)
                found[spot] = meant if meant.code or meant.admin1 else mention.place
        out = {spot: _sided(told, sentence, spot) for spot, told in sorted(found.items())}
        self._read[document, sentence] = out
        return out

    def meant(self, name: str, document: DocumentId) -> Place:
        key = fold(name)
        own = self._own.get(document, {}).get(key)
        return own or self._case.get(key) or Place(name)


def no_place(name: str) -> bool:
    """Whether a name is no place of a line: a country's or a people's ("Syrias", too), or a party's."""
    first = name.split()[0].lower() if name.split() else ""
    lands = (name.lower(), first, first.removesuffix("s"))
    return any(each in countries() for each in lands) or fold(name) in party.known()


def _sided(told: Place, sentence: str, spot: Spot) -> Place:
    """The place with the side of it that the words name ("eastern Tarsin"), which is another place."""
    name = told.name
    own = _OWN_SIDE.match(name)
    if own and told.code is None:
        return replace(told, name=f"{_ern(own['side'])} {own['rest']}", within=(own["rest"], *told.within))
    at = sentence.find(name, *spot)
    side = _SIDE.search(sentence, max(0, spot[0] - 60), at if at >= 0 else spot[0])
    if side is None or own:
        return told
    return replace(told, name=f"{_ern(side['side'])} {name}", within=(name, *told.within), code=None)


def _ern(side: str) -> str:
    return side.lower().replace("-", "") + "ern"


def gathered(places: Iterable[Place]) -> Callable[[Place], Place]:
    """For each place the one that stands for all that are told to be it: one entry of a list, or like names.

    A place of no list joins the one place of its name that its province and country do not speak against, in
    a list or not; where there are two such it is one of its own. Where there is none it joins the first of no
    list that is spelt nearly alike, under the same condition. Those of which most is told come first, then
    the first by name: the first stands for the others.
    """
    every = sorted(dict.fromkeys(places), key=_by_what_is_told)
    told: dict[_Key, Place] = {}
    for each in every:
        told.setdefault(_key(each), each)
    stands: dict[_Key, _Key] = {}
    joined: dict[_Key, list[Place]] = {}
    by_name: dict[str, list[_Key]] = defaultdict(list)
    unlisted: dict[str, list[str]] = defaultdict(list)
    for each in every:
        if each.code and _key(each) not in by_name[fold(each.name)]:
            by_name[fold(each.name)].append(_key(each))
    for key, each in told.items():
        name = fold(each.name)
        if each.code is None:
            fits = [other for other in by_name[name] if _may_be(each, joined[other])]
            if not fits:
                near = (key for n in _spelt(name, unlisted[name[:1]]) if n != name for key in by_name[n])
                fits = [other for other in near if not told[other].code and _may_be(each, joined[other])][:1]
            if len(fits) == 1:
                stands[key] = fits[0]
                joined[fits[0]].append(each)
                continue
            if name not in unlisted[name[:1]]:
                unlisted[name[:1]].append(name)
            by_name[name].append(key)
        stands[key], joined[key] = key, [each]
    return lambda place: told[stands[_key(place)]] if _key(place) in stands else place


_Key = tuple[str, ...]


def _key(place: Place) -> _Key:
    """What two tellings of one place share: the entry of a list, else name, province and country."""
    return (place.code,) if place.code else (fold(place.name), fold(place.admin1), fold(place.country))


def _by_what_is_told(place: Place) -> tuple[object, ...]:
    outer = bool(place.admin1) + bool(place.country)
    told = place.name, str(place), repr(place)  # to the last word, so that no two are equal
    return place.code is None, place.code or "", -outer if place.code is None else 0, *told


def _may_be(one: Place, others: Iterable[Place]) -> bool:
    return all(one.relation(other) is not Verdict.CONFLICT for other in others)


def _spelt(name: str, others: Sequence[str]) -> list[str]:
    """Which folded names are ``name`` spelt in another way, in their order; a side is not the place."""
    close = process.extract(name, others, scorer=ratio, score_cutoff=_CLOSE, limit=None)
    in_order = sorted((at, other) for other, _, at in close)
    return [n for _, n in in_order if len(n.split()) == len(name.split()) and alike(n, name, _CLOSE)]


def called(places: Iterable[Place]) -> dict[Place, str]:
    """What to call each of these places so that no two are called alike.

    By its name; where others have it, with what contains it; where that is the same, too, with its code.
    """
    every = set(places)
    names = Counter(fold(each.name) for each in every)
    full = Counter(fold(str(each)) for each in every)
    out = {}
    for each in every:
        more = each.code or ("" if each.admin1 else "province not told")
        apart = f" ({more})" if more and full[fold(str(each))] > 1 else ""
        out[each] = each.name if names[fold(each.name)] == 1 else f"{each}{apart}"
    return out


def words_of(heard: Heard, *spots: Spot) -> str:
    """The words from the first to the last of ``spots``, on one line."""
    first, last = min(start for start, _ in spots), max(end for _, end in spots)
    return " ".join(heard.sentence[first:last].split())
