"""Correcting by hand how a source was read, so that it is searched, quoted and shown as corrected."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from ingest.corrections import PAGE_BREAK, WHOLE, corrected, differences, tidy, with_own_chunks
from ingest.documents import make_document
from ingest.finding import source_id_of
from ingest.ocr import to_reading
from ingest.originals import content
from rag.catalog import Catalog
from rag.domain import ReadingText, Source
from rag.errors import MissingInput
from rag.index import Index


def correct(index: Index, source_id: str, pages: Mapping[int, str]) -> Source:
    """Puts ``pages``, texts by page number (``WHOLE`` in a source without pages), in the place of what was read.

    ``index`` is open for writing. What was read is kept, and so are earlier corrections of other pages. Raises
    MissingInput for a source or page that is not there, UnreadableFile when no text is left.
    """
    source = index.catalog.source(source_id)
    if source is None:
        raise MissingInput(f"{source_id} is no document of the index: look its name up in the collection")
    numbers = {page.number for page in source.pages} or {WHOLE}
    for number in pages:
        if number not in numbers:
            raise MissingInput(f"{source.name} has no page {number}: choose one of its {len(numbers)} pages")
    known = index.catalog.corrections().get(source_id, {})
    reading = corrected(index.catalog.reading(source_id), pages)
    embedder = index.embedder
    made = make_document(
        reading, source.name, source_id, embedder.count_tokens, embedder.window, index.settings.vocabulary
    )
    named = replace(made.source, name=source.name, other_names=source.other_names)
    index.correct(with_own_chunks(replace(made, source=named)), {**known, **pages})
    return named


def find_source(catalog: Catalog, name: str) -> Source:
    """The source with this id, or held by a file of this name. Raises MissingInput where there is not just one."""
    found = [s for s in catalog.sources() if name in (s.id, s.name, *s.other_names)]
    if len(found) == 1:
        return found[0]
    if found:
        ids = ", ".join(source.id for source in found)
        raise MissingInput(f"{len(found)} documents are called {name}: name one by its id ({ids})")
    raise MissingInput(f"{name} is no document of the index: look its name up in the collection")


def text_to_correct(reading: ReadingText) -> str:
    """The text of ``reading`` for an editor, with a form feed between its pages."""
    if not reading.pages:
        return reading.text
    return PAGE_BREAK.join(reading.text[page.start : page.end] for page in reading.pages)


def corrected_pages(reading: ReadingText, text: str) -> dict[int, str]:
    """The pages of ``text`` that differ from ``reading``: divided by form feeds as ``text_to_correct`` does, or
    else where the pages of ``reading`` are divided. Raises MissingInput for a wrong number of form feeds."""
    if not reading.pages:
        return {WHOLE: text} if tidy(text) != tidy(reading.text) else {}
    parts = text.split(PAGE_BREAK)
    if len(parts) == 1 < len(reading.pages):
        parts = _divided(reading, tidy(text))
    if len(parts) != len(reading.pages):
        raise MissingInput(
            f"The text has {len(parts)} pages and the document {len(reading.pages)}: "
            "keep a form feed between two pages, as --to writes them"
        )
    return {
        page.number: part
        for page, part in zip(reading.pages, parts, strict=True)
        if tidy(part) != tidy(reading.text[page.start : page.end])
    }


def _divided(reading: ReadingText, text: str) -> list[str]:
    rows = list(differences(reading.text, text))
    starts = [to_reading(page.start, rows) for page in reading.pages]
    return [text[start:end].strip("\n") for start, end in zip(starts, [*starts[1:], len(text)], strict=True)]


def carry_over(catalog: Catalog, recipe: str) -> None:
    """Notes the corrections of files that are unchanged for the ids that they are about to get by ``recipe``."""
    before = catalog.meta("pipeline")
    if before is None or before == recipe:
        return
    kept: dict[str, Mapping[int, str]] = {}
    for source_id, pages in catalog.corrections().items():
        for data in map(content, catalog.paths_of(source_id)):
            if data is not None and source_id_of(data, before) == source_id:
                kept[source_id_of(data, recipe)] = pages
    catalog.keep_corrections(kept)
