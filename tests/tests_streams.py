"""Reports that are written and read in no time: one sentence each, and a reader that knows that sentence."""

from __future__ import annotations

import json
import re
from datetime import date
from pathlib import Path

import pytest

from tallystick import claims
from tallystick.claims import MAKER
from tallystick.errors import TallystickError
from tallystick.model import Claim, Document, Role, Telling, Toll, Voice
from tallystick.values.count import Count
from tallystick.values.party import Party
from tallystick.values.place import Place
from tallystick.values.when import When

_SENTENCE = re.compile(
    r"(?P<least>At least )?(?P<n>\d+) people were killed in an (?P<kind>air strike|attack) on (?P<place>\w+) "
    r"on (?P<day>\S+), (?P<voice>[\w ]+?) said(?:, blaming (?P<by>[\w ]+))?\."
)
PLACES = ("Solem", "Kelvach", "Pellin")


def sentence(
    n: int = 12, place: str = "Solem", day: str = "2019-05-16", voice: str = "the hospital", by: str = ""
) -> str:
    blamed = f", blaming {by}" if by else ""
    return f"{n} people were killed in an air strike on {place} on {day}, {voice} said{blamed}."


def report(folder: Path, name: str, text: str, *, published: str | None = "2019-05-17") -> Path:
    """A report of that text, in a file of its own."""
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / f"{name}.json"
    told = {"id": name, "source": f"Outlet {name}", "text": text, "published": published}
    file.write_text(json.dumps({key: value for key, value in told.items() if value}), encoding="utf-8")
    return file


def told(document: Document) -> tuple[Claim, ...]:
    """What ``sentence`` says, each time that it stands in the text; a text with "unreadable" is refused."""
    if "unreadable" in document.text:
        raise TallystickError(f"{document.name} cannot be read")
    if "crashes" in document.text:
        raise ZeroDivisionError("a fault of the reader")
    out: list[Claim] = []
    for found in _SENTENCE.finditer(document.text):
        whole = document.span(*found.span())
        day = date.fromisoformat(found["day"])
        kind = "air_strike" if found["kind"] == "air strike" else "other"
        telling = Telling(kind, when=When(day, day, "day", found["day"]), place=Place(found["place"]))
        voices = (Voice(found["voice"]),)
        n = int(found["n"])
        count = Count(n, None if found["least"] else n)
        out.append(Claim(whole, "attack", telling, (), "stated", whole, MAKER, 0.9))
        killed = document.span(found.start("n"), found.end("n"))
        out.append(Claim(killed, "casualties", Toll("killed", count), voices, "stated", whole, MAKER, 0.9))
        if found["by"]:
            role = Role(Party(found["by"], found["by"]), "perpetrator", "alleged")
            blamed = document.span(*found.span("by"))
            out.append(Claim(blamed, "responsibility", role, voices, "alleged", whole, MAKER, 0.9))
    return tuple(out)


def read_quickly(patch: pytest.MonkeyPatch) -> None:
    """Have ``told`` read, in the place of the model."""
    patch.setattr(claims, "claims", told)
