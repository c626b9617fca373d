"""How things are put: days, figures, voices, kinds and verdicts in plain English.

Nothing here decides anything; every function turns one value of the model into words.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from datetime import date
from pathlib import PurePath

from tallystick.model import Claim, ClaimId, Document, Span, Toll, Voice
from tallystick.values.agreement import Verdict
from tallystick.values.count import VAGUE, Count
from tallystick.values.names import alike, fold
from tallystick.values.place import Place
from tallystick.values.places.atlas import Located
from tallystick.values.when import When

_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September",
    "October", "November", "December",
)  # fmt: skip

KINDS = {
    "air_strike": "air strike",
    "shelling": "shelling",
    "missile_strike": "missile strike",
    "ground_clash": "ground clash",
    "bombing": "bombing",
    "suicide_bombing": "suicide bombing",
    "chemical_attack": "chemical attack",
    "killing": "killing",
    "landmine": "landmine",
    "capture": "capture of people",
    "other": "other violence",
    "control": "control of ground",
    "forces": "forces present",
    "population": "people in a place",
    "displacement": "people leaving",
    "meeting": "meeting",
    "draft": "draft text",
    "vote": "vote",
    "statement": "statement",
    "warning": "warning",
    "offer": "offer",
    "refusal": "refusal",
    "agreement": "agreement",
    "suspension": "contacts suspended",
    "contact": "contact",
}

FIELD_LABELS = {
    "killed": "Killed",
    "wounded": "Wounded",
    "captured": "Captured",
    "missing": "Missing",
    "displaced": "Displaced",
    "date": "Day",
    "place": "Place",
    "kind": "Kind",
    "perpetrator": "Responsibility",
    "weapon": "Weapon",
    "target": "Target",
    "status": "Civilian or not",
    "opponent": "Fought against",
    "told": "What is said",
    "other": "Other words on it",
    "event": "The event",
    "contradictions": "Who contradicts whom",
}

# How a field is named inside a sentence.
FIELD_NOUNS = {
    "killed": "the number killed",
    "wounded": "the number wounded",
    "captured": "the number captured",
    "missing": "the number missing",
    "displaced": "the number displaced",
    "date": "the day",
    "place": "the place",
    "kind": "what kind of event it was",
    "perpetrator": "who did it",
    "weapon": "the weapon",
    "target": "what was hit",
    "status": "whether the harmed were civilians",
}

VERDICTS = {
    Verdict.AGREE: ("Agree", "=", "Independent origins tell the same."),
    Verdict.COMPATIBLE: (
        "Compatible",
        "≈",
        "What is told differs, but all can be true: “at least 12” and “15”.",
    ),
    Verdict.UPDATE: ("Updated", "↑", "A later word of the same origin, or a toll that rose with time."),
    Verdict.CONFLICT: ("Differ", "≠", "What is told cannot all be true."),
    Verdict.SINGLE_ORIGIN: ("One origin", "1", "Only one independent origin speaks, however many repeat it."),
    Verdict.UNKNOWN: ("Not settled", "?", "Nothing is told, or what is told cannot be compared."),
}

GRADES = {
    "Confirmed": "a belligerent accepts responsibility",
    "Fair": "two or more independent origins, and a belligerent’s likely action",
    "Weak": "one origin, or nobody named as responsible",
    "Contested": "competing attributions of responsibility",
    "Discounted": "the harmed were combatants, or another cause is established",
}

PUBLISHED_FROM = {
    "metadata": "the report’s own record",
    "page": "the page",
    "user": "a person who supplied it",
    None: "nowhere: the report gives no date",
}

_SINGULAR = {
    "civilians": "civilian", "children": "child", "women": "woman", "men": "man", "fighters": "fighter",
    "soldiers": "soldier", "medics": "medic", "journalists": "journalist",
}  # fmt: skip
_BODY = re.compile(
    r"\b(Agency|Army|Brigades?|Cent(?:re|er)|Coalition|Command|Commission|Committee|Council|Department|Front|"
    r"Government|League|Ministry|Network|Observatory|Organi[sz]ation|Union)\b",
    re.I,
)


def field_label(field: str) -> str:
    """How a field is headed; a matter's field is its kind."""
    return FIELD_LABELS.get(field) or capital(KINDS.get(field, field.replace("_", " ")))


def day(told: date) -> str:
    """7 October 2016."""
    return f"{told.day} {_MONTHS[told.month - 1]} {told.year}"


def month(told: str) -> str:
    """October 2016, of "2016-10"."""
    year, _, number = told.partition("-")
    return f"{_MONTHS[int(number) - 1]} {year}"


