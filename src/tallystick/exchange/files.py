"""JSON as files: the same value gives the same bytes, and every byte is UTF-8."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any


def whole(path: Path, value: Any) -> None:
    """Write ``value`` as one JSON file, indented, keys in the order in which they are given."""
    _write(path, json.dumps(value, ensure_ascii=False, indent=1, allow_nan=False) + "\n")


def lines(path: Path, values: Iterable[Any]) -> None:
    """Write each of ``values`` as a line of JSON."""
    told = (json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False) for value in values)
    _write(path, "".join(line + "\n" for line in told))


def _write(path: Path, text: str) -> None:
    # A lone surrogate, which UTF-8 cannot hold, becomes the escape that JSON has for it.
    path.write_bytes(text.encode("utf-8", "backslashreplace"))
