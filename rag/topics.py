"""Whether a text is about what a question asks: its content words against the text's, by roots and parts.

Swedish words match by root and by the parts of compounds (fritidsbussen ~ fritidsgård), long ones also with
a misread letter or two; English ones through a glossary.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz import fuzz

from rag import swedish
from rag.folding import fold
from rag.glossary import translations

_LONG = 8  # letters from which a word may be misread in one or two of them
_STEM = 5  # letters of a word that begins a long one
_ALIKE = 84.0  # rapidfuzz.fuzz.ratio, percent


@dataclass(frozen=True)
class Terms:
    """The words of a text as they are compared: folded roots, parts of compounds, long words whole."""

    roots: frozenset[str]
    long: tuple[str, ...]

    def holds(self, word: str) -> float:
        """How much of ``word`` (lower case) the text has, 0..1: all of it in some form, or parts of a compound."""
        return max(self._share(form) for form in (word, *translations(word)))

    def _share(self, word: str) -> float:
        forms, whole = swedish.forms(word), fold(word)
        if forms.root in self.roots or whole in self.roots:
            return 1.0
        if len(whole) >= _LONG and any(fuzz.ratio(whole, other) >= _ALIKE for other in self.long):
            return 1.0
        if len(forms.root) >= _STEM and any(other.startswith(forms.root) for other in self.long):
            return 1.0  # the first part of a compound that no word list splits
        ends = tuple(end for end in (whole, forms.root) if len(end) >= _STEM - 1)
        if any(other.endswith(ends) for other in self.long):
            return 1.0
        parts = [part for part in forms.parts if len(part) > 3]
        return sum(part in self.roots for part in parts) / len(parts) if parts else 0.0


@lru_cache(maxsize=256)
def terms_of(text: str) -> Terms:
    """The terms of a text; those of the last texts are remembered."""
    roots: set[str] = set()
    long: set[str] = set()
    for word in set(swedish.words(text)):
        forms = swedish.forms(word)
        roots.update((forms.root, fold(word), *(part for part in forms.parts if len(part) > 3)))
        if len(word) >= _LONG:
            long.update((fold(word), forms.root))
    return Terms(frozenset(roots), tuple(long))


def coverage(topic: Iterable[str], terms: Terms) -> float:
    """The share of the topic's words that the text has, 0..1; 1 for an empty topic."""
    words = tuple(topic)
    return sum(map(terms.holds, words)) / len(words) if words else 1.0
