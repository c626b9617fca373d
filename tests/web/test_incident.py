"""One incident: accounts are parted and joined, graded and commented on, each by one decision of one person."""

from __future__ import annotations

import re

import pytest
from tests_deciding import Crew, Tags

ANNA, CARL = "A. Haddad", "C. Lind"


def merged(crew: Crew) -> str:
    """The incident of a.txt after somebody wrongly merged that of c.txt into it, from its page."""
    path, anna = f"/incidents/{crew.incident('a.txt')}", crew.browser(ANNA)
    other = crew.incident("c.txt")
    answer = anna.post(
        f"{path}/merge", other=other, note="looks like it", seen=anna.seen(path, f"{path}/merge")
    )
    assert answer.status_code == 303, answer.text
    crew.desk.catch_up()
    assert crew.incident("a.txt") == crew.incident("c.txt")
    return crew.incident("a.txt")


def test_two_incidents_are_merged_by_one_person_with_their_reason(crew: Crew) -> None:
    name = merged(crew)
    events = crew.past()
    assert events
    assert {(e.what, e.facts["verdict"], e.who, e.note) for e in events} == {
        ("judged", "same", ANNA, "looks like it")
    }
    page = crew.browser(ANNA).get(f"/incidents/{name}").text
    assert {str(crew.account(each).id) for each in ("a.txt", "c.txt")} <= set(
        re.findall(r'<tr id="(acc-\w+)"', page)
    )


def test_a_wrong_merge_is_separated_by_ticking_the_account_that_is_of_another_event(crew: Crew) -> None:
    name, anna = merged(crew), crew.browser(ANNA)
    path, wrong = f"/incidents/{name}", crew.account("c.txt").id
    before = len(crew.past())
    answer = anna.post(
        f"{path}/split", account=wrong, note="another town", seen=anna.seen(path, f"{path}/split")
    )
    assert answer.status_code == 303, answer.text
    crew.desk.catch_up()
    assert crew.incident("a.txt") != crew.incident("c.txt")
    new = crew.past()[before:]
    assert {(e.facts["verdict"], e.who, e.note) for e in new} == {("different", ANNA, "another town")}
    assert all(wrong in e.item for e in new)
    assert len(new) == len({e.item for e in new})
    record = crew.desk.case.record()
    assert not [
        w for w in record.weighed if {wrong, crew.account("a.txt").id} <= {a.id for a in w.incident.accounts}
    ]
    assert crew.desk.case.verify().problems == ()


@pytest.mark.parametrize("ticked", ["none", "all", "strange"])
def test_who_ticks_none_or_all_separates_nothing(crew: Crew, ticked: str) -> None:
    name, anna = merged(crew), crew.browser(ANNA)
    path, before = f"/incidents/{name}", crew.rows()
    weighed = crew.desk.weighed(name)
    assert weighed is not None
    accounts = {"none": [], "all": [a.id for a in weighed.incident.accounts], "strange": ["acc-none"]}[ticked]
    answer = anna.post(f"{path}/split", account=accounts, seen=anna.seen(path, f"{path}/split"))
    assert answer.status_code == 422
    assert crew.rows() == before


def test_an_incident_is_not_merged_with_itself(crew: Crew) -> None:
    name, anna = crew.incident("a.txt"), crew.browser(ANNA)
    path, before = f"/incidents/{name}", crew.rows()
    assert anna.post(f"{path}/merge", other=name, seen=anna.seen(path, f"{path}/merge")).status_code == 422
    assert crew.rows() == before


def test_a_former_id_leads_to_the_present_one_and_one_that_is_gone_says_so(crew: Crew) -> None:
    ids = {crew.incident("a.txt"), crew.incident("c.txt")}
    name = merged(crew)
    anna = crew.browser(ANNA)
    for former in ids - {name}:
        answer = anna.get(f"/incidents/{former}")
        assert (answer.status_code, answer.headers["location"]) == (303, f"/c/solem/incidents/{name}")
    gone = anna.get("/incidents/inc-0123456789abcdef01234567")
    assert gone.status_code == 404
    assert "not in the case any more" in gone.text


def test_the_page_leads_to_the_desks_own_pages_and_to_no_file_of_the_dossier(crew: Crew) -> None:
    page = crew.browser(ANNA).get(f"/incidents/{merged(crew)}").text
    links = [
        attributes["href"] or "" for tag, attributes in Tags(page).tags if tag == "a" and "href" in attributes
    ]
    assert not [link for link in links if ".html" in link]
    assert [link for link in links if re.fullmatch(r"/c/solem/reports/doc-\w+#clm-\w+", link)]
    assert [link for link in links if re.fullmatch(r"/c/solem/pairs/acc-\w+/acc-\w+", link)]


