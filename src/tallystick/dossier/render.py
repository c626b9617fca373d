"""The dossier: one folder of static pages that works from disk, without a network and without scripts."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Any, TypeVar

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from tallystick.dossier import front, sheets, strips, totals, words
from tallystick.dossier.ground import Ground
from tallystick.dossier.incident import incident
from tallystick.dossier.layout import Layout, Link, Notes
from tallystick.dossier.making import method
from tallystick.dossier.maps import Map
from tallystick.dossier.patterns import patterns
from tallystick.dossier.redaction import Redacted
from tallystick.dossier.report import report
from tallystick.dossier.shelf import placed
from tallystick.dossier.sweep import checked, flat, search, strings, sweep
from tallystick.dossier.times import Timeline
from tallystick.dossier.unseen import named
from tallystick.model import ClaimId, Record, Weighed

_GENERATOR = '<meta name="generator" content="Tallystick">'
_OURS = re.compile(
    r"index\.html|style\.css|dossier\.pdf|reports|incidents|(?:reports|patterns|method|redaction)\.html"
    r"|(?:incidents|totals|aggregates|matters)(?:-\d+)?\.html"
)

# How much stands on one page. Past that the front keeps the most widely told and the rest is paged.
FRONT = 150
CHOSEN = 50
PAGE = 250
FEW = 12
FEW_REPORTS = 40
LINES = 300

T = TypeVar("T")


def write(
    record: Record,
    folder: Path,
    *,
    ground: Ground | None = None,
    redacted: Redacted | None = None,
    pdf: bool = False,
) -> Path:
    """Write the dossier of ``record`` into ``folder`` and return its ``index.html``; ``pdf`` adds a PDF.

    The folder is filled beside its place and put there at once, in place of a dossier that
    stands there. What is ``redacted`` is searched once more before that. Raises ``AskedWrongly`` where the
    folder holds anything else, or cannot be written to, and ``WouldLeak`` where a file holds what was to go.
    """
    layout = Layout(record, replace(ground, tiles=None) if ground else Ground())
    with placed(folder, _is_dossier, "a dossier") as fresh:
        (fresh / "reports").mkdir()
        (fresh / "incidents").mkdir()
        (fresh / "style.css").write_bytes(style())
        written = {}
        for path, text in _pages(layout):
            if pdf:
                written[path] = text
            # A lone surrogate, which UTF-8 cannot hold, becomes a reference that a browser shows as such.
            (fresh / path).write_bytes(text.encode("utf-8", "xmlcharrefreplace"))
        if pdf:
            told = sheets.told(layout, written)
            if redacted is not None:
                search(strings(told), checked(redacted), flat(redacted.quotes), sheets.FILE)
            (fresh / sheets.FILE).write_bytes(sheets.pdf(told))
        if redacted is not None:
            sweep(fresh, redacted)
    return folder / "index.html"


def style() -> bytes:
    """The rules of all pages, and those of what is drawn."""
    held = files("tallystick.dossier")
    return b"".join(held.joinpath(name).read_bytes() for name in ("style.css", "drawn.css"))


def _is_dossier(folder: Path) -> bool:
    front = folder / "index.html"
    if not front.is_file() or not all(_OURS.fullmatch(path.name) for path in folder.iterdir()):
        return False
    return _GENERATOR in front.read_text(encoding="utf-8", errors="replace")[:2000]


def _pages(layout: Layout) -> Iterator[tuple[str, str]]:
    """Every page as (path in the folder, text)."""
    yield "index.html", _front(layout)
    yield "reports.html", _render("reports.html", layout, rows=front.report_rows(layout))
    yield "method.html", _render("method.html", layout, page=method(layout))
    if layout.record.made is not None and layout.record.made.removed is not None:
        yield "redaction.html", _render("redaction.html", layout, page=method(layout))
    if layout.record.patterns.incidents:
        yield "patterns.html", _render("patterns.html", layout, page=patterns(layout))
    yield from _lists(layout)
    if layout.record.lines:
        yield "matters.html", _matters(layout)
    if layout.record.totals:
        yield "totals.html", _render("totals.html", layout, tolls=totals.page(layout))
    for weighed in layout.all:
        page = incident(layout, weighed)
        yield f"incidents/{page.id}.html", _render("incident.html", layout, "../", page=page)
    for name in layout.documents:
        read = report(layout, name)
        yield f"reports/{name}.html", _render("report.html", layout, "../", lit(read.claims), page=read)


def _front(layout: Layout) -> str:
    notes = Notes(layout, "")
    everything = len(layout.incidents) <= FRONT
    differing, differing_more = front.disagreements(layout, notes, FEW)
    return _render(
        "index.html",
        layout,
        made=method(layout),
        counts=front.counts(layout),
        differing=differing,
        differing_more=differing_more,
        rows=front.rows(layout, layout.incidents if everything else _most_told(layout.incidents)),
        everything=everything,
        is_root=any(scale.is_root for scale in layout.scales.values()),
        timeline=front.timeline(layout),
        map=front.chart(layout),
        totals=front.totals(layout, notes, layout.totals[:FEW]),
        totals_more=len(layout.totals) - FEW,
        totalled=bool(layout.record.totals),
        matters=front.matters(layout, notes, front.first_matters(layout, FEW)),
        matters_more=len(layout.matters) - FEW,
        lines=len(layout.record.lines),
        refusals=front.refusals(layout),
        reports=front.report_rows(layout) if len(layout.documents) <= FEW_REPORTS else (),
        many_reports=len(layout.documents) > FEW_REPORTS,
    )


def _matters(layout: Layout) -> str:
    """The lines of states; past ``LINES`` those with most states, and the number of the others."""
    every = layout.record.lines
    kept = {line.id for line in sorted(every, key=lambda line: (-len(line.states), line.id))[:LINES]}
    chosen = [line for line in every if line.id in kept]
    return _render(
        "matters.html",
        layout,
        groups=strips.groups(layout, Notes(layout, ""), chosen),
        more=len(every) - len(chosen),
        listed=len(layout.matters) > FEW,
    )


def _most_told(incidents: Sequence[Weighed]) -> list[Weighed]:
    """The incidents that most origins, then most reports, tell; in order of days."""
    ranked = sorted(incidents, key=lambda w: (-len(w.origins), -len(w.incident.accounts), w.incident.id))
    kept = {weighed.incident.id for weighed in ranked[:CHOSEN]}
    return [weighed for weighed in incidents if weighed.incident.id in kept]


def _lists(layout: Layout) -> Iterator[tuple[str, str]]:
    """The long lists that the front leaves out, in pages."""
    if len(layout.incidents) > FRONT:
        yield from _paged(
            layout, "incidents", layout.incidents, lambda part, _: {"rows": front.rows(layout, part)}
        )
    if len(layout.totals) > FEW:
        yield from _paged(
            layout,
            "aggregates",
            layout.totals,
            lambda part, notes: {"totals": front.totals(layout, notes, part)},
        )
    if len(layout.matters) > FEW:
        yield from _paged(
            layout,
            "matters",
            layout.matters,
            lambda part, notes: {"matters": front.matters(layout, notes, part)},
        )


def _paged(
    layout: Layout, what: str, everything: Sequence[T], shown: Callable[[Sequence[T], Notes], dict[str, Any]]
) -> Iterator[tuple[str, str]]:
    parts = [everything[at : at + PAGE] for at in range(0, len(everything), PAGE)]
    bare = 0 if what != "matters" else -1  # matters.html are the lines of states
    names = [f"{what}.html" if n == bare else f"{what}-{n + 1}.html" for n in range(len(parts))]
    for name, part in zip(names, parts, strict=True):
        values = shown(part, Notes(layout, ""))
        yield name, _render("list.html", layout, what=what, names=names, here=name, **values)


def lit(claims: Sequence[ClaimId]) -> Markup:
    """The style rules that light up exactly the words of the claim that a link leads to."""
    if not claims:
        return Markup("")
    rules = ",\n".join(f":root:has(#{name}:target) .{name}" for name in claims)
    # An id is a prefix and hexadecimal digits, so that nothing of a report gets in here.
    return Markup(rules + " { background: var(--lit); color: var(--lit-ink); }\n")  # noqa: S704


def _shelf(layout: Layout) -> tuple[Link, ...]:
    """The pages that every page leads to, as far as this dossier has them."""
    record = layout.record
    held = (
        (True, "index.html#incidents", "Incidents"),
        (bool(record.totals), "totals.html", "Totals"),
        (bool(record.patterns.incidents), "patterns.html", "Patterns"),
        (bool(record.lines), "matters.html", "Matters"),
        (True, "reports.html", "Reports"),
        (True, "method.html", "Method"),
        (record.made is not None and record.made.removed is not None, "redaction.html", "Taken out"),
    )
    return tuple(Link(href, label) for there, href, label in held if there)


def _render(template: str, layout: Layout, root: str = "", rules: str = "", **values: Any) -> str:
    digest = base64.b64encode(hashlib.sha256(rules.encode()).digest()).decode()
    # file: beside 'self' because browsers differ in what a page on disk calls itself.
    policy = "default-src 'none'; style-src 'self' file:"
    if rules:
        policy += f" 'sha256-{digest}'"
    policy += "; base-uri 'none'; form-action 'none'"
    return (
        _environment()
        .get_template(template)
        .render(
            case=layout.record.name,
            root=root,
            policy=policy,
            shelf=_shelf(layout),
            template=template,
            words=words,
            generator=Markup(_GENERATOR),  # noqa: S704 - a constant
            rules=rules,
            **values,
        )
    )


def map_svg(map: Map) -> Markup:
    """A map as an element of SVG: the same in a dossier's page and on the desk."""
    return Markup(_environment().get_template("map_drawing.html").render(map=map))  # noqa: S704 - autoescaped


