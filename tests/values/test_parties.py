"""The laws of parties: the base's form, names found, lists loaded, a report's parties in context."""

from __future__ import annotations

import json
import time
from collections import Counter
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tallystick.values.agreement import Verdict
from tallystick.values.names import country_names, fold
from tallystick.values.parties import lists as partylists
from tallystick.values.parties.base import SORTS, TIES, Entry, Name, Tie, Years, base, entry
from tallystick.values.parties.context import resolve
from tallystick.values.parties.register import Parties, basic
from tallystick.values.party import Party, read
from tallystick.values.places.gazetteer import Refused

DAYS = st.dates(min_value=date(1990, 1, 1), max_value=date(2025, 12, 31))
# Names of wars' parties that ``names.countries`` does not hold yet.
FURTHER = {"democratic republic of the congo"}
ALIASES = [(each, name) for each in base() for name in each.every]


# ---------------------------------------------------------------- the base


def test_every_entry_says_what_it_is_and_where_it_is_from():
    for each in base():
        assert each.name == each.name.strip() != ""
        assert each.sort in SORTS
        assert each.source
        assert all(land.lower() in country_names() | FURTHER for land in each.countries), each.name


def test_no_name_is_of_two_parties_unless_its_time_tells_which():
    bearers: dict[str, list[tuple[Entry, Name]]] = {}
    for each, name in ALIASES:
        bearers.setdefault(fold(name.text), []).append((each, name))
    for key, told in bearers.items():
        for one, first in told:
            for other, second in told:
                assert one is other or not first.years.meets(second.years), key


def test_every_tie_leads_to_a_party_of_the_base_and_none_to_itself():
    for each in base():
        for tie in each.ties:
            assert tie.kind in TIES
            found = basic().one(tie.to, kinds=("letters",))
            assert found is not None, (each.name, tie)
            assert found.entry is not each


def test_no_party_is_part_of_itself_by_any_way():
    for each in base():
        assert all(up is not each for up, _ in basic().above(each))


def test_an_entry_stands_once_and_its_names_are_each_written_once():
    assert max(Counter(each.name for each in base()).values()) == 1
    for each in base():
        assert len({name.text for name in each.names}) == len(each.names), each.name


@pytest.mark.parametrize(
    ("cells", "why"),
    [
        ({"name": ""}, "no name"),
        ({"name": "A", "sort": "gang"}, "no sort of party"),
        ({"name": "A", "ties": "friend of: B"}, "no tie"),
        ({"name": "A", "ties": "part of: B {yesterday}"}, "no stretch of time"),
        ({"name": "A", "ties": "part of: B {2016..2014}"}, "ends before it begins"),
        ({"name": "A", "over time": "2016..2017"}, "no names over time"),
        ({"name": "A", "over time": "2016-13..: B"}, "month"),
    ],
)
def test_a_row_of_the_base_that_cannot_be_right_is_refused_with_the_reason(cells, why):
    with pytest.raises(ValueError, match=why):
        entry(cells, "own.csv")


# ---------------------------------------------------------------- time


@given(DAYS, st.integers(0, 3000), DAYS)
def test_a_stretch_holds_the_days_between_its_ends_and_no_other(since, length, day):
    until = since + timedelta(days=length)
    years = Years.of(f"{since}..{until}")
    assert years.holds(day) is (since <= day <= until)


@given(DAYS)
def test_a_day_within_an_end_of_which_only_the_year_is_known_cannot_be_told(day):
    year = f"{day.year}"
    assert Years.of(f"{year}..").holds(day) in ((None, True) if (day.month, day.day) == (12, 31) else (None,))
    assert Years.of(f"..{day.year - 1}").holds(day) is False
    assert Years.of(f"{day.year - 1}..").holds(day) is True
    assert Years.of(f"{day.year - 9}..{day.year}").holds(day) is (
        True if (day.month, day.day) == (1, 1) else None
    )


def test_one_party_is_called_by_the_name_of_the_day():
    (found,) = basic().find("Nusra Front")
    assert found.entry.called(date(2015, 5, 1)) == "Al-Nusra Front"
    assert found.entry.called(date(2016, 10, 1)) == "Jabhat Fatah al-Sham"
    (later,) = basic().find("Jabhat Fateh al-Sham", date(2016, 10, 1))
    assert later.entry is found.entry
    assert "2016-07-28" in later.why


