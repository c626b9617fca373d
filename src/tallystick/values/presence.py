"""The words that tell how many people are in a place, come to it or leave it: nouns of people and verbs of being there."""

from __future__ import annotations

import re
from typing import Final

_UNDER_ARMS = (
    r"fighters?|troops|soldiers?|rebels?|militants?|gunm[ae]n|forces|personnel|militiam[ae]n|militias?|recruits?|mercenar(?:y|ies)|"
    r"jihadis?(?:ts?)?|insurgents?|combatants?|advis[eo]rs?|policem[ae]n|guards?|conscripts?|commandos?"
)
_PEOPLE = (
    r"people|persons?|residents?|civilians?|inhabitants?|families|family|households?|children|women|citizens?|refugees?|"
    r"villagers?|locals|evacuees?|souls|patients?|migrants?"
)
# Behind a number: the noun of the people whom it counts.
COUNTED: Final = re.compile(
    rf"\s+(?:(?:of|the|more|other|so|its|their|whose)\s+)?(?:[\w’'()/-]+\s+){{0,5}}?(?P<noun>(?P<armed>{_UNDER_ARMS})|(?P<people>{_PEOPLE}))\b",
    re.I,
)
# The verbs, by the line and the word of the state.
VERBS: Final = tuple(
    (kind, what, re.compile(rf"\b(?:{words})\b", re.I))
    for kind, what, words in (
        ("displacement", "returned", r"return(?:ed|ing|s)?(?: home| to)?|(?:came|come|coming|gone|going|go|went) (?:back|home)"),
        ("displacement", "displaced", r"displac(?:ed|es|ing)|uprooted|homeless"),
        ("displacement", "leaving", r"fle(?:d|e|es|eing)|left|leav(?:e|es|ing)|evacuat(?:ed|es?|ing)|escap(?:ed|es?|ing)|depart(?:ed|s|ing)?|passing through|passed through|crossed into|transferred|bussed out|driven out"),
        ("forces", "arrived", r"arriv(?:ed|es?|ing)|deploy(?:ed|s|ing)|sent|sends?|sending|reinforce\w*|mass(?:ed|ing)|mobilis\w+|mobiliz\w+|travell?ed|joined|join(?:s|ing)|poured|dispatched|amassed"),
        ("forces", "left", r"withdr(?:ew|awn?|awing)|pulled (?:out|back)|left|leav(?:e|ing)|evacuated"),
        ("forces", "there", r"(?:is|are|was|were|has|have|remain(?:s|ed)?|stationed|based|fighting|operat(?:e|es|ing)|deployed|present|inside|on the ground|strong|taking part|took part|holed up|defending|besieging|battling)"),
        ("population", "there", r"liv(?:e|es|ed|ing)|remain(?:s|ed|ing)?|trapped|stay(?:s|ed|ing)?|inhabit\w*|home to|population of|hous(?:es|ing)|shelter(?:s|ed|ing)?|besieged|under (?:[\w’'-]+ )?siege|stuck|still (?:in|there)|need(?:s|ed|ing)?|cut off|reside[sd]?"),
    )
)  # fmt: skip
# What makes a number of people a toll, which is counted elsewhere.
TOLL: Final = re.compile(
    r"\b(?:kill\w*|wound\w*|injur\w*|dead|died|dying|deaths?|casualt\w+|martyr\w*|captur\w+|arrest\w*|detain\w*|abduct\w*|execut\w*|hostages?|hit|bodies|victims?|lost their lives)\b",
    re.I,
)
# People who leave or return, without a number.
GO: Final = re.compile(
    rf"\b(?:{_PEOPLE}|thousands|hundreds|dozens|anyone|anybody|nobody|no one|many|those|few)\b(?:\s+(?!(?:that|who|which|to|killed|and)\b)[\w’'-]+){{0,9}}?\s+"
    r"(?P<verb>(?P<back>return(?:ed|ing)?(?: home)?|going home)|leav(?:e|es|ing)|left|fle(?:d|e|eing)|evacuat(?:ed|ing)|escap(?:ed|ing)|depart(?:ed|ing)|pass(?:ed|ing) through|displaced)\b(?!\s+(?:\w+\s+)?(?:dead|behind|without|wounded|injured|homeless))",
    re.I,
)
NO_SIGN: Final = re.compile(
    r"\bno (?:sign|evidence|trace|indication)s? (?:of|that)\b|\b(?:nobody|no one)\b", re.I
)
