from pathlib import Path

import pytest

from rag.index import Index
from rag.settings import Settings


@pytest.fixture
def index(tmp_path: Path) -> Index:
    return Index.open(Settings(index=tmp_path / "index"), writable=True)