def test_a_name_given_up_still_finds_its_party_and_says_so():
    (found,) = basic().find("al-Nusra Front", date(2016, 10, 3))
    assert "on 2016-10-03 it was called Jabhat Fatah al-Sham" in found.why


# ---------------------------------------------------------------- names


@given(
    st.sampled_from(ALIASES),
    st.sampled_from([str, str.upper, str.lower, lambda s: f"the {s}", lambda s: f"  {s} "]),
)
def test_an_alias_finds_its_party_whatever_its_case_and_article(alias, change):
    each, name = alias
    assert each in [found.entry for found in basic().find(change(name.text))]


@pytest.mark.parametrize(
    ("written", "party"),
    [
        ("داعش", "Islamic State"), ("حزب الله", "Hezbollah"), ("Хезболла", "Hezbollah"), ("حماس", "Hamas"), ("ЧВК Вагнер", "Wagner Group"),
        ("Al-Qaʿida", "Al-Qaeda"), ("Kataeb Hezbollah", "Kata'ib Hezbollah"), ("Lashkar-e-Tayba", "Lashkar-e-Taiba"),
        ("Polisario Front", "Polisario Front"), ("Frente POLISARIO", "Polisario Front"), ("Farabundo Marti Front for National Liberation", "Farabundo Marti National Liberation Front"),
        ("Taleban movement", "Taliban"), ("Front islamique du salut", "Islamic Salvation Front"), ("Organisation of the Popular Mobilisation Units", "Popular Mobilization Forces"),
    ],
)  # fmt: skip
def test_a_name_in_another_script_spelling_or_language_finds_its_party(written, party):
    found = basic().one(written)
    assert (found.entry.name if found else None) == party


@pytest.mark.parametrize(
    ("written", "held"),
    [("God's Army", "Army of God"), ("Brigade 301", "Brigade 48"), ("Gok Dinka", "Gak Dinka"), ("INPFL", "NPFL"), ("Armed Islamic Movement", "Armed Islamic Group"), ("NDFB", "NDFB-S")],
)  # fmt: skip
def test_near_misses_are_not_found(written, held):
    register = Parties([[Entry("1", held, "armed group", list="x")]], based=False)
    assert register.find(held)
    assert register.find(written) == ()


@pytest.mark.parametrize(
    "words", ["Syrian rebels", "Islamist group", "Colombian militia", "National movement", "armed group"]
)
def test_common_words_are_no_name(words):
    assert basic().find(words) == ()
    assert named(f"The {words} fled.", words)[words].entry is None


def test_what_two_parties_are_called_stays_two_and_a_country_tells_them_apart():
    two = [
        Entry("1", "ELN", countries=("Colombia",), list="x"),
        Entry("2", "ELN (Bolivia)", names=(Name("ELN", "ELN (Bolivia)"),), countries=("Bolivia",), list="x"),
    ]
    register = Parties([two], based=False)
    assert len(register.find("ELN")) == 2
    assert register.one("ELN") is None
    assert register.one("ELN", countries=["Bolivia"]).entry.code == "2"


def test_an_unknown_party_is_found_nowhere():
    assert basic().find("Blue Lantern Society") == ()


# ---------------------------------------------------------------- lists

LIST = st.lists(
    st.builds(lambda code, name: Entry(str(code), name, list="one"), st.integers(0, 9), st.sampled_from(["Red Legion", "Blue Hand", "Green Front", "RL"])), max_size=8
)  # fmt: skip


@given(LIST, LIST, st.randoms(use_true_random=False))
def test_what_is_known_does_not_depend_on_the_order_of_lists_or_rows(one, other, chance):
    second = [Entry(each.code, each.name, list="two") for each in other]
    shuffled = [*one]
    chance.shuffle(shuffled)
    registers = Parties([one, second], based=False), Parties([second, shuffled], based=False)
    assert registers[0].entries == registers[1].entries
    for name in ("Red Legion", "the blue hand", "Rl", "Green fronts"):
        assert registers[0].find(name) == registers[1].find(name)


@settings(max_examples=20)
@given(st.sampled_from(ALIASES))
def test_a_case_s_own_list_wins(alias):
    _, name = alias
    own = [Entry("1", "Our Name For It", names=(Name(name.text, "Our Name For It"),), list="own.csv")]
    assert [found.entry for found in Parties(own=own).find(name.text)] == own


