"""Embeddings kept between evaluation runs, so that a change of the fusion costs no new embedding."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from rag.embedding import Embedder

_BATCH = 512  # texts embedded between two writes


class CachedEmbedder(Embedder):
    """An embedder that remembers what it embedded, in one SQLite file per model under ``folder``."""

    def __init__(self, embedder: Embedder, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._embedder = embedder  # the parent's own fields are not needed: all calls go to this one
        self._db = sqlite3.connect(folder / f"{embedder.fingerprint}.sqlite", timeout=60)
        self._db.execute("CREATE TABLE IF NOT EXISTS vectors (key BLOB PRIMARY KEY, vector BLOB)")
        self.name = embedder.name
        self.fingerprint = embedder.fingerprint
        self.dimension = embedder.dimension
        self.window = embedder.window

    def embed_passages(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """As ``Embedder.embed_passages``."""
        return self._remembered("p", texts, self._embedder.embed_passages)

    def embed_question(self, text: str) -> NDArray[np.float32]:
        """As ``Embedder.embed_question``."""
        embedded: NDArray[np.float32] = self.embed_questions([text])[0]
        return embedded

    def count_tokens(self, text: str) -> int:
        """As ``Embedder.count_tokens``."""
        return self._embedder.count_tokens(text)

    def embed_questions(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """As ``Embedder.embed_questions``."""
        return self._remembered("q", texts, self._embedder.embed_questions)

    def _remembered(
        self, kind: str, texts: Sequence[str], embed: Callable[[Sequence[str]], NDArray[np.float32]]
    ) -> NDArray[np.float32]:
        keys = [hashlib.sha256(f"{kind}\0{text}".encode()).digest() for text in texts]
        known = {key: vector for key in set(keys) if (vector := self._find(key)) is not None}
        missing = {key: text for key, text in zip(keys, texts, strict=True) if key not in known}
        for start in range(0, len(missing), _BATCH):
            batch = dict(list(missing.items())[start : start + _BATCH])
            vectors = embed(list(batch.values()))
            with self._db:
                rows = [(key, vector.tobytes()) for key, vector in zip(batch, vectors, strict=True)]
                self._db.executemany("INSERT OR REPLACE INTO vectors VALUES (?, ?)", rows)
            known |= dict(zip(batch, vectors, strict=True))
        return np.stack([known[key] for key in keys]) if keys else np.zeros((0, self.dimension), np.float32)

    def _find(self, key: bytes) -> NDArray[np.float32] | None:
        row = self._db.execute("SELECT vector FROM vectors WHERE key = ?", (key,)).fetchone()
        return np.frombuffer(row[0], dtype=np.float32) if row else None
