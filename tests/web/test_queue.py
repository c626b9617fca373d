"""The queue: what waits is decided in place, each decision is one row of the person who made it."""

from __future__ import annotations

import re

import pytest
from tests_deciding import Crew

from tallystick.model import Event, Judgement, Maker


@pytest.mark.parametrize("verdict", ["upheld", "rejected"])
@pytest.mark.parametrize("htmx", [False, True])
def test_a_verdict_on_a_claim_is_one_row_in_the_name_of_who_is_signed_in(
    crew: Crew, verdict: str, htmx: bool
) -> None:
    claim, before = crew.toll("a.txt"), crew.rows()
    answer = crew.browser("A. Haddad").post(
        f"/claims/{claim.id}",
        htmx,
        verdict=verdict,
        note="it is told so",
        seen="",
        view="queue",
        back="/c/solem/queue",
    )
    assert answer.status_code == (200 if htmx else 303), answer.text
    (event,) = crew.past()
    assert (event.what, event.item, event.by, event.who, event.note) == (
        "reviewed", claim.id, "A. Haddad", "A. Haddad", "it is told so",
    )  # fmt: skip
    assert crew.rows() == before + 2  # the review, and the custody event that tells of it
    stands = {each.id for each in crew.claims("a.txt")}
    assert (claim.id in stands) == (verdict == "upheld")


def test_what_htmx_is_answered_is_the_card_alone_with_a_way_back(crew: Crew) -> None:
    claim, anna = crew.toll("a.txt"), crew.browser("A. Haddad")
    card = anna.post(f"/claims/{claim.id}", True, verdict="rejected", seen="", view="queue").text
    assert "<html" not in card
    assert "data-done" in card
    assert 'value="reopened"' in card
    (seen,) = set(re.findall(r'name="seen" value="(\w+)"', card))
    again = anna.post(f"/claims/{claim.id}", True, verdict="reopened", seen=seen, view="queue")
    assert again.status_code == 200
    assert claim.id in {each.id for each in crew.claims("a.txt")}
    assert [event.facts["verdict"] for event in crew.past()] == ["rejected", "reopened"]


@pytest.mark.parametrize("verdict", ["same", "different", "unsure"])
def test_a_verdict_on_two_accounts_is_one_row_and_gathers_or_parts_them(crew: Crew, verdict: str) -> None:
    one, other = sorted((crew.account("a.txt").id, crew.account("c.txt").id))
    seen = crew.browser("A. Haddad").seen(f"/pairs/{one}/{other}", f"/pairs/{one}/{other}")
    before = crew.rows()
    answer = crew.browser("A. Haddad").post(
        f"/pairs/{other}/{one}", verdict=verdict, note="why not", seen=seen
    )
    assert answer.status_code == 303, answer.text
    (event,) = crew.past()
    assert (event.item, event.who, event.note) == (f"{one} {other}", "A. Haddad", "why not")
    assert crew.rows() == before + 2
    assert (crew.incident("a.txt") == crew.incident("c.txt")) == (verdict == "same")


def test_a_verdict_on_two_accounts_is_taken_back_by_what_stood_before_it(crew: Crew) -> None:
    one, other = sorted((crew.account("a.txt").id, crew.account("c.txt").id))
    path, anna = f"/pairs/{one}/{other}", crew.browser("A. Haddad")
    anna.post(path, verdict="different", seen=anna.seen(path, path))
    anna.post(path, verdict="same", seen=anna.seen(path, path))
    page = anna.get(path).text
    assert re.search(r'name="verdict" value="different" class="plain"', page)
    assert crew.incident("a.txt") == crew.incident("c.txt")
    anna.post(path, verdict="different", seen=anna.seen(path, path))
    assert crew.incident("a.txt") != crew.incident("c.txt")


def test_the_queue_lists_what_waits_and_what_was_decided_is_gone_from_it(crew: Crew) -> None:
    one, other = sorted((crew.account("a.txt").id, crew.account("b.txt").id))
    unsure = Judgement(one, other, "unsure", Maker("linker", "9"), 0.4, ("the same day",))
    crew.desk.case.ledger.append(judgements=[unsure], events=[])
    crew.desk.case.ledger.append(events=[Event("linked", "linker", "a test", "2026-01-01T00:00:00.000Z")])
    crew.desk.catch_up()
    anna = crew.browser("A. Haddad")
    page = anna.get("/queue?sort=pair").text
    assert f'id="item-{one}-{other}"' in page
    assert "the same day" in page
    anna.post(
        f"/pairs/{one}/{other}", verdict="same", seen=anna.seen("/queue?sort=pair", f"/pairs/{one}/{other}")
    )
    assert f'id="item-{one}-{other}"' not in anna.get("/queue?sort=pair").text
    assert [event.facts["verdict"] for event in crew.past()] == ["same"]


