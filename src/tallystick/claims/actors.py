"""Whose deed it is said to be: parties in the roles that one sentence gives them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from tallystick.claims.lexicon import CLAIMED, DENIAL, HEDGE
from tallystick.values import party
from tallystick.values.names import countries, country_names
from tallystick.values.party import Party

_DEED = (
    r"air[- ]?(?:strikes?|raids?|campaign)|airstrikes?|raids?|strikes?|bomb(?:ings?|ardments?|s)?|shelling|shells?|rockets?|mortars?|missiles?|artillery|attacks?|"
    r"assaults?|offensive|fire|warplanes?|war planes|jets|planes|aircraft|helicopters?|barrel bombs?|drones?|ambush|snipers?|suicide|car bomb\w*"
)
_DID = (
    r"killed|kill|wounded|injured|bombed|shelled|struck|strike|hit|targeted|attacked|launched|carried out|conducted|fired|dropped|destroyed|seized|captured|kidnapped|abducted|"
    r"detonated|executed|beheaded|ambushed|stormed|pounded|pounding|bombarded|raided|opened fire|shot|blew|eliminated|repelled|foiled|continued|have been|managed|clashed|took"
)
_TO_DEED = re.compile(rf"^[’']?s?\s*(?:[\w-]+\s+){{0,2}}?(?:{_DEED})\b", re.I)
_TO_DID = re.compile(
    rf"^(?:\s+(?:also|then|have|has|had|on|\w+day|overnight|later|units?|forces|fighters|militants|terrorists|groups?|members|positioned|stationed|troops|soldiers|warplanes|supported|backed|from|by|in|at|the|air|[A-Z][\w-]+|and|allied|militia|earlier|reportedly|early)){{0,7}}\s+(?:{_DID})\b"
)
# What somebody says a party did not do.
_DID_NOT = re.compile(
    rf"^[’']?s?(?:\s+[A-Z][\w’'-]*){{0,3}}\s+(?:(?:did|has|have|had)\s+(?:not|never)|(?:did|has|have|had)n[’']t|never)\s+(?:\w+ly\s+)?(?:{_DID}|open(?:ed)? fire|shell|bomb|attack|fire|carry out|conduct|target|launch)\b",
    re.I,
)
_BY = re.compile(
    r"\b(?:by|blamed on|attributed to|responsibility of|accus(?:ed|es|ing)|blam(?:ed|es|ing)|carried out by|launched by|fired by)\s+(?:(?:the|an?|suspected|some|its|several)\s+)*(?:[\w-]+\s+)?$",
    re.I,
)
_AGAINST = re.compile(
    r"\b(?:against|with|targeting|targeted|between .{0,40}\band|killed|killing|eliminated|positions of|gatherings of|on|fighting|from)\s+(?:(?:the|an?|some|many|several|of|dozens|at least|more than|about|\d+|positions|hideouts|gatherings|groups|headquarters|\w+)\s+){0,3}$",
    re.I,
)
# "Neither side claimed responsibility", "did not deny": nobody claims or denies
_NOBODY = re.compile(
    r"\b(?:no|not|neither|nor|never|none|nobody|without|yet to|fail(?:s|ed)? to|declin(?:es|ed) to|refus(?:es|ed) to|n[’']t)\b[^,;.]{0,60}$|n[’']t\s[^,;.]{0,40}$",
    re.I,
)
_DEED_DONE = re.compile(rf"\b(?:{_DID})\b", re.I)
_SAYS = re.compile(
    r"\b(?:said|says|saying|reported|reports|told|added|announced|confirmed|claimed|stated|according to)\b",
    re.I,
)
# Who accuses: not "rebels accused of it", "the army blamed for it", whose deed it is said to be.
_ACCUSES = re.compile(
    r"(?:[’']s?)?(?:\s+(?:has|have|had|also|again|later|quickly|immediately|jointly|in turn|(?:on\s+)?\w+day"
    r"|spokes\w+|officials?|leaders?|commanders?|activists|media|forces|troops|fighters|ministry|government|army))*"
    r"\s+(?:accus(?:e|es|ed|ing)\s+(?!of\b|by\b)|blam(?:e|es|ed|ing)\s+(?!for\b|on\b|by\b))",
    re.I,
)
_ACCUSED = re.compile(
    r"(?P<verb>\b(?:accus(?:e|es|ed|ing)|blam(?:e|es|ed|ing)))\s+(?:(?:the|an?|some|its|several|suspected)\s+)*"
    r"(?:(?!by\b|of\b|for\b|on\b|against\b|that\b|and\b)[\w-]+\s+){0,2}$",
    re.I,
)
# "No one accused the army", "stopped short of blaming it".
_NOT_ACCUSED = re.compile(
    r"\b(?:no|no ?one|nobody|none|neither|nor|never|not|without|refus\w+ to|declin\w+ to|stopp?(?:s|ed)? short of)\b"
    r"[^.;]{0,40}$|n[’']t\s[^.;,]{0,30}$",
    re.I,
)
# Of the deed itself, in a few words more or less; not of failing to stop it, of ignoring, hiding or using it.
_OF_A_DEED = re.compile(
    r"\s*(?:[\w’'-]+\s+){0,3}?(?:of|for)\s+(?:(?!fail|ignor|overlook|neglect|stop|halt|prevent|hid|conceal|cover|deny|allow|delay"
    r"|exploit|obstruct|block|lying|using|plan|prepar|threat|support|fund|financ|arm)[\w’'-]+\s+){0,6}?"
    rf"(?:{_DEED}|{_DID}|killings?|deaths?|explosions?|blasts?|massacres?|targeting|firing|hitting|striking|shooting|burning)\b"
    r"(?![^.;]{0,40}?\b(?:last (?:year|month)|years? ago|months? ago|in (?:19|20)\d\d)\b)",
    re.I,
)
_CLASH = re.compile(r"\bclash|\bfight|\bbattle|\boffensive|\bassault|\bambush|\brepel|\badvanc", re.I)


@dataclass(frozen=True, slots=True)
class Deed:
    """A party in a role, at ``[start, end)`` of its sentence; ``hedged`` where the wording doubts it."""

    start: int
    end: int
    party: Party
    role: Literal["perpetrator", "opponent", "claimant"]
    stance: Literal["stated", "suspected", "claimed", "denied"]


def read(sentence: str, resolve: dict[str, str]) -> list[Deed]:
    """The deeds that ``sentence`` ascribes. ``resolve`` maps a bare word to the document's fuller name."""
    out: list[Deed] = []
    seen: set[tuple[str, str, str]] = set()
    hedged = bool(HEDGE.search(sentence))
    denial, claim = DENIAL.search(sentence), CLAIMED.search(sentence)
    found_here = list(party.read(sentence))
    denies, claims = _subject(found_here, sentence, denial), _subject(found_here, sentence, claim)
    for start, end, found in found_here:
        name = resolve.get(found.key, found.name)
        words = sentence[start:end]
        before, after = sentence[max(0, start - 60) : start], sentence[end : end + 90]
        role: Literal["perpetrator", "opponent", "claimant"] | None = None
        stance: Literal["stated", "suspected", "claimed", "denied"] = "suspected" if hedged else "stated"
        if denial and start == denies:
            role, stance = "perpetrator", "denied"
        elif claim and start == claims:
            role, stance = "claimant", "claimed"
        elif _DID_NOT.match(after):
            role, stance = "perpetrator", "denied"
        elif (
            _BY.search(before)
            or re.search(rf"(?:{_DEED})$", words, re.I)
            or (_TO_DEED.match(after) and not re.search(r"\b(?:on|against)\s+(?:the\s+)?$", before))
            or _TO_DID.match(after)
        ):
            role = "perpetrator"
        elif _CLASH.search(sentence) and _AGAINST.search(before):
            role = "opponent"
        if words.lower() in country_names() and re.search(r"\b(?:in|across|inside|over|into)\s+$", before):
            continue  # "in Syria air strike": where, not whose
        if role is None or re.search(r"-(?:held|controlled|run|backed)\b", after[:12]):
            continue
        key = (name, role, stance)
        if key not in seen:
            seen.add(key)
            out.append(Deed(start, end, Party(name, words), role, stance))
    return out


