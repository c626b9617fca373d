"""The parties of one report put in context: which party of the register each is, with the reasons, or none.

What a report calls a party is looked up as it stands. Beyond that only what the report itself says
counts: that one name is another's ("X, formerly known as Y"), that a description fits one party that it
names, or that its word "regime" can mean one government only. The words stay; what cannot be told stays
as told, and says why.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from tallystick.values.names import countries as land_of
from tallystick.values.names import fold
from tallystick.values.parties.base import STATE, Entry
from tallystick.values.parties.register import Parties
from tallystick.values.party import Party

_LEAD = re.compile(r"^(?:(?:the|a|an|so-called|self-styled|former|formerly|ex)[ -]+)+", re.I)
_QUOTES = "“”\"‘’'«»"
_FORMER = re.compile(r"\b(?:former|ex)[ -](?:the )?$", re.I)
# Between two names in one text: what says that both are one party's.
_KNOWN_AS = re.compile(
    r"\s*[,(–—-]?\s*(?:(?:which|who|that|has|have|is|are|was|were|since|now|also|formerly|previously|then|once|better|widely|commonly|until recently)\s+)*"
    rf"(?:(?:known|referred to)(?: as)?|called(?: itself)?|(?:re)?named(?: itself)?|rebranded(?: itself)?(?: as)?|changed its name to)\s+(?:as\s+)?(?:the\s+)?[{_QUOTES}]?",
    re.I,
)
_ONCE = re.compile(
    rf"\s*[,(–—]\s*(?:the\s+)?(?:formerly|previously|former|ex-|then)\s*(?:the\s+)?[{_QUOTES}]?", re.I
)
_SORT = re.compile(
    r"(?:\w+[ -])?(?:rebels?|opposition|militants?|militias?|jihadists?|insurgents?|fighters?|separatists?|gunmen|(?:rebel|armed|militant|opposition) (?:groups?|factions?|fighters|forces)|suicide bombers?)",
    re.I,
)
_APART = 80  # signs between two names that the text says are one party's
_BRACKET = re.compile(rf"\s*\(\s*(?:the\s+)?[{_QUOTES}]?")
# Words that say what the speaker thinks of a party, and not which one it is.
LOADED = re.compile(
    r"(?:armed |takfiri |foreign |mercenary )?(?:terrorists?|terrorist (?:groups?|organi[sz]ations?|gangs?|militias?|elements)|martyrs?|mercenar(?:y|ies)|occupation forces|occupiers|"
    r"infidels|apostates|takfiris?|saboteurs|thugs|aggressors?|crusaders|invaders|fascists|extremists?|hirelings|puppets)",
    re.I,
)
_OF = r"(?:\s+(?:of|from|belonging to|in the ranks of))?\s+(?:the\s+)?"
_GOVERNMENT = re.compile(
    r"(?P<arm>government|regime|army|military|armed forces|authorities|air force)(?: forces| troops| army| soldiers| warplanes| jets| aircraft| helicopters| air ?strikes?| shelling| raids?| artillery)?",
    re.I,
)
_ARM = re.compile(r"\b(?:government|regime|army|authorities|military|armed forces)\b", re.I)
# One word for a body that a report has named in full before.
_BODIES = frozenset(
    (
        "observatory",
        "ministry",
        "agency",
        "coalition",
        "committee",
        "centre",
        "center",
        "network",
        "mission",
        "council",
        "commission",
    )
)
# Bodies of one country are not met under the same short name in another.
_AT_HOME = frozenset(("monitor", "rescue"))


@dataclass(frozen=True, slots=True)
class Resolved:
    """A party as told, the party of the register that it is, if any, its name on the day, and the reasons."""

    party: Party
    name: str
    reasons: tuple[str, ...]
    entry: Entry | None = None

    @property
    def key(self) -> str:
        """Equal keys are one party within a report: the entry's list and id, or the folded name."""
        return f"{self.entry.list} {self.entry.code}" if self.entry else fold(self.name)


def resolve(
    parties: Sequence[Party],
    register: Parties,
    on: date | None = None,
    text: str = "",
    countries: Collection[str] = (),
) -> tuple[Resolved, ...]:
    """Each of ``parties``, all that one report names, as a party of ``register``, or as told with the reason why not.

    ``on`` is the day the report tells of or was published, ``text`` its words, ``countries`` the usual names of
    those that it, or its case, is about. Nothing is taken from anywhere else.
    """
    out = [_looked_up(party, register, on, countries) for party in parties]
    out = _told_in(text, out)
    named = [one for one in out if one is not None]
    due = [
        one
        or _government(party, named, register, on, countries)
        or _loaded(party, named, text)
        or _description(party, named, register, on, countries)
        for party, one in zip(parties, out, strict=True)
    ]
    return tuple(_former(one, text) for one in due)


def _bare(words: str) -> str:
    return _LEAD.sub("", words.strip().strip(_QUOTES).strip())


