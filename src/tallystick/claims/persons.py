"""Persons told without a number: "Judge Marta Diaz was shot dead", "its pilot died", "another was wounded".

Only wording that says what befell them makes a count of one of them.
Plain English of reporting; no names are listed, but words that a person's name does not hold.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

_UPPER = r"[A-Z\u00c0-\u00de\u0400-\u042f]"
_CAP = rf"(?<![\w’'-])(?:(?:al|el|ad|as|ash|at)-|(?:al|bin|ibn|abu|umm|de|del|la|da|dos|van|von|der|ul|ur|y)[- ])*{_UPPER}[\w’'-]*\.?"
_NAME = rf"{_CAP}(?:\s+{_CAP}){{0,5}}"
_TITLES = (
    r"mr|mrs|ms|dr|judge|justice|magistrate|mayor|minister|president|senator|deputy|congress(?:man|woman)|governor|prosecutor|"
    r"general|gen|colonel|col|lieutenant|lt|major|maj|captain|capt|sergeant|sgt|sub-?sergeant|corporal|cpl|private|pvt|constable|"
    r"inspector|superintendent|officer|commander|admiral|marshal|trooper|father|bishop|archbishop|priest|pastor|imam|sheikh|mullah|maulana|maulvi|cleric|"
    r"journalist|reporter|correspondent|photographer|cameraman|editor|doctor|nurse|professor|teacher|engineer|anthropologist|lawyer|"
    r"activist|leader|businessman|businesswoman|ambassador|consul|envoy|candidate|secretary|director|emir|sarpanch|councillor|"
    r"soldier|militant|fighter|policeman|guard|bodyguard|driver|aide|son|daughter|brother|sister|wife|husband|father|mother|member|cadre"
)
_TITLE = re.compile(rf"^(?:{_TITLES})\.?$", re.I)
_NOUN = (
    rf"(?:{_TITLES}|passer-?by|bystander|watchman|caretaker|cook|operator|man|woman|boy|girl|child|pilot|co-pilot|assassin|attacker|"
    r"bomber|terrorist|guerrilla|rebel|gunman|suspect|hostage|peasant|farmer|student|worker|employee|civilian|resident|villager|trader|"
    r"merchant|shopkeeper|owner|politician|official|spokesman|envoy|monk|nun|cleric|tourist|contractor|sniper|service ?member)"
)
# Whoever is called "the pilot" was told of before, and is counted there.
_DESCRIBED = rf"(?:an?|another|his|her|their|its)\s+(?:(?!(?:of|in|and|or|who|that|was|were|is|by|to|from)\b)[\w’'-]+\s+){{0,3}}?{_NOUN}"
_WHO = rf"(?P<name>{_NAME})|(?P<described>\b(?i:{_DESCRIBED}|another|a (?:second|third)|the other))"

_KILLED = (
    r"(?:(?:shot|stabbed|hacked|beaten|burn(?:ed|t)|stoned|tortured) (?:and killed|to death|dead)|gunned down|found dead|killed|slain|murdered|"
    r"assassinated|executed|beheaded|lynched|martyred)"
)
_WOUNDED = r"(?:wounded|injured|hurt)"
_TAKEN = r"(?:kidnapped|abducted|taken (?:hostage|captive|prisoner)|detained)"
_ADVERB = r"(?:(?:also|later|reportedly|allegedly|apparently|fatally|seriously|critically|slightly|badly|lightly|then)\s+){0,2}"
_PASSIVE = rf"(?:was|is|has been|had been|being|got)\s+{_ADVERB}"
# What befell whoever is named before it.
_AFTER = re.compile(
    rf"(?P<killed>{_PASSIVE}{_KILLED}|(?:has\s+|had\s+)?(?:died|succumbed to|perished|lost (?:his|her) life))\b"
    rf"|(?P<wounded>{_PASSIVE}{_WOUNDED})\b|(?P<captured>{_PASSIVE}{_TAKEN})\b"
)
_ASIDE = r"(?:\s*\([^()]{1,40}\)|,\s+(?:aged\s+)?\d{1,2}\s*,?|,\s+[^,.;:]{2,80},|,)?(?:,?\s+who)?"
_BEFORE = re.compile(rf"(?:{_WHO}){_ASIDE}\s+\Z")
# What befell whoever is named behind it.
_ACT = re.compile(
    r"\b(?:(?P<killed>(?:shot|stabbed|hacked|beat(?:en)?|burned) (?:and killed|to death|dead)|gunn(?:ed|ing) down|kill(?:ed|s|ing)|murder(?:ed|s|ing)|"
    r"assassinat(?:ed|es|ing)|execut(?:ed|es|ing)|behead(?:ed|s|ing)|lynch(?:ed|ing)|(?:murder|assassination|killing|slaying|execution|beheading|death) of)"
    r"|(?P<wounded>(?:wound|injur)(?:ed|ing)|(?:wounding|injury) of)"
    r"|(?P<captured>(?:kidnapp|abduct)(?:ed|ing)|(?:kidnapping|abduction) of))\s+"
)
_STOP = (
    r"in|on|at|and|by|with|near|when|while|after|before|during|as|from|to|of|who|that|which|along|for|outside|inside|yesterday|today|last|early|late|or|but|"
    r"over|under|because|this|is|was|were|has|had|him|her|them|himself|people|civilians"
)
# The words up to where a person's name or description must have ended: "Norwegian anthropologist Bruce Olson".
_PHRASE = re.compile(
    rf"(?:(?!(?:{_STOP})\b)(?:[A-Z]\.|[\w’'-]+)\s+){{0,9}}?(?!(?:{_STOP})\b)[\w’'-]{{2,}}(?=\s*(?:\Z|[,.;:()\"”—–])|\s+(?:{_STOP})\b)"
)
_OF_NAME = re.compile(
    rf"(?:(?:the|a|an|his|her|former)\s+)?(?:[a-z][\w-]*\s+){{0,4}}(?P<name>{_NAME})(?P<described>)(?!\s+[a-z]+s\b)"
)
_LAST = re.compile(rf"(?:{_WHO})\Z")
# No person is called so.
_NOT_A_PERSON = re.compile(
    r"\b(?:army|forces?|front|state|brigades?|battalion|division|regiment|movement|party|government|regime|police|guards|militia|islamic|"
    r"council|committee|ministry|union|nations|united|republic|agency|network|observatory|hospital|school|university|camp|street|road|river|city|town|"
    r"village|province|governorate|district|airport|base|square|mosque|church|market|bridge|mountains?|valley|north(?:ern)?|south(?:ern)?|"
    r"east(?:ern)?|west(?:ern)?|command|coalition|liberation|revolutionary|organi[sz]ation|association|company|corps|navy|troops|court|"
    r"newspaper|radio|television|tv|news|press|center|centre|embassy|operation|war|group|"
    r"\w+day|january|february|march|april|may|june|july|august|september|october|november|december)\b",
    re.I,
)
_FIRST = re.compile(
    r"^(?:The|On|In|At|As|When|While|After|Before|And|But|Also|An?|Its|His|Her|Their|Earlier|Later|Meanwhile|However|According|\w+day|"
    r"January|February|March|April|May|June|July|August|September|October|November|December),?$"
)
# "a nurse, Marta Dorr": who they are belongs to their name.
_WHAT = re.compile(
    rf"\b(?i:an?|another|one|his|her|their|its|former)\s+(?:[\w’'-]+\s+){{0,4}}?(?i:{_NOUN})(?:\s+(?!and\b|or\b)[\w’'-]+){{0,4}},?\s+(?:(?:called|named|known as|identified as)\s+)?\Z"
)
_NOT = re.compile(r"\b(?:not|nor|no)\s+(?:even\s+)?\Z", re.I)
_REACH = 160  # characters before and behind the words of harm that are looked at


def persons(sentence: str, masked: Sequence[tuple[int, int]] = ()) -> Iterator[tuple[int, int, str]]:
    """Each single person whom ``sentence`` says to have been killed, wounded or captured: where, and which.

    ``masked`` are spans (dates, numbers, parties, places) that name no person.
    """
    found: dict[int, tuple[int, int, str]] = {}
    for match in _AFTER.finditer(sentence):
        begin = max(0, match.start() - _REACH)
        who = _BEFORE.search(sentence[begin : match.start()])
        if who:
            _take(found, sentence, who, begin, match.lastgroup or "", masked)
    for match in _ACT.finditer(sentence):
        behind = sentence[match.end() : match.end() + _REACH]
        phrase = _PHRASE.match(behind)
        who = _LAST.search(phrase[0]) if phrase else None
        if who is None and match[0].split()[-1] == "of":
            who = _OF_NAME.match(behind)
        if who:
            _take(found, sentence, who, match.end(), match.lastgroup or "", masked)
    yield from sorted(found.values())


def _take(
    found: dict[int, tuple[int, int, str]],
    sentence: str,
    who: re.Match[str],
    shift: int,
    harm: str,
    masked: Sequence[tuple[int, int]],
) -> None:
    start, end = (shift + at for at in who.span("name" if who["name"] else "described"))
    if who["name"]:
        start = _named(sentence, start, end)
    if start < 0 or _NOT.search(sentence[:start][-12:]) or any(start < b and a < end for a, b in masked):
        return
    found.setdefault(end, (start, end, harm))


def _named(sentence: str, start: int, end: int) -> int:
    """Where the person named in ``[start, end)`` begins, with titles and what they are; -1 where nobody is."""
    words = [(start + m.start(), m[0]) for m in re.finditer(r"\S+", sentence[start:end])]
    while words and _FIRST.match(words[0][1]):
        words.pop(0)
    for n in range(len(words), 0, -1):  # "Navy Chief Petty Officer Scott Dayton": from behind what is no name
        if _NOT_A_PERSON.search(words[n - 1][1]):
            words = words[n:]
            break
    if not words:
        return -1
    before = re.findall(r"\S+", sentence[max(0, words[0][0] - 40) : words[0][0]])
    titled = (len(words) > 1 and _TITLE.match(words[0][1])) or (before and _TITLE.match(before[-1]))
    if not titled and len(words) < 2:
        return -1
    begin = max(0, words[0][0] - _REACH)
    what = _WHAT.search(sentence[begin : words[0][0]])
    return begin + what.start() if what else words[0][0]
