"""Who says it: the speakers that a sentence names, and which earlier speaker a short form means."""

from __future__ import annotations

import re
from dataclasses import dataclass

from tallystick.values.names import fold

_VERB = (
    r"said|says|say|told|tells|reported|reports|report|announced|announces|stated|states|added|adds|confirmed|confirms|claimed|claims|"
    r"noted|notes|explained|declared|estimated|estimates|put|gave|recorded|documented|posted|wrote|tweeted|acknowledged|admitted|"
    r"denied|denies|accused|accuses|warned|alleged|insisted|revealed|disclosed|pointed out|stressed|quoted|saw|counted|described|mentioned|indicated|clarified"
)
_UPPER = r"[A-Z\u00c0-\u00de\u0400-\u042f]"
_CAP = rf"(?:(?<!\w)(?:al|el|ash|as|ad|an|ar|de|bin|ibn|abu)[- ])?{_UPPER}[\w’'-]*(?:\.(?=\w)[\w’'-]*)*"
_SOURCE_NOUN = (
    r"activists?|observatory|monitors?|monitoring group|group|watchdog|agency|network|sources?|officials?|spokes(?:man|woman|person)|residents?|witness(?:es)?|eyewitness(?:es)?|"
    r"medics?|doctors?|rescuers|rescue workers|volunteers|workers|ministry|ministers?|army|military|police|government|opposition|rebels?|militants|state (?:media|television|tv|news agency|radio)|"
    r"television|media|news agency|reports|correspondent|reporter|photographer|journalists?|commander|commanders|general|chief|director|head|envoy|authorities|coalition|"
    r"statement|organi[sz]ation|charity|committee|council|nurse|surgeon|governor|mayor|leaders?|fighters|hospital|civil defen[cs]e|channel|website|newspaper|radio|station|daily|party|movement|campaigners|ambassador|secretary|president|villagers|locals|diplomats?|analysts?|centre|center|command"
)
_ADJ = r"(?:(?!(?:and|or|but|that|as|when|while|where|after|because|if|so)\b)[a-z][\w’'-]*\s+){0,3}?"
_NP = (
    rf"(?:(?:the|a|an|its|his|her|their|some|several|other|local|one)\s+)?{_ADJ}(?:{_CAP}\s+){{0,4}}(?i:{_SOURCE_NOUN})\b"
    rf"(?:\s+(?:of|for|at|in|from|with|on)\s+(?:the\s+)?(?:[a-z][\w-]*\s+){{0,3}}?{_CAP}(?:\s+(?:(?:for|of|and)\s+(?:the\s+)?)?{_CAP}){{0,5}})?(?:\s+{_CAP}){{0,3}}"
    rf"|(?:the\s+)?(?:{_ADJ})?{_CAP}(?:\s+(?:(?:for|of|and)\s+(?:the\s+)?)?{_CAP}){{0,6}}"
    r"|\b(?:he|she|it|they|we|I)\b"
)
_GAP = r"(?:\s*\([^)]{0,40}\))?(?:,?\s+(?:which|who)\b[^,.;]{0,90}?)?(?:\s*,(?P<app>[^,.;]{0,60}),)?(?:\s+(?:has|have|had|also|later|however|meanwhile|on|earlier|this|in|a|the|statement|his|her|their|its|\w+day|morning|evening|night|was|were|been|quoted|as|on Twitter|now))*?"
_AFTER_NP = re.compile(rf"(?<![\w’'-])(?P<np>{_NP}){_GAP}\s+(?P<verb>{_VERB}|quoted as saying)\b(?!-)")
_INVERTED = re.compile(
    rf"\b(?P<verb>said|says|reported|added|announced|confirmed)\s+(?!that\b|reports?\b)(?P<np>{_NP})"
)
# "…, reports The Daily Star.": who printed it, at the end of the sentence
_AT_END = re.compile(
    rf"(?<=[,)])\s+(?P<verb>reports)\s+(?P<np>(?:The\s+)?{_CAP}(?:\s+(?:of\s+)?{_CAP}){{0,4}})(?=\s*(?:[.;]|\Z))"
)
_ACCORDING = re.compile(
    rf"\b(?i:according to|as reported by|reported by|cited by|citing|quoting|quoted|told by|as per)\s+(?P<np>{_NP})"
)
_SPEAKS = re.compile(rf"\b(?:{_VERB}|according to|citing|quoting|as per|cited)\b", re.I)
TOLD = re.compile(
    r"\b(?:told|telling)\s+(?:the\s+)?$"
)  # before a medium: "Rescue workers told the Harrow Press"
# "…, a resident, told the Harrow Press": who was told it, and prints it
_MEDIA = r"(?:news|agency|press|TV|television|radio|times|post|media|channel|network|daily|journal|herald|tribune|monitor|newspaper|magazine|website|correspondent)"
_TO_MEDIUM = re.compile(
    rf"(?:[ \t]*\([^)\n]{{0,40}}\))?(?:[ \t]*,[^,.;\n]{{0,60}},)?[ \t]+(?:(?:has|have|had|also|later)[ \t]+)*(?:told|tells|telling)[ \t]+"
    rf"(?:the[ \t]+)?(?P<medium>(?:{_CAP}[ \t]+){{0,3}}(?i:{_MEDIA})(?:[ \t]+(?i:{_MEDIA}))*\b|(?:state|local)[ \t]+(?:media|television|TV)"
    r"|[A-Z]{2,5}\b|Reuters|Sputnik|Interfax|Tass|Anadolu|Xinhua|Bloomberg|Al[ -]Jazeera|Al[ -]Arabiya)(?![ \t]+to\b)"
)
# What a name neither begins nor ends with.
_JOINS = frozenset(
    (
        "and",
        "or",
        "but",
        "by",
        "to",
        "that",
        "when",
        "said",
        "says",
        "told",
        "tells",
        "added",
        "adds",
        "announced",
        "confirmed",
    )
)
_ENDS = _JOINS | {"of", "the", "a", "an", "also"}
_TAIL = re.compile(r"\s+(?:on|in|at|late|early|this|earlier|that|has|had|also|who|which)\b.*$")
_PRONOUN = re.compile(
    r"(?i)^(?:he|she|it|they|the (?:\w+[- ]){0,2}(?:group|monitor|monitoring group|agency|organi[sz]ation|watchdog|source|statement|spokesman|official|network|charity))$"
)
_DAY = re.compile(
    r"\b(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day\b|\b(?:January|February|March|April|June|July|August|September|October|November|December)\b"
)
_ARTICLE = re.compile(r"^(?:the|a|an)\s+", re.I)
_ROLE = re.compile(
    rf"^(?:(?:the|its|a|an|his|their)\s+)?(?:[\w’'-]+\s+){{0,4}}?(?i:spokes(?:man|woman|person)|head|chief|director|minister|general|colonel|commander|president|secretary|envoy|activist|correspondent|official|reporter|doctor|medic|surgeon|nurse|resident|captain|major)s?\s+(?P<person>{_CAP}(?:\s+{_CAP}){{0,3}})$"
)
_SOURCE = re.compile(rf"\b(?:{_SOURCE_NOUN})\b", re.I)
_LEADING = re.compile(r"^((?:[a-z][\w’'-]*\s+)+)(?=[A-Z\u00c0-\u00de\u0400-\u042f])")
_OF = ("of", "for", "with", "at", "in", "from", "the")
_OF_ANY = re.compile(r"\b(?:of|for|with|at|in|from|on)\b")
_NEVER = re.compile(
    r"^(?:today|yesterday|tonight|but|and|in|on|at|as|for|if|when|while|there|this|that|these|those|what|an?|the|also|meanwhile|however|after|before|since|with)$",
    re.I,
)


