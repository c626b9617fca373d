"""What lists share: what an address asks for, pages, where rows lead, and tables as CSV."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from math import ceil
from typing import Any, Literal
from urllib.parse import quote as urlquote
from urllib.parse import urlencode

from starlette.responses import Response

from tallystick.desk.entries import Order, Row, Wanted
from tallystick.dossier import charts, pair, times, words
from tallystick.values.agreement import Verdict
from tallystick.web.here import Here, Stop

PAGE = 50  # rows of one page
_LONGEST = 300  # letters of one value of an address
_MOST_SKIPPED = 10_000_000
ORDERS: tuple[Order, ...] = ("day", "latest", "told", "killed", "place")
SHAPES = (Verdict.CONFLICT, Verdict.UPDATE, Verdict.COMPATIBLE, Verdict.AGREE, Verdict.SINGLE_ORIGIN)
TOLLS = ("killed", "wounded", "captured", "missing", "displaced")


@dataclass(frozen=True, slots=True)
class Query:
    """What an address asks for, as pairs; ``with_`` gives the address of the same with something changed."""

    told: tuple[tuple[str, str], ...]

    @classmethod
    def of(cls, here: Here) -> Query:
        """What is asked for, without what is empty."""
        items = here.request.query_params.multi_items()
        return cls(tuple((key[:40], value[:_LONGEST]) for key, value in items if value.strip()))

    @property
    def filtered(self) -> bool:
        """Whether anything but a page is asked for."""
        return any(key != "page" for key, _ in self.told)

    def one(self, name: str) -> str:
        return next((value.strip() for key, value in self.told if key == name), "")

    def all(self, name: str) -> tuple[str, ...]:
        return tuple(dict.fromkeys(value.strip() for key, value in self.told if key == name))

    def with_(self, **changes: object) -> str:
        """ "?…" with these changed; None or "" takes a key out, and the page is the first again."""
        kept = [(key, value) for key, value in self.told if key not in changes and key != "page"]
        kept += [(key, str(value)) for key, value in changes.items() if value not in (None, "")]
        return "?" + urlencode(kept, safe=",:")


@dataclass(frozen=True, slots=True)
class Pages:
    """One page of a list: which, of how many rows, and the addresses of the others."""

    total: int
    page: int
    size: int
    query: Query

    @classmethod
    def of(cls, query: Query, total: int, size: int = PAGE) -> Pages:
        """The page that is asked for; the last where the list is shorter than that."""
        told = query.one("page")
        asked = int(told) if told.isascii() and told.isdecimal() and len(told) < 9 else 1
        return cls(total, max(1, min(asked, ceil(total / size))), size, query)

    @property
    def skip(self) -> int:
        return (self.page - 1) * self.size

    @property
    def first(self) -> int:
        return self.skip + 1 if self.total else 0

    @property
    def last(self) -> int:
        return min(self.total, self.skip + self.size)

    @property
    def many(self) -> int:
        return max(1, ceil(self.total / self.size))

    def at(self, page: int) -> str:
        return self.query.with_(page=page if page > 1 else None)

    @property
    def links(self) -> tuple[tuple[int, str], ...]:
        """The first, the last and those about this one, each with its address; a gap is page 0."""
        near = sorted({1, self.many, *range(max(1, self.page - 2), min(self.many, self.page + 2) + 1)})
        out: list[tuple[int, str]] = []
        for page in near:
            if out and page > out[-1][0] + 1:
                out.append((0, ""))
            out.append((page, self.at(page)))
        return tuple(out)


def day_of(here: Here, query: Query, name: str) -> date | None:
    """The day that an address gives; 422 where it is none."""
    told = query.one(name)
    try:
        return date.fromisoformat(told) if told else None
    except ValueError:
        said = here._("“%(told)s” is no day.") % {"told": told[:40]}
        raise Stop(422, said, here._("A day is written 2016-10-07.")) from None


def wanted_of(here: Here, query: Query, sort: Literal["incident", "matter"]) -> Wanted:
    """Which incidents or matters an address asks for; the keys are those of the map (``pair.Window``)."""
    window = pair.Window.read([(key, value) for key, value in query.told if key != "page"])
    order = query.one("order")
    shape = query.one("verdict")
    return Wanted(
        sort=sort,
        kinds=window.kinds,
        start=window.since,
        end=window.until,
        box=window.box,
        place=query.one("place"),
        party=query.one("party"),
        words=query.one("q"),
        shape=shape if shape in SHAPES else "",
        differing=query.one("differ") == "1",
        waiting=query.one("waiting") == "1",
        order=order if order in ORDERS else "day",
    )


# ------------------------------------------------------------------------------------ where rows lead


class Leads:
    """The addresses of incidents and reports; "" where the desk has no such page."""

    def __init__(self, here: Here) -> None:
        self._here = here
        self._incidents, self._reports = here.looks.has("incident"), here.looks.has("report")

    def incident(self, name: str) -> str:
        return self._here.url("incident", id=name) if self._incidents else ""

    def report(self, name: str, claim: str = "") -> str:
        if not self._reports:
            return ""
        return self._here.url("report", id=name) + (f"#{claim}" if claim else "")

    def marked(self, told: str) -> str:
        """Where a link of ``desk.whole`` leads: "incident:…", "report:…#…", or to a place of the page."""
        sort, _, rest = told.partition(":")
        if sort == "incident":
            return self.incident(rest)
        if sort == "report":
            name, _, claim = rest.partition("#")
            return self.report(name, claim)
        return told if told.startswith("#") else ""


# -------------------------------------------------------------------------------- incidents in a table


@dataclass(frozen=True, slots=True)
class Shown:
    """One incident as the table shows it."""

    row: Row
    href: str
    kind: str
    bars: tuple[charts.Bar | None, ...]
    verdict: str
    sign: str
    word: str
    fields: str


def shown(here: Here, rows: Sequence[Row], names: Sequence[str] = ("killed", "wounded")) -> list[Shown]:
    """The rows with their bars; all that one column of a page shows share one scale."""
    leads = Leads(here)
    greatest = {
        name: max((row.tolls[name][2] for row in rows if name in row.tolls), default=0) for name in names
    }
    scales = {name: charts.Scale(most, 90.0) for name, most in greatest.items()}
    out = []
    for row in rows:
        bars = tuple(
            charts.bar_of(*row.tolls[name], scales[name]) if name in row.tolls else None for name in names
        )
        word, sign, _ = words.VERDICTS[row.shape]
        fields = [
            here._(words.field_label(field).lower())
            for field, told in row.verdicts.items()
            if told == row.shape
        ]
        kind = here._(words.capital(words.KINDS.get(row.kind, row.kind)))
        told = "" if row.shape is Verdict.SINGLE_ORIGIN else here._(", ").join(fields)
        out.append(Shown(row, leads.incident(row.id), kind, bars, str(row.shape), sign, here._(word), told))
    return out


def spot(row: Row, href: str) -> pair.Row:
    """An incident as maps and timelines draw it."""
    shape = "sources differ" if row.differs else "one origin" if row.origins <= 1 else "several origins"
    killed = times.Killed(*row.tolls["killed"]) if "killed" in row.tolls else None
    return pair.Row(
        row.id,
        f"{row.title}, {row.days}: {shape}",
        href,
        row.kind,
        shape,
        row.place,
        row.latitude if row.placed else None,
        row.longitude if row.placed else None,
        row.radius_km,
        row.start,
        row.end,
        killed,
        row.origins,
    )


COLUMNS = (
    "id", "sort", "kind", "title", "first_day", "last_day", "days", "place", "province", "country",
    "latitude", "longitude", "radius_km",
    *(f"{toll}_{end}" for toll in TOLLS for end in ("low", "best", "high", "open")),
    "verdicts", "accused", "origins", "reports", "accounts", "grade",
)  # fmt: skip


def cells(row: Row) -> list[Any]:
    """An incident as a line of CSV, in the order of ``COLUMNS``."""
    tolls: list[Any] = []
    for name in TOLLS:
        low, best, high, is_open = row.tolls.get(name, ("", "", "", ""))
        tolls += [low, best, high, "" if is_open == "" else int(is_open)]
    verdicts = "; ".join(f"{field}: {verdict}" for field, verdict in row.verdicts.items())
    return [
        row.id, row.sort, row.kind, row.title, row.start or "", row.end or "", row.days, row.place,
        row.province, row.country, row.latitude, row.longitude, row.radius_km, *tolls, verdicts,
        "; ".join(row.parties), row.origins, row.reports, row.accounts, row.grade,
    ]  # fmt: skip


# ------------------------------------------------------------------------------------------------ CSV

# With these a spreadsheet takes a cell for a formula (OWASP, "CSV Injection"), in their wide forms, too.
_FORMULA = tuple("=+-@\t\r\n＝＋－＠|%")


def cell(value: object) -> str:
    """A value as a cell that no spreadsheet takes for a formula: text that could be one has a ' before it."""
    if value is None:
        return ""
    text = str(value).replace("\0", "")
    if isinstance(value, str) and text.lstrip().startswith(_FORMULA):
        return "'" + text
    return "'" + text if isinstance(value, str) and text[:1] in "\t\r\n" and text else text


def as_csv(name: str, head: Sequence[str], lines: Iterable[Sequence[object]]) -> Response:
    """A table as a file to keep: UTF-8 with a mark, so that spreadsheets read every script."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(head)
    writer.writerows([cell(value) for value in line] for line in lines)
    body = out.getvalue().encode("utf-8-sig", "replace")
    return Response(
        body,
        media_type="text/csv",
        headers={"Content-Disposition": _kept_as(f"{name}.csv")},
    )


def _kept_as(name: str) -> str:
    """The header that tells a browser to keep the answer under this name, of any script (RFC 6266, 5987)."""
    plain = "".join(each if each.isascii() and (each.isalnum() or each in "-_.") else "_" for each in name)
    if plain == name:
        return f'attachment; filename="{name}"'
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{urlquote(name, safe='')}"
