"""Shows a report in the console, and writes it as JSON or as a page with its wrong cases."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from html import escape
from pathlib import Path
from typing import Any

from rich.console import Console, RenderableType
from rich.table import Table

from rag.errors import MissingInput

SHARES = (
    ("accuracy", "accuracy"),
    ("answerable_accuracy", "answerable accuracy"),
    ("refusal_precision", "refusal precision"),
    ("refusal_recall", "refusal recall"),
    ("refusal_f1", "refusal F1"),
    ("citation_recall", "citation recall"),
    ("support", "support"),
    ("quote_fidelity", "quote fidelity"),
    ("list_f1", "list F1"),
)
WIDTH = 150  # columns
_STYLE = """
body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color:#1b1b1b}
table{border-collapse:collapse;margin:1rem 0}
td,th{padding:.3rem .8rem;border-bottom:1px solid #ccc;text-align:left;vertical-align:top}
td.n{text-align:right;font-variant-numeric:tabular-nums}summary{cursor:pointer}
.why{color:#a4262c}pre{white-space:pre-wrap;font:inherit}
"""


def wide_console() -> Console:
    """The terminal, or where it is narrower or a file as much width as a table of ours needs uncut."""
    return Console(width=max(WIDTH, Console().width))


def save_json(report: Mapping[str, Any], path: Path) -> None:
    """Writes a report as JSON. Raises MissingInput where the folder does not exist."""
    _write(path, json.dumps(report, ensure_ascii=False, indent=1) + "\n")


def save_page(report: Mapping[str, Any], path: Path, *, title: str) -> None:
    """Writes an answers report as one HTML page without outside parts. Raises MissingInput."""
    _write(path, answers_page(report, title=title))


def show_answers(report: Mapping[str, Any], console: Console) -> None:
    """Prints an answers report: the measures, the kinds and languages, and what went wrong."""
    for renderable in _answers_tables(report):
        console.print(renderable)


def show_reading(report: Mapping[str, Any], console: Console) -> None:
    """Prints a reading report, in percent."""
    console.print(_two_columns("Reading", ((name, _number(value)) for name, value in report.items())))


def show_retrieval(report: Mapping[str, Any], console: Console) -> None:
    """Prints a retrieval report: one row per leg."""
    legs: Mapping[str, Mapping[str, float]] = report["legs"]
    names = list(dict.fromkeys(name for leg in legs.values() for name in leg))
    table = Table("leg", *names, title=f"{report['n_questions']} questions, {report['n_passages']} passages")
    for leg, measures in legs.items():
        table.add_row(leg, *(f"{measures[name]:.3f}" if name in measures else "-" for name in names))
    console.print(table)


def _answers_tables(report: Mapping[str, Any]) -> Iterable[RenderableType]:
    counts = f"{report['n_correct']} of {report['n']} correct, {report['errors']} errors"
    yield _two_columns(counts, _measures(report))
    for heading, key in (("kind", "by_kind"), ("language", "by_language"), ("status", "by_status")):
        table = Table(heading, "cases", "correct", "accuracy")
        for name, group in report[key].items():
            table.add_row(name, str(group["n"]), str(group["n_correct"]), percent(group["accuracy"]))
        yield table
    wrong = Table("wrong case", "question", "why", title="What went wrong")
    for case in report["cases"]:
        if not case["correct"]:
            wrong.add_row(case["id"], case["question"], "; ".join(case["why"]))
    if wrong.row_count:
        yield wrong


def _measures(report: Mapping[str, Any]) -> Iterable[tuple[str, str]]:
    yield from ((label, percent(report[name])) for name, label in SHARES)
    yield "latency p50", milliseconds(report["latency_p50_ms"])
    yield "latency p95", milliseconds(report["latency_p95_ms"])


def _two_columns(title: str, rows: Iterable[tuple[str, str]]) -> Table:
    table = Table("measure", "value", title=title)
    table.columns[1].justify = "right"
    for row in rows:
        table.add_row(*row)
    return table


def answers_page(report: Mapping[str, Any], *, title: str) -> str:
    """An answers report as one HTML page: measures, kinds, and every case that can be unfolded."""
    rows = [_table_row(label, value) for label, value in _measures(report)]
    kinds = [
        _table_row(name, str(group["n"]), percent(group["accuracy"]))
        for key in ("by_kind", "by_language")
        for name, group in report[key].items()
    ]
    cases = [_case_row(case) for case in sorted(report["cases"], key=lambda case: bool(case["correct"]))]
    return (
        f"<!doctype html><html lang=en><meta charset=utf-8><title>{escape(title)}</title>"
        f"<style>{_STYLE}</style><h1>{escape(title)}</h1>"
        f"<p>{report['n_correct']} of {report['n']} correct, {report['errors']} errors.</p>"
        f"<table>{''.join(rows)}</table><table><tr><th>group<th>cases<th>accuracy</tr>{''.join(kinds)}</table>"
        f"<h2>Cases, wrong ones first</h2>{''.join(cases)}</html>\n"
    )


def _table_row(label: str, *values: str) -> str:
    cells = "".join(f"<td class=n>{escape(value)}</td>" for value in values)
    return f"<tr><td>{escape(label)}</td>{cells}</tr>"


def _case_row(case: Mapping[str, Any]) -> str:
    quotes = "".join(
        f"<li>[{citation['number']}] {escape(citation['source'])}: <q>{escape(citation['quote'])}</q></li>"
        for citation in case["citations"]
    )
    mark = "✓" if case["correct"] else "✗"
    return (
        f"<details><summary>{mark} <b>{escape(case['id'])}</b> {escape(case['question'])}</summary>"
        f"<p class=why>{escape('; '.join(case['why']))}</p><pre>{escape(case['answer'])}</pre>"
        f"<p>{escape(case['status'])}, {milliseconds(case['latency_ms'])}</p><ul>{quotes}</ul></details>"
    )


def _write(path: Path, text: str) -> None:
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        reason = f"{path} cannot be written ({error.strerror})"
        raise MissingInput(f"{reason}: name a file in a folder that exists") from None


def percent(value: float | None) -> str:
    """A share in percent, or "-" where nothing was measured."""
    return "-" if value is None else f"{100 * value:.1f} %"


def milliseconds(value: float | None) -> str:
    """A time, or "-" where nothing was measured."""
    return "-" if value is None else f"{value:.0f} ms"


def _number(value: float) -> str:
    return str(value) if isinstance(value, int) else f"{value:.2f}"
