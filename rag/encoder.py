"""The shipped encoder on torch alone: a BertModel (Devlin et al. 2019) of any size, forward only what is used here.

sentence-transformers and transformers take five seconds to import, which a question on the command line
would wait for. Parameters are named as in transformers' BertModel, so that its files load as they are.
"""

from __future__ import annotations

import json
from pathlib import Path

import torch
from torch import Tensor, nn
from torch.nn import functional

_TYPICAL_ROWS = 32  # tokens of a question, for which the weights are laid out


class Embeddings(nn.Module):
    """Word, position and token-type vectors, added and normalised."""

    def __init__(self, vocabulary: int, positions: int, token_types: int, width: int, eps: float) -> None:
        super().__init__()
        self.word_embeddings = _table(vocabulary, width)
        self.position_embeddings = _table(positions, width)
        self.token_type_embeddings = _table(token_types, width)
        self.LayerNorm = nn.LayerNorm(width, eps=eps)

    def forward(self, ids: Tensor) -> Tensor:
        """``ids`` (n, l) -> (n, l, width)."""
        place = self.position_embeddings.weight[: ids.shape[1]] + self.token_type_embeddings.weight[0]
        hidden: Tensor = self.LayerNorm(self.word_embeddings(ids) + place)
        return hidden


def _table(rows: int, width: int) -> nn.Embedding:
    # Given its weight, it draws no random numbers: on the meta device that imports torch's compiler, in two seconds.
    return nn.Embedding(rows, width, _weight=torch.empty(rows, width))


class SelfAttention(nn.Module):
    """Multi-head attention before its output projection."""

    def __init__(self, width: int, heads: int) -> None:
        super().__init__()
        self.heads = heads
        self.query = nn.Linear(width, width)
        self.key = nn.Linear(width, width)
        self.value = nn.Linear(width, width)

    def forward(self, hidden: Tensor, bias: Tensor) -> Tensor:
        """``hidden`` (n, l, width), ``bias`` (n, 1, 1, l) added to the attention scores -> (n, l, width)."""
        query, key, value = (self._split(part(hidden)) for part in (self.query, self.key, self.value))
        if self.training:  # on a CPU, plain products train a fifth faster than the fused kernel
            scores = (query / query.shape[-1] ** 0.5) @ key.transpose(2, 3) + bias
            seen = scores.softmax(-1) @ value
        else:
            seen = functional.scaled_dot_product_attention(query, key, value, attn_mask=bias)
        joined: Tensor = seen.transpose(1, 2).flatten(2)
        return joined

    def _split(self, hidden: Tensor) -> Tensor:
        return hidden.view(*hidden.shape[:2], self.heads, -1).transpose(1, 2)


class Residual(nn.Module):
    """A projection, added to what it came from and normalised."""

    def __init__(self, inside: int, width: int, eps: float) -> None:
        super().__init__()
        self.dense = nn.Linear(inside, width)
        self.LayerNorm = nn.LayerNorm(width, eps=eps)

    def forward(self, inner: Tensor, hidden: Tensor) -> Tensor:
        """``inner`` (n, l, inside), ``hidden`` (n, l, width) -> (n, l, width)."""
        summed: Tensor = self.LayerNorm(self.dense(inner) + hidden)
        return summed


class Layer(nn.Module):
    """Attention and feed-forward, each with its residual."""

    def __init__(self, width: int, heads: int, inside: int, eps: float) -> None:
        super().__init__()
        attention = {"self": SelfAttention(width, heads), "output": Residual(width, width, eps)}
        self.attention = nn.ModuleDict(attention)
        self.intermediate = nn.ModuleDict({"dense": nn.Linear(width, inside)})
        self.output = Residual(inside, width, eps)

    def forward(self, hidden: Tensor, bias: Tensor) -> Tensor:
        """``hidden`` (n, l, width) -> the same shape."""
        seen = self.attention["self"](hidden, bias)
        hidden = self.attention["output"](seen, hidden)
        inner = functional.gelu(self.intermediate["dense"](hidden))
        out: Tensor = self.output(inner, hidden)
        return out


