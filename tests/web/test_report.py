"""One report: its text stays in its box, its words are chosen exactly, and each correction is one row."""

from __future__ import annotations

import re
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from starlette.datastructures import FormData
from tests_deciding import HOSTILE, REPORTS, Crew, Tags

from tallystick.dossier.marks import pieces
from tallystick.dossier.render import exact
from tallystick.dossier.sentence import sentence_of
from tallystick.model import Role, Telling, Toll
from tallystick.web import fields
from tallystick.web.here import Stop
from tallystick.web.pages.report import _placed

ANNA = "A. Haddad"
TEXTS = st.text(
    st.one_of(
        st.characters(exclude_categories=()), st.sampled_from("ab \n\r\t.😀🕊ا\u202e\u0000\u200f<&\"'\ud83d")
    ),
    min_size=1,
    max_size=60,
)


def text_of(crew: Crew, name: str) -> str:
    document = crew.desk.document(crew.report(name))
    assert document is not None
    return document.text


# -------------------------------------------------------------------------------- choosing words


def told(form: dict[str, str]) -> Any:
    """As much of ``Here`` as choosing words asks for."""
    held = FormData(form)
    return SimpleNamespace(form=held, told=lambda name, most=10_000: str(held.get(name, "")).strip(), _=str)


@given(TEXTS)
@example("🕊 of peace\n\nb")
def test_each_paragraph_begins_where_it_says_in_code_points(text: str) -> None:
    for at, each in _placed(pieces(text, [])):
        assert text.startswith("".join(piece.text for piece in each), at)
        assert at == 0 or text[at - 1] == "\n"


@given(TEXTS, st.data())
def test_whatever_is_chosen_in_a_page_are_the_same_words_in_the_report(text: str, data: Any) -> None:
    """The page is read back as a browser reads it: points of ``data-at`` and of the text that it shows."""
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    paragraphs = _placed(pieces(text, []))
    shown = "".join(
        Tags(str(exact(piece.text)).encode("utf-8", "xmlcharrefreplace").decode()).text
        for _, each in paragraphs
        for piece in each
    )
    assert len(shown) == len(text), "a code point of the report is one of the page"
    quote = (
        shown[start:end].replace("\r\n", "\n").replace("\r", "\n").replace("\n", "\r\n")
    )  # as forms send it
    document = SimpleNamespace(text=text)
    form = {"start": str(start), "end": str(end), "quote": quote}
    assert fields.chosen(told(form), document) == (start, end)  # type: ignore[arg-type]


@given(TEXTS, TEXTS, st.data())
def test_words_that_are_not_there_are_refused(text: str, quote: str, data: Any) -> None:
    start, end = data.draw(st.integers(-1, len(text))), data.draw(st.integers(-1, len(text) + 1))
    form = {"start": str(start), "end": str(end), "quote": quote}
    try:
        got = fields.chosen(told(form), SimpleNamespace(text=text))  # type: ignore[arg-type]
    except Stop as stop:
        refused: int | None = stop.status
    else:
        refused = None
        assert isinstance(got, tuple)
        assert fields.as_shown(text[slice(*got)]) == fields.as_shown(quote)
    assert refused in (None, 409)


@given(TEXTS, st.data())
def test_a_sentence_holds_its_words_and_is_cut_from_the_text(text: str, data: Any) -> None:
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    first, last = sentence_of(text, start, end)
    assert 0 <= first <= start < end <= last <= len(text)


@pytest.mark.parametrize("name", sorted(REPORTS))
def test_the_paragraphs_of_a_page_say_where_they_begin(crew: Crew, name: str) -> None:
    text = text_of(crew, name)
    page = crew.browser(ANNA).get(f"/reports/{crew.report(name)}").text
    found = re.findall(r'<p dir="auto" data-at="(\d+)">(.*?)</p>', page, re.S)
    assert found[0][0] == "0"
    for at, inner in found:
        shown = Tags(inner).text
        assert text[int(at) : int(at) + len(shown)] == shown
    assert sum(len(Tags(inner).text) for _, inner in found) == len(text)


def test_a_toll_is_corrected_in_words_chosen_behind_an_emoji(crew: Crew) -> None:
    claim, text = crew.toll("a.txt"), text_of(crew, "a.txt")
    start = text.index("of Solem", text.index("🕊"))
    assert crew.browser(ANNA).post(
        f"/claims/{claim.id}", verdict="corrected", seen="", count="at least 14", note="as the hospital says",
        start=str(start), end=str(start + 8), quote="of Solem",
    ).status_code == 303  # fmt: skip
    (event,) = crew.past()
    (review,) = crew.desk.case.ledger.reviews()
    mended = review.correction
    assert mended is not None
    assert isinstance(mended.value, Toll)
    assert (event.who, event.note, review.by) == (ANNA, "as the hospital says", ANNA)
    assert (mended.span.start, mended.span.end, mended.span.quote) == (start, start + 8, "of Solem")
    assert (mended.value.count.low, mended.value.count.high, mended.maker.name) == (14, None, ANNA)


