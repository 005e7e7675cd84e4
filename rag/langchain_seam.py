"""Where LangChain plugs in: our retriever and embedder as its interfaces, and its own in our places."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document
from langchain_core.embeddings import Embeddings
from langchain_core.retrievers import BaseRetriever
from pydantic import ConfigDict

from rag.domain import Passage
from rag.embedding import Embedder
from rag.retriever import Retriever

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


class StadsvarRetriever(BaseRetriever):
    """A LangChain retriever over a Stadsvar index: ``StadsvarRetriever(retriever=...).invoke(question)``."""

    model_config = ConfigDict(arbitrary_types_allowed=True)

    retriever: Retriever
    k: int = 12

    def _get_relevant_documents(
        self, query: str, *, run_manager: CallbackManagerForRetrieverRun
    ) -> list[Document]:
        return [as_document(passage) for passage in self.retriever.retrieve(query, k=self.k).passages]


def as_document(passage: Passage) -> Document:
    """A passage as a LangChain document; ``start`` and ``end`` count characters in the source's reading text."""
    source, place = passage.source, passage.chunk.locator
    fields = {
        "source": source.name,
        "source_id": source.id,
        "title": source.title,
        "kind": source.kind.value,
        "body": source.body,
        "date": source.date,
        "diarienummer": source.diarienummer,
        "heading": " › ".join(place.headings) or None,
        "page": place.page,
        "start": place.start,
        "end": place.end,
        "score": passage.score,
        "also_in": list(passage.also_in),
    }
    metadata = {name: value for name, value in fields.items() if value is not None}
    return Document(passage.chunk.text, id=passage.chunk.id, metadata=metadata)


class EmbedderAsEmbeddings(Embeddings):
    """Our embedding model for LangChain's vector stores."""

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        """The passages' vectors, of length 1."""
        vectors: list[list[float]] = self._embedder.embed_passages(texts).tolist()
        return vectors

    def embed_query(self, text: str) -> list[float]:
        """The question's vector, of length 1."""
        vector: list[float] = self._embedder.embed_question(text).tolist()
        return vector


class EmbeddingsAsEmbedder:
    """Any LangChain embedding model where this system wants to embed; vectors are brought to length 1.

    ``window`` and ``count_tokens`` cannot be asked of it: the caller gives the first, and the second is an
    estimate that errs on the safe side. ``fingerprint`` is the name, so name the model and its version.
    """

    def __init__(self, embeddings: Embeddings, *, name: str, window: int) -> None:
        self._embeddings = embeddings
        self.name = name
        self.fingerprint = f"langchain:{name}"
        self.window = window
        self.dimension = len(embeddings.embed_query("a"))

    def embed_passages(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """The passages' vectors, shape (n, dimension)."""
        import numpy as np

        found = np.asarray(self._embeddings.embed_documents(list(texts)), dtype=np.float32)
        return _unit(found.reshape(len(texts), self.dimension))

    def embed_question(self, text: str) -> NDArray[np.float32]:
        """The question's vector, shape (dimension,)."""
        import numpy as np

        unit: NDArray[np.float32] = _unit(np.asarray([self._embeddings.embed_query(text)], dtype=np.float32))[
            0
        ]
        return unit

    def embed_questions(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """The questions' vectors, shape (n, dimension)."""
        import numpy as np

        return np.stack([self.embed_question(text) for text in texts])

    def count_tokens(self, text: str) -> int:
        """At least the number of tokens: of cl100k, which cuts Swedish finer than multilingual models do."""
        from rag.tokens import count_tokens

        return count_tokens(text)


def _unit(vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    import numpy as np

    lengths: NDArray[np.float32] = np.linalg.norm(vectors, axis=1, keepdims=True)
    scaled: NDArray[np.float32] = (vectors / np.maximum(lengths, 1e-12)).astype(np.float32)
    return scaled
