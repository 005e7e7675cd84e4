"""What many tests share: one index over the example documents, made once."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from ingest.pipeline import ingest
from rag.assistant import Assistant
from rag.index import Index
from rag.settings import Settings

CORPUS = Path(__file__).parent.parent / "evals" / "corpus"


@pytest.fixture(scope="session")
def example_settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Settings whose index holds the example documents."""
    settings = Settings(index=tmp_path_factory.mktemp("examples") / "index")
    index = Index.open(settings, writable=True)
    ingest(index, [CORPUS])
    index.close()
    return settings


@pytest.fixture(scope="session")
def assistant(example_settings: Settings) -> Iterator[Assistant]:
    """The real assistant over the example documents."""
    yield Assistant.open(example_settings)
