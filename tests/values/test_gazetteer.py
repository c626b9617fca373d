"""Lists of places: what is refused and named, what is taken, and what a name finds."""

from __future__ import annotations

import lzma
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from importlib.resources import files
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tallystick.values.places import gazetteer
from tallystick.values.places import lists as placelists
from tallystick.values.places.entries import consonants
from tallystick.values.places.gazetteer import FINE, Entry, Gazetteer, Refused, build
from tallystick.values.places.lists import UnknownList
from tallystick.values.scripts import sound

CORPUS = Path(__file__).parents[1] / "corpus" / "places"

TARSIN = Entry("1", "Tarsin", "town", ("ترسين", "Тарсин"), "Syria", "Kessir", None, 36.1, 37.2, 12000, "list")
FAR = Entry("2", "Tarsin", "village", (), "Brazil", "Acre", None, -9.0, -70.0, 900, "list")


def opened(folder: Path, *lists: list[Entry]) -> Gazetteer:
    paths = []
    for number, rows in enumerate(lists):
        paths.append(folder / f"{number}.sqlite")
        assert build(paths[-1], rows).refused == []
    return Gazetteer(*paths)


@pytest.fixture(scope="session")
def whole(tmp_path_factory) -> Path:
    """The index of the list that comes with the package, built once."""
    return gazetteer.default(tmp_path_factory.mktemp("places"))


# ------------------------------------------------------------------ rows that cannot be right


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("Swapped", None),  # a place of 37 north and 36 east may well be: nothing tells the two apart there
        ("Farswapped", "swapped"), ("Twice", "given to a row before it"), ("Hid\u200fden", "U+200F"), ("", "no name"), ("Beyond", "beyond 90"),
        ("Half", "one coordinate"), ("Wordy", "could not convert"), ("Kindless", "no kind of place"), ("Many", "more columns"),
        ("Few", "fewer columns"), ("Infinite", "no number"), ("Minus", "population"),
    ],
)  # fmt: skip
def test_every_broken_row_is_refused_by_name_with_its_line_and_the_rest_is_loaded(tmp_path, name, why):
    path = CORPUS / "own_broken_rows.csv"
    built = build(tmp_path / "own.sqlite", placelists.read(path))
    lines = path.read_text(encoding="utf-8").splitlines()
    refused = {row.name: row for row in built.refused}
    assert sum(built.taken.values()) + len(built.refused) == len(lines) - 1
    assert built.taken["own_broken_rows.csv"] == 8
    if why is None:
        assert name not in refused
    else:
        assert why in refused[name].why
        assert lines[refused[name].row - 1].startswith(f"{name},")
    with Gazetteer(tmp_path / "own.sqlite") as lists:
        assert {hit.entry.name for hit in lists.find("Last")} == {"Last"}


def test_a_dump_that_is_cut_in_the_middle_of_a_row_gives_the_rows_before(tmp_path):
    built = build(tmp_path / "g.sqlite", placelists.read(CORPUS / "geonames_cut.txt"))
    assert built.taken["geonames_cut.txt"] == 3
    assert [(row.row, row.name) for row in sorted(built.refused, key=lambda row: row.row)] == [
        (4, "Again"), (5, "Wordy"), (6, "NUL\0name"), (7, "Headless"), (8, "Daral"),
    ]  # fmt: skip
    with Gazetteer(tmp_path / "g.sqlite") as lists:
        (hit,) = lists.find("ترسين")
        assert (hit.entry.name, hit.entry.country, hit.entry.admin1) == ("Tarsin", "Syria", "Kessir")


def test_a_table_of_pcodes_gives_each_area_once_and_names_the_rows_it_refuses(tmp_path):
    built = build(tmp_path / "p.sqlite", placelists.read(CORPUS / "pcodes_broken.csv"))
    assert built.taken["pcodes_broken.csv"] == 3
    assert {row.row: row.why.split()[0] for row in built.refused} == {
        4: "its",
        5: "it",
        6: "could",
        7: "its",
        8: "it",
    }
    with Gazetteer(tmp_path / "p.sqlite") as lists:
        assert lists.get("pcodes_broken.csv:SY90").names == ("كسير",)


def test_records_of_a_tree_that_are_none_are_refused_and_their_neighbours_taken(tmp_path):
    built = build(tmp_path / "y.sqlite", placelists.read(CORPUS / "yemen_broken.json"))
    assert (built.taken["yemen_broken.json"], len(built.refused)) == (3, 3)