def times_svg(times: Timeline) -> Markup:
    """A timeline as an element of SVG."""
    return Markup(_environment().get_template("times_drawing.html").render(times=times))  # noqa: S704 - the same


@lru_cache(maxsize=1)
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("tallystick.dossier"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        finalize=legible,
    )
    environment.filters["prose"] = prose
    environment.filters["exact"] = exact
    environment.filters["quote"] = quote
    return environment


# Controls that would reorder or hide what stands around them on our own pages.
_CONTROLS = {code: 0x2400 + code for code in range(32) if code not in (9, 10, 13)} | {127: 0x2421}
_LEGIBLE = _CONTROLS | dict.fromkeys([*range(0x202A, 0x202F), *range(0x2066, 0x206A)])


def legible(value: Any) -> Any:
    """What Jinja writes for ``value``: text that is not ours cannot reorder or hide what stands around it."""
    if isinstance(value, str) and not isinstance(value, Markup):
        # Most text can be printed as it is, and to see that is quicker than to look each letter up.
        return value if value.isprintable() else value.translate(_LEGIBLE)
    return value


def exact(text: str) -> Markup:
    """A report's own text, character for character, in a paragraph of its own.

    Controls that HTML cannot hold show as their pictures; what nobody would see is there, and named.
    """
    return named(text, lambda char: char.translate(_CONTROLS)).replace("\r", Markup("&#13;"))


