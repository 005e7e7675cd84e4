"""How true to their pages PDFs are read, measured on municipal PDFs with known quotes and known §§.

``python -m evals.pdf_text --data ../shared/data [--json OUT] [--only ID ...]`` reads the PDFs in ``nacka_handlingar``
and prints the share of quotes that stand on their page word for word (every stretch of white space as one space);
the same of those quotes alone that the set's own text of the page holds, since who made the set ran some headings into
the sentences below them; and of all without regard to punctuation. Then the share of the protokoll's §§ that are
recognised: a section begins at the § on its page with its number and title, and its decision is found (a part headed
as decision that opens with the same words, or a ``decision`` fact of that §). For each document grade, method, seconds.
"""

from __future__ import annotations

import argparse
import re
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import Field
from rich.console import Console
from rich.table import Table

from evals import scorers
from evals.cases import PassageRow, QuestionRow, Row, load_rows
from evals.report import save_json
from ingest import facts, metadata, structure
from ingest.headings import Heading
from ingest.parts import Part, parts
from ingest.readers import read
from rag.domain import Fact, ReadingText
from rag.errors import UnreadableFile

_NUMBER = re.compile(r"§ (\d+)\b")
_SHOWN = {
    "quotes": ("on_page", "verbatim_on_page", "on_page_but_for_punctuation"),
    "sections": ("headed", "decided", "recognised"),
}
_OPENING = 40  # letters of a decision that must be found again


class DocumentRow(Row):
    """A PDF of the set; ``file`` is its path in the set's folder."""

    file: str


class SectionRow(Row):
    """A § of a protokoll. ``parts`` holds the text under each of its headings."""

    doc_id: str
    par: int
    title: str
    page_start: int
    parts: dict[str, str] = Field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Read:
    """A document as it was read; ``reading`` is None where that failed, with the ``reason``."""

    id: str
    reading: ReadingText | None
    seconds: float
    reason: str = ""


@dataclass(frozen=True, slots=True)
class SectionFound:
    """What was recognised of one §."""

    id: str
    heading: bool
    decision: bool


def run(data: Path, only: Sequence[str] = ()) -> dict[str, Any]:
    """The report on the folder ``data``/nacka_handlingar; raises MissingInput where it is absent."""
    folder = data / "nacka_handlingar"
    documents = [row for row in load_rows(folder / "docs.jsonl", DocumentRow) if not only or row.id in only]
    quotes = load_rows(folder / "questions_quotes.jsonl", QuestionRow)
    pages = {row.id: row.text for row in load_rows(folder / "passages.jsonl", PassageRow)}
    rows = load_rows(folder / "sections.jsonl", SectionRow)
    done = [_read(folder, row) for row in documents]
    return measured(done, quotes, rows, pages)


def measured(
    done: Sequence[Read], quotes: Iterable[QuestionRow], rows: Sequence[SectionRow], pages: Mapping[str, str]
) -> dict[str, Any]:
    """The report on documents that have been read, over the quotes and §§ of those documents; ``pages`` holds
    the set's own texts of the pages by id."""
    readings = {each.id: each.reading for each in done}
    asked = [quote for quote in quotes if _document_of(quote) in readings]
    exact = {quote.id: quote_on_page(readings, quote) for quote in asked}
    verbatim = [quote for quote in asked if squeezed(quote.answers[0]) in squeezed(pages[quote.passage_id])]
    sections = [
        found
        for id, reading in readings.items()
        for found in sections_found(reading, [row for row in rows if row.doc_id == id])
    ]
    return {
        "quotes": len(asked),
        "quotes_on_page": scorers.share(exact.values()),
        "quotes_verbatim": len(verbatim),
        "quotes_verbatim_on_page": scorers.share(exact[quote.id] for quote in verbatim),
        "quotes_on_page_but_for_punctuation": scorers.share(
            quote_on_page(readings, q, letters) for q in asked
        ),
        "quotes_missed": [id for id, found in exact.items() if not found],
        "sections": len(sections),
        "sections_headed": scorers.share(found.heading for found in sections),
        "sections_decided": scorers.share(found.decision for found in sections),
        "sections_recognised": scorers.share(found.heading and found.decision for found in sections),
        "sections_missed": [found.id for found in sections if not (found.heading and found.decision)],
        "documents": [_document(each) for each in done],
    }


def squeezed(text: str) -> str:
    """``text`` with every stretch of white space as one space."""
    return " ".join(text.split())


def letters(text: str) -> str:
    """The letters and digits of ``text`` alone, in lower case."""
    return "".join(filter(str.isalnum, text.lower()))


