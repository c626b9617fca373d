"""The ledger of a case on a server of PostgreSQL, for teams: the same six tables, in a schema of their own.

``Server`` is the place (``ledgerplace`` tells the shape that it shares with ``ledgerfile.File``); below it
stand the functions by which ``audit`` and others look into one. The schema is called ``case_`` and the name
of the case there; beside the six tables it holds ``form``, the number of their form. Texts sort by their
bytes (collation "C"), as SQLite sorts them. What SQLite's triggers refuse, triggers refuse here, TRUNCATE
too, whatever role asks and however its session is set; whoever owns the tables can take the triggers away,
and ``verify`` misses them.

One writer at a time appends: each takes an advisory lock of the case for its transaction, so that places
have no gaps and the chain goes on from what is there. Readers wait for nobody and see one moment.
"""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, quote, unquote, urlencode, urlsplit

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.exc import DBAPIError

from tallystick import rows
from tallystick.errors import (
    AskedWrongly,
    CaseDamaged,
    CaseReadOnly,
    NoServer,
    NoSuchCase,
    OnlyGrows,
    TallystickError,
)
from tallystick.model import Note

if TYPE_CHECKING:
    import psycopg

ENVIRONMENT = "TALLYSTICK_DATABASE"  # names who signs in at a server that a case names, and by what password
BUSY_SECONDS = 30
_READERS, _MORE = 8, 24  # connections that are kept open, and that may be opened beside them
_SCHEMES = ("postgresql", "postgres")
# What a URL may say beside where the server is: no file of the machine, no other program.
_OPTIONS = ("host", "sslmode", "sslrootcert", "channel_binding", "connect_timeout", "target_session_attrs")
_CASE = re.compile(r"[a-z][a-z0-9_]{0,39}")
# Where a message of the server is none about the ledger, by the start of its SQLSTATE.
_AWAY = ("08", "28", "3D", "57P", "53300")
_READ_ONLY = ("25006", "42501", "53100", "53200", "58")


# ------------------------------------------------------------------------------------- where it is


@dataclass(frozen=True, slots=True)
class Address:
    """Which server, which database in it, and which case there; never a password."""

    host: str
    port: int | None
    database: str
    user: str
    options: tuple[tuple[str, str], ...]
    case: str

    @classmethod
    def read(cls, url: str) -> Address:
        """``postgresql://[USER@]HOST[:PORT]/DATABASE?case=NAME``; raises ``AskedWrongly``.

        The host may be a folder with the server's socket: ``postgresql:///DATABASE?host=/run/postgresql&case=NAME``.
        """
        address, password = _read(url)
        if password is not None:
            raise AskedWrongly(
                "a password does not stand in the address of a database, where others read it: put it into "
                f"~/.pgpass, or into the environment as PGPASSWORD or in the URL that {ENVIRONMENT} holds"
            )
        if not _CASE.fullmatch(address.case):
            raise AskedWrongly(
                f"{address} is to end with the name of the case there, up to 40 small letters, digits and _: "
                "?case=aleppo_2016"
            )
        return address

    @property
    def schema(self) -> str:
        """The schema that holds its tables. A name that needs no quotes."""
        return f"case_{self.case}"

    def __str__(self) -> str:
        user = f"{quote(self.user, safe='')}@" if self.user else ""
        host = f"[{self.host}]" if ":" in self.host else self.host
        port = f":{self.port}" if self.port else ""
        told = [*self.options, *([("case", self.case)] if self.case else [])]
        query = f"?{urlencode(told, safe='/')}" if told else ""
        return f"postgresql://{user}{host}{port}/{quote(self.database, safe='')}{query}"

    def parameters(self) -> dict[str, Any]:
        """What to connect with. Who signs in may stand in the environment, for this server and database."""
        out = {"host": self.host, "port": self.port, "dbname": self.database, "user": self.user}
        out |= dict(self.options)
        if told := os.environ.get(ENVIRONMENT, "").strip():
            other, password = _read(told)
            if _server(other) == _server(
                self
            ):  # a password goes to the server that it is for, and to no other
                out |= {"user": self.user or other.user, "password": password}
        return {name: value for name, value in out.items() if value}