def test_a_row_that_the_base_names_as_the_same_is_one_party_with_it():
    row = Entry(
        "ucdp 323", "PKK", "armed group", (Name("Forces of the Mountains", "PKK"),), list="actors.csv"
    )
    found = Parties([[row]]).one("Forces of the Mountains")
    assert found.entry.name == "Kurdistan Workers' Party"


UCDP = """ActorId,NameData,NameOrig,NameOrigFull,NameOrigFullEng,NameChange,NewName,Splinter,NamePrev,JoinGroup,GroupName,Alliance,NameAlliance,Location,Version
7001,RLA,RLA,Rota Legio Armata,Red Legion Army,0,,1,Old Guard,0,,0,,"Freedonia, Sylvania (North)",9
7002,Government of Freedonia (Old Freedonia),n/a,n/a,n/a,0,,0,,0,,0,,Freedonia,9
7003,,x,x,x,0,,0,,0,,0,,Freedonia,9
7001,Again,x,x,x,0,,0,,0,,0,,Freedonia,9
seven,Bad,x,x,x,0,,0,,0,,0,,Freedonia,9
7004,Blue\u200fHand,x,x,x,0,,0,,0,,0,,Freedonia,9
7005,Green Front,GF,n/a,Green Front,1,New Green Front,0,,1,Red Legion Army,0,,Freedonia,9
7006,Too,many,columns,here,0,,0,,0,,0,,Freedonia,9,and,one,more
"""


def parted(rows):
    rows = list(rows)
    return [row for row in rows if isinstance(row, Entry)], [row for row in rows if isinstance(row, Refused)]


def test_actors_of_ucdp_are_taken_and_what_is_broken_is_refused_by_name(tmp_path):
    path = tmp_path / "actors.csv"
    path.write_text(UCDP, encoding="utf-8")
    taken, refused = parted(partylists.read(path))
    assert [each.code for each in taken] == ["ucdp 7001", "ucdp 7002", "ucdp 7005"]
    assert {name.text for name in taken[0].names} == {"Rota Legio Armata", "Red Legion Army"}
    assert taken[0].countries == ("Freedonia", "Sylvania")
    assert taken[0].ties == (Tie("split from", "Old Guard"),)
    assert [name.text for name in taken[1].names] == ["Government of Freedonia"]
    assert taken[2].ties == (Tie("part of", "Red Legion Army"),)
    assert [(each.row, each.name, each.why.split(":")[0]) for each in refused] == [
        (4, "", "it has no name"),
        (5, "Again", "its id ucdp 7001 is given to a row before it"),
        (6, "Bad", "its ActorId is 'seven', no number"),
        (7, "Blue\u200fHand", "a name holds marks that cannot be seen (U+200F)"),
        (9, "7006", "it has more columns than its head"),
    ]


ACTORS = """# a dictionary
RED_LEGION_ARMY_ ; a note
+RLA
+LEGION_OF_THE_REDS_
\t[COLREB 040106-091231]
OSMAN_OLCAY_
\t[IGOWSTNAT 690101-711231]; rulers
\t[TURGOV >720101]
NEWS_OF_THE_DAY_ [FRAMED]
+NOTHING_SAID_
ORPHAN_
"""


def test_an_actor_dictionary_gives_names_with_other_names_sort_country_and_time(tmp_path):
    path = tmp_path / "some.actors.txt"
    path.write_text(ACTORS + "جيش_الحق_ [SYRREB]\n", encoding="utf-8")
    taken, refused = parted(partylists.read(path))
    assert [(each.name, each.sort, each.countries) for each in taken] == [
        ("Red Legion Army", "armed group", ("Colombia",)), ("Osman Olcay", "body", ("Turkey",)),
        ("News Of The Day", "medium", ("France",)), ("جيش الحق", "armed group", ("Syria",)),
    ]  # fmt: skip
    assert [name.text for name in taken[0].names] == ["RLA", "Legion Of The Reds"]
    assert "2004-01-06 to 2009-12-31" in taken[0].source
    assert [(each.row, each.name, each.why) for each in refused] == [(11, "ORPHAN", "it has no code")]