def test_what_was_assigned_to_somebody_is_what_they_ask_for(crew: Crew) -> None:
    items = crew.desk.queue(limit=200)
    assert items, "the reader is sure of all: choose other reports"
    item = items[-1]
    senior, anna = crew.browser("C. Lind"), crew.browser("A. Haddad")
    assert anna.post("/assignments", item=item.id, to="A. Haddad").status_code == 403
    assert senior.post("/assignments", item=item.id, to="A. Haddad").status_code == 303
    (event,) = crew.past()
    assert (event.what, event.item, event.by, event.who) == ("assigned", item.id, "C. Lind", "C. Lind")
    shown = re.findall(r'<article class="card \w+" id="([^"]+)"', anna.get("/queue?mine=1").text)
    assert shown == [f"item-{item.id.replace(' ', '-')}"]
    assert not re.findall(r'<article class="card', crew.browser("B. Idris").get("/queue?mine=1").text)


def test_who_only_reads_sees_the_queue_without_any_form_that_decides(crew: Crew) -> None:
    reader = crew.browser("R. Naji")
    for path in ("/queue", f"/incidents/{crew.incident('a.txt')}", f"/reports/{crew.report('a.txt')}"):
        page = reader.get(path)
        assert page.status_code == 200
        assert 'name="verdict"' not in page.text
        assert set(re.findall(r'method="post" action="([^"]+)"', page.text)) <= {"/taste", "/sign-out"}
    assert reader.post(f"/claims/{crew.toll('a.txt').id}", verdict="upheld", seen="").status_code == 403
    assert crew.past() == ()


@pytest.mark.parametrize(
    "query",
    ["order=weight", "order=doubt", "order=day", "sort=claim&sort=pair", "sort=none", "page=9999", "page=-1",
     "incident=inc-none", "order=%00", "mine=1"],
)  # fmt: skip
def test_whatever_is_asked_of_the_queue_it_answers(crew: Crew, query: str) -> None:
    assert crew.browser("A. Haddad").get(f"/queue?{query}").status_code == 200


def test_orders_differ_only_in_order(crew: Crew) -> None:
    told = [{item.id for item in crew.desk.queue(order, limit=500)} for order in ("weight", "doubt", "day")]
    assert told[0] == told[1] == told[2]
    some = sorted(told[0])[:2]
    assert {item.id for item in crew.desk.queue(only=some, limit=500)} == set(some)
    assert {item.id for item in crew.desk.queue(without=some, limit=500)} == told[0] - set(some)
    assert sum(crew.desk.waiting(without=some).values()) == len(told[0]) - len(some)


@pytest.mark.parametrize(
    ("path", "fields"),
    [
        ("/claims/clm-none", {"verdict": "upheld"}),
        ("/pairs/acc-none/acc-nil", {"verdict": "same"}),
        ("/incidents/inc-none/looked", {}),
        ("/incidents/inc-none/split", {"account": "acc-none"}),
        ("/incidents/inc-none/merge", {"other": "inc-nil"}),
        ("/reports/doc-none/claims", {"sort": "toll"}),
        ("/comments", {"item": "clm-none", "text": "what?"}),
        ("/claims/clm-none/grade", {"grade": "1"}),
    ],
)
def test_what_is_not_there_is_told_so_and_nothing_is_written(
    crew: Crew, path: str, fields: dict[str, str]
) -> None:
    before = crew.rows()
    assert crew.browser("C. Lind").post(path, seen="", **fields).status_code == 404
    assert crew.rows() == before


def test_a_verdict_that_there_is_not_is_refused(crew: Crew) -> None:
    claim, before = crew.toll("a.txt"), crew.rows()
    for verdict in ("", "perhaps", "upheld\n"):
        answer = crew.browser("A. Haddad").post(
            f"/claims/{claim.id}", verdict=verdict.strip() and verdict + "x", seen=""
        )
        assert answer.status_code == 422
    assert crew.rows() == before


def test_comparing_anew_is_asked_for_after_a_correction_and_told_when_done(crew: Crew) -> None:
    claim, anna = crew.toll("a.txt"), crew.browser("A. Haddad")
    assert "Compare anew" not in anna.get("/queue").text
    anna.post(f"/claims/{claim.id}", verdict="rejected", seen="")
    assert crew.desk.comparing.changed() == {claim.account}
    assert crew.desk.overview().compare_anew == 1
    assert "1 account was changed" in anna.get("/queue").text
    assert anna.post("/compare").status_code == 303
    crew.desk.comparing.close()
    assert crew.desk.comparing.failed == ""
    assert crew.desk.comparing.did is not None
    assert "Accounts were compared" in anna.get("/compare").text
    assert crew.desk.comparing.changed() == frozenset()


def test_what_comparing_anew_finds_is_recorded_for_who_asked_and_gathers_what_now_is_alike(
    crew: Crew,
) -> None:
    head, anna = crew.account("c.txt").head, crew.browser("A. Haddad")
    assert crew.incident("c.txt") != crew.incident("a.txt")
    anna.post(
        f"/claims/{head.id}", verdict="corrected", seen="", days="2019-05-17", place="Solem", target="market"
    )
    before = len(crew.desk.case.ledger.events("linked"))
    anna.post("/compare")
    crew.desk.comparing.close()
    assert crew.desk.comparing.did is not None
    assert crew.desk.comparing.did.judgements
    new = crew.desk.case.ledger.events("linked")[before:]
    assert [event.who for event in new] == ["A. Haddad"]
    assert crew.desk.case.verify().problems == ()
