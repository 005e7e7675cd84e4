"""What the reader is trained on, and that none of it is held out."""

from pathlib import Path

import pytest

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
