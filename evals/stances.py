"""How well stances are read from minutes and sentences that nobody here wrote.

``python -m evals.stances ../shared/data [--json OUT]`` prints a confusion table for each measure: the position of
every yrkande towards its motion, what the decision makes of every motion, both once more through the facts of the
whole § (``facts: ...``), and sentences for or against a topic. The sets are split in two by a hash of the row's
id (``seen``, ``kept``). The minutes are few and were read whole before the rules were written, so their two figures
are no independent confirmation; for the sentences, which no rule was made for, they are.
"""

from __future__ import annotations

import argparse
import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from pydantic import Field
from rich.console import Console
from rich.table import Table

from evals import scorers
from evals.cases import Row, load_rows
from evals.report import save_json
from ingest.decisions import Outcome, outcome, position
from ingest.facts import extract
from ingest.metadata import describe
from ingest.stance import Stance, conclude, signals
from ingest.structure import sections
from rag.domain import Fact, ReadingText
from rag.folding import fold

#: What the set calls the outcomes of motions, and the board's stance that each amounts to.
OUTCOMES: Mapping[str, Outcome] = {"avslag": Outcome.REJECTED, "noteras/färdigbehandlad": Outcome.ANSWERED}
STANCES: Mapping[str, Stance] = {"avslag": Stance.REJECTS, "noteras/färdigbehandlad": Stance.ANSWERED}

Judged = tuple[str, str, str]  # id, gold, predicted


class YrkandeRow(Row):
    """A yrkande in a paragraph of minutes, with the position it takes towards the motion."""

    id: str
    section_id: str
    text: str
    label: str


class MotionRow(Row):
    """The decision on a motion in a paragraph of minutes, with its outcome."""

    id: str
    section_id: str
    beslut: str
    outcome: str = Field(description="one of OUTCOMES")


class SectionRow(Row):
    """A § of minutes."""

    id: str
    par: int
    dnr: str
    text: str


class SentenceRow(Row):
    """A sentence that argues for (pro) or against (con) a topic, or neither (non)."""

    id: str
    topic: str
    text: str
    label: str


def run(data: Path) -> dict[str, Any]:
    """All measures over a folder with ``nacka_handlingar`` and, if it is there, ``argumentation_sentences_sv``."""
    minutes = data / "nacka_handlingar"
    motions = load_rows(minutes / "motion_decisions.jsonl", MotionRow)
    yrkanden = load_rows(minutes / "stance_yrkanden.jsonl", YrkandeRow)
    made = {motion.section_id: outcome(motion.beslut) for motion in motions}
    report = {
        "yrkanden": measured(
            (row.id, row.label, str(position(row.text, made.get(row.section_id, Outcome.NONE))))
            for row in yrkanden
        ),
        "motions": measured(
            (row.id, str(OUTCOMES.get(row.outcome, row.outcome)), str(made[row.section_id]))
            for row in motions
        ),
    }
    paragraphs = {row.id: row for row in load_rows(minutes / "sections.jsonl", SectionRow)}
    wanted = {row.section_id for row in yrkanden} | {row.section_id for row in motions}
    facts = {id: _facts(paragraphs[id]) for id in sorted(wanted)}
    report["facts: yrkanden"] = measured(
        (row.id, row.label, _yrkande(row, *facts[row.section_id])) for row in yrkanden
    )
    report["facts: motions"] = measured(
        (row.id, str(STANCES.get(row.outcome, row.outcome)), _board(facts[row.section_id][1]))
        for row in motions
    )
    sentences = data / "argumentation_sentences_sv" / "stance.jsonl"
    if sentences.is_file():
        rows = load_rows(sentences, SentenceRow)
        report["sentences"] = measured((row.id, row.label, argument(row.text, row.topic)) for row in rows)
    return report


def argument(sentence: str, topic: str) -> str:
    """``pro``, ``con`` or ``non``: what the product's rules for boards make of an argument from the open web."""
    stance = conclude(signals(sentence, terms=(fold(topic)[:7],))).stance
    if stance in {Stance.ENDORSES, Stance.POSITIVE}:
        return "pro"
    return "con" if stance is Stance.REJECTS else "non"


def _facts(row: SectionRow) -> tuple[str, tuple[Fact, ...]]:
    """The § as a protokoll of its own, and its facts."""
    text = (
        f"Sammanträdesprotokoll\nKommunstyrelsen\n\nUtses att justera\n\n§ {row.par} {row.dnr}\n\n{row.text}"
    )
    reading = ReadingText(text)
    found = sections(reading)
    return text, extract(reading, found, describe(reading, "protokoll.txt", found))


def _yrkande(row: YrkandeRow, text: str, facts: Sequence[Fact]) -> str:
    opening = row.text.split()[:6]
    said = (fact for fact in facts if fact.name == "yrkande")
    return next(
        (fact.value for fact in said if text[fact.start : fact.end].split()[:6] == opening), "not found"
    )


def _board(facts: Sequence[Fact]) -> str:
    return next(
        (fact.value for fact in facts if fact.name == "stance" and fact.speaker == "board"), "not found"
    )


def measured(judged: Iterable[Judged]) -> dict[str, Any]:
    """Count, accuracy, accuracy of either half, and the confusion table ``{gold: {predicted: count}}``."""
    known = list(judged)
    return {
        "n": len(known),
        "accuracy": scorers.share(gold == predicted for _, gold, predicted in known),
        "seen": scorers.share(gold == predicted for id, gold, predicted in known if not kept_back(id)),
        "kept": scorers.share(gold == predicted for id, gold, predicted in known if kept_back(id)),
        "confusion": confusion([(gold, predicted) for _, gold, predicted in known]),
    }


def kept_back(id: str) -> bool:
    """Whether a row belongs to the half that confirms."""
    return bool(hashlib.sha256(id.encode()).digest()[0] & 1)


def confusion(pairs: Sequence[tuple[str, str]]) -> dict[str, dict[str, int]]:
    """How often each gold label was read as what."""
    counts = Counter(pairs)
    return {
        gold: {label: n for (of, label), n in sorted(counts.items()) if of == gold}
        for gold in sorted({gold for gold, _ in pairs})
    }


def show(report: Mapping[str, Any], console: Console) -> None:
    """Prints a table per measure: gold labels down, predicted ones across."""
    for name, figures in report.items():
        table: dict[str, dict[str, int]] = figures["confusion"]
        columns = sorted({label for row in table.values() for label in row})
        halves = ", ".join(
            f"{half} {figures[half]:.3f}" for half in ("seen", "kept") if figures[half] is not None
        )
        title = f"{name}: {figures['n']}, accuracy {figures['accuracy']:.3f} ({halves})"
        shown = Table("gold", *(label or "(none)" for label in columns), title=title)
        for gold, row in table.items():
            shown.add_row(gold, *(str(row.get(label, 0)) for label in columns))
        console.print(shown)


def main() -> None:
    """Runs the measures from the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("data", type=Path)
    parser.add_argument("--json", type=Path, metavar="OUT")
    args = parser.parse_args()
    report = run(args.data)
    show(report, Console())
    if args.json:
        save_json(report, args.json)


if __name__ == "__main__":
    main()
