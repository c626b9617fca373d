"""What the desk's pages ask of a case: read from what is kept to hand, in milliseconds."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any

from tallystick.desk.around import reports_kept
from tallystick.desk.entries import Overview, Wanted
from tallystick.desk.finds import Finds
from tallystick.desk.keep import unpacked
from tallystick.desk.past import Past
from tallystick.desk.waiting import Waiting
from tallystick.intake import REFUSING, standing_refusals
from tallystick.model import DocumentId, Event, Record
from tallystick.remarks import remarks


class Look(Waiting, Finds, Past):
    """A look at a case, as of what is kept of it. Safe for several threads."""

    _refused: tuple[int, Mapping[str, Mapping[str, Event]]] | None = None  # up to which custody event

    def record_of(
        self, incidents: Iterable[str] = (), documents: Iterable[str] = (), named: Iterable[str] = ()
    ) -> Record:
        """A record of these incidents and reports alone, for the pages of the dossier to be made of.

        It holds the reports that the incidents are told in, and the incidents that the reports tell; of
        the accounts ``named`` each with its report, as others refer to it; no totals, patterns and lines,
        which are of the whole case.
        """
        wanted = {one.incident.id: one for one in map(self.weighed, incidents) if one is not None}
        asked = [DocumentId(name) for name in documents]
        marks = ",".join("?" * len(asked))
        told = self._keep.reading.execute(
            "SELECT DISTINCT incident, NULL FROM accounts "
            f"WHERE incident IS NOT NULL AND document IN ({marks}) "
            f"UNION ALL SELECT NULL, body FROM accounts WHERE body IS NOT NULL AND document IN ({marks})",
            (*asked, *asked),
        ).fetchall()
        loose = [unpacked(body) for _, body in told if body is not None]
        for name in sorted(name for name, _ in told if name and name not in wanted):
            if (weighed := self.weighed(name)) is not None:
                wanted[weighed.incident.id] = weighed
        chosen = tuple(wanted[name] for name in sorted(wanted))
        here = [account for one in chosen for account in one.incident.accounts] + loose
        inside = {account.id for account in here}
        here += [one for name in sorted(set(named) - inside) if (one := self.account(name)) is not None]
        here.sort(key=lambda account: account.span)
        names = {account.document for account in here} | set(asked)
        # Words taken from a report that tells another incident are shown, too.
        takings = (taking for one in chosen for taking in one.lineage.takings)
        names |= {span.document for taking in takings for span in taking.words}
        reports = reports_kept(self._keep.reading, names)
        reports.sort(key=lambda one: (one.name, one.id))
        captures = self.case.ledger.captures_named({one.capture for one in reports})
        judged = self.judgements_of(sorted(inside))
        return Record(
            name=self.case.name,
            captures=captures,
            documents=tuple(reports),
            claims=tuple(claim for name in asked for claim in self.claims_of(name)),
            accounts=tuple(here),
            judgements=tuple(each for each in judged if {each.left, each.right} <= inside),
            weighed=chosen,
            remarks=tuple(remarks(reports, captures)),
        )

    def refused(self) -> Mapping[str, Mapping[str, Event]]:
        """What could not be taken in or read, and still cannot: by item, then by what stands against it."""
        last = self.case.ledger.last(*REFUSING)
        if self._refused is None or self._refused[0] != last:
            self._refused = last, standing_refusals(self.case.ledger.events(*REFUSING))
        return self._refused[1]

    def overview(self) -> Overview:
        """The figures of the first page."""
        ask: Callable[[str], Any] = lambda query: self._keep.reading.execute(query).fetchone()  # noqa: E731
        reports, publishers, accounts = ask(
            "SELECT COUNT(*), COUNT(DISTINCT NULLIF(publisher, '')), COALESCE(SUM(accounts), 0) "
            "FROM documents"
        )
        first, last = ask("SELECT MIN(day), MAX(NULLIF(last, '9999')) FROM incidents WHERE day <> '9999'")
        told = self.agreement()
        refused = self.refused()
        return Overview(
            at=self.at,
            reports=reports,
            publishers=publishers,
            incidents=self.count(Wanted("incident")),
            matters=self.count(Wanted("matter")),
            accounts=accounts,
            differing=self.count(Wanted("incident", differing=True)),
            undecided=self.waiting(),
            decided=told.stands,
            looked_at_twice=told.twice,
            agreed=told.same,
            first=date.fromisoformat(first) if first else None,
            last=date.fromisoformat(last) if last else None,
            refused=sum(map(len, refused.values())),
            compare_anew=0,
        )
