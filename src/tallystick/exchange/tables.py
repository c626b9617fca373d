"""The record as tables: stable columns, one row a noun, for data frames, CSV and Parquet.

Rows are those of the JSON lines (``dossier.export``) laid flat: ids join them, and each table is in the
order of its ids, so that two runs give the same bytes. A value that is not told is null. The words stay
beside what was read from them; a bound that is open is null in a told figure, and said to be open beside a
reported range.

    documents    one row a report
    claims       one row a claim: who says what in which words
    accounts     one row a report's telling of one event or matter
    tolls        one row a figure of an account that is not denied
    actors       one row a party that an account names, in its part
    incidents    one row an event of harm: reported ranges, a verdict for each field
    matters      the same of what is compared and not counted: offers, votes, who holds which ground
    findings     one row a field of an incident or matter: the verdict, the reason and the claims behind it
    judgements   one row a pair of accounts that was judged
    states       one row a state on a line: who held a place since when, what became of a warning

``exchange.columns`` says what each column holds; the same sentences go along as metadata of the fields. The
tables are Arrow's: pyarrow is there for linking anyhow, DuckDB, pandas and polars read them without a copy,
and their types are those of Parquet. It takes long to import and is imported where a table is made.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from typing import TYPE_CHECKING, Any

from tallystick.dossier import facts
from tallystick.dossier.export import (
    account_line,
    claim_line,
    documents,
    finding_line,
    in_order,
    incident_line,
    judgement_line,
    place_line,
    when_line,
)
from tallystick.exchange.columns import TABLES, TOLLED, schema
from tallystick.model import Claim, Finding, Line, Record, Role, Telling, Toll, Weighed

if TYPE_CHECKING:
    import pyarrow as pa

Row = dict[str, Any]
_SURROGATE = re.compile("[\ud800-\udfff]")


def table(record: Record, name: str) -> pa.Table:
    """The table called ``name`` (one of ``TABLES``) of ``record``; raises ``KeyError`` for any other."""
    return arrow(name, _rows(record)[name]())


def tables(record: Record) -> dict[str, pa.Table]:
    """Every table of ``record``, by name, in the order of ``TABLES``."""
    rows = _rows(record)
    return {name: arrow(name, rows[name]()) for name in TABLES}


def arrow(name: str, rows: Iterable[Row]) -> pa.Table:
    """Rows as the Arrow table called ``name``; each has every column of it."""
    import pyarrow as pa

    many = list(rows)
    kind = schema(name)
    columns = [
        pa.array([_sound(row[column.name], column.type) for row in many], field.type)
        for column, field in zip(TABLES[name], kind, strict=True)
    ]
    return pa.Table.from_arrays(columns, schema=kind)


def _sound(value: Any, kind: str) -> Any:
    """``value`` as UTF-8 can hold it: a lone surrogate, which is no character, becomes U+FFFD."""
    if kind == "text" and value is not None:
        return _characters(value)
    if kind == "texts":
        return [None if each is None else _characters(each) for each in value]
    return value


def _characters(text: str) -> str:
    return text if text.isascii() else _SURROGATE.sub("\ufffd", text)


def _rows(record: Record) -> dict[str, Callable[[], Iterable[Row]]]:
    """What makes the rows of each table; nothing is made before it is asked for."""
    index = facts.index(record)
    return {
        "documents": lambda: in_order(_documents(record, index)),
        "claims": lambda: in_order(_claim(each, index) for each in record.claims),
        "accounts": lambda: in_order(_accounts(record, index)),
        "tolls": lambda: _tolls(record, index),
        "actors": lambda: _actors(record, index),
        "incidents": lambda: in_order(_incident(each) for each in facts.incidents(record)),
        "matters": lambda: in_order(_gathered(each) for each in facts.matters(record)),
        "findings": lambda: in_order(_findings(record)),
        "judgements": lambda: in_order(_judgements(record)),
        "states": lambda: _states(record.lines),
    }


def _documents(record: Record, index: facts.Index) -> Iterator[Row]:
    for line, document in zip(documents(record, index), record.documents, strict=True):
        yield line | {
            "published": document.published,
            "sheets": len(document.pages) or None,
            "derived": document.derived or None,
        }


def _claim(claim: Claim, index: facts.Index) -> Row:
    line = claim_line(claim, index)
    value, pages = claim.value, line["pages"] or (None, None)
    telling = value if isinstance(value, Telling) else None
    role = value if isinstance(value, Role) else None
    return {
        **line,
        **_figure(value if isinstance(value, Toll) else None),
        **_dated(line["time"]),
        "first_page": pages[0],
        "last_page": pages[1],
        "voices": [voice["name"] for voice in line["voices"]],
        "voice_parties": [voice["party"] for voice in line["voices"]],
        "actor": role.party.name if role else None,
        "role": role.role if role else None,
        "role_stance": role.stance if role else None,
        "kind": telling.kind if telling else None,
        "aggregate": telling.aggregate if telling else None,
        "maker": line["maker"]["name"],
        "maker_version": line["maker"]["version"],
    }


def _figure(toll: Toll | None) -> Row:
    return {
        "toll": toll.kind if toll else None,
        "low": toll.count.low if toll else None,
        "high": toll.count.high if toll else None,
        "approx": toll.count.approx if toll else None,
        "above": toll.count.above if toll else None,
        "group": toll.group if toll else None,
    }


def _accounts(record: Record, index: facts.Index) -> Iterator[Row]:
    for account in record.accounts:
        line = account_line(account, index)
        derived = account.derived or None
        yield {**line, **_dated(line["date"]), **_located(line["place"]), "derived": derived}


def _tolls(record: Record, index: facts.Index) -> list[Row]:
    rows = [
        {
            "account": account.id,
            "claim": claim.id,
            "document": index.names[account.document],
            "incident": index.incident_of.get(account.id),
            **_figure(toll),
            "stance": claim.stance,
            "voice": _source(index.told[claim.id]),
            "start": claim.span.start,
            "end": claim.span.end,
            "quote": claim.span.quote,
        }
        for account in record.accounts
        for claim, toll in account.tolls()
        if claim.stance != "denied"
    ]
    return sorted(rows, key=_by_account)


def _actors(record: Record, index: facts.Index) -> list[Row]:
    rows = []
    for account in record.accounts:
        for claim, role in account.roles():
            told = index.told[claim.id]
            assert isinstance(told.value, Role)
            rows.append(
                {
                    "account": account.id,
                    "claim": claim.id,
                    "document": index.names[account.document],
                    "incident": index.incident_of.get(account.id),
                    "name": told.value.party.name,
                    "party": role.party.name,
                    "role": role.role,
                    "role_stance": role.stance,
                    "voice": _source(told),
                    "quote": claim.span.quote,
                }
            )
    return sorted(rows, key=_by_account)


def _source(told: Claim) -> str | None:
    return told.source.name if told.source else None


def _by_account(row: Row) -> tuple[str, str]:
    return row["account"], row["claim"]


def _gathered(weighed: Weighed) -> Row:
    line = incident_line(weighed)
    return {
        **line,
        **_dated(line["date"]),
        **_located(line["place"]),
        "reports": len({account.document for account in weighed.incident.heard}),
        "derived": weighed.incident.is_derived,
        "origins": [origin["name"] for origin in line["origins"]],
        "origin_count": len(line["origins"]),
        **{f"{field}_verdict": verdict for field, verdict in line["verdicts"].items()},
        "disputes": len(line["disputes"]),
    }


def _incident(weighed: Weighed) -> Row:
    row = _gathered(weighed)
    for kind in TOLLED:
        row |= {f"{kind}_{end}": value for end, value in _range(weighed.finding(kind)).items()}
    return row


def _range(finding: Finding | None) -> Row:
    told = finding.range if finding else None
    return {
        end: getattr(told, end) if told else None for end in ("low", "best", "high", "open", "open_below")
    }


def _findings(record: Record) -> Iterator[Row]:
    for weighed in (*facts.incidents(record), *facts.matters(record)):
        for finding in weighed.findings:
            yield finding_line(finding, weighed) | _range(finding)


def _judgements(record: Record) -> Iterator[Row]:
    for judgement in record.judgements:
        line = judgement_line(judgement)
        made = {"maker": line["maker"]["name"], "maker_version": line["maker"]["version"]}
        yield {**line, **made, "by_person": judgement.by_person}


def _states(lines: Iterable[Line]) -> Iterator[Row]:
    for line in sorted(lines, key=lambda line: line.id):
        for n, state in enumerate(line.states, 1):
            yield {
                "line": line.id,
                "n": n,
                "line_kind": line.kind,
                "about": line.about or None,
                **_located(place_line(line.place)),
                "what": state.what,
                "who": state.who or None,
                "low": state.count.low if state.count else None,
                "high": state.count.high if state.count else None,
                "part": state.part,
                **_dated(when_line(state.when)),
                "told": state.told,
                "standing": state.standing,
                "stance": state.stance,
                "words": state.words,
                "verdict": str(state.verdict),
                "outcome": state.outcome or None,
                "origins": list(state.origins),
                "claims": list(state.claims),
            }


def _dated(when: Row) -> Row:
    return {
        "date_start": date.fromisoformat(when["start"]) if when["start"] else None,
        "date_end": date.fromisoformat(when["end"]) if when["end"] else None,
        "date_precision": when["precision"],
        "date_words": when["text"],
    }


def _located(place: Row) -> Row:
    return {
        "place": place["name"],
        "place_words": place["text"],
        "admin1": place["admin1"],
        "country": place["country"],
        "latitude": place["latitude"],
        "longitude": place["longitude"],
        "radius_km": place["radius_km"],
    }
