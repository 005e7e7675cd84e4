"""Runs cases through the assistant and sums up the verdicts on its answers (``evals.verdicts``)."""

from __future__ import annotations

import logging
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict
from typing import Any, Protocol

from evals import scorers
from evals.cases import Case
from evals.verdicts import CaseResult, ReadingTexts, failed, score
from rag.domain import Answer

log = logging.getLogger(__name__)


class Asked(Protocol):
    """What is evaluated."""

    @property
    def catalog(self) -> ReadingTexts:
        """The catalog that the citations point into."""

    def ask(self, question: str, history: Sequence[str] = ()) -> Answer:
        """Answers a question; ``history`` holds the earlier questions, oldest first."""


def run(
    cases: Sequence[Case], assistant: Asked, *, on_result: Callable[[CaseResult], None] | None = None
) -> dict[str, Any]:
    """Asks every case and returns the report, ready for JSON; ``on_result`` hears of each case as it is done.

    A case that raises is an error and not correct; the run goes on. See ``summary`` for the measures.
    """
    results = []
    for case in cases:
        results.append(_run_case(case, assistant))
        if on_result is not None:
            on_result(results[-1])
    return {**summary(results), "cases": [asdict(result) for result in results]}


def summary(results: Sequence[CaseResult]) -> dict[str, Any]:
    """The measures over all results. Shares are in 0..1, None where there is nothing to measure.

    ``citation_recall``: of the answerable cases that name sources, those whose citations include one.
    ``support``: of the facts found in answers, those that stand in a cited quote.
    ``quote_fidelity``: of all quotes, those that equal their slice of the source.
    ``list_f1``: mean over the answerable cases of kinds list, stance and overview, where the entries are the
    case's facts, and its forbidden texts are the wrong entries.
    """
    answerable = [result for result in results if result.answerable]
    outcomes = [(result.answerable, result.status in scorers.REFUSED) for result in results]
    precision, recall = scorers.refusal_precision(outcomes), scorers.refusal_recall(outcomes)
    latencies = [result.latency_ms for result in results]
    return {
        "n": len(results),
        "n_answerable": len(answerable),
        "n_unanswerable": len(results) - len(answerable),
        "n_correct": sum(result.correct for result in results),
        "errors": sum(result.error is not None for result in results),
        "accuracy": scorers.share(result.correct for result in results),
        "answerable_accuracy": scorers.share(result.correct for result in answerable),
        "refusal_precision": precision,
        "refusal_recall": recall,
        "refusal_f1": scorers.f1(precision, recall),
        "citation_recall": scorers.share(r.cites_gold for r in results if r.cites_gold is not None),
        "support": scorers.ratio(
            sum(result.supported_facts for result in results), sum(result.found_facts for result in results)
        ),
        "quote_fidelity": scorers.share(c.faithful for result in results for c in result.citations),
        "list_f1": _mean_list_f1(answerable),
        "latency_p50_ms": scorers.percentile(latencies, 50),
        "latency_p95_ms": scorers.percentile(latencies, 95),
        "by_kind": _by(results, lambda result: result.kind),
        "by_language": _by(results, lambda result: result.language),
        "by_status": _by(results, lambda result: result.status),
    }


def _run_case(case: Case, assistant: Asked) -> CaseResult:
    started = time.perf_counter()
    try:
        answer = assistant.ask(case.question, case.history)
        latency = (time.perf_counter() - started) * 1000
        return score(case, answer, assistant.catalog, latency)
    except Exception as error:  # the boundary of one case: it fails, the others go on
        log.warning("case %s failed", case.id, exc_info=error)
        latency = (time.perf_counter() - started) * 1000
        return failed(case, f"{type(error).__name__}: {error}", latency)


def _by(results: Sequence[CaseResult], key: Callable[[CaseResult], str]) -> dict[str, dict[str, Any]]:
    groups: dict[str, list[CaseResult]] = defaultdict(list)
    for result in results:
        groups[key(result)].append(result)
    return {
        name: {
            "n": len(group),
            "n_correct": sum(result.correct for result in group),
            "accuracy": scorers.share(result.correct for result in group),
        }
        for name, group in sorted(groups.items())
    }


def _mean_list_f1(answerable: Iterable[CaseResult]) -> float | None:
    values = [
        scorers.list_f1(result.found_facts, result.facts, len(result.forbidden_found)) or 0.0
        for result in answerable
        if result.kind in scorers.LONG_KINDS and result.facts
    ]
    return scorers.ratio(sum(values), len(values))
