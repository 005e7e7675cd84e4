"""Scores retrieval: for each question, where its passage stands in each leg's list and in the fused one.

Passages are split into chunks as the product splits documents; a passage's place is its best chunk's.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from statistics import fmean
from typing import Any

from evals import indexing
from evals.cases import PassageRow, QuestionRow
from evals.ranking import MEASURES
from rag.embedding import Embedder
from rag.retriever import Retriever
from rag.settings import Settings

DEPTH = 10  # passages that count
_CHUNKS_PER_PASSAGE = 5  # a list of chunks this many times as long holds enough passages


def run(
    passages: Sequence[PassageRow],
    questions: Sequence[QuestionRow],
    settings: Settings,
    embedder: Embedder | None = None,
) -> dict[str, Any]:
    """Every leg's measures over the answerable questions, as ``stadsvar eval retrieval`` prints them.

    ``embedder`` stands in for the one that ``settings`` names.
    """
    with searchable(passages, settings, embedder) as retriever:
        return score(retriever, passages, questions)


def score(
    retriever: Retriever, passages: Sequence[PassageRow], questions: Sequence[QuestionRow]
) -> dict[str, Any]:
    """As ``run``, over a collection in which each passage is a source of that id."""
    asked = [question for question in questions if question.answerable]
    ranked = [(_rankings(retriever, question.question), relevant(question)) for question in asked]
    legs = list(dict.fromkeys(leg for rankings, _ in ranked for leg in rankings))
    return {
        "n_passages": len(passages),
        "n_questions": len(asked),
        "legs": {leg: measures((rankings[leg], gold) for rankings, gold in ranked) for leg in legs},
    }


def measures(ranked: Iterable[tuple[Sequence[str], frozenset[str]]]) -> dict[str, float]:
    """The mean of each measure over (ranked passage ids, relevant ones) rows."""
    rows = list(ranked)
    return {
        name: fmean(measure(found, relevant) for found, relevant in rows)
        for name, measure in MEASURES.items()
    }


def _rankings(retriever: Retriever, question: str) -> Mapping[str, list[str]]:
    depth = DEPTH * _CHUNKS_PER_PASSAGE
    found = retriever.legs(question, depth)
    hybrid = retriever.retrieve(question, k=DEPTH, per_source=1).passages
    return {
        **{leg: first_of_each(source for source, _ in hits)[:DEPTH] for leg, hits in found.items()},
        "hybrid": first_of_each(id_ for p in hybrid for id_ in (p.source.id, *p.also_in))[:DEPTH],
    }


def first_of_each(ids: Iterable[str]) -> list[str]:
    """The ids in order, each at its first place."""
    return list(dict.fromkeys(ids))


def relevant(question: QuestionRow) -> frozenset[str]:
    """The ids of the passages that count as found."""
    return frozenset({question.passage_id, *question.also_relevant})


@contextmanager
def searchable(
    passages: Sequence[PassageRow], settings: Settings, embedder: Embedder | None = None
) -> Iterator[Retriever]:
    """A retriever over the passages, each a source of its own, indexed for this run."""
    with indexing.temporary(settings) as (index, _):
        if embedder:
            index.embedder = embedder
        indexing.add(index, passages)
        yield Retriever(index.catalog, index.dense, index.lexical, index.embedder)
