"""Runs our own evaluation sets in one go: ``python -m evals.all_sets [SET ...] [--out DIR]``.

Prints one row per set; with ``--out`` writes each set's report as JSON and as a page. Sets over the real seed
documents are left out, with a line that says so, where ``../shared`` is absent.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from rich.table import Table

from evals import answers, collection, report
from evals.cases import load_cases
from rag.settings import Settings, load_settings

HERE = Path(__file__).resolve().parent
SETS = HERE / "sets"
EXAMPLES = HERE / "corpus"
CHECK = HERE / "corpus_check"
KOMMUN = HERE / "corpus_kommun"
CITY = HERE / "corpus_city"
SEEDS = HERE.parents[1] / "shared" / "seeds"
NACKA = HERE.parents[1] / "shared" / "data" / "nacka_handlingar" / "pdf"
#: Which documents a set asks about.
DOCUMENTS: Mapping[str, Path] = {
    "examples": EXAMPLES,
    "overviews_examples": EXAMPLES,
    "seeds": SEEDS,
    "overviews_seeds": SEEDS,
    "seeds_check": SEEDS,
    "examples_check": CHECK,
    "kommun": KOMMUN,
    "city": CITY,
    "nacka": NACKA,
}


def run(names: Sequence[str], settings: Settings) -> Iterator[tuple[str, dict[str, Any]]]:
    """The report of each set, in the order of ``DOCUMENTS``; each collection is indexed once."""
    for folder in dict.fromkeys(DOCUMENTS[name] for name in DOCUMENTS if name in names):
        with collection.of_documents(folder, settings) as assistant:
            for name in (name for name in DOCUMENTS if name in names and DOCUMENTS[name] == folder):
                yield name, answers.run(load_cases(SETS / f"{name}.jsonl"), assistant)


def summary_table(reports: Mapping[str, Mapping[str, Any]]) -> Table:
    """One row per set, one column per measure."""
    table = Table("set", "cases", *(label for _, label in report.SHARES), "errors", "p50", "p95")
    for name, figures in reports.items():
        shares = [report.percent(figures[key]) for key, _ in report.SHARES]
        times = [report.milliseconds(figures[f"latency_{p}_ms"]) for p in ("p50", "p95")]
        table.add_row(name, str(figures["n"]), *shares, str(figures["errors"]), *times)
    return table


def save(reports: Mapping[str, Mapping[str, Any]], folder: Path) -> None:
    """Writes every report as ``<set>.json`` and ``<set>.html``."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, figures in reports.items():
        report.save_json(figures, folder / f"{name}.json")
        report.save_page(figures, folder / f"{name}.html", title=name)


def main() -> None:
    """Runs the sets from the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("sets", nargs="*", choices=[*DOCUMENTS, []], metavar="SET", help=", ".join(DOCUMENTS))
    parser.add_argument("--out", type=Path, metavar="DIR", help="write the reports there")
    args = parser.parse_args()
    console = report.wide_console()
    names = [name for name in args.sets or DOCUMENTS if DOCUMENTS[name].is_dir()]
    for name in set(args.sets or DOCUMENTS) - set(names):
        console.print(f"{name}: left out, {DOCUMENTS[name]} is not on this machine")
    reports = dict(run(names, load_settings()))
    console.print(summary_table(reports))
    if args.out:
        save(reports, args.out)


if __name__ == "__main__":
    main()
