"""Passages that say the same in several sources: the background that stands in every answer to a referral."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache

from rag import swedish
from rag.domain import Passage

_SHINGLE = 4  # words
_SHARED = 0.7  # of the shorter passage's shingles
_FEWEST_WORDS = 12


def collapse(passages: Sequence[Passage]) -> list[Passage]:
    """Each near-duplicate once, in the order given: the first stays and names the other sources in ``also_in``.

    Shingles as in Broder 1997. Passages of one source are never merged.
    """
    kept: list[Passage] = []
    holders: dict[tuple[str, ...], list[int]] = {}  # the kept passages that hold a shingle
    for passage in passages:
        own = shingles(passage.chunk.text)
        shared = Counter(at for shingle in own if shingle in holders for at in holders[shingle])
        twin = next((at for at in sorted(shared) if _same(passage, kept[at], shared[at])), None)
        if twin is None:
            for shingle in own:
                holders.setdefault(shingle, []).append(len(kept))
            kept.append(passage)
        elif passage.source.id not in kept[twin].also_in:
            kept[twin] = replace(kept[twin], also_in=(*kept[twin].also_in, passage.source.id))
    return kept


def _same(one: Passage, other: Passage, shared: int) -> bool:
    if one.source.id == other.source.id:
        return False
    fewer, more = sorted((len(shingles(one.chunk.text)), len(shingles(other.chunk.text))))
    return 2 * fewer > more and shared >= _SHARED * fewer


@lru_cache(maxsize=20_000)
def shingles(text: str) -> frozenset[tuple[str, ...]]:
    """The runs of four folded roots in a text; none for a text too short to tell."""
    roots = [swedish.forms(word).root for word in swedish.words(text)]
    if len(roots) < _FEWEST_WORDS:
        return frozenset()
    return frozenset(tuple(roots[i : i + _SHINGLE]) for i in range(len(roots) - _SHINGLE + 1))
