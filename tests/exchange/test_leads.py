"""Lists of mentions: leads to fetch, each with where it came from, and nothing that goes into a case."""

from __future__ import annotations

import io
import json
import sys
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tallystick import cli
from tallystick.cli.fetch import _listed
from tallystick.errors import AskedWrongly
from tallystick.exchange.leads import Leads, leads, lines

ROW = ["410412347", "20161007103000", "20161007104500", "1", "example.org", "https://example.org/kelvach", "1", "-1",
       "22", "55", "1", "80", "2104", "-7.1", "", ""]  # fmt: skip


def row(
    *, url: str = ROW[5], kind: str = "1", event: str = ROW[0], source: str = ROW[4], moment: str = ROW[2]
) -> str:
    told = [event, ROW[1], moment, kind, source, url, *ROW[6:]]
    return "\t".join(told) + "\n"


def read(folder: Path, content: str | bytes, name: str = "m.CSV") -> Leads:
    (folder / name).write_bytes(content.encode() if isinstance(content, str) else content)
    return leads([folder / name])


def test_an_address_stands_once_below_every_mention_of_it(tmp_path: Path) -> None:
    found = read(
        tmp_path, row() + row(event="7", source="other.example") + row(url="http://example.net/a?b=1#c")
    )
    assert list(lines(found)) == [
        "# m.CSV, row 1: GDELT event 410412347, mentioned 2016-10-07 10:45 UTC by example.org, confidence 80 of 100",
        "# m.CSV, row 2: GDELT event 7, mentioned 2016-10-07 10:45 UTC by other.example, confidence 80 of 100",
        "https://example.org/kelvach",
        "# m.CSV, row 3: GDELT event 410412347, mentioned 2016-10-07 10:45 UTC by example.org, confidence 80 of 100",
        "http://example.net/a?b=1#c",
    ]


def test_what_is_told_is_what_fetch_reads(tmp_path: Path) -> None:
    many = "".join(row(event=str(n)) for n in range(9)) + row(url="http://example.net/b")
    (tmp_path / "leads.txt").write_text("\n".join(lines(read(tmp_path, many))) + "\n", encoding="utf-8")
    assert _listed(tmp_path / "leads.txt") == ["https://example.org/kelvach", "http://example.net/b"]
    assert "# and 6 more mentions" in (tmp_path / "leads.txt").read_text()


def test_a_list_in_the_zip_that_gdelt_publishes_is_read(tmp_path: Path) -> None:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("20161007104500.mentions.CSV", row())
    assert [lead.url for lead in read(tmp_path, held.getvalue(), "m.zip").leads] == [ROW[5]]


def test_a_mention_of_what_is_not_on_the_web_is_counted_and_is_no_lead(tmp_path: Path) -> None:
    found = read(
        tmp_path, row(kind="2", url="BBC Monitoring, 7 October 2016") + row(kind="3", url="10.1000/x")
    )
    assert (found.leads, found.refused, found.passed) == ((), (), 2)


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (row(url="ftp://example.org/a"), "none of the web"),
        (row(url="javascript:alert(1)"), "none of the web"),
        (row(url="file:///etc/passwd"), "none of the web"),
        (row(url="https://"), "none of the web"),
        (row(url="https://example.org/a b"), "spaces"),
        (row(url="https://example.org/\u202egpj"), "cannot be seen"),
        (row(url="https://example.org/\u2028# x"), "cannot be seen"),
        (row(url="https://[::1"), "cannot be read"),
        (row(url="https://example.org/" + "x" * 3000), "longer than"),
        (row(event="event"), "no mention"),
        (row(moment="yesterday"), "no mention"),
        ("1\t2\t3\n", "no mention"),
        (
            "GLOBALEVENTID\tEventTimeDate\tMentionTimeDate\tMentionType\tMentionSourceName\tMentionIdentifier\n",
            "no mention",
        ),
        ("<html>\n", "no mention"),
        (b"\xff\xfe\t\n", "not UTF-8"),
    ],
)
def test_a_row_that_is_no_mention_is_refused_by_its_number_and_the_others_go_on(
    tmp_path: Path, content: str | bytes, why: str
) -> None:
    data = content.encode() if isinstance(content, str) else content
    found = read(tmp_path, row().encode() + data + row(url="http://example.net/b").encode())
    assert [lead.url for lead in found.leads] == [ROW[5], "http://example.net/b"]
    [refused] = found.refused
    assert refused.row == 2
    assert why in refused.why


def test_a_file_that_is_no_list_is_refused_as_a_whole(tmp_path: Path) -> None:
    two = io.BytesIO()
    with zipfile.ZipFile(two, "w") as package:
        package.writestr("a.CSV", row())
        package.writestr("b.CSV", row())
    for content, why in (
        (b"PK\x03\x04 cut off", "cannot be read"),
        (two.getvalue(), "holds 2 files"),
        (b"x" * 100_000, "longer than"),
    ):
        with pytest.raises(AskedWrongly, match=why):
            read(tmp_path, content)
    with pytest.raises(AskedWrongly, match="cannot be read"):
        leads([tmp_path / "none.CSV"])


def test_a_bomb_is_not_unpacked_beyond_its_bound(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tallystick.exchange.leads.MOST", 1 << 20)
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("m.CSV", row() * 20_000)
    with pytest.raises(AskedWrongly, match="holds more than"):
        read(tmp_path, held.getvalue(), "m.zip")


@given(st.text(st.characters(codec="utf-8", exclude_characters="\t\n"), max_size=30))
def test_no_source_name_writes_a_line_of_its_own(source: str) -> None:
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        found = read(Path(folder), row(source=source))
        for line in "\n".join(lines(found)).splitlines():
            assert line.startswith("# m.CSV, row 1") or line == ROW[5]


def test_the_verb_prints_or_writes_leads_and_makes_no_case(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "m.CSV").write_text(row() + "no mention\n", encoding="utf-8")
    for more, status in ((["--json"], 1), (["--out", str(tmp_path / "leads.txt")], 1)):
        monkeypatch.setattr(sys, "argv", ["tallystick", "leads", str(tmp_path / "m.CSV"), *more])
        with pytest.raises(SystemExit) as end:
            cli.main()
        assert end.value.code == status
        said = capsys.readouterr()
        if "--json" in more:
            told = json.loads(said.out)
            assert told["leads"][0]["url"] == ROW[5]
            assert "m.CSV, row 2" in told["rows refused"][0]
    assert (tmp_path / "leads.txt").read_text().splitlines()[-1] == ROW[5]
    assert {path.name for path in tmp_path.iterdir()} == {"m.CSV", "leads.txt"}
