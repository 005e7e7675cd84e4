"""How closely a text says what a question asks: its words within one sentence, and next to each other.

BM25 counts words wherever in a chunk they stand; an answer has them together. Both measures are 0 to 1.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from rag import swedish
from rag.sentences import split_sentences

_PART = 0.6  # what the parts of a compound count, against the whole word


@dataclass(frozen=True, slots=True)
class Term:
    """A content word of a question. ``rarity`` is its idf in the collection."""

    root: str
    parts: tuple[str, ...]
    rarity: float


@dataclass(frozen=True, slots=True)
class AnalysedText:
    """The roots of each sentence, compounds' parts included, and the pairs of roots that follow each other."""

    sentences: tuple[frozenset[str], ...]
    pairs: frozenset[tuple[str, str]]


@lru_cache(maxsize=20_000)
def analyse(text: str) -> AnalysedText:
    """The analysis of a chunk's text."""
    shapes = [
        [swedish.forms(word) for word in swedish.words(sentence.text)] for sentence in split_sentences(text)
    ]
    return AnalysedText(
        tuple(frozenset(term for s in sentence for term in (s.root, *s.parts)) for sentence in shapes),
        frozenset(pair for sentence in shapes for pair in pairwise(s.root for s in sentence)),
    )


def question_pairs(question: str) -> tuple[tuple[str, str], ...]:
    """The pairs of words that follow each other in a question, as roots."""
    return tuple(pairwise(swedish.forms(word).root for word in swedish.words(question)))


def within_a_sentence(terms: Sequence[Term], text: AnalysedText) -> float:
    """The share of the question's words, weighted by rarity, that the best sentence has."""
    total = sum(term.rarity for term in terms)
    if not total:
        return 0.0
    return (
        max((sum(_found(term, sentence) for term in terms) for sentence in text.sentences), default=0.0)
        / total
    )


def side_by_side(pairs: Sequence[tuple[str, str]], text: AnalysedText) -> float:
    """The share of the question's neighbouring words that are neighbours in the text."""
    return sum(pair in text.pairs for pair in pairs) / len(pairs) if pairs else 0.0


def _found(term: Term, sentence: frozenset[str]) -> float:
    if term.root in sentence:
        return term.rarity
    if not term.parts:
        return 0.0
    return _PART * term.rarity * sum(part in sentence for part in term.parts) / len(term.parts)
