"""What the catalog keeps records of: files, and documents with all that is stored of them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from rag.domain import Chunk, ReadingText, Source

INSIDE = "//"  # stands between an archive's path and the place of a file in it; no path on disk holds it
UNSETTLED = -1  # as a time of change: the file is looked into again at its next ingest


@dataclass(frozen=True, slots=True)
class FileRecord:
    """A file, or one inside an archive or message, as it was when it was last ingested.

    ``path`` is absolute; ``/a/arkiv.zip//mapp/brev.txt`` is a file in an archive.
    """

    path: str
    source_id: str
    size: int  # bytes
    mtime_ns: int


@dataclass(frozen=True, slots=True)
class IndexedDocument:
    """A source with everything that is stored of it."""

    source: Source
    reading: ReadingText
    chunks: tuple[Chunk, ...]


def shown_name(path: str) -> str:
    """How a file is called where it is shown and cited: ``brev.txt``, ``arkiv.zip/mapp/brev.txt``."""
    outer, _, inside = path.partition(INSIDE)
    name = Path(outer).name
    return f"{name}/{inside}" if inside else name
