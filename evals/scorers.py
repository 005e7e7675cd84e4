"""One small pure function per measure. Shares are in 0..1, or None where there is nothing to measure:
unscored is not zero."""

from __future__ import annotations

import math
import re
import string
from collections import Counter
from collections.abc import Collection, Iterable, Sequence

from rag.domain import AnswerStatus

WORD_LIMIT = 80
LONG_WORD_LIMIT = 250
LONG_KINDS = frozenset({"list", "stance", "overview"})
ANSWERED = frozenset({AnswerStatus.ANSWERED, AnswerStatus.OVERVIEW})
REFUSED = frozenset(
    {
        AnswerStatus.NOT_STATED,
        AnswerStatus.MISSING_DOCUMENT,
        AnswerStatus.NO_RELEVANT_SOURCE,
        AnswerStatus.UNREADABLE,
    }
)

_PUNCTUATION = str.maketrans("", "", string.punctuation)
_ARTICLES = re.compile(r"\b(a|an|the)\b")


def fold(text: str) -> str:
    """Case and white space folded, as facts are compared."""
    return " ".join(text.casefold().split())


def states(text: str, alternatives: Iterable[str]) -> bool:
    """Whether one of the alternatives occurs in the text, case and white space folded."""
    folded = fold(text)
    return any(fold(alternative) in folded for alternative in alternatives)


def word_count(text: str) -> int:
    """Words between white space; a free-standing citation mark counts as one."""
    return len(text.split())


def is_concise(text: str, kind: str) -> bool:
    """At most 80 words; 250 for the kinds list, stance and overview."""
    return word_count(text) <= (LONG_WORD_LIMIT if kind in LONG_KINDS else WORD_LIMIT)


def share(verdicts: Iterable[bool]) -> float | None:
    """The part of the verdicts that are true."""
    counted = Counter(map(bool, verdicts))
    return counted[True] / counted.total() if counted else None


def ratio(part: float, whole: float) -> float | None:
    """``part / whole``, or None for an empty whole."""
    return part / whole if whole else None


def refusal_precision(outcomes: Iterable[tuple[bool, bool]]) -> float | None:
    """Of the refusals, the part that was right. An outcome is ``(answerable, refused)``.

    Precision and recall of the class "unanswerable", as haiku.rag reports them for its refusals.
    """
    return share(not answerable for answerable, refused in outcomes if refused)


def refusal_recall(outcomes: Iterable[tuple[bool, bool]]) -> float | None:
    """Of the unanswerable cases, the part that was refused. An outcome is ``(answerable, refused)``."""
    return share(refused for answerable, refused in outcomes if not answerable)


def f1(precision: float | None, recall: float | None) -> float | None:
    """The harmonic mean (van Rijsbergen 1979); 0 where both are 0, None where one is not measured."""
    if precision is None or recall is None:
        return None
    return 2 * precision * recall / (precision + recall) if precision + recall else 0.0


def list_f1(named: int, expected: int, wrong: int) -> float | None:
    """F1 of a list answer that names ``named`` of ``expected`` entries, and ``wrong`` false ones."""
    return f1(ratio(named, named + wrong) or 0.0, ratio(named, expected))


def percentile(values: Collection[float], percent: float) -> float | None:
    """The smallest value that at least ``percent`` % of the values do not exceed (nearest rank)."""
    if not values:
        return None
    ordered = sorted(values)
    return ordered[max(0, math.ceil(percent / 100 * len(ordered)) - 1)]


def normalised(answer: str) -> str:
    """Lower case, without ASCII punctuation and English articles, white space folded.

    This is ``normalize_answer`` of the official SQuAD 2.0 script (Rajpurkar, Jia and Liang 2018), unchanged,
    so that figures compare with published ones. The Swedish words "en", "ett", "den" and "det" stay: they
    are numerals and pronouns as often as articles ("en person"), and published Swedish figures keep them.
    """
    return " ".join(_ARTICLES.sub(" ", answer.lower().translate(_PUNCTUATION)).split())


def exact_match(predicted: str, gold: str) -> float:
    """1 where both are the same after normalisation, else 0 (SQuAD 2.0)."""
    return float(normalised(predicted) == normalised(gold))


def word_f1(predicted: str, gold: str) -> float:
    """F1 over the bag of words after normalisation; exact match where one has no words (SQuAD 2.0)."""
    found, wanted = normalised(predicted).split(), normalised(gold).split()
    if not found or not wanted:
        return float(found == wanted)
    common = (Counter(found) & Counter(wanted)).total()
    return f1(common / len(found), common / len(wanted)) or 0.0


def squad_scores(predicted: str, answers: Sequence[str]) -> tuple[float, float]:
    """Exact match and F1, each the best over ``answers``; no answers means that "" is right (SQuAD 2.0)."""
    golds = [answer for answer in answers if normalised(answer)] or [""]
    return (
        max(exact_match(predicted, gold) for gold in golds),
        max(word_f1(predicted, gold) for gold in golds),
    )
