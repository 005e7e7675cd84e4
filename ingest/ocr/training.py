"""Makes the two files in ``ingest/ocr/data``: word frequencies, and the confusions of OCR.

    python -m ingest.ocr.training frequencies TEXTS.jsonl...     (rows with "text", and "title" if any)
    python -m ingest.ocr.training confusions swedish=PAIRS.jsonl... letters_lost=PAIRS.jsonl...
                                                                 (rows with "true" and "read")

``frequencies.npz`` was counted over the parliament's motions and interpellations, the government's pages,
questions and answers, a municipality's committee papers, argumentation sentences and the machine-translated
SQuAD passages; never over the texts that repair is measured on. ``confusions.json`` was learnt
from half of ``ocr_swequad`` (by a hash of the page's id) for ``swedish``, and, for ``letters_lost``, from pages
of the same half that ``ingest.ocr.printing`` printed, wore and had read by tesseract with its English model.
"""

from __future__ import annotations

import hashlib
import json
import re
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import numpy as np

from ingest.ocr.confusions import counts
from ingest.ocr.frequencies import _SPAN, NUMBER, START
from ingest.ocr.trie import CODES

DATA = Path(__file__).parent / "data"
_EDGE = re.compile(r"^\W+|\W+$")
_WORD = re.compile(r"[^\W\d_]+(?:[-:'’][^\W\d_]+)*\Z")


def in_training_half(page_id: str) -> bool:
    """Whether the page with ``page_id`` belongs to the half that confusions are learnt from."""
    return int(hashlib.sha1(page_id.encode()).hexdigest(), 16) % 2 == 0


def tokens(text: str) -> Iterator[tuple[str, str, bool]]:
    """Words of ``text`` as ``(word, the same in lower case or NUMBER, begins a sentence)``."""
    begins = True
    for raw in text.split():
        if core := _EDGE.sub("", raw):
            yield core, NUMBER if core[0].isdigit() else core.lower(), begins
            begins = raw[-1] in ".!?:"
        else:
            begins = True


def count(texts: Iterable[str], least_word: int = 2, least_pair: int = 2) -> dict[str, Any]:
    """Arrays of ``frequencies.npz`` for ``texts``."""
    words: Counter[str] = Counter()
    inside: Counter[str] = Counter()
    capital: Counter[str] = Counter()
    pairs: Counter[tuple[str, str]] = Counter()
    for text in texts:
        before = START
        for core, word, begins in tokens(text):
            if begins:
                words[START] += 1
                before = START
            else:
                inside[word] += 1
                capital[word] += core[0].isupper()
            words[word] += 1
            pairs[before, word] += 1
            before = word
    kept = [
        word
        for word, number in words.most_common()
        if number >= least_word and (word in (NUMBER, START) or _WORD.match(word))
    ]
    ids = {word: number for number, word in enumerate(kept)}
    keys = {
        ids[a] * _SPAN + ids[b]: number
        for (a, b), number in pairs.items()
        if number >= least_pair and a in ids and b in ids
    }
    order = sorted(keys)
    return {
        "words": np.frombuffer("\n".join(kept).encode(), np.uint8),
        "counts": np.array([words[word] for word in kept], np.int32),
        "capitals": np.array([round(255 * capital[w] / max(inside[w], 1)) for w in kept], np.uint8),
        "pair_gaps": np.diff(np.array(order, np.int64), prepend=0),
        "pair_counts": np.array([min(keys[key], 65535) for key in order], np.uint16),
    }


def confusions(pairs: Iterable[tuple[str, str]], least: int = 3) -> dict[str, float]:
    """``"true>read"`` -> probability of that reading given the true letters, over ``(true, read)`` texts."""
    misread, seen = counts(
        word for true, read in pairs for word in _word_pairs(true.lower().split(), read.lower().split())
    )
    known = set(CODES)
    return {
        pair: round(number / seen[true], 7)
        for pair, number in misread.most_common()
        for true, _, read in [pair.partition(">")]
        if number >= least and known.issuperset(true + read) and seen[true] >= 20
    }


def _word_pairs(true: list[str], read: list[str]) -> Iterator[tuple[str, str]]:
    from rapidfuzz.distance import Levenshtein

    for op in Levenshtein.opcodes(true, read):
        if op.src_end - op.src_start == op.dest_end - op.dest_start:
            for word, reading in zip(
                true[op.src_start : op.src_end], read[op.dest_start : op.dest_end], strict=True
            ):
                word, reading = _EDGE.sub("", word), reading.strip(".,;:()\"'”’-–—")
                # Words that share little were not aligned, or not read at all.
                if word and reading and Levenshtein.distance(word, reading) <= max(1, 0.5 * len(word)):
                    yield word, reading


def _rows(paths: Iterable[str]) -> Iterator[dict[str, Any]]:
    for path in paths:
        for line in Path(path).read_text("utf-8").splitlines():
            yield json.loads(line)


def main(arguments: list[str]) -> None:
    """The commands of the module's docstring."""
    what, *rest = arguments
    if what == "frequencies":
        texts = (text for row in _rows(rest) for text in (row.get("title"), row.get("text")) if text)
        np.savez_compressed(DATA / "frequencies.npz", **count(texts))
        return
    files: dict[str, list[str]] = {}
    for argument in rest:
        kind, _, path = argument.partition("=")
        files.setdefault(kind, []).append(path)
    tables = {
        kind: confusions((row["true"], row["read"]) for row in _rows(paths)) for kind, paths in files.items()
    }
    (DATA / "confusions.json").write_text(json.dumps(tables, ensure_ascii=False, indent=0), "utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
