"""Weapons as told: whether two wordings can mean the same attack.

A short general table gives each word its sense and the senses that it is a sort of: a barrel bomb is a
bomb from the air, a car bomb is a planted bomb. Words that the table does not have are compared as names.
No wording is put right, and none is chosen over another.
"""

from __future__ import annotations

import re
from functools import lru_cache

from tallystick.values.agreement import Relation, Verdict
from tallystick.values.names import alike, fold

# Sense, what it is a sort of, and the words that say so (regular expressions on folded words).
_TABLE: tuple[tuple[str, str, str], ...] = (
    ("barrel bomb", "bomb from the air", r"barrels?( bombs?)?|barrel bombing"),
    ("cluster munition", "bomb", r"cluster( \w+)?( bombs?| munitions?| bomblets?)?"),
    ("incendiary", "bomb", r"incendiar\w+|phosphorus|napalm|thermite"),
    ("thermobaric bomb", "bomb", r"vacuum( bombs?)?|thermobaric|fuel air"),
    ("guided bomb", "bomb from the air", r"(laser |precision )?guided bombs?|parachute( retarded)? bombs?|gbu"),
    ("bomb from the air", "attack from the air", r"(aerial|air dropped) bombs?|aerial bombardment"),
    ("bomb from the air", "bomb", r"air dropped bombs?"),
    ("drone", "attack from the air", r"drones?|uavs?|unmanned aerial \w+"),
    ("helicopter", "attack from the air", r"helicopters?|gunships?"),
    ("jet", "attack from the air", r"(fighter |war ?|combat )?(jets?|planes?|warplanes?|aircraft)|(?<!suicide )bombers|(f|mig|su) ?\d\ds?|sukhois?"),
    ("attack from the air", "", r"air ?(strikes?|raids?|attacks?)|airstrikes?|bombing raids?"),
    ("car bomb", "planted bomb", r"(explosive laden )?(suicide )?(car|truck|vehicle|van|lorry|bus|motorcycle|motorbike|bike)s?( suicide)?( bombs?| bombings?)|vbieds?|booby trapped (cars?|vehicles?|trucks?)|trucks? (packed|laden|loaded)|explosive laden \w+"),
    ("explosive belt", "suicide bomb", r"(explosives?|suicide|bomb) (belts?|vests?|jackets?)"),
    ("suicide bomb", "planted bomb", r"suicide( \w+){0,2}|blew (him|her|them)sel\w+|kamikaze"),
    ("landmine", "planted bomb", r"(land ?)?mines?|landmines?"),
    ("planted bomb", "bomb", r"ieds?|(improvised )?explosive devices?|planted bombs?|roadside bombs?|remote(ly)? (controlled|detonated) \w+|bomb planted|device planted|tunnel bombs?"),
    ("mortar", "fire from the ground", r"mortars?( rounds?| shells?| fire)?"),
    ("rocket", "fire from the ground", r"rockets?( shells?| fire| attacks?| launchers?)?|grads?|katyushas?"),
    ("missile", "fire from the ground", r"missiles?|scuds?|surface to surface"),
    ("missile", "attack from the air", r"missiles?|air to surface"),
    ("artillery", "fire from the ground", r"artillery|howitzers?|cannons?|tank (fire|shells?)|tanks?"),
    ("fire from the ground", "", r"shell(s|ing|ed|fire)?|barrage|bombardment|projectiles?"),
    ("chemical", "", r"chemicals?|chlorine|sarin|(toxic|poison|nerve|mustard)( gas(es)?| materials?| agents?| substances?)?|gas(es)?"),
    ("sniper", "small arms", r"snipers?|sniping"),
    ("small arms", "", r"gunfire|guns?|(machine|sub ?machine) ?guns?|rifles?|shooting|shot|gunshots?|bullets?|pistols?|small arms|light weapons|live ammunition"),
    ("blade", "", r"kni(fe|ves)|stabb\w+|machetes?|axes?|swords?|behead\w+"),
    ("bomb", "", r"bombs?|bombing|explosions?|blasts?|explosives?|grenades?"),
)  # fmt: skip
# A strike from the air and fire from the ground are often told of one attack; so are a planted bomb and either.
_MIXED = (
    {"attack from the air", "fire from the ground"},
    {"attack from the air", "bomb"},
    {"fire from the ground", "bomb"},
    {"chemical", "attack from the air"},
    {"chemical", "fire from the ground"},
    {"chemical", "bomb"},
)


@lru_cache(maxsize=1)
def _patterns() -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple((sense, re.compile(rf"(?<!\w)(?:{words})(?!\w)")) for sense, _, words in _TABLE)


@lru_cache(maxsize=1)
def _above() -> dict[str, frozenset[str]]:
    """Each sense to all that it is a sort of, itself left out."""
    direct: dict[str, set[str]] = {}
    for sense, general, _ in _TABLE:
        direct.setdefault(sense, set()).update({general} - {""})
    out: dict[str, frozenset[str]] = {}
    for sense in direct:
        found, due = set(), list(direct[sense])
        while due:
            here = due.pop()
            if here not in found:
                found.add(here)
                due.extend(direct[here])
        out[sense] = frozenset(found)
    return out


@lru_cache(maxsize=4096)
def senses(words: str) -> frozenset[str]:
    """What ``words`` say of the weapon, by the table, only the most special ones; empty where it has none."""
    folded = fold(words)
    found = {sense for sense, pattern in _patterns() if pattern.search(folded)}
    return frozenset(
        sense for sense in found if not any(sense in _above()[other] for other in found - {sense})
    )


def relation(one: str, other: str) -> Relation:
    """How two wordings of a weapon stand to each other, and why. Symmetric.

    ``agree`` the same words or the same senses; ``compatible`` one is a sort of the other, they share a
    sense, or they are often told of one attack; ``conflict`` two weapons that nothing puts together
    (gunfire, a barrel bomb); ``unknown`` where the table lacks a word and the wordings are not alike.
    """
    if fold(one) == fold(other):
        return Relation(Verdict.AGREE, "the same weapon is named")
    a, b = senses(one), senses(other)
    if not a or not b:
        if alike(one, other):
            return Relation(Verdict.AGREE, "the weapon is named in like words")
        return Relation(Verdict.UNKNOWN, f"nothing says whether “{_first(one, other)}” can be one weapon")
    if a == b:
        return Relation(Verdict.AGREE, f"both name the weapon: {', '.join(sorted(a))}")
    wide_a, wide_b = (each | {up for sense in each for up in _above()[sense]} for each in (a, b))
    if shared := wide_a & wide_b:
        return Relation(Verdict.COMPATIBLE, f"both wordings can mean one weapon: {min(shared)}")
    if any(pair & wide_a and pair - wide_a <= wide_b and pair & wide_b for pair in _MIXED):
        return Relation(Verdict.COMPATIBLE, "the two are often told of one attack")
    return Relation(Verdict.CONFLICT, f"“{_first(one, other)}” are two weapons that nothing puts together")


def _first(one: str, other: str) -> str:
    return "” and “".join(sorted((one, other)))
