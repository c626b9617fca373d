"""The pages where people look and find: what the address asks for is what is shown, and nothing else happens."""

from __future__ import annotations

import csv
import io
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote, urlencode

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from starlette.testclient import TestClient
from tests_desk import EVIL, read_case

from tallystick.case import Case
from tallystick.desk import Desk, Wanted
from tallystick.desk.choices import PlaceChoice
from tallystick.web.app import make
from tallystick.web.doors import Alone
from tallystick.web.guard import HEADERS, Pace
from tallystick.web.pages import overview
from tallystick.web.pages.lists import Pages, Query, cell
from tallystick.web.routes import TABLE

PAGES = (
    "", "incidents", "matters", "map", "reports", "parties", "places", "findings", "history", "search",
    "findings?part=totals", "findings?part=sources&all=1", "findings?part=alleged", "findings?part=lines",
    "search?q=shelling", "incidents?order=killed", "incidents?differ=1&waiting=1", "reports?only=misdated",
)  # fmt: skip
QUICK = settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small case with a hostile report, read and linked."""
    return read_case(tmp_path_factory.mktemp("lists"))


@pytest.fixture
def desk(made: Path, tmp_path: Path) -> Iterator[Desk]:
    shutil.copytree(made, tmp_path / "solem")
    with Case.open(tmp_path / "solem", write=True) as case, Desk(case, tmp_path / "kept.sqlite") as desk:
        desk.catch_up()
        yield desk


@pytest.fixture
def browser(desk: Desk) -> TestClient:
    app = make({"solem": desk}, Alone("A. Haddad", None), pace=Pace(burst=10**6))
    return TestClient(app, base_url="http://testserver/c/solem/", follow_redirects=False)


def token(browser: TestClient) -> str:
    found = re.search(r'name="csrf" value="(\w+)"', browser.get("about").text)
    assert found is not None
    return found[1]


def send(browser: TestClient, page: str, **data: str) -> int:
    return browser.post(page, data={"csrf": token(browser), **data}).status_code


def linked(text: str) -> list[str]:
    """The ids of the incidents that a page's table leads to, in its order."""
    return re.findall(r'<th scope="row"><a href="/c/solem/incidents/(inc-\w+)"', text)


# ------------------------------------------------------------------------------------- filters


def test_the_list_shows_what_the_address_asks_for(browser: TestClient, desk: Desk) -> None:
    every = desk.rows(limit=1000)
    assert every
    for query, wanted in (
        ({}, Wanted()),
        ({"order": "killed"}, Wanted(order="killed")),
        ({"q": every[0].title.split()[0]}, Wanted(words=every[0].title.split()[0])),
        ({"kind": every[0].kind, "from": "2019-05-16"}, None),
        ({"differ": "1"}, Wanted(differing=True)),
        ({"waiting": "1", "order": "told"}, Wanted(waiting=True, order="told")),
        ({"verdict": "conflict", "to": "2019-05-20", "place": "a"}, None),
    ):
        answer = browser.get("incidents?" + urlencode(query))
        assert answer.status_code == 200
        if wanted is not None:
            assert linked(answer.text) == [row.id for row in desk.rows(wanted, limit=50)]
        table = browser.get("incidents?" + urlencode({**query, "as": "csv"}))
        lines = list(csv.reader(io.StringIO(table.content.decode("utf-8-sig"))))
        assert [line[0] for line in lines[1:]] == linked(answer.text)


def test_what_waits_about_an_incident_is_what_the_queue_has_of_it(desk: Desk) -> None:
    for row in (*desk.rows(limit=1000), *desk.rows(Wanted("matter"), limit=1000)):
        assert row.undecided == len(desk.queue(incident=row.id, limit=1000))
        assert (row.undecided > 0) == (row in desk.rows(Wanted(row.sort, waiting=True), limit=1000))


def test_the_form_comes_back_as_it_was_sent(browser: TestClient) -> None:
    text = browser.get("incidents?" + urlencode({"q": EVIL, "from": "2019-05-01", "verdict": "agree"})).text
    assert 'value="2019-05-01"' in text
    assert '<option value="agree" selected>' in text
    assert "&lt;script&gt;alert(1)" in text


