"""The trained parameters between runs: a file of full precision, or the folder of a stored reading model."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from safetensors.torch import load_file, save_file
from torch import Tensor

from rag.reader import PARAMETERS_FILE
from rag.reader_network import load_network, unpack


def load_parameters(path: Path, encoder: Path) -> dict[str, Tensor]:
    """Trained parameters by name, from a checkpoint or from what was stored of one on top of ``encoder``.

    A checkout holds no checkpoint: a run there goes on from the stored model, whose 4 bits cost nothing measurable.
    """
    if path.is_file():
        return load_file(path)
    network, packed = load_network(encoder), load_file(path / PARAMETERS_FILE)
    unpack(packed, network)
    trained = {name.removesuffix(".q4") for name in packed}
    return {name: value.detach() for name, value in network.named_parameters() if name in trained}


def save_parameters(parameters: Mapping[str, Tensor], path: Path) -> None:
    """Written aside and moved into place, so that a run that is cut off leaves the checkpoint before."""
    path.parent.mkdir(parents=True, exist_ok=True)
    scratch = path.with_suffix(".part")
    save_file({name: value.cpu().contiguous() for name, value in parameters.items()}, scratch)
    scratch.replace(path)
