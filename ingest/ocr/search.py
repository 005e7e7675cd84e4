"""From misread words to the words they may have been: a beam search through the lexicon.

All words go through together, letter by letter. A hypothesis is (word, position in the trie, cost so far);
each step reads a letter rightly or wrongly, skips one, or supplies one, and at the end of a word part it may
start over at the root, which makes compounds.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import numpy as np

from ingest.ocr.channel import Channel
from ingest.ocr.dictionary import BEGIN, END, LOOSE, WORD
from ingest.ocr.trie import SPAN, Floats, Ints, Trie, encode
from ingest.ocr.words import lexicon

COMPOUND_COST = 7.0  # of one more word part, beside the cost of the last part
LOOSE_COST = 3.0  # of a last part that the dictionary does not mark as one
_LOOKAHEAD = 0.6  # weight of the cheapest word ahead while searching
_MAX_PARTS = 4
_REMEMBERED = 100_000  # words: some 40 MB
_BATCH = 1000  # words at a time: more no longer fit the processor's cache


@dataclass(frozen=True, slots=True)
class Candidate:
    """A word that may have been meant: ``channel`` is the cost of misreading it so, ``prior`` its own."""

    text: str
    channel: float
    prior: float


@dataclass(slots=True)
class _Beam:
    """Hypotheses as parallel arrays. ``link`` is the row of ``_Links`` before this part, or -1."""

    word: Ints
    node: Ints
    link: Ints
    cost: Floats
    prior: Floats

    def take(self, index: Ints | np.ndarray[tuple[int], np.dtype[np.bool_]]) -> _Beam:
        return _Beam(
            self.word[index], self.node[index], self.link[index], self.cost[index], self.prior[index]
        )


class _Links:
    """The finished parts: each row names the node a part ended in, the row before it, and how many parts that makes."""

    def __init__(self) -> None:
        self.node = np.zeros(0, np.int64)
        self.before = np.zeros(0, np.int64)
        self.parts = np.zeros(0, np.int64)

    def add(self, beam: _Beam) -> Ints:
        start = len(self.node)
        parts = np.where(beam.link >= 0, self.parts[beam.link] if start else 0, 0) + 1
        self.node = np.concatenate([self.node, beam.node])
        self.before = np.concatenate([self.before, beam.link])
        self.parts = np.concatenate([self.parts, parts])
        return np.arange(start, len(self.node))


@dataclass(frozen=True, slots=True, eq=False)
class Search:
    """Looks words up that were misread as ``channel`` tells. ``width`` bounds the hypotheses of a word,
    ``window`` how much worse than its best one they may be, ``best`` the candidates given."""

    trie: Trie
    roots: list[int]
    channel: Channel
    width: int = 16
    window: float = 14.0
    best: int = 8
    known: dict[str, list[Candidate]] = field(default_factory=dict, repr=False)

    def candidates(self, words: list[str]) -> list[list[Candidate]]:
        """For each of ``words`` (lower case) its candidates, the likeliest first."""
        if len(self.known) > _REMEMBERED:
            self.known.clear()
        found = {word: self.known.get(word) for word in words}
        new = [word for word, ranked in found.items() if ranked is None]
        for at in range(0, len(new), _BATCH):
            batch = new[at : at + _BATCH]
            found.update(zip(batch, _Run(batch, self).run(), strict=True))
        self.known.update((word, found[word] or []) for word in new)
        return [found[word] or [] for word in words]


@lru_cache(16)
def general(channel: Channel, width: int = 16) -> Search:
    """The search through the general lexicon; shared, so that common words are looked up once."""
    return Search(lexicon(), [0], channel, width)


class _Run:
    def __init__(self, words: list[str], search: Search) -> None:
        self.codes = encode(words)
        self.lengths = (self.codes > 0).sum(axis=1)
        self.trie, self.channel, self.roots = search.trie, search.channel, np.array(search.roots)
        self.width, self.window, self.best = search.width, search.window, search.best
        self.links = _Links()

    def run(self) -> list[list[Candidate]]:
        total, rooms = len(self.codes), len(self.roots)
        start = _Beam(
            np.repeat(np.arange(total), rooms),
            np.tile(self.roots, total),
            np.full(total * rooms, -1),
            np.zeros(total * rooms, np.float32),
            np.zeros(total * rooms, np.float32),
        )
        waiting: dict[int, list[_Beam]] = {0: [start]}
        finished: list[_Beam] = []
        for at in range(int(self.lengths.max(initial=0)) + 1):
            beam = self._prune(_join(waiting.pop(at, [])), distinct=True)
            beam = self._prune(_join([beam, *self._lost(beam)]))
            beam = self._prune(_join([beam, *self._restart(beam, at)]))
            done = self.lengths[beam.word] == at
            finished.append(beam.take(done))
            beam = beam.take(~done)
            for step, new in self._read(beam, at):
                waiting.setdefault(at + step, []).append(new)
        return self._collect(_join(finished))

    def _prune(self, beam: _Beam, distinct: bool = False) -> _Beam:
        """The ``width`` best hypotheses of each word, none worse than the best by more than ``window``."""
        if not len(beam.word):
            return beam
        score = beam.cost + beam.prior + _LOOKAHEAD * self.trie.least[beam.node]
        lead = np.full(len(self.codes), np.inf, np.float32)
        np.minimum.at(lead, beam.word, score)
        near = np.flatnonzero(score <= lead[beam.word] + self.window)
        beam, score = beam.take(near), score[near]
        # One integer sorts by word, then score: sorting integers is several times faster than lexsort.
        order = np.argsort((beam.word << 24) + (score * 4096).astype(np.int64))
        if distinct:
            state = (beam.word << 42) + (beam.node << 21) + beam.link + 1
            _, earliest = np.unique(state[order], return_index=True)
            order = order[np.sort(earliest)]
        word = beam.word[order]
        starts = np.flatnonzero(np.concatenate([[True], word[1:] != word[:-1]]))
        rank = np.arange(len(word)) - np.repeat(starts, np.diff(np.append(starts, len(word))))
        return beam.take(order[rank < self.width])

    def _lost(self, beam: _Beam) -> list[_Beam]:
        """A letter of the true word that was not read."""
        origin, child = self.trie.children(beam.node)
        letter = self.trie.edges[child] % SPAN
        new = beam.take(origin)
        new.node = child
        new.cost = new.cost + self.channel.lost[letter]
        return [new]

    def _restart(self, beam: _Beam, at: int) -> list[_Beam]:
        """The end of a word part: the next part, or the next word, begins."""
        if at < 2:
            return []
        left = self.lengths[beam.word] - at
        parts = np.where(beam.link >= 0, self.links.parts[beam.link] if len(self.links.parts) else 0, 0)
        uses = self.trie.uses[beam.node]
        joint = (uses & BEGIN > 0) & (left >= 3) & (parts < _MAX_PARTS - 1)
        return [self._next(beam.take(joint))]

    def _next(self, beam: _Beam) -> _Beam:
        link = self.links.add(beam)
        rooms = len(self.roots)
        new = beam.take(np.repeat(np.arange(len(beam.word)), rooms))
        new.prior = (new.prior + COMPOUND_COST).astype(np.float32)
        new.link, new.node = np.repeat(link, rooms), np.tile(self.roots, len(beam.word))
        return new

    def _read(self, beam: _Beam, at: int) -> list[tuple[int, _Beam]]:
        """One or two letters are read."""
        channel, edges = self.channel, self.trie.edges
        read = self.codes[beam.word, at]
        origin, child = self.trie.children(beam.node)
        letter = edges[child] % SPAN
        swap = beam.take(origin)
        swap.node = child
        before = swap.cost
        swap.cost = before + channel.swap[read[origin], letter]
        extra = beam.take(np.arange(len(beam.word)))
        extra.cost = extra.cost + channel.added[read]
        steps = [(1, swap), (1, extra)]
        follow = self.codes[beam.word, at + 1]
        split_cost = channel.split[read[origin], follow[origin], letter]
        chosen = np.flatnonzero(split_cost < 1e6)
        if len(chosen):
            split = swap.take(chosen)
            split.cost = before[chosen] + split_cost[chosen]
            steps.append((2, split))
        possible = np.flatnonzero(channel.merging[read[origin], letter])
        if len(possible):
            deeper, grandchild = self.trie.children(child[possible])
            row = possible[deeper]
            cost = channel.merged[read[origin][row], letter[row], edges[grandchild] % SPAN]
            good = np.flatnonzero(cost < 1e6)
            merged = swap.take(row[good])
            merged.node, merged.cost = grandchild[good], before[row[good]] + cost[good]
            steps.append((1, merged))
        return steps

    def _collect(self, beam: _Beam) -> list[list[Candidate]]:
        uses = self.trie.uses[beam.node]
        compound = beam.link >= 0
        ends = np.where(compound, uses & (END | LOOSE) > 0, uses & WORD > 0)
        loose = np.where(compound & (uses & END == 0), np.float32(LOOSE_COST), np.float32(0))[ends]
        beam = beam.take(ends)
        prior = beam.prior + self.trie.cost[beam.node] + loose
        order = np.lexsort((beam.cost + prior, beam.word))
        found: list[list[Candidate]] = [[] for _ in range(len(self.codes))]
        for row in order.tolist():
            into = found[int(beam.word[row])]
            if len(into) >= self.best:
                continue
            text = self._spell(int(beam.node[row]), int(beam.link[row]))
            if all(text != other.text for other in into):
                into.append(Candidate(text, float(beam.cost[row]), float(prior[row])))
        return found

    def _spell(self, node: int, link: int) -> str:
        text = self.trie.spell(node)
        while link >= 0:
            text = self.trie.spell(int(self.links.node[link])) + text
            link = int(self.links.before[link])
        return text


def _join(beams: list[_Beam]) -> _Beam:
    def gather(name: str, kind: type[np.generic]) -> Any:
        return np.concatenate([np.zeros(0, kind), *(getattr(beam, name) for beam in beams)])

    return _Beam(
        gather("word", np.int64),
        gather("node", np.int64),
        gather("link", np.int64),
        gather("cost", np.float32),
        gather("prior", np.float32),
    )
