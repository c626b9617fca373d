"""The grades and precisions that an incident would get under others' schemes: computed, never their verdict.

Nothing here is stored, so that nothing here overwrites what a reviewer sets. The grade follows the
scheme of Airwars; where and when follow the codebooks of UCDP GED (``where_prec``, ``date_prec``) and of
ACLED (geographic and time precision), as retold in the project's vocabularies.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence

from tallystick.findings import blame
from tallystick.findings.context import Context
from tallystick.findings.status import accused, combatants_only
from tallystick.findings.wording import listed
from tallystick.model import Finding, Grade, Incident
from tallystick.values.agreement import Verdict
from tallystick.values.names import fold
from tallystick.values.place import Place
from tallystick.values.when import When

TOWN_KM, DISTRICT_KM, PROVINCE_KM = 12.0, 30.0, 150.0  # how far a place may reach and still be called that
_NEAR = re.compile(
    r"\b(?:near|outside|around|outskirts|between|towards?|km|kilomet(?:er|re)s?|miles?|road|highway"
    r"|(?:north|south|east|west)\w* of)\b",
    re.I,
)


def grades(
    incident: Incident, n_origins: int, findings: Sequence[Finding], context: Context
) -> tuple[Grade, ...]:
    """Every grade that can be computed of an incident of harm, Airwars' first, each with its reason."""
    return (airwars(incident, n_origins, findings, context), *_precisions(incident))


def airwars(incident: Incident, n_origins: int, findings: Sequence[Finding], context: Context) -> Grade:
    """Confirmed, Fair, Weak, Contested or Discounted, as Airwars' scheme would have it.

    That the harmed were combatants discounts an incident only where somebody else than the accused says so,
    and nobody calls them civilians.
    """
    said = [each for account in incident.accounts for each in blame.laid(account)]
    by_field = {finding.field: finding for finding in findings}
    speakers = sorted({context.origin(claim) for claim in combatants_only(incident)})
    if speakers and (others := sorted(set(speakers) - set(accused(incident, speakers)))):
        return _airwars("Discounted", f"the harmed were combatants, on the word of {listed(others)}")
    note = f"; only {listed(speakers)}, to whom it is laid, calls the harmed combatants" if speakers else ""
    who = by_field.get("perpetrator")
    if who is not None and who.verdict is Verdict.CONFLICT:
        return _airwars("Contested", f"{who.reason or 'attributions of responsibility compete'}{note}")
    if accepting := sorted({role.party.name for _, role in said if blame.accepts(role)}):
        return _airwars("Confirmed", f"{listed(accepting)} accepts responsibility{note}")
    named = sorted({role.party.name for _, role in said})
    origins = "one origin" if n_origins == 1 else f"{n_origins} independent origins"
    if n_origins >= 2 and named:
        return _airwars("Fair", f"{origins}, and {listed(named)} named as likely responsible{note}")
    lack = f"{origins} alone" if n_origins == 1 else f"{origins}, but nobody is named as responsible"
    return _airwars("Weak", f"{lack}{note}")


def _airwars(value: str, reason: str) -> Grade:
    return Grade("Airwars", "grade", value, reason)


def _precisions(incident: Incident) -> Iterable[Grade]:
    places = [account.telling.place for account in incident.accounts if account.telling.place]
    named = Counter(fold(place.name) for place in places)
    where = [(-named[fold(place.name)], *found) for place in places if (found := _where(place))]
    if where:
        _, ucdp, acled, reason = min(where)  # as most accounts tell it, and then the most exact
        yield Grade("UCDP", "where_prec", str(ucdp), reason)
        yield Grade("ACLED", "geo_precision", str(acled), reason)
    times = [found for account in incident.accounts if (found := _time(account.telling.when))]
    if times:
        ucdp, acled, reason = min(times)
        yield Grade("UCDP", "date_prec", str(ucdp), reason)
        yield Grade("ACLED", "time_precision", str(acled), reason)


def _where(place: Place) -> tuple[int, int, str] | None:
    """UCDP's and ACLED's precision of a place, and why; ``None`` for one that no list has.

    UCDP: 1 exact, 2 near, 3 district, 4 province, 5 part of a country, 6 country. ACLED: 1 a place, 2 near
    one or a small area, 3 a larger region.
    """
    if place.country and fold(place.name) == fold(place.country):
        return 6, 3, f"only the country is told: {place.name}"
    province = bool(place.admin1) and fold(place.name) == fold(place.admin1)
    if place.radius_km is None:
        return (4, 3, f"only the province is told: {place.name}") if province else None
    reach = place.radius_km
    if reach <= TOWN_KM and place.code and not _NEAR.search(place.words or ""):
        return 1, 1, f"{place.name} is found in a list"
    if reach <= TOWN_KM:
        return 2, 2, f"it is told near or within a place that a list has: {place.words or place.name}"
    if reach <= DISTRICT_KM:
        return 3, 2, f"an area that reaches {reach:.0f} km: {place.name}"
    if reach <= PROVINCE_KM:
        return 4, 3, f"a province or an area as wide: {place.name}"
    return 5, 3, f"a part of a country that reaches {reach:.0f} km: {place.name}"


def _time(told: When) -> tuple[int, int, str] | None:
    """UCDP's and ACLED's precision of a time, and why; ``None`` where a bound is not told.

    UCDP: 1 a day, 2 two to six days, 3 a week, 4 a month, 5 longer. ACLED: 1 a day, 2 a week, 3 vaguer.
    """
    if told.start is None or told.end is None:
        return None
    days = (told.end - told.start).days + 1
    ucdp = next(code for most, code in ((1, 1), (6, 2), (7, 3), (31, 4), (days, 5)) if days <= most)
    reason = "a day is told" if days == 1 else f"the time told spans {days:,} days"
    return ucdp, 1 if days == 1 else 2 if days <= 7 else 3, reason