def days(when: When) -> str:
    """The days in words, as precise as they were told; the report's own words where no day can be told."""
    start, end = when.start, when.end
    if start is None and end is None:
        return f"“{when.words}”, day unknown" if when.words else "day unknown"
    if start is None or end is None:
        return f"from {day(start)}, end not told" if start else f"until {day(end)}" if end else "day unknown"
    if start == end:
        return day(start)
    if start.day == 1 and when.precision in ("month", "year") and not when.stretch:
        if (start.month, end.month, end.day) == (1, 12, 31) and start.year == end.year:
            return str(start.year)
        if (start.year, start.month) == (end.year, end.month) and end.day >= 28:
            return f"{_MONTHS[start.month - 1]} {start.year}"
    if (start.year, start.month) == (end.year, end.month):
        return f"{start.day}–{end.day} {_MONTHS[end.month - 1]} {end.year}"
    if start.year == end.year:
        return f"{start.day} {_MONTHS[start.month - 1]} – {day(end)}"
    return f"{day(start)} – {day(end)}"


def published(document: Document) -> str:
    """When a report was published, or that it cannot be told."""
    return day(document.published) if document.published else "published on an unknown day"


def outlet(document: Document) -> str:
    """Who published a report; its own name where that is not told."""
    return document.publisher or f"report {document.name}, publisher not told"


def cite(document: Document, span: Span | None = None) -> str:
    """Publisher and day of one report, with the page of ``span``; its own id where no publisher is told."""
    at = sheets(document, span) if span else ""
    return f"{outlet(document)}, {published(document)}{', ' if at else ''}{at}"


def sheets(document: Document, span: Span) -> str:
    """The page on which words stand: "page 7", "pages 7 to 8"; nothing where the report has no pages."""
    on = document.sheets(span)
    if on is None:
        return ""
    return f"page {on[0]:,}" if on[0] == on[1] else f"pages {on[0]:,} to {on[1]:,}"


def amount(count: Count) -> str:
    """A count in words, with its open bound: "at least 11", "up to 20", "about 15", "9 to 12"."""
    about = "about " if count.approx else ""
    if count.above:
        return f"more than {about}{count.low:,}"
    if count.high is None:
        return f"at least {about}{count.low:,}"
    if count.low is None:
        return f"up to {about}{count.high:,}"
    if count.low == count.high:
        return "no one" if count.low == 0 else f"{about}{count.low:,}"
    return f"{about}{count.low:,} to {count.high:,}"


def _group(group: str, count: Count) -> str:
    name = group.removeprefix("other:").strip()
    if name in ("", "people", "other"):
        return ""
    if name == "part":
        return " of them"
    if count.low == count.high == 1:
        name = _SINGULAR.get(name, name)
    return f" {name}"


def figure(toll: Toll, quote: str) -> str:
    """One figure in words: "at least 11 killed", "4 children killed".

    A vague word stays itself: "“dozens” wounded (counted as 24 or more)".
    """
    count = toll.count
    if count.low == count.high == 0:
        return f"no{_group(toll.group, Count(2, 2)) or ' one'} {toll.kind}"
    if vague := vague_word(count, quote):
        return f"“{vague}”{_group(toll.group, count)} {toll.kind} (counted as {count.low:,} or more)"
    return f"{amount(count)}{_group(toll.group, count)} {toll.kind}"


def vague_word(count: Count, quote: str) -> str | None:
    """The word that stands for a number ("dozens"), where the figure was told by one."""
    if count.high is not None or re.search(r"\d", quote):
        return None
    return next((w for w in VAGUE if count.low == VAGUE[w] and re.search(rf"\b{w}\b", quote, re.I)), None)


def article(name: str) -> str:
    """A body's name as it stands in a sentence: "the Harrow Observatory"."""
    if re.match(r"(?:the|an?)\s", name, re.I) or not _BODY.search(name):
        return name
    return f"the {name}"


def speaker(claim: Claim) -> str | None:
    """Whose word it is: the deepest voice named, with who relays it; ``None`` is the outlet itself."""
    if not claim.voices:
        return None
    deepest = article(claim.voices[-1].name)
    names = [voice.name for voice in reversed(claim.voices[:-1])]
    relays = [article(name) for name in names if name != claim.voices[-1].name]
    return f"{deepest}, relayed by {' and '.join(relays)}" if relays else deepest


def named(voice: Voice) -> str:
    """A speaker's usual name, with the words that named it where these are another name."""
    if voice.span is None or alike(voice.name, voice.span.quote):
        return voice.name
    return f"{voice.name}, told as “{' '.join(voice.span.quote.split())}”"


