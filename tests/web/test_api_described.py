"""What is described holds of a desk that listens: schemathesis asks it by the description, well and badly.

Ids in paths are drawn from those that there are, and If-Match from the tags that stand, half of the time: else
next to nothing would ever be found, or decided.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from tests_api import ANNA, KEY, LIND, Office
from tests_served import served

from tallystick.web.api.description import document
from tallystick.web.app import make
from tallystick.web.guard import Pace

schemathesis = pytest.importorskip("schemathesis", reason="schemathesis is not installed: see pyproject.toml")
EXAMPLES = 12  # requests for each operation, as many well as badly made


@pytest.fixture(scope="module")
def asked(to_ask: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Office, str]]:
    office = Office.of(to_ask, tmp_path_factory.mktemp("described"))
    app = make({KEY: office.desk}, office.inn.team, hosts={"127.0.0.1"}, pace=Pace(1e6, 10**6))
    with served(app) as address:
        yield office, address
    office.close()


@pytest.fixture(scope="module")
def described(asked: tuple[Office, str]) -> Any:
    """The description, with the ids of this case for those that stand in paths."""
    office, _ = asked
    program, told = office.program(LIND), deepcopy(document())
    ids = {
        sort: [row["id"] for row in program.walk(f"/{sort}")]
        for sort in ("reports", "claims", "incidents", "matters", "accounts")
    }
    for path, operations in told["paths"].items():
        sort = path.removeprefix("/api/v1/cases/{case}/").partition("/")[0]
        known = {"case": [KEY], "left": ids["accounts"][:2], "right": ids["accounts"][2:4]}
        known |= {
            "id": ids.get(sort, [])[:5],
            "item": [ids["claims"][0], ids["reports"][0], ",".join(ids["accounts"][:2])],
        }
        for operation in operations.values():
            for parameter in operation["parameters"]:
                if parameter["in"] == "path":
                    parameter["schema"] = {"type": "string", "enum": known[parameter["name"]]}
    config = schemathesis.Config.from_dict(
        {
            "checks": {
                "missing_required_header": {"expected-statuses": [428]},
                # What is well formed may still have no meaning: a correction that changes nothing, a number that is none.
                "positive_data_acceptance": {"expected-statuses": ["2xx", 304, 307, 404, 409, 412, 422]},
                "negative_data_rejection": {"expected-statuses": [400, 401, 404, 412, 415, 422, 428]},
            }
        }
    )
    return schemathesis.openapi.from_dict(told, config=config)


PAGE = Path(__file__).parents[2] / "docs" / "api.md"
OPERATIONS = [(path, method) for path, told in document()["paths"].items() for method in told]


@pytest.mark.parametrize(("path", "method"), OPERATIONS, ids=lambda part: part.removeprefix("/api/v1"))
@pytest.mark.parametrize("mode", ["positive", "negative"])
def test_what_is_described_holds(
    described: Any, asked: tuple[Office, str], path: str, method: str, mode: str
) -> None:
    office, address = asked
    operation = described[path][method]
    token = {"Authorization": f"Bearer {office.tokens[LIND]}"}
    if mode == "negative" and not [*operation.iter_parameters(), *operation.body]:
        return  # there is nothing to say amiss

    @given(case=operation.as_strategy(generation_mode=schemathesis.GenerationMode(mode)))
    @settings(
        max_examples=EXAMPLES,
        derandomize=True,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    def ask(case: Any) -> None:
        if method == "post" and mode == "positive" and "If-Match" in case.headers and len(str(case.body)) % 2:
            told = office.program(LIND).get(case.formatted_path)
            case.headers["If-Match"] = told.headers.get("etag", '"none"')
        case.call_and_validate(base_url=address, headers=token)

    before = len(office.desk.case.history())
    ask()
    if (method, mode) == ("post", "positive"):
        assert len(office.desk.case.history()) > before, (
            "what is described of decisions was never seen to hold"
        )


def test_the_program_of_the_page_does_what_it_says(
    asked: tuple[Office, str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    office, address = asked
    monkeypatch.setenv("DESK", address)
    monkeypatch.setenv("CASE", KEY)
    monkeypatch.setenv("TOKEN", office.tokens[ANNA])
    [program] = re.findall(r"```python\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.S)
    exec(compile(program, str(PAGE), "exec"), {})  # noqa: S102 - our own page
    *rows, said = capsys.readouterr().out.splitlines()
    assert said == f"{ANNA} upheld"
    assert rows
    assert all("'low': " in row for row in rows)
