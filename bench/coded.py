"""Coded reports made into accounts, so that what comes after reading can be measured without it.

    told, documents, incident = coded.accounts(folder)    of a folder with docs/ and gold/; the coded incident by account id
    right, made, true, met = coded.links(told, incident)  what linking makes of them

Each coded account becomes claims in the words that the coder gave (where words are missing: its quote),
as ``tallystick.model.accounts`` gathers them, with place and parties looked up in the lists that
come with Tallystick.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from tallystick import naming
from tallystick.incidents import pairs, resolve
from tallystick.model import (
    Account,
    AccountId,
    CaptureId,
    Claim,
    Document,
    DocumentId,
    Maker,
    Role,
    Span,
    Telling,
    Toll,
    Voice,
)
from tallystick.model import accounts as gathered
from tallystick.values.count import Count
from tallystick.values.parties.register import basic
from tallystick.values.party import Party
from tallystick.values.place import Place
from tallystick.values.places.gazetteer import Gazetteer, default
from tallystick.values.when import When

MAKER = Maker("coders", "1")
COUNTRIES = ("Syria",)  # what whoever opens a case on these reports would say that it is about


def documents(folder: Path) -> tuple[Document, ...]:
    """The reports of ``folder/docs``, by name."""
    out = []
    for path in sorted((folder / "docs").glob("*.json")):
        told = json.loads(path.read_text(encoding="utf-8"))
        day = date.fromisoformat(told["published"]) if told.get("published") else None
        out.append(
            Document(
                CaptureId("0"),
                told["id"],
                told["text"],
                told.get("title"),
                told.get("source"),
                day,
                "metadata" if day else None,
            )
        )
    return tuple(out)


def accounts(
    folder: Path, countries: Sequence[str] = COUNTRIES
) -> tuple[tuple[Account, ...], dict[DocumentId, Document], dict[AccountId, str]]:
    """The coded accounts of ``folder``, its documents, and the coded incident of each account that has one."""
    there = {document.id: document for document in documents(folder)}
    by_name = {document.name: document for document in there.values()}
    claims: list[Claim] = []
    incident: dict[AccountId, str] = {}
    for path in sorted((folder / "gold").glob("*.json")):
        if path.name.startswith("_"):
            continue
        record = json.loads(path.read_text(encoding="utf-8"))
        document = by_name[record["doc"]]
        taken: set[Span] = set()
        for coded in record["accounts"]:
            telling = _words(document, coded["quote"], taken)
            taken.add(telling)
            mine = list(_claims(document, telling, coded))
            claims += mine
            if coded.get("incident") and not coded["aggregate"] and mine[0].account:
                incident[mine[0].account] = coded["incident"]
    told = gathered(claims, there)
    with_places = naming.located(told, there, Gazetteer(default(naming.cache())), countries, {})
    return naming.known(with_places, there, basic(), countries, {}), there, incident


def links(told: Sequence[Account], incident: Mapping[AccountId, str]) -> tuple[int, int, int, int]:
    """Links among accounts of harm: right, made, coded, and those coded that are candidate pairs at all.

    A link is a pair of accounts of two documents in one incident.
    """
    harm = [account for account in told if not account.is_matter]
    document = {account.id: account.document for account in harm}
    compared = [pair for part in pairs(harm, least=-1e6) for pair in part.near]
    judged = [pair.judgement for pair in compared if pair.verdict != "different"]
    made = _across((tuple(a.id for a in each.accounts) for each in resolve(harm, judged)), document)
    groups: dict[str, list[AccountId]] = {}
    for name, event in incident.items():
        groups.setdefault(event, []).append(name)
    true = _across(groups.values(), document)
    met = {(pair.left.id, pair.right.id) for pair in compared}
    return len(made & true), len(made), len(true), len(met & true)


def _across(
    groups: Iterable[Sequence[AccountId]], document: Mapping[AccountId, DocumentId]
) -> set[tuple[AccountId, AccountId]]:
    return {
        (a, b) for names in groups for a in names for b in names if a < b and document[a] != document[b]
    }  # fmt: skip


def _words(document: Document, quote: str, taken: set[Span]) -> Span:
    """Where ``quote`` stands; of two accounts that one quote tells, the second is told by less of it."""
    at = document.text.find(quote)
    start, end = (at, at + len(quote)) if at >= 0 else (0, min(40, len(document.text)))
    span = document.span(start, end)
    while span in taken:
        end -= 1
        span = document.span(start, end)
    return span


def _place(coded: dict[str, Any]) -> Place:
    """The coded place; coders write "Old City, Aleppo" and "Old City (Aleppo)" for a part of a town."""
    name, *within = (part.strip() for part in re.split(r"[,(]", coded["name"].rstrip(")")))
    return Place(
        name, coded.get("text"), coded.get("admin1"), coded.get("country"), within=tuple(filter(None, within))
    )


def _claims(document: Document, telling: Span, coded: dict[str, Any]) -> Iterator[Claim]:
    place = coded.get("place") or {}
    when = coded.get("date") or {}
    start, end = (date.fromisoformat(when[key]) if when.get(key) else None for key in ("start", "end"))
    yield Claim(
        telling,
        "attack",
        Telling(
            coded["type"],
            bool(coded["aggregate"]),
            bool(coded.get("primary")),
            When(start, end, when.get("precision") or "unknown" if start else "unknown", when.get("text")),
            _place(place) if place.get("name") else None,
            coded.get("weapon"),
            coded.get("target"),
        ),
        telling=telling,
        maker=MAKER,
    )
    for kind in ("killed", "wounded", "captured"):
        for figure in coded.get(kind) or []:
            if figure.get("low") is None and figure.get("high") is None:
                continue
            at = document.text.find(figure.get("text") or "\0")
            span = document.span(at, at + len(figure["text"])) if at >= 0 else telling
            count = Count(figure.get("low"), figure.get("high"), bool(figure.get("approx")))
            voices = (Voice(figure["voice"]),) if figure.get("voice") else ()
            yield Claim(
                span,
                "casualties",
                Toll(kind, count, figure.get("group") or "people"),
                voices,
                telling=telling,
                maker=MAKER,
            )
    for actor in coded.get("actors") or []:
        stance = "denied" if actor["stance"] == "denied" else "stated"
        voices = (Voice(actor["voice"]),) if actor.get("voice") else ()
        role = Role(Party(actor["name"]), actor["role"], actor["stance"])
        yield Claim(telling, "responsibility", role, voices, stance, telling, MAKER)
