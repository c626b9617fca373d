"""The feeds that are followed, each asked at most so often, and less often while it fails."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass

from tallystick.case import Case
from tallystick.fetching import Fetcher, Polled, Rules
from tallystick.ledger import now

__all__ = ["Feed", "Feeds", "Rules"]

DAY = 86_400.0  # seconds after which what a site says to programs is asked anew (RFC 9309, 2.4)
LONGEST = 3_600.0  # seconds between two questions to a feed that fails, unless it is asked less often anyway


@dataclass(slots=True)
class Feed:
    """One feed: when it is to be asked next (``time.monotonic``), and how often it failed in a row."""

    url: str
    due: float = 0.0
    failures: int = 0


class Feeds:
    """The feeds of one watch. ``every`` are the seconds between two questions to one of them."""

    def __init__(self, case: Case, urls: Sequence[str], rules: Rules | None, every: float) -> None:
        self._case, self._rules, self._every = case, rules or Rules(), every
        self._feeds = [Feed(url) for url in dict.fromkeys(urls)]
        self._asker = Fetcher(self._rules, now)
        self._since = time.monotonic()

    def due(self) -> list[Feed]:
        """Those that may be asked now."""
        moment = time.monotonic()
        return [feed for feed in self._feeds if feed.due <= moment]

    def ask(self, feed: Feed) -> Polled:
        """Ask one of them. It is asked again after ``every`` seconds, after twice as many where it failed."""
        if time.monotonic() - self._since > DAY:
            self._asker, self._since = Fetcher(self._rules, now), time.monotonic()
        polled = self._case.feed(feed.url, self._asker, self._rules)
        feed.failures = feed.failures + 1 if polled.failed else 0
        wait = self._every * 2.0 ** min(feed.failures, 20)
        feed.due = time.monotonic() + min(wait, max(LONGEST, self._every))
        return polled
