"""The dense index on real Chroma folders."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np

from rag.dense_index import DenseIndex


def unit(*values: float) -> np.ndarray:
    vector = np.array(values, dtype=np.float32)
    return vector / np.linalg.norm(vector)


def filled(folder: Path) -> DenseIndex:
    index = DenseIndex(folder)
    vectors = np.stack([unit(1, 0, 0), unit(0, 1, 0), unit(1, 1, 0)])
    index.add(
        ["a", "b", "c"],
        vectors,
        ["A", "B", "C"],
        [{"source_id": "1"}, {"source_id": "1"}, {"source_id": "2"}],
    )
    return index


def test_nearest_first_with_cosine(tmp_path: Path) -> None:
    hits = filled(tmp_path).search(unit(1, 0.1, 0), 2)
    assert [hit.chunk_id for hit in hits] == ["a", "c"]
    assert abs(hits[0].score - 1 / np.sqrt(1.01)) < 1e-5


def test_empty_index_finds_nothing(tmp_path: Path) -> None:
    assert DenseIndex(tmp_path).search(unit(1, 0, 0), 5) == []


def test_asking_for_more_than_there_is(tmp_path: Path) -> None:
    assert len(filled(tmp_path).search(unit(1, 0, 0), 50)) == 3


def test_delete_source_leaves_the_others(tmp_path: Path) -> None:
    index = filled(tmp_path)
    index.delete_source("1")
    assert [hit.chunk_id for hit in index.search(unit(1, 0, 0), 5)] == ["c"]


def test_another_process_sees_writes_after_refresh(tmp_path: Path) -> None:
    index = filled(tmp_path)
    script = (
        "import sys, numpy as np; from pathlib import Path; from rag.dense_index import DenseIndex;"
        "i = DenseIndex(Path(sys.argv[1])); i.delete_source('1');"
        "i.add(['d'], np.array([[0, 0, 1]], dtype=np.float32), ['D'], [{'source_id': '3'}])"
    )
    root = Path(__file__).resolve().parents[2]
    subprocess.run([sys.executable, "-c", script, str(tmp_path)], check=True, cwd=root)
    index.refresh()
    assert {hit.chunk_id for hit in index.search(unit(0, 0, 1), 5)} == {"c", "d"}
