"""What the reader is trained on, and that none of it is held out."""

from pathlib import Path

import pytest

from evals.training.collection_answers import cases
from evals.training.collections import load_collections
from evals.training.rows import load_further, load_invented, load_municipal, load_squad, load_swequad

DATA = Path(__file__).parents[3] / "shared" / "data"
needs_data = pytest.mark.skipif(not DATA.is_dir(), reason=f"{DATA.name} with the public data sets is absent")


@needs_data
def test_our_own_questions_on_public_sets_stand_on_nothing_held_out() -> None:
    trained = {
        passage.id
        for set_ in (load_squad(DATA), load_swequad(DATA))
        for passage in set_.passages.values()
        if set_.splits[passage.group] == "train"
    }
    further = load_further(DATA)
    assert {passage.group for passage in further.passages.values()} <= trained
    assert further.of("train") == further.questions


@needs_data
def test_answers_are_whole_stretches_of_their_passages() -> None:
    for set_ in (load_further(DATA), load_municipal(DATA), load_invented()):
        for question in set_.questions:
            text = set_.passages[question.passage_id].text
            assert all(answer and answer in text for answer in question.answers), question.id
        assert {set_.split_of(question) for question in set_.questions} >= {"train"}


def test_every_stated_question_on_a_collection_has_a_window_that_answers_and_none_is_shown_as_wrong() -> None:
    collections = load_collections()
    assert {each.split for each in collections} == {"train", "calibration", "report"}
    for collection in collections:
        for question in collection.questions:
            right = {number for number, _ in question.right}
            assert not right & set(question.wrong), question.id
            for number, spans in question.right:
                text = collection.windows[number].text
                assert spans and all(text[start:end].strip() for start, end in spans), question.id
        assert sum(not question.right for question in collection.questions) == pytest.approx(35, abs=6)


def test_a_question_on_a_collection_is_a_case_that_any_of_its_answers_meets() -> None:
    asked = {"question": "När?", "language": "sv"}
    places = [
        {"document": "a.md", "quote": "Den 3 maj kom svaret.", "answers": ["Den 3\nmaj", "3 maj"]},
        {"document": "b.md", "quote": "Svar: 3 maj.", "answers": ["3 maj"]},
    ]
    row = {"collection": "x", "questions": [{**asked, "stated": places}, {**asked, "stated": []}]}
    stated, missing = cases(row)
    assert stated.facts == (("Den 3 maj", "3 maj"),) and stated.sources == ("a.md", "b.md")
    assert not missing.answerable and not missing.facts