def test_words_chosen_in_a_page_that_is_not_the_report_any_more_are_a_conflict(crew: Crew) -> None:
    claim, before = crew.toll("a.txt"), crew.rows()
    for start, quote in (("0", "at least 12"), ("9999", "people"), ("-1", "x"), ("٣", "people")):
        answer = crew.browser(ANNA).post(
            f"/claims/{claim.id}", verdict="corrected", seen="", count="14", start=start, end="6", quote=quote
        )
        assert answer.status_code == 409, start
    assert crew.rows() == before


# ------------------------------------------------------------------------------- what is corrected


def test_without_a_script_the_words_are_written_into_a_field(crew: Crew) -> None:
    claim, anna = crew.toll("a.txt"), crew.browser(ANNA)
    path = f"/claims/{claim.id}"
    page = anna.get(f"{path}/correct").text
    assert '<input name="words"' in page
    assert "<html" in page
    assert (
        anna.post(path, verdict="corrected", seen="", words="Not in the report", count="14").status_code
        == 422
    )
    assert anna.post(path, verdict="corrected", seen="", words="the hospital said").status_code == 303
    (review,) = crew.desk.case.ledger.reviews()
    assert review.correction is not None
    assert review.correction.span.quote == "the hospital said"


def shown_fields(crew: Crew, claim: str) -> dict[str, str]:
    """The fields of the form that corrects a claim, as a browser would send them back."""
    page = crew.browser(ANNA).get(f"/claims/{claim}/correct").text
    form = page[page.index('<form class="correct"') :].partition("</form>")[0]
    out: dict[str, str] = {}
    select = ""
    for tag, attributes in Tags(form).tags:
        name = attributes.get("name") or ""
        if tag == "input":
            out[name] = attributes.get("value") or ""
        elif tag == "select":
            select = name
        elif tag == "option" and "selected" in attributes:
            out[select] = attributes.get("value") or ""
    return {name: value for name, value in out.items() if name not in ("csrf", "back", "view")}


@pytest.mark.parametrize("name", sorted(REPORTS))
def test_a_form_that_comes_back_as_it_was_changes_nothing_and_says_so(crew: Crew, name: str) -> None:
    before = crew.rows()
    for claim in crew.claims(name)[:6]:
        answer = crew.browser(ANNA).post(f"/claims/{claim.id}", **shown_fields(crew, claim.id))
        assert answer.status_code == 422, claim
        assert "nothing of the claim is changed" in answer.text
    assert crew.rows() == before


@pytest.mark.parametrize(
    ("sort", "sent", "holds"),
    [
        (Toll, {"toll": "wounded"}, lambda c: c.value.kind == "wounded" and c.value.count.low == 12),
        (Toll, {"group": "civilians"}, lambda c: c.value.group == "civilians"),
        (Toll, {"count": "10 to 12"}, lambda c: (c.value.count.low, c.value.count.high) == (10, 12)),
        (Toll, {"stance": "alleged"}, lambda c: c.stance == "alleged"),
        (Toll, {"voices": "the hospital; the monitor"}, lambda c: [v.name for v in c.voices] == ["the hospital", "the monitor"]),
        (Role, {"party": "the rebels"}, lambda c: c.value.party.name == "the rebels"),
        (Role, {"how": "suspected"}, lambda c: c.value.stance == "suspected"),
        (Telling, {"kind": "shelling"}, lambda c: c.value.kind == "shelling"),
        (Telling, {"days": "2019-05-16 to 2019-05-17"}, lambda c: str(c.value.when.start) == "2019-05-16"),
        (Telling, {"place": "Orveth"}, lambda c: c.value.place.name == "Orveth"),
        (Telling, {"weapon": "barrel bomb"}, lambda c: c.value.weapon == "barrel bomb"),
        (Telling, {"target": "school"}, lambda c: c.value.target == "school"),
        (Telling, {"aggregate": "true"}, lambda c: c.value.aggregate is True),
    ],
)  # fmt: skip
def test_each_field_of_a_claim_is_corrected_by_its_form_and_by_one_row(
    crew: Crew, sort: type, sent: dict[str, str], holds: Any
) -> None:
    claim = next(claim for claim in crew.claims("a.txt") if isinstance(claim.value, sort))
    form = shown_fields(crew, claim.id) | sent
    before = crew.rows()
    answer = crew.browser(ANNA).post(f"/claims/{claim.id}", **form)
    assert answer.status_code == 303, answer.text
    assert crew.rows() == before + 2
    (review,) = crew.desk.case.ledger.reviews()
    assert review.correction is not None
    assert holds(review.correction)
    assert review.correction.span == claim.span


