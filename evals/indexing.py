"""Indexes of evaluation runs, and passages of a data set in them, each a source whose id and name are its own."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from evals.cases import PassageRow
from ingest.documents import make_document
from ingest.ocr import restore
from rag.domain import ReadingText
from rag.embedding import Embedder
from rag.index import Index
from rag.records import FileRecord, IndexedDocument
from rag.settings import Settings

_BATCH = 64  # passages written together


@contextmanager
def temporary(settings: Settings) -> Iterator[tuple[Index, Settings]]:
    """An empty index in a folder that lasts as long as the run, and the settings that open it."""
    with tempfile.TemporaryDirectory(prefix="stadsvar-eval-", ignore_cleanup_errors=True) as folder:
        opened = settings.model_copy(update={"index": Path(folder)})
        index = Index.open(opened, writable=True)
        try:
            yield index, opened
        finally:
            index.close()


def add(index: Index, passages: Sequence[PassageRow]) -> None:
    """Writes the passages that have a text."""
    rows = [row for row in passages if row.text.strip()]
    for start in range(0, len(rows), _BATCH):
        batch = rows[start : start + _BATCH]
        documents = [_document(row, index.embedder) for row in batch]
        records = [FileRecord(row.id, row.id, len(row.text), 0) for row in batch]
        index.replace([made for made in documents if made.chunks], records)


def _document(row: PassageRow, embedder: Embedder) -> IndexedDocument:
    """A passage as the product makes a document of a text file, mended where it was misread; a title that it
    brings is kept."""
    reading = restore(ReadingText(row.text, title=row.title or None))
    made = make_document(reading, row.id, row.id, embedder.count_tokens, embedder.window)
    return replace(made, source=replace(made.source, title=row.title)) if row.title else made
