"""Ledgers of an earlier form: what they lack, and how they are carried over when opened for writing.

Form 1 had no chain. It can be read as it is; carried over, its custody events are chained in their order, and
an event ``chained`` covers every other row that was there: the chain then tells that nothing changed since,
and nothing of the time before. No server ever held a ledger of form 1.
"""

from __future__ import annotations

from sqlalchemy import Connection, insert, select

from tallystick import chain, ledgerplace, rows
from tallystick.model import Event

_FORMER = "custody_of_form_1"


def form(connection: Connection) -> int:
    """The form of the tables, as the ledger tells it."""
    return ledgerplace.sort(connection).form(connection)


def carry_over(connection: Connection, event: Event) -> None:
    """Give a ledger of form 1 the tables of today; ``event`` tells of it and gets the cover.

    In the transaction of ``connection``, so that an interruption leaves the former ledger.
    """
    custody = rows.CUSTODY
    triggers = {name: sql for name, sql in rows.triggers().items() if name.startswith(f"{custody.name}_")}
    for name in triggers:
        connection.exec_driver_sql(f"DROP TRIGGER {name}")
    for index in custody.indexes:
        connection.exec_driver_sql(f"DROP INDEX {index.name}")
    connection.exec_driver_sql(f"ALTER TABLE {custody.name} RENAME TO {_FORMER}")
    custody.create(connection)
    for sql in triggers.values():
        connection.exec_driver_sql(sql)
    told = ", ".join(column.name for column in rows.told(custody))
    found = connection.exec_driver_sql(f"SELECT {told} FROM {_FORMER} ORDER BY seq")  # noqa: S608
    events = [dict(row._mapping) for row in found]
    names = rows.row(event)
    names |= {"seq": len(events) + 1, "turn": sum(row["about"] == names["about"] for row in events)}
    events.append(chain.covering(names, event, chain.cover(_others(connection))))
    for row in chain.chained(chain.START, events):  # one by one: each takes the next free place
        connection.execute(insert(custody), row)
    connection.exec_driver_sql(f"DROP TABLE {_FORMER}")
    ledgerplace.sort(connection).number(connection, rows.SCHEMA)


def _others(connection: Connection) -> dict[str, list[rows.Row]]:
    """Every row of the other tables."""
    return {
        table.name: [dict(row._mapping) for row in connection.execute(select(table).order_by("seq"))]
        for table in rows.METADATA.sorted_tables
        if table is not rows.CUSTODY
    }
