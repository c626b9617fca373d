"""Laws of protected objects: hit, near, used, denied and only named are told apart by the words."""

from __future__ import annotations

import hashlib
import json
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tallystick.values.agreement import Verdict
from tallystick.values.objects import KINDS, LABELS, RELATIONS, WORDS, Object, read

ANSWERS = Path(__file__).parents[2] / "bench" / "answers" / "objects.jsonl"


def found(text: str, aimed: bool = False) -> list[tuple[str, str]]:
    return [(one.kind, one.relation) for _, _, one in read(text, aimed)]


HIT = [
    ("Shells hit a field hospital in Solem", "medical"),
    ("a clinic in the west of the town, run by volunteers, was bombed", "medical"),
    ("Two barrel bombs fell on the medical centre", "medical"),
    ("the hospital known as M10 was hit again; M10 was hit twice", "medical"),
    ("Rockets destroyed two ambulances", "medical"),
    ("a nurse and two paramedics were killed in Tarsin", "medical"),
    ("A shell landed at the gate of a primary school in Kelvač", "education"),
    ("an air raid on the university's dormitories", "education"),
    ("The blast ripped through a mosque during prayers", "worship"),
    ("A church was burned down", "worship"),
    ("Jets struck a vegetable market", "market"),
    ("A bomb went off at the bakery", "market"),
    ("shells fell on people queuing for bread", "market"),
    ("The raid on a United Nations aid convoy killed 12", "aid"),
    ("gunmen killed at least three Red Crescent volunteers", "aid"),
    ("an aid worker was shot dead", "aid"),
    ("the strike hit a White Helmets centre", "rescue"),
    ("two rescue workers were killed", "rescue"),
    ("killing five people, including a journalist", "press"),
    ("An air strike hit a camp for displaced people", "displaced"),
    ("rockets hit the refugee camp", "displaced"),
    ("The bombing damaged a water pumping station", "utilities"),
    ("Missiles struck the power plant", "utilities"),
    ("two houses were destroyed", "homes"),
    ("an apartment block was levelled", "homes"),
    ("The shelling damaged the ancient citadel", "heritage"),
    ("a suicide bomber struck a wedding party", "gathering"),
    ("They were killed by shells while attending a funeral", "gathering"),
    ("airstrikes hit the mourning tent", "gathering"),
    ("The wounded were dug out from the rubble of a residential building", "homes"),
    ("Deadly Strikes Kill 35 & Destroy Hospital", "medical"),
    ("15 Medics Killed in Airstrikes", "medical"),
    ("the only hospital in the town came under fire", "medical"),
    ("A mosque blast left three dead", "worship"),
    ("an attack on a school bus", "education"),
]


@pytest.mark.parametrize(("text", "kind"), HIT)
def test_what_words_say_was_hit_is_hit(text: str, kind: str) -> None:
    assert (kind, "hit") in found(text)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("a bomb exploded near a hospital", "medical"),
        ("A car bomb went off in front of the Old Mill mosque", "worship"),
        ("at least 16 were killed outside a bakery", "market"),
        ("shells landed 200 metres from the school", "education"),
        ("Strikes pounded streets around a children's hospital and a blood bank", "medical"),
        ("the blast in the vicinity of the power station", "utilities"),
        ("rockets fell on the hospital district", "medical"),
        ("They were shot as worshippers were leaving the mosque", "worship"),
        ("a shell hit beside the school", "education"),
    ],
)
def test_near_is_never_hit(text: str, kind: str) -> None:
    told = found(text)
    assert (kind, "near") in told
    assert (kind, "hit") not in told


@pytest.mark.parametrize(
    ("text", "kind", "relation"),
    [
        ("The wounded were taken to a hospital in Solem", "medical", "named"),
        ("He died in hospital of his wounds", "medical", "named"),
        ("killing ten, a doctor at the hospital said", "medical", "named"),
        ("killing two people rescue workers said", "rescue", "named"),
        ("Rescuers pulled bodies from the rubble", "rescue", "named"),
        ("a reporter said that ten were killed", "press", "named"),
        ("An aid convoy entered the town", "aid", "named"),
        ("An aid agency warned of attacks on hospitals", "medical", "supposed"),
        ("They threatened to bomb the schools", "education", "supposed"),
        ("a halt to strikes on medical facilities was called for", "medical", "supposed"),
        ("He called for a halt to strikes on medical facilities", "medical", "supposed"),
        ("The army would strike the hospital if fighters stayed", "medical", "supposed"),
        ("No hospital was hit", "medical", "denied"),
        ("They saw no school there", "education", "denied"),
        ("The ministry denied bombing a hospital", "medical", "denied"),
        ("Its planes did not strike the market", "market", "denied"),
        ("The army struck a school used by fighters as a base", "education", "used"),
        ("They shelled a headquarters in a school", "education", "used"),
        ("snipers holed up in the mosque were killed", "worship", "used"),
        ("a hospital turned into a command centre", "medical", "used"),
    ],
)
def test_what_was_not_hit_is_told_from_what_was(text: str, kind: str, relation: str) -> None:
    told = found(text)
    assert (kind, relation) in told
    assert (kind, "hit") not in told


