"""Outlook's messages (MSG) through python-oxmsg (MIT)."""

from __future__ import annotations

from collections.abc import Iterator
from email.header import Header
from email.mime.application import MIMEApplication
from email.mime.message import MIMEMessage
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText
from email.utils import format_datetime
from io import BytesIO
from typing import TYPE_CHECKING

from ingest.readers.limits import Clock
from ingest.readers.mail import letter
from ingest.readers.package import Member
from ingest.readers.web import read_html
from rag.domain import ReadingText

if TYPE_CHECKING:
    from oxmsg import Message
    from oxmsg.attachment import Attachment

_CONTENT_ID = 0x3712  # PidTagAttachContentId: what the text of the message refers to
_SHORT_NAME = 0x3704  # PidTagAttachFilename, where there is no long one
_ENCLOSED = "__substg1.0_3701000D"  # the storage of an attached message
_HEAD, _HEAD_OUTSIDE = 24, 32  # bytes before the properties of an attached message, and of one in a file


def read_msg(data: bytes, clock: Clock) -> ReadingText:
    """The reading text of an Outlook message."""
    from oxmsg import Message

    message = Message.load(BytesIO(data))
    names = [name for attached in message.attachments if (name := _name(attached))]
    return letter(_head(message), _body(message, clock), names)


def attachments(data: bytes, clock: Clock) -> Iterator[Member]:
    """The files and messages attached to an Outlook message, these in EML form, but for pictures that are part
    of its text."""
    from oxmsg import Message

    for number, attached in enumerate(Message.load(BytesIO(data)).attachments, 1):
        clock.check()
        if inner := _enclosed(attached):
            yield Member(f"bilaga-{number}.eml", _as_eml(inner, clock).as_bytes())
        elif attached.file_bytes and (name := _name(attached)) and not _is_in_text(attached):
            yield Member(name, attached.file_bytes)


def _head(message: Message) -> list[tuple[str, str]]:
    to = "; ".join(recipient.name or recipient.email_address for recipient in message.recipients)
    date = f"{message.sent_date:%Y-%m-%d %H:%M}" if message.sent_date else ""
    return [("Från", message.sender or ""), ("Till", to), ("Datum", date), ("Ämne", message.subject or "")]


def _body(message: Message, clock: Clock) -> str:
    body = message.body or ""
    if not body.strip() and message.html_body:
        return read_html(message.html_body.encode("utf-8"), clock, "utf-8").text
    return body


def _name(attached: Attachment) -> str:
    return attached.file_name or attached.properties.str_prop_value(_SHORT_NAME) or ""


def _is_in_text(attached: Attachment) -> bool:
    picture = (attached.mime_type or "").startswith("image/")
    return picture and bool(attached.properties.str_prop_value(_CONTENT_ID))


def _enclosed(attached: Attachment) -> Message | None:
    """The message that is attached, which python-oxmsg has no word for."""
    from oxmsg import Message
    from oxmsg.storage import Storage, Stream

    for storage in attached._storage.storages:  # type: ignore[attr-defined]
        if storage.name == _ENCLOSED:
            streams = tuple(
                Stream(each.path, each.bytes_[:_HEAD] + bytes(_HEAD_OUTSIDE - _HEAD) + each.bytes_[_HEAD:])
                if each.name == "__properties_version1.0"
                else each
                for each in storage.streams
            )
            return Message(Storage(storage.path, streams, storage.storages))
    return None


def _as_eml(message: Message, clock: Clock) -> MIMEMultipart:
    clock.check()
    made = MIMEMultipart()
    for (label, value), name in zip(_head(message), ("From", "To", "Date", "Subject"), strict=True):
        if label == "Datum" and message.sent_date:
            made[name] = format_datetime(message.sent_date)
        elif value:
            made[name] = Header(" ".join(value.split()), "utf-8").encode(maxlinelen=0)
    made.attach(MIMEText(_body(message, clock), "plain", "utf-8"))
    for attached in message.attachments:
        if inner := _enclosed(attached):
            made.attach(MIMEMessage(_as_eml(inner, clock)))
        elif attached.file_bytes and (name := _name(attached)) and not _is_in_text(attached):
            part = MIMEApplication(attached.file_bytes)
            part.add_header("Content-Disposition", "attachment", filename=("utf-8", "", name))
            made.attach(part)
    return made
