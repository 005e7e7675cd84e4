"""The words of the system as immutable values (see the README's vocabulary).

Every ``start``/``end`` counts characters (Python string indices, half-open) in the *reading text* of a
source: the text that is shown, searched and quoted.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Literal

Language = Literal["sv", "en"]
# From the file's own text, from its picture, from its text mended by a program, or by hand.
ReadingMethod = Literal["text", "ocr", "repaired", "corrected"]


class AnswerStatus(StrEnum):
    """What kind of answer was given; every answer has exactly one."""

    ANSWERED = "answered"
    OVERVIEW = "overview"
    NOT_STATED = "not_stated"  # the right document does not say
    MISSING_DOCUMENT = "missing_document"  # that body's document is not in the collection
    NO_RELEVANT_SOURCE = "no_relevant_source"
    UNREADABLE = "unreadable"
    SMALLTALK = "smalltalk"
    ERROR_EMPTY_INDEX = "error_empty_index"
    ERROR_INTERNAL = "error_internal"


class OcrGrade(StrEnum):
    """How well a page or source could be read."""

    GOOD = "good"
    READABLE = "readable"
    POOR = "poor"


class DocumentKind(StrEnum):
    """What a source is, by its form and sender."""

    MOTION = "motion"
    SKRIVELSE = "skrivelse"
    REMISSVAR = "remissvar"
    TJANSTEUTLATANDE = "tjänsteutlåtande"
    PROTOKOLL = "protokoll"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a source. ``number`` counts from 1; ``method`` says how its text was got."""

    number: int
    start: int
    end: int
    grade: OcrGrade = OcrGrade.GOOD
    method: ReadingMethod = "text"


@dataclass(frozen=True, slots=True)
class ReadingText:
    """What a reader makes of a file: the reading text and where its pages lie in it.

    ``original`` is the text before repair by program or hand, or None where nothing was repaired; ``alignment`` maps
    reading text to it as ``(reading_start, reading_end, original_start, original_end)`` rows, only for
    the stretches that differ, ascending and not overlapping. ``headings`` are the headings that the file
    itself marks as such, as ``(start, end, level)`` rows with level 1 outermost; empty where it marks none.
    """

    text: str
    pages: tuple[Page, ...] = ()
    grade: OcrGrade = OcrGrade.GOOD
    method: ReadingMethod = "text"
    title: str | None = None  # from the file's own properties, where they can be trusted
    original: str | None = None
    alignment: tuple[tuple[int, int, int, int], ...] = ()
    headings: tuple[tuple[int, int, int], ...] = ()

    def page_at(self, offset: int) -> int | None:
        """The number of the page that holds ``offset``, or None in a source without pages."""
        return page_at(self.pages, offset)


@dataclass(frozen=True, slots=True)
class Fact:
    """Something a source states about itself, with the place it comes from.

    ``name`` is one of a closed vocabulary (``ingest.facts``): ``stance``, ``mover``, ``addressee``,
    ``consulted_body``, ``deadline``, ``handler``, ``signer``, ``decision`` ...; ``value`` its normal
    form; ``speaker`` who says it (``mover``, ``administration``, ``board``, ``reservation``, ``quoted``).
    """

    name: str
    value: str
    start: int
    end: int
    speaker: str = ""
    detail: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Source:
    """One ingested file. ``id`` is made from its content, so the same content is one source."""

    id: str
    name: str  # the file's name, as shown and cited
    title: str
    kind: DocumentKind = DocumentKind.OTHER
    body: str | None = None  # the body (nämnd) the document speaks for
    date: str | None = None  # ISO 8601
    diarienummer: str | None = None
    grade: OcrGrade = OcrGrade.GOOD
    method: str = "text"
    pages: tuple[Page, ...] = ()
    facts: tuple[Fact, ...] = ()
    other_names: tuple[str, ...] = ()  # further files with the same content

    def page_at(self, offset: int) -> int | None:
        """The number of the page that holds ``offset``, or None in a source without pages."""
        return page_at(self.pages, offset)


@dataclass(frozen=True, slots=True)
class Section:
    """A stretch of a source under one heading path, outermost heading first."""

    start: int
    end: int
    headings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Locator:
    """Where in its source a chunk stands."""

    start: int
    end: int
    headings: tuple[str, ...] = ()
    page: int | None = None


@dataclass(frozen=True, slots=True)
class Chunk:
    """What is indexed: the text of one section or a part of it; ``text == reading_text[start:end]``."""

    id: str
    source_id: str
    ordinal: int  # position in its source, from 0
    text: str
    locator: Locator


@dataclass(frozen=True, slots=True)
class Passage:
    """A chunk found for a question. ``score`` orders passages (higher is better), ``scores`` per leg."""

    chunk: Chunk
    source: Source
    score: float
    scores: Mapping[str, float] = field(default_factory=dict)
    also_in: tuple[str, ...] = ()  # ids of sources that hold a near-duplicate of this passage


@dataclass(frozen=True, slots=True)
class Citation:
    """A verbatim span of a source that supports a statement: ``reading_text[start:end] == quote``."""

    number: int
    source: Source
    quote: str
    start: int
    end: int
    heading: str | None = None
    page: int | None = None


@dataclass(frozen=True, slots=True)
class OverviewRow:
    """One body's row in an overview; ``citations`` holds citation numbers, empty where nothing is cited."""

    body: str
    value: str
    date: str | None = None
    citations: tuple[int, ...] = ()
    missing: bool = False  # asked or named, but its document is not in the collection


@dataclass(frozen=True, slots=True)
class Overview:
    """One row per body over many sources. ``denominator`` counts the bodies that were asked, if known."""

    value_heading: str
    rows: tuple[OverviewRow, ...]
    denominator: int | None = None


@dataclass(frozen=True, slots=True)
class QuestionFilter:
    """A restriction recognised in the question, shown as a chip: ``field`` is body, year, kind, ..."""

    field: str
    value: str


@dataclass(frozen=True, slots=True)
class Answer:
    """What the assistant says. ``text`` cites with ``[n]``; ``understood_as`` is the question that was
    answered, where it differs from the one asked (a follow-up)."""

    text: str
    status: AnswerStatus
    language: Language
    short_answer: str | None = None
    citations: tuple[Citation, ...] = ()
    overview: Overview | None = None
    understood_as: str | None = None
    filters: tuple[QuestionFilter, ...] = ()
    latency_ms: float = 0.0


def page_at(pages: tuple[Page, ...], offset: int) -> int | None:
    """The number of the page among ``pages`` that holds ``offset``, or None."""
    return next((page.number for page in reversed(pages) if page.start <= offset), None)
