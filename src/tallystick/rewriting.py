"""Rows that are rewritten for safety or law: what stands in their place, and how that is put there.

Everywhere else the tables only grow (``rows``). Here a row keeps its place and what the chain knows of it
(its seq, its reading, the digest of its first body, which an event ``expunged`` tells), and gets another
body: of a report that is taken out ``rows.GONE``, of a text that a name is taken out of the same text with
blocks in its place. Ids are made of content (``model``), so a text that is covered has another id, and all
that points to it is written anew, too.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from typing import Any

from sqlalchemy import Connection, Table, select, update

from tallystick import chain, ledgerplace, rows
from tallystick.model import Claim, Event, canonical
from tallystick.values.masking import MASK, Masked

Place = tuple[str, int]  # table and seq
Rows = dict[Place, rows.Row]
_ID = re.compile(r"\b(?:doc|clm|acc)-[0-9a-f]{24}\b")
KEPT = (*chain.COVER, "expunged")  # facts of events that hold the rest together: no expunging touches them
_DIGEST = re.compile(r"[0-9a-f]{64}|(?:[a-z]{3}-)[0-9a-f]{24}")
# Words of the program's own, from a closed list: no text of a report, and no other may stand there.
_OWN = {"kind", "precision", "published_from", "role", "sort", "stance", "topic", "verdict", "what"}
_OWN_KEY = re.compile("[a-z][a-z0-9_]*")


def every(connection: Connection, only: str | None = None) -> Rows:
    """Every row of every table, or of one, by place, in order of seq."""
    return {
        (table.name, row.seq): dict(row._mapping)
        for table in rows.METADATA.sorted_tables
        if only in (None, table.name)
        for row in connection.execute(select(table).order_by("seq"))
    }


# --------------------------------------------------------------------------------- a report taken out


def taken_out(there: Rows, captures: Collection[str]) -> Rows:
    """The rows that change where all of ``captures`` goes, as they are then.

    Their documents, the claims and the reviews of these, and the judgements on their accounts leave their
    digests. The captures and the custody events stay as far as they are digests, days and names of who acted.
    """
    documents = _column(there, "documents", "id", lambda row: row["capture"] in captures)
    claims = _column(there, "claims", "id", lambda row: row["document"] in documents)
    accounts = _column(there, "claims", "account", lambda row: row["document"] in documents)
    for own in _corrections(there):  # a claim that a person put there has no row of its own
        if own.span.document in documents:
            claims.add(own.id)
            accounts.add(own.account)
    accounts.discard(None)
    out: Rows = {}
    for place, row in there.items():
        table, seq = place
        told = (
            (table == "documents" and row["id"] in documents)
            or (table == "claims" and row["document"] in documents)
            or (table == "judgements" and not accounts.isdisjoint((row["left"], row["right"])))
            or (table == "reviews" and row["claim"] in claims)
        )
        if told and row["body"] != rows.GONE:
            named = {"name": ""} if table == "documents" else {}
            out[place] = row | named | {"about": f"expunged {seq}", "turn": 0, "body": rows.GONE}
    items = {*captures, *documents} | _origins(there, {*captures, *documents})
    for place, row in there.items():
        if place[0] == "captures" and row["id"] in captures:
            out[place] = _spelt(
                place, row, rows.READ["captures"](row["body"]), {"origin": "", "media_type": ""}
            )
        elif place[0] == "custody" and _names(rows.event(row["body"]), items):
            out[place] = _bare(place, row)
    return {place: row for place, row in (out | _turned(there, out)).items() if row != there[place]}


def _corrections(there: Rows) -> Iterator[Claim]:
    """The claims that people put in the place of others, or added."""
    for (table, _), row in there.items():
        if table == "reviews" and row["body"] != rows.GONE:
            own = rows.review(row["body"]).correction
            if own is not None:
                yield own


def _names(event: Event, items: set[str]) -> bool:
    """Whether an event tells of any of ``items``; of an expunging digests, names and the reason stay."""
    return event.what != "expunged" and not items.isdisjoint(_strings(event))


def _column(there: Rows, table: str, name: str, only: Callable[[rows.Row], bool]) -> set[Any]:
    return {row[name] for (of, _), row in there.items() if of == table and only(row)}


def _origins(there: Rows, items: Collection[str]) -> set[str]:
    """Where these came from, as captures and events tell it."""
    out = {row["body"] for (table, _), row in there.items() if table == "captures" and row["id"] in items}
    found = {rows.capture(body).origin for body in out}
    for (table, _), row in there.items():
        if table == "custody" and row["item"] in items:
            found.add(str(rows.event(row["body"]).facts.get("origin", "")))
    return found - {""}


def _strings(value: Any) -> Iterator[str]:
    """Every string in a noun, or in what JSON holds."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        yield from (each for item in value.values() for each in _strings(item))
    elif isinstance(value, list | tuple):
        yield from (each for item in value for each in _strings(item))
    elif isinstance(value, Event):
        yield value.item
        yield from _strings(value.facts)