def _server(address: Address) -> tuple[str, int, str]:
    return dict(address.options).get("host", address.host), address.port or 5432, address.database


def _read(url: str) -> tuple[Address, str | None]:
    """The address in a URL, and the password there, if any."""
    try:
        parts = urlsplit(url)
        port, host = parts.port, parts.hostname or ""
        told = parse_qsl(parts.query, keep_blank_values=True, strict_parsing=bool(parts.query))
    except ValueError as error:
        raise AskedWrongly("the address of the database cannot be read: " + _FORM) from error
    database = unquote(parts.path.removeprefix("/"))
    if parts.scheme not in _SCHEMES or not database or parts.fragment or "\0" in unquote(url):
        raise AskedWrongly("the address of the database is not of the form " + _FORM)
    strange = sorted({name for name, _ in told} - {*_OPTIONS, "case"})
    if strange:
        raise AskedWrongly(
            f"the address of the database says {strange[0]!r}; it may say: {', '.join(('case', *_OPTIONS))}"
        )
    options = tuple(sorted((name, value) for name, value in told if name != "case"))
    user = unquote(parts.username or "")
    address = Address(host, port, database, user, options, dict(told).get("case", ""))
    return address, None if parts.password is None else unquote(parts.password)


_FORM = "postgresql://HOST/DATABASE?case=NAME"


