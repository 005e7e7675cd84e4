"""ODT: the text of ``content.xml`` with headings, lists, tables and notes; nothing deleted or struck through."""

from __future__ import annotations

import xml.etree.ElementTree as ElementTree
from collections.abc import Iterator
from xml.etree.ElementTree import Element

from ingest.readers.headed import Blocks
from ingest.readers.limits import Clock
from ingest.readers.notes import note as note_text
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


def read_odt(data: bytes, clock: Clock) -> ReadingText:
    """The reading text of an OpenDocument text."""
    with open_package(data, clock) as package:
        manifest = "META-INF/manifest.xml"
        if manifest in package.namelist() and b"encryption-data" in package.read(manifest):
            raise UnreadableFile("is protected by a password; save a copy without one")
        root = ElementTree.fromstring(package.read("content.xml"))
    body = root.find(f"{_OFFICE}body/{_OFFICE}text")
    if body is None:
        raise UnreadableFile("is not an OpenDocument text; save it as ODT or PDF")
    blocks = Blocks()
    _add(body, blocks, _struck_styles(root), clock)
    return blocks.reading()


def _struck_styles(root: Element) -> frozenset[str]:
    return frozenset(
        style.get(f"{_STYLE}name", "")
        for style in root.iter(f"{_STYLE}style")
        for properties in style.iter(f"{_STYLE}text-properties")
        if properties.get(f"{_STYLE}text-line-through-style", "none") != "none"
        or properties.get(f"{_STYLE}text-line-through-type", "none") != "none"
    )


def _add(parent: Element, blocks: Blocks, struck: frozenset[str], clock: Clock, mark: str = "") -> None:
    for child in parent:
        clock.check()
        if child.tag in _SKIPPED:
            continue
        if child.tag == f"{_T}h":
            blocks.add(_text(child, struck), level=int(child.get(f"{_T}outline-level", "1")))
        elif child.tag == f"{_T}p":
            text = _text(child, struck).strip()
            blocks.add(f"{mark} {text}" if mark and text else text, gap=not mark)
        elif child.tag == f"{_T}list":
            for item in child:
                _add(item, blocks, struck, clock, mark="•")
            continue  # its paragraphs have given their notes
        elif child.tag == f"{_TABLE}table":
            for index, row in enumerate(_rows(child, struck)):
                blocks.add(row, gap=index == 0)
        else:
            _add(child, blocks, struck, clock, mark)
            continue
        for note in _notes(child, struck):
            blocks.add(note)


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
    for row in table.iter(f"{_TABLE}table-row"):
        cells = [
            " ".join(" ".join(_text(part, struck).split()) for part in _paragraphs(cell))
            for cell in row.findall(f"{_TABLE}table-cell")
        ]
        if any(cells):
            yield "\t".join(cells).rstrip("\t")


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
