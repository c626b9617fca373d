"""Laws of lines: what moves a line and what never does, whose word it is, and what came of a warning."""

from __future__ import annotations

import random
import time
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests_build import make_document

from tallystick.errors import NoSource
from tallystick.findings import copies, find, lines
from tallystick.findings.heard import called, gathered
from tallystick.model import Claim, Incident, Line, State, Telling, Voice, accounts
from tallystick.values.agreement import Verdict
from tallystick.values.names import fold
from tallystick.values.place import Place
from tallystick.values.when import UNKNOWN, When

KINDS = {"control": "control", "agreement": "agreement", "diplomacy": "meeting", "warning": "warning",
         "displacement": "displacement", "forces": "forces", "population": "population"}  # fmt: skip


class Case:
    """Reports made of sentences, each sentence a claim: ``say("control", "The army captured Solem.")``."""

    def __init__(self):
        self.documents, self.claims = {}, []

    def report(self, name, text, day=None, outlet=None):
        document = make_document(text, name, day, publisher=outlet)
        self.documents[document.id] = document
        return document

    def say(
        self,
        topic,
        text,
        stance="stated",
        voice=None,
        day="2019-05-16",
        outlet="Corvane",
        place=None,
        quote=None,
    ):
        """A report of one sentence, or of ``quote`` in ``text``; its claim heads an account."""
        document = self.report(f"r{len(self.documents)}", text, day, outlet)
        at = text.index(quote) if quote else 0
        span = document.span(at, at + len(quote or text))
        voices = (Voice(voice),) if voice else ()
        where = Place(place) if isinstance(place, str) else place
        head = Telling(KINDS[topic], when=UNKNOWN, place=where)
        self.claims.append(Claim(span, topic, head, voices, stance, span))
        return self

    def accounts(self):
        return accounts(self.claims, self.documents)

    def lines(self, kind=None):
        made = lines(self.accounts(), self.documents.values(), copies(self.documents.values()))
        return [line for line in made if kind in (None, line.kind)]

    def line(self, kind):
        (line,) = self.lines(kind)
        return line


def states(line):
    return [(state.what, state.who, state.standing) for state in line.states]


# ----------------------------------------------------------------------------------- control


def test_a_line_of_control_tells_who_took_a_place_when_and_on_whose_word():
    line = (
        Case()
        .say("control", "The Harrow League captured the town of Solem on Monday.", voice="a commander")
        .say("control", "Government forces retook the town of Solem on Wednesday.", voice="the ministry")
        .line("control")
    )
    assert line.about == "Solem"
    assert [(s.what, s.who, s.when.start, s.origins) for s in line.states] == [
        ("taken", "Harrow League", date(2019, 5, 13), ("a commander",)),
        ("taken", "government", date(2019, 5, 15), ("the ministry",)),
    ]
    assert [s.words for s in line.states] == ["captured the town of Solem", "retook the town of Solem"]


def test_a_denial_that_a_place_was_taken_does_not_move_its_control():
    line = (
        Case()
        .say("control", "The Harrow League captured the town of Solem on Monday.", voice="a commander")
        .say(
            "control",
            "The ministry denied that the Harrow League had captured the town of Solem on Monday.",
            "denied",
            "ministry",
        )
        .line("control")
    )
    assert states(line) == [("taken", "Harrow League", "denied"), ("taken", "Harrow League", "happened")]
    assert [state.moves for state in line.course] == [True]
    assert {state.verdict for state in line.states} == {Verdict.CONFLICT}
    assert all(state.beside for state in line.states)


def test_a_denial_beside_the_words_that_it_denies_is_one_whatever_the_reader_took_it_for():
    text = "The army denied that the Harrow League captured the town of Solem."
    line = Case().say("control", text, quote="the Harrow League captured the town of Solem").line("control")
    assert [state.standing for state in line.states] == ["denied"]
    assert line.course == ()


def test_what_is_planned_is_no_agreement_with_what_came():
    line = (
        Case()
        .say("control", "The army is to capture the town of Solem on Friday.", "planned", day="2019-05-14")
        .say("control", "The army captured the town of Solem on Friday.", day="2019-05-18")
        .line("control")
    )
    assert states(line) == [("taken", "army", "happened"), ("taken", "army", "planned")]
    assert {state.verdict for state in line.states} == {Verdict.UPDATE}


def test_a_trading_day_holds_no_ground():
    assert Case().say("control", "Thursday is the main trading day in Solem.", place="Solem").lines() == []


