"""Stadsvar's parts as LangChain's interfaces."""

from langchain_core.embeddings import DeterministicFakeEmbedding
from langchain_core.runnables import RunnableLambda

from rag.assistant import Assistant
from rag.langchain_seam import EmbeddingsAsEmbedder, StadsvarRetriever


def test_the_retriever_works_in_a_chain(assistant: Assistant) -> None:
    chain = StadsvarRetriever(retriever=assistant.retriever, k=3) | RunnableLambda(
        lambda documents: [document.metadata["source"] for document in documents]
    )
    assert 1 <= len(chain.invoke("Vilka stadsdelar stödde motionen?")) <= 3


def test_a_document_is_the_slice_that_its_metadata_names(assistant: Assistant) -> None:
    for document in StadsvarRetriever(retriever=assistant.retriever).invoke("samlokalisering med polisen"):
        text = assistant.catalog.reading_text(document.metadata["source_id"])
        assert document.page_content == text[document.metadata["start"] : document.metadata["end"]]


def test_a_langchain_model_embeds_in_our_place() -> None:
    embedder = EmbeddingsAsEmbedder(DeterministicFakeEmbedding(size=8), name="fake-1", window=512)
    vectors = embedder.embed_passages(["en", "två"])
    assert vectors.shape == (2, 8)
    assert abs(float(vectors[0] @ vectors[0]) - 1) < 1e-5
    assert embedder.count_tokens("en två tre") > 0
