"""The fused retriever without each of its parts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from rag.fusion import FusionWeights
from rag.lexical_weights import LexicalWeights
from rag.retriever import Retriever

_FULL = FusionWeights()
_WORDS = LexicalWeights()
OF_FUSION = {
    "without sentence closeness": replace(_FULL, sentence=0.0),
    "without neighbouring words": replace(_FULL, pairs=0.0),
    "without either closeness": replace(_FULL, sentence=0.0, pairs=0.0),
    "without coverage": replace(_FULL, coverage_power=0.0),
    "without question size": replace(_FULL, size_power=0.0),
}
OF_WORDS = {
    "without parts of compounds": replace(_WORDS, part=0.0),
    "without synonyms": replace(_WORDS, synonym=0.0),
    "without the glossary": replace(_WORDS, translation=0.0),
    "without title and headings": replace(_WORDS, title=0.0, heading=0.0),
    "without letter groups": replace(_WORDS, gram=0.0),
}


def without_each_part(retriever: Retriever) -> Iterator[tuple[str, Retriever]]:
    """(name, retriever over the same collection) for each part that is left out."""
    for name, weights in OF_FUSION.items():
        yield name, retriever.weighted(weights)
    for name, words in OF_WORDS.items():
        yield name, retriever.weighted(_FULL, words)