def _subject(parties: list[tuple[int, int, Party]], sentence: str, verb: re.Match[str] | None) -> int | None:
    """Where the party begins that is the subject of ``verb``: the first before it in its clause, appositions passed over."""
    if verb is None or _NOBODY.search(sentence[: verb.start()]):
        return None
    clause = max(
        (m.end() for m in re.finditer(r"[;.“”\"]\s|\b(?:but|while|and)\s", sentence[: verb.start()])),
        default=0,
    )
    before = [(start, end) for start, end, _ in parties if clause <= start and end <= verb.start()]
    if before and _SAYS.search(sentence, before[0][1], before[-1][0]):
        before = before[-1:]  # "Rebels said that the army denied it": the army did
    if before and _DEED_DONE.search(sentence, before[0][1], verb.start()):
        return None  # "Rebels killed four, a claim that the army denied": another verb is theirs
    return before[0][0] if before and verb.start() - before[0][0] <= 120 else None


def accuses(text: str, end: int) -> bool:
    """Whether the party that ends at ``end`` is told to accuse somebody: its word, and not its deed."""
    return _ACCUSES.match(text, end, end + 120) is not None


def accused(text: str, start: int) -> bool:
    """Whether the party that begins at ``start`` is told to be accused, by somebody, of whatever."""
    before = text[max(0, start - 140) : start]
    told = _ACCUSED.search(before)
    return told is not None and _NOT_ACCUSED.search(before[: told.start("verb")]) is None


def charged(text: str, start: int, end: int) -> bool:
    """Whether the party at ``[start, end)`` is told to be accused of a deed of harm."""
    return accused(text, start) and _OF_A_DEED.match(text[end : end + 120]) is not None


def fuller_names(text: str) -> dict[str, str]:
    """Bare words of a document to the fuller name that the same document gives.

    "the regime" is the Syrian government where the text names one government only, and so is what
    "Syria" or "Syrian warplanes" did; where it names several, the bare word stays. "Terrorists" are
    the "terrorist organizations" of the same text: one party under the fullest of its names.
    """
    told: dict[str, int] = {}
    for _, _, found in party.read(text):
        told[found.name] = told.get(found.name, 0) + 1
    out: dict[str, str] = {}
    for bare in ("government", "rebels", "army", "air force"):
        name = _leading({n: c for n, c in told.items() if n.endswith(f" {bare}")})
        if name:
            out[Party(bare).key] = name
    for name in told:
        if name.endswith(" government"):
            adjective = name.removesuffix(" government")
            land = countries().get(adjective.lower())
            if land:
                out[Party(land).key] = name
    fuller = [name for name in told if name.lower().startswith("terrorist ")]
    if fuller:
        out[Party("terrorists").key] = max(fuller, key=lambda name: (told[name], name))
    return out


def _leading(table: dict[str, int]) -> str | None:
    """The name that is told at least twice as often as any other."""
    ranked = sorted(table, key=lambda n: (-table[n], n))
    if ranked and (len(ranked) == 1 or table[ranked[0]] >= 2 * table[ranked[1]]):
        return ranked[0]
    return None
