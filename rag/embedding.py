"""The embedding model: sentence-transformers, offline, with the bundled weights unless a setting says otherwise."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rag.errors import ModelError
from rag.settings import BUNDLED, Settings

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from sentence_transformers import CrossEncoder, SentenceTransformer

_TOKENS_PER_BATCH = 2048  # padded; larger ones leave the processor's cache and take a quarter longer
_SAMPLES_PER_TENSOR = 64


class Embedder:
    """Turns texts into unit vectors.

    ``fingerprint`` changes whenever the same text could get another vector: with the weights or the prefixes.
    """

    def __init__(
        self,
        model: SentenceTransformer,
        *,
        name: str,
        fingerprint: str,
        query_prefix: str,
        passage_prefix: str,
    ) -> None:
        self.name = name
        self.fingerprint = fingerprint
        self._model = model
        self._tokens = _tokens_of(model.tokenizer)
        self._query_prefix = query_prefix
        self._passage_prefix = passage_prefix
        self.dimension = int(model.get_embedding_dimension() or 0)
        self._longest = int(model.max_seq_length or 512)

    @cached_property
    def window(self) -> int:
        """The longest text in tokens that a vector can stand for, as ``count_tokens`` counts."""
        return self._longest - len(self._encode(self._passage_prefix))

    def embed_passages(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """The passages' vectors, shape (n, dimension), float32, length 1."""
        import numpy as np

        vectors = np.zeros((len(texts), self.dimension), dtype=np.float32)
        lengths = [len(text) for text in texts]
        for batch in _batches(lengths):
            vectors[batch] = self._embed([self._passage_prefix + texts[i] for i in batch])
        return vectors

    def embed_question(self, text: str) -> NDArray[np.float32]:
        """The question's vector, shape (dimension,), float32, length 1."""
        vector: NDArray[np.float32] = self.embed_questions([text])[0]
        return vector

    def embed_questions(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """The vectors of a few short questions, shape (n, dimension), float32, length 1."""
        return self._embed([self._query_prefix + text for text in texts])

    def count_tokens(self, text: str) -> int:
        """The number of tokens of a text as part of a passage: without the special ones."""
        return len(self._encode(text)) - self._special_tokens

    @cached_property
    def _special_tokens(self) -> int:
        return len(self._encode(""))

    def _encode(self, text: str) -> Sequence[int]:
        return self._tokens(text)

    def _embed(self, texts: list[str]) -> NDArray[np.float32]:
        import numpy as np

        found: Any = self._model.encode(
            texts,
            batch_size=len(texts),
            normalize_embeddings=True,
            show_progress_bar=False,
            prompt="",
            convert_to_tensor=True,  # numpy knows no bf16
        )
        vectors: NDArray[np.float32] = found.float().numpy()
        # bf16 rounds to three digits; cosine distance wants the length to be one exactly
        vectors /= np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-12)
        return vectors


def load_embedder(settings: Settings) -> Embedder:
    """Loads the model that ``settings.embedder`` names, from this machine where it is bundled or a folder.

    A process loads each model once. Raises ModelError when it cannot be loaded.
    """
    fields = ("embedder", "cache", "query_prefix", "passage_prefix", "precision", "threads")
    key = tuple(getattr(settings, field) for field in fields)
    if key not in _loaded:
        _loaded[key] = _load_embedder(settings)
    return _loaded[key]


_loaded: dict[tuple[object, ...], Embedder] = {}


def _load_embedder(settings: Settings) -> Embedder:
    if settings.embedder == BUNDLED:
        from rag.bundled_embedder import BundledEmbedder

        return BundledEmbedder(settings)
    return load_sentence_transformer(settings.embedder, settings)


def load_sentence_transformer(where: str, settings: Settings) -> Embedder:
    """The sentence-transformers model called ``where``, or in that folder. Raises ModelError."""
    folder = Path(where).expanduser()
    local = folder.is_dir()
    if local:
        os.environ.setdefault("HF_HUB_OFFLINE", "1")  # read once, at the first import of huggingface_hub
    model = _load(str(folder) if local else where, local, settings.precision)
    limit_threads(settings.threads)
    query, passage = _prefixes(model, settings)
    weights = _weights_fingerprint(model)
    return Embedder(
        model,
        name=where,
        fingerprint=fingerprint(weights, query, passage),
        query_prefix=query,
        passage_prefix=passage,
    )


def fingerprint(weights: str, query_prefix: str, passage_prefix: str) -> str:
    """What changes with the weights or the prefixes."""
    return hashlib.sha256("\0".join([weights, query_prefix, passage_prefix]).encode()).hexdigest()[:16]


