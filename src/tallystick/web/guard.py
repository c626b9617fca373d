"""What holds of every request and every answer, whatever page it is for."""

from __future__ import annotations

import asyncio
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Collection

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
# Said with every answer. What is shown of a case is not to lie about in a browser's cache.
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}
MOST = 2_000_000  # bytes of a request: a form with many words, and no more
SECONDS = 30.0  # until all of a request must have come


class _TooMuch(Exception):
    """More came than a request may hold."""


class Guard:
    """Middleware: the Host header, how much may come and how slowly, the headers of answers.

    ``hosts``: the names and addresses, without ports, under which the desk may be asked for; a page of
    somebody else's, whose name was made to lead here (DNS rebinding), names another. Empty for any.
    """

    def __init__(self, app: ASGIApp, hosts: Collection[str], most: int = MOST) -> None:
        self._app = app
        self._hosts = frozenset(host.lower() for host in hosts)
        self._most = most

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)

        async def answer(message: Message) -> None:
            if message["type"] == "http.response.start":
                said = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    said.setdefault(name, value)
                said.setdefault("Cache-Control", "no-store")
                if scope["scheme"] == "https":
                    said.setdefault("Strict-Transport-Security", "max-age=31536000")
            await send(message)

        refusal = self._refusal(headers)
        if refusal is not None:
            await refusal(scope, receive, answer)
            return
        begun = False

        async def noting(message: Message) -> None:
            nonlocal begun
            begun = True
            await answer(message)

        try:
            await self._app(scope, self._counted(receive), noting)
        except _TooMuch:
            if not begun:
                await _said(413, "This is more than a form may hold. Shorten it.")(scope, receive, answer)
        except TimeoutError:
            if not begun:
                await _said(408, "The request did not come whole. Send it again.")(scope, receive, answer)

    def _refusal(self, headers: Headers) -> PlainTextResponse | None:
        hosts = headers.getlist("host")
        if self._hosts and (len(hosts) != 1 or host_of(hosts[0]) not in self._hosts):
            return _said(421, "The desk is not known under this name. Open the address that it printed.")
        length = headers.get("content-length", "0")
        if not (length.isascii() and length.isdecimal() and len(length) < 20) or int(length) > self._most:
            return _said(413, "This is more than a form may hold. Shorten it.")
        return None

    def _counted(self, receive: Receive) -> Receive:
        came = 0
        ends: float | None = None

        async def next_part() -> Message:
            nonlocal came, ends
            ends = ends or asyncio.get_running_loop().time() + SECONDS
            async with asyncio.timeout_at(ends):
                message = await receive()
            came += len(message.get("body", b""))
            if came > self._most:
                raise _TooMuch
            return message

        return next_part


def host_of(header: str) -> str:
    """The name or address in a Host header, in lower case, without its port and brackets."""
    host = header.strip().lower()
    if host.startswith("["):
        return host[1:].partition("]")[0]
    return host.partition(":")[0]


def _said(status: int, text: str) -> PlainTextResponse:
    return PlainTextResponse(text + "\n", status)


class Pace:
    """How fast one session may ask: ``burst`` requests at once, and ``rate`` a second from then on.

    Held in memory: it keeps a runaway script from starving the others, and keeps no secret.
    """

    MOST_KEYS = 10_000

    def __init__(
        self, rate: float = 20.0, burst: int = 200, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._rate, self._burst, self._clock = rate, burst, clock
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()
        self._lock = threading.Lock()

    def wait(self, key: str) -> float:
        """Seconds that ``key`` has to wait; 0 where it may go on, which is counted."""
        now = self._clock()
        with self._lock:
            left, at = self._left.pop(key, (float(self._burst), now))
            left = min(float(self._burst), left + (now - at) * self._rate)
            wait = 0.0 if left >= 1 else (1 - left) / self._rate
            self._left[key] = (left - (not wait), now)
            if len(self._left) > self.MOST_KEYS:
                self._left.popitem(last=False)
        return wait


def from_elsewhere(headers: Headers, host: str) -> bool:
    """Whether a form was sent by a page of another site, as the browser says in Sec-Fetch-Site or Origin.

    Our own pages send no referrer, and browsers then write the Origin of their forms as ``null``: that is
    taken where Sec-Fetch-Site tells the rest. A program that says neither is held by its token alone.
    """
    site, origin = headers.get("sec-fetch-site"), headers.get("origin")
    if site is not None and site not in ("same-origin", "none"):
        return True
    if origin is None or (origin == "null" and site is not None):
        return False
    return origin.partition("://")[2].lower() != host.lower()
