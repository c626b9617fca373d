"""What a person should look at before trusting what is read of a report: remarks, each in a sentence."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from tallystick import findings
from tallystick.model import Capture, Document, Remark
from tallystick.values.when import iso

LANGUAGES = ("en",)  # that the reader reads
_LATIN = 0x250  # the first letter that stands in no European alphabet of Latin letters
# What a reader of the dossier knows better by its name.
_NAMES = {
    "ar": "Arabic", "de": "German", "es": "Spanish", "fa": "Persian", "fr": "French", "he": "Hebrew",
    "it": "Italian", "ku": "Kurdish", "pt": "Portuguese", "ru": "Russian", "tr": "Turkish",
    "uk": "Ukrainian", "zh": "Chinese",
}  # fmt: skip


def remarks(documents: Sequence[Document], captures: Sequence[Capture]) -> Iterator[Remark]:
    """What speaks against the dates of these documents or against how they were read, in their order."""
    received = {capture.id: iso(capture.received) for capture in captures}
    for document in documents:
        if found := findings.misdated(document, received.get(document.capture)):
            yield Remark(document.id, found)
        for note in (*document.notes, *unread(document)):
            yield Remark(document.id, note, "reading")


def unread(document: Document) -> Iterator[str]:
    """That ``document`` is in a language that is not read, so that silence is not taken for an answer."""
    language = (document.language or "").replace("_", "-").partition("-")[0].lower()
    if language in LANGUAGES:
        return
    if language:
        name = _NAMES.get(language, f"the language {language!r}")
        by = "as its words tell" if document.language_from else "as was said of it"
        what = f"it is in {name}, {by}"
    elif _foreign(document.text):
        what = "most of its letters are not Latin"
    else:
        return
    yield f"{what}, and only English is read: that it gives no claims does not mean that it tells nothing"


def _foreign(text: str) -> bool:
    letters = [letter for letter in text[:4000] if letter.isalpha()]
    return 2 * sum(ord(letter) >= _LATIN for letter in letters) > len(letters)
