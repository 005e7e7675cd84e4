"""How well yrkanden and outcomes of motions are read from minutes that nobody here wrote.

``python -m evals.stances ../shared/data/nacka_handlingar [--json OUT]`` prints a confusion table for each:
the position of every yrkande towards its motion, and what the decision makes of every motion.
"""

from __future__ import annotations

import argparse
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

#: What the set calls the outcomes of motions.
OUTCOMES: Mapping[str, Outcome] = {"avslag": Outcome.REJECTED, "noteras/färdigbehandlad": Outcome.ANSWERED}

Pair = tuple[str, str]  # gold, predicted


class YrkandeRow(Row):
    """A yrkande in a paragraph of minutes, with the position it takes towards the motion."""

    section_id: str
    text: str
    label: str


class MotionRow(Row):
    """The decision on a motion in a paragraph of minutes, with its outcome."""

    section_id: str
    beslut: str
    outcome: str = Field(description="one of OUTCOMES")


def run(folder: Path) -> dict[str, Any]:
    """Both measures over a folder with ``stance_yrkanden.jsonl`` and ``motion_decisions.jsonl``."""
    motions = load_rows(folder / "motion_decisions.jsonl", MotionRow)
    yrkanden = load_rows(folder / "stance_yrkanden.jsonl", YrkandeRow)
    made = {motion.section_id: outcome(motion.beslut) for motion in motions}
    return {
        "yrkanden": measured(
            (row.label, str(position(row.text, made.get(row.section_id, Outcome.NONE)))) for row in yrkanden
        ),
        "motions": measured(
            (str(OUTCOMES.get(motion.outcome, motion.outcome)), str(made[motion.section_id]))
            for motion in motions
        ),
    }


def measured(pairs: Iterable[Pair]) -> dict[str, Any]:
    """Count, accuracy and the confusion table ``{gold: {predicted: count}}``."""
    known = list(pairs)
    return {
        "n": len(known),
        "accuracy": scorers.share(gold == predicted for gold, predicted in known),
        "confusion": confusion(known),
    }


def confusion(pairs: Sequence[Pair]) -> dict[str, dict[str, int]]:
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
        title = f"{name}: {figures['n']}, accuracy {figures['accuracy']:.3f}"
        shown = Table("gold", *(label or "(none)" for label in columns), title=title)
        for gold, row in table.items():
            shown.add_row(gold, *(str(row.get(label, 0)) for label in columns))
        console.print(shown)


def main() -> None:
    """Runs the measures from the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path)
    parser.add_argument("--json", type=Path, metavar="OUT")
    args = parser.parse_args()
    report = run(args.folder)
    show(report, Console())
    if args.json:
        save_json(report, args.json)


if __name__ == "__main__":
    main()