def _load(where: str, local: bool, precision: str) -> SentenceTransformer:
    import torch
    from sentence_transformers import SentenceTransformer
    from transformers.utils import logging

    logging.disable_progress_bar()  # type: ignore[no-untyped-call]
    # Loaded as it is computed in: autocast would convert the weights anew for each batch, and keep both.
    kind = torch.bfloat16 if use_bf16(precision) else torch.float32
    try:
        model = SentenceTransformer(where, device="cpu", local_files_only=local, model_kwargs={"dtype": kind})
    except (OSError, ValueError, KeyError) as error:
        reason = str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
        raise ModelError(
            f"STADSVAR_EMBEDDER={where} cannot be loaded ({reason}): name a sentence-transformers model or "
            "folder, or unset it for the bundled one"
        ) from None
    return model.to(kind)  # the modules after the transformer too


def _tokens_of(tokenizer: Any) -> Callable[[str], Sequence[int]]:
    """How ``tokenizer`` cuts a text of any length into tokens, special ones included; for any thread.

    It shares the vocabulary of the model's own, which takes hundreds of megabytes, but not the limits that
    transformers sets on that one anew at each call.
    """
    from tokenizers import Tokenizer

    own = getattr(tokenizer, "backend_tokenizer", tokenizer)
    if not isinstance(own, Tokenizer):  # written in Python
        return lambda text: tokenizer(text, truncation=False, verbose=False)["input_ids"]
    free = Tokenizer(own.model)
    for part in ("normalizer", "pre_tokenizer", "post_processor"):
        if (value := getattr(own, part)) is not None:
            setattr(free, part, value)
    return lambda text: free.encode(text).ids


def _prefixes(model: SentenceTransformer, settings: Settings) -> tuple[str, str]:
    """What stands before a question and a passage: the settings', else the model's own prompts.

    Models of the e5 family need theirs (Wang et al. 2024) but often do not carry them.
    """
    prompts: dict[str, str] = {name: text for name, text in (model.prompts or {}).items() if text}
    e5 = "e5" in Path(settings.embedder).name.lower() and "instruct" not in settings.embedder.lower()
    query = prompts.get("query") or ("query: " if e5 else "")
    passage = prompts.get("passage") or prompts.get("document") or ("passage: " if e5 else "")
    return (
        query if settings.query_prefix is None else settings.query_prefix,
        passage if settings.passage_prefix is None else settings.passage_prefix,
    )


def _weights_fingerprint(model: SentenceTransformer) -> str:
    """A hash over each tensor's name, shape and evenly spread values: the same wherever the files lie, and in
    whichever precision they were loaded."""
    digest = hashlib.sha256()
    for name, tensor in sorted(model.state_dict().items()):
        flat = tensor.detach().reshape(-1)
        sample = flat[:: max(1, flat.numel() // _SAMPLES_PER_TENSOR)].bfloat16().float().numpy()
        digest.update(f"{name}{tuple(tensor.shape)}".encode() + sample.tobytes())
    return digest.hexdigest()


def _batches(lengths: Sequence[int]) -> list[list[int]]:
    """Positions sorted by length, cut so that no batch pads to more than about ``_TOKENS_PER_BATCH``."""
    batches: list[list[int]] = []
    batch: list[int] = []
    for position in sorted(range(len(lengths)), key=lengths.__getitem__):
        longest = lengths[position] // 3 + 8  # a token of Swedish text has four characters or a little more
        if batch and longest * (len(batch) + 1) > _TOKENS_PER_BATCH:
            batches.append(batch)
            batch = []
        batch.append(position)
    return [*batches, batch] if batch else batches


def use_bf16(precision: str) -> bool:
    """What ``STADSVAR_PRECISION`` says; auto takes bf16 where the processor computes in it."""
    if precision != "auto":
        return precision == "bf16"
    from rag.encoder import computes_in_bf16

    return computes_in_bf16()


def limit_threads(threads: int | None) -> None:
    if threads:
        import torch

        torch.set_num_threads(threads)


@contextmanager
def one_thread() -> Iterator[None]:
    """Computes on one thread within: waking others takes longer than a short question does."""
    import torch

    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(threads)


def cross_encoder(where: str) -> CrossEncoder:
    """A sentence-transformers cross-encoder by name or folder, on the processor; nothing is fetched for a folder."""
    from sentence_transformers import CrossEncoder

    model: CrossEncoder = CrossEncoder(where, device="cpu", local_files_only=Path(where).is_dir())
    return model
