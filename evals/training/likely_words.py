"""Words that could stand in a question in place of another, by the encoder's own word embeddings.

Words near each other there are mostly of one kind without meaning the same ("premiärminister", "president").
Those that begin alike are left out, since they are mostly forms of one word, and those that end differently, since
they would not fit the sentence.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path

import torch

from rag.words import words as stopwords

SHORTEST = 5  # letters of a word that is exchanged
SEEN = 2  # times that a word must stand in the questions
NEAREST = 8  # likely words kept for each word
ENDING = 2  # letters that both end in
BEGINNING = 4  # letters that both must not begin with

_EMBEDDINGS = "embeddings.word_embeddings.weight"


def likely_words(questions: Iterable[str], encoder: Path) -> dict[str, tuple[str, ...]]:
    """For each word of the ``questions`` of one language, the likeliest others of them; ``encoder`` is the folder
    of the shipped model."""
    counts = Counter(word for text in questions for word in text.strip("?").split() if word.isalpha())
    little = stopwords("swedish") | stopwords("english") | stopwords("no_topic")
    words = sorted(
        w for w, n in counts.items() if n >= SEEN and len(w) >= SHORTEST and w.islower() and w not in little
    )
    places = defaultdict(list)
    for at, word in enumerate(words):
        places[word[-ENDING:]].append(at)
    vectors = _vectors(words, encoder)
    found: dict[str, tuple[str, ...]] = {}
    for group in places.values():
        found |= _nearest([words[at] for at in group], vectors[group])
    return found


def _nearest(words: list[str], vectors: torch.Tensor) -> Mapping[str, tuple[str, ...]]:
    ranked = (vectors @ vectors.T).topk(min(4 * NEAREST, len(words)), dim=1).indices.tolist()
    return {
        word: _likeliest(word, [words[at] for at in row]) for word, row in zip(words, ranked, strict=True)
    }


def _likeliest(word: str, near: list[str]) -> tuple[str, ...]:
    return tuple(other for other in near if other[:BEGINNING] != word[:BEGINNING])[:NEAREST]


def _vectors(words: list[str], encoder: Path) -> torch.Tensor:
    """The mean of each word's token embeddings, of length 1."""
    from safetensors import safe_open
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(str(encoder / "tokenizer.json"))
    with safe_open(encoder / "model.safetensors", "pt") as tensors:
        table = tensors.get_tensor(_EMBEDDINGS).float()
    table = table - table.mean(0)
    ids = [tokenizer.encode(word, add_special_tokens=False).ids for word in words]
    vectors = torch.stack([table[each].mean(0) for each in ids])
    return torch.nn.functional.normalize(vectors, dim=1)
