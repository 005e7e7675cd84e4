"""An answer as the JSON of ``stadsvar ask --json`` and ``POST /api/ask``. Scripts depend on its keys."""

from __future__ import annotations

from typing import Any

from rag.domain import Answer, Citation


def answer_json(answer: Answer) -> dict[str, Any]:
    """``source`` is the file's name; ``start``/``end`` count characters in its reading text."""
    return {
        "answer": answer.text,
        "short_answer": answer.short_answer,
        "status": str(answer.status),
        "language": answer.language,
        "citations": [_citation(citation) for citation in answer.citations],
        "latency_ms": round(answer.latency_ms, 1),
    }


def _citation(citation: Citation) -> dict[str, Any]:
    return {
        "number": citation.number,
        "source": citation.source.name,
        "title": citation.source.title,
        "page": citation.page,
        "heading": citation.heading,
        "quote": citation.quote,
        "start": citation.start,
        "end": citation.end,
    }