def quote_on_page(
    readings: Mapping[str, ReadingText | None], quote: QuestionRow, seen: Callable[[str], str] = squeezed
) -> bool:
    """Whether ``quote`` stands on the page that ``passage_id`` ("<document>-p<page>") names, both as ``seen``."""
    reading = readings[_document_of(quote)]
    page = int(quote.passage_id.rpartition("-p")[2])
    found = [p for p in reading.pages if p.number == page] if reading else []
    return any(seen(quote.answers[0]) in seen(reading.text[p.start : p.end]) for p in found if reading)


def _document_of(quote: QuestionRow) -> str:
    return quote.passage_id.rpartition("-p")[0]


def sections_found(reading: ReadingText | None, rows: Sequence[SectionRow]) -> list[SectionFound]:
    """What is recognised of each of ``rows`` in the protokoll ``reading``."""
    if reading is None or not rows:
        return [SectionFound(row.id, False, False) for row in rows]
    sections = structure.sections(reading)
    description = metadata.describe(reading, "protokoll.pdf", sections)
    told = facts.extract(reading, sections, description)
    starts = {section.start for section in sections}
    headings = [heading for heading in structure.headings(reading) if heading.role == "paragraph"]
    return [
        SectionFound(
            row.id,
            any(_is_heading(heading, row, reading, starts) for heading in headings),
            _is_decided(reading, row, parts(reading), told),
        )
        for row in rows
    ]


def _is_heading(heading: Heading, row: SectionRow, reading: ReadingText, starts: set[int]) -> bool:
    number = _NUMBER.match(heading.text)
    if not number or int(number[1]) != row.par or heading.start not in starts:
        return False
    title = letters(heading.text[number.end() :])
    return title.startswith(letters(row.title)) and reading.page_at(heading.start) == row.page_start


def _is_decided(reading: ReadingText, row: SectionRow, found: Iterable[Part], told: Iterable[Fact]) -> bool:
    decision = letters(row.parts.get("Beslut", ""))[:_OPENING]
    if not decision:
        return True  # the § decides nothing
    own = [part for part in found if part.role == "decision" and _of(part.paragraph, row)]
    if any(letters(reading.text[part.start : part.end]).startswith(decision) for part in own):
        return True
    facts = (fact for fact in told if fact.name == "decision" and _of(fact.detail.get("paragraph", ""), row))
    return any(letters(reading.text[fact.start : fact.end])[:_OPENING] in decision for fact in facts)


def _of(paragraph: str, row: SectionRow) -> bool:
    return bool((number := _NUMBER.match(paragraph)) and int(number[1]) == row.par)


def _read(folder: Path, row: DocumentRow) -> Read:
    started = time.monotonic()
    try:
        reading = read(folder / row.file)
    except UnreadableFile as error:
        return Read(row.id, None, time.monotonic() - started, str(error))
    return Read(row.id, reading, time.monotonic() - started)


def _document(each: Read) -> dict[str, Any]:
    reading = each.reading
    return {
        "id": each.id,
        "seconds": round(each.seconds, 1),
        "pages": len(reading.pages) if reading else 0,
        "grade": str(reading.grade) if reading else "unread",
        "method": reading.method if reading else each.reason,
        "pages_not_good": [
            f"{page.number} {page.grade} {page.method}"
            for page in (reading.pages if reading else ())
            if page.grade != "good" or page.method != "text"
        ],
    }


def show(report: Mapping[str, Any], console: Console) -> None:
    """Prints the figures, and a table of the documents."""
    table = Table(
        "document", "pages", "grade", "method", "seconds", "pages not read well from their text layer"
    )
    for row in report["documents"]:
        shown = (row["id"], row["pages"], row["grade"], row["method"], row["seconds"])
        table.add_row(*map(str, shown), ", ".join(row["pages_not_good"]))
    console.print(table)
    for name, kinds in _SHOWN.items():
        told = ", ".join(f"{kind.replace('_', ' ')} {_percent(report[f'{name}_{kind}'])}" for kind in kinds)
        missed = ", ".join(report[f"{name}_missed"])
        console.print(f"{report[name]} {name}: {told}" + (f"; missed: {missed}" if missed else ""))


def _percent(share: float | None) -> str:
    return "-" if share is None else f"{100 * share:.1f} %"


def main() -> None:
    """Runs the measures from the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--json", type=Path, metavar="OUT")
    parser.add_argument("--only", nargs="*", default=(), metavar="ID", help="documents of the set")
    args = parser.parse_args()
    console = Console()
    if not (args.data / "nacka_handlingar" / "docs.jsonl").is_file():
        console.print(f"skipped: {args.data} holds no nacka_handlingar; name the folder with --data")
        return
    show(report := run(args.data, args.only), console)
    if args.json:
        save_json(report, args.json)


if __name__ == "__main__":
    main()
