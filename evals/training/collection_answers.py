"""Ask the product the held-out collections' questions: ``python -m evals.training.collection_answers``.

Each collection is ingested and asked by itself, as ``stadsvar eval answers`` does it, so that the figures hold for
documents and questions that the reading model was not trained on. The questions are harder than those of
``evals/sets``: most have a tempting wrong value near by, and a third are not stated.
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from evals import answers, collection
from evals.all_sets import summary_table
from evals.cases import Case
from evals.report import save_json, wide_console
from evals.training.collections import COLLECTIONS, split_of
from evals.training.rows import Split, read_lines
from evals.verdicts import CaseResult
from rag.assistant import Assistant
from rag.settings import Settings, load_settings

#: What people write around a question in a chat.
FRAMES: Mapping[str, tuple[str, ...]] = {
    "sv": (
        "Hej! {} Tack på förhand!",
        "Hej, jag undrar: {}",
        "En medborgare ringde nyss. {}",
        "Jag sitter och förbereder nämndens nästa möte och behöver kolla en sak. {}",
        "Kan du hjälpa mig? {}",
        "God morgon! Jag har en journalist i telefon som frågar: {}",
    ),
    "en": (
        "Hi! {} Thanks in advance!",
        "Hello, I was wondering: {}",
        "A resident just called. {}",
        "I am preparing the next committee meeting and need to check one thing. {}",
        "Can you help me? {}",
        "Good morning! I have a journalist on the line who asks: {}",
    ),
}


def run(split: Split, settings: Settings, *, framed: bool = False) -> Iterator[tuple[str, dict[str, Any]]]:
    """The report of each collection of ``split``, and last the one over all of them."""
    results: list[CaseResult] = []
    for row in read_lines(COLLECTIONS):
        if split_of(row["collection"]) == split:
            asked = tuple(_framed(cases(row))) if framed else cases(row)
            yield row["collection"], _report(row, asked, settings, results)
    yield "together", answers.summary(results)


def _report(
    row: Mapping[str, Any], asked: Sequence[Case], settings: Settings, results: list[CaseResult]
) -> dict[str, Any]:
    with opened(row, settings) as assistant:
        return answers.run(asked, assistant, on_result=results.append)


def _framed(plain: Iterable[Case]) -> Iterator[Case]:
    for number, case in enumerate(plain):
        frames = FRAMES[case.language]
        yield case.model_copy(update={"question": frames[number % len(frames)].format(case.question)})


@contextmanager
def opened(row: Mapping[str, Any], settings: Settings) -> Iterator[Assistant]:
    """An assistant over a collection's documents, ingested from files for this run."""
    with tempfile.TemporaryDirectory(prefix="stadsvar-collection-") as folder:
        for file, text in row["documents"].items():
            (Path(folder) / file).write_text(text, encoding="utf-8")
        with collection.of_documents(Path(folder), settings) as assistant:
            yield assistant


def cases(row: Mapping[str, Any]) -> tuple[Case, ...]:
    """A collection's questions as cases: any of the answers, at any of the places, is right."""
    return tuple(
        Case(
            id=f"{row['collection']}-{number}",
            question=asked["question"],
            language=asked["language"],
            kind="stated" if asked["stated"] else "not_stated",
            answerable=bool(asked["stated"]),
            facts=(_answers(asked),) if asked["stated"] else (),
            sources=tuple(dict.fromkeys(stated["document"] for stated in asked["stated"])),
        )
        for number, asked in enumerate(row["questions"])
    )


def _answers(asked: Mapping[str, Any]) -> tuple[str, ...]:
    said = (" ".join(answer.split()) for stated in asked["stated"] for answer in stated["answers"])
    return tuple(dict.fromkeys(said))


def main() -> None:
    """Runs the collections of a split from the command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--split", choices=("report", "calibration"), default="report")
    parser.add_argument(
        "--framed", action="store_true", help="put a greeting or the like around each question"
    )
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the reports there")
    args = parser.parse_args()
    reports = dict(run(args.split, load_settings(), framed=args.framed))
    wide_console().print(summary_table(reports))
    if args.json:
        save_json(reports, args.json)


if __name__ == "__main__":
    main()