def test_an_agent_dictionary_gives_words_that_are_no_parties(tmp_path):
    path = tmp_path / "agents.txt"
    path.write_text(
        "# words\nREBEL [~REB]\nARMED_BAND {ARMED_BANDS} [~UAF]\nBROKEN [~ENV}\n", encoding="utf-8"
    )
    taken, refused = parted(partylists.read(path))
    assert [(each.name, each.sort) for each in taken] == [("rebel", "other"), ("armed band", "other")]
    assert [(each.row, each.name) for each in refused] == [(4, "BROKEN [~ENV}")]


def test_a_table_of_nations_gives_governments(tmp_path):
    path = tmp_path / "countries.csv"
    path.write_text(
        'CCA2,Name,CCA3,Nationality\nAF,Afghanistan,AFG,"Afghan, Afghani"\nXX,,XXX,Nobody\n', encoding="utf-8"
    )
    taken, refused = parted(partylists.read(path))
    assert (taken[0].name, [name.text for name in taken[0].names]) == (
        "Government of Afghanistan",
        ["Afghanistan", "Afghan", "Afghani"],
    )
    assert [each.why for each in refused] == ["it has no name"]


def entity(code, schema, **told):
    return json.dumps({"id": code, "schema": schema, "properties": told}, ensure_ascii=False)


def test_entities_of_follow_the_money_come_with_parents_and_memberships(tmp_path):
    path = tmp_path / "entities.ftm.json"
    lines = [
        entity(
            "a",
            "Organization",
            name=["Red Legion"],
            alias=["RL", "الفيلق الأحمر"],
            country=["sy"],
            parent=["b"],
        ),
        entity("b", "PublicBody", name=["Ministry of Legions"], topics=["gov.national"]),
        entity("p", "Person", name=["A. N. Other"]),
        entity("m", "Membership", member=["p"], organization=["a"], startDate=["2014-02"], endDate=["2016"]),
        entity("v", "Vessel", name=["HMS Elsewhere"]),
        "{broken",
        json.dumps(["no", "entity"]),
        entity("n", "Organization", alias=["Nameless"]),
        entity("a", "Organization", name=["Twice"]),
        entity("r", "Organization", name=["Red \u202eLegion"]),
        entity("x", "Organization", name=None, alias=7),
    ]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    taken, refused = parted(partylists.read(path))
    assert {each.name: (each.sort, each.countries, each.ties) for each in taken} == {
        "Red Legion": ("other", ("Syria",), (Tie("part of", "Ministry of Legions"),)),
        "Ministry of Legions": ("office", (), ()),
        "A. N. Other": ("person", (), (Tie("part of", "Red Legion", Years("2014-02", "2016")),)),
    }
    assert sorted(each.row for each in refused) == [6, 7, 8, 9, 10, 11]
    assert Parties([taken]).one("الفيلق الأحمر").entry.name == "Red Legion"


def test_a_case_s_own_list_is_written_as_the_base_is(tmp_path):
    path = tmp_path / "own.csv"
    path.write_text(
        "name,names,sort,countries,ties,over time,described\n"
        'Red Legion,RL;~Reds,armed group,Syria,part of: Free Syrian Army {2014..2016},2016-05..: Crimson Legion | CL,"?the legion"\n'
        "Blue Hand,,gang,,,,\n,,,,,,\n",
        encoding="utf-8",
    )
    register = Parties(own=partylists.read(path))
    found = register.one("CL", date(2017, 1, 1))
    assert (found.entry.name, found.entry.called(date(2017, 1, 1))) == ("Red Legion", "Crimson Legion")
    other = register.one("FSA").entry
    days = (date(2015, 1, 1), None, date(2018, 1, 1))
    told = [register.standing(found.entry, other, day).verdict for day in days]
    assert told == [Verdict.COMPATIBLE, Verdict.UNKNOWN, Verdict.UNKNOWN]
    assert [(each.row, each.name) for each in register.refused] == [(3, "Blue Hand"), (4, "")]


def test_a_line_of_ten_megabytes_is_refused_and_the_rest_taken(tmp_path):
    path = tmp_path / "actors.csv"
    head, first, *_ = UCDP.splitlines()
    path.write_text("\n".join([head, '9,"' + "x" * 10_000_000 + '"', first]) + "\n", encoding="utf-8")
    taken, refused = parted(partylists.ucdp(path))
    assert [each.name for each in taken] == ["RLA"]
    assert [each.row for each in refused] == [2]
    lines = tmp_path / "lines.json"
    lines.write_text(
        entity("a", "Person", name=["x" * 10_000_000]) + "\n" + entity("b", "Person", name=["B"]),
        encoding="utf-8",
    )
    taken, refused = parted(partylists.read(lines))
    assert ([each.name for each in taken], [each.row for each in refused]) == (["B"], [1])


