"""Every retrieval set and leg in one table: ``python -m evals.bench_retrieval --data ../shared/data``.

The legs search what the product's ingest makes of the passages: split as it splits, misread ones mended. The
LangChain baseline gets the passages as they are. Embeddings are kept in ``--cache``, so that a second run costs
no embedding. ``--ablation`` adds the fused list without each of its parts, ``--latency N`` the time of a search
over N chunks.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean
from typing import Any

from rich.console import Console
from rich.progress import track
from rich.table import Table

from evals import retrieval
from evals.cases import PassageRow, QuestionRow, load_passages, load_questions
from evals.embedding_cache import CachedEmbedder
from rag.embedding import load_embedder
from rag.errors import StadsvarError
from rag.settings import load_settings

SHOWN = ("recall@1", "recall@10", "mrr@10")


@dataclass(frozen=True, slots=True)
class Set:
    """A set of passages and questions, by their files below the data folder."""

    name: str
    passages: str
    questions: str


SETS = (
    Set("SweQUAD-MC", "swequad_mc/passages.jsonl", "swequad_mc/questions.jsonl"),
    Set("SweQUAD-MC, bad OCR", "ocr_swequad/passages_heavy.jsonl", "swequad_mc/questions.jsonl"),
    Set("SQuAD sv", "squad_v2_sv/passages.jsonl", "squad_v2_sv/questions.jsonl"),
    Set("XQuAD en over sv", "squad_v2_sv/passages.jsonl", "xquad_en_sv/questions.jsonl"),
    Set("Nacka quotes", "nacka_handlingar/passages.jsonl", "nacka_handlingar/questions_quotes.jsonl"),
    Set(
        "Nacka headings",
        "nacka_handlingar/section_passages.jsonl",
        "nacka_handlingar/section_questions_knownitem.jsonl",
    ),
    Set("Ministries' FAQ", "regeringen_fragor_svar/passages.jsonl", "regeringen_fragor_svar/questions.jsonl"),
    Set(
        "Interpellations",
        "riksdag_interpellationer/passages.jsonl",
        "riksdag_interpellationer/questions_knownitem.jsonl",
    ),
    Set("Government pages", "regeringen_g0vse/passages.jsonl", "regeringen_g0vse/questions_knownitem.jsonl"),
)


def main(arguments: Sequence[str] | None = None) -> int:
    """Prints the table; returns the exit code."""
    args = _parser().parse_args(arguments)
    console = Console()
    if not args.data.is_dir():
        console.print(f"{args.data} is not there: nothing to measure on, skipped")
        return 0
    try:
        embedder = CachedEmbedder(load_embedder(load_settings()), args.cache)
        if args.latency:
            from evals.search_latency import show_latency

            show_latency(args.latency, embedder, console)
            return 0
        reports = _reports(args, embedder, console)
    except StadsvarError as error:
        console.print(str(error))
        return 1
    console.print(_means(reports))
    if args.json:
        args.json.write_text(json.dumps(reports, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--cache", type=Path, default=Path(".stadsvar/embeddings"))
    parser.add_argument("--sets", default="", help="only sets whose name contains one of these, by commas")
    parser.add_argument("--every", type=int, default=1, help="only every n-th question")
    parser.add_argument("--ablation", action="store_true")
    parser.add_argument("--no-baseline", action="store_true")
    parser.add_argument("--latency", type=int, help="time a search over so many chunks instead")
    parser.add_argument("--json", type=Path)
    return parser


def _reports(args: argparse.Namespace, embedder: CachedEmbedder, console: Console) -> dict[str, Any]:
    parts = [part.strip().lower() for part in args.sets.split(",")]
    wanted = [each for each in SETS if any(part in each.name.lower() for part in parts)]
    reports = {}
    for each in track(wanted, "Retrieval", console=console, disable=not sys.stderr.isatty()):
        passages = load_passages(args.data / each.passages)
        questions = load_questions(args.data / each.questions, passages)
        asked = [question for question in questions if question.answerable][:: args.every]
        report = _measured(passages, asked, embedder, args)
        reports[each.name] = report
        console.print(_table(each.name, report))
    return reports


def _measured(
    passages: Sequence[PassageRow],
    questions: Sequence[QuestionRow],
    embedder: CachedEmbedder,
    args: argparse.Namespace,
) -> dict[str, Any]:
    settings = load_settings()
    with retrieval.searchable(passages, settings, embedder) as retriever:
        report = retrieval.score(retriever, passages, questions)
        if args.ablation:
            from evals.ablation import without_each_part

            for name, lesser in without_each_part(retriever):
                report["legs"][name] = retrieval.score(lesser, passages, questions)["legs"]["hybrid"]
    if not args.no_baseline:
        report["legs"]["LangChain + Chroma"] = _baseline(passages, questions, embedder)
    return report


def _baseline(
    passages: Sequence[PassageRow], questions: Sequence[QuestionRow], embedder: CachedEmbedder
) -> dict[str, float]:
    from evals.baselines import langchain_chroma

    search = langchain_chroma(passages, embedder)
    return retrieval.measures(
        (retrieval.first_of_each(search(question.question, 50))[:10], retrieval.relevant(question))
        for question in questions
    )


def _table(name: str, report: Mapping[str, Any]) -> Table:
    title = f"{name}: {report['n_questions']} questions, {report['n_passages']} passages"
    table = Table("leg", *SHOWN, title=title)
    for leg, figures in report["legs"].items():
        table.add_row(leg, *(f"{figures[measure]:.3f}" for measure in SHOWN))
    return table


def _means(reports: Mapping[str, Any]) -> Table:
    table = Table("leg", *SHOWN, title=f"Mean over {len(reports)} sets")
    legs = next(iter(reports.values()))["legs"] if reports else {}
    for leg in legs:
        figures = (fmean(report["legs"][leg][measure] for report in reports.values()) for measure in SHOWN)
        table.add_row(leg, *(f"{figure:.3f}" for figure in figures))
    return table


if __name__ == "__main__":
    sys.exit(main())
