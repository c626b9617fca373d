"""What is asked of the names of places and parties, as reports tell them."""

from __future__ import annotations

import json
from typing import Any, Literal

from tallystick import naming
from tallystick.desk.asked import Asked
from tallystick.desk.entries import Named
from tallystick.model import DocumentId
from tallystick.values.names import fold

Sort = Literal["place", "party"]
Which = Literal["", "unfound", "several", "decided"]


class Names(Asked):
    """The names of a case, with what they mean."""

    def names(self, sort: str, *, like: str = "", limit: int = 100, skip: int = 0) -> tuple[Named, ...]:
        """The places or parties ("place", "party") that reports name, the most often named first."""
        found = self._keep.reading.execute(
            "SELECT folded, means, reports FROM named WHERE sort = ? AND instr(folded, ?) "
            "ORDER BY reports DESC, folded, means LIMIT ? OFFSET ?",
            (sort, fold(like), limit, skip),
        ).fetchall()
        told = (self._named(sort, folded, means, reports) for folded, means, reports in found)
        return tuple(each for each in told if each is not None)

    def names_told(
        self, sort: Sort, *, like: str = "", which: Which = "", limit: int = 100, skip: int = 0
    ) -> tuple[tuple[Named, ...], ...]:
        """The names, each with all that it means in one report or another; the most frequent meaning first.

        ``like`` is a part of the name or of what it means; ``which`` takes those that no list has
        ("unfound", places only, which come first anyway), that mean ``several`` things, or that a person has
        ``decided`` on.
        """
        where, values = self._which(sort, like, which)
        unfound = "MAX(means) = '' DESC, " if sort == "place" else ""
        found = self._keep.reading.execute(
            f"SELECT folded FROM named WHERE {where} GROUP BY folded "
            f"ORDER BY {unfound}SUM(reports) DESC, folded LIMIT ? OFFSET ?",
            (*values, limit, skip),
        ).fetchall()
        return tuple(self.name_told(sort, folded) for (folded,) in found)

    def count_names(self, sort: Sort, *, like: str = "", which: Which = "") -> int:
        """How many names those are."""
        where, values = self._which(sort, like, which)
        query = f"SELECT COUNT(DISTINCT folded) FROM named WHERE {where}"
        return int(self._keep.reading.execute(query, values).fetchone()[0])

    def name_told(self, sort: Sort, name: str) -> tuple[Named, ...]:
        """All that one name means in one report or another; nothing where no report has it.

        A place that reports put in this or that is one place: meanings are told apart by their codes.
        """
        means = "code" if sort == "place" else "means"
        reading = self._keep.reading
        found = reading.execute(
            f"SELECT {means}, COUNT(DISTINCT document) AS many FROM names WHERE sort = ? AND folded = ? "
            f"GROUP BY {means} ORDER BY many DESC, {means}",
            (sort, fold(name)),
        ).fetchall()
        out = []
        for meant, reports in found:
            first = reading.execute(
                "SELECT name, means, code, why, country, latitude, longitude FROM names "
                f"WHERE sort = ? AND folded = ? AND {means} = ? "
                "GROUP BY means ORDER BY COUNT(*) DESC, means LIMIT 1",
                (sort, fold(name), meant),
            ).fetchone()
            called, told, code, why, *where = first
            out.append(Named(called, told, code, why, reports, *where))
        return tuple(out)

    def meanings(self, sort: Sort) -> tuple[str, ...]:
        """Everything that names of the case are found to mean: what a new name may be given."""
        query = "SELECT DISTINCT means FROM named WHERE sort = ? AND means <> '' ORDER BY means"
        return tuple(means for (means,) in self._keep.reading.execute(query, (sort,)))

    def names_decided(self, sort: Sort) -> dict[str, naming.Decision]:
        """What people said that names mean, by the folded name."""
        return naming.decided(self.case.ledger.events("named"), sort)

    def reports_naming(
        self, sort: str, name: str, *, means: str | None = None, limit: int = 100
    ) -> tuple[DocumentId, ...]:
        """The reports that use a name of a place or party; if asked, those where it has one meaning.

        ``means`` is the code of a place, or the usual name of a party; "" a place that was not found.
        """
        column = "code" if sort == "place" else "means"
        found = self._keep.reading.execute(
            "SELECT DISTINCT document FROM names WHERE sort = ? AND folded = ? "
            f"AND (? IS NULL OR {column} = ?) ORDER BY document LIMIT ?",
            (sort, fold(name), means, means, limit),
        )
        return tuple(DocumentId(document) for (document,) in found)

    def places_beside(self, name: str) -> tuple[tuple[float, float], ...]:
        """Where the other places lie that reports name beside this one: latitude and longitude, each once."""
        found = self._keep.reading.execute(
            "SELECT DISTINCT latitude, longitude FROM names WHERE sort = 'place' AND folded <> ? "
            "AND latitude IS NOT NULL AND longitude IS NOT NULL AND document IN "
            "(SELECT document FROM names WHERE sort = 'place' AND folded = ?)",
            (fold(name), fold(name)),
        )
        return tuple((latitude, longitude) for latitude, longitude in found)

    def _which(self, sort: Sort, like: str, which: Which) -> tuple[str, tuple[Any, ...]]:
        """The condition, in SQL, with its values."""
        parts: list[str] = ["sort = ?"]
        values: list[Any] = [sort]
        if like.strip():
            parts.append(
                "folded IN (SELECT folded FROM named WHERE sort = ? AND "
                "(instr(folded, ?) OR instr(lower(means), ?)))"
            )
            values += [sort, fold(like) or "\0", like.strip().lower()]
        if which == "unfound":
            parts.append(
                "folded IN (SELECT folded FROM named WHERE sort = ? GROUP BY folded HAVING MAX(means) = '')"
            )
            values.append(sort)
        elif which == "several":
            means = "NULLIF(code, '')" if sort == "place" else "means"
            several = (
                f"SELECT folded FROM names WHERE sort = ? GROUP BY folded HAVING COUNT(DISTINCT {means}) > 1"
            )
            parts.append(f"folded IN ({several})")
            values.append(sort)
        elif which == "decided":
            parts.append("folded IN (SELECT value FROM json_each(?))")
            values.append(json.dumps(sorted(self.names_decided(sort))))
        return " AND ".join(parts), tuple(values)

    def _named(self, sort: str, folded: str, means: str, reports: int) -> Named | None:
        row = self._keep.reading.execute(
            "SELECT name, code, why, country, latitude, longitude FROM names "
            "WHERE (sort, folded, means) = (?, ?, ?) ORDER BY document LIMIT 1",
            (sort, folded, means),
        ).fetchone()
        if row is None:
            return None
        name, code, why, *where = row
        return Named(name, means, code, why, reports, *where)
