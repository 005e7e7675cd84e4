"""Yes or no: whether a sentence affirms or denies what a question asks.

The sentence must speak of what is asked (most of the question's topic words stand in it); then a negation
in one of the two but not the other means no. A question whether something has changed is answered by words
for change and for none. Anything less clear gets no yes or no, only the quote.
"""

from __future__ import annotations

import re
from typing import Literal

from rag.folding import fold
from rag.question import Question
from rag.topics import coverage, terms_of

Polarity = Literal["yes", "no", "partly"]

LEAST_COVERED = 0.5  # of the question's topic words, found in the sentence by their first letters
PREFIX = 5  # letters: inflection and compounding change the end of a Swedish word
_NEGATION = re.compile(
    r"\b(?:inte|ej|icke|inga|ingen|inget|aldrig|saknar|saknas|varken|utan|not|no|never|nor|none|lack|lacks)\b"
    r"|\b(?:avsla|avslog|avstyrk)\w*"
)
_PARTLY = re.compile(r"\b(?:delvis|till stora delar|till viss del|i vissa fall|partly|partially|in part)\b")
_EXCEPT = r"\b(?:utom|forutom|med undantag (?:av|for)|except(?: for)?)(?: i| hos| in)?"
_BARE_LACK = re.compile(
    r"\b(?:saknar|(?:har|finns|gor) (?:det )?(?:ingen|inget|inga|inte)|(?:does|do|has|have) not)\W*$"
)
_NAME = re.compile(r"(?<=\s)[A-ZÅÄÖ]\w+")
_CHANGE = re.compile(
    r"\b(?:utok|oka\w*|okat|forandra|andra[dst]|minska|vuxit|blivit (?:fler|farre)|fler (?:an|nu)"
    r"|chang|increas|decreas|expand|grow|grew|more than before|reduc)"
)
_UNCHANGED = re.compile(
    r"\b(?:oforandra|densamma|samma (?:antal|omfattning|niva)|sa har det varit|ligger kvar|som tidigare|unchanged)"
)
_CHANGED = re.compile(
    r"\b(?:utok|okade|okats?\b|minska|forandrats|andrats|(?:fram till|tidigare|forst)\b.*\b(?:men|nu|numera|sedan)\b)"
)


def polarity(question: Question, sentence: str) -> Polarity | None:
    """The answer to a yes/no ``question`` that ``sentence`` gives, or None where it is not clear."""
    folded = fold(sentence)
    if any(re.search(rf"{_EXCEPT} {re.escape(fold(body))}", folded) for body in question.bodies):
        return "no"
    if _CHANGE.search(fold(question.text)) and (change := _change(folded)):
        return change
    if _BARE_LACK.search(folded) and any(fold(body) in folded for body in question.bodies):
        return "no"  # "X och Y saknar.": what, the sentence before says
    topics = _topics(question)
    if not question.topic or any(_covered(words, sentence) < LEAST_COVERED for words in topics):
        return None
    if _PARTLY.search(folded):
        return "partly"
    denied = bool(_NEGATION.search(folded))
    return "yes" if denied == bool(_NEGATION.search(fold(question.text))) else "no"


def _change(folded: str) -> Polarity | None:
    """Whether a sentence tells of a change, or that there was none."""
    if _UNCHANGED.search(folded):
        return "no"
    return "yes" if _CHANGED.search(folded) and not _NEGATION.search(folded) else None


def _topics(question: Question) -> tuple[tuple[str, ...], ...]:
    """The question's topic, and that without names: a sentence about the same place may be about anything."""
    names = {name.lower() for name in _NAME.findall(question.text)}
    things = tuple(word for word in question.topic if word not in names)
    return (question.topic, things or question.topic)


def _covered(topic: tuple[str, ...], sentence: str) -> float:
    """The share of the topic that stands in the sentence: by first letters, or as ``rag.topics`` compares words."""
    folded = fold(sentence)
    return max(
        sum(fold(word)[:PREFIX] in folded for word in topic) / len(topic), coverage(topic, terms_of(sentence))
    )
