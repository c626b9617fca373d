"""What people decide: appended, never changed, and what stands follows from all that was said."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests_build import make_account, make_document

from tallystick import reviewing
from tallystick.case import Case
from tallystick.errors import AskedWrongly, WordsDoNotMatch
from tallystick.model import Claim, Judgement, Maker, Review, Span, Telling, Toll

ON_BOTH = True
ACCOUNT = make_account("a", killed=(9, 9), by="Kessian army")
HEAD = ACCOUNT.head
TOLL = ACCOUNT.tolls()[0][0]
ROLE = ACCOUNT.roles()[0][0]
TEXT = make_document("Something happened, reports a. Some people were killed by somebody.", "a")


def twelve(by: str = "Anna") -> Claim:
    return reviewing.corrected(TOLL, TEXT, by, changes={"count": "at least 12"})


# ------------------------------------------------------------------------------- what stands


def test_without_reviews_all_claims_stand_as_they_were_read() -> None:
    assert reviewing.applied(ACCOUNT.claims, {}) == ACCOUNT.claims


def test_a_rejected_claim_goes_an_upheld_one_stays() -> None:
    stand = reviewing.settled([Review(TOLL.id, "rejected", "Anna"), Review(HEAD.id, "upheld", "Anna")])
    assert TOLL not in reviewing.applied(ACCOUNT.claims, stand)
    assert HEAD in reviewing.applied(ACCOUNT.claims, stand)


def test_a_correction_stands_in_the_place_of_what_it_corrects_and_is_a_persons() -> None:
    stand = reviewing.settled([Review(TOLL.id, "corrected", "Anna", "", twelve())])
    now = reviewing.applied(ACCOUNT.claims, stand)
    assert [claim.value.count.low for claim in now if isinstance(claim.value, Toll)] == [12]
    assert now.index(twelve()) == ACCOUNT.claims.index(TOLL)
    assert twelve().maker == Maker("Anna", "")
    assert twelve().confidence is None


def test_a_persons_claim_stands_though_the_program_reads_another_one_by_now() -> None:
    stand = reviewing.settled([Review(TOLL.id, "corrected", "Anna", "", twelve())])
    assert twelve() in reviewing.applied([HEAD], stand, {TOLL.id: TOLL})


def test_a_claim_that_a_person_adds_joins_the_account_that_it_names() -> None:
    added = replace(twelve(), span=TEXT.span(0, 9))
    stand = reviewing.settled([Review(added.id, "added", "Anna", "", added)])
    assert reviewing.applied(ACCOUNT.claims, stand)[-1] == added


def test_an_added_claim_stands_when_it_is_upheld_and_goes_when_it_is_rejected_or_taken_back() -> None:
    added = replace(twelve(), span=TEXT.span(0, 9))
    first = Review(added.id, "added", "Anna", "", added)
    for by in ("Anna", "Ben"):
        upheld = reviewing.settled([first, Review(added.id, "upheld", by)])
        assert added in reviewing.applied(ACCOUNT.claims, upheld)
        for verdict in ("rejected", "reopened"):
            gone = reviewing.settled([first, Review(added.id, verdict, by)])
            assert reviewing.applied(ACCOUNT.claims, gone) == ACCOUNT.claims
    both = reviewing.settled([first, Review(added.id, "upheld", "Ben")], twice=True)
    assert both[added.id].state == "agreed"
    assert added in reviewing.applied(ACCOUNT.claims, both)


def test_reopening_takes_back_all_that_was_said_before() -> None:
    said = [Review(TOLL.id, "rejected", "Anna"), Review(TOLL.id, "reopened", "Ben")]
    stand = reviewing.settled(said)
    assert stand[TOLL.id].state == "open"
    assert reviewing.applied(ACCOUNT.claims, stand) == ACCOUNT.claims


def test_of_one_persons_words_the_last_counts() -> None:
    said = [Review(TOLL.id, "rejected", "Anna"), Review(TOLL.id, "upheld", "Anna")]
    assert reviewing.settled(said)[TOLL.id] == reviewing.Settled("decided", (said[1],), said[1])


@pytest.mark.parametrize(
    ("said", "state", "stands"),
    [
        ([("Anna", "rejected")], "waiting", False),
        ([("Anna", "rejected"), ("Ben", "rejected")], "agreed", True),
        ([("Anna", "rejected"), ("Ben", "upheld")], "disputed", False),
        ([("Anna", "rejected"), ("Ben", "upheld"), ("Senior", "rejected")], "settled", True),
        ([("Senior", "upheld"), ("Anna", "rejected"), ("Ben", "rejected")], "settled", True),
    ],
)
def test_where_two_are_asked_for_nothing_changes_by_one_alone(said, state, stands) -> None:
    reviews = [Review(TOLL.id, verdict, by) for by, verdict in said]
    found = reviewing.settled(reviews, twice=True, seniors=["Senior"])[TOLL.id]
    assert (found.state, found.standing is not None) == (state, stands)


def test_two_who_correct_alike_agree_whatever_they_note_and_two_numbers_do_not() -> None:
    other = reviewing.corrected(TOLL, TEXT, "Ben", changes={"count": "13"})
    alike = [
        Review(TOLL.id, "corrected", "Anna", "read it", twelve()),
        Review(TOLL.id, "corrected", "Ben", "", twelve("Ben")),
    ]
    assert reviewing.settled(alike, twice=True)[TOLL.id].state == "agreed"
    apart = [alike[0], Review(TOLL.id, "corrected", "Ben", "", other)]
    stand = reviewing.settled(apart, twice=True)
    assert stand[TOLL.id].state == "disputed"
    assert reviewing.agreement(stand.values()) == (1, 0)


def test_blanks_width_and_case_make_nobody_a_second_person() -> None:
    said = [Review(TOLL.id, "rejected", "A. Haddad"), Review(TOLL.id, "rejected", "a. \uff28addad ")]
    assert reviewing.settled(said, twice=True)[TOLL.id].state == "waiting"


def test_what_was_decided_holds_for_the_same_words_read_otherwise() -> None:
    later = replace(TOLL, stance="alleged")
    stand = reviewing.settled([Review(TOLL.id, "rejected", "Anna")])
    assert later in reviewing.applied([HEAD, later], stand)
    assert later not in reviewing.applied([HEAD, later], stand, {TOLL.id: TOLL})
    mended = reviewing.settled([Review(TOLL.id, "corrected", "Anna", "", twelve())])
    assert reviewing.applied([HEAD, later], mended, {TOLL.id: TOLL}) == (HEAD, twelve())
    own = reviewing.settled([Review(TOLL.id, "rejected", "Anna"), Review(later.id, "upheld", "Ben")])
    assert later in reviewing.applied([HEAD, later], own, {TOLL.id: TOLL})


people = st.sampled_from(["Anna", "Ben", "Chris"])
verdicts = st.sampled_from(["upheld", "rejected", "reopened"])


@given(st.lists(st.tuples(people, verdicts), max_size=12), st.booleans())
def test_what_stands_is_the_last_word_of_somebody_and_was_said_since_it_was_reopened(said, twice) -> None:
    reviews = [Review(TOLL.id, verdict, by) for by, verdict in said]
    found = reviewing.settled(reviews, twice=twice).get(TOLL.id, reviewing.Settled("open"))
    since = reviews[max((n + 1 for n, r in enumerate(reviews) if r.verdict == "reopened"), default=0) :]
    assert {each.by for each in found.said} == {each.by for each in since}
    for each in found.said:
        assert each == [r for r in since if r.by == each.by][-1]
    assert found.standing is None or found.standing in found.said
    if twice and found.standing:
        assert len(found.said) > 1


@given(st.lists(st.tuples(people, verdicts), max_size=12))
def test_who_comes_to_agree_only_after_seeing_the_others_word_is_no_second_person(said) -> None:
    reviews = [Review(TOLL.id, verdict, by) for by, verdict in said]
    found = reviewing.settled(reviews, twice=True).get(TOLL.id, reviewing.Settled("open"))
    blind: dict[str, str] = {}
    for by, verdict in said:
        if verdict == "reopened":
            blind.clear()
        elif by not in blind or set(blind) == {by}:
            blind[by] = verdict
    assert {each.by: each.verdict for each in found.unseeing} == blind
    if found.state == "agreed":
        assert found.standing is not None
        assert set(blind.values()) == {found.standing.verdict}
    elif len(blind) > 1:
        assert found.state == "disputed"


@pytest.mark.parametrize(
    ("said", "state"),
    [
        ("Ben upheld, Anna rejected, Ben rejected", "disputed"),
        ("Anna rejected, Ben upheld, Anna upheld", "disputed"),
        ("Anna upheld, Ben upheld, Anna rejected, Ben rejected", "disputed"),
        ("Anna upheld, Anna rejected, Ben rejected", "agreed"),
        ("Ben upheld, Anna rejected, Ben rejected, Senior upheld", "settled"),
        ("Ben upheld, Anna rejected, Ben reopened, Ben rejected, Anna rejected", "agreed"),
    ],
)
def test_a_word_changed_after_the_others_is_seen_is_for_a_senior(said: str, state: str) -> None:
    reviews = [Review(TOLL.id, each.split()[1], each.split()[0]) for each in said.split(", ")]  # type: ignore[arg-type]
    found = reviewing.settled(reviews, twice=True, seniors=["Senior"])[TOLL.id]
    assert found.state == state
    assert (found.standing is None) == (state == "disputed")


# Claims on words of their own each, so that a decision on one is never taken for one on another.
LINKS = tuple(replace(TOLL, span=TEXT.span(n, n + 1)) for n in range(5))
numbers = st.integers(0, len(LINKS) - 1)


@st.composite
def words_on_links(draw: st.DrawFn) -> Review:
    n, verdict = (
        draw(numbers),
        draw(st.sampled_from(["upheld", "rejected", "reopened", "corrected", "added"])),
    )
    other = {"corrected": draw(numbers), "added": n}.get(verdict)
    mended = None if other is None else replace(LINKS[other], maker=Maker("Anna"))
    return Review(LINKS[n].id, verdict, "Anna", "", mended)  # type: ignore[arg-type]


def end_of(n: int, said: list[Review], passed: tuple[int, ...] = ()) -> int | None:
    """The number of the link that stands in the place of ``n``: one step, and the rest of the way."""
    last = [each for each in said if each.claim == LINKS[n].id][-1:]
    if n in passed or not last or last[0].verdict in ("upheld", "reopened", "added"):
        return n
    if last[0].correction is None:
        return None
    return end_of([each.id for each in LINKS].index(last[0].correction.id), said, (*passed, n))


@given(st.lists(words_on_links(), max_size=10), st.sets(numbers))
def test_a_correction_that_was_decided_of_itself_stands_as_that_was_decided(said, read) -> None:
    there = set(read)  # and what was added since it was last reopened
    for n, link in enumerate(LINKS):
        of_it = [each.verdict for each in said if each.claim == link.id]
        since = of_it[max((k + 1 for k, verdict in enumerate(of_it) if verdict == "reopened"), default=0) :]
        if "added" in since:
            there.add(n)
    due = {end_of(n, said) for n in there} - {None}
    claims = [LINKS[n] for n in sorted(read)]
    found = reviewing.applied(claims, reviewing.settled(said))
    assert {each.id for each in found} == {LINKS[n].id for n in due if n is not None}
    assert len(found) == len(due)


def test_what_was_corrected_and_corrected_back_stands_as_it_was() -> None:
    back = replace(TOLL, maker=Maker("Ben"), confidence=None)
    said = [
        Review(TOLL.id, "corrected", "Anna", "", twelve()),
        Review(twelve().id, "corrected", "Ben", "", back),
    ]
    found = reviewing.applied(ACCOUNT.claims, reviewing.settled(said))
    assert [each.id for each in found] == [each.id for each in ACCOUNT.claims]


def test_a_word_on_a_correction_that_was_taken_back_puts_nothing_there() -> None:
    other = reviewing.corrected(twelve(), TEXT, "Ben", changes={"count": "13"})
    said = [
        Review(TOLL.id, "corrected", "Anna", "", twelve()),
        Review(twelve().id, "corrected", "Ben", "", other),
        Review(TOLL.id, "reopened", "Anna"),
    ]
    assert reviewing.applied(ACCOUNT.claims, reviewing.settled(said)) == ACCOUNT.claims


# ------------------------------------------------------------------------------- corrections


def test_a_correction_rests_on_exact_words_and_changes_only_what_it_names() -> None:
    claim = reviewing.corrected(TOLL, TEXT, "Anna", words=(31, 42), changes={"group": "children"})
    assert claim.span == Span(TEXT.id, 31, 42, "Some people")
    assert isinstance(claim.value, Toll)
    assert isinstance(TOLL.value, Toll)
    assert (claim.value.count, claim.value.group) == (TOLL.value.count, "children")
    assert (claim.telling, claim.stance) == (TOLL.telling, TOLL.stance)


def test_the_head_of_an_account_takes_day_place_and_kind() -> None:
    changes = {"days": "2016-10-01 to 2016-10-03", "place": "Orveth", "kind": "shelling"}
    told = reviewing.corrected(HEAD, TEXT, "Anna", changes=changes).value
    assert isinstance(told, Telling)
    assert (str(told.when), told.place and told.place.name, told.kind) == (
        "2016-10-01 to 2016-10-03",
        "Orveth",
        "shelling",
    )


@pytest.mark.parametrize(
    ("claim", "changes"),
    [
        (TOLL, {"count": "many"}),
        (TOLL, {"count": "3 of 5 and 7"}),
        (TOLL, {"toll": "bored"}),
        (TOLL, {"place": "Orveth"}),
        (HEAD, {"kind": "picnic"}),
        (HEAD, {"days": "last week"}),
        (HEAD, {"colour": "red"}),
        (HEAD, {"aggregate": "perhaps"}),
        (TOLL, {"stance": "aleged"}),
        (ROLE, {"role": "bystander"}),
        (ROLE, {"how": "known"}),
        (TOLL, {}),
    ],
)
def test_what_does_not_fit_a_claim_is_refused_in_words(claim: Claim, changes: dict[str, str]) -> None:
    with pytest.raises(AskedWrongly):
        reviewing.corrected(claim, TEXT, "Anna", changes=changes)


def test_words_that_the_report_does_not_hold_are_refused() -> None:
    with pytest.raises(AskedWrongly, match="letter for letter"):
        reviewing.chosen(TEXT, "Nobody was killed", TOLL.span)
    with pytest.raises(AskedWrongly):
        reviewing.corrected(TOLL, TEXT, "Anna", words=(5, 5))


def test_of_words_that_stand_twice_those_nearest_to_the_claim_are_meant() -> None:
    document = make_document("Nine died. Later nine died.")
    assert reviewing.chosen(document, "died", Span(document.id, 20, 24, "ine ")) == (22, 26)


# -------------------------------------------------------------------------------- in the case


@pytest.fixture
def case(tmp_path: Path) -> Iterator[Case]:
    folder = tmp_path / "reports"
    folder.mkdir()
    for name, n in (("a", "twelve"), ("b", "fifteen")):
        words = (
            f"{n} people were killed in an air strike on the town of Solem on 17 May 2019, the hospital said."
        )
        (folder / f"{name}.txt").write_text(words.capitalize(), encoding="utf-8")
    with Case.make(tmp_path / "case", clock=lambda: "2019-06-01T00:00:00Z") as made:
        made.run([folder])
        left, right = sorted(account.id for account in made.record().accounts)
        made.judge(Judgement(left, right, "same", Maker("Anna", "")))
        yield made


def toll(case: Case, low: int) -> Claim:
    return next(c for c in case.record().claims if isinstance(c.value, Toll) and c.value.count.low == low)


def test_a_corrected_toll_moves_the_range_and_undoing_it_moves_it_back(case: Case) -> None:
    before = case.record()
    claim = toll(case, 15)
    case.decide(claim.id, "corrected", "Anna", "misprint", changes={"count": "12"})
    ranges = [each.finding("killed").range for each in case.record().weighed]
    assert [each.low for each in ranges if each] == [12]
    case.decide(claim.id, "reopened", "Anna")
    assert case.record() == before


def test_a_correction_can_be_rejected_corrected_and_taken_back_like_any_claim(case: Case) -> None:
    claim = toll(case, 15)
    case.decide(claim.id, "corrected", "Anna", changes={"count": "13"})
    mended = toll(case, 13)
    case.decide(mended.id, "rejected", "Ben")
    told = [c.value.count.low for c in case.record().claims if isinstance(c.value, Toll)]
    assert told == [12]
    case.decide(mended.id, "reopened", "Ben")
    assert toll(case, 13) == mended
    case.decide(mended.id, "rejected", "Ben")
    case.decide(mended.id, "corrected", "Ben", changes={"count": "14"})
    assert toll(case, 14).maker == Maker("Ben", "")


def test_accounts_that_a_person_parts_are_two_incidents(case: Case) -> None:
    left, right = sorted(account.id for account in case.record().weighed[0].incident.accounts)
    case.judge(Judgement(left, right, "different", Maker("Anna", ""), None, ("other towns",)))
    assert len(case.record().weighed) == 2
    case.judge(Judgement(left, right, "same", Maker("Ben", "")))
    assert len(case.record().weighed) == 1
    assert [(event.by, event.what, event.facts["verdict"]) for event in case.history()] == [
        ("Anna", "judged", "same"),
        ("Anna", "judged", "different"),
        ("Ben", "judged", "same"),
    ]


def test_a_claim_that_was_decided_is_no_doubt_any_more_and_verify_holds(case: Case) -> None:
    claim = toll(case, 12)
    case.decide(claim.id, "rejected", "Anna")
    assert claim.id not in {each.id for _, each in case.doubts()}
    assert claim not in case.record().claims
    assert case.verify().problems == ()


def test_a_figure_moves_onto_the_account_that_it_belongs_to(tmp_path: Path) -> None:
    words = (
        "Twelve people were killed in an air strike on the town of Solem on 17 May 2019, the hospital said.\n\n"
        "Shelling killed nine people in the village of Orveth on 3 March 2019, the monitor said."
    )
    (tmp_path / "a.txt").write_text(words, encoding="utf-8")
    (tmp_path / "b.txt").write_text(words.replace("Twelve", "Thirteen"), encoding="utf-8")
    with Case.make(tmp_path / "case") as case:
        case.run([tmp_path / "a.txt", tmp_path / "b.txt"])
        claim = toll(case, 12)
        mine = [a for a in case.record().accounts if a.document == claim.span.document]
        (other,) = (a for a in mine if a.id != claim.account)
        (nine,) = (c for c, _ in other.tolls())
        case.decide(claim.id, "corrected", "Anna", account=other.id)
        told = {a.id: [t.count.low for _, t in a.tolls()] for a in case.record().accounts}
        assert sorted(told[other.id]) == [9, 12]
        assert [told[a.id] for a in mine if a.id != other.id] == [[]]
        with pytest.raises(AskedWrongly, match="no account"):
            case.decide(nine.id, "corrected", "Anna", account="acc-none")
        strange = next(a for a in case.record().accounts if a.document != claim.span.document)
        with pytest.raises(AskedWrongly, match="own document"):
            case.decide(nine.id, "corrected", "Anna", account=strange.id)
        with pytest.raises(AskedWrongly, match="not changed"):
            case.decide(nine.id, "rejected", "Anna", account=other.id)


def test_each_decision_tells_who_sits_at_the_keyboard_where_that_is_said(case: Case) -> None:
    claim = toll(case, 12)
    left, right = sorted(account.id for account in case.record().accounts)
    case.decide(claim.id, "upheld", "Anna", who="anna@desk")
    case.review(Review(claim.id, "rejected", "Anna"), who="anna@desk")
    case.judge(Judgement(left, right, "unsure", Maker("Anna", "")), who="anna@desk")
    case.name_means("party", "the army", "Kessian army", by="Anna", who="anna@desk")
    assert [event.who for event in case.history()][-4:] == ["anna@desk"] * 4
    case.decide(claim.id, "reopened", "Anna")
    assert case.history()[-1].who not in ("", "anna@desk")


def test_what_is_said_twice_is_stored_once(case: Case) -> None:
    claim = toll(case, 12)
    case.decide(claim.id, "rejected", "Anna")
    case.decide(claim.id, "rejected", "Anna")
    assert len([event for event in case.history() if event.what == "reviewed"]) == 1


def test_nobody_decides_nameless_on_what_is_not_there_or_on_words_not_said(case: Case) -> None:
    claim = toll(case, 12)
    with pytest.raises(AskedWrongly, match="who"):
        case.decide(claim.id, "rejected", " ")
    with pytest.raises(AskedWrongly, match="no claim"):
        case.decide(TOLL.id, "rejected", "Anna")
    with pytest.raises(AskedWrongly, match="no claim"):
        case.decide(TOLL.id, "corrected", "Anna", changes={"count": "3"})
    with pytest.raises(AskedWrongly, match="not changed"):
        case.decide(claim.id, "upheld", "Anna", changes={"count": "3"})
    false = replace(claim, span=replace(claim.span, quote="nobody at all"))
    with pytest.raises(WordsDoNotMatch):
        case.review(Review(claim.id, "corrected", "Anna", "", false))
    assert not [event for event in case.history() if event.what == "reviewed"]