def who(claim: Claim, document: Document, rests: Mapping[ClaimId, str] | None = None) -> str:
    """The shortest name for whose word it is: its origin (``rests``), else the source, else the outlet."""
    if rests and (origin := rests.get(claim.id)):
        return origin
    if claim.source:
        return claim.source.name
    return document.publisher or f"report {document.name}"


def is_outlet(claim: Claim, document: Document) -> bool:
    """Whether the outlet says it in its own voice, named or not."""
    source = claim.source
    return source is None or bool(document.publisher and fold(source.name) == fold(document.publisher))


_AFTER = {
    "stated": "according to {}",
    "alleged": "alleged by {}",
    "estimated": "estimated by {}",
}
_BEFORE = {
    "stated": "According to {}",
    "alleged": "Alleged by {}",
    "denied": "Denied by {}",
    "warned": "Warned by {}",
    "predicted": "Predicted by {}",
    "called_for": "Called for by {}",
    "planned": "Planned, according to {}",
    "promised": "Promised by {}",
    "estimated": "Estimated by {}",
    "offered": "Offered by {}",
    "refused": "Refused by {}",
}
# Where the words are themselves the denial, "denied by" would turn them round.
_OWN_WORDS = {"denied": "A denial by {}", "refused": "A refusal by {}", "alleged": "An allegation by {}"}


def attributed(said: str, claim: Claim, document: Document) -> str:
    """A sentence that says ``said`` with its words, whose word it is, and in which report.

    What is denied, warned of, called for and so on starts with that, so that nobody can read the
    beginning as a fact.
    """
    words, place = quoted(claim.span.quote), cite(document, claim.span)
    voice = None if is_outlet(claim, document) else speaker(claim)
    if claim.stance in _AFTER:
        by = _AFTER[claim.stance].format(voice or "the outlet itself")
        return f"{capital(said)} — {words}, {by} ({place})."
    return f"{_BEFORE[claim.stance].format(voice or 'the outlet itself')}: {said} — {words} ({place})."


def says(claim: Claim, document: Document) -> str:
    """A sentence that gives the claim in its own words alone."""
    voice = None if is_outlet(claim, document) else speaker(claim)
    lead = _OWN_WORDS.get(claim.stance, _BEFORE[claim.stance]).format(voice or "the outlet itself")
    return f"{lead}: {quoted(claim.span.quote)} ({cite(document, claim.span)})."


def quoted(quote: str, limit: int = 240) -> str:
    """The words in quotation marks, on one line; long ones are cut at a word, with a mark that they are."""
    flat = " ".join(quote.split())
    if len(flat) > limit:
        flat = flat[:limit].rsplit(" ", 1)[0] + " …"
    return f"“{flat}”"


def capital(text: str) -> str:
    """With a capital first letter, past an opening quotation mark too."""
    at = 1 if text[:1] == "“" else 0
    return text[:at] + text[at : at + 1].upper() + text[at + 1 :]


def joined(parts: list[str], word: str = "and") -> str:
    """A, B and C."""
    if len(parts) < 2:
        return "".join(parts)
    return f"{', '.join(parts[:-1])} {word} {parts[-1]}"


def some(parts: list[str], most: int = 3) -> str:
    """The first few, and how many others."""
    if len(parts) <= most + 1:
        return joined(parts)
    return f"{', '.join(parts[:most])} and {len(parts) - most} others"


def number(n: int, one: str, many: str | None = None) -> str:
    """ "1 report", "8 reports"."""
    return f"{n:,} {one if n == 1 else many or one + 's'}"


def where(place: Place | None) -> str:
    """The place with what it lies in, as far as told."""
    return str(place) if place else "place not told"


def text_digest(document: Document) -> str:
    """SHA-256 of a report's text in UTF-8; withheld with that of its bytes, for one would tell the other.

    A text from which only a name is missing lets whoever has its digest try names until one fits.
    """
    if document.capture.startswith("withheld"):
        return "withheld"
    return hashlib.sha256(document.text.encode("utf-8", "backslashreplace")).hexdigest()


def came_from(origin: str) -> str:
    """Where bytes came from: an address as it is, of a path the file's name alone."""
    return origin if "://" in origin else PurePath(origin).name


def found(located: Located) -> str:
    """Where a place was found to be, how exactly, and why; or why not."""
    place, why = located.place, "; ".join(located.reasons)
    if place.latitude is None or place.longitude is None:
        return f"not found: {why}"
    north = f"{abs(place.latitude):.2f}° {'N' if place.latitude >= 0 else 'S'}"
    east = f"{abs(place.longitude):.2f}° {'E' if place.longitude >= 0 else 'W'}"
    return f"{north} {east}, within {place.radius_km:g} km: {why}"
