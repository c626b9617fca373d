"""Laws of who takes it from whom: credits, citations, spokesmen, owners, and the graph of one incident."""

from __future__ import annotations

import dataclasses
import time
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests_build import make_account, make_document

from tallystick.findings import copies, find
from tallystick.findings.citations import cited
from tallystick.findings.lineage import relation
from tallystick.findings.origins import Taken, origin_names
from tallystick.findings.speakers import Speakers
from tallystick.model import Account, Claim, Incident, Telling, Toll, Voice
from tallystick.values.agreement import Verdict
from tallystick.values.count import Count


def told(name, body, words, killed, voice=None, day="2020-05-02", publisher=None):
    """A document and its account, told by ``words`` of its text, with a figure there."""
    document = make_document(body, name, day, publisher)
    at = body.index(words)
    span = document.span(at, at + len(words))
    voices = (Voice(voice),) if voice else ()
    head = Claim(span, "attack", Telling("air_strike"), voices, telling=span)
    toll = Claim(span, "casualties", Toll("killed", Count(killed, killed)), voices, telling=span)
    return document, Account(head, (head, toll), publisher, document.published)


def weigh(*pairs):
    documents, accounts = zip(*pairs, strict=True)
    return find(Incident(accounts), copies(documents))


def citations(body, publisher=None):
    document = make_document(body, "a", publisher=publisher)
    return [(each.outlet, each.how) for each in cited([document]).get(document.id, ())]


# ------------------------------------------------------------------------------- citations


@pytest.mark.parametrize(
    ("body", "outlet", "how"),
    [
        ("“We saw four bodies,” a medic told AFP.", "Agence France-Presse", "told"),
        ("A source told the state news agency SANA that four died.", "Syrian Arab News Agency", "told"),
        ("Four people were killed, according to Reuters.", "Reuters", "said"),
        ("Anadolu Agency reported that four people were killed.", "Anadolu Agency", "said"),
        ("An explosion was heard, an AFP correspondent said.", "Agence France-Presse", "said"),
        ("TARSIN (Reuters) - Four people were killed on Friday.", "Reuters", "credit"),
        ("Raid kills four AFP Monday 3 Oct 2016 Four people were killed.", "Agence France-Presse", "credit"),
        ("Four people were killed in Tarsin on Friday. --AFP", "Agence France-Presse", "credit"),
        ("Four people were killed. Reuters contributed to this report.", "Reuters", "credit"),
        ("Four people were killed. Source: Reuters and staff", "Reuters", "credit"),
        ("Syrian state television said four people were killed.", "Syrian state media", "said"),
        ("State television reported four dead.", "state media", "said"),
        ("Four died, Halab Today TV reported.", "Halab Today TV", "said"),
    ],
)
def test_an_outlet_that_is_named_as_a_source_is_cited(body, outlet, how):
    assert (outlet, how) in citations(body)


@pytest.mark.parametrize(
    "body",
    [
        "A Reuters building was hit in the raid.",
        "Smoke rises over Tarsin. (Photo AP)",
        "The BBC is a broadcaster.",
        "He said that the agency had no word.",
        "The state ran the media.",
    ],
)
def test_an_outlet_that_is_only_spoken_of_is_not_cited(body):
    assert citations(body) == []


def test_an_outlet_does_not_cite_itself():
    assert citations("A source told SANA that four people were killed.", "sana") == []


def test_a_publisher_of_the_case_is_known_as_an_outlet():
    one = make_document("Four people were killed, Valley Wire reported.", "a")
    other = make_document("Nothing.", "b", publisher="Valley Wire")
    assert [each.outlet for each in cited([one, other])[one.id]] == ["Valley Wire"]


# -------------------------------------------------------------------------------- speakers


def party(name, *bodies):
    documents = [make_document(body, f"r{n}") for n, body in enumerate(bodies)]
    found = Speakers(documents).party(name, make_account("r0"))
    return found.top if found else None


