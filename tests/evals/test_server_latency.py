"""The measuring of answer times, over a real server and with real processes."""

import json
from pathlib import Path

import pytest

from evals.server_latency import Latency, lines, main
from rag.settings import Settings

CASES = Path(__file__).parents[2] / "evals" / "sets" / "examples.jsonl"


def test_both_ways_of_asking_are_timed(example_settings: Settings, tmp_path: Path) -> None:
    out = tmp_path / "out.json"
    asked = ["--questions", str(CASES), "--limit", "2", "--cold", "1", "--json", str(out)]
    assert main(["--index", str(example_settings.index), *asked]) == 0
    report = json.loads(out.read_text())
    assert [len(report[name]) for name in ("cold", "first", "again")] == [1, 2, 2]
    assert min(report["again"]) > 0 and report["ready"] > 0


def test_an_index_that_is_not_there_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--index", str(tmp_path / "none"), "--questions", str(CASES)]) == 1
    assert "holds no Stadsvar index" in capsys.readouterr().err


def test_the_report_gives_medians() -> None:
    report = list(lines(Latency((3.0, 5.0, 4.0), 2.0, (9.0,), tuple(map(float, range(1, 101))))))
    assert "median 4.0 s, longest 5.0 s" in report[0]
    assert "100 questions over HTTP: p50 50 ms, p95 95 ms" in report[3]
