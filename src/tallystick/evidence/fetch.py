"""From a URL to a WARC file: the one door of this package through which anything leaves the machine.

Nothing opens it but ``tallystick fetch``, and ``watch`` for feeds (``tests/test_fetching.py``). One question
goes out at a time; robots.txt is asked first; each redirect is judged like the URL it came from, and kept
like it.
"""

from __future__ import annotations

import email.utils
import hashlib
import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import IO, Any

from tallystick import __version__
from tallystick.errors import AskedWrongly, NotFetched
from tallystick.evidence import robots
from tallystick.evidence.addresses import Target, redirected, target
from tallystick.evidence.answers import Answer, Limits
from tallystick.evidence.exchange import Resolve, exchange, resolved
from tallystick.evidence.recording import Recording, content

PRODUCT = "tallystick"
REDIRECTS = 10
RETRIES = 2  # questions put again to a server that is busy, for one URL in all
LONGEST = 60.0  # seconds that a site may make us wait between two questions, whatever it asks for
_PAUSE = 5.0  # seconds, where a busy server does not say for how long
_ROBOTS_REDIRECTS = 5  # RFC 9309, section 2.3.1.2
_MOVED = (301, 302, 303, 307, 308)
_BUSY = (429, 503)


@dataclass(frozen=True, slots=True)
class Rules:
    """What a person allowed or asked for. ``ignore_robots`` holds the reason; empty is: heed them.

    Raises ``AskedWrongly`` where the contact cannot stand in a header.
    """

    allow_private: bool = False
    any_port: bool = False
    bad_tls: bool = False
    ignore_robots: str = ""
    contact: str = ""
    delay: float = 1.0
    limits: Limits = field(default_factory=Limits)

    def __post_init__(self) -> None:
        if not re.fullmatch(r"[ -'*-\[\]-~]{0,200}", self.contact):
            raise AskedWrongly(
                f"the contact {self.contact!r} is sent to every server, so it may hold only plain letters, "
                "digits and signs but ( ) \\, such as: --contact desk@example.org"
            )

    @property
    def agent(self) -> str:
        """What is told to every server: the name and version of the program, and the contact."""
        name = f"{PRODUCT}/{__version__}"
        return f"{name} ({self.contact})" if self.contact else name

    @property
    def told(self) -> dict[str, Any]:
        """What was allowed beyond the usual, for the record."""
        names = ("allow_private", "any_port", "bad_tls", "ignore_robots", "contact")
        return {name: getattr(self, name) for name in names if getattr(self, name)}


@dataclass(frozen=True, slots=True)
class Validators:
    """What a server gave with an answer at ``url``, to be asked by whether it changed (RFC 9110, 8.8)."""

    url: str
    etag: str = ""
    modified: str = ""

    @property
    def headers(self) -> tuple[tuple[str, str], ...]:
        """The headers that ask for an answer only where it is another one."""
        told = (("If-None-Match", self.etag), ("If-Modified-Since", self.modified))
        return tuple((name, value) for name, value in told if value)

    @classmethod
    def of(cls, answer: Answer) -> Validators:
        """Those of an answer; what could not stand in a header of ours is left out."""
        told = (answer.header("etag") or "", answer.header("last-modified") or "")
        etag, modified = (value if re.fullmatch(r"[ -~]{1,500}", value) else "" for value in told)
        return cls(answer.target.url, etag, modified)


@dataclass(slots=True)
class Fetched:
    """What came of one URL: a row for each answer that was kept, and what is wrong.

    ``validators`` are those of the last answer; ``unchanged`` says that it is still the one that they were
    asked by, and brought nothing.
    """

    url: str
    answers: list[dict[str, Any]] = field(default_factory=list)
    flaw: str = ""
    validators: Validators = Validators("")
    unchanged: bool = False

    @property
    def complete(self) -> bool:
        """Whether the last answer is a page or file, and came whole."""
        return not self.flaw and not self.unchanged


