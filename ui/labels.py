"""Texts that depend on a value: a source's line of facts, a filter's name, a link to a passage."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import quote, urlencode

from ingest.corrections import WHOLE
from ingest.readers.rendering import has_pages
from prompts.texts import phrases
from rag.domain import Citation, Fact, Language, OcrGrade, QuestionFilter, Source

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


def how_read(citation: Citation) -> tuple[OcrGrade, str]:
    """How well, and by which method, the page of a citation was read; without a page, the whole source."""
    source = citation.source
    page = next((page for page in source.pages if page.number == citation.page), source)
    return page.grade, page.method


def reading_note(method: str, language: Language) -> str:
    """What to mind when quoting a text that was got by ``method``."""
    found = texts(language)
    return found.get(f"ocr_note_{method}", found["ocr_note_ocr"])


def filter_name(chip: QuestionFilter, language: Language) -> str:
    """What the filter restricts."""
    found = texts(language)
    return found.get(f"filter_{chip.field}", found["filter_other"])


def filter_value(chip: QuestionFilter, language: Language) -> str:
    """The filter's value as it is shown."""
    return texts(language).get(f"kind_{chip.value}", chip.value) if chip.field == "kind" else chip.value


def shown_facts(source: Source, language: Language) -> tuple[tuple[str, str, str, Fact], ...]:
    """The source's facts as (name, value, who says it, fact) in words; those kept only for overviews left out."""
    found = texts(language)
    shown: dict[tuple[str, str, str], tuple[str, str, str, Fact]] = {}
    for fact in source.facts:
        row = _fact_row(fact, found)
        if row:
            shown.setdefault(row[:3], row)
    return tuple(shown.values())


def _fact_row(fact: Fact, found: Texts) -> tuple[str, str, str, Fact] | None:
    name = found.get(f"fact_{fact.name}_{fact.detail.get('status', '')}") or found.get(f"fact_{fact.name}")
    if name is None:
        return None
    value = found.get(f"value_{fact.name}_{fact.value}", fact.value)
    extra = ", ".join(fact.detail[key] for key in ("people", "title", "party") if fact.detail.get(key))
    return name, f"{value} ({extra})" if extra else value, found.get(f"speaker_{fact.speaker}", ""), fact


def document_link(
    source_id: str, language: Language, start: int | None = None, end: int | None = None
) -> str:
    """The address of the document view, at a passage where one is given."""
    spot = {} if start is None or end is None else {"start": start, "end": end}
    query = urlencode({**spot, "language": language})
    return f"/document/{quote(source_id, safe='')}?{query}{'#quote' if spot else ''}"


def has_page_images(source: Source) -> bool:
    """Whether the pages of the source can be shown as pictures, as long as its file is there."""
    return bool(source.pages) and has_pages(source.name)


def page_link(source_id: str, number: int, language: Language) -> str:
    """The address that shows a page as a picture."""
    return f"/document/{quote(source_id, safe='')}/page/{number}?{urlencode({'language': language})}"


def page_picture(source_id: str, number: int) -> str:
    """The address of the picture itself."""
    return f"/document/{quote(source_id, safe='')}/page/{number}.png"


def correctable(source: Source) -> tuple[int, ...]:
    """The numbers of the pages that a program read from a picture, mended or read badly; ``WHOLE`` stands for
    the text of a source without pages."""
    if not source.pages:
        return () if source.method == "text" and source.grade == OcrGrade.GOOD else (WHOLE,)
    return tuple(p.number for p in source.pages if p.method != "text" or p.grade != OcrGrade.GOOD)


def is_corrected(source: Source, number: int | None = None) -> bool:
    """Whether the text of a page was corrected by hand; without a number, that of the whole source."""
    pages = [page for page in source.pages if number in (None, page.number)]
    if not pages:
        return source.method == "corrected"
    return all(page.method == "corrected" for page in pages)


def correction_link(source_id: str, number: int, language: Language) -> str:
    """The address where a page's text is corrected."""
    return f"/document/{quote(source_id, safe='')}/correct/{number}?{urlencode({'language': language})}"


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