@QUICK
@given(
    st.lists(
        st.tuples(
            st.sampled_from(
                [
                    "q",
                    "kind",
                    "place",
                    "party",
                    "from",
                    "to",
                    "verdict",
                    "differ",
                    "waiting",
                    "order",
                    "page",
                    "box",
                    "item",
                    "by",
                    "what",
                    "which",
                    "publisher",
                    "language",
                    "only",
                    "name",
                    "spelt",
                    "as",
                ]
            ),
            st.one_of(
                st.text(max_size=12),
                st.sampled_from(
                    (
                        "1",
                        "-1",
                        "0",
                        "9" * 30,
                        "2016-02-30",
                        "9999-12-31",
                        "0001-01-01",
                        "1,2,3,4",
                        "170,-5,-170,5",
                        "nan,0,0,0",
                        "*",
                        '"',
                        EVIL,
                    )
                ),
            ),
        ),
        max_size=5,
    ),
    st.sampled_from([page.partition("?")[0] for page in PAGES] + ["place", "party"]),
)
def test_no_address_is_a_fault_of_ours(browser: TestClient, asked: list[tuple[str, str]], page: str) -> None:
    answer = browser.get(f"{page}?{urlencode(asked, errors='replace')}")
    assert answer.status_code in (200, 404, 422), answer.text[:2000]
    assert "<script>alert" not in answer.text


def test_a_get_writes_nothing(browser: TestClient, desk: Desk) -> None:
    browser.get("about")
    before = desk.case.ledger.rows(), desk.case.ledger.reach()
    name = quote(desk.names("place")[0].name)
    for page in (*PAGES, f"place?name={name}", "incidents?as=csv", "reports?as=csv", "history?as=csv"):
        assert browser.get(page).status_code == 200, page
    desk._working.wait(60)
    assert browser.get("findings").status_code == 200
    assert (desk.case.ledger.rows(), desk.case.ledger.reach()) == before


# ----------------------------------------------------------------------------------- hostile names


def test_each_part_of_the_findings_is_a_page_of_its_own(browser: TestClient, desk: Desk) -> None:
    browser.get("findings")
    assert desk._working.wait(60)
    for part in ("patterns", "totals", "alleged", "sources", "lines", "none of these"):
        text = browser.get(f"findings?part={part}").text
        shown = re.findall(r'<section id="(patterns|totals|alleged|sources|lines)"', text)
        assert shown == [part if part != "none of these" else "patterns"]
        for link in re.findall(r'href="([^"]*list=list-[^"]*)"', text)[:5]:
            told = browser.get(link.replace("&amp;", "&").partition("#")[0]).text
            assert f'id="{link.partition("#")[2]}"' in told


def test_hostile_names_stay_in_their_box(browser: TestClient, desk: Desk) -> None:
    """A name, a reason and a person's comment that would be script or turn the page around, on every page."""
    for sort in ("place", "party"):
        for named in desk.names(sort):
            if sort == "party":
                desk.name_means(sort, named.name, EVIL, by=EVIL, note=EVIL)
    claim = desk.case.ledger.claims()[0]
    desk.decide(claim.id, "rejected", EVIL, EVIL)
    desk.case.comment(claim.id, EVIL, by=EVIL, who=EVIL)
    desk.case.grade(EVIL, "B", by=EVIL, note=EVIL, who=EVIL)
    desk.catch_up()
    browser.get("findings")
    assert desk._working.wait(60)
    names = [f"{sort}?name={quote(each.name)}" for sort in ("place", "party") for each in desk.names(sort)]
    for page in (*PAGES, *names, f"search?q={quote(EVIL)}"):
        text = browser.get(page).text
        assert "<script>" not in text, page
        assert "<img" not in text, page
        assert "\u202e" not in text, page
        assert "\u2066" not in text, page
    assert "alert(1)" in browser.get("history").text


@given(st.text(max_size=30))
def test_no_cell_is_a_formula(text: str) -> None:
    told = cell(text)
    assert told.lstrip()[:1] not in tuple("=+-@＝＋－＠|%") or told == ""
    assert told[:1] not in ("\t", "\r", "\n")
    assert told.removeprefix("'") == text.replace("\0", "") or told == text.replace("\0", "")


def test_numbers_stay_numbers_in_a_table() -> None:
    assert [cell(value) for value in (-33.5, -1, 0, None, "-33.5")] == ["-33.5", "-1", "0", "", "'-33.5"]


