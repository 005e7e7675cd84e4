"""The dense index: Chroma, embedded, on disk, by cosine."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rag.errors import ForeignIndex
from rag.hits import Hit

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_COLLECTION = "chunks"
_BATCH = 2000  # Chroma refuses batches of more than 5,461 rows
_SPACE: Any = {"hnsw": {"space": "cosine", "ef_construction": 200, "ef_search": 200, "max_neighbors": 32}}


class DenseIndex:
    """Vectors with their texts and metadata, in a folder. Raises ForeignIndex when Chroma cannot read it.

    One process writes, with ``writable``; other processes see what it wrote after ``refresh``.
    """

    def __init__(self, folder: Path, *, writable: bool = False) -> None:
        self._folder = folder
        if writable:  # never on top of what this process remembers from before another one wrote
            self.refresh()
        else:
            self._collection: Any = self._open()

    def add(
        self,
        ids: Sequence[str],
        vectors: NDArray[np.float32],
        texts: Sequence[str],
        metadatas: Sequence[Mapping[str, str | int]],
    ) -> None:
        """Stores chunks, each with its vector (a row of shape (n, dimension)); an id that exists is replaced.

        Every metadata row holds ``source_id``.
        """
        for start in range(0, len(ids), _BATCH):
            part = slice(start, start + _BATCH)
            self._collection.upsert(
                ids=list(ids[part]),
                embeddings=vectors[part],
                documents=list(texts[part]),
                metadatas=[dict(row) for row in metadatas[part]],
            )

    def delete_source(self, source_id: str) -> None:
        """Removes all chunks of a source."""
        self._collection.delete(where={"source_id": source_id})

    def delete(self, ids: Sequence[str]) -> None:
        """Removes chunks."""
        for start in range(0, len(ids), _BATCH):
            self._collection.delete(ids=list(ids[start : start + _BATCH]))

    def ids_of(self, source_id: str) -> frozenset[str]:
        """The ids of all chunks of a source."""
        return frozenset(self._collection.get(where={"source_id": source_id}, include=[])["ids"])

    def search(self, vector: NDArray[np.float32], k: int) -> list[Hit]:
        """The ``k`` nearest chunks, best first, scored by cosine similarity (-1 to 1)."""
        found = self._asked(
            lambda collection: collection.query(query_embeddings=[vector], n_results=k, include=["distances"])
        )
        return [Hit(i, 1.0 - d) for i, d in zip(found["ids"][0], found["distances"][0], strict=True)]

    def vectors(self, ids: Sequence[str]) -> dict[str, NDArray[np.float32]]:
        """The stored vectors of those ``ids`` that are in the index."""
        found = self._asked(lambda collection: collection.get(ids=list(ids), include=["embeddings"]))
        return dict(zip(found["ids"], found["embeddings"], strict=True))

    def count(self) -> int:
        """The number of chunks."""
        return int(self._collection.count())

    def refresh(self) -> None:
        """Opens the folder anew, so that what another process has written is seen."""
        from chromadb.api.shared_system_client import SharedSystemClient

        # A client of the same folder is shared within a process, with all that it holds in memory.
        SharedSystemClient.clear_system_cache()
        self._collection = self._open()

    def _asked(self, ask: Callable[[Any], Any]) -> Any:
        """What the collection answers; while another process writes, its two parts may tell different things."""
        from chromadb.errors import InternalError

        try:
            return ask(self._collection)
        except InternalError:  # "Error finding id": the rows are read from disk, the vectors were remembered
            self.refresh()
            return ask(self._collection)

    def _open(self) -> Any:
        import chromadb
        from chromadb.config import Settings as ChromaSettings
        from chromadb.errors import ChromaError

        try:
            client = chromadb.PersistentClient(str(self._folder), ChromaSettings(anonymized_telemetry=False))
            # No embedding function: Chroma's own would download a model.
            return client.get_or_create_collection(_COLLECTION, embedding_function=None, configuration=_SPACE)
        except (ChromaError, ValueError, OSError) as error:
            raise ForeignIndex(
                f"{self._folder} cannot be opened by Chroma ({error}): let this user read and write it or, "
                "if it is damaged, keep the index and ingest the documents into a new folder with --index"
            ) from None