@dataclass(frozen=True, slots=True)
class Speaker:
    """A speaker as one sentence names it: ``name`` resolved within the document, ``[start, end)`` its words."""

    name: str
    start: int
    end: int
    verb: str


class Voices:
    """The speakers of one document, so that a later short form finds its full name.

    Nothing is known beforehand: "the Observatory" is whatever longer name in the same text holds
    that word, "it" is whoever spoke last.
    """

    def __init__(self, text: str) -> None:
        self._names = _full_names(text)
        self._last: str | None = None
        monitors = sorted(
            {name for name in self._names.values() if _MONITOR.search(name)}, key=lambda n: (-len(n), n)
        )
        # "the Tarnholm-based monitor": the one such body that the text names, if it names one
        watching = [name for name in monitors if _WATCHES.search(name)] or monitors
        one = watching and all(set(fold(n).split()) <= set(fold(watching[0]).split()) for n in watching)
        self._monitor = watching[0] if one else None

    def speakers(self, sentence: str) -> list[Speaker]:
        """Every speaker of ``sentence`` in order; remembers the last one."""
        if not _SPEAKS.search(sentence):
            return []  # the patterns below are slow on what cannot match
        matches = [
            match
            for pattern in (_ACCORDING, _AT_END, _AFTER_NP, _INVERTED)
            for match in pattern.finditer(sentence)
        ]
        taken: list[tuple[int, int]] = []
        chosen = []
        for match in matches:  # in the order of the patterns, the surest first
            start, end = match.span("np")
            if not any(a < end and start < b for a, b in taken):
                taken.append((start, end))
                chosen.append(match)
        found: list[Speaker] = []
        for match in sorted(
            chosen, key=lambda m: m.start("np")
        ):  # in the order of the words, so that "they" finds who spoke just before
            words = _TAIL.sub("", " ".join(match["np"].split())).strip(" ,.")
            person = re.search(rf"{_CAP}(?:\s+{_CAP}){{0,3}}$", (match.groupdict().get("app") or "").strip())
            if person and not re.search(_CAP, _ARTICLE.sub("", words)[1:]):
                words = person[0]  # "its spokesman, Colonel Bram Tesk, said"
            name = self._name(words)
            if name:
                start = match.start("np")
                verb = (match.groupdict().get("verb") or "according to").lower()
                found.append(Speaker(name, start, start + len(match["np"].rstrip(" ,.")), verb))
                self._last = name
        return found

    def named(self, words: str, before: str | None) -> str | None:
        """Whom ``words`` name, as they stand by themselves; ``before`` is who spoke last before them."""
        self._last = before
        return self._name(words.strip(" ,.")) or None

    def medium(self, text: str, at: int) -> tuple[int, int, str] | None:
        """The medium that whoever is named before ``at`` "told": its words ``[start, end)`` and its name."""
        match = _TO_MEDIUM.match(text, at)
        if match is None:
            return None
        words = match["medium"]
        full = self._longer(words) if _ORG.search(words) else None
        return match.start("medium"), match.end("medium"), full or words

    def _name(self, words: str) -> str | None:
        parts = words.split()
        while parts and parts[0].lower() in _JOINS:
            parts.pop(0)
        while parts and parts[-1].lower() in _ENDS:
            parts.pop()
        words = " ".join(parts)
        lead = _LEADING.match(words)
        if lead and not (_SOURCE.search(lead[1]) and lead[1].split()[-1] in _OF):
            words = words[lead.end() :]  # "in the strikes RIA news agency", "dozens the Observatory"
        if not _OF_ANY.search(words):
            words = re.sub(r"^.*\b(?:a|an|the)\s+(?=[a-z])", "", words)  # "city a monitor"
        bare = _ARTICLE.sub("", words).strip()
        if not bare or _NEVER.match(words) or _NEVER.match(bare):
            return None
        if words[:1].isupper() or words.lower().startswith("the "):
            full = self._longer(bare)
            if full:
                return full
        if self._monitor and re.search(r"\b(?:monitor|monitoring group|watchdog|monitors)$", bare, re.I):
            return self._monitor
        if _PRONOUN.match(words):
            return self._last or (None if words.lower() in ("he", "she", "it", "they") else bare)
        if words in ("we", "We", "I") or not (re.search(_CAP, bare) or _SOURCE.search(bare)):
            return None
        if _DAY.search(bare):
            bare = _DAY.split(bare)[-1].strip() or bare
            if _DAY.search(bare):
                return None
        role = _ROLE.match(bare)
        person = role["person"] if role else bare
        return self._names.get(fold(person)) or self._longer(person) or (person if role else bare)

    def _longer(self, words: str) -> str | None:
        """The fullest name in this text that ends in, or stands for, ``words`` ("Observatory", a surname)."""
        last = words.split()[-1] if words else ""
        if not last[:1].isupper() and last.lower() not in (
            "observatory",
            "coalition",
            "monitor",
            "network",
            "centre",
            "center",
        ):
            return None
        return self._names.get("~" + fold(last)) if len(words.split()) <= 2 else None