@given(st.binary(max_size=400))
def test_no_bytes_break_a_loader(tmp_path_factory, body):
    path = tmp_path_factory.mktemp("hostile") / "list.txt"
    path.write_bytes(body)
    for load in (
        partylists.ucdp,
        partylists.actors,
        partylists.agents,
        partylists.nations,
        partylists.ftm,
        partylists.own,
    ):
        taken, refused = parted(load(path))
        assert len(taken) + len(refused) <= body.count(b"\n") + body.count(b"\r") + 1 + len(refused)


def test_a_file_that_is_no_list_of_parties_is_named(tmp_path):
    path = tmp_path / "verbs.txt"
    path.write_text("<ISSUE CATEGORY='X'>\nn:school [EDUCATION]\n", encoding="utf-8")
    with pytest.raises(partylists.UnknownList, match="ISSUE"):
        partylists.read(path)


def test_the_lists_at_hand_load_and_name_what_they_refuse(shared):
    rows = list(partylists.read(shared("data/ucdp_actors/data/ucdp_ged/ucdp-actor-221.csv")))
    taken, refused = parted(rows)
    assert (len(taken), len(refused)) == (1723, 2)
    register = Parties([rows])
    codes = {row.code for row in taken}
    # The row of this one party is refused for a mark in its name.
    assert {each.name for each in base() if not codes.issuperset(each.same)} == {
        "National Resistance Front of Afghanistan"
    }
    assert register.one("Jabhat Fateh al-Sham").entry.name == "Al-Nusra Front"


# ---------------------------------------------------------------- how parties stand to each other


@pytest.mark.parametrize(
    ("left", "right", "on", "verdict"),
    [
        ("Nusra Front", "Jabhat Fateh al-Sham", None, Verdict.AGREE), ("Syria", "Syrian government", None, Verdict.AGREE),
        ("YPG", "Syrian Democratic Forces", date(2016, 5, 1), Verdict.COMPATIBLE), ("YPG", "Syrian Democratic Forces", date(2014, 5, 1), Verdict.UNKNOWN),
        ("Syrian Arab Army", "Syria", None, Verdict.COMPATIBLE), ("Tiger Forces", "Syrian Air Force", None, Verdict.COMPATIBLE),
        ("Quds Force", "Iran", None, Verdict.COMPATIBLE), ("HTS", "Nusra Front", None, Verdict.COMPATIBLE), ("Hezbollah", "Syrian army", None, Verdict.CONFLICT),
        ("Hezbollah", "Syrian government", None, Verdict.UNKNOWN), ("Islamic State", "Syrian army", None, Verdict.CONFLICT),
        ("Islamic State", "Taliban", None, Verdict.UNKNOWN), ("Taliban", "Pakistani Taliban", None, Verdict.UNKNOWN), ("Fatah", "Jaish al-Fatah", None, Verdict.UNKNOWN),
        ("RSF", "Sudanese army", date(2015, 1, 1), Verdict.COMPATIBLE), ("RSF", "Sudanese army", date(2024, 1, 1), Verdict.CONFLICT), ("RSF", "Sudanese army", None, Verdict.UNKNOWN),
        ("Taliban", "Afghan National Army", date(2015, 1, 1), Verdict.CONFLICT), ("Russia", "Syria", None, Verdict.UNKNOWN),
    ],
)  # fmt: skip
def test_parties_stand_to_each_other_as_the_lists_say(left, right, on, verdict):
    told, back = basic().relation(left, right, on), basic().relation(right, left, on)
    assert (told.verdict, back.verdict) == (verdict, verdict)
    assert told.why
    if on is None:
        assert Party(left).relation(Party(right)) is verdict


def test_ties_that_never_held_on_one_day_lead_nowhere():
    a = Entry("a", "Red Legion", ties=(Tie("part of", "Blue Hand", Years("2010", "2012")),), list="x")
    b = Entry("b", "Blue Hand", ties=(Tie("part of", "Green Front", Years("2014", None)),), list="x")
    register = Parties([[a, b, Entry("c", "Green Front", list="x")]], based=False)
    assert [up.name for up, _ in register.above(a)] == ["Blue Hand"]
    assert [up.name for up, _ in register.above(b)] == ["Green Front"]
    assert [up.name for up, _ in register.above(a, date(2015, 1, 1))] == []


