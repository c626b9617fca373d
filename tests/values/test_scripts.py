"""One name in several scripts: what sounds alike is one, and what a side, a number or a word tells apart is two."""

from __future__ import annotations

import json
import time
import unicodedata

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tallystick.values.likeness import FLOOR, compare, told_apart
from tallystick.values.names import alike, spelt_alike
from tallystick.values.scripts import bare, likeness, script, sound

SORTS = ("place", "person", "organisation")

ONE = """
place: Харків = Kharkiv; Kharkov = Kharkiv; Харьков = Kharkiv; Київ = Kyiv; Kiev = Kyiv; Киев = Київ; Луганськ = Luhansk
place: Lugansk = Luhansk; Донецьк = Donetsk; Донецк = Донецьк; Chernigov = Chernihiv; Запоріжжя = Zaporizhzhia
place: Горлівка = Horlivka; Маріуполь = Мариуполь; Одеса = Odessa; Грозный = Grozny; Белгород = Belgorod
place: الشيخ سعيد = Sheikh Saeed; Sheikh Said = Cheikh Saïd; Sheikh Sa'id = Skeikh Saeed; حي الشيخ سعيد = Sheikh Saeed district
place: دير الزور = Deir ez-Zor; Deirezzor = Deir ez-Zor; Dayr az-Zawr = دير الزور; Hasakah = الحسكة; Hassakeh = Al-Hasakah; السويداء = As-Suwayda
place: Eastern Ghouta = الغوطة الشرقية; East Ghouta = Eastern Ghouta; Sharqia = الشرقية; جبل الزاوية = Mount Zawiya
place: شارع ١٠٥ = 105 Street; Djebel Chambi = Jabal Shambi; خان يونس = Khan Younis; تل أبيض = Tell Abyad; النجف = Najaf
place: Усть-Джегута = Ust-Dzheguta; حماة = Hama; حمص = Homs; صنعاء = Sana'a; تعز = Taiz; الحديدة = Hodeidah; بيروت = Beyrouth; سامراء = Samarra
place: חיפה = Haifa; תל אביב = Tel Aviv; נתניה = Netanya; אשקלון = Ashkelon; רמאללה = رام الله; کرمانشاه = Kermanshah
place: سلێمانی = Slêmanî; قرية معردبسة = Maardabsah village; Донецька область = Donetsk oblast; улица Ленина = Lenin street
person: محمد = Mohammed; Muhammad = Mohamed; حسن نصر الله = Hassan Nasrallah; Abd al-Rahman = Abdulrahman
person: عبد الرحمن = Abdelrahman; عبدالله = Abdullah; Abu Bakr al-Baghdadi = al-Baghdadi; J. Smith = John Smith
person: أبو بكر البغدادي = Abou Bakr al-Baghdadi; Smith, John = John Smith; Nour Eddine = Noureddine
person: Volodymyr Zelenskyy = Владимир Зеленский; Юлія Тимошенко = Yulia Tymoshenko; יצחק = Itzhak; Qaddafi = Kadhafi
person: Mohammed bin Salman = محمد بن سلمان; Sheikh Ahmed Yassin = أحمد ياسين; Recep Tayyip Erdoğan = Recep Tayyip Erdogan
organisation: Jabhat al-Nusra = Nusra Front; جبهة النصرة = al-Nusra Front; Army of Islam = Jaysh al-Islam
organisation: First Corps = الفيلق الأول; حزب الله = Hezbollah; Ansarullah = أنصار الله; Hamas = حماس
"""
TWO = """
place: East Ghouta = West Ghouta; الغوطة الشرقية = Western Ghouta; الغوطة الشرقية = الغوطة الغربية; Ghouta = Eastern Ghouta
place: Aleppo = Idlib; Homs = Hama; Kherson = Kharkiv; Donetsk = Luhansk; حلب = Hama; حماة = Homs; تعز = Taif
place: شارع 105 = 106 Street; شارع ١٠٥ = street 106; Lenin street = Lenin avenue; Деір = Kyiv; Upper Town = Lower Town
place: Deir Hafer = Deir Jamal; Beit Hanoun = Beit Lahia; Khan Yunis = Khan Shaykhun; بيت لاهيا = Beit Hanoun
place: خان شيخون = Khan Younis; Tell Abyad = Tell Rifaat; تل أبيض = Tell Tamer; Северная Осетия = South Ossetia
place: Північна вулиця = South street; Новий Буг = Old Bug; Jubb al-Jarrah = Jarabulus; Palmyra = Palmyra airport
place: Mosul bridge = Mosul; Саратов = Samara; Самара = Saratov; חיפה = Hebron; חברון = Haifa; אשדוד = Ashkelon
place: Kramatorsk = Краматорская улица; Raqqa = Rastan; الرستن = Raqqa; Donetsk oblast = Donetsk city
place: Upper Galilee = Lower Galilee; الفوقاني = التحتاني; Jebel Sinjar = Sinjar village; New Halfa = Old Halfa
person: John Smith = Jane Smith; Hassan Ali = Hussein Ali; Hafez al-Assad = بشار الأسد; Muhammad = Muhammad Ali
person: Ahmed Yassin = Ahmed Hassan; J. Smith = Karl Smith; Владимир Путин = Vladimir Zhirinovsky
person: Petro Poroshenko = Петро Симоненко; Ali Khamenei = علي خليفة; J. S. = John Smith; Rashid Ahmad = Rashid Mahmud
person: Martin King Jr = Martin King Sr; Ibrahim Musa = موسى إسماعيل; Khaled Meshaal = خالد الأسعد; Nouri = Nouri al-Maliki
organisation: Brigade 105 = Brigade 106; اللواء ١٠٥ = Brigade 106; First Corps = الفيلق الثاني; Jaysh al-Fatah = Fatah Movement
organisation: Islamic Army = Islamic Front; Liwa al-Tawhid = لواء الحق; 46th Division = 46th Brigade; Hamas = Hashd
organisation: Northern Front = الجبهة الجنوبية; Ahrar al-Sham = Faylaq al-Sham; جيش الإسلام = Jaysh al-Fatah
"""


