"""Temporary collections to evaluate on: a folder of documents, or passages from a JSONL file."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from evals import indexing
from evals.cases import PassageRow, QuestionRow
from ingest.pipeline import ingest
from rag.assistant import Assistant
from rag.domain import Passage
from rag.language import detect
from rag.question import analyse
from rag.settings import Settings


@contextmanager
def of_documents(folder: Path, settings: Settings) -> Iterator[Assistant]:
    """An assistant over the documents in ``folder``, indexed for this run. Raises MissingInput."""
    with indexing.temporary(settings) as (index, opened):
        ingest(index, [folder])
        index.close()
        yield Assistant.open(opened)


@contextmanager
def of_passages(passages: Sequence[PassageRow], settings: Settings) -> Iterator[Assistant]:
    """An assistant over passages, each a source whose id and name are the passage's id."""
    with indexing.temporary(settings) as (index, opened):
        indexing.add(index, passages)
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
    if finding is None or finding.answerable < assistant.answerer.least(asked, finding):
        return ""
    return finding.text
