"""Messages of the programs that people really use: Apple Mail, Outlook, and what they enclose."""

from __future__ import annotations

from datetime import UTC, datetime
from email.message import EmailMessage
from email.mime.application import MIMEApplication
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText
from pathlib import Path

import pytest

from ingest import metadata, structure
from ingest.readers import expand, read_bytes
from tests.ingest.readers import made_msg

_SENT = datetime(2024, 5, 6, 10, 11, tzinfo=UTC)


def letter(subject: str) -> EmailMessage:
    message = EmailMessage()
    message["From"], message["Date"] = "Anna Ås <anna@example.se>", "Mon, 06 May 2024 10:11:00 +0200"
    message["Subject"] = subject
    message.set_content("Hej!\n\nVi tillstyrker.")
    return message


@pytest.mark.parametrize(
    ("subject", "title"),
    [("Svar om gården", "Svar om gården"), ("Remissvar", "E-post: Remissvar"), ("", "E-post från Anna Ås")],
)
def test_date_and_title_of_a_message(subject: str, title: str) -> None:
    reading = read_bytes("a.eml", letter(subject).as_bytes())
    assert "Datum: 2024-05-06 10:11" in reading.text
    described = metadata.describe(reading, "a.eml", structure.sections(reading))
    assert (described.title, described.date) == (title, "2024-05-06")


def test_files_between_the_forms_of_the_text_are_attachments(tmp_path: Path) -> None:
    outer, inner = MIMEMultipart("alternative"), MIMEMultipart("mixed")
    outer["From"], outer["Subject"] = "a@example.se", "Ritningen igen"
    named = MIMEApplication(b"%PDF", "pdf")
    named.add_header("Content-Disposition", "inline", filename="ritning.pdf")
    for part in (
        MIMEText("<p>Före</p>", "html"),
        named,
        MIMEApplication(b"%PDF", "pdf"),
        MIMEText("Efter", "html"),
    ):
        inner.attach(part)
    outer.attach(MIMEText("Före och efter"))
    outer.attach(inner)
    path = tmp_path / "brev.eml"
    path.write_bytes(outer.as_bytes())
    assert [member.name for member in expand(path)] == ["ritning.pdf", "bilaga-2.pdf"]
    assert "Före och efter\n\nBilagor: ritning.pdf" in read_bytes("brev.eml", path.read_bytes()).text


def test_text_on_both_sides_of_a_file_is_read() -> None:
    message = MIMEMultipart()
    message["Subject"] = "Två delar"
    for part in (MIMEText("Första delen."), MIMEApplication(b"%PDF", "pdf"), MIMEText("Andra delen.")):
        message.attach(part)
    assert "Första delen.\n\nAndra delen." in read_bytes("a.eml", message.as_bytes()).text


def test_the_charset_of_a_letter_goes_before_that_of_its_page() -> None:
    page = '<meta charset="utf-8"><p>Gården på Ängsvägen blir större.</p>'
    message = MIMEMultipart()
    message["Subject"] = "En sida"
    message.attach(MIMEText(page, "html", "iso-8859-1"))
    assert "Gården på Ängsvägen" in read_bytes("a.eml", message.as_bytes()).text


def test_outlook_message_with_files_and_messages_enclosed(tmp_path: Path) -> None:
    large = "Bilagan är lång. ".encode() * 400
    within = made_msg.message("Innerst", body="Djupast.", header=24)
    inner = made_msg.message(
        "Förra svaret",
        body="Så sade vi då.",
        sent=_SENT,
        attached={"äldre.txt": b"Hej", "x": within},
        header=24,
    )
    page = '<meta charset="iso-8859-1"><p>Nämnden på Åsen tillstyrker.</p>'.encode()
    outer = made_msg.message(
        "Svar på remissen", page=page, sent=_SENT, attached={"lång.txt": large, "Sv": inner}
    )
    path = tmp_path / "brev.msg"
    path.write_bytes(made_msg.compound(outer))
    reading = read_bytes(path.name, path.read_bytes())
    assert (
        'Från: "Anna Ås" <anna@example.se>\nDatum: 2024-05-06 10:11\nÄmne: Svar på remissen' in reading.text
    )
    assert "Nämnden på Åsen tillstyrker.\n\nBilagor: lång.txt" in reading.text
    members = {member.name: member for member in expand(path)}
    assert list(members) == [
        "lång.txt",
        "bilaga-2.eml",
        "bilaga-2.eml/äldre.txt",
        "bilaga-2.eml/bilaga-2.eml",
    ]
    assert members["lång.txt"].data == large
    enclosed = read_bytes("bilaga-2.eml", members["bilaga-2.eml"].data)
    assert "Datum: 2024-05-06 10:11\nÄmne: Förra svaret\n\nSå sade vi då." in enclosed.text
    assert "Djupast." in read_bytes("a.eml", members["bilaga-2.eml/bilaga-2.eml"].data).text
