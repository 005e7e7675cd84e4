"""Verdicts on answers. The assistant here is a small one that quotes what it is told to."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console

from evals import answers, report, verdicts
from evals.cases import Case
from rag.domain import Answer, AnswerStatus, Citation, Source

TEXT = "Hamnbyns stadsdelsnämnd inrättade tjänsten 2021. Två personer delar på uppdraget."
SOURCE = Source(id="s", name="hamnbyn.txt", title="Svar", other_names=("kopia.txt",))


@dataclass(frozen=True)
class Texts:
    def reading_text(self, source_id: str) -> str:
        return {"s": TEXT}[source_id]


@dataclass(frozen=True)
class Scripted:
    """Answers by a table; a question that is not in it raises."""

    answers: Mapping[str, Answer]
    catalog: Texts = Texts()

    def ask(self, question: str, history: Sequence[str] = ()) -> Answer:
        return self.answers[" / ".join([*history, question])]


def citing(quote: str) -> Citation:
    start = TEXT.index(quote)
    return Citation(1, SOURCE, quote, start, start + len(quote))


def said(text: str, *citations: Citation, status: AnswerStatus = AnswerStatus.ANSWERED) -> Answer:
    return Answer(text, status, "sv", citations=citations)


YEAR = said("Det var 2021. [1]", citing("Hamnbyns stadsdelsnämnd inrättade tjänsten 2021."))
REFUSAL = said("Det står inte i dokumenten.", status=AnswerStatus.NOT_STATED)
CASE = Case(id="year", question="När?", facts=(("2021",),), sources=("kopia.txt",))
NONE = Case(id="none", question="Hur dyrt?", language="en", kind="number", answerable=False)


def verdict(case: Case, answer: Answer) -> verdicts.CaseResult:
    return verdicts.score(case, answer, Texts(), 1.0)


def test_a_correct_answer() -> None:
    result = verdict(CASE, YEAR)
    assert (result.verdict, result.correct, result.why) == ("correct", True, ())
    assert (result.found_facts, result.supported_facts, result.cites_gold) == (1, 1, True)
    assert result.citations[0].faithful


@pytest.mark.parametrize(
    ("case", "answer", "why"),
    [
        (CASE, said("Det var 2020."), ("lacks 2021",)),
        (CASE, replace(YEAR, status=AnswerStatus.NOT_STATED), ("status not_stated, should be answered",)),
        (CASE.model_copy(update={"forbidden": ("DET VAR",)}), YEAR, ("says DET VAR",)),
        (CASE, said("2021 " * 81), ("81 words",)),
        (NONE, YEAR, ("status answered, should be refused",)),
        (NONE, said("Hej!", status=AnswerStatus.SMALLTALK), ("status smalltalk, should be refused",)),
    ],
)
def test_what_makes_an_answer_wrong(case: Case, answer: Answer, why: tuple[str, ...]) -> None:
    assert verdict(case, answer).why == why


def test_a_quote_that_differs_from_its_slice_is_not_faithful() -> None:
    shifted = replace(citing("2021"), start=0)
    assert not verdict(CASE, said("2021", shifted)).citations[0].faithful


def test_the_report_counts_and_goes_on_after_an_error() -> None:
    follow_up = Case(
        id="follow",
        question="Hur många?",
        history=("När?",),
        kind="list",
        facts=(("två",), ("tre",)),
        sources=("x",),
    )
    cases = (CASE, follow_up, NONE, NONE.model_copy(update={"id": "breaks", "question": "?"}))
    assistant = Scripted(
        {"När?": YEAR, "När? / Hur många?": said("Två. [1]", citing("Två personer")), "Hur dyrt?": REFUSAL}
    )
    heard: list[str] = []
    figures = answers.run(cases, assistant, on_result=lambda result: heard.append(result.id))
    assert heard == ["year", "follow", "none", "breaks"]
    assert (figures["n"], figures["n_correct"], figures["errors"]) == (4, 2, 1)
    assert figures["accuracy"] == 0.5
    assert figures["answerable_accuracy"] == 0.5
    assert (figures["refusal_precision"], figures["refusal_recall"]) == (1.0, 0.5)
    assert (figures["citation_recall"], figures["support"], figures["quote_fidelity"]) == (0.5, 1.0, 1.0)
    assert figures["list_f1"] == pytest.approx(2 / 3)  # one of two named, none wrong
    assert figures["by_language"]["en"] == {"n": 2, "n_correct": 1, "accuracy": 0.5}
    assert figures["cases"][3]["verdict"] == "error"
    assert "KeyError" in figures["cases"][3]["error"]
    assert figures["cases"][0]["citations"][0]["quote"].endswith("2021.")


def test_reports_are_shown_and_written(tmp_path: Path) -> None:
    figures = answers.run([CASE, NONE], Scripted({"När?": YEAR, "Hur dyrt?": said("<b>5 kr</b>")}))
    console = Console(file=StringIO(), width=120)
    report.show_answers(figures, console)
    assert isinstance(console.file, StringIO)
    assert "1 of 2 correct" in console.file.getvalue() and "should be refused" in console.file.getvalue()
    report.save_json(figures, tmp_path / "report.json")
    report.save_page(figures, tmp_path / "report.html", title="Test")
    page = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert "&lt;b&gt;5 kr" in page and "http" not in page
