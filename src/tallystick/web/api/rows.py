"""The rows for programs, with all that is to be known of each: one table gives routes and description."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, get_args

from tallystick.desk.past import DECIDED
from tallystick.model import HARM, MATTERS, TOLLS, Stance, Topic
from tallystick.model.stored import Held, Part
from tallystick.values.agreement import Verdict
from tallystick.web.api import deciding, finding, reading
from tallystick.web.api.answers import MOST, USUAL
from tallystick.web.api.operation import Operation
from tallystick.web.api.shape import (
    Field,
    day,
    flag,
    id_pattern,
    named,
    one_of,
    some_of,
    text,
    thing,
    whole,
)
from tallystick.web.role import Role
from tallystick.web.row import PREFIX, Handler, Row

_CASE = f"{PREFIX}cases/{{case}}"
_KEY = Field("case", {"type": "string", "maxLength": 200}, "the case, by its name in addresses", True)
_PAGE = (
    whole("limit", "how many rows a page holds at most", 1, MOST, default=USUAL),
    text("cursor", "where the page before ended, as its “next” tells", 500, least=1),
)
_NOTE = text("note", "why", 10_000)
_DAYS = (day("from", "the first day"), day("to", "the last day, inclusive"))
_FILTERS = (
    *_DAYS,
    text("place", "part of the name of a place, a province or a country", least=1),
    text("party", "part of the name of a party accused", least=1),
    text("q", "words that its title, place, parties or kind hold", least=1),
    text("box", "west,south,east,north in degrees; what may lie in it is taken", 100, least=1),
    one_of("verdict", "the gravest verdict of its fields", [str(v) for v in Verdict if v != Verdict.UNKNOWN]),
    flag("differ", "only what cannot all be true"),
    flag("waiting", "only what waits for a person"),
)
_ITEM = Field(
    "item",
    {
        "type": "string",
        "pattern": r"^(?:(?:clm|acc|inc|doc)-[0-9a-f]{24}|acc-[0-9a-f]{24},acc-[0-9a-f]{24})$",
    },
    "the id of a claim, an account, an incident or a report; of a pair both accounts, with a comma",
    True,
)
_CHANGES = (
    text("count", "how many: 12, at least 12, 10 to 12", 1000),
    one_of("toll", "what became of them", TOLLS),
    text("group", "of whom: people, civilians, children ...", 1000),
    one_of("kind", "the kind of event or matter", (*HARM, *MATTERS)),
    text("days", "the day, or the first to the last: 2016-10-07 to 2016-10-09", 100),
    text("place", "the place by name", 1000),
    text("weapon", "with what", 1000),
    text("target", "what was hit", 1000),
    flag("aggregate", "whether it adds up several events"),
    text("party", "the party that has a part in the deed", 1000),
    one_of("role", "that part", get_args(Part)),
    one_of("how", "how it is held to be so", get_args(Held)),
    one_of("stance", "how it is said", get_args(Stance)),
    Field(
        "voices",
        {"type": "array", "items": {"type": "string", "maxLength": 1000}, "maxItems": 10},
        "who says it, the nearest first; none is the outlet itself",
    ),
)
_TEXT = Field(
    "text",
    {"type": "string", "minLength": 1, "maxLength": 10_000, "pattern": r"^[\s\S]*\S[\s\S]*$"},
    "what is noted",
    True,
)
_WORDS = (
    text("quote", "the words, letter for letter", 100_000, least=1, required=True),
    whole("start", "where they begin in the report's text, in code points", 0, 10**9),
    whole("end", "where they end, exclusive", 0, 10**9),
)
_REVIEW = (
    one_of(
        "verdict",
        "what is said; “reopened” takes back what was said before",
        ("upheld", "rejected", "corrected", "reopened"),
        required=True,
    ),
    _NOTE,
    Field("changes", thing(_CHANGES), "of a correction: what the claim says otherwise"),
    Field("words", thing(_WORDS), "of a correction: the exact words that it rests on"),
    named("account", "acc", "of a correction: the account that the claim is to belong to"),
)


def _id(sort: str, name: str = "id") -> Field:
    return Field(name, {"type": "string", "pattern": id_pattern(sort)}, "its id", True)


def _get(
    path: str, name: str, handler: Handler, means: str, answer: str, least: Role = Role.READER, **more: Any
) -> Row:
    return Row(path, name, handler, least, alone=False, told=_told(path, means, answer, more))


def _post(path: str, name: str, handler: Handler, means: str, least: Role, **more: Any) -> Row:
    answer = more.pop("answer")
    return Row(path, name, handler, least, "POST", True, False, told=_told(path, means, answer, more))


def _told(path: str, means: str, answer: str, more: dict[str, Any]) -> Operation:
    parts: Sequence[Field] = more.pop("parts", ())
    own = (_KEY,) if "{case}" in path else ()
    return Operation(means, answer, parts=(*own, *parts), **more)


ROWS: tuple[Row, ...] = (
    _get(
        f"{PREFIX}token", "api-token", reading.token, "Whose token it is that is shown, and what it opens.",
        "Token", Role.SOMEBODY, tagged=False,
    ),
    _get(
        f"{PREFIX}cases", "api-cases", reading.cases, "The cases that the token opens.", "Cases",
        Role.SOMEBODY, tagged=False,
    ),
    _get(_CASE, "api-case", reading.case, "One case: its figures, and how far its record has come.", "Case"),
    _get(
        f"{_CASE}/reports", "api-reports", reading.reports, "The reports, in order of their ids.", "Reports",
        query=(
            text("q", "words of their texts, as in the search", least=1),
            text("publisher", "who published them, the whole name", least=1),
            text("language", "the code of their language; ? for those of which it is not known", 20, least=1),
            one_of("only", "with claims that wait, with remarks, or with a doubtful date",
                   ("undecided", "remarked", "misdated")),
            *_PAGE,
        ),
    ),
    _get(
        f"{_CASE}/reports/{{id}}", "api-report", reading.report, "One report, with its text.", "Report",
        parts=(_id("doc"),),
    ),
    _get(
        f"{_CASE}/claims", "api-claims", reading.claims, "The claims as they stand, report by report.",
        "Claims",
        more=f"A page looks through {reading.SCANNED} reports at most: it may hold fewer rows than asked, "
        "or none, and “next” all the same.",
        query=(
            named("report", "doc", "of this report"),
            one_of("topic", "about this", get_args(Topic)),
            one_of("stance", "said so", get_args(Stance)),
            *_PAGE,
        ),
    ),
    _get(
        f"{_CASE}/claims/{{id}}", "api-claim", reading.claim,
        "One claim as told, and what people said of it; also one that does not stand any more.", "Claim",
        parts=(_id("clm"),),
    ),
    _get(
        f"{_CASE}/claims/{{id}}/reviews", "api-reviews", deciding.reviews,
        "What people said of a claim, as far as it may be seen.", "Reviews", parts=(_id("clm"),),
        tagged=False,
    ),
    _post(
        f"{_CASE}/claims/{{id}}/reviews", "api-reviews", deciding.review,
        "Uphold, reject or correct a claim, or take back what was said of it.", Role.CODER,
        answer="Reviews", parts=(_id("clm"),), body=_REVIEW, guarded=True, tagged=False,
        example={"verdict": "corrected", "changes": {"count": "at least 12"},
                 "words": {"quote": "at least 12 people"}, "note": "the hospital's list"},
    ),
    _get(
        f"{_CASE}/accounts", "api-accounts", reading.accounts, "The accounts, in order of their ids.",
        "Accounts",
        query=(
            named("report", "doc", "of this report"), named("incident", "inc", "of this incident or matter"),
            *_PAGE,
        ),
    ),
    _get(
        f"{_CASE}/accounts/{{id}}", "api-account", reading.account, "One account.", "Account",
        parts=(_id("acc"),),
    ),
    _get(
        f"{_CASE}/incidents", "api-incidents", reading.incidents, "The incidents, in order of their ids.",
        "Rows", query=(some_of("kind", "of this kind", HARM), *_FILTERS, *_PAGE),
    ),
    _get(
        f"{_CASE}/incidents/{{id}}", "api-incident", reading.incident,
        "One incident: its accounts and origins, and a finding for each field.", "Incident",
        parts=(_id("inc"),), moved=True,
        more="A former id leads to the present one, and the id of a matter to the matter.",
    ),
    _get(
        f"{_CASE}/matters", "api-matters", reading.matters,
        "What is compared and not counted, in order of ids.", "Rows",
        query=(some_of("kind", "of this kind", MATTERS), *_FILTERS, *_PAGE),
    ),
    _get(
        f"{_CASE}/matters/{{id}}", "api-matter", reading.matter, "One matter.", "Incident",
        parts=(_id("inc"),), moved=True,
    ),
    _get(
        f"{_CASE}/pairs/{{left}}/{{right}}/judgements", "api-judgement", deciding.judgement,
        "What stands of two accounts: the same event, different, or unsure.", "Judgement",
        parts=(_id("acc", "left"), _id("acc", "right")), tagged=False,
    ),
    _post(
        f"{_CASE}/pairs/{{left}}/{{right}}/judgements", "api-judgement", deciding.judge,
        "Say whether two accounts tell of the same event.", Role.CODER, answer="Judgement",
        parts=(_id("acc", "left"), _id("acc", "right")), guarded=True, tagged=False,
        body=(one_of("verdict", "what they are", ("same", "different", "unsure"), required=True), _NOTE),
        example={"verdict": "different", "note": "another market"},
    ),
    _get(
        f"{_CASE}/search", "api-search", finding.search, "Words, names, days and ids over the whole case.",
        "Found",
        query=(text("q", "words, “in quotes” in this order, -so not, so* begun so", least=1, required=True),
               *_PAGE),
        more="Where reports come or go while a program walks from page to page, the answer is 410.",
    ),
    _get(
        f"{_CASE}/history", "api-history", finding.history, "What people decided, the last first.", "History",
        query=(
            text("item", "about this id; of a pair both, with a blank", 100, least=1),
            text("by", "by this person", 200, least=1),
            some_of("what", "of this kind", DECIDED), *_DAYS, *_PAGE,
        ),
    ),
    _get(
        f"{_CASE}/comments/{{item}}", "api-comments", deciding.comments, "What people noted beside a thing.",
        "Comments", parts=(_ITEM,), tagged=False,
    ),
    _post(
        f"{_CASE}/comments/{{item}}", "api-comments", deciding.comment,
        "Note something beside a thing; it stays, and leaves no house.", Role.CODER, answer="Comments",
        parts=(_ITEM,), tagged=False,
        body=(_TEXT,),
        example={"text": "Ask the hospital for its register."},
    ),
    _get(
        f"{_CASE}/assignments/{{item}}", "api-assignment", deciding.assignment, "Who is to look at a thing.",
        "Assignment", parts=(_ITEM,), tagged=False,
    ),
    _post(
        f"{_CASE}/assignments/{{item}}", "api-assignment", deciding.assign,
        "Say who is to look at a thing; nobody any more where it is blank.", Role.SENIOR,
        answer="Assignment", parts=(_ITEM,), guarded=True, tagged=False,
        body=(text("to", "who is to look at it", 200, required=True), _NOTE),
        example={"to": "B. Sayed", "note": "she knows the place"},
    ),
)  # fmt: skip
