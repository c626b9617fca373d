"""Two people at once, and two who look at the same one after the other: nothing is lost, nobody nods unseeing."""

from __future__ import annotations

import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import combinations
from pathlib import Path
from urllib.parse import quote, unquote

import pytest
from starlette.testclient import TestClient
from tests_deciding import TWICE, Crew, Open

from tallystick.case import Case
from tallystick.desk import Desk
from tallystick.model import Telling
from tallystick.web.app import make
from tallystick.web.doors import Alone, csrf_of

ANNA, BEN, CARL, READER = "A. Haddad", "B. Idris", "C. Lind", "R. Naji"


@pytest.fixture
def strict(to_decide: Path, tmp_path: Path) -> Iterator[Crew]:
    """The same case, where a second person is asked for."""
    crew = Crew.of(to_decide, tmp_path, TWICE)
    yield crew
    crew.close()


# ------------------------------------------------------------------------------- at once


@pytest.mark.parametrize("htmx", [False, True])
def test_who_decides_over_what_somebody_decided_meanwhile_is_shown_both_and_may_say_it_again(
    crew: Crew, htmx: bool
) -> None:
    claim, anna, ben = crew.toll("a.txt"), crew.browser(ANNA), crew.browser(BEN)
    path, report = f"/claims/{claim.id}", f"/reports/{crew.report('a.txt')}"
    opened = ben.seen(report, path)
    anna.post(path, verdict="rejected", note="of another day", seen=anna.seen(report, path))
    before = crew.rows()
    answer = ben.post(path, htmx, verdict="upheld", note="Ben's reason", seen=opened, back="/c/solem/queue")
    assert answer.status_code == 409
    assert crew.rows() == before
    for told in (ANNA, "of another day", "Ben&#39;s reason"):
        assert told in answer.text
    sent = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', answer.text))
    assert (sent["verdict"], sent["note"]) == ("upheld", "Ben&#39;s reason")
    again = ben.post(path, htmx, verdict="upheld", note="Ben's reason", seen=sent["seen"])
    assert again.status_code in (200, 303)
    assert [(e.by, e.facts["verdict"]) for e in crew.past()] == [(ANNA, "rejected"), (BEN, "upheld")]


def test_of_many_who_decide_from_the_same_page_one_is_first_and_the_others_are_told(crew: Crew) -> None:
    one, other = sorted((crew.account("a.txt").id, crew.account("c.txt").id))

    def judge(n: int) -> int:
        verdict = ("same", "different", "unsure")[n % 3]
        answer = crew.browser((ANNA, BEN, CARL)[n % 3]).post(
            f"/pairs/{one}/{other}", verdict=verdict, note=str(n), seen=""
        )
        return int(answer.status_code)

    with ThreadPoolExecutor(6) as pool:
        answers = list(pool.map(judge, range(6)))
    assert sorted(answers) == [303, 409, 409, 409, 409, 409]
    assert len(crew.past()) == 1


@pytest.mark.parametrize("what", ["name", "source"])
def test_names_and_grades_that_somebody_else_set_meanwhile_are_shown_before_they_are_set_anew(
    crew: Crew, what: str
) -> None:
    anna, carl = crew.browser(ANNA), crew.browser(CARL)
    name = crew.desk.names("party")[0].name if what == "name" else "The Lowmark Daily"
    path, fields = ("/party", {"name": name, "means": "Kessian army"}) if what == "name" else (
        "/sources", {"source": name, "grade": "B"}
    )  # fmt: skip
    first, other = (anna, carl) if what == "name" else (carl, crew.browser(CARL))
    assert first.post(path, **fields, seen="", back="/c/solem/queue").status_code == 303
    before = crew.rows()
    changed = fields | ({"means": "Orveth council"} if what == "name" else {"grade": "D"})
    answer = other.post(path, **changed, seen="", note="why not", back="/c/solem/queue")
    assert answer.status_code == 409
    assert (ANNA if what == "name" else CARL) in answer.text
    assert crew.rows() == before
    sent = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', answer.text))
    assert sent["note"] == "why not"
    assert other.post(path, **changed, seen=sent["seen"], back="/c/solem/queue").status_code == 303
    assert crew.rows() != before


