"""E-mail in EML form, through the standard library."""

from __future__ import annotations

import mimetypes
from collections.abc import Iterator
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from typing import cast

from ingest.readers.clean import clean
from ingest.readers.limits import Clock
from ingest.readers.package import Member
from ingest.readers.text import decode
from ingest.readers.web import read_html
from rag.domain import ReadingText
from rag.errors import UnreadableFile

_HEAD = (("Från", "from"), ("Till", "to"), ("Kopia", "cc"), ("Datum", "date"), ("Ämne", "subject"))


def read_eml(data: bytes, clock: Clock) -> ReadingText:
    """The reading text of a message: its head, its body, the names of its attachments."""
    message = _parse(data)
    head = [(label, _said(message, name)) for label, name in _HEAD]
    if not any(value for _, value in head):
        raise UnreadableFile("is not an e-mail message; check its ending")
    # Text goes on after a file that was put into the midst of it.
    plain = [part for part in _leaves(message) if part.get_content_subtype() == "plain" and _is_text(part)]
    body = "\n\n".join(text for part in plain if (text := _body(part, clock).strip()))
    if not body and (page := message.get_body(("html",))):
        body = _body(cast(EmailMessage, page), clock)
    names = [name for attached in _attached(message) if (name := attached.get_filename())]
    return letter(head, body, names)


def _said(message: EmailMessage, name: str) -> str:
    value = message[name]
    moment = getattr(value, "datetime", None)  # as Swedish readers, and the search for a date, want it
    return f"{moment:%Y-%m-%d %H:%M}" if moment else str(value or "")


def attachments(data: bytes, clock: Clock) -> Iterator[Member]:
    """The files and messages attached to a message in EML form, but for pictures that are part of its text."""
    for number, part in enumerate(_attached(_parse(data)), 1):
        clock.check()
        if part.get_content_maintype() == "image" and part.get_content_disposition() != "attachment":
            continue
        if part.get_content_type() == "message/rfc822" and part.is_multipart():
            inner = cast(EmailMessage, part.get_payload(0))
            name = part.get_filename() or f"bilaga-{number}"
            yield Member(name if name.lower().endswith(".eml") else f"{name}.eml", inner.as_bytes())
            continue
        content = part.get_payload(decode=True)
        if isinstance(content, bytes) and content:
            ending = mimetypes.guess_extension(part.get_content_type()) or ""
            yield Member(part.get_filename() or f"bilaga-{number}{ending}", content)


def _attached(message: EmailMessage) -> Iterator[EmailMessage]:
    """Every part that is no text of the message: some programs put files between the forms of the text."""
    return (part for part in _leaves(message) if not _is_text(part))


def _is_text(part: EmailMessage) -> bool:
    text = part.get_content_type() in ("text/plain", "text/html")
    return text and not part.get_filename() and not part.is_attachment()


def _leaves(part: EmailMessage) -> Iterator[EmailMessage]:
    if part.get_content_maintype() != "multipart":
        yield part
        return
    for inner in part.iter_parts():
        yield from _leaves(cast(EmailMessage, inner))


def _parse(data: bytes) -> EmailMessage:
    return BytesParser(policy=policy.default).parsebytes(data)


def _body(part: EmailMessage, clock: Clock) -> str:
    content = part.get_payload(decode=True)
    raw = content if isinstance(content, bytes) else b""
    if part.get_content_subtype() == "html":
        return read_html(raw, clock, part.get_content_charset()).text if raw.strip() else ""
    try:
        return raw.decode(part.get_content_charset() or "utf-8")
    except (LookupError, UnicodeDecodeError):
        return decode(raw) if raw else ""


def letter(head: list[tuple[str, str]], body: str, names: list[str]) -> ReadingText:
    """The reading text of a message with the lines of its head as label and value, and its attachments' names."""
    lines = [f"{label}: {' '.join(value.split())}" for label, value in head if value.strip()]
    attached = f"\n\nBilagor: {', '.join(names)}" if names else ""
    return ReadingText(clean("\n".join(lines) + "\n\n" + body.strip() + attached), title=_title(dict(head)))


def _title(head: dict[str, str]) -> str | None:
    subject = " ".join(head.get("Ämne", "").split())
    sender = head.get("Från", "").partition("<")[0].strip(' "') or head.get("Från", "")
    if not subject:
        return f"E-post från {sender}" if sender else None
    return (
        subject if " " in subject else f"E-post: {subject}"
    )  # one word is no title, nor is the "Hej!" below it
