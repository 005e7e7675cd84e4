"""The assistant: the one place where the parts are put together. A question in, an answer out."""

from __future__ import annotations

import logging
import time
from collections.abc import Collection, Generator, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from threading import RLock
from typing import TYPE_CHECKING, Literal

from prompts import phrase
from rag.bodies import Gazetteer
from rag.catalog import Catalog
from rag.chat_writer import MAX_PASSAGES, ChatWriter, Task, draft, unwritten
from rag.citations import verified
from rag.collection_bodies import CollectionBodies
from rag.conversation import resolve
from rag.domain import Answer, AnswerStatus, Language, Passage, QuestionFilter, Source
from rag.errors import ModelError
from rag.index import Index
from rag.language import detect
from rag.question import Question, analyse
from rag.settings import Settings

if TYPE_CHECKING:
    from rag.answering import Answering
    from rag.extractive import ExtractiveAnswerer
    from rag.reading import Reader
    from rag.retriever import Retrieval, Retriever

log = logging.getLogger(__name__)
MAX_QUESTION = 1000  # characters


@dataclass(frozen=True, slots=True)
class Progress:
    """What the assistant is doing; ``draft`` is a chat model's unchecked text so far."""

    stage: Literal["search", "read", "write"]
    draft: str = ""


class Assistant:
    """Answers questions over one index. Models are loaded at first use; safe to use from threads."""

    def __init__(self, settings: Settings, index: Index) -> None:
        self.settings = settings
        self._index = index
        self._lock = RLock()  # the models use all cores: one question after the other is fastest

    @classmethod
    def open(cls, settings: Settings) -> Assistant:
        """Opens the index of the settings. Raises IndexUnusable."""
        return cls(settings, Index.open(settings))

    @property
    def catalog(self) -> Catalog:
        """What is in the index."""
        return self._index.catalog

    def sources(self) -> tuple[Source, ...]:
        """All sources in the index."""
        return self.catalog.sources()

    def warm(self) -> None:
        """Loads the models, so that the first question does not wait for them."""
        with self._lock:
            _ = self.retriever, self.answerer, self.catalog.words()

    def health(self) -> dict[str, object]:
        """Counts and model names, for monitoring; of a model in a folder its last name, since anybody may ask."""
        embedder = self.catalog.meta("embedder")
        return {
            "status": "ok",
            "sources": len(self.sources()),
            "chunks": self.catalog.chunk_count(),
            "generation": self.catalog.generation,
            "embedder": Path(embedder).name if embedder and Path(embedder).is_absolute() else embedder,
            "model": self.settings.model,
        }

    def ask(
        self, question: str, history: Sequence[str] = (), *, without: Collection[QuestionFilter] = ()
    ) -> Answer:
        """Answers ``question``; ``history`` holds the earlier questions, oldest first; ``without`` names
        recognised filters that the user took away. Raises StadsvarError when the index cannot be used."""
        for step in self.steps(question, history, without=without):
            if isinstance(step, Answer):
                return step
        raise AssertionError("steps end with an answer")

    def steps(
        self, question: str, history: Sequence[str] = (), *, without: Collection[QuestionFilter] = ()
    ) -> Generator[Progress | Answer, None, None]:
        """As ``ask``, telling the progress on the way; the last item is the answer. Closing it ends the work."""
        started = time.perf_counter()
        with self._turn():
            found = yield from self._found(" ".join(question.split())[:MAX_QUESTION], tuple(history), without)
        answer = found if isinstance(found, Answer) else (yield from self._written(found))
        yield replace(answer, latency_ms=round((time.perf_counter() - started) * 1000, 1))

    @contextmanager
    def _turn(self) -> Iterator[None]:
        """Alone with the models, over the catalog as it is now."""
        with self._lock, self.catalog.snapshot():
            yield

    def _found(
        self, question: str, history: tuple[str, ...], without: Collection[QuestionFilter]
    ) -> Generator[Progress, None, Answer | Task]:
        """The answer, or what a chat model is to write it from."""
        language = detect(question, history)
        canned = self._without_search(question, history, language)
        if canned:
            return canned
        resolved = resolve(question, history, self.gazetteer)
        asked = analyse(resolved.question, language, self.gazetteer)
        yield Progress("search")
        retrieval = self._retrieve(asked, without)
        yield Progress("read")
        known, answer = self.answering.answer(asked, retrieval, lambda part: self._retrieve(part, without))
        answer = verified(answer, self.catalog)
        answer = replace(answer, understood_as=resolved.understood_as, filters=retrieval.filters)
        if not self.settings.model or answer.overview is not None:
            return answer
        passages = {p.chunk.id: p for p in (*self._cited(answer), *retrieval.passages)}
        return Task(asked, tuple(passages.values())[:MAX_PASSAGES], answer, known)

    def _written(self, task: Task) -> Generator[Progress, None, Answer]:
        """The chat model's answer where it gives a supported one, else the extractive one. Others ask meanwhile."""
        yield Progress("write")
        reply = ""
        try:
            with closing(self.writer.replies(task)) as replies:
                for reply in replies:
                    yield Progress("write", draft(reply))
        except ModelError as error:
            log.warning("%s; the extractive answer stands", error)
            return unwritten(task.fallback)
        with self._turn():
            there = self.catalog.chunks([p.chunk.id for p in task.passages])  # not what has gone meanwhile
            kept = tuple(p for p in task.passages if there.get(p.chunk.id) == p.chunk)
            answer = self.writer.answer(replace(task, passages=kept), reply)
            return answer if answer is task.fallback else verified(answer, self.catalog)

    def _without_search(self, question: str, history: tuple[str, ...], language: Language) -> Answer | None:
        if not question:
            return _canned(AnswerStatus.SMALLTALK, "empty_question", language)
        if resolve(question, history, self.gazetteer).smalltalk:
            return _canned(AnswerStatus.SMALLTALK, "smalltalk", language)
        if not self.sources():
            return _canned(AnswerStatus.ERROR_EMPTY_INDEX, "empty_index", language)
        return None

    def _retrieve(self, question: Question, without: Collection[QuestionFilter]) -> Retrieval:
        found = self.retriever.retrieve(question.text)
        if not set(found.filters) & set(without):
            return found
        return self.retriever.retrieve(question.text, filters=[f for f in found.filters if f not in without])

    def _cited(self, answer: Answer) -> Iterator[Passage]:
        """The passages that an answer cites."""
        for citation in answer.citations:
            for chunk in self.catalog.chunks_of(citation.source.id):
                if chunk.locator.start <= citation.start < chunk.locator.end:
                    yield Passage(chunk, citation.source, 1.0)

    @cached_property
    def _bodies(self) -> CollectionBodies:
        return CollectionBodies(Gazetteer.load(self.settings.vocabulary), self.catalog)

    @property
    def gazetteer(self) -> Gazetteer:
        """The known bodies: ours, the operator's own, and those that the documents name."""
        return self._bodies.gazetteer

    @cached_property
    def retriever(self) -> Retriever:
        """Finds passages."""
        from rag.reranker import load_reranker
        from rag.retriever import Retriever

        index = self._index
        return Retriever(
            index.catalog,
            index.dense,
            index.lexical,
            index.embedder,
            gazetteer=self.gazetteer,
            reranker=load_reranker(self.settings),
        )

    @cached_property
    def reader(self) -> Reader:
        """Finds answers in passages."""
        from rag.reading import load_reader

        return load_reader(self.settings, lambda: self._index.embedder)

    @cached_property
    def answering(self) -> Answering:
        """Answers without a language model."""
        from rag.answering import Answering

        return Answering(self.catalog, self._bodies, self.reader)

    @property
    def answerer(self) -> ExtractiveAnswerer:
        """Answers from passages alone."""
        return self.answering.reading

    @cached_property
    def writer(self) -> ChatWriter:
        """Writes with the operator's chat model. Raises ModelError when it cannot be used."""
        from rag.chat_model import open_chat_model

        return ChatWriter(open_chat_model(self.settings), self.catalog, lambda: self._index.embedder)


def _canned(status: AnswerStatus, key: str, language: Language) -> Answer:
    return Answer(phrase("answers", key, language), status, language)