def test_an_incident_that_was_gathered_otherwise_meanwhile_is_not_split_by_an_old_page(crew: Crew) -> None:
    name, anna, ben = crew.incident("a.txt"), crew.browser(ANNA), crew.browser(BEN)
    path = f"/incidents/{name}"
    opened = ben.seen(path, f"{path}/looked")
    other = crew.incident("c.txt")
    assert anna.post(f"{path}/merge", other=other, seen=anna.seen(path, f"{path}/merge")).status_code == 303
    before = crew.rows()
    assert ben.post(f"{path}/split", account=str(crew.account("a.txt").id), seen=opened).status_code in (
        303,
        409,
    )
    answer = ben.post(f"/incidents/{crew.incident('a.txt')}/looked", seen=opened)
    assert answer.status_code == 409
    assert ANNA in answer.text or "others by now" in answer.text
    assert crew.rows() == before


def test_others_decisions_are_told_without_reloading_and_ones_own_are_not(crew: Crew) -> None:
    anna, ben = crew.browser(ANNA), crew.browser(BEN)
    at = crew.desk.at
    assert "decided" not in ben.get(f"/since?at={at}").text
    for name in ("a.txt", "b.txt"):
        anna.post(f"/claims/{crew.toll(name).id}", verdict="upheld", seen="")
    assert "A. Haddad decided 2 things since." in ben.get(f"/since?at={at}", **{"HX-Request": "true"}).text
    assert "decided" not in anna.get(f"/since?at={at}").text
    assert "decided" not in ben.get(f"/since?at={crew.desk.at}").text
    for strange in ("", "-1", "x", "9" * 40, "%00"):
        assert ben.get(f"/since?at={strange}").status_code == 200


def test_nobody_takes_back_what_others_said_but_a_senior(crew: Crew) -> None:
    claim, path = crew.toll("a.txt"), f"/claims/{crew.toll('a.txt').id}"
    report = f"/reports/{crew.report('a.txt')}"
    anna, ben, carl = map(crew.browser, (ANNA, BEN, CARL))
    anna.post(path, verdict="rejected", seen="")
    seen = ben.seen(f"{path}/correct", path)
    assert ben.post(path, verdict="reopened", seen=seen).status_code == 403
    assert carl.post(path, verdict="reopened", seen=seen).status_code == 303
    assert claim.id in {each.id for each in crew.claims("a.txt")}
    assert 'value="reopened"' not in ben.get(report).text


def test_a_case_that_can_only_be_looked_at_says_so(crew: Crew) -> None:
    claim = crew.toll("a.txt").id
    crew.close()
    held = Crew(crew.folder, Desk(Case.open(crew.folder), crew.folder.parent / "again.sqlite"))
    held.desk.catch_up()
    anna = held.browser(ANNA)
    assert anna.get("/queue").status_code == 200
    answer = anna.post(f"/claims/{claim}", verdict="upheld", seen="")
    assert answer.status_code == 403
    assert "can only be looked at" in answer.text
    held.close()


# ---------------------------------------------------------------------- a second person's check


def test_a_decision_waits_until_a_second_person_says_the_same(strict: Crew) -> None:
    claim, path = strict.toll("a.txt"), f"/claims/{strict.toll('a.txt').id}"
    strict.browser(ANNA).post(path, verdict="rejected", seen="")
    assert claim.id in {each.id for each in strict.claims("a.txt")}
    item = next(item for item in strict.desk.queue(limit=500) if item.id == claim.id)
    assert item.state == "waiting"
    strict.browser(BEN).post(path, verdict="rejected", seen="")
    assert claim.id not in {each.id for each in strict.claims("a.txt")}
    assert strict.desk.settled(strict.report("a.txt"))[claim.id].state == "agreed"


def test_a_person_is_not_their_own_second(strict: Crew) -> None:
    path, anna = f"/claims/{strict.toll('a.txt').id}", strict.browser(ANNA)
    anna.post(path, verdict="rejected", seen="")
    anna.post(path, verdict="rejected", note="again", seen=anna.seen(f"{path}/correct", path))
    assert strict.toll("a.txt")
    assert strict.toll("a.txt").id not in {
        item.id for item in strict.desk.queue(without=strict.desk.said_by(ANNA))
    }
    page = anna.get("/queue?sort=claim").text
    assert f'id="item-{strict.toll("a.txt").id}"' not in page
    assert "waits for a second person" in page