class Fetcher:
    """Fetches one URL after the other, and remembers what each robots.txt said and when whom was asked.

    ``resolve`` gives the addresses of a host, ``now`` the moment in UTC; they and the rest are for tests.
    """

    def __init__(
        self,
        rules: Rules,
        now: Callable[[], str],
        *,
        resolve: Resolve = resolved,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._rules, self._now, self._resolve = rules, now, resolve
        self._clock, self._sleep = clock, sleep
        self._robots: dict[str, tuple[robots.Robots, str]] = {}
        self._free: dict[str, float] = {}  # when a host may be asked again

    def fetch(self, url: str, out: IO[bytes], known: Validators | None = None) -> Fetched:
        """Fetch ``url`` and write all that was sent and received for it to ``out``, as a WARC file.

        With ``known`` the answer is asked for only where it is not the one that these came with.
        Raises ``NotFetched`` where there is no answer to keep. Where there is, what is wrong (a redirect to
        an address that is refused, an answer cut off, a status that is no success) is its ``flaw``.
        """
        rules, got = self._rules, Fetched(url)
        here = target(url, any_port=rules.any_port)
        info = [
            ("http-header-user-agent", rules.agent),
            ("robots", "ignored" if rules.ignore_robots else "obeyed"),
        ]
        info += [(f"allowed-{name}", str(value)) for name, value in rules.told.items() if name != "contact"]
        recording = Recording(out, self._now(), [*info, ("description", f"fetched for {url}")])
        try:
            self._follow(got, here, recording, known)
        except NotFetched as error:
            if not got.answers:
                raise
            got.flaw = str(error)
        return got

    def _follow(self, got: Fetched, here: Target, recording: Recording, known: Validators | None) -> None:
        """Ask ``here``, and wherever it leads, until an answer leads no further."""
        via, retries = "", RETRIES
        for _ in range(REDIRECTS + 1 + RETRIES):
            facts = [("via", via), ("robots", self._permit(here))]
            more = known.headers if known is not None and known.url == here.url else ()
            with self._asked(here, self._rules.limits, more) as (at, answer):
                recording.keep(answer, at, facts)
                got.answers.append(_row(answer))
            wait = _busy(answer) if retries else None
            onward = answer.header("location") if answer.status in _MOVED else None
            if wait is not None:
                retries -= 1
                self._wait(here, wait)
            elif onward:
                via, here = here.url, redirected(here, onward, any_port=self._rules.any_port)
                if sum(row["status"] in _MOVED for row in got.answers) > REDIRECTS:
                    break
            else:
                got.validators = Validators.of(answer)
                got.unchanged = bool(more) and answer.status == 304
                got.flaw = "" if got.unchanged else _flaw(answer)
                return
        raise NotFetched(f"{got.url} leads from one address to the next more than {REDIRECTS} times")

    # ------------------------------------------------------------------------- manners

    @contextmanager
    def _asked(
        self, here: Target, limits: Limits, more: tuple[tuple[str, str], ...] = ()
    ) -> Iterator[tuple[str, Answer]]:
        """The answer of ``here``, asked no sooner than its host may be, and the moment of the question."""
        self._sleep(max(self._free.get(here.host, 0.0) - self._clock(), 0.0))
        rules, at = self._rules, self._now()
        try:
            with exchange(
                here,
                rules.agent,
                limits=limits,
                allow_private=rules.allow_private,
                bad_tls=rules.bad_tls,
                resolve=self._resolve,
                more=more,
            ) as answer:
                yield at, answer
        finally:
            known = self._robots.get(here.site)
            asked_for = known[0].delay if known else None
            self._wait(here, min(max(rules.delay, asked_for or 0.0), max(rules.delay, LONGEST)))

    def _wait(self, here: Target, seconds: float) -> None:
        """Leave the host alone for that long."""
        self._free[here.host] = max(self._free.get(here.host, 0.0), self._clock() + seconds)

    def _permit(self, here: Target) -> str:
        """In words, why ``here`` may be asked as its site's robots.txt goes; ``NotFetched`` if not."""
        if self._rules.ignore_robots:
            return f"ignored: {self._rules.ignore_robots}"
        if here.site not in self._robots:
            self._robots[here.site] = self._rules_of(here)
        known, source = self._robots[here.site]
        allowed, rule = known.rule(here.path)
        if known is robots.NOTHING:
            raise NotFetched(f"{here.url} is not asked before its site's rules are known: {source}")
        if not allowed:
            raise NotFetched(
                f"{here.url} is not asked: {source} says {rule!r} to programs; where there are grounds to "
                "ask all the same, use --ignore-robots REASON, which is recorded"
            )
        return f"allowed by {source}" + (f", {rule!r}" if rule else "")

    def _rules_of(self, here: Target) -> tuple[robots.Robots, str]:
        """The rules of a site, and where they come from, in words.

        One that is not there (any 4xx but 429) allows all; one that cannot be had forbids all, for nobody
        can tell then what was asked of us (RFC 9309, 2.3.1).
        """
        at = first = here.at("/robots.txt")
        limits = replace(self._rules.limits, size=robots.LIMIT)
        try:
            for _ in range(_ROBOTS_REDIRECTS + 1):
                with self._asked(at, limits) as (_, answer):
                    onward = answer.header("location") if answer.status in _MOVED else None
                    if not onward:
                        return _heard(answer, first)
                at = redirected(at, onward, any_port=self._rules.any_port)
        except NotFetched as error:
            return robots.NOTHING, f"{first.url} (which cannot be had: {error})"
        return robots.Robots(), f"{first.url} (which leads nowhere)"


def _row(answer: Answer) -> dict[str, Any]:
    """What the custody record tells of one answer."""
    row: dict[str, Any] = {"url": answer.target.url, "status": answer.status, "address": answer.address}
    if answer.truncated:
        row["truncated"] = answer.truncated
    if answer.tls:
        row["tls"] = f"not verified: {answer.tls.flaw}" if answer.tls.flaw else answer.tls.protocol
    return row


def _flaw(answer: Answer) -> str:
    """Why the last answer is no whole page or file, in a sentence; empty where it is."""
    url = answer.target.url
    if answer.status != 200:
        said = f"{answer.status} {answer.reason[:80]}".strip()
        later = answer.header("retry-after") if answer.status in _BUSY else None
        said += f", ask again after {later[:40]}" if later else ""
        return f"{url}: the server answers {said}; its answer is kept, and no report is read from it"
    if answer.truncated:
        return (
            f"{url}: the answer did not come whole: {answer.flaw}; what came is kept, marked as cut off, and "
            "no report is read from it: run the same command to ask again"
        )
    return ""


def _heard(answer: Answer, first: Target) -> tuple[robots.Robots, str]:
    """What an answer to the question for robots.txt means."""
    if answer.status == 200 and answer.truncated in ("", "length"):
        text = content(answer, robots.LIMIT)
        if text is not None:
            source = f"{first.url} (SHA-256 {hashlib.sha256(text).hexdigest()})"
            return robots.robots(text, PRODUCT), source
    if 400 <= answer.status < 500 and answer.status != 429:
        return robots.Robots(), f"{first.url} (which is not there: {answer.status})"
    return robots.NOTHING, f"{first.url} (which cannot be had: {answer.status})"


def _busy(answer: Answer) -> float | None:
    """For how long to leave a busy server alone before asking again; None where there is no use in it."""
    if answer.status not in _BUSY:
        return None
    told = _retry_after(answer.header("retry-after"))
    if told is None:
        return _PAUSE
    return told if told <= LONGEST else None


def _retry_after(value: str | None) -> float | None:
    """The seconds that a ``Retry-After`` header asks for, as a number or until a moment; None if unclear."""
    if value is None:
        return None
    if re.fullmatch(r"[0-9]{1,9}", value):
        return float(value)
    try:
        then = email.utils.parsedate_to_datetime(value)
    except ValueError:
        return None
    then = then if then.tzinfo else then.replace(tzinfo=UTC)
    return max((then - datetime.now(UTC)).total_seconds(), 0.0)
