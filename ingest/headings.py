"""Headings, and those that nothing but their shape gives away: short lines that stand alone above prose."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from ingest.lines import Line
from ingest.signatures import is_title, person_in
from rag.sentences import LIST_ITEM

GENERIC_LEVEL = 4  # a heading known only by its shape is below every known one
_NUMBERED = re.compile(r"(\d{1,2}(?:\.\d{1,2}){0,3})\.?\s+[A-ZÅÄÖ]\S*(?:\s+\S+){0,9}")
_BULLET = re.compile(r"(?:[-–•*▪◦·]|\d{1,2}[.)]|[a-z]\)|e)\s")
_SENTENCE_END = re.compile(r"[.!?:;,\"”»)\]…-]$")
ENDS_PARAGRAPH = re.compile(r"[.!?:\"”»)\]…~*_-]$")


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading line with its level (1 outermost) and the text shown for it."""

    start: int
    end: int
    level: int
    text: str
    role: str = ""
    generic: bool = False


def generic_headings(
    lines: Sequence[Line], strong: Sequence[Heading], vocabulary: Path | None
) -> list[Heading]:
    """Lines of prose's own headings below the ``strong`` ones; none in a letterhead or a list of names."""
    first = strong[0].start if strong else _first_prose(lines)
    closed = _closed(strong)
    found = []
    for at in range(1, len(lines) - 1):
        line = lines[at]
        if line.start <= first or any(start <= line.start < end for start, end in closed):
            continue
        if _looks_like_heading(lines, at) and not is_title(line.text, vocabulary):
            found.append(Heading(line.start, line.end, _generic_level(line.text), line.text, "", True))
    return found if strong or len(found) > 1 else []


def _first_prose(lines: Sequence[Line]) -> int:
    """Where the text proper begins: before it there is a letterhead and a title."""
    prose = (line for line in lines if len(line.text) >= 60 and line.text[-1] not in ":;,")
    return next((line.start for line in prose if not line.blank_before or line.text[-1] in ".!?"), -1)


def _generic_level(text: str) -> int:
    numbered = _NUMBERED.fullmatch(text)
    return GENERIC_LEVEL + numbered[1].count(".") if numbered else GENERIC_LEVEL


# Below these, short lines are names, rows or list items and never headings.
_NO_GENERIC = frozenset(
    {"attachments", "attestation", "contents", "documents", "dispatch", "reservation", "statement"}
)


def _closed(strong: Sequence[Heading]) -> list[tuple[int, int]]:
    ends = [heading.start for heading in strong[1:]] + [10**12]
    return [(h.start, end) for h, end in zip(strong, ends, strict=False) if h.role in _NO_GENERIC]


def _looks_like_heading(lines: Sequence[Line], at: int) -> bool:
    line, before, after = lines[at], lines[at - 1], lines[at + 1]
    text = line.text
    numbered = bool(_NUMBERED.fullmatch(text))
    if not line.blank_before or not 3 <= len(text) <= 80 or len(text.split()) > 10 or "\t" in text:
        return False
    if (
        not (text[0].isupper() or numbered)
        or _SENTENCE_END.search(text)
        or (_BULLET.match(text) and not numbered)
    ):
        return False
    if person_in(text) and len(after.text) < 60:
        return False
    if sum(char.isdigit() for char in text) > 6 or "@" in text or not re.search("[a-zåäö]{3}", text):
        return False
    return bool(ENDS_PARAGRAPH.search(before.text) or _short(before)) and _opens_prose(line, after)


def _short(line: Line) -> bool:
    return line.blank_before and line.blank_after and len(line.text) <= 80


def _opens_prose(line: Line, after: Line) -> bool:
    """Whether what follows a heading is prose: a line clearly longer than the heading, or one that ends a
    sentence, starting as a sentence does."""
    if LIST_ITEM.match(after.text) and not _NUMBERED.fullmatch(line.text):
        return False  # a lead-in such as "Vi föreslår"
    starts = after.text[0].isupper() or after.text[0].isdigit() or after.text[0] in "\"”»“'*-–•("
    if re.search(r"\S {3,}\S", after.text) or re.search(r"\bvägnar$", line.text):
        return False  # names side by side, as under a letter
    long = len(after.text) >= (60 if after.blank_after else 40) or (
        len(after.text) >= 25 and after.text[-1] in ".:?!"
    )
    return starts and long and (line.blank_after or len(line.text) < 0.75 * len(after.text))
