"""Error rates against hand-computed values."""

from __future__ import annotations

from pathlib import Path

import pytest

from evals.ocr import character_error_rate, evaluate, run, word_error_rate
from rag.errors import InvalidCases, MissingInput


def test_word_error_rate_counts_replaced_added_and_dropped_words() -> None:
    assert word_error_rate("en två tre", "en två tre") == 0
    assert word_error_rate("en tva tre", "en två tre fyra") == 2 / 4  # one replaced, one dropped
    assert word_error_rate("en två två tre", "en två tre") == 1 / 3


def test_character_error_rate_folds_white_space() -> None:
    assert character_error_rate("pa\n\n taket", "på taket") == 1 / 8


def test_report_names_the_five_figures(tmp_path: Path) -> None:
    noisy, true = tmp_path / "noisy.txt", tmp_path / "true.txt"
    noisy.write_text("Ett enda ord ar fel", "utf-8")
    true.write_text("Ett enda ord är fel", "cp1252")
    report = run(noisy, true)
    assert list(report) == ["words", "wer_before", "wer_after", "cer_before", "cer_after"]
    assert (report["words"], report["wer_before"], report["cer_before"]) == (5, 1 / 5, 1 / 19)


def test_clean_text_keeps_its_rates() -> None:
    assert evaluate("Nämnden antar planen.", "Nämnden antar planen.").wer_after == 0


def test_errors_name_the_file(tmp_path: Path) -> None:
    empty = tmp_path / "tom.txt"
    empty.write_text(" \n")
    with pytest.raises(MissingInput, match="finns-inte"):
        run(tmp_path / "finns-inte.txt", empty)
    with pytest.raises(InvalidCases, match=r"tom\.txt"):
        run(empty, empty)
