"""Dropout for training on a processor, where drawing the random numbers costs more than the step.

A pool of random masks is drawn once, and each use takes a stretch of it from a random place, for the outputs of every
attention and feed-forward block (as in BERT, Devlin et al. 2019).
"""

from __future__ import annotations

import random

import torch
from torch import Tensor

from rag.encoder import Encoder, Residual

_POOL = 1 << 24  # random numbers drawn; a batch of 1,900 tokens takes 730,000 at a time


def drop_out(encoder: Encoder, share: float, seed: int, device: torch.device) -> None:
    """From now on, while ``encoder`` trains, ``share`` of what each block adds to its residual is zero."""
    drawn = torch.rand(_POOL, generator=torch.Generator().manual_seed(seed)) >= share
    pool = (drawn / (1 - share)).to(device, torch.bfloat16)
    places = random.Random(seed)

    def dropped(_module: torch.nn.Module, _inputs: object, added: Tensor) -> Tensor | None:
        if not torch.is_grad_enabled():
            return None
        first = places.randrange(_POOL - added.numel())
        return added * pool[first : first + added.numel()].view_as(added)

    for block in encoder.modules():
        if isinstance(block, Residual):
            block.dense.register_forward_hook(dropped)