@dataclass(frozen=True, slots=True)
class Server:
    """The ledger of the case in ``folder`` that lies on a server."""

    folder: Path
    address: Address

    @property
    def name(self) -> str:
        """What messages call it."""
        return str(self.address)

    @property
    def where(self) -> str:
        """What a custody event calls it."""
        return str(self.address)

    def exists(self) -> bool:
        with self._asking() as connection:
            return _laid_out(connection, self.address.schema)

    def make(self) -> None:
        """The empty tables, whole or not at all. Raises ``CaseDamaged`` where those of this case are lost."""
        if _has_captures(self.folder):
            raise self._none()
        made = self.engine()
        try:
            with made.begin() as connection:
                self.lay_out(connection)
        except DBAPIError as error:
            raise self.meaning(error) from error
        finally:
            made.dispose()

    def lay_out(self, connection: Connection) -> bool:
        """Make the schema and its tables, in a transaction of this; whether there were none.

        Raises ``AskedWrongly`` where the database is not one of Unicode.
        """
        schema = self.address.schema
        if connection.exec_driver_sql(f"SELECT to_regclass('{schema}.form')").scalar() is not None:
            return False
        encoding = connection.exec_driver_sql("SHOW server_encoding").scalar_one()
        if encoding != "UTF8":
            raise AskedWrongly(f"{self.name}: the database holds {encoding}; a ledger needs one of UTF8")
        if connection.exec_driver_sql(f"SELECT to_regnamespace('{schema}')").scalar() is None:
            connection.exec_driver_sql(f"CREATE SCHEMA {schema}")
        for statement in statements(schema):
            connection.exec_driver_sql(statement)
        return True

    def opened(self, *, write: bool) -> tuple[Engine, Engine | None]:
        """Where it is read, and where it is written to; raises as ``Ledger.open`` does."""
        made = self.engine()
        reading = made.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
        try:
            with reading.connect() as connection:
                if (
                    connection.exec_driver_sql(f"SELECT to_regclass('{self.address.schema}.form')").scalar()
                    is None
                ):
                    raise self._none()
        except DBAPIError as error:
            made.dispose()
            raise self.meaning(error) from error
        except TallystickError:
            made.dispose()
            raise
        return reading, made if write else None

    def still(self) -> tuple[Engine, Callable[[], None]]:
        """Where it is looked at; what is read through a server changes nothing there."""
        return self.opened(write=False)[0], lambda: None

    def writable(self) -> bool:
        """Whether the folder can be written to; the server says itself whether the tables can."""
        return os.access(self.folder, os.W_OK)

    def refuse_read_only(self) -> None:
        """Raises ``CaseReadOnly`` where the folder cannot be written to."""
        if not self.writable():
            raise CaseReadOnly(
                f"{self.folder} cannot be written to; give yourself the right to, or ask whose it is"
            )

    def settled(self) -> bool:
        """Whether no row lies beside the ledger: a server looks after that."""
        return True

    def stamp(self) -> object:
        """What tells that it was written to: every writer appends an event."""
        with self._asking() as connection:
            if not _laid_out(connection, self.address.schema):
                return None
            return connection.execute("SELECT seq, chain FROM custody ORDER BY seq DESC LIMIT 1").fetchall()

    def scrub(self, engine: Engine) -> None:
        """Write the tables anew, and what the server noted of them, so that nothing is left in their files.

        What its write-ahead log, its copies and its backups keep is out of reach from here (docs/server.md).
        """
        with engine.execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
            for table in rows.METADATA.tables:
                connection.exec_driver_sql(f"VACUUM (FULL, ANALYZE) {self.address.schema}.{table}")
            with suppress(
                DBAPIError
            ):  # the former files go then at once, else at the server's next checkpoint
                connection.exec_driver_sql("CHECKPOINT")

    def copy(self, file: Path) -> bool:
        """A server has no file that could be copied."""
        return False

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Have the turn in the case among all machines, until the end; it ends with the connection, too."""
        with self._asking(wait=True) as connection:
            connection.execute("SELECT pg_advisory_lock(%s)", [_key("turn", self.address.schema)])
            yield

    def meaning(self, error: Exception) -> TallystickError:
        """What an error of the database means for whoever asked."""
        cause = error.orig if isinstance(error, DBAPIError) else error
        state = getattr(cause, "sqlstate", None) or ""
        said = " ".join(str(cause).split())
        if "only grow" in said:
            return OnlyGrows(f"{self.name}: {said}; append what is to stand instead")
        if state == "55P03" or "QueuePool" in said:
            return TallystickError(
                f"{self.name} has been in use for {BUSY_SECONDS} seconds; wait for the other command to end"
            )
        if state.startswith(_READ_ONLY):
            return CaseReadOnly(
                f"{self.name} cannot be written to ({said}); ask whoever looks after the server for the "
                "right to, or for room"
            )
        if not state or state.startswith(_AWAY):
            return NoServer(
                f"{self.name} cannot be reached ({said}); look whether the server runs and lets you in: a "
                f"password is looked for in ~/.pgpass, PGPASSWORD and {ENVIRONMENT}"
            )
        return CaseDamaged(f"{self.name} is no sound ledger ({said}); put a backup of it back")

    def _none(self) -> TallystickError:
        if _has_captures(self.folder):
            return CaseDamaged(
                f"{self.folder} holds captures, but its ledger is not at {self.name}; put a backup of it "
                "back there, or say in case.toml where it is"
            )
        return NoSuchCase(f"no case at {self.folder}: its ledger is to be at {self.name}, and is not there")

    def engine(self) -> Engine:
        """Connections for reading and writing; who writes has the turn until the transaction ends."""

        def connect() -> psycopg.Connection[Any]:
            return _connect(self.address)

        _driver()
        made = create_engine(
            "postgresql+psycopg://",
            creator=connect,
            pool_size=_READERS,
            max_overflow=_MORE,
            pool_timeout=BUSY_SECONDS,
            pool_pre_ping=True,  # the server may have been started anew since
        )
        key = _key("write", self.address.schema)

        def begin(connection: Connection) -> None:
            if not connection.get_execution_options().get("postgresql_readonly"):
                connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({key})")

        event.listen(made, "begin", begin)
        return made

    @contextmanager
    def _asking(self, *, wait: bool = False) -> Iterator[psycopg.Connection[Any]]:
        """One connection for a question or two, whose errors are said in this project's."""
        driver = _driver()
        try:
            connection = _connect(self.address, autocommit=True)
            try:
                if wait:
                    connection.execute("SET lock_timeout = 0")
                yield connection
            finally:
                connection.close()
        except driver.Error as error:
            raise self.meaning(error) from error


