"""What answers look like, as JSON Schema 2020-12 (the dialect of OpenAPI 3.1).

Every key is always there, and null where nothing is told; there are no others.
"""

from __future__ import annotations

from typing import Any, get_args

from tallystick.model import FIELDS, HARM, MATTERS, Stance, Topic
from tallystick.model.stored import Held, Part
from tallystick.values.agreement import Verdict
from tallystick.web.role import GIVEN

Schema = dict[str, Any]


def _or_null(schema: Schema) -> Schema:
    return {"anyOf": [schema, {"type": "null"}]}


def _ref(name: str) -> Schema:
    return {"$ref": f"#/components/schemas/{name}"}


def _thing(**parts: Schema) -> Schema:
    return {"type": "object", "properties": parts, "required": list(parts), "additionalProperties": False}


def _many(schema: Schema) -> Schema:
    return {"type": "array", "items": schema}


def _page(of: str, **more: Schema) -> Schema:
    """One page of a list; ``next`` is the address of the next, null on the last."""
    return _thing(at=WHOLE, **more, items=_many(_ref(of)), next=TOLD)


def _all(**parts: Schema) -> Schema:
    """An object of any of these parts."""
    return {"type": "object", "properties": parts, "additionalProperties": False}


TEXT: Schema = {"type": "string"}
TOLD: Schema = {"type": ["string", "null"]}
WHOLE: Schema = {"type": "integer"}
COUNT: Schema = {"type": ["integer", "null"]}
NUMBER: Schema = {"type": ["number", "null"]}
YES: Schema = {"type": "boolean"}
DAY: Schema = {"type": ["string", "null"], "format": "date"}
TEXTS = _many(TEXT)
VERDICT: Schema = {"type": "string", "enum": [str(each) for each in Verdict]}
KIND: Schema = {"type": "string", "enum": [*HARM, *MATTERS]}
STANCE: Schema = {"type": "string", "enum": list(get_args(Stance))}


def _words(*words: str) -> Schema:
    return {"type": "string", "enum": list(words)}


_MADE = _thing(name=TEXT, version=TOLD)
_WHEN = _thing(start=DAY, end=DAY, text=TOLD, precision=TEXT)
_PLACE = _thing(
    text=TOLD, name=TOLD, admin1=TOLD, country=TOLD, latitude=NUMBER, longitude=NUMBER, radius_km=NUMBER
)
_COUNTED = {"kind": TEXT, "low": COUNT, "high": COUNT, "approx": YES, "group": TEXT}
_HELD = _words(*get_args(Held))
_PART = _words(*get_args(Part))
_JUDGED = {
    "id": TEXT, "left": TEXT, "right": TEXT, "verdict": _words("same", "different", "unsure"),
    "score": NUMBER, "reasons": TEXTS, "maker": _MADE,
}  # fmt: skip
_CLAIM = {
    "id": TEXT, "document": TEXT, "start": WHOLE, "end": WHOLE, "quote": TEXT,
    "pages": _or_null(_many(WHOLE)), "account": TOLD, "topic": _words(*get_args(Topic)),
    "voices": _many(_thing(name=TEXT, party=TOLD, start=COUNT, end=COUNT)), "stance": STANCE,
    "value": {"anyOf": [_ref("Toll"), _ref("Role"), _ref("Telling"), {"type": "null"}]}, "time": _ref("When"),
    "maker": _MADE, "confidence": NUMBER, "incident": TOLD,
}  # fmt: skip
_SAID = _thing(
    by=TEXT, verdict=_words("upheld", "rejected", "corrected", "added"), correction=TOLD, note=TEXT, mine=YES
)
_RANGE = _thing(low=WHOLE, best=WHOLE, high=WHOLE, open=YES)
_FIRST_PAGE = _thing(
    ids=_many(_thing(sort=TEXT, id=TEXT, title=TEXT)), days=_or_null(TEXTS), on_days=WHOLE,
    incidents=_many(_ref("Row")), incidents_all=WHOLE, matters=_many(_ref("Row")), matters_all=WHOLE,
    places=_many(_thing(name=TEXT, means=TOLD)), parties=_many(_thing(name=TEXT, means=TOLD)),
    publishers=_many(_thing(name=TEXT, reports=WHOLE)),
)  # fmt: skip
_REPORT_ROW = {
    "id": TEXT, "name": TEXT, "capture": TEXT, "title": TOLD, "publisher": TOLD, "published": DAY,
    "language": TOLD, "accounts": WHOLE, "claims": WHOLE, "undecided": WHOLE, "remarks": TEXTS,
}  # fmt: skip

