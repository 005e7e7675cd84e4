"""How much each kind of lexical match counts; ``python -m evals.bench_retrieval --ablation`` shows what each adds."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class LexicalWeights:
    """What a match in each field counts, against a match of the same word's stem in the text."""

    root: float = 0.9
    part: float = 0.4
    synonym: float = 0.5
    translation: float = 1.0
    title: float = 0.35
    heading: float = 0.5
    gram: float = 0.15