def quote(text: str) -> Markup:
    """A report's words among ours: what nobody would see is named, and taken out, so that it moves nothing.

    An isolate alone (``<bdi>``) would not hold: a report can close it with a character of its own.
    """
    return named(text, lambda _: "")


_QUOTED = re.compile(r"“[^“”]*”")
# Letters written from right to left, with what stands between two of them and no other letter or digit.
_LEFTWARDS = re.compile(
    "[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]+(?:[\\W_]+[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]+)*"
)


def prose(text: str) -> Markup:
    """A sentence with each quotation, and each name that is written leftwards, shut off in its own direction.

    What is said stands out from the words that say so.
    """
    said, dash, rest = text.partition(" — “")
    if dash:
        return Markup('<b class="said">{}</b>').format(_isolated(said)) + _isolated(dash + rest)
    return _isolated(text)


def _isolated(text: str) -> Markup:
    at, out = 0, Markup("")
    for match in _QUOTED.finditer(text):
        out += _shut(text[at : match.start()]) + Markup("<bdi>{}</bdi>").format(quote(match[0]))
        at = match.end()
    return out + _shut(text[at:])


def _shut(text: str) -> Markup:
    """Our own words, with the names in them that are written leftwards shut off."""
    at, out = 0, Markup("")
    for match in _LEFTWARDS.finditer(text):
        out += quote(text[at : match.start()]) + Markup("<bdi>{}</bdi>").format(quote(match[0]))
        at = match.end()
    return out + quote(text[at:])
