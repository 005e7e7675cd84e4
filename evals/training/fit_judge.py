"""Fit ``rag.judging``: ``python -m evals.training.fit_judge --out rag/reader_weights``.

Takes the findings of ``findings.npz``: what retrieval and the reader found for the questions of the invented
collections that are trained on and of those of the calibration split, with whether the quoted sentence holds the
answer. ``--collect`` asks those of calibration anew, which takes minutes, and with ``--unseen`` those that are trained
on too, which takes half an hour: the stored reader is surer of them than of others, having been trained on them, so
``--unseen`` names the folder of one that has not.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from evals.calibration import bins, calibration_error
from evals.cases import Case
from evals.training.collection_answers import cases, opened
from evals.training.collections import COLLECTIONS, split_of
from evals.training.rows import read_lines
from rag.assistant import Assistant
from rag.compound import parts
from rag.finding_features import NAMES, features
from rag.findings import Finding
from rag.judging import JUDGE_FILE, Judge
from rag.proper_names import names_nowhere
from rag.question import analyse
from rag.reader import WEIGHTS
from rag.settings import Settings, load_settings

FINDINGS = Path(__file__).parent / "findings.npz"
MOST = 10  # findings of a question
FOLDS = 6
GRID = tuple(0.02 * step for step in range(5, 30))
#: Trees of other sizes decide as many questions of left-out collections rightly, within one percent of them.
TREES = {
    "max_iter": 500,
    "learning_rate": 0.03,
    "max_leaf_nodes": 16,
    "min_samples_leaf": 40,
    "l2_regularization": 10.0,
    "max_features": 0.3,
}
#: Fits that differ in what they draw, whose log-odds are averaged: one says up to a third more or less than another of
#: a doubtful finding.
FITS = 3


@dataclass(frozen=True)
class Findings:
    """Rows of all questions: ``rows`` (n, features), whether each is ``right``, and the number of its question,
    which is of the collection ``collection[question]`` and stated there or not."""

    rows: np.ndarray
    right: np.ndarray
    question: np.ndarray
    stated: np.ndarray
    collection: np.ndarray

    def of(self, chosen: np.ndarray) -> Findings:
        """Only the rows of the questions that are ``chosen`` (bool per question); questions keep their numbers."""
        kept = chosen[self.question]
        return Findings(self.rows[kept], self.right[kept], self.question[kept], self.stated, self.collection)

    def of_collection(self, name: str) -> Findings:
        """The questions of one collection, numbered from 0."""
        chosen = self.collection == name
        number = np.cumsum(chosen) - 1
        kept = self.of(chosen)
        return Findings(
            kept.rows, kept.right, number[kept.question], self.stated[chosen], self.collection[chosen]
        )


def collect(unseen: Path | None, settings: Settings) -> Findings:
    """Ask the collections, those of training with the reader in ``unseen``; without one theirs stay as stored."""
    kept = None if unseen else load()
    gathered = []
    for row in read_lines(COLLECTIONS):
        name = row["collection"]
        split = split_of(name)
        if split == "report":
            continue
        if split == "train" and kept is not None:
            gathered.append(kept.of_collection(name))
        else:
            reader = str(unseen) if unseen and split == "train" else settings.reader
            gathered.append(_gathered(row, settings.model_copy(update={"reader": reader})))
        sys.stderr.write(f"{name}: {len(gathered[-1].stated)} questions\n")
    return joined(gathered)


def joined(gathered: Sequence[Findings]) -> Findings:
    """Those of several collections as one, questions numbered through."""
    before = np.cumsum([0, *(len(each.stated) for each in gathered)])
    return Findings(
        np.concatenate([each.rows for each in gathered]),
        np.concatenate([each.right for each in gathered]),
        np.concatenate([each.question + start for each, start in zip(gathered, before, strict=False)]),
        np.concatenate([each.stated for each in gathered]),
        np.concatenate([each.collection for each in gathered]),
    )


def _gathered(row: Mapping[str, Any], settings: Settings) -> Findings:
    rows: list[np.ndarray] = []
    right: list[bool] = []
    question: list[int] = []
    stated: list[bool] = []
    for case, told, answers in _asked(row, settings):
        rows.append(told)
        right += answers
        question += [len(stated)] * len(answers)
        stated.append(case.answerable)
    names = np.array([row["collection"]] * len(stated))
    return Findings(np.concatenate(rows), np.array(right), np.array(question), np.array(stated), names)


def _asked(row: Mapping[str, Any], settings: Settings) -> Iterator[tuple[Case, np.ndarray, list[bool]]]:
    """Each question that is answered by reading, its findings' features, and which of them are right."""
    with opened(row, settings) as assistant:
        for case in cases(row):
            told = _read(assistant, case)
            if told is not None:
                yield case, *told


def _read(assistant: Assistant, case: Case) -> tuple[np.ndarray, list[bool]] | None:
    question = analyse(case.question, case.language, assistant.gazetteer)
    if len(parts(question.text, assistant.gazetteer)) > 1 or names_nowhere(question, assistant.catalog):
        return None
    retrieval = assistant.retriever.retrieve(question.text)
    if assistant.answering.known(question, retrieval):
        return None
    found = assistant.answerer.found(question, retrieval.passages)
    best = found.findings[:MOST]
    rows = features(question, retrieval.passages, found.readings, best)
    return rows, [is_right(finding, case.facts) for finding in best]