def _bare(place: Place, row: rows.Row) -> rows.Row:
    """An event without what it tells in words; that it read a report, it then says of no claims."""
    event = rows.event(row["body"])
    facts = {name: told if name in KEPT else _unsaid(told) for name, told in event.facts.items()}
    if event.what == "read":
        facts["claims"] = 0
    return _spelt(place, row, event, {"item": _unsaid(event.item), "note": "", "facts": facts})


def _unsaid(value: Any) -> Any:
    if isinstance(value, str):
        return value if _DIGEST.fullmatch(value) else ""
    if isinstance(value, Mapping):
        return {name: _unsaid(told) for name, told in value.items()}
    if isinstance(value, list | tuple):
        return [_unsaid(told) for told in value]
    return value


# ----------------------------------------------------------------------------------- a name taken out


def without(there: Rows, name: Masked) -> Rows:
    """The rows that change where ``name`` goes from every one, as they are then."""
    covering = _Covering(name)
    out: Rows = {}
    for table in ("documents", "claims", "reviews", "judgements", "captures", "custody"):
        for place, row in there.items():
            if place[0] == table and row["body"] != rows.GONE:
                out[place] = covering.row(place, row)
    out = {place: row for place, row in out.items() if row != there[place]}
    return out | _recounted(there, out)


class _Covering:
    """Rows with a name covered, and with the ids that follow; documents first, then what points to them."""

    def __init__(self, name: Masked) -> None:
        self._name = name
        self._ids: dict[str, str] = {}
        self._texts: dict[str, str] = {}  # of documents that are covered, by their former id

    def row(self, place: Place, row: rows.Row) -> rows.Row:
        body = json.loads(row["body"])
        said = body.get("correction") or body  # a claim, or what a person puts in the place of one
        touched = said.get("span", {}).get("document") in self._texts
        if said is not body:
            self._learn(rows.claim(canonical(said)), rows.claim(canonical(self._value("", said, touched))))
        whole = self._value("", body, touched)
        if whole.get("verdict") == "added":  # such a claim is its own
            whole["claim"] = rows.claim(canonical(whole["correction"])).id
        if "left" in whole and whole["left"] >= whole["right"]:
            whole["left"], whole["right"] = whole["right"], whole["left"]
        text = canonical(whole)
        if text == row["body"]:
            return row
        noun = rows.READ[place[0]](text)
        new = row | rows.row(noun, row.get("reading")) | {"body": text}
        self._ids |= {
            row[key]: new[key] for key in ("id", "account") if row.get(key) not in (None, new.get(key))
        }
        if place[0] == "documents" and new["id"] != row["id"]:
            self._texts[row["id"]] = whole["text"]
        return new

    def _learn(self, was: Claim, now: Claim) -> None:
        """That a claim, and the account that it tells, are called otherwise."""
        self._ids |= {old: new for old, new in ((was.id, now.id), (was.account, now.account)) if old and new}

    def _value(self, key: str, value: Any, touched: bool) -> Any:
        """What JSON holds, covered. ``touched``: in a claim of a document that holds the name."""
        if isinstance(value, dict):
            new = {
                self._key(name): told if key == "facts" and name in KEPT else self._value(name, told, touched)
                for name, told in value.items()
            }
            if value.keys() == {"document", "start", "end", "quote"} and value["document"] in self._texts:
                new["quote"] = self._texts[value["document"]][value["start"] : value["end"]]
            return new
        if isinstance(value, list):
            return [self._value(key, told, touched) for told in value]
        if not isinstance(value, str):
            return value
        value = _ID.sub(lambda found: self._ids.get(found[0], found[0]), value)
        if key in _OWN or _DIGEST.fullmatch(value):  # letters of a name in a digest are none of it
            return value
        if touched and key in ("name", "words", "target") and self._name.is_part(value):
            return MASK * len(value)
        return self._name.cover(value)

    def _key(self, name: str) -> str:
        return name if _OWN_KEY.fullmatch(name) else self._name.cover(name)


