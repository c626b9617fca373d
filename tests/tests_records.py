"""Records built by hand: reports, claims found by their words, accounts, and what was found about them."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import date
from typing import Any

from tallystick.model import (
    Account,
    Capture,
    CaptureId,
    Claim,
    Document,
    Event,
    Finding,
    Incident,
    Judgement,
    Maker,
    Origin,
    Range,
    Record,
    Role,
    Span,
    Telling,
    Toll,
    Voice,
    Weighed,
    accounts,
)
from tallystick.values.agreement import Verdict
from tallystick.values.count import Count
from tallystick.values.party import Party
from tallystick.values.place import Place
from tallystick.values.when import When

READER = Maker("by hand", "1")


def day(iso: str, words: str | None = None) -> When:
    """One day, told in ``words``."""
    told = date.fromisoformat(iso)
    return When(told, told, "day", words)


def undated(words: str | None = None) -> When:
    return When(None, None, "unknown", words)


class Builder:
    """Makes a record out of short texts and words to be found in them."""

    Count, Party, Place, Toll, Role, Telling, Verdict, Range = (
        Count,
        Party,
        Place,
        Toll,
        Role,
        Telling,
        Verdict,
        Range,
    )
    day = staticmethod(day)
    undated = staticmethod(undated)

    def __init__(self, name: str = "A case") -> None:
        self.name = name
        self.documents: dict[str, Document] = {}
        self.captures: list[Capture] = []
        self.claims: list[Claim] = []
        self.weighed: list[Weighed] = []
        self.refusals: list[Event] = []

    def report(
        self,
        name: str,
        text: str,
        publisher: str | None = None,
        published: str | None = None,
        title: str | None = None,
        **more: Any,
    ) -> Document:
        digest = CaptureId(hashlib.sha256(text.encode() + name.encode()).hexdigest())
        self.captures.append(
            Capture(digest, len(text), "text/plain", f"{name}.txt", "2020-01-01T00:00:00Z", "test")
        )
        dated = date.fromisoformat(published) if published else None
        document = Document(
            digest, name, text, title, publisher, dated, "metadata" if dated else None, **more
        )
        self.documents[name] = document
        return document

    def span(self, report: str, quote: str, nth: int = 0) -> Span:
        text, at = self.documents[report].text, -1
        for _ in range(nth + 1):
            at = text.index(quote, at + 1)
        return self.documents[report].span(at, at + len(quote))

    def claim(
        self,
        report: str,
        quote: str,
        value: Any = None,
        *,
        telling: Span | None = None,
        voices: Sequence[str] = (),
        stance: Any = "stated",
        topic: Any = "casualties",
    ) -> Claim:
        claim = Claim(
            self.span(report, quote),
            topic,
            value,
            tuple(Voice(name) for name in voices),
            stance,
            telling,
            READER,
            0.9,
        )
        self.claims.append(claim)
        return claim

    def account(
        self,
        report: str,
        quote: str,
        kind: str = "air_strike",
        when: When | None = None,
        place: str | None = None,
        *,
        aggregate: bool = False,
        weapon: str | None = None,
        voices: Sequence[str] = (),
        tolls: Sequence[tuple[Any, ...]] = (),
        roles: Sequence[tuple[Any, ...]] = (),
        says: Sequence[tuple[str, Any, Sequence[str]]] = (),
        country: str | None = None,
    ) -> Span:
        """An account; ``tolls`` are (kind, words, low, high, voices[, group]), ``roles`` are
        (party, role, stance, words, voices), ``says`` are (words, stance, voices)."""
        telling = self.span(report, quote)
        where = Place(place, place, country=country) if place else None
        head = Telling(kind, aggregate, True, when or undated(), where, weapon)
        topic = "attack" if kind in ("air_strike", "shelling", "bombing") else "other"
        self.claim(report, quote, head, telling=telling, voices=voices, topic=topic)
        for toll, words, low, high, by, *group in tolls:
            value = Toll(toll, Count(low, high, above=words.startswith("more than")), *group)
            self.claim(report, words, value, telling=telling, voices=by)
        for party, role, stance, words, by in roles:
            value = Role(Party(party), role, stance)
            self.claim(report, words, value, telling=telling, voices=by, topic="responsibility")
        for words, stance, by in says:
            self.claim(report, words, telling=telling, voices=by, stance=stance, topic="other")
        return telling

    def built(self) -> dict[Span, Account]:
        by_id = {document.id: document for document in self.documents.values()}
        return {account.span: account for account in accounts(self.claims, by_id)}

    def weigh(
        self,
        tellings: Sequence[Span],
        origins: Sequence[tuple[str, Sequence[Span]]],
        findings: dict[str, tuple[Any, ...]],
        grade: str = "Weak",
        disputes: Sequence[Judgement] = (),
    ) -> Weighed:
        """``findings`` gives a field its (verdict, summary[, (low, best, high, open)])."""
        held = self.built()
        incident = Incident(tuple(held[telling] for telling in tellings), tuple(disputes))
        found = []
        for field, (verdict, summary, *ends) in findings.items():
            claims = tuple(c.id for c in incident.claims if _tells(c, field))
            told = Range(*ends[0][:3], claims, "", ends[0][3]) if ends else None
            found.append(Finding(incident.id, field, Verdict(verdict), claims, summary, told))
        folded = tuple(Origin(name, tuple(held[t].id for t in of)) for name, of in origins)
        weighed = Weighed(incident, folded, tuple(found), grade)
        self.weighed.append(weighed)
        return weighed

    def refuse(self, item: str, note: str) -> None:
        self.refusals.append(Event("refused", item, "test", "2020-01-01T00:00:00Z", note))

    def record(self) -> Record:
        return Record(
            self.name,
            tuple(self.captures),
            tuple(self.documents.values()),
            tuple(self.claims),
            tuple(self.built().values()),
            (),
            tuple(self.weighed),
            tuple(self.refusals),
        )


def _tells(claim: Claim, field: str) -> bool:
    value = claim.value
    if field == "displacement":
        return True
    if isinstance(value, Toll):
        return value.kind == field
    if isinstance(value, Role):
        return field == "perpetrator" and value.role != "opponent"
    if isinstance(value, Telling):
        return field in ("date", "place", "kind") or (field == "weapon" and value.weapon is not None)
    return False


def market_case() -> Builder:
    case = Builder("Harrow Valley, May 2019")
    case.report(
        "wire-1",
        "An air strike hit the Weavers' Market in Kelvač on Thursday, killing at least 11 people, including "
        "four children, the Harrow Observatory said.\n\nMore than 20 others were wounded, it said. “The "
        "aircraft belonged to the Orvethi air force,” its director, Sanna Orlek, told Valley Wire.\n\n"
        "The war has killed more than 40,000 people since March 2015.",
        "Valley Wire",
        "2019-05-16",
        "Air strike on market kills at least 11, monitor says",
        language="en",
    )
    case.report(
        "times-1",
        "An air strike hit the Weavers' Market in Kelvač on Thursday, killing 11 people, including four "
        "children, the Harrow Observatory said.",
        "Tern Coast Times",
        "2019-05-16",
        "Bombs fall on trading day",
    )
    case.report(
        "osa-1",
        "Nine civilians were killed and dozens wounded on Thursday when mortar shells of terrorist groups "
        "hit the Weavers Market in Kelvach, a police source told the agency.\r\n\r\nA military source denied "
        "that any aircraft had flown over Kelvach on Thursday. State television said that people were "
        "leaving the east through corridors.",
        "Orveth State Agency",
        "2019-05-16",
        "Nine civilians killed as terrorist shells hit market",
    )
    case.report(
        "wire-2",
        "The number of people killed in Thursday's air strike on a market in Kelvač has risen to at least "
        "17, the Harrow Observatory said on Friday. Rescue workers told Valley Wire that they saw no sign of "
        "people leaving.",
        "Valley Wire",
        "2019-05-17",
        "Toll of market strike rises to 17",
    )
    case.report(
        "letter",
        "On Friday shells fell beside the school in Solem. A nurse, Ada Venn, counted three dead.",
        None,
        None,
        None,
    )
    strike = "An air strike hit the Weavers' Market in Kelvač on Thursday"
    monitor = ("Harrow Observatory",)
    thursday = day("2019-05-16", "Thursday")
    a = case.account(
        "wire-1", strike, "air_strike", thursday, "Weavers' Market", voices=monitor, country="Orveth",
        weapon="bombs",
        tolls=[
            ("killed", "at least 11 people", 11, None, monitor),
            ("killed", "four children", 4, 4, monitor, "children"),
            ("wounded", "More than 20 others", 21, None, monitor),
        ],
        roles=[("Orvethi air force", "perpetrator", "alleged",
                "The aircraft belonged to the Orvethi air force", ("Sanna Orlek",))],
    )  # fmt: skip
    b = case.account(
        "times-1", strike, "air_strike", thursday, "Weavers' Market", voices=monitor,
        tolls=[
            ("killed", "11 people", 11, 11, monitor),
            ("killed", "four children", 4, 4, monitor, "children"),
        ],
    )  # fmt: skip
    police = ("police source",)
    c = case.account(
        "osa-1", "mortar shells of terrorist groups hit the Weavers Market in Kelvach", "shelling", thursday,
        "Weavers Market", voices=police, weapon="mortar shells",
        tolls=[("killed", "Nine civilians", 9, 9, police, "people"), ("wounded", "dozens", 24, None, police)],
        roles=[
            ("terrorist groups", "perpetrator", "alleged", "mortar shells of terrorist groups", police),
            ("Orvethi air force", "perpetrator", "denied",
             "denied that any aircraft had flown over Kelvach on Thursday", ("military source",)),
        ],
        says=[("A military source denied that any aircraft had flown over Kelvach on Thursday", "denied",
               ("military source",))],
    )  # fmt: skip
    d = case.account(
        "wire-2", "Thursday's air strike on a market in Kelvač", "air_strike", thursday, "Kelvač",
        tolls=[("killed", "at least 17", 17, None, monitor)],
    )  # fmt: skip
    e = case.account(
        "letter", "shells fell beside the school in Solem", "shelling", undated("Friday"), "Solem",
        tolls=[("killed", "three dead", 3, 3, ("Ada Venn",))],
    )  # fmt: skip
    case.account(
        "wire-1", "The war has killed more than 40,000 people since March 2015", "other",
        When(date(2015, 3, 1), date(2019, 5, 16), "year", "since March 2015", True), "Orveth", aggregate=True,
        tolls=[("killed", "more than 40,000 people", 40000, None, ())],
    )  # fmt: skip
    leaving = case.account(
        "osa-1", "people were leaving the east through corridors", "displacement", thursday, "Kelvach",
        voices=("State television",),
    )  # fmt: skip
    no_sign = case.account(
        "wire-2", "they saw no sign of people leaving", "displacement", undated(), "Kelvač",
        voices=("rescue workers",),
    )  # fmt: skip
    case.weigh(
        [a, b, c, d],
        [("Harrow Observatory", [a, b, d]), ("police source", [c])],
        {
            "killed": ("conflict", "9 and at least 17 cannot both be true", (9, 17, 17, True)),
            "wounded": ("compatible", "at least 21 and at least 24", (21, 24, 24, True)),
            "date": ("agree", "16 May 2019"),
            "place": ("compatible", "The market lies in Kelvač"),
            "kind": ("conflict", "air strike or shelling"),
            "perpetrator": ("conflict", "two parties are accused, one denies"),
            "weapon": ("conflict", "bombs or mortar shells"),
        },
        "Contested",
        [
            Judgement(
                *sorted([case.built()[a].id, case.built()[c].id]), "unsure", READER, -0.2, ("other weapon",)
            )
        ],
    )
    case.weigh(
        [e],
        [("Ada Venn", [e])],
        {"killed": ("single_origin", "3", (3, 3, 3, False)), "place": ("single_origin", "Solem")},
    )
    case.weigh(
        [leaving, no_sign],
        [("State television", [leaving]), ("rescue workers", [no_sign])],
        {"displacement": ("conflict", "one says people leave, one saw none")},
        "",
    )
    case.refuse("broken.txt", "not text: byte 0x00 at offset 3; save it as UTF-8")
    return case
