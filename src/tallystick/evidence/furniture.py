"""Lines that belong to the page around a report, not to the report.

Only whole lines are taken away, and only by what every site says ("Skip to main content",
"Read more"), never by an outlet's name. In doubt a line stays: a stray line costs a reader a
glance, a lost line may be a claim.
"""

from __future__ import annotations

import re

_NETWORK = (
    r"(?:facebook|twitter|x|whatsapp|telegram|linkedin|reddit|messenger|pinterest|instagram|youtube|flipboard"
    r"|e-?mail|print|copy link)"
)
_THIS = r"(?: this)?(?: article| story| page| post| report| news| item)?"

# Each is the whole line, in small letters, without marks and bullets at its ends.
_WHOLE = (
    r"skip to (?:the )?(?:main )?(?:content|navigation|search|footer|article)",
    r"(?:click (?:here )?to )?(?:read|see|show|load|view|learn|find out) more",
    r"(?:continue|keep) reading(?: the main story)?",
    r"advertise?ments?|sponsored(?: content)?|promoted content",
    r"(?:story|article) continues (?:below|after)(?: (?:this )?(?:ad|advert|advertisement))?",
    rf"(?:share|print|e-?mail|save|tweet){_THIS}",
    rf"share{_THIS} (?:on|via|with|to) {_NETWORK}",
    rf"(?:(?:share|follow us)[: ]+)?{_NETWORK}(?:[ ,|/·•]+{_NETWORK})+",
    r"copy (?:the )?(?:link|url)|link copied",
    r"(?:related|recommended|more|other|further)(?: \w+)?"
    r" (?:articles?|stories|content|links|topics|posts|reading|coverage)",
    r"more (?:on|about) this (?:story|topic)|more on this",
    r"you (?:may|might) (?:also )?(?:like|be interested in)",
    r"recommended(?: for you)?|what to read next|in case you missed it|also read|see also",
    r"most (?:read|popular|viewed|shared)(?: stories| articles)?|trending(?: now)?",
    r"top stories|editor's picks?",
    r"(?:sign up|subscribe|register)(?: now| here| today| for free)?",
    r"(?:sign up|subscribe)(?: now| here| today)? (?:for|to) (?:our|the|your|my)\b.{0,80}",
    r"(?:get|receive) .{0,80} (?:to|in) your inbox",
    r"enter your e-?mail(?: address)?|your e-?mail address(?: will not be published)?",
    r"(?:follow|like|find|join) us(?: on\b.{0,60})?",
    r"(?:log|sign) in(?: or (?:register|sign up|create an account))?|create (?:an )?account",
    r"(?:we|this (?:web)?site|our (?:web)?site) uses? cookies\b.{0,300}",
    r"by (?:continuing|using|browsing|clicking)\b.{0,120}\bcookies?\b.{0,200}",
    r"(?:accept|reject|allow|manage)(?: all)? cookies|cookie (?:policy|settings|preferences|notice)",
    r"privacy (?:policy|notice)|terms (?:of (?:use|service)|and conditions|& conditions)",
    r"back to (?:the )?top|toggle navigation|open menu|close menu|main menu",
    r"(?:leave|post|add) a (?:comment|reply)|no comments(?: yet)?|\d+ comments?",
    r"(?:view|show|read)(?: all)? comments",
    r"listen to this (?:article|story)|\d+[ -]min(?:ute)?s? read|please enable javascript\b.{0,120}",
)
_FURNITURE = re.compile("|".join(f"(?:{form})" for form in _WHOLE))
_MARKS = " \t\u00a0*•·|>»›→←<«‹-–—[](){}.…:!"

# A link to another piece, as editors set it into a text: "OPINION: The war that nobody ends".
_TEASER = re.compile(
    r"\W*(?:OPINION|READ(?: MORE| ALSO| NEXT)?|ALSO READ|SEE ALSO|WATCH(?: NOW| LIVE| MORE)?|LISTEN"
    r"|RELATED(?: \w+)?|MORE(?: ON THIS)?|ANALYSIS|EXPLAINER|FEATURE|PODCAST|INTERACTIVE|IN PICTURES|PHOTOS"
    r"|GALLERY|VIDEO|DON[’']T MISS):\s.{0,200}"
)


def strip(text: str) -> str:
    """``text`` (lines parted by a line feed) without its lines of page furniture.

    Blank lines at both ends go, and three or more in a row become one. Every line left is a line
    of ``text``, untouched and in order. A teaser stays while nothing stands above it: there it
    may be the headline, or all that the report says.
    """
    return "\n".join(text[start:end] for start, end in left(text))


def left(text: str) -> list[tuple[int, int]]:
    """Where in ``text`` the lines lie that ``strip`` leaves: half-open, in code points, in order."""
    kept: list[tuple[int, int]] = []
    blanks: list[tuple[int, int]] = []
    start = 0
    for line in text.split("\n"):
        place, start = (start, start + len(line)), start + len(line) + 1
        if not line.strip():
            blanks.append(place)
        elif not _is_furniture(line, first=not kept):
            if kept:
                kept += blanks if len(blanks) < 3 else blanks[:1]
            blanks = []
            kept.append(place)
    return kept


def _is_furniture(line: str, *, first: bool) -> bool:
    if len(line) > 450:
        return False
    bare = line.strip()
    if _TEASER.fullmatch(bare):
        return not first
    return bool(_FURNITURE.fullmatch(bare.strip(_MARKS).lower().replace("’", "'")))
