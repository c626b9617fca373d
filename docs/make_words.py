"""Gathers the words of the desk for translators, and compiles what they made of them.

    .venv/bin/python docs/make_words.py

writes ``src/tallystick/web/locale/desk.pot``, brings each ``LANGUAGE/LC_MESSAGES/desk.po`` up to it, and
compiles each into the ``desk.mo`` that is shipped. What is new stands untranslated, what is gone is
dropped, and nothing is guessed from what is alike. No file holds a date or a line number: each changes
with words only.
A new language begins as a folder with an empty ``desk.po``.
"""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parents[1]
WEB = ROOT / "src" / "tallystick" / "web"
LOCALE = WEB / "locale"
_METHODS = [("templates/**.html", "jinja2"), ("**.py", "python")]
_OPTIONS = {
    "templates/**.html": {
        "trim_blocks": "true",
        "lstrip_blocks": "true",
        "newstyle_gettext": "true",
        "silent": "false",
    }
}
_HEAD = ("Language", "Plural-Forms", "MIME-Version", "Content-Type", "Content-Transfer-Encoding")
_HEADER = """\
# What the review desk of Tallystick says.
# Under the licence of the project (Apache-2.0).
#"""


class Undated(Catalog):
    """A catalogue whose head tells neither when it was written nor by which version of what."""

    @property
    def mime_headers(self) -> list[tuple[str, str]]:
        return [(name, value) for name, value in super().mime_headers if name in _HEAD]


def gathered() -> Undated:
    """Every message of the desk, with the files that it stands in, by files and their order within."""
    catalog = Undated(project="tallystick", charset="utf-8", header_comment=_HEADER, fuzzy=False)
    words = DEFAULT_KEYWORDS | {"N_": None}
    found = extract_from_dir(WEB, method_map=_METHODS, options_map=_OPTIONS, keywords=words)
    for file, _, message, comments, context in sorted(found, key=lambda each: (each[0], each[1])):
        catalog.add(message, None, [(file, None)], auto_comments=comments, context=context)
    return catalog


def template() -> bytes:
    """``desk.pot`` as it should be."""
    return _written(gathered())


def brought_up(language: str) -> Undated:
    """The catalogue of a language with exactly the messages that there are."""
    path = po(language)
    with path.open("rb") as file:
        held = read_po(file, locale=language)
    told = gathered()
    for message in held:
        there = told.get(message.id, message.context) if message.id else None
        if there is not None:
            there.string = message.string
            there.flags |= message.flags & {"fuzzy"}
            there.user_comments = message.user_comments
    told.locale = language
    told.header_comment = held.header_comment if path.stat().st_size else _HEADER
    return told


def po(language: str) -> Path:
    return LOCALE / language / "LC_MESSAGES" / "desk.po"


def compiled(catalog: Catalog) -> bytes:
    """What gettext reads."""
    plain, out = Undated(locale=catalog.locale, charset="utf-8", fuzzy=False), BytesIO()
    for message in catalog:
        if message.id:
            plain.add(message.id, message.string, context=message.context)
    write_mo(out, plain)
    return out.getvalue()


def languages() -> list[str]:
    return sorted(each.parents[1].name for each in LOCALE.glob("*/LC_MESSAGES/desk.po"))


def written(language: str) -> bytes:
    """``desk.po`` of a language as it should be."""
    return _written(brought_up(language))


def _written(catalog: Catalog) -> bytes:
    out = BytesIO()
    write_po(out, catalog, width=100, include_lineno=False)
    return out.getvalue()


def main() -> None:
    LOCALE.mkdir(exist_ok=True)
    (LOCALE / "desk.pot").write_bytes(template())
    for language in languages():
        text = written(language)
        po(language).write_bytes(text)
        po(language).with_suffix(".mo").write_bytes(compiled(read_po(BytesIO(text), locale=language)))


if __name__ == "__main__":
    main()