def _recounted(there: Rows, changed: Rows) -> Rows:
    """Rows whose turn, or number of claims read, is another, since what they are about became the same."""
    out = _turned(there, changed)
    claims: dict[str, set[str]] = {}
    for place, was in there.items():
        if place[0] == "claims":
            claims.setdefault(was["reading"], set()).add(changed.get(place, was)["about"])
    touched = {row["reading"] for (table, _), row in changed.items() if table == "claims"}
    for place, was in there.items():
        if place[0] == "custody" and was["what"] == "read":
            row = out.get(place, changed.get(place, was))
            event = rows.event(row["body"])
            number = len(claims.get(event.facts.get("reading", ""), ()))
            if event.facts.get("reading") in touched and event.facts["claims"] != number:
                out[place] = _spelt(place, row, event, {"facts": {**event.facts, "claims": number}})
    return out


def _turned(there: Rows, changed: Rows) -> Rows:
    """Rows whose turn is another, since what they are about became the same."""
    out: Rows = {}
    turns: dict[tuple[str, str], int] = {}
    for place, was in there.items():
        row = changed.get(place, was)
        about = place[0], row["about"]
        turns[about] = turn = turns.get(about, -1) + 1
        if turn != row["turn"]:
            out[place] = row | {"turn": turn}
    return out


# -------------------------------------------------------------------------------------- written anew


def _spelt(place: Place, row: rows.Row, noun: Any, other: Mapping[str, Any]) -> rows.Row:
    """``row`` with ``other`` in the place of what ``noun`` says."""
    text = canonical(json.loads(rows.encode(noun)) | other)
    return row | rows.row(rows.READ[place[0]](text)) | {"body": text}


def sums(there: Rows, changed: Rows) -> list[dict[str, Any]]:
    """What an event ``expunged`` tells of rows: of each the digest of its body before and now."""
    return [
        {
            "table": place[0],
            "seq": place[1],
            "was": chain.sha256(there[place]["body"]),
            "now": chain.sha256(changed[place]["body"]),
        }
        for place in sorted(changed)
    ]


def rewrite(connection: Connection, changed: Rows) -> None:
    """Put the rows of ``changed`` in their places, the triggers that forbid it set aside meanwhile.

    All in the transaction of ``connection``: whoever looks in sees it before or after, with its triggers.
    """
    tables: dict[str, Table] = dict(rows.METADATA.tables)
    sort = ledgerplace.sort(connection)
    sort.unguard(connection)
    for table, seq in changed:  # first out of each other's way: (about, turn) is unique at every moment
        of = tables[table]
        connection.execute(update(of).where(of.c.seq == seq).values(about=f"\0{seq}", turn=-1))
    for (table, seq), row in changed.items():
        of = tables[table]
        said = {name: told for name, told in row.items() if name not in ("seq", "reading", "chain")}
        connection.execute(update(of).where(of.c.seq == seq).values(said))
    sort.guard(connection)


def listed(changed: Iterable[Place]) -> dict[str, int]:
    """How many rows of each table change."""
    out: dict[str, int] = {}
    for table, _ in sorted(changed):
        out[table] = out.get(table, 0) + 1
    return out