def _driver() -> Any:
    """psycopg 3; raises ``AskedWrongly`` naming the extra where it is not installed."""
    try:
        import psycopg
    except ImportError as error:
        raise AskedWrongly(
            "a ledger on a server needs the extra 'postgres': pip install 'tallystick[postgres]'"
        ) from error
    return psycopg


def _connect(address: Address, *, autocommit: bool = False) -> psycopg.Connection[Any]:
    """A connection whose every commit is on the server's disk before it is answered for."""
    driver = _driver()
    session = {
        "search_path": address.schema,
        "synchronous_commit": "on",
        "lock_timeout": f"{BUSY_SECONDS}s",
        # A machine that is gone from the network keeps nobody waiting for long.
        "tcp_keepalives_idle": "60",
        "tcp_keepalives_interval": "10",
        "tcp_keepalives_count": "6",
    }
    told = {"client_encoding": "utf8", "application_name": "tallystick", "connect_timeout": 10}
    told |= {"options": " ".join(f"-c {name}={value}" for name, value in session.items())}
    if driver.pq.version() >= 160000 and "PGREQUIREAUTH" not in os.environ:
        told["require_auth"] = "!password"  # a server that a case names is told nobody's password as it is
    return driver.connect(**(told | address.parameters()), autocommit=autocommit)  # type: ignore[no-any-return]


def _key(what: str, schema: str) -> int:
    """The number of an advisory lock of a case."""
    told = hashlib.sha256(f"tallystick {what} {schema}".encode()).digest()
    return int.from_bytes(told[:8], "big", signed=True)


def _laid_out(connection: psycopg.Connection[Any], schema: str) -> bool:
    return connection.execute("SELECT to_regclass(%s)", [f"{schema}.form"]).fetchall() != [(None,)]


def _has_captures(folder: Path) -> bool:
    return os.path.isdir(folder / "captures") and bool(os.listdir(folder / "captures"))


# ------------------------------------------------------------------------------------ what it holds

# An empty seq is filled in, as SQLite does it; whoever names another than the next free place is refused.
_NEXT = """
DECLARE last bigint;
BEGIN
  SELECT COALESCE(MAX(seq), 0) INTO last FROM {s}.{t};
  NEW.seq := COALESCE(NEW.seq, last + 1);
  IF NEW.seq <> last + 1
    OR NEW.turn IS DISTINCT FROM (SELECT COUNT(*) FROM {s}.{t} WHERE about = NEW.about)
    OR EXISTS (SELECT FROM {s}.{t} WHERE about = NEW.about AND turn = NEW.turn - 1 AND body = NEW.body)
  THEN RAISE EXCEPTION USING ERRCODE = 'integrity_constraint_violation', MESSAGE = '{refusal}';
  END IF;
  RETURN NEW;
END
"""
_NEVER = """
BEGIN
  RAISE EXCEPTION USING ERRCODE = 'integrity_constraint_violation', MESSAGE = '{refusal}';
END
"""
# Of a trigger: before each row that is inserted; before each statement that deletes, updates or truncates.
_SORTS = {
    "next": (_NEXT, "BEFORE INSERT ON {s}.{t} FOR EACH ROW", 7),
    "never": (_NEVER, "BEFORE UPDATE OR DELETE OR TRUNCATE ON {s}.{t} FOR EACH STATEMENT", 58),
}
# Of names that reports bring there may be more than a page of an ordered index holds.
_LONG = ("about", "name", "item")


def _columns(table: str) -> Iterator[tuple[str, str, bool]]:
    """Name, type and whether it is never empty, of each column."""
    for column in rows.METADATA.tables[table].columns:
        whole = {"seq": "bigint", "turn": "integer"}.get(column.name)
        yield column.name, whole or 'text COLLATE "C"', not column.nullable


def _indexes(table: str) -> Iterator[tuple[str, str, str]]:
    """Name, method and column of each index beside the primary key's."""
    keys = [index.name or "" for index in rows.METADATA.tables[table].indexes]
    for name in sorted([*keys, f"{table}_by_about"]):
        column = name.removeprefix(f"{table}_by_")
        yield name, "hash" if column in _LONG else "btree", column


