"""The desk for programs: a walk meets each row once, a tag means its bytes, nothing leaks, nobody decides unseeing."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import cycle
from pathlib import Path

import pytest
from starlette.testclient import TestClient
from tests_api import ANNA, BASE, BEN, KEY, LIND, NAJI, Office, Program
from tests_deciding import TWICE

from tallystick.desk.past import DECIDED
from tallystick.model import Telling
from tallystick.web.api.answers import MOST
from tallystick.web.api.description import document
from tallystick.web.api.shape import of_body
from tallystick.web.app import make
from tallystick.web.guard import Pace
from tallystick.web.routes import TABLE


@pytest.fixture
def office(to_ask: Path, tmp_path: Path) -> Iterator[Office]:
    office = Office.of(to_ask, tmp_path)
    yield office
    office.close()


@pytest.fixture(scope="module")
def still(to_ask: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """One in which nobody decides anything."""
    office = Office.of(to_ask, tmp_path_factory.mktemp("still"))
    yield office
    assert office.desk.case.ledger.events(*DECIDED) == ()
    office.close()


@pytest.fixture
def strict(to_ask: Path, tmp_path: Path) -> Iterator[Office]:
    """The same, where a second person is asked for."""
    office = Office.of(to_ask, tmp_path, TWICE)
    yield office
    office.close()


def deeds(office: Office) -> Iterator[None]:
    """Decisions without end, each of another sort than the one before: on claims, pairs, and beside them."""
    anna, lind = office.program(ANNA), office.program(LIND)
    claims = [claim.id for claim in office.tolls()]
    accounts = [row["id"] for row in anna.walk("/accounts")]
    verdicts = cycle(("upheld", "rejected", "upheld"))
    likeness = cycle(("same", "different", "unsure"))
    for n, claim in enumerate(cycle(claims)):
        at = n % 4
        if at == 0:
            answer = anna.post(f"/claims/{claim}/reviews", {"verdict": next(verdicts), "note": f"{n}"})
        elif at == 1:
            other = accounts[1 + n % (len(accounts) - 1)]
            answer = anna.post(f"/pairs/{accounts[0]}/{other}/judgements", {"verdict": next(likeness)})
        elif at == 2:
            answer = lind.post(f"/assignments/{claim}", {"to": (ANNA, BEN, "")[n % 3]})
        else:
            answer = anna.post(f"/comments/{claim}", {"text": f"comment {n}"})
        assert answer.status_code == 201, answer.text
        yield


# --------------------------------------------------------------------------------------- walks


@pytest.mark.parametrize("sort", ["reports", "claims", "accounts", "incidents", "matters", "history"])
@pytest.mark.parametrize("size", [1, 3])
def test_a_cursor_walks_each_row_exactly_once_while_decisions_arrive(
    office: Office, sort: str, size: int
) -> None:
    reader, deciding = office.program(NAJI), deeds(office)
    for _ in range(6):
        next(deciding)
    key = "seq" if sort == "history" else "id"
    before = {row[key] for row in reader.walk(f"/{sort}")}
    met, there = [], set(before)
    for page in reader.pages(f"/{sort}?limit={size}"):
        met += [row[key] for row in page["items"]]
        assert len(page["items"]) <= size
        next(deciding)
        there &= {row[key] for row in reader.walk(f"/{sort}")}
    assert len(met) == len(set(met)), "a row came twice"
    assert there <= set(met), "a row that was there all the time did not come"
    assert there


def test_a_search_that_reports_come_into_begins_again(office: Office, tmp_path: Path) -> None:
    reader = office.program(NAJI)
    first = reader.get("/search?q=killed&limit=1").json()
    assert first["beside"] is not None
    second = reader.get(first["next"]).json()
    assert second["beside"] is None
    assert second["items"][0]["report"] != first["items"][0]["report"]
    (tmp_path / "new.txt").write_text("One person was killed in Solem on Friday.", encoding="utf-8")
    office.desk.case.add([tmp_path / "new.txt"])
    office.desk.case.read(jobs=1)
    office.desk.catch_up()
    answer = reader.get(second["next"])
    assert (answer.status_code, answer.json()["status"]) == (410, 410)


@pytest.mark.parametrize(
    "cursor",
    ["x", "e30=", "WzFd", "é", "A" * 500, base64.urlsafe_b64encode(b'["44136fa355b3",1e999]').decode(),
     base64.urlsafe_b64encode(b'["44136fa355b3",{}]').decode(), base64.urlsafe_b64encode(b"[" * 370).decode(),
     *(base64.urlsafe_b64encode(json.dumps(["44136fa355b3", *parts]).encode()).decode()
       for parts in (["\ud800"], ["a", "\ud800"], ["\ud800", "a"], [2**63]))],
)  # fmt: skip
@pytest.mark.parametrize("sort", ["reports", "claims", "history", "search"])
def test_a_cursor_that_is_none_is_refused(still: Office, sort: str, cursor: str) -> None:
    answer = still.program(NAJI).get(f"/{sort}?cursor={cursor}" + "&q=x" * (sort == "search"))
    assert answer.status_code == 422
    assert "cursor" in answer.json()["faults"][0]


def test_a_cursor_goes_on_with_the_filters_it_was_given_for(still: Office) -> None:
    reader = still.program(NAJI)
    due = reader.get("/incidents?limit=1").json()["next"]
    assert reader.get(due + "&differ=true").status_code == 422
    assert reader.get(due.replace("limit=1", f"limit={MOST}")).status_code == 200


def test_of_very_many_faults_the_first_are_told(still: Office) -> None:
    body = {f"{n} {'x' * 30}": n for n in range(20_000)}
    answer = still.program(NAJI).post(f"/comments/clm-{'0' * 24}", body)
    assert answer.status_code in (403, 404, 422)
    claim = still.program(ANNA).get("/claims?limit=1").json()["items"][0]["id"]
    answer = still.program(ANNA).post(f"/comments/{claim}", body)
    assert answer.status_code == 422
    assert len(answer.json()["faults"]) == 21
    assert len(answer.content) < 10_000


# ---------------------------------------------------------------------------------------- tags


def test_the_same_tag_means_the_same_bytes_whoever_asks_whenever(strict: Office) -> None:
    deciding, given = deeds(strict), {}
    programs = [strict.program(name) for name in (NAJI, BEN, LIND)]
    paths = strict.addresses(programs[0])
    tagged = 0
    for n in range(3):
        for program in programs:
            for path in paths[n::3]:
                answer = program.get(path)
                tag = answer.headers.get("etag")
                if tag is None:
                    continue
                tagged += 1
                held = given.setdefault((path, tag), answer.content)
                assert held == answer.content, path
        next(deciding)
    assert tagged > 200


def test_what_has_not_changed_is_not_told_again_and_what_has_is(office: Office) -> None:
    reader, deciding = office.program(NAJI), deeds(office)
    for path in office.addresses(reader)[::5]:
        tag = reader.get(path).headers["etag"]
        if "/reviews" in path or "/comments" in path or "/assignments" in path or "/pairs" in path:
            continue  # their tags are of what they say
        answer = reader.get(path, **{"If-None-Match": f'"other", W/{tag}'})
        assert (answer.status_code, answer.content, answer.headers["etag"]) == (304, b"", tag)
        next(deciding)
        assert reader.get(path, **{"If-None-Match": tag}).status_code == 200


def test_two_people_have_tags_of_their_own(still: Office) -> None:
    tags = {still.program(name).get("/history").headers["etag"] for name in (NAJI, ANNA, BEN, LIND)}
    assert len(tags) == 4


def test_nothing_is_tagged_that_is_behind_its_ledger(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    reader = office.program(NAJI)
    assert "etag" in reader.get("/incidents").headers
    monkeypatch.setattr(office.desk, "catch_up", lambda *a, **k: True)
    office.desk.case.comment(office.tolls()[0].id, "meanwhile", by=ANNA)
    answer = reader.get("/incidents")
    assert answer.status_code == 200
    assert "etag" not in answer.headers


# ----------------------------------------------------------------------------------- decisions


def test_a_decision_is_a_row_in_the_name_of_the_tokens_person(office: Office) -> None:
    claim, anna = office.tolls()[0], office.program(ANNA)
    answer = anna.post(f"/claims/{claim.id}/reviews", {"verdict": "rejected", "note": " of another day "})
    assert answer.status_code == 201
    assert answer.json()["said"] == [
        {"by": ANNA, "verdict": "rejected", "correction": None, "note": "of another day", "mine": True}
    ]
    [event] = office.desk.case.ledger.events("reviewed")
    assert (event.by, event.who, event.item, event.note) == (ANNA, ANNA, claim.id, "of another day")
    told = anna.get(f"/claims/{claim.id}").json()
    assert (told["stands"], told["state"]) == (False, "decided")
    assert claim.id not in {row["id"] for row in anna.walk("/claims")}


def test_a_claim_is_corrected_by_exact_words(office: Office) -> None:
    claim, anna = office.tolls()[0], office.program(ANNA)
    report = anna.get(f"/reports/{claim.span.document}").json()
    start = report["text"].index("killed")
    path, correction = (
        f"/claims/{claim.id}/reviews",
        {"verdict": "corrected", "changes": {"count": "at least 3"}},
    )
    wrong = {"quote": "killed", "start": start + 1, "end": start + 7}
    assert anna.post(path, correction | {"words": wrong}).status_code == 409
    assert anna.post(path, correction | {"words": {"quote": "nowhere there"}}).status_code == 422
    assert anna.post(path, correction | {"words": {"quote": "killed", "start": start}}).status_code == 422
    assert anna.post(path, correction | {"changes": {"kind": "shelling"}}).status_code == 422
    assert anna.post(path, {"verdict": "upheld", "changes": {"count": "3"}}).status_code == 422
    assert office.desk.case.ledger.events("reviewed") == ()
    right = {"quote": "killed", "start": start, "end": start + 6}
    assert anna.post(path, correction | {"words": right}).status_code == 201
    [stands] = [row for row in anna.walk(f"/claims?report={report['id']}") if row["start"] == start]
    assert (stands["value"]["low"], stands["value"]["high"], stands["quote"]) == (3, None, "killed")
    assert stands["maker"] == {"name": ANNA, "version": None}


def test_nobody_decides_without_having_looked_or_over_what_somebody_decided_meanwhile(office: Office) -> None:
    claim, pair = (
        office.tolls()[0].id,
        "/".join(row["id"] for row in office.program(ANNA).walk("/accounts")[:2]),
    )
    for path, body in (
        (f"/claims/{claim}/reviews", {"verdict": "upheld"}),
        (f"/pairs/{pair}/judgements", {"verdict": "different"}),
        (f"/assignments/{claim}", {"to": BEN}),
    ):
        first, second = office.program(LIND), office.program(LIND)
        assert second.post(path, body, tag="").status_code == 428
        assert second.post(path, body, tag="*").status_code == 428
        seen = second.get(path).headers["etag"]
        assert first.post(path, body).status_code == 201
        late = second.post(path, body | {"note": "late"}, tag=seen)
        assert (late.status_code, late.headers["content-type"]) == (412, "application/problem+json")
        assert second.post(path, body | {"note": "again"}).status_code in (201, 422)
    assert not [event for event in office.desk.case.history() if event.note == "late"]


def test_of_many_who_decide_on_one_tag_at_once_one_is_first_and_the_others_are_told(office: Office) -> None:
    accounts = [row["id"] for row in office.program(ANNA).walk("/accounts")[:2]]
    for path, bodies in (
        (
            f"/pairs/{'/'.join(accounts)}/judgements",
            [{"verdict": v} for v in ("same", "different", "unsure")],
        ),
        (
            f"/claims/{office.tolls()[0].id}/reviews",
            [{"verdict": "upheld", "note": f"{n}"} for n in range(3)],
        ),
    ):
        tags = {name: office.program(name).get(path).headers["etag"] for name in (ANNA, BEN, LIND)}

        def decide(n: int, path: str = path, bodies=bodies, tags=tags) -> int:  # type: ignore[no-untyped-def]
            name = (ANNA, BEN, LIND)[n % 3]
            return int(office.program(name).post(path, bodies[n % 3], tag=tags[name]).status_code)

        with ThreadPoolExecutor(6) as pool:
            answers = sorted(pool.map(decide, range(6)))
        assert answers == [201, 412, 412, 412, 412, 412]
    assert len(office.desk.case.history()) == 2


def test_a_senior_takes_back_what_others_said_and_a_coder_does_not(office: Office) -> None:
    path = f"/claims/{office.tolls()[0].id}/reviews"
    assert office.program(ANNA).post(path, {"verdict": "upheld"}).status_code == 201
    refused = office.program(BEN).post(path, {"verdict": "reopened"})
    assert (refused.status_code, "only a senior" in refused.json()["detail"]) == (403, True)
    assert office.program(LIND).post(path, {"verdict": "reopened"}).json()["said"] == []


def test_a_seniors_lesser_token_does_not_give_a_seniors_word(office: Office) -> None:
    from tallystick.web.role import Role

    lesser = office.held.make(LIND, KEY, Role.CODER, by="a test")[1]
    path = f"/claims/{office.tolls()[0].id}/reviews"
    answer = office.program(LIND, lesser).post(path, {"verdict": "upheld"})
    assert (answer.status_code, "senior" in answer.json()["detail"]) == (403, True)
    assert office.desk.case.ledger.events("reviewed") == ()
    accounts = [row["id"] for row in office.program(LIND).walk("/accounts")[:2]]
    judged = office.program(LIND, lesser).post(f"/pairs/{'/'.join(accounts)}/judgements", {"verdict": "same"})
    assert judged.status_code == 201


def test_comments_and_assignments_are_of_things_that_are_there(office: Office) -> None:
    lind = office.program(LIND)
    accounts = [row["id"] for row in lind.walk("/accounts")[:2]]
    things = [
        accounts[0],
        ",".join(accounts[::-1]),
        *(lind.walk(f"/{s}")[0]["id"] for s in ("reports", "incidents")),
    ]
    for thing in things:
        assert lind.post(f"/comments/{thing}", {"text": "look here"}).status_code == 201
        assert lind.post(f"/assignments/{thing}", {"to": BEN}).json()["to"] == BEN
    for missing in ("clm-" + "0" * 24, "doc-" + "0" * 24, f"{accounts[0]},acc-{'0' * 24}", "x", "clm-1"):
        assert lind.get(f"/comments/{missing}").status_code == 404
        assert lind.post(f"/assignments/{missing}", {"to": BEN}, tag='"x"').status_code == 404


def test_a_former_id_leads_to_the_present_one_and_a_matter_to_the_matters(office: Office) -> None:
    lind = office.program(LIND)
    one, other = (row["id"] for row in lind.walk("/incidents")[:2])
    office.desk.merge(one, other, LIND)
    gone = max(one, other)
    answer = lind.get(f"/incidents/{gone}")
    assert (answer.status_code, answer.headers["location"]) == (307, f"{BASE}/incidents/{min(one, other)}")
    assert gone in lind.get(answer.headers["location"]).json()["former_ids"]
    for row in lind.walk("/matters"):
        assert lind.get(f"/incidents/{row['id']}").headers["location"] == f"{BASE}/matters/{row['id']}"


# ---------------------------------------------------------------------------- what is not to be seen


WHISPER = "of another day, says the hospital"


def test_what_the_first_said_is_told_nowhere_before_the_second_has_said_theirs(strict: Office) -> None:
    claim, anna, ben = strict.tolls()[0].id, strict.program(ANNA), strict.program(BEN)
    path = f"/claims/{claim}/reviews"
    blind = ben.get(path)
    assert anna.post(path, {"verdict": "rejected", "note": WHISPER}).status_code == 201
    assert anna.post(f"/comments/{claim}", {"text": WHISPER}).status_code == 201
    strict.desk.grade(claim, "5", ANNA, WHISPER)
    for each in strict.addresses(ben):
        answer = ben.get(each)
        assert WHISPER not in answer.text, each
        assert "rejected" not in answer.text, each
        assert '"grade":"5"' not in answer.text, each
    assert (ben.get(path).content, ben.get(path).headers["etag"]) == (blind.content, blind.headers["etag"])
    told = ben.get(f"/claims/{claim}").json()
    assert (told["hidden"], told["said"], told["grade"], told["stands"]) == (1, [], None, True)
    hidden = [row for row in ben.walk("/history") if row["item"] == claim]
    assert [(row["by"], row["facts"], row["note"], row["hidden"]) for row in hidden] == [
        (ANNA, {}, "", True)
    ] * 3
    # The word that was given unseeing is given on the tag from before the first one spoke.
    assert ben.post(path, {"verdict": "upheld"}, tag=blind.headers["etag"]).status_code == 201
    assert WHISPER in ben.get(path).text
    assert WHISPER in ben.get("/history").text
    assert ben.get(f"/claims/{claim}").json()["grade"] == "5"


def test_a_senior_and_who_spoke_see_all(strict: Office) -> None:
    path = f"/claims/{strict.tolls()[0].id}/reviews"
    strict.program(ANNA).post(path, {"verdict": "rejected", "note": WHISPER})
    for name, sees in ((ANNA, True), (LIND, True), (BEN, False), (NAJI, False)):
        assert (WHISPER in strict.program(name).get(path).text) == sees, name
        assert (WHISPER in strict.program(name).get("/history").text) == sees, name


# ------------------------------------------------------------------------------ what is asked and sent


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("/incidents?kinds=shelling", "there is no parameter 'kinds'"),
        ("/incidents?kind=meeting", "none of: air_strike"),
        ("/incidents?from=yesterday", "a day is written 2016-10-07"),
        ("/incidents?from=2016-02-30", "a day is written 2016-10-07"),
        ("/incidents?limit=0", "between 1 and 200"),
        ("/incidents?limit=1e2", "type integer"),
        ("/incidents?limit=1&limit=2", "said twice"),
        ("/incidents?differ=1", "type boolean"),
        ("/claims?report=x", "is not as"),
        ("/search", "q is missing"),
        ("/history?what=read", "none of: reviewed"),
        ("/reports?q=%00", "control characters"),
    ],
)
def test_what_cannot_be_asked_is_told_and_not_passed_over(still: Office, path: str, said: str) -> None:
    answer = still.program(NAJI).get(path)
    assert (answer.status_code, answer.headers["content-type"]) == (422, "application/problem+json")
    assert said in answer.json()["faults"][0]


@pytest.mark.parametrize("path", ["?box=1,2,3", "?box=x", "?from=2019-05-17&to=2019-05-16"])
def test_a_box_or_a_period_that_is_none_is_refused(still: Office, path: str) -> None:
    assert still.program(NAJI).get(f"/incidents{path}").status_code == 422


def test_filters_are_those_of_the_desks_lists(still: Office) -> None:
    reader = still.program(NAJI)
    every = reader.walk("/incidents")
    strikes = reader.walk("/incidents?kind=air_strike&from=2019-05-17&to=2019-05-17")
    assert {row["id"] for row in strikes} < {row["id"] for row in every}
    assert {(row["kind"], row["start"]) for row in strikes} == {("air_strike", "2019-05-17")}
    assert {row["kind"] for row in reader.walk("/incidents?kind=shelling&kind=air_strike")} == {
        "shelling",
        "air_strike",
    }
    assert [row["place"] for row in reader.walk("/incidents?place=orveth")] == ["Orveth"]
    assert all(row["start"] is None for row in every if not row["days"][:1].isdigit())
    [told] = reader.walk("/reports?q=monitor+blamed")
    assert told["name"] == "b"
    assert {row["topic"] for row in reader.walk("/claims?topic=casualties")} == {"casualties"}
    one = every[0]["id"]
    assert {row["incident"] for row in reader.walk(f"/accounts?incident={one}")} == {one}


@pytest.mark.parametrize(
    ("body", "kind", "status"),
    [
        (b"{", "application/json", 400), (b"", "application/json", 400), (b"[" * 100_000, "application/json", 400),
        (b'{"verdict": NaN}', "application/json", 400), (b"\xff", "application/json", 400),
        (b"9" * 5000, "application/json", 400), (b"[]", "application/json", 422), (b"null", "application/json", 422),
        (b"{}", "application/json", 422), (b'{"verdict":"upheld","by":"C. Lind"}', "application/json", 422),
        (b'{"verdict":"upheld","note":1}', "application/json", 422),
        (b'{"verdict":"upheld","note":"\\ud800"}', "application/json", 422),
        (b'{"verdict":"upheld","note":"\\u0000"}', "application/json", 422),
        (b'{"verdict":"upheld"}', "text/plain", 415), (b"verdict=upheld", "application/x-www-form-urlencoded", 415),
    ],
)  # fmt: skip
def test_a_body_that_is_none_decides_nothing(still: Office, body: bytes, kind: str, status: int) -> None:
    anna, path = still.program(ANNA), f"{BASE}/claims/{still.tolls()[0].id}/reviews"
    headers = {"Authorization": f"Bearer {anna.token}", "Content-Type": kind}
    headers["If-Match"] = anna.get(path).headers["etag"]
    answer = anna.client.post(path, content=body, headers=headers)
    assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json")
    assert still.desk.case.ledger.events(*DECIDED) == ()


def test_who_asks_too_fast_is_told_how_long_to_wait(still: Office) -> None:
    app = make({KEY: still.desk}, still.inn.team, pace=Pace(rate=0.5, burst=3))
    anna, ben = (Program(TestClient(app), still.tokens[name]) for name in (ANNA, BEN))
    assert [anna.get().status_code for _ in range(4)] == [200, 200, 200, 429]
    late = anna.get()
    assert (late.json()["status"], late.headers["retry-after"]) == (429, "2")
    assert ben.get().status_code == 200


def test_a_request_that_no_row_answers_is_a_problem_too(still: Office) -> None:
    client = still.program(ANNA).client
    for path in ("/api/v1/", "/api/v1/nothing", f"{BASE}/nothing", f"{BASE}/claims/x/y/z"):
        assert client.get(path).headers["content-type"] == "application/problem+json"
    refused = client.request("DELETE", f"{BASE}/claims/{still.tolls()[0].id}/reviews")
    assert (refused.status_code, refused.headers["allow"]) == (405, "GET, HEAD, POST")


# ------------------------------------------------------------------------------------ description


def test_every_row_for_programs_is_described_and_nothing_else() -> None:
    described = {(path, method.upper()) for path, told in document()["paths"].items() for method in told}
    assert described == {(row.path, row.method) for row in TABLE if row.for_programs}


def test_every_reference_of_the_description_leads_somewhere() -> None:
    told = json.dumps(document())
    schemas = document()["components"]["schemas"]
    named = {part.split('"')[0] for part in told.split("#/components/schemas/")[1:]}
    assert named <= schemas.keys()
    assert schemas.keys() - {"Description"} <= named | {"Description"}


def test_the_examples_are_what_may_be_sent() -> None:
    shown = [row.told for row in TABLE if row.told and row.told.body is not None]
    assert len(shown) == 4
    for told in shown:
        assert told.example
        assert of_body(told.body, told.example) == told.example


def test_people_read_the_same_on_a_page(still: Office) -> None:
    page = still.inn.browser().get("/api").text
    for row in TABLE:
        if row.for_programs:
            assert f"{row.method} {row.path}" in page
    assert "http" not in page.replace("http://testserver/api/v1", ""), "nothing is loaded from elsewhere"


def test_an_answer_to_a_program_never_hangs_on_its_language(still: Office) -> None:
    anna = still.program(ANNA)
    answers = {anna.get("/x", **{"Accept-Language": each}).content for each in ("ar", "en", "")}
    assert len(answers) == 1


def test_words_of_reports_come_as_they_are(still: Office) -> None:
    reader = still.program(NAJI)
    texts = {
        row["name"]: reader.get(f"/reports/{row['id']}").json()["text"] for row in reader.walk("/reports")
    }
    assert "😀" in texts["e"]
    for row in reader.walk("/claims"):
        report = next(each for each in still.desk.reports() if each.id == row["document"])
        assert texts[report.name][row["start"] : row["end"]] == row["quote"]
    kinds = {
        claim.value.kind
        for row in still.desk.reports()
        for claim in still.desk.claims_of(row.id)
        if isinstance(claim.value, Telling)
    }
    assert {row["kind"] for row in reader.walk("/accounts")} == kinds
