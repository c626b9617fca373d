"""What is to be taken out of a dossier, as people say it: in a file of rules or by options."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tallystick.errors import AskedWrongly
from tallystick.model import Document
from tallystick.values.blurring import LEAST_KM, MOST_KM
from tallystick.values.names import fold

SORTS = ("person", "party", "voice")
_LIMIT = 1_000_000  # bytes of a file of rules
_KEYS = {"name", "place", "sources", "count_withheld", "addresses", "files", "parts"}


@dataclass(frozen=True, slots=True)
class NameRule:
    """One whose name is to go, under each of ``spelt``; ``sort`` is ``person``, ``party`` or ``voice``."""

    spelt: tuple[str, ...]
    sort: str = "person"

    def __post_init__(self) -> None:
        if self.sort not in SORTS:
            words = f"{', '.join(SORTS[:-1])} or {SORTS[-1]}"
            raise AskedWrongly(f"a name is that of a {words}, not {self.sort!r}")
        if not self.spelt or any(sum(map(str.isalnum, each)) < 2 for each in self.spelt):
            raise AskedWrongly("a name that is to go has two letters or more; give it in full")


@dataclass(frozen=True, slots=True)
class PlaceRule:
    """A place that is to be told no closer than ``km`` around, with all places that lie as near to it."""

    name: str
    km: float

    def __post_init__(self) -> None:
        if not fold(self.name):
            raise AskedWrongly("a place that is to be blurred has a name")
        if not LEAST_KM <= self.km <= MOST_KM:
            reach = f"{LEAST_KM:g} to {MOST_KM:g} km"
            raise AskedWrongly(f"a place is blurred to a radius of {reach}, not {self.km:g}")


@dataclass(frozen=True, slots=True)
class Redaction:
    """All that is to be taken out.

    ``sources`` are publishers, or reports by their own id: the dossier is worked out without them, unless
    ``count_withheld`` asks that their figures count and their words alone are withheld. ``addresses`` takes
    out every address on the web, ``files`` the names of files and the reports' own ids. ``parts`` is whether
    the single words of a person's name go as well.
    """

    names: tuple[NameRule, ...] = ()
    places: tuple[PlaceRule, ...] = ()
    sources: tuple[str, ...] = ()
    count_withheld: bool = False
    addresses: bool = False
    files: bool = False
    parts: bool = True

    def withholds(self, document: Document) -> bool:
        """Whether a report is of a source that is to be withheld."""
        return any(
            source in (document.name, document.id)
            or bool(document.publisher and fold(source) == fold(document.publisher))
            for source in self.sources
        )

    @classmethod
    def read(cls, path: Path) -> Redaction:
        """The rules in a TOML file; raises ``AskedWrongly`` where it cannot be meant so."""
        try:
            with path.open("rb") as file:
                told = tomllib.loads(file.read(_LIMIT).decode("utf-8"))
        except (OSError, ValueError, RecursionError) as error:
            raise AskedWrongly(f"{path} cannot be read as rules of redaction: {error}") from error
        strange = sorted(told.keys() - _KEYS)
        if strange:
            raise AskedWrongly(f"{path} has the key {strange[0]!r}; it may have: {', '.join(sorted(_KEYS))}")
        try:
            return cls(
                tuple(_name(each) for each in _tables(told, "name")),
                tuple(_place(each) for each in _tables(told, "place")),
                _words(told.get("sources", []), "sources"),
                **{key: _flag(told, key, default) for key, default in _FLAGS.items()},
            )
        except AskedWrongly as error:
            raise AskedWrongly(f"{path}: {error}") from error


_FLAGS = {"count_withheld": False, "addresses": False, "files": False, "parts": True}


def _tables(told: Mapping[str, Any], key: str) -> list[Mapping[str, Any]]:
    many = told.get(key, [])
    if not isinstance(many, list) or not all(isinstance(each, dict) for each in many):
        raise AskedWrongly(f"{key} is given as [[{key}]], once for each")
    return many


def _name(told: Mapping[str, Any]) -> NameRule:
    if told.keys() - {"spelt", "sort"}:
        raise AskedWrongly('a name has the keys spelt (["Ada Venn"]) and sort ("person")')
    return NameRule(_words(told.get("spelt", []), "spelt"), str(told.get("sort", "person")))


def _place(told: Mapping[str, Any]) -> PlaceRule:
    km = told.get("km")
    if told.keys() - {"name", "km"} or not isinstance(km, int | float) or isinstance(km, bool):
        raise AskedWrongly('a place has the keys name ("Solem") and km (20)')
    return PlaceRule(str(told.get("name", "")), float(km))


def _words(told: Any, key: str) -> tuple[str, ...]:
    if not isinstance(told, list) or not all(isinstance(each, str) and each.strip() for each in told):
        raise AskedWrongly(f"{key} is a list of names in quotes")
    return tuple(told)


def _flag(told: Mapping[str, Any], key: str, default: bool) -> bool:
    value = told.get(key, default)
    if not isinstance(value, bool):
        raise AskedWrongly(f"{key} is true or false, without quotes")
    return value
