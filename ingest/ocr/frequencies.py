"""How often Swedish words, and pairs of words, occur in public administration's texts.

The counts lie in ``data/frequencies.npz``; ``ingest.ocr.training`` made them from public texts of the
parliament, the government and a municipality and from translated encyclopedia articles. Counts are facts about
those texts; no sentence of them is kept. Method: absolute discounting with back-off to single words
(Ney, Essen & Kneser 1994).
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources

import numpy as np

START = "<s>"  # the beginning of a sentence
NUMBER = "<num>"
DISCOUNT = 0.6
_SPAN = 1 << 20  # more than there are words


@dataclass(frozen=True, slots=True)
class Frequencies:
    """``ids`` numbers the words in falling frequency; ``counts[id]``; ``capitals[id]`` is the share of a
    word's uses inside sentences that begin with a capital; ``pairs[before * _SPAN + id]`` counts."""

    ids: Mapping[str, int]
    counts: list[int]
    capitals: list[float]
    pairs: Mapping[int, int]
    left_over: list[float]  # by id: the share of what follows the word that ``pairs`` does not tell
    total: int

    def cost(self, word: str) -> float | None:
        """Negative log probability of ``word`` by itself, None where it was never seen."""
        number = self.ids.get(word)
        return None if number is None else math.log(self.total / self.counts[number])

    def pair_cost(self, before: str | None, word: str, alone: float) -> float:
        """Negative log probability of ``word`` after ``before``; ``alone`` is its cost by itself."""
        first = None if before is None else self.ids.get(before)
        if first is None:
            return alone
        probability = self.left_over[first] * math.exp(-alone)
        second = self.ids.get(word)
        if second is not None and (pair := self.pairs.get(first * _SPAN + second)):
            probability += (pair - DISCOUNT) / self.counts[first]
        return -math.log(probability)

    def capital_share(self, word: str) -> float:
        """How often ``word`` is written with a capital inside a sentence, 0 for a word never seen."""
        number = self.ids.get(word)
        return 0.0 if number is None else self.capitals[number]


@cache
def load() -> Frequencies:
    """The counts that come with the package; about 0.2 s the first time."""
    with (
        resources.as_file(resources.files("ingest.ocr") / "data" / "frequencies.npz") as path,
        np.load(path) as data,
    ):
        words = data["words"].tobytes().decode("utf-8").split("\n")
        counts = data["counts"].tolist()
        pairs = np.cumsum(data["pair_gaps"].astype(np.int64))
        pair_counts = data["pair_counts"].astype(np.int64)
        told = np.bincount(pairs // _SPAN, weights=pair_counts - DISCOUNT, minlength=len(words))
        # Sentence starts follow a word without being counted in it, so a share can exceed one by a hair.
        left = np.clip(1 - told / np.maximum(data["counts"], 1), 0.02, 1.0)
        return Frequencies(
            {word: number for number, word in enumerate(words)},
            counts,
            (data["capitals"].astype(float) / 255).tolist(),
            dict(zip(pairs.tolist(), pair_counts.tolist(), strict=True)),
            left.tolist(),
            int(sum(counts)),
        )
