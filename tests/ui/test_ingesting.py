"""What the ingest command shows."""

import argparse
from pathlib import Path

import pytest

from ingest.outcomes import Outcome
from rag.settings import Settings
from ui import ingesting
from ui.progress import Files, rate


def run(tmp_path: Path, *arguments: str) -> int:
    parser = argparse.ArgumentParser()
    ingesting.add_arguments(parser)
    return ingesting.run(parser.parse_args([*arguments]), Settings(index=tmp_path / "index"))


def test_failures_come_last_and_alike_ones_together(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "handlingar"
    folder.mkdir()
    for name in ("a.docx", "b.txt", "c.docx", "d.md"):
        (folder / name).write_bytes(b"" if name == "b.txt" else b"Nej.")
    assert run(tmp_path, str(folder), "--dry-run") == 1
    shown = capsys.readouterr()
    assert shown.out.splitlines() == [f"added     {folder}/d.md", "3 failed, 1 added; nothing was written"]
    lines = [line.removeprefix(f"stadsvar: {folder}/")[:9] for line in shown.err.splitlines()]
    assert lines == ["a.docx is", "c.docx is", "b.txt is "]
    assert all("; " in line for line in shown.err.splitlines())


@pytest.mark.parametrize("wrong", [["--workers", "0"], ["--every", "0"], ["--dry-run", "--watch"]])
def test_wrong_usage(tmp_path: Path, wrong: list[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        run(tmp_path, str(tmp_path), *wrong)
    assert ended.value.code == 2


def test_progress_counts_archives_with_what_they_hold() -> None:
    files = Files()
    files.total = 3
    for path in ("/a.txt", "/b.zip//1.txt", "/b.zip//2.txt", "/c.eml", "/c.eml//d.pdf"):
        files.count(Outcome.of(path, "added"))
    files.count(Outcome.of("/gone.txt", "removed"))
    assert files.done == files.total == 7
    assert [rate(speed) for speed in (None, 12.34, 0.05)] == ["", "12.3 files/s", "3 files/min"]
