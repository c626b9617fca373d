"""The record as JSON lines, for other programs: five files in one folder.

``documents`` · ``claims`` · ``accounts`` · ``incidents`` · ``findings``. Keys are always present
and null where not known; offsets count code points; lines are in order of their ids, so that two
runs give the same bytes.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from tallystick.dossier import facts
from tallystick.dossier.redaction import Redacted
from tallystick.dossier.shelf import placed
from tallystick.dossier.sweep import sweep
from tallystick.model import (
    FIELDS,
    Account,
    Claim,
    Finding,
    Judgement,
    Record,
    Role,
    Telling,
    Toll,
    Voice,
    Weighed,
    plain,
)
from tallystick.values.agreement import Verdict
from tallystick.values.place import Place
from tallystick.values.when import UNKNOWN, When

Line = dict[str, Any]

FILES = ("documents.jsonl", "claims.jsonl", "accounts.jsonl", "incidents.jsonl", "findings.jsonl")


def export(record: Record, folder: Path, redacted: Redacted | None = None) -> None:
    """Write ``record`` into ``folder``, in place of an export that stands there.

    What is ``redacted`` is searched once more when it is written. Raises ``AskedWrongly`` where the folder
    holds anything else, or cannot be written to, and ``WouldLeak`` where a file holds what was to go.
    """
    told = lines(record)
    with placed(folder, _is_export, "an export") as fresh:
        for name in FILES:
            _write(fresh / name, told[name.removesuffix(".jsonl")])
        if redacted is not None:
            sweep(fresh, redacted)


def lines(record: Record) -> dict[str, list[Line]]:
    """What is handed on of each noun, under the names of ``FILES``: one line a row, in order of their ids."""
    index = facts.index(record)
    told: Mapping[str, Iterable[Line]] = {
        "documents": documents(record, index),
        "claims": (claim_line(each, index) for each in record.claims),
        "accounts": (account_line(each, index) for each in record.accounts),
        "incidents": (incident_line(each) for each in facts.incidents(record)),
        "findings": (
            finding_line(each, weighed)
            for weighed in (*facts.incidents(record), *facts.matters(record))
            for each in weighed.findings
        ),
    }
    return {noun: in_order(many) for noun, many in told.items()}


def in_order(many: Iterable[Line]) -> list[Line]:
    """Lines in the order of their ids; a key that several have, from equal rows, is one row."""
    by_id = {line["id"]: line for line in many}
    return [by_id[name] for name in sorted(by_id)]


def _is_export(folder: Path) -> bool:
    return all(path.name in FILES and path.is_file() for path in folder.iterdir())


def _write(path: Path, told: Iterable[Line]) -> None:
    with path.open("wb") as file:
        for line in told:
            text = json.dumps(line, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
            # A lone surrogate, which UTF-8 cannot hold, becomes the escape that JSON has for it.
            file.write(text.encode("utf-8", "backslashreplace") + b"\n")


def documents(record: Record, index: facts.Index) -> list[Line]:
    """One line for each report, under its own id."""
    remarks: dict[str, list[str]] = {}
    for remark in record.remarks:
        remarks.setdefault(remark.document, []).append(remark.text)
    return [
        {
            "id": index.names[document.id],
            "capture": document.capture,
            "title": document.title,
            "publisher": document.publisher,
            "published": document.published.isoformat() if document.published else None,
            "published_from": document.published_from,
            "url": document.url,
            "language": document.language,
            "language_from": document.language_from,
            "pages": document.pages or None,
            "remarks": remarks.get(document.id, []),
            "text": document.text,
        }
        for document in record.documents
    ]


def claim_line(claim: Claim, index: facts.Index) -> Line:
    """One claim as told, with its words, its offsets in code points and how sure its maker was."""
    account = index.accounts.get(claim.account) if claim.account else None
    when = account.telling.when if account else UNKNOWN
    if isinstance(claim.value, Telling):
        when = claim.value.when
    return {
        "id": claim.id,
        "document": index.names[claim.span.document],
        "start": claim.span.start,
        "end": claim.span.end,
        "quote": claim.span.quote,
        "pages": index.documents[claim.span.document].sheets(claim.span),
        "account": claim.account,
        "topic": claim.topic,
        "voices": [_voice(*both) for both in zip(claim.voices, index.claims[claim.id].voices, strict=True)],
        "stance": claim.stance,
        "value": _value(claim),
        "time": when_line(when),
        "maker": {"name": claim.maker.name, "version": claim.maker.version or None},
        "confidence": claim.confidence,
    }


def _voice(voice: Voice, meant: Voice) -> Line:
    """A speaker under the name that was told, and under that of whom it means, where that is another."""
    return {
        "name": voice.name,
        "party": meant.name if meant.name != voice.name else voice.party.name if voice.party else None,
        "start": voice.span.start if voice.span else None,
        "end": voice.span.end if voice.span else None,
    }


def _value(claim: Claim) -> Line | None:
    value = claim.value
    if isinstance(value, Toll):
        count = value.count
        bounds = {"low": count.low, "high": count.high, "approx": count.approx}
        return {"kind": value.kind, **bounds, "group": value.group}
    if isinstance(value, Role):
        return {"actor": value.party.name, "role": value.role, "stance": value.stance}
    if isinstance(value, Telling):
        return {
            "kind": value.kind,
            "aggregate": value.aggregate,
            "primary": value.primary,
            "date": when_line(value.when),
            "place": place_line(value.place),
            "weapon": value.weapon,
            "target": value.target,
        }
    return None


def account_line(account: Account, index: facts.Index) -> Line:
    """One account: what its report tells of one event or matter, with its tolls and its parties."""
    telling = account.telling
    return {
        "id": account.id,
        "document": index.names[account.document],
        "start": account.span.start,
        "end": account.span.end,
        "quote": account.span.quote,
        "aggregate": telling.aggregate,
        "primary": telling.primary,
        "kind": telling.kind,
        "date": when_line(telling.when),
        "place": place_line(telling.place),
        # A denied figure is a claim (claims.jsonl), and no toll of the account.
        "tolls": [_toll(claim, toll, index) for claim, toll in account.tolls() if claim.stance != "denied"],
        "actors": [_actor(claim, role, index) for claim, role in account.roles()],
        "weapon": telling.weapon,
        "target": telling.target,
        "incident": index.incident_of.get(account.id),
    }


def _toll(claim: Claim, toll: Toll, index: facts.Index) -> Line:
    source = index.told[claim.id].source
    return {
        "kind": toll.kind,
        "low": toll.count.low,
        "high": toll.count.high,
        "approx": toll.count.approx,
        "group": toll.group,
        "voice": source.name if source else None,
        "text": claim.span.quote,
        "start": claim.span.start,
        "end": claim.span.end,
    }


def _actor(claim: Claim, role: Role, index: facts.Index) -> Line:
    """A party under the name that was told, and under that of the party it means."""
    as_told = index.told[claim.id]
    told, source = as_told.value, as_told.source
    assert isinstance(told, Role)
    return {
        "name": told.party.name,
        "party": role.party.name,
        "role": role.role,
        "stance": role.stance,
        "voice": source.name if source else None,
    }


def when_line(when: When) -> Line:
    """A day or days with the words that told them, and how exact they are."""
    return {
        "start": when.start.isoformat() if when.start else None,
        "end": when.end.isoformat() if when.end else None,
        "text": when.words,
        "precision": when.precision,
    }


def place_line(place: Place | None) -> Line:
    """A place as told; each key null where there is none."""
    return {
        "text": place.words if place else None,
        "name": place.name if place else None,
        "admin1": place.admin1 if place else None,
        "country": place.country if place else None,
        "latitude": place.latitude if place else None,
        "longitude": place.longitude if place else None,
        "radius_km": place.radius_km if place else None,
    }


def incident_line(weighed: Weighed) -> Line:
    """One incident or matter: its accounts, its origins, its reported ranges and a verdict for each field."""
    gathered, called = weighed.incident, facts.called(weighed)
    return {
        "id": gathered.id,
        "former_ids": list(gathered.former_ids),
        "accounts": sorted(each.id for each in gathered.accounts),
        "kind": called.kind,
        "date": when_line(called.when),
        "place": place_line(called.place),
        "origins": [{"name": origin.name, "accounts": sorted(origin.accounts)} for origin in weighed.origins],
        "tolls": {kind: _range(weighed.finding(kind)) for kind in ("killed", "wounded", "captured")},
        "verdicts": {field: _verdict(weighed.finding(field)) for field in FIELDS},
        "grade": weighed.grade or None,
        "grades": [plain(grade) for grade in weighed.grades],
        "disputes": [judgement_line(judgement) for judgement in gathered.disputes],
    }


def _range(finding: Finding | None) -> Line | None:
    if finding is None or finding.range is None:
        return None
    told = finding.range
    return {"low": told.low, "best": told.best, "high": told.high, "claims": list(told.claims)}


def _verdict(finding: Finding | None) -> str:
    return str(finding.verdict if finding else Verdict.UNKNOWN)


def judgement_line(judgement: Judgement) -> Line:
    """What was judged of two accounts, how surely (log-odds), why and by whom."""
    return {
        "id": judgement.id,
        "left": judgement.left,
        "right": judgement.right,
        "verdict": judgement.verdict,
        "score": judgement.score,
        "reasons": list(judgement.reasons),
        "maker": {"name": judgement.maker.name, "version": judgement.maker.version or None},
    }


def finding_line(finding: Finding, weighed: Weighed) -> Line:
    """What was found on one field of an incident or matter, and the claims that make it."""
    is_matter = weighed.incident.is_matter
    return {
        "id": finding.id,
        "incident": None if is_matter else finding.incident,
        "matter": finding.incident if is_matter else None,
        "field": finding.field,
        "verdict": str(finding.verdict),
        "claims": list(finding.claims),
        "summary": finding.summary,
        "reason": finding.reason or None,
    }
