"""What is made of a judge's chances, and that only the stored trees for these features are taken."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from rag.bodies import Gazetteer
from rag.domain import Chunk, Locator, Passage, Source
from rag.errors import ModelError
from rag.finding_features import NAMES, features
from rag.findings import Finding, weigh
from rag.judging import JUDGE_FILE, Judge, judged, load_judge
from rag.question import Question, analyse
from rag.reader import WEIGHTS
from rag.reading import SpanCandidate, WindowReading

FIRST = "Badbussen började gå 2019. Den kostade 90 000 kronor."
SECOND = "Bryggan byggdes 2021 för 40 000 kronor."


def one_split(name: str, bound: float) -> Judge:
    """A judge with one tree: likely where the feature is above ``bound``."""
    return Judge(
        column=np.array([NAMES.index(name), -1, -1]),
        bound=np.array([bound, 0.0, 0.0]),
        left=np.array([1, 0, 0]),
        right=np.array([2, 0, 0]),
        value=np.array([0.0, -2.0, 2.0]),
        roots=np.array([0]),
        baseline=0.0,
        threshold=0.5,
    )


@pytest.fixture
def case() -> tuple[Question, list[Passage], list[WindowReading], tuple[Finding, ...]]:
    question = analyse("Vad kostade badbussen?", "sv", Gazetteer.load(None))
    passages = [
        Passage(Chunk(name, name, 0, text, Locator(0, len(text))), Source(name, f"{name}.txt", name), 1.0)
        for name, text in (("a", FIRST), ("b", SECOND))
    ]
    readings = [read(FIRST, "90 000 kronor", 0.3), read(SECOND, "40 000 kronor", 0.8)]
    return question, passages, readings, weigh(question, passages, readings, Gazetteer.load(None))


def read(text: str, answer: str, sure: float) -> WindowReading:
    at = text.index(answer)
    return WindowReading((SpanCandidate(at, at + len(answer), 1.0, sure),), 0.0, sure)


def test_findings_are_ordered_by_what_the_judge_says(
    case: tuple[Question, list[Passage], list[WindowReading], tuple[Finding, ...]],
) -> None:
    question, passages, readings, findings = case
    by_reader = judged(one_split("window_log_odds", 0.0), question, passages, readings, findings)
    assert by_reader[0].text == "40 000 kronor"
    by_place = judged(one_split("place", 0.5), question, passages, readings, findings)
    assert by_place[0].text == "40 000 kronor"
    by_topic = judged(one_split("topic_in_passage", 0.9), question, passages, readings, findings)
    assert by_topic[0].text == "90 000 kronor"
    assert by_topic[0].probability == by_topic[0].answerable == pytest.approx(1 / (1 + np.exp(-2.0)))


def test_another_year_than_the_one_asked_about_stays_unlikely(
    case: tuple[Question, list[Passage], list[WindowReading], tuple[Finding, ...]],
) -> None:
    question, passages, readings, findings = case
    told = tuple(replace(each, factors=replace(each.factors, year=0.1)) for each in findings)
    sure = judged(one_split("window_log_odds", -9.0), question, passages, readings, told)
    assert max(each.probability for each in sure) < 0.1


def test_each_feature_is_a_number(
    case: tuple[Question, list[Passage], list[WindowReading], tuple[Finding, ...]],
) -> None:
    rows = features(*case)
    assert rows.shape == (2, len(NAMES)) and np.isfinite(rows).all()


def test_nothing_found_is_nothing_judged() -> None:
    question = analyse("Vad kostade badbussen?", "sv", Gazetteer.load(None))
    assert judged(one_split("place", 0.5), question, [], [], ()) == ()


def test_the_stored_judge_fits_the_features() -> None:
    judge = load_judge(WEIGHTS)
    assert judge is not None and 0 < judge.threshold < 1
    chances = judge.chances(np.zeros((3, len(NAMES))))
    assert chances.shape == (3,) and ((chances > 0) & (chances < 1)).all()


def test_a_reading_model_may_have_no_judge(tmp_path: Path) -> None:
    assert load_judge(tmp_path) is None


def test_a_damaged_judge_is_refused_with_its_name(tmp_path: Path) -> None:
    (tmp_path / JUDGE_FILE).write_bytes(b"not an archive")
    with pytest.raises(ModelError, match=JUDGE_FILE):
        load_judge(tmp_path)


def test_a_judge_for_other_features_is_refused(tmp_path: Path) -> None:
    arrays = {**one_split("place", 0.5).arrays(), "features": np.array(["something", "else"])}
    with (tmp_path / JUDGE_FILE).open("wb") as file:
        np.savez(file, allow_pickle=False, **arrays)
    with pytest.raises(ModelError, match="fit_judge"):
        load_judge(tmp_path)
