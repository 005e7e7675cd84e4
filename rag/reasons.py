"""The sentences in which a body gives its reasons.

A small scoring of cues (``rag/data/reasons.toml``) over the sentences under the headings where a body argues:
causal words count most, then words for or against according to the stance that is to be explained.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files
from typing import Any, Literal

from rag.catalog import Catalog
from rag.domain import Source
from rag.folding import fold
from rag.sentences import Sentence, split_sentences

Side = Literal["positive", "negative"]
_LEAST = 2.0  # a causal word, or two others
_SHORTEST = 6  # words


def reasons(catalog: Catalog, source: Source, side: Side, *, most: int = 3) -> tuple[Sentence, ...]:
    """Up to ``most`` sentences of ``source`` that give reasons for (``positive``) or against, the best first."""
    scored = [(_score(sentence.text, side), sentence) for sentence in _arguing(catalog, source)]
    ranked = sorted(
        (pair for pair in scored if pair[0] >= _LEAST), key=lambda pair: (-pair[0], pair[1].start)
    )
    return tuple(sentence for _, sentence in ranked[:most])


def _arguing(catalog: Catalog, source: Source) -> Iterator[Sentence]:
    """The sentences of the sections where the body argues; all but the silent ones where no heading says so."""
    text = catalog.reading_text(source.id)
    chunks = catalog.chunks_of(source.id)
    headed = [(c, fold(c.locator.headings[-1]) if c.locator.headings else "") for c in chunks]
    arguing = [
        c for c, heading in headed if re.search(_table()["argues"], heading) and not _is_silent(heading)
    ]
    chosen = arguing or [c for c, heading in headed if not _is_silent(heading)]
    seen = 0
    for chunk in chosen:
        start = max(seen, chunk.locator.start)  # chunks overlap
        for sentence in split_sentences(text[start : chunk.locator.end], start):
            if len(sentence.text.split()) >= _SHORTEST:
                yield sentence
        seen = max(seen, chunk.locator.end)


def _is_silent(heading: str) -> bool:
    return bool(re.search(_table()["silent"], heading)) and "synpunkt" not in heading


def _score(sentence: str, side: Side) -> float:
    folded = fold(sentence)
    weights = _table()["weights"]
    causal = sum(bool(re.search(cue, folded)) for cue in weights["causal"])
    own = sum(bool(re.search(cue, folded)) for cue in weights[side])
    other = sum(
        bool(re.search(cue, folded)) for cue in weights["positive" if side == "negative" else "negative"]
    )
    weak = sum(bool(re.search(cue, folded)) for cue in weights["weak"])
    return 2.0 * min(causal, 2) + min(own, 4) - 0.5 * other - 2.0 * weak


@cache
def _table() -> Mapping[str, Any]:
    return tomllib.loads(files("rag").joinpath("data/reasons.toml").read_text(encoding="utf-8"))
