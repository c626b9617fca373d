"""CSV cells that no spreadsheet runs, and that come back as they were.

A spreadsheet takes a cell that begins with "=", "+", "-", "@", a tab or a line break for a formula, and a
report may well begin so ("- Two killed", "=HYPERLINK(…)"). Such a text gets an apostrophe in front, which
spreadsheets hide and do not run; a text that begins with apostrophes and then such a sign gets one more, so
that taking one away gives every text back. A plain number ("-12.5") is none of it. The list of signs is that
of OWASP's page on CSV injection.
"""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

_RUNS = r"[=+\-@\t\r\n＝＋－＠]"
_GUARDED = re.compile(rf"'*{_RUNS}")
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?")
_SURROGATE = re.compile("[\ud800-\udfff]")
CELLS = 2**31 - 1  # characters that Python's reader takes in one cell: the text of a report is one


def guard(text: str) -> str:
    """``text`` so that no spreadsheet takes it for a formula; ``unguard`` gives it back."""
    return f"'{text}" if _GUARDED.match(text) and not _NUMBER.fullmatch(text) else text


def unguard(cell: str) -> str:
    """The text of a cell that ``guard`` wrote; any other cell as it is."""
    return cell[1:] if cell.startswith("'") and _GUARDED.match(cell) else cell


def cell(value: Any) -> str:
    """A value as a cell: empty where it is not known, lists as JSON, days as ISO 8601 writes them."""
    if value is None:
        return ""
    if isinstance(value, str):
        return guard(sound(value))
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, (list, tuple)):
        return json.dumps(
            [sound(each) if isinstance(each, str) else each for each in value], ensure_ascii=False
        )
    return repr(value)


def sound(text: str) -> str:
    """``text`` as UTF-8 can hold it: a lone surrogate, which is no character, becomes U+FFFD."""
    return text if text.isascii() else _SURROGATE.sub("\ufffd", text)


def write(
    path: Path,
    columns: Sequence[str],
    rows: Iterable[Mapping[str, Any]],
    above: Iterable[Sequence[str]] = (),
) -> None:
    """Write a CSV (RFC 4180, UTF-8): the head, rows to stand ``above`` all others as they are, the ``rows``.

    Each row has every column and no other: a missing one raises ``KeyError``, so that no number slips into
    another's place.
    """
    with path.open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file)
        out.writerow(columns)
        out.writerows(above)
        for row in rows:
            if len(row) != len(columns):
                raise KeyError(f"{path.name}: a row has {sorted(row.keys() ^ set(columns))} of its own")
            out.writerow([cell(row[name]) for name in columns])


def read(path: Path) -> Iterator[dict[str, str]]:
    """The rows of a CSV that ``write`` wrote, with the texts that were given it."""
    with path.open(encoding="utf-8", newline="") as file:
        csv.field_size_limit(CELLS)
        for row in csv.DictReader(file):
            yield {name: unguard(text) for name, text in row.items()}