@given(st.sampled_from(ALIASES), st.sampled_from(ALIASES))
def test_how_two_parties_stand_is_the_same_from_both_sides(left, right):
    a, b = Party(left[1].text), Party(right[1].text)
    assert a.relation(b) is b.relation(a)
    assert a.relation(a) is Verdict.AGREE


# ---------------------------------------------------------------- in a report


def named(text, *more, on=date(2016, 10, 3), countries=()):
    """What the parties of ``text``, and those told by ``more``, are resolved to, by their words."""
    parties = [party for _, _, party in read(text)] + [Party(words, words) for words in more]
    return {
        one.party.words.removeprefix("The "): one for one in resolve(parties, basic(), on, text, countries)
    }


def test_the_former_nusra_front_is_the_fatah_front_with_the_reason_shown():
    told = named("The former al-Nusra Front, now known as Jabhat Fateh al-Sham, shelled the village.")
    one, other = told["al-Nusra Front"], told["Jabhat Fateh al-Sham"]
    assert one.key == other.key
    assert one.name == other.name == "Jabhat Fatah al-Sham"
    assert any("2016-07-28" in why for why in one.reasons)
    assert any("now known as" in why for why in one.reasons)
    assert any("former" in why for why in one.reasons)


@pytest.mark.parametrize(
    "link", [", formerly known as", " (formerly", ", previously called", ", also known as the"]
)
def test_two_names_that_the_report_says_are_one_party_s_are_one_within_it(link):
    told = named(f"The Red Legion Brigade{link} Blue Hand Brigade, fled.")
    assert told["Red Legion Brigade"].key == told["Blue Hand Brigade"].key
    assert any("the report says" in why for why in told["Blue Hand Brigade"].reasons)


def test_names_that_merely_stand_together_stay_two():
    told = named("The Red Legion Brigade and the Blue Hand Brigade fled.")
    assert told["Red Legion Brigade"].key != told["Blue Hand Brigade"].key


def test_an_unknown_party_lives_on_under_its_own_name():
    one = named("The Red Legion Brigade fled.")["Red Legion Brigade"]
    assert (one.name, one.entry, one.reasons) == (
        "Red Legion Brigade",
        None,
        ("no list knows 'Red Legion Brigade'",),
    )


def test_a_description_is_the_one_party_of_that_description_that_the_report_names():
    text = "The Syrian Observatory for Human Rights said that White Helmets came."
    told = named(
        text, "the observatory", "the monitoring group", "the volunteer rescue group", "the ministry"
    )
    assert (
        told["the observatory"].name
        == told["the monitoring group"].name
        == "Syrian Observatory for Human Rights"
    )
    assert told["the volunteer rescue group"].name == "Syrian Civil Defense"
    assert told["the ministry"].entry is None


def test_a_description_that_means_one_listed_party_alone_needs_no_name_beside_it():
    assert (
        named("Nobody.", "the UK-based monitoring group")["the UK-based monitoring group"].name
        == "Syrian Observatory for Human Rights"
    )
    assert named("Nobody.", "the volunteer rescue group")["the volunteer rescue group"].entry is None
    assert (
        named("Nobody.", "the UK-based monitoring group", countries=["Colombia"])[
            "the UK-based monitoring group"
        ].entry
        is None
    )


SHARED = [
    (words, one, other)
    for words in (
        "monitoring group",
        "rights group",
        "news agency",
        "state news agency",
        "defence ministry",
        "UN agency",
        "think tank",
    )
    for one in (each for each, _ in basic().described(words))
    for other in (each for each, _ in basic().described(words))
    if one is not other
]


@given(st.sampled_from(SHARED))
def test_a_description_never_resolves_when_two_parties_of_it_are_named(case):
    words, one, other = case
    parties = [Party(one.name, one.name), Party(other.name, other.name), Party(words, f"the {words}")]
    *_, told = resolve(parties, basic(), None, f"{one.name}, {other.name}, the {words}.")
    assert told.entry is None
    assert one.name in told.reasons[0]
    assert other.name in told.reasons[0]


