"""HTML through lxml (BSD-3-Clause): headings, lists, tables; no scripts, navigation or struck-through text."""

from __future__ import annotations

import re
from contextlib import suppress
from typing import Any

from ingest.readers.clean import trusted_title
from ingest.readers.headed import Blocks
from ingest.readers.limits import Clock
from ingest.readers.text import decode
from rag.domain import ReadingText
from rag.errors import UnreadableFile

_DROPPED = {
    "script", "style", "noscript", "template", "svg", "head", "nav", "iframe", "object", "button", "select",
    "input", "textarea", "del", "s", "strike", "title",
}  # fmt: skip
_BLOCKS = {
    "p", "div", "section", "article", "main", "header", "footer", "aside", "ul", "ol", "dl", "dt", "dd",
    "blockquote", "pre", "figure", "figcaption", "address", "fieldset", "details", "summary", "hr", "body",
    "form",
}  # fmt: skip
_APART = _BLOCKS | {"br", "li", "table", "tr", "td", "th"}
_CHARSET = re.compile(rb"<meta[^>]+charset=[\"']?\s*([\w-]+)", re.IGNORECASE)
_DEEP = 400


def read_html(data: bytes, clock: Clock, charset: str | None = None) -> ReadingText:
    """The reading text of a web page; ``charset`` is told by what it came with, and goes before its own word."""
    from lxml import html  # type: ignore[import-untyped]

    source = _decode(data, charset)
    root = html.document_fromstring(source, parser=html.HTMLParser(encoding="utf-8", huge_tree=False))
    return from_tree(root, clock)


def _decode(data: bytes, charset: str | None) -> bytes:
    declared = _CHARSET.search(data[:4096])
    for name in filter(None, (charset, declared and declared[1].decode("ascii"))):
        with suppress(LookupError, UnicodeDecodeError):  # pages often lie about it; the bytes tell
            return data.decode(name).encode("utf-8")
    return decode(data).encode("utf-8")


def from_tree(root: Any, clock: Clock) -> ReadingText:
    """The reading text of a parsed page."""
    walker = _Walker(clock)
    body = root.find(".//body")
    walker.walk(root if body is None else body, 0)
    walker.flush()
    reading = walker.blocks.reading()
    title = trusted_title(root.findtext(".//title") or "", reading.text)
    return ReadingText(reading.text, title=title, headings=reading.headings)


class _Walker:
    def __init__(self, clock: Clock) -> None:
        self.blocks, self.clock = Blocks(), clock
        self.inline: list[str] = []
        self.mark = ""

    def flush(self, level: int | None = None) -> None:
        """End the block that inline text has gathered in."""
        lines = [" ".join(line.split()) for line in "".join(self.inline).split("\n")]
        text = "\n".join(line for line in lines if line)
        self.inline = []
        if text:
            self.blocks.add(f"{self.mark}{text}", level=level, gap=not self.mark)
            self.mark = ""

    def walk(self, element: Any, depth: int) -> None:
        """Add ``element`` and what is in it."""
        if depth > _DEEP:
            raise UnreadableFile("is too deeply nested to read; convert it to PDF")
        self.clock.check()
        self._inside(element, depth)

    def _inside(self, element: Any, depth: int) -> None:
        self._say(element.text)
        for child in element:
            if isinstance(child.tag, str) and not _hidden(child):
                self._child(child, depth)
            self._say(child.tail)

    def _say(self, text: str | None) -> None:
        if text:
            self.inline.append(re.sub(r"\s+", " ", text))

    def _child(self, child: Any, depth: int) -> None:
        tag = child.tag
        if tag == "br":
            self.inline.append("\n")
        elif re.fullmatch("h[1-6]", tag):
            self.flush()
            self.walk(child, depth + 1)
            self.flush(level=int(tag[1]))
        elif tag == "li":
            self.flush()
            self.mark = _bullet(child)
            self.walk(child, depth + 1)
            self.flush()
            self.mark = ""
        elif tag == "table":
            self.flush()
            self._table(child, depth + 1)
        elif tag in _BLOCKS:
            self.flush()
            self.walk(child, depth + 1)
            self.flush()
        else:
            self.walk(child, depth + 1)

    def _table(self, table: Any, depth: int) -> None:
        for caption in table.findall("caption"):
            self._block(caption, depth)
        rows = [row for row in table.xpath("tr|*/tr") if not _hidden(row)]
        layout = bool(table.xpath(".//table|.//td//h1|.//td//h2|.//td//h3"))  # it only places what is in it
        for index, row in enumerate(rows):
            self.clock.check()
            cells = [cell for cell in row if cell.tag in ("td", "th") and not _hidden(cell)]
            if layout:
                for cell in cells:
                    self._block(cell, depth)
                continue
            texts = [" ".join("".join(_visible(cell)).split()) for cell in cells]
            if any(texts):
                self.blocks.add("\t".join(texts).rstrip("\t"), gap=index == 0)

    def _block(self, element: Any, depth: int) -> None:
        self.walk(element, depth)
        self.flush()


def _visible(element: Any) -> list[str]:
    parts = [element.text or ""]
    for child in element:
        if isinstance(child.tag, str) and not _hidden(child):
            apart = " " if child.tag in _APART or re.fullmatch("h[1-6]", child.tag) else ""
            parts += [apart, *_visible(child), apart]
        parts.append(child.tail or "")
    return parts


def _hidden(element: Any) -> bool:
    if element.tag == "form" and not element.xpath(".//p|.//table|.//h1|.//h2"):
        return True  # a form to fill in; some programs put the whole page in one
    style = (element.get("style") or "").replace(" ", "").lower()
    return (
        element.tag in _DROPPED
        or element.get("hidden") is not None
        or ("display:none" in style or "line-through" in style)
    )


def _bullet(item: Any) -> str:
    parent = item.getparent()
    if parent is None or parent.tag != "ol":
        return "• "
    start = parent.get("start") or "1"
    before = sum(1 for other in item.itersiblings("li", preceding=True))
    return f"{int(start) + before if start.isdigit() else before + 1}. "
