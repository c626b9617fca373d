"""How a kept page looks: a picture of all of it and a PDF, by a Chromium found on this machine.

A browser fetches by itself whatever a page names, past every rule of ``fetch``. So it is given the kept bytes
and nothing else: each of its requests is stopped before it leaves (the browser's own ``Fetch`` domain), that
for the page itself is answered from the capture, all others fail; scripts are off; and beneath that stand a
name table and a proxy that lead nowhere. Pictures, styles and fonts that a page has elsewhere are therefore
missing from what is drawn, and what scripts would have shown is, too. ``NOTE`` says so beside each drawing.

The browser runs with its own sandbox, in an empty folder that is deleted afterwards, without a profile; where
the command is run by root, as ``nobody``, for Chromium has no sandbox as root. It is spoken to over two pipes
(the DevTools protocol), so that no port is opened.
"""

from __future__ import annotations

import base64
import json
import os
import pwd
import select
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from warcio.archiveiterator import ArchiveIterator

from tallystick.errors import AskedWrongly, NotFetched, TooLarge

NOTE = (
    "drawn from the kept bytes of the page alone, without network and scripts; what lies elsewhere is missing"
)
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
SIZE = 16 << 20  # bytes of a page that are drawn
WIDTH, HEIGHT = 1280, 16_000  # of a picture, in pixels: a taller one is cut off, and the facts say so
SECONDS = 60.0  # for one page, from the start of the browser to its end
_ANSWER = 256 << 20  # bytes of one message of the browser
_PAGES = ("text/html", "application/xhtml+xml", "text/plain")

_FLAGS = (
    "--headless",
    "--remote-debugging-pipe",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-extensions",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-domain-reliability",
    "--disable-sync",
    "--disable-quic",
    "--disable-features=Translate,MediaRouter,OptimizationHints,DnsOverHttps",
    "--dns-prefetch-disable",
    "--force-webrtc-ip-handling-policy=disable_non_proxied_udp",
    "--hide-scrollbars",
    "--mute-audio",
    "--no-default-browser-check",
    "--no-first-run",
    "--no-pings",
    "--host-resolver-rules=MAP * ~NOTFOUND",
    "--proxy-server=socks5://127.0.0.1:9",
    "--proxy-bypass-list=<-loopback>",
    "about:blank",
)
# Chromium reads commands from descriptor 3 and answers on 4, where subprocess cannot put a pipe itself. Root
# becomes an ordinary user here, and not sooner: that user may have no right to start this Python.
_START = """
import os, sys
user, group, reads, writes, *command = sys.argv[1:]
if int(user):
    os.setgroups([]), os.setgid(int(group)), os.setuid(int(user))
os.dup2(int(reads), 60), os.dup2(int(writes), 61)
os.dup2(60, 3), os.dup2(61, 4)
os.closerange(5, 256)
os.execv(command[0], command)
"""


@dataclass(frozen=True, slots=True)
class File:
    """One drawing: what it is in words, its ending and bytes, and what is to be said of it."""

    what: str
    ending: str
    content: bytes
    facts: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Drawn:
    """The drawings of one page, and the program that made them, with its version."""

    program: str
    files: tuple[File, ...]


def browser() -> Path:
    """The Chromium of this machine; ``AskedWrongly`` naming what to install where there is none."""
    for name in NAMES:
        if found := shutil.which(name):
            return Path(found)
    raise AskedWrongly(
        "no Chromium was found, which draws the picture and the PDF; install one (Debian: apt install "
        "chromium) so that it is on the PATH, or leave out --image and --pdf"
    )


def draw(warc: Path, program: Path, *, image: bool, pdf: bool) -> Drawn:
    """Draw the page that the last answer in the WARC file ``warc`` holds.

    Raises ``NotFetched`` where that is no page or the browser does not come to an end with it.
    """
    url, media_type, body = _page(warc)
    try:
        return _drawn(url, media_type, body, program, image=image, pdf=pdf)
    except (KeyError, TypeError, ValueError) as error:
        raise NotFetched(
            f"what the browser says of {url} cannot be understood ({error!r}); the page is kept, not drawn"
        ) from error