def _looked_up(party: Party, register: Parties, on: date | None, lands: Collection[str]) -> Resolved | None:
    """A party by its names alone; ``None`` where the words describe, and name nobody."""
    words = _bare(party.words or party.name)
    for name, kinds in (
        (words, ("letters",)),
        (_bare(party.name), ("letters",)),
        (words, ("words", "sounds")),
    ):
        if _generic(name, register):
            continue
        found = register.find(name, on, lands, kinds)
        fit = tuple(each for each in found if not _abroad(each.entry, lands))
        if found and not fit:
            why = f"{name!r} is in the lists {found[0].entry.name}, of {' and '.join(found[0].entry.countries)}: not of {' or '.join(sorted(lands))}"
            return Resolved(party, party.name, (why,))
        if fit:
            one = register.first(fit)
            if one is None:
                rivals = " or ".join(f"{each.entry.name} ({each.entry.source})" for each in fit[:5])
                return Resolved(party, party.name, (f"{name!r} may be {rivals}: nothing here tells which",))
            return Resolved(party, one.entry.called(on), (one.why,), one.entry)
    if _generic(words, register) or _generic(_bare(party.name), register):
        return None
    if party.side == "irregular" or _SORT.fullmatch(words):
        return Resolved(party, party.name, (f"{words!r} says of what sort they are, not who",))
    return Resolved(party, party.name, (f"no list knows {words!r}",))


def _generic(words: str, register: Parties) -> bool:
    """Whether ``words`` describe a party, or judge it, and are no name."""
    return bool(
        _GOVERNMENT.fullmatch(words)
        or words.lower().startswith("pro-")
        or LOADED.fullmatch(words)
        or register.described(words)
        or fold(words) in _BODIES
    )


def _abroad(entry: Entry, lands: Collection[str]) -> bool:
    here = {fold(land) for land in lands}
    own = {fold(land) for land in entry.countries}
    return entry.list == "base" and entry.sort in _AT_HOME and bool(here and own) and not here & own


def _told_in(text: str, parties: list[Resolved | None]) -> list[Resolved | None]:
    """Names that the text itself says are one party's: what one of them is known to be, the others are."""
    out = list(parties)
    links: dict[str, tuple[str, str]] = {}
    for left, right, quote in _pairs(text, {_bare(one.party.words or one.party.name) for one in out if one}):
        links[right] = (left, quote)
    for right, (left, quote) in sorted(links.items()):
        one, other = (
            [n for n, each in enumerate(out) if each and _bare(each.party.words or each.party.name) == name]
            for name in (left, right)
        )
        a, b = (
            next((out[n] for n in group if (each := out[n]) and each.entry), out[group[0]])
            for group in (one, other)
        )
        assert a is not None
        assert b is not None
        why = f"the report says {quote!r}"
        if a.entry and b.entry:
            if a.entry is not b.entry:
                why += f"; the lists hold {a.entry.name} and {b.entry.name} as two parties"
            group, base = [*one, *other], None
        else:
            group, base = (one, b) if b.entry else (other, a)
        for n in group:
            each = out[n]
            assert each is not None
            if base is None:
                out[n] = replace(each, reasons=(*each.reasons, why))
            else:
                out[n] = replace(each, name=base.name, entry=base.entry, reasons=(why, *base.reasons))
    return out


def _pairs(text: str, names: Collection[str]) -> Iterator[tuple[str, str, str]]:
    """Neighbouring names of ``text`` between which it says that they are one party's, and the words that say it."""
    if not names:
        return
    pattern = re.compile(
        r"(?<![\w-])(?:"
        + "|".join(re.escape(name) for name in sorted(names, key=lambda n: (-len(n), n)) if name)
        + r")(?![\w-])"
    )
    before: re.Match[str] | None = None
    for match in pattern.finditer(text):
        if before and match[0] != before[0] and match.start() - before.end() <= _APART:
            between = text[before.end() : match.start()]
            initials = "".join(word[0] for word in re.findall(r"[^\W_]+", before[0])).upper()
            short = (
                _BRACKET.fullmatch(between)
                and match[0].isupper()
                and match[0].replace("-", "") in (initials, re.sub("[AOTF]", "", initials))
            )
            if short or _KNOWN_AS.fullmatch(between) or _ONCE.fullmatch(between):
                stop = match.end() + ("(" in between and text[match.end() : match.end() + 1] == ")")
                yield before[0], match[0], " ".join(text[before.start() : stop].split())
        before = match


