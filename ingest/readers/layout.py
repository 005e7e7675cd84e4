"""From placed lines of text to the text a person reads: rows of tables, no running heads, no page numbers.

Coordinates are PDF points with the origin at the lower left. The order is that of the file, which office
programs write as it is read; only what belongs in one row of a table is drawn together.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, replace
from itertools import pairwise

_PAGE_NUMBER = re.compile(
    r"(?i)(?:sida|sid\.?|page)?\s*[-–]?\s*\d{1,4}\s*(?:[(/]\s*\d{1,4}\s*\)?|av\s+\d{1,4})?\s*[-–]?"
)
_LEADERS = re.compile(r"[ ]*(?:\.[ ]?){4,}[ ]*")
_MARGIN = 0.13  # share of the page's height where running heads and feet stand
_CELL_LINES = 6  # a taller cell is a column of text


@dataclass(frozen=True, slots=True)
class Line:
    """A line of text with its box; ``size`` is the height of its letters, ``bold`` whether all of it is."""

    text: str
    left: float
    bottom: float
    right: float
    top: float
    size: float = 10.0
    bold: bool = False

    @property
    def runs_upwards(self) -> bool:
        """Whether the line is turned, as along the side of a page."""
        return len(self.text) > 3 and self.height > 2 * (self.right - self.left)

    @property
    def height(self) -> float:
        """Height of the box."""
        return max(self.top - self.bottom, 1.0)


@dataclass(frozen=True, slots=True)
class Sheet:
    """The lines of one page in reading order, and the page's size."""

    lines: tuple[Line, ...]
    height: float
    width: float = 0.0


def without_running_lines(sheets: list[Sheet]) -> list[Sheet]:
    """``sheets`` without page numbers and without the heads and feet that repeat; each such line is kept on
    the page where it first stands, since a date or a body's name may be said nowhere else."""
    body = body_size(sheets)
    repeated = _repeated(sheets, body)
    first_seen: set[str] = set()
    cleaned = []
    for number, sheet in enumerate(sheets, 1):
        kept, running = [], set(_running(sheet, body))
        for line in sheet.lines:
            if line in running:
                key = _key(line, number)
                if _PAGE_NUMBER.fullmatch(line.text.strip()) or (key in repeated and key in first_seen):
                    continue
                first_seen.add(key)
            kept.append(line)
        cleaned.append(replace(sheet, lines=tuple(kept)))
    return cleaned


def _repeated(sheets: list[Sheet], body: float) -> set[str]:
    counts = Counter(
        key
        for number, sheet in enumerate(sheets, 1)
        for key in {_key(line, number) for line in _running(sheet, body)}
    )
    least = max(2, 0.3 * len(sheets)) if len(sheets) < 12 else 4
    return {key for key, count in counts.items() if count >= least}


def _key(line: Line, number: int) -> str:
    # The page's own number changes; other numbers (a § that heads every page) make lines differ.
    text = re.sub(rf"\d+ ?[(/] ?\d+ ?\)?|(?<!\d){number}(?!\d)", "#", " ".join(line.text.split()))
    # Along the side, where the line stands differs between left and right pages.
    return text if line.runs_upwards else f"{text}@{round(line.bottom / 12)}"


def _running(sheet: Sheet, body: float) -> list[Line]:
    """Lines where running heads and feet stand; large type is a heading, wherever it stands."""
    return [
        line
        for line in sheet.lines
        if (_at_edge(line, sheet) and (line.size < 1.2 * body or _PAGE_NUMBER.fullmatch(line.text.strip())))
        or _at_side(line, sheet)
    ]


def _at_edge(line: Line, sheet: Sheet) -> bool:
    return line.bottom > sheet.height * (1 - _MARGIN) or line.top < sheet.height * _MARGIN


def _at_side(line: Line, sheet: Sheet) -> bool:
    outside = line.left > sheet.width * (1 - _MARGIN) or line.right < sheet.width * _MARGIN
    return line.runs_upwards and outside


def body_size(sheets: list[Sheet]) -> float:
    """The letter size that most of the text is set in."""
    sizes: Counter[float] = Counter()
    for sheet in sheets:
        for line in sheet.lines:
            sizes[round(line.size, 1)] += len(line.text)
    return sizes.most_common(1)[0][0] if sizes else 10.0


def flow(sheet: Sheet) -> list[tuple[str, Line]]:
    """Rows of text with the line that each begins with; an empty text stands for a wider gap."""
    rows: list[tuple[str, Line]] = []
    previous: Line | None = None
    usual = _pitch(sheet.lines)
    for cells in _rows(list(sheet.lines)):
        head = cells[0][0]
        if previous is not None and _gap(previous, head, usual):
            rows.append(("", head))
        if len(cells) == 1:
            rows += [(_text(line), line) for line in cells[0]]
        else:
            rows.append(("\t".join(" ".join(_text(line) for line in cell) for cell in cells), head))
        previous = min((cell[-1] for cell in cells), key=lambda line: line.bottom)
    return rows


def _text(line: Line) -> str:
    return _LEADERS.sub(" … ", line.text).strip()


def _pitch(lines: tuple[Line, ...]) -> float:
    """The usual distance from line to line, 1.3 letter sizes where that cannot be told."""
    steps = sorted(
        above.bottom - below.bottom
        for above, below in pairwise(lines)
        if 0.8 * below.size < above.bottom - below.bottom < 3 * below.size
    )
    return (
        steps[len(steps) // 2] if len(steps) > 4 else 1.3 * max((line.size for line in lines), default=10.0)
    )


def _gap(above: Line, below: Line, usual: float) -> bool:
    distance = above.bottom - below.bottom
    return distance > 1.35 * usual or distance < -3 * below.size


def _rows(lines: list[Line]) -> list[list[list[Line]]]:
    """Lines as rows of cells of lines; what is no table row has one cell."""
    rows: list[list[list[Line]]] = []
    for line in lines:
        row = rows[-1] if rows else None
        if row is None:
            rows.append([[line]])
        elif _beside(row, line):
            row.append([line])
        elif len(row) > 1 and _under(row[-1], line, row):
            row[-1].append(line)
        elif len(row) == 1 and len(row[0]) < _CELL_LINES and _under(row[0], line, row):
            row[0].append(line)
        else:
            rows.append([[line]])
    return rows


def _beside(row: list[list[Line]], line: Line) -> bool:
    """Whether ``line`` begins another cell of ``row``: level with its top, to the right of all of it."""
    first = row[0][0]
    level = abs(first.bottom - line.bottom) < 0.5 * min(first.height, line.height)
    return level and len(row[-1]) <= _CELL_LINES and line.left > max(part.right for part in row[-1]) + 2


def _under(cell: list[Line], line: Line, row: list[list[Line]]) -> bool:
    """Whether ``line`` goes on in ``cell``: close below, and beginning at the same edge."""
    last = cell[-1]
    near = -0.3 * line.height < last.bottom - line.top < 0.8 * line.height
    return near and abs(last.left - line.left) < 3 and len(cell) < _CELL_LINES
