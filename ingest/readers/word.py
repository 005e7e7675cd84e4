"""DOCX through python-docx (MIT): headings, numbered lists, tables as rows; nothing struck or deleted.

python-docx's own ``paragraph.text`` leaves out tracked insertions and keeps struck words, so the runs are
walked here; the library opens the package and resolves the styles.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from io import BytesIO
from typing import TYPE_CHECKING, Any

from ingest.readers.clean import trusted_title
from ingest.readers.headed import Blocks
from ingest.readers.limits import Clock
from ingest.readers.notes import Notes
from ingest.readers.numerals import figure
from ingest.readers.package import check_package
from ingest.readers.shown import W, left_out, prepare, value
from ingest.readers.styles import Styles
from rag.domain import ReadingText

if TYPE_CHECKING:
    from docx.document import Document

_PAGE = re.compile(r"(?i)^(?:sida|page)?\s*\d*\s*(?:\(\s*\d*\s*\)|av \d*)?$")
_OUTER = ".//w:p[not(ancestor::w:p)]"  # those in text boxes belong to the paragraph that holds the box
_BULLETS = {"bullet": "•"}


def read_docx(data: bytes, clock: Clock) -> ReadingText:
    """The reading text of a Word document, the first page's head in front, and notes below the paragraph or
    table that refers to them."""
    import docx

    check_package(data, clock)
    document = docx.Document(BytesIO(data))
    styles = Styles(document)
    struck = styles.struck()
    prepare(document, struck)
    blocks = Blocks()
    for line in _head(document):
        blocks.add(line, gap=False)
    numbering, notes = _Numbering(document, styles), Notes(document, _text, struck)
    for block in document.iter_inner_content():
        clock.check()
        if hasattr(block, "rows"):
            _add_table(blocks, block)
        else:
            _add_paragraph(blocks, block._p, styles, numbering)
        for note in notes.of(block._element, left_out):
            blocks.add(note)
    text = blocks.reading()
    title = trusted_title(document.core_properties.title or "", text.text)
    return ReadingText(text.text, title=title, headings=text.headings)


def _head(document: Document) -> Iterator[str]:
    section = document.sections[0] if len(document.sections) else None
    if section is None:
        return
    first = section.different_first_page_header_footer
    header = section.first_page_header if first else section.header
    if header.is_linked_to_previous:
        return
    for block in header.iter_inner_content():
        lines = list(_rows(block)) if hasattr(block, "rows") else [_text(block._p)]
        yield from (line for line in lines if line.strip() and not _PAGE.match(line.strip()))


def _add_paragraph(blocks: Blocks, paragraph: Any, styles: Styles, numbering: _Numbering) -> None:
    text = _text(paragraph).strip()
    if not text:
        return
    label = numbering.label(paragraph)
    blocks.add(f"{label} {text}" if label else text, level=styles.level(paragraph), gap=not label)


def _add_table(blocks: Blocks, table: Any) -> None:
    for index, row in enumerate(_rows(table)):
        blocks.add(row, gap=index == 0)


def _rows(table: Any) -> Iterator[str]:
    for row in table.rows:
        cells: list[str] = []
        last = None
        for cell in row.cells:
            if cell._tc is last:  # a merged cell is given once for each column it spans
                continue
            last = cell._tc
            cells.append(" ".join(" ".join(_text(child).split()) for child in last.xpath(_OUTER)).strip())
        if any(cells):
            yield "\t".join(cells).rstrip("\t")


def _text(element: Any) -> str:
    """Text of ``element`` without what is deleted or struck through."""
    return "".join(_pieces(element))


def _pieces(element: Any) -> Iterator[str]:
    for child in element:
        tag = child.tag
        if left_out(child):
            continue
        if tag == f"{W}r":
            yield from _run(child)
        elif tag == f"{W}p":  # a paragraph in a text box
            yield "\n" + _text(child)
        else:
            yield from _pieces(child)


def _run(run: Any) -> Iterator[str]:
    for child in run:
        match child.tag:
            case t if t == f"{W}t":
                yield child.text or ""
            case t if t == f"{W}tab":
                yield "\t"
            case t if t in (f"{W}br", f"{W}cr"):
                yield "\n"
            case t if t == f"{W}noBreakHyphen":
                yield "-"
            case _ if not left_out(child):
                yield from _pieces(child)


class _Numbering:
    """Counts numbered paragraphs, since Word stores the rule and not the number."""

    def __init__(self, document: Document, styles: Styles) -> None:
        self._styles = styles
        self._formats: dict[tuple[str, str], tuple[str, str]] = {}
        self._counts: dict[str, Counter[int]] = {}
        try:
            root: Any = document.part.numbering_part.element
        except (NotImplementedError, KeyError):
            return
        levels = {
            (abstract.get(f"{W}abstractNumId"), level.get(f"{W}ilvl")): (
                value(level, "numFmt") or "decimal",
                value(level, "lvlText") or "",
            )
            for abstract in root.iter(f"{W}abstractNum")
            for level in abstract.iter(f"{W}lvl")
        }
        for number in root.iter(f"{W}num"):
            abstract = value(number, "abstractNumId")
            for (owner, level), rule in levels.items():
                if owner == abstract:
                    self._formats[number.get(f"{W}numId"), level] = rule

    def label(self, paragraph: Any) -> str:
        """The number or bullet before the element ``paragraph``, empty where it has none."""
        number, level = self._place(paragraph)
        rule = self._formats.get((number, level))
        if rule is None:
            return ""
        depth = int(level)
        counts = self._counts.setdefault(number, Counter())
        counts[depth] += 1
        for deeper in [other for other in counts if other > depth]:
            del counts[deeper]
        form, pattern = rule
        if form in ("bullet", "none"):
            return _BULLETS.get(form, "")
        return re.sub(r"%(\d)", lambda match: figure(counts[int(match[1]) - 1] or 1, form), pattern)

    def _place(self, paragraph: Any) -> tuple[str, str]:
        for element in (paragraph, *self._styles.of(paragraph)):
            properties = element.find(f"{W}pPr/{W}numPr")
            if properties is not None:
                return value(properties, "numId") or "", value(properties, "ilvl") or "0"
        return "", "0"
