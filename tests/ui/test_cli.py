"""The command line as scripts use it: real processes, exit codes, one line per error."""

import json
import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from rag.settings import Settings

KEYS = {"answer", "short_answer", "status", "language", "citations", "latency_ms"}
CITATION_KEYS = {"number", "source", "title", "page", "heading", "quote", "start", "end"}


def stadsvar(*args: object, **variables: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", "from ui.cli import main; main()", *map(str, args)]
    return subprocess.run(
        command, capture_output=True, text=True, env={**os.environ, **variables}, check=False
    )


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
