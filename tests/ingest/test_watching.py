"""Following folders, and telling beforehand what an ingest would do."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from ingest.pipeline import ingest, rehearse
from ingest.watching import Watch
from rag.assistant import Assistant
from rag.catalog import Catalog
from rag.errors import ForeignIndex, MissingInput
from rag.index import Index
from rag.settings import Settings


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    place = tmp_path / "handlingar"
    place.mkdir()
    (place / "a.md").write_text("# Yttrande\n\nNämnden tillstyrker simhallen.\n")
    (place / "b.txt").write_text("Nämnden avstyrker badhuset.\n")
    return place


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(index=tmp_path / "index")


class Followed:
    """A watch whose outcomes are kept, as file names with their status."""

    def __init__(self, settings: Settings, *paths: Path) -> None:
        self.troubles: list[str] = []
        self._told: dict[str, str] = {}
        self._watch = Watch(
            settings,
            paths,
            on_outcomes=lambda found: self._told.update({Path(o.path).name: o.status for o in found}),
            on_trouble=self.troubles.append,
        )

    def looks(self, times: int = 1) -> dict[str, str]:
        self._told = {}
        for _ in range(times):
            self._watch.look()
        return self._told


def test_what_has_come_to_rest_is_ingested(folder: Path, settings: Settings) -> None:
    followed = Followed(settings, folder)
    assert followed.looks() == {}
    assert followed.looks() == {"a.md": "added", "b.txt": "added"}
    assert followed.looks(3) == {}
    (folder / "a.md").write_text("# Yttrande\n\nNämnden avstyrker simhallen i dess helhet.\n")
    (folder / "b.txt").unlink()
    assert followed.looks() == {"b.txt": "removed"}  # the other one may still be growing
    assert followed.looks() == {"a.md": "updated"}


def test_a_file_that_grows_waits_and_the_others_do_not(folder: Path, settings: Settings) -> None:
    followed = Followed(settings, folder)
    for number in range(3):
        with (folder / "c.txt").open("a") as growing:
            growing.write(f"Rad {number}.\n")
        expected = {"a.md": "added", "b.txt": "added"} if number == 1 else {}
        assert followed.looks() == expected
    assert followed.looks() == {"c.txt": "added"}


def test_an_unreadable_file_is_told_once(folder: Path, settings: Settings) -> None:
    (folder / "c.pdf").write_bytes(b"no")
    followed = Followed(settings, folder)
    assert followed.looks(2)["c.pdf"] == "failed"
    (folder / "d.txt").write_text("Ny handling.")
    assert followed.looks(2) == {"d.txt": "added"}


def test_a_drive_that_is_not_connected_forgets_nothing(folder: Path, settings: Settings) -> None:
    followed = Followed(settings, folder)
    followed.looks(2)
    away = folder.rename(folder.with_name("away"))
    assert followed.looks(3) == {} and "gone or empty" in followed.troubles[0]
    folder.mkdir()
    assert followed.looks(3) == {} and len(followed.troubles) == 1
    folder.rmdir()
    away.rename(folder)
    assert followed.looks(2) == {}
    assert len(Catalog(settings.index).sources()) == 2


def test_another_writer_is_waited_for(folder: Path, settings: Settings) -> None:
    followed = Followed(settings, folder)
    other = Index.open(settings, writable=True)
    assert followed.looks(3) == {} and "Another ingest" in followed.troubles[0]
    other.close()
    assert followed.looks() == {"a.md": "added", "b.txt": "added"}
    with pytest.raises(MissingInput):
        Followed(settings, folder / "none")


def wait_for(what: Callable[[], bool], seconds: float = 90.0) -> None:
    end = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.2)


def test_a_watching_process_is_followed_by_an_open_assistant_and_ends_cleanly(
    folder: Path, settings: Settings
) -> None:
    command = [
        sys.executable,
        "-c",
        "from ui.cli import main; main()",
        "ingest",
        str(folder),
        "--watch",
        "--every",
        "0.2",
    ]
    process = subprocess.Popen(
        [*command, "--index", str(settings.index)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        # A shell that starts the tests in its background has them, and what they start, ignore Ctrl-C.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )
    try:
        wait_for(lambda: (settings.index / "catalog.sqlite").exists())
        wait_for(lambda: len(Catalog(settings.index).sources()) == 2)
        assistant = Assistant.open(settings)
        assert assistant.ask("Vad kostar ishallen?").citations == ()
        (folder / "c.md").write_text("# Ishallen\n\n## Ekonomi\n\nIshallen kostar 41 miljoner kronor.\n")
        wait_for(lambda: len(assistant.sources()) == 3)
        assert "41 miljoner" in assistant.ask("Vad kostar ishallen?").text
        os.kill(process.pid, signal.SIGINT)
        output, errors = process.communicate(timeout=60)
    finally:
        process.kill()
    assert process.returncode == 0 and errors == "" and output.endswith("stopped\n")


def test_a_rehearsal_tells_what_an_ingest_then_does_and_writes_nothing(
    folder: Path, settings: Settings
) -> None:
    def told(paths: list[Path]) -> dict[str, str]:
        return {Path(o.path).name: o.status for o in rehearse(settings, paths, sync=True)}

    (folder / "c.pdf").write_bytes(b"no")
    (folder / "copy.txt").write_bytes((folder / "b.txt").read_bytes())
    expected = {"a.md": "added", "b.txt": "added", "c.pdf": "failed", "copy.txt": "added"}
    assert told([folder]) == expected and not settings.index.exists()
    index = Index.open(settings, writable=True)
    assert {Path(o.path).name: o.status for o in ingest(index, [folder], sync=True)} == expected
    (folder / "a.md").write_text("# Yttrande\n\nNämnden avstyrker simhallen.\n")
    (folder / "copy.txt").unlink()
    before = dump(settings)
    expected = {"a.md": "updated", "b.txt": "unchanged", "c.pdf": "failed", "copy.txt": "removed"}
    assert told([folder]) == expected and dump(settings) == before  # beside an open writer
    assert {Path(o.path).name: o.status for o in ingest(index, [folder], sync=True)} == expected
    index.close()
    with pytest.raises(ForeignIndex):
        rehearse(Settings(index=folder), [folder])


def dump(settings: Settings) -> str:
    catalog = Catalog(settings.index)
    shown = [catalog.generation, str(catalog.files()), catalog.failures(), str(catalog.sources())]
    catalog.close()
    return json.dumps(shown)
