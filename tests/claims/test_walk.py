"""Laws of the walk over sentences: what goes on with an event, and what opens another."""

from __future__ import annotations

import pytest
from tests_build import make_document

from tallystick.claims import actors, claims, figures
from tallystick.claims.voices import Voices, nearest
from tallystick.model import Role, accounts
from tallystick.values.when import dateline


def gathered(text, published="2016-10-07", title=None):
    import dataclasses

    document = dataclasses.replace(make_document(text, published=published), title=title)
    return accounts(claims(document), {document.id: document})


def roles(text):
    return [
        (c.value.party.name, c.value.role, c.value.stance, c.stance)
        for a in gathered(text) for c in a.claims if isinstance(c.value, Role)
    ]  # fmt: skip


def figure(sentence):
    return [(f.toll.kind, str(f.toll.count), f.toll.group, f.part) for f in figures.read(sentence)]


def deeds(sentence, resolve=None):
    return [(d.party.name, d.role, d.stance) for d in actors.read(sentence, resolve or {})]


# ----------------------------------------------------------------------------------- figures


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("The raid killed 12 rockets crews.", []),
        ("Two of the wounded died.", [("killed", "2", "other:part", True)]),
        ("Two of the dead were pupils killed at school.", [("killed", "2", "other:part", True)]),
        ("Two women were among the dead.", [("killed", "2", "women", True)]),
        ("The raid killed four people and another two women in the yard.", [("killed", "4", "people", False), ("killed", "2", "women", False)]),
    ],
)  # fmt: skip
def test_more_counts_are_tied_to_the_harm_that_governs_them(sentence, expected):
    assert figure(sentence) == expected


# -------------------------------------------------------------------------------------- deeds


def test_a_doubted_deed_is_suspected_and_a_claimed_one_claimed():
    assert deeds("Suspected rebels killed four soldiers.") == [("rebels", "perpetrator", "suspected")]
    assert deeds("The Blue Valley Front claimed responsibility for the blast.") == [
        ("Blue Valley Front", "claimant", "claimed")
    ]


def test_who_holds_a_place_did_nothing_there():
    assert deeds("A raid on the rebel-held town was carried out by rebels.") == [
        ("rebels", "perpetrator", "stated")
    ]


def test_who_is_fought_is_the_opponent():
    assert ("rebels", "opponent", "stated") in deeds(
        "Kessian army units clashed with rebels near the bridge."
    )


def test_the_bare_word_stays_where_the_text_names_two_governments():
    text = "Chadian government forces moved. Peruvian government forces moved."
    assert actors.fuller_names(text) == {}
    assert actors.fuller_names("Chadian government forces moved.") == {"government": "Chadian government"}


def test_who_stands_far_before_a_denial_is_not_the_one_who_denies():
    far = "Rebels in the hills " + "and all along the valley road " * 5 + "denied it."
    assert ("rebels", "perpetrator", "denied") not in deeds(far)


def test_a_deed_on_anothers_word_is_alleged_and_told_once():
    told = roles(
        "Four people were killed by rebels in Tarsin on Thursday, the Harrow Network said. "
        "The Harrow Network said the blast was carried out by rebels."
    )
    assert told == [("rebels", "perpetrator", "alleged", "alleged")]


# ------------------------------------------------------------------------------------- events


def test_a_total_is_never_the_first_thing_a_report_tells():
    (total,) = gathered("More than 40,000 people have been killed since the war began in March 2012.")
    assert (total.telling.aggregate, total.telling.primary) == (True, False)


def test_ten_thousand_dead_are_a_total_whatever_the_wording():
    (account,) = gathered("On Thursday 12,000 people were killed in Tarsin.")
    assert account.telling.aggregate


def test_hundreds_without_day_or_place_are_a_total():
    (account,) = gathered("The bombing has killed hundreds of people.")
    assert account.telling.aggregate


def test_several_blows_over_a_whole_province_are_a_total_and_one_market_is_not():
    (wide,) = gathered("Air strikes in Kessir province killed 12 people on Thursday.")
    (market,) = gathered("Air strikes in Kessir province killed 12 people at a market on Thursday.")
    assert (wide.telling.aggregate, market.telling.aggregate) == (True, False)


