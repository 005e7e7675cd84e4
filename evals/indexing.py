"""Passages of a data set into an index, each a source of its own whose id and name are the passage's id."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from evals.cases import PassageRow
from ingest.documents import make_document
from ingest.ocr import restore
from rag.domain import ReadingText
from rag.embedding import Embedder
from rag.index import Index
from rag.records import FileRecord, IndexedDocument

_BATCH = 64  # passages written together


def add(index: Index, passages: Sequence[PassageRow]) -> None:
    """Writes the passages that have a text."""
    rows = [row for row in passages if row.text.strip()]
    for start in range(0, len(rows), _BATCH):
        batch = rows[start : start + _BATCH]
        documents = [document(row, index.embedder) for row in batch]
        records = [FileRecord(row.id, row.id, len(row.text), 0) for row in batch]
        index.replace([made for made in documents if made.chunks], records)


def document(row: PassageRow, embedder: Embedder) -> IndexedDocument:
    """A passage as the product makes a document of a text file, mended where it was misread; a title that it
    brings is kept."""
    reading = restore(ReadingText(row.text, title=row.title or None))
    made = make_document(reading, row.id, row.id, embedder.count_tokens, embedder.window)
    return replace(made, source=replace(made.source, title=row.title)) if row.title else made
