"""Every table of the record (``exchange.tables``) as CSV and as Parquet: one file a table.

In CSV a list is JSON in a cell and a text that a spreadsheet would run is guarded (``exchange.cells``); in
Parquet every value has its own type, and each column says what it means. Either file is the same, byte for
byte, for the same record and the same pyarrow.
"""

from __future__ import annotations

from pathlib import Path

from tallystick.exchange import cells
from tallystick.exchange.columns import TABLES
from tallystick.exchange.tables import tables
from tallystick.model import Record

CSV, PARQUET = "csv", "parquet"


def write_csv(record: Record, folder: Path) -> None:
    """Write ``csv/NAME.csv`` for each table of ``record``."""
    (folder / CSV).mkdir()
    for name, table in tables(record).items():
        cells.write(folder / CSV / f"{name}.csv", table.column_names, table.to_pylist())


def write_parquet(record: Record, folder: Path) -> None:
    """Write ``parquet/NAME.parquet`` for each table of ``record``."""
    import pyarrow.parquet

    (folder / PARQUET).mkdir()
    for name, table in tables(record).items():
        pyarrow.parquet.write_table(table, folder / PARQUET / f"{name}.parquet", compression="zstd")


def names(kind: str) -> tuple[str, ...]:
    """The files of a kind, from the folder of the export."""
    return tuple(f"{kind}/{name}.{kind}" for name in TABLES)
