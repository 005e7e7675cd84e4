"""Names learnt from the collection's clean documents, for mending them in its misread ones."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from ingest.ocr import frequencies, words
from ingest.ocr.dictionary import BEGIN, WORD
from ingest.ocr.trie import Trie, build, graft

_NAME = re.compile(r"(?<![.!?:]\s)(?<=\s)[A-ZÅÄÖ][a-zåäöéüè]{2,}(?:-[A-ZÅÄÖ][a-zåäöéüè]+)*")
_COST = 11.0  # of a name of the collection, about that of a word seen 25 times in the counted texts


@dataclass(frozen=True, slots=True, eq=False)
class Lexicon:
    """Lower-cased names with how often clean documents use them."""

    names: Mapping[str, int] = field(default_factory=dict)

    def trie(self) -> tuple[Trie, list[int]]:
        """The general trie with these names grafted onto it, and the roots to search from."""
        return _grafted(self)


NO_NAMES = Lexicon()


@lru_cache(2)
def _grafted(lexicon: Lexicon) -> tuple[Trie, list[int]]:
    if not lexicon.names:
        return words.lexicon(), [0]
    return graft(words.lexicon(), build({name: (WORD | BEGIN, _COST) for name in lexicon.names}))


def learn(texts: Iterable[str]) -> Lexicon:
    """The names in ``texts``, which must be cleanly read: capitalised inside a sentence, at least twice."""
    counts: Counter[str] = Counter()
    for text in texts:
        for match in _NAME.finditer(text):
            counts.update(part.lower() for part in match.group().split("-"))
    counted = frequencies.load()
    return Lexicon(
        {
            name: number
            for name, number in counts.items()
            # A heading's first word is no name: in general use it is written small.
            if number >= 2 and (counted.cost(name) is None or counted.capital_share(name) > 0.5)
        }
    )
