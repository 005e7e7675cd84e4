"""File -> reading text. One small adapter module per format; this is the registry in front of them.

``read`` takes a path, ``read_bytes`` a name and bytes, and ``expand`` gives the files inside an archive or
attached to a message as names and bytes for ``read_bytes``. Whatever is wrong with a file comes out as
``UnreadableFile``, whose message gives the reason and the remedy.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, cast

from ingest.readers.limits import DEFAULT, Clock, ReadingLimits
from rag.domain import ReadingText
from rag.errors import ModelError, UnreadableFile

if TYPE_CHECKING:
    from ingest.ocr import Lexicon
    from ingest.readers.package import Member

__all__ = ["DEFAULT", "ReadingLimits", "expand", "expandable", "read", "read_bytes", "supported"]

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
    ".msg": "mail:read_msg",
    ".rtf": "mail:read_rtf",
    **dict.fromkeys((".png", ".jpg", ".jpeg", ".tif", ".tiff", ".bmp", ".webp"), "picture:read_picture_file"),
}
_EXPANDABLE = {".zip": "package:unpack", ".eml": "mail:attachments"}
_JUDGED = frozenset({".txt", ".text", ".pdf", ".png", ".jpg", ".jpeg", ".tif", ".tiff", ".bmp", ".webp"})
_REMEDIES = {
    ".doc": "save it as DOCX or PDF",
    ".zip": "it is an archive, whose files are read one by one",
    **dict.fromkeys((".xls", ".xlsx", ".ods", ".csv", ".ppt", ".pptx", ".odp"), "save it as PDF"),
}


def supported(path: Path) -> bool:
    """Whether files named like ``path`` can be read, judged by suffix alone."""
    return path.suffix.lower() in _ADAPTERS


def expandable(path: Path) -> bool:
    """Whether files named like ``path`` may hold other files, for ``expand``."""
    return path.suffix.lower() in _EXPANDABLE


def read(path: Path, *, limits: ReadingLimits = DEFAULT, lexicon: Lexicon | None = None) -> ReadingText:
    """The reading text of the file at ``path``; ``lexicon`` holds names for the repair of misread text.

    Raises ``UnreadableFile`` with reason and remedy for anything that cannot be read; no other exception.
    """
    return read_bytes(path.name, _load(path, limits), limits=limits, lexicon=lexicon)


def read_bytes(
    name: str, data: bytes, *, limits: ReadingLimits = DEFAULT, lexicon: Lexicon | None = None
) -> ReadingText:
    """The reading text of a file called ``name`` that holds ``data``; raises ``UnreadableFile``."""
    suffix = Path(name).suffix.lower()
    if suffix not in _ADAPTERS:
        remedy = _REMEDIES.get(suffix, "convert it to PDF")
        raise UnreadableFile(f"is of a kind that cannot be read ({suffix or 'no ending'}); {remedy}")
    if len(data) > limits.max_bytes:
        raise _too_large(len(data), limits)
    if not data:
        raise UnreadableFile("is empty; check that it was copied whole")
    try:
        reading = cast(Adapter, _function(_ADAPTERS[suffix]))(data, Clock(limits))
        if suffix not in _JUDGED:
            return reading
        from ingest.ocr import restore

        return restore(reading, lexicon)
    except Exception as error:
        raise _refusal(error, suffix) from error


def expand(path: Path, *, limits: ReadingLimits = DEFAULT) -> Iterator[Member]:
    """The files inside the archive, or attached to the message, at ``path``; raises ``UnreadableFile``."""
    suffix = path.suffix.lower()
    if suffix not in _EXPANDABLE:
        raise UnreadableFile(f"is no archive ({suffix or 'no ending'}); it is read as one file")
    try:
        opened = cast(Expander, _function(_EXPANDABLE[suffix]))(_load(path, limits), Clock(limits))
        yield from opened
    except Exception as error:
        raise _refusal(error, suffix) from error


def _load(path: Path, limits: ReadingLimits) -> bytes:
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
