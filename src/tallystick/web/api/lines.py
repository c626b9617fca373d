"""The nouns as JSON: the lines of the dossier's export, with the ids that the desk goes by."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from tallystick.desk import ReportRow, Row
from tallystick.dossier.export import account_line, claim_line, documents, finding_line, incident_line
from tallystick.dossier.export import judgement_line as of_judgement
from tallystick.dossier.facts import Index, called
from tallystick.model import Account, Claim, Document, DocumentId, Event, Finding, Judgement, Record, Weighed
from tallystick.web.api.answers import path_of
from tallystick.web.here import Here
from tallystick.web.standing import VEILED, Stand, Veil

Line = dict[str, Any]
ENDS = ("low", "best", "high", "open")


def index_of(here: Here, accounts: Iterable[Account], reports: Iterable[str]) -> Index:
    """What the lines look up, of these accounts and of all claims of these reports."""
    told_of = {account.id: account for account in accounts}
    names = {DocumentId(name) for name in reports} | {each.document for each in told_of.values()}
    held = {name: document for name in sorted(names) if (document := here.desk.document(name)) is not None}
    as_told = {claim.id: claim for name in held for claim in here.desk.claims_of(name)}
    meant = {claim.id: claim for account in told_of.values() for claim in account.claims}
    return Index(
        documents=held,
        claims=as_told | meant,
        told=meant | as_told,
        accounts=told_of,
        incident_of=here.desk.incidents_of(told_of),
        weighed={},
        names={name: str(name) for name in held},
    )


def accounts(here: Here, names: Iterable[str]) -> list[Line]:
    """Accounts by their ids, in the order given."""
    found = [account for name in names if (account := here.desk.account(name)) is not None]
    index = index_of(here, found, ())
    return [account_line(account, index) for account in found if account.document in index.documents]


def claims(here: Here, told: Iterable[Claim]) -> list[Line]:
    """Claims as told, each with the incident that its account belongs to."""
    many = list(told)
    names = dict.fromkeys(claim.account for claim in many if claim.account)
    held = [account for name in names if (account := here.desk.account(name)) is not None]
    index = index_of(here, held, {claim.span.document for claim in many})
    known = {claim.id: claim for claim in many} | dict(index.claims)
    index.claims.update(known)
    return [
        claim_line(claim, index)
        | {"incident": index.incident_of.get(claim.account) if claim.account else None}
        for claim in many
    ]


def report(document: Document, row: ReportRow | None, index: Index) -> Line:
    """One report with its text."""
    [line] = documents(Record("", (), (document,), (), (), (), ()), index)
    return {
        **line,
        "name": document.name,
        "remarks": [each.text for each in row.remarked] if row else [],
        "accounts": row.accounts if row else 0,
        "claims": row.claims if row else 0,
        "undecided": row.undecided if row else 0,
    }


def report_row(row: ReportRow) -> Line:
    """One report in a list."""
    return {
        "id": row.id,
        "name": row.name,
        "capture": row.capture,
        "title": row.title or None,
        "publisher": row.publisher or None,
        "published": row.published.isoformat() if row.published else None,
        "language": row.language or None,
        "accounts": row.accounts,
        "claims": row.claims,
        "undecided": row.undecided,
        "remarks": [each.text for each in row.remarked],
    }


def row(here: Here, one: Row) -> Line:
    """An incident or matter in a list."""
    return {
        "id": one.id,
        "sort": one.sort,
        "kind": one.kind,
        "title": one.title,
        "days": one.days,
        "start": one.start.isoformat() if one.start else None,
        "end": one.end.isoformat() if one.end else None,
        "place": one.place or None,
        "province": one.province or None,
        "country": one.country or None,
        "latitude": one.latitude,
        "longitude": one.longitude,
        "radius_km": one.radius_km,
        "tolls": {name: dict(zip(ENDS, ends, strict=True)) for name, ends in one.tolls.items()},
        "verdicts": dict(one.verdicts),
        "accused": list(one.parties),
        "origins": one.origins,
        "reports": one.reports,
        "accounts": one.accounts,
        "grade": one.grade or None,
        "disputes": one.disputes,
        "undecided": one.undecided,
        "url": path_of(here, "matters" if one.sort == "matter" else "incidents", one.id),
    }


def incident(weighed: Weighed, judged: Iterable[Judgement]) -> Line:
    """An incident or matter with all that was found of it, and what is judged among its accounts."""
    goes_by, line = called(weighed), incident_line(weighed)
    for name, told in line["tolls"].items():
        found = weighed.finding(name)
        if told is not None and found is not None and found.range is not None:
            line["tolls"][name] = told | {"open": found.range.open, "open_below": found.range.open_below}
    return {
        **line,
        "title": goes_by.title,
        "days": goes_by.days,
        "findings": [finding(each, weighed) for each in weighed.findings],
        "judgements": [judgement(each) for each in judged],
    }


def finding(told: Finding, weighed: Weighed) -> Line:
    """A finding with its range, and the arithmetic of it in words."""
    names = (*ENDS, "open_below", "arithmetic")
    reach = {name: getattr(told.range, name) for name in names} if told.range else None
    return finding_line(told, weighed) | {"range": reach}


def judgement(told: Judgement) -> Line:
    """What is judged of two accounts, and by whom."""
    return of_judgement(told) | {"by_person": told.by_person}


def said(stand: Stand) -> list[Line]:
    """What people said of a claim, as far as it may be seen."""
    return [
        {
            "by": each.by,
            "verdict": each.verdict,
            "correction": each.what or None,
            "note": each.note,
            "mine": each.mine,
        }
        for each in stand.said
    ]


def decision(veil: Veil, seq: int, event: Event) -> Line:
    """A decision of the history, or what may be seen of it."""
    shown = veil.of(event)
    hidden = shown.facts.get("verdict") == VEILED
    return {
        "seq": seq,
        "at": event.at,
        "what": event.what,
        "item": event.item,
        "by": event.by,
        "signed_in_as": event.who or None,
        "facts": {} if hidden else dict(shown.facts),
        "note": shown.note,
        "hidden": hidden,
    }
