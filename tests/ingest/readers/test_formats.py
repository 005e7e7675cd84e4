"""Each format gives the text a person reads."""

from __future__ import annotations

from email.message import EmailMessage
from io import BytesIO
from pathlib import Path

import pytest

from ingest.ocr.scan import available, read_picture
from ingest.readers import expand, read, read_bytes, supported
from rag.errors import UnreadableFile
from tests.ingest.readers import made

with_tesseract = pytest.mark.skipif(
    not available(), reason="tesseract-ocr and tesseract-ocr-swe are not installed"
)


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1252", "cp850", "mac_roman"]
)
def test_text_in_any_encoding(encoding: str) -> None:
    assert (
        read_bytes("a.txt", (made.PARAGRAPH + "\r\nSlut\r\n").encode(encoding)).text
        == made.PARAGRAPH + "\nSlut\n"
    )


def test_text_is_composed_and_free_of_invisible_characters() -> None:
    written = "Fo\u0308r\u00adskola\u200b \x00p\u00e5 A\u030angen\u00a0nu"
    assert read_bytes("a.txt", written.encode()).text == "Förskola på Ången nu"


def test_divided_words_are_mended_only_where_the_joined_word_is_right() -> None:
    written = "Vi gör bistånds-\nbedömningar, barn-\noch ungdomsarbete i Norra-\nSödra och plan-\nkrzwx idag."
    mended = "Vi gör biståndsbedömningar,\nbarn-\noch ungdomsarbete i Norra-\nSödra och plan-\nkrzwx idag."
    assert read_bytes("a.txt", written.encode()).text == mended


def test_markdown_leaves_out_what_is_struck_through() -> None:
    assert (
        read_bytes("a.md", "# Beslut\n\nPlanen ~~avslås~~ antas.".encode()).text
        == "# Beslut\n\nPlanen  antas."
    )


def test_form_feeds_divide_pages() -> None:
    reading = read_bytes("a.txt", "Första sidan\fAndra sidan".encode())
    assert [reading.text[page.start : page.end] for page in reading.pages] == ["Första sidan", "Andra sidan"]
    assert reading.page_at(reading.text.index("Andra")) == 2


def test_word_keeps_headings_numbers_and_rows_and_drops_what_was_deleted() -> None:
    reading = read_bytes("a.docx", made.docx())
    start, end, level = reading.headings[0]
    assert (reading.text[start:end], level) == ("Förslag till beslut", 1)
    assert "1. Planen antas.\n2. Medel avsätts." in reading.text
    assert "Gården blir större i vår" in reading.text
    assert "Nämnd\tSvar\nNorra nämnden\ttillstyrker" in reading.text


def test_opendocument() -> None:
    body = (
        '<text:h text:outline-level="2">Bakgrund</text:h>'
        '<text:p>Planen <text:span text:style-name="T1">inte </text:span>'
        "antas.</text:p><text:list><text:list-item><text:p>Gården</text:p></text:list-item></text:list>"
        "<table:table><table:table-row><table:table-cell><text:p>Norra</text:p></table:table-cell>"
        "<table:table-cell><text:p>ja</text:p></table:table-cell></table:table-row></table:table>"
    )
    struck = '<style:style style:name="T1"><style:text-properties style:text-line-through-style="solid"/></style:style>'
    reading = read_bytes("a.odt", made.odt(body, struck))
    assert reading.text == "Bakgrund\n\nPlanen antas.\n• Gården\n\nNorra\tja"
    assert reading.headings == ((0, 8, 2),)


def test_opendocument_lists_have_their_numbers() -> None:
    def point(*inside: str) -> str:
        return f"<text:list-item>{''.join(inside)}</text:list-item>"

    form = '<text:list-level-style-number text:level="{}" style:num-format="{}" style:num-suffix="{}"/>'
    styles = f"<text:list-style style:name='L1'>{form.format(1, '1', '.')}{form.format(2, 'a', ')')}</text:list-style>"
    inner = f"<text:list>{point('<text:p>Norra</text:p>')}{point('<text:p>Södra</text:p>')}</text:list>"
    body = (
        f"<text:list text:style-name='L1'>{point('<text:p>Planen antas.</text:p>', '<text:p>Genast.</text:p>', inner)}"
        f"</text:list><text:p>Vidare</text:p><text:list text:style-name='L1' text:continue-numbering='true'>"
        f"{point('<text:p>Medel avsätts.</text:p>')}</text:list>"
    )
    assert read_bytes("a.odt", made.odt(body, styles)).text == (
        "1. Planen antas.\nGenast.\na) Norra\nb) Södra\n\nVidare\n2. Medel avsätts."
    )


