"""The settings of a case, ``case.toml``, and what can be wrong with its folder."""

from __future__ import annotations

import json
import os
import tomllib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from rapidfuzz import process
from rapidfuzz.fuzz import ratio

from tallystick.errors import AskedWrongly, CaseReadOnly
from tallystick.evidence import opening, placing
from tallystick.evidence.media import shown as shown
from tallystick.ledgerserver import Address
from tallystick.mapping import MapSettings
from tallystick.values.names import countries as country_table


@contextmanager
def writing(path: Path) -> Iterator[None]:
    """Where writing to ``path`` fails, say so in this project's words."""
    try:
        yield
    except (FileExistsError, NotADirectoryError) as error:
        raise AskedWrongly(f"{path} cannot be a folder: a file is in its way; name another") from error
    except OSError as error:
        raise CaseReadOnly(
            f"{path} cannot be written to ({error.strerror}); "
            "make room or change its rights, or name another folder"
        ) from error


def _toml(name: str) -> str:
    """``name`` as TOML writes a string."""
    return json.dumps(name, ensure_ascii=False).replace("\x7f", "\\u007f")


@dataclass(frozen=True, slots=True)
class Settings:
    """What ``case.toml`` says: the case's name (else the folder's), and the countries it is about.

    ``second_check``: no decision on a claim stands before two people agree, or one of ``seniors`` says.
    """

    name: str
    countries: tuple[str, ...] = ()
    second_check: bool = False
    seniors: tuple[str, ...] = ()
    database: str | None = None  # the server that holds the ledger; None: a file in the folder
    map: MapSettings = field(default_factory=MapSettings)

    def facts(self) -> dict[str, Any]:
        """All of them, as the custody record tells them."""
        told: dict[str, Any] = {
            "name": self.name,
            "countries": list(self.countries),
            "second_check": self.second_check,
            "seniors": list(self.seniors),
        }
        told |= {"database": self.database} if self.database else {}
        return told | ({"map": self.map.facts()} if self.map.facts() else {})

    def as_told(self, facts: Mapping[str, Any]) -> Settings:
        """These, with what the custody record told of them once (``facts``) in the place of what it is now.

        Where the ledger lies and how maps are drawn stays as it is: nothing of the record follows from it.
        """
        return replace(
            self,
            name=facts["name"],
            countries=tuple(facts["countries"]),
            # An event written before these were kept lacks them.
            second_check=facts.get("second_check", False),
            seniors=tuple(facts.get("seniors", ())),
        )

    def write(self, file: Path) -> None:
        """Write them into ``file``, whole or not at all, and down to the disk."""
        lines = [f"name = {_toml(self.name)}"]
        if self.countries:
            lines.append(f"countries = [{', '.join(map(_toml, self.countries))}]")
        if self.second_check:
            lines.append("second_check = true")
        if self.seniors:
            lines.append(f"seniors = [{', '.join(map(_toml, self.seniors))}]")
        if self.database:
            lines.append(f"database = {_toml(self.database)}")
        lines += self.map.toml()  # a table, so last
        with writing(file):
            draft = file.with_name("case.toml.new")
            with draft.open("w", encoding="utf-8") as target:
                target.write("\n".join(lines) + "\n")
                target.flush()
                os.fsync(target.fileno())
            draft.replace(file)
            placing.to_disk(file.parent)


_LIMIT = 1_000_000  # bytes of a file of settings
_SETTINGS = ("name", "countries", "second_check", "seniors", "database", "map")


def settings(folder: Path) -> Settings:
    """What ``case.toml`` in ``folder`` says; raises ``AskedWrongly`` where it cannot be meant so."""
    file = folder / "case.toml"
    named = shown(folder.resolve().name) or "case"
    try:
        told = tomllib.loads(opening.read(file, _LIMIT).decode("utf-8"))
    except (FileNotFoundError, NotADirectoryError):
        return Settings(named)
    except (OSError, ValueError, RecursionError) as error:
        raise AskedWrongly(f"{file} cannot be read: {error}; correct it there, or delete it") from error
    strange = sorted(told.keys() - set(_SETTINGS))
    if strange:
        raise AskedWrongly(f"{file} has the key {strange[0]!r}; it may have: {', '.join(_SETTINGS)}")
    name, lands = told.get("name", named), told.get("countries", [])
    if not isinstance(name, str) or not name.strip():
        raise AskedWrongly(f'{file}: the name is to be a word or more, in quotes: name = "Aleppo 2016"')
    if not isinstance(lands, list) or not all(isinstance(land, str) for land in lands):
        raise AskedWrongly(f'{file}: countries are a list of names in quotes: countries = ["Syria", "Iraq"]')
    twice, seniors = told.get("second_check", False), told.get("seniors", [])
    if not isinstance(twice, bool):
        raise AskedWrongly(f"{file}: second_check is true or false, without quotes")
    if not isinstance(seniors, list) or not all(isinstance(one, str) and one.strip() for one in seniors):
        raise AskedWrongly(f'{file}: seniors are a list of names in quotes: seniors = ["A. Haddad"]')
    database = told.get("database")
    if not isinstance(database, str | None):
        raise AskedWrongly(f'{file}: the database is an address in quotes: database = "postgresql://..."')
    if database is not None:
        Address.read(database)  # refuses what can be none, and a password
    maps = MapSettings.read(told.get("map", {}), file)
    return Settings(name, tuple(country(land) for land in lands), twice, tuple(seniors), database, maps)


def country(name: str) -> str:
    """The usual name of a country; one that no table knows (an invented one, a new one) as it stands.

    Raises ``AskedWrongly`` for a blank, and for what can only be a slip in the name of a known one.
    """
    told = name.strip()
    known = country_table().get(told.lower())
    if known or not told:
        if not known:
            raise AskedWrongly("a country has a name: --country Syria")
        return known
    near = process.extractOne(told.lower(), country_table().keys(), scorer=ratio, score_cutoff=85)
    if near is not None:
        raise AskedWrongly(f"no country is called {told!r}; did you mean {country_table()[near[0]]}?")
    return told
