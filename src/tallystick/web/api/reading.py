"""What programs look at: cases, reports, claims, accounts, incidents and matters."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, Literal

from starlette.responses import Response

from tallystick import __version__
from tallystick.desk import Wanted
from tallystick.dossier.pair import Window
from tallystick.model import ClaimId
from tallystick.web.api import lines
from tallystick.web.api.answers import after, as_json, limit, page, path_of
from tallystick.web.api.bearer import Holder
from tallystick.web.cards import Cards
from tallystick.web.here import Here
from tallystick.web.row import PREFIX
from tallystick.web.standing import gone
from tallystick.web.tokens import moment

Sort = Literal["incident", "matter"]
SCANNED = 100  # reports whose claims are looked through for one page


def token(here: Here) -> Response:
    """Whose token it is that was shown, and what it opens."""
    assert isinstance(here.visitor, Holder)
    shown = here.visitor.shown
    assert shown is not None, "who has no token is not let in"
    told = {
        "id": shown.id,
        "person": shown.person,
        "label": shown.label,
        "case": shown.place or None,
        "role": shown.role.word,
        "ends": moment(shown.ends),
        "program": __version__,
    }
    return as_json(told)


def cases(here: Here) -> Response:
    """The cases that the token opens."""
    found = [
        {
            "case": key,
            "name": opened.case.name,
            "role": here.door.role(here.visitor, key).word,
            "url": f"{PREFIX}cases/{key}",
        }
        for key, opened in sorted(here.cases.items())
    ]
    return as_json({"items": found})


def case(here: Here) -> Response:
    """One case: its figures as of the custody event ``at``."""
    told, rules = here.desk.overview(), here.desk.case.settings
    return as_json(
        {
            "case": here.key,
            "name": here.desk.case.name,
            "role": here.role.word,
            "at": told.at,
            "countries": list(rules.countries),
            "second_check": rules.second_check,
            "reports": told.reports,
            "publishers": told.publishers,
            "incidents": told.incidents,
            "matters": told.matters,
            "accounts": told.accounts,
            "differing": told.differing,
            "undecided": dict(told.undecided),
            "decided": told.decided,
            "looked_at_twice": told.looked_at_twice,
            "agreed": told.agreed,
            "first": _iso(told.first),
            "last": _iso(told.last),
            "refused": told.refused,
        }
    )


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


# ---------------------------------------------------------------------------------------- reports


def reports(here: Here) -> Response:
    """The reports, in order of their ids."""
    asked, most = here.query, limit(here)
    [last] = after(here, str) or [""]
    found = here.desk.walk_reports(
        words=asked.get("q", ""),
        publisher=asked.get("publisher", ""),
        language=asked.get("language", ""),
        only=asked.get("only", ""),
        after=last,
        limit=most + 1,
    )
    ends = [found[most - 1].id] if len(found) > most else None
    return page(here, [lines.report_row(each) for each in found[:most]], ends)


def report(here: Here) -> Response:
    """One report with its text."""
    name = here.request.path_params["id"]
    document = here.desk.document(name)
    if document is None:
        raise gone(here, "This report is not in the case.")
    return as_json(lines.report(document, here.desk.report_row(name), lines.index_of(here, (), [name])))


# ----------------------------------------------------------------------------------------- claims


def claims(here: Here) -> Response:
    """The claims as they stand, in order of reports and ids; a page looks through so many reports at most."""
    asked, most = here.query, limit(here)
    report, last = after(here, str, str) or ["", ""]
    found: list[Any] = []
    names = [report] if report else []
    if asked.get("report"):
        names = [asked["report"]]
    else:
        names += [each.id for each in here.desk.walk_reports(after=report, limit=SCANNED)]
    for name in names:
        stand = sorted(here.desk.claims_of(name), key=lambda claim: claim.id)
        found += [each for each in stand if _fits(here, each) and (name, each.id) > (report, last)]
        if len(found) > most:
            break
    ends: list[str] | None = None
    if len(found) > most:
        ends = [found[most - 1].span.document, found[most - 1].id]
    elif not asked.get("report") and len(names) >= SCANNED:
        ends = [names[-1], "~"]  # behind every id: this report was looked through
    return page(here, lines.claims(here, found[:most]), ends)


def _fits(here: Here, claim: Any) -> bool:
    return all(getattr(claim, name) == here.query[name] for name in ("topic", "stance") if name in here.query)


def claim(here: Here) -> Response:
    """One claim as told, and what stands of it; also one that does not stand any more."""
    name = ClaimId(here.request.path_params["id"])
    cards = Cards(here)
    report, card = here.desk.document_of(name), cards.claim(name)
    if report is None or card is None:
        raise gone(here, "This claim is not in the case.")
    [line] = lines.claims(here, [cards.known(report)[name]])
    stand = card.stand
    told = {
        **line,
        "stands": any(each.id == name for each in here.desk.claims_of(report)),
        "state": stand.state,
        "said": lines.said(stand),
        "hidden": stand.hidden,
        "grade": card.grade or None,
        "graded_by": card.graded_by or None,
        "reviews": path_of(here, "claims", name, "reviews"),
    }
    return as_json(told)


# --------------------------------------------------------------------------------------- accounts


def accounts(here: Here) -> Response:
    """The accounts, in order of their ids."""
    asked, most = here.query, limit(here)
    [last] = after(here, str) or [""]
    found = here.desk.walk_accounts(
        report=asked.get("report", ""), incident=asked.get("incident", ""), after=last, limit=most + 1
    )
    ends = [found[most - 1]] if len(found) > most else None
    return page(here, lines.accounts(here, found[:most]), ends)


def account(here: Here) -> Response:
    """One account."""
    found = lines.accounts(here, [here.request.path_params["id"]])
    if not found:
        raise gone(here, "This account is not in the case.")
    return as_json(found[0])


# -------------------------------------------------------------------------- incidents and matters


def incidents(here: Here) -> Response:
    """The incidents, in order of their ids."""
    return _listed(here, "incident")


def matters(here: Here) -> Response:
    """The matters, in order of their ids."""
    return _listed(here, "matter")


def _listed(here: Here, sort: Sort) -> Response:
    most, [last] = limit(here), after(here, str) or [""]
    found = here.desk.walk(_wanted(here.query, sort), after=last, limit=most + 1)
    ends = [found[most - 1].id] if len(found) > most else None
    return page(here, [lines.row(here, each) for each in found[:most]], ends)


def _wanted(asked: Mapping[str, Any], sort: Sort) -> Wanted:
    pairs = [(name, str(asked[name])) for name in ("box", "from", "to") if name in asked]
    window = Window.read([*pairs, *(("kind", kind) for kind in asked.get("kind", ()))])
    return Wanted(
        sort=sort,
        kinds=window.kinds,
        start=window.since,
        end=window.until,
        box=window.box,
        place=asked.get("place", ""),
        party=asked.get("party", ""),
        words=asked.get("q", ""),
        shape=asked.get("verdict", ""),
        differing=asked.get("differ", False),
        waiting=asked.get("waiting", False),
    )


def incident(here: Here) -> Response:
    """One incident."""
    return _one(here, "incident")


def matter(here: Here) -> Response:
    """One matter."""
    return _one(here, "matter")


def _one(here: Here, sort: Sort) -> Response:
    """An incident or matter; a former id leads to the present one, and one of the other sort there."""
    name = here.request.path_params["id"]
    weighed = here.desk.weighed(name)
    if weighed is None:
        raise gone(here, "This incident is not in the case any more, under any name.")
    is_matter = weighed.incident.is_matter
    if weighed.incident.id != name or is_matter != (sort == "matter"):
        where = path_of(here, "matters" if is_matter else "incidents", weighed.incident.id)
        return Response(status_code=307, headers={"Location": where})
    own = {account.id for account in weighed.incident.accounts}
    judged = [each for each in here.desk.judgements_of(sorted(own)) if {each.left, each.right} <= own]
    return as_json(lines.incident(weighed, [each for each in judged if not each.withdrawn]))
