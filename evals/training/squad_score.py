"""SQuAD 2.0's exact match and F1 on normalised answers (Rajpurkar et al. 2018, "Know What You Don't Know").

Normalised exactly as the official script does, English articles and all, so that figures compare.
"""

from __future__ import annotations

import re
import string
from collections import Counter
from collections.abc import Sequence

_ARTICLES = re.compile(r"\b(a|an|the)\b")
_PUNCTUATION = str.maketrans("", "", string.punctuation)


def normalise(answer: str) -> str:
    """Lower case, without punctuation, articles and surplus white space."""
    return " ".join(_ARTICLES.sub(" ", answer.lower().translate(_PUNCTUATION)).split())


def exact(answer: str, golds: Sequence[str]) -> float:
    """1 where the normalised answer is one of the right ones; an empty ``golds`` asks for no answer."""
    return float(normalise(answer) in {normalise(gold) for gold in golds or ("",)})


def f1(answer: str, golds: Sequence[str]) -> float:
    """Harmonic mean of the words' precision and recall against the best of the right answers."""
    return max(_f1(normalise(answer).split(), normalise(gold).split()) for gold in golds or ("",))


def _f1(ours: list[str], theirs: list[str]) -> float:
    if not ours or not theirs:
        return float(ours == theirs)
    shared = sum((Counter(ours) & Counter(theirs)).values())
    return 2 * shared / (len(ours) + len(theirs))
