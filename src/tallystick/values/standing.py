"""Whether words tell what has happened, what is to come, what is denied, wanted or only feared.

"Is to hold a meeting" and "held a meeting" tell one meeting in two states; "denied that it had taken the
hill" tells of no taking. What decides is the nearest cue before the verb in its clause: an
auxiliary, a verb of planning, wanting or denying, a negation, a condition. The stance that a claim was
coded with outweighs words that say less.
"""

from __future__ import annotations

import re
from typing import Final, Literal

Standing = Literal["happened", "planned", "denied", "wanted", "foretold", "possible"]

# Of a claim's stance, what its words cannot take back: who denies does not assert.
_BY_STANCE: Final[dict[str, Standing]] = {
    "denied": "denied", "refused": "denied", "planned": "planned", "promised": "planned",
    "offered": "planned", "called_for": "wanted", "warned": "foretold", "predicted": "foretold",
}  # fmt: skip

_REACH = 90  # code points before a verb in which its cue stands
_LINK = r"(?:\s+(?:not|also|soon|again|now|then|still|probably|reportedly|fully|completely))?"
_CUES = re.compile(
    r"(?P<denied>\b(?:den(?:y|ies|ied|ying)|refut(?:es?|ed|ing)|reject(?:s|ed|ing)? (?:\w+ ){0,2}(?:reports?|claims?|accusations?|allegations?)|dismiss(?:es|ed|ing)? (?:\w+ ){0,2}(?:reports?|claims?))\b"
    r"|\b(?:did|does|do|had|has|have|was|were|is|are|would|could|will|can) ?(?:not|never)\b|\b\w+n[’']t\b|\bcannot\b|\bnever\b|\bno longer\b|\bfail(?:s|ed|ing|ure)? (?:to|in)\b|\bunable to\b|\bwithout\b"
    r"|\bno (?:sign|evidence|trace|indication)s? (?:of|that)\b|\bno ?(?:body|one)\b|\brefus(?:es?|ed|ing|al) to\b)"
    r"|(?P<wanted>\b(?:(?<!so-)call(?:s|ed|ing)?|appeal(?:s|ed|ing)?|plea(?:s|d|ded|ding)?|press(?:es|ed|ing)?|push(?:es|ed|ing)?) (?:\w+ ){0,4}?(?:for|on|upon|to)\b|\b(?:urg(?:es?|ed|ing)|demand(?:s|ed|ing)?|ask(?:s|ed|ing)?|want(?:s|ed|ing)?)\b|\b(?:should|must|needs? to|has to|have to|ought to)\b)"
    r"|(?P<possible>\b(?:if|unless|whether|could|(?-i:may)|might|in case|in the event|can)\b)"
    r"|(?P<planned>\b(?:will|shall|would)\b|['’]ll\b|\b(?:is|are|was|were|be)" + _LINK + r" (?:due|set|scheduled|expected|slated|planned|poised|ready|determined|preparing|about|going|bound)\b"
    r"|\b(?:is|are|was|were)" + _LINK + r" to(?= [a-z])|\b(?:plan(?:s|ned|ning)?|intend(?:s|ed|ing)?|aim(?:s|ed|ing)?|seek(?:s|ing)?|sought|tr(?:y|ies|ied|ying)|attempt(?:s|ed|ing)?|hop(?:es?|ed|ing)|vow(?:s|ed|ing)?|pledg(?:es?|ed|ing)|promis(?:es?|ed|ing)|threaten(?:s|ed|ing)?|prepar(?:es?|ed|ing)|offer(?:s|ed|ing)?|ready|determined|struggl\w+|fight(?:ing)?|fought|battl\w+|bid|campaign|offensive|operation|push\w*|effort|advance|drive|counter-?attack|attack|assault|battle|mission|march|orders?|ordered) (?:\w+ ){0,4}?(?:to|at|for)\b"
    r"|\b(?:objective|goal|aim|purpose|hope|prospect|plan|intention|campaign)s? (?:of|to|for|is|was|remains?)\b"
    r"|\b(?:in order|so as) to\b|\b(?:allow(?:s|ed|ing)?|enabl(?:es?|ed|ing)|let(?:s|ting)?|permit(?:s|ted|ting)?) (?:\w+ ){1,3}(?:to )?$|(?:^|[,;—–] ?|\band )to(?= [a-z]))",
    re.I,
)  # fmt: skip
# A verb in the simple past: not "be captured", not "rebel-held".
_PAST = re.compile(
    r"(?<!\bbe )(?<!\bbeen )(?<!-)(?:met|held|took|began|broke|came|went|fell|left|fled|won|lost|struck|retook|overran|withdrew|froze|(?!need|indeed)[a-z]{3,}ed)\b",
    re.I,
)
_BREAK = re.compile(
    r"[.;:!?]\s|\b(?:but|although|though|while|whereas|after|since|because|which|who|where|when|as)\b", re.I
)
# "An assault to retake the hill" has not retaken it; "managed to retake it" has.
_INFINITIVE = re.compile(
    r"(?<!\bmanage )(?<!\bmanages )(?<!\bmanaged )(?<!\bable )(?<!\bcontinued )(?<!\bcontinue )(?<!\bcontinues )\bto (?:\w+ly )?$",
    re.I,
)


def standing(words: str, stance: str = "stated", at: int | None = None) -> Standing:
    """How what ``words`` tell stands: ``happened``, ``planned``, ``denied``, ``wanted``, ``foretold`` or ``possible``.

    ``at`` is where the verb that tells it begins (code points), the end where it is not given: the
    nearest cue before it in its clause decides, at most ``_REACH`` away. ``stance`` is that of the claim; that
    the claim plans or wants something takes nothing back of a verb in the past ("met to call for a truce").
    """
    held = _BY_STANCE.get(stance)
    if held and not (held in ("planned", "wanted") and at is not None and _PAST.match(words, at)):
        return held
    before = words[: len(words) if at is None else at]
    before = before[-_REACH:]
    breaks = list(_BREAK.finditer(before))
    if breaks and at is not None:
        before = before[breaks[-1].end() :]
    cues = list(_CUES.finditer(before))
    if not cues:
        return "planned" if at is not None and _INFINITIVE.search(before) else "happened"
    if any(cue["denied"] for cue in cues):
        return "denied"
    last = cues[-1].lastgroup
    assert last in ("wanted", "possible", "planned")
    return last  # type: ignore[return-value]
