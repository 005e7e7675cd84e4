"""The retriever over real indexes in a temporary folder, with a small embedder that needs no model."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from rag import swedish
from rag.domain import Chunk, DocumentKind, Locator, QuestionFilter, ReadingText, Source
from rag.index import Index
from rag.question_shift import QuestionShift
from rag.records import FileRecord, IndexedDocument
from rag.retriever import Retriever
from rag.settings import Settings

BACKGROUND = (
    "Motionen föreslår att lekplatserna i stadens parker ska öppnas för alla barn under hela sommaren och att"
    " personal anställs för att leda lekar och utflykter varje dag."
)
DOCUMENTS = {
    "farsta": (
        "Farsta",
        "2023-05-02",
        "Farsta tillstyrker motionen och vill börja i Hökarängen.",
        "1.5.1-10/2023",
    ),
    "bromma": (
        "Bromma",
        "2024-02-11",
        "Bromma avstyrker motionen, eftersom parkerna redan är öppna.",
        "1.5.1-22/2024",
    ),
    "kista": ("Rinkeby-Kista", "2023-01-09", "Nämnden ser positivt på förslaget om lekar.", "1.5.1-30/2023"),
}


class LetterEmbedder:
    """Hashed letter groups as a vector: similar spelling is near."""

    name, fingerprint, dimension, window = "letters", "letters", 64, 500

    def embed_passages(self, texts: Sequence[str]) -> np.ndarray:
        vectors = np.zeros((len(texts), self.dimension), dtype=np.float32)
        for row, text in enumerate(texts):
            for word in swedish.words(text):
                for group in swedish.letter_groups(word):
                    vectors[row, hashlib.md5(group.encode()).digest()[0] % self.dimension] += 1
        return vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-9)

    embed_questions = embed_passages

    def embed_question(self, text: str) -> np.ndarray:
        return self.embed_passages([text])[0]

    def count_tokens(self, text: str) -> int:
        return len(text.split())


def document(name: str, body: str, date: str, texts: Sequence[str], number: str) -> IndexedDocument:
    source = Source(name, f"{name}.txt", f"Svar från {body}", DocumentKind.REMISSVAR, body, date, number)
    whole = "\n".join(texts)
    starts = [whole.index(text) for text in texts]
    chunks = tuple(
        Chunk(f"{name}-{i}", name, i, text, Locator(start, start + len(text)))
        for i, (start, text) in enumerate(zip(starts, texts, strict=True))
    )
    return IndexedDocument(source, ReadingText(whole), chunks)


@pytest.fixture
def index(tmp_path: Path) -> Index:
    made = Index.open(Settings(index=tmp_path / "index"), writable=True)
    made.embedder = LetterEmbedder()  # type: ignore[assignment]
    documents = [
        document(name, body, date, [BACKGROUND, own], number)
        for name, (body, date, own, number) in DOCUMENTS.items()
    ]
    made.replace(documents, [FileRecord(d.source.id, d.source.id, 1, 0) for d in documents])
    return made


@pytest.fixture
def retriever(index: Index) -> Retriever:
    return Retriever(index.catalog, index.dense, index.lexical, index.embedder)


def test_background_is_shown_once_with_all_its_sources(retriever: Retriever) -> None:
    passages = retriever.retrieve("Vad föreslår motionen om lekplatserna i parkerna?").passages
    background = [p for p in passages if p.chunk.text == BACKGROUND]
    assert len(background) == 1
    assert {background[0].source.id, *background[0].also_in} == set(DOCUMENTS)


def test_the_body_that_is_named_comes_first(retriever: Retriever) -> None:
    found = retriever.retrieve("Vad svarade Bromma på motionen?")
    assert found.filters == (QuestionFilter("body", "Bromma"),)
    assert found.passages[0].source.id == "bromma"
    assert found.unmatched == ()


def test_a_body_is_found_under_what_it_became(retriever: Retriever) -> None:
    found = retriever.retrieve("Vad svarade Järva?")
    assert found.unmatched == ()
    free = retriever.retrieve("Vad svarade Järva?", filters=[])
    raised, before = (next(p.score for p in r.passages if p.chunk.id == "kista-1") for r in (found, free))
    assert raised > before


def test_a_filter_without_a_match_says_so(retriever: Retriever) -> None:
    found = retriever.retrieve("Vad svarade Södermalm på motionen?")
    assert found.unmatched == (QuestionFilter("body", "Södermalm"),)


def test_filters_can_be_taken_away(retriever: Retriever) -> None:
    found = retriever.retrieve("Vad svarade Södermalm på motionen?", filters=[])
    assert found.filters == found.unmatched == ()
    assert found.passages


def test_a_diarienummer_narrows(retriever: Retriever) -> None:
    found = retriever.retrieve("Vad står i ärende 1.5.1-22/2024?")
    assert {p.source.id for p in found.passages} == {"bromma"}


def test_a_question_about_many_gets_passages_from_each(retriever: Retriever) -> None:
    found = retriever.retrieve("Vilka stadsdelar avstyrkte motionen?", k=3)
    shown = {s for p in found.passages for s in (p.source.id, *p.also_in)}
    assert shown == set(DOCUMENTS)


def test_neighbours_are_the_chunks_beside(retriever: Retriever) -> None:
    passage = retriever.retrieve("Varför avstyrker Bromma motionen?").passages[0]
    assert [c.id for c in retriever.neighbours(passage)] == ["bromma-0"]


def test_a_new_document_is_seen_at_the_next_question(retriever: Retriever, index: Index) -> None:
    new = document("solna", "Älvsjö", "2024-01-01", ["Älvsjö vill bygga en utegymanläggning."], "9-1/2024")
    index.replace([new], [FileRecord("solna", "solna", 1, 0)])
    assert retriever.retrieve("Vem vill bygga en utegymanläggning?").passages[0].source.id == "solna"


def test_what_the_catalog_does_not_hold_is_not_shown(retriever: Retriever, index: Index) -> None:
    index.dense.add(["ghost"], np.ones((1, 64), dtype=np.float32), ["x"], [{"source_id": "gone"}])
    assert all(p.chunk.id != "ghost" for p in retriever.retrieve("Vad svarade Farsta?").passages)


def test_an_english_question_is_moved_and_a_swedish_one_is_not() -> None:
    embedder = LetterEmbedder()
    shift = QuestionShift(embedder)
    swedish_question, english = "Vad svarade nämnden?", "What did the committee answer?"
    assert np.allclose(shift.embed(swedish_question), embedder.embed_question(swedish_question))
    moved = shift.embed(english)
    assert not np.allclose(moved, embedder.embed_question(english))
    assert abs(float(np.linalg.norm(moved)) - 1) < 1e-5