class Layers(nn.Module):
    """The layers in their order; they compute in the type of their own parameters."""

    def __init__(self, count: int, width: int, heads: int, inside: int, eps: float) -> None:
        super().__init__()
        self.layer = nn.ModuleList(Layer(width, heads, inside, eps) for _ in range(count))

    def forward(self, hidden: Tensor, mask: Tensor) -> Tensor:
        """``hidden`` (n, l, width), ``mask`` (n, l) with 1 for tokens and 0 for padding."""
        hidden = hidden.to(next(self.parameters()).dtype)
        bias = torch.zeros(mask.shape, dtype=hidden.dtype, device=mask.device)
        bias = bias.masked_fill(mask == 0, torch.finfo(hidden.dtype).min)[:, None, None]
        for layer in self.layer:
            hidden = layer(hidden, bias)
        return hidden


class Encoder(nn.Module):
    """Token ids to hidden states."""

    def __init__(self, config: dict[str, int | float | str]) -> None:
        super().__init__()
        self.width = int(config["hidden_size"])
        eps = float(config["layer_norm_eps"])
        vocabulary, positions = int(config["vocab_size"]), int(config["max_position_embeddings"])
        self.embeddings = Embeddings(vocabulary, positions, int(config["type_vocab_size"]), self.width, eps)
        heads, inside = int(config["num_attention_heads"]), int(config["intermediate_size"])
        self.encoder = Layers(int(config["num_hidden_layers"]), self.width, heads, inside, eps)

    def forward(self, ids: Tensor, mask: Tensor) -> Tensor:
        """``ids`` and ``mask`` (n, l) -> the last hidden states (n, l, width)."""
        hidden: Tensor = self.encoder(self.embeddings(ids), mask)
        return hidden

    def to_bf16(self) -> Encoder:
        """Compute the layers in bf16, for reading only; the embeddings stay in fp32."""
        self.encoder.to(torch.bfloat16)
        if hasattr(torch.ops.mkldnn, "_linear_pointwise"):
            _pack(self.encoder)
        return self


class PackedLinear(nn.Module):
    """A linear layer whose weights lie as oneDNN wants them: nn.Linear reorders bf16 weights at every call, which
    takes a third of the time of a short question. The same numbers come out."""

    def __init__(self, plain: nn.Linear) -> None:
        super().__init__()
        self._weight = torch.ops.mkldnn._reorder_linear_weight(plain.weight.detach(), _TYPICAL_ROWS)
        self._bias = plain.bias.detach()

    def forward(self, hidden: Tensor) -> Tensor:
        """As nn.Linear."""
        found: Tensor = torch.ops.mkldnn._linear_pointwise(hidden, self._weight, self._bias, "none", [], "")
        return found


def _pack(module: nn.Module) -> None:
    for name, child in module.named_children():
        if isinstance(child, nn.Linear):
            setattr(module, name, PackedLinear(child))
        else:
            _pack(child)


def load_encoder(folder: Path) -> Encoder:
    """The encoder stored in ``folder`` (config.json, model.safetensors), in fp32.

    Its tensors stay mapped to the file: whoever loads it again shares the memory of what neither changes.
    """
    from safetensors.torch import load_file

    config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    with torch.device("meta"):
        encoder = Encoder(config)
    encoder.load_state_dict(load_file(folder / "model.safetensors"), assign=True, strict=False)  # no pooler
    return encoder


def pooled(hidden: Tensor, mask: Tensor) -> Tensor:
    """The mean over tokens (n, l, width) -> (n, width), in fp32, of length 1."""
    weight = mask[..., None].float()
    return functional.normalize((hidden.float() * weight).sum(1) / weight.sum(1), dim=1)


def computes_in_bf16() -> bool:
    """True where the processor computes in bf16 (three times faster there), not merely emulates it (slower)."""
    able = torch.cpu.get_capabilities()
    return bool(able.get("avx512_bf16") or able.get("amx_bf16") or able.get("bf16"))
