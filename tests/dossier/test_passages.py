"""What the sentences say: attributed, in the reports' words, and nothing that nobody told."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import pytest
from tests_build import make_document

from tallystick.dossier import compose, words
from tallystick.dossier.compose import sections, total
from tallystick.errors import NoSource
from tallystick.model import Passage, Range, Record, Tally, Toll, Voice, Weighed
from tallystick.values.count import Count


def _documents(record: Record) -> dict[Any, Any]:
    return {document.id: document for document in record.documents}


def _strike(record: Record) -> Weighed:
    return next(w for w in record.weighed if len(w.incident.accounts) == 4)


def _texts(record: Record) -> list[str]:
    documents = _documents(record)
    told = [p for w in record.weighed for p in compose(w, documents)]
    told += [p for a in record.accounts if a.telling.aggregate for p in total(a, documents)]
    return [passage.text for passage in told]


def test_a_passage_needs_a_source() -> None:
    with pytest.raises(NoSource, match="no claim"):
        Passage("Eleven were killed.", ())


def test_every_passage_stands_on_claims_of_its_own_incident(market: Record) -> None:
    for weighed in market.weighed:
        held = set(weighed.incident.claims)
        for passage in compose(weighed, _documents(market)):
            assert passage.claims
            assert set(passage.claims) <= held


def test_a_figure_comes_with_its_words_its_voice_and_its_report(market: Record) -> None:
    assert (
        "At least 11 killed — “at least 11 people”, according to the Harrow Observatory "
        "(Valley Wire, 16 May 2019)."
    ) in _texts(market)


def test_every_figure_told_is_shown(market: Record) -> None:
    told = _texts(market)
    for account in market.accounts:
        for claim, _ in account.tolls():
            assert any(words.quoted(claim.span.quote) in text for text in told), claim.span.quote


def test_no_number_appears_that_nobody_told(market: Record) -> None:
    """Nothing is summed: each number is a bound of a count, part of a day, or a count of reports."""
    allowed = {"2", "4", "1", "2015", "2019", "16", "17"}  # days, years, and how many reports and origins
    for account in market.accounts:
        for _, toll in account.tolls():
            bounds = (toll.count.low, toll.count.high, (toll.count.low or 1) - 1)
            allowed |= {f"{bound:,}" for bound in bounds if bound is not None}
    for text in _texts(market):
        for number in re.findall(r"\d[\d,]*\d|\d", re.sub(r"“[^”]*”", "", text)):
            assert number in allowed, (number, text)


def test_sources_that_differ_are_set_side_by_side(market: Record) -> None:
    told = [p.text for p in compose(_strike(market), _documents(market))]
    assert (
        "Sources differ on the number killed: 9 killed (police source); at least 11 killed (Harrow "
        "Observatory); 11 killed (Harrow Observatory); at least 17 killed (Harrow Observatory)."
    ) in told
    assert any(text.startswith("9 killed (police source) stands against") for text in told)


def _told(builder: Any, figures: list[tuple[str, str, int]]) -> list[str]:
    """The contradictions of one raid whose killed are in conflict: (voice, day of January, figure)."""
    case, tellings = builder(), []
    for n, (voice, day, figure) in enumerate(figures):
        case.report(
            f"r{n}", f"The raid killed {figure} people, {voice} said.", f"Paper {n}", f"2020-01-{day}"
        )
        tolls = [("killed", f"{figure} people", figure, figure, [voice])]
        tellings.append(case.account(f"r{n}", "The raid", tolls=tolls))
    weighed = case.weigh(tellings, [], {"killed": ("conflict", "they differ")})
    found = sections(weighed, _documents(case.record()))
    return [p.text for section in found if section.field == "contradictions" for p in section.passages]


def test_reports_of_one_voice_do_not_contradict_each_other(builder: Any) -> None:
    figures = [("Observatory", "02", 11), ("the Observatory", "02", 14), ("police", "02", 30)]
    assert _told(builder, figures) == [
        "11 killed (Observatory) stands against 30 killed (police).",
        "14 killed (the Observatory) stands against 30 killed (police).",
    ]


def test_figures_in_conflict_stand_against_each_other_whichever_came_first(builder: Any) -> None:
    """Whether a later figure is an update is for the verdict to say; the pairs are those of a conflict."""
    assert _told(builder, [("Observatory", "02", 5), ("police", "02", 9), ("hospital", "04", 12)]) == [
        "5 killed (Observatory) stands against 9 killed (police) and 12 killed (hospital).",
        "9 killed (police) stands against 12 killed (hospital).",
    ]
    assert _told(builder, [("Observatory", "02", 9), ("police", "04", 5)]) == [
        "5 killed (police) stands against 9 killed (Observatory)."
    ]


def test_voices_that_face_the_same_others_share_a_sentence(builder: Any) -> None:
    assert _told(builder, [("Observatory", "02", 5), ("police", "02", 5), ("hospital", "04", 12)]) == [
        "5 killed (Observatory and police) stand against 12 killed (hospital)."
    ]


def test_the_figures_of_a_toll_stand_apart_from_what_is_said_of_them(builder: Any) -> None:
    case = builder()
    case.report("a", "The raid killed 9 people, police said.", "Paper", "2020-01-02")
    telling = case.account("a", "The raid", tolls=[("killed", "9 people", 9, 9, ["police"])])
    weighed = case.weigh([telling], [("police", [telling])], {"killed": ("single_origin", "9", (9, 9, 9, False))})  # fmt: skip
    (killed,) = (s for s in sections(weighed, _documents(case.record())) if s.field == "killed")
    assert [p.text for p in killed.passages] == [
        "One origin alone tells the number killed: 9 killed (police)."
    ]
    assert [p.text for p in killed.figures] == [
        "9 killed — “9 people”, according to police (Paper, 2 January 2020)."
    ]


def test_a_part_that_is_greater_than_the_whole_is_told_beside_it(builder: Any) -> None:
    case = builder()
    case.report("a", "The raid killed 1 person, police said.", "A", "2020-01-02")
    case.report("b", "The raid killed 2 children, medics said.", "B", "2020-01-02")
    one = case.account("a", "The raid", tolls=[("killed", "1 person", 1, 1, ["police"])])
    two = case.account("b", "The raid", tolls=[])
    case.claim("b", "2 children", Toll("killed", Count(2, 2), "children"), telling=two, voices=["medics"])
    weighed = case.weigh([one, two], [], {"killed": ("conflict", "they differ")})
    held = tuple(c.id for c in weighed.incident.claims if isinstance(c.value, Toll))
    found = replace(weighed.findings[0], claims=held, reason="a part is greater than the whole")
    told = [p.text for p in compose(replace(weighed, findings=(found,)), _documents(case.record()))]
    assert "Sources differ on the number killed: 1 killed (police); 2 children killed (medics)." in told
    assert "The verdict rests on this: a part is greater than the whole." in told


def test_what_is_told_of_some_of_them_is_no_range(builder: Any) -> None:
    """“Three of them” and “five of them” need not be of the same people."""
    case = builder()
    tellings = []
    for name, number in (("a", "three"), ("b", "five")):
        case.report(name, f"The raid killed 9 people, {number} of them at home.", name, "2020-01-02")
        tellings.append(case.account(name, "The raid", tolls=[("killed", "9 people", 9, 9, ["police"])]))
        count = Count({"three": 3, "five": 5}[number], {"three": 3, "five": 5}[number])
        toll = Toll("killed", count, "other:part")
        case.claim(name, f"{number} of them", toll, telling=tellings[-1], voices=["police"])
    weighed = case.weigh(tellings, [("police", tellings)], {"killed": ("agree", "9", (9, 9, 9, False))})
    parts = [
        c.id for c in weighed.incident.claims if isinstance(c.value, Toll) and c.value.group == "other:part"
    ]
    tally = Tally("killed", "other:part", Range(3, 5, 5, tuple(parts), "the least and the greatest"))
    assert len(parts) == 2
    told = [p.text for p in compose(replace(weighed, tallies=(tally,)), _documents(case.record()))]
    assert not any(text.startswith("Of these") for text in told)
    civil = replace(tally, group="civilians")
    told = [p.text for p in compose(replace(weighed, tallies=(civil,)), _documents(case.record()))]
    assert "Of these, civilians killed: 3 to 5, best supported 5. The least and the greatest." in told


def test_a_denial_is_a_claim_and_told_as_one(market: Record) -> None:
    told = _texts(market)
    assert any(
        t.startswith("Orvethi air force: responsibility denied by military source — “denied") for t in told
    )
    assert any(t.startswith("A denial by military source: “A military source denied") for t in told)


def test_a_denied_figure_never_begins_as_a_fact(builder: Any) -> None:
    case = builder()
    case.report("a", "The ministry denied that 30 people were killed in the raid.", "Paper", "2020-01-02")
    telling = case.account("a", "the raid", tolls=[])
    case.claim(
        "a", "30 people", Toll("killed", Count(30, 30)), telling=telling, voices=["ministry"], stance="denied"
    )
    weighed = case.weigh([telling], [("ministry", [telling])], {})
    told = [p.text for p in compose(weighed, _documents(case.record()))]
    assert "Denied by the ministry: 30 killed — “30 people” (Paper, 2 January 2020)." in told


def test_a_total_is_called_one_and_added_to_nothing(market: Record) -> None:
    account = next(a for a in market.accounts if a.telling.aggregate)
    (passage,) = total(account, _documents(market))
    assert passage.text.startswith(
        "More than 40,000 killed in total over several events, not added to any incident"
    )
    assert not any("40,000" in p.text for w in market.weighed for p in compose(w, _documents(market)))


def test_without_a_publication_date_none_is_invented(market: Record) -> None:
    letter = next(w for w in market.weighed if len(w.incident.accounts) == 1)
    told = [p.text for p in compose(letter, _documents(market))]
    assert any("(report letter, publisher not told, published on an unknown day)" in text for text in told)
    assert any("“Friday”, day unknown" in text for text in told)
    assert not any(re.search(r"\b20\d\d\b", text) for text in told)


def test_a_matter_shows_who_says_what(market: Record) -> None:
    matter = next(w for w in market.weighed if w.incident.is_matter)
    told = [p.text for p in compose(matter, _documents(market))]
    television = "According to State television: “people were leaving the east through corridors”"
    assert f"{television} (Orveth State Agency, 16 May 2019)." in told
    assert (
        "According to rescue workers: “they saw no sign of people leaving” (Valley Wire, 17 May 2019)."
        in told
    )


def test_one_report_can_give_both_sides(builder: Any) -> None:
    case = builder()
    case.report("a", "The League blamed the army for the raid. The army denied it.", "Paper", "2020-01-02")
    roles = [
        ("army", "perpetrator", "alleged", "The League blamed the army", ["League"]),
        ("army", "perpetrator", "denied", "The army denied it", ["army"]),
    ]
    telling = case.account("a", "the raid", roles=roles)
    weighed = case.weigh([telling], [("Paper", [telling])], {"perpetrator": ("conflict", "it is denied")})
    told = [p.text for p in compose(weighed, _documents(case.record()))]
    assert "Responsibility: army (League) stands against army, denied (army)." in told


def test_a_relayed_voice_is_named_with_who_relays_it(builder: Any) -> None:
    case = builder()
    case.report(
        "a", "OSA quoted a doctor as saying that six people died in the blast.", "Paper", "2020-01-02"
    )
    telling = case.account("a", "the blast", tolls=[("killed", "six people", 6, 6, ["OSA", "a doctor"])])
    weighed = case.weigh([telling], [("a doctor", [telling])], {})
    told = [p.text for p in compose(weighed, _documents(case.record()))]
    assert "6 killed — “six people”, according to a doctor, relayed by OSA (Paper, 2 January 2020)." in told


@pytest.mark.parametrize(
    ("count", "group", "quote", "expected"),
    [
        (Count(15, 15), "people", "15 people", "15 killed"),
        (Count(15, None), "people", "at least 15", "at least 15 killed"),
        (Count(15, None, above=True), "people", "more than 15", "more than 15 killed"),
        (Count(None, 20), "people", "up to 20", "up to 20 killed"),
        (Count(15, 20), "people", "15 to 20", "15 to 20 killed"),
        (Count(15, 15, True), "people", "about 15", "about 15 killed"),
        (Count(1, 1), "women", "a woman", "1 woman killed"),
        (Count(4, 4), "children", "four children", "4 children killed"),
        (Count(2, 2), "other:nurses", "two nurses", "2 nurses killed"),
        (Count(0, 0), "people", "no one", "no one killed"),
        (Count(0, 0), "children", "no children", "no children killed"),
        (Count(24, None), "people", "dozens", "“dozens” killed (counted as 24 or more)"),
        (Count(24, None), "people", "at least 24", "at least 24 killed"),
        (Count(1200, 1200), "people", "1,200", "1,200 killed"),
    ],
)
def test_a_count_keeps_its_bounds_in_words(count: Count, group: str, quote: str, expected: str) -> None:
    assert words.figure(Toll("killed", count, group), quote) == expected


def test_a_long_quotation_is_cut_at_a_word_and_says_so() -> None:
    assert words.quoted("one two three", 8) == "“one two …”"
    assert words.quoted("one\ntwo", 8) == "“one two”"


def test_a_speaker_shown_under_the_usual_name_keeps_the_words_that_named_it() -> None:
    text = "The monitoring group said so."
    document = make_document(text)
    told = Voice("Harrow Centre for War Records", span=document.span(0, 20))
    assert words.named(told) == "Harrow Centre for War Records, told as “The monitoring group”"
    assert words.named(Voice("The Monitoring Group", span=document.span(0, 20))) == "The Monitoring Group"
    assert words.named(Voice("Harrow Centre")) == "Harrow Centre"
