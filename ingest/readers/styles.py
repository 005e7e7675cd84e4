"""The styles of a Word document with what they inherit, by id.

python-docx goes through all styles anew for every paragraph, which takes most of the time of a document.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from ingest.readers.shown import W, struck, value

if TYPE_CHECKING:
    from docx.document import Document

_DEEPEST = 10  # styles that each are based on the next
_HEADING = re.compile(r"(?:Heading|Rubrik)\s*(\d)", re.IGNORECASE)
_TITLES = ("Title", "Titel", "Rubrik")


class Styles:
    """The styles of ``document``."""

    def __init__(self, document: Document) -> None:
        found: list[Any] = document.styles.element.findall(f"{W}style")
        self._by_id = {style.get(f"{W}styleId"): style for style in found}
        standard = [each for each in found if each.get(f"{W}type") == "paragraph" and _is_default(each)]
        self._default: str | None = standard[-1].get(f"{W}styleId") if standard else None

    def of(self, paragraph: Any) -> list[Any]:
        """The style of the element ``paragraph`` and those that it is based on, nearest first."""
        name = value(paragraph.find(f"{W}pPr"), "pStyle")
        return self._lineage(name if name in self._by_id else self._default)

    def level(self, paragraph: Any) -> int | None:
        """The heading level that the element ``paragraph`` or one of its styles gives."""
        own = _outline(paragraph)
        levels = (_level(style) for style in self.of(paragraph))
        return own or next((level for level in levels if level), None)

    def struck(self) -> frozenset[str]:
        """The ids of the styles that strike through or hide."""
        return frozenset(name for name in self._by_id if self._is_struck(name))

    def _is_struck(self, name: str) -> bool:
        said = (struck(style.find(f"{W}rPr")) for style in self._lineage(name))
        return next((each for each in said if each is not None), False)

    def _lineage(self, name: str | None) -> list[Any]:
        found: list[Any] = []
        while name in self._by_id and len(found) < _DEEPEST:
            found.append(self._by_id[name])
            name = value(found[-1], "basedOn")
        return found


def _is_default(style: Any) -> bool:
    return style.get(f"{W}default") in ("1", "true", "on")


def _level(style: Any) -> int | None:
    name = value(style, "name") or ""
    if name in _TITLES:
        return 1
    match = _HEADING.fullmatch(name)
    return int(match[1]) if match else _outline(style)


def _outline(element: Any) -> int | None:
    said = int(value(element.find(f"{W}pPr"), "outlineLvl") or 9)
    return said + 1 if said < 9 else None