@pytest.mark.parametrize(
    "sent",
    [{"count": "many, or so"}, {"toll": "vanished"}, {"stance": "sung"}, {"words": "\u202e"}, {"account": "acc-none"},
     {"count": "9" * 1001}, {"note": "n" * 10_001}],
)  # fmt: skip
def test_what_cannot_be_meant_is_told_so_and_nothing_is_written(crew: Crew, sent: dict[str, str]) -> None:
    claim, before = crew.toll("a.txt"), crew.rows()
    answer = crew.browser(ANNA).post(f"/claims/{claim.id}", verdict="corrected", seen="", **sent)
    assert answer.status_code == 422, answer.text
    assert crew.rows() == before


def test_a_correction_shows_what_it_stands_instead_of_and_is_taken_back_to_it(crew: Crew) -> None:
    claim, anna = crew.toll("a.txt"), crew.browser(ANNA)
    report, path = f"/reports/{crew.report('a.txt')}", f"/claims/{claim.id}"
    anna.post(path, verdict="corrected", seen="", count="at least 14")
    page = anna.get(report).text
    assert "At least 14 killed" in page
    assert "instead of At least 12 killed" in re.sub(r"\s+", " ", Tags(page).text)
    before = page[page.index('<div class="before">') :].partition("</form>")[0]
    seen = re.findall(r'name="seen" value="(\w+)"', before)[0]
    assert f'action="/c/solem{path}"' in before
    assert anna.post(path, verdict="reopened", seen=seen).status_code == 303
    assert claim.id in {each.id for each in crew.claims("a.txt")}
    assert [event.facts["verdict"] for event in crew.past()] == ["corrected", "reopened"]


def test_what_was_rejected_is_shown_as_such_and_can_be_taken_back(crew: Crew) -> None:
    claim, anna = crew.toll("a.txt"), crew.browser(ANNA)
    anna.post(f"/claims/{claim.id}", verdict="rejected", seen="")
    page = anna.get(f"/reports/{crew.report('a.txt')}").text
    assert f'<li class="claim gone" id="card-{claim.id}"' in page


def test_a_figure_moves_onto_another_account_of_its_report(crew: Crew) -> None:
    claim, anna, report = crew.toll("a.txt"), crew.browser(ANNA), crew.report("a.txt")
    answer = anna.post(
        f"/reports/{report}/claims",
        sort="event",
        kind="bombing",
        words="had bombed the market",
        days="2019-05-18",
    )
    assert answer.status_code == 303
    other = next(
        c for c in crew.claims("a.txt") if isinstance(c.value, Telling) and c.value.kind == "bombing"
    )
    form = shown_fields(crew, claim.id)
    assert form["account"] == claim.account
    assert anna.post(f"/claims/{claim.id}", **(form | {"account": str(other.account)})).status_code == 303
    assert {c.account for c in crew.claims("a.txt") if isinstance(c.value, Toll)} == {other.account}


@pytest.mark.parametrize(
    ("sort", "sent"),
    [
        ("toll", {"count": "at least 30", "toll": "wounded", "group": "people"}),
        ("party", {"party": "the rebels", "role": "opponent", "how": "alleged"}),
        ("event", {"kind": "shelling", "days": "2019-05-17", "place": "Solem", "aggregate": "false"}),
        ("event", {"kind": "meeting"}),
        ("words", {"topic": "investigation", "stance": "called_for", "voices": "the monitor"}),
    ],
)
def test_a_claim_is_added_where_the_program_read_none(crew: Crew, sort: str, sent: dict[str, str]) -> None:
    text, account = text_of(crew, "a.txt"), crew.account("a.txt")
    start = text.index("planes")
    place = {"start": str(start), "end": str(start + 6), "quote": "planes"}
    before = crew.rows()
    more = {"account": account.id} if sort in ("toll", "party") else {}
    answer = crew.browser(ANNA).post(
        f"/reports/{crew.report('a.txt')}/claims", sort=sort, note="why", **sent, **place, **more
    )
    assert answer.status_code == 303, answer.text
    assert crew.rows() == before + 2
    (event,) = crew.past()
    added = next(claim for claim in crew.claims("a.txt") if claim.id == event.item)
    assert (event.facts["verdict"], event.who, added.maker.name, added.span.quote) == (
        "added",
        ANNA,
        ANNA,
        "planes",
    )
    assert answer.headers["location"].endswith(f"#{added.id}")
    again = crew.browser(ANNA).post(
        f"/reports/{crew.report('a.txt')}/claims", sort=sort, **sent, **place, **more
    )
    assert again.status_code == 422


