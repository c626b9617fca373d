"""What there is for programs, told to programs (OpenAPI 3.1) and to people, out of the table of routes."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from typing import Any

from starlette.responses import Response

from tallystick.web.api.answers import as_json
from tallystick.web.api.operation import Operation
from tallystick.web.api.rows import ROWS as DESCRIBED
from tallystick.web.api.schemas import SCHEMAS, Schema
from tallystick.web.api.shape import Field, thing
from tallystick.web.here import Here
from tallystick.web.role import Role
from tallystick.web.row import PREFIX, Row, get

VERSION = "1"  # of what is described; which program answers is told to who has a token
_MEANS = {
    200: "what is asked for",
    201: "what stands now",
    304: "nothing has changed since the tag was given",
    307: "it is at another address",
    400: "the body is no JSON",
    401: "no token, or one that opens nothing",
    403: "the role does not reach so far",
    404: "there is no such thing, or it is not to be seen",
    409: "the report has other words at this place",
    410: "the walk is to begin again",
    412: "somebody decided meanwhile",
    415: "the body is of another type",
    422: "something is not as it is described, or cannot be meant so",
    428: "no tag was named",
    429: "asked too fast; Retry-After says how many seconds to wait",
    503: "the case is being prepared; Retry-After says how many seconds to wait",
}
_TAG = {"description": "the state that was told", "schema": {"type": "string"}}


def openapi(here: Here) -> Response:
    """The OpenAPI document."""
    return as_json(document())


@cache
def document() -> Schema:
    """All rows for programs, as OpenAPI 3.1 describes them."""
    paths: dict[str, Any] = {}
    for row in (*ROWS[1:], *DESCRIBED):
        paths.setdefault(row.path, {})[row.method.lower()] = _operation(row)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Tallystick",
            "version": VERSION,
            "description": "A desk's cases for programs: what the pages tell, and the same decisions.",
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "servers": [{"url": "/"}],
        "security": [{"token": []}],
        "paths": paths,
        "components": {
            "schemas": SCHEMAS,
            "securitySchemes": {
                "token": {
                    "type": "http",
                    "scheme": "bearer",
                    "description": "made by 'tallystick people token'",
                }
            },
        },
    }


def _operation(row: Row) -> Schema:
    assert row.told is not None, "what is for programs is described"
    told = row.told
    out: Schema = {
        "operationId": f"{row.method.lower()}-{row.name.removeprefix('api-')}",
        "summary": told.means,
        "description": " ".join(
            filter(None, (told.more, f"Takes the role {row.least.word} or a higher one."))
        ),
        "parameters": [
            *(_parameter(part, "path") for part in told.parts),
            *(_parameter(part, "query") for part in told.query),
            *_conditions(told, row),
        ],
        "responses": {str(status): _answer(status, told) for status in _statuses(row, told)},
    }
    if told.body is not None:
        content: Schema = {"schema": thing(told.body)}
        if told.example:
            content["example"] = dict(told.example)
        out["requestBody"] = {"required": True, "content": {"application/json": content}}
    if row.least == Role.NOBODY:
        out["security"] = []
    return out


def _parameter(field: Field, where: str) -> Schema:
    out: Schema = {"name": field.name, "in": where, "description": field.means, "schema": field.schema}
    return out | ({"required": True} if field.required else {})


def _conditions(told: Operation, row: Row) -> list[Schema]:
    if told.guarded:
        means = "the tag of the state that is decided on, from the ETag of this address"
        schema = {"type": "string", "pattern": '^"[0-9a-f]{32}"$'}
        return [
            {"name": "If-Match", "in": "header", "description": means, "required": True, "schema": schema}
        ]
    return []


def _statuses(row: Row, told: Operation) -> list[int]:
    out = {201 if row.method == "POST" else 200, 422, 429}
    out |= {401} if row.least > Role.NOBODY else set()
    out |= {403, 404, 503} if row.of_case else set()
    out |= {304} if told.tagged else set()
    out |= {307} if told.moved else set()
    out |= {410} if row.name == "api-search" else set()
    out |= {400, 415} if told.body is not None else set()
    out |= {412, 428} if told.guarded else set()
    return sorted(out | ({409} if row.name == "api-reviews" and told.guarded else set()))


def _answer(status: int, told: Operation) -> Schema:
    out: Schema = {"description": _MEANS[status]}
    if status in (200, 201):
        name = {"$ref": f"#/components/schemas/{told.answer}"}
        out["content"] = {"application/json": {"schema": name}}
    elif status >= 400:
        problem = {"$ref": "#/components/schemas/Problem"}
        out["content"] = {"application/problem+json": {"schema": problem}}
    if status == 304:
        out["headers"] = {"ETag": _TAG}
    if status == 307:
        out["headers"] = {"Location": {"schema": {"type": "string"}}}
    return out


# ------------------------------------------------------------------------------- for people


@dataclass(frozen=True)
class Shown:
    """One row as the page shows it."""

    row: Row
    told: Operation
    body: tuple[Field, ...]
    example: str
    answer: str


def page(here: Here) -> Response:
    """The same for people: every address, what may be said to it, what it answers."""
    shown = []
    for row in (*ROWS[1:], *DESCRIBED):
        assert row.told is not None, "what is for programs is described"
        example = json.dumps(row.told.example, indent=2, ensure_ascii=False) if row.told.example else ""
        shown.append(Shown(row, row.told, tuple(row.told.body or ()), example, row.told.answer))
    schemas = [(name, json.dumps(told, indent=1)) for name, told in SCHEMAS.items() if len(told) > 1]
    return here.render(
        "api.html",
        rows=shown,
        schemas=schemas,
        problems=[(status, means) for status, means in _MEANS.items() if status >= 400],
        address=f"{PREFIX}openapi.json",
    )


ROWS = (
    get("/api", "api", page, Role.NOBODY, alone=False),
    Row(
        f"{PREFIX}openapi.json",
        "api-description",
        openapi,
        Role.NOBODY,
        alone=False,
        told=Operation("This description.", "Description", tagged=False),
    ),
)
