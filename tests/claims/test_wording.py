"""Laws of the wording over whatever a model decided: here the decisions are made up, and the laws judge them."""

from __future__ import annotations

from bisect import bisect_left
from datetime import date

import pytest

from tallystick.claims.candidates import candidates
from tallystick.claims.matters import matter_of
from tallystick.claims.told import Counted, Part, Told, once
from tallystick.claims.wording import Wording

DAY = date(2016, 10, 7)


class Text:
    """A text whose pieces are its words, and a reader that is made to say what the test wants."""

    def __init__(self, text: str) -> None:
        self.text, self.found = text, candidates(text, DAY)
        ends, at = [], 0
        for word in text.split(" "):
            ends.append((at, at + len(word)))
            at += len(word) + 1
        self.offsets = ends

    def piece(self, at: int) -> int:
        return bisect_left([end for _, end in self.offsets], at + 1)

    def told(
        self, words: str, *figures: str, kind: str = "air_strike", total: bool = False, summed: float = 0.0
    ) -> Told:
        out = Told(self.piece(self.text.index(words)), 0.9, kind, total)
        for figure in figures:
            at = self.text.index(figure)
            count = next(c for c in self.found.counts if c.start <= at < c.end)
            out.figures.append(Counted(count, "killed", 0.9, summed=summed))
        return out

    def name(self, sort: str, words: str):
        at = self.text.index(words)
        return next(c for c in getattr(self.found, sort) if c.start <= at < c.end)

    def settled(self, *accounts: Told, summed: float = 0.5) -> list[Told]:
        return Wording(self.text, self.found, self.offsets, self.piece).settled(accounts, summed)

    def figures(self, told: Told) -> list[str]:
        return [self.text[f.start : f.count.end] for f in told.figures]


def test_the_same_toll_told_again_is_one_account_and_another_toll_is_not():
    text = Text(
        "An air strike on Tarsin killed 12 people. The raid killed 12 people. A raid killed 30 people there."
    )
    first, again, other = (
        text.told("An air", "12 people"), text.told("The raid", "12 people"), text.told("A raid", "30 people")
    )  # fmt: skip
    again.figures[0] = Counted(text.found.counts[1], "killed", 0.9)
    merged = once([first, again, other])
    assert [told.piece for told in merged] == [first.piece, other.piece]
    assert len(merged[0].figures) == 2


def test_the_same_toll_on_another_day_is_another_event():
    text = Text("An air strike on Tarsin killed 12 people on Monday. A raid killed 12 people on Thursday.")
    one, two = text.told("An air", "12 people"), text.told("A raid", "12 people")
    two.figures[0] = Counted(text.found.counts[-1], "killed", 0.9)
    one.day, two.day = (text.name("dates", "Monday"), 1.0), (text.name("dates", "Thursday"), 1.0)
    assert len(once([one, two])) == 2


def test_what_has_not_happened_and_has_no_toll_is_no_account():
    text = Text("The army threatened to bomb Tarsin if the rebels stay.")
    assert text.settled(text.told("The army")) == []


def test_a_toll_over_a_stretch_of_time_leaves_the_event_it_was_put_on():
    text = Text(
        "An air strike on Tarsin killed 12 people. At least 500 people have been killed since 3 August."
    )
    settled = text.settled(text.told("An air", "12 people", "500 people"))
    assert [(told.total, text.figures(told)) for told in settled] == [
        (False, ["12 people"]), (True, ["At least 500 people"])
    ]  # fmt: skip


def test_a_toll_that_the_model_takes_for_a_sum_leaves_the_event_and_one_of_nothing_else_is_a_total():
    text = Text("An air strike on Tarsin killed 12 people. In all 40 people died.")
    told = text.told("An air", "12 people")
    told.figures.append(text.told("In all", "40 people", summed=0.6).figures[0])
    settled = text.settled(told, summed=0.5)
    assert [(one.total, text.figures(one)) for one in settled] == [
        (False, ["12 people"]),
        (True, ["40 people"]),
    ]
    (kept,) = text.settled(text.told("In all", "40 people", summed=0.6), summed=0.7)
    assert not kept.total
    (turned,) = text.settled(text.told("In all", "40 people", summed=0.6), summed=0.5)
    assert turned.total


def test_two_tolls_of_one_sentence_with_places_of_their_own_are_two_events():
    text = Text(
        "Seventeen people were killed in an air strike on the town of Kelvach, six people were killed on Friday "
        "by a suicide bomber in the village of Pellin."
    )
    settled = text.settled(text.told("Seventeen", "Seventeen", "six people"))
    assert [(told.kind, told.place and text.text[told.place[0].start : told.place[0].end]) for told in settled] == [
        ("air_strike", None), ("suicide_bombing", "village of Pellin")
    ]  # fmt: skip


