"""Text, JSON and JSON lines: what is told is taken, what is not told stays unknown."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tallystick.errors import BadRecord, NotText, ReportRefused, TooLarge
from tallystick.evidence import plain
from tallystick.model import Capture, Document

Written = Callable[..., list[Any]]
DAY = date(2016, 10, 7)
FULL = {
    "id": "a-17",
    "title": "Shells strike market",
    "published": "2016-10-07",
    "source": "Ridge Post",
    "url": "https://ridge.example/17",
    "language": "en",
    "text": "Two people were killed.",
}


def test_a_record_tells_all_its_keys(written: Written) -> None:
    for name, content in (
        ("f.json", json.dumps(FULL)),
        ("f.json", json.dumps([FULL])),
        ("f.jsonl", json.dumps(FULL)),
    ):
        (document,) = written(name, content)
        assert document == Document(
            capture=document.capture,
            name="a-17",
            text="Two people were killed.",
            title="Shells strike market",
            publisher="Ridge Post",
            published=DAY,
            published_from="metadata",
            url="https://ridge.example/17",
            language="en",
        )


def test_a_report_without_an_id_is_named_by_its_file_and_place(written: Written) -> None:
    record = '{"text": "Two fell."}'
    assert [d.name for d in written("notes.one.txt", "Two fell.")] == ["notes.one"]
    assert [d.name for d in written("one.json", record)] == ["one"]
    assert [d.name for d in written("list.json", f"[{record}, {record}]")] == ["list-1", "list-2"]
    assert [d.name for d in written("lines.jsonl", f"{record}\n\n{record}\n")] == ["lines-1", "lines-3"]


def test_a_report_that_gives_no_date_has_none(written: Written) -> None:
    for name, content in (
        ("a.txt", "Killed on Friday, 7 October 2016."),
        ("a.json", '{"text": "Killed 2016-10-07"}'),
    ):
        (document,) = written(name, content)
        assert (document.published, document.published_from) == (None, None)


def test_the_date_a_person_gives_fills_only_what_is_unknown(written: Written) -> None:
    dates = ('"2016-10-01T23:00:00+03:00"', "null")
    lines = '{"text": "0"}\n' + "\n".join(f'{{"text": "1", "published": {told}}}' for told in dates)
    told = [(d.published, d.published_from) for d in written("a.jsonl", lines, published=DAY)]
    assert told == [(DAY, "user"), (date(2016, 10, 1), "metadata"), (DAY, "user")]


def test_a_sidecar_fills_what_a_record_does_not_say(written: Written) -> None:
    beside = (
        '{"id": "s", "title": "Of it", "published": "2016-10-05", "source": "Kite Wire", "language": "fr"}'
    )
    (text,) = written("a.txt", "Two fell.", beside=beside, published=DAY)
    assert (text.name, text.title, text.publisher, text.language) == (
        "s",
        "Of it",
        "Kite Wire",
        "fr",
    )
    assert (text.published, text.published_from) == (date(2016, 10, 5), "metadata")
    (record,) = written(
        "a.json", '{"text": "Two.", "title": "Own", "published": "2016-10-06"}', beside=beside
    )
    assert (record.name, record.title, record.publisher) == ("s", "Own", "Kite Wire")
    assert record.published == date(2016, 10, 6)


def test_a_sidecar_of_several_records_names_none_of_them(written: Written) -> None:
    beside = (
        '{"id": "s", "title": "t", "url": "https://x.example", "source": "Kite", "published": "2016-10-05"}'
    )
    for name, content in (
        ("a.jsonl", '{"text": "One."}\n{"text": "Two."}'),
        ("a.json", '[{"text": "1."}, {"text": "2."}]'),
    ):
        documents = written(name, content, beside=beside)
        assert [(d.name, d.title, d.url) for d in documents] == [("a-1", None, None), ("a-2", None, None)]
        assert {(d.publisher, d.published) for d in documents} == {("Kite", date(2016, 10, 5))}


def test_unknown_keys_are_let_be_and_blank_ones_are_unknown(written: Written) -> None:
    record = '{"text": "Two.", "title": " ", "source": null, "id": "", "tags": [{"x": 1.5e99999}]}'
    (document,) = written("a.json", record)
    assert (document.title, document.publisher, document.name) == (None, None, "a")


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=6,
)
records = st.dictionaries(st.sampled_from([*FULL, "other"]), json_values, max_size=8)
# Whatever stands in a file: JSON, nearly JSON, and what is none.
contents = (
    st.lists(records | json_values, max_size=4).map(json.dumps)
    | records.map(json.dumps)
    | st.lists(records.map(json.dumps) | st.text(max_size=20), max_size=4).map("\n".join)
    | st.text(max_size=60)
)


@given(
    content=contents.map(lambda text: text.encode("utf-8", "surrogatepass")) | st.binary(max_size=60),
    ending=st.sampled_from([".txt", ".json", ".jsonl", ".html", ".xyz"]),
)
@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_a_file_holds_it_is_read_or_refused(content: bytes, ending: str, written: Written) -> None:
    items = written(f"any{ending}", content, published=DAY)
    assert items, "something always comes of a file"
    for item in items:
        if isinstance(item, Document):
            assert item.text.strip()
            assert item.published is not None
            for words in (item.text, item.name, item.title or "", item.publisher or "", item.url or ""):
                words.encode()
        else:
            assert isinstance(item, ReportRefused)
            assert f"any{ending}" in str(item)
            str(item).encode()


@given(text=st.text(min_size=1, max_size=80), name=st.sampled_from(["a.txt", "a.json", "a.jsonl"]))
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_characters_are_kept_as_they_are(text: str, name: str, written: Written) -> None:
    words = f"Begin {text.strip()} end."
    content = words if name == "a.txt" else json.dumps({"text": words})
    (item,) = written(name, content)
    if isinstance(item, Document):
        assert "".join(item.text.split()) == "".join(words.split())
    else:
        assert any(c < " " or c == "\x7f" for c in words)


def test_reading_twice_gives_the_same(written: Written) -> None:
    content = "\n".join(json.dumps({**FULL, "id": n, "text": f"{n} fell."}) for n in range(20))
    assert written("a.jsonl", content) == written("a.jsonl", content)


def test_a_text_past_the_limit_is_refused_and_the_next_is_read(written: Written) -> None:
    at = plain.TEXT_LIMIT
    fits, long, short = ({"text": "x" * at}, {"text": "x" * (at + 1)}, {"text": "Two."})
    for name, content in (
        ("a.json", json.dumps([fits, long, short])),
        ("a.jsonl", "\n".join(map(json.dumps, (fits, long, short)))),
    ):
        first, second, third = written(name, content)
        assert (len(first.text), type(second), third.text) == (at, TooLarge, "Two.")
        assert "2,000,001 characters" in str(second)
        assert "split it" in str(second)


def test_one_zero_byte_in_a_long_text_is_enough_to_refuse_it(written: Written) -> None:
    for zero, kind in (("\0", NotText), ("\x07", Document)):
        (item,) = written("a.json", json.dumps({"text": "Two fell. " * 50 + zero}))
        assert type(item) is kind


def test_the_longest_text_fits_on_a_line_even_with_every_character_escaped(written: Written) -> None:
    (document,) = written("a.jsonl", json.dumps({"text": "ق" * plain.TEXT_LIMIT}))
    assert len(document.text) == plain.TEXT_LIMIT


def test_json_nested_past_all_reason_is_refused(written: Written) -> None:
    deep = '{"text": "Two.", "id": ' + "[" * 200_000 + "]" * 200_000 + "}"
    for name in ("a.json", "a.jsonl"):
        (refused,) = written(name, deep)
        assert type(refused) is BadRecord
    first, second = written("b.jsonl", f'{deep}\n{{"text": "Two."}}')
    assert (type(first), second.text) == (BadRecord, "Two.")


def test_bytes_that_went_missing_after_they_were_kept_are_refused_by_record(
    tmp_path: Any, store: Any, kept: Callable[[Any], Capture]
) -> None:
    from tallystick.evidence import path_of, read

    for name in ("a.txt", "a.json", "a.jsonl", "a.html"):
        (tmp_path / name).write_text(name, encoding="utf-8")
        capture = kept(tmp_path / name)
        path_of(store, capture.id).unlink()
        (refused,) = read(capture, path_of(store, capture.id), stem="a")
        assert "tallystick verify" in str(refused)


@pytest.mark.parametrize("name", ["a.txt", "a.json"])
def test_a_file_past_the_limit_is_kept_but_refused(
    name: str, written: Written, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(plain.contents, "__defaults__", (1 << 20,))
    (refused,) = written(name, b" " * ((1 << 20) + 1))
    assert type(refused) is TooLarge
    assert "more than 1 MB" in str(refused)
