"""An assistant with answers written down in advance, over a real catalog: what the interface is tried with
where the answer itself is not the point (every status, hostile text, a slow or failing answer)."""

from __future__ import annotations

import threading
import time
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from rag.catalog import Catalog
from rag.domain import (
    Answer,
    AnswerStatus,
    Chunk,
    Citation,
    DocumentKind,
    Fact,
    Locator,
    OcrGrade,
    Overview,
    OverviewRow,
    Page,
    QuestionFilter,
    ReadingText,
    Source,
)
from rag.errors import IndexUnusable
from rag.records import FileRecord, IndexedDocument

HOSTILE = (
    '<script>window.hacked=1</script><img src=x onerror="window.hacked=1">${window.hacked=1}{{1+1}}`\'"&'
)

REPORT = f"""Tjänsteutlåtande

Svar på motion om fler läxhjälpsgrupper

Sammanfattning

Förvaltningen ser positivt på läxhjälp men avstyrker motionen, eftersom medel saknas i budgeten.
Läxhjälpen startade den 4 mars 2021 i två av områdets skolor.

Bakgrund

Motionären vill att varje skola ska ha en grupp. Text som någon annan skrev: {HOSTILE}

Förvaltningens synpunkter

Verksamheten har i dag 14 handledare. Den ryms inte i nästa års ram. """ + (
    "Förvaltningen följer arbetet och återkommer när budgeten är beslutad. " * 60
)
SCAN = """REMISSVAR

Norra stadsdelen till1styrker förslaget om läxhjälp.

Nämnden anser att grupperna bör starta redan till hösten."""

STEPWISE = "Stegvis?"  # goes on when ``next_step`` is released
REPORT_ID, SCAN_ID = "report-1", "scan-2"


@dataclass(frozen=True)
class Step:
    """A step on the way to an answer."""

    stage: str
    draft: str = ""


class StandIn:
    """Answers from ``script``, by question; ``asked`` keeps what it was asked, with the history. ``pause``
    is what every step takes, in seconds."""

    def __init__(self, folder: Path, *, empty: bool = False, pause: float = 0.0) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.catalog = Catalog(folder, create=True)
        self.pause = pause
        self.next_step = threading.Semaphore(0)
        self.asked: list[tuple[str, tuple[str, ...], tuple[QuestionFilter, ...]]] = []
        if not empty:
            self._fill()
        self.script = {} if empty else script(self.catalog)

    def steps(
        self, question: str, history: Sequence[str] = (), *, without: Collection[QuestionFilter] = ()
    ) -> Iterator[Step | Answer]:
        self.asked.append((question, tuple(history), tuple(without)))
        for stage in ("search", "read", "write"):
            yield Step(stage, "Förvaltningen ser positivt …" if stage == "write" else "")
            time.sleep(self.pause)
            if question == STEPWISE:
                self.next_step.acquire(timeout=30)
        if question == "fel":
            raise RuntimeError("the model fell over: /secret/path")
        if question == "spärrat":
            raise IndexUnusable("/secret/path cannot be read")
        if not self.catalog.sources():
            yield Answer("Samlingen är tom.", AnswerStatus.ERROR_EMPTY_INDEX, "sv")
            return
        answer = self.script.get(question) or self.script["annat"]
        kept = tuple(chip for chip in answer.filters if chip not in without)
        yield replace(answer, filters=kept, latency_ms=212.4)

    def health(self) -> Mapping[str, object]:
        return {"status": "ok", "sources": len(self.catalog.sources())}

    def _fill(self) -> None:
        headings = (("Sammanfattning",), ("Bakgrund",), ("Förvaltningens synpunkter",))
        starts = [REPORT.index(f"\n{heading[0]}\n") + 1 for heading in headings]
        spans = zip(starts, [*starts[1:], len(REPORT)], headings, strict=True)
        chunks = tuple(
            Chunk(f"{REPORT_ID}-{n}", REPORT_ID, n, REPORT[start:end], Locator(start, end, path, None))
            for n, (start, end, path) in enumerate(spans)
        )
        page = REPORT.index("Bakgrund")
        stance = REPORT.index("avstyrker motionen")
        report = Source(
            REPORT_ID,
            "svar_<b>läxhjälp</b>.txt",
            "Svar på motion om fler läxhjälpsgrupper",
            DocumentKind.TJANSTEUTLATANDE,
            body="Södra stadsdelsnämnden",
            date="2023-08-24",
            diarienummer="SSN 2023/14",
            pages=(Page(1, 0, page), Page(2, page, len(REPORT), OcrGrade.READABLE)),
            facts=(Fact("stance", "avstyrker", stance, stance + 18, "administration"),),
        )
        scan = Source(
            SCAN_ID,
            "remissvar_skannat.pdf",
            "Remissvar om läxhjälp",
            DocumentKind.REMISSVAR,
            body="Norra stadsdelsnämnden",
            grade=OcrGrade.POOR,
            method="repaired",
        )
        original = SCAN.replace("stadsdelen", "stadsde1en")
        documents = [
            IndexedDocument(report, ReadingText(REPORT, report.pages), chunks),
            IndexedDocument(scan, ReadingText(SCAN, original=original, grade=OcrGrade.POOR), ()),
        ]
        files = [
            FileRecord(f"/docs/{d.source.name}".replace("</", "<"), d.source.id, 1, 1) for d in documents
        ]
        self.catalog.commit(documents, files, ())


