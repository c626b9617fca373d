"""What every request for a row goes through: who asks, whether they may, the handler in a thread, errors."""

from __future__ import annotations

import hmac
import logging
from collections.abc import Callable, Mapping
from math import ceil

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from tallystick.desk import Desk as Followed
from tallystick.errors import AskedWrongly, CaseReadOnly, TallystickError
from tallystick.web import errors
from tallystick.web.doors import Door, csrf_of
from tallystick.web.guard import Pace, from_elsewhere
from tallystick.web.here import Here, Stop
from tallystick.web.looks import Looks
from tallystick.web.role import Role
from tallystick.web.row import Row

log = logging.getLogger("tallystick.desk")
_FIELDS, _FILES = 2000, 4  # of one form
PATIENCE = 0.05  # seconds that a page waits for what others have just decided


class Desk:
    """Rows as pages, for people with a browser."""

    def __init__(self, cases: Mapping[str, Followed], door: Door, looks: Looks, pace: Pace) -> None:
        self._cases, self._door, self._looks, self._pace = cases, door, looks, pace

    def endpoint(self, row: Row) -> Callable[[Request], object]:
        """The row as Starlette asks for it."""

        async def answer(request: Request) -> Response:
            if row.method != "POST":
                return await run_in_threadpool(self._answer, row, request, FormData())
            async with request.form(max_files=_FILES, max_fields=_FIELDS) as form:
                return await run_in_threadpool(self._answer, row, request, form)

        return answer

    async def not_there(self, request: Request, error: Exception) -> Response:
        """What Starlette itself refuses: no such page, or no such method."""
        status = error.status_code if isinstance(error, HTTPException) else 404

        def answer() -> Response:
            return self._refusal(self._here(request, FormData()), Stop(status, ""))

        return await run_in_threadpool(answer)

    def _answer(self, row: Row, request: Request, form: FormData) -> Response:
        here = self._here(request, form)
        try:
            self._let_in(row, here)
            answer = self._still_preparing(here) if row.of_case else None
            if row.changes and row.of_case:
                self._door.hold(here.key, here.desk.case)
            answer = answer or self._made(row, here)
        except Stop as stop:
            answer = self._refusal(here, stop)
        except AskedWrongly as error:
            answer = self._refusal(here, Stop(422, errors.without_paths(str(error), here)))
        except CaseReadOnly:
            said = here._("This case can only be looked at: nothing can be written to it.")
            next_step = here._("Ask whoever runs this desk to open it for writing.")
            answer = self._refusal(here, Stop(403, said, next_step))
        except TallystickError as error:
            log.error("%s: %s", type(error).__name__, error)
            answer = self._refusal(here, Stop(500, ""))
        except Exception:
            log.exception("a page could not be made: %s", row.name)
            answer = self._refusal(here, Stop(500, ""))
        self._door.leave(request, here.visitor, answer)
        return answer

    def _made(self, row: Row, here: Here) -> Response:
        """What the row answers."""
        return row.handler(here)

    def _refusal(self, here: Here, stop: Stop) -> Response:
        """What is the matter, as who asks can read it."""
        return errors.page(here, stop)

    def _still_preparing(self, here: Here) -> Response | None:
        """Work in what came since; the page that asks for patience where a case was never worked through."""
        if here.desk.catch_up(wait=PATIENCE) or here.desk.at:
            return None
        step, done, total = here.desk.doing or ("", 0, 0)
        answer = here.render("preparing.html", 503, step=step, done=done, total=total)
        answer.headers["Retry-After"] = answer.headers["Refresh"] = "2"
        return answer

    def _here(self, request: Request, form: FormData) -> Here:
        visitor = self._door.visitor(request)
        seen = self._door.cases(visitor, self._cases.keys())
        asked = request.path_params.get("case", "")
        key = asked if asked in seen else ""
        role = self._door.role(visitor, key)
        language = self._looks.preferred(
            request.cookies.get("tallystick-language", ""), request.headers.get("accept-language", "")
        )
        return Here(
            request=request,
            looks=self._looks,
            door=self._door,
            visitor=visitor,
            cases={name: opened for name, opened in self._cases.items() if name in seen},
            every=self._cases,
            key=key,
            role=role,
            language=language,
            csrf=csrf_of(visitor.token),
            form=form,
        )

    def _let_in(self, row: Row, here: Here) -> None:
        """Raises ``Stop`` where the row is not for this request."""
        request = here.request
        client = request.client.host if request.client else ""
        wait = self._pace.wait(here.csrf if here.person else client)
        if wait:
            slow = Stop(429, "")
            slow.headers["Retry-After"] = str(ceil(wait))
            raise slow
        if row.least > Role.NOBODY and not here.person:
            raise self._unknown(here)
        if row.method == "POST":
            self._refuse_forged(here)
        if row.of_case and not here.key:
            self._door.refused(request, here.visitor)
            raise Stop(404, "")  # there, but not for them, is told as not there
        if here.role < row.least:
            self._door.refused(request, here.visitor)
            raise Stop(403, here._("This takes the role “%(role)s”.") % {"role": here.called(row.least)})

    def _unknown(self, here: Here) -> Stop:
        """What is said to who has not shown who they are."""
        return errors.sign_in(here)

    def _refuse_forged(self, here: Here) -> None:
        """A form comes from a page of the desk: it carries the session's token, and no other site's name."""
        headers = here.request.headers
        given = headers.get("X-CSRF") or here.form.get("csrf", "")
        token = given if isinstance(given, str) else ""
        known = bool(here.visitor.token) and hmac.compare_digest(token.encode(), here.csrf.encode())
        if not known or from_elsewhere(headers, headers.get("host", "")):
            self._door.refused(here.request, here.visitor)
            raise Stop(
                403,
                here._("This form was not sent from a page of your session."),
                here._("Go back, reload the page, and send it again."),
            )