_RUN = re.compile(rf"{_CAP}(?: +(?:(?:for|of|and) +(?:the +)?)?{_CAP}){{0,6}}")
_ORG = re.compile(
    r"\b(?:Observatory|Network|Coalition|Agency|Centre|Center|Committees?|Commission|Council|Ministry|Defen[cs]e|Crescent|Cross|Group|Organi[sz]ation|Command|Watch)\b"
)


_MONITOR = re.compile(r"\b(?:Observatory|Network|Centre|Center|Watch|Monitor)\b")
_WATCHES = re.compile(r"\b(?:Observatory|Monitor)\b")  # before a network or a centre of something else


def _full_names(text: str) -> dict[str, str]:
    """Short forms to full names: the word for an organisation, initials, a surname.

    Keys starting with "~" are single words. A short form that two long names share is left out.
    """
    runs: dict[str, int] = {}
    for match in _RUN.finditer(text):
        words = match[0].strip(" .'’")
        words = _trim(words)
        if 2 <= len(words.split()) <= 7:
            runs[words] = runs.get(words, 0) + 1
    table: dict[str, set[str]] = {}
    for run in runs:
        parts = [p for p in run.split() if p[:1].isupper() or "-" in p]
        org = _ORG.search(run)
        if org:
            table.setdefault("~" + fold(org[0]), set()).add(run)
            initials = "".join(p[0] for p in parts if p[0].isupper())
            table.setdefault(fold(initials), set()).add(run)
            table.setdefault("~" + fold(initials), set()).add(run)
        else:
            table.setdefault("~" + fold(parts[-1] if parts else run), set()).add(run)
    out: dict[str, str] = {}
    for key, names in table.items():
        fullest = max(names, key=lambda n: (len(n.split()), n))
        if key not in ("~", "") and all(set(fold(n).split()) <= set(fold(fullest).split()) for n in names):
            out[key] = fullest
    for key, names in table.items():
        if key.startswith("~") and key not in out and _ORG.search(" ".join(names)):
            # several organisations share the word: the one named most often, if it leads clearly
            ranked = sorted(names, key=lambda n: (-sum(c for r, c in runs.items() if n in r), n))
            if len(ranked) > 1 and text.count(ranked[0]) >= 2 * text.count(ranked[1]):
                out[key] = ranked[0]
    return out


def _trim(run: str) -> str:
    """A name without the place it is said to be based in ("Britain-based Syrian …") or a stray lead."""
    words = run.split()
    while words and (
        words[0].lower().endswith("-based")
        or words[0].lower() in ("the", "on", "in", "but", "and", "meanwhile")
    ):
        words = words[1:]
    return " ".join(words)
