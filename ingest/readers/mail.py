"""E-mail: EML through the standard library, MSG through python-oxmsg (MIT); RTF through striprtf (BSD)."""

from __future__ import annotations

from collections.abc import Iterator
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from io import BytesIO
from typing import cast

from ingest.readers.clean import clean
from ingest.readers.limits import Clock
from ingest.readers.package import Member
from ingest.readers.text import decode
from ingest.readers.web import read_html
from rag.domain import ReadingText
from rag.errors import UnreadableFile

_HEAD = (("Från", "from"), ("Till", "to"), ("Kopia", "cc"), ("Datum", "date"), ("Ämne", "subject"))
_CONTENT_ID = 0x3712  # PidTagAttachContentId: what the text of the message refers to


def read_eml(data: bytes, clock: Clock) -> ReadingText:
    """The reading text of a message: its head, its body, the names of its attachments."""
    message = _parse(data)
    head = [(label, str(message[name] or "")) for label, name in _HEAD]
    if not any(value for _, value in head):
        raise UnreadableFile("is not an e-mail message; check its ending")
    part = message.get_body(("plain", "html"))
    body = "" if part is None else _body(cast(EmailMessage, part), clock)
    names = [name for attached in message.iter_attachments() if (name := attached.get_filename())]
    return _letter(head, body, names)


def read_msg(data: bytes, clock: Clock) -> ReadingText:
    """The reading text of an Outlook message."""
    from oxmsg import Message

    message = Message.load(BytesIO(data))
    head = [
        ("Från", message.sender or ""),
        ("Till", "; ".join(recipient.name or recipient.email_address for recipient in message.recipients)),
        ("Datum", message.sent_date.isoformat(" ", "minutes") if message.sent_date else ""),
        ("Ämne", message.subject or ""),
    ]
    body = message.body or ""
    if not body.strip() and message.html_body:
        body = read_html(message.html_body.encode("utf-8"), clock).text
    names = [attached.file_name for attached in message.attachments if attached.file_name]
    return _letter(head, body, names)


def read_rtf(data: bytes, clock: Clock) -> ReadingText:
    """The reading text of a rich-text file."""
    from striprtf.striprtf import rtf_to_text

    if not data.lstrip().startswith(b"{\\rtf"):
        raise UnreadableFile("is not a rich-text file; open and save it again")
    text: str = rtf_to_text(data.decode("cp1252", errors="replace"), errors="ignore")  # type: ignore[no-untyped-call]
    return ReadingText(clean(text))


def attachments(data: bytes, clock: Clock) -> Iterator[Member]:
    """The files and messages attached to a message in EML form, but for pictures that are part of its text."""
    for number, part in enumerate(_parse(data).iter_attachments(), 1):
        clock.check()
        if part.get_content_maintype() == "image" and part.get_content_disposition() != "attachment":
            continue
        if part.get_content_type() == "message/rfc822":
            inner = cast(EmailMessage, part.get_payload(0))
            yield Member(part.get_filename() or f"bilaga-{number}.eml", inner.as_bytes())
            continue
        content = part.get_payload(decode=True)
        if isinstance(content, bytes) and content:
            yield Member(part.get_filename() or f"bilaga-{number}", content)


def outlook_attachments(data: bytes, clock: Clock) -> Iterator[Member]:
    """The files attached to an Outlook message, but for pictures that are part of its text."""
    from oxmsg import Message

    for attached in Message.load(BytesIO(data)).attachments:
        clock.check()
        content_id = attached.properties.str_prop_value(_CONTENT_ID)
        if (
            attached.file_name
            and attached.file_bytes
            and not (content_id and _is_picture(attached.mime_type))
        ):
            yield Member(attached.file_name, attached.file_bytes)


def _is_picture(mime_type: str | None) -> bool:
    return (mime_type or "").startswith("image/")


def _parse(data: bytes) -> EmailMessage:
    return BytesParser(policy=policy.default).parsebytes(data)


def _body(part: EmailMessage, clock: Clock) -> str:
    content = part.get_payload(decode=True)
    raw = content if isinstance(content, bytes) else b""
    if part.get_content_subtype() == "html":
        return read_html(raw, clock).text if raw.strip() else ""
    try:
        return raw.decode(part.get_content_charset() or "utf-8")
    except (LookupError, UnicodeDecodeError):
        return decode(raw) if raw else ""


def _letter(head: list[tuple[str, str]], body: str, names: list[str]) -> ReadingText:
    lines = [f"{label}: {' '.join(value.split())}" for label, value in head if value.strip()]
    attached = f"\n\nBilagor: {', '.join(names)}" if names else ""
    subject = next((value.strip() for label, value in head if label == "Ämne"), "")
    return ReadingText(clean("\n".join(lines) + "\n\n" + body.strip() + attached), title=subject or None)