def test_two_holders_of_one_day_conflict_and_a_part_is_compatible():
    def verdicts(one, other):
        case = Case().say("control", one, outlet="A").say("control", other, outlet="B")
        return {state.verdict for state in case.line("control").states}

    taken = "Government forces captured the town of Solem on Monday."
    assert verdicts(taken, "Rebels captured the town of Solem on Monday.") == {Verdict.CONFLICT}
    assert verdicts(taken, "Rebels captured parts of the town of Solem on Monday.") == {Verdict.COMPATIBLE}


def test_the_road_to_a_place_is_a_part_of_its_line_at_most():
    line = (
        Case().say("control", "The League seized control of the Pellin road.", place="Pellin").line("control")
    )
    assert [(state.what, state.part) for state in line.states] == [("taken", True)]


def test_who_retook_a_place_from_its_holder_of_years_updates_the_line():
    line = (
        Case()
        .say("control", "The town of Solem has been held by rebels since 2016.", outlet="A")
        .say("control", "Government forces captured the town of Solem on Monday.", outlet="B")
        .line("control")
    )
    assert Verdict.CONFLICT not in {state.verdict for state in line.states}


def test_a_description_is_the_outlets_unless_it_is_quoted():
    plain = Case().say(
        "control", "Shells fell on rebel-held Solem, the army said.", voice="army", place="Solem"
    )
    assert plain.line("control").states[0].origins == ("Corvane",)
    quoted = Case().say(
        "control", "“We shelled rebel-held Solem,” the army said.", voice="army", place="Solem"
    )
    assert quoted.line("control").states[0].origins == ("army",)


def test_a_body_and_who_speaks_for_it_are_one_origin_of_a_line():
    taken = "The Harrow League captured the town of Solem on Monday."
    case = (
        Case()
        .say("control", taken, voice="Harrow Observatory", outlet="A")
        .say(
            "control", f"Ada Venn, head of the Harrow Observatory, said so. {taken}", voice="Ada Venn",
            outlet="B", quote=taken,
        )
    )  # fmt: skip
    (state,) = case.line("control").states
    assert (state.origins, state.verdict) == (("Harrow Observatory",), Verdict.SINGLE_ORIGIN)
    (state,) = case.say("control", taken, voice="Omar Saleh", outlet="C").line("control").states
    assert (len(state.origins), state.verdict) == (2, Verdict.AGREE)


def test_a_state_rests_on_the_agency_that_its_report_is_credited_to():
    told = "Rebels captured the town of Solem on Monday."
    case = Case().say("control", told, outlet="Valley Wire")
    case.say("control", f"{told} (Valley Wire)", outlet="Other Daily", quote=told)
    (state,) = case.line("control").states
    assert state.origins == ("Valley Wire",)


def test_a_side_of_a_town_is_a_line_of_its_own():
    made = (
        Case()
        .say("control", "Rebels hold eastern Solem.", place="Solem")
        .say("control", "Government forces hold western Solem.", place="Solem")
        .lines("control")
    )
    assert [line.about for line in made] == ["eastern Solem", "western Solem"]


A_SALHIYEH, B_SALHIYEH = Place("Salhiyeh", admin1="Kessir"), Place("Salhiyeh", admin1="Marr")


@pytest.mark.parametrize(
    ("places", "abouts"),
    [
        ((A_SALHIYEH, B_SALHIYEH), ["Salhiyeh, Kessir", "Salhiyeh, Marr"]),
        ((replace(A_SALHIYEH, code="x 1"), B_SALHIYEH), ["Salhiyeh, Kessir", "Salhiyeh, Marr"]),
        ((replace(A_SALHIYEH, code="x 1"), replace(A_SALHIYEH, code="x 2")),
         ["Salhiyeh, Kessir (x 1)", "Salhiyeh, Kessir (x 2)"]),
        ((A_SALHIYEH, Place("Salhiyeh")), ["Salhiyeh"]),
        ((replace(A_SALHIYEH, code="x 1"), Place("Salhiyeh")), ["Salhiyeh"]),
        ((replace(A_SALHIYEH, code="x 1"), replace(A_SALHIYEH, name="Salihiyeh", code="x 1")), ["Salhiyeh"]),
        # Of which of the two the third tells cannot be told.
        ((A_SALHIYEH, B_SALHIYEH, Place("Salhiyeh")), ["Salhiyeh", "Salhiyeh, Kessir", "Salhiyeh, Marr"]),
    ],
)  # fmt: skip
def test_places_of_one_name_are_one_line_only_where_nothing_speaks_against_it(places, abouts):
    case = Case()
    for n, place in enumerate(places):
        holder = ("Rebels", "Government forces", "Kurdish forces")[n]
        case.say("control", f"{holder} captured {place.name} on Monday.", outlet=f"{n}", place=place)
    made = case.lines("control")
    assert [line.about for line in made] == abouts
    assert len({line.id for line in made}) == len(made)
    if len(made) == len(places):
        assert Verdict.CONFLICT not in {state.verdict for line in made for state in line.states}


