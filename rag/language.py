"""Swedish or English, for questions of a few words.

Statistical detectors need sentences; a question has four words, two of them Swedish names. Function words
decide instead, then the letters, then the conversation so far.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

from rag.domain import Language
from rag.folding import fold
from rag.words import word_table, words

_WORD = re.compile(r"[^\W\d_]+(?:'[a-z]+)?")


def detect(question: str, history: Sequence[str] = ()) -> Language:
    """The language of ``question``; what the question leaves open, the latest earlier question decides.

    ``history`` holds earlier questions, oldest first. With nothing to go by: Swedish.
    """
    for text in (question, *reversed(history)):
        balance = _balance(text)
        if balance:
            return "sv" if balance > 0 else "en"
    return "sv"


def _balance(text: str) -> float:
    """Evidence for Swedish minus evidence for English; 0 when there is none."""
    score = 0.0
    for index, match in enumerate(_WORD.finditer(text)):
        raw, word = match[0], match[0].lower()
        swedish, english = (
            word in _swedish() or fold(word) in _swedish_folded(),
            word in words("english") | words("english_marks"),
        )
        score += (swedish - english) * (2 if index == 0 else 1)  # the first word frames the question
        if not swedish and not english and (index == 0 or raw.islower()) and set(word) & set("åäö"):
            score += 0.5  # a Swedish word rather than a name, which an English question has too
    return score


@cache
def _swedish() -> frozenset[str]:
    return frozenset(word_table()["swedish"])


@cache
def _swedish_folded() -> frozenset[str]:
    """Swedish function words typed without marks, less those that then look like English ones."""
    return frozenset(word for word in words("swedish") - words("english") if len(word) > 2)
