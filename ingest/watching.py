"""Keeps an index in line with folders: looks at them again and again, and ingests what has come to rest.

Looking instead of being told by the system works on network drives too, where municipalities keep their files.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from pathlib import Path

from ingest.finding import find_files
from ingest.outcomes import Outcome
from ingest.pipeline import ingest
from rag.errors import IndexLocked
from rag.index import Index
from rag.settings import Settings

Stamp = tuple[int, int]  # size in bytes, time of change in ns
_SHARE = 10  # looking takes at most a tenth of the time


class Watch:
    """Folders and files that an index follows. Raises MissingInput when one of ``paths`` does not exist.

    Files are ingested when two looks in a row find them alike: what is still being copied waits. Files that are
    gone are forgotten, unless a whole path is gone or empty, as when a network drive is not connected.
    """

    def __init__(
        self,
        settings: Settings,
        paths: Sequence[Path],
        *,
        workers: int | None = None,
        on_outcomes: Callable[[Sequence[Outcome]], None] = lambda outcomes: None,
        on_trouble: Callable[[str], None] = lambda message: None,
    ) -> None:
        find_files(paths, known=[str(path.resolve()) for path in paths if path.exists()])
        self._settings = settings
        self._paths = paths
        self._workers = workers
        self._on_outcomes = on_outcomes
        self._on_trouble = on_trouble
        self._before: dict[Path, Stamp] = {}
        self._done: dict[Path, Stamp] = {}
        self._told: set[str] = set()
        self._cost = 0.0  # seconds of the last look

    def run(self, every: float = 2.0) -> None:
        """Looks every so many seconds until it is interrupted (KeyboardInterrupt)."""
        while True:
            self.look()
            time.sleep(max(every, _SHARE * self._cost))

    def look(self) -> bool:
        """Looks once and ingests what has changed and come to rest; whether there was any."""
        started = time.monotonic()
        present = [path for path in self._paths if self._is_there(path)]
        now = _stamps(present)
        self._cost = time.monotonic() - started
        resting = {file: stamp for file, stamp in now.items() if self._before.get(file) == stamp}
        self._before = now
        changed = {file for file, stamp in resting.items() if self._done.get(file) != stamp}
        gone = {file for file in self._done if file not in now and _below(file, present)}
        if not (changed or gone) or not self._ingest(present, changed):
            return False
        self._done = {file: stamp for file, stamp in self._done.items() if file not in gone}
        self._done |= {file: resting[file] for file in changed}
        return True

    def _ingest(self, present: Sequence[Path], changed: set[Path]) -> bool:
        try:
            index = Index.open(self._settings, writable=True)
        except IndexLocked as error:
            self._tell_trouble(str(error))
            return False
        try:
            outcomes = ingest(
                index, present, sync=True, workers=self._workers, only=lambda file: file in changed
            )
        finally:
            index.close()
        self._told.clear()
        self._on_outcomes(outcomes)
        return True

    def _is_there(self, path: Path) -> bool:
        place = path.resolve()
        had = any(_below(file, [path]) for file in self._done)
        if place.is_file() or (place.is_dir() and (not had or any(place.iterdir()))):
            return True
        self._tell_trouble(f"{path} is gone or empty: what was read there stays until 'ingest --sync' is run")
        return False

    def _tell_trouble(self, message: str) -> None:
        if message not in self._told:
            self._told.add(message)
            self._on_trouble(message)


def _stamps(paths: Sequence[Path]) -> dict[Path, Stamp]:
    found: dict[Path, Stamp] = {}
    for file in find_files(paths, known=map(str, paths)) if paths else ():
        try:
            stat = file.stat()
        except OSError:  # gone since it was found
            continue
        found[file] = (stat.st_size, stat.st_mtime_ns)
    return found


def _below(file: Path, places: Sequence[Path]) -> bool:
    return any(file.is_relative_to(place.resolve()) for place in places)