@pytest.mark.parametrize(
    ("name", "body"),
    [
        ("Rami Abdul Rahman", "Rami Abdul Rahman, its director, said so. The Syrian Observatory for Human Rights counts the dead."),
        ("Rami Abdel Rahman", "“It was a raid,” said Observatory chief Rami Abdel Rahman."),
        ("Rami Abdurrahman", "Rami Abdel Rahman, head of the Syrian Observatory for Human Rights, said so."),
    ],
)  # fmt: skip
def test_a_director_speaks_for_the_body_that_he_heads(name, body):
    told = "The Syrian Observatory for Human Rights said so. " + body
    assert party(name, told) == "Syrian Observatory for Human Rights"


@pytest.mark.parametrize(
    ("name", "top"),
    [
        ("Russian defence ministry", "Russian government"),
        ("Russian defence ministry spokesman Igor Konashenkov", "Russian government"),
        ("a spokesman for the Russian defence ministry", "Russian government"),
        ("SANA", "Syrian government"),
        ("Syrian state television", "Syrian government"),
        ("SOHR", "Syrian Observatory for Human Rights"),
        ("SOHR head Rami Abdel Rahman", "Syrian Observatory for Human Rights"),
        ("Omar Saleh", None),
        ("witnesses", None),
    ],
)
def test_a_name_says_for_whom_it_speaks_or_nothing_does(name, top):
    assert party(name, "Nothing is said here.") == top


def test_of_two_bodies_that_a_name_speaks_for_neither_is_taken():
    one = "Omar Saleh, spokesman for the Harrow Network, said so."
    other = "Omar Saleh, spokesman for the Tarsin Council, said so."
    assert party("Omar Saleh", "Nothing.", one) == "Harrow Network"
    assert party("Omar Saleh", "Nothing.", one, other) is None


def test_a_monitor_and_its_director_are_one_origin():
    one = told(
        "a",
        "Four died, the Syrian Observatory for Human Rights said.",
        "Four died",
        4,
        "Syrian Observatory for Human Rights",
        publisher="A",
    )
    other = told("b", "Five died, Rami Abdel Rahman, head of the Syrian Observatory for Human Rights, said.", "Five died", 5, "Rami Abdel Rahman", publisher="B")  # fmt: skip
    found = weigh(one, other)
    assert [origin.name for origin in found.origins] == ["Syrian Observatory for Human Rights"]
    (spoken,) = (t for t in found.lineage.takings if t.kind == "speaks_for")
    assert "head of the Syrian Observatory" in spoken.words[0].quote


def test_two_bodies_of_one_government_are_one_origin_under_its_name():
    members = [
        make_account("a", killed=(4, 4), voice="Russian defence ministry", publisher="A"),
        make_account("b", killed=(4, 4), voice="Russian foreign ministry", publisher="B"),
    ]
    found = find(Incident(tuple(members)), {})
    assert [origin.name for origin in found.origins] == ["Russian government"]
    assert found.finding("killed").verdict is Verdict.SINGLE_ORIGIN


def test_agencies_of_the_united_nations_stay_apart():
    members = [make_account(v, killed=(4, 4), voice=v, publisher=v) for v in ("UNICEF", "OHCHR")]
    assert len(set(origin_names(members, {}).values())) == 2


# --------------------------------------------------------------------------------- lineage

SHOT = "Four people were killed when a shell fell on the bread market of Tarsin on Friday morning"
LONG = (
    f"{SHOT}. Women were queueing there before dawn because flour had come in for the first time in a month. "
    "A grocer pulled two of the dead from under the awning and carried them to the mosque across the square. "
    "The shelling went on until noon and then stopped as suddenly as it had begun."
)


def test_a_copy_rests_on_the_word_of_what_it_copies():
    one = told("a", LONG, SHOT, 4, "medics", "2020-05-01", "Wire")
    other = told("b", "Terror at market. " + LONG, SHOT, 4, None, "2020-05-02", "Paper")
    found = weigh(one, other)
    assert [origin.name for origin in found.origins] == ["medics"]
    (copy,) = (t for t in found.lineage.takings if t.kind == "copy")
    assert (copy.taker, copy.source, copy.directed) == (other[0].id, one[0].id, True)
    assert copy.words[0].quote == copy.words[1].quote
    assert relation(found.lineage, one[0].id, other[0].id) == "copy"


