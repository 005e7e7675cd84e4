"""Examples as token windows and batches."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from evals.training.example import Example
from rag.reader_network import MAX_ANSWER_TOKENS

if TYPE_CHECKING:
    from tokenizers import Tokenizer
    from torch import Tensor

BOS, PAD, EOS, MASK = 0, 1, 2, 250_001
MAX_WINDOW = 256
MAX_QUESTION = 48
MAX_CONTEXT = 32
HIDDEN = (
    0.0,
    0.0,
    0.06,
    0.12,
)  # share of a window's words hidden, outside of the answer: in place of dropout
CROPS = (70, 90, 110, 140, 200)  # tokens of a stretch that is read instead of a whole text


@dataclass(frozen=True, slots=True)
class Window:
    """Token ids of one window; the text's tokens begin at ``first``; ``golds`` are token spans in it."""

    ids: tuple[int, ...]
    first: int
    golds: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Batch:
    """``ids``, ``mask``, ``in_text`` (n, l); ``gold`` (n, l, l) marks right spans, none where not stated."""

    ids: Tensor
    mask: Tensor
    in_text: Tensor
    gold: Tensor


class Encoder:
    """Turns examples into windows, keeping each text's tokens since most texts have many questions."""

    def __init__(self, tokenizer: Tokenizer) -> None:
        self._tokenizer = tokenizer
        self._text = lru_cache(20_000)(self._encode)

    def _encode(self, text: str) -> tuple[tuple[int, ...], tuple[tuple[int, int], ...]]:
        encoding = self._tokenizer.encode(text, add_special_tokens=False)
        return tuple(encoding.ids), tuple(encoding.offsets)

    def window(self, example: Example, rng: random.Random) -> Window:
        """One window of the example, at a random place of a text that is longer than a window."""
        question = self._encode("query: " + example.question)[0][:MAX_QUESTION]
        context = self._encode(example.context + "\n")[0][:MAX_CONTEXT] if example.context else ()
        ids, offsets = self._text(example.text)
        head = (BOS, *question, EOS, EOS, *context)
        room = MAX_WINDOW - len(head) - 1
        if example.crop:
            room = min(room, rng.choice(CROPS))
        spans = [_tokens(offsets, gold) for gold in example.golds]
        spans = [span for span in spans if span[1] - span[0] < min(MAX_ANSWER_TOKENS, room)]
        looks = [_tokens(offsets, place) for place in example.plausible]
        start = _place(len(ids), room, spans or looks, rng)
        first = len(head)
        golds = tuple(
            (first + a - start, first + b - start) for a, b in spans if a >= start and b < start + room
        )
        shown = _with_hidden(head + ids[start : start + room], golds, rng)
        return Window((*shown, EOS), first, golds)


def _with_hidden(
    ids: tuple[int, ...], golds: Sequence[tuple[int, int]], rng: random.Random
) -> tuple[int, ...]:
    """``ids`` with some tokens masked: dropout inside the network would triple the time of a step."""
    share = rng.choice(HIDDEN)
    kept = {at for start, end in golds for at in range(start, end + 1)}
    return tuple(
        MASK if at > 2 and at not in kept and id_ != EOS and rng.random() < share else id_
        for at, id_ in enumerate(ids)
    )


def _tokens(offsets: Sequence[tuple[int, int]], span: tuple[int, int]) -> tuple[int, int]:
    """The first and last token that share a character with ``span``."""
    inside = [i for i, (a, b) in enumerate(offsets) if a < span[1] and b > span[0]]
    return (inside[0], inside[-1]) if inside else (0, len(offsets))


def _place(length: int, room: int, spans: Sequence[tuple[int, int]], rng: random.Random) -> int:
    """Where the window starts: anywhere, but so that one of the spans is whole inside it."""
    last = max(length - room, 0)
    if not spans:
        return rng.randint(0, last)
    start, end = rng.choice(list(spans))
    return rng.randint(min(max(end - room + 1, 0), last), min(start, last))


def batches(windows: Sequence[Window], tokens: int, rng: random.Random) -> Iterator[Batch]:
    """Batches of about ``tokens`` tokens: windows of like length together, in random order.

    Sorting within stretches of a few hundred windows keeps padding small and the order random.
    """
    groups: list[list[Window]] = []
    for at in range(0, len(windows), 640):
        group: list[Window] = []
        for window in sorted(windows[at : at + 640], key=lambda window: len(window.ids)):
            if group and (len(group) + 1) * len(window.ids) > tokens:
                groups.append(group)
                group = []
            group.append(window)
        groups.append(group)
    rng.shuffle(groups)
    for group in groups:
        yield batch(group)


def batch(windows: Sequence[Window]) -> Batch:
    """One padded batch."""
    import torch

    length = max(len(window.ids) for window in windows)
    length = -(-length // 8) * 8
    ids = torch.full((len(windows), length), PAD)
    mask = torch.zeros(len(windows), length, dtype=torch.long)
    in_text = torch.zeros(len(windows), length, dtype=torch.bool)
    gold = torch.zeros(len(windows), length, length, dtype=torch.bool)
    for row, window in enumerate(windows):
        ids[row, : len(window.ids)] = torch.tensor(window.ids)
        mask[row, : len(window.ids)] = 1
        in_text[row, window.first : len(window.ids) - 1] = True
        for start, end in window.golds:
            gold[row, start, end] = True
    return Batch(ids, mask, in_text, gold)
