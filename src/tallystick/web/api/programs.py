"""Rows for programs: the token, the check of what is sent, the tag of what is given, problems as JSON.

An answer carries an ETag where all that the ledger holds was worked in before it was made and nothing came
meanwhile. The tag is of how far the record has come, of who asks in which role, and of what was asked: the
same tag means the same bytes.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from http import HTTPStatus
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import compile_path

from tallystick import __version__
from tallystick.desk import Desk as Followed
from tallystick.web import errors
from tallystick.web.api.answers import as_json, tags
from tallystick.web.api.bearer import Bearer
from tallystick.web.api.shape import Misfit, faults, of_body, of_query
from tallystick.web.asking import Desk
from tallystick.web.guard import Pace
from tallystick.web.here import Here, Stop
from tallystick.web.looks import SOURCE, Looks
from tallystick.web.row import Row

PROBLEM = "application/problem+json"
_TRIES = 3  # to make an answer while nothing comes


class Programs(Desk):
    """Rows as JSON, for programs that show a token."""

    def __init__(
        self,
        cases: Mapping[str, Followed],
        door: Bearer,
        looks: Looks,
        pace: Pace,
        table: Sequence[Row],
    ) -> None:
        super().__init__(cases, door, looks, pace)
        self._paths = [(compile_path(row.path)[0], row.method) for row in table if row.for_programs]

    def endpoint(self, row: Row) -> Callable[[Request], object]:
        async def answer(request: Request) -> Response:
            if row.method == "POST":
                await request.body()  # kept by the request, for the thread to read
            return await run_in_threadpool(self._answer, row, request, FormData())

        return answer

    async def not_there(self, request: Request, error: Exception) -> Response:
        answer = await super().not_there(request, error)
        met = {method for path, method in self._paths if path.match(request.url.path)}
        if answer.status_code == 405 and met:
            answer.headers["Allow"] = ", ".join(sorted(met | ({"HEAD"} if "GET" in met else set())))
        return answer

    def _here(self, request: Request, form: FormData) -> Here:
        here = super()._here(request, form)
        here.language = SOURCE  # programs are spoken to in one language, or tags would lie
        return here

    def _unknown(self, here: Here) -> Stop:
        stop = Stop(
            401,
            "This needs a token that is good." if here.visitor.token else "This needs a token.",
            "Send the header “Authorization: Bearer TOKEN”; 'tallystick people token' makes one.",
        )
        broken = ', error="invalid_token"' if here.visitor.token else ""
        stop.headers["WWW-Authenticate"] = f'Bearer realm="tallystick"{broken}'
        return stop

    def _refuse_forged(self, here: Here) -> None:
        """Nothing: no browser sends a token by itself, as it does a cookie."""

    def _still_preparing(self, here: Here) -> Response | None:
        if super()._still_preparing(here) is None:
            return None
        stop = Stop(503, "The case is being prepared.", "Ask again in some seconds.")
        stop.headers["Retry-After"] = "2"
        return self._refusal(here, stop)

    def _refusal(self, here: Here, stop: Stop) -> Response:
        """A problem (RFC 9457)."""
        title, said, next_step = errors.words(here, stop.status)
        known = stop.status in errors.KNOWN
        told: dict[str, Any] = {
            "type": f"/api#problem-{stop.status}",
            "title": title if known else HTTPStatus(stop.status).phrase,
            "status": stop.status,
            "detail": stop.said or said,
            "next": stop.next_step or next_step,
        }
        if isinstance(stop, Unfit):
            told["faults"] = list(stop.faults)
        answer = as_json(told, stop.status, media_type=PROBLEM)
        answer.headers.update(stop.headers)
        return answer

    def _made(self, row: Row, here: Here) -> Response:
        assert row.told is not None, "what is for programs is described"
        try:
            for part in row.told.parts:
                if any(faults(part.schema, here.request.path_params[part.name], part.name)):
                    raise Stop(404, "There is no such thing, or you may not see it.")
            here.query = of_query(row.told.query, here.request.query_params.multi_items())
            if row.method == "POST":
                here.sent = of_body(row.told.body or (), _sent(here.request))
            if row.method == "GET" and row.of_case and row.told.tagged:
                return self._followed(row, here)
            return row.handler(here)
        except Misfit as misfit:
            raise Unfit(misfit.faults) from misfit

    def _followed(self, row: Row, here: Here) -> Response:
        """The answer with the tag of the state that it was made of; 304 where that was given before."""
        known = tags(here.request.headers.get("if-none-match", ""))
        before = _state(here)
        if before and before in known:
            return Response(status_code=304, headers={"ETag": before})
        answer = row.handler(here)
        for _ in range(_TRIES):
            now = _state(here)
            if now and now == before and answer.status_code == 200:
                answer.headers["ETag"] = now
                break
            if answer.status_code != 200:
                break
            before, answer = now, row.handler(here)
        return answer


class Unfit(Stop):
    """What was sent is not as declared; ``faults`` says where."""

    def __init__(self, told: Sequence[str]) -> None:
        super().__init__(422, "What was asked or sent is not as it is described.", "See /api for what is.")
        self.faults = tuple(told)


def _state(here: Here) -> str:
    """A tag of all that an answer hangs on; empty while something is still to be worked in."""
    case, reach = here.desk.case, here.desk.case.ledger.reach()
    if reach.seq != here.desk.at:
        return ""
    whose = here.person, int(here.role)
    asked = here.request.url.path, here.request.url.query
    told = __version__, reach.chain, reach.rows, case.settings.facts(), whose, asked
    return f'"{hashlib.sha256(json.dumps(told).encode()).hexdigest()[:32]}"'


def _sent(request: Request) -> Any:
    """The body as JSON; raises ``Stop`` where it is none."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "application/json":
        raise Stop(415, "The body is to be JSON.", "Send the header “Content-Type: application/json”.")
    try:
        return json.loads(request._body, parse_constant=_refused)
    except (ValueError, RecursionError) as error:
        raise Stop(400, "The body is no JSON.", "Send one JSON object, in UTF-8.") from error


def _refused(constant: str) -> Any:
    raise ValueError(f"{constant} is no number of JSON")