def test_a_table_of_hostile_names_comes_back_whole(browser: TestClient, desk: Desk) -> None:
    formula = '=HYPERLINK("http://example.org";"a")'
    name = desk.names("party")[0].name
    desk.name_means("party", name, formula, by="=A1", note="+1\r\n=2")
    answer = browser.get("history?as=csv")
    assert answer.headers["content-type"].startswith("text/csv")
    assert "attachment" in answer.headers["content-disposition"]
    (_, first, *_) = csv.reader(io.StringIO(answer.content.decode("utf-8-sig"), newline=""))
    assert all(not value.startswith(("=", "+", "@")) for value in first)
    assert first[4] == "'=A1"
    assert first[7] == "'+1\r\n=2"


# ------------------------------------------------------------------------------------------ pages


@given(st.integers(0, 3000), st.integers(1, 60), st.one_of(st.integers(-3, 100), st.text(max_size=4)))
def test_pages_cover_each_row_once_and_lead_to_each_other(total: int, size: int, asked: object) -> None:
    query = Query((("q", "x"), ("page", str(asked))))
    here = Pages.of(query, total, size)
    assert 1 <= here.page <= here.many
    covered = [
        n
        for page in range(1, here.many + 1)
        for each in [Pages.of(Query((("page", str(page)),)), total, size)]
        for n in range(each.first, each.last + 1)
        if total
    ]
    assert covered == list(range(1, total + 1))
    numbers = [page for page, _ in here.links if page]
    assert numbers == sorted(set(numbers))
    assert {1, here.page, here.many} <= set(numbers)
    assert all("q=x" in href and href.count("page=") == (page > 1) for page, href in here.links if page)


# -------------------------------------------------------------------------------- map and timeline


def test_every_link_of_the_map_leads_to_a_map(browser: TestClient, desk: Desk) -> None:
    text = browser.get("map").text
    links = {link.replace("&amp;", "&") for link in re.findall(r'href="(\?[^"]*)"', text)}
    assert links
    for link in sorted(links):
        answer = browser.get(f"map{link}")
        assert answer.status_code == 200, link
    assert len(linked(text)) == desk.count()


def test_map_and_list_choose_the_same_incidents(browser: TestClient, desk: Desk) -> None:
    for n, named in enumerate(desk.names("place")):
        desk.name_means("place", named.name, ("geonames:170063", "geonames:169389")[n % 2], "B. Idris")
    placed = [row for row in desk.rows(limit=1000) if row.placed and row.start]
    assert placed
    queries = ["", "?from=2019-05-16&to=2019-05-16", "?box=-10,-10,10,10&from=2019-05-01", "?differ=1"]
    queries += [
        f"?box={row.longitude - 1:.3f},{row.latitude - 1:.3f},{row.longitude + 1:.3f},{row.latitude + 1:.3f}"  # type: ignore[operator]
        for row in placed[:2]
    ]
    for query in queries:
        on_map, listed = (linked(browser.get(f"{page}{query}").text) for page in ("map", "incidents"))
        assert sorted(on_map) == sorted(listed), query


def test_a_cases_own_tiles_are_let_in_on_the_map_alone_and_where_the_desk_says_so(
    made: Path, tmp_path: Path
) -> None:
    shutil.copytree(made, tmp_path / "solem")
    with (tmp_path / "solem" / "case.toml").open("a", encoding="utf-8") as file:
        file.write(
            '\n[map]\ntiles = "https://tiles.example.org/{z}/{x}/{y}.png"\nattribution = "the makers"\n'
        )
    with Case.open(tmp_path / "solem", write=True) as case, Desk(case, tmp_path / "kept.sqlite") as desk:
        desk.catch_up()
        asked_for = HEADERS["Content-Security-Policy"]
        received = TestClient(make({"solem": desk}, Alone("A. Haddad", None)))
        assert received.get("/c/solem/map").headers["Content-Security-Policy"] == asked_for
        browser = TestClient(make({"solem": desk}, Alone("A. Haddad", None), tiles=True))
        policy = browser.get("/c/solem/map").headers["Content-Security-Policy"]
        assert "img-src https://tiles.example.org 'self' data:;" in policy
        for page in ("", "incidents", "places"):
            told = browser.get(f"/c/solem/{page}").headers["Content-Security-Policy"]
            assert told == asked_for


