"""The rows of evaluation files, checked when they are read.

An evaluation file is JSON lines in UTF-8. Fields that a row has beyond the ones named here are ignored, so
that the public sets can be used as they are.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from rag.errors import InvalidCases, MissingInput

Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]


class Row(BaseModel):
    """What all rows have in common: an id that no other row of the file has."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    id: Text


class Case(Row):
    """A question with what a right answer must, and must not, say.

    ``history`` holds the earlier questions, oldest first. Each inner tuple of ``facts`` is one fact with the
    alternative ways to state it; ``sources`` are the names of files of which one must be cited.
    """

    question: Text
    history: tuple[Text, ...] = ()
    language: Literal["sv", "en"] = "sv"
    kind: Text = "fact"
    answerable: bool = True
    facts: tuple[Annotated[tuple[Text, ...], Field(min_length=1)], ...] = ()
    forbidden: tuple[Text, ...] = ()
    sources: tuple[Text, ...] = ()


class PassageRow(Row):
    """A passage of a retrieval or reading set."""

    title: str = ""
    text: str


class QuestionRow(Row):
    """A question on the passage ``passage_id``; ``answers`` are spans of it, or empty where it has none."""

    question: Text
    passage_id: str
    also_relevant: tuple[str, ...] = ()
    answerable: bool = True
    answers: tuple[str, ...] = ()


AnyRow = TypeVar("AnyRow", bound=Row)


def load_cases(path: Path) -> tuple[Case, ...]:
    """The cases of a file. Raises MissingInput, or InvalidCases naming file and line."""
    return load_rows(path, Case)


def load_passages(path: Path) -> tuple[PassageRow, ...]:
    """The passages of a file. Raises MissingInput, or InvalidCases naming file and line."""
    return load_rows(path, PassageRow)


def load_questions(path: Path, passages: tuple[PassageRow, ...]) -> tuple[QuestionRow, ...]:
    """The questions of a file, each on one of ``passages``.

    Raises MissingInput, or InvalidCases naming file and line.
    """
    known = {passage.id for passage in passages}
    questions = load_rows(path, QuestionRow)
    stray = next((question for question in questions if question.passage_id not in known), None)
    if stray is not None:
        raise InvalidCases(
            f"{path}: question {stray.id} is about passage {stray.passage_id}, not in the passage file: "
            "give the passage file that belongs to it"
        )
    return questions


def load_rows(path: Path, row_type: type[AnyRow]) -> tuple[AnyRow, ...]:
    """The rows of a JSON-lines file; blank lines are skipped.

    Raises MissingInput where there is no such file, and InvalidCases naming file and line for the first row
    that is not JSON, lacks a field, or repeats an id, and for a file without rows.
    """
    rows: dict[str, AnyRow] = {}
    for number, line in _lines(path):
        row = _parse(path, number, line, row_type)
        if row.id in rows:
            raise InvalidCases(f"{path}:{number}: id {row.id} occurs twice: give every row its own id")
        rows[row.id] = row
    if not rows:
        raise InvalidCases(f"{path}: holds no rows: give a file with one JSON object a line")
    return tuple(rows.values())


def _lines(path: Path) -> Iterator[tuple[int, str]]:
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (FileNotFoundError, IsADirectoryError):
        raise MissingInput(f"{path} is not a file: correct the path") from None
    except OSError as error:
        raise MissingInput(f"{path} cannot be read ({error.strerror}): check its permissions") from None
    except UnicodeDecodeError as error:
        raise InvalidCases(f"{path}: byte {error.start} is not UTF-8: save the file as UTF-8") from None
    # Not splitlines(): U+2028 and the like may stand inside a JSON string.
    for number, line in enumerate(text.split("\n"), start=1):
        if line.strip():
            yield number, line


def _parse(path: Path, number: int, line: str, row_type: type[AnyRow]) -> AnyRow:
    try:
        return row_type.model_validate(json.loads(line))
    except json.JSONDecodeError as error:
        raise InvalidCases(f"{path}:{number}: not JSON ({error.msg}, column {error.colno})") from None
    except ValidationError as error:
        first = error.errors()[0]
        field = ".".join(str(part) for part in first["loc"]) or "row"
        raise InvalidCases(f"{path}:{number}: {field}: {first['msg']}") from None
