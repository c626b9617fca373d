"""Laws of the drawing of origins: all that is in the record and nothing else, at the same place each time."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

import pytest
from tests_build import make_document

from tallystick.dossier import write
from tallystick.dossier.graph import MOST, graph, rows
from tallystick.dossier.layout import Layout
from tallystick.findings import copies, find
from tallystick.model import Account, Claim, Document, Incident, Record, Telling, Toll, Voice
from tallystick.values.count import Count

STORY = (
    "Four people were killed when a shell fell on the bread market of Tarsin on Friday morning. "
    "Women were queueing there before dawn because flour had come in for the first time in a month. "
    "A grocer pulled two of the dead from under the awning and carried them to the mosque across the square."
)


def record(*reports: tuple[str, str, str | None, str | None]) -> Record:
    """A record of one incident; each report is (publisher, text, day, voice), told by its first 16 signs."""
    documents: list[Document] = []
    accounts: list[Account] = []
    for n, (publisher, text, day, voice) in enumerate(reports):
        document = make_document(text, f"r{n}", day, publisher)
        span = document.span(0, 16)
        voices = (Voice(voice),) if voice else ()
        head = Claim(span, "attack", Telling("shelling"), voices, telling=span)
        toll = Claim(span, "casualties", Toll("killed", Count(4, 4)), voices, telling=span)
        documents.append(document)
        accounts.append(Account(head, (head, toll), publisher, document.published))
    weighed = find(Incident(tuple(accounts)), copies(documents))
    claims = tuple(claim for account in accounts for claim in account.claims)
    return Record("Tarsin", (), tuple(documents), claims, tuple(accounts), (), (weighed,))


def drawn(told: Record):
    return graph(Layout(told), told.weighed[0], "../")


def several(number: int) -> Sequence[tuple[str, str, str | None, str | None]]:
    return [
        (f"Paper {n}", f"Report number {n} of its own, word{n}.", "2020-05-01", f"Voice{n}")
        for n in range(number)
    ]


PLAIN = record(
    ("Wire", STORY, "2020-05-01", "medics"),
    ("Paper", "Terror strikes. " + STORY, "2020-05-02", None),
    ("Daily", "Four of them died, the council said.", "2020-05-03", "council"),
)


def test_every_report_and_voice_has_a_place_of_its_own_within_the_drawing():
    told = drawn(PLAIN)
    assert {node.label for node in told.nodes if node.sort == "voice"} == {"medics", "council"}
    assert len({(node.x, node.y) for node in told.nodes}) == len(told.nodes) == 5
    assert all(0 < node.x < told.width and 0 < node.y < told.height for node in told.nodes)


def test_every_taking_stands_in_the_table_with_words_that_lead_into_a_report():
    table = rows(Layout(PLAIN), PLAIN.weighed[0], "../")
    assert len(table) == len(PLAIN.weighed[0].lineage.takings)
    assert all(row.quotes and all(q.href.startswith("../reports/doc-") for q in row.quotes) for row in table)
    assert table[0].how == "copies"


def test_two_reports_of_one_outlet_and_day_are_told_apart():
    twins = record(
        ("Wire", STORY, "2020-05-01", "medics"), ("Wire", "More. " + STORY, "2020-05-01", "medics")
    )
    labels = [node.label for node in drawn(twins).nodes if node.sort == "report"]
    assert sorted(labels) == ["Wire, 1 May 2020 (1)", "Wire, 1 May 2020 (2)"]
    assert {row.taker.label for row in rows(Layout(twins), twins.weighed[0], "../")} == set(labels)


def test_words_that_both_reports_have_are_quoted_once():
    copy = rows(Layout(PLAIN), PLAIN.weighed[0], "../")[0]
    assert [quote.label == "the same there" for quote in copy.quotes] == [False, True]
    assert copy.quotes[0].href != copy.quotes[1].href


def test_the_arrow_of_a_copy_points_to_the_earlier_report():
    told = drawn(PLAIN)
    (copy,) = (edge for edge in told.edges if edge.kind == "copy")
    wire = next(node for node in told.nodes if node.label.startswith("Wire"))
    assert f"L96.0 {wire.y}" in copy.head


def test_a_copy_without_direction_has_no_arrow():
    told = drawn(record(("A", STORY, None, None), ("B", "More. " + STORY, None, None)))
    (copy,) = (edge for edge in told.edges if edge.kind == "copy")
    assert copy.head == ""


@pytest.mark.parametrize(("number", "is_drawn"), [(MOST // 2, True), (MOST // 2 + 1, False)])
def test_beyond_so_many_nodes_the_table_alone_is_shown(number, is_drawn, tmp_path: Path):
    told = record(*several(number))
    assert (2 * number <= MOST) is is_drawn
    assert (drawn(told) is not None) is is_drawn
    write(told, tmp_path / "out")
    (page,) = (tmp_path / "out" / "incidents").glob("*.html")
    assert ('<svg class="lineage"' in page.read_text("utf-8")) is is_drawn
    assert page.read_text("utf-8").count('<tr><th scope="row">') >= number


def test_the_drawing_is_the_same_each_time():
    assert drawn(PLAIN) == drawn(PLAIN)


def test_a_hostile_name_is_inert_in_the_drawing(tmp_path: Path):
    evil = '</title><script>alert("x")</script>'
    told = record((evil, STORY, "2020-05-01", evil), ("B", "More. " + STORY, "2020-05-02", None))
    write(told, tmp_path / "out")
    for page in (tmp_path / "out").rglob("*.html"):
        assert not re.search(r"<script>\s*alert", page.read_text("utf-8"))
