"""Temporary collections to evaluate on: a folder of documents, or passages from a JSONL file."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from evals.cases import PassageRow, QuestionRow
from ingest.documents import make_document
from ingest.pipeline import ingest
from rag.assistant import Assistant
from rag.domain import Passage, ReadingText
from rag.index import Index
from rag.language import detect
from rag.question import analyse
from rag.records import FileRecord, IndexedDocument
from rag.settings import Settings

BATCH = 64  # passages written together


@contextmanager
def of_documents(folder: Path, settings: Settings) -> Iterator[Assistant]:
    """An assistant over the documents in ``folder``, indexed for this run. Raises MissingInput."""
    with _temporary(settings) as (index, opened):
        ingest(index, [folder])
        index.close()
        yield Assistant.open(opened)


@contextmanager
def of_passages(passages: Sequence[PassageRow], settings: Settings) -> Iterator[Assistant]:
    """An assistant over passages, each a source whose id and name are the passage's id."""
    with _temporary(settings) as (index, opened):
        for start in range(0, len(passages), BATCH):
            batch = passages[start : start + BATCH]
            documents = [_document(row, index) for row in batch]
            records = [FileRecord(row.id, row.id, len(row.text), 0) for row in batch]
            index.replace([document for document in documents if document.chunks], records)
        index.close()
        yield Assistant.open(opened)


def short_answer(assistant: Assistant, question: QuestionRow, passage: PassageRow | None) -> str:
    """The span that the product finds in ``passage`` (in all through retrieval, where None), or ""."""
    asked = analyse(question.question, detect(question.question), assistant.gazetteer)
    if passage is None:
        passages = assistant.retriever.retrieve(asked.text).passages
    else:
        source = assistant.catalog.source(passage.id)
        chunks = assistant.catalog.chunks_of(passage.id)
        passages = tuple(Passage(chunk, source, 0.0) for chunk in chunks) if source else ()
    finding = assistant.answerer.best(asked, passages)
    return finding.text if finding else ""


def _document(row: PassageRow, index: Index) -> IndexedDocument:
    reading = ReadingText(row.text, title=row.title or None)
    document = make_document(reading, row.id, row.id, index.embedder.count_tokens, index.embedder.window)
    return replace(document, source=replace(document.source, title=row.title)) if row.title else document


@contextmanager
def _temporary(settings: Settings) -> Iterator[tuple[Index, Settings]]:
    with tempfile.TemporaryDirectory(prefix="stadsvar-eval-", ignore_cleanup_errors=True) as folder:
        opened = settings.model_copy(update={"index": Path(folder)})
        index = Index.open(opened, writable=True)
        try:
            yield index, opened
        finally:
            index.close()
