"""The answer to a question without a language model: from minutes, many sources, facts of one, or by reading."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from rag.catalog import Catalog
from rag.collection_bodies import CollectionBodies
from rag.compound import joined, parts
from rag.domain import Answer, AnswerStatus
from rag.extractive import ExtractiveAnswerer
from rag.known_facts import KnownFacts
from rag.meeting_answer import Meetings
from rag.overview import OverviewBuilder
from rag.question import Question, analyse
from rag.topics import coverage, terms_of

if TYPE_CHECKING:
    from rag.reading import Reader
    from rag.retriever import Retrieval

MOST_WORDS = 75  # of an answer; further quotes are left out
COVERED = 0.5  # of what is asked for must stand in such a passage's sentence: the office beside the name
UNDOUBTED = 0.9  # that a passage answers what no header, signature or table of the source states

Retrieve = Callable[[Question], "Retrieval"]


class Answering:
    """Tries what answers surest first: what sources state about themselves before what is read in passages."""

    def __init__(self, catalog: Catalog, bodies: CollectionBodies, reader: Reader) -> None:
        self._catalog = catalog
        self._bodies = bodies
        self._reader = reader
        self._meetings = Meetings(catalog, bodies)
        self._overviews = OverviewBuilder(catalog, bodies.gazetteer)

    @property
    def reading(self) -> ExtractiveAnswerer:
        """Answers from passages."""
        return ExtractiveAnswerer(self._catalog, self._reader, self._bodies.gazetteer)

    def answer(self, question: Question, retrieval: Retrieval, retrieve: Retrieve) -> tuple[bool, Answer]:
        """Whether the answer follows from facts alone, and the answer. A question that asks several things is
        answered part by part (``retrieve`` finds each part's passages), unless one overview tells it all."""
        asked = parts(question.text, self._bodies.gazetteer)
        if len(asked) == 1:
            known = self.known(question, retrieval)
            return known is not None, known or self._read(question, retrieval, MOST_WORDS)
        told = self._told(question, retrieval)
        if told and told.overview:
            return True, told
        answers = []
        for part in (analyse(text, question.language, self._bodies.gazetteer) for text in asked):
            found = retrieve(part)
            answers.append(self.known(part, found) or self._read(part, found, MOST_WORDS // len(asked)))
        return False, joined(asked, answers)

    def _read(self, question: Question, retrieval: Retrieval, most_words: int) -> Answer:
        return self.reading.answer(question, retrieval.passages, most_words=most_words)

    def _told(self, question: Question, retrieval: Retrieval) -> Answer | None:
        """What the minutes of meetings or all sources together tell."""
        met = self._meetings.answer(question, retrieval.passages)
        return met or self._overviews.build(question, retrieval)

    def known(self, question: Question, retrieval: Retrieval) -> Answer | None:
        """The answer that follows from the facts of the sources; where they leave it open, passages may tell it
        without a doubt."""
        told = self._told(question, retrieval)
        if told:
            return told
        stated = KnownFacts(self._catalog, self._bodies.gazetteer).answer(question, retrieval.passages)
        if stated is None or stated.status is not AnswerStatus.NOT_STATED or question.names:
            return stated
        read = self.reading.answer(question, retrieval.passages, most_words=MOST_WORDS, least=UNDOUBTED)
        quoted = terms_of(read.citations[0].quote) if read.citations else None
        return read if quoted and coverage(question.topic, quoted) >= COVERED else stated