def _drawn(url: str, media_type: str, body: bytes, program: Path, *, image: bool, pdf: bool) -> Drawn:
    """The drawings of one page; what the browser says is taken as it comes."""
    with _running(program) as talk:
        version = str(talk.ask("Browser.getVersion")["product"])
        talk.attach()
        talk.ask("Emulation.setScriptExecutionDisabled", value=True)
        talk.ask(
            "Emulation.setDeviceMetricsOverride", width=WIDTH, height=1024, deviceScaleFactor=1, mobile=False
        )
        talk.ask("Page.enable")
        talk.ask("Fetch.enable", patterns=[{"urlPattern": "*"}])
        talk.show(url, media_type, body)
        files = []
        if image:
            files.append(_picture(talk))
        if pdf:
            content = talk.ask("Page.printToPDF", printBackground=True)["data"]
            files.append(File("as PDF", ".pdf", base64.b64decode(content)))
        return Drawn(version, tuple(files))


def _picture(talk: _Talk) -> File:
    size = talk.ask("Page.getLayoutMetrics")["cssContentSize"]
    tall = max(int(size["height"]), 1)
    clip = {"x": 0, "y": 0, "width": WIDTH, "height": min(tall, HEIGHT), "scale": 1}
    content = talk.ask("Page.captureScreenshot", format="png", captureBeyondViewport=True, clip=clip)["data"]
    facts = {"width": WIDTH, "height": min(tall, HEIGHT)} | ({"cut off at": tall} if tall > HEIGHT else {})
    return File("as a picture", ".png", base64.b64decode(content), facts)


def _page(warc: Path) -> tuple[str, str, bytes]:
    """The address, the ``Content-Type`` header and the plain bytes of the last answer."""
    url, media_type, coding, body = "", "", "", b""
    with warc.open("rb") as file:
        for record in ArchiveIterator(file):
            if record.rec_type == "response":
                url = record.rec_headers.get_header("WARC-Target-URI")
                media_type = record.http_headers.get_header("Content-Type") or ""
                coding = (record.http_headers.get_header("Content-Encoding") or "identity").lower()
                with suppress(zlib.error):  # as much as unpacks is what a browser would have shown
                    body = record.content_stream().read(SIZE + 1)
    if coding not in ("identity", "gzip", "deflate"):
        raise NotFetched(
            f"{url} is compressed by {coding[:40]!r}, which is not unpacked here, and is not drawn"
        )
    if media_type.partition(";")[0].strip().lower() not in _PAGES:
        raise NotFetched(f"{url} is no page ({media_type or 'no media type is told'}) and is not drawn")
    if len(body) > SIZE:
        raise TooLarge(f"{url} has more than {SIZE >> 20} MB and is not drawn")
    return url, media_type, body


# ------------------------------------------------------------------------- the browser


@contextmanager
def _running(program: Path) -> Iterator[_Talk]:
    """A browser for one page, which is gone afterwards with all that it wrote."""
    with tempfile.TemporaryDirectory(prefix="tallystick-", ignore_cleanup_errors=True) as home:
        user = group = 0
        if os.geteuid() == 0:
            nobody = pwd.getpwnam("nobody")
            user, group = nobody.pw_uid, nobody.pw_gid
            os.chown(home, user, group)
        theirs_in, ours_out = os.pipe()
        ours_in, theirs_out = os.pipe()
        try:
            start = [sys.executable, "-I", "-S", "-c", _START]
            start += [str(number) for number in (user, group, theirs_in, theirs_out)]
            process = subprocess.Popen(  # noqa: S603 (the browser, by its full path, with flags of our own)
                [*start, str(program), f"--user-data-dir={home}/profile", *_FLAGS],
                pass_fds=(theirs_in, theirs_out),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                cwd=home,
                env={"PATH": os.defpath, "HOME": home, "TMPDIR": home, "LANG": "C.UTF-8"},
                start_new_session=True,
            )
            os.close(theirs_in)
            os.close(theirs_out)
            theirs_in = theirs_out = -1
            try:
                yield _Talk(ours_in, ours_out)
            finally:
                with suppress(ProcessLookupError):
                    os.killpg(process.pid, signal.SIGKILL)
                process.wait()
        finally:
            for handle in (theirs_in, ours_out, ours_in, theirs_out):
                if handle >= 0:
                    os.close(handle)


