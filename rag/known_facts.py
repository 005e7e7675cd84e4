"""Answers from the facts that a source states about itself: who handles it, who signed, its number, its proposals.

Headers, signature blocks and tables are no sentences; a reader of prose misses them, and a reader without
them names another body's director. Which question asks for which fact stands in ``data/known_facts.toml``.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from prompts import phrase
from rag.bodies import Gazetteer
from rag.catalog import Catalog
from rag.citations import cite
from rag.domain import Answer, AnswerStatus, Chunk, Citation, Fact, Passage, Source
from rag.folding import fold
from rag.naming import joined, name_source, one_line
from rag.question import Question
from rag.topics import coverage, terms_of

PERSONAL = {"handler", "signer"}  # facts that only a body's own document states
OF_THE_MATTER = {"mover", "deadline", "proposal", "question"}  # stated by any document of the same matter


@dataclass(frozen=True, slots=True)
class Wanted:
    """The facts that a question asks for."""

    name: str
    detail: str | None = None
    role: str | None = None  # pattern over a signer's folded title
    all: bool = False  # every such fact of the source, rather than a value

    def value(self, fact: Fact) -> str | None:
        """What the fact answers, or None where it lacks the detail or has another role."""
        if self.role and not re.search(self.role, fold(fact.detail.get("title", ""))):
            return None
        return fact.detail.get(self.detail) if self.detail else fact.value


class KnownFacts:
    """Answers questions that ask for a fact about one source."""

    def __init__(self, catalog: Catalog, gazetteer: Gazetteer) -> None:
        self._catalog = catalog
        self._gazetteer = gazetteer

    def answer(self, question: Question, passages: Sequence[Passage]) -> Answer | None:
        """The answer, ``not_stated`` where the body that was asked about states no such fact, or None where
        the question asks for something else or nothing found states such a fact."""
        wanted = asked_for(question)
        if wanted is None or question.kind == "stance" or question.body_class:
            return None
        ranked = list({passage.source.id: passage.source for passage in passages}.values())
        if question.bodies:
            own = [source for source in self._catalog.sources() if self._speaks_for(source, question)]
            if not own:
                return _not_stated(question, ranked) if wanted.name in PERSONAL else None
            ranked = [source for source in ranked if source in own] or own
        if wanted.name in OF_THE_MATTER:
            ranked = [s for s in ranked if _stated(s, wanted)] or ranked
        asked_person = [name for name in question.names if self._is_person(name)]
        if not question.bodies and not asked_person and _unclear(question, wanted, ranked):
            return None
        for source in _closest(question, ranked):
            facts = _stated(source, wanted)
            if asked_person and wanted.name in {*PERSONAL, "mover"}:
                facts = [
                    fact for fact in facts if any(fold(name) in fold(fact.value) for name in asked_person)
                ]
            if facts:
                return self._compose(question, wanted, source, facts)
        specific = question.bodies or question.document_kinds or asked_person
        return _not_stated(question, _closest(question, ranked)) if specific and ranked else None

    def _speaks_for(self, source: Source, question: Question) -> bool:
        return any(source.body in self._gazetteer.related(body) | {body} for body in question.bodies)

    def _is_person(self, name: str) -> bool:
        """Whether some source names a person so."""
        people = (f.value for s in self._catalog.sources() for f in s.facts if f.name in {*PERSONAL, "mover"})
        return any(fold(name) in fold(person).split() for person in people)

    def _compose(self, question: Question, wanted: Wanted, source: Source, facts: Sequence[Fact]) -> Answer:
        text = self._catalog.reading_text(source.id)
        chunks = self._catalog.chunks_of(source.id)
        citations: list[Citation] = []
        for fact in facts:
            start, end = _place(text, fact, wanted)
            if not any((c.start, c.end) == (start, end) for c in citations):
                citations.append(cite(len(citations) + 1, source, text, start, end, _holding(chunks, start)))
        lead = phrase(
            "answers", "according_to", question.language, source=name_source(source, question.language)
        )
        quotes = "\n".join(f"”{one_line(c.quote)}” [{c.number}]" for c in citations)
        if wanted.all:
            return Answer(
                f"{lead}\n{quotes}", AnswerStatus.ANSWERED, question.language, citations=tuple(citations)
            )
        short = joined([str(wanted.value(fact)) for fact in facts], question.language)
        marks = "".join(f"[{c.number}]" for c in citations)
        return Answer(
            f"{short} {marks}\n\n{lead}\n{quotes}",
            AnswerStatus.ANSWERED,
            question.language,
            short_answer=short,
            citations=tuple(citations),
        )


def _stated(source: Source, wanted: Wanted) -> list[Fact]:
    return [fact for fact in source.facts if fact.name == wanted.name and wanted.value(fact)]


def asked_for(question: Question) -> Wanted | None:
    """The facts that the question asks for, or None."""
    folded = fold(question.text)
    for pattern, entry in _entries():
        match = pattern.search(folded)
        if match:
            role = entry.get("role")
            return Wanted(
                name=str(entry["fact"]),
                detail=entry.get("detail"),  # type: ignore[arg-type]
                role=match.group(1) if role == "{1}" else role,  # type: ignore[arg-type]
                all=bool(entry.get("all")),
            )
    return None


@cache
def _entries() -> tuple[tuple[re.Pattern[str], dict[str, object]], ...]:
    text = files("rag").joinpath("data/known_facts.toml").read_text(encoding="utf-8")
    return tuple((re.compile(entry["pattern"]), entry) for entry in tomllib.loads(text)["entry"])


def _place(text: str, fact: Fact, wanted: Wanted) -> tuple[int, int]:
    """Where the text says it: at the fact's own place, or in the line that has both the fact and its detail, as
    a table of signatures has the date and the signature block has not."""
    said = wanted.value(fact) or ""
    if wanted.detail and said not in text[fact.start : fact.end]:
        for line in re.finditer(r"\S[^\n]*", text):
            if fact.value in line.group() and said in line.group():
                return line.start(), line.end()
    return fact.start, fact.end


def _holding(chunks: Sequence[Chunk], start: int) -> Chunk | None:
    return next((c for c in chunks if c.locator.start <= start < c.locator.end), None)


def _closest(question: Question, sources: Sequence[Source]) -> list[Source]:
    """The sources that fit the document kind and topic of the question best, as they were ranked; all of
    them where it names neither."""
    fits = [(_has_kind(source, question), _coverage(source, question)) for source in sources]
    best = max(fits, default=(False, 0.0))
    return [source for source, fit in zip(sources, fits, strict=True) if fit == best]


def _unclear(question: Question, wanted: Wanted, sources: Sequence[Source]) -> bool:
    """Whether the question has a topic that no source's title has, and the sources state different facts."""
    closest = _closest(question, sources)
    if not question.topic or any(_coverage(source, question) for source in closest):
        return False
    stated = {
        frozenset(fold(wanted.value(fact) or "") for fact in source.facts if fact.name == wanted.name)
        for source in closest
    }
    return len(stated - {frozenset()}) > 1


def _has_kind(source: Source, question: Question) -> bool:
    """Whether the source is, or answers, a document of a kind that the question names."""
    kinds = {source.kind.value, *(f.detail.get("kind", "") for f in source.facts if f.name == "matter")}
    return any(kind.value in kinds for kind in question.document_kinds)


def _coverage(source: Source, question: Question) -> float:
    about = " ".join([source.title, *(f.value for f in source.facts if f.name == "matter")])
    return coverage(question.topic, terms_of(about)) if question.topic else 0.0


def _not_stated(question: Question, sources: Sequence[Source]) -> Answer:
    nearest = joined([name_source(source, question.language) for source in sources[:1]], question.language)
    text = phrase("answers", "not_stated", question.language, sources=nearest)
    return Answer(text, AnswerStatus.NOT_STATED, question.language)