@given(st.lists(st.sampled_from([
    *(Place(name, words, admin1, country, code=code) for words in ("near it", "the town")
      for name in ("Salhiyeh", "Salhiyah", "Tarsin Heights", "Tarsin Hights")
      for admin1 in (None, "Kessir", "Marr") for country in (None, "Syria") for code in (None, "x 1", "x 2")),
]), max_size=12), st.randoms())  # fmt: skip
def test_places_are_gathered_alike_in_any_order_and_never_against_their_province(places, shuffle):
    stands_for = gathered(places)
    names = called(map(stands_for, places))
    assert len({fold(name) for name in names.values()}) == len(names)
    for told in places:
        stands = stands_for(told)
        assert stands_for(stands) == stands
        if told.code is None:
            assert told.relation(stands) is not Verdict.CONFLICT
        else:
            assert stands.code == told.code
    mixed = list(places)
    shuffle.shuffle(mixed)
    assert [gathered(mixed)(told) for told in places] == [stands_for(told) for told in places]


def test_thousands_of_places_are_gathered_in_no_time():
    letters = "abcdefghijklmnopqrst"
    places = [
        Place("Khan " + "".join(letters[int(d) + n % 7] for d in f"{n * 7919:08}")) for n in range(3000)
    ]
    began = time.process_time()
    stands_for = gathered(places)
    assert time.process_time() - began < 2
    assert stands_for(places[0]) == places[0]


# --------------------------------------------------------------------------- counts and people


def test_forces_and_people_are_counted_with_their_bounds_and_voices():
    made = (
        Case()
        .say("forces", "More than 1,500 fighters have massed in the town of Solem.", voice="monitor")
        .say("population", "Up to 60,000 people remain in the town of Solem.", voice="mayor")
        .lines()
    )
    assert [(line.kind, s.what, str(s.count), s.origins) for line in made for s in line.states] == [
        ("forces", "arrived", "more than 1,500", ("monitor",)),
        ("population", "there", "up to 60,000", ("mayor",)),
    ]


def test_the_killed_are_no_population():
    assert (
        Case().say("population", "At least 40 people trapped in the town of Solem were killed.").lines() == []
    )


def test_people_leaving_and_no_sign_of_people_leaving_conflict():
    line = (
        Case()
        .say("displacement", "People are leaving the town of Solem through corridors.", voice="radio")
        .say(
            "displacement", "Rescuers saw no sign of people leaving the town of Solem.", "denied", "rescuers"
        )
        .line("displacement")
    )
    assert {(s.standing, s.verdict) for s in line.states} == {
        ("happened", Verdict.CONFLICT), ("denied", Verdict.CONFLICT),
    }  # fmt: skip


# ----------------------------------------------------------------- truces, texts and contacts


def test_a_truce_runs_from_its_offer_to_its_collapse():
    case = Case()
    for day, text in (
        ("2019-05-01", "The army offered a truce in the town of Solem on 1 May 2019."),
        ("2019-05-03", "A truce in the town of Solem was agreed on 2 May 2019."),
        ("2019-05-03", "The truce in the town of Solem came into force on 3 May 2019."),
        ("2019-05-05", "The truce in the town of Solem was violated on 4 May 2019 by the Harrow League."),
        ("2019-05-06", "The truce in the town of Solem was extended on 5 May 2019."),
        ("2019-05-08", "[The] truce in the town of Solem … collapsed on 7 May 2019."),
    ):
        case.say("agreement", text, day=day, place="Solem")
    line = case.line("truce")
    assert [state.what for state in line.course] == [
        "offered",
        "agreed",
        "in force",
        "violated",
        "extended",
        "ended",
    ]
    assert line.states[3].who == "Harrow League"


