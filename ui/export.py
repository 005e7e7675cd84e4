"""Overviews and the list of documents as files: CSV that Swedish Excel opens as it is, and Word."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

from rag.domain import Answer, Citation, Language, OverviewRow, Source
from ui.labels import grade_name, kind_name, reference, shown_facts, texts

_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def overview_table(answer: Answer, language: Language) -> list[list[str]]:
    """Header and one row per body: body, value, date, sources, quotes."""
    found = texts(language)
    overview = answer.overview
    if overview is None:
        return []
    cited = {citation.number: citation for citation in answer.citations}
    header = [
        found["overview_body"],
        overview.value_heading,
        found["overview_date"],
        found["overview_source"],
        found["overview_quote"],
    ]
    return [header, *(_row(row, cited, language) for row in overview.rows)]


def _row(row: OverviewRow, cited: dict[int, Citation], language: Language) -> list[str]:
    if row.missing:
        return [row.body, row.value or texts(language)["overview_missing"], row.date or "", "", ""]
    citations = [cited[number] for number in row.citations if number in cited]
    sources = "; ".join(dict.fromkeys(reference(citation, language) for citation in citations))
    return [
        row.body,
        row.value,
        row.date or "",
        sources,
        " / ".join(" ".join(c.quote.split()) for c in citations),
    ]


def collection_table(sources: Iterable[Source], language: Language) -> list[list[str]]:
    """Header and one row per source."""
    found = texts(language)
    columns = ("title", "body", "kind", "date", "diarienummer", "pages", "quality", "file")
    header = [found["collection_column_title"], *(found[f"document_{name}"] for name in columns[1:])]
    return [
        header,
        *(
            [
                source.title,
                source.body or "",
                kind_name(source, language),
                source.date or "",
                source.diarienummer or "",
                str(len(source.pages) or ""),
                grade_name(source.grade, language),
                source.name,
            ]
            for source in sources
        ),
    ]


def facts_table(sources: Iterable[Source], language: Language) -> list[list[str]]:
    """Header and one row per fact that a document states about itself, with its page."""
    found = texts(language)
    names = ("collection_column_title", "document_body", "facts_fact", "facts_value", "facts_speaker")
    table = [[*(found[name] for name in names), found["facts_place"], found["document_file"]]]
    for source in sources:
        for name, value, speaker, fact in shown_facts(source, language):
            page = source.page_at(fact.start)
            place = "" if page is None else str(page)
            table.append([source.title, source.body or "", name, value, speaker, place, source.name])
    return table


def csv_bytes(table: Sequence[Sequence[str]]) -> bytes:
    """Semicolons and a byte order mark, as Swedish Excel expects; cells never start a formula."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerows([_harmless(cell) for cell in row] for row in table)
    return out.getvalue().encode("utf-8-sig")


def _harmless(cell: str) -> str:
    return f"'{cell}" if cell.startswith(_FORMULA) else cell


def docx_bytes(question: str, answer: Answer, language: Language) -> bytes:
    """A Word document: the question, the answer, its table where it has one, and the sources."""
    from docx import Document

    found = texts(language)
    document = Document()
    document.core_properties.author = found["app_name"]
    document.core_properties.title = question[:200]
    document.add_heading(_clean(question), level=1)
    for paragraph in answer.text.split("\n"):
        if paragraph.strip():
            document.add_paragraph(_clean(paragraph))
    table = [row[:3] for row in overview_table(answer, language)]
    if table:
        grid = document.add_table(rows=0, cols=3, style="Table Grid")
        for row in table:
            for cell, value in zip(grid.add_row().cells, row, strict=True):
                cell.text = _clean(value)
    if answer.citations:
        document.add_heading(found["copy_sources"], level=2)
    for citation in answer.citations:
        quote = " ".join(citation.quote.split())
        document.add_paragraph(_clean(f"[{citation.number}] {reference(citation, language)}: ”{quote}”"))
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _clean(text: str) -> str:
    """Without the control characters that XML cannot hold."""
    return "".join(character for character in text if character >= " " or character in "\t\n")