def test_a_list_in_another_encoding_loses_only_the_rows_that_cannot_be_read(tmp_path):
    built = build(tmp_path / "l.sqlite", placelists.read(CORPUS / "own_latin1.csv"))
    assert built.taken["own_latin1.csv"] == 1
    assert "UTF-8" in built.refused[0].why


def test_a_nul_in_a_name_and_a_cell_without_end_are_refused_and_the_rows_after_them_taken(tmp_path):
    built = build(tmp_path / "n.sqlite", placelists.read(CORPUS / "own_nul.csv"))
    assert built.taken["own_nul.csv"] == len(built.refused) == 1
    huge = tmp_path / "huge.csv"
    huge.write_text(f"name,names\nTarsin,\nOmrun,{'y' * (placelists.CELL + 5)}\nDaral,\n", encoding="utf-8")
    built = build(tmp_path / "h.sqlite", placelists.read(huge))
    assert built.taken["huge.csv"] == 2
    assert "field" in built.refused[0].why


@pytest.mark.parametrize(
    "name",
    ["empty.csv", "blank.csv", "binary.csv", "own_utf16.csv", "unknown.csv", "wrong.json"],
)
def test_a_file_that_is_no_list_is_refused_as_a_whole_with_its_name(name):
    with pytest.raises(UnknownList, match=name):
        list(placelists.read(CORPUS / name))


def test_a_folder_and_a_database_of_something_else_are_no_lists(tmp_path):
    with pytest.raises(UnknownList, match="governorates"):
        placelists.read(tmp_path)
    with sqlite3.connect(tmp_path / "other.db") as base:
        base.execute("CREATE TABLE other(id)")
    base.close()
    with pytest.raises(UnknownList, match="Yemen-info"):
        placelists.read(tmp_path / "other.db")
    (tmp_path / "governorates.json").write_text("[" * 50_000, encoding="utf-8")  # too deep for any reader
    with pytest.raises(UnknownList, match="no JSON"):
        list(placelists.read(tmp_path))


@settings(max_examples=60)
@given(st.binary(max_size=400), st.sampled_from([".csv", ".txt", ".json"]), st.sampled_from([b"", b"name,kind\n", b"ADM1_EN,ADM1_PCODE\n", b"\t" * 18 + b"\n"]))  # fmt: skip
def test_no_bytes_whatever_bring_the_loaders_down(tmp_path_factory, body, suffix, head):
    path = tmp_path_factory.mktemp("any") / f"list{suffix}"
    path.write_bytes(head + body)
    try:
        rows = list(placelists.read(path))
    except UnknownList:
        return
    assert all(isinstance(row, Entry | Refused) for row in rows)


# ------------------------------------------------------------------ what is taken can be found again

NAMES = st.text(st.characters(categories=["Lu", "Ll", "Lo"]), min_size=1, max_size=12)


@settings(max_examples=40)
@given(
    st.lists(
        st.tuples(NAMES, st.floats(-90, 90), st.floats(-180, 180), st.sampled_from(sorted(FINE))),
        min_size=1,
        max_size=6,
    )
)
def test_every_row_that_is_taken_is_found_by_its_name_and_by_its_id_unchanged(tmp_path_factory, rows):
    entries = [
        Entry(
            str(number),
            name,
            kind,
            (),
            None,
            None,
            None,
            round(north, 3),
            round(east, 3),
            number,
            "any",
            row=number,
        )
        for number, (name, north, east, kind) in enumerate(rows)
    ]
    path = tmp_path_factory.mktemp("any") / "index.sqlite"
    built = build(path, entries)
    refused = {row.row for row in built.refused}
    with Gazetteer(path) as lists:
        for entry in entries:
            if (entry.row or int(entry.code) + 1) in refused:
                continue
            assert lists.get(entry.id) == entry
            assert entry in [hit.entry for hit in lists.find(entry.name)]


@given(st.text(max_size=20))
def test_looking_up_any_text_gives_hits_in_order_of_likeness_and_never_fails(small, name):
    likes = [hit.like for hit in small.find(name)]
    assert likes == sorted(likes, reverse=True)
    assert all(0.75 <= like <= 1 for like in likes)


