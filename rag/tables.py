"""Which cell of a table a question asks for: the row and the column whose labels say most of what it says.

The reader takes a table for running text: it finds the row more often than the column, and of "11,8 | 14,2" it
takes either. Labels tell what it cannot see: the year above a column, the place beside a row.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from rag import swedish
from rag.answer_forms import has_form, lacks_strict_form
from rag.domain import Passage
from rag.question import Question
from rag.reading import WindowReading
from rag.search_terms import content_words
from rag.topics import Terms, coverage, terms_of

Span = tuple[int, int]

_RULE = re.compile(r"[\s|:-]*-[\s|:-]*")
_TIME = re.compile(r"[^\W\d_]{2}|\d{4}|\d[-/:.]\d")
_LETTERS = re.compile(r"[^\W\d_]{2}")
_CELL = re.compile(r"[^|\t]+")
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?:\s*[/-]\s*(?:20)?\d\d)?(?!\d)")
_TOTAL = re.compile(
    r"\b(?:total\w*|summa\w*|samtliga|alla|hela|sammanlagt|tillsammans|altogether|overall|whole|entire)\b",
    re.IGNORECASE,
)
_YEAR_FITS = 3.0  # so many words of a label count as much as the year that is asked about
_UNSAID = 0.1  # taken off for each word of a label that the question does not say
_TOTALLED = 0.05  # what a row for everything counts more: it is meant where no part is named ...
_TOTAL_ASKED = 1.0  # ... and all the more where the question says so
# Share of the topic that a cell's labels and the table's subject say together: of the cells that the questions of four
# collections led to, 22 of 25 right ones had it, and 9 of 36 wrong ones.
_SAID = 0.45
_DOUBTED = 0.4
_ABOVE = 160  # characters above a table that may be its caption
_TOLD = 0.9  # words that the labels of the cell must share with the question, beside its year


@dataclass(frozen=True, slots=True)
class Table:
    """The cells of a table in a text as spans, row by row; ``header`` are those of the columns' labels."""

    header: tuple[Span, ...]
    rows: tuple[tuple[Span, ...], ...]

    @property
    def start(self) -> int:
        """Where its first row of values begins."""
        return self.rows[0][0][0]

    @property
    def end(self) -> int:
        """Where its last row ends."""
        return self.rows[-1][-1][1]


@dataclass(frozen=True, slots=True)
class Cell:
    """A value's place in its text, with the labels of its row and column."""

    start: int
    end: int
    labels: str


def of_tables(question: Question, passage: Passage, reading: WindowReading) -> WindowReading:
    """The reading of ``passage`` with what was found in a table moved to the cell that is asked for. As far as all
    that says what the cell means says what the question does, the cell gets what the reader gave to anything
    else in the passage; where it says too little of it, less is believed of the table."""
    text = passage.chunk.text
    for table in tables_in(text):
        inside = [each for each in reading.candidates if table.start <= each.start and each.end <= table.end]
        cell = cell_asked(question, text, table) if inside else None
        if cell is None:
            continue
        said = coverage(question.topic, terms_of(f"{cell.labels} {_about(passage, table)}"))
        if said < _SAID:
            told = [replace(each, probability=_DOUBTED * each.probability) for each in inside]
        else:
            found = sum(each.probability for each in inside)
            found += max(0.0, 2 * said - 1) * (reading.answerable - found)
            told = [replace(inside[0], start=cell.start, end=cell.end, probability=found, labels=cell.labels)]
        others = [each for each in reading.candidates if each not in inside]
        ordered = sorted([*told, *others], key=lambda each: -each.probability)
        reading = replace(reading, candidates=tuple(ordered))
    return reading


def _about(passage: Passage, table: Table) -> str:
    """What tells the subject of the table: the title, the headings, and what stands right above it."""
    above = passage.chunk.text[max(0, table.header[0][0] - _ABOVE) : table.header[0][0]]
    return " ".join([passage.source.title, *passage.chunk.locator.headings, above])


def tables_in(text: str) -> Iterator[Table]:
    """The tables of ``text`` that have a row of labels above their values."""
    block: list[tuple[Span, ...]] = []
    for match in re.finditer(r"[^\n]*\n?", text):
        cells = _cells(match.group(), match.start())
        if len(cells) > 1 or (block and _RULE.fullmatch(match.group())):
            block.append(cells)
            continue
        yield from _table(text, block)
        block = []