def test_the_words_of_an_account_say_whose_it_is_and_not_the_report_as_a_whole():
    """A report of its own matter with a passage of the wire: what it tells itself is its own."""
    own = "Nine soldiers were killed by a mine outside Kelvach on Sunday"
    matter = " ".join(f"Line{n} of another matter{n} entirely." for n in range(40))
    wire, first = told("a", LONG, SHOT, 4, None, "2020-05-01", "Wire")
    body = f"{own}. {matter} {LONG}"
    paper, mine = told("b", body, own, 9, None, "2020-05-02", "Paper")
    _, taken_over = told("b", body, SHOT, 4, None, "2020-05-02", "Paper")
    taken = copies([wire, paper])
    assert taken.source(mine) == paper.id
    assert taken.source(taken_over) == wire.id
    assert set(origin_names([first, taken_over], taken).values()) == {"Wire"}


@pytest.mark.parametrize(
    ("left", "right"), [("2020-05-01", "2020-05-01"), (None, "2020-05-01"), (None, None)]
)
def test_who_copied_whom_is_not_told_where_nothing_tells_it(left, right):
    found = weigh(
        told("a", LONG, SHOT, 4, None, left, "A"), told("b", "More. " + LONG, SHOT, 4, None, right, "B")
    )
    (copy,) = (t for t in found.lineage.takings if t.kind == "copy")
    assert not copy.directed
    assert "nothing tells" in copy.why


def test_a_citation_tells_who_copied_whom_where_the_days_do_not():
    one = told("a", LONG + " Valley Wire contributed to this report.", SHOT, 4, None, "2020-05-01", "Paper")
    other = told("b", LONG, SHOT, 4, None, "2020-05-01", "Valley Wire")
    found = weigh(one, other)
    (copy,) = (t for t in found.lineage.takings if t.kind == "copy")
    assert (copy.taker, copy.source, copy.directed) == (one[0].id, other[0].id, True)
    assert copy.words[0].document == one[0].id


@pytest.mark.parametrize(("figure", "whose"), [(90, "Paper"), (4, "Wire")])
def test_a_number_that_the_copied_report_does_not_give_is_the_copys_own(figure, whose):
    one = told("a", LONG, SHOT, 4, None, "2020-05-01", "Wire")
    other = told("b", "Terror at market. " + LONG, SHOT, figure, None, "2020-05-02", "Paper")
    names = origin_names([one[1], other[1]], copies([one[0], other[0]]))
    assert names[other[1].tolls()[0][0].id] == whose
    assert names[other[1].head.id] == "Wire"


def test_who_says_many_is_no_source_of_the_numbers_beside_it():
    text = "A bomber killed 30 people. Militants said many people had been killed."
    _, account = told("a", text, "A bomber killed 30 people", 30, None, publisher="Paper")
    at = text.index("many people")
    span = dataclasses.replace(account.span, start=at, end=at + 11, quote="many people")
    many = dataclasses.replace(
        account.tolls()[0][0], span=span, value=Toll("killed", Count(2, None)), voices=(Voice("Militants"),)
    )
    both = dataclasses.replace(account, claims=(*account.claims, many))
    names = origin_names([both], {})
    assert (names[account.tolls()[0][0].id], names[many.id]) == ("Paper", "Militants")


def test_two_papers_that_credit_one_agency_are_one_origin():
    one = told(
        "a",
        "Four were killed in the market at dawn, and the square was closed. --AFP",
        "Four were killed",
        4,
        publisher="A",
    )
    other = told(
        "b",
        "TARSIN (AFP) - Four died as a shell hit shoppers on the way to work.",
        "Four died",
        4,
        publisher="B",
    )
    found = weigh(one, other)
    assert [origin.name for origin in found.origins] == ["Agence France-Presse"]
    assert relation(found.lineage, one[0].id, other[0].id) == "same voice"


