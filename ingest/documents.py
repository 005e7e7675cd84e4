"""A file's bytes -> a document ready for the index: read, mended, described, split.

This runs in worker processes, so it imports little; what a format needs is loaded at its first file.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from ingest import chunking, facts, metadata, readers, structure
from ingest.corrections import corrected, with_own_chunks
from ingest.readers import ReadingLimits
from rag.domain import ReadingText, Source
from rag.errors import UnreadableFile
from rag.records import IndexedDocument
from rag.settings import Settings

if TYPE_CHECKING:
    from ingest.ocr import Lexicon

_NO_TEXT = "holds no text; if it is a scan, run it through OCR first"


@dataclass(frozen=True, slots=True)
class Task:
    """A file to make a document of. It lies at ``path``, or holds ``data``; ``reading`` is what was read of
    it before and only has to be mended. ``size`` is in bytes."""

    name: str
    source_id: str
    size: int
    path: Path | None = None
    data: bytes | None = field(default=None, repr=False)
    reading: ReadingText | None = field(default=None, repr=False)

    def read(self, limits: ReadingLimits) -> ReadingText:
        """The text as it was read, not mended. Raises UnreadableFile."""
        if self.reading is not None:
            return self.reading
        data = readers.load(self.path, limits=limits) if self.path else self.data or b""
        return readers.read_unmended(self.name, data, limits=limits)


@dataclass(frozen=True, slots=True)
class Misread:
    """What was read of a file, and waits for the names of the collection to be mended with."""

    reading: ReadingText


class DocumentMaker:
    """Makes documents of tasks. Without a ``lexicon``, texts that need one come back as ``Misread``.

    ``corrections`` are texts of pages by page number, by source id, that were corrected by hand.
    """

    def __init__(
        self,
        settings: Settings,
        lexicon: Lexicon | None = None,
        limits: ReadingLimits = readers.DEFAULT,
        corrections: Mapping[str, Mapping[int, str]] = MappingProxyType({}),
    ) -> None:
        from rag.embedding import load_embedder

        self._vocabulary = settings.vocabulary
        self._lexicon = lexicon
        self._limits = limits
        self._corrections = corrections
        self._embedder = load_embedder(settings)

    def __call__(self, task: Task) -> IndexedDocument | Misread:
        """Raises UnreadableFile."""
        reading = task.read(self._limits)
        if self._lexicon is None and readers.is_misread(task.name, reading):
            return Misread(reading)
        mended = readers.mended(task.name, reading, self._lexicon)
        by_hand = self._corrections.get(task.source_id)
        if not by_hand:
            return self._document(mended, task)
        return with_own_chunks(self._document(corrected(mended, by_hand), task))

    def _document(self, reading: ReadingText, task: Task) -> IndexedDocument:
        return make_document(
            reading,
            task.name,
            task.source_id,
            self._embedder.count_tokens,
            self._embedder.window,
            self._vocabulary,
        )


class Trial:
    """Reads files to find out whether they can be read, and keeps nothing of them."""

    def __init__(self, limits: ReadingLimits = readers.DEFAULT) -> None:
        self._limits = limits

    def __call__(self, task: Task) -> IndexedDocument:
        """An empty document. Raises UnreadableFile."""
        if not task.read(self._limits).text.strip():
            raise UnreadableFile(_NO_TEXT)
        return IndexedDocument(Source(task.source_id, task.name, ""), ReadingText(""), ())


def make_document(
    reading: ReadingText,
    name: str,
    source_id: str,
    count_tokens: Callable[[str], int],
    window: int,
    vocabulary: Path | None = None,
) -> IndexedDocument:
    """Describes and splits a reading text; ``vocabulary`` is the folder with an operator's own words.

    Raises UnreadableFile when nothing is left to index.
    """
    sections = structure.sections(reading, vocabulary)
    description = metadata.describe(reading, name, sections, vocabulary)
    source = Source(
        id=source_id,
        name=name,
        title=description.title,
        kind=description.kind,
        body=description.body,
        date=description.date,
        diarienummer=description.diarienummer,
        grade=reading.grade,
        method=reading.method,
        pages=reading.pages,
        facts=facts.extract(reading, sections, description, vocabulary=vocabulary),
    )
    chunks = chunking.chunk(source_id, reading, sections, count_tokens, max_tokens=window)
    if not chunks:
        raise UnreadableFile(_NO_TEXT)
    return IndexedDocument(source, reading, chunks)
