"""What a site's robots.txt asks of programs, read as RFC 9309 says.

``urllib.robotparser`` takes the first rule that fits and knows no ``*`` and ``$``; the standard
takes the longest, and of two equally long ones the one that allows.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from urllib.parse import quote

LIMIT = 500 * 1024  # bytes that are read of one, as section 2.5 asks for at least
_ESCAPE = re.compile(r"%([0-9A-Fa-f]{2})")
_PLAIN = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")


@dataclass(slots=True)
class _Group:
    agents: set[str] = field(default_factory=set)
    rules: list[tuple[bool, str]] = field(default_factory=list)  # (allows, the path pattern as written)
    delay: float | None = None


@dataclass(frozen=True, slots=True)
class Robots:
    """The rules of a site for one program, (allows, pattern) each; the delay in seconds that it asks for."""

    rules: tuple[tuple[bool, str], ...] = ()
    delay: float | None = None

    def rule(self, path: str) -> tuple[bool, str]:
        """Whether ``path`` (with its query) may be asked, and the rule that says so; "" where none does."""
        if path == "/robots.txt":
            return True, ""
        asked = _usual(path)
        fitting = [
            (len(_usual(pattern).encode()), allows, pattern)
            for allows, pattern in self.rules
            if _fits(_usual(pattern), asked)
        ]
        if not fitting:
            return True, ""
        _, allows, pattern = max(fitting, key=lambda each: each[:2])
        return allows, f"{'Allow' if allows else 'Disallow'}: {pattern}"


NOTHING = Robots(((False, "/"),))  # where it cannot be had, all is disallowed (section 2.3.1.4)


def robots(content: bytes, agent: str) -> Robots:
    """The rules in a robots.txt for the program with the product token ``agent``.

    All groups that name it count together; where none does, those for ``*``. Lines that say something else,
    or nothing that can be read, are passed over.
    """
    groups: list[_Group] = []
    open_group = False  # whether the last line that counted was a user-agent line
    for line in content[:LIMIT].decode("utf-8-sig", "replace").splitlines():
        key, colon, value = line.partition("#")[0].partition(":")
        key, value = key.strip().lower(), value.strip()
        if not colon:
            continue
        if key == "user-agent":
            if not open_group:
                groups.append(_Group())
            groups[-1].agents.add(_token(value))
            open_group = True
        elif not groups:
            continue
        elif key in ("allow", "disallow"):
            open_group = False
            if value.startswith(("/", "*")):  # an empty Disallow forbids nothing
                groups[-1].rules.append((key == "allow", value))
        elif key == "crawl-delay":  # not of the standard, but as widely written as read
            open_group = False
            groups[-1].delay = _seconds(value)
    chosen = [group for group in groups if agent.lower() in group.agents]
    chosen = chosen or [group for group in groups if "*" in group.agents]
    delays = [group.delay for group in chosen if group.delay is not None]
    return Robots(tuple(rule for group in chosen for rule in group.rules), max(delays, default=None))


def _token(value: str) -> str:
    found = re.match(r"\*|[A-Za-z_-]+", value)
    return found[0].lower() if found else ""


def _seconds(value: str) -> float | None:
    return float(value) if re.fullmatch(r"\d{1,6}(?:\.\d{1,6})?", value) else None


def _usual(path: str) -> str:
    """One spelling: letters and digits that were escaped are plain, all beyond ASCII is escaped."""

    def plain(found: re.Match[str]) -> str:
        letter = chr(int(found[1], 16))
        return letter if letter in _PLAIN else found[0].upper()

    return _ESCAPE.sub(plain, quote(path, safe="!$%&'()*+,/:;=?@[]~#\"<>\\^`{|}", errors="replace"))


def _fits(pattern: str, path: str) -> bool:
    """Whether ``path`` begins as ``pattern`` says: ``*`` stands for anything, a last ``$`` for the end.

    In time that grows with the product of both lengths at most: a pattern is somebody else's, and a
    regular expression made of it could run for ever.
    """
    ends = pattern.endswith("$")
    first, *parts = (pattern[:-1] if ends else pattern).split("*")
    if not path.startswith(first):
        return False
    at = len(first)
    if not parts:
        return not ends or at == len(path)
    last = parts.pop()
    for part in parts:
        at = path.find(part, at)
        if at < 0:
            return False
        at += len(part)
    if ends:
        return len(path) - len(last) >= at and path.endswith(last)
    return path.find(last, at) >= 0
