"""What a plain retrieval-augmented set-up finds: LangChain's splitter and Chroma, nothing else.

RecursiveCharacterTextSplitter with 1,000 characters and 200 of overlap, the same embedding model, similarity
search. Needs the extra packages: ``pip install -e '.[bench]'``.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from langchain_core.documents import Document

from evals.cases import PassageRow
from rag.embedding import Embedder
from rag.errors import ModelError
from rag.langchain_seam import EmbedderAsEmbeddings

CHUNK_CHARACTERS = 1000
OVERLAP_CHARACTERS = 200


def langchain_chroma(passages: Sequence[PassageRow], embedder: Embedder) -> Callable[[str, int], list[str]]:
    """A search over the passages: (question, k) -> passage ids of the ``k`` best chunks, best first.

    Raises ModelError where the extra packages are missing.
    """
    try:
        from langchain_chroma import Chroma
        from langchain_text_splitters import RecursiveCharacterTextSplitter
    except ImportError:
        raise ModelError(
            "The baseline needs LangChain's Chroma packages: pip install -e '.[bench]'"
        ) from None
    splitter = RecursiveCharacterTextSplitter(chunk_size=CHUNK_CHARACTERS, chunk_overlap=OVERLAP_CHARACTERS)
    pages = [Document(row.text, metadata={"passage": row.id}) for row in passages if row.text.strip()]
    store = Chroma(
        embedding_function=EmbedderAsEmbeddings(embedder), collection_metadata={"hnsw:space": "cosine"}
    )
    store.reset_collection()
    chunks = splitter.split_documents(pages)
    for start in range(0, len(chunks), 2000):
        store.add_documents(chunks[start : start + 2000])

    def search(question: str, k: int) -> list[str]:
        found = store.similarity_search(question, k=min(k, len(chunks)))
        return [str(document.metadata["passage"]) for document in found]

    return search
