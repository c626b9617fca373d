"""Who holds which ground, as told: taken, held, left, besieged, relieved, contested, divided.

``read`` finds the verbs of holding in a sentence, each with the holder and the place that its grammar gives it:
"Government forces captured the town of Minian", "Minian fell to the rebels", "rebel-held Minian". A verb
whose place cannot be told is left out: "held a meeting in Minian" holds no ground, and a "main trading
day in Minian" has no verb of holding at all. Whether it happened is told by ``standing``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, Literal

from tallystick.values import party
from tallystick.values.names import countries, country_names
from tallystick.values.party import Party

Act = Literal["taken", "held", "left", "besieged", "siege broken", "contested", "divided"]
Spot = tuple[int, int]  # where a place is named, in code points


@dataclass(frozen=True, slots=True)
class Hold:
    """One verb of holding at ``[start, end)``, with the place named at ``spot`` and the holder.

    ``holder`` is who took, holds, left or besieges; ``None`` where the words do not tell. ``itself`` says
    that a pronoun stands for it: whoever speaks. ``part`` says that only a part of the place is meant.
    ``sides`` are the words for who holds which part, of a divided place. ``presupposed`` says that the words
    take it for granted ("rebel-held Minian"), whatever else the sentence says, wants or plans.
    """

    act: Act
    start: int
    end: int
    spot: Spot
    holder: Party | None = None
    itself: bool = False
    part: bool = False
    sides: str = ""
    presupposed: bool = False


_ACTIVE: Final[tuple[tuple[Act, str], ...]] = (
    ("contested", r"(?:fight(?:ing|s)?|fought|battl(?:e|es|ed|ing)|clash(?:es|ed|ing)?|struggl\w+|contest(?:ed|ing)?|vying|competing)(?: \w+){0,5}? for (?:the )?(?:full )?control (?:of|over)"),
    ("siege broken", r"(?:br(?:oke|oken|eaks?|eaking)|lift(?:ed|s|ing)?|end(?:ed|s|ing)?) (?:the |a |their |its )?(?:[\w’'-]+ ){0,2}?(?:siege|blockade|encirclement) (?:of|on|imposed on|around)"),
    ("besieged", r"(?:have |has |had )?besieg(?:ed|es?|ing)|(?:la(?:id|ys?|ying)|impos(?:ed|es|ing)) (?:a |the )?siege (?:to|on)|encircl(?:ed|es?|ing)|surround(?:ed|s)"),
    ("left", r"withdr(?:ew|awn?|aws|awing)(?: [\w’'-]+){0,3}? from|pull(?:ed|s|ing)?(?: [\w’'-]+){0,3}? (?:out of|back from|out from)|retreat(?:ed|s|ing)? from|abandon(?:ed|s|ing)?|lost (?:control (?:of|over))?|losing control (?:of|over)|(?:ceded|surrendered|handed over)(?: control of)?|(?:was|were|been) (?:driven|pushed|forced|ousted|expelled)(?: back)? (?:out of|from)"),
    ("taken", r"(?:(?:took|tak(?:en|es?|ing)|seiz(?:ed|es?|ing)|w[io]n|wrest(?:ed|ing)?|assum(?:ed|ing)) (?:back |over )?(?:(?:full|partial|complete|total) )?(?:control|possession|charge|hold) (?:of|over)|(?:re-?)?establish(?:ed|es|ing)? (?:its |their )?(?:(?:full|complete|total) )?control (?:over|of|in|on)|(?:re)?gain(?:ed|s|ing)? (?:back )?(?:(?:full|complete|total) )?control (?:of|over))"
     r"|captur(?:ed|es?|ing)|recaptur(?:ed|es?|ing)|seiz(?:ed|es?|ing)|retook|retak(?:en|es?|ing)|overr[au]n|overrunning|occup(?:ied|ies|y|ying)|conquer(?:ed|s|ing)?|liberat(?:ed|es?|ing)|reclaim(?:ed|s|ing)?|w[io]n(?:s|ning)? back|(?:took|taken?|takes|taking)(?: back| over)?"),
    ("held", r"(?:is|are|was|were|been|be|remain(?:s|ed)?) (?:still |now |fully )?in (?:full |total )?control of|(?:hold|holds|held|holding)(?: on ?to)?|control(?:s|led|ling)?(?! of| over)"),
)  # fmt: skip
_BE = r"(?:is|are|was|were|be|been|being|remain(?:s|ed|ing)?)"
_ADVERB = r"(?:(?:[a-z]+ly|still|now|again|since|almost|already|in part|once|not|never|never been) ){0,3}"
_PASSIVE: Final[tuple[tuple[Act, str], ...]] = (
    ("divided", rf"(?:{_BE} )?{_ADVERB}(?:divided|split) between"),
    ("besieged", rf"(?:{_BE} )?{_ADVERB}under (?:[\w’'-]+ ){{0,2}}?(?:siege|blockade)(?: (?:by|of)\b)?|{_BE} {_ADVERB}(?:besieged|encircled|surrounded)(?: by\b)?"),
    ("taken", rf"(?:fell|fallen|falls|fall) (?:back )?(?:to|into the hands of|under the control of)|{_BE} {_ADVERB}(?:captured|recaptured|seized|retaken|overrun|occupied|conquered|liberated|taken(?! to\b| out\b| for\b| part\b| place\b| into\b| hostage| prisoner))(?: back| over)?(?: by\b| from\b)?"),
    ("held", rf"(?:{_BE} )?{_ADVERB}(?:in the hands of|under the (?:full |total )?(?:control|rule) of|(?:held|controlled|ruled|dominated) by)|{_BE} {_ADVERB}under (?:[\w’'-]+ ){{1,3}}?(?:control|rule)"),
    ("contested", rf"{_BE} {_ADVERB}(?:contested|disputed)"),
)  # fmt: skip
_HELD_BY = re.compile(
    r"\b(?:(?P<holder>[\w’'.]+(?: [A-Z][\w’'.]+)?)-|(?P<side>(?:[Rr]ebel|[Oo]pposition|[Gg]overnment|[Rr]egime|[Mm]ilitant|[Jj]ihadist|[Ii]nsurgent)) )"
    r"(?P<how>held|controlled|ruled|occupied|besieged)\b\s+"
)
_PARTS_OF = re.compile(
    r"\b(?:areas?|parts?|neighbou?rhoods?|quarters?|districts|suburbs?|outskirts|sides?|half|countryside|territor\w+|villages|towns)\s+(?:of|in|around|near)\b",
    re.I,
)
_BACKED = re.compile(
    r"(?:[-–—,]|\bwhich (?:is|are)) (?:\w+ )?(?:backed|supported|aided|led|assisted|helped|covered) by [^–—,]{1,80}?(?: - |[,–—])"
)
_BESIEGED = re.compile(r"\bbesieged\b\s+", re.I)


def _verbs(table: tuple[tuple[Act, str], ...]) -> re.Pattern[str]:
    return re.compile(
        "|".join(f"(?P<{act.replace(' ', '_')}>\\b(?:{words})\\b)" for act, words in table), re.I
    )


_DOES, _DONE = _verbs(_ACTIVE), _verbs(_PASSIVE)

_FEATURE = (
    r"town|towns|city|cities|village|villages|district|districts|neighbou?rhoods?|quarters?|suburbs?|areas?|province|region|governorate|"
    r"camp|base|bases|air ?base|airport|road|highway|bridge|crossing|checkpoints?|hills?|hilltops?|heights?|mountains?|ridge|valley|plain|"
    r"farms?|positions?|ground|territor(?:y|ies)|land|swathes?|strongholds?|enclave|pocket|outskirts|edges?|countryside|cent(?:re|er)|heart|"
    r"capital|port|junction|prison|hospital|school|station|factory|dam|oilfields?|fields?|front|fronts|frontlines?|axis|blocks?|buildings?|streets?"
)
_OF_PART = re.compile(
    r"\b(?:parts?|some|several|most|much|half|many|almost|nearly|ground|hill|hills|hilltops?|heights?|positions?|areas|territor\w+|swathes?|"
    r"outskirts|edges?|buildings?|blocks?|streets?|farms?|checkpoints?|a foothold|in|near|around|\d+)\b",
    re.I,
)
_BESIDE = re.compile(r"(?<!the )\b(?:north|south|east|west)[a-z-]* of\b", re.I)
# Between a verb and the name of a place: what belongs to the name, and nothing that is itself held or taken.
_LEADS = re.compile(
    rf"\s+(?:(?:the|a|an|its|their|all|most|much|half|parts?|some|several|many|large|small|whole|entire|rest|remaining|last|almost|nearly|"
    rf"of|in|near|around|on|over|and|control|key|strategic|nearby|neighbou?ring|adjacent|besieged|former|border|{_FEATURE}|"
    rf"(?:north|south|east|west)(?:-?(?:east|west))?(?:ern)?|central|[\w’'-]+-(?:held|controlled|run|besieged)|\d+|one|two|three|four|five|ten|dozens)\s+){{0,9}}",
    re.I,
)
_LETTER = r"[A-Z\u00c0-\u00de\u0100-\u017f]"
_NAME = re.compile(
    rf"(?:(?:al|el|ad|ar|as|ash|at|az|an)[- ])?{_LETTER}[\w’'ʿʾ-]*(?: (?:(?:al|el|ad|ar|as|ash|at)-)?{_LETTER}[\w’'ʿʾ-]*){{0,3}}"
)
_NO_PLACE = re.compile(
    r"\b(?:Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday|January|February|March|April|May|June|July|August|September|October|"
    r"November|December|President|Minister|General|Colonel|I|We|They|He|She|It|The|A|An)\b"
)
# A subject that is told to be held or taken, and is no ground.
_NO_GROUND = re.compile(
    r"\b(?:meetings?|talks|sessions?|conference|summit|votes?|ballots?|elections?|rall(?:y|ies)|funerals?|hostages?|captives?|prisoners?|"
    r"soldiers?|fighters?|militants?|civilians|people|men|women|children|journalists?|residents|members?|weapons?|tanks?|vehicles?)\b",
    re.I,
)
_CLAUSE = re.compile(
    r"[.;:!?]\s|\b(?:but|while|after|before|when|whereas|although|as|where|because|who|that|said|says)\b",
    re.I,
)
_WITH = re.compile(
    r"\b(?:by|from|against|with|alongside|of|over|around|near|in|to|for)\s+(?:the\s+|an?\s+)?(?:[a-z’'-]+\s+){0,2}(?:[\w’'-]+-backed\s+)?$"
)
_IN = re.compile(r"\b(?:in|at|near|from|around|outside|inside|of|to|over|into|towards?)\s+(?:the\s+)?$", re.I)
_OF_FEATURE = re.compile(rf"\b(?:{_FEATURE})\s+(?:of|in)\s+(?:the\s+)?$", re.I)
_ITSELF = re.compile(
    r"\b(?:it|they|we|(?:its|their|our)(?: \w+)? (?:forces|troops|fighters|men|soldiers|army|units))(?:\s+\w+){0,2}\s*$",
    re.I,
)
_TO_PEOPLE = re.compile(r"\s+(?:[\w’'-]+\s+){0,2}?by\s+(?:the\s+|an?\s+)?", re.I)
# "Captured Adel Ramis, a commander": a person.
_PERSON = re.compile(
    r",? (?:who\b|(?:a|an|the|its|his|their)(?: [\w’'-]+){0,3} (?:commander|leader|officer|chief|spokesman|fighter|journalist|pilot|member)\b|, \d\d\b)"
)
_NOMINAL = re.compile(r"(?:ing(?: \w+)?|\b(?:the|its|their|a|any) \w+)$", re.I)
_NOT_YET = re.compile(r"\b(?:would|could|will|may|might|is to|are to|remains?|is essential|is key)\b", re.I)
_FAR = 70  # code points between a verb and its holder or its place


@lru_cache(maxsize=512)
def read(words: str, spots: tuple[Spot, ...] = ()) -> tuple[Hold, ...]:
    """Every verb of holding in ``words`` (a sentence) that has a place, in order, none overlapping.

    ``spots`` are where places are known to be named; a capitalised name that stands where the grammar
    wants a place is one, too, unless it is a party.
    """
    if not may_tell(words):
        return ()
    parties = list(party.read(words))
    sides = [(start, end) for start, end, each in parties if each.name.lower() not in country_names()]
    known = sorted(
        spot
        for spot in spots
        if not any(_over(spot, side) for side in sides) and not _is_country(words[spot[0] : spot[1]])
    )
    found = [*_passive(words, parties, known), *_adjectives(words, parties, known)]
    found += [
        one
        for one in _active(words, parties, known)
        if not any(one.start < each.end and each.start < one.end for each in found)
    ]
    return tuple(sorted(found, key=lambda one: (one.start, one.end)))


def may_tell(words: str) -> bool:
    """Whether ``words`` have any verb of holding: quick, to pass over the most that have none."""
    return any(pattern.search(words) for pattern in (_DOES, _DONE, _HELD_BY, _BESIEGED))


def _act(match: re.Match[str]) -> Act:
    return (match.lastgroup or "").replace("_", " ")  # type: ignore[return-value]


def _active(words: str, parties: list[tuple[int, int, Party]], spots: Sequence[Spot]) -> Iterator[Hold]:
    for verb in _DOES.finditer(words):
        lead = _LEADS.match(words, verb.end())
        if lead is None or _BESIDE.search(lead[0]) or (verb[0][0].isupper() and verb.start()):
            continue  # "villages south of Minian" are not Minian; a verb in capitals is part of a name
        spot = _named_at(words, lead.end(), spots, parties)
        if spot is None:
            continue
        holder, itself = _before(words, verb.start(), parties)
        if holder is None and not itself and _act(verb) == "held":
            continue  # held by nobody told: "held Minian" tells of no holder
        if holder is None and verb[0].lower().startswith(("surround", "encircl")):
            continue  # trees may surround a place
        if _NOMINAL.search(words[: verb.end()]) and _NOT_YET.search(words, spot[1], spot[1] + _FAR):
            continue  # "capturing Minian would be a victory": nothing has been told to happen
        between = words[verb.end() : spot[0]]
        yield Hold(_act(verb), verb.start(), verb.end(), spot, holder, itself, bool(_OF_PART.search(between)))


def _passive(words: str, parties: list[tuple[int, int, Party]], spots: Sequence[Spot]) -> Iterator[Hold]:
    for verb in _DONE.finditer(words):
        spot = _subject(words, verb.start(), spots)
        if spot is None or _NO_GROUND.search(words[spot[1] : verb.start()]):
            continue
        if _act(verb) == "divided":
            end = min((m.start() for m in [_STOP.search(words, verb.end())] if m), default=len(words))
            yield Hold("divided", verb.start(), verb.end(), spot, sides=words[verb.end() : end].strip(" ,"))
            continue
        holder = _after(words, verb.end(), parties) or _inside(verb, parties)
        begin = words[spot[1] : verb.start()]
        before = words[max(0, spot[0] - 24) : spot[0]]
        yield Hold(
            _act(verb), verb.start(), verb.end(), spot, holder,
            part=bool(_OF_PART.search(re.sub(r"\b(?:in|near|around)\b", "", before)) or re.search(r"\b(?:mostly|mainly|partly|partially|almost|largely|in part)\b", begin + verb[0], re.I)),
        )  # fmt: skip


_STOP = re.compile(r"[.;!?]|,? (?:since|after|for|while|when|which|who|as)\b|$")


def _adjectives(words: str, parties: list[tuple[int, int, Party]], spots: Sequence[Spot]) -> Iterator[Hold]:
    """ "Rebel-held Minian", "besieged Minian"."""
    for match in _HELD_BY.finditer(words):
        spot = _led(words, match.end(), spots, parties)
        act: Act = "besieged" if match["how"] == "besieged" else "held"
        here = match.span("holder") if match["holder"] else match.span("side")
        holder = next((each for start, end, each in parties if _over((start, end), here)), None)
        holder = holder or _called(words[here[0] : here[1]])
        if spot and holder:
            part = bool(_PARTS_OF.search(words, match.end("how"), spot[1]))
            yield Hold(act, match.start(), match.end("how"), spot, holder, part=part, presupposed=True)
    for match in _BESIEGED.finditer(words):
        spot = _led(words, match.end(), spots, parties)
        if spot and _BEFORE_A_NOUN.search(words, 0, match.start()):
            part = bool(_PARTS_OF.search(words, match.end(), spot[1]))
            yield Hold(
                "besieged", match.start(), match.start() + len("besieged"), spot, part=part, presupposed=True
            )


# "In besieged Minian", "of the besieged town": else it is the verb, and has a subject.
_BEFORE_A_NOUN = re.compile(
    r"(?:^|[,;(—–“\"-]\s*|\b(?:the|a|of|in|into|from|to|for|at|on|near|around|and|reach|leave|leaving|entered|enter|its|their)\s+)$",
    re.I,
)


def _led(words: str, at: int, spots: Sequence[Spot], parties: list[tuple[int, int, Party]]) -> Spot | None:
    lead = _LEADS.match(words, at - 1)
    return _named_at(words, lead.end(), spots, parties) if lead else None


def _called(word: str) -> Party | None:
    """Who holds, in the form that a hyphen leaves of it: "rebel-held" is held by rebels; "group-held" by nobody known."""
    heard = [each for _, _, each in party.read(f"{word} forces")]
    return heard[0] if heard else Party(word, word) if word[:1].isupper() else None


def _over(one: Spot, other: Spot) -> bool:
    return one[0] < other[1] and other[0] < one[1]


def _named_at(
    words: str, at: int, spots: Sequence[Spot], parties: list[tuple[int, int, Party]]
) -> Spot | None:
    """The place that is named at ``at``: one that is known, else a capitalised name that is no party."""
    for spot in spots:
        if spot[0] <= at < spot[1]:
            return spot
    name = _NAME.match(words, at)
    if (
        name is None
        or _NO_PLACE.search(name[0])
        or _is_country(name[0])
        or len(name[0]) < 3
        or name[0].isupper()
    ):
        return None
    if any(_over(name.span(), (start, end)) for start, end, _ in parties) or _PERSON.match(words, name.end()):
        return None
    return name.span()


def _subject(words: str, at: int, spots: Sequence[Spot]) -> Spot | None:
    """The known place that is the subject of a verb at ``at``: right before it, and nothing is put in it."""
    for spot in reversed([spot for spot in spots if spot[1] <= at]):
        between = words[spot[1] : at]
        if len(between) > 30 or not re.fullmatch(
            rf"(?:,? (?:which|that))?(?:,|\s+(?:{_FEATURE}|has|have|had|not|never|now|still|mostly|mainly|almost|largely|entirely|completely|partly|again|itself|and|also))*\s*",
            between, re.I,
        ):  # fmt: skip
            return None
        lead = words[max(0, spot[0] - 40) : spot[0]]
        return None if _IN.search(lead) and not _OF_FEATURE.search(lead) else spot
    return None


def _is_country(name: str) -> bool:
    """Whether a name is of a country or its people, an apostrophe lost or not ("Syrias")."""
    return name.lower() in countries() or name.lower().removesuffix("s") in countries()


def _before(words: str, at: int, parties: list[tuple[int, int, Party]]) -> tuple[Party | None, bool]:
    """The subject of an active verb at ``at``, or whether a pronoun stands for it; a backer is not the subject."""
    words = _BACKED.sub(lambda aside: " " * len(aside[0]), words[:at])
    breaks = [match.end() for match in _CLAUSE.finditer(words, max(0, at - 160), at)]
    first = max(breaks, default=0)
    if _ITSELF.search(words, max(first, at - 40)):
        return None, True
    for start, end, each in reversed(parties):
        is_near = end <= at and start >= first and at - end <= 2 * _FAR and words[start:end].strip()
        if is_near and not _WITH.search(words[:start]):
            return each, False
    return None, False


def _after(words: str, at: int, parties: list[tuple[int, int, Party]]) -> Party | None:
    """Who follows a passive verb that ends at ``at`` with "by", "to" or "of", or behind a later "by"."""
    if not re.search(r"\b(?:by|to|of)$", words[:at], re.I):
        by = _TO_PEOPLE.match(words, at)
        if by is None:
            return None
        at = by.end()
    near = [(start, each) for start, _, each in parties if 0 <= start - at <= 25]
    return near[0][1] if near else None


def _inside(verb: re.Match[str], parties: list[tuple[int, int, Party]]) -> Party | None:
    """Who stands within the verb: "under opposition control"."""
    return next((each for start, end, each in parties if verb.start() <= start and end <= verb.end()), None)
