"""The page of lines: every state leads to its words, what did not happen never reads as if it had, names stay inert."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tallystick.dossier import strips, write
from tallystick.dossier.layout import Layout
from tallystick.findings import lines
from tallystick.model import Line, Record

TOWN = "<b onload=alert(1)>Solem"


def record(builder: Any) -> Record:
    case = builder("Lines")
    case.report("one", "The Harrow League captured the town of Solem on Monday.", "Corvane", "2019-05-14")
    case.report(
        "two",
        "The ministry denied that the Harrow League had captured the town of Solem on Monday.",
        "Osa",
        "2019-05-15",
    )
    case.report("three", "The army will capture the town of Solem on Friday.", "Osa", "2019-05-15")
    case.report(
        "four", "Solem could be destroyed by the end of June 2019, an envoy warned.", "Osa", "2019-05-15"
    )
    for name, stance, voices in (
        ("one", "stated", ()),
        ("two", "denied", ("ministry",)),
        ("three", "planned", ("army",)),
        ("four", "warned", ("envoy",)),
    ):
        text = case.documents[name].text
        telling = case.span(name, text)
        head = builder.Telling("control", place=builder.Place("Solem"))
        case.claim(name, text, head, telling=telling, voices=voices, stance=stance, topic="control")
    made = case.record()
    return replace(made, lines=lines(made.accounts, made.documents, {}))


@pytest.fixture
def page(builder: Any, tmp_path: Path) -> str:
    write(record(builder), tmp_path / "out")
    return (tmp_path / "out" / "matters.html").read_text(encoding="utf-8")


def test_every_state_leads_to_its_words_in_its_report(page: str, builder: Any) -> None:
    made = record(builder)
    spans = {claim.id: claim.span.document for claim in made.claims}
    for line in made.lines:
        assert f'id="{line.id}"' in page
        for state in line.states:
            for claim in state.claims:
                assert f'href="reports/{spans[claim]}.html#{claim}"' in page


def test_what_did_not_happen_never_reads_as_if_it_had(page: str) -> None:
    told = re.findall(r'<b class="said">(.*?)</b>', page)
    assert [each.split(":")[0] for each in told if "aken by" in each and not each.startswith("Taken")] == [
        "Denied",
        "Planned",
    ]
    assert "What came, as far as this case tells: not yet due." in page


def test_shapes_tell_what_moves_and_what_does_not(builder: Any) -> None:
    made = record(builder)
    layout = Layout(made)
    (line,) = (line for line in made.lines if line.kind == "control")
    strip = strips._strip(layout, line)
    assert strip is not None
    assert sorted(mark.shape for mark in strip.marks) == ["ahead", "denied", "differ"]
    xs = [x for x, _ in strip.days]
    assert xs == sorted(xs)


def test_people_leave_and_are_not_left(builder: Any) -> None:
    (state, *_) = record(builder).lines[0].states
    assert strips.label(replace(state, what="leaving", who="people")) == "people leaving"
    assert strips.label(replace(state, what="left", who="army")) == "left by the army"


def test_two_runs_write_the_same_page(builder: Any, tmp_path: Path, page: str) -> None:
    write(record(builder), tmp_path / "again")
    assert (tmp_path / "again" / "matters.html").read_text(encoding="utf-8") == page


def test_a_hostile_name_is_inert(builder: Any, tmp_path: Path) -> None:
    made = record(builder)
    marked = tuple(
        Line(line.kind, TOWN, line.place, tuple(replace(s, who=TOWN, words=TOWN) for s in line.states))
        for line in made.lines
    )
    write(replace(made, lines=marked), tmp_path / "out")
    text = (tmp_path / "out" / "matters.html").read_text(encoding="utf-8")
    assert "<b onload" not in text
    assert "&lt;b onload" in text


def test_the_front_leads_to_the_lines_and_a_record_without_lines_has_no_page(
    builder: Any, tmp_path: Path
) -> None:
    write(record(builder), tmp_path / "out")
    assert 'href="matters.html"' in (tmp_path / "out" / "index.html").read_text(encoding="utf-8")
    write(replace(record(builder), lines=()), tmp_path / "bare")
    assert not (tmp_path / "bare" / "matters.html").exists()


def test_the_command_line_tells_the_same_states(builder: Any) -> None:
    from tallystick.terminal import line_lines, lines_told

    made = record(builder)
    told = lines_told(made, "control", "solem")
    json.dumps(told)
    assert [state["moves"] for line in told for state in line["states"]] == [False, True, False]
    rows = [row for line in told for row in line_lines(line)]
    assert rows[0] == "control: Solem"
    assert [row.split("  ")[2].split(",")[0] for row in rows[1:]] == [
        "denied: taken",
        "taken",
        "planned: taken",
    ]
    assert lines_told(made, None, "Pellin") == []
