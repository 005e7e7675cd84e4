"""Footnotes and endnotes: how they stand in a reading text, and those of Word documents.

In Word they lie in parts of their own, which python-docx does not read; the text only refers to them. Each is given
once, for the first place that refers to it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Set
from typing import TYPE_CHECKING, Any

from ingest.readers.shown import W, take_out

if TYPE_CHECKING:
    from docx.document import Document

_KINDS = (("footnote", "Not"), ("endnote", "Slutnot"))
_SEPARATORS = {"separator", "continuationSeparator", "continuationNotice"}


def note(label: str, number: int | str, text: str) -> str:
    """A note as it stands in the reading text: not as a bare figure, which could be taken for a citation's."""
    return f"{label} {number}: {' '.join(text.split())}"


class Notes:
    """The notes of ``document``, numbered in the order that the text refers to them, without what one of
    ``struck_styles`` strikes through."""

    def __init__(self, document: Document, text_of: Callable[[Any], str], struck_styles: Set[str]) -> None:
        self._text_of = text_of
        self._notes = {kind: _notes(document, kind, struck_styles) for kind, _ in _KINDS}
        self._given = dict.fromkeys(self._notes, 0)

    def of(self, element: Any, is_left_out: Callable[[Any], bool]) -> Iterator[str]:
        """The notes that ``element`` refers to, except from what is deleted or struck through."""
        for child in element:
            if is_left_out(child):
                continue
            for kind, label in _KINDS:
                if child.tag == f"{W}{kind}Reference":
                    yield from self._note(kind, label, child.get(f"{W}id", ""))
            yield from self.of(child, is_left_out)

    def _note(self, kind: str, label: str, id: str) -> Iterator[str]:
        found = self._notes[kind].pop(id, None)
        if found is None:
            return
        self._given[kind] += 1
        text = " ".join(self._text_of(part) for part in found.iter(f"{W}p"))
        if text.strip():
            yield note(label, self._given[kind], text)


def _notes(document: Document, kind: str, struck_styles: Set[str]) -> dict[str, Any]:
    from docx.oxml import parse_xml

    for relation in document.part.rels.values():
        if relation.is_external or not relation.reltype.endswith(f"/{kind}s"):
            continue
        root: Any = parse_xml(relation.target_part.blob)
        take_out(root, struck_styles)
        return {
            found.get(f"{W}id", ""): found
            for found in root.iter(f"{W}{kind}")
            if found.get(f"{W}type") not in _SEPARATORS
        }
    return {}
