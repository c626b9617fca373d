"""Reports that are written and read in no time: one sentence each, and a reader that knows that sentence."""

from __future__ import annotations

import json
import re
from datetime import date
from pathlib import Path

import pytest
from hypothesis import strategies as st

from tallystick import claims
from tallystick.case import Case
from tallystick.claims import MAKER
from tallystick.errors import TallystickError
from tallystick.model import Claim, Document, Judgement, Maker, Role, Telling, Toll, Voice
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


STEPS = st.lists(
    st.tuples(
        st.sampled_from(("add", "add", "add", "again", "read", "link", "decide", "judge", "name", "settle")),
        st.integers(0, 50),
        st.integers(0, 50),
    ),
    min_size=2,
    max_size=8,
)


def step(case: Case, reports: Path, what: str, one: int, other: int) -> None:
    """One thing that is done to a case, on whatever the numbers choose."""
    record = case.record()
    match what:
        case "add":
            n, place = 10 + one % 3, PLACES[other % len(PLACES)]
            case.add([report(reports, f"r{one}", sentence(n, place, voice=f"source {other % 4}"))])
        case "again":  # the same bytes, with another word on the day
            if record.documents:
                file = reports / f"{record.documents[one % len(record.documents)].name}.json"
                (reports / f"{file.name}.meta.json").write_text(json.dumps({"title": f"Title {other}"}))
                case.add([file])
        case "read":
            case.read(jobs=1)
        case "link":
            case.link()
        case "decide" if record.claims:
            claim = record.claims[one % len(record.claims)]
            case.decide(claim.id, ("upheld", "rejected", "reopened")[other % 3], f"Person {other % 2}")
        case "judge" if len(record.accounts) > 1:
            names = sorted(account.id for account in record.accounts)
            left = one % (len(names) - 1)
            verdict = ("same", "different", "unsure")[other % 3]
            case.judge(Judgement(names[left], names[left + 1], verdict, Maker("A. Haddad")))
        case "name" if record.accounts:
            case.name_means("party", f"source {one % 4}", f"Source {other % 2}", by="A. Haddad")
        case "settle":
            case.seniors([f"Person {one % 2}"], by="A. Haddad")
