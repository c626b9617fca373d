"""A CSV of somebody's dataset of events: each row a document of its own, whose words are the row's cells.

The text of such a document is a line for each cell that holds something, ``column: cell``, in the order of
the columns. It says of which dataset it is a row (``Document.derived``). Any other CSV is refused: its
columns may mean anything. See ``tallystick.values.datasets`` for what makes a row sound.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import IO

from tallystick.errors import BadRecord, EmptyReport, NotText, ReportRefused, TooLarge, UnknownFormat
from tallystick.evidence.plain import convert, marked, refuse_binary
from tallystick.evidence.record import VALUE_LIMIT, Metadata, Source
from tallystick.model import Document
from tallystick.values.datasets import DATASETS, Dataset, flaw, told_by

LINE_LIMIT = 1 << 20  # bytes of one line; the longest row of any known dataset has some 10,000
CELL_LIMIT = 100_000  # characters of one cell, below what Python's own reader of CSV takes
_BREAKS = re.compile(r"\s*[\r\n\v\f\x1c-\x1e\x85\u2028\u2029]+\s*")
# What a spreadsheet must not run stands behind an apostrophe (``tallystick.exchange.cells``).
_GUARDED = re.compile(r"'+[=+\-@\t\r\n＝＋－＠]")


def from_dataset(source: Source) -> Iterator[Document | ReportRefused]:
    """A document for each row, a refusal in the place of each that cannot be meant.

    Raises ``UnknownFormat`` where the columns are of no dataset that is known, ``NotText`` for bytes that are
    no UTF-8, ``BadRecord`` and ``TooLarge`` where the reading cannot go on.
    """
    many = source.many()
    with source.stored.open("rb") as file:
        head = file.read(4096)
        refuse_binary(head, source.origin)
        encoding, mark = marked(head)
        if encoding not in (None, "utf-8"):
            raise NotText(
                f"{source.origin} is {encoding}; convert it: {convert(str(encoding).upper(), source.origin)}"
            )
        file.seek(mark)
        lines = _lines(file, source.origin)
        first = next(lines, "")
        if not first.strip():
            raise EmptyReport(f"{source.origin} has no row; check that it was saved whole")
        columns, comma, dataset = _head(first, source.origin)
        yield from _rows(many, lines, comma, columns, dataset)


def _head(line: str, origin: str) -> tuple[list[str], str, Dataset]:
    """The columns, what parts them, and the dataset that has them."""
    for comma in ",;\t":
        try:
            columns = [cell.strip().lower() for cell in next(csv.reader([line], delimiter=comma))]
        except csv.Error as error:  # ends of lines of an old Mac, or a cell that has no end
            raise BadRecord(
                f"the first line of {origin} is no row of a table ({error}); save it anew"
            ) from error
        if dataset := told_by(columns):
            if len(set(columns)) < len(columns):
                raise BadRecord(f"{origin} has two columns of one name; correct its first line")
            return columns, comma, dataset
    raise UnknownFormat(
        f"{origin} is a table whose columns are not those of {' or '.join(each.name for each in DATASETS)}; "
        "its bytes are kept: save reports as .jsonl; lists of places or parties go to 'tallystick lists'"
    )


def _lines(file: IO[bytes], origin: str) -> Iterator[str]:
    """The lines of the file, with their ends; none is held that is longer than ``LINE_LIMIT``."""
    number = 0
    while line := file.readline(LINE_LIMIT + 1):
        number += 1
        if len(line) > LINE_LIMIT:
            raise TooLarge(f"{origin} has a line of more than {LINE_LIMIT >> 20} MB; no dataset has that")
        if b"\0" in line:
            raise NotText(f"{origin} looks like a binary file: it has zeros in it; save it as CSV anew")
        try:
            yield line.decode()
        except UnicodeDecodeError as error:
            raise NotText(
                f"{origin}, line {number}, is not UTF-8; convert it: {convert('ENCODING', origin)}"
            ) from error


def _rows(
    source: Source, lines: Iterator[str], comma: str, columns: list[str], dataset: Dataset
) -> Iterator[Document | ReportRefused]:
    bounded = _Bounded(lines, source.origin)
    rows = csv.reader(bounded, delimiter=comma)
    number, met = 1, 0
    while True:
        number += 1
        where = f"{source.origin}, row {number}"
        bounded.held = 0
        try:
            cells = next(rows, None)
        except csv.Error as error:
            raise BadRecord(
                f"{where} cannot be told from those after it ({error}); save the file anew"
            ) from error
        if cells is None:
            break
        if any(cell.strip() for cell in cells):
            met += 1
            yield _document(source, cells, columns, dataset, where)
    if not met:
        raise EmptyReport(f"{source.origin} has no row below its first line; check that it was saved whole")


class _Bounded:
    """Lines of which one row may have so many: a quotation mark that nothing closes would hold them all."""

    def __init__(self, lines: Iterator[str], origin: str) -> None:
        self._lines, self._origin = lines, origin
        self.held = 0  # characters of the row that is being read

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = next(self._lines)
        self.held += len(line)
        if self.held > LINE_LIMIT:
            raise BadRecord(
                f"{self._origin} has a row that cannot be told from those after it: a quotation mark is not "
                "closed; save the file anew"
            )
        return line


def _document(
    source: Source, cells: list[str], columns: list[str], dataset: Dataset, where: str
) -> Document | ReportRefused:
    if len(cells) != len(columns):
        return BadRecord(
            f"{where} has {len(cells)} cells, and the first line {len(columns)}; correct it there"
        )
    if any(len(cell) > CELL_LIMIT for cell in cells):
        return TooLarge(f"{where} has a cell of more than {CELL_LIMIT:,} characters")
    row = {name: _cell(cell) for name, cell in zip(columns, cells, strict=True)}
    if said := flaw(dataset, row):
        return BadRecord(f"{where}: {said}; correct it there and add it again")
    name = row[dataset.id]
    if len(name) > VALUE_LIMIT:
        return BadRecord(f"{where}: its {dataset.id!r} is longer than {VALUE_LIMIT:,} characters")
    known = Metadata(name=name, title=f"{dataset.name}, {name}", publisher=dataset.name, language="en")
    # The two halves of a point stand side by side, whatever the order of columns: so they are found together
    # where a place is taken out.
    order = sorted(row, key=lambda column: column in ("latitude", "longitude"))
    text = "\n".join(f"{column}: {row[column]}" for column in order if row[column])
    try:
        made = replace(source, published=None).document(
            text, known, where, name=name, published_from="metadata"
        )
    except ReportRefused as refused:
        return refused
    return replace(made, derived=dataset.name)


def _cell(cell: str) -> str:
    """What a cell holds, on one line."""
    held = _BREAKS.sub(" ", cell.strip(" \t"))
    return (held[1:] if _GUARDED.match(held) else held).strip()
