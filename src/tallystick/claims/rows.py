"""A row of somebody's dataset read into claims: its columns say what each cell means, and nothing is read between.

The words of each claim are a line of the row, ``column: cell``. What a column does not tell is not told:

* ACLED writes 0 fatalities where reports give no number, too, so that a 0 is no claim. Its first and second
  actor are no perpetrator and victim; only where one of the two are civilians has the other done it, and in a
  battle each fights the other. An "Unidentified" actor is no party.
* UCDP's best estimate is the figure; its low and high stand beside it as words. Its type of violence tells a
  kind for attacks on civilians alone (3).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from tallystick.model import Claim, Document, Maker, Role, Span, Stance, Telling, Toll, Topic, Value
from tallystick.model.stored import Part
from tallystick.values.count import Count
from tallystick.values.datasets import ACLED, GED, count, degrees, when
from tallystick.values.party import Party
from tallystick.values.place import Place

MAKER = Maker("tallystick-rows", "1")
# ACLED's sub-events as kinds of ours; where it has one word for two of ours, the wider.
KINDS: Mapping[str, str] = {
    "air/drone strike": "air_strike",
    "shelling/artillery/missile attack": "shelling",
    "armed clash": "ground_clash",
    "remote explosive/landmine/ied": "bombing",
    "grenade": "bombing",
    "suicide bomb": "suicide_bombing",
    "chemical weapon": "chemical_attack",
    "attack": "killing",
    "abduction/forced disappearance": "capture",
    "agreement": "agreement",
    "government regains territory": "control",
    "non-state actor overtakes territory": "control",
    "non-violent transfer of territory": "control",
}
_ONE_SIDED = ("violence against civilians", "explosions/remote violence")
_NOBODY = re.compile(r"unidentified\b|unknown\b|civilians\b|civilians$", re.I)
_LINE = re.compile(r"^([a-z0-9_]+): (.+)$", re.M)


def claims(document: Document) -> tuple[Claim, ...]:
    """The claims of a row, in the order of its columns."""
    return tuple(sorted(_Row(document).claims(), key=lambda claim: (claim.span, claim.topic, claim.id)))


class _Row:
    """One row: its cells by column, and where each line stands in the text."""

    def __init__(self, document: Document) -> None:
        self._document = document
        found = {match[1]: match for match in reversed(list(_LINE.finditer(document.text)))}
        self._cells = {column: match[2] for column, match in found.items()}
        self._spans = {column: document.span(match.start(), match.end()) for column, match in found.items()}

    def claims(self) -> Iterator[Claim]:
        if self._document.derived == ACLED.name:
            yield from self._acled()
        elif self._document.derived == GED.name:
            yield from self._ged()

    def _acled(self) -> Iterator[Claim]:
        kind = self._cell("sub_event_type").lower()
        telling = self._spans.get("sub_event_type") or self._spans["event_id_cnty"]
        yield self._head(telling, KINDS.get(kind, "other"), when(ACLED, self._cells), "location", "admin1")
        if count(self._cell("fatalities")):
            yield self._toll(telling, "fatalities", "people", "stated")
        sides = [column for column in ("actor1", "actor2") if column in self._cells]
        harmed = [column for column in sides if self._cell(column).lower().startswith("civilians")]
        part: Part | None = None
        if self._cell("event_type").lower() == "battles":
            part = "opponent"
        elif self._cell("event_type").lower() in _ONE_SIDED and len(sides) == 2 and len(harmed) == 1:
            part = "perpetrator"
        yield from self._roles(telling, sides, part)
        yield from self._beside(telling, "source", "notes")

    def _ged(self) -> Iterator[Claim]:
        one_sided = self._cell("type_of_violence") == "3"
        telling = self._spans.get("type_of_violence") or self._spans["id"]
        kind = "killing" if one_sided else "other"
        yield self._head(telling, kind, when(GED, self._cells), "where_coordinates", "adm_1")
        if count(self._cell("best")) is not None:
            yield self._toll(telling, "best", "people", "estimated")
        if count(self._cell("deaths_civilians")):
            yield self._toll(telling, "deaths_civilians", "civilians", "estimated")
        yield from self._roles(telling, ["side_a"] if one_sided else ["side_a", "side_b"],
                               "perpetrator" if one_sided else "opponent")  # fmt: skip
        yield from self._beside(telling, "low", "high", "source_original", "source_article")

    def _cell(self, column: str) -> str:
        return self._cells.get(column, "").strip()

    def _head(self, telling: Span, kind: str, days: object, place: str, province: str) -> Claim:
        latitude, longitude = degrees(self._cell("latitude")), degrees(self._cell("longitude"))
        if latitude is None or longitude is None:
            latitude = longitude = None
        where = None
        if name := self._cell(place):
            admin1, country = self._cell(province) or None, self._cell("country") or None
            within = tuple(each for each in (admin1, country) if each and each != name)
            where = Place(name, name, admin1, country, latitude, longitude, within=within)
        value = Telling(kind, when=days, place=where)  # type: ignore[arg-type]
        return self._claim(telling, "attack", value, telling)

    def _toll(self, telling: Span, column: str, group: str, stance: Stance) -> Claim:
        n = count(self._cell(column))
        assert n is not None
        return self._claim(
            self._spans[column], "casualties", Toll("killed", Count(n, n), group), telling, stance
        )

    def _roles(self, telling: Span, columns: list[str], part: Part | None) -> Iterator[Claim]:
        for column in columns if part else ():
            name = self._cell(column)
            if part and name and not _NOBODY.match(name):
                role = Role(Party(name, name), part, "stated")
                yield self._claim(self._spans[column], "responsibility", role, telling)

    def _beside(self, telling: Span, *columns: str) -> Iterator[Claim]:
        """What the row says besides, in its words alone: on whose word it rests, how low and high it may be."""
        for column in columns:
            if column in self._spans:
                yield self._claim(self._spans[column], "other", None, telling)

    def _claim(
        self, span: Span, topic: Topic, value: Value | None, telling: Span, stance: Stance = "stated"
    ) -> Claim:
        return Claim(span, topic, value, (), stance, telling, MAKER)