@pytest.mark.parametrize(
    "text",
    [
        "shells hit the military academy and the artillery school",
        "attacks on the White House",
        "the black market was raided",
        "the stock market was hit by fears",
        "a school of thought was attacked",
        "schoolchildren were killed",
        "the base camp was bombed",
        "people returned home after the strike",
        "labourers waited for the last buses home when the strike hit",
        "In the wake of strikes on the town",
        "a power struggle hit the party",
        "residential neighbourhoods were shelled",
    ],
)
def test_what_only_sounds_so_is_no_object(text: str) -> None:
    assert "hit" not in {relation for _, relation in found(text)}


def test_a_denial_of_responsibility_denies_no_hit() -> None:
    assert found("The army said that it was not responsible for the bombing of an aid convoy") == [
        ("aid", "hit")
    ]
    assert found("It denied responsibility for the strike on the hospital") == [("medical", "hit")]


def test_the_month_of_may_supposes_nothing() -> None:
    assert found("On 31 May 2016 strikes hit a school") == [("education", "hit")]
    assert found("Strikes may hit a school") == [("education", "supposed")]
    assert found("It may have hit a school") == [("education", "hit")]


def test_a_cue_in_another_sentence_says_nothing() -> None:
    assert found("Shells hit the town. The hospital is old.") == [("medical", "named")]


def test_words_that_stand_alone_are_what_was_aimed_at() -> None:
    assert found("bakery") == [("market", "named")]
    assert found("bakery", aimed=True) == [("market", "hit")]
    assert found("near a school / hospital", aimed=True)[0] == ("education", "near")
    assert found("school used as a base by fighters", aimed=True) == [("education", "used")]


def test_a_building_keeps_its_own_name() -> None:
    names = [one.name for _, _, one in read("Shells hit Al-Bayan hospital and two clinics")]
    assert names == ["Al-Bayan hospital", None]


def test_every_kind_has_words_and_a_label() -> None:
    assert {kind for kind, _, _ in WORDS} == set(KINDS) == set(LABELS)


@given(st.text(max_size=300))
def test_any_text_is_read_in_order_and_word_for_word(text: str) -> None:
    last = 0
    for start, end, one in read(text):
        assert last <= start < end <= len(text)
        assert one.words == text[start:end]
        assert one.relation in RELATIONS
        last = end


PIECES = [text for text, _ in HIT] + [
    " near ",
    " no ",
    "; ",
    ". ",
    " said ",
    "\n",
    " used as a base ",
    "hospital ",
]


@given(st.lists(st.sampled_from(PIECES), max_size=12).map("".join))
def test_reading_is_the_same_each_time_and_aiming_only_turns_named_into_hit(text: str) -> None:
    plain, aimed = list(read(text)), list(read(text, aimed=True))
    assert plain == list(read(text))
    for (a, b, one), (c, d, other) in zip(plain, aimed, strict=True):
        assert (a, b, one.kind, one.form, one.words) == (c, d, other.kind, other.form, other.words)
        assert other.relation == ("hit" if one.relation == "named" else one.relation)


def test_a_text_of_great_length_is_read_at_once() -> None:
    long = "near the " * 4000 + "hospital " * 300
    begin = time.process_time()
    assert len(list(read(long))) == 300
    assert time.process_time() - begin < 6  # some tenths; half a minute where all before is looked at


objects = st.builds(
    Object,
    st.sampled_from(KINDS),
    st.sampled_from(("place", "vehicle", "person")),
    st.sampled_from(RELATIONS),
    st.sampled_from(("hospital", "school")),
    st.sampled_from((None, "Bayan Hospital", "Old Mill School")),
)


@given(objects, objects)
def test_comparison_goes_both_ways_and_only_a_denial_contradicts(one: Object, other: Object) -> None:
    verdict = one.compare(other)
    assert verdict is other.compare(one)
    if verdict is Verdict.CONFLICT:
        assert (one.relation == "denied") != (other.relation == "denied")
        assert one.same(other)
    if {"named", "supposed"} & {one.relation, other.relation}:
        assert verdict is Verdict.UNKNOWN


def test_near_and_hit_can_both_be_true() -> None:
    hit, near = (Object("medical", "place", relation, "hospital") for relation in ("hit", "near"))
    assert hit.compare(near) is Verdict.COMPATIBLE
    assert hit.compare(Object("medical", "place", "denied", "hospital")) is Verdict.CONFLICT
    other = Object("medical", "place", "denied", "hospital", "Old Mill hospital")
    assert (
        Object("medical", "place", "hit", "hospital", "Bayan Hospital").compare(other) is Verdict.COMPATIBLE
    )


def test_the_hand_coded_answers_fit_the_reports_and_the_vocabulary(shared) -> None:
    gold = shared("gold")
    texts = {}
    for path in [*gold.glob("dev/docs/*.json"), *gold.glob("train/*/docs/*.json")]:
        record = json.loads(path.read_text(encoding="utf-8"))
        texts[record["id"]] = record["text"]
    lines = [json.loads(line) for line in ANSWERS.read_text(encoding="utf-8").splitlines()]
    assert [line["set"] for line in lines] == ["train"] * 40 + ["dev"] * 40
    for line in lines:
        text, (start, end) = texts[line["id"]], line["at"]
        assert hashlib.sha256(text.encode()).hexdigest() == line["sha256"]
        assert 0 <= start < end <= len(text)
        assert {one["kind"] for one in line["objects"]} <= set(KINDS)
        assert {one["relation"] for one in line["objects"]} <= {"hit", "near", "used"}
