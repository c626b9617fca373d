"""What a name may mean: places and parties that the lists of the case have, and those that reports name."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from tallystick import naming
from tallystick.case import quiet
from tallystick.desk.names import Names
from tallystick.values.names import alike, fold
from tallystick.values.places.atlas import RADIUS
from tallystick.values.places.entries import Hit
from tallystick.values.places.gazetteer import Gazetteer
from tallystick.values.places.sphere import Point, kilometres

MOST = 24  # choices that are shown


@dataclass(frozen=True, slots=True)
class PlaceChoice:
    """A place that a name may mean. ``apart`` is how far it typically lies from what else its reports place.

    ``apart`` is in kilometres, the median; None where nothing beside it is placed. ``like`` is how far the
    spellings agree, 0 to 1; ``radius_km`` how far a place of its kind reaches, where its list does not tell.
    """

    id: str
    name: str
    kind: str
    country: str
    province: str
    population: int
    latitude: float | None
    longitude: float | None
    like: float
    apart: float | None
    radius_km: float = 0.0


@dataclass(frozen=True, slots=True)
class PartyChoice:
    """A party that a name may mean, and why it is thought of."""

    name: str
    sort: str
    countries: tuple[str, ...]
    why: str


class Choices(Names):
    """Looking up what a name may mean."""

    _looking_up = threading.Lock()

    def place_choices(self, name: str, spelt: str = "") -> tuple[PlaceChoice, ...]:
        """The places that ``name`` may mean, those nearest to what else its reports place first.

        ``spelt`` is another spelling to look for, given by a person.
        """
        beside = self.places_beside(name)
        with self._looking_up:
            events = self.case.ledger.events("listed")
            lists = naming.opened(self.case.folder, events, quiet)
            try:
                hits = {hit.entry.id: hit for hit in self._hits(lists, spelt or name)}
            finally:
                lists.close()
        out = []
        for hit in list(hits.values())[:MOST]:
            entry = hit.entry
            apart = _apart(entry.point, beside)
            out.append(
                PlaceChoice(
                    entry.id,
                    entry.name,
                    entry.kind,
                    entry.country or "",
                    entry.admin1 or "",
                    entry.population,
                    entry.latitude,
                    entry.longitude,
                    hit.like,
                    apart,
                    entry.radius_km or RADIUS.get(entry.kind, 0.0),
                )
            )  # fmt: skip
        return tuple(
            sorted(out, key=lambda one: (one.like < 1, one.apart is None, one.apart or 0, -one.like))
        )

    def _hits(self, lists: Gazetteer, name: str) -> Sequence[Hit]:
        if (entry := lists.get(name)) is not None:
            return (Hit(entry, 1.0, entry.name),)
        return lists.find(name, 0.7)

    def party_choices(self, name: str) -> tuple[PartyChoice, ...]:
        """The parties that ``name`` may mean: those of the register, then those that reports name alike."""
        register = naming.register(self.case.folder, self.case.ledger.events("listed"))
        out = {
            found.entry.name: PartyChoice(
                found.entry.name, found.entry.sort, found.entry.countries, found.why
            )
            for found in register.find(name)
        }
        for other in self.meanings("party"):
            if other not in out and fold(other) != fold(name) and alike(name, other):
                out[other] = PartyChoice(other, "", (), "so called in reports of this case")
        return tuple(out.values())[:MOST]


def _apart(point: Point | None, beside: Sequence[Point]) -> float | None:
    return median(kilometres(point, other) for other in beside) if point and beside else None
