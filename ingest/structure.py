"""Sections of a document: its headings, nested, each with the text below it.

Headings come from four places: what the file itself marks (``ReadingText.headings``, Markdown), the § of
a protokoll, the known headings of municipal documents (also misread by OCR), and short lines that stand
alone between blank lines. A document in which none is found is one section.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

from ingest.headings import ENDS_PARAGRAPH, Heading, generic_headings
from ingest.lines import Line, lines_of, squeeze
from ingest.signatures import signatures
from ingest.vocabulary import KnownHeading, folded_words, heading_vocabulary
from rag.domain import ReadingText, Section
from rag.folding import fold

PARAGRAPH_LEVEL = 1  # a § of a protokoll is above every other heading
_MARKDOWN = re.compile(r"(#{1,6})\s+(\S.*?)\s*#*")
_PARAGRAPH = re.compile(r"(?:§{1,2}\s?(\d{1,4})|(\d{1,4})\s?§)(?!\d)[ \t.:]*(.*)")
_DOTS = re.compile(r"(?:\.\s?){4,}|…{2,}|(?:…|\.{3,})\s*\d+\s*$")
# What stands below the title of a matter that somebody moved, sometimes on its line.
_MOVED = re.compile(r"\s+(?=(?:Motion|Skrivelse|Interpellation|Medborgarförslag) den \d)")
_DNR = re.compile(
    r"(?:[Dd]nr:?\s*)?\b[A-ZÅÄÖ]{2,6}[ -]?\d{4}/\d+(?:[-.]\d+)*|[Dd]nr:?\s*\S+|\b\d{4}[/-]\d{3,6}(?!-)\b"
)


def sections(reading: ReadingText, vocabulary: Path | None = None) -> tuple[Section, ...]:
    """The sections of ``reading`` in order: they cover its whole text without gaps or overlaps.

    A section starts at its heading. Headings with nothing between them share the section of the innermost.
    ``vocabulary`` is a folder with an operator's own ``headings.toml`` and ``roles.toml``.
    """
    found = headings(reading, vocabulary)
    cuts = _cuts(reading.text, found, closing_starts(reading.text, found, vocabulary))
    starts = [0, *(start for start, _ in cuts if start > 0)]
    paths = dict(cuts)
    ends = [*starts[1:], len(reading.text)]
    return tuple(Section(start, end, paths.get(start, ())) for start, end in zip(starts, ends, strict=True))


@lru_cache(maxsize=4)
def headings(reading: ReadingText, vocabulary: Path | None = None) -> tuple[Heading, ...]:
    """All headings of ``reading``, in order, not overlapping."""
    lines = lines_of(reading.text)
    marked = list(_joined(_marked(reading, lines, vocabulary), reading.text))
    level = min((heading.level for heading in marked if heading.role not in {"", "paragraph"}), default=2) - 1
    numbered = [replace(heading, level=level) for heading in _paragraphs(lines, vocabulary)]
    marked = [heading for heading in marked if not _Taken(numbered).overlaps(heading)]
    taken = _Taken([*marked, *numbered])
    known = [heading for heading in _known(lines, vocabulary, marked) if not taken.overlaps(heading)]
    strong = sorted([*marked, *numbered, *known], key=lambda heading: heading.start)
    if len(marked) < 2:
        strong += generic_headings(lines, strong, vocabulary)
    return tuple(_without_overlaps(sorted(strong, key=lambda heading: (heading.start, heading.generic))))


class _Taken:
    def __init__(self, found: Iterable[Heading]) -> None:
        self._spans = [(heading.start, heading.end) for heading in found]

    def overlaps(self, heading: Heading) -> bool:
        return any(heading.start < end and heading.end > start for start, end in self._spans)


def _marked(reading: ReadingText, lines: Sequence[Line], vocabulary: Path | None) -> list[Heading]:
    """What the file itself marks as headings, with the roles that the vocabulary knows for their wording."""
    own = [(start, end, level, reading.text[start:end]) for start, end, level in reading.headings]
    matches = ((line, _MARKDOWN.fullmatch(line.text)) for line in lines)
    own += [(line.start, line.end, len(m[1]), m[2]) for line, m in matches if m]
    return [
        Heading(start, end, level, shown, _role(shown, vocabulary))
        for start, end, level, text in own
        if (shown := squeeze(text).lstrip("# "))
    ]


def _joined(marked: Iterable[Heading], text: str) -> Iterable[Heading]:
    """``marked`` with a heading that runs over two lines, each marked by itself, as one."""
    last: Heading | None = None
    for heading in sorted(marked, key=lambda heading: heading.start):
        between = text[last.end : heading.start] if last else ""
        if last and not between.strip() and between.count("\n") == 1 and _goes_on(last, heading):
            last = replace(last, end=heading.end, text=f"{last.text} {heading.text}")
            continue
        if last:
            yield last
        last = heading
    if last:
        yield last


def _goes_on(upper: Heading, lower: Heading) -> bool:
    return upper.level == lower.level and not (upper.role or lower.role) and len(upper.text) >= 25


def _role(text: str, vocabulary: Path | None) -> str:
    if _PARAGRAPH.fullmatch(text):
        return "paragraph"
    known = heading_vocabulary(vocabulary).match(text)
    return known.role if known else ""


def _paragraphs(lines: Sequence[Line], vocabulary: Path | None) -> Iterable[Heading]:
    """The § of a protokoll; a mention of one in a table of contents or in running text is none."""
    for at, line in enumerate(lines):
        match = _PARAGRAPH.fullmatch(line.text)
        if not match or _DOTS.search(line.text) or not _starts_paragraph(lines, at, match):
            continue
        title, end = _paragraph_title(lines, at, match[3], vocabulary)
        number = f"§ {match[1] or match[2]}"
        yield Heading(line.start, end, PARAGRAPH_LEVEL, f"{number} {title}".strip(), "paragraph")


def _starts_paragraph(lines: Sequence[Line], at: int, match: re.Match[str]) -> bool:
    line, rest = lines[at], match[3]
    if at and not line.blank_before and not ENDS_PARAGRAPH.search(lines[at - 1].text):
        return False
    if at + 1 < len(lines) and _DOTS.search(lines[at + 1].text):
        return False
    return not rest or bool(_DNR.search(rest)) or (rest[0].isupper() and not rest.endswith((".", ",")))


def _paragraph_title(lines: Sequence[Line], at: int, rest: str, vocabulary: Path | None) -> tuple[str, int]:
    """The title of a § and where it ends: the rest of its line, or else the next line or two."""
    known = heading_vocabulary(vocabulary)
    own = squeeze(_DNR.sub("", rest)).strip(" -–.,")
    if sum(map(str.isalpha, own)) >= 3:
        return own, lines[at].end
    parts: list[str] = []
    end = lines[at].end
    for line in lines[at + 1 : at + 5]:
        match = known.match(line.text)
        if match and match.role == "other" and not parts:
            return line.text, line.end
        long = len(_MOVED.split(line.text)[0]) > 110
        if match or long or line.text.endswith(".") or (parts and line.blank_before):
            break
        if parts and re.match(r"(Motion|Skrivelse|Interpellation)\b.*\b(av|från)\b", line.text):
            break
        if _DNR.fullmatch(line.text):
            end = line.end
            continue
        if mover := _MOVED.search(line.text):
            parts.append(line.text[: mover.start()])
            return squeeze(" ".join(parts)), line.start + mover.start()
        parts.append(line.text)
        end = line.end
    return squeeze(" ".join(parts)), end


def _known(lines: Sequence[Line], vocabulary: Path | None, marked: Sequence[Heading]) -> Iterable[Heading]:
    known = heading_vocabulary(vocabulary)
    with_role = [heading.level for heading in marked if heading.role not in {"", "paragraph"}]
    level = min(with_role) if with_role else max((heading.level for heading in marked), default=-1) + 1
    role = ""
    for at, line in enumerate(lines):
        match = known.match(line.text) if at or not _is_form(line.text, vocabulary) else None
        if (
            match
            and _stands_alone(lines, at, match)
            and not (role in _LISTS and _is_listed(lines, at, match))
        ):
            role = match.role
            yield Heading(line.start, line.end, level or match.level, line.text.rstrip(" :"), match.role)


def _is_form(line: str, vocabulary: Path | None) -> bool:
    return fold(line).strip(" .:") in folded_words("form_lines", vocabulary)


_LISTS = frozenset({"documents", "attachments", "contents"})
_TITLES = frozenset({"matter", "background", "assessment", "summary", "other", "proposal"})


def _is_listed(lines: Sequence[Line], at: int, known: KnownHeading) -> bool:
    """Whether a line in a list of documents ("Motionen", "Yttrande") names one of them."""
    after = lines[at + 1].text if at + 1 < len(lines) else ""
    return known.role in _TITLES and (len(after) < 60 or not lines[at].blank_before)


def _stands_alone(lines: Sequence[Line], at: int, known: KnownHeading) -> bool:
    """Whether the line is a heading and not a piece of a sentence or table that happens to look like one."""
    before = lines[at - 1].text if at else ""
    if _DOTS.search(lines[at].text) or "\t" in lines[at].text:
        return False
    if lines[at].blank_before or at == 0:
        return True
    # Tightly set: only after a finished paragraph, or directly under a short line such as a title.
    return bool(ENDS_PARAGRAPH.search(before)) or len(before) <= 60


def _without_overlaps(ordered: Iterable[Heading]) -> Iterable[Heading]:
    end = -1
    for heading in ordered:
        if heading.start >= end:
            yield heading
            end = heading.end


def closing_starts(text: str, found: Sequence[Heading], vocabulary: Path | None) -> tuple[int, ...]:
    """Starts of signature blocks: the stretch from there to the next heading belongs to no heading."""
    starts: list[int] = []
    last_end = -1
    for signature in signatures(lines_of(text), vocabulary):
        start, end = signature.block
        between = text[last_end:start] if last_end >= 0 else ""
        if last_end < 0 or between.strip() or any(last_end <= heading.start <= start for heading in found):
            starts.append(start)
        last_end = end
    first = found[0].start if found else 0
    return tuple(start for start in starts if start > first)


def _cuts(text: str, found: Sequence[Heading], closing: Sequence[int]) -> list[tuple[int, tuple[str, ...]]]:
    """Where sections start, with their heading paths; a heading without text of its own gives none."""
    stack: list[Heading] = []
    cuts: list[tuple[int, tuple[str, ...]]] = []
    previous_end = 0
    events: list[tuple[int, Heading | None]] = [(heading.start, heading) for heading in found]
    events += [(start, None) for start in closing]
    for start, heading in sorted(events, key=lambda event: event[0]):
        if heading is None:
            outer = tuple(item.text for item in stack if item.role == "paragraph")
            cuts.append((start, outer))
            continue
        joined = (
            bool(cuts and stack) and stack[-1].level < heading.level and not text[previous_end:start].strip()
        )
        stack = [item for item in stack if item.level < heading.level] + [heading]
        path = tuple(item.text for item in stack)
        if joined:
            cuts[-1] = (cuts[-1][0], path)
        else:
            cuts.append((start, path))
        previous_end = heading.end
    return cuts