def test_the_second_does_not_see_what_the_first_said_until_they_have_said_theirs(strict: Crew) -> None:
    claim = strict.toll("a.txt")
    path, report = f"/claims/{claim.id}", f"/reports/{strict.report('a.txt')}"
    incident = f"/incidents/{strict.incident('a.txt')}"
    pages = (report, incident, "/queue", f"{path}/correct", "/history", "/history?as=csv", "/")
    anna, ben, carl = map(strict.browser, (ANNA, BEN, CARL))
    anna.post(path, verdict="rejected", note="told by nobody else", seen="")
    for page in pages:
        told = ben.get(page).text
        assert "told by nobody else" not in told, page
        assert not re.search(r"[:\s]rejected\b", told), page
        assert "told by nobody else" not in strict.browser(READER).get(page).text or page.endswith("correct")
    assert "told by nobody else" in carl.get(report).text
    # Ben's form was made from nothing, as Anna's was: he decides by himself, and is not told of her.
    answer = ben.post(path, verdict="upheld", note="the hospital says so", seen=ben.seen(report, path))
    assert answer.status_code == 303
    for page in (report, f"{path}/correct"):
        assert "told by nobody else" in ben.get(page).text


def test_what_a_senior_settled_meanwhile_is_shown_to_a_second_who_comes_late(strict: Crew) -> None:
    path = f"/claims/{strict.toll('a.txt').id}"
    ben = strict.browser(BEN)
    opened = ben.seen(f"{path}/correct", path)
    strict.browser(CARL).post(path, verdict="rejected", note="settled now", seen="")
    answer = ben.post(path, verdict="upheld", seen=opened)
    assert answer.status_code == 409
    assert "settled now" in answer.text
    assert len(strict.past()) == 1


def test_what_two_disagree_on_shows_both_to_a_senior_whose_word_settles_it(strict: Crew) -> None:
    claim, path = strict.toll("a.txt"), f"/claims/{strict.toll('a.txt').id}"
    anna, ben, carl = map(strict.browser, (ANNA, BEN, CARL))
    anna.post(path, verdict="rejected", note="one reason", seen="")
    ben.post(path, verdict="upheld", note="another", seen="")
    page = carl.get("/queue?order=doubt").text
    card = page[page.index(f'id="item-{claim.id}"') :].partition("</article>")[0]
    assert "people disagree" in card
    assert all(told in card for told in (ANNA, BEN, "one reason", "another", "rejected", "upheld"))
    assert claim.id in {each.id for each in strict.claims("a.txt")}
    carl.post(path, verdict="rejected", seen=carl.seen(f"{path}/correct", path))
    assert claim.id not in {each.id for each in strict.claims("a.txt")}
    settled = strict.desk.settled(strict.report("a.txt"))[claim.id]
    assert (settled.state, settled.agreed) == ("settled", False)
    assert [e.by for e in strict.past()] == [ANNA, BEN, CARL]


def test_a_claim_that_one_adds_waits_for_a_second_too(strict: Crew) -> None:
    report, account = strict.report("a.txt"), strict.account("a.txt")
    strict.browser(ANNA).post(
        f"/reports/{report}/claims", sort="toll", count="3", toll="wounded", group="people", words="the hospital",
        account=account.id,
    )  # fmt: skip
    (event,) = strict.past()
    assert event.item not in {each.id for each in strict.claims("a.txt")}
    assert event.item in {item.id for item in strict.desk.queue(limit=500) if item.state == "waiting"}
    strict.browser(BEN).post(f"/claims/{event.item}", verdict="upheld", seen="")
    assert event.item in {each.id for each in strict.claims("a.txt")}


def test_what_waits_shows_itself_neither_in_pickers_nor_in_what_is_to_be_compared_anew(strict: Crew) -> None:
    report = strict.report("a.txt")
    head = next(claim for claim in strict.claims("a.txt") if isinstance(claim.value, Telling))
    anna, ben = map(strict.browser, (ANNA, BEN))

    def picker() -> list[str]:
        return re.findall(r'<option value="acc-.*?</option>', ben.get(f"/reports/{report}").text)

    before = picker()
    assert before
    form = {"verdict": "corrected", "kind": "shelling", "words": head.span.quote, "seen": ""}
    assert anna.post(f"/claims/{head.id}", **form).status_code == 303
    assert [event.facts["verdict"] for event in strict.past()] == ["corrected"]
    strict.desk.catch_up()
    assert picker() == before
    assert strict.desk.comparing.changed() == frozenset()
    ben.post(f"/claims/{head.id}", **form)
    strict.desk.catch_up()
    assert strict.desk.settled(report)[head.id].state == "agreed"
    assert len(strict.desk.comparing.changed()) == 1
    carl = strict.browser(CARL)
    carl.post(
        f"/claims/{head.id}", verdict="reopened", seen=carl.seen(f"/reports/{report}", f"/claims/{head.id}")
    )
    assert strict.desk.comparing.changed() == frozenset()


