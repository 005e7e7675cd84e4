"""What a server loads ahead of the first question."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from ingest.pipeline import ingest
from rag.assistant import Assistant
from rag.errors import EmbedderMismatch
from rag.index import Index
from rag.settings import Settings
from tests.chat_server import chat_server
from ui.server import Warming, warm

# In a process of its own: what other tests have loaded is loaded here too.
WARM = """
import sys
from pathlib import Path
from rag.assistant import Assistant
from rag.embedding import load_embedder
from rag.settings import Settings
from ui.server import warm
settings = Settings(index=Path(sys.argv[1]))
assistant = Assistant.open(settings)
warm(assistant)
if "torch" not in sys.modules:
    print("nothing")
elif "_encoder" in vars(load_embedder(settings)) and assistant.reader._loaded:
    print("both models")
"""


@pytest.fixture
def make_index(tmp_path: Path) -> Callable[[str], Settings]:
    def make(text: str) -> Settings:
        settings = Settings(index=tmp_path / "index")
        file = tmp_path / "beslut.txt"
        file.write_text(text, encoding="utf-8")
        index = Index.open(settings, writable=True)
        ingest(index, [file])
        index.close()
        return settings

    return make


@pytest.mark.parametrize(("text", "loaded"), [("Nämnden bifaller motionen.", "both models"), ("", "nothing")])
def test_both_models_are_loaded_unless_the_index_is_empty(
    make_index: Callable[[str], Settings], text: str, loaded: str
) -> None:
    command = [sys.executable, "-c", WARM, str(make_index(text).index)]
    assert subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip() == loaded


def test_no_chat_model_is_asked(make_index: Callable[[str], Settings]) -> None:
    settings = make_index("Nämnden bifaller motionen.")
    with chat_server(lambda prompt: "Ja.") as (url, prompts):
        update = {"model": "openai:scripted", "model_base_url": url}
        warm(Assistant.open(settings.model_copy(update=update)))
    assert prompts == []


def test_an_error_is_one_line_in_the_log_and_told_again_at_the_question(
    make_index: Callable[[str], Settings], caplog: pytest.LogCaptureFixture
) -> None:
    settings = make_index("Nämnden bifaller motionen.")
    assistant = Assistant.open(settings.model_copy(update={"passage_prefix": "annat: "}))
    warming = Warming(partial(warm, assistant))
    warming.start()
    while warming():
        time.sleep(0.05)
    (record,) = [record for record in caplog.records if record.name == "ui.server"]
    assert "STADSVAR_EMBEDDER" in record.getMessage() and record.exc_info is None
    with pytest.raises(EmbedderMismatch):
        assistant.ask("Vad beslutade nämnden?")
