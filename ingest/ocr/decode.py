"""The likeliest reading of a text: Viterbi over candidates with word pairs as context."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from ingest.ocr.frequencies import NUMBER, START, Frequencies
from ingest.ocr.search import Candidate

LOCAL_WEIGHT = 0.15  # how much a text's own vocabulary counts beside the general one


@dataclass(frozen=True, slots=True)
class Slot:
    """One place in the text: what may stand there, and whether a sentence begins with it."""

    options: tuple[Candidate, ...]
    begins: bool


@dataclass(frozen=True, slots=True)
class Language:
    """Word frequencies, those of the text at hand mixed in (a cache model, Kuhn & De Mori 1990)."""

    general: Frequencies
    local: Mapping[str, int]
    weight: float = 1.0

    def alone(self, word: str, otherwise: float) -> float:
        """Cost of ``word`` by itself; ``otherwise`` where general use does not know it."""
        cost = self.general.cost(word)
        cost = max(otherwise, 1.0) if cost is None else cost
        if not self.local:
            return cost
        share = self.local.get(word, 0) / self.local[START]
        return -math.log((1 - LOCAL_WEIGHT) * math.exp(-cost) + LOCAL_WEIGHT * share)


def decode(slots: list[Slot], language: Language) -> list[Candidate]:
    """One option for each of ``slots``, so that misreadings and word pairs together cost least."""
    trellis: list[list[tuple[float, int]]] = []
    before: list[tuple[str, float]] = [(START, 0.0)]
    for slot in slots:
        if slot.begins and trellis:
            least = min(range(len(before)), key=lambda index: before[index][1])
            entries = [(START, before[least][1], least)]
        else:
            entries = [(word, cost, index) for index, (word, cost) in enumerate(before)]
        row, after = [], []
        for option in slot.options:
            (cost, origin), last = _step(option, entries, language)
            row.append((cost, origin))
            after.append((last, cost))
        trellis.append(row)
        before = after
    return _trace(slots, trellis)


def _step(
    option: Candidate, entries: list[tuple[str, float, int]], language: Language
) -> tuple[tuple[float, int], str]:
    first, _, second = option.text.partition(" ")
    tail = 0.0
    if second:
        tail = language.general.pair_cost(first, second, language.alone(second, 16.0))
    first = NUMBER if first[:1].isdigit() and len(first) == 1 else first
    alone = language.alone(first, option.prior - tail)
    cost, origin = min(
        (so_far + language.weight * language.general.pair_cost(word, first, alone), index)
        for word, so_far, index in entries
    )
    return (cost + option.channel + language.weight * tail, origin), second or first


def _trace(slots: list[Slot], trellis: list[list[tuple[float, int]]]) -> list[Candidate]:
    chosen: list[Candidate] = []
    at = min(range(len(trellis[-1])), key=lambda index: trellis[-1][index][0]) if trellis else 0
    for slot, row in zip(reversed(slots), reversed(trellis), strict=True):
        chosen.append(slot.options[at])
        at = row[at][1]
    return chosen[::-1]