@pytest.fixture(scope="module")
def small(tmp_path_factory) -> Gazetteer:
    with opened(tmp_path_factory.mktemp("small"), [TARSIN, FAR]) as lists:
        yield lists


@pytest.mark.parametrize(
    "name", ["Tarsin", "Tarseen", "TARSIN", "al-Tarsin", "ترسين", "Тарсін", "תרסין", "Tarssin"]
)
def test_a_name_is_found_in_any_script_and_spelling_that_sounds_alike(small, name):
    assert TARSIN in [hit.entry for hit in small.find(name)]


def test_the_same_letters_come_before_letters_that_sound_alike(tmp_path):
    other = Entry("3", "Tarsine", "town", (), "France", "Ain", None, 46.0, 5.0, 900_000, "list")
    with opened(tmp_path, [TARSIN, other]) as lists:
        assert [hit.entry.code for hit in lists.find("Tarsin")] == ["1", "3"]
        assert [hit.entry.code for hit in lists.find("Tarsine")] == ["3", "1"]


@given(st.text(st.characters(max_codepoint=0x6FF, categories=["Ll", "Lo"]), max_size=15))
def test_the_key_of_a_sound_is_that_of_its_coarse_consonants(name):
    heard = sound(name)
    assert consonants(heard.voiced) == heard.coarse


# ------------------------------------------------------------------ several lists at once


def test_rows_of_two_lists_for_one_place_are_one_hit_the_later_winning_and_filled_in(tmp_path):
    later = Entry("t", "Tarsin", "town", ("Tarsine",), "Syria", "Kessir", source="later")
    with opened(tmp_path, [TARSIN, FAR], [later]) as lists:
        first, second = lists.find("Tarsin")
        assert (first.entry.id, first.entry.point, first.entry.population) == ("later:t", (36.1, 37.2), 12000)
        assert second.entry == FAR
        assert lists.get("list:1") == TARSIN


def test_of_several_places_without_a_point_none_takes_that_of_another_list(tmp_path):
    villages = [Entry(code, "Tarsin", "village", (), "Syria", "Kessir", source="later") for code in "ab"]
    with opened(tmp_path, [TARSIN], villages) as lists:
        assert [hit.entry.point for hit in lists.find("Tarsin")] == [(36.1, 37.2), None, None]


def test_a_province_and_the_town_it_is_named_for_stay_two(tmp_path):
    province = Entry("p", "Tarsin", "admin1", (), "Syria", "Tarsin", None, 36.1, 37.2, 50000, "later")
    with opened(tmp_path, [TARSIN], [province]) as lists:
        assert {hit.entry.kind for hit in lists.find("Tarsin")} == {"town", "admin1"}


def test_a_case_s_own_row_comes_first_among_places_of_one_spelling(tmp_path):
    own = Entry("o", "Tarsin", "village", (), "Chile", source="own.csv", wins=True)
    with opened(tmp_path, [TARSIN], [own]) as lists:
        assert lists.find("Tarsin")[0].entry == own


def test_the_digest_of_open_lists_changes_with_every_row_and_with_nothing_else(tmp_path):
    (tmp_path / "a").mkdir(), (tmp_path / "b").mkdir(), (tmp_path / "c").mkdir()
    with (
        opened(tmp_path / "a", [TARSIN]) as one,
        opened(tmp_path / "b", [TARSIN]) as same,
        opened(tmp_path / "c", [FAR]) as other,
    ):
        assert one.sha256 == same.sha256 != other.sha256


# ------------------------------------------------------------------ the file


def test_a_file_that_is_no_index_or_one_of_another_version_is_not_opened(tmp_path):
    path = tmp_path / "index.sqlite"
    build(path, [TARSIN])
    with sqlite3.connect(path) as base:
        base.execute("PRAGMA user_version=1")
    base.close()
    with pytest.raises(sqlite3.DatabaseError, match="build it anew"):
        Gazetteer(path)
    path.write_bytes(b"nothing of the kind")
    with pytest.raises(sqlite3.DatabaseError):
        Gazetteer(path)
    with pytest.raises(sqlite3.DatabaseError):
        Gazetteer(tmp_path / "absent.sqlite")


def test_a_build_that_fails_leaves_what_stood_there_and_nothing_beside_it(tmp_path):
    path = tmp_path / "index.sqlite"
    build(path, [TARSIN])

    def rows():
        yield FAR
        raise OSError("the disk is gone")

    with pytest.raises(OSError, match="disk"):
        build(path, rows())
    assert [file.name for file in tmp_path.iterdir()] == ["index.sqlite"]
    with Gazetteer(path) as lists:
        assert [hit.entry for hit in lists.find("Tarsin")] == [TARSIN]