def test_a_meeting_that_is_to_be_held_and_was_held_is_one_line_in_two_states():
    line = (
        Case()
        .say(
            "diplomacy",
            "The Harrow Council is to hold an emergency meeting on Friday.",
            "planned",
            outlet="A",
            day="2019-05-17",
        )
        .say(
            "diplomacy",
            "The Harrow Council held an emergency meeting on Friday.",
            outlet="B",
            day="2019-05-18",
        )
        .line("contact")
    )
    assert [(s.standing, s.verdict) for s in line.states] == [
        ("happened", Verdict.UPDATE), ("planned", Verdict.UPDATE),
    ]  # fmt: skip


def test_a_vote_keeps_its_votes():
    line = (
        Case()
        .say("diplomacy", "The Harrow Council adopted the resolution by 11 votes to 2 on Friday.")
        .line("text")
    )
    assert [(s.what, s.who) for s in line.states] == [("adopted", "11 for, 2 against")]


def test_contacts_are_broken_off_and_resumed():
    line = (
        Case()
        .say("diplomacy", "Russia broke off talks with Turkey on Monday.")
        .say("diplomacy", "Russia and Turkey resumed talks on Wednesday.")
        .line("contact")
    )
    assert (line.about, [s.what for s in line.states]) == ("Russia and Turkey", ["broken off", "resumed"])


# ------------------------------------------------------------------------------------ warnings

WARNED = "The eastern quarters of Solem could be destroyed by the end of May 2019."


@pytest.mark.parametrize(
    ("later", "stance", "day", "outcome"),
    [
        ("The eastern quarters of Solem were destroyed on 28 May 2019.", "stated", "2019-05-29", "came true"),
        ("The eastern quarters of Solem were not destroyed.", "denied", "2019-06-02", "did not"),
        ("The eastern quarters of Solem were not destroyed.", "denied", "2019-05-20", "not yet due"),
        ("The eastern quarters of Solem could be destroyed.", "warned", "2019-05-20", "not yet due"),
        ("A school in Pellin opened.", "stated", "2019-07-01", "cannot be told"),
        (
            "The eastern quarters of Solem were destroyed on 9 July 2019.",
            "stated",
            "2019-07-10",
            "cannot be told",
        ),
    ],
)
def test_what_came_of_a_warning_is_told_by_claims_alone(later, stance, day, outcome):
    case = Case().say("warning", WARNED, "warned", "envoy", day="2019-05-10", place="Solem")
    case.say("population", later, stance, day=day)
    (state,) = [s for line in case.lines("warning") for s in line.states if s.told == date(2019, 5, 10)]
    assert state.outcome == outcome
    assert bool(state.came) == (outcome in ("came true", "did not"))


def test_where_some_say_that_it_came_and_others_deny_it_both_stand_beside_the_warning():
    case = Case().say("warning", WARNED, "warned", "envoy", day="2019-05-10", place="Solem")
    said = "The eastern quarters of Solem were {}destroyed."
    case.say("population", said.format(""), "stated", "residents", day="2019-05-31")
    case.say("population", said.format("not "), "denied", "the army", day="2019-06-02")
    (state,) = [s for line in case.lines("warning") for s in line.states]
    assert state.outcome == "cannot be told"
    assert state.came == tuple(sorted(claim.id for claim in case.claims[1:]))


def test_a_thousand_warnings_are_held_against_what_came_in_no_time():
    case = Case()
    for n in range(500):
        told = f"Quarter {n} of the town of Solem could be destroyed by the end of May 2019."
        case.say("warning", told, "warned", f"envoy {n}", day="2019-05-10")
        case.say("population", f"Quarter {n} of the town of Solem was destroyed.", day="2019-05-29")
    told, documents = case.accounts(), tuple(case.documents.values())
    began = time.process_time()
    made = lines(told, documents, {})
    assert time.process_time() - began < 5  # 1 s here; each against each would be 20
    outcomes = [s.outcome for line in made if line.kind == "warning" for s in line.states]
    assert outcomes == ["came true"] * len(outcomes)


def test_a_warning_without_a_horizon_is_no_state():
    assert (
        Case().say("warning", "The eastern quarters of Solem could be destroyed.", "warned").lines("warning")
        == []
    )


# ------------------------------------------------------------------------------------- laws