SCHEMAS: dict[str, Schema] = {
    "Problem": {
        "type": "object",
        "properties": {
            "type": TEXT, "title": TEXT, "status": WHOLE, "detail": TEXT, "next": TEXT, "faults": TEXTS,
        },
        "required": ["type", "title", "status", "detail", "next"],
        "additionalProperties": False,
    },
    "Description": {"type": "object"},
    "Token": _thing(
        id=TEXT, person=TEXT, label=TEXT, case=TOLD, role=_words(*(each.word for each in GIVEN)), ends=TEXT,
        program=TEXT,
    ),
    "Cases": _thing(items=_many(_thing(case=TEXT, name=TEXT, role=TEXT, url=TEXT))),
    "Case": _thing(
        case=TEXT, name=TEXT, role=TEXT, at=WHOLE, countries=TEXTS, second_check=YES, reports=WHOLE,
        publishers=WHOLE, incidents=WHOLE, matters=WHOLE, accounts=WHOLE, differing=WHOLE,
        undecided=_thing(claim=WHOLE, pair=WHOLE, incident=WHOLE), decided=WHOLE, looked_at_twice=WHOLE,
        agreed=WHOLE, first=DAY, last=DAY, refused=WHOLE,
    ),
    "When": _WHEN,
    "Place": _PLACE,
    "Toll": _thing(**_COUNTED),
    "Role": _thing(actor=TEXT, role=_PART, stance=_HELD),
    "Telling": _thing(
        kind=KIND, aggregate=YES, primary=YES, date=_ref("When"), place=_ref("Place"), weapon=TOLD,
        target=TOLD,
    ),
    "ReportRow": _thing(**_REPORT_ROW),
    "Reports": _page("ReportRow"),
    "Report": _thing(
        **_REPORT_ROW, published_from=TOLD, url=TOLD, language_from=TOLD, pages=_or_null(_many(WHOLE)),
        text=TEXT,
    ),
    "ClaimLine": _thing(**_CLAIM),
    "Claims": _page("ClaimLine"),
    "Claim": _thing(
        **_CLAIM, stands=YES, state=TEXT, said=_many(_SAID), hidden=WHOLE, grade=TOLD, graded_by=TOLD,
        reviews=TEXT,
    ),
    "Account": _thing(
        id=TEXT, document=TEXT, start=WHOLE, end=WHOLE, quote=TEXT, aggregate=YES, primary=YES, kind=KIND,
        date=_ref("When"), place=_ref("Place"),
        tolls=_many(_thing(**_COUNTED, voice=TOLD, text=TEXT, start=WHOLE, end=WHOLE)),
        actors=_many(_thing(name=TEXT, party=TEXT, role=_PART, stance=_HELD, voice=TOLD)),
        weapon=TOLD, target=TOLD, incident=TOLD,
    ),
    "Accounts": _page("Account"),
    "Row": _thing(
        id=TEXT, sort=_words("incident", "matter"), kind=KIND, title=TEXT, days=TEXT, start=DAY, end=DAY,
        place=TOLD, province=TOLD, country=TOLD, latitude=NUMBER, longitude=NUMBER, radius_km=NUMBER,
        tolls=_all(**dict.fromkeys(("killed", "wounded", "captured", "missing", "displaced"), _RANGE)),
        verdicts={"type": "object", "additionalProperties": VERDICT}, accused=TEXTS, origins=WHOLE,
        reports=WHOLE, accounts=WHOLE, grade=TOLD, disputes=WHOLE, undecided=WHOLE, url=TEXT,
    ),
    "Rows": _page("Row"),
    "Finding": _thing(
        id=TEXT, incident=TOLD, matter=TOLD, field=TEXT, verdict=VERDICT, claims=TEXTS, summary=TEXT,
        reason=TOLD,
        range=_or_null(
            _thing(low=WHOLE, best=WHOLE, high=WHOLE, open=YES, open_below=YES, arithmetic=TEXT)
        ),
    ),
    "JudgementLine": _thing(**_JUDGED, by_person=YES),
    "Incident": _thing(
        id=TEXT, former_ids=TEXTS, accounts=TEXTS, kind=KIND, date=_ref("When"), place=_ref("Place"),
        origins=_many(_thing(name=TEXT, accounts=TEXTS)),
        tolls=_thing(
            **dict.fromkeys(
                ("killed", "wounded", "captured"),
                _or_null(
                    _thing(low=WHOLE, best=WHOLE, high=WHOLE, claims=TEXTS, open=YES, open_below=YES)
                ),
            )
        ),
        verdicts=_thing(**dict.fromkeys(FIELDS, VERDICT)), grade=TOLD,
        grades=_many(_thing(scheme=TEXT, field=TEXT, value=TEXT, reason=TEXT)),
        disputes=_many(_thing(**_JUDGED)), title=TEXT, days=TEXT, findings=_many(_ref("Finding")),
        judgements=_many(_ref("JudgementLine")),
    ),
    "Hit": _thing(report=TEXT, title=TEXT, published=DAY, before=TEXT, words=TEXT, after=TEXT),
    "Found": _page("Hit", total=WHOLE, beside=_or_null(_FIRST_PAGE)),
    "Decision": _thing(
        seq=WHOLE, at=TEXT, what=TEXT, item=TEXT, by=TEXT, signed_in_as=TOLD, facts={"type": "object"},
        note=TEXT, hidden=YES,
    ),
    "History": _page("Decision"),
    "Reviews": _thing(claim=TEXT, said=_many(_SAID)),
    "Judgement": _thing(left=TEXT, right=TEXT, judgement=_or_null(_ref("JudgementLine"))),
    "Comments": _thing(item=TEXT, comments=_many(_thing(by=TEXT, at=TEXT, text=TEXT, hidden=YES))),
    "Assignment": _thing(item=TEXT, to=TOLD),
}  # fmt: skip
