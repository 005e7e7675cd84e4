"""What is known of each finding, as numbers, for ``rag.judging``."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

from rag.answer_forms import has_form, is_short
from rag.domain import Passage
from rag.folding import fold
from rag.index import embedded_text
from rag.question import Question
from rag.reading import WindowReading
from rag.topics import coverage, terms_of
from rag.weighing import YEAR, holds_name, known_topic

if TYPE_CHECKING:
    import numpy as np

    from rag.findings import Finding

#: The columns, in order. A stored model names the ones that it was made for.
NAMES = (
    # what the reader saw
    "window_log_odds", "log_share", "other_windows", "agreeing",
    # what retrieval says
    "place", "score",
    # what speaks against it, as factors (rag.weighing)
    "form", "year", "other_place", "body", "counted", "passage_topic", "passage_counted", "passage_names",
    # what speaks for it
    "has_form", "year_said", "name_said", "body_asked", "topic_in_passage", "topic_in_sentence", "cell",
    # what it and the question are like
    "topic_size", "short", "sentence_length", "english",
    # what comes of weighing, and what it competes with
    "log_weight", "log_odds", "log_probability", "rank", "margin", "best_log_odds",
)  # fmt: skip
_WITH_FORM = ("date", "number", "person", "name", "place")
_LEAST = 1e-5  # a probability below it is as good as none


def features(
    question: Question,
    passages: Sequence[Passage],
    readings: Sequence[WindowReading],
    findings: Sequence[Finding],
) -> np.ndarray:
    """One row per finding and one column per name in ``NAMES``. ``findings`` are weighed, best first; ``readings``
    are those of the first of ``passages``."""
    import numpy as np

    read = passages[: len(readings)]
    topic = known_topic(question)
    of_passages = [_share(topic, embedded_text(each.source, each.chunk)) for each in read]
    rows = []
    for rank, finding in enumerate(findings):
        told = {
            **_read(finding, readings),
            **_found(finding, read),
            **_against(finding),
            **_said(question, finding, topic),
            "topic_in_passage": of_passages[finding.place],
            **_compared(rank, findings),
        }
        rows.append([told[name] for name in NAMES])
    return np.array(rows, dtype=np.float64).reshape(len(rows), len(NAMES))


def _read(finding: Finding, readings: Sequence[WindowReading]) -> dict[str, float]:
    own = readings[finding.place].answerable
    others = [reading.answerable for at, reading in enumerate(readings) if at != finding.place]
    return {
        "window_log_odds": _log_odds(own),
        "log_share": _log(finding.read) - _log(own),
        "other_windows": _log_odds(max(others, default=0.0)),
        "agreeing": len(finding.agreeing),
    }


def _found(finding: Finding, passages: Sequence[Passage]) -> dict[str, float]:
    best = max(passage.score for passage in passages) or 1.0
    return {"place": finding.place, "score": finding.passage.score / best}


def _against(finding: Finding) -> dict[str, float]:
    factors = finding.factors
    return {
        "form": factors.form,
        "year": factors.year,
        "other_place": factors.place,
        "body": factors.body,
        "counted": factors.counted,
        "passage_topic": factors.passage.topic,
        "passage_counted": factors.passage.counted,
        "passage_names": factors.passage.names,
    }


def _said(question: Question, finding: Finding, topic: Sequence[str]) -> dict[str, float]:
    sentence = finding.sentence.text
    folded, years = fold(sentence), {str(year) for year in question.years}
    formed = question.answer_kind in _WITH_FORM and has_form(question.answer_kind, finding.text)
    return {
        "has_form": formed,
        "year_said": bool(years & set(YEAR.findall(sentence))),
        "name_said": any(holds_name(folded, name) for name in question.names),
        "body_asked": bool(question.bodies),
        "topic_in_sentence": _share(topic, f"{sentence} {finding.labels}"),
        "cell": bool(finding.labels),
        "topic_size": len(topic),
        "short": is_short(finding.text),
        "sentence_length": math.log(len(sentence) + 1),
        "english": question.language == "en",
    }


def _compared(rank: int, findings: Sequence[Finding]) -> dict[str, float]:
    finding = findings[rank]
    rival = findings[1 if rank == 0 else 0] if len(findings) > 1 else None
    return {
        "log_weight": _log(finding.weight),
        "log_odds": _log_odds(finding.answerable),
        "log_probability": _log(finding.probability),
        "rank": rank,
        "margin": _log(finding.weight) - _log(rival.weight if rival else 0.0),
        "best_log_odds": _log_odds(max(each.answerable for each in findings)),
    }


def _share(topic: Sequence[str], text: str) -> float:
    """How much of the topic the text has; 0 without a topic, as one that nothing tells of."""
    return coverage(topic, terms_of(text)) if topic else 0.0


def _log(probability: float) -> float:
    return math.log(max(probability, _LEAST))


def _log_odds(probability: float) -> float:
    bounded = min(max(probability, 1e-4), 1 - 1e-4)
    return math.log(bounded / (1 - bounded))