def _functions(schema: str) -> Iterator[tuple[str, str, str, str, int]]:
    """Of each trigger: its table, its name, the body of its function, when it fires, and that as a number."""
    for table in rows.METADATA.tables:
        refusal = rows.REFUSAL.format(t=table)
        for name, (body, when, number) in _SORTS.items():
            told = body.format(s=schema, t=table, refusal=refusal)
            yield table, f"{table}_only_grow_{name}", told, when.format(s=schema, t=table), number


def statements(schema: str) -> Iterator[str]:
    """The SQL that makes the tables, indexes and triggers of a ledger in ``schema``."""
    yield f"CREATE TABLE {schema}.form (form integer NOT NULL)"
    yield f"INSERT INTO {schema}.form VALUES ({rows.SCHEMA})"  # noqa: S608 - names of our own
    for table in rows.METADATA.tables:
        columns = [f'"{name}" {kind}{" NOT NULL" * never}' for name, kind, never in _columns(table)]
        checks = f"CONSTRAINT {table}_pkey PRIMARY KEY (seq), CONSTRAINT {table}_seq_check CHECK (seq > 0)"
        yield f"CREATE TABLE {schema}.{table} ({', '.join(columns)}, {checks})"
        for name, method, column in _indexes(table):
            yield f'CREATE INDEX {name} ON {schema}.{table} USING {method} ("{column}")'
    for table, name, body, when, _ in _functions(schema):
        made = f"CREATE FUNCTION {schema}.{name}() RETURNS trigger LANGUAGE plpgsql"
        yield f"{made} AS $only_grow${body}$only_grow$"
        yield f"CREATE TRIGGER {name} {when} EXECUTE FUNCTION {schema}.{name}()"
        yield f"ALTER TABLE {schema}.{table} ENABLE ALWAYS TRIGGER {name}"


# --------------------------------------------------------------------------------- looking into it


def schema_of(connection: Connection) -> str:
    """The schema that a connection looks into."""
    return str(connection.exec_driver_sql("SELECT current_schema()").scalar_one())


def form(connection: Connection) -> int:
    """The form of the tables, as the server tells it."""
    return int(connection.exec_driver_sql("SELECT MAX(form) FROM form").scalar_one() or 0)


def number(connection: Connection, form: int) -> None:
    """Say on the server which form the tables have."""
    connection.exec_driver_sql(f"UPDATE form SET form = {form:d}")  # noqa: S608 - a number


# Each gives kind, name, table and what it is. Of tables every column, and what could hide or lose rows.
_CATALOGUE = (
    """
    SELECT 'table', c.relname, c.relname,
      string_agg('"' || a.attname || '" ' || format_type(a.atttypid, a.atttypmod)
        || COALESCE((SELECT ' COLLATE "' || collname || '"' FROM pg_collation WHERE oid = a.attcollation), '')
        || CASE WHEN a.attnotnull THEN ' NOT NULL' ELSE '' END
        || CASE WHEN a.atthasdef THEN ' DEFAULT' ELSE '' END, ', ' ORDER BY a.attnum)
      || CASE WHEN c.relpersistence <> 'p' THEN ' unlogged' ELSE '' END
      || CASE WHEN c.relrowsecurity THEN ' row security' ELSE '' END
      || CASE WHEN EXISTS (SELECT FROM pg_inherits WHERE c.oid IN (inhrelid, inhparent))
           THEN ' parts' ELSE '' END
    FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
    WHERE c.relnamespace = {s} AND c.relkind = 'r' GROUP BY c.oid
    """,
    """
    SELECT 'relation', relname, relname, relkind::text FROM pg_class
    WHERE relnamespace = {s} AND relkind NOT IN ('r', 'i')
    """,
    """
    SELECT 'index', i.relname, c.relname,
      pg_get_indexdef(i.oid) || CASE WHEN indisvalid THEN '' ELSE ' broken' END
    FROM pg_index JOIN pg_class i ON i.oid = indexrelid JOIN pg_class c ON c.oid = indrelid
    WHERE c.relnamespace = {s}
    """,
    """
    SELECT 'constraint', conname, c.relname, pg_get_constraintdef(k.oid)
    FROM pg_constraint k JOIN pg_class c ON c.oid = conrelid
    WHERE c.relnamespace = {s} AND contype NOT IN ('n', 't')
    """,
    """
    SELECT 'trigger', tgname, c.relname, tgtype || ' ' || tgenabled::text || ' ' || tgfoid::regproc::text
      || CASE WHEN tgqual IS NULL THEN '' ELSE ' when' END
    FROM pg_trigger JOIN pg_class c ON c.oid = tgrelid WHERE c.relnamespace = {s} AND NOT tgisinternal
    """,
    """
    SELECT 'function', proname, '', l.lanname || ' ' || provolatile::text || ' '
      || COALESCE(array_to_string(proconfig, ' '), '') || prosrc
    FROM pg_proc p JOIN pg_language l ON l.oid = prolang WHERE pronamespace = {s}
    """,
    """
    SELECT 'rule', rulename, c.relname, '' FROM pg_rewrite JOIN pg_class c ON c.oid = ev_class
    WHERE c.relnamespace = {s} AND c.relkind = 'r'
    """,
)


