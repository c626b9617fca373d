"""Containers are unpacked within bounds, and one bad member takes no other with it."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path

import pytest

from tallystick.errors import ReportRefused, TooLarge
from tallystick.evidence import allowance, formats, members
from tallystick.evidence.media import TEXT
from tallystick.evidence.members import Member
from tallystick.evidence.record import Source
from tallystick.model import Capture, CaptureId, Document

BOX = "application/x-box"


def opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *contents: tuple[str, str, bytes]) -> list:
    """What is read of a container with these members: (name, media type, bytes)."""

    def box(source: Source) -> Iterator[formats.Read | Member]:
        for name, media_type, content in contents:
            yield Member(name, media_type, io.BytesIO(content))

    monkeypatch.setitem(formats.READERS, BOX, box)
    stored = tmp_path / "stored"
    stored.write_bytes(b"box")
    capture = Capture(CaptureId("0" * 64), 3, BOX, "reports.box", "2016-10-07T00:00:00Z", "test")
    return list(formats.read(capture, stored, stem="reports"))


def test_each_member_is_a_report_named_by_its_way_through_the_container(tmp_path, monkeypatch):
    found = opened(tmp_path, monkeypatch, ("a.txt", TEXT, b"Shells fell."), ("b/c.txt", TEXT, b"Two died."))
    assert [(each.name, each.text) for each in found] == [
        ("reports/a.txt", "Shells fell."),
        ("reports/b/c.txt", "Two died."),
    ]


def test_a_member_that_cannot_be_read_is_refused_by_name_and_the_others_go_on(tmp_path, monkeypatch):
    found = opened(tmp_path, monkeypatch, ("a.txt", TEXT, b"\0"), ("b.txt", TEXT, b"Two died."))
    assert isinstance(found[0], ReportRefused)
    assert "reports.box, a.txt" in str(found[0])
    assert isinstance(found[1], Document)


def test_one_member_too_large_is_passed_over(tmp_path, monkeypatch):
    monkeypatch.setattr(members, "FILE_LIMIT", 10)
    found = opened(tmp_path, monkeypatch, ("a.txt", TEXT, b"x" * 11), ("b.txt", TEXT, b"Two died."))
    assert [type(each) for each in found] == [TooLarge, Document]


@pytest.mark.parametrize(("bound", "value"), [("MEMBERS", 2), ("BYTES", 20), ("SECONDS", -1.0)])
def test_an_allowance_that_is_spent_ends_the_capture_and_keeps_what_was_read(
    tmp_path, monkeypatch, bound, value
):
    monkeypatch.setattr(allowance, bound, value)
    monkeypatch.setattr(allowance, "TIMES", 0)
    found = opened(tmp_path, monkeypatch, *[(f"{i}.txt", TEXT, b"Two died.") for i in range(9)])
    assert isinstance(found[-1], TooLarge)
    assert "reports.box " in str(found[-1])
    assert [type(each) for each in found[:-1]] == [Document] * (0 if bound == "SECONDS" else 2)


def test_containers_within_containers_end_at_the_stated_depth_and_leave_nothing_on_disk(
    tmp_path, monkeypatch
):
    found = opened(tmp_path, monkeypatch, ("inner.box", BOX, b"box"))  # a box that holds itself, for ever
    assert [type(each) for each in found] == [TooLarge]
    assert "4 archives deep" in str(found[0])
    assert [each.name for each in tmp_path.iterdir()] == ["stored"]