def test_the_regime_is_the_government_of_the_one_country_in_question_and_the_word_stays():
    one = named("Regime forces shelled the town. The Syrian army denied it.")["Regime forces"]
    assert (one.name, one.party.words) == ("Syrian government", "Regime forces")
    assert "whoever says it" in one.reasons[0]
    assert named("The regime shelled the town.", countries=["Yemen"])["regime"].name == "Yemeni government"
    assert named("The army shelled the town.", countries=["Syria"])["army"].name == "Syrian army"


def test_of_two_arms_in_one_phrase_each_is_its_own_government_s():
    parties = [party for _, _, party in read("Russian and regime warplanes struck.")]
    assert [one.name for one in resolve(parties, basic(), None, "", ["Syria"])] == [
        "Russian government",
        "Syrian government",
    ]


def test_the_regime_of_nobody_or_of_two_countries_stays_as_told():
    assert named("The regime shelled the town.")["regime"].entry is None
    told = named("The Syrian army and the Turkish army met; the regime denied it.")["regime"]
    assert told.entry is None
    assert "Syria or Turkey" in told.reasons[0]
    assert named("Pro-government forces fled.", countries=["Syria"])["Pro-government forces"].entry is None


@pytest.mark.parametrize("words", ["terrorists", "martyrs", "mercenaries", "terrorist groups"])
def test_a_word_of_judgement_names_nobody_unless_the_report_says_whom(words):
    text = f"The Syrian army fought {words}. Al-Nusra Front was near."
    one = named(text, words)[words]
    assert (one.entry, one.party.words) == (None, words)
    assert "the word of whoever says it" in one.reasons[0]
    assert named(f"It fought {words} of Daesh.", words)[words].name == "Islamic State"
    assert named(f"It fought {words} of Daesh. Other {words} fled.", words)[words].entry is None
    assert named(f"It fought {words} from Turkey.", words)[words].entry is None


def test_civil_defence_of_one_country_is_not_that_of_another():
    assert named("White Helmets came.", countries=["Palestine"])["White Helmets"].entry is None
    assert named("White Helmets came.", countries=["Syria"])["White Helmets"].entry is not None


# ---------------------------------------------------------------- read from a text


def told_in(text):
    return sorted({party.name for _, _, party in read(text)})


@pytest.mark.parametrize(
    ("text", "parties"),
    [
        ("Syrian and Russian warplanes struck.", ["Russia", "Syria"]), ("Syrian, Russian and Iranian aircraft struck.", ["Iran", "Russia", "Syria"]),
        ("The Saudi-led coalition and Yemeni government forces advanced.", ["Saudi-led coalition", "Yemeni government"]),
        ("Raids by regime and Russian jets.", ["Russia", "government"]), ("Russian and regime warplanes struck.", ["Russia", "government"]),
        ("Syrian-Russian air strikes", ["Russia", "Syria"]), ("Russian/Syrian jets", ["Russia", "Syria"]),
        ("The so-called Islamic State struck.", ["Islamic State"]), ("The former al-Nusra Front struck.", ["Al-Nusra Front"]),
        ("Government forces advanced.", ["government"]), ("The RSF fought the Tatmadaw.", ["Myanmar army", "Rapid Support Forces"]),
    ],
)  # fmt: skip
def test_compound_parties_become_each_of_their_parties(text, parties):
    assert told_in(text) == parties


def test_a_name_that_is_a_common_word_is_looked_up_and_not_read():
    assert basic().one("3R").entry.name == "Return, Reclamation and Rehabilitation"
    assert told_in("The 3R principle and its ETA of 17 November were a Memorial in PDF.") == []


def test_a_name_within_a_longer_word_is_not_read():
    assert told_in("non-ISIS ISIS-like ISISs") == []


@pytest.mark.parametrize(
    "line", ["[" * 200_000, "{" * 200_000, "NAME " + "{[" * 100_000, "NAME [~A" + "!" * 200_001]
)
def test_brackets_that_never_close_hold_up_no_list(line: str, tmp_path: Path) -> None:
    path = tmp_path / "actors.txt"
    path.write_text(f"HARROW_LEAGUE_ [SYRREB]\n{line}\n", encoding="utf-8")
    begin = time.process_time()
    names = [row.name for row in partylists.read(path) if not isinstance(row, Refused)]
    assert time.process_time() - begin < 2.0
    assert [name.lower() for name in names] == ["harrow league"]
