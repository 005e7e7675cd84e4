"""A character trie in flat arrays, searched for many words at a time.

Nodes are numbered breadth first, node 0 is the root, so the edges ``parent * SPAN + letter`` ascend with
the node number: one binary search finds a child, and the children of a node are neighbours.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

# Codes 1.. of what the lexicon and misread words are written with; OTHER is anything else, 0 pads.
# In the order of their code points, so that sorted words are sorted codes.
LETTERS = "".join(sorted("abcdefghijklmnopqrstuvwxyzåäöéüèáàçñøæ-':.0123456789&@|[]!$€£()/§"))
CODES = {letter: code for code, letter in enumerate(LETTERS, 1)}
SPAN = 80  # more than there are codes
OTHER = SPAN - 1
WIDTH = 48  # longer words are left alone

Ints = NDArray[np.int64]
Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Trie:
    """Arrays by node: ``edges`` (parent * SPAN + letter), first child and number of children, what may be
    done at the node (bits of ``dictionary``), cost of the word that ends there (negative natural log of
    its probability, ``inf`` without one) and the least cost at or below it."""

    edges: Ints
    first: Ints
    count: Ints
    uses: NDArray[np.uint8]
    cost: Floats
    least: Floats

    def children(self, nodes: Ints) -> tuple[Ints, Ints]:
        """All children of ``nodes`` as ``(index into nodes, child)``."""
        counts = self.count[nodes]
        origin = np.repeat(np.arange(len(nodes)), counts)
        offset = np.arange(len(origin)) - np.repeat(np.cumsum(counts) - counts, counts)
        return origin, self.first[nodes][origin] + offset

    def child(self, nodes: Ints, letters: Ints) -> Ints:
        """The child of each node by its letter, -1 where there is none."""
        wanted = nodes * SPAN + letters
        at = np.searchsorted(self.edges, wanted)
        at = np.minimum(at, len(self.edges) - 1)
        return np.where((self.edges[at] == wanted) & (nodes >= 0), at, -1)

    def spell(self, node: int) -> str:
        """The letters from the root to ``node``."""
        letters = []
        node, letter = divmod(int(self.edges[node]), SPAN)
        while letter != OTHER:  # which only marks roots
            letters.append(LETTERS[letter - 1])
            node, letter = divmod(int(self.edges[node]), SPAN)
        return "".join(reversed(letters))

    def save(self, path: Path) -> None:
        """Write to ``path`` through a neighbour, so that a reader never sees half a file."""
        path.parent.mkdir(parents=True, exist_ok=True)
        partial = path.with_suffix(".partial.npz")
        np.savez(partial, **{name: getattr(self, name) for name in self.__slots__})
        partial.replace(path)


def load(path: Path) -> Trie:
    """The trie that ``save`` wrote; raises ``OSError`` or ``ValueError`` for anything else."""
    with np.load(path) as arrays:
        return Trie(*(arrays[name] for name in Trie.__slots__))


def graft(trie: Trie, other: Trie) -> tuple[Trie, list[int]]:
    """Both tries in one set of arrays, and their roots."""
    size = len(trie.edges)
    edges = other.edges + size * SPAN  # a root's edge, -1, becomes OTHER below the last node
    joined = Trie(
        np.concatenate([trie.edges, edges]),
        np.concatenate([trie.first, other.first + size]),
        *(
            np.concatenate([getattr(trie, name), getattr(other, name)])
            for name in ("count", "uses", "cost", "least")
        ),
    )
    return joined, [0, size]


def encode(words: list[str]) -> Ints:
    """Letter codes, shape (len(words), WIDTH), padded with 0; letters outside the alphabet are OTHER."""
    return _codes(words).astype(np.int64)


def _codes(words: list[str]) -> NDArray[np.uint8]:
    padded = np.array([word.encode("cp1252", "replace") for word in words], dtype=f"S{WIDTH}")
    return _table()[padded.view(np.uint8).reshape(len(words), WIDTH)]


@cache
def _table() -> NDArray[np.uint8]:
    table = np.full(256, OTHER, np.uint8)
    for letter, code in CODES.items():
        table[letter.encode("cp1252")[0]] = code
    table[0] = 0
    return table


def build(words: Mapping[str, tuple[int, float]]) -> Trie:
    """The trie of ``words``: word -> (uses, cost). Words with letters outside the alphabet are left out."""
    odd = re.compile(f"[^{re.escape(LETTERS)}]")
    kept = sorted(word for word in words if 0 < len(word) < WIDTH and not odd.search(word))
    values = [words[word] for word in kept]
    uses = np.array([use for use, _ in values], np.uint8)
    return _link(_codes(kept), uses, np.array([cost for _, cost in values], np.float32))


def _link(codes: NDArray[np.uint8], uses: NDArray[np.uint8], costs: Floats) -> Trie:
    total, lengths = len(codes), (codes > 0).sum(axis=1)
    differ = codes[1:] != codes[:-1]
    shared = np.concatenate([[-1], np.where(differ.any(axis=1), differ.argmax(axis=1), WIDTH)])
    at = np.zeros(total, np.int64)  # the node of each word at the depth reached
    edges, ends = [np.array([-1])], np.zeros(total, np.int64)
    number, starts = 1, []
    for depth in range(int(lengths.max(initial=0))):
        inside = lengths > depth
        new = inside & (shared <= depth)
        starts.append(number)
        fresh = number - 1 + np.cumsum(new)
        edges.append(at[new] * SPAN + codes[new, depth])
        at = np.where(inside, fresh, at)
        ends = np.where(lengths == depth + 1, at, ends)
        number += int(new.sum())
    return _finish(np.concatenate(edges), starts, ends, uses, costs)


def _finish(edges: Ints, starts: list[int], ends: Ints, uses: NDArray[np.uint8], costs: Floats) -> Trie:
    size = len(edges)
    parents = edges // SPAN
    count = np.bincount(parents[1:], minlength=size)
    first = 1 + np.cumsum(count) - count
    use, cost = np.zeros(size, np.uint8), np.full(size, np.inf, np.float32)
    use[ends], cost[ends] = uses, costs
    least = cost.copy()
    for start, end in reversed(list(zip(starts, [*starts[1:], size], strict=True))):  # deepest level first
        np.minimum.at(least, parents[start:end], least[start:end])
    return Trie(edges.astype(np.int64), first.astype(np.int64), count.astype(np.int64), use, cost, least)
