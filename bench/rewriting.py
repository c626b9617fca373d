"""Reports rewritten as copyists do: cut, reordered, under another heading, a part of the sentences paraphrased.

    rewriting.rewrite(text, Random(7), paraphrased=1 / 3, dropped=0.2)

Everything is by rule and by lot from the seed, so that a run can be repeated. Paraphrasing changes words
by a table, leaves out adverbs and attributes, turns round "X said Y", swaps clauses and takes deeds into
the passive: what is left of a sentence is its names, its figures and some of its words.
"""

from __future__ import annotations

import re
from random import Random

SENTENCE = re.compile(r"[^.!?]+(?:[.!?](?!\s|$)[^.!?]*)*[.!?]*[\"”’]?\s*")
# Words and what may stand for them; forms as they stand in reports.
SAME = {
    line.split(": ")[0]: line.split(": ")[1].split(", ")
    for line in """
killed: left dead, slain
people: persons, individuals
wounded: injured, hurt
injured: wounded, hurt
attack: assault, strike
attacks: assaults, strikes
said: stated, announced, declared
says: states, declares
told: informed
reported: stated, related
air: aerial
strikes: raids, bombardments
strike: raid, bombardment
raids: strikes, bombings
raid: strike, bombing
airstrikes: air raids, aerial attacks
bombing: bombardment, blasting
bomb: explosive device, charge
blast: explosion
explosion: blast
at least: no fewer than, a minimum of
more than: over, upwards of
including: among them, counting
children: minors, youngsters
civilians: non-combatants, residents
women: females
fighters: combatants, gunmen
rebels: insurgents, opposition fighters
rebel: insurgent, opposition
militants: extremists, armed men
forces: troops, units
troops: soldiers, forces
soldiers: servicemen, troops
army: military
city: town
town: settlement
village: hamlet
area: zone, district
areas: zones, districts
province: governorate, region
northern: north
southern: south
eastern: east
western: west
near: close to, not far from
around: about, some
during: in the course of
after: following
before: ahead of
began: started, set off
started: began
launched: mounted, began
captured: seized, took
seized: captured, took over
control: command, hold
group: organisation, faction
groups: organisations, factions
monitor: watchdog, monitoring group
activists: campaigners
war: conflict
conflict: war
since: ever since
hospital: clinic, medical centre
hospitals: clinics, medical centres
school: place of learning
house: home, dwelling
houses: homes, dwellings
buildings: structures
residential: inhabited
neighbourhood: quarter, district
neighborhood: quarter, district
neighbourhoods: quarters, districts
several: a number of, various
many: numerous
dozens: scores
also: in addition, further
however: yet
while: as, whereas
because: as
hit: struck, reached
struck: hit
fired: launched, shot
targeted: aimed at, hit
destroyed: wrecked, ruined
heavy: intense, fierce
fierce: heavy, bitter
fighting: combat, battles
clashes: skirmishes, battles
died: lost their lives, perished
dead: deceased, killed
death toll: number of deaths
toll: count
statement: communique
source: informant
sources: informants
local: area
backed: supported
government: authorities
regime: government
country: nation
capital: main city
border: frontier
ceasefire: truce
truce: ceasefire
talks: negotiations
officials: representatives
official: representative
large: big, sizeable
small: minor
major: big, important
offensive: push, operation
operation: campaign, action
continued: went on
added: went on to say
according to: as told by, by the account of
on the ground: at the scene
took place: happened, occurred
carried out: conducted, made
""".strip().splitlines()
}
_TABLE = re.compile(r"\b(" + "|".join(sorted(SAME, key=lambda w: (-len(w), w))) + r")\b")
_DROPPED = re.compile(
    r"\b(?:very|also|reportedly|meanwhile|recently|repeatedly|heavily|largely|mainly|mostly|nearly|already|still|just|only|"
    r"\w+(?:ous|ive|al)ly|currently|previously|earlier|later|fresh|new|so-called|alleged|deadly|intense)\s+",
    re.I,
)
_SAID = re.compile(
    r"^(?P<what>.{20,}?),? (?P<who>(?:the |a |an )?[A-Z][\w ’'-]{3,60}?) (?:said|reported|added)(?P<when> on \w+day)?(?P<end>[.!?]*\s*)$"
)
_SAID_FIRST = re.compile(
    r"^(?P<who>(?:The |A |An )?[A-Z][\w ’'-]{3,60}?) (?:said|reported|added)(?: that)? (?P<what>.{20,}?)(?P<end>[.!?]*\s*)$"
)
_CLAUSES = re.compile(
    r"^(?P<one>.{25,}?),? (?P<link>while|after|as|when|and|but|with) (?P<other>.{25,}?)(?P<end>[.!?]*\s*)$"
)
_PASSIVE = re.compile(
    r"^(?P<by>(?:[A-Z][\w’'-]*|air|strikes|raids|the|forces|rebels)(?: [\w’'-]+){0,3}) (?P<did>killed|wounded|injured|destroyed|captured|seized|hit|struck) (?P<whom>[^,.]{5,60})(?P<rest>.*)$",
    re.S,
)
_LEADS = ("Reports from the scene say that ", "It emerged that ", "As was learnt, ", "It is understood that ")
HEADINGS = (
    "Day of violence leaves many dead", "What we know so far", "Fresh bloodshed in the region", "War grinds on as toll mounts",
    "Latest developments from the front", "Toll climbs after new violence", "Witnesses describe scenes of horror",
)  # fmt: skip