def rows(table: str) -> list[tuple[str, str, str]]:
    return [
        (sort, *pair.strip().split(" = "))
        for line in table.strip().splitlines()
        for sort, _, pairs in [line.partition(": ")]
        for pair in pairs.split(";")
    ]


NAMES = st.one_of(
    st.text(max_size=40),
    st.text(st.sampled_from("ابتثجحخدذرزسشصضطظعغفقكلمنهويىةءأإآ ال١٢٣"), max_size=20),
    st.text(st.sampled_from("абвгґдеєжзиіїйклмнопрстуфхцчшщьюя -"), max_size=20),
    st.text(st.sampled_from("אבגדהוזחטיכלמנסעפצקרשת '-"), max_size=20),
    st.text(st.sampled_from("abcdefghijklmnopqrstuvwxyzABEŠḥāʿé' -.,105"), max_size=25),
    st.sampled_from([name for _, *pair in rows(ONE + TWO) for name in pair]),
    st.lists(st.sampled_from(["east", "West", "شمال", "old", "105", "١٠٥", "village", "حي", "al-Sham", "bin", "J.", "улица"]), max_size=5).map(" ".join),
)  # fmt: skip


@pytest.mark.parametrize(("sort", "left", "right"), rows(ONE))
def test_spellings_of_one_name_are_one(sort, left, right):
    found = compare(left, right, sort)
    assert found.same, found


@pytest.mark.parametrize(("sort", "left", "right"), rows(TWO))
def test_names_of_two_are_two(sort, left, right):
    found = compare(left, right, sort)
    assert not found.same, found


@given(NAMES, NAMES, st.sampled_from(SORTS))
@settings(max_examples=400, deadline=None)
@example("ﷺ", "ﬁ", "place")
@example("\ud800", "\x00", "person")
@example("9" * 5000, "٩" * 5000, "organisation")
def test_a_comparison_is_symmetric_bounded_and_says_why(left, right, sort):
    found = compare(left, right, sort)
    assert found == compare(right, left, sort)
    assert 0.0 <= found.score <= 1.0
    assert found.same == (found.score >= FLOOR[sort])
    assert found.why
    assert likeness(left, right) == likeness(right, left)
    assert 0.0 <= likeness(left, right) <= 1.0
    assert told_apart(left, right) == told_apart(right, left)
    assert spelt_alike(left, right) == spelt_alike(right, left)


@given(NAMES, st.sampled_from(SORTS))
@settings(max_examples=300, deadline=None)
def test_a_name_that_sounds_at_all_is_wholly_like_itself(name, sort):
    if sound(name).voiced:
        assert likeness(name, name) == 1.0
        assert compare(name, name, sort)[:2] == (1.0, True)
    else:
        assert compare(name, name, sort)[:2] == (0.0, False)


@given(
    st.sampled_from([name for _, *pair in rows(ONE + TWO) for name in pair]), NAMES, st.sampled_from(SORTS)
)
@settings(max_examples=200, deadline=None)
def test_case_and_marks_that_nobody_hears_make_no_difference(name, other, sort):
    """Capitals, direction marks, vowel points, the stroke that stretches, letters composed or not."""
    expected = compare(name, other, sort)
    pointed = "".join(sign + {"arabic": "\u064e", "hebrew": "\u05b8"}.get(script(sign), "") for sign in name)
    stretched = name if script(name) != "arabic" else name.replace("حم", "حـم")
    for same in (
        name.upper(), name.lower(), f"\u200f{name}\u200e", f"\u202b{name}\u202c", pointed, stretched,
        unicodedata.normalize("NFD", name), f"  {name} ",
    ):  # fmt: skip
        assert compare(same, other, sort) == expected, same


