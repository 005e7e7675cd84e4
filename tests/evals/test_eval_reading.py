"""The reading figures, computed by hand."""

import pytest

from evals import reading
from evals.cases import PassageRow, QuestionRow

PASSAGES = (
    PassageRow(id="p", text="Tjänsten inrättades den 3 maj 2021 i Hamnbyn."),
    PassageRow(id="r", text="Annat."),
)
QUESTIONS = (
    QuestionRow(id="1", question="När?", passage_id="p", answers=("den 3 maj 2021", "2021")),
    QuestionRow(id="2", question="Var?", passage_id="p", answers=("Hamnbyn",)),
    QuestionRow(id="3", question="Vem?", passage_id="r", answerable=False),
    QuestionRow(id="4", question="Hur?", passage_id="r", answerable=False),
    QuestionRow(id="5", question="Rubrik utan svar", passage_id="r"),
)


def test_own_passage_is_given_and_scored() -> None:
    given: list[str] = []

    def short_answer(question: QuestionRow, passage: PassageRow | None) -> str | None:
        given.append(passage.id if passage else "-")
        return {"1": "3 maj 2021", "2": "Hamnbyn", "3": None, "4": "Annat"}[question.id]

    report = reading.run(PASSAGES, QUESTIONS, short_answer)
    assert given == ["p", "p", "r", "r"]  # the question that lists no answer is left out
    assert report["n"] == 4
    assert report["exact"] == pytest.approx(50.0)  # 2 and 3
    assert report["f1"] == pytest.approx(100 * (6 / 7 + 1 + 1 + 0) / 4)
    assert report["has_ans_exact"] == pytest.approx(50.0)
    assert report["has_ans_f1"] == pytest.approx(100 * (6 / 7 + 1) / 2)
    assert report["no_ans_accuracy"] == pytest.approx(50.0)


def test_open_gives_no_passage_and_a_missing_class_has_no_figure() -> None:
    report = reading.run(
        PASSAGES, QUESTIONS[:1], lambda _, passage: "2021" if passage is None else None, open_book=True
    )
    assert report == {"n": 1, "exact": 100.0, "f1": 100.0, "has_ans_exact": 100.0, "has_ans_f1": 100.0}
