"""Evaluation files: what is read, and what a wrong row is told."""

import re
from pathlib import Path

import pytest

from evals.cases import Case, load_cases, load_passages, load_questions
from rag.errors import InvalidCases, MissingInput


def written(folder: Path, text: str) -> Path:
    path = folder / "cases.jsonl"
    path.write_text(text, encoding="utf-8")
    return path


def test_reads_cases_and_ignores_fields_of_others(tmp_path: Path) -> None:
    path = written(
        tmp_path,
        '\ufeff{"id": "a", "question": "När?", "facts": [["2019"]], "sources": ["x"], "note": "\u2028"}\n\n'
        '{"id": "b", "question": "Who?", "language": "en", "kind": "name", "answerable": false}',
    )
    first, second = load_cases(path)
    assert first == Case(id="a", question="När?", facts=(("2019",),), sources=("x",))
    assert (second.language, second.kind, second.answerable) == ("en", "name", False)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('{"id": "a", "question": "När?"}\n{"id": "b"}', r"cases\.jsonl:2: question: Field required"),
        ('{"id": "a", "question": "  "}', r"cases\.jsonl:1: question"),
        ('{"id": "a", "question": "När?", "facts": [[]]}', r"cases\.jsonl:1: facts\.0"),
        ('{"id": "a", "question": "När?"}\n' * 2, r"cases\.jsonl:2: id a occurs twice"),
        ('{"id": "a",', r"cases\.jsonl:1: not JSON"),
        ("[1]", r"cases\.jsonl:1: row"),
        ("\n", r"holds no rows"),
    ],
)
def test_a_wrong_row_is_named_with_file_and_line(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(InvalidCases) as caught:
        load_cases(written(tmp_path, text))
    assert re.search(message, str(caught.value))
    assert "\n" not in str(caught.value)


def test_a_file_that_is_not_utf8_or_not_there(tmp_path: Path) -> None:
    path = tmp_path / "latin.jsonl"
    path.write_bytes('{"id": "å"}'.encode("latin-1"))
    with pytest.raises(InvalidCases, match="not UTF-8"):
        load_cases(path)
    with pytest.raises(MissingInput, match="not a file"):
        load_cases(tmp_path)


def test_a_question_must_be_on_a_known_passage(tmp_path: Path) -> None:
    passages = load_passages(written(tmp_path, '{"id": "p", "title": "T", "text": "Text."}'))
    questions = tmp_path / "questions.jsonl"
    questions.write_text('{"id": "q", "question": "Vad?", "passage_id": "other"}', encoding="utf-8")
    with pytest.raises(InvalidCases, match="passage other"):
        load_questions(questions, passages)