def _cells(line: str, start: int) -> tuple[Span, ...]:
    if _RULE.fullmatch(line) or ("|" not in line and "\t" not in line):
        return ()
    found = (match for match in _CELL.finditer(line) if match.group().strip())
    return tuple(_trimmed(match.group(), start + match.start()) for match in found)


def _trimmed(cell: str, start: int) -> Span:
    lead = len(cell) - len(cell.lstrip())
    return start + lead, start + lead + len(cell.strip())


def _table(text: str, block: Sequence[tuple[Span, ...]]) -> Iterator[Table]:
    rows = [cells for cells in block if cells]
    if not rows or not all(_labels(text[slice(*cell)]) for cell in rows[0][1:]):
        return
    wide = [cells for cells in rows[1:] if len(cells) == len(rows[0])]
    if wide:
        yield Table(rows[0], tuple(wide))


def _labels(cell: str) -> bool:
    """Whether it can be a column's label: not a bare number, unless it is a year."""
    return bool(_YEAR.search(cell) or _LETTERS.search(cell))


def cell_asked(question: Question, text: str, table: Table) -> Cell | None:
    """The cell that ``question`` asks for; None where its words do not single one out."""
    asked = _Asked(question)
    labels = [asked.fits(text[slice(*cell)]) for cell in table.header[1:]]
    rows = [(asked.fits(_label(text, cells)), cells) for cells in table.rows]
    row, column = _only_best([fit for fit, _ in rows]), _only_best(labels)
    if row is None or column is None or rows[row][0] + max(labels[column], 0.0) < _TOLD:
        return None
    cells = rows[row][1]
    start, end = cells[column + 1]
    cell = Cell(start, end, f"{_label(text, cells)}, {text[slice(*table.header[column + 1])]}")
    dated = any(_YEAR.search(text[slice(*label)]) for label in table.header)
    if dated and asked.years and not asked.years & _years(cell.labels):
        return None  # it tells of other years
    return cell if _can_answer(question, text[start:end], cell.labels) else None


def _can_answer(question: Question, value: str, labels: str) -> bool:
    """Whether the value has the form that is asked for; its unit may stand in the labels."""
    if not has_form(question.answer_kind, value) or not any(letter.isalnum() for letter in value):
        return False
    if question.answer_kind == "date":
        return bool(_TIME.search(value))
    with_unit = [value, *(f"{value} {word}" for word in swedish.words(labels))]
    return not all(lacks_strict_form(question.form, each) for each in with_unit)


def _years(text: str) -> set[str]:
    return {_plain(match[0]) for match in _YEAR.finditer(text)}


def _label(text: str, cells: Sequence[Span]) -> str:
    return text[slice(*cells[0])]


def _only_best(fits: Sequence[float]) -> int | None:
    """The place of the highest number, unless it occurs twice."""
    best = max(fits)
    return fits.index(best) if list(fits).count(best) == 1 else None


class _Asked:
    """What a question says that a label may say, too."""

    def __init__(self, question: Question) -> None:
        self.years = _years(question.text)
        found = dict.fromkeys([*content_words(question.text), *question.topic])
        self._words = [word for word in found if not word[0].isdigit()]
        self._total = bool(_TOTAL.search(question.text))

    def fits(self, label: str) -> float:
        """How much of the question the label says, in words; other years than the one asked about count against
        it."""
        terms = terms_of(label)
        score = sum(map(terms.holds, self._words)) - _UNSAID * self._unsaid(label, terms)
        years = _years(label)
        if self.years and years:
            score += _YEAR_FITS if years & self.years else -_YEAR_FITS
        if _TOTAL.search(label):
            score += _TOTAL_ASKED if self._total else _TOTALLED
        return score

    def _unsaid(self, label: str, terms: Terms) -> float:
        said = sum(min(terms.holds(word), 1.0) for word in self._words)
        return max(len(swedish.words(label)) - said, 0.0)


def _plain(year: str) -> str:
    """ "2023/24" for "2023/2024" and "2023-24"."""
    first, *rest = re.split(r"\s*[/-]\s*", year)
    return "/".join([first, *(part[-2:] for part in rest)])
