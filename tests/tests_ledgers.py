"""The ledger of a case asked by hand, in a file or on a server: as anybody could who has the file, or owns the tables.

Of a module that says ``ON_BOTH = True`` every test with a folder of its own is run twice, the second time with its ledgers
on a server; what holds of a file alone is marked ``of_file`` (see conftest).
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest
from tests_postgres import Postgres

from tallystick import ledgerplace, ledgerserver, rows
from tallystick.ledger import FILE

TABLES = ("captures", "documents", "claims", "judgements", "reviews", "custody")


def on_server(patch: pytest.MonkeyPatch, server: Postgres) -> None:
    """From now on every folder that names no database has its ledger on ``server``, each in a schema of its own."""
    told, places = ledgerplace.database, {}

    def database(folder: Path) -> str | None:
        if not folder.is_dir():
            return None
        return told(folder) or places.setdefault(folder.resolve(), server.new_case())

    patch.setattr(ledgerplace, "database", database)


def on_a_server(folder: Path) -> bool:
    return isinstance(ledgerplace.of(folder), ledgerserver.Server)


@contextmanager
def connected(folder: Path) -> Iterator[Any]:
    """A connection to the ledger that knows nothing of this program; committed at the end."""
    place = ledgerplace.of(folder)
    if isinstance(place, ledgerserver.Server):
        import psycopg

        path = f"-c search_path={place.address.schema}"
        with psycopg.connect(**place.address.parameters(), options=path) as connection:
            yield connection
    else:
        with closing(sqlite3.connect(folder / FILE)) as file, file:
            yield file


def ask(folder: Path, statement: str) -> list[Any]:
    """What the database says."""
    with connected(folder) as connection:
        return [tuple(row) for row in connection.execute(statement).fetchall()]


def by_hand(folder: Path, *statements: str) -> None:
    with connected(folder) as connection:
        for statement in statements:
            connection.execute(statement)


def force(folder: Path, *statements: str, table: str | None = None) -> None:
    """Change rows as somebody would who takes the triggers away and puts them back."""
    if on_a_server(folder):
        # What is inserted gets its seq from the trigger that looks at it, and passes.
        names = [(each, f"{each}_only_grow_never") for each in ([table] if table else TABLES)]
        off = [f"ALTER TABLE {each} DISABLE TRIGGER {name}" for each, name in names]
        on = [f"ALTER TABLE {each} ENABLE ALWAYS TRIGGER {name}" for each, name in names]
        by_hand(folder, *off, *statements, *on)
        return
    triggers = {
        name: sql for name, sql in rows.triggers().items() if table is None or name.startswith(f"{table}_")
    }
    by_hand(folder, *(f"DROP TRIGGER {name}" for name in triggers), *statements, *triggers.values())


def dump(folder: Path) -> dict[str, list[Any]]:
    """Every row of every table."""
    return {name: ask(folder, f"SELECT * FROM {name} ORDER BY seq") for name in TABLES}  # noqa: S608
