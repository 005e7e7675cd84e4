"""ODT: the text of ``content.xml`` with headings, lists, tables and notes; nothing deleted or struck through."""

from __future__ import annotations

import xml.etree.ElementTree as ElementTree
from collections.abc import Iterator
from xml.etree.ElementTree import Element

from ingest.readers.headed import Blocks
from ingest.readers.limits import Clock
from ingest.readers.notes import note as note_text
from ingest.readers.numerals import figure
from ingest.readers.package import open_package
from rag.domain import ReadingText
from rag.errors import UnreadableFile

_T = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_STYLE = "{urn:oasis:names:tc:opendocument:xmlns:style:1.0}"
_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_SKIPPED = {
    f"{_T}tracked-changes",
    f"{_T}note",
    f"{_OFFICE}annotation",
    f"{_T}sequence-decls",
    f"{_T}soft-page-break",
}

_FORMS = {"a": "lowerLetter", "A": "upperLetter", "i": "lowerRoman", "I": "upperRoman"}

Level = tuple[str, int]  # the style of a list and how deep in it, from 1


def read_odt(data: bytes, clock: Clock) -> ReadingText:
    """The reading text of an OpenDocument text."""
    with open_package(data, clock) as package:
        manifest = "META-INF/manifest.xml"
        if manifest in package.namelist() and b"encryption-data" in package.read(manifest):
            raise UnreadableFile("is protected by a password; save a copy without one")
        root = ElementTree.fromstring(package.read("content.xml"))
        named = "styles.xml" in package.namelist()
        shared = [ElementTree.fromstring(package.read("styles.xml"))] if named else []
    body = root.find(f"{_OFFICE}body/{_OFFICE}text")
    if body is None:
        raise UnreadableFile("is not an OpenDocument text; save it as ODT or PDF")
    blocks = Blocks()
    _Body(blocks, _struck_styles(root), _numbered([*shared, root]), clock).add(body)
    return blocks.reading()


def _struck_styles(root: Element) -> frozenset[str]:
    return frozenset(
        style.get(f"{_STYLE}name", "")
        for style in root.iter(f"{_STYLE}style")
        for properties in style.iter(f"{_STYLE}text-properties")
        if properties.get(f"{_STYLE}text-line-through-style", "none") != "none"
        or properties.get(f"{_STYLE}text-line-through-type", "none") != "none"
    )


def _numbered(roots: list[Element]) -> dict[Level, tuple[str, str, str]]:
    """What stands before the number, its form and what stands after it, by style of list and level."""
    return {
        (style.get(f"{_STYLE}name", ""), int(level.get(f"{_T}level", "1"))): (
            level.get(f"{_STYLE}num-prefix", ""),
            _FORMS.get(form, form),
            level.get(f"{_STYLE}num-suffix", ""),
        )
        for root in roots
        for style in root.iter(f"{_T}list-style")
        for level in style.iter(f"{_T}list-level-style-number")
        if (form := level.get(f"{_STYLE}num-format", ""))
    }


class _Body:
    """Adds what stands in a text to ``blocks``, and counts the points of its lists."""

    def __init__(
        self,
        blocks: Blocks,
        struck: frozenset[str],
        numbered: dict[Level, tuple[str, str, str]],
        clock: Clock,
    ) -> None:
        self._blocks, self._struck, self._numbered, self._clock = blocks, struck, numbered, clock
        self._counts: dict[Level, int] = {}
        self._mark = ""  # of the point whose text has not come yet

    def add(self, parent: Element, level: Level = ("", 0)) -> None:
        """Everything in ``parent``, which lies in a list of that style and level, 0 for none."""
        for child in parent:
            self._clock.check()
            if child.tag in _SKIPPED:
                continue
            if child.tag == f"{_T}list":
                self._list(child, (child.get(f"{_T}style-name") or level[0], level[1] + 1))
            elif child.tag in (f"{_T}h", f"{_T}p", f"{_TABLE}table"):
                self._block(child, level)
                for note in _notes(child, self._struck):
                    self._blocks.add(note)
            else:
                self.add(child, level)

    def _block(self, child: Element, level: Level) -> None:
        if child.tag == f"{_TABLE}table":
            for index, row in enumerate(_rows(child, self._struck)):
                self._blocks.add(row, gap=index == 0)
            return
        text = _text(child, self._struck).strip()
        if child.tag == f"{_T}h":
            self._blocks.add(text, level=int(child.get(f"{_T}outline-level", "1")))
        elif text:
            self._blocks.add(f"{self._mark} {text}" if self._mark else text, gap=not level[1])
        self._mark = "" if text else self._mark

    def _list(self, points: Element, level: Level) -> None:
        if points.get(f"{_T}continue-numbering") != "true" and not points.get(f"{_T}continue-list"):
            self._counts[level] = 0
        for point in points:
            # A point with nothing but a list in it only indents that.
            if point.tag == f"{_T}list-item" and any(child.tag in (f"{_T}h", f"{_T}p") for child in point):
                start = point.get(f"{_T}start-value", "")
                self._counts[level] = int(start) if start.isdigit() else self._counts.get(level, 0) + 1
                before, form, after = self._numbered.get(level, ("", "", ""))
                self._mark = f"{before}{figure(self._counts[level], form)}{after}" if form else "•"
            self.add(point, level)
            self._mark = ""


def _notes(element: Element, struck: frozenset[str]) -> Iterator[str]:
    """The notes that ``element`` refers to, except from what is struck through."""
    for child in element:
        if child.tag == f"{_T}note":
            number = child.findtext(f"{_T}note-citation") or ""
            label = "Slutnot" if child.get(f"{_T}note-class") == "endnote" else "Not"
            text = " ".join(_text(part, struck) for part in child.iter(f"{_T}p"))
            if text.strip():
                yield note_text(label, number, text)
        elif child.tag not in _SKIPPED and child.get(f"{_T}style-name") not in struck:
            yield from _notes(child, struck)


def _rows(table: Element, struck: frozenset[str]) -> Iterator[str]:
    for row in _own_rows(table):
        cells = [
            " ".join(" ".join(_text(part, struck).split()) for part in _paragraphs(cell))
            for cell in row.findall(f"{_TABLE}table-cell")
        ]
        if any(cells):
            yield "\t".join(cells).rstrip("\t")


def _own_rows(table: Element) -> Iterator[Element]:
    """The rows of ``table``, not those of tables in its cells, whose text belongs to the cell."""
    for child in table:
        if child.tag == f"{_TABLE}table-row":
            yield child
        else:
            yield from _own_rows(child)


def _paragraphs(cell: Element) -> Iterator[Element]:
    for child in cell:
        if child.tag == f"{_T}p":
            yield child
        elif child.tag not in _SKIPPED:
            yield from _paragraphs(child)


def _text(element: Element, struck: frozenset[str]) -> str:
    return "".join(_pieces(element, struck))


def _pieces(element: Element, struck: frozenset[str]) -> Iterator[str]:
    if element.get(f"{_T}style-name") not in struck:
        yield element.text or ""
        for child in element:
            if child.tag == f"{_T}s":
                yield " " * min(int(child.get(f"{_T}c", "1")), 100)
            elif child.tag == f"{_T}tab":
                yield "\t"
            elif child.tag == f"{_T}line-break":
                yield "\n"
            elif child.tag not in _SKIPPED:
                yield from _pieces(child, struck)
            yield child.tail or ""