def test_what_was_said_and_taken_back_is_not_shown_to_who_has_said_nothing(strict: Crew) -> None:
    claim = strict.toll("a.txt")
    path, report = f"/claims/{claim.id}", f"/reports/{strict.report('a.txt')}"
    anna, ben, carl = map(strict.browser, (ANNA, BEN, CARL))
    anna.post(path, verdict="rejected", note="of another day", seen="")
    anna.post(path, verdict="reopened", note="as I said, another day", seen=anna.seen(report, path))
    pages = (report, f"/incidents/{strict.incident('a.txt')}", "/history", "/history?as=csv", "/")
    for page in pages:
        assert "another day" not in ben.get(page).text, page
    for who in (anna, carl):
        assert "of another day" in who.get("/history").text
    ben.post(path, verdict="upheld", seen=ben.seen(report, path))
    assert "of another day" in ben.get("/history?as=csv").text


def test_how_credible_the_first_finds_a_claim_is_not_shown_to_the_second_before_their_word(
    strict: Crew,
) -> None:
    claim = strict.toll("a.txt")
    path, report = f"/claims/{claim.id}", f"/reports/{strict.report('a.txt')}"
    anna, ben = map(strict.browser, (ANNA, BEN))
    anna.post(f"{path}/grade", grade="5", note="I doubt it")
    graded = '<option value="5" selected>'
    assert graded in anna.get(report).text
    for page in (report, "/history", "/history?as=csv", "/queue"):
        told = ben.get(page).text
        assert graded not in told, page
        assert "I doubt it" not in told, page
        assert "grade: 5" not in told, page
    ben.post(path, verdict="upheld", seen="")
    assert graded in ben.get(report).text


def test_what_is_decided_of_a_report_is_worked_out_once_for_a_whole_history(
    strict: Crew, monkeypatch: pytest.MonkeyPatch
) -> None:
    anna = strict.browser(ANNA)
    for claim in strict.claims("a.txt"):
        anna.post(f"/claims/{claim.id}", verdict="upheld", seen="")
    asked: list[str] = []
    settled = strict.desk.settled

    def counted(report: str) -> object:
        asked.append(report)
        return settled(report)

    monkeypatch.setattr(strict.desk, "settled", counted)
    assert strict.browser(BEN).get("/history?as=csv").text.count("veiled") > 1
    assert len(asked) == 1


# ----------------------------------------------------------------------- taking back in the history


def sequences(crew: Crew) -> list[str]:
    """Those that Carl may take back, the last first."""
    return re.findall(r'name="seq" value="(\d+)"', crew.browser(CARL).get("/history").text)


def test_what_is_taken_back_in_the_history_stands_as_it_did_before(crew: Crew) -> None:
    one, other = sorted((crew.account("a.txt").id, crew.account("b.txt").id))
    ledger, carl = crew.desk.case.ledger, crew.browser(CARL)
    crew.desk.judge(one, other, "different", ANNA)
    crew.desk.judge(one, other, "same", BEN)
    assert carl.post("/history", seq=sequences(crew)[0]).status_code == 303
    assert (found := ledger.judgement(one, other)) is not None
    assert found.verdict == "different"


def test_the_pairs_of_one_split_are_taken_back_together(crew: Crew) -> None:
    carl = crew.browser(CARL)
    crew.desk.merge(crew.incident("a.txt"), crew.incident("c.txt"), ANNA)
    names = sorted(each.id for each in crew.desk.case.record().accounts)
    pairs = list(combinations(names, 2))

    def stands() -> dict[tuple[str, str], str]:
        ledger = crew.desk.case.ledger
        told = {pair: ledger.judgement(*pair) or ledger.judgement(*pair, "program") for pair in pairs}
        return {pair: each.verdict if each else "unsure" for pair, each in told.items()}

    before = stands()
    crew.desk.split(crew.incident("a.txt"), [crew.account("a.txt").id], BEN, "another")
    parted = [event.item for event in crew.past() if event.by == BEN]
    assert len(parted) > 1
    assert stands() != before
    assert carl.post("/history", seq=sequences(crew)[0]).status_code == 303
    assert stands() == before
    assert [event.by for event in crew.past()].count(CARL) == len(parted)


def test_a_later_word_that_the_pages_do_not_know_yet_is_not_wiped_by_taking_back(
    crew: Crew, monkeypatch: pytest.MonkeyPatch
) -> None:
    claim = crew.toll("a.txt")
    crew.desk.decide(claim.id, "upheld", ANNA)
    anna = crew.browser(ANNA)
    (seq,) = re.findall(r'name="seq" value="(\d+)"', anna.get("/history").text)
    # Somebody else decides in another program, and the pages have not followed yet.
    monkeypatch.setattr(crew.desk, "last_on", lambda what, item: int(seq))
    crew.desk.case.decide(claim.id, "rejected", BEN, "the last word", who=BEN)
    before = crew.rows()
    for who in (ANNA, CARL):
        assert crew.browser(who).post("/history", seq=seq).status_code == 409
    assert crew.rows() == before


