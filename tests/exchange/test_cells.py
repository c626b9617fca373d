"""Cells: no spreadsheet runs one, and every text comes back as it was."""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tallystick.exchange import cells

RUN = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
TEXTS = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=12)
NASTY = st.builds(lambda a, b, c: a + b + c, st.sampled_from(["", "'", "''"]), st.sampled_from(RUN), TEXTS)


@given(TEXTS | NASTY)
def test_every_text_comes_back(text: str) -> None:
    assert cells.unguard(cells.guard(text)) == text


@given(NASTY)
def test_no_cell_begins_as_a_formula_does(text: str) -> None:
    cell = cells.cell(text)
    assert not cell.startswith(RUN) or cell.lstrip("-").replace(".", "", 1).isdigit()


@given(NASTY, NASTY)
def test_two_texts_are_never_one_cell(one: str, other: str) -> None:
    assert (cells.guard(one) == cells.guard(other)) == (one == other)


@pytest.mark.parametrize(
    ("value", "cell"),
    [
        (None, ""), ("", ""), ("-12.5", "-12.5"), (-12.5, "-12.5"), ("-12.5 km", "'-12.5 km"), (True, "true"),
        (date(2016, 10, 6), "2016-10-06"), (["=a", "b"], '["=a", "b"]'), ("'=a", "''=a"), ("it's", "it's"),
        ("- Two killed", "'- Two killed"), ("a\ud800b", "a\ufffdb"),
    ],
)  # fmt: skip
def test_values_as_cells(value: object, cell: str) -> None:
    assert cells.cell(value) == cell


@given(st.lists(st.tuples(TEXTS | NASTY, TEXTS | NASTY), max_size=4))
def test_a_file_gives_back_what_it_was_given(rows: list[tuple[str, str]]) -> None:
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "x.csv"
        cells.write(path, ("a", "b"), ({"a": a, "b": b} for a, b in rows))
        assert [(row["a"], row["b"]) for row in cells.read(path)] == rows
        with path.open(encoding="utf-8", newline="") as file:
            for row in list(csv.reader(file))[1:]:
                assert not any(cell.startswith(("=", "+", "@")) for cell in row)


def test_a_row_of_other_columns_is_a_fault_and_no_file_of_shifted_cells(tmp_path: Path) -> None:
    for row in ({"a": 1}, {"a": 1, "b": 2, "c": 3}):
        with pytest.raises(KeyError):
            cells.write(tmp_path / "x.csv", ("a", "b"), [row])
