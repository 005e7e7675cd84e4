"""What OCR makes of letters: costs of misreadings, learnt from pages whose true text is known.

Method: a noisy channel (Kernighan, Church & Gale 1990; Brill & Moore 2000): P(read | true) as a product
over single letters, with letters lost, letters added, and one letter read as two or two as one. All costs
are negative natural logarithms. ``ingest.ocr.training`` learns the table that lies in ``data``.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import resources
from itertools import product

import numpy as np
from numpy.typing import NDArray

from ingest.ocr.trie import CODES, SPAN, Floats

# The kinds of noise: of a reading with a Swedish model, and of one with a model that has no å, ä, ö.
# Cost of a misreading that was never observed: the tables were learnt from very noisy and from clean print.
_UNSEEN = {"swedish": 9.0, "letters_lost": 12.0}
_LONE = {"swedish": 0.01, "letters_lost": 0.06}
SPACE_COST = 7.0
_SIGNS = "0469@&$€£é§"  # what a model without them makes of å, ä and ö, now and then
_SIGN_SHARE = 0.004
_DOUBLE_SHARE = 0.03  # å, ä and ö are broad: now and then they are read as two letters
_IMPOSSIBLE = 1e9


@dataclass(frozen=True, slots=True, eq=False)
class Channel:
    """Costs by letter code. ``swap[read, true]`` holds the cost of a right reading too; ``added[read]``;
    ``lost[true]``; ``merged[read, true, true]``, and ``merging[read, true]`` whether any of those is known;
    ``split[read, read, true]``. ``lone`` is the cost of reading
    the word "i" as a digit or sign, ``space`` that of losing a space."""

    swap: Floats
    added: Floats
    lost: Floats
    merged: Floats
    merging: NDArray[np.bool_]
    split: Floats
    lone: float
    space: float

    def cautious(self, penalty: float) -> Channel:
        """The channel with each misreading dearer by ``penalty``: for pages with less noise."""
        swap = self.swap + np.float32(penalty)
        np.fill_diagonal(swap, self.swap.diagonal())
        return Channel(
            swap,
            self.added + penalty,
            self.lost + penalty,
            self.merged + penalty,
            self.merging,
            self.split + penalty,
            self.lone + penalty,
            self.space + penalty,
        )


@lru_cache(32)
def load(letters_lost: float = 0.0, caution: float = 0.0) -> Channel:
    """The learnt channel with the share ``letters_lost`` of that kind of noise, made ``caution`` dearer."""
    weights = {"swedish": 1 - letters_lost, "letters_lost": letters_lost}
    return from_tables(tables(), weights).cautious(caution)


@cache
def tables() -> Mapping[str, Mapping[str, float]]:
    """The learnt tables: kind -> ``"true>read"`` -> probability of that reading given the true letters."""
    file = resources.files("ingest.ocr") / "data" / "confusions.json"
    learnt: dict[str, dict[str, float]] = json.loads(file.read_text("utf-8"))
    return {**learnt, "letters_lost": _smoothed(learnt["letters_lost"])}


def from_tables(tables: Mapping[str, Mapping[str, float]], weights: Mapping[str, float]) -> Channel:
    """The channel that mixes the kinds of ``tables`` in the proportions ``weights``."""
    unseen = sum(weight * np.exp(-_UNSEEN[kind]) for kind, weight in weights.items())
    swap = np.full((SPAN, SPAN), unseen, np.float64)
    added, lost = np.full(SPAN, unseen), np.full(SPAN, unseen)
    merged, split = np.zeros((SPAN, SPAN, SPAN)), np.zeros((SPAN, SPAN, SPAN))
    np.fill_diagonal(swap, 0.0)
    for kind, weight in weights.items():
        for misreading, probability in tables[kind].items():
            true, _, read = misreading.partition(">")
            share = weight * probability
            t, r = [CODES[letter] for letter in true], [CODES[letter] for letter in read]
            match len(t), len(r):
                case 1, 1:
                    swap[r[0], t[0]] += share
                case 1, 0:
                    lost[t[0]] += share
                case 0, 1:
                    added[r[0]] += share
                case 2, 1:
                    merged[r[0], t[0], t[1]] += share
                case 1, 2:
                    split[r[0], r[1], t[0]] += share
    np.fill_diagonal(swap, np.maximum(swap.diagonal(), 0.5))
    lone = -math.log(sum(weight * _LONE[kind] for kind, weight in weights.items()))
    return Channel(
        _cost(swap),
        _cost(added),
        _cost(lost),
        _cost(merged),
        np.asarray(np.any(merged > 0, axis=2)),
        _cost(split),
        lone,
        SPACE_COST,
    )


def _smoothed(table: Mapping[str, float]) -> dict[str, float]:
    """``table`` with the readings of å, ä, ö that too little print was seen for."""
    smoothed = dict(table)
    for true in "åäö":
        single = {pair[2]: share for pair, share in table.items() if pair[0] == true and len(pair) == 3}
        for sign in _SIGNS:
            smoothed[f"{true}>{sign}"] = smoothed.get(f"{true}>{sign}", 0.0) + _SIGN_SHARE
        for (a, first), (b, second) in product(single.items(), repeat=2):
            double = f"{true}>{a}{b}"
            smoothed[double] = smoothed.get(double, 0.0) + _DOUBLE_SHARE * (first * second) ** 0.5
    return smoothed


def _cost(probabilities: np.ndarray[tuple[int, ...], np.dtype[np.float64]]) -> Floats:
    with np.errstate(divide="ignore"):
        return np.minimum(-np.log(probabilities), _IMPOSSIBLE).astype(np.float32)