def test_another_day_is_another_event():
    one, two = gathered(
        "An air raid killed 12 people in Tarsin on Thursday. An air raid killed six people in Tarsin on Tuesday."
    )
    assert (str(one.telling.when), str(two.telling.when)) == ("2016-10-06", "2016-10-04")


def test_another_attack_is_another_event():
    found = gathered(
        "An air raid killed 12 people in Tarsin on Thursday. In another raid, six people were killed."
    )
    assert len(found) == 2


def test_a_day_and_a_kind_told_later_are_those_of_the_event():
    (account,) = gathered("Four people were killed in Tarsin. An air raid on Thursday killed four people.")
    assert (account.telling.kind, str(account.telling.when)) == ("air_strike", "2016-10-06")


def test_the_title_tells_the_kind_where_the_first_words_do_not():
    (account,) = gathered("Four people were killed in Tarsin on Thursday.", title="Air raid on Tarsin")
    assert account.telling.kind == "air_strike"


def test_a_look_back_has_no_day_of_today():
    found = gathered(
        "An air raid killed 12 people in Tarsin on Thursday. Earlier, a car bomb had already killed six people in Omrun."
    )
    assert [str(a.telling.when) for a in found] == ["2016-10-06", "unknown"]


def test_a_report_on_an_old_day_does_not_lend_it_to_the_next_event():
    found = gathered(
        "A car bomb killed six people in Omrun on 3 May 2014. An air raid killed 12 people in Tarsin."
    )
    assert [str(a.telling.when) for a in found] == ["2014-05-03", "unknown"]


def test_a_speech_about_people_who_may_leave_is_no_departure():
    assert gathered("The envoy said that residents could soon be leaving the town of Tarsin.") == ()


# ------------------------------------------------------------------------------------- places


def test_where_the_hurt_were_brought_is_not_where_it_happened():
    (account,) = gathered(
        "Four people were killed in Tarsin and the wounded were taken to Omrun hospital on Thursday."
    )
    assert account.telling.place.name == "Tarsin"


def test_where_the_speaker_comes_from_is_not_where_it_happened():
    (account,) = gathered("Four people were killed on Thursday, said an activist from the town of Omrun.")
    assert account.telling.place is None


# ---------------------------------------------------------------------------------------- days


def test_the_day_of_speaking_is_the_day_only_where_no_other_is_told():
    (spoken,) = gathered("The ministry said on Thursday four people were killed in Tarsin.")
    (other,) = gathered("The ministry said on Thursday that four people were killed in Tarsin on Tuesday.")
    assert (str(spoken.telling.when), str(other.telling.when)) == ("2016-10-06", "2016-10-04")


def test_the_day_of_a_paper_that_is_cited_is_not_that_of_the_event():
    (account,) = gathered(
        "In its report of 3 October the Harrow Network says four people were killed in Tarsin."
    )
    assert str(account.telling.when) == "unknown"


def test_a_wires_dateline_is_a_date_at_the_head():
    found = dateline("TARSIN, 3 May 2016 (Agency) - Four people were killed.")
    assert found is not None
    assert found[2].isoformat() == "2016-05-03"


# -------------------------------------------------------------------------------------- voices


def speakers(text, sentence):
    return [s.name for s in Voices(text).speakers(sentence)]


def test_that_governs_what_follows_however_near_another_speaker():
    sentence = "The ministry said that four people were killed, Omar Saleh said."
    found = Voices(sentence).speakers(sentence)
    assert nearest(found, sentence.index("killed"), sentence).name == "ministry"


def test_a_named_spokesman_beside_his_office_is_the_speaker():
    sentence = "Its spokesman, Bram Tesk, said four were killed."
    assert speakers(sentence, sentence) == ["Bram Tesk"]


def test_the_only_monitor_of_a_text_is_the_monitor():
    text = "The Harrow Network keeps count. The Tarsin-based monitor said four were killed."
    assert speakers(text, "The Tarsin-based monitor said four were killed.") == ["Harrow Network"]


def test_the_organisation_named_far_more_often_owns_the_short_form():
    text = "The Harrow Network spoke. The Harrow Network spoke. The Valley Network spoke."
    assert speakers(text, "The Network said four were killed.") == ["Harrow Network"]
