"""Sources as JSON rows and back."""

from __future__ import annotations

import json
from dataclasses import asdict

from rag.domain import DocumentKind, Fact, OcrGrade, Page, Source


def source_to_json(source: Source) -> str:
    """A source as one JSON object."""
    return json.dumps(asdict(source), ensure_ascii=False)


def source_from_json(text: str) -> Source:
    """The source that ``source_to_json`` wrote."""
    row = json.loads(text)
    return Source(
        **{
            **row,
            "kind": DocumentKind(row["kind"]),
            "grade": OcrGrade(row["grade"]),
            "pages": tuple(Page(**{**page, "grade": OcrGrade(page["grade"])}) for page in row["pages"]),
            "facts": tuple(Fact(**fact) for fact in row["facts"]),
            "other_names": tuple(row["other_names"]),
        }
    )
