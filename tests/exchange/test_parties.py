"""Parties as FollowTheMoney: what is handed on comes back as a list of parties, and knows their names."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import pytest
import tests_others

from tallystick.case import Case
from tallystick.exchange import ftm
from tallystick.exchange.files import lines
from tallystick.exchange.happenings import Actor
from tallystick.values.parties import lists
from tallystick.values.parties.base import Entry, base
from tallystick.values.places.gazetteer import Refused

# Of what FollowTheMoney has no word for only that it is an organisation comes back.
BACK = {"government": "office", "office": "office", "army": "army", "party": "party", "person": "person"}

_VALID = """
import json, sys
from followthemoney import model
for line in open(sys.argv[1], encoding="utf-8"):
    told = json.loads(line)
    assert model.get_proxy(told, cleaned=False).to_dict()["properties"] == told["properties"], told
"""


def written(folder: Path, actors: Sequence[Actor]) -> Path:
    lines(folder / "parties.ftm.json", (ftm.party(actor) for actor in actors))
    return folder / "parties.ftm.json"


def known() -> list[Actor]:
    rows = (each for each in base() if isinstance(each, Entry))
    return [Actor(each.name, each.sort, each.countries) for each in rows]


def test_every_party_of_the_register_comes_back_with_its_name_and_what_can_be_told_of_its_sort(
    tmp_path: Path,
) -> None:
    actors = {ftm.actor_id(actor): actor for actor in known()}
    path = written(tmp_path, list(actors.values()))
    found = list(lists.read(path))
    assert not [row for row in found if isinstance(row, Refused)]
    assert len(found) == len(actors) > 400
    for entry in found:
        assert isinstance(entry, Entry)
        actor = actors[entry.code]
        assert entry.name == actor.name
        assert entry.sort == BACK.get(actor.sort, "other")
        assert set(entry.countries) <= set(actor.countries)


def test_every_party_is_one_that_followthemoney_takes_whole(tmp_path: Path) -> None:
    tests_others.ask("followthemoney", _VALID, written(tmp_path, known()))


def test_an_export_of_one_case_is_a_list_of_parties_for_another(case: Case, tmp_path: Path) -> None:
    case.export(tmp_path / "out", formats=["ftm"])
    told = [
        json.loads(line) for line in (tmp_path / "out" / ftm.FILE).read_text(encoding="utf-8").splitlines()
    ]
    names = {
        each["properties"]["name"][0]
        for each in told
        if each["schema"] in ("LegalEntity", "Organization", "PublicBody", "Person")
    }
    assert names
    taken = case.add_list(tmp_path / "out" / ftm.FILE)
    assert (taken.sort, taken.taken, taken.refused) == ("party", len(names), ())


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("{", "no FollowTheMoney entity"),
        ("[1]", "no FollowTheMoney entity"),
        ('{"schema": "Person"}', "it has no 'id'"),
        ('{"id": "b", "schema": "Person", "properties": {}}', "it has no name"),
        ('{"id": "b", "schema": "Person", "properties": []}', ""),
        ('{"id": "b", "schema": "Person", "properties": {"name": [7, null, {"id": 3}]}}', "it has no name"),
        ('{"id": "b", "schema": "Person", "properties": {"name": ["A\\u202eda"]}}', "cannot be seen"),
        ('{"id": "a", "schema": "Person", "properties": {"name": ["Other"]}}', "given to a row before"),
        ('{"id": "b", "schema": ["Person"], "properties": {"name": ["Other"]}}', "no FollowTheMoney entity"),
        ("[" * 5000, "no FollowTheMoney entity"),
        ('{"id": "b", "schema": "Person", "properties": {"name": ["' + "x" * 1_000_001 + '"]}}', "longer than"),
    ],
)  # fmt: skip
def test_an_entity_that_cannot_be_meant_is_refused_and_the_others_go_on(
    tmp_path: Path, line: str, why: str
) -> None:
    first = '{"id": "a", "schema": "Person", "properties": {"name": ["Ada Venn"]}}'
    last = '{"id": "z", "schema": "Organization", "properties": {"name": ["Harrow Centre"]}}'
    (tmp_path / "x.json").write_text(f"{first}\n{line}\n{last}\n", encoding="utf-8")
    found = list(lists.read(tmp_path / "x.json"))
    refused = [row for row in found if isinstance(row, Refused)]
    assert [row.name for row in found if isinstance(row, Entry)] == ["Ada Venn", "Harrow Centre"]
    assert len(refused) == 1
    assert why in refused[0].why