def test_a_later_toll_of_another_place_and_day_is_an_event_of_its_own_with_what_follows_it():
    text = Text(
        "An air strike on the town of Kelvach killed 12 people on Monday. In the village of Pellin 20 people were "
        "killed on Thursday. Five children died."
    )
    told = text.told("An air", "12 people", "20 people", "Five children")
    told.day, told.place = (text.name("dates", "Monday"), 1.0), (text.name("places", "Kelvach"), 1.0)
    assert [text.figures(one) for one in text.settled(told)] == [
        ["12 people"],
        ["20 people", "Five children"],
    ]


@pytest.mark.parametrize(
    ("words", "role", "held"),
    [
        ("The army denied it", "perpetrator", "denied"),
        ("The Blue Front claimed responsibility", "claimant", "claimed"),
        (
            "The Blue Front said its fighters had fired the rockets and aimed at soldiers",
            "claimant",
            "claimed",
        ),
        ("The Blue Front said it had targeted a barracks", "claimant", "claimed"),
    ],
)
def test_who_answers_for_a_deed_goes_with_the_account_before(words, role, held):
    text = Text(f"An air strike on Tarsin killed 12 people. {words}.")
    (told,) = text.settled(text.told("An air", "12 people"))
    assert [(part.role, part.held) for part in told.parties] == [(role, held)]


def test_who_says_that_others_fired_claims_nothing():
    text = Text("An air strike on Tarsin killed 12 people. The Blue Front said rockets had hit its barracks.")
    (told,) = text.settled(text.told("An air", "12 people"))
    assert told.parties == []


def test_an_answer_replaces_what_else_was_decided_of_its_words():
    text = Text("An air strike on Tarsin killed 12 people. The army denied it.")
    told = text.told("An air", "12 people")
    told.parties = [Part(text.name("parties", "army"), "opponent", "stated", 0.9)]
    (settled,) = text.settled(told)
    assert [part.held for part in settled.parties] == ["denied"]


def test_a_heading_over_an_event_is_that_event_and_a_whole_sentence_before_it_is_not():
    body = "Hours later rockets struck the bus station in Northgate and 12 people were killed."
    for heading, accounts in (("Rockets on the bus station\n\n ", 1), ("Rockets hit the bus station. ", 2)):
        text = Text(heading + body)
        settled = text.settled(
            text.told("Rockets", kind="shelling"), text.told("Hours", "12 people", kind="shelling")
        )
        assert len(settled) == accounts
        assert text.figures(settled[-1]) == ["12 people"]


@pytest.mark.parametrize(
    ("second", "accounts"),
    [
        ("More than 20 others were wounded when planes hit the town.", 1),
        ("In a separate raid 20 others were wounded.", 2),
        ("On Thursday 20 others were wounded.", 2),
        ("In the town of Pellin 20 others were wounded.", 2),
        ("Some 20 villagers were wounded.", 2),
    ],
)
def test_others_are_hurt_where_the_first_were_unless_a_day_a_place_or_a_word_parts_them(second, accounts):
    text = Text(f"A raid on the town of Kelvach killed 12 people on Monday. {second}")
    one, two = text.told("A raid", "12 people"), text.told(second.split()[0], "20")
    two.figures[0] = Counted(two.figures[0].count, "wounded", 0.9)
    one.day, one.place = (text.name("dates", "Monday"), 1.0), (text.name("places", "Kelvach"), 1.0)
    settled = text.settled(one, two)
    assert len(settled) == accounts
    assert sum(len(told.figures) for told in settled) == 2


def test_a_toll_told_of_where_it_was_is_of_that_place_whatever_stood_before():
    text = Text(
        "Four people were killed in the village of Pellin. They spoke of a raid on the village of Solem where "
        "nine people were killed by shells."
    )
    told = text.told("Four", "Four people", "nine people")
    told.place = text.name("places", "Pellin"), 1.0
    first, second = text.settled(told)
    assert (text.figures(first), text.figures(second)) == (["Four people"], ["nine people"])
    assert second.place is not None
    assert text.text[second.place[0].start : second.place[0].end] == "village of Solem"


@pytest.mark.parametrize(
    ("words", "harm"),
    [
        ("The rebels captured six soldiers near the bridge.", "captured"),
        ("Six hostages were seized by armed men.", "captured"),
        ("Gunmen kidnapped at least six villagers.", "captured"),
        ("The rebels captured and killed six soldiers.", "killed"),
        ("Six soldiers were captured and shot.", "killed"),
        ("Six soldiers were captured on Monday and shot.", "killed"),
        ("Gunmen kidnapped six villagers and killed them.", "killed"),
        ("The army killed four men and captured six others.", "captured"),
        ("The rebels captured the town and killed six soldiers.", "killed"),
    ],
)
def test_whose_number_the_verb_of_taking_governs_was_taken(words, harm):
    text = Text(words)
    (told,) = text.settled(text.told(words.split()[0], "ix "))
    assert [figure.kind for figure in told.figures] == [harm]


