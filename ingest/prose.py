"""Sentences of a text, split and folded once however many modules ask."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from functools import lru_cache

from rag.folding import fold
from rag.sentences import Sentence, split_sentences


@lru_cache(maxsize=4)
def sentences_of(text: str) -> tuple[Sentence, ...]:
    """All sentences of ``text``."""
    return split_sentences(text)


@lru_cache(maxsize=4)
def folded(text: str) -> str:
    """``rag.folding.fold`` of a whole text; positions stay."""
    return fold(text)


def sentences_with(text: str, pattern: re.Pattern[str]) -> Iterator[Sentence]:
    """The sentences of ``text`` in which ``pattern`` matches the folded text, in order, each once."""
    sentences = sentences_of(text)
    starts = [sentence.start for sentence in sentences]
    seen = -1
    for match in pattern.finditer(folded(text)):
        at = bisect_right(starts, match.start()) - 1
        if at > seen and match.start() < sentences[at].end:
            seen = at
            yield sentences[at]
