"""What a threshold means when passages are searched: ``python -m evals.training.open_threshold --data D``.

Held-out questions are asked of all passages of their sets at once, as in the product: retrieval finds what is
read. For every threshold on ``Finding.answerable`` the table tells how many questions are answered rightly,
answered wrongly, and refused. The calibration split is for choosing, the report split for reporting.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.progress import track
from rich.table import Table

from evals import collection
from evals.scorers import squad_scores
from evals.training.rows import Question, QuestionSet, Split, load_invented, load_municipal, load_swequad
from rag.assistant import Assistant
from rag.language import detect
from rag.question import analyse
from rag.settings import load_settings

GRID = tuple(round(0.05 * step, 2) for step in range(1, 20))
RIGHT = 0.5  # F1 with the answer from which on a span counts as right


@dataclass(frozen=True, slots=True)
class Asked:
    """A held-out question, how sure the best finding is, and whether it is right."""

    split: Split
    stated: bool
    answerable: float
    right: bool


def ask(assistant: Assistant, set_: QuestionSet, question: Question) -> Asked:
    """Asks ``question`` of the whole collection."""
    understood = analyse(question.text, detect(question.text), assistant.gazetteer)
    found = assistant.retriever.retrieve(understood.text).passages
    finding = assistant.answerer.best(understood, found)
    right = bool(finding and question.answers and squad_scores(finding.text, question.answers)[1] >= RIGHT)
    sure = finding.answerable if finding else 0.0
    return Asked(set_.split_of(question), bool(question.answers), sure, right)


def table(asked: Sequence[Asked], split: Split) -> Table:
    """The shares of ``split`` per threshold, in percent."""
    rows = [each for each in asked if each.split == split]
    stated = sum(each.stated for each in rows)
    shown = Table(
        "threshold", "answered rightly", "wrongly", "refused rightly", title=f"{split}, n = {len(rows)}"
    )
    for threshold in GRID:
        said = [each for each in rows if each.answerable >= threshold]
        refused = [each for each in rows if each.answerable < threshold and not each.stated]
        right = sum(each.right for each in said)
        shares = (right / stated, (len(said) - right) / len(rows), len(refused) / max(1, len(rows) - stated))
        shown.add_row(f"{threshold:.2f}", *(f"{100 * share:.1f}" for share in shares))
    return shown


def _sample(sets: Iterable[QuestionSet], every: int) -> list[tuple[QuestionSet, Question]]:
    return [(set_, question) for set_ in sets for question in set_.of("calibration", "report")[::every]]


def main() -> None:
    """Parse the command line and print a table per split."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--data", type=Path, required=True, help="folder with the data sets")
    parser.add_argument("--every", type=int, default=5, help="only every n-th question")
    args = parser.parse_args()
    sets = (load_municipal(args.data), load_invented(), load_swequad(args.data))
    rows = [row for set_ in sets for row in set_.passage_rows()]
    console = Console()
    with collection.of_passages(rows, load_settings()) as assistant:
        asked = [
            ask(assistant, set_, question)
            for set_, question in track(_sample(sets, args.every), "Asking", disable=not sys.stderr.isatty())
        ]
    for split in ("calibration", "report"):
        console.print(table(asked, split))


if __name__ == "__main__":
    main()
