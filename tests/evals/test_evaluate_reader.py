"""What is reported of the reading model, computed by hand."""

import pytest

from evals.training.evaluate_reader import Read, area, at_best_threshold, figures
from evals.training.rows import Split
from rag.reader import Calibration, PieceReading, RawReading, Span

TEXT = "Badet kostar 40 kronor."


def read(answered: float, *golds: str, split: Split = "report") -> Read:
    start = TEXT.index("40")
    piece = PieceReading((Span(start, start + len("40 kronor"), answered),), answered)
    return Read("prices", split, golds, TEXT, RawReading((piece,)))


def test_figures_count_what_is_said_above_the_threshold() -> None:
    found = figures(
        [read(2.0, "40 kronor"), read(1.0, "40"), read(-1.0, "40 kronor"), read(3.0)], Calibration()
    )
    assert (found.count, found.exact, found.silent) == (4, 0.25, 0.0)
    assert found.f1 == pytest.approx((1 + 2 / 3 + 0 + 0) / 4)
    assert found.answered_f1 == pytest.approx((1 + 2 / 3 + 0) / 3)


def test_the_best_threshold_is_looked_for_on_other_reads() -> None:
    fitting = [read(2.0, "40 kronor", split="calibration"), read(1.0, split="calibration")]
    found = at_best_threshold([read(1.0, "40 kronor"), read(-1.0), read(3.0)], fitting, Calibration())
    assert (found.answered_f1, found.silent) == (0.0, 0.5)
    itself = [read(1.0, "40 kronor"), read(-1.0)]
    assert at_best_threshold(itself, itself, Calibration()).f1 == 1.0


def test_the_area_counts_the_pairs_in_the_right_order() -> None:
    assert area([(0.9, True), (0.2, True), (0.4, False)]) == 0.5
    assert area([(0.9, True), (0.4, False)]) == 1.0
