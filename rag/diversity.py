"""Which of the passages found are shown, so that one source does not crowd out the others."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import chain, zip_longest

from rag.domain import Passage


def spread(passages: Sequence[Passage], k: int, per_source: int, *, in_turn: bool = False) -> list[Passage]:
    """The first ``k`` passages with at most ``per_source`` of each source; what that leaves free is filled.

    ``in_turn`` puts the best passage of every source before the second of any.
    """
    ordered = _in_turn(passages) if in_turn else list(passages)
    chosen: list[Passage] = []
    left: list[Passage] = []
    taken: Counter[str] = Counter()
    for passage in ordered:
        allowed = taken[passage.source.id] < per_source
        (chosen if allowed else left).append(passage)
        taken[passage.source.id] += 1
    return [*chosen, *left][:k]


def _in_turn(passages: Iterable[Passage]) -> list[Passage]:
    by_source: dict[str, list[Passage]] = {}
    for passage in passages:
        by_source.setdefault(passage.source.id, []).append(passage)
    return [passage for passage in chain(*zip_longest(*by_source.values())) if passage is not None]


def with_ensured(passages: Sequence[Passage], ids: frozenset[str], k: int) -> list[Passage]:
    """The first ``k`` passages; those further down whose chunk is among ``ids`` take the last of the places."""
    ensured = [passage for passage in passages[k:] if passage.chunk.id in ids]
    return [*passages[: max(0, k - len(ensured))], *ensured][:k]
