"""An encoding is told from bytes that leave no doubt, and never guessed: no mojibake."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tallystick.errors import NotText
from tallystick.evidence.encodings import CODECS, told
from tallystick.model import Document

ARABIC = (
    "قتل شخصان وأصيب أحد عشر آخرون يوم الجمعة عندما سقطت قذائف على سوق المدينة، وقال المرصد إن القصف "
    "استمر حتى المساء من المواقع التي في الشمال."
)
RUSSIAN = (
    "Два человека погибли и одиннадцать были ранены в пятницу, когда снаряды упали на рынок, сообщил "
    "наблюдатель. По его словам, это не первый обстрел."
)
UKRAINIAN = (
    "Двоє людей загинули і одинадцять були поранені у п'ятницю, коли снаряди впали на ринок, повідомив "
    "спостерігач. За його словами, це не перший обстріл армії."
)
TYPED = "The ministry said: “Our forces did not fire” – and the town’s monitor said that they did."
NAMES = "Two men died at the café in Zürich on Friday, a witness said to the desk."

CERTAIN = [
    (ARABIC, "windows-1256"),
    (RUSSIAN, "windows-1251"),
    (UKRAINIAN, "windows-1251"),
    (TYPED, "windows-1252"),
    (NAMES, "windows-1252"),
    (f"The statement read: «{RUSSIAN}» (in Russian).", "windows-1251"),
    (TYPED, "utf-16-le"),
    (TYPED, "utf-16-be"),
    (ARABIC, "utf-16-le"),
    (RUSSIAN, "utf-16-be"),
]
# Written in what is not told, or too short to be told from its rivals.
UNCERTAIN = [
    ("Señor Gomez left the town on Friday, a witness said.", "cp1252"),
    ("Two people left Poznań on Friday, a witness said.", "cp1250"),
    ("Dwie osoby zginęły w piątek na rynku, powiedział obserwator. Ludność uciekła.", "cp1250"),
    ("Dwie osoby zginęły w piątek na rynku, powiedział obserwator. Ludność uciekła.", "iso8859_2"),
    ("Cuma günü pazarda iki kişi öldü, dedi gözlemci. Çarşı kapandı, ışıklar söndü.", "cp1254"),
    ("Δύο άνθρωποι σκοτώθηκαν την Παρασκευή στην αγορά.", "cp1253"),
    ("שני בני אדם נהרגו ביום שישי בשוק, כך אמר המשקיף", "cp1255"),
    ("มีผู้เสียชีวิตสองคนในวันศุกร์ที่ตลาด", "cp874"),
    ("星期五两人在市场被杀，观察员说。", "gb18030"),
    ("星期五两人在市场被杀，观察员说。", "utf-16-le"),
    ("金曜日に市場で二人が殺された。", "shift_jis"),
    ("두 사람이 금요일 시장에서 숨졌다.", "euc_kr"),
    ("He went to the país of Gómez, aquí.", "mac_roman"),
    ("The town’s “monitor” said – two died.", "mac_roman"),
    ("Zürich, café, Señor: two died.", "cp850"),
    (RUSSIAN, "koi8-r"),
    (RUSSIAN, "cp866"),
    (RUSSIAN, "iso8859_5"),
    (RUSSIAN, "mac_cyrillic"),
    ("قتل شخصان وأصيب أحد عشر آخرون يوم الجمعة عندما سقطت القذائف على السوق", "iso8859_6"),
    ("قال المرصد", "cp1256"),
    ("пять убитых", "cp1251"),
    ("The town’s mayor left.", "cp1252"),
]


@pytest.mark.parametrize(("text", "encoding"), CERTAIN)
def test_an_encoding_that_the_bytes_leave_no_doubt_of_is_told(text: str, encoding: str) -> None:
    assert told(text.encode(CODECS[encoding])) == encoding


@pytest.mark.parametrize(("text", "codec"), UNCERTAIN)
def test_where_two_readings_remain_none_is_told(text: str, codec: str) -> None:
    assert told(text.encode(codec)) is None


RIVALS = [
    "cp1252", "cp1250", "cp1251", "cp1253", "cp1254", "cp1255", "cp1256", "cp1257", "koi8-r", "cp866", "iso8859_5",
    "iso8859_6", "iso8859_2", "iso8859_15", "mac_roman", "mac_cyrillic", "cp850", "cp437", "utf-8", "utf-16-le",
]  # fmt: skip
SENTENCES = [text for text, _ in CERTAIN] + [text for text, _ in UNCERTAIN]


@given(
    st.lists(st.sampled_from([w for s in SENTENCES for w in s.split()]), min_size=1, max_size=60),
    st.sampled_from(RIVALS),
)
def test_what_is_told_is_what_was_written(words: list[str], codec: str) -> None:
    text = " ".join(words)
    data = text.encode(codec, "ignore")
    name = told(data)
    if name is not None:
        assert data.decode(CODECS[name]) == data.decode(codec)


@given(st.sampled_from(SENTENCES), st.data())
def test_damaged_utf_8_is_never_taken_for_something_else(text: str, data: st.DataObject) -> None:
    raw = f"{text} {ARABIC}".encode()
    assert told(raw[: data.draw(st.integers(1, len(raw)))]) is None
    at = data.draw(st.integers(0, len(raw) - 1))
    assert told(raw[:at] + b"\xff" + raw[at + 1 :]) is None


@given(st.binary(max_size=300))
def test_any_bytes_are_told_or_not_and_can_then_be_read(data: bytes) -> None:
    name = told(data)
    if name is not None:
        data.decode(CODECS[name])


def test_the_document_says_that_its_encoding_was_told_from_its_bytes(
    written: Callable[..., list[Any]],
) -> None:
    (document,) = written("a.txt", RUSSIAN.encode("cp1251"))
    assert isinstance(document, Document)
    assert document.text == RUSSIAN
    assert document.notes == ("its encoding, windows-1251, is told from its bytes alone",)


def test_a_page_that_does_not_say_its_encoding_is_read_where_its_bytes_tell(
    written: Callable[..., list[Any]],
) -> None:
    page = f"<html><body><article><p>{ARABIC}</p><p>{ARABIC}</p></article></body></html>"
    (document,) = written("a.html", page.encode("cp1256"))
    assert ARABIC in document.text
    assert "windows-1256" in document.notes[0]


def test_a_text_that_can_be_read_in_two_ways_is_refused_with_what_to_do(
    written: Callable[..., list[Any]],
) -> None:
    (refused,) = written("a.txt", "Two people left Poznań on Friday.".encode("cp1250"))
    assert type(refused) is NotText
    assert "iconv -f" in str(refused)