def is_right(finding: Finding, facts: Sequence[Sequence[str]]) -> bool:
    """Whether the sentence that would be quoted holds one of the answers."""
    said = " ".join(finding.sentence.text.split()).lower()
    return any(wording.lower() in said for fact in facts for wording in fact)


def fit(findings: Findings) -> Judge:
    """The judge of these findings, its threshold chosen on collections left out in turn."""
    names = sorted(set(findings.collection))
    fold = np.array([names.index(name) % FOLDS for name in findings.collection])
    best = [_best(findings.of(fold == f), _trees(findings.of(fold != f))) for f in range(FOLDS)]
    decided = np.concatenate(best)
    threshold = _threshold(decided)
    _report(decided, threshold)
    return _as_judge(_trees(findings), threshold)


def _threshold(decided: np.ndarray) -> float:
    """The lowest within one standard error of the best (Breiman et al. 1984, 3.4.3), which many are: over a wide
    stretch a further question rightly refused costs one rightly answered. What is answered shows its passage, a
    refusal nothing."""
    right = [_decided_rightly(decided, threshold) for threshold in GRID]
    best, count = max(right), len(decided)
    error = (best * (count - best) / count) ** 0.5
    return next(threshold for threshold, each in zip(GRID, right, strict=True) if each >= best - error)


def _report(decided: np.ndarray, threshold: float) -> None:
    """Print what left-out collections say of the judge: decisions, and how far its chances hold."""
    said = [(chance, bool(found)) for chance, found, _ in decided.tolist()]
    lines = [f"collections left out in turn, {len(decided)} questions"]
    right = _decided_rightly(decided, threshold)
    lines.append(f"answered or refused rightly: {100 * right / len(decided):.1f} % at {threshold:.2f}")
    lines += [f"  said {each.stated:.2f}  found {each.observed:.2f}  {each.n:4}" for each in bins(said)]
    lines.append(f"expected calibration error {calibration_error(said) or 0:.3f}")
    sys.stdout.write("\n".join(lines) + "\n")


def _best(findings: Findings, trees: Any) -> np.ndarray:
    """For each question: the highest chance, whether that finding is right, and whether it is stated."""
    chances = _as_judge(trees, 0.0).answering(findings.rows)
    rows = []
    for number in np.unique(findings.question):
        own = findings.question == number
        top = int(np.argmax(chances[own]))
        rows.append((chances[own][top], findings.right[own][top], findings.stated[number]))
    return np.array(rows, dtype=np.float64)


def _decided_rightly(decided: np.ndarray, threshold: float) -> int:
    chance, right, stated = decided.T
    said = chance >= threshold
    return int((said & (right > 0)).sum() + (~said & (stated == 0)).sum())


def _trees(findings: Findings) -> list[Any]:
    from sklearn.ensemble import HistGradientBoostingClassifier

    fits = (HistGradientBoostingClassifier(**TREES, random_state=number) for number in range(FITS))
    return [each.fit(findings.rows, findings.right) for each in fits]


def _as_judge(fits: Sequence[Any], threshold: float) -> Judge:
    """The trees of all fits as arrays, one tree after the other, each with its share of the mean."""
    nodes = [predictor.nodes for fitted in fits for (predictor,) in fitted._predictors]
    starts = np.cumsum([0, *(len(each) for each in nodes[:-1])])
    joined = np.concatenate(nodes)
    offset = np.repeat(starts, [len(each) for each in nodes])
    leaf = joined["is_leaf"].astype(bool)
    return Judge(
        column=np.where(leaf, -1, joined["feature_idx"]).astype(np.int16),
        bound=joined["num_threshold"].astype(np.float64),
        left=np.where(leaf, 0, joined["left"] + offset).astype(np.int32),
        right=np.where(leaf, 0, joined["right"] + offset).astype(np.int32),
        value=np.where(leaf, joined["value"], 0.0).astype(np.float64) / len(fits),
        roots=starts.astype(np.int32),
        baseline=float(np.mean([fitted._baseline_prediction.item() for fitted in fits])),
        threshold=threshold,
    )


def save(findings: Findings, path: Path = FINDINGS) -> None:
    """Write the rows in half precision: they tell finer than probabilities are."""
    np.savez_compressed(
        path,
        rows=findings.rows.astype(np.float16),
        right=findings.right,
        question=findings.question.astype(np.int16),
        stated=findings.stated,
        collection=findings.collection,
        features=np.array(NAMES),
    )


def load(path: Path = FINDINGS) -> Findings:
    """The stored rows. Raises ValueError if they were made with other features."""
    with np.load(path, allow_pickle=False) as stored:
        if tuple(stored["features"].tolist()) != NAMES:
            raise ValueError(f"{path} has other features: run with --collect")
        names = ("right", "question", "stated", "collection")
        return Findings(stored["rows"].astype(np.float64), *(stored[name] for name in names))


def main() -> None:
    """Parse the command line, fit and store."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--out", type=Path, default=WEIGHTS, help="folder of the reading model")
    parser.add_argument("--collect", action="store_true", help="ask the collections of calibration anew")
    parser.add_argument("--unseen", type=Path, help="ask those that are trained on too, with this reader")
    args = parser.parse_args()
    if args.collect:
        save(collect(args.unseen, load_settings()))
    with (args.out / JUDGE_FILE).open("wb") as file:
        np.savez_compressed(file, allow_pickle=False, **fit(load()).arrays())


if __name__ == "__main__":
    main()
