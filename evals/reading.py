"""Scores short answers as SQuAD 2.0 does: read from a question's own passage, or found among all.

A prediction is the text of the short answer, or "" where the product, at its own threshold, says that there
is none. Exact match and F1 are the best over the answers of a question, after the normalisation of
the official script (``evals.scorers.normalised``). All figures are in percent.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from statistics import fmean

from evals import scorers
from evals.cases import PassageRow, QuestionRow

#: The short answer to a question from the passage given, or from all passages where None is given.
ShortAnswer = Callable[[QuestionRow, PassageRow | None], str | None]


def run(
    passages: Sequence[PassageRow],
    questions: Sequence[QuestionRow],
    short_answer: ShortAnswer,
    *,
    open_book: bool = False,
) -> dict[str, float]:
    """Asks for a short answer to every question and scores it.

    Returns ``n``, ``exact``, ``f1``, ``has_ans_exact``, ``has_ans_f1`` and ``no_ans_accuracy``; a figure of a
    class without questions is left out. A question that is said to have an answer but lists none cannot be
    scored and is left out of all.
    """
    texts = {passage.id: passage for passage in passages}
    scorable = [question for question in questions if question.answers or not question.answerable]
    predicted = [
        (question, short_answer(question, None if open_book else texts[question.passage_id]) or "")
        for question in scorable
    ]
    return figures((prediction, gold_answers(question)) for question, prediction in predicted)


def gold_answers(question: QuestionRow) -> tuple[str, ...]:
    """The answers that count; none for a question that its passage does not answer."""
    return question.answers if question.answerable else ()


def figures(predictions: Iterable[tuple[str, Sequence[str]]]) -> dict[str, float]:
    """The figures over pairs of a prediction and its gold answers (empty: unanswerable)."""
    scored = [(bool(golds), *scorers.squad_scores(prediction, golds)) for prediction, golds in predictions]
    with_answer = [(exact, f1) for has_answer, exact, f1 in scored if has_answer]
    without = [exact for has_answer, exact, _ in scored if not has_answer]
    report: dict[str, float] = {"n": len(scored)}
    if scored:
        report |= {
            "exact": _percent(exact for _, exact, _ in scored),
            "f1": _percent(f1 for _, _, f1 in scored),
        }
    if with_answer:
        report["has_ans_exact"] = _percent(exact for exact, _ in with_answer)
        report["has_ans_f1"] = _percent(f1 for _, f1 in with_answer)
    if without:
        report["no_ans_accuracy"] = _percent(without)
    return report


def _percent(values: Iterable[float]) -> float:
    return 100 * fmean(values)