# -------------------------------------------------------------------------------- names and decisions


def test_a_name_means_what_a_person_says_until_it_is_taken_back(browser: TestClient, desk: Desk) -> None:
    name = desk.names("party")[0].name
    page = f"party?name={quote(name)}"
    assert send(browser, "party", name=name, means="The Kessian army", note="so called in all reports") == 303
    assert {each.means for each in desk.name_told("party", name)} == {"The Kessian army"}
    text = browser.get(page).text
    assert "so called in all reports" in text
    assert "A. Haddad" in text
    assert "decided" in browser.get("parties?which=decided").text
    (seen, *_) = re.findall(r'name="seen" value="(\w+)"', text)
    assert send(browser, "party", name=name, what="undo", seen=seen) == 303
    assert "The Kessian army" not in {each.means for each in desk.name_told("party", name)}


def test_that_pages_lag_behind_is_said(
    browser: TestClient, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Desk, "catch_up", lambda *_, **__: True)
    monkeypatch.setattr(Desk, "behind", property(lambda _: 3))
    assert "3 entries of the custody record are not worked in yet" in browser.get("places").text
    desk.doing = ("weighing", 40, 700)
    for page in ("", "incidents", "places", "parties", "map", "reports", "history", "search"):
        assert "weighing, 40 of 700" in browser.get(page).text


def test_a_place_is_chosen_of_those_the_lists_have(browser: TestClient, desk: Desk) -> None:
    name = desk.names("place")[0].name
    text = browser.get(f"place?name={quote(name)}&spelt=Aleppo").text
    (first, *_) = re.findall(r'name="means" value="([^"]+)"', text)
    assert send(browser, "place", name=name, means=first) == 303
    assert {each.code for each in desk.name_told("place", name)} == {first}
    (seen, *_) = re.findall(r'name="seen" value="(\w+)"', browser.get(f"place?name={quote(name)}").text)
    assert send(browser, "place", name=name, means="geonames:none of the kind", seen=seen) == 422
    assert send(browser, "place", name=name, means="") == 422
    assert send(browser, "place", name="no report says so", means=first) == 404


