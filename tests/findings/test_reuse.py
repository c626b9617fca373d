"""Laws of text reuse: a cut copy is a copy in any order, stock chains nothing, hostile text costs little."""

from __future__ import annotations

import hashlib
import time
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests_build import make_document

from tallystick.findings import copies
from tallystick.findings.reuse import shared

WORDS = [
    f"{a}{b}"
    for a in ("tar", "kel", "hor", "sin", "vel", "mar", "ost", "pel")
    for b in ("ba", "do", "fi", "gu", "ka", "le", "mo", "nu")
]


def sentence(n: int, long: int = 16) -> str:
    """A sentence of its own for each number."""
    drawn = hashlib.sha256(str(n).encode()).digest()
    return f"Item{n} {' '.join(WORDS[drawn[k] % len(WORDS)] for k in range(long))}."


def text(*numbers: int) -> str:
    return " ".join(sentence(n) for n in numbers)


def report(name, body, day="2020-05-02", publisher=None):
    return make_document(body, name, day, publisher)


FIRST = report("first", text(*range(12)), "2020-05-01", "Wire")


# ---------------------------------------------------------------------------------- copies


@given(st.permutations(range(12)), st.integers(5, 12))
def test_a_copy_cut_and_put_in_another_order_is_a_copy(order, kept):
    copy = report("copy", "Another heading entirely. " + text(*order[:kept]), publisher="Paper")
    taken = copies([copy, FIRST])
    assert taken[copy.id] == FIRST.id
    assert taken.between(copy.id, FIRST.id).whole


@given(st.lists(st.integers(100, 400), min_size=4, max_size=12, unique=True))
def test_reports_with_no_sentence_in_common_are_no_copies(numbers):
    other = report("other", text(*numbers))
    assert shared([FIRST, other]) == ()


@given(st.sets(st.integers(0, 11), min_size=1, max_size=4))
def test_a_third_of_the_sentences_told_otherwise_leaves_a_copy(changed):
    body = " ".join(sentence(500 + n) if n in changed else sentence(n) for n in range(12))
    copy = report("copy", body)
    assert copies([FIRST, copy])[copy.id] == FIRST.id


@settings(max_examples=25)
@given(st.permutations(["a", "b", "c", "d", "e"]))
def test_the_order_of_documents_does_not_matter(order):
    every = {
        "a": report("a", text(*range(10)), "2020-05-01"),
        "b": report("b", text(*range(3, 12)), "2020-05-02"),
        "c": report("c", text(*range(8, 20)), "2020-05-02"),
        "d": report("d", text(*range(30, 40)), None),
        "e": report("e", text(*range(30, 36)), "2020-05-09"),
    }
    plain = copies(every.values())
    mixed = copies(every[name] for name in order)
    assert dict(mixed) == dict(plain)
    assert mixed.pairs == plain.pairs == shared(every[name] for name in order)


@given(st.integers(2, 11))
def test_the_words_of_a_passage_are_the_same_in_both(cut):
    copy = report("copy", f"{text(200, 201)} {text(*range(cut))} {text(202)}")
    for pair in shared([FIRST, copy]):
        for left, right in pair.passages:
            assert left.quote == FIRST.text[left.start : left.end]
            assert right.quote == copy.text[right.start : right.end]
            assert left.quote == right.quote


def test_a_passage_in_a_longer_report_is_a_passage_and_no_copy():
    longer = report("longer", text(*range(100, 120), 3, 4, *range(120, 125)))
    whole = report("whole", text(*range(12), *range(200, 212)), "2020-05-01")
    (pair,) = shared([whole, longer])
    assert (pair.passage, pair.whole, pair.sentences) == (True, False, 2)
    assert copies([whole, longer])[longer.id] == longer.id


def test_a_changed_word_does_not_end_a_passage():
    words = FIRST.text.split(" ")
    words[20] = words[60] = "otherwise"
    copy = report("copy", " ".join(words))
    (pair,) = shared([FIRST, copy])
    assert len(pair.passages) == 1


def test_what_copies_a_reports_own_part_is_no_copy_of_what_that_report_copies():
    wire = report("wire", text(*range(10)), "2020-05-01")
    both = report("both", text(*range(20)), "2020-05-02")
    last = report("last", text(*range(10, 20)), "2020-05-03")
    first = copies([wire, both, last])
    assert first[both.id] == wire.id
    assert first[last.id] == both.id


