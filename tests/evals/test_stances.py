"""Confusion tables by hand, and the figures on minutes that nobody here wrote."""

from pathlib import Path

import pytest

from evals import stances

DATA = Path(__file__).resolve().parents[3] / "shared" / "data"


def test_confusion_counts_pairs() -> None:
    pairs = [("for", "for"), ("for", "against"), ("against", "against"), ("for", "for")]
    figures = stances.measured((str(number), *pair) for number, pair in enumerate(pairs))
    assert figures["accuracy"] == 0.75
    assert figures["confusion"] == {"against": {"against": 1}, "for": {"against": 1, "for": 2}}


def test_yrkanden_and_outcomes_in_real_minutes() -> None:
    if not (DATA / "nacka_handlingar").is_dir():
        pytest.skip("the real minutes in ../shared/data are not on this machine")
    report = stances.run(DATA)
    assert report["yrkanden"]["accuracy"] >= 0.9
    assert report["motions"]["accuracy"] >= 0.9
    assert report["facts: yrkanden"]["accuracy"] >= 0.9
    assert report["facts: motions"]["accuracy"] >= 0.9