def test_several_that_build_one_index_at_once_leave_one_whole_index(tmp_path):
    with ThreadPoolExecutor(4) as pool:
        built = list(pool.map(lambda _: build(tmp_path / "index.sqlite", [TARSIN, FAR]), range(8)))
    assert all(one.taken["list"] == 2 for one in built)
    assert [file.name for file in tmp_path.iterdir()] == ["index.sqlite"]
    with Gazetteer(tmp_path / "index.sqlite") as lists:
        assert len(lists.find("Tarsin")) == 2


def test_the_progress_of_a_build_only_rises_and_ends_at_one(tmp_path):
    told: list[float] = []
    build(tmp_path / "index.sqlite", [TARSIN, FAR], told.append)
    assert told == sorted(told)
    assert told[-1] == 1.0


# ------------------------------------------------------------------ the list that comes with the package


def test_the_default_list_knows_the_world_in_several_scripts_and_opens_at_once(whole):
    lists = Gazetteer(gazetteer.default(whole.parent))
    with lists:
        for name in ("Aleppo", "حلب", "Алеппо", "חאלב", "Halab"):
            town = next(hit.entry for hit in lists.find(name) if hit.entry.kind == "town")
            assert (town.code, town.country, town.admin1) == ("170063", "Syria", "Aleppo")
        (syria,) = (hit.entry for hit in lists.exact("Syria") if hit.entry.kind == "country")
        assert 34 < syria.latitude < 36
        assert all(
            35.5 < north < 37.5 and 35.5 < east < 42.5 for north, east in lists.border("Turkey", "Syria")
        )


def test_the_sounds_packed_with_the_default_list_are_those_that_the_code_hears():
    packed = files("tallystick.values.places").joinpath("world.xz").read_bytes()
    head, *columns = lzma.decompress(packed).decode().split("\0")
    table = {name: column.split("\n") for name, column in zip(head.split(" "), columns, strict=True)}
    lines = list(zip(table["names"], table["sounds"], strict=True))[::97]
    stale = [
        names for names, heard in lines if "|".join(gazetteer.voiced(names.split("|"))).rstrip("|") != heard
    ]
    assert not stale, "scripts.sound has changed: run training/resound.py"


def test_every_point_of_the_default_list_lies_on_the_earth_and_every_id_is_one_place(whole):
    base = sqlite3.connect(whole)
    assert base.execute(
        "SELECT count(*) FROM place WHERE abs(latitude) > 90 OR abs(longitude) > 180 OR name = ''"
    ).fetchone() == (0,)
    places, lost = base.execute("SELECT count(*), max(number) - count(*) FROM place").fetchone()
    base.close()
    assert places > 270_000
    assert lost == 0


# ------------------------------------------------------------------ lists as others publish them


def test_the_lists_of_syria_and_yemen_load_whole(tmp_path, shared):
    syria = build(tmp_path / "s.sqlite", placelists.read(shared("data/gazetteer_syria_opensyria")))
    assert (sum(syria.taken.values()), syria.refused) == (348, [])
    rows = list(placelists.read(shared("data/gazetteer_yemen") / "yemen-info.json"))
    assert sum(isinstance(row, Entry) and row.kind == "admin1" for row in rows) == 22
    assert all(row.country == "Yemen" for row in rows if isinstance(row, Entry))


def test_a_column_of_an_own_list_that_is_called_nearly_as_one_that_is_read_is_told(tmp_path):
    own = tmp_path / "own.csv"
    own.write_text("name,lat,lon,populaton,source\nVelin,15.0,44.0,5000,me\n", encoding="utf-8")
    *told, entry = placelists.read(own)
    assert [(each.row, each.name, each.why.split()[-1]) for each in told] == [
        (1, "lat", "'latitude'"), (1, "lon", "'longitude'"), (1, "populaton", "'population'"),
    ]  # fmt: skip
    assert (entry.name, entry.latitude) == ("Velin", None)
    own.write_text("name,latitude,longitude,source\nVelin,15.0,44.0,me\n", encoding="utf-8")
    (entry,) = placelists.read(own)
    assert entry.latitude == 15.0
