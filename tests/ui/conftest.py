from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.ui.serving import INTRANET, Served, serve_in_thread
from tests.ui.stand_in import StandIn


@pytest.fixture(scope="session")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    yield from serve_in_thread(StandIn(tmp_path_factory.mktemp("catalog")), INTRANET)
