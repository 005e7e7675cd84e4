"""Texts that depend on a value: a source's line of facts, a filter's name, a link to a passage."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import quote, urlencode

from prompts.texts import phrases
from rag.domain import Citation, Language, OcrGrade, QuestionFilter, Source

Texts = Mapping[str, str]


def texts(language: Language) -> Texts:
    """The interface's texts in a language."""
    return phrases("ui", language)


def language_of(value: str | None) -> Language:
    """The language a request asks for; Swedish unless it is English."""
    return "en" if value == "en" else "sv"


def kind_name(source: Source, language: Language) -> str:
    """The name of the source's document kind."""
    return texts(language)[f"kind_{source.kind}"]


def grade_name(grade: OcrGrade, language: Language) -> str:
    """How well the source can be read, in words."""
    return texts(language)[f"ocr_{grade}"]


def filter_name(chip: QuestionFilter, language: Language) -> str:
    """What the filter restricts."""
    found = texts(language)
    return found.get(f"filter_{chip.field}", found["filter_other"])


def filter_value(chip: QuestionFilter, language: Language) -> str:
    """The filter's value as it is shown."""
    return texts(language).get(f"kind_{chip.value}", chip.value) if chip.field == "kind" else chip.value


def fact_name(name: str, language: Language) -> str:
    """The name of a fact; a name without a text of its own is shown as it is."""
    return texts(language).get(f"fact_{name}", name.replace("_", " ").capitalize())


def document_link(
    source_id: str, language: Language, start: int | None = None, end: int | None = None
) -> str:
    """The address of the document view, at a passage where one is given."""
    spot = {} if start is None or end is None else {"start": start, "end": end}
    query = urlencode({**spot, "language": language})
    return f"/document/{quote(source_id, safe='')}?{query}{'#quote' if spot else ''}"


def reference(citation: Citation, language: Language) -> str:
    """A reference to paste into another document: body, title, date, registration number, page, heading."""
    source, found = citation.source, texts(language)
    page = found["page_label"].format(n=citation.page) if citation.page is not None else None
    number = f"dnr {source.diarienummer}" if source.diarienummer else None
    heading = f"”{citation.heading}”" if citation.heading else None
    parts = (source.body, source.title, source.date, number, page, heading)
    return ", ".join(part for part in parts if part) + f" ({source.name})"


def plain_text(question: str, answer_text: str, citations: tuple[Citation, ...], language: Language) -> str:
    """The answer with its sources as plain text, for the clipboard."""
    lines = [question, "", answer_text]
    if citations:
        lines += ["", texts(language)["copy_sources"]]
        lines += [f"[{c.number}] {reference(c, language)}: ”{' '.join(c.quote.split())}”" for c in citations]
    return "\n".join(lines)
