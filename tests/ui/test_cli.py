"""The command line as scripts use it: real processes, exit codes, one line per error."""

import ctypes
import json
import os
import shutil
import socket
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from rag.settings import Settings

KEYS = {"answer", "short_answer", "status", "language", "citations", "latency_ms"}
CITATION_KEYS = {"number", "source", "title", "page", "heading", "quote", "start", "end"}


def another_programs() -> bytes:
    """An SQLite file that is not ours."""
    with closing(sqlite3.connect(":memory:")) as database:
        database.execute("CREATE TABLE addresses (name TEXT)")
        return database.serialize()


def stadsvar(*args: object, **variables: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", "from ui.cli import main; main()", *map(str, args)]
    return subprocess.run(
        command,
        capture_output=True,
        text=True,
        env={**os.environ, **variables},
        check=False,
        preexec_fn=as_others,
    )


def as_others() -> None:
    """Rights count for this process also where root runs the tests (prctl PR_CAPBSET_DROP, Linux)."""
    if os.getuid() == 0:
        for capability in (1, 2):  # CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH
            ctypes.CDLL(None).prctl(24, capability, 0, 0, 0)


def assert_one_line_error(result: subprocess.CompletedProcess[str], *mentions: str) -> None:
    assert result.returncode != 0
    lines = result.stderr.strip().splitlines()
    assert len(lines) == 1 and lines[0].startswith("stadsvar: "), result.stderr
    assert all(mention in lines[0] for mention in mentions), lines[0]


def test_ask_prints_the_contract(example_settings: Settings) -> None:
    question = "När började Skärholmen med samlokalisering?"
    result = stadsvar("ask", question, "--index", example_settings.index, "--json")
    assert result.returncode == 0, result.stderr
    answer = json.loads(result.stdout)
    assert answer.keys() == KEYS
    assert answer["citations"] and all(citation.keys() == CITATION_KEYS for citation in answer["citations"])


def test_ingest_reports_failures_and_goes_on(tmp_path: Path) -> None:
    (tmp_path / "good.txt").write_text("Nämnden beslutade att bifalla motionen.")
    (tmp_path / "empty.txt").write_text("")
    result = stadsvar("ingest", tmp_path, "--index", tmp_path / "index", "--json")
    report = json.loads(result.stdout)
    assert result.returncode == 1
    assert report["counts"] == {"added": 1, "failed": 1}
    assert next(f["reason"] for f in report["files"] if f["status"] == "failed")


def test_wrong_inputs_are_one_clear_line(tmp_path: Path) -> None:
    assert_one_line_error(stadsvar("ingest", tmp_path / "no", "--index", tmp_path / "i"), "no does not exist")
    assert_one_line_error(stadsvar("ask", "Hej?", "--index", tmp_path / "none"), "ingest")
    foreign = tmp_path / "foreign"
    foreign.mkdir()
    (foreign / "thesis.doc").write_text("x")
    assert_one_line_error(stadsvar("ingest", foreign, "--index", foreign), "--index")
    cases = tmp_path / "cases.jsonl"
    cases.write_text('{"id": 1}\n')
    assert_one_line_error(stadsvar("eval", "answers", cases, "--documents", tmp_path), "cases.jsonl", "1")
    assert_one_line_error(
        stadsvar("ask", "Hej?", "--index", tmp_path / "none", STADSVAR_THREADS="x"), "STADSVAR_THREADS"
    )
    misspelt = stadsvar("ask", "Hej?", "--index", tmp_path / "none", STADSVAR_THREAD="2")
    assert_one_line_error(misspelt, "STADSVAR_THREAD is no setting", "STADSVAR_THREADS?")


@pytest.mark.parametrize(
    ("name", "content", "rights", "mentions"),
    [
        (".", None, 0o500, "readonly database): let this user read and write it"),
        (".", None, 0o000, "Permission denied): let this user read and write it"),
        ("catalog.sqlite", b"hello" * 99, 0o600, "keep it"),
        ("catalog.sqlite", another_programs(), 0o600, "another program"),
        ("chroma/chroma.sqlite3", b"hello" * 99, 0o600, "keep the index"),
        ("tantivy/meta.json", b"hello", 0o600, "keep the index"),
    ],
)
def test_an_index_that_cannot_be_used_is_told_without_harm(
    example_settings: Settings, tmp_path: Path, name: str, content: bytes | None, rights: int, mentions: str
) -> None:
    """Nobody is told to remove what may be whole, or holds corrections that are nowhere else."""
    index = tmp_path / "index"
    shutil.copytree(example_settings.index, index, ignore=shutil.ignore_patterns("*-wal", "*-shm"))
    if content:
        (index / name).write_bytes(content)
    for file in index.iterdir():
        file.chmod(rights if file.is_file() and name == "." else file.stat().st_mode)
    (index / name).chmod(rights)
    result = stadsvar("ask", "Vem skrev motionen?", "--index", index)
    index.chmod(0o700)
    assert_one_line_error(result, str(index), mentions)
    assert "remove" not in result.stderr and "delete" not in result.stderr


def test_a_file_that_may_not_be_read_or_holds_nothing_is_named(
    example_settings: Settings, tmp_path: Path
) -> None:
    closed, empty = tmp_path / "stadsvar.toml", tmp_path / "empty.txt"
    closed.write_text("threads = 2")
    closed.chmod(0)
    empty.write_text("")
    ask = ("ask", "Hej?", "--index", example_settings.index)
    assert_one_line_error(stadsvar(*ask, STADSVAR_CONFIG=str(closed)), str(closed), "rights")
    assert_one_line_error(stadsvar(*ask, STADSVAR_VOCABULARY=str(closed)), str(closed), "may not be read")
    correct = ("correct", "exempel_svar_nyckeltjanster_skola.md", "--from", empty)
    assert_one_line_error(stadsvar(*correct, "--index", example_settings.index), str(empty), "no text")
    report = ("eval", "ocr", empty, empty, "--json", tmp_path / "closed" / "report.json")
    (tmp_path / "closed").mkdir(mode=0)
    assert_one_line_error(stadsvar(*report), "report.json cannot be written")


def test_a_model_that_does_not_exist_is_one_clear_line(example_settings: Settings, tmp_path: Path) -> None:
    result = stadsvar(
        "ask", "Vem?", "--index", example_settings.index, STADSVAR_EMBEDDER=str(tmp_path / "none")
    )
    assert_one_line_error(result, "STADSVAR_EMBEDDER")


@pytest.mark.parametrize("place", ["nowhere/report.json", "."])
def test_a_report_that_cannot_be_written_is_told_before_the_run(tmp_path: Path, place: str) -> None:
    result = stadsvar(
        "eval", "answers", tmp_path / "none", "--documents", tmp_path, "--json", tmp_path / place
    )
    assert_one_line_error(result, "cannot be written")


def test_a_port_in_use_is_one_clear_line(example_settings: Settings) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert_one_line_error(stadsvar("serve", "--index", example_settings.index, "--port", port), str(port))


def test_wrong_usage_exits_with_2() -> None:
    assert stadsvar("eval", "answers", "x.jsonl").returncode == 2


@pytest.mark.parametrize("command", [["ingest", "--help"], ["ask", "--help"]])
def test_help_loads_no_model(command: list[str]) -> None:
    check = (
        f"import sys\nfrom ui.cli import main\ntry:\n    main({command})\nexcept SystemExit:\n    pass\n"
        "heavy = {'torch', 'gradio', 'chromadb', 'sentence_transformers'} & set(sys.modules)\nassert not heavy, heavy"
    )
    subprocess.run([sys.executable, "-c", check], check=True, capture_output=True)
