"""A real browser, asked over its own debugging pipe: what it loaded, what it refused, what the page became.

Chromium reads and writes messages of the DevTools protocol on two pipes (``--remote-debugging-pipe``), each
ended by a zero byte, so that neither a driver nor a port is needed.
"""

from __future__ import annotations

import json
import os
import select
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any

SECONDS = 60.0
_FLAGS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync",
    "--disable-background-networking", "--disable-component-update", "--host-resolver-rules=MAP * ~NOTFOUND",
    "--remote-debugging-pipe",
)  # fmt: skip
# The browser reads from its descriptor 3 and writes to 4.
_STARTER = """
import fcntl, os, sys
read, write = (fcntl.fcntl(int(given), fcntl.F_DUPFD, 10) for given in sys.argv[1:3])
os.dup2(read, 3)
os.dup2(write, 4)
os.execvp(sys.argv[3], sys.argv[3:])
"""


@dataclass
class Seen:
    """What came of opening one page: addresses asked for, violations and errors said, dialogs opened.

    ``asked`` holds the requests by their number, without those that the page's policy stopped.
    """

    asked: dict[str, str] = field(default_factory=dict)
    said: list[str] = field(default_factory=list)
    dialogs: int = 0

    @property
    def requests(self) -> list[str]:
        return list(self.asked.values())


class Browser:
    """One Chromium with one page; use it in a ``with`` statement."""

    def __init__(self, program: str, profile: Path) -> None:
        ours, theirs = os.pipe(), os.pipe()
        starter = [sys.executable, "-c", _STARTER, str(theirs[0]), str(ours[1]), program]
        self._process = subprocess.Popen(
            [*starter, *_FLAGS, f"--user-data-dir={profile}", "about:blank"],
            pass_fds=(theirs[0], ours[1]), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        os.close(theirs[0])
        os.close(ours[1])
        self._read, self._write = ours[0], theirs[1]
        self._bytes, self._number, self._session = b"", 0, ""
        self._seen = Seen()

    def __enter__(self) -> Browser:
        target = self._ask("Target.createTarget", url="about:blank")["targetId"]
        self._session = self._ask("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Network", "Log", "Runtime"):
            self._ask(f"{domain}.enable")
        return self

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        os.close(self._write)
        self._process.kill()
        self._process.wait()
        os.close(self._read)

    def open(self, url: str) -> Seen:
        """Open a page, wait until it is loaded and has had a moment to act, and tell what came of it."""
        self._ask("Page.navigate", url="about:blank")
        self._seen = Seen()
        self._ask("Page.navigate", url=url)
        while self.tell("document.readyState + location.href").startswith(("loading", "interactive")) or (
            self.tell("location.href") == "about:blank"
        ):
            time.sleep(0.01)
        self.tell("new Promise(done => setTimeout(done, 30))")
        return self._seen

    def tell(self, expression: str) -> Any:
        """What a JavaScript expression comes to in the page; the page's own policy does not bind it."""
        answer = self._ask("Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True)
        assert "exceptionDetails" not in answer, answer
        return answer["result"].get("value")

    def _ask(self, method: str, **arguments: Any) -> Any:
        self._number += 1
        asked = {"id": self._number, "method": method, "params": arguments}
        if self._session:
            asked["sessionId"] = self._session
        os.write(self._write, json.dumps(asked).encode() + b"\0")
        while True:
            told = self._message()
            if told.get("id") == self._number:
                assert "error" not in told, told
                return told["result"]
            self._note(told.get("method"), told.get("params", {}))

    def _message(self) -> Any:
        until = time.monotonic() + SECONDS
        while b"\0" not in self._bytes:
            ready, _, _ = select.select([self._read], [], [], max(0.0, until - time.monotonic()))
            part = os.read(self._read, 1 << 16) if ready else b""
            assert part, "the browser says nothing more"
            self._bytes += part
        message, _, self._bytes = self._bytes.partition(b"\0")
        return json.loads(message)

    def _note(self, method: str | None, told: dict[str, Any]) -> None:
        if method == "Network.requestWillBeSent":
            self._seen.asked[told["requestId"]] = told["request"]["url"]
        elif method == "Network.loadingFailed" and told.get("blockedReason") == "csp":
            self._seen.asked.pop(told["requestId"], None)
        elif method == "Log.entryAdded":
            self._seen.said.append(told["entry"]["text"])
        elif method == "Runtime.consoleAPICalled":
            self._seen.said.append(" ".join(str(each.get("value")) for each in told["args"]))
        elif method == "Runtime.exceptionThrown":
            self._seen.said.append(str(told["exceptionDetails"]["text"]))
        elif method == "Page.javascriptDialogOpening":
            self._seen.dialogs += 1
            self._number += 1
            dismissed = {
                "id": self._number,
                "method": "Page.handleJavaScriptDialog",
                "params": {"accept": False},
            }
            os.write(self._write, json.dumps(dismissed | {"sessionId": self._session}).encode() + b"\0")
            self._number += 1