def test_a_copy_of_a_copy_goes_back_to_the_source():
    chain = [report(f"r{n}", text(*range(n, 12)), f"2020-05-0{n + 1}") for n in range(4)]
    assert set(copies(chain).values()) == {chain[0].id}


# ----------------------------------------------------------------------------------- stock


def case_of(outlets: int, days: int, foot: str):
    return [
        report(f"r{o}-{d}", f"{text(1000 + 50 * o + d, 2000 + 50 * o + d)} {foot}", str(date(2020, 1, 1) + timedelta(days=3 * d)), f"Outlet {o}")
        for o in range(outlets)
        for d in range(days)
    ]  # fmt: skip


@pytest.mark.parametrize(("outlets", "days"), [(1, 12), (5, 12)])
def test_what_stands_in_all_reports_of_many_days_makes_none_a_copy(outlets, days):
    every = case_of(outlets, days, text(*range(5)))
    taken = copies(every)
    assert all(document == first for document, first in taken.items())
    assert taken.pairs == ()


def test_an_agencys_stock_sentences_in_many_outlets_over_weeks_make_none_a_copy():
    every = [
        report(
            f"r{n}", f"{text(1000 + n, 2000 + n)} {text(*range(4))}", f"2020-05-{1 + 2 * n:02}", f"Outlet {n}"
        )
        for n in range(12)
    ]
    assert shared(every) == ()


def test_a_copy_is_still_found_above_the_foot_that_all_share():
    foot = text(*range(5))
    every = case_of(3, 12, foot)
    source = report("source", f"{text(*range(60, 70))} {foot}", "2020-01-05", "Outlet 0")
    copy = report("copy", f"{text(*range(62, 70))} {foot}", "2020-01-06", "Outlet 1")
    taken = copies([*every, source, copy])
    assert taken[copy.id] == source.id
    assert sum(document != first for document, first in taken.items()) == 1


def test_a_wire_story_that_twenty_papers_print_in_two_days_is_no_stock():
    wire = report("wire", text(*range(12)), "2020-05-01", "Wire")
    papers = [
        report(f"p{n}", text(*range(n % 3, 12)), f"2020-05-0{2 + n % 2}", f"Paper {n}") for n in range(20)
    ]
    assert set(copies([wire, *papers]).values()) == {wire.id}


def test_a_foot_under_two_thousand_reports_costs_no_comparison_of_all_with_all():
    foot = text(*range(5))
    every = [
        report(f"r{n}", f"{text(3000 + 2 * n, 3001 + 2 * n)} {foot}", str(date(2020, 1, 1) + timedelta(days=n % 90)), f"Outlet {n % 20}")
        for n in range(2000)
    ]  # fmt: skip
    begin = time.process_time()
    assert shared(every) == ()
    assert time.process_time() - begin < 5


# --------------------------------------------------------------------------------- hostile


def test_nothing_and_next_to_nothing_copy_nobody():
    every = [
        report("empty", ""),
        report("signs", "… — !"),
        report("word", "Tarsin"),
        report("twin", "Tarsin"),
    ]
    assert all(document == first for document, first in copies(every).items())
    assert dict(copies([])) == {}


def test_half_a_megabyte_of_one_word_takes_seconds_at_most():
    begin = time.process_time()
    one = report("one", "bomb " * 100_000 + FIRST.text)
    other = report("other", "bomb " * 50_000 + FIRST.text)
    assert shared([one, other, FIRST])
    assert time.process_time() - begin < 15


def test_a_word_of_two_megabytes_is_one_word():
    assert shared([report("one", "A" * 2_000_000), report("other", "A" * 1_999_999)]) == ()


def test_a_copy_is_found_in_a_script_without_spaces():
    told = "星期四空袭击中了塔尔辛的一个市场至少十一人死亡其中包括四名儿童观察组织表示救援人员仍在废墟中寻找幸存者"
    one = report("one", told + "。", "2020-05-01")
    other = report("other", "最新消息。" + told[10:] + "。")
    assert copies([one, other])[other.id] == one.id
    apart = report(
        "apart", "议会昨日讨论了供水和面包价格的问题没有作出任何决定下周将继续举行会议听取各省代表的意见。"
    )
    assert copies([one, apart])[apart.id] == apart.id


@settings(max_examples=30)
@given(st.lists(st.text(max_size=80), max_size=6))
def test_any_text_is_compared_without_complaint(texts):
    every = [report(f"r{n}", body) for n, body in enumerate(texts)]
    assert set(copies(every)) == {document.id for document in every}
