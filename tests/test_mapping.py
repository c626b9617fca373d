"""What a case says of its maps: read strictly, kept, recorded, and drawn."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from tallystick.errors import AskedWrongly
from tallystick.mapping import MapSettings
from tallystick.settings import Settings, settings

LINES = '{"type": "LineString", "coordinates": [[-42, 31], [-40, 31.5]]}'
TILES = "https://tiles.example.org/{z}/{x}/{y}.png"


def told(tmp_path: Path, table: str) -> Settings:
    (tmp_path / "case.toml").write_text(f'name = "A case"\n[map]\n{table}\n', "utf-8")
    return settings(tmp_path)


def test_without_a_word_borders_are_dashed_and_nothing_is_asked_of_the_network(tmp_path: Path) -> None:
    ground = told(tmp_path, "").map.ground(tmp_path, tiles=True)
    assert (ground.borders, ground.lines, ground.tiles) == (True, (), None)
    assert "map" not in Settings("A case").facts()


def test_borders_may_be_left_out(tmp_path: Path) -> None:
    assert told(tmp_path, 'borders = "none"').map.ground(tmp_path).borders is False


def test_a_case_may_bring_lines_of_its_own_which_are_named_by_their_digest(tmp_path: Path) -> None:
    (tmp_path / "ours.geojson").write_text("\ufeff" + LINES, "utf-8")
    ground = told(tmp_path, 'lines = "ours.geojson"').map.ground(tmp_path)
    digest = hashlib.sha256((tmp_path / "ours.geojson").read_bytes()).hexdigest()
    assert ground.lines == (((-42.0, 31.0), (-40.0, 31.5)),)
    assert ground.source == f"ours.geojson, SHA-256 {digest}"


def test_lines_that_are_not_there_or_none_are_refused_by_their_name(tmp_path: Path) -> None:
    held = told(tmp_path, 'lines = "ours.geojson"').map
    with pytest.raises(AskedWrongly, match=r"ours\.geojson"):
        held.ground(tmp_path)
    for data in (b"\xff\xfe\x00", b"{}", b"[1]"):
        (tmp_path / "ours.geojson").write_bytes(data)
        with pytest.raises(AskedWrongly, match=r"ours\.geojson"):
            held.ground(tmp_path)


def test_tiles_are_for_the_desk_alone(tmp_path: Path) -> None:
    held = told(tmp_path, f'tiles = "{TILES}"\nattribution = "© Example"').map
    assert held.ground(tmp_path).tiles is None
    tiles = held.ground(tmp_path, tiles=True).tiles
    assert tiles is not None
    assert (tiles.host, tiles.attribution) == ("https://tiles.example.org", "© Example")


@pytest.mark.parametrize(
    "table",
    ['borders = "solid"', "borders = true", 'border = "none"', "lines = 7", 'lines = ""', f'tiles = "{TILES}"',
     *(f'tiles = "{bad}"\nattribution = "x"' for bad in (
         "http://tiles.example.org/{z}/{x}/{y}.png", "https://tiles.example.org/{z}/{x}.png", "{z}{x}{y}",
         "https://a.example; script-src *//{z}/{x}/{y}", "https://a.example 'unsafe-inline'/{z}/{x}/{y}",
         "https://*/{z}/{x}/{y}", "https://user@a.example/{z}/{x}/{y}", "https://a.example/{z}/{x}/{y}/{z}",
         "https://a.example/{z}/{x}/{y}.png; script-src *", "https://a.example/{z}/{x}/{y}.png 'unsafe-inline'",
         "https://a.example/{z}/{x}/{y}/{q}", "javascript:{z}{x}{y}"))],
)  # fmt: skip
def test_what_cannot_be_meant_is_refused_in_words(tmp_path: Path, table: str) -> None:
    with pytest.raises(AskedWrongly, match=r"\[map\]|map is"):
        told(tmp_path, table)


def test_the_map_must_be_a_table(tmp_path: Path) -> None:
    (tmp_path / "case.toml").write_text("map = 3\n", "utf-8")
    with pytest.raises(AskedWrongly, match="map is a table"):
        settings(tmp_path)


def test_what_is_written_is_read_again_with_what_else_the_case_says(tmp_path: Path) -> None:
    held = Settings(
        "A “case”", ("Orveth",), map=MapSettings("none", 'o"urs.geojson', TILES, "© Ex\\ample \x7f")
    )
    held.write(tmp_path / "case.toml")
    assert settings(tmp_path) == held
    assert held.facts()["map"]["borders"] == "none"
