"""The terms by which the lexical index finds a text: stems, roots, parts of compounds and letter groups."""

from __future__ import annotations

from rag import swedish
from rag.swedish import WordForms


def analyse(text: str) -> dict[str, list[str]]:
    """The terms of a chunk's text by field."""
    found = swedish.words(text)
    shapes = [swedish.forms(word) for word in found]
    return {
        "stems": [shape.stem for shape in shapes],
        "roots": [term for shape in shapes for term in roots_of(shape)],
        "grams": [group for word in found if len(word) > 3 for group in swedish.letter_groups(word)],
    }


def content_words(question: str) -> list[str]:
    """The words of a question that carry its topic, each once; all of them where none does."""
    found = list(dict.fromkeys(swedish.words(question)))
    return [word for word in found if word not in swedish.stop_words()] or found


def all_terms(text: str) -> list[str]:
    """The roots of a text's words, with the parts of compounds."""
    return [term for word in swedish.words(text) for term in roots_of(swedish.forms(word))]


def roots_of(shape: WordForms) -> tuple[str, ...]:
    return (shape.root, *shape.parts)
