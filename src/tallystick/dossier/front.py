"""What the front page and the long lists say."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tallystick.dossier import maps, times, words
from tallystick.dossier.compose import total
from tallystick.dossier.layout import Chip, Layout, Link, Notes, Ranged, Sentence, chips, reports_of
from tallystick.model import Account, Event, Weighed
from tallystick.values.agreement import Verdict
from tallystick.values.place import Place


@dataclass(frozen=True)
class Row:
    """One incident in a table."""

    href: str
    place: str
    kind: str
    days: str
    tolls: tuple[Ranged, ...]
    chips: tuple[Chip, ...]
    origins: int
    reports: int
    grade: str


@dataclass(frozen=True)
class Item:
    """An incident or a matter with some sentences about it."""

    link: Link
    days: str
    chips: tuple[Chip, ...]
    sentences: tuple[Sentence, ...]


@dataclass(frozen=True)
class ReportRow:
    """One report in the list, with the digest of the bytes it came in."""

    href: str
    title: str
    publisher: str
    published: str
    accounts: int
    capture: str
    text_digest: str
    received: str
    came_from: str
    url: str


def counts(layout: Layout) -> tuple[tuple[str, str], ...]:
    """The figures at the head of the dossier. They count rows of the record, never people."""
    documents = layout.record.documents
    unnamed = sum(not document.publisher for document in documents)
    publishers = len({document.publisher for document in documents if document.publisher})
    origins = len({origin.name for weighed in layout.all for origin in weighed.origins})
    differ = sum(f.verdict is Verdict.CONFLICT for weighed in layout.all for f in weighed.findings)
    plural = (
        (len(documents), "report", "reports"),
        (publishers, "publisher", "publishers"),
        (origins, "origin", "origins"),
        (len(layout.incidents), "incident", "incidents"),
        (differ, "field where sources differ", "fields where sources differ"),
        (len(layout.record.refusals), "item refused", "items refused"),
        (_remarked(layout, "date"), "doubtful date", "doubtful dates"),
        (_remarked(layout, "reading"), "report to read with care", "reports to read with care"),
    )
    out = [(f"{n:,}", one if n == 1 else many) for n, one, many in plural]
    if unnamed:
        out[1] = (out[1][0], f"{out[1][1]} ({words.number(unnamed, 'report names', 'reports name')} none)")
    return tuple(out)


def _remarked(layout: Layout, about: str) -> int:
    """How many reports have remarks about this."""
    return len({remark.document for remark in layout.record.remarks if remark.about == about})


def rows(layout: Layout, chosen: Sequence[Weighed]) -> tuple[Row, ...]:
    """Incidents as table rows."""
    out = []
    for weighed in chosen:
        called = layout.called[weighed.incident.id]
        out.append(
            Row(
                layout.hrefs.incident(weighed.incident.id, ""),
                words.where(called.place),
                words.capital(words.KINDS[called.kind]),
                called.days,
                layout.tolls(weighed, ("killed", "wounded")),
                chips(weighed),
                len(weighed.origins),
                reports_of(weighed),
                weighed.grade,
            )
        )
    return tuple(out)


def timeline(layout: Layout) -> times.Timeline | None:
    """All incidents of the record over time."""
    moments = []
    for weighed in layout.incidents:
        called, shape = layout.called[weighed.incident.id], _shape(weighed)
        label = f"{called.title}, {called.days}: {shape}"
        href = layout.hrefs.incident(weighed.incident.id, "")
        moments.append(times.Moment(called.when, shape, href, label, _killed(weighed)))
    return times.timeline(moments)


def _killed(weighed: Weighed) -> times.Killed | None:
    finding = weighed.finding("killed")
    told = finding.range if finding else None
    return times.Killed(told.low, told.best, told.high, told.open) if told else None


def chart(layout: Layout) -> maps.Map | None:
    """The incidents of the record whose place was found, on a map."""
    spots = []
    for weighed in layout.incidents:
        called = layout.called[weighed.incident.id]
        place = called.place or Place("", None)
        label = f"{called.title}, {called.days}: {_shape(weighed)}"
        href = layout.hrefs.incident(weighed.incident.id, "")
        spots.append(maps.Spot(place, _shape(weighed), href, label, len(weighed.origins)))
    return maps.draw(spots, layout.ground)


def _shape(weighed: Weighed) -> str:
    """How timeline and map draw an incident: sources differ, one origin, or several without a conflict."""
    if any(finding.verdict is Verdict.CONFLICT for finding in weighed.findings):
        return "sources differ"
    return "one origin" if len(weighed.origins) <= 1 else "several origins"


def disagreements(layout: Layout, notes: Notes, most: int) -> tuple[tuple[Item, ...], int]:
    """Where sources differ: the verdicts of the fields in conflict; and how many are left out.

    Those with most origins come first, because there most is known and most is at stake.
    """
    differing = [
        weighed
        for weighed in layout.all
        if any(finding.verdict is Verdict.CONFLICT for finding in weighed.findings)
    ]
    differing.sort(key=lambda w: (-len(w.origins), -len(w.incident.accounts)))
    out = []
    for weighed in differing[:most]:
        passages = [
            section.passages[0]
            for section in layout.sections(weighed)
            if section.finding and section.finding.verdict is Verdict.CONFLICT
        ]
        out.append(_item(layout, weighed, (), notes.sentences(passages)))
    return tuple(out), max(0, len(differing) - most)


def totals(layout: Layout, notes: Notes, chosen: Sequence[Account]) -> tuple[Sentence, ...]:
    """Totals over several events, each as told."""
    return tuple(notes.sentence(p) for account in chosen for p in total(account, layout.documents))


def matters(layout: Layout, notes: Notes, chosen: Sequence[Weighed]) -> tuple[Item, ...]:
    """Each matter with who says what on it."""
    out = []
    for weighed in chosen:
        passages = [
            passage
            for section in layout.sections(weighed)
            if section.field == "told"
            for passage in section.passages
        ]
        out.append(_item(layout, weighed, chips(weighed), notes.sentences(passages)))
    return tuple(out)


def first_matters(layout: Layout, most: int) -> list[Weighed]:
    """The matters for the front: those on which sources differ, then those with most origins."""

    def rank(weighed: Weighed) -> tuple[bool, int, int]:
        differs = any(finding.verdict is Verdict.CONFLICT for finding in weighed.findings)
        return not differs, -len(weighed.origins), -len(weighed.incident.accounts)

    return sorted(layout.matters, key=rank)[:most]


def _item(layout: Layout, weighed: Weighed, found: tuple[Chip, ...], told: tuple[Sentence, ...]) -> Item:
    called = layout.called[weighed.incident.id]
    return Item(Link(layout.hrefs.incident(weighed.incident.id, ""), called.title), called.days, found, told)


def report_rows(layout: Layout) -> tuple[ReportRow, ...]:
    """Every report with the digest of its capture, by day of publication, undated last."""
    ordered = sorted(
        layout.documents.items(),
        key=lambda item: (
            item[1].published.isoformat() if item[1].published else "9",
            item[1].publisher or "",
            layout.index.names[item[0]],
        ),
    )
    return tuple(
        ReportRow(
            layout.hrefs.report(name, ""),
            document.title or document.name,
            document.publisher or "not told",
            words.day(document.published) if document.published else "day unknown",
            len(layout.accounts_in.get(name, ())),
            document.capture,
            words.text_digest(document),
            held.received if (held := layout.captures.get(document.capture)) else "",
            words.came_from(held.origin) if held else "",
            document.url or "",
        )
        for name, document in ordered
    )


def refusals(layout: Layout) -> tuple[Event, ...]:
    """What could not be taken in or read, by name."""
    return tuple(sorted(layout.record.refusals, key=lambda event: (event.item, event.what, event.note)))