def test_what_a_name_may_mean_is_drawn_as_meanings_and_never_as_incidents(
    browser: TestClient, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = desk.names("place")[0].name
    told = [
        PlaceChoice(f"x:{n}", "Idlib", "town", "Syria", "Idlib", 9, 35.93 + n / 1000, 36.63, 1.0, None)
        for n in (0, 1)
    ]
    told.append(PlaceChoice("x:9", "Idlib", "admin1", "Syria", "", 9, 33.0, 38.0, 1.0, None, 60.0))
    monkeypatch.setattr(type(desk), "place_choices", lambda *_: tuple(told))
    text = browser.get(f"place?name={quote(name)}").text
    drawn = text[text.index('<svg class="map"') :].partition("</svg>")[0]
    assert "Idlib: 2 meanings" in drawn
    assert "incident" not in drawn
    dots = re.findall(r'class="(dot [^"]*)"', drawn)
    assert dots
    assert all("vague" in dot for dot in dots)
    assert 'class="reaches"' in drawn, "a province is drawn as far as it reaches"


def test_what_was_decided_is_told_and_taken_back(browser: TestClient, desk: Desk) -> None:
    claim = next(one for one in desk.case.ledger.claims() if one.account)
    desk.decide(claim.id, "rejected", "B. Idris", "not in the report")
    text = browser.get("history").text
    assert "not in the report" in text
    assert "counts no more" in text
    (seq,) = re.findall(r'name="seq" value="(\d+)"', text)
    assert send(browser, "history", seq=seq) == 303
    assert desk.history(limit=1)[0].facts["verdict"] == "reopened"
    assert 'name="seq"' not in browser.get("history").text, "a taking back is not taken back"
    assert send(browser, "history", seq=seq) == 409
    assert send(browser, "history", seq="1") == 404
    assert send(browser, "history", seq="x") == 404


def test_each_kind_of_decision_is_told_and_taken_back(browser: TestClient, desk: Desk) -> None:
    left, right = sorted(account.id for account in desk.case.record().accounts)[:2]
    desk.judge(left, right, "same", "B. Idris")
    desk.case.assign(left, "C. Lind", by="B. Idris", who="B. Idris")
    assert send(browser, "sources", source="Radio Orveth", grade="C", note="since long") == 303
    desk.name_means("party", desk.names("party")[0].name, "Somebody", "B. Idris")
    desk.case.comment(left, "look again", by="B. Idris", who="B. Idris")
    desk.catch_up()
    text = browser.get("history").text
    for words in (
        "two accounts tell of one event",
        "given to C. Lind",
        "fairly reliable",
        "this name means Somebody",
    ):
        assert words in text
    sequences = re.findall(r'name="seq" value="(\d+)"', text)
    assert len(sequences) == 4, "a comment is not taken back"
    for seq in sequences:
        assert send(browser, "history", seq=seq) == 303
    assert 'name="seq"' not in browser.get("history").text


def test_a_source_is_graded_by_a_letter_of_the_scale(browser: TestClient, desk: Desk) -> None:
    assert send(browser, "sources", source="Radio Orveth", grade="X") == 422
    assert send(browser, "sources", source="", grade="A") == 422
    assert send(browser, "sources", source="clm-1", grade="A") == 422
    assert send(browser, "sources", source="Radio Orveth", grade="b") == 303
    browser.get("findings")
    assert desk._working.wait(60)
    assert "usually reliable" in browser.get("findings?part=sources").text


# ------------------------------------------------------------------------------------------- search


def test_any_id_leads_to_its_thing(browser: TestClient, desk: Desk) -> None:
    record = desk.case.record()
    document, claim, account = record.documents[0], record.claims[0], record.accounts[0]
    incident = record.weighed[0].incident
    for told, leads in (
        (document.id, f"/c/solem/reports/{document.id}"),
        (document.name, f"/c/solem/reports/{document.id}"),
        (document.capture, f"/c/solem/reports/{document.id}"),
        (document.capture[:12], f"/c/solem/reports/{document.id}"),
        (claim.id[:14], f"/c/solem/reports/{claim.span.document}#{claim.id}"),
        (claim.id.upper(), f"/c/solem/reports/{claim.span.document}#{claim.id}"),
        (account.id, "/c/solem/"),
        (incident.id, f"/c/solem/incidents/{incident.id}"),
    ):
        text = browser.get(f"search?q={quote(told)}").text
        (listed,) = re.findall(r'<ul class="ids">(.*?)</ul>', text, re.DOTALL)
        assert f'href="{leads}' in listed, told


def test_the_reports_own_words_are_lit(browser: TestClient) -> None:
    text = browser.get(f"search?q={quote('مستشفي ادلب')}").text
    lit = re.findall(r"<mark>(.*?)</mark>", text)
    assert "مستشفى" in lit
    assert "إدلب" in lit


def test_a_day_leads_to_what_is_told_for_it(browser: TestClient, desk: Desk) -> None:
    for told in ("2019-05-16", "16 May 2019", "May 16, 2019"):
        assert "incidents?from=2019-05-16&amp;to=2019-05-16" in browser.get(f"search?q={quote(told)}").text


def test_pages_without_a_script_have_all_that_is_on_them(browser: TestClient) -> None:
    names = {row.name for row in TABLE}
    assert {
        "overview",
        "incidents",
        "matters",
        "map",
        "reports",
        "parties",
        "places",
        "findings",
        "history",
        "search",
    } <= names
    for page in PAGES:
        text = browser.get(page).text
        assert text.count("<h1>") == 1, page
        assert "hx-get" not in text, page


def test_drawings_that_take_long_are_shown_again_for_a_while_and_say_so(
    desk: Desk, browser: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def drawn() -> tuple[str, bool]:
        page = browser.get("").text
        return re.findall(r'<svg class="times.*?</svg>', page, re.S)[0], "Drawn a moment ago" in page

    held = desk.weighed(desk.rows(Wanted("incident"))[0].id)
    assert held is not None
    before = drawn()
    assert not before[1]
    monkeypatch.setattr(overview, "_SLOW", 0.0)
    monkeypatch.setattr(overview, "_SHARE", 10**6)
    telling = held.incident.accounts[0].head
    desk.decide(telling.id, "corrected", "A. Haddad", changes={"days": "2018-01-02"})
    assert drawn() == (before[0], True)
    monkeypatch.setattr(overview, "_SHARE", 0)
    after = drawn()
    assert after[0] != before[0]
    assert not after[1]
