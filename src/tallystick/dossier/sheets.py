"""The dossier on sheets of paper: one PDF, set by typst from data alone.

What the sheets say is worked out as for the pages and handed over as JSON: no word of a report is ever part
of the program that sets them. The bytes follow from the record and the version of typst: no clock, no fonts
but those that come with it, unless a folder of fonts is named.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from html import unescape
from importlib.resources import files
from pathlib import Path
from typing import Any

from tallystick.dossier import front, strips, totals, words
from tallystick.dossier.drawings import drawings
from tallystick.dossier.incident import Block, incident
from tallystick.dossier.layout import Layout, Notes, Ranged, Sentence
from tallystick.dossier.making import MethodPage, method
from tallystick.dossier.patterns import patterns
from tallystick.dossier.unseen import spelt
from tallystick.errors import AskedWrongly
from tallystick.model import Weighed

FILE = "dossier.pdf"
MOST = 6  # words cited behind one sentence; of more it tells the number, and the pages have them all
Told = dict[str, Any]
_LEFTWARDS = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]")
# A quotation, or words written leftwards with what may stand between two of them: no bracket, no dash.
_RUN = re.compile(
    "“[^“”]*”|[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]+"
    "(?:[\\s\\d.,:;/%'’-]*[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]+)*"
)
_ISOLATE, _END = "\u2068", "\u2069"
_FAMILIES = ("Libertinus Serif", "DejaVu Sans Mono")


def told(layout: Layout, pages: Mapping[str, str]) -> Told:
    """All that the sheets say, as JSON can hold it; ``pages`` are the pages of the same dossier, by their
    paths."""
    record, made = layout.record, method(layout)
    index = pages["index.html"]
    body: Told = {
        "case": record.name,
        "title": record.name if made.covers.whole else f"{record.name}: {made.covers.title}",
        "whole": made.covers.whole,
        "covers": list(made.covers.told),
        "left_out": list(made.covers.left_out),
        "counts": [f"{number} {label}" for number, label in front.counts(layout)],
        "day": record.made.day if record.made else "",
        "fingerprint": layout.fingerprint,
        "timeline": _drawn(index, "times", "timeline"),
        "map": _drawn(index, "map"),
        "rows": _rows(layout),
        "incidents": [_incident(layout, weighed, pages) for weighed in layout.incidents],
        "matters": [_incident(layout, weighed, pages) for weighed in layout.matters],
        "own_totals": _own_totals(layout),
        "totals": _totals(layout),
        "patterns": _patterns(layout),
        "lines": _lines(layout),
        "sources": [_source(row) for row in front.report_rows(layout)],
        "refusals": [(event.note or event.what) for event in front.refusals(layout)],
        "how": how(),
        **_made(made),
    }
    return dict(_legible(body))


def pdf(data: Told, fonts: Sequence[Path] = ()) -> bytes:
    """The sheets as a tagged PDF (PDF/UA-1); raises ``AskedWrongly`` where typst is missing."""
    try:
        import typst
    except ImportError as error:
        raise AskedWrongly(
            "a PDF is set by typst, which is not here; install it with: pip install 'tallystick[pdf]'; "
            "in a clone: python3 run.py uv pip install typst"
        ) from error
    source = files("tallystick.dossier").joinpath("dossier.typ").read_bytes()
    given = {"data": json.dumps(data, ensure_ascii=False, allow_nan=False)}
    compiler = typst.Compiler(
        source, ignore_system_fonts=True, font_paths=typst.Fonts(False, True, list(fonts)), sys_inputs=given
    )
    done = compiler.compile(format="pdf", pdf_standards=["ua-1"])
    assert isinstance(done, bytes)
    return done


# ------------------------------------------------------------------------------------ sentences


def _legible(value: Any) -> Any:
    """Every string so that it can be set: what is unseen named, what runs leftwards shut off in itself."""
    if isinstance(value, str):
        if value.startswith("<svg "):
            return value
        told = spelt(_whole(value))
        return (
            f"{_ISOLATE}{told}{_END}"
            if isinstance(value, _One) and _LEFTWARDS.search(told)
            else _isolated(told)
        )
    if isinstance(value, dict):
        return {key: _legible(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_legible(each) for each in value]
    return value


def _whole(text: str) -> str:
    """Without halves of characters, which UTF-8 cannot hold."""
    return text.encode("utf-8", "replace").decode("utf-8") if not text.isascii() else text


def _isolated(text: str) -> str:
    if not _LEFTWARDS.search(text):
        return text
    return _RUN.sub(lambda m: f"{_ISOLATE}{m[0]}{_END}" if _LEFTWARDS.search(m[0]) else m[0], text)


class _One(str):
    """A string that is one thing, a title or a quotation: it runs in one direction, whatever stands in it."""

    __slots__ = ()


class _Footnotes:
    """The words cited in one part: the first time as a footnote, then by its number."""

    def __init__(self, place: str) -> None:
        self.place = place
        self.seen: set[str] = set()

    def __call__(self, sentences: Iterable[Sentence]) -> list[Told]:
        return [
            {
                "t": each.text,
                "r": [self._ref(ref) for ref in each.refs[:MOST]],
                "more": max(0, len(each.refs) - MOST),
            }
            for each in sentences
        ]

    def _ref(self, ref: Any) -> Told:
        key = f"{self.place}-{ref.n}"
        if key in self.seen:
            return {"k": key}
        self.seen.add(key)
        return {"k": key, "q": _One(ref.quote), "t": _One(ref.report), "c": ref.cite, "id": ref.id}


def _drawn(page: str, *sorts: str) -> list[Told]:
    return [{"svg": svg, "alt": alt or sort} for sort, svg, alt in drawings(page, *sorts)]


# ------------------------------------------------------------------------------------ parts


def _range(ranged: Ranged) -> str:
    if ranged.bar is None:
        return ranged.otherwise
    return f"{ranged.bar.text}, {ranged.bar.best}" if ranged.bar.best else ranged.bar.text


def _rows(layout: Layout) -> list[Told]:
    out = []
    for weighed, row in zip(layout.incidents, front.rows(layout, layout.incidents), strict=True):
        rest = f"{words.number(row.origins, 'origin')}, {words.number(row.reports, 'report')}"
        tolls = [_range(each) for each in row.tolls]
        out.append(
            {
                "id": weighed.incident.id,
                "day": row.days,
                "where": row.place,
                "kind": row.kind,
                "tolls": tolls,
                "rest": rest,
            }
        )
    return out


def _incident(layout: Layout, weighed: Weighed, pages: Mapping[str, str]) -> Told:
    page = incident(layout, weighed)
    notes = _Footnotes(page.id)
    grade = (
        f"; would grade {page.grade.value} after {page.grade.scheme}: {page.grade.reason}"
        if page.grade
        else ""
    )
    rest = f"{words.number(page.reports, 'report')}, {words.number(len(page.folds), 'origin')}{grade}"
    parts = [
        {"head": "", "told": notes(page.opening)},
        *(_block(block, notes) for block in page.tolled),
    ]
    course = []
    if page.growth is not None:
        course = _drawn(pages.get(f"incidents/{page.id}.html", ""), "course")
        parts.append({"head": f"How the number {page.growth.of} grew", "told": notes(page.growth.sentences)})
    parts.append({"head": "Who contradicts whom", "told": notes(page.against)})
    parts += [_block(block, notes) for block in page.blocks]
    parts.append({"head": "Origins", "told": notes([page.backing] if page.backing else [])})
    parts.append({"head": "Articles that may be read beside it", "told": notes(page.alleged)})
    return {
        "id": page.id,
        "title": page.title,
        "days": page.days,
        "rest": rest,
        "tolls": [f"{words.field_label(each.name)}: {_range(each)}" for each in page.tolls],
        "parts": [part for part in parts if part["told"]],
        "course": course,
        "silent": ", ".join(page.silent),
        "folds": [
            f"{fold.letter}: {fold.name} ({words.number(len(fold.reports), 'report')})" for fold in page.folds
        ],
        "disputes": [
            f"{each.left.label} and {each.right.label}: judged {each.verdict} by {each.by}, {each.here}."
            + (f" {words.capital(each.reasons)}." if each.reasons else "")
            for each in page.disputes
        ],
    }  # fmt: skip


def _block(block: Block, notes: _Footnotes) -> Told:
    verdict = f" ({block.chip.word.lower()})" if block.chip else ""
    return {"head": block.label + verdict, "told": notes(block.sentences) + notes(block.figures)}


def _own_totals(layout: Layout) -> list[Told]:
    notes = Notes(layout, "")
    return _Footnotes("own")(front.totals(layout, notes, layout.totals))


def _totals(layout: Layout) -> list[Told]:
    out = []
    for toll in totals.page(layout):
        tables = [("Over all", (toll.whole,)), *toll.tables]
        rows = [
            {"of": name, "label": row.label, "cells": [_bar(row), *row.columns, f"{row.incidents:,}"]}
            for name, many in tables
            for row in many
        ]
        left = [f"{link.label}: {why}" for _, many in toll.left_out for link, why in many]
        notes = _Footnotes(f"total-{toll.label}")
        out.append(
            {"head": toll.label, "rows": rows, "told": notes(toll.whole.sentences), "left": _once(left)}
        )
    return out


def _bar(row: totals.TotalRow) -> str:
    return f"{row.bar.text}, {row.bar.best}" if row.bar.best else row.bar.text


def _once(many: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(many))


def _patterns(layout: Layout) -> list[Told]:
    if not layout.record.patterns.incidents:
        return []
    page = patterns(layout)
    notes = _Footnotes("pattern")
    out = []
    for group in page.groups:
        rows = [
            {
                "of": part.head,
                "label": row.value,
                "cells": [
                    f"{row.hit.label} of {row.of.label}",
                    f"{row.hit_else.label} of {row.of_else.label}" if row.hit_else and row.of_else else "–",
                    "; ".join(filter(None, (row.odds, row.chance))),
                    row.rest,
                ],
            }
            for part in group.parts
            for row in part.rows
        ]
        out.append({"head": group.title, "told": notes(group.told), "rows": rows})
    if page.repeats:
        out.append({"head": "Second strikes", "told": notes(page.repeats), "rows": []})
    return out


def _lines(layout: Layout) -> list[Told]:
    notes, feet = Notes(layout, ""), _Footnotes("line")
    return [
        {
            "head": group.heading,
            "lines": [
                {"about": line.about, "told": feet(sentence for _, sentence in line.states)}
                for line in group.lines
            ],
        }
        for group in strips.groups(layout, notes, layout.record.lines)
    ]


def _source(row: front.ReportRow) -> Told:
    came = " · ".join(filter(None, (row.received and f"received {row.received}", row.came_from, row.url)))
    return {
        "title": _One(row.title),
        "by": f"{row.publisher}, {row.published}",
        "came": came,
        "bytes": row.capture,
        "text": row.text_digest,
    }


def _made(made: MethodPage) -> Told:
    return {
        "facts": [list(each) for each in made.facts]
        + [[f"List used: {name}", digest] for name, digest in made.lists],
        "decisions": [
            [each.day, each.what, ", ".join(link.label for link in each.about), each.by] for each in
            made.decisions
        ],
        "more_decisions": made.more,
        "fallen": [
            {
                "what": each.what, "quote": each.quote, "cite": f"{each.report.label}. {each.id}",
                "fate": f"{each.fate}, by {each.by}",
            }
            for each in made.fallen
        ],
        "removed": None
        if made.removed is None
        else [[each.label, each.how, f"{each.times:,}"] for each in made.removed],
    }  # fmt: skip


def how() -> list[Told]:
    """What the page on method says for every case, as headings with paragraphs."""
    text = files("tallystick.dossier").joinpath("templates/how.html").read_text(encoding="utf-8")
    out: list[Told] = []
    for tag, said in re.findall(r"<(h2|p)\b[^>]*>(.*?)</\1>", text, re.S):
        flat = " ".join(unescape(re.sub(r"<[^>]+>", "", said)).split())
        if tag == "h2":
            out.append({"head": flat, "told": []})
        else:
            out[-1]["told"].append(flat)
    return out
