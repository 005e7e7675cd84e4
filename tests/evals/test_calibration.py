"""Calibration measures, computed by hand."""

import pytest

from evals import calibration

# Two bins: .1 and .1 (one of two right), .9 and .7 in bins of their own (right, wrong).
JUDGEMENTS = [(0.1, True), (0.1, False), (0.9, True), (0.7, False)]


def test_bins_hold_what_was_stated_and_observed() -> None:
    low, middle, high = calibration.bins(JUDGEMENTS)
    assert [each.n for each in (low, middle, high)] == [2, 1, 1]
    assert [each.stated for each in (low, middle, high)] == pytest.approx([0.1, 0.7, 0.9])
    assert [each.observed for each in (low, middle, high)] == [0.5, 0.0, 1.0]
    assert [each.n for each in calibration.bins([(1.0, True), (0.0, False)])] == [1, 1]


def test_errors() -> None:
    assert calibration.calibration_error(JUDGEMENTS) == pytest.approx((2 * 0.4 + 0.7 + 0.1) / 4)
    assert calibration.brier(JUDGEMENTS) == pytest.approx((0.81 + 0.01 + 0.01 + 0.49) / 4)
    assert calibration.calibration_error([]) is None
    assert calibration.brier([]) is None


def test_the_plot_names_every_bin() -> None:
    svg = calibration.reliability_svg(calibration.bins(JUDGEMENTS), title="Answerable")
    assert svg.count("<circle") == 3
    assert "2: 0.10 stated, 0.50 right" in svg
