"""What a document shows is read, wherever its program put it; what is struck through, deleted or hidden is not."""

from __future__ import annotations

from io import BytesIO

import docx
from docx.enum.style import WD_STYLE_TYPE
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from ingest.readers import read_bytes


def control(inside: str) -> object:
    return parse_xml(f"<w:sdt {nsdecls('w')}><w:sdtPr/><w:sdtContent>{inside}</w:sdtContent></w:sdt>")


def read_word(document: object) -> str:
    buffer = BytesIO()
    document.save(buffer)  # type: ignore[attr-defined]
    return read_bytes("a.docx", buffer.getvalue()).text


def test_content_controls_of_word_templates() -> None:
    document = docx.Document()
    head = document.sections[0].header
    head.paragraphs[0].text = "Exempelnämnden"
    head._element.append(control("<w:p><w:r><w:t>2024-05-06</w:t></w:r></w:p>"))
    document.add_paragraph("Nämnden svarar.")
    document.element.body.insert(0, control("<w:p><w:r><w:t>Svar på motion</w:t></w:r></w:p>"))
    row = document.add_table(rows=1, cols=2).rows[0]
    row.cells[0].text = "Dnr"
    row._tr.replace(row._tr.tc_lst[1], control("<w:tc><w:p><w:r><w:t>KS 2024/12</w:t></w:r></w:p></w:tc>"))
    assert read_word(document) == (
        "Exempelnämnden\n2024-05-06\n\nSvar på motion\n\nNämnden svarar.\n\nDnr\tKS 2024/12"
    )


def test_what_a_word_style_strikes_through_and_rows_that_were_deleted() -> None:
    document = docx.Document()
    kinds = {"Utgår": WD_STYLE_TYPE.CHARACTER, "Struket": WD_STYLE_TYPE.PARAGRAPH}
    styles = {name: document.styles.add_style(name, kind) for name, kind in kinds.items()}
    for style in styles.values():
        style.font.strike = True  # type: ignore[attr-defined]
    paragraph = document.add_paragraph("Nämnden ")
    paragraph.add_run("avslår ", style=styles["Utgår"])  # type: ignore[arg-type]
    paragraph.add_run("bifaller motionen.")
    struck = document.add_paragraph("Hela stycket utgår.", style=styles["Struket"])  # type: ignore[arg-type]
    struck.add_run("Detta står kvar.").font.strike = False
    table = document.add_table(rows=2, cols=1)
    for row, text in zip(table.rows, ("Norra", "Södra"), strict=True):
        row.cells[0].text = text
    table.rows[1]._tr.insert(0, parse_xml(f"<w:trPr {nsdecls('w')}><w:del w:id='1'/></w:trPr>"))
    assert read_word(document) == "Nämnden bifaller motionen.\n\nDetta står kvar.\n\nNorra"


def test_rich_text_without_what_is_struck_through_and_with_rows_and_numbers() -> None:
    written = (
        rb"{\rtf1\ansi\ansicpg1252 {\pntext\f0 1.\tab}Vi {\strike avsl\'e5r \u229? {\b helt }}bifaller.\par "
        rb"\strike bort\strike0 Kvar{\v dolt}{\deleted borta}{\strike bort\plain kvar}.\par "
        rb"\trowd N\'e4mnd\cell Svar\cell\row Norra\cell ja\cell\row}"
    )
    assert read_bytes("a.rtf", written).text == ("1.\tVi bifaller.\nKvarkvar.\nNämnd\tSvar\nNorra\tja\n")


def test_web_pages_inside_a_form_and_inside_tables() -> None:
    page = (
        "<body><form id='aspnetForm'><form><input value='Sök'><label>Sök</label></form>"
        "<table><tr><td><h1>Beslut</h1><p>Gården <b>byggs</b>.</p></td><td>"
        "<table><caption>Svaren</caption><tr><th><b>N</b>ämnd</th><th>Svar</th></tr>"
        "<tr style='text-decoration: line-through'><td>Södra</td><td>nej</td></tr>"
        "<tr><td>Norra</td><td><p>ja</p><p>med villkor<sup>1</sup>.</p></td></tr></table></td></tr></table></form>"
    )
    reading = read_bytes("a.html", page.encode())
    assert reading.text == "Beslut\n\nGården byggs.\n\nSvaren\n\nNämnd\tSvar\nNorra\tja med villkor1."
    assert reading.headings == ((0, 6, 1),)
