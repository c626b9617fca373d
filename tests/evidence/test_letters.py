"""A letter is one report, with what was sent in it; however broken, it takes nothing else with it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from email.message import EmailMessage
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests_files import make_pdf, prose

from tallystick.errors import EmptyReport, NotText, ReportRefused, TooLarge
from tallystick.evidence.letters import sent
from tallystick.model import Document

Written = Callable[..., list[Any]]
SAID = "Two people were killed in Velin on Friday, the monitor said."


def letter(body: str | None = SAID, **heads: str) -> EmailMessage:
    out = EmailMessage()
    told = {
        "From": "Velin Monitor <desk@monitor.example>",
        "Subject": "The market",
        "Date": "Fri, 7 Oct 2016 22:10:00 +0300",
    }
    for key, value in (told | heads).items():
        out[key] = value
    if body is not None:
        out.set_content(body)
    return out


def test_a_letter_tells_its_subject_its_sender_and_the_day_it_was_sent(written: Written) -> None:
    (document,) = written("a.eml", bytes(letter()))
    assert document.text.strip() == SAID
    assert (document.title, document.publisher) == ("The market", "Velin Monitor")
    assert (document.published, document.published_from) == (date(2016, 10, 7), "metadata")


def test_a_sender_without_a_name_goes_by_the_address(written: Written) -> None:
    (document,) = written("a.eml", bytes(letter(From="desk@monitor.example")))
    assert document.publisher == "desk@monitor.example"


@pytest.mark.parametrize(
    ("told", "day"),
    [
        ("Fri, 7 Oct 2016 22:10:00 +0300", date(2016, 10, 7)),
        ("7 Oct 2016 23:59 GMT", date(2016, 10, 7)),
        ("Fri, 7 Oct 16 22:10:00 +0300", None),
        ("10/07/2016 22:10", None),
        ("Fri, 31 Feb 2016 22:10:00 +0300", None),
        ("yesterday", None),
        (None, None),
    ],
)
def test_a_day_is_taken_only_where_it_is_written_in_full(told: str | None, day: date | None) -> None:
    assert sent(told) == day


def test_the_plain_text_is_read_and_not_its_twin_in_html(written: Written) -> None:
    both = letter()
    both.add_alternative(f"<p>{SAID}</p><p>And more.</p>", subtype="html")
    (document,) = written("a.eml", bytes(both))
    assert document.text.strip() == SAID


def test_html_is_read_where_the_plain_text_only_says_that_there_is_some(written: Written) -> None:
    both = letter("View this letter in a browser.")
    both.add_alternative(
        f"<style>p {{}}</style><div>{SAID}</div><p>{'It was told again. ' * 150}</p>", subtype="html"
    )
    (document,) = written("a.eml", bytes(both))
    assert document.text.startswith(f"{SAID}\n\nIt was told again.")
    assert "{" not in document.text


def test_attachments_are_read_by_their_own_readers_and_named_by_the_way_to_them(written: Written) -> None:
    mail = letter()
    mail.add_attachment(
        make_pdf([prose(SAID)]), maintype="application", subtype="octet-stream", filename="list.pdf"
    )
    mail.add_attachment("Three fled.", filename="b.txt")
    mail.add_attachment(b"\x89PNG", maintype="image", subtype="png", filename="map.png")
    found = written("a.eml", bytes(mail))
    assert [each.name for each in found[:3]] == ["a", "a/list.pdf", "a/b.txt"]
    assert found[1].text == SAID
    assert found[1].pages == (0,)
    assert isinstance(found[3], ReportRefused)
    assert "a.eml, map.png ends in .png" in str(found[3])


def test_an_attachment_without_an_ending_is_told_by_its_declared_type_or_its_bytes(written: Written) -> None:
    mail = letter()
    mail.add_attachment(make_pdf([prose(SAID)]), maintype="application", subtype="pdf", filename="list")
    mail.add_attachment(make_pdf([prose(SAID)]), maintype="application", subtype="x-thing", filename="other")
    assert [each.text for each in written("a.eml", bytes(mail))[1:]] == [SAID, SAID]


def test_a_letter_within_a_letter_is_read_as_a_letter_of_its_own(written: Written) -> None:
    outer = letter("See below.")
    outer.add_attachment(letter(Subject="Fwd: inner", Date="Sat, 1 Oct 2016 08:00:00 +0000"))
    first, second = written("a.eml", bytes(outer))
    assert first.text.strip() == "See below."
    assert (second.name, second.title, second.published) == ("a/Fwd: inner", "Fwd: inner", date(2016, 10, 1))
    assert second.text.strip() == SAID


@pytest.mark.parametrize(
    "name", ["../../etc/passwd", "..\\..\\x.txt", "/abs/x.txt", "a\r\nb.txt", "\u202eexe.txt", "." * 400, ""]
)
def test_a_hostile_name_is_shown_and_never_followed(written: Written, name: str) -> None:
    raw = (
        b"From: a@b.example\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=x\n\n--x\n\n"
        + SAID.encode()
        + b"\n--x\nContent-Type: text/plain\nContent-Disposition: attachment; filename*=utf-8''"
        + "".join(f"%{byte:02x}" for byte in name.encode()).encode()
        + b"\n\nThree fled.\n--x--\n"
    )
    found = written("a.eml", raw)
    for each in found:
        shown = each.name if isinstance(each, Document) else str(each)
        assert "\n" not in shown
        assert "\r" not in shown
        assert "\u202e" not in shown
        assert ".." not in shown.removeprefix("a/") or isinstance(each, ReportRefused)
        assert len(shown) < 600


def test_pictures_of_the_letters_own_look_are_noted_and_not_refused(written: Written) -> None:
    mail = letter()
    mail.add_related(b"GIF89a", maintype="image", subtype="gif", cid="<logo>")
    (document,) = written("a.eml", bytes(mail))
    assert document.text.strip() == SAID
    assert document.notes == ("1 picture in the letter not read",)


def test_a_letter_in_another_character_set_is_read_in_it(written: Written) -> None:
    raw = "From: a@b.example\nSubject: x\nContent-Type: text/plain; charset={}\nContent-Transfer-Encoding: 8bit\n\n{}"
    words = "قال المرصد إن شخصين قتلا"
    (document,) = written("a.eml", raw.format("windows-1256", words).encode("windows-1256"))
    assert document.text == words


def test_a_letter_that_lies_about_its_character_set_is_told_so(written: Written) -> None:
    raw = f"From: a@b.example\nContent-Type: text/plain; charset=klingon-8\n\n{SAID}"
    (document,) = written("a.eml", raw)
    assert document.text == SAID
    assert "'klingon-8'" in document.notes[0]


def test_a_letter_of_nothing_but_attachments_is_refused_and_they_are_read(written: Written) -> None:
    mail = letter(None)
    mail.add_attachment(SAID, filename="a.txt")
    refused, document = written("a.eml", bytes(mail))
    assert type(refused) is EmptyReport
    assert document.text.strip() == SAID


def test_what_has_no_head_of_a_letter_is_refused(written: Written) -> None:
    (refused,) = written("a.eml", SAID)
    assert type(refused) is NotText


def test_letters_within_letters_without_end_are_refused(written: Written) -> None:
    raw = b"Content-Type: message/rfc822\n\n" * 5000 + b"From: a@b.example\n\nx"
    found = written("a.eml", b"From: a@b.example\n" + raw)
    assert found
    assert all(isinstance(each, ReportRefused) for each in found)


def test_a_letter_of_a_million_parts_is_refused(written: Written) -> None:
    raw = b"From: a@b.example\nContent-Type: multipart/mixed; boundary=x\n\n" + b"--x\n\nx\n" * 6000
    (refused,) = written("a.eml", raw)
    assert type(refused) is TooLarge


def test_a_box_gives_each_of_its_letters(written: Written) -> None:
    box = b"".join(
        b"From MAILER Fri Oct  7 22:10:00 2016\n" + bytes(letter(f"{SAID} {n}\n\n>From here on.")) + b"\n"
        for n in "ab"
    )
    found = written("letters.mbox", box)
    assert [each.name for each in found] == ["letters/letter-1.eml", "letters/letter-2.eml"]
    assert [each.text.split("\n")[0] for each in found] == [f"{SAID} a", f"{SAID} b"]


def test_an_empty_box_holds_no_letter(written: Written) -> None:
    (refused,) = written("letters.mbox", b"\n\n")
    assert type(refused) is EmptyReport


@given(
    data=st.binary(max_size=400), head=st.sampled_from([b"", b"From: a@b.example\n", bytes(letter())[:250]])
)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_bytes_are_read_or_refused(data: bytes, head: bytes, written: Written) -> None:
    for each in written("a.eml", head + data):
        assert isinstance(each, Document | ReportRefused)


@pytest.mark.parametrize(
    "heads",
    [
        "Content-Type: text/plain" + ";a" * 201,
        "Content-Type: text/plain; a=" + "b" * 20_000,
        "A: b\n" * 20_001,
    ],
)
def test_heads_that_would_be_read_for_long_are_refused_before(written: Written, heads: str) -> None:
    (refused,) = written("a.eml", f"From: a@b.example\n{heads.strip()}\n\n{SAID}")
    assert type(refused) is TooLarge