def test_web_page() -> None:
    page = (
        "<html><head><title>Gården på Ängsvägen</title><script>var x</script></head><body><nav>Meny</nav>"
        "<h1>Gården på Ängsvägen</h1><p>Den blir <s>mindre</s> större<br>i vår.</p><ol><li>Rita<li>Bygg</ol>"
        "<table><tr><th>Nämnd<th>Svar<tr><td>Norra<td>ja</table><p hidden>dold</p></body></html>"
    )
    reading = read_bytes("a.html", page.encode("cp1252"))
    assert reading.text == (
        "Gården på Ängsvägen\n\nDen blir större\ni vår.\n1. Rita\n2. Bygg\n\nNämnd\tSvar\nNorra\tja"
    )
    assert (reading.title, reading.headings) == ("Gården på Ängsvägen", ((0, 19, 1),))


def test_mail_and_its_attachments(tmp_path: Path) -> None:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "a@example.se", "b@example.se", "Svar på remissen"
    message.set_content("Vi tillstyrker förslaget.")
    message.add_attachment(b"Bilagans text", maintype="text", subtype="plain", filename="bilaga.txt")
    path = tmp_path / "brev.eml"
    path.write_bytes(message.as_bytes())
    text = read(path).text
    assert "Ämne: Svar på remissen\n\nVi tillstyrker förslaget.\n\nBilagor: bilaga.txt" in text
    assert [(member.name, member.data) for member in expand(path)] == [("bilaga.txt", b"Bilagans text")]


def test_messages_in_messages_and_names_used_twice(tmp_path: Path) -> None:
    inner, outer = EmailMessage(), EmailMessage()
    inner["From"], inner["Subject"] = "c@example.se", "Vidare"
    inner.set_content("Se bilagan.")
    inner.add_attachment(b"1", maintype="text", subtype="plain", filename="../bilaga.txt")
    outer["From"], outer["Subject"] = "a@example.se", "Fwd"
    outer.set_content("Se nedan.")
    outer.add_attachment(inner)
    for _ in range(2):
        outer.add_attachment(b"2", maintype="text", subtype="plain", filename="bilaga.txt")
    outer.add_attachment(b"png", maintype="image", subtype="png", disposition="inline", cid="<logo>")
    path = tmp_path / "brev.eml"
    path.write_bytes(outer.as_bytes())
    assert [member.name for member in expand(path)] == [
        "bilaga-1.eml",
        "bilaga-1.eml/bilaga.txt",
        "bilaga.txt",
        "bilaga (2).txt",
    ]


def test_rich_text() -> None:
    assert read_bytes(
        "a.rtf", rb"{\rtf1\ansi\ansicpg1252 G\'e5rden blir st\'f6rre.\par Slut.}"
    ).text.startswith("Gården blir större.\nSlut.")


def test_archive_gives_its_files_and_those_of_archives_inside(tmp_path: Path) -> None:
    inner = made.archive({"../b.txt": b"b"})
    path = tmp_path / "a.zip"
    path.write_bytes(made.archive({"mapp/a.txt": b"a", "__MACOSX/x": b"", "inre.zip": inner}))
    assert [member.name for member in expand(path)] == ["mapp/a.txt", "inre.zip/b.txt"]
    assert not supported(path)


def test_pdf_pages_headings_rows_and_running_lines() -> None:
    running = [(400, 800, 9, "Exempelnämnden"), (70, 40, 9, "Justerandes signatur")]
    pages = [
        [
            *running,
            (480, 800, 9, f"{number} (4)"),
            (70, 740, 18, f"Ärende {number}"),
            *made.lines(made.PARAGRAPH),
            (70, 600, 11, "Norra nämnden"),
            (300, 600, 11, "tillstyrker"),
        ]
        for number in range(1, 5)
    ]
    reading = read_bytes("a.pdf", made.pdf(pages))
    assert [page.number for page in reading.pages] == [1, 2, 3, 4]
    assert reading.page_at(reading.text.index("Ärende 3")) == 3
    assert [reading.text[start:end] for start, end, _ in reading.headings] == [
        f"Ärende {n}" for n in range(1, 5)
    ]
    assert "Norra nämnden\ttillstyrker" in reading.text
    assert reading.text.count("Exempelnämnden") == 1
    assert "(4)" not in reading.text


@with_tesseract
def test_a_page_that_takes_too_long_is_told_with_the_limit() -> None:
    from PIL import Image

    picture = Image.open(BytesIO(made.picture(made.PARAGRAPH)))
    with pytest.raises(UnreadableFile, match=r"stopped after 0\.01 s, the limit for a page; "):
        read_picture(picture, 0.01)


@with_tesseract
def test_scanned_pdf_is_read_and_says_so(tmp_path: Path) -> None:
    from io import BytesIO

    from PIL import Image

    buffer = BytesIO()
    Image.open(BytesIO(made.picture(made.PARAGRAPH))).save(buffer, "PDF", resolution=150)
    reading = read_bytes("a.pdf", buffer.getvalue())
    assert "förskolan på Ängsvägen" in " ".join(reading.text.split())
    assert (reading.method, reading.pages[0].method) == ("ocr", "ocr")


@with_tesseract
def test_picture() -> None:
    assert "större gård" in " ".join(read_bytes("a.png", made.picture(made.PARAGRAPH)).text.split())
