"""The measuring of the ingest, on texts of its own."""

import json
import subprocess
import sys
from pathlib import Path


def bench(*arguments: object) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-m", "evals.bench_ingest", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_absent_data_is_told(tmp_path: Path) -> None:
    result = bench("--data", tmp_path / "none")
    assert result.returncode == 0 and "Skipped" in result.stdout


def test_rates_memory_and_failures_are_reported(tmp_path: Path) -> None:
    place = tmp_path / "riksdag_motioner"
    place.mkdir()
    rows = [
        {"id": f"m{n}", "title": "Motion", "text": f"Motion {n}\n\nSimhallen byggs ut." * (n > 0)}
        for n in range(3)
    ]
    (place / "docs.jsonl").write_text("\n".join(map(json.dumps, rows)))
    result = bench("--data", tmp_path, "--formats", "txt", "--json", tmp_path / "out.json")
    assert result.returncode == 0, result.stderr
    report = json.loads((tmp_path / "out.json").read_text())
    (txt,) = report["formats"]
    assert (txt["files"], txt["failed"], txt["chunks"]) == (3, 1, 2)
    assert report["ingest"] > 0 < report["share_cpu"]
    assert "m0.txt is empty" in result.stdout
    assert report["peak_bytes"] > 1e8 or not Path("/proc").is_dir()
