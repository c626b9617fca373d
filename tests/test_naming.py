"""Names into the world: lists and decisions count for every report, and no claim is changed by them."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from tallystick import naming
from tallystick.case import Case
from tallystick.errors import AskedWrongly, CaseDamaged, CaseReadOnly
from tallystick.model import Account, Event

HEAD = "name,kind,names,country,admin1,latitude,longitude,code"
STRIKE = (
    "At least {n} people were killed in an air strike on the town of {place} on Friday, the hospital said."
)


def report(folder: Path, name: str, place: str = "Solem", n: int = 12) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{name}.json"
    record = {"id": name, "source": f"Outlet {name}", "published": "2019-05-18"}
    path.write_text(json.dumps({**record, "text": STRIKE.format(place=place, n=n)}), encoding="utf-8")
    return path


def own(folder: Path, *rows: str, name: str = "own.csv") -> Path:
    path = folder / name
    path.write_text("\n".join([HEAD, *rows]) + "\n", encoding="utf-8")
    return path


SOLEM = "Solem,village,Sollem,Orveth,Harrow,31.4,-41.2,s1"


@pytest.fixture
def case(tmp_path: Path) -> Path:
    """A case of one read report, on Solem."""
    with Case.make(tmp_path / "case", countries=["Orveth"]) as made:
        made.run([report(tmp_path / "reports", "a")])
    return tmp_path / "case"


def placed(case: Path) -> dict[str, Account]:
    """The accounts that tell a place, by the name told; of several the last."""
    with Case.open(case) as opened:
        return {each.found.place.name: each for each in opened.places() if each.found}


def ids(case: Path) -> list[str]:
    with Case.open(case) as opened:
        return sorted(claim.id for claim in opened.record().claims)


# ------------------------------------------------------------------------------------ the lists


def test_a_list_added_later_counts_for_reports_already_read(case: Path, tmp_path: Path) -> None:
    before, claims = placed(case)["Solem"], ids(case)
    assert before.found is not None
    assert before.found.place.latitude is None
    with Case.open(case, write=True) as opened:
        taken = opened.add_list(own(tmp_path, SOLEM))
    assert (taken.taken, taken.refused) == (1, ())
    after = placed(case)["Solem"]
    assert after.found is not None
    assert (after.found.place.latitude, after.found.place.longitude) == (31.4, -41.2)
    assert after.telling.place == after.found.place
    assert after.head.id == before.head.id, "the same claim, as meant"
    with Case.open(case) as opened:
        (told,) = [claim for claim in opened.record().claims if claim.id == after.head.id]
    assert told.value.place.latitude is None, "the claim itself keeps the place as told"
    assert ids(case) == claims


def test_the_cases_own_list_wins_over_the_default_one(tmp_path: Path) -> None:
    case = tmp_path / "case"
    with Case.make(case, countries=["Syria"]) as made:
        made.add_list(own(tmp_path, "Aleppo,town,,Syria,Elsewhere,10.0,20.0,x"))
        made.run([report(tmp_path / "reports", "a", "Aleppo")])
    found = placed(case)["Aleppo"].found
    assert found is not None
    assert (found.place.latitude, found.place.admin1) == (10.0, "Elsewhere")
    assert found.choices[0].entry.id == "own.csv:x"


def test_of_places_of_one_name_that_in_the_cases_country_is_meant(tmp_path: Path) -> None:
    for country in ("Lebanon", "Libya"):
        with Case.make(tmp_path / country, countries=[country]) as made:
            made.run([report(tmp_path / "reports", "a", "Tripoli")])
            found = made.places()[0].found
        assert found is not None
        assert found.place.country == country
        assert "in the country of the case" in found.reasons


def test_rows_that_cannot_be_right_are_named_and_the_others_taken(case: Path, tmp_path: Path) -> None:
    rows = (
        SOLEM,
        "Tarsin,village,,Orveth,Harrow,131,-41,t",
        ",village,,Orveth,Harrow,31,-41,u",
        "Omrun,moon,,,,,,v",
    )
    with Case.open(case, write=True) as opened:
        taken = opened.add_list(own(tmp_path, *rows))
        (event,) = opened.lists()
    assert taken.taken == 1
    told = "\n".join(map(str, taken.refused))
    assert "row 3 (Tarsin): latitude 131" in told
    assert "row 4 (no name): it has no name" in told
    assert "row 5 (Omrun): 'moon' is no kind of place" in told
    assert (event.facts["taken"], event.facts["refused"]) == (1, 3)


@pytest.mark.parametrize(
    "content", ["", "nothing,known\n1,2\n", HEAD + "\n", HEAD + "\nX,moon,,,,,,\n", "\0\1\2"]
)
def test_a_file_of_which_nothing_can_be_taken_is_refused_and_leaves_no_trace(
    case: Path, tmp_path: Path, content: str
) -> None:
    path = tmp_path / "list.csv"
    path.write_text(content, encoding="utf-8")
    with Case.open(case, write=True) as opened:
        with pytest.raises(AskedWrongly, match=r"list\.csv"):
            opened.add_list(path)
        assert opened.lists() == ()
    assert not (case / naming.FOLDER).exists()


def test_a_list_that_is_not_there_is_asked_wrongly(case: Path, tmp_path: Path) -> None:
    with (
        Case.open(case, write=True) as opened,
        pytest.raises(AskedWrongly, match=r"none\.csv cannot be read"),
    ):
        opened.add_list(tmp_path / "none.csv")


def test_a_dropped_list_counts_no_more_and_may_be_taken_again(case: Path, tmp_path: Path) -> None:
    path = own(tmp_path, SOLEM)
    with Case.open(case, write=True) as opened:
        opened.add_list(path)
        opened.drop_list("own.csv")
        assert opened.lists() == ()
        with pytest.raises(AskedWrongly, match=r"no list 'own\.csv' counts"):
            opened.drop_list("own.csv")
        assert opened.places()[0].found.place.latitude is None
        opened.add_list(path)
        assert opened.places()[0].found.place.latitude == 31.4


def test_verify_names_a_list_whose_bytes_were_changed(case: Path, tmp_path: Path) -> None:
    with Case.open(case, write=True) as opened:
        opened.add_list(own(tmp_path, SOLEM))
        assert opened.verify().problems == ()
        (kept,) = (case / naming.FOLDER).glob("*/own.csv")
        kept.write_text(kept.read_text().replace("31.4", "35.0"))
        (problem,) = opened.verify().problems
        assert str(kept) in problem
        assert "is not the list that was taken in" in problem
        kept.unlink()
        (problem,) = opened.verify().problems
        assert f"{kept} is missing" in problem


def test_an_index_is_made_again_from_the_kept_bytes_and_from_no_others(
    case: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Case.open(case, write=True) as opened:
        opened.add_list(own(tmp_path, SOLEM))
    there = naming.cache()
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "elsewhere"))
    for default in there.glob("places-*.sqlite"):  # the world's list takes seconds
        shutil.copy(default, naming.cache())
    assert placed(case)["Solem"].found.place.latitude == 31.4
    shutil.rmtree(tmp_path / "elsewhere")
    for default in there.glob("places-*.sqlite"):
        shutil.copy(default, naming.cache())
    (kept,) = (case / naming.FOLDER).glob("*/own.csv")
    kept.write_text("another\n")
    with Case.open(case) as opened, pytest.raises(CaseDamaged, match="not the list that was taken in"):
        opened.places()


def test_two_lists_of_one_name_would_give_one_id_to_two_places(case: Path, tmp_path: Path) -> None:
    with Case.open(case, write=True) as opened:
        opened.add_list(own(tmp_path, SOLEM))
        opened.add_list(own(tmp_path, SOLEM))
        assert len(opened.lists()) == 1, "the same list again changes nothing"
        with pytest.raises(AskedWrongly, match=r"another list called own\.csv counts in this case"):
            opened.add_list(own(tmp_path, SOLEM.replace("31.4", "30.4")))


def test_a_damaged_index_in_the_cache_is_made_anew(
    case: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    there = naming.cache()
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "elsewhere"))
    with Case.open(case, write=True) as opened:
        opened.add_list(own(tmp_path, SOLEM))
    for index in naming.cache().glob("list-*.sqlite"):
        index.write_bytes(b"no database")
    assert placed(case)["Solem"].found.place.latitude == 31.4
    assert there != naming.cache()


def test_a_cache_that_cannot_be_written_is_told_in_a_sentence(
    case: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("in the way")
    monkeypatch.setattr(naming, "cache", lambda: blocked)
    with Case.open(case) as opened, pytest.raises(CaseReadOnly, match="XDG_CACHE_HOME"):
        opened.places()


@pytest.mark.parametrize(
    ("name", "content", "why"),
    [
        ("people.csv", "name,population\nSolem,1e400\n", "'1e400' is no number"),
        ("many.csv", "name,population\nSolem,100000000000000000000\n", "is no population"),
        ("long.csv", "name,names\nSolem," + "x" * 2_000_000 + "\n", "long.csv"),
        (
            "yemen.json",
            '{"governorates": [{"name_en": "Sanaa", "districts": 5}]}',
            "its districts are no list",
        ),
    ],
)
def test_a_hostile_list_is_a_sentence_and_never_a_traceback(
    case: Path, tmp_path: Path, name: str, content: str, why: str
) -> None:
    path = tmp_path / name
    path.write_text(content, encoding="utf-8")
    with Case.open(case, write=True) as opened:
        assert why in refusal(opened, path)


def refusal(opened: Case, path: Path) -> str:
    """What is refused of a list, or why it is refused whole."""
    try:
        return "\n".join(map(str, opened.add_list(path).refused))
    except AskedWrongly as error:
        return str(error)


# -------------------------------------------------------------------------------- the decisions


def test_a_decision_for_a_place_that_no_list_has_any_more_is_nobodys_word(case: Path, tmp_path: Path) -> None:
    with Case.open(case, write=True) as opened:
        opened.add_list(own(tmp_path, SOLEM))
        opened.name_means("place", "Solem", "own.csv:s1", by="A. Haddad")
        opened.drop_list("own.csv")
        found = opened.places()[0].found
    assert found.place.latitude is None
    assert found.reasons[-1] == "A. Haddad decided for own.csv:s1, which no list of the case has any more"


def test_a_village_in_no_list_stands_at_its_province_and_not_in_the_provincial_capital(
    tmp_path: Path,
) -> None:
    with Case.make(tmp_path / "case", countries=["Syria"]) as made:
        made.run([report(tmp_path / "reports", "a", "Kafr Zulnumba in Aleppo province")])
        found = made.places()[0].found
    assert found.place.admin1 == "Aleppo"
    assert found.place.code is None
    assert found.place.radius_km > 30, "so far the province reaches"


@pytest.mark.parametrize(
    ("words", "north", "reach"),
    [("20 km north of Hama", 35.31, 8.0), ("Hama", 35.13, 6.0)],
)
def test_how_far_from_a_town_it_was_is_heard(tmp_path: Path, words: str, north: float, reach: float) -> None:
    path = tmp_path / "a.json"
    text = f"At least 12 people were killed in an air strike {words} on Friday, the hospital said."
    path.write_text(
        json.dumps(
            {"id": "a", "published": "2019-05-18", "text": text.replace("strike Hama", "strike in Hama")}
        )
    )
    with Case.make(tmp_path / "case", countries=["Syria"]) as made:
        made.run([path])
        found = made.places()[0].found
    assert found is not None
    assert abs(found.place.latitude - north) < 0.03
    assert found.place.radius_km == reach


def test_a_slip_in_the_name_of_a_country_is_asked_about(tmp_path: Path) -> None:
    with pytest.raises(AskedWrongly, match="did you mean Ukraine"):
        Case.make(tmp_path / "case", countries=["Ukrain"])
    with pytest.raises(AskedWrongly, match="a country has a name"):
        Case.make(tmp_path / "other", countries=[" "])


def test_a_persons_word_on_a_name_wins_also_for_later_reports(case: Path, tmp_path: Path) -> None:
    rows = ("Solem,village,,Orveth,Harrow,31.4,-41.2,north", "Solem,village,,Orveth,Lowmark,28.0,-44.0,south")
    claims = ids(case)
    with Case.open(case, write=True) as opened:
        opened.add_list(own(tmp_path, *rows))
        torn = opened.places()[0].found
        assert torn.place.latitude is None, "two places of the name are as likely"
        assert torn.place.country == "Orveth"
        opened.name_means("place", "Solem", "own.csv:south", by="A. Haddad", note="the school is there")
        opened.add([report(tmp_path / "later", "b", "Solem", 14)])
        opened.read()
        found = [each.found for each in opened.places()]
    assert len(found) == 2
    assert {each.place.latitude for each in found} == {28.0}
    assert all(each.reasons[0].startswith("A. Haddad said so on ") for each in found)
    assert all(each.reasons[0].endswith("(the school is there)") for each in found)
    assert set(claims) <= set(ids(case))


def test_the_last_word_stands_and_can_be_taken_back(case: Path, tmp_path: Path) -> None:
    rows = ("Solem,village,,Orveth,Harrow,31.4,-41.2,north", "Solem,village,,Orveth,Lowmark,28.0,-44.0,south")
    with Case.open(case, write=True) as opened:
        opened.add_list(own(tmp_path, *rows))
        for code in ("south", "north"):
            opened.name_means("place", "solem", f"own.csv:{code}", by="A. Haddad")
        assert opened.places()[0].found.place.latitude == 31.4
        opened.name_means("place", "SOLEM", None, by="B. Orel")
        assert opened.places()[0].found.place.latitude is None


def test_a_decision_needs_a_person_and_a_place_that_some_list_has(case: Path, tmp_path: Path) -> None:
    with Case.open(case, write=True) as opened:
        opened.add_list(own(tmp_path, SOLEM))
        with pytest.raises(AskedWrongly, match="say who decides"):
            opened.name_means("place", "Solem", "own.csv:s1", by=" ")
        with pytest.raises(AskedWrongly, match=r"no list has a place 'own\.csv:s2'"):
            opened.name_means("place", "Solem", "own.csv:s2", by="A. Haddad")
        with pytest.raises(AskedWrongly, match="is no name"):
            opened.name_means("place", "…", "own.csv:s1", by="A. Haddad")


def test_decisions_are_kept_by_sort_and_by_folded_name() -> None:
    def said(sort: naming.Sort, name: str, means: str | None) -> Event:
        return naming.decision(sort, name, means, "", "A. Haddad", "2026-01-01T00:00:00Z")

    events = [
        said("place", "Al-Bab", "x:1"),
        said("party", "Daesh", "Islamic State"),
        said("place", "the bab", "x:2"),
    ]
    assert {name: each.means for name, each in naming.decided(events, "place").items()} == {"bab": "x:2"}
    assert naming.decided(events, "party")["daesh"].means == "Islamic State"
    assert naming.decided([*events, said("party", "DAESH", None)], "party") == {}


# ---------------------------------------------------------------------------------- the record


def test_the_record_is_the_same_twice_and_whatever_the_cache(case: Path, tmp_path: Path) -> None:
    with Case.open(case, write=True) as opened:
        opened.add_list(own(tmp_path, SOLEM))
        opened.link()
        opened.export(tmp_path / "one")
    with Case.open(case) as opened:
        opened.export(tmp_path / "two")
    for file in sorted((tmp_path / "one").iterdir()):
        assert file.read_bytes() == (tmp_path / "two" / file.name).read_bytes()
    line = json.loads((tmp_path / "one" / "accounts.jsonl").read_text().splitlines()[0])
    assert (line["place"]["latitude"], line["place"]["radius_km"]) == (31.4, 2.0)


def test_countries_are_kept_with_the_case_under_their_usual_names(tmp_path: Path) -> None:
    folder = tmp_path / "case"
    Case.make(folder, countries=["syria", "Orveth"]).close()
    with Case.open(folder) as opened:
        assert opened.countries == ("Syria", "Orveth")
    Case.make(folder).close()
    with Case.open(folder) as opened:
        assert opened.countries == ("Syria", "Orveth"), "to name none takes none back"
    (folder / "case.toml").write_text('countries = "Syria"\n')
    with pytest.raises(AskedWrongly, match="countries are a list of names in quotes"):
        Case.open(folder)


# --------------------------------------------------------------------------------- the parties


SAID = "At least {n} people were killed by {who} on Friday in the town of Solem, the hospital said."


def said(folder: Path, name: str, who: str, n: int = 12) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{name}.json"
    record = {"id": name, "source": f"Outlet {name}", "published": "2019-05-18"}
    path.write_text(json.dumps({**record, "text": SAID.format(who=who, n=n)}), encoding="utf-8")
    return path


def perpetrators(case: Case) -> dict[str, str]:
    return {
        document.name: role.party.name
        for account in case.record().accounts
        for document in case.record().documents
        if document.id == account.document
        for _, role in account.roles("perpetrator")
    }


def test_one_party_under_two_names_is_one_and_a_persons_word_makes_others_one(tmp_path: Path) -> None:
    with Case.make(tmp_path / "case", countries=["Iraq"]) as made:
        made.run([said(tmp_path, "a", "Daesh"), said(tmp_path, "b", "Islamic State")])
        assert set(perpetrators(made).values()) == {"Islamic State"}
        names = {claim.value.party.name for claim in made.record().claims if hasattr(claim.value, "party")}
        made.name_means("party", "Islamic State", "The Group", by="A. Haddad")
        assert set(perpetrators(made).values()) == {"The Group"}
        after = {claim.value.party.name for claim in made.record().claims if hasattr(claim.value, "party")}
        assert names == after, "claims keep the names as told"
        made.name_means("party", "Islamic State", None, by="A. Haddad")
        assert set(perpetrators(made).values()) == {"Islamic State"}


def test_a_cases_own_list_of_parties_is_known_from_a_list_of_places(tmp_path: Path) -> None:
    path = tmp_path / "parties.csv"
    path.write_text(
        "name,names,sort,source\nTarsin Guard,Tarsin Rebels;TG,armed group,own\n", encoding="utf-8"
    )
    with Case.make(tmp_path / "case") as made:
        made.add_list(own(tmp_path, SOLEM))
        taken = made.add_list(path)
        assert (taken.sort, taken.taken) == ("party", 1)
        assert [event.facts["sort"] for event in made.lists()] == ["place", "party"]
        assert naming.register(made.folder, made.lists()).one("TG").entry.name == "Tarsin Guard"
        assert made.verify().problems == ()
