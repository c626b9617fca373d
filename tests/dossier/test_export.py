"""The export: what the format says, no more and no less."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tallystick.dossier import export
from tallystick.dossier.export import FILES
from tallystick.errors import AskedWrongly
from tallystick.model import FIELDS, Record

KEYS = {
    "documents": "id capture title publisher published published_from url language language_from pages remarks text",
    "claims": "id document start end quote pages account topic voices stance value time maker confidence",
    "accounts": "id document start end quote aggregate primary kind date place tolls actors weapon target "
    "incident",
    "incidents": "id former_ids accounts kind date place origins tolls verdicts grade grades disputes",
    "findings": "id incident matter field verdict claims summary reason",
}


def _lines(folder: Path, name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (folder / f"{name}.jsonl").read_text("utf-8").splitlines()]


@pytest.fixture(scope="module")
def folder(market: Record, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("export") / "out"
    export(market, out)
    return out


@pytest.mark.parametrize("name", sorted(KEYS))
def test_every_line_has_every_key_in_order_of_ids(folder: Path, name: str) -> None:
    lines = _lines(folder, name)
    assert lines
    assert all(list(line) == KEYS[name].split() for line in lines)
    assert [line["id"] for line in lines] == sorted({line["id"] for line in lines})


def test_every_quote_is_the_text_at_its_offsets(folder: Path) -> None:
    texts = {line["id"]: line["text"] for line in _lines(folder, "documents")}
    for line in [*_lines(folder, "claims"), *_lines(folder, "accounts")]:
        assert texts[line["document"]][line["start"] : line["end"]] == line["quote"]
    for account in _lines(folder, "accounts"):
        for toll in account["tolls"]:
            assert texts[account["document"]][toll["start"] : toll["end"]] == toll["text"]


def test_documents_go_by_their_own_ids(folder: Path) -> None:
    assert [line["id"] for line in _lines(folder, "documents")] == [
        "letter",
        "osa-1",
        "times-1",
        "wire-1",
        "wire-2",
    ]


def test_a_total_belongs_to_no_incident_and_a_matter_is_none(folder: Path) -> None:
    accounts = _lines(folder, "accounts")
    incidents = {line["id"] for line in _lines(folder, "incidents")}
    total = next(line for line in accounts if line["aggregate"])
    assert total["incident"] is None
    matters = {line["incident"] for line in accounts if line["kind"] == "displacement"}
    assert len(matters) == 1
    assert not matters & incidents
    assert len(incidents) == 2
    findings = _lines(folder, "findings")
    assert {line["matter"] for line in findings} == {None, *matters}
    assert all((line["incident"] is None) != (line["matter"] is None) for line in findings)


def test_a_total_that_was_weighed_is_no_incident_either(builder: Any, tmp_path: Path) -> None:
    case = builder()
    case.report("a", "The war has killed 40,000 people.")
    tolls = [("killed", "40,000 people", 40000, 40000, [])]
    telling = case.account("a", "The war", "other", aggregate=True, tolls=tolls)
    case.weigh(
        [telling], [("a", [telling])], {"killed": ("single_origin", "x", (40000, 40000, 40000, False))}
    )
    export(case.record(), tmp_path / "out")
    assert _lines(tmp_path / "out", "incidents") == []
    assert _lines(tmp_path / "out", "findings") == []
    assert _lines(tmp_path / "out", "accounts")[0]["incident"] is None


def test_a_toll_carries_its_bounds_and_its_deepest_voice(folder: Path) -> None:
    account = next(
        line for line in _lines(folder, "accounts") if line["document"] == "wire-1" and not line["aggregate"]
    )
    assert account["tolls"][0] == {
        "kind": "killed", "low": 11, "high": None, "approx": False, "group": "people",
        "voice": "Harrow Observatory", "text": "at least 11 people",
        "start": account["tolls"][0]["start"], "end": account["tolls"][0]["end"],
    }  # fmt: skip
    assert account["actors"] == [
        {"name": "Orvethi air force", "party": "Orvethi air force", "role": "perpetrator",
         "stance": "alleged", "voice": "Sanna Orlek"}
    ]  # fmt: skip
    assert account["date"] == {
        "start": "2019-05-16",
        "end": "2019-05-16",
        "text": "Thursday",
        "precision": "day",
    }


def test_the_deepest_voice_is_whom_the_speaker_relays(builder: Any, tmp_path: Path) -> None:
    case = builder()
    case.report("a", "OSA quoted a doctor as saying that six people died in the blast.")
    case.account("a", "the blast", tolls=[("killed", "six people", 6, 6, ["OSA", "a doctor"])])
    export(case.record(), tmp_path / "out")
    (account,) = _lines(tmp_path / "out", "accounts")
    assert account["tolls"][0]["voice"] == "a doctor"
    assert account["incident"] is None
    claim = next(line for line in _lines(tmp_path / "out", "claims") if line["quote"] == "six people")
    assert [voice["name"] for voice in claim["voices"]] == ["OSA", "a doctor"]


def test_an_incident_shows_its_range_and_all_verdicts(folder: Path) -> None:
    strike = next(line for line in _lines(folder, "incidents") if len(line["accounts"]) == 4)
    assert strike["kind"] == "air_strike"
    assert strike["date"]["start"] == "2019-05-16"
    killed = strike["tolls"]["killed"]
    assert (killed["low"], killed["best"], killed["high"]) == (9, 17, 17)
    assert strike["tolls"]["captured"] is None
    assert tuple(strike["verdicts"]) == FIELDS
    assert strike["verdicts"]["captured"] == "unknown"
    assert strike["grade"] == "Contested"
    assert len(strike["former_ids"]) == 3
    assert [len(origin["accounts"]) for origin in strike["origins"]] == [3, 1]
    assert strike["disputes"][0]["reasons"] == ["other weapon"]


def test_nothing_known_is_null_never_guessed(folder: Path) -> None:
    letter = next(line for line in _lines(folder, "accounts") if line["document"] == "letter")
    assert letter["date"] == {"start": None, "end": None, "text": "Friday", "precision": "unknown"}
    place = letter["place"]
    assert (place["name"], place["latitude"], place["admin1"]) == ("Solem", None, None)
    document = next(line for line in _lines(folder, "documents") if line["id"] == "letter")
    assert (document["published"], document["published_from"], document["publisher"]) == (None, None, None)


def test_reports_that_share_a_name_stay_apart(builder: Any, tmp_path: Path) -> None:
    case = builder()
    first = case.report("a", "First text, one dead.")
    second = case.report("a", "Second text, two dead.")
    case.documents = {"x": first, "y": second}
    export(case.record(), tmp_path / "out")
    ids = [line["id"] for line in _lines(tmp_path / "out", "documents")]
    assert ids[0] == "a"
    assert ids[1].startswith("a~")
    assert len(set(ids)) == 2


def test_an_empty_record_is_five_empty_files(builder: Any, tmp_path: Path) -> None:
    export(builder().record(), tmp_path / "out")
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == sorted(FILES)
    assert all((tmp_path / "out" / name).read_bytes() == b"" for name in FILES)


def test_a_second_run_writes_the_same_bytes(market: Record, folder: Path, tmp_path: Path) -> None:
    export(market, tmp_path / "again")
    for name in FILES:
        assert (tmp_path / "again" / name).read_bytes() == (folder / name).read_bytes()


def test_a_folder_with_other_files_is_refused_and_left_alone(market: Record, tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("years of work")
    with pytest.raises(AskedWrongly, match="holds files that are no part of an export"):
        export(market, tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.txt"]


def test_a_lone_surrogate_in_a_title_breaks_nothing(builder: Any, tmp_path: Path) -> None:
    case = builder()
    case.report("a", "One dead.", title="half a \ud83d smile")
    export(case.record(), tmp_path / "out")
    assert _lines(tmp_path / "out", "documents")[0]["title"] == "half a \ud83d smile"


def test_of_equal_days_all_together_are_given(builder: Any, tmp_path: Path) -> None:
    """Two origins, two days: the incident's date is the stretch that holds both, not a choice."""
    case = builder()
    case.report("a", "A raid on Wednesday.")
    case.report("b", "The raid came on Thursday.")
    a = case.account("a", "raid", when=builder.day("2020-01-01", "Wednesday"))
    b = case.account("b", "raid", when=builder.day("2020-01-02", "Thursday"))
    case.weigh([a, b], [("one", [a]), ("two", [b])], {"date": ("conflict", "two days")})
    export(case.record(), tmp_path / "out")
    (incident,) = _lines(tmp_path / "out", "incidents")
    assert incident["date"] == {"start": "2020-01-01", "end": "2020-01-02", "text": None, "precision": "days"}