SAID = [
    ("control", "The Harrow League captured the town of Solem on Monday.", "stated", "a commander"),
    ("control", "Government forces retook the town of Solem on Wednesday.", "stated", None),
    ("control", "Government forces will capture the town of Pellin.", "planned", "ministry"),
    ("control", "The town of Pellin is under siege.", "stated", None),
    ("forces", "More than 1,500 fighters have massed in the town of Solem.", "stated", "monitor"),
    ("agreement", "The truce in the town of Solem collapsed on Monday.", "stated", None),
    ("displacement", "People are leaving the town of Solem.", "stated", "radio"),
    ("warning", WARNED, "warned", "envoy"),
]


@settings(max_examples=25)
@given(st.lists(st.sampled_from(SAID), min_size=1, max_size=8), st.randoms())
def test_the_order_of_claims_and_reports_never_matters(said, shuffle: random.Random):
    case = Case()
    for topic, text, stance, voice in said:
        case.say(topic, text, stance, voice)
    told, documents = list(case.accounts()), list(case.documents.values())
    first = lines(told, documents, copies(documents))
    shuffle.shuffle(told)
    shuffle.shuffle(documents)
    assert lines(told, documents, copies(documents)) == first


@settings(max_examples=25)
@given(st.lists(st.sampled_from(SAID), min_size=1, max_size=5), st.sampled_from(SAID[:3]))
def test_a_denied_change_never_moves_a_line(said, denied):
    case, more = Case(), Case()
    for one in (case, more):
        for topic, text, stance, voice in said:
            one.say(topic, text, stance, voice)
    more.say(denied[0], denied[1], "denied", "a spokesman")

    def moved(one):
        return {
            line.about: [(s.what, s.who, s.when) for s in line.course]
            for line in one.lines("control")
            if line.course
        }

    assert moved(more) == moved(case)


@settings(max_examples=25)
@given(st.lists(st.sampled_from(SAID), min_size=1, max_size=5, unique=True), st.data())
def test_a_copy_adds_no_state_and_no_origin(said, data):
    again = data.draw(st.sampled_from(said))
    case, more = Case(), Case()
    for one in (case, more):
        for topic, text, stance, voice in said:
            one.say(topic, text, stance, voice)
    topic, text, stance, voice = again
    more.say(topic, text, stance, voice, outlet="Corvane")

    def counted(one):
        return [
            (line.kind, line.about, [(s.what, s.who, s.standing, s.origins) for s in line.states])
            for line in one.lines()
        ]

    assert counted(more) == counted(case)


def test_a_state_cannot_stand_on_nothing():
    with pytest.raises(NoSource):
        State("taken", UNKNOWN, (), ("A",), "happened", "stated", "captured")
    with pytest.raises(NoSource):
        Line("control", "Solem", None, ())


def test_silence_is_no_state_and_an_empty_case_has_no_line():
    assert lines((), (), {}) == ()


# ------------------------------------------------------------------- the finding on one matter


def weighed(*said):
    case = Case()
    for n, (text, stance, voice) in enumerate(said):
        case.say("diplomacy", text, stance, voice, outlet=f"outlet {n}")
    (finding,) = find(Incident(case.accounts()), {}).findings
    return finding


def test_a_matter_planned_and_come_is_an_update_and_never_agreement():
    found = weighed(
        ("The council is to meet on Friday.", "planned", "A"), ("The council met on Friday.", "stated", "B")
    )
    assert found.verdict is Verdict.UPDATE
    assert found.summary == "spoken of by B; planned or promised, according to A"


def test_who_refuses_is_not_told_to_speak_of_what_is_so():
    found = weighed(
        ("The council asked the families to leave.", "called_for", "A"),
        ("We will not leave.", "refused", "B"),
    )
    assert found.summary == "called for by A; refused by B"


def test_a_matter_that_two_only_plan_agrees():
    said = (
        ("The council is to meet on Friday.", "planned", "A"),
        ("The council will meet on Friday.", "planned", "B"),
    )
    assert weighed(*said).verdict is Verdict.AGREE


def test_when_days_are_equal_the_course_decides_the_order():
    told = When(date(2019, 5, 1), date(2019, 5, 1), "day")
    case = Case().say("agreement", "The truce in the town of Solem collapsed on 1 May 2019.", place="Solem")
    case.say("agreement", "The truce in the town of Solem was agreed on 1 May 2019.", place="Solem")
    line = case.line("truce")
    assert [(s.what, s.when.start) for s in line.states] == [("agreed", told.start), ("ended", told.start)]