def entries(connection: Connection) -> frozenset[rows.Entry]:
    """All that is in the schema, as the server's catalogue tells it."""
    schema = schema_of(connection)
    out = set()
    for query in _CATALOGUE:
        for kind, name, table, sql in connection.exec_driver_sql(query.format(s=f"'{schema}'::regnamespace")):
            bare = sql.replace(f"{schema}.", "") if kind in ("index", "trigger") else sql
            out.add(rows.Entry(kind, name, table, " ".join(bare.split())))
    return frozenset(out)


def expected(connection: Connection) -> frozenset[rows.Entry]:
    """What the schema of a ledger of today's form holds."""
    out = {rows.Entry("table", "form", "form", '"form" integer NOT NULL')}
    for table in rows.METADATA.tables:
        columns = [f'"{name}" {kind}{" NOT NULL" * never}' for name, kind, never in _columns(table)]
        out |= {
            rows.Entry("table", table, table, ", ".join(columns)),
            rows.Entry("constraint", f"{table}_pkey", table, "PRIMARY KEY (seq)"),
            rows.Entry("constraint", f"{table}_seq_check", table, "CHECK ((seq > 0))"),
            rows.Entry(
                "index",
                f"{table}_pkey",
                table,
                f"CREATE UNIQUE INDEX {table}_pkey ON {table} USING btree (seq)",
            ),
        }
        for name, method, column in _indexes(table):
            told = f'"{column}"' if column in ("left", "right") else column  # words of SQL's own
            sql = f"CREATE INDEX {name} ON {table} USING {method} ({told})"
            out.add(rows.Entry("index", name, table, sql))
    for table, name, body, _, fires in _functions(schema_of(connection)):
        out.add(rows.Entry("trigger", name, table, f"{fires} A {name}"))
        out.add(rows.Entry("function", name, "", " ".join(f"plpgsql v {body}".split())))
    return frozenset(out)


def unsound(connection: Connection) -> Iterator[str]:
    """Where the server does not keep what it acknowledges, or numbers the form of the tables twice."""
    for setting in ("fsync", "full_page_writes"):
        if connection.exec_driver_sql(f"SHOW {setting}").scalar_one() != "on":
            yield Note(
                f"the server runs with {setting} off: what it acknowledges may be lost when its machine fails"
            )
    if connection.exec_driver_sql("SELECT COUNT(*) FROM form").scalar_one() != 1:
        yield "its table 'form' is to have one row"


def unguard(connection: Connection) -> None:
    """Set the triggers aside, in this transaction, to rewrite rows."""
    _triggers(connection, "DISABLE TRIGGER")


def guard(connection: Connection) -> None:
    """Put the triggers back."""
    _triggers(connection, "ENABLE ALWAYS TRIGGER")


def _triggers(connection: Connection, how: str) -> None:
    for table, name, *_ in _functions(""):
        connection.exec_driver_sql(f"ALTER TABLE {table} {how} {name}")