def sentences(text: str) -> list[str]:
    """The text cut after full stops, roughly; joined they are the text again."""
    return [match[0] for match in SENTENCE.finditer(text) if match[0].strip()]


def paraphrase(sentence: str, lot: Random) -> str:
    """The same said otherwise, as far as a table and four turns of phrase can."""
    out = _turned(sentence.strip(), lot)
    out = _DROPPED.sub("", out)
    out = _TABLE.sub(lambda match: lot.choice(SAME[match[0]]), out)
    if _kept(sentence, out) > 0.4:
        words = out.rstrip(" .").split(" ")
        at = len(words) // 3
        out = f"{' '.join(words[at : 2 * at])}, {' '.join(words[2 * at :])} {' '.join(words[:at])}."
    if lot.random() < 0.25:
        out = lot.choice(_LEADS) + out[:1].lower() + out[1:]
    return out[:1].upper() + out[1:].rstrip() + " "


def _kept(sentence: str, other: str) -> float:
    """The share of a sentence's runs of four words that stand in another."""
    one, two = (
        {tuple(words[n : n + 4]) for n in range(len(words) - 3)}
        for words in (sentence.split(), other.split())
    )
    return len(one & two) / len(one) if one else 0.0


def _turned(sentence: str, lot: Random) -> str:
    if match := _SAID.match(sentence) or _SAID_FIRST.match(sentence):
        what = match["what"]
        return f"According to {match['who'][:1].lower() + match['who'][1:]}, {what[:1].lower() + what[1:]}{match['end']}"
    if match := _PASSIVE.match(sentence):
        return f"{match['whom']} were {match['did']} by {match['by']}{match['rest']}"
    if match := _CLAUSES.match(sentence):
        one, other = match["one"], match["other"]
        link = {"and": "Also,", "but": "Though", "with": "With"}.get(
            match["link"], match["link"].capitalize()
        )
        return f"{link} {other}, {one[:1].lower() + one[1:]}{match['end']}"
    words = sentence.split(" ")
    if len(words) > 14:
        at = lot.randrange(5, len(words) - 5)
        return " ".join([*words[at:], *words[:at]])
    return sentence


def rewrite(
    text: str, lot: Random, *, paraphrased: float = 1 / 3, dropped: float = 0.0, cut: float = 0.25
) -> str:
    """A copyist's version: its tail cut, its paragraphs in another order, under another heading.

    ``paraphrased`` of the sentences left are said otherwise and ``dropped`` of them are left out; of a
    text of fewer than four sentences nothing is cut or dropped.
    """
    told = sentences(text)
    if len(told) >= 4:
        told = told[1 : max(4, round(len(told) * (1 - cut)))]
        stay = max(3, round(len(told) * (1 - dropped)))
        told = [told[n] for n in sorted(lot.sample(range(len(told)), min(stay, len(told))))]
    changed = set(lot.sample(range(len(told)), round(len(told) * paraphrased)))
    told = [paraphrase(each, lot) if n in changed else each.rstrip() + " " for n, each in enumerate(told)]
    size = lot.choice((2, 3))
    parts = [told[n : n + size] for n in range(0, len(told), size)]
    lot.shuffle(parts)
    return f"{lot.choice(HEADINGS)}. {''.join(each for part in parts for each in part)}"
