"""A record said in other words: every string of it, wherever it stands, goes through one function."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass, replace
from datetime import date
from enum import Enum
from typing import Any, TypeVar

T = TypeVar("T")


_FIELDS: dict[type, tuple[str, ...]] = {}


def _fields(noun: Any) -> tuple[str, ...]:
    """The fields that a noun is made of, each type looked at once."""
    if noun not in _FIELDS:
        _FIELDS[noun] = tuple(each.name for each in fields(noun) if each.init)
    return _FIELDS[noun]


class Rewording:
    """Walks a tree of nouns and puts back together what was changed in it.

    ``text`` is asked for every string, with the noun and the field that it stands in; ``special`` for whole
    nouns by their type. What is not changed stays the same object, and one object is walked once.
    """

    def __init__(self) -> None:
        self.special: dict[type, Callable[[Any], Any]] = {}
        self._done: dict[int, tuple[Any, Any]] = {}  # with what was walked, so that no id is used again

    def text(self, told: str, noun: type, field: str) -> str:
        """One string as it is to be; as it is, here."""
        return told

    def __call__(self, value: T, noun: type = object, field: str = "") -> T:
        return self._walk(value, noun, field)  # type: ignore[no-any-return]

    def _walk(self, value: Any, noun: type, field: str) -> Any:
        if value is None or isinstance(value, bool | int | float | date | Enum):
            return value
        if isinstance(value, str):
            return self.text(value, noun, field)
        if isinstance(value, tuple | list):
            walked = [self._walk(each, noun, field) for each in value]
            same = all(new is old for new, old in zip(walked, value, strict=True))
            return value if same else type(value)(walked)
        if isinstance(value, Mapping):
            return {self._walk(k, noun, field): self._walk(v, noun, field) for k, v in value.items()}
        if not is_dataclass(value):
            raise TypeError(f"nothing is known of {type(value).__name__}, which stands in {noun.__name__}")
        if id(value) not in self._done:
            special = self.special.get(type(value), self.fields)
            self._done[id(value)] = value, special(value)
        return self._done[id(value)][1]

    def fields(self, value: Any, **given: Any) -> Any:
        """A noun with each of its fields walked; those ``given`` are taken as they are."""
        changed = dict(given)
        noun: type[Any] = type(value)
        for name in _fields(noun):
            if name not in given:
                old = getattr(value, name)
                new = self._walk(old, noun, name)
                if new is not old:
                    changed[name] = new
        return replace(value, **changed) if changed else value
