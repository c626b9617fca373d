"""Parties: armed actors, governments, agencies and monitors, under the names that texts give them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache

from tallystick.values.agreement import Verdict
from tallystick.values.names import alike, countries, country_names, country_words, fold
from tallystick.values.parties.base import STATE, Entry, base
from tallystick.values.parties.register import basic


@dataclass(frozen=True, slots=True)
class Party:
    """A party under its usual name, with the words that named it here."""

    name: str
    words: str | None = None

    def __str__(self) -> str:
        return self.name

    @property
    def key(self) -> str:
        """The folded name: equal keys are one party. "Terrorist groups" are the terrorists."""
        return _key(self.name)

    def relation(self, other: Party) -> Verdict:
        """How two parties stand to each other by the base and, where it does not know both, by their wording.

        ``agree`` one party, or like names; ``compatible`` one is part of the other, came out of it, or
        both are of one government; ``conflict`` a state's arm against irregulars; ``unknown`` else.
        Without a day, ties of any time count: ``Parties.relation`` takes a day and tells the reason.
        """
        if (told := basic().relation(self.name, other.name)) is not None:
            return told.verdict
        if alike(self.name, other.name) or self.key == other.key:
            return Verdict.AGREE
        sides = {self.side, other.side}
        return Verdict.CONFLICT if sides == {"state", "irregular"} else Verdict.UNKNOWN

    @property
    def side(self) -> str | None:
        """``state`` or ``irregular``, by the base; for a name that it does not know by the wording.

        An army may be a rebel group's own name: only where nobody is listed does the last word tell. A
        group that is part of or allied with a government is of neither side. ``None`` where nothing tells.
        """
        entry = self.entry
        if entry is not None:
            return "state" if entry.sort in STATE else "irregular" if _rebels(entry) else None
        words = self.key.split()
        if self.name.lower() in country_names() or words[-1:] in (["government"], ["army"]):
            return "state"
        return "irregular" if re.fullmatch(_IRREGULAR, " ".join(words[-1:]), re.I) else None

    @property
    def entry(self) -> Entry | None:
        """The one party of the base that has this very name; ``None`` where none or several have."""
        return _entry(self.name)


@lru_cache(maxsize=65536)
def _key(name: str) -> str:
    return _GROUPED.sub(r"\1s", fold(name))


@lru_cache(maxsize=65536)
def _entry(name: str) -> Entry | None:
    found = basic().one(name, kinds=("letters",))
    return found.entry if found else None


def _rebels(entry: Entry) -> bool:
    """Whether it is an armed group that reports call rebels, militants or worse."""
    if entry.sort not in ("armed group", "militia", "coalition"):
        return False
    above = (_entry(tie.to) for tie in entry.ties if tie.kind in ("part of", "allied with"))
    bound = any(each is not None and each.sort in ("government", "army") for each in above)
    return not bound and (entry.sort == "armed group" or len(entry.countries) == 1)


# As written, not in any case: a regular expression skips small letters quickly then.
_ADJECTIVE = "|".join(re.escape(word) for word in country_words() if word.lower() not in country_names())
_STATE = (
    r"government(?:al)?(?: forces| troops| army| soldiers| warplanes| jets| aircraft| helicopters)?|regime(?: forces| troops| army| soldiers"
    r"| warplanes| jets| aircraft| helicopters)?|army|military|armed forces|air force|navy|security forces|troops|forces|soldiers|warplanes|war planes|jets|aircraft"
    r"|helicopters|fighter jets|planes|bombers|drones|artillery|authorities|air ?strikes?|air raids?|raids?|shelling|bombardment|missiles?|strikes"
)
# An adjective of a people or country that no list holds, by its ending.
_NATION = r"[A-Z][a-z]+(?:ians?|ans?|ese|ish|ani|i)\b"
_IRREGULAR = (
    r"terrorist (?:groups?|organi[sz]ations?|gangs?)|rebel (?:groups?|factions?|fighters|forces)|militant groups?|jihadist groups?|"
    r"rebels?|insurgents?|militants?|terrorists?|jihadists?|extremists?|opposition(?: fighters| forces| factions)?|guerrillas?|gunmen|militia(?:s|men)?|separatists?"
    r"|armed groups?|paramilitar(?:y|ies)|fighters|assailants?|attackers?|assassins|suicide (?:bomb|attack)ers?"
    r"|hit ?men|cadres?|protesters|criminals|mercenaries|gangs?|cartels?|bandits|hijackers|kidnappers|drug traffickers|death squads?|rioters|mob"
)
# Capitalised words before "police" that name no place.
_NO_NAME = (
    r"(?:\w+day|The|An?|One|Two|Three|Four|Five|Six|Seven|Eight|Nine|Ten|Some|Several|Local|State|Both|When|While|After|Before|But|And|As|In|On|At|"
    r"For|By|If|Meanwhile|Earlier|Later|Then|His|Her|Its|Their|Our|January|February|March|April|May|June|July|August|September|October|November|"
    r"December)\b"
)
# Of whom no more is known than that they did it.
_UNKNOWN = r"\b(?i:unidentified|unknown|armed|masked|uniformed|hooded) (?:armed )?(?:men|man|individuals?|persons?|people|youths|civilians|subjects|groups?|elements)\b"
# The words for a group under arms with which names transliterated from Arabic begin.
_ARABIC = r"(?:Faylaq|Failaq|Liwaa?|Jaish|Jaysh|Jabhat|Harakat|Ansar|Ahrar|Jund|Kata[’']?ib|Katibat|Saraya|Suqo?u?r|Hizb|Asa[’']?ib|Tahrir|Firqat)"
_GROUPED = re.compile(
    r"\b(terrorist|militant|jihadist|insurgent|extremist|rebel)s? (?:groups?|organi[sz]ations?|gangs?|factions?)$"
)
_GROUP = r"(?:Front|Army|Forces?|Police|Tigers|Rifles|Cadres|Wing|Brigades?|Movement|Militia|Battalions?|Division|Legion|Guards?|Corps|Party|State|Units|Coalition|League|Column|Alliance|Regiment|Command|Brotherhood|Organi[sz]ation|Army of \w+|Resistance|Union)"
_UPPER = r"(?:(?:al|el|ash|an|ad)-)?[A-Z\u00c0-\u00de][\w’'-]{0,60}"
# Sorts of parties that a running text is not read for: outlets tell of deeds and do none.
_NOT_READ = frozenset(("court", "office"))
_WORD = re.compile(r"\w+")
_ON = re.compile(r"[\w-]")
_PATTERNS: tuple[tuple[str, str], ...] = (
    ("led", r"\b(?:[A-Z][\w.’'-]{0,60}-led|international|Arab) (?:\w+ )?(?:coalition|alliance|forces)\b"),
    (
        "state",
        rf"\b(?P<adj>{_ADJECTIVE}|{_NATION})(?:, (?P<adj1>{_ADJECTIVE}|{_NATION}),?(?= and| or))?(?:(?: and | or |/|-)(?P<adj2>{_ADJECTIVE}|{_NATION}|regime|government))? (?:(?!(?:government|regime|army|military)\b)\w+ )?(?P<arm>(?i:{_STATE}))\b",
    ),
    (
        "rebel",
        rf"\b(?:(?P<radj>{_ADJECTIVE})(?:-backed)? )?(?:(?:armed|Islamist|opposition|pro-government|Kurdish|Sunni|Shia|[A-Z][\w]{{0,40}}-backed) )?(?P<irr>(?i:{_IRREGULAR}))\b",
    ),
    ("named", rf"\b(?:{_UPPER} ){{1,4}}{_GROUP}\b(?: of [A-Z]\w+)?"),
    ("named", rf"\b{_ARABIC} (?:{_UPPER}(?: {_UPPER}){{0,2}})"),
    ("unknown", _UNKNOWN),
    (
        "arm",
        rf"\b(?:(?:defen[cs]e|interior) ministry|army|military|air force|(?:(?!{_NO_NAME})[A-Z]\w+ )?[Pp]olice(?: officers| forces?)?|[Ss]ecurity [Ff]orces)\b",
    ),
    (
        "bare",
        r"\b(?:[Pp]ro-)?(?:[Gg]overnment|[Rr]egime)(?: forces| troops| army| soldiers| warplanes| jets| aircraft| helicopters| air ?strikes?| shelling| raids?)?\b",
    ),
    ("named", r"\b[A-Z]\w+-(?:e|i|ul|ud|us|uz)-[A-Z]\w+\b"),  # "Jamaat-e-Islami"
    (
        "country",
        rf"\b(?P<land>{'|'.join(re.escape(w) for w in country_words() if w.lower() in country_names())})\b",
    ),
    (
        "acronym",
        r"\b[A-Z]{2,6}(?:-[A-Z]{2,6})?\b(?= (?:fighters|militants|forces|troops|jihadists|gunmen|positions|group|shelling|attack))",
    ),
)
# What may be a party, or an agency, or any word in capitals: initials, and the followers of something.
_PERHAPS = re.compile(
    r"\b[A-Z]{3,6}(?:-[A-Z]{2,6})?\b|\b(?!(?:Activ|Journal|Ins|Cons|Pers|Res|Ex|Tour|Scient|Art|Econom|Special)ists)[A-Z][a-z]{2,}(?:ists|ites)\b"
)


@cache
def known() -> dict[str, str]:
    """Other names, folded, to the usual name that their bearer in ``parties.tsv`` had in the time of that name."""
    return {fold(name.text): name.usual for entry in base() for name in entry.every if name.plain}


def usual(name: str) -> str:
    """The usual name of the party that ``name`` is another name for; itself where none is listed."""
    return known().get(fold(name), name)


@cache
def _starts() -> dict[str, tuple[str, ...]]:
    """The names that a running text is read for, as they are written, by their first word, the longest first."""
    names = {
        name.text
        for entry in base()
        if entry.sort not in _NOT_READ
        for name in entry.every
        if name.plain
        and not (entry.sort in STATE and any(pattern.search(name.text) for _, pattern in _COMPILED))
    }
    out: dict[str, list[str]] = {}
    for name in sorted(names, key=lambda each: (-len(each), each)):
        first = _WORD.search(name)
        if first and first.start() == 0:
            out.setdefault(first[0], []).append(name)
    return {first: tuple(named) for first, named in out.items()}


def _named_here(text: str) -> Iterator[tuple[int, int]]:
    """Where ``text`` has a name of the base, the longest at each place, none within another."""
    starts, end = _starts(), 0
    for word in _WORD.finditer(text):
        at = word.start()
        if at < end or (at and text[at - 1] == "-"):
            continue
        for name in starts.get(word[0], ()):
            stop = at + len(name)
            if text.startswith(name, at) and not _ON.match(text, stop):
                yield at, stop
                end = stop
                break


_COMPILED = tuple((name, re.compile(pattern)) for name, pattern in _PATTERNS)


# A word for the sort of group, which may stand before the group's own name.
_SORT = re.compile(
    r"(?i:paramilitary|rebel|militant|jihadist|insurgent|separatist|terrorist|opposition)(?: group)? (?=[A-Z])"
)


@lru_cache(maxsize=512)
def read(text: str) -> tuple[tuple[int, int, Party], ...]:
    """Every party that the wording of ``text`` shows, as (start, end, party), in order.

    "Syrian government forces" is the Syrian government, "Russian warplanes" is Russia; "X and Y
    warplanes" are two parties at the same words. Descriptions without a country ("the regime",
    "rebels") keep their own word.
    """
    taken: list[tuple[int, int, Party]] = []

    covered = bytearray(len(text))
    for start, end in _named_here(text):
        words = text[start:end]
        around = text[max(0, start - 30) : start] + text[end : end + 30]
        # A short form in capitals ("IS", "UN") is one only among words that are not all in capitals.
        if words.isupper() and len(words) <= 3 and around.isupper():
            continue
        covered[start:end] = b"\1" * (end - start)
        taken.append((start, end, Party(usual(words), words)))
    for name, pattern in _COMPILED:
        for match in pattern.finditer(text):
            start, end = match.span()
            if any(covered[start:end]):
                continue
            if name == "rebel" and (sort := _SORT.match(text, start)) and covered[sort.end()]:
                continue  # "the paramilitary Rapid Support Forces" are one party
            covered[start:end] = b"\1" * (end - start)
            words = match[0]
            here: list[str] = []
            if name == "state":
                arm, last = match["arm"].lower(), match["adj2"] or match["adj"]
                if match["adj2"]:  # "Russian and Syrian regime air strikes": the arm is the nearer one's
                    for first in filter(None, (match["adj"], match["adj1"])):
                        here.append(countries().get(first.lower(), first))
                here.append("government" if last in ("regime", "government") else _state(last, arm))
            elif name == "rebel":
                here.append(_irregular(match["radj"], match["irr"]))
            elif name == "bare":
                here.append("government")
            elif name == "arm":
                named = words if " " in words and "olice" in words else words.lower()
                here.append("army" if named in ("army", "military") else named)
            elif name == "country":
                here.append(countries()[match["land"].lower()])
            else:
                here.append(_named(words))
            taken.extend((start, end, Party(each, words)) for each in dict.fromkeys(here))
    return tuple(sorted(taken, key=lambda item: (item[0], item[2].name)))


def perhaps(text: str) -> Iterator[tuple[int, int, Party]]:
    """Words of ``text`` that may name a party where no wording shows that they do: "FMLN", "Maoists"."""
    for match in _PERHAPS.finditer(text):
        yield match.start(), match.end(), Party(usual(match[0]), match[0])


def _named(words: str) -> str:
    """The name of a body: "Russia's Army" is Russia, "Syria's Muslim Brotherhood" is the Brotherhood."""
    words = re.sub(r"^[Tt]he ", "", words)
    owner = re.match(r"(\w+)[’']s ", words)
    if owner is None:
        return words
    land = countries().get(owner[1].lower())
    if land and re.search(r"\b(?:Army|Forces?|Navy|Guards?|Police|Corps)$", words):
        return land
    return words[owner.end() :]


def _state(adjective: str, arm: str) -> str:
    """The party that a country's adjective and an arm of it name."""
    land = countries().get(adjective.lower())
    if not land and re.match(r"troops|forces|soldiers", arm):
        return f"{adjective} forces"  # a people without a state of its own, or a faith
    if re.match(r"government|regime|authorities|troops|forces|soldiers|security", arm):
        return f"{adjective} government"
    if arm in ("army", "military", "armed forces"):
        return f"{adjective} army"
    return land or f"{adjective} {arm}"


def _irregular(adjective: str | None, word: str) -> str:
    plural = word.lower()
    if not plural.endswith(("s", "men")) and plural not in ("opposition", "mob"):
        plural = plural[:-1] + "ies" if plural.endswith("y") else plural + "s"
    plural = re.sub(
        r"^rebel .*|^opposition .*",
        lambda m: m[0].split()[0] + "s" if m[0].startswith("rebel") else "opposition",
        plural,
    )
    return f"{adjective} {plural}" if adjective else plural
