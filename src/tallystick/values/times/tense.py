"""Whether the words around a day tell of what was or of what is to come.

A weekday or a month without its year lies on either side of the day of publication. English says
which by the verb that governs it: "met on Monday", "will meet on Monday", "is to meet on Monday".
Read from the nearest verb before it in its sentence, else from the first one after it.
"""

from __future__ import annotations

import re

_BEFORE, _AFTER = 180, 110  # code points looked at to either side
_STOP = re.compile(
    r"(?<![.\s][A-Za-z])(?<!\b[A-Z][a-z])(?<!\b(?:Mrs|Gen|Gov|Sen|Rep|Col))[.!?;](?=\s+[“\"'`(]*[A-Z])|\n\s*\n"
)
_TURN = "planning|plans?|supposed|poised|likely|ready|preparing|prepares|intends?|intending|hopes?|hoping|hoped|vow(?:s|ed)|pledge[sd]?|promise[sd]?|agree[sd]?|threaten(?:s|ed)|wants?|about|invited|ordered|urged|told|asked"
_SURE = "will|shall|won['’]t"
_MODAL = "would|wouldn['’]t|may|might|could|should|must|can|cannot|can['’]t"
_SET = "expected|scheduled|due|set|slated|planned|postponed|delayed|adjourned"
_BE = r"(?:\s+(?:not|also|only|never|then|likely|soon|again|probably))?(?:\s+be(?:\s+\w+)?)?"
_CUES = re.compile(
    rf"(?P<had>\b(?:{_SURE}|{_MODAL})\s+(?:not\s+|already\s+)?have\b(?:\s+been)?(?:\s+\w+ed\b)?)"
    rf"|(?P<sure>(?:\b(?:{_SURE})\b|['’]ll\b){_BE}|\b(?:is|are)\s+(?:not\s+|also\s+)?(?:going\s+)?to\s+(?!have\b)(?:be\s+)?\w+)"
    rf"|(?P<ahead>\b(?:{_MODAL})\b{_BE}|\b(?:{_SET}|{_TURN})\s+(?:\w+\s+){{0,2}}to\s+(?!have\b)(?:be\s+)?\w+"
    rf"|\b(?:{_SET})\s+(?:for|by|until|on|in|at)\b"
    r"|\b(?:was|were)\s+(?:not\s+|also\s+)?to\s+(?!have\b)(?:be\s+)?\w+"
    r"|\bto be \w+(?:ed|ld|en|de|nt)\b|\bas (?:soon|early) as\b|\b(?:gave|given|give|gives)\b[^.;]{0,60}\buntil\b"
    r"|\b(?:ahead of|upcoming|forthcoming|planned|scheduled|deadline|payable|effective|through)\b"
    r"|\b(?:meets|begins|opens|starts|resumes|convenes|reconvenes|expires|arrives|departs|votes|faces|takes (?:place|effect))\b)"
    r"|(?P<was>\b(?:was|were|had|has|have|did|said|told|took|went|came|saw|left|held|met|made|began|broke|fell|struck|hit|shot|died|fought|won|lost|sent"
    r"|got|gave|found|became|brought|led|fled|rose|ran|drove|flew|kept|paid|put|spoke|stood|thought|wrote|knew|grew|fed|built|bought|sold|blew|tore|swept|says|(?!(?:need|indeed|hundred|armed|exceed|proceed|succeed|alleged|suspected|so-called)\b)(?-i:[a-z]{2,}ed))\b)",
    re.I,
)
_UP_TO = re.compile(r"\b(?:by|until|till|before)\s+(?:the\s+)?(?:\w+\s+)?$", re.I)
_OWNED = re.compile(r"['’]s\b")  # "Wednesday's ruling": whatever verb stands near, it has come
_COMING = re.compile(r"(?:['’]s)?\s+(?:deadline|return date)\b", re.I)
# "the damage of the bombing on Saturday": that is known of has happened.
_HAPPENED = re.compile(
    r"\b(?:bombing|bombardment|attack|assault|strike|air ?strike|raid|shelling|killing|massacre|explosion|blast|clash|ambush)(?:s|es)?\s+(?:(?:on|of|in)\s+)?$",
    re.I,
)
_INFINITIVE = re.compile(r"\bto\s+(?!the\b|an?\b)(?:be\s+)?[a-z]+\b(?:(?!\b\w+ed\b)[^.;])*$", re.I)


def ahead(text: str, start: int, end: int) -> int:
    """Whether ``text[start:end]``, words for a day, is told of as still to come; past where nothing tells.

    0 for past; 1 where it was to come when somebody said so ("would meet", "set to begin"), 2 where it
    is ("will meet", "is to meet"). Looks no further than the sentence, and a bounded way into it.
    """
    if _COMING.match(text[end : end + 20]):
        return 1
    if _OWNED.match(text, end):
        return 0
    before = text[max(0, start - _BEFORE) : start]
    stops = list(_STOP.finditer(before))
    if stops:
        before = before[stops[-1].end() :]
    if _HAPPENED.search(before):
        return 0
    cues = list(_CUES.finditer(before))
    up_to = _UP_TO.search(before)
    if cues:
        last = cues[-1]
        if last.lastgroup == "was" and up_to and _INFINITIVE.search(before[last.end() :]):
            return 2  # "told residents to leave by Friday"
        return _LOOKS[last.lastgroup or ""]
    after = text[end : end + _AFTER]
    stop = _STOP.search(after)
    first = _CUES.search(after[: stop.start()] if stop else after)
    if first is None:
        return 2 if up_to else 0
    return 2 if first.lastgroup == "sure" else 0


_LOOKS = {"had": 0, "was": 0, "ahead": 1, "sure": 2}
