"""File -> reading text. One small adapter module per format; this is the registry in front of them.

``read`` takes a path, ``read_bytes`` a name and bytes, and ``expand`` gives the files inside an archive or
attached to a message as names and bytes for ``read_bytes``. Whatever is wrong with a file comes out as
``UnreadableFile``, whose message gives the reason and the remedy.
"""

from __future__ import annotations

import importlib
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, cast

from ingest.readers.limits import DEFAULT, Clock, ReadingLimits
from rag.domain import ReadingText
from rag.errors import ModelError, UnreadableFile

if TYPE_CHECKING:
    from ingest.ocr import Lexicon
    from ingest.readers.package import Member

__all__ = [
    "DEFAULT",
    "ReadingLimits",
    "expand",
    "expandable",
    "is_misread",
    "load",
    "mended",
    "read",
    "read_bytes",
    "read_unmended",
    "refused",
    "supported",
]

Adapter = Callable[[bytes, Clock], ReadingText]
Expander = Callable[[bytes, Clock], "Iterator[Member]"]

# Suffix -> "module:function"; the module, and the library it adapts, is imported at the first such file.
_ADAPTERS = {
    ".txt": "text:read_text",
    ".text": "text:read_text",
    ".md": "text:read_markdown",
    ".markdown": "text:read_markdown",
    ".pdf": "pdf:read_pdf",
    ".docx": "word:read_docx",
    ".docm": "word:read_docx",
    ".odt": "opendocument:read_odt",
    ".html": "web:read_html",
    ".htm": "web:read_html",
    ".eml": "mail:read_eml",
    ".msg": "outlook:read_msg",
    ".rtf": "rtf:read_rtf",
    **dict.fromkeys((".png", ".jpg", ".jpeg", ".tif", ".tiff", ".bmp", ".webp"), "picture:read_picture_file"),
}
_EXPANDABLE = {
    ".zip": "package:unpack",
    ".eml": "mail:attachments",
    ".msg": "outlook:attachments",
}
_JUDGED = frozenset({".txt", ".text", ".pdf", ".png", ".jpg", ".jpeg", ".tif", ".tiff", ".bmp", ".webp"})
_REMEDIES = {
    ".doc": "save it as DOCX or PDF",
    ".zip": "it is an archive, whose files are read one by one",
    **dict.fromkeys((".xls", ".xlsx", ".ods", ".csv", ".ppt", ".pptx", ".odp"), "save it as PDF"),
}


def supported(path: Path) -> bool:
    """Whether files named like ``path`` can be read, judged by suffix alone."""
    return path.suffix.lower() in _ADAPTERS


def refused(path: Path) -> str:
    """Why files named like ``path``, which hold documents in a form that is not read, cannot be read; empty for
    every other file."""
    suffix = path.suffix.lower()
    return _no_reader(suffix) if suffix in _REMEDIES and not expandable(path) else ""


def _no_reader(suffix: str) -> str:
    remedy = _REMEDIES.get(suffix, "convert it to PDF")
    return f"is of a kind that cannot be read ({suffix or 'no ending'}); {remedy}"


def expandable(path: Path) -> bool:
    """Whether files named like ``path`` may hold other files, for ``expand``."""
    return path.suffix.lower() in _EXPANDABLE


def read(path: Path, *, limits: ReadingLimits = DEFAULT, lexicon: Lexicon | None = None) -> ReadingText:
    """The reading text of the file at ``path``; ``lexicon`` holds names for the repair of misread text.

    Raises ``UnreadableFile`` with reason and remedy for anything that cannot be read; no other exception.
    """
    return read_bytes(path.name, load(path, limits=limits), limits=limits, lexicon=lexicon)


def read_bytes(
    name: str, data: bytes, *, limits: ReadingLimits = DEFAULT, lexicon: Lexicon | None = None
) -> ReadingText:
    """The reading text of a file called ``name`` that holds ``data``; raises ``UnreadableFile``."""
    return mended(name, read_unmended(name, data, limits=limits), lexicon)


def read_unmended(name: str, data: bytes, *, limits: ReadingLimits = DEFAULT) -> ReadingText:
    """As ``read_bytes``, without judging and mending misread text; raises ``UnreadableFile``."""
    suffix = _suffix(name)
    if suffix not in _ADAPTERS:
        raise UnreadableFile(_no_reader(suffix))
    if len(data) > limits.max_bytes:
        raise _too_large(len(data), limits)
    if not data:
        raise UnreadableFile("is empty; check that it was copied whole")
    try:
        return cast(Adapter, _function(_ADAPTERS[suffix]))(data, Clock(limits))
    except Exception as error:
        raise _refusal(error, suffix) from error