@pytest.mark.parametrize(
    "sent",
    [{"sort": "toll", "words": "the hospital"}, {"sort": "toll", "count": "3", "words": "the hospital"},
     {"sort": "party", "words": "the hospital"}, {"sort": "none", "words": "the hospital"}, {"sort": "words"},
     {"sort": "words", "words": "nowhere in it"}, {"sort": "words", "words": "the hospital", "topic": "love"},
     {"sort": "event", "words": "the hospital", "kind": "love"}],
)  # fmt: skip
def test_a_claim_that_lacks_something_is_not_added(crew: Crew, sent: dict[str, str]) -> None:
    before = crew.rows()
    assert crew.browser(ANNA).post(f"/reports/{crew.report('a.txt')}/claims", **sent).status_code == 422
    assert crew.rows() == before


# ---------------------------------------------------------------------------------- in its box


@pytest.mark.parametrize("where", ["report", "incident", "queue", "pair", "correct", "claim-409"])
def test_a_hostile_report_puts_no_element_of_its_own_into_a_page(crew: Crew, where: str) -> None:
    anna, report = crew.browser(ANNA), crew.report("d.txt")
    text = text_of(crew, "d.txt")
    start = text.index("</script>")
    anna.post(
        f"/reports/{report}/claims", sort="event", kind="shelling", start=str(start), end=str(start + len(HOSTILE)),
        quote=HOSTILE, place=HOSTILE, weapon=HOSTILE, target=HOSTILE, voices=HOSTILE, note=HOSTILE,
    )  # fmt: skip
    added = crew.past()[0].item
    anna.post("/comments", item=report, text=HOSTILE)
    anna.post("/assignments", item=report, to=HOSTILE)
    claim = next(c for c in crew.claims("d.txt") if c.id == added)
    one, other = sorted((str(claim.account), str(crew.account("a.txt").id)))
    incident = crew.desk.incidents_of([str(claim.account)])[claim.account]  # type: ignore[index]
    pages = {
        "report": lambda: anna.get(f"/reports/{report}"),
        "incident": lambda: anna.get(f"/incidents/{incident}"),
        "queue": lambda: anna.get("/queue"),
        "pair": lambda: anna.get(f"/pairs/{one}/{other}"),
        "correct": lambda: anna.get(f"/claims/{added}/correct"),
        "claim-409": lambda: anna.post(f"/claims/{added}", verdict="rejected", note=HOSTILE, seen="stale"),
    }
    answer = pages[where]()
    assert answer.status_code == (409 if where == "claim-409" else 200)
    found = Tags(answer.text)
    scripts = [attributes for tag, attributes in found.tags if tag == "script"]
    assert scripts
    assert all(str(each.get("src", "")).startswith("/static/") for each in scripts)
    assert not [tag for tag, _ in found.tags if tag in ("img", "style", "iframe")]
    assert not [name for _, attributes in found.tags for name in attributes if name.startswith("on")]
    assert "54439" not in answer.text
    if where != "report":  # its own text keeps it, in a paragraph of its own and by name
        assert "\u202e" not in re.sub(
            r'<p dir="auto" data-at.*?</p>|<blockquote.*?</blockquote>|value="[^"]*"',
            "",
            answer.text,
            flags=re.S,
        )


def test_the_words_of_a_claim_light_up_by_a_rule_of_its_own_and_nothing_else(crew: Crew) -> None:
    report, claim = crew.report("a.txt"), crew.toll("a.txt")
    answer = crew.browser(ANNA).get(f"/reports/{report}/lit.css")
    assert answer.headers["content-type"].startswith("text/css")
    assert f":root:has(#{claim.id}:target) .{claim.id}" in answer.text
    page = crew.browser(ANNA).get(f"/reports/{report}").text
    assert f'<a id="{claim.id}"></a>' in page
    assert f"/reports/{report}/lit.css" in page


def test_text_written_leftwards_stands_in_paragraphs_of_its_own_direction(crew: Crew) -> None:
    page = crew.browser(ANNA).get(f"/reports/{crew.report('e.txt')}").text
    inner = page[page.index('<article class="text"') :].partition("</article>")[0]
    assert inner.count('<p dir="auto" data-at=') == inner.count("<p ")


def test_links_to_claims_accounts_and_reports_lead_to_where_they_are(crew: Crew) -> None:
    anna, claim, report = crew.browser(ANNA), crew.toll("a.txt"), crew.report("a.txt")
    assert anna.get(f"/claims/{claim.id}").headers["location"] == f"/c/solem/reports/{report}#{claim.id}"
    account, incident = crew.account("a.txt"), crew.incident("a.txt")
    assert (
        anna.get(f"/accounts/{account.id}").headers["location"]
        == f"/c/solem/incidents/{incident}#{account.id}"
    )
    for path in ("/claims/clm-none", "/accounts/acc-none", "/reports/doc-none", "/reports/doc-none/lit.css"):
        assert anna.get(path).status_code == 404
