"""What of a Word document is shown: content controls are opened, and what is deleted, struck through or hidden is
told from the rest, also where a style says so."""

from __future__ import annotations

from collections.abc import Set
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from docx.document import Document

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_SKIPPED = {
    f"{W}{name}" for name in ("del", "moveFrom", "instrText", "delText", "rPrChange", "pPrChange")
} | {"{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"}
_WRAPPERS = tuple(f"{W}{name}" for name in ("sdt", "customXml", "smartTag"))


def left_out(element: Any) -> bool:
    """Whether ``element`` is no text, or is deleted, struck through or hidden."""
    tag = element.tag
    return (
        not isinstance(tag, str)
        or tag in _SKIPPED
        or (tag == f"{W}r" and bool(struck(element.find(f"{W}rPr"))))
    )


def prepare(document: Document, struck_styles: Set[str]) -> None:
    """Puts what stands in content controls in their place, since python-docx passes over them, and takes out
    rows that were deleted and runs that a style strikes through or hides."""
    first = list(document.sections)[:1]
    headers = [header for section in first for header in (section.first_page_header, section.header)]
    heads = [header._element for header in headers if not header.is_linked_to_previous]
    for root in (document.element.body, *heads):
        for wrapper in list(root.iter(*_WRAPPERS)):
            _open(wrapper)
        for mark in root.findall(f".//{W}trPr/{W}del"):
            row = mark.getparent().getparent()
            row.getparent().remove(row)
        take_out(root, struck_styles)


def take_out(root: Any, struck_styles: Set[str]) -> None:
    """Takes the runs out of ``root`` that a style strikes through or hides, unless they say otherwise themselves."""
    for paragraph in root.iter(f"{W}p") if struck_styles else ():
        whole = value(paragraph.find(f"{W}pPr"), "pStyle") in struck_styles
        for run in list(paragraph.iter(f"{W}r")):
            own = run.find(f"{W}rPr")
            if (whole or value(own, "rStyle") in struck_styles) and struck(own) is None:
                run.getparent().remove(run)


def _open(wrapper: Any) -> None:
    content = wrapper.find(f"{W}sdtContent") if wrapper.tag == f"{W}sdt" else wrapper
    for child in list(content) if content is not None else ():
        wrapper.addprevious(child)
    wrapper.getparent().remove(wrapper)


def value(element: Any, name: str) -> str | None:
    """What the child ``name`` of ``element`` says; None where either is missing."""
    found = None if element is None else element.find(f"{W}{name}")
    return None if found is None else found.get(f"{W}val")


def struck(properties: Any) -> bool | None:
    """Whether ``w:rPr`` strikes through or hides; None where it says nothing of that."""
    found = (
        [] if properties is None else [properties.find(f"{W}{n}") for n in ("strike", "dstrike", "vanish")]
    )
    said = [mark.get(f"{W}val", "true") not in ("0", "false", "off") for mark in found if mark is not None]
    return any(said) if said else None
