"""The verdict on one answer.

An answerable case is *correct* when the status is answered or overview, every fact has an alternative in the
answer, nothing forbidden occurs in it, and it is concise. An unanswerable case is correct when the status is
one of the refusals. What counts as what is in ``evals.scorers``.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any, Literal, Protocol

from evals import scorers
from evals.cases import Case
from rag.domain import Answer, Citation


class ReadingTexts(Protocol):
    """Where quotes are checked against their source."""

    def reading_text(self, source_id: str, /) -> str:
        """The reading text of a source."""


@dataclass(frozen=True, slots=True)
class CitationResult:
    """One citation as ``ask --json`` prints it; ``faithful`` when the quote equals its slice of the source."""

    number: int
    source: str
    title: str
    page: int | None
    heading: str | None
    quote: str
    start: int
    end: int
    faithful: bool


@dataclass(frozen=True, slots=True)
class CaseResult:
    """One case with its answer and the verdict on it: ``correct``, ``wrong`` (``why`` says why) or ``error``.

    ``supported_facts`` are the found facts that stand in a cited quote. ``cites_gold`` is None where the
    case names no source or is unanswerable.
    """

    id: str
    question: str
    history: tuple[str, ...]
    language: str
    kind: str
    answerable: bool
    status: str
    answer: str
    short_answer: str | None
    understood_as: str | None
    verdict: Literal["correct", "wrong", "error"]
    correct: bool
    why: tuple[str, ...]
    facts: int
    found_facts: int
    supported_facts: int
    missing_facts: tuple[tuple[str, ...], ...]
    forbidden_found: tuple[str, ...]
    cites_gold: bool | None
    words: int
    citations: tuple[CitationResult, ...]
    latency_ms: float
    error: str | None


def score(case: Case, answer: Answer, texts: ReadingTexts, latency_ms: float) -> CaseResult:
    """The verdict on one answer."""
    quotes = [citation.quote for citation in answer.citations]
    found = [alternatives for alternatives in case.facts if scorers.states(answer.text, alternatives)]
    supported = [fact for fact in found if any(scorers.states(quote, fact) for quote in quotes)]
    missing = tuple(alternatives for alternatives in case.facts if alternatives not in found)
    forbidden = tuple(text for text in case.forbidden if scorers.states(answer.text, [text]))
    why = _objections(case, answer, missing, forbidden)
    error = str(answer.status) if str(answer.status).startswith("error") else None
    return CaseResult(
        **_question_of(case),
        status=str(answer.status),
        answer=answer.text,
        short_answer=answer.short_answer,
        understood_as=answer.understood_as,
        verdict=_verdict(why, error),
        correct=not why,
        why=why,
        facts=len(case.facts),
        # Of an unanswerable case nothing is looked for, so it has no share in the support.
        found_facts=len(found) if case.answerable else 0,
        supported_facts=len(supported) if case.answerable else 0,
        missing_facts=missing if case.answerable else (),
        forbidden_found=forbidden,
        cites_gold=_cites_gold(case, answer.citations),
        words=scorers.word_count(answer.text),
        citations=tuple(_checked(citation, texts) for citation in answer.citations),
        latency_ms=latency_ms,
        error=error,
    )


def _verdict(why: Sequence[str], error: str | None) -> Literal["correct", "wrong", "error"]:
    if error is not None:
        return "error"
    return "wrong" if why else "correct"


def _objections(
    case: Case, answer: Answer, missing: Sequence[tuple[str, ...]], forbidden: Sequence[str]
) -> tuple[str, ...]:
    if not case.answerable:
        return () if answer.status in scorers.REFUSED else (f"status {answer.status}, should be refused",)
    objections = []
    if answer.status not in scorers.ANSWERED:
        objections.append(f"status {answer.status}, should be answered")
    objections += [f"lacks {' | '.join(alternatives)}" for alternatives in missing]
    objections += [f"says {text}" for text in forbidden]
    if not scorers.is_concise(answer.text, case.kind):
        objections.append(f"{scorers.word_count(answer.text)} words")
    return tuple(objections)


def _cites_gold(case: Case, citations: Iterable[Citation]) -> bool | None:
    if not case.answerable or not case.sources:
        return None
    cited = {name for citation in citations for name in (citation.source.name, *citation.source.other_names)}
    gold = {PurePath(name).name for name in case.sources}
    return any(PurePath(name).name in gold for name in cited)


def _checked(citation: Citation, texts: ReadingTexts) -> CitationResult:
    text = texts.reading_text(citation.source.id)
    return CitationResult(
        number=citation.number,
        source=citation.source.name,
        title=citation.source.title,
        page=citation.page,
        heading=citation.heading,
        quote=citation.quote,
        start=citation.start,
        end=citation.end,
        faithful=bool(citation.quote) and text[citation.start : citation.end] == citation.quote,
    )


def failed(case: Case, error: str, latency_ms: float) -> CaseResult:
    """The result of a case whose answer never came."""
    return CaseResult(
        **_question_of(case),
        status="raised",
        answer="",
        short_answer=None,
        understood_as=None,
        verdict="error",
        correct=False,
        why=(error,),
        facts=len(case.facts),
        found_facts=0,
        supported_facts=0,
        missing_facts=case.facts,
        forbidden_found=(),
        cites_gold=_cites_gold(case, ()),
        words=0,
        citations=(),
        latency_ms=latency_ms,
        error=error,
    )


def _question_of(case: Case) -> dict[str, Any]:
    return case.model_dump(include={"id", "question", "history", "language", "kind", "answerable"})
