"""Which letters were read as which, from words whose true reading is known."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import pairwise


def counts(words: Iterable[tuple[str, str]]) -> tuple[Counter[str], Counter[str]]:
    """How often each ``"true>read"`` occurs in ``(true, read)`` words, and how often each true letter or
    pair of letters does ("" counts the places between letters)."""
    misread: Counter[str] = Counter()
    seen: Counter[str] = Counter()
    for word, reading in words:
        seen.update(word)
        seen.update(a + b for a, b in pairwise(word))
        seen[""] += len(word)
        misread.update(_letter_pairs(word, reading))
    return misread, seen


def _letter_pairs(word: str, reading: str) -> Iterator[str]:
    from rapidfuzz.distance import Levenshtein

    true = read = ""
    for op in [*Levenshtein.opcodes(word, reading), None]:
        if op is not None and op.tag != "equal":
            true, read = true + word[op.src_start : op.src_end], read + reading[op.dest_start : op.dest_end]
            continue
        yield from _segments(true, read)
        true = read = ""
        if op is not None:
            yield from (f"{letter}>{letter}" for letter in word[op.src_start : op.src_end])


def _segments(true: str, read: str) -> Iterator[str]:
    if not true and not read:
        return
    if (max(len(true), len(read)) <= 2 and (len(true), len(read)) != (2, 2)) or not (true and read):
        if len(true) + len(read) <= 1 or (true and read):
            yield f"{true}>{read}"
        else:
            yield from (f"{a}>" for a in true)
            yield from (f">{b}" for b in read)
        return
    yield f"{true[0]}>{read[0]}"
    yield from _segments(true[1:], read[1:])
