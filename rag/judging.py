"""How likely a finding is to answer, learned from questions on whole collections of documents.

Gradient-boosted trees (Friedman 2001) over what ``rag.finding_features`` tells of a finding. They are fitted by
``python -m evals.training.fit_judge`` with scikit-learn, and stored as arrays beside the reading model whose
probabilities they take in. Reading them needs nothing but numpy.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from rag.errors import ModelError
from rag.finding_features import NAMES, features

if TYPE_CHECKING:
    import numpy as np

    from rag.domain import Passage
    from rag.findings import Finding
    from rag.question import Question
    from rag.reading import WindowReading

JUDGE_FILE = "judge.npz"


@dataclass(frozen=True)
class Judge:
    """Trees as arrays over all their nodes. ``column`` is the feature that a node looks at, -1 in a leaf, which
    has a ``value``; at most ``bound`` leads to ``left``, more to ``right``. ``roots`` are the trees' first nodes;
    the values of the leaves reached and ``baseline`` add up to log-odds. From ``threshold`` on, the documents
    count as answering: on held-out collections most questions are then answered or refused rightly.
    """

    column: np.ndarray
    bound: np.ndarray
    left: np.ndarray
    right: np.ndarray
    value: np.ndarray
    roots: np.ndarray
    baseline: float
    threshold: float

    def chances(self, rows: np.ndarray) -> np.ndarray:
        """``rows`` (n, features) -> the probability of each row, 0..1."""
        import numpy as np

        at = np.tile(self.roots, (len(rows), 1))
        while True:
            column = self.column[at]
            inner = column >= 0
            if not inner.any():
                break
            found = np.take_along_axis(rows, np.maximum(column, 0), axis=1)
            step = np.where(found <= self.bound[at], self.left[at], self.right[at])
            at = np.where(inner, step, at)
        odds = self.value[at].sum(axis=1) + self.baseline
        chances: np.ndarray = 1 / (1 + np.exp(-odds))
        return chances

    def answering(self, rows: np.ndarray) -> np.ndarray:
        """``chances``, but what tells of another year than the one asked about stays unlikely, however much else
        speaks for it."""
        likely: np.ndarray = self.chances(rows) * rows[:, NAMES.index("year")]
        return likely

    def arrays(self) -> dict[str, np.ndarray]:
        """What is stored."""
        import numpy as np

        numbers = np.array([self.baseline, self.threshold])
        trees = (self.column, self.bound, self.left, self.right, self.value, self.roots)
        names = ("column", "bound", "left", "right", "value", "roots")
        return {**dict(zip(names, trees, strict=True)), "numbers": numbers, "features": np.array(NAMES)}


@cache
def load_judge(weights: Path) -> Judge | None:
    """The judge that belongs to the reading model in ``weights``; None where there is none.

    Raises ModelError if it is damaged or was fitted to other features.
    """
    path = weights / JUDGE_FILE
    if not path.exists():
        return None
    import numpy as np

    try:
        with np.load(path, allow_pickle=False) as stored:
            kept = {name: stored[name] for name in stored.files}
        baseline, threshold = map(float, kept.pop("numbers"))
        made_for = tuple(kept.pop("features").tolist())
        judge = Judge(**kept, baseline=baseline, threshold=threshold)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ModelError(f"{path.name} beside the reading model cannot be read: {error}") from error
    if made_for != NAMES:
        raise ModelError(f"{path.name} was fitted to other features: run python -m evals.training.fit_judge")
    return judge


def judged(
    judge: Judge,
    question: Question,
    passages: Sequence[Passage],
    readings: Sequence[WindowReading],
    findings: Sequence[Finding],
) -> tuple[Finding, ...]:
    """``findings`` with what the judge says for their ``probability``, best first."""
    if not findings:
        return ()
    chances = judge.answering(features(question, passages, readings, findings)).tolist()
    told = (
        replace(each, probability=chance, answerable=chance)
        for each, chance in zip(findings, chances, strict=True)
    )
    return tuple(sorted(told, key=lambda each: -each.probability))
