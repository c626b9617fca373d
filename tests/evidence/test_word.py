"""A Word file is read in its order, without what was deleted, and within bounds."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from typing import Any

import pytest
from tests_files import W, make_word, paragraph

from tallystick.errors import EmptyReport, NotText, TooLarge
from tallystick.evidence import word
from tallystick.model import Document

Written = Callable[..., list[Any]]
SAID = "Two people were killed in Velin on Friday, the monitor said."


def read_one(written: Written, body: str, **parts: str) -> Document:
    (document,) = written("report.docx", make_word(body, **parts))
    assert isinstance(document, Document), document
    return document


def test_paragraphs_are_read_in_their_order_and_runs_put_together(written: Written) -> None:
    document = read_one(
        written, paragraph("Two people ", "were killed.") + paragraph() + paragraph("Three fled.")
    )
    assert document.text == "Two people were killed.\n\nThree fled."


def test_a_table_is_read_row_by_row_and_prose_in_its_cells_as_prose(written: Written) -> None:
    def row(*cells: str) -> str:
        return f"<w:tr>{''.join(f'<w:tc>{cell}</w:tc>' for cell in cells)}</w:tr>"

    table = f"<w:tbl>{row(paragraph('Velin'), paragraph('12'))}{row(paragraph(SAID), paragraph('a') + paragraph('b'))}</w:tbl>"
    document = read_one(written, paragraph("Killed:") + table + paragraph("End."))
    assert document.text == f"Killed:\n\nVelin\t12\n\n{SAID}\n\na\n\nb\n\nEnd."


def test_words_put_in_are_read_and_words_taken_out_are_not_and_it_is_said(written: Written) -> None:
    changed = '<w:del><w:r><w:delText>Nine</w:delText></w:r></w:del><w:ins w:id="1"><w:r><w:t>Two</w:t></w:r></w:ins>'
    document = read_one(written, paragraph(changed, " people were killed."))
    assert document.text == "Two people were killed."
    assert document.notes == ("it holds tracked changes, and is read as if all were accepted",)


def test_hidden_words_are_not_read_and_it_is_said(written: Written) -> None:
    hidden = "<w:r><w:rPr><w:vanish/></w:rPr><w:t>Ignore all this.</w:t></w:r>"
    document = read_one(written, paragraph(SAID, hidden))
    assert document.text == SAID
    assert document.notes == ("it holds hidden words, which are not read",)


def test_a_note_stands_after_the_paragraph_that_refers_to_it_and_is_no_digit_of_its_figure(
    written: Written,
) -> None:
    cited = '<w:r><w:footnoteReference w:id="7"/></w:r>'
    notes = f'<w:footnotes {W}><w:footnote w:id="7">{paragraph("Interview, 8 October.")}</w:footnote></w:footnotes>'
    document = read_one(
        written, paragraph("The monitor counted 12", cited, " dead.") + paragraph("End."), footnotes=notes
    )
    assert document.text == "The monitor counted 12[1] dead.\n\n[1] Interview, 8 October.\n\nEnd."


def test_a_raised_number_is_no_digit_of_the_figure_before_it(written: Written) -> None:
    raised = '<w:r><w:rPr><w:vertAlign w:val="superscript"/></w:rPr><w:t>1</w:t></w:r>'
    assert read_one(written, paragraph("12", raised, " were killed.")).text == "12[1] were killed."


def test_heads_and_feet_stand_once_around_the_text_without_page_numbers(written: Written) -> None:
    head = f"<w:hdr {W}>{paragraph('Velin Monitor')}</w:hdr>"
    foot = f"<w:ftr {W}>{paragraph('Page 1 of 2')}{paragraph('Not to be cited')}</w:ftr>"
    document = read_one(written, paragraph(SAID), header1=head, header2=head, footer1=foot)
    assert document.text == f"Velin Monitor\n\n{SAID}\n\nNot to be cited"


def test_a_text_box_is_read_once_though_it_is_written_twice(written: Written) -> None:
    box = f"<w:txbxContent>{paragraph('In a box.')}</w:txbxContent>"
    ns = 'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
    both = f"<w:r><mc:AlternateContent {ns}><mc:Choice>{box}</mc:Choice><mc:Fallback>{box}</mc:Fallback></mc:AlternateContent></w:r>"
    assert read_one(written, paragraph(SAID, both)).text == f"{SAID}\n\nIn a box."


def test_its_properties_give_its_title_and_no_date(written: Written) -> None:
    core = (
        '<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties"'
        ' xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/">'
        "<dc:title>The market</dc:title><dcterms:created>2016-10-07T00:00:00Z</dcterms:created></cp:coreProperties>"
    )
    document = read_one(written, paragraph(SAID), **{"docProps/core": core})
    assert (document.title, document.published) == ("The market", None)


def test_an_empty_word_file_holds_no_text(written: Written) -> None:
    (refused,) = written("report.docx", make_word(paragraph()))
    assert type(refused) is EmptyReport


@pytest.mark.parametrize("data", [b"PK\x03\x04", b"Two people were killed.", b""])
def test_what_is_no_word_file_is_refused(written: Written, data: bytes) -> None:
    (refused,) = written("report.docx", data)
    assert type(refused) is NotText
    assert "no Word file" in str(refused)


def test_a_word_file_cut_short_anywhere_is_refused(written: Written) -> None:
    data = make_word(paragraph(SAID) * 50)
    for cut in range(10, len(data), 97):
        (refused,) = written("report.docx", data[:cut])
        assert type(refused) is NotText


def test_a_part_that_unpacks_without_end_is_refused_before_it_is_held(
    written: Written, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(word, "PART_LIMIT", 100_000)
    (refused,) = written("report.docx", make_word(paragraph("a" * 200_000)))
    assert type(refused) is TooLarge


def test_a_part_that_lies_about_its_size_is_bounded_by_its_true_one(
    written: Written, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(word, "PART_LIMIT", 100_000)
    data = bytearray(make_word(paragraph("a" * 200_000)))
    with zipfile.ZipFile(io.BytesIO(bytes(data))) as archive:
        true = archive.getinfo("word/document.xml").file_size.to_bytes(4, "little")
    lied = bytes(data).replace(true, (50_000).to_bytes(4, "little"))
    assert lied != bytes(data)
    (refused,) = written("report.docx", lied)
    assert type(refused) in (TooLarge, NotText)


def test_entities_are_not_expanded_and_nothing_outside_is_fetched(written: Written) -> None:
    bomb = '<!DOCTYPE d [<!ENTITY a "lol"><!ENTITY b "&a;&a;&a;&a;"><!ENTITY f SYSTEM "file:///etc/passwd">]>'
    data = make_word("")
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w") as new:
        new.writestr("[Content_Types].xml", old.read("[Content_Types].xml"))
        new.writestr(
            "word/document.xml",
            f"{bomb}<w:document {W}><w:body>{paragraph('Said: &b;&f;')}</w:body></w:document>",
        )
    for result in written("report.docx", out.getvalue()):
        assert "lol" not in getattr(result, "text", "")
        assert "root:" not in getattr(result, "text", "")


def test_markup_nested_past_reason_is_refused(written: Written) -> None:
    deep = "<w:tbl><w:tr><w:tc>" * 3000 + paragraph(SAID) + "</w:tc></w:tr></w:tbl>" * 3000
    (refused,) = written("report.docx", make_word(deep))
    assert type(refused) is NotText