@pytest.mark.parametrize("article", ["al-", "Al ", "el-", "the ", "AL-"])
@pytest.mark.parametrize("name", ["Hasakah", "Rastan", "Baghdadi", "Nusra", "Sham"])
def test_an_article_makes_no_difference(article, name):
    assert sound(article + name) == sound(name)
    for sort in SORTS:
        assert compare(article + name, name, sort)[:2] == (1.0, True)


@pytest.mark.parametrize(
    ("written", "plain"),
    [("ash-Shaykh", "shaykh"), ("as Suwayda", "Suwayda"), ("الرستن", "رستن"), ("Аль-Раи", "Раи"), ("Abd us-Salam", "Abd as-Salam"), ("Эр-Рияд", "Рияд")],
)  # fmt: skip
def test_an_article_that_takes_the_sound_of_its_word_is_heard_as_one(written, plain):
    assert sound(written) == sound(plain)


@pytest.mark.parametrize(
    "text",
    ["ا" * 100_000, "al-" * 33_000, "abd al " * 14_000, "н" * 100_000, "a'" * 50_000, " " * 100_000, "١" * 100_000, "שה" * 50_000,
     "East " * 20_000, "".join(f"{chr(97 + n % 26)}o{chr(97 + n // 26 % 26)}a " for n in range(25_000)), "e\u0301" * 50_000, "\U0001f600" * 100_000, "الله " * 20_000],
)  # fmt: skip
def test_a_name_of_a_hundred_thousand_signs_is_heard_in_time_that_grows_with_its_length_alone(text):
    begin = time.process_time()
    sound(text)
    for sort in SORTS:
        compare(text, "Aleppo", sort)
    compare(f"b c d {text[:20_000]}", f"{text[:20_000]} x y z", "person")
    assert time.process_time() - begin < 2.0


def test_the_reason_names_what_tells_two_names_apart():
    assert compare("Brigade 105", "اللواء ١٠٦", "organisation").why == "they differ by the number 105, 106"
    assert compare("شرق حلب", "West Aleppo").why == "they differ by east, west"
    assert compare("Lenin street", "проспект Ленина").why == "called otherwise: avenue, street"


def test_what_is_told_in_part_is_less_sure_than_what_is_told_in_full():
    full = compare("أبو بكر البغدادي", "Abu Bakr al-Baghdadi", "person").score
    assert compare("al-Baghdadi", "Abu Bakr al-Baghdadi", "person").score < full < 1.0
    assert (
        compare("J. Smith", "John Smith", "person").score < compare("Jon Smith", "John Smith", "person").score
    )


@pytest.mark.parametrize(("sort", "left", "right"), [("place", "village", "city"), ("person", "General", "شيخ"), ("place", "East", "village"), ("organisation", "movement", "party")])  # fmt: skip
def test_generic_words_alone_name_nothing(sort, left, right):
    assert not compare(left, right, sort).same
    assert compare(left, left, sort).same


def test_a_sort_that_is_none_is_refused():
    with pytest.raises(KeyError):
        compare("Homs", "Hama", "river")


def test_the_key_of_a_name_is_the_same_in_every_script():
    assert {sound(name).coarse for name in ("Харьков", "Харків", "Kharkiv", "Kharkov", "خاركوف")} == {"KRKB"}
    assert {sound(name).coarse for name in ("Deir ez-Zor", "دير الزور", "Deirezzor", "Дейр-эз-Зор")} == {
        "DRSR"
    }


def test_a_mark_over_a_letter_is_bare_of_meaning_only_where_nobody_hears_it():
    assert bare("اليَمَن") == "اليمن"
    assert bare("Харків") == "харків"  # "ї" and "й" are letters of their own
    assert bare("Київ") == "київ"


def test_places_told_in_two_scripts_may_be_one_and_sides_stay_apart():
    assert spelt_alike("حي الشيخ سعيد", "Sheikh Saeed district")
    assert spelt_alike("Харків", "Kharkiv")
    assert not spelt_alike("الغوطة الشرقية", "West Ghouta")
    assert not alike("الغوطة الشرقية", "الغوطة الغربية")
    assert not alike("Первая бригада", "Вторая бригада")


def test_most_arabic_names_are_found_again_in_latin_letters_and_few_others(shared):
    """On the development part of ANETAC, each name against its own spelling and against its neighbour's."""
    folder = shared("data/anetac") / "EN-AR Translit"
    latin, arabic = (
        [line.strip() for line in (folder / f"dev.{part}").read_text(encoding="utf-8").splitlines()]
        for part in ("en", "ar")
    )
    own = sum(compare(a, b, "place").same for a, b in zip(latin, arabic, strict=True))
    other = sum(compare(a, b, "place").same for a, b in zip(latin[1:], arabic, strict=False))
    assert own / len(latin) > 0.90
    assert other / len(latin) < 0.01


def test_the_table_of_generic_words_says_one_thing_of_a_word():
    from tallystick.values.likeness import _senses

    assert json.dumps(_senses("place")) == json.dumps(_senses("place"))
    assert _senses("place")["الشرقية"].senses == ("east",)
    assert {sense.kind for sort in SORTS for sense in _senses(sort).values()} == {"side", "loose", "kept"}
