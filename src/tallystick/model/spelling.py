"""One spelling for every noun: how it is written as JSON, and the id made of what it says."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import date
from enum import Enum
from functools import cache
from typing import Any


@cache
def _names(noun: type) -> tuple[tuple[str, bool, Any], ...]:
    """The fields of a noun that say something, not the id kept beside them.

    Each with whether it came later than the first rows, and its default: at that it is left out,
    so that a noun written before the field existed keeps its spelling and its id.
    """
    return tuple(
        (f.name, "later" in f.metadata, f.default) for f in fields(noun) if not f.name.startswith("_")
    )


def plain(value: Any) -> Any:
    """``value`` as JSON can hold it: dataclasses as objects, dates as ISO, enums as their words."""
    if value is None or type(value) in (str, int, bool, float):
        return value
    if is_dataclass(value) and not isinstance(value, type):
        kept = ((name, getattr(value, name), later, default) for name, later, default in _names(type(value)))
        return {name: plain(told) for name, told, later, default in kept if not (later and told == default)}
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, tuple | list):
        return [plain(item) for item in value]
    if isinstance(value, date):
        return value.isoformat()
    return value


def canonical(value: Any) -> str:
    """One spelling of ``value`` as JSON: sorted keys, no spaces, so that equal things hash alike."""
    return json.dumps(plain(value), ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def digest(prefix: str, *parts: Any) -> str:
    """An id made of content: ``prefix`` and 24 hexadecimal digits (96 bits) of a SHA-256."""
    return f"{prefix}-{hashlib.sha256(canonical(parts).encode()).hexdigest()[:24]}"
