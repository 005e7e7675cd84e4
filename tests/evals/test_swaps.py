"""Questions with one thing in them exchanged."""

from __future__ import annotations

import random

import pytest

from evals.training.rows import Passage, Question, QuestionSet
from evals.training.swaps import OPPOSITES, swapped, vocabulary

TEXT = "Under 1987 byggde Karl Oskar grundskolorna i Norrvik, och hyrorna ökade."
SET = QuestionSet(
    "own",
    {
        "a": Passage("a", "Norrvik", TEXT, "town"),
        "b": Passage("b", "Söderby", "I staden Söderby ledde Anna Berg förskolorna.", "town"),
        "c": Passage("c", "Held out", "I Österdal finns sjömansskolorna.", "other"),
    },
    (),
    {"town": "train", "other": "report"},
)

LIKELY = {"sv": {"lärare": ("läkare", "hyrorna")}, "en": {}}


def swaps_of(asked: str) -> set[str]:
    question = Question("q", asked, ("x",), "a")
    words = vocabulary(SET, LIKELY)
    found = (swapped(question, SET.passages["a"], words, random.Random(seed)) for seed in range(40))
    return {each for each in found if each}


def test_a_year_becomes_another_one_that_the_passage_does_not_name() -> None:
    found = swaps_of("Vad byggdes 1987?")
    assert found
    assert all(each.startswith("Vad byggdes ") and "1987" not in each for each in found)


def test_a_name_becomes_another_one_of_the_same_article() -> None:
    assert swaps_of("Vad byggde Karl Oskar?") == {"Vad byggde Anna Berg?"}
    assert swaps_of("Vem styrde i Norrvik?") == {"Vem styrde i Söderby?"}


def test_a_name_becomes_another_one_of_the_passage_away_from_the_answer() -> None:
    text = "Sjöstaden växte. Skolan i Norrvik byggdes av Karl Oskar. Senare revs badet i Grönby."
    passage = Passage("a", "", text, "none")
    question = Question("q", "Vem byggde i Norrvik?", ("Karl Oskar",), "a")
    words = vocabulary(SET, LIKELY)
    found = {swapped(question, passage, words, random.Random(seed)) for seed in range(40)}
    assert found == {"Vem byggde i Grönby?"}


def test_a_compound_becomes_another_one_with_the_same_end_in_swedish_only() -> None:
    assert swaps_of("Vem byggde grundskolorna?") == {"Vem byggde förskolorna?"}
    assert swaps_of("Who built grundskolorna?") == set()


@pytest.mark.parametrize("held_out", ["Österdal", "sjömansskolorna"])
def test_nothing_is_taken_from_what_is_held_out(held_out: str) -> None:
    asked = ("Vem styrde i Norrvik?", "Vem byggde grundskolorna?")
    assert not any(held_out in each for question in asked for each in swaps_of(question))


def test_a_word_becomes_its_opposite() -> None:
    assert swaps_of("Vad ökade?") == {"Vad minskade?"}
    assert all(word in others for word, opposite in OPPOSITES.items() for others in [OPPOSITES[opposite[0]]])


def test_a_word_becomes_a_likely_other_one_that_the_passage_does_not_hold() -> None:
    assert swaps_of("Vilka lärare byggde skolan?") == {"Vilka läkare byggde skolan?"}


def test_a_question_is_denied_or_no_longer_denied() -> None:
    assert swaps_of("Vad är lagen?") == {"Vad är inte lagen?"}
    assert swaps_of("Vad gör inte hon?") == {"Vad gör hon?"}
    assert swaps_of("What is the law of it?") == {"What is not the law of it?"}


def test_a_question_with_nothing_to_exchange_is_left() -> None:
    assert swaps_of("Vad gjorde hon?") == set()