def test_who_was_among_them_befell_what_befell_them():
    text = Text(
        "Four people died in Solem. A woman and two pupils were among them and five people were wounded."
    )
    told = text.told("Four", "Four people", "A woman", "two pupils", "five people")
    told.figures = [
        Counted(figure.count, harm, 0.9)
        for figure, harm in zip(told.figures, ("killed", "wounded", "killed", "wounded"), strict=True)
    ]
    (settled,) = text.settled(told)
    assert {text.text[f.start : f.count.end]: (f.kind, f.count.value.toll.group) for f in settled.figures} == {
        "Four people": ("killed", "people"), "A woman": ("killed", "women"),
        "two pupils": ("killed", "other:part"), "five people": ("wounded", "people"),
    }  # fmt: skip


def test_what_happened_in_the_same_town_happened_where_the_account_before_did():
    text = Text("A raid on the town of Kelvach killed 12 people. Shells in the same town killed four people.")
    one, two = text.told("A raid", "12 people"), text.told("Shells", "four people", kind="shelling")
    one.place = text.name("places", "Kelvach"), 1.0
    assert [told.place == one.place for told in text.settled(one, two)] == [True, True]
    other = Text("A raid on the town of Kelvach killed 12 people. Shells in another town killed four people.")
    one, two = other.told("A raid", "12 people"), other.told("Shells", "four people", kind="shelling")
    one.place = other.name("places", "Kelvach"), 1.0
    assert other.settled(one, two)[1].place is None


def test_a_party_named_with_one_of_two_deeds_of_a_sentence_is_of_that_one():
    text = Text(
        "Seventeen people were killed in an air strike on the town of Kelvach, six people were killed on Friday "
        "by the Blue Front in the village of Pellin in a suicide bombing."
    )
    told = text.told("Seventeen", "Seventeen", "six people")
    told.parties = [Part(text.name("parties", "Blue Front"), "perpetrator", "stated", 0.9)]
    first, second = text.settled(told)
    assert (first.parties, [part.party.value.name for part in second.parties]) == ([], ["Blue Front"])


@pytest.mark.parametrize(
    ("second", "goes_back"),
    [
        ("The army said that nine people had been killed there by shells.", True),
        ("The ministry put the dead of the same raid at nine people.", True),
        ("At least nine people were killed at the market.", True),
        ("There were nine people killed elsewhere.", False),
        ("On Friday nine people were killed there.", False),
        ("At least nine people were killed at the school.", False),
        ("In the village of Pellin nine people were killed there.", False),
        ("The army said that attacks killed nine people.", False),
    ],
)
def test_a_sentence_goes_back_to_an_account_by_words_for_it_and_not_with_a_day_or_place_of_its_own(
    second, goes_back
):
    text = Text(f"A raid hit the Weavers’ Market in Kelvach. {second}")
    told = text.told("A raid")
    wording = Wording(text.text, text.found, text.offsets, text.piece)
    assert (wording.back(1, [told]) is told) == goes_back
    assert wording.back(0, [told]) is None


@pytest.mark.parametrize(
    ("hit", "where", "goes_back"),
    [
        ("the police station", "police station", True),
        ("the power station", "police station", False),
        ("a bus", "buses", True),
        ("two churches", "church", True),
    ],
)
def test_what_was_hit_is_one_by_what_it_is(hit, where, goes_back):
    text = Text(f"A raid hit {hit} in Kelvach. At least nine people were killed at the {where}.")
    told = text.told("A raid")
    wording = Wording(text.text, text.found, text.offsets, text.piece)
    assert (wording.back(1, [told]) is told) == goes_back


def test_where_the_hurt_were_brought_or_died_is_not_where_they_were_harmed():
    for second in (
        "The wounded were taken to the village of Solem where nine people were treated and killed",
        "They mourn in the village of Solem where nine people died",
    ):
        text = Text(f"Four people were killed in the village of Pellin. {second}.")
        told = text.told("Four", "Four people", "nine people")
        told.place = text.name("places", "Pellin"), 1.0
        assert len(text.settled(told)) == 1


