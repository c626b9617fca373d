"""What a case's settings say of its maps: the table ``[map]`` of ``case.toml``.

    [map]
    borders = "dashed"                  # or "none"
    lines = "../our-borders.geojson"    # the case's own lines, drawn instead of the shipped ones
    tiles = "https://tiles.example.org/{z}/{x}/{y}.png"
    attribution = "© the people who made the tiles"

Tiles are for the desk alone: who draws them sees what is looked at, so a dossier never has any.
"""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from tallystick.dossier.ground import Ground, Tiles, geojson
from tallystick.errors import AskedWrongly
from tallystick.evidence import opening

_LIMIT = 20_000_000  # bytes of a file of lines
# The host goes into the pages' policy, so that nothing but a host may stand there.
_TILES = re.compile(
    r"https://[a-z0-9](?:[a-z0-9.-]{0,250}[a-z0-9])?(?::\d{1,5})?/[A-Za-z0-9._~/{}?=&%@:+-]{1,500}"
)


@dataclass(frozen=True, slots=True)
class MapSettings:
    """Whether the shipped borders are drawn; own lines, by a path from the folder; tiles and their makers."""

    borders: str = "dashed"
    lines: str | None = None
    tiles: str | None = None
    attribution: str | None = None

    @staticmethod
    def read(told: Any, file: Path) -> MapSettings:
        """The table as TOML holds it; raises ``AskedWrongly`` where it cannot be meant so."""
        names = [each.name for each in fields(MapSettings)]
        if not isinstance(told, dict):
            raise AskedWrongly(f"{file}: map is a table, [map], with any of: {', '.join(names)}")
        strange = sorted(told.keys() - set(names))
        if strange:
            raise AskedWrongly(f"{file}: [map] has the key {strange[0]!r}; it may have: {', '.join(names)}")
        for key, value in told.items():
            if not isinstance(value, str) or not value.strip():
                raise AskedWrongly(f"{file}: {key} of [map] is to be a word or more, in quotes")
        held = MapSettings(**told)
        if held.borders not in ("dashed", "none"):
            raise AskedWrongly(
                f'{file}: borders of [map] are "dashed" or "none"; own ones are a file, lines = "..."'
            )
        if held.tiles is not None:
            marks = all(held.tiles.count(mark) == 1 for mark in ("{z}", "{x}", "{y}"))
            if not marks or not _TILES.fullmatch(held.tiles) or re.search(r"[{}]", _bare(held.tiles)):
                raise AskedWrongly(
                    f"{file}: tiles of [map] are an address like https://tiles.example.org/{{z}}/{{x}}/{{y}}.png"
                )
            if not held.attribution:
                raise AskedWrongly(
                    f"{file}: tiles of [map] need an attribution: who made them is shown beside them"
                )
        return held

    def facts(self) -> dict[str, str]:
        """All that is set otherwise than usual."""
        told = {each.name: getattr(self, each.name) for each in fields(self)}
        return {
            key: value
            for key, value in told.items()
            if value is not None and (key, value) != ("borders", "dashed")
        }

    def toml(self) -> list[str]:
        """Its lines in ``case.toml``; none where all is as usual."""
        told = self.facts()
        if not told:
            return []
        quoted = {
            key: json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
            for key, value in told.items()
        }
        return ["", "[map]", *(f"{key} = {value}" for key, value in quoted.items())]

    def ground(self, folder: Path, *, tiles: bool = False) -> Ground:
        """What maps of the case in ``folder`` are drawn on; ``tiles`` for the desk.

        Raises ``AskedWrongly`` where the file of lines is not there, or holds none.
        """
        pictures = Tiles(self.tiles, self.attribution or "") if tiles and self.tiles else None
        if not self.lines:
            return Ground(self.borders == "dashed", tiles=pictures)
        file = folder / self.lines
        try:
            data = opening.read(file, _LIMIT)
            lines = geojson(data.decode("utf-8-sig"))
        except (OSError, ValueError) as error:
            raise AskedWrongly(f"{file}, the lines that [map] names, cannot be read: {error}") from error
        except AskedWrongly as error:
            raise AskedWrongly(f"{file}, the lines that [map] names: {error}") from error
        source = f"{file.name}, SHA-256 {hashlib.sha256(data).hexdigest()}"
        return Ground(self.borders == "dashed", lines, source, pictures)


def _bare(address: str) -> str:
    return re.sub(r"\{[zxy]\}", "", address)
