"""The English-Swedish glossary."""

import pytest

from rag.glossary import translations


@pytest.mark.parametrize("word", ["library", "libraries", "planned", "closing", "closed", "adopted"])
def test_inflected_words_are_found(word: str) -> None:
    assert translations(word)


def test_an_unknown_word_has_none() -> None:
    assert translations("xyzzy") == ()
