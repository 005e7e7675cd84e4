"""What OCR makes of letters: costs of misreadings, learnt from pages whose true text is known.

Method: a noisy channel (Kernighan, Church & Gale 1990; Brill & Moore 2000): P(read | true) as a product
over single letters, with letters lost, letters added, and one letter read as two or two as one. All costs
are negative natural logarithms. ``ingest.ocr.training`` learns the table that lies in ``data``.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources

import numpy as np

from ingest.ocr.trie import CODES, SPAN, Floats

KINDS = ("swedish", "letters_lost")  # read with a Swedish model; read with one that has no å, ä, ö
_UNSEEN = 9.0  # cost of a misreading that was never observed
_IMPOSSIBLE = 1e9


@dataclass(frozen=True, slots=True)
class Channel:
    """Costs by letter code. ``swap[read, true]`` holds the cost of a right reading too; ``added[read]``;
    ``lost[true]``; ``merged[read, true, true]``; ``split[read, read, true]``."""

    swap: Floats
    added: Floats
    lost: Floats
    merged: Floats
    split: Floats

    def cautious(self, penalty: float) -> Channel:
        """The channel with each misreading dearer by ``penalty``: for pages with less noise."""
        swap = self.swap + np.float32(penalty)
        np.fill_diagonal(swap, self.swap.diagonal())
        return Channel(
            swap, self.added + penalty, self.lost + penalty, self.merged + penalty, self.split + penalty
        )


def load(weights: Mapping[str, float]) -> Channel:
    """The channel that mixes the learnt kinds of noise in the proportions ``weights``."""
    file = resources.files("ingest.ocr") / "data" / "confusions.json"
    return from_tables(json.loads(file.read_text("utf-8")), weights)


def from_tables(tables: Mapping[str, Mapping[str, float]], weights: Mapping[str, float]) -> Channel:
    """The channel of ``tables``: kind -> ``"true>read"`` -> probability of that reading given the true letters."""
    swap = np.full((SPAN, SPAN), np.exp(-_UNSEEN), np.float64)
    added, lost = np.full(SPAN, np.exp(-_UNSEEN)), np.full(SPAN, np.exp(-_UNSEEN))
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
    return Channel(*(_cost(table) for table in (swap, added, lost, merged, split)))


def _cost(probabilities: np.ndarray[tuple[int, ...], np.dtype[np.float64]]) -> Floats:
    with np.errstate(divide="ignore"):
        return np.minimum(-np.log(probabilities), _IMPOSSIBLE).astype(np.float32)