# --------------------------------------------------------------------------- what no page sends


@pytest.mark.parametrize("seq", ["9" * 19, "9" * 20, "٣", "-1", ""])
def test_a_place_of_the_custody_record_that_cannot_be_is_not_there(crew: Crew, seq: str) -> None:
    assert crew.browser(ANNA).post("/history", seq=seq).status_code == 404


@pytest.mark.parametrize("control", ["\0", "\x07", "\x1b", "\x7f"])
def test_a_field_with_control_characters_does_not_fit(crew: Crew, control: str) -> None:
    path, anna, before = f"/claims/{crew.toll('a.txt').id}", crew.browser(ANNA), crew.rows()
    answer = anna.post(path, verdict="upheld", note=f"so{control}told", seen="")
    assert answer.status_code == 422
    assert anna.post("/comments", item=crew.toll("a.txt").id, text=f"a{control}b").status_code == 422
    assert crew.rows() == before
    assert anna.post(path, verdict="upheld", note="one\r\n\ttwo", seen="").status_code == 303


def test_places_of_words_with_more_digits_than_any_text_do_not_fit(crew: Crew) -> None:
    answer = crew.browser(ANNA).post(
        f"/claims/{crew.toll('a.txt').id}", verdict="corrected", seen="", start="9" * 5_000, end="9" * 5_001, quote="x"
    )  # fmt: skip
    assert answer.status_code == 422


def test_a_case_may_be_called_in_any_script(crew: Crew) -> None:
    crew.app = make({"حالة": crew.desk}, Open())
    client = TestClient(crew.app, follow_redirects=False, cookies={"who": ANNA.replace(" ", "_")})
    answer = client.get("/c/حالة/history?as=csv")
    assert answer.status_code == 200
    told = answer.headers["Content-Disposition"]
    assert f"filename*=UTF-8''{quote('حالة-history.csv')}" in told
    data = {"csrf": csrf_of(f"token of {ANNA}"), "verdict": "upheld", "seen": ""}
    path = f"/c/حالة/claims/{crew.toll('a.txt').id}"
    sent = client.post(path, data=data, headers={"HX-Request": "true"})
    assert sent.status_code == 200
    assert unquote(sent.headers["HX-Location"]).startswith("/c/حالة/reports/")


# ------------------------------------------------------------------------------ what pages say of it


def test_what_only_waits_or_was_taken_back_is_not_counted_as_decided(strict: Crew) -> None:
    path, anna = f"/claims/{strict.toll('a.txt').id}", strict.browser(ANNA)
    none = re.compile(r'<span class="n">0</span> <span class="label">claims decided on')
    anna.post(path, verdict="rejected", seen="")
    assert none.search(anna.get("/").text)
    strict.browser(BEN).post(path, verdict="rejected", seen="")
    assert '<span class="n">1</span> <span class="label">claim decided on' in anna.get("/").text
    carl = strict.browser(CARL)
    carl.post(path, verdict="reopened", seen=carl.seen(f"{path}/correct", path))
    assert none.search(anna.get("/").text)


def test_who_is_alone_at_a_case_that_asks_for_two_is_told_so(strict: Crew) -> None:
    told = "asks for a second person"
    for held, name, said in ((strict, ANNA, True), (strict, CARL, False)):
        client = TestClient(make({"solem": held.desk}, Alone(name, None)))
        assert (told in client.get("/c/solem/").text) == said
    assert told not in strict.browser(ANNA).get("/").text


def test_who_is_to_speak_first_is_not_told_that_all_was_taken_back_when_others_spoke(strict: Crew) -> None:
    path, report = f"/claims/{strict.toll('a.txt').id}", f"/reports/{strict.report('a.txt')}"
    anna, ben, carl = map(strict.browser, (ANNA, BEN, CARL))
    ben.post(path, verdict="upheld", seen="")
    opened = ben.seen(report, path)
    carl.post(path, verdict="reopened", seen=carl.seen(report, path))
    anna.post(path, verdict="rejected", note="a reason of her own", seen="")
    answer = ben.post(path, verdict="upheld", seen=opened)
    assert answer.status_code == 409
    assert "was taken back" not in answer.text
    assert "Others spoke on it meanwhile" in answer.text
    assert "a reason of her own" not in answer.text