def test_looked_at_holds_until_it_is_taken_back(crew: Crew) -> None:
    name, anna = crew.incident("a.txt"), crew.browser(ANNA)
    path = f"/incidents/{name}"
    seen = anna.seen(path, f"{path}/looked")
    assert anna.post(f"{path}/looked", verdict="looked", note="as told", seen=seen).status_code == 303
    assert "looked at by" in anna.get(path).text
    assert anna.post(f"{path}/looked", verdict="reopened", seen=seen).status_code == 303
    assert "looked at by" not in anna.get(path).text
    assert [(e.what, e.who, bool(e.facts["accounts"])) for e in crew.past()] == [
        ("looked", ANNA, True), ("looked", ANNA, False),
    ]  # fmt: skip


def test_who_took_a_look_back_is_asked_again(crew: Crew) -> None:
    waits = [item.id for item in crew.desk.queue(sorts=["incident"])]
    assert waits, "no incident of these reports differs: choose others"
    anna, path = crew.browser(ANNA), f"/incidents/{waits[0]}"
    seen = anna.seen(path, f"{path}/looked")
    anna.post(f"{path}/looked", verdict="looked", seen=seen)
    crew.desk.catch_up()
    assert waits[0] not in [item.id for item in crew.desk.queue(sorts=["incident"])]
    anna.post(f"{path}/looked", verdict="reopened", seen=seen)
    crew.desk.catch_up()
    assert waits[0] in [item.id for item in crew.desk.queue(sorts=["incident"])]


def test_a_comment_stays_and_stands_on_the_page(crew: Crew) -> None:
    name, anna = crew.incident("a.txt"), crew.browser(ANNA)
    before = crew.rows()
    assert (
        anna.post("/comments", item=name, text="Ask the <hospital>.", back="/c/solem/queue").status_code
        == 303
    )
    assert crew.rows() == before + 1
    (event,) = crew.past()
    assert (event.what, event.item, event.who, event.note) == ("commented", name, ANNA, "Ask the <hospital>.")
    assert "Ask the &lt;hospital&gt;." in anna.get(f"/incidents/{name}").text
    assert anna.post("/comments", item=name, text=" ").status_code == 422
    assert anna.post("/comments", item="somewhere", text="x").status_code == 422


def test_a_form_sends_back_to_pages_of_the_desk_alone(crew: Crew) -> None:
    for back in ("https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:alert(1)"):
        answer = crew.browser(ANNA).post("/comments", item=crew.incident("a.txt"), text="x", back=back)
        assert answer.headers["location"] == "/"


def test_sources_are_graded_by_seniors_and_claims_by_those_who_decide(crew: Crew) -> None:
    claim = crew.toll("a.txt").id
    assert crew.browser(ANNA).post("/sources", source="The Hospital", grade="B").status_code == 403
    assert (
        crew.browser(CARL).post("/sources", source="The Hospital", grade="B", note="often right").status_code
        == 303
    )
    assert crew.browser(ANNA).post(f"/claims/{claim}/grade", grade="2").status_code == 303
    assert crew.browser(CARL).post("/sources", source="The Clinic", grade="7").status_code == 422
    assert crew.browser(CARL).post("/sources", source=claim, grade="2").status_code == 422
    assert [(e.what, e.item, e.who, e.facts["grade"]) for e in crew.past()] == [
        ("graded", "source hospital", CARL, "B"), ("graded", claim, ANNA, "2"),
    ]  # fmt: skip


def test_day_place_and_kind_are_set_by_correcting_what_tells_them(crew: Crew) -> None:
    head, anna = crew.account("a.txt").head, crew.browser(ANNA)
    page = anna.get(f"/incidents/{crew.incident('a.txt')}").text
    assert f"/claims/{head.id}/correct" in page
    answer = anna.post(
        f"/claims/{head.id}", verdict="corrected", seen="", days="2019-05-16", place="Orveth", kind="shelling",
        back=f"/c/solem/incidents/{crew.incident('a.txt')}",
    )  # fmt: skip
    assert answer.status_code == 303
    told = crew.account("a.txt").telling
    assert (str(told.when.start), told.place and told.place.name, told.kind) == (
        "2019-05-16",
        "Orveth",
        "shelling",
    )


def test_incidents_near_it_are_proposed_for_merging_by_day_or_by_words(crew: Crew) -> None:
    anna, path = crew.browser(ANNA), f"/incidents/{crew.incident('a.txt')}"
    assert f'name="other" value="{crew.incident("c.txt")}"' not in anna.get(path).text
    assert f'name="other" value="{crew.incident("c.txt")}"' in anna.get(f"{path}?near=orveth").text