def cite(catalog: Catalog, number: int, source_id: str, quote: str, heading: str | None = None) -> Citation:
    """A citation of the first place that holds ``quote``."""
    start = catalog.reading_text(source_id).index(quote)
    source = catalog.source(source_id)
    assert source is not None
    page = source.page_at(start)
    return Citation(number, source, quote, start, start + len(quote), heading, page)


def script(catalog: Catalog) -> dict[str, Answer]:
    """An answer of every status, by question."""
    started = cite(
        catalog, 1, REPORT_ID, "startade den 4 mars 2021 i två av områdets skolor", "Sammanfattning"
    )
    no = cite(catalog, 1, REPORT_ID, "avstyrker motionen, eftersom medel saknas i budgeten", "Sammanfattning")
    yes = cite(catalog, 2, SCAN_ID, "till1styrker förslaget om läxhjälp")
    hostile = cite(catalog, 1, REPORT_ID, HOSTILE, "Bakgrund")
    body = QuestionFilter("body", "Södra stadsdelsnämnden")
    table = Overview(
        "Ståndpunkt",
        (
            OverviewRow("Norra stadsdelsnämnden", "Tillstyrker", None, (2,)),
            OverviewRow("Södra stadsdelsnämnden", "Avstyrker", "2023-08-24", (1,)),
            OverviewRow("=Östra stadsdelsnämnden", "", missing=True),
        ),
        denominator=3,
    )

    def plain(text: str, status: AnswerStatus) -> Answer:
        return Answer(text, status, "sv")

    return {
        "När startade läxhjälpen?": Answer(
            "Läxhjälpen startade den 4 mars 2021 i två skolor [1].",
            AnswerStatus.ANSWERED,
            "sv",
            short_answer="4 mars 2021",
            citations=(started,),
            filters=(body, QuestionFilter("year", "2021")),
        ),
        "Vilka stödde motionen?": Answer(
            "En av tre tillfrågade stödde förslaget: Norra stadsdelsnämnden [2]. Södra sade nej [1].",
            AnswerStatus.OVERVIEW,
            "sv",
            citations=(no, yes),
            overview=table,
        ),
        "Varför inte?": Answer(
            "Därför att medel saknas i budgeten [1].",
            AnswerStatus.ANSWERED,
            "sv",
            citations=(no,),
            understood_as="Varför stödde Södra stadsdelsnämnden inte motionen?",
        ),
        HOSTILE: Answer(
            f"{HOSTILE} [1] [9]\n\n- {HOSTILE}\n- två",
            AnswerStatus.ANSWERED,
            "sv",
            short_answer=HOSTILE,
            citations=(hostile,),
            understood_as=HOSTILE,
            filters=(QuestionFilter("title", HOSTILE),),
        ),
        "Vad kostar det?": plain("Handlingarna säger inte vad läxhjälpen kostar.", AnswerStatus.NOT_STATED),
        "Vad svarade Östra?": plain(
            "Östra stadsdelsnämnden tillfrågades, men dess svar finns inte i samlingen.",
            AnswerStatus.MISSING_DOCUMENT,
        ),
        "annat": plain("Ingen handling i samlingen handlar om detta.", AnswerStatus.NO_RELEVANT_SOURCE),
        "Vem skrev under?": plain("Det stället är för svårläst.", AnswerStatus.UNREADABLE),
        "Hej!": plain("Hej! Fråga mig om handlingarna i samlingen.", AnswerStatus.SMALLTALK),
    }