class _Talk:
    """The DevTools protocol over two pipes: JSON messages, each ended by a zero byte."""

    def __init__(self, reads: int, writes: int) -> None:
        self._reads, self._writes = reads, writes
        self._until = time.monotonic() + SECONDS
        self._came = bytearray()
        self._session: str | None = None
        self._number = 0
        self._seen: set[str] = set()
        self._page: tuple[str, str, bytes] | None = None
        os.set_blocking(writes, False)

    def attach(self) -> None:
        """Speak from now on of one new, empty tab."""
        tab = self.ask("Target.createTarget", url="about:blank")["targetId"]
        self._session = self.ask("Target.attachToTarget", targetId=tab, flatten=True)["sessionId"]

    def show(self, url: str, media_type: str, body: bytes) -> None:
        """Show ``body`` as what came from ``url``, and wait until it stands."""
        self._page = url, media_type, body
        self.ask("Page.navigate", url=url)
        while "Page.loadEventFired" not in self._seen:
            self._hear()

    def ask(self, method: str, **parameters: Any) -> dict[str, Any]:
        """Send one command, and wait for what comes of it."""
        number = self._send(method, parameters)
        while True:
            message = self._hear()
            if message.get("id") == number:
                if "error" in message:
                    raise NotFetched(f"the browser cannot draw the page: {message['error'].get('message')}")
                return dict(message["result"])

    def _send(self, method: str, parameters: dict[str, Any]) -> int:
        self._number += 1
        message: dict[str, Any] = {"id": self._number, "method": method, "params": parameters}
        if self._session:
            message["sessionId"] = self._session
        data = memoryview(json.dumps(message).encode() + b"\0")
        while data:
            self._wait([], [self._writes])
            try:
                data = data[os.write(self._writes, data) :]
            except BlockingIOError:
                continue
            except BrokenPipeError as error:
                raise _ended() from error
        return self._number

    def _hear(self) -> dict[str, Any]:
        """The next message; a request of the page is dealt with on the way."""
        looked = 0
        while (end := self._came.find(b"\0", looked)) < 0:
            looked = len(self._came)
            self._wait([self._reads], [])
            part = os.read(self._reads, 1 << 20)
            if not part or len(self._came) > _ANSWER:
                raise _ended()
            self._came += part
        message = dict(json.loads(self._came[:end]))
        del self._came[: end + 1]
        method = str(message.get("method", ""))
        self._seen.add(method)
        if method == "Fetch.requestPaused":
            self._requested(message["params"])
        return message

    def _requested(self, told: dict[str, Any]) -> None:
        """Answer the first request for the page itself from the capture; let every other fail."""
        if self._page is None or told["resourceType"] != "Document":
            self._send(
                "Fetch.failRequest", {"requestId": told["requestId"], "errorReason": "BlockedByClient"}
            )
            return
        _, media_type, body = self._page
        self._page = None
        headers = [
            {"name": "Content-Type", "value": media_type},
            {"name": "Content-Security-Policy", "value": _POLICY},
        ]
        answer = {"requestId": told["requestId"], "responseCode": 200, "responseHeaders": headers}
        self._send("Fetch.fulfillRequest", answer | {"body": base64.b64encode(body).decode()})

    def _wait(self, reads: Sequence[int], writes: Sequence[int]) -> None:
        left = self._until - time.monotonic()
        if left <= 0 or not any(select.select(reads, writes, [], left)):
            raise NotFetched(
                f"the browser was not done with the page within {SECONDS:g} s; it is kept, not drawn"
            )


# Said to the browser beside the page: nothing but what the page itself holds, and no way out of it.
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; font-src data:; sandbox"


def _ended() -> NotFetched:
    return NotFetched(
        "the browser ended before it had drawn the page, which is kept; see whether it starts, with its "
        "sandbox, for an ordinary user"
    )