def is_misread(name: str, reading: ReadingText) -> bool:
    """Whether ``mended`` would change the text: some page of a file called ``name`` was read badly."""
    if _suffix(name) not in _JUDGED:
        return False
    from ingest.ocr import needs_repair

    try:
        return needs_repair(reading)
    except Exception as error:
        raise _refusal(error, _suffix(name)) from error


def mended(name: str, reading: ReadingText, lexicon: Lexicon | None = None) -> ReadingText:
    """``reading`` of a file called ``name``, judged and its misread pages repaired; raises ``UnreadableFile``."""
    if _suffix(name) not in _JUDGED:
        return reading
    from ingest.ocr import restore

    try:
        return restore(reading, lexicon)
    except Exception as error:
        raise _refusal(error, _suffix(name)) from error


def _suffix(name: str) -> str:
    return Path(name).suffix.lower()


def expand(path: Path, *, limits: ReadingLimits = DEFAULT) -> Iterator[Member]:
    """The files inside the archive, or attached to the message, at ``path``; those inside them follow them.

    No two have the same name. What cannot be taken out comes as a member with its ``problem``. Raises
    ``UnreadableFile`` when ``path`` itself cannot be opened, or gives more than the limits allow.
    """
    if not expandable(path):
        raise UnreadableFile(f"is no archive ({path.suffix or 'no ending'}); it is read as one file")
    data, clock, unpacked = load(path, limits=limits), Clock(limits), 0
    taken: set[str] = set()
    for member in _members(path.name, data, clock):
        unpacked += len(member.data)
        clock.check_unpacked(unpacked, len(data))
        yield replace(member, name=_free(member.name, taken))


def _free(name: str, taken: set[str]) -> str:
    path, number, free = PurePosixPath(name), 1, name
    while free in taken:
        number += 1
        free = str(path.with_name(f"{path.stem} ({number}){path.suffix}"))
    taken.add(free)
    return free


def _members(name: str, data: bytes, clock: Clock, nesting: int = 0) -> Iterator[Member]:
    suffix = _suffix(name)
    try:
        for member in cast(Expander, _function(_EXPANDABLE[suffix]))(data, clock):
            # Whoever named it may have written a path out of here: it stays a name inside this file.
            parts = [part for part in re.split(r"[/\\]+", member.name) if part not in ("", ".", "..")]
            named = replace(member, name="/".join(parts) or "namnlös")
            is_file = named.problem or not expandable(Path(named.name))
            if is_file or supported(Path(named.name)):
                yield named
            if not is_file:
                yield from _nested(named, clock, nesting + 1)
    except Exception as error:
        raise _refusal(error, suffix) from error


def _nested(member: Member, clock: Clock, nesting: int) -> Iterator[Member]:
    """What is inside ``member``; a failure to get at it is a member too, beside a message that can be read."""
    of_message = f"{member.name}/bilagor" if supported(Path(member.name)) else member.name
    try:
        for inner in _members(member.name, member.data, clock, nesting):
            if nesting > clock.limits.max_nesting:
                raise UnreadableFile(
                    "holds archives in archives in archives; unpack it by hand and add the files in it"
                )
            yield replace(inner, name=f"{member.name}/{inner.name}")
    except UnreadableFile as error:
        clock.check()  # when the time of the whole archive is up, that is not this member's failure
        yield replace(member, name=of_message, data=b"", problem=str(error))


def load(path: Path, *, limits: ReadingLimits = DEFAULT) -> bytes:
    """What the file at ``path`` holds; raises ``UnreadableFile`` where it cannot be opened or is too large."""
    try:
        size = path.stat().st_size
        if size > limits.max_bytes:
            raise _too_large(size, limits)
        return path.read_bytes()
    except OSError as error:
        raise UnreadableFile(f"cannot be opened ({error.strerror or error}); check path and rights") from None


def _too_large(size: int, limits: ReadingLimits) -> UnreadableFile:
    return UnreadableFile(
        f"is {size / 1e6:.0f} MB, more than the limit of {limits.max_bytes / 1e6:.0f} MB; split the file"
    )


def _refusal(error: Exception, suffix: str) -> UnreadableFile:
    if isinstance(error, UnreadableFile):
        return error
    if isinstance(error, ModelError):  # a part of the installation is missing; its message has the remedy
        return UnreadableFile(str(error))
    if isinstance(error, (MemoryError, RecursionError)):
        return UnreadableFile("is too deeply nested or too large to read; convert it to PDF")
    reason = " ".join(str(error).split())[:120] or type(error).__name__
    return UnreadableFile(f"is damaged or not a {suffix} file ({reason}); open and save it again")


def _function(place: str) -> Callable[..., object]:
    module, function = place.split(":")
    return cast(Callable[..., object], getattr(importlib.import_module(f"ingest.readers.{module}"), function))