def test_a_toll_told_of_where_it_was_goes_to_the_event_there_of_its_day_and_into_no_total():
    words = "Four people were killed in the village of Pellin, near the village of Solem where nine people were shot{}."
    for when, joined in (("", True), (" on Thursday", False)):
        text = Text("A raid on the village of Solem killed 30 people on Monday. " + words.format(when))
        raid, told = text.told("A raid", "30 people"), text.told("Four", "Four people", "nine people")
        raid.place, raid.day = (text.name("places", "Solem"), 1.0), (text.name("dates", "Monday"), 1.0)
        told.place = text.name("places", "Pellin"), 1.0
        settled = text.settled(raid, told)
        assert (["30 people", "nine people"] in [text.figures(one) for one in settled]) == joined
    raid.total = True
    assert text.figures(text.settled(raid, told)[0]) == ["30 people"]


def test_others_are_of_no_account_that_lacks_the_day_or_place_that_they_have():
    text = Text("A raid by planes killed 12 people. On Thursday 20 others were wounded by the army.")
    one, two = text.told("A raid", "12 people"), text.told("On", "20")
    two.figures[0] = Counted(two.figures[0].count, "wounded", 0.9)
    two.day = text.name("dates", "Thursday"), 1.0
    assert len(text.settled(one, two)) == 2
    text = Text("A raid by planes killed 12 people. Some 20 others were wounded by the army.")
    one, two = text.told("A raid", "12 people"), text.told("Some", "20")
    two.figures[0] = Counted(two.figures[0].count, "wounded", 0.9)
    two.parties = [Part(text.name("parties", "army"), "perpetrator", "stated", 0.9)]
    (both,) = text.settled(one, two)
    assert [part.party.value.name for part in both.parties] == ["army"]


def test_a_heading_keeps_the_parties_of_what_stands_below():
    text = Text(
        "The army shells Kelvach\n\n Shells of the Blue Front hit the town of Kelvach and killed 12 people."
    )
    one = text.told("The army", kind="shelling")
    two = text.told("Shells", "12 people", kind="shelling")
    one.parties = [Part(text.name("parties", "army"), "perpetrator", "stated", 0.9)]
    two.parties = [Part(text.name("parties", "Blue Front"), "perpetrator", "stated", 0.9)]
    one.place = two.place = text.name("places", "town of Kelvach"), 1.0
    (both,) = text.settled(one, two)
    assert [part.party.value.name for part in both.parties] == ["army", "Blue Front"]
    two.place = None
    assert len(text.settled(text.told("The army", kind="shelling"), two)) == 2


def test_the_wounded_who_died_are_dead():
    text = Text("Eight wounded people died overnight. Nine wounded people were treated.")
    told = text.told("Eight", "Eight", "Nine")
    told.figures = [Counted(figure.count, "wounded", 0.9) for figure in told.figures]
    (settled,) = text.settled(told)
    assert [figure.kind for figure in settled.figures] == ["killed", "wounded"]


def test_a_province_of_the_report_lies_in_no_other_one():
    text = Text(
        "Raids on Kelvach in Daral killed 12 people. Raids on Daral killed 3 people. Raids on Omrun killed 9 people."
    )
    first, second = text.told("Raids", "12 people"), text.told("Raids on Daral", "3 people")
    first.place, first.admin1 = (text.name("places", "Kelvach"), 1.0), (text.name("places", "Daral"), 1.0)
    daral = text.name("places", "Daral killed")
    second.place, second.admin1 = (daral, 1.0), (text.name("places", "Omrun"), 1.0)
    settled = text.settled(first, second)
    assert [told.admin1 and told.admin1[0].name for told in settled] == ["daral", "daral"]


def test_what_a_mine_did_is_no_shelling_unless_something_was_fired_there():
    mined = Text(
        "A shepherd was killed by a landmine on the Pellin road. Shells hit a mine clearing team near Omrun."
    )
    first, second = mined.told("A shepherd", kind="shelling"), mined.told("Shells", kind="shelling")
    kinds = [told.kind for told in mined.settled(first, second)]
    assert kinds == ["landmine", "shelling"]
    for words, kind in (("A mine", "landmine"), ("A suicide bomber beside a mine", "suicide_bombing")):
        text = Text(f"{words} exploded under a bus near Omrun.")
        assert [told.kind for told in text.settled(text.told("A", kind="suicide_bombing"))] == [kind]


@pytest.mark.parametrize(
    ("topic", "words", "kind"),
    [
        ("control", "rebel forces still hold the eastern quarters", "control"),
        ("control", "the road is under government control", "control"),
        ("control", "Thursday is the main trading day there", None),
        ("forces", "two hundred fighters and several tanks reached the front", "forces"),
        ("forces", "the nurse who runs the village clinic", None),
        ("population", "60,000 people remain in the east", "population"),
    ],
)
def test_ground_and_forces_are_told_by_their_words(topic, words, kind):
    assert matter_of(topic, "stated", words) == kind
