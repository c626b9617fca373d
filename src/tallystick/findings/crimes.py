"""Articles of the Rome Statute that allegations may be read under: reading aids, never findings.

An article is named only where claims of the incident say what it is about (who or what was harmed, and
how); each tag carries those claims and, in our own words, what would have to be established. Nobody is
accused here: who did it, and whether it was a crime, courts decide. No tag stands on what was only near,
is said to have been used by fighters and not otherwise hit, was denied by all who tell of it, or where
those harmed are combatants only.

The articles are those of ``../shared/VOCABULARIES.md``: 8(2)(c) and 8(2)(e) for a conflict that is not
international, 8(2)(b) for one that is. Which of the two it is, a person says; the default is the former.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from tallystick.findings.status import combatants_only
from tallystick.model import Alleged, Claim, ClaimId, Struck, Weighed
from tallystick.values.standing import standing

Conflict = Literal["non-international", "international"]

_WHOM = (
    r"(?:civilians?|residents|villagers|townspeople|worshipp?ers|pilgrims|passengers|protesters|demonstrators|"
    r"shoppers|mourners|schoolchildren|families|populated areas?|"
    r"residential (?:areas?|neighbou?rhoods?|districts?|quarters?|suburbs?))"
)
_AIMING = (
    r"(?:target(?:s|ed|ing)?|attack(?:s|ed|ing)?|str(?:ike|uck|iking)s?|shell(?:s|ed|ing)?|bomb(?:s|ed|ing)?|"
    r"bombard\w*|fir(?:ed|ing)|hit(?:s|ting)?|pound\w*|raid(?:s|ed)?|rockets?|mortars?)"
)
_BETWEEN = r"(?:(?!near|outside|in\b|from\b|kill|injur|wound|claim|leav|left|who|that|said)[\w’'-]+\s+){0,6}?"
_AT_CIVILIANS = re.compile(rf"\b{_AIMING}\s+{_BETWEEN}{_WHOM}\b", re.I)
_GATHERED = {"market", "homes", "displaced", "gathering", "press", "rescue"}
_PROTECTED = {"medical", "education", "worship", "heritage"}
_EMBLEM = re.compile(r"\bRed Cross|\bRed Crescent|\bRed Crystal|\bSARC\b|\bICRC\b|\bemblem", re.I)
_GAS = re.compile(
    r"\b(?:chlorine|sarin|mustard gas|nerve agent|VX|phosgene|(?:toxic|poison(?:ous)?|chemical|asphyxiating) "
    r"(?:gas\w*|shells?|substances?|materials?|weapons?|agents?))\b",
    re.I,
)
_UNMEASURED = re.compile(r"\b(?:indiscriminate(?:ly)?|disproportionate(?:ly)?)\b", re.I)
_STARVING = re.compile(
    r"\b(?:starv(?:e[sd]?|ing|ation)|(?:block|prevent|den(?:y|i)|refus|bann)\w* (?:\w+ ){0,4}?"
    r"(?:food|aid|water|relief|humanitarian))\b",
    re.I,
)
_EXECUTED = re.compile(
    r"\b(?:execut(?:ed|es|ing|ions?)|behead(?:ed|s|ing|ings)?|decapitat\w+|crucif(?:ied|y|ying|ixion)|"
    r"firing squad|hang(?:ed|ings?)|stoned to death)\b",
    re.I,
)
_MURDERED = re.compile(
    r"\b(?:murder(?:ed|s|ing)?|massacr(?:e|es|ed|ing)|slaughter(?:ed|s|ing)?|assassinat\w+|"
    r"burn(?:ed|t) alive|slit (?:\w+ )?throats?|shot dead|gunned down)\b",
    re.I,
)
# Who was freed was not taken in this incident: such words are ``over``, and stand for nothing.
_FREED = r"(?:free[ds]?|freeing|releas\w+|exchang\w+|swapp\w+|rescu\w+|liberat\w+)"
_HOSTAGE = re.compile(
    rf"\b(?:(?P<over>{_FREED}\s+(?:[\w’'-]+\s+){{0,5}}?(?:hostages?|kidnap\w*)|hostages?\s+(?:releas|exchang|swap|rescu)\w*|"
    rf"(?:hostages?|kidnapp\w+)\s+(?:[\w’'-]+\s+){{0,4}}?(?:is|are|was|were|been|being)\s+(?:\w+\s+){{0,2}}{_FREED})|"
    r"demand\w*\s+(?:\w+\s+){0,3}ransom|threaten\w*\s+to\s+(?:[\w’'-]+\s+){0,3}?hostages?|hostages?|ransom|kidnap\w*)\b",
    re.I,
)
# "Strikes did not target civilians", "avoids hitting civilians"; but "no fewer than", "without warning".
_NOT = (
    r"(?:(?:not|never|no|without)(?! (?:only|just|merely|fewer|less|longer|more|"
    r"warning|mercy|regard|distinction|discriminat\w+)\b)|"
    r"\w+n[’']t|cannot|neither|nor|nobody|rather than|instead of|"
    r"(?:avoid|refrain|abstain|spar(?:e|ing)|prohibit|forbid|avert)\w*)"
)
_NEGATED = re.compile(rf"\b{_NOT}\b", re.I)
_NEGATED_BEFORE = re.compile(rf"\b{_NOT}\s+(?:[\w’'-]+\s+){{0,3}}$", re.I)


_BUT = {"used": "; also said to have been used by fighters", "denied": "; denied in other words"}
Found = tuple[str, tuple[ClaimId, ...]] | None  # why, and the claims that say so


@dataclass(frozen=True, slots=True)
class _Read:
    """One incident as the rules read it: what was hit, and its claims with their words."""

    weighed: Weighed
    struck: Sequence[Struck]

    def hit(self, *kinds: str, forms: Iterable[str] = ("place", "vehicle", "person")) -> Found:
        """What is told as hit of these kinds and forms, and what else is told of the same kinds."""
        of_kind = [one for one in self.struck if one.kind in kinds]
        told = [one for one in of_kind if one.relation == "hit" and set(forms) & set(one.forms)]
        if not told:
            return None
        words = _quoted(word for one in told for word in one.words)
        relations = {one.relation for one in of_kind}
        but = "".join(more for relation, more in _BUT.items() if relation in relations)
        return f"said to have been hit: {words}{but}", _once(claim for one in told for claim in one.claims)

    def saying(self, pattern: re.Pattern[str]) -> list[tuple[Claim, str]]:
        """The claims whose words, or whose account's target and weapon, fit ``pattern``, with what fits.

        Only what is told to have happened: not what is denied, avoided, tried or feared in those words.
        """
        out = []
        for account in self.weighed.incident.heard:
            for claim in account.claims:
                texts = [claim.span.quote]
                if claim is account.head:
                    texts += [account.telling.target or "", account.telling.weapon or ""]
                told = (m for text in texts for m in pattern.finditer(text) if _happened(m, claim.stance))
                found = next(told, None)
                if found and claim.stance in ("stated", "alleged", "estimated"):
                    out.append((claim, " ".join(found[0].split())))
        return out

    def kinds(self) -> set[str]:
        return {account.telling.kind for account in self.weighed.incident.heard}


def _quoted(words: Iterable[str]) -> str:
    """Each word once in quotation marks; of those that differ in a capital alone, the first."""
    first: dict[str, str] = {}
    for word in words:
        first.setdefault(word.casefold(), f"“{word}”")
    return ", ".join(first.values())


def _happened(match: re.Match[str], stance: str) -> bool:
    """Whether what ``match`` tells is told to have happened, by its own words and those before it."""
    before = match.string[: match.start()]
    if match.groupdict().get("over") or _NEGATED.search(match[0]) or _NEGATED_BEFORE.search(before):
        return False
    return standing(match.string, stance, match.start()) == "happened"


def _once(claims: Iterable[ClaimId]) -> tuple[ClaimId, ...]:
    return tuple(dict.fromkeys(claims))


def _of_words(told: Sequence[tuple[Claim, str]], lead: str) -> Found:
    if not told:
        return None
    words = _quoted(word for _, word in told)
    return f"{lead}: {words}", _once(claim.id for claim, _ in told)


def _civilians(case: _Read) -> Found:
    """Civilians, or where they gather and live, told as what was aimed at or hit."""
    return _of_words(case.saying(_AT_CIVILIANS), "told as aimed at") or case.hit(*_GATHERED)


def _medical_units(case: _Read) -> Found:
    """Medical vehicles and people; buildings only where an emblem is told."""
    told = case.hit("medical", forms=("vehicle", "person"))
    return told or (case.hit("medical") if case.saying(_EMBLEM) else None)


def _executions(case: _Read) -> Found:
    return (
        _of_words(case.saying(_EXECUTED), "told of those killed")
        if case.kinds() & {"killing", "other"}
        else None
    )


def _murder(case: _Read) -> Found:
    return _of_words(case.saying(_MURDERED), "told of those killed") if "killing" in case.kinds() else None


def _hostages(case: _Read) -> Found:
    return _of_words(case.saying(_HOSTAGE), "told of those taken")


def _aid(case: _Read) -> Found:
    return case.hit("aid")


def _buildings(case: _Read) -> Found:
    return case.hit(*_PROTECTED, forms=("place",))


def _gases(case: _Read) -> Found:
    heads = [
        (a.head, "chemical attack")
        for a in case.weighed.incident.heard
        if a.telling.kind == "chemical_attack"
    ]
    return _of_words([*case.saying(_GAS), *heads], "told of the means") if heads else None


def _unmeasured(case: _Read) -> Found:
    return _of_words(case.saying(_UNMEASURED), "told of the attack")


def _starving(case: _Read) -> Found:
    return _of_words(case.saying(_STARVING), "told of the means")


@dataclass(frozen=True, slots=True)
class _Article:
    number: str
    title: str
    hint: str
    rule: Callable[[_Read], Found]


_AIMED = "that they were what the attack was aimed at, knowingly"
_AID = f"that they belonged to a mission of aid entitled to protection as civilians, and {_AIMED}"
_BUILDING = (
    "that the building served that purpose and no military one at the time, and that it was what the attack "
    "was aimed at, knowingly"
)
_EMBLEM_BORNE = (
    "that they bore an emblem of the Geneva Conventions or were known as medical, did no harmful act outside "
    f"that duty, and {_AIMED}"
)
_NO_PART = "that those killed took no active part in the fighting or had laid down their arms, and that"
_ARTICLES: dict[str, tuple[_Article, ...]] = {
    "non-international": (
        _Article("8(2)(c)(i)", "murder of people who take no part", f"{_NO_PART} it was known", _murder),
        _Article(
            "8(2)(c)(iii)", "taking of hostages",
            "that people were held, and threatened, to make a third party do or leave something", _hostages,
        ),
        _Article(
            "8(2)(c)(iv)", "executions without judgment",
            f"{_NO_PART} no court with due guarantees had judged them before", _executions,
        ),
        _Article(
            "8(2)(e)(i)", "attacks on civilians",
            f"that those harmed took no direct part in the fighting, and {_AIMED}", _civilians,
        ),
        _Article("8(2)(e)(ii)", "attacks on medical units and personnel", _EMBLEM_BORNE, _medical_units),
        _Article("8(2)(e)(iii)", "attacks on humanitarian personnel and convoys", _AID, _aid),
        _Article("8(2)(e)(iv)", "attacks on hospitals, schools and the like", _BUILDING, _buildings),
    ),
    "international": (
        _Article("8(2)(b)(iii)", "attacks on humanitarian personnel and convoys", _AID, _aid),
        _Article(
            "8(2)(b)(iv)", "disproportionate attack",
            "what advantage was foreseen and what harm to civilians, and that the harm was clearly excessive "
            "beside it",
            _unmeasured,
        ),
        _Article("8(2)(b)(ix)", "attacks on hospitals, schools and the like", _BUILDING, _buildings),
        _Article(
            "8(2)(b)(xviii)", "use of gases",
            "which substance it was, that it kills or does lasting harm, and who used it", _gases,
        ),
        _Article("8(2)(b)(xxiv)", "attacks on those who bear medical emblems", _EMBLEM_BORNE, _medical_units),
        _Article(
            "8(2)(b)(xxv)", "starvation as a method of warfare",
            "that civilians were kept from what they need to live, and that this was meant as a means of war",
            _starving,
        ),
    ),
}  # fmt: skip


def alleged(
    weighed: Iterable[Weighed], struck: Iterable[Struck], conflict: Conflict = "non-international"
) -> tuple[Alleged, ...]:
    """The articles that each incident may be read under, in order of incident and article.

    ``struck`` is what ``patterns`` found of the same incidents. Raises ``ValueError`` for another
    ``conflict``.
    """
    if conflict not in _ARTICLES:
        raise ValueError(f"a conflict is one of {', '.join(_ARTICLES)}, not {conflict!r}")
    told: dict[str, list[Struck]] = {}
    for one in struck:
        told.setdefault(one.incident, []).append(one)
    out = []
    for each in sorted(weighed, key=lambda one: one.incident.id):
        if not each.incident.is_harm or each.incident.is_derived or combatants_only(each.incident):
            continue
        case = _Read(each, told.get(each.incident.id, ()))
        for article in _ARTICLES[conflict]:
            if found := article.rule(case):
                why, claims = found
                named = each.incident.id, article.number, article.title
                out.append(Alleged(*named, why, article.hint, claims))
    return tuple(out)
