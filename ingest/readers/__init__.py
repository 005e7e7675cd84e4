"""File -> reading text. One small adapter module per format; this is the registry in front of them.

``read`` takes a path, ``read_bytes`` a name and bytes (a member of an archive, an attachment), and
``expand`` opens an archive. Whatever is wrong with a file comes out as ``UnreadableFile``.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable
from pathlib import Path
from typing import cast

from ingest.readers.limits import DEFAULT, Clock, ReadingLimits
from rag.domain import ReadingText
from rag.errors import UnreadableFile

__all__ = ["DEFAULT", "ReadingLimits", "read", "read_bytes", "supported"]

Adapter = Callable[[bytes, Clock], ReadingText]

# Suffix -> "module:function"; the module, and the library it adapts, is imported at the first such file.
_ADAPTERS = {
    ".txt": "text:read_text",
    ".md": "text:read_markdown",
    ".markdown": "text:read_markdown",
    ".pdf": "pdf:read_pdf",
}


def supported(path: Path) -> bool:
    """Whether files named like ``path`` can be read, judged by suffix alone."""
    return path.suffix.lower() in _ADAPTERS


def read(path: Path, *, limits: ReadingLimits = DEFAULT) -> ReadingText:
    """The reading text of the file at ``path``.

    Raises ``UnreadableFile`` with reason and remedy for anything that cannot be read; no other exception.
    """
    try:
        size = path.stat().st_size
        if size > limits.max_bytes:
            raise UnreadableFile(
                f"is {size / 1e6:.0f} MB, more than the limit of {limits.max_bytes / 1e6:.0f} MB; split the file"
            )
        data = path.read_bytes()
    except OSError as error:
        raise UnreadableFile(f"cannot be opened ({error.strerror or error}); check path and rights") from None
    return read_bytes(path.name, data, limits=limits)


def read_bytes(name: str, data: bytes, *, limits: ReadingLimits = DEFAULT) -> ReadingText:
    """The reading text of a file called ``name`` that holds ``data``; raises ``UnreadableFile``."""
    suffix = Path(name).suffix.lower()
    if suffix not in _ADAPTERS:
        raise UnreadableFile(f"is of a kind that cannot be read ({suffix or 'no ending'}); convert it to PDF")
    if not data:
        raise UnreadableFile("is empty; check that it was copied whole")
    try:
        return _adapter(suffix)(data, Clock(limits))
    except UnreadableFile:
        raise
    except (MemoryError, RecursionError):
        raise UnreadableFile("is too deeply nested or too large to read; convert it to PDF") from None
    except Exception as error:  # noqa: BLE001 - the outermost boundary of foreign parsers on foreign files
        reason = " ".join(str(error).split())[:120] or type(error).__name__
        raise UnreadableFile(f"is damaged or not a {suffix} file ({reason}); open and save it again") from error


def _adapter(suffix: str) -> Adapter:
    module, function = _ADAPTERS[suffix].split(":")
    return cast(Adapter, getattr(importlib.import_module(f"ingest.readers.{module}"), function))
