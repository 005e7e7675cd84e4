"""The trees that are stored say what scikit-learn says."""

import numpy as np
import pytest

from evals.training.fit_judge import FINDINGS, Findings, _as_judge, _threshold, _trees, fit, joined, load
from rag.finding_features import NAMES


def invented(questions: int = 240) -> Findings:
    """Three findings per question; the one with the highest first feature is right, where the question is stated."""
    rng = np.random.default_rng(3)
    rows = rng.normal(size=(3 * questions, len(NAMES)))
    rows[:, NAMES.index("year")] = 1.0
    stated = rng.random(questions) < 0.7
    question = np.repeat(np.arange(questions), 3)
    best = rows[:, 0].reshape(-1, 3).argmax(axis=1)
    right = (np.tile(np.arange(3), questions) == np.repeat(best, 3)) & stated[question]
    names = np.array([f"c{number % 12}" for number in range(questions)])
    return Findings(rows, right, question, stated, names)


def test_stored_trees_say_the_mean_of_what_was_fitted() -> None:
    findings = invented()
    fits = _trees(findings)
    chances = _as_judge(fits, 0.5).chances(findings.rows)
    log_odds = np.mean([each.decision_function(findings.rows) for each in fits], axis=0)
    assert chances == pytest.approx(1 / (1 + np.exp(-log_odds)))


def test_the_threshold_is_chosen_on_collections_left_out(capsys: pytest.CaptureFixture[str]) -> None:
    judge = fit(invented())
    assert 0 < judge.threshold < 1
    assert "left out in turn, 240 questions" in capsys.readouterr().out


def test_of_thresholds_within_a_standard_error_the_lowest_is_taken() -> None:
    said = [(0.9, 1, 1)] * 300 + [(0.9, 0, 0)] * 100
    few, many = [(0.31, 0, 0)] * 5, [(0.31, 0, 0)] * 50
    assert _threshold(np.array([*said, *few], dtype=float)) == pytest.approx(0.1)
    assert _threshold(np.array([*said, *many], dtype=float)) == pytest.approx(0.32)


def test_the_stored_findings_have_the_features_of_now() -> None:
    findings = load(FINDINGS)
    assert findings.rows.shape[1] == len(NAMES) and len(findings.rows) == len(findings.right)
    assert len(set(findings.collection)) > 15


def test_collections_taken_apart_and_joined_are_the_same() -> None:
    findings = invented()
    names = sorted(set(findings.collection))
    whole = joined([findings.of_collection(name) for name in names])
    again = whole.of_collection("c7")
    once = findings.of_collection("c7")
    for one, other in ((once.rows, again.rows), (once.right, again.right), (once.question, again.question)):
        assert (one == other).all()
    assert whole.stated.sum() == findings.stated.sum() and whole.question.max() == findings.question.max()
