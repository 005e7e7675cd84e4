"""Measures of rankings, on numbers worked out by hand."""

from __future__ import annotations

import math

import pytest

from evals.ranking import hit, ndcg, reciprocal_rank


def test_measures_of_a_ranking() -> None:
    ranked, relevant = ["a", "b", "c", "d"], {"b", "d"}
    assert (hit(ranked, relevant, 1), hit(ranked, relevant, 2)) == (0, 1)
    assert reciprocal_rank(ranked, relevant, 10) == 0.5
    gained = 1 / math.log2(3) + 1 / math.log2(5)
    assert ndcg(ranked, relevant, 10) == pytest.approx(gained / (1 + 1 / math.log2(3)))


def test_nothing_found() -> None:
    assert hit(["a"], {"b"}, 10) == reciprocal_rank(["a"], {"b"}, 10) == ndcg(["a"], {"b"}, 10) == 0
