"""Footnotes and endnotes stand below the paragraph that refers to them."""

from __future__ import annotations

from io import BytesIO
from zipfile import ZipFile

import docx
import pytest
from docx.opc.constants import CONTENT_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from ingest.readers import read_bytes
from tests.ingest.readers import made

_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def word(*, broken: bool = False) -> bytes:
    document = docx.Document()
    document.add_heading("Bakgrund", level=1)
    for text, kind, number, struck in (
        ("Planen antogs i maj", "footnote", 3, False),
        ("Nämnden svarade", "endnote", 2, False),
        ("Utgick", "footnote", 2, True),
        ("Kostnaden ökar", "footnote", 1, False),
    ):
        paragraph = document.add_paragraph(text)
        mark = parse_xml(f'<w:r {nsdecls("w")}><w:{kind}Reference w:id="{number}"/></w:r>')
        paragraph._p.append(mark)
        if struck:
            paragraph.runs[-1].font.strike = True
        paragraph.add_run(".")
    table = document.add_table(rows=1, cols=1)
    table.cell(0, 0).text = "Norra"
    reference = parse_xml(f'<w:r {nsdecls("w")}><w:footnoteReference w:id="4"/></w:r>')
    table.cell(0, 0).paragraphs[0]._p.append(reference)
    for kind, texts in (
        ("footnote", {1: "Enligt budgeten.", 2: "Utgår.", 3: "Beslutet   överklagades.", 4: "Se bilagan."}),
        ("endnote", {2: "Se remissen."}),
    ):
        notes = f'<w:{kind} w:id="0" w:type="separator"><w:p><w:r><w:separator/></w:r></w:p></w:{kind}>'
        for number, text in texts.items():
            runs = f"<w:r><w:{kind}Ref/></w:r><w:r><w:t>{text}</w:t></w:r>"
            notes += f'<w:{kind} w:id="{number}"><w:p>{runs}</w:p></w:{kind}>'
        root = f"<w:{kind}s {nsdecls('w')}>{notes}</w:{kind}s>"
        blob = b"<w:footnotes" if broken else root.encode()
        part = Part(PackURI(f"/word/{kind}s.xml"), CONTENT_TYPE.WML_FOOTNOTES, blob, document.part.package)
        document.part.relate_to(part, f"{_OFFICE}/{kind}s")
    buffer = BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def test_word() -> None:
    reading = read_bytes("a.docx", word())
    assert reading.text == (
        "Bakgrund\n\nPlanen antogs i maj.\n\nNot 1: Beslutet överklagades.\n\nNämnden svarade.\n\n"
        "Slutnot 1: Se remissen.\n\nUtgick.\n\nKostnaden ökar.\n\nNot 2: Enligt budgeten.\n\n"
        "Norra\n\nNot 3: Se bilagan."
    )
    assert reading.headings == ((0, 8, 1),)
    assert "word/footnotes.xml" in ZipFile(BytesIO(word())).namelist()


def test_damaged_notes_are_told_of() -> None:
    from rag.errors import UnreadableFile

    with pytest.raises(UnreadableFile, match="damaged"):
        read_bytes("a.docx", word(broken=True))


def test_what_a_style_strikes_through_in_a_note_is_left_out() -> None:
    from docx.enum.style import WD_STYLE_TYPE

    document = docx.Document(BytesIO(word()))
    document.styles.add_style("Utgår", WD_STYLE_TYPE.CHARACTER).font.strike = True
    buffer = BytesIO()
    document.save(buffer)
    with ZipFile(buffer) as package:
        members = {name: package.read(name) for name in package.namelist()}
    style = document.styles["Utgår"].style_id
    struck = f'<w:r><w:rPr><w:rStyle w:val="{style}"/></w:rPr><w:t>Nej. </w:t></w:r>'
    notes = members["word/footnotes.xml"].decode()
    before = "<w:r><w:t>Enligt"
    assert before in notes
    members["word/footnotes.xml"] = notes.replace(before, struck + before).encode()
    text = read_bytes("a.docx", made.archive(members)).text
    assert "Not 2: Enligt budgeten." in text and "Nej" not in text


def test_rich_text() -> None:
    mark = r"{\super\chftn}"
    source = (
        rf"{{\rtf1\ansi Planen antogs{mark}{{\footnote\pard\plain {mark} Beslutet\par \'f6verklagades.}} i maj.\par "
        rf"Utgick{{\strike mindre{{\footnote\pard\plain Utg\'e5r.}}}}.\par N\'e4mnden{{\footnote\ftnalt Remissen.}} "
        rf"svarade{{\footnote Ja.{{\strike Nej.}}}}.}}"
    )
    assert read_bytes("a.rtf", source.encode()).text == (
        "Planen antogs i maj.\nNot 1: Beslutet överklagades.\nUtgick.\nNämnden svarade.\n"
        "Slutnot 1: Remissen.\nNot 2: Ja.\n"
    )


def test_opendocument() -> None:
    def note(number: int, kind: str, text: str) -> str:
        return (
            f'<text:note text:note-class="{kind}"><text:note-citation>{number}</text:note-citation>'
            f"<text:note-body><text:p>{text}</text:p></text:note-body></text:note>"
        )

    body = (
        f"<text:p>Planen antogs{note(1, 'footnote', 'I maj.')}.</text:p>"
        f"<text:list><text:list-item><text:p>Gården{note(1, 'endnote', 'Se ritningen.')}</text:p>"
        "</text:list-item></text:list>"
        f"<table:table><table:table-row><table:table-cell><text:p>Norra{note(2, 'footnote', 'Nya.')}</text:p>"
        "</table:table-cell></table:table-row></table:table>"
    )
    assert read_bytes("a.odt", made.odt(body)).text == (
        "Planen antogs.\n\nNot 1: I maj.\n• Gården\n\nSlutnot 1: Se ritningen.\n\nNorra\n\nNot 2: Nya."
    )
