"""The reading model's network: the shipped encoder with a span head and a no-answer score.

Input is one window: ``<s> query: question </s> </s> context text </s>``. Every span of the text of at most
``MAX_ANSWER_TOKENS`` tokens has a score start_i + end_j + pair_i·pair_j, and "no answer" has one from
``<s>``; all of them compete in one softmax (the joint objective of Fajcik et al. 2021, "Rethinking the
Objectives of Extractive Question Answering"), so that a span's probability already counts the chance
that the window does not answer. Imports torch: import this module only where a model is really run.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import torch
from torch import Tensor, nn

from rag.encoder import Encoder, load_encoder

MAX_ANSWER_TOKENS = 48
PAIR_WIDTH = 64
IMPOSSIBLE = -1e4
BLOCK = 32


class SpanHead(nn.Module):
    """Scores spans and "no answer" from the encoder's last hidden states."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.edges = nn.Linear(width, 2)
        self.pair_start = nn.Linear(width, PAIR_WIDTH)
        self.pair_end = nn.Linear(width, PAIR_WIDTH)
        self.null_hidden = nn.Linear(width, width)
        self.null = nn.Linear(width, 1)
        nn.init.normal_(self.pair_end.weight, std=0.002)  # the pair term starts at almost nothing

    def forward(self, hidden: Tensor, in_text: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """``hidden`` (n, l, width), ``in_text`` (n, l) bool -> spans (n, l, l), null (n,), edges (n, l, 2).

        ``spans[b, i, j]`` scores tokens i..j; impossible spans hold IMPOSSIBLE.
        """
        hidden = hidden.float()
        edges = self.edges(hidden).masked_fill(~in_text[:, :, None], IMPOSSIBLE)
        pair = self.pair_start(hidden) @ self.pair_end(hidden).transpose(1, 2) / PAIR_WIDTH**0.5
        spans = edges[:, :, None, 0] + edges[:, None, :, 1] + pair
        length = hidden.shape[1]
        band = torch.ones(length, length, dtype=torch.bool, device=hidden.device)
        band = band.triu() & ~band.triu(MAX_ANSWER_TOKENS)
        possible = band[None] & in_text[:, :, None] & in_text[:, None, :]
        null = self.null(torch.tanh(self.null_hidden(hidden[:, 0]))).squeeze(-1)
        return spans.masked_fill(~possible, IMPOSSIBLE), null, edges


class SpanNetwork(nn.Module):
    """Encoder and head."""

    def __init__(self, encoder: Encoder, width: int) -> None:
        super().__init__()
        self.encoder = encoder
        self.head = SpanHead(width)

    def forward(self, ids: Tensor, mask: Tensor, in_text: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """``ids``, ``mask``, ``in_text`` (n, l) -> what SpanHead gives."""
        scores: tuple[Tensor, Tensor, Tensor] = self.head(self.encoder(ids, mask), in_text)
        return scores


def pack(weights: Mapping[str, Tensor], shipped: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """Trained parameters as what is stored: differences to the shipped encoder, in 4 bits per number.

    Matrices are cut into blocks of BLOCK numbers, each with an fp16 scale and BLOCK/2 bytes (first half of
    the block in the low nibbles, second half in the high ones, plus 8); vectors are fp16 differences; the
    head, which the encoder does not have, is fp16.
    """
    packed: dict[str, Tensor] = {}
    for name, value in weights.items():
        change = value.float() - shipped[name].float() if name in shipped else value.float()
        if name not in shipped or change.ndim < 2:
            packed[name] = change.half()
        else:
            packed[name + ".q4"], packed[name + ".scale"] = _quantise(change)
    return packed


def _quantise(change: Tensor) -> tuple[Tensor, Tensor]:
    """Blocks of 4-bit numbers; the scale of each block is the one of a few that loses least."""
    blocks = change.reshape(-1, BLOCK)
    top = blocks.abs().amax(1, keepdim=True).clamp_min(1e-12)
    best_scale = best_loss = torch.empty(0)
    for steps in (7.0, 8.0, 9.0, 10.0):
        scale = (top / steps).half().float().clamp_min(1e-7)
        loss = ((blocks / scale).round().clamp(-8, 7) * scale - blocks).square().sum(1, keepdim=True)
        better = loss < best_loss if best_loss.numel() else torch.ones_like(loss, dtype=torch.bool)
        best_scale = torch.where(better, scale, best_scale) if best_loss.numel() else scale
        best_loss = torch.where(better, loss, best_loss) if best_loss.numel() else loss
    codes = ((blocks / best_scale).round().clamp(-8, 7) + 8).to(torch.uint8)
    half = BLOCK // 2
    return codes[:, :half] | (codes[:, half:] << 4), best_scale.half()


def _dequantise(codes: Tensor, scale: Tensor) -> Tensor:
    blocks = torch.cat([codes & 0x0F, codes >> 4], dim=1).float() - 8
    return blocks * scale.float().clamp_min(1e-7)


def unpack(packed: Mapping[str, Tensor], network: SpanNetwork) -> None:
    """Add the stored differences to ``network``, which holds the shipped encoder and a fresh head."""
    with torch.no_grad():
        for name, parameter in network.named_parameters():
            if name + ".q4" in packed:
                change = _dequantise(packed[name + ".q4"], packed[name + ".scale"])
                parameter.add_(change.reshape(parameter.shape))
            elif name.startswith("head."):
                parameter.copy_(packed[name].float())
            elif name in packed:
                parameter.add_(packed[name].float())


def load_stored(network: SpanNetwork, path: Path) -> None:
    """Turn the shipped encoder into the reading model stored at ``path``, in place."""
    from safetensors.torch import load_file

    unpack(load_file(path), network)


def load_network(folder: Path) -> SpanNetwork:
    """The shipped encoder in fp32 with a fresh head."""
    encoder = load_encoder(folder)
    return SpanNetwork(encoder, encoder.width)