def test_reports_on_different_words_and_voices_are_independent():
    one = told("a", "Four people were killed, medics said.", "Four people", 4, "medics", publisher="A")
    other = told(
        "b", "The army denies that. Six died, teachers said.", "Six died", 6, "teachers", publisher="B"
    )
    found = weigh(one, other)
    assert relation(found.lineage, one[0].id, other[0].id) == "independent"
    assert found.lineage.backing("killed") == ("medics", "teachers")


def test_each_field_counts_the_origins_that_tell_it():
    members = (
        make_account("a", killed=(4, 4), voice="Harrow Network", publisher="A"),
        make_account("b", voice="Tarsin Council", publisher="B"),
    )
    graph = find(Incident(members), {}).lineage
    assert graph.backing("killed") == ("Harrow Network",)
    assert graph.backing("date") == ("Harrow Network", "Tarsin Council")
    assert graph.backing("weapon") == ()


@given(st.permutations(range(4)))
def test_the_graph_is_the_same_in_any_order(order):
    every = [
        told("a", LONG, SHOT, 4, "medics", "2020-05-01", "Wire"),
        told("b", "More. " + LONG, SHOT, 4, None, "2020-05-02", "Paper"),
        told("c", "Five died, according to Reuters.", "Five died", 5, None, "2020-05-02", "Daily"),
        told("d", "Six died, SANA reported.", "Six died", 6, "SANA", None, None),
    ]
    assert weigh(*(every[n] for n in order)).lineage == weigh(*every).lineage


def test_every_edge_has_words_that_stand_in_its_report():
    pairs = [
        told("a", LONG + " --AFP", SHOT, 4, "medics", "2020-05-01", "Wire"),
        told("b", "More. " + LONG, SHOT, 4, None, "2020-05-02", "Paper"),
    ]
    texts = {document.id: document.text for document, _ in pairs}
    for each in weigh(*pairs).lineage.takings:
        assert each.words
        for span in each.words:
            span.check(texts[span.document])


# --------------------------------------------------------------------------------- hostile


@pytest.mark.parametrize(
    "body",
    [
        "A" * 500_000,
        "Observatory chief " * 12_000,
        "Reuters said " * 15_000,
        "Rami Abdel Rahman head of " * 10_000,
        "state television " * 12_000,
        "told the the the " * 12_000 + "AFP",
    ],
)
def test_a_text_that_is_made_to_be_slow_is_not(body):
    document = make_document(body, "a")
    begin = time.process_time()
    cited([document])
    Speakers([document])
    assert time.process_time() - begin < 10


@given(st.text(max_size=200))
def test_any_name_and_any_text_are_taken_without_complaint(body):
    account = make_account("a", killed=(4, 4), voice=body.strip() or "x")
    document = make_document(body, "b")
    assert origin_names([account], Taken({}, speakers=Speakers([document])))
    cited([document])


def test_a_plain_mapping_will_do_for_copies():
    one = make_account("a", killed=(4, 4), publisher="Wire")
    other = dataclasses.replace(
        make_account("b", killed=(4, 4), publisher="Paper"), published=date(2016, 10, 8)
    )
    plain = {one.document: one.document, other.document: one.document}
    assert len(find(Incident((one, other)), plain).origins) == 1


def test_who_claims_the_deed_is_no_source_of_the_outlets_own_figures():
    account = make_account("a", killed=(30, 30), publisher="Paper", by="Blue Brigade", stance="claimed")
    role = dataclasses.replace(account.claims[-1], voices=(Voice("Blue Brigade"),))
    account = dataclasses.replace(account, claims=(*account.claims[:-1], role))
    names = origin_names([account], {})
    assert names[account.tolls()[0][0].id] == "Paper"
    assert names[role.id] == "Blue Brigade"
