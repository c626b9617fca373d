"""The desk's words in every language: gathered, translated, compiled, and fit to be filled in."""

from __future__ import annotations

import importlib.util
import re
import string
import sys
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from types import ModuleType
from typing import get_args

import pytest
from babel.messages.catalog import Message
from babel.messages.pofile import read_po
from jinja2 import nodes

from tallystick.casework import CREDIBILITY, RELIABILITY
from tallystick.dossier import words as told
from tallystick.model import HARM, MATTERS, TOLLS, Stance, Topic
from tallystick.model.stored import Held, Part
from tallystick.web.fields import GROUPS
from tallystick.web.looks import Looks, _environment
from tallystick.web.pages.people import KINDS
from tallystick.web.terms import TERMS

ROOT = Path(__file__).resolve().parents[2]
_PLACE = re.compile(r"%(?:\((\w+)\))?([sd%])")


def _maker() -> ModuleType:
    found = importlib.util.spec_from_file_location("make_words", ROOT / "docs" / "make_words.py")
    assert found is not None
    assert found.loader is not None
    made = importlib.util.module_from_spec(found)
    sys.modules["make_words"] = made
    found.loader.exec_module(made)
    return made


maker = _maker()
LANGUAGES = maker.languages()


def messages(language: str) -> Iterator[Message]:
    with maker.po(language).open("rb") as file:
        yield from (message for message in read_po(file, locale=language) if message.id)


def test_arabic_is_there() -> None:
    assert "ar" in LANGUAGES
    assert Looks({"cases": "/"}).languages == {"en": "English", "ar": "العربية"}


def test_the_template_is_what_gathering_gives() -> None:
    assert (maker.LOCALE / "desk.pot").read_bytes() == maker.template(), "run docs/make_words.py"


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_catalogue_is_of_the_messages_that_there_are_and_is_compiled(language: str) -> None:
    text = maker.po(language).read_bytes()
    assert text == maker.written(language), "run docs/make_words.py"
    compiled = maker.compiled(read_po(BytesIO(text), locale=language))
    assert maker.po(language).with_suffix(".mo").read_bytes() == compiled, "run docs/make_words.py"


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_is_untranslated_or_doubtful(language: str) -> None:
    for message in messages(language):
        forms = message.string if isinstance(message.string, tuple) else (message.string,)
        last = str(message.id[0] if isinstance(message.id, tuple) else message.id)[-1]
        assert all(form and form[-1].isspace() == last.isspace() for form in forms), message.id
        assert not message.fuzzy, message.id


def places(text: str) -> list[str]:
    return sorted(match[0] for match in _PLACE.finditer(text))


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_filled_in_is_the_same_in_every_form(language: str) -> None:
    """Only the number itself may be left to the word where the form is of none, one or two."""
    for message in messages(language):
        if isinstance(message.id, str):
            assert places(str(message.string)) == places(message.id), message.id
            continue
        wanted = places(message.id[1])
        for n, form in enumerate(message.string):
            there = places(form)
            without = [each for each in wanted if each not in ("%(num)d", "%(n)s", "%(n)d")]
            assert there == wanted or (n < 3 and there == without), (message.id, form)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_message_is_in_the_language_and_holds_no_hidden_sign(language: str) -> None:
    plain = {"CSV", "UTC", "SHA-256", "Natural Earth"}
    for message in messages(language):
        for form in message.string if isinstance(message.string, tuple) else (message.string,):
            said = _PLACE.sub("", form)
            if language == "ar" and re.search("[A-Za-z]{3}", str(message.id)) and message.id not in plain:
                assert re.search("[\u0600-\u06ff]", said), message.id
            assert not re.search("[\u200b-\u200f\u202a-\u202e\u2066-\u2069]", form), message.id
            assert "<" not in form, message.id


@pytest.mark.parametrize(
    ("n", "said"),
    [(0, "لا تقارير"), (1, "تقرير واحد"), (2, "تقريران"), (3, "3 تقارير"), (10, "10 تقارير"), (11, "11 تقريرًا"),
     (99, "99 تقريرًا"), (100, "100 تقرير"), (102, "102 تقرير"), (103, "103 تقارير"), (111, "111 تقريرًا")],
)  # fmt: skip
def test_arabic_counts_in_six_ways(n: int, said: str) -> None:
    words = Looks({"cases": "/"}).words("ar")
    assert words.ngettext("%(num)d report", "%(num)d reports", n) % {"num": n} == said


def test_every_term_of_the_code_is_named_for_translators() -> None:
    spoken = {name.replace("_", " ") for kind in (Stance, Topic, Part, Held) for name in get_args(kind)}
    kinds = {told.KINDS[kind] for kind in (*HARM, *MATTERS)}
    labels = set(told.FIELD_LABELS.values())
    needed = {
        *kinds,
        *(told.capital(kind) for kind in kinds),
        *TOLLS,
        *GROUPS,
        *labels,
        *(label.lower() for label in labels),
        *(word for word, _, _ in told.VERDICTS.values()),
        *spoken,
        *RELIABILITY.values(),
        *(said for name, said in told.PUBLISHED_FROM.items()),
        *KINDS,
    }
    assert needed - TERMS == set()
    gathered = {str(message.id) for message in maker.gathered()}
    assert {*TERMS, *CREDIBILITY.values()} <= gathered


def test_every_message_of_a_template_is_a_whole_string_that_is_gathered() -> None:
    """A call with anything but a string would be shown in English for ever."""
    gathered = set()
    for message in maker.gathered():
        gathered |= {message.id} if isinstance(message.id, str) else set(message.id)
    environment = _environment("en")
    for path in (maker.WEB / "templates").glob("*.html"):
        tree = environment.parse(path.read_text(encoding="utf-8"))
        for call in tree.find_all(nodes.Call):
            if isinstance(call.node, nodes.Name) and call.node.name in ("_", "gettext", "ngettext"):
                many = call.args[: 2 if call.node.name == "ngettext" else 1]
                for each in many:
                    assert isinstance(each, nodes.Const), f"{path.name}:{call.lineno}"
                    assert each.value in gathered, each.value


def test_no_word_of_a_template_stands_outside_the_catalogue() -> None:
    """What is left of the text when calls and tags are gone is names of keys, of the program, and examples."""
    known = {"Tallystick", "Enter", "Esc", "Shift", "km"}
    for path in (maker.WEB / "templates").glob("*.html"):
        text = path.read_text(encoding="utf-8")
        text = re.sub(r"\{%-? trans.*?endtrans -?%\}|<code>.*?</code>|\{#.*?#\}", " ", text, flags=re.S)
        text = re.sub(r"\{%.*?%\}|\{\{.*?\}\}", " ", text, flags=re.S)
        text = re.sub(r"<[^>]*>|hx-[a-z]+=\"[^\"]*\"|&\w+;", " ", text)
        left = {word.strip(string.punctuation + "–—…·") for word in text.split()}
        assert {word for word in left if re.search("[A-Za-z]{2}", word)} <= known, path.name