def _government(
    party: Party, named: Sequence[Resolved], register: Parties, on: date | None, lands: Collection[str]
) -> Resolved | None:
    """ "Regime forces", "the army": a government's, where only one country's can be in question."""
    words = _bare(party.words or party.name)
    if words.lower().startswith("pro-"):
        return Resolved(
            party, party.name, (f"{words!r} are for a government, not of it: no list says which they are",)
        )
    match = _GOVERNMENT.fullmatch(words) or _GOVERNMENT.fullmatch(party.name)
    if not match:
        return None
    told = {one.entry.countries[0] for one in named if one.entry and _governs(one)}
    given = {land_of().get(land.lower(), land) for land in lands}
    if given and told and not given & told:
        asked = given | told
    else:
        asked = given & told or given or told
    if len(asked) != 1:
        why = (
            f"{words!r} may be of {' or '.join(sorted(asked))}"
            if asked
            else f"nothing here tells whose {words!r} is"
        )
        return Resolved(party, party.name, (why,))
    (land,) = asked
    found = register.one(land, on, kinds=("letters",))
    if found is None:
        return Resolved(party, party.name, (f"no list knows a government of {land}",))
    entry = found.entry
    if match["arm"].lower() in ("army", "military", "armed forces"):
        entry = next(
            (
                each
                for each in register.below(entry, on)
                if each.sort == "army" and each.name.endswith(" army")
            ),
            entry,
        )
    how = (
        f"the report names no other country's government than that of {land}"
        if land in told
        else f"the report is about {land}"
    )
    judged = ("; “regime” is the word of whoever says it",) if "regime" in words.lower() else ()
    return Resolved(party, entry.called(on), (f"{words!r}: {how}{''.join(judged)}",), entry)


def _governs(one: Resolved) -> bool:
    """Whether the report names a government or an army here: of "Russian and Syrian regime" that of Syria alone."""
    if one.entry is None or one.entry.sort not in STATE or not one.entry.countries:
        return False
    arm = _ARM.search(one.party.words or one.party.name)
    return bool(arm and (arm[0].lower() not in ("government", "regime") or _ARM.search(one.party.name)))


def _loaded(party: Party, named: Sequence[Resolved], text: str) -> Resolved | None:
    """ "Terrorists", "martyrs": a word of whoever says it; a party only where the text says which."""
    words = _bare(party.words or party.name)
    if not LOADED.fullmatch(words):
        return None
    told: dict[str, tuple[Resolved, str]] = {}
    said = set[int]()  # where the word stands beside a name
    for one in named:
        name = re.escape(_bare(one.party.words or one.party.name))
        if not name or (one.entry and one.entry.sort in STATE):
            continue  # "terrorists from Turkey" are not Turkey
        word = f"(?i:{re.escape(words)})"
        for pattern in (
            rf"(?<![\w-])(?P<word>{word}){_OF}{name}(?![\w-])",
            rf"(?<![\w-]){name}\s+(?P<word>{word})\b",
        ):
            for match in re.finditer(pattern, text):
                said.add(match.start("word"))
                told.setdefault(one.key, (one, " ".join(match[0].split())))
    everywhere = len(re.findall(rf"(?<![\w-]){re.escape(words)}\b", text, re.I)) <= len(said)
    if len(told) == 1 and everywhere:
        ((one, quote),) = told.values()
        return Resolved(party, one.name, (f"the report says {quote!r}", *one.reasons), one.entry)
    why = f"{words!r} is the word of whoever says it; whom it means cannot be told from it"
    if told:
        why += f"; the report says it of {' and of '.join(sorted(one.name for one, _ in told.values()))}, and not of these alone"
    return Resolved(party, party.name, (why,))


def _description(
    party: Party, named: Sequence[Resolved], register: Parties, on: date | None, lands: Collection[str]
) -> Resolved:
    """ "The monitoring group", "the observatory": the one party of that description that the report names."""
    words = _bare(party.words or party.name)
    known = register.described(words)
    here: dict[str, Resolved] = {}
    for one in named:
        fits = one.entry is not None and any(one.entry is entry for entry, _ in known)
        if fits or set(fold(words).split()) <= set(fold(one.name).split()):
            here.setdefault(one.key, one)
    if len(here) == 1:
        (one,) = here.values()
        return Resolved(
            party,
            one.name,
            (f"the report names one party that {words!r} describes: {one.name}", *one.reasons),
            one.entry,
        )
    if here:
        rivals = " and ".join(sorted(one.name for one in here.values()))
        return Resolved(party, party.name, (f"{words!r} describes {rivals}, and the report names them all",))
    alone = [
        entry
        for entry, enough in known
        if enough and not (lands and entry.countries and not _shares(entry, lands))
    ]
    if len(alone) == 1:
        (entry,) = alone
        return Resolved(
            party,
            entry.called(on),
            (f"of all listed parties {words!r} describes {entry.name} alone ({entry.source})",),
            entry,
        )
    why = f"the report names no party that {words!r} describes"
    return Resolved(party, party.name, (why,))


def _shares(entry: Entry, lands: Collection[str]) -> bool:
    return bool({fold(land) for land in lands} & {fold(land) for land in entry.countries})


def _former(one: Resolved, text: str) -> Resolved:
    """What the report calls former, with that said."""
    words = _bare(one.party.words or one.party.name)
    told = (one.party.words or "").lower().startswith(("former ", "the former ", "ex-"))
    if not told and words:
        told = any(
            _FORMER.search(text[max(0, m.start() - 14) : m.start()])
            for m in re.finditer(re.escape(words), text)
        )
    return replace(one, reasons=(*one.reasons, f"the report calls {words!r} former")) if told else one
