"""Finding words, names, ids and days."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Literal

from tallystick.desk import search
from tallystick.desk.entries import Hit, Row, Wanted
from tallystick.desk.incidents import Incidents
from tallystick.desk.names import Names
from tallystick.desk.reports import Reports
from tallystick.values.names import fold

_MONTHS = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september", "october",
    "november", "december",
)  # fmt: skip
_ISO = re.compile(r"(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?")
_WORDED = re.compile(r"(?:(\d{1,2})\.?\s+)?([a-z]{3,9})\.?\s+(\d{4})")
_AMERICAN = re.compile(r"([a-z]{3,9})\.?\s+(\d{1,2}),?\s+(\d{4})")
_ID = re.compile(r"(?:clm|acc|inc|doc)-[0-9a-f]{8,64}|(?:sha256:)?[0-9a-f]{8,64}")


@dataclass(frozen=True, slots=True)
class Found:
    """What is found beside the words of reports; ``days`` are a day, month or year that is meant."""

    ids: tuple[Hit, ...] = ()
    days: tuple[date, date] | None = None
    on_days: int = 0
    incidents: tuple[Row, ...] = ()
    incidents_all: int = 0
    matters: tuple[Row, ...] = ()
    matters_all: int = 0
    places: tuple[Hit, ...] = ()
    parties: tuple[Hit, ...] = ()
    publishers: tuple[tuple[str, int], ...] = ()


class Finds(Incidents, Reports, Names):
    """What is found in a case."""

    def search(self, asked: str, *, limit: int = 50, skip: int = 0) -> tuple[Hit, ...]:
        """The reports that hold what is ``asked`` (see ``search.asked``), the likeliest first."""
        query = search.asked(asked)
        if query is None:
            return ()
        found = self._keep.reading.execute(
            "SELECT texts.document FROM texts WHERE texts MATCH ? ORDER BY rank, texts.rowid "
            "LIMIT ? OFFSET ?",
            (query, limit, skip),
        ).fetchall()
        out, terms = [], search.terms(asked)
        for (name,) in found:
            document = self.document(name)
            if document is None:
                continue
            told = search.found(document.text, terms)
            before, middle, after = search.around(document.text, *(told or (0, 0)))
            title = document.title or document.name
            out.append(Hit("report", name, title, before, middle, after, document.published))
        return tuple(out)

    def count_found(self, asked: str) -> int:
        """How many reports hold what is ``asked``."""
        query = search.asked(asked)
        if query is None:
            return 0
        found = self._keep.reading.execute("SELECT COUNT(*) FROM texts WHERE texts MATCH ?", (query,))
        return int(found.fetchone()[0])

    def find(self, asked: str, *, limit: int = 6) -> Found:
        """What else may be meant than words of reports: ids, days, incidents, matters, names, publishers."""
        words = " ".join(term for term, _ in search.terms(asked))
        days = days_meant(asked)
        if not words:
            return Found(ids=tuple(self._named_so(asked.strip())))
        incident, matter = Wanted("incident", words=words), Wanted("matter", words=words)
        within = Wanted(None, start=days[0], end=days[1]) if days else None
        return Found(
            ids=tuple(self._named_so(asked.strip())),
            days=days,
            on_days=self.count(within) if within else 0,
            incidents=self.rows(incident, limit=limit),
            incidents_all=self.count(incident),
            matters=self.rows(matter, limit=limit),
            matters_all=self.count(matter),
            places=self._named_like("place", words, limit),
            parties=self._named_like("party", words, limit),
            publishers=self.publishers(words, limit=limit),
        )

    def _named_like(self, sort: Literal["place", "party"], words: str, limit: int) -> tuple[Hit, ...]:
        """The names that hold ``words``, each once, with what it means most often."""
        out: dict[str, Hit] = {}
        for each in self.names(sort, like=words, limit=4 * limit) if fold(words) else ():
            hit = Hit(sort, each.name, each.name, "", each.means, f"{each.reports}")
            out.setdefault(fold(each.name), hit)
        return tuple(out.values())[:limit]

    def _named_so(self, told: str) -> Iterator[Hit]:
        """What an id leads to, whole or its first eight signs or more; or a report's own name."""
        sure = self._keep.reading.execute
        for (document,) in sure("SELECT id FROM documents WHERE name = ? LIMIT 5", (told,)).fetchall():
            yield self._report_hit(document)
        name = told.lower()
        if not _ID.fullmatch(name):
            return
        capture, low = name.removeprefix("sha256:"), name
        high = low + "g"  # behind every id that begins so
        for (found,) in sure(
            "SELECT id FROM documents WHERE id >= ? AND id < ? LIMIT 5", (low, high)
        ).fetchall():
            yield self._report_hit(found)
        if not name.startswith(("clm-", "acc-", "inc-", "doc-")):
            query = "SELECT id FROM documents WHERE replace(capture, 'sha256:', '') LIKE ? || '%' LIMIT 5"
            for (found,) in sure(query, (capture,)).fetchall():
                yield self._report_hit(found)
        query = "SELECT id, document FROM claims WHERE id >= ? AND id < ? LIMIT 5"
        for claim, document in sure(query, (low, high)).fetchall():
            row = self.report_row(document)
            yield Hit("claim", claim, row.title or row.name if row else "", "", document, "")
        low, high = (each.replace("inc-", "acc-", 1) for each in (low, high))
        query = "SELECT id, document, incident FROM accounts WHERE id >= ? AND id < ? LIMIT 5"
        for account, document, incident in sure(query, (low, high)).fetchall():
            row_of = self.row(incident) if incident else None
            if row_of is not None:
                yield Hit(row_of.sort, row_of.id, row_of.title, "", account, row_of.days, row_of.start)
            else:
                held = self.report_row(document)
                yield Hit("account", account, held.title or held.name if held else "", "", document, "")

    def _report_hit(self, document: str) -> Hit:
        row = self.report_row(document)
        assert row is not None, "it was found among the reports"
        return Hit("report", document, row.title or row.name, "", "", "", row.published)


def days_meant(told: str) -> tuple[date, date] | None:
    """The first and the last day of the day, month or year that ``told`` names whole; else None.

    "2016-10-07", "2016-10", "2016", "7 October 2016", "October 7, 2016", "Oct 2016".
    """
    plain = " ".join(search.folded(told).split()).strip(' "')
    if match := _ISO.fullmatch(plain):
        year, month, day = (int(part) if part else 0 for part in match.groups())
    elif match := _WORDED.fullmatch(plain):
        year, month, day = int(match[3]), _month(match[2]), int(match[1] or 0)
        if not month:
            return None
    elif match := _AMERICAN.fullmatch(plain):
        year, month, day = int(match[3]), _month(match[1]), int(match[2])
        if not month:
            return None
    else:
        return None
    try:
        first = date(year, month or 1, day or 1)
        if day:
            return first, first
        last = date(year, month or 12, 1)
        return first, last.replace(day=monthrange(last.year, last.month)[1])
    except ValueError:
        return None


def _month(word: str) -> int:
    """The number of a month by its name, or its first three letters or more; 0 where it is none."""
    return next((n for n, name in enumerate(_MONTHS, 1) if len(word) >= 3 and name.startswith(word)), 0)
