"""One ingest from what was found to what is stored.

What was read well is stored first. Only then are the misread texts mended, with the names that all clean
documents of the collection use: so the result does not depend on where an earlier run was cut off.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from ingest import readers
from ingest.documents import Misread, Task
from ingest.finding import Found
from ingest.outcomes import Outcome, Status, Tell
from ingest.stores import Store
from ingest.workers import Workers
from rag.bundled_embedder import MANY
from rag.records import IndexedDocument

if TYPE_CHECKING:
    from ingest.ocr import Lexicon
    from rag.index import Vectors

# In the first batch, so that one model alone is loaded; each is twice the one before: embedding begins early.
FIRST_CHUNKS = MANY
BATCH_CHUNKS = 256  # written together: large enough for the embedder's batches, small enough to lose little
BATCH_FILES = 1000  # the same for files whose content is there already
_LOST_CORRECTION = "has changed, so its correction by hand no longer holds; correct it again if need be"


def _is_archive_only(path: str) -> bool:
    """Whether a path stands for nothing but the files inside it."""
    file = Path(path)
    return readers.expandable(file) and not readers.supported(file)


@dataclass(frozen=True, slots=True)
class _Batch:
    """What is written together, while its vectors are made."""

    documents: tuple[IndexedDocument, ...]
    files: tuple[Found, ...]
    vectors: Callable[[], Vectors]


class Run:
    """One ingest: what is read, what waits, and the batch that is written next.

    While one batch is being embedded, the one before it is written and the one after it is read.
    """

    def __init__(self, store: Store, tell: Tell, workers: int | None) -> None:
        self._outcomes: list[Outcome] = []
        self._store = store
        self._on_outcome = tell
        self._workers = Workers[Task, "IndexedDocument | Misread"](workers)
        self._holders: dict[str, list[Found]] = {}  # by key of what is being read: the files that hold it
        self._unreadable: dict[str, str] = {}  # by key: why
        self._failed: set[str] = set()  # paths
        self._waiting: list[Task] = []
        self._archives: list[Found] = []
        self._new: set[str] = set()  # ids that are not written yet
        self._documents: list[IndexedDocument] = []
        self._files: list[Found] = []
        self._enough = min(FIRST_CHUNKS, BATCH_CHUNKS)
        self._embedded: _Batch | None = None  # or being embedded

    def all(self, found: Iterable[Found], gone: Sequence[str]) -> tuple[Outcome, ...]:
        """Reads what was found, mends what was misread, and forgets what is gone."""
        with self._workers, _brief_turns():
            self._make(filter(None, map(self._sorted, found)), None)
            if self._waiting:
                self._make(map(self._with_reading, self._waiting), self._store.names(self._unwritten()))
        self._write()
        self._store.finish()
        self._close_archives()
        self._forget([path for path in gone if not _is_archive_only(path)], gone)
        return tuple(self._outcomes)

    def _sorted(self, found: Found) -> Task | None:
        """What has to be read to know more of a file, if anything."""
        record, source_id = found.record, found.record.source_id
        key, held = _key(source_id, found.name), replace(found, data=None)
        if found.state == "unchanged":
            self._tell(record.path, "unchanged")
        elif found.state == "failed":
            self._fail(held, found.reason)
        elif found.state == "opened":
            self._archives.append(held)
        elif key in self._holders:
            self._holders[key].append(held)
        elif key in self._unreadable:
            self._fail(held, self._unreadable[key])
        elif self._has(source_id):
            self._add([held], None)
        else:
            self._holders[key] = [held]
            return self._task(found)
        return None

    def _task(self, found: Found) -> Task | None:
        self._store.ready()
        record = found.record
        path = None if found.data is not None else Path(record.path)
        task = Task(found.name, record.source_id, record.size, path, found.data)
        if self._store.kept(record.source_id):
            self._waiting.append(replace(task, data=None))
            return None
        return task

    def _with_reading(self, task: Task) -> Task:
        return replace(task, reading=self._store.kept(task.source_id))

    def _make(self, tasks: Iterable[Task], names: Lexicon | None) -> None:
        """Makes documents of tasks and stores them; without ``names``, what needs them is left waiting."""
        for task, result in self._workers.results(tasks, self._store.maker(names)):
            if isinstance(result, Misread):
                self._store.keep(task.source_id, result.reading)
                self._waiting.append(replace(task, data=None))
                continue
            key = _key(task.source_id, task.name)
            holders = self._holders.pop(key)
            if isinstance(result, IndexedDocument):
                self._add(holders, None if self._has(task.source_id) else result)
                continue
            self._unreadable[key] = str(result)
            for holder in holders:
                self._fail(holder, str(result))
        self._flush()

    def _unwritten(self) -> tuple[IndexedDocument, ...]:
        """The documents that are still being embedded."""
        return self._embedded.documents if self._embedded else ()

    def _has(self, source_id: str) -> bool:
        return source_id in self._new or self._store.has(source_id)

    def _add(self, files: Sequence[Found], document: IndexedDocument | None) -> None:
        self._files += files
        if document:
            self._documents.append(document)
            self._new.add(document.source.id)
        chunks = sum(len(document.chunks) for document in self._documents)
        if chunks >= self._enough or len(self._files) >= BATCH_FILES:
            self._flush()

    def _flush(self) -> None:
        """Has the next batch embedded and writes the one before it."""
        if not self._files:
            return
        batch = _Batch(tuple(self._documents), tuple(self._files), self._store.embed(self._documents))
        self._documents, self._files = [], []
        self._enough = min(2 * self._enough, BATCH_CHUNKS)
        self._write()
        self._embedded = batch

    def _write(self) -> None:
        batch, self._embedded = self._embedded, None
        if not batch:
            return
        self._store.write(batch.documents, [found.record for found in batch.files], (), batch.vectors())
        self._new.difference_update(document.source.id for document in batch.documents)
        for found in batch.files:
            before, now = found.before, found.record.source_id
            lost = before is not None and self._store.loses_correction(before.source_id, now)
            self._tell(found.record.path, _status(found), _LOST_CORRECTION if lost else "")

    def _close_archives(self) -> None:
        """Notes which archives and messages need no more looking into; they come after all they hold."""
        done = [archive.record for archive in self._archives if archive.record.path not in self._failed]
        gone = [path for archive in self._archives for path in archive.gone]
        if done:
            self._store.write([], done)
        self._forget(gone, gone)

    def _forget(self, told: Sequence[str], gone: Sequence[str]) -> None:
        if gone:
            self._store.write([], [], gone)
        for path in told:
            self._tell(path, "removed")

    def _fail(self, found: Found, reason: str) -> None:
        path = found.record.path
        self._failed.add(path)
        self._store.fail(path, reason)
        self._tell(path, "failed", reason)

    def _tell(self, path: str, status: Status, reason: str = "") -> None:
        outcome = Outcome.of(path, status, reason)
        self._outcomes.append(outcome)
        self._on_outcome(outcome)


@contextmanager
def _brief_turns() -> Iterator[None]:
    """Threads take turns of a tenth of the usual five milliseconds. The one that embeds wants a turn for each of the
    thousands of steps of its network: beside another that computes in Python it took 2.5 times as long, now 1.5."""
    usual = sys.getswitchinterval()
    sys.setswitchinterval(usual / 10)
    try:
        yield
    finally:
        sys.setswitchinterval(usual)


def _key(source_id: str, name: str) -> str:
    """The same for the same content of the same format: a text is readable as .txt and not as .docx."""
    return source_id + Path(name).suffix.lower()


def _status(found: Found) -> Status:
    """What it means for the index that a file holds readable content."""
    if found.before is None:
        return "added"
    return "unchanged" if found.before.source_id == found.record.source_id else "updated"
