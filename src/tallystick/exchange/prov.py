"""W3C PROV-JSON: from each sentence of a dossier back to the bytes that were received.

    passage ── wasDerivedFrom ─→ claim ── wasQuotedFrom ─→ report ── wasDerivedFrom ─→ capture (its SHA-256)
    claim   ── wasAttributedTo → the voice that says it, and whom that relays; ── wasGeneratedBy → its reading
    claim   ── hadPrimarySource → the report, where the outlet tells it on its own word
    report  ── wasDerivedFrom ─→ the report that it copies, where days or a citation tell which was first

Quotation and primary source are kinds of derivation, as PROV has them. The words and their offsets stand with
each claim, so that it can be held against the text. https://www.w3.org/submissions/prov-json/
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tallystick.dossier.compose import compose
from tallystick.exchange import files
from tallystick.exchange.cells import sound
from tallystick.exchange.happenings import Happening, happenings
from tallystick.model import Claim, Document, Maker, Record, digest

FILE = "prov.json"
OURS = "urn:tallystick:"
_KINDS = (
    "entity",
    "activity",
    "agent",
    "wasDerivedFrom",
    "wasGeneratedBy",
    "used",
    "wasAttributedTo",
    "wasAssociatedWith",
)


def write(record: Record, folder: Path) -> None:
    """Write ``prov.json`` of ``record`` into ``folder``."""
    files.whole(folder / FILE, document(record))


def document(record: Record) -> dict[str, Any]:
    """The whole as one PROV document."""
    return _Prov(record).document()


class _Prov:
    """A PROV document in the making; each thing is told once, however often it is named."""

    def __init__(self, record: Record) -> None:
        self._record = record
        self._told: dict[str, dict[str, Any]] = {kind: {} for kind in _KINDS}

    def document(self) -> dict[str, Any]:
        self._captures()
        for report in self._record.documents:
            self._report(report)
        for one in happenings(self._record):
            self._happening(one)
        told = {kind: dict(sorted(many.items())) for kind, many in self._told.items() if many}
        return {"prefix": {"tallystick": OURS}, **told}

    def _captures(self) -> None:
        for capture in self._record.captures:
            self._tell(
                "entity", capture.id,
                {"prov:type": "capture", "tallystick:sha256": capture.id, "tallystick:size": capture.size,
                 "tallystick:mediaType": capture.media_type, "tallystick:received": capture.received},
            )  # fmt: skip

    def _report(self, report: Document) -> None:
        day = report.published.isoformat() if report.published else None
        self._tell(
            "entity", report.id,
            {"prov:type": "report", "prov:label": report.title, "tallystick:published": day,
             "tallystick:url": report.url},
        )  # fmt: skip
        self._derived(report.id, report.capture)
        if report.publisher:
            self._attributed(report.id, report.publisher)

    def _happening(self, one: Happening) -> None:
        own = {
            name for taking in one.weighed.lineage.takings if taking.kind == "own" for name in taking.claims
        }
        for account in one.weighed.incident.accounts:
            for claim in account.claims:
                self._claim(one.index.claims.get(claim.id, claim), claim.id in own)
        for taking in one.weighed.lineage.takings:
            if taking.kind in ("copy", "passage") and taking.directed:
                self._derived(taking.taker, taking.source)
        self._tell("entity", one.id, {"prov:type": "incident", "prov:label": one.called.title})
        for passage in compose(one.weighed, one.index.documents):
            claims = [claim.id for claim in passage.claims]
            name = digest("psg", one.id, passage.text, claims)
            self._tell("entity", name, {"prov:type": "passage", "prov:value": passage.text})
            self._derived(one.id, name)
            for cited in claims:
                self._derived(name, cited)

    def _claim(self, claim: Claim, own: bool) -> None:
        span = claim.span
        self._tell(
            "entity", claim.id,
            {"prov:type": "claim", "prov:value": span.quote, "tallystick:start": span.start,
             "tallystick:end": span.end, "tallystick:topic": claim.topic, "tallystick:stance": claim.stance},
        )  # fmt: skip
        self._derived(claim.id, span.document, "prov:Quotation")
        if own:
            self._derived(claim.id, span.document, "prov:PrimarySource")
        for voice in claim.voices:
            self._attributed(claim.id, voice.name)
        self._read(claim)

    def _read(self, claim: Claim) -> None:
        """The reading that gave a claim: of one report, by one program or one person."""
        maker: Maker = claim.maker
        agent, reading = digest("mkr", maker), digest("rdg", maker, claim.span.document)
        sort = "prov:SoftwareAgent" if maker.version else "prov:Person"
        self._tell(
            "agent", agent,
            {"prov:type": _name_of(sort), "prov:label": maker.name,
             "tallystick:version": maker.version or None},
        )  # fmt: skip
        self._tell("activity", reading, {"prov:type": "reading"})
        self._tie("used", {"prov:activity": reading, "prov:entity": claim.span.document})
        self._tie("wasAssociatedWith", {"prov:activity": reading, "prov:agent": agent})
        self._tie("wasGeneratedBy", {"prov:entity": claim.id, "prov:activity": reading})

    def _attributed(self, entity: str, who: str) -> None:
        agent = digest("voi", who)
        self._tell("agent", agent, {"prov:label": who})
        self._tie("wasAttributedTo", {"prov:entity": entity, "prov:agent": agent})

    def _derived(self, later: str, earlier: str, kind: str = "") -> None:
        told: dict[str, Any] = {"prov:generatedEntity": later, "prov:usedEntity": earlier}
        self._tie("wasDerivedFrom", told, {"prov:type": _name_of(kind)} if kind else {})

    def _tell(self, kind: str, name: str, properties: dict[str, Any]) -> None:
        held = {key: _sound(value) for key, value in properties.items() if value is not None}
        self._told[kind].setdefault(f"tallystick:{_word(name)}", held)

    def _tie(self, kind: str, ends: dict[str, str], properties: dict[str, Any] | None = None) -> None:
        told = {key: f"tallystick:{_word(name)}" for key, name in ends.items()} | (properties or {})
        self._told[kind].setdefault(f"_:{digest('tie', kind, told)}", told)


def _word(name: str) -> str:
    """An id as the local part of a qualified name: letters, digits and hyphens."""
    return name if name.isascii() and name.replace("-", "").isalnum() else digest("id", name)


def _name_of(kind: str) -> dict[str, str]:
    return {"$": kind, "type": "prov:QUALIFIED_NAME"}


def _sound(value: Any) -> Any:
    return sound(value) if isinstance(value, str) else value
