"""Reading the catalog: what is in the index, as one moment of its SQLite file tells."""

from __future__ import annotations

import json
import re
import sqlite3
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import cast

from rag.domain import Chunk, Locator, ReadingMethod, ReadingText, Source
from rag.errors import ForeignIndex, IndexLocked, IndexUnusable
from rag.folding import fold
from rag.records import FileRecord
from rag.rows import source_from_json

_WORD = re.compile(r"[^\W_]+")
_RIGHTS = (IndexUnusable, "let this user read and write it, its folder and the files beside it")
_DAMAGED = (
    ForeignIndex,
    "it is damaged or not an index; keep it, since corrections by hand are only there, "
    "and ingest the documents into a new folder with --index",
)
_DISK = (IndexUnusable, "see to the disk; the index itself stays as it was")
_TOLD = {
    sqlite3.SQLITE_BUSY: (IndexLocked, "another process is writing to it; try again when it is done"),
    sqlite3.SQLITE_PERM: _RIGHTS,
    sqlite3.SQLITE_READONLY: _RIGHTS,
    sqlite3.SQLITE_CANTOPEN: _RIGHTS,
    sqlite3.SQLITE_FULL: _DISK,
    sqlite3.SQLITE_IOERR: _DISK,
    sqlite3.SQLITE_CORRUPT: _DAMAGED,
    sqlite3.SQLITE_NOTADB: _DAMAGED,
}


class CatalogReader:
    """Reads the SQLite file at ``path``. Safe to use from threads. Raises IndexUnusable, now or when it is read."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.RLock()
        self._snapshots = 0
        self._cached: tuple[int, dict[str, Source]] = (-1, {})
        self._cached_words: tuple[int, frozenset[str]] = (-1, frozenset())
        with self._told():
            self._db = sqlite3.connect(path, check_same_thread=False, isolation_level=None, timeout=30)
            self._db.execute("PRAGMA journal_mode=WAL")

    def close(self) -> None:
        """Closes the file."""
        with self._lock:
            self._db.close()

    def meta(self, key: str) -> str | None:
        """A value stored with the index, such as ``embedder``, or None."""
        try:
            row = self._one("SELECT value FROM meta WHERE key = ?", key)
        except sqlite3.OperationalError:  # a database without our tables is somebody else's
            return None
        return row[0] if row else None

    @property
    def generation(self) -> int:
        """Counts the commits: it changes whenever the content does."""
        return int(self.meta("generation") or 0)

    def sources(self) -> tuple[Source, ...]:
        """All sources, by name."""
        return tuple(self._sources().values())

    def source(self, source_id: str) -> Source | None:
        """One source, or None."""
        return self._sources().get(source_id)

    def has(self, source_id: str) -> bool:
        """Whether the source is in the catalog; cheap also while it is being written."""
        return self._one("SELECT 1 FROM sources WHERE id = ?", source_id) is not None

    def _sources(self) -> dict[str, Source]:
        generation = self.generation
        if (
            self._cached[0] != generation
        ):  # parsing all rows for every question would take its whole time budget
            found = [source_from_json(row[0]) for row in self._all("SELECT json FROM sources")]
            self._cached = (generation, {s.id: s for s in sorted(found, key=lambda source: source.name)})
        return self._cached[1]

    def reading_text(self, source_id: str) -> str:
        """The reading text of a source. Raises KeyError for an unknown one."""
        row = self._one("SELECT text FROM sources WHERE id = ?", source_id)
        if row is None:
            raise KeyError(source_id)
        return str(row[0])

    def original_text(self, source_id: str) -> str | None:
        """The text before OCR repair, or None where nothing was repaired."""
        row = self._one("SELECT original FROM sources WHERE id = ?", source_id)
        return row[0] if row else None

    def reading(self, source_id: str) -> ReadingText:
        """All that is stored of what was read of a source. Raises KeyError for an unknown one."""
        row = self._one("SELECT json, text, original, alignment FROM sources WHERE id = ?", source_id)
        if row is None:
            raise KeyError(source_id)
        source, marks = source_from_json(row[0]), json.loads(row[3])
        return ReadingText(
            row[1],
            source.pages,
            source.grade,
            cast(ReadingMethod, source.method),
            title=marks["title"],
            original=row[2],
            alignment=tuple(map(tuple, marks["alignment"])),
            headings=tuple(map(tuple, marks["headings"])),
        )

    def corrections(self) -> dict[str, dict[int, str]]:
        """What was corrected by hand: the text of pages (0: of a source without pages), by source."""
        found: dict[str, dict[int, str]] = {}
        for source_id, page, text in self._all("SELECT source_id, page, text FROM corrections"):
            found.setdefault(source_id, {})[page] = text
        return found

    def words(self) -> frozenset[str]:
        """All words and numbers of all reading texts, titles, bodies and file dates, folded."""
        generation = self.generation
        if self._cached_words[0] != generation:
            told = ", ".join(f"json_extract(json, '$.{field}')" for field in ("title", "body", "date"))
            rows = self._all(f"SELECT text, {told} FROM sources")
            found = frozenset(
                word for row in rows for text in row for word in _WORD.findall(fold(text or ""))
            )
            self._cached_words = (generation, found)
        return self._cached_words[1]

    def chunk_count(self) -> int:
        """The number of chunks in the index."""
        return int(self._all("SELECT count(*) FROM chunks")[0][0])

    def chunks(self, ids: Sequence[str]) -> dict[str, Chunk]:
        """The chunks among ``ids`` that are in the catalog, by id."""
        found: dict[str, Chunk] = {}
        for start in range(0, len(ids), 500):
            batch = ids[start : start + 500]
            marks = ",".join("?" * len(batch))
            found |= {chunk.id: chunk for chunk in self._select_chunks(f"c.id IN ({marks})", *batch)}
        return found

    def chunks_of(self, source_id: str) -> tuple[Chunk, ...]:
        """All chunks of a source, in order."""
        return tuple(self._select_chunks("c.source_id = ?", source_id))

    def all_chunks(self) -> tuple[Chunk, ...]:
        """All chunks, by source and order."""
        return tuple(self._select_chunks("1"))

    def files(self) -> dict[str, FileRecord]:
        """All files by absolute path."""
        rows = self._all("SELECT path, source_id, size, mtime_ns FROM files")
        return {row[0]: FileRecord(*row) for row in rows}

    def paths_of(self, source_id: str) -> tuple[str, ...]:
        """The paths of the files that hold a source, as ``FileRecord`` writes them, in order."""
        rows = self._all("SELECT path FROM files WHERE source_id = ? ORDER BY path", source_id)
        return tuple(path for (path,) in rows)

    def failures(self) -> dict[str, str]:
        """The files that could not be read at the last ingest, with the reason, by absolute path."""
        return dict(self._all("SELECT path, reason FROM failures"))

    def journal(self) -> tuple[str, ...]:
        """Ids of sources that a writer was adding to or removing from the derived indexes."""
        return tuple(row[0] for row in self._all("SELECT source_id FROM journal"))

    @contextmanager
    def snapshot(self) -> Iterator[None]:
        """What is read within is the catalog as it was at the beginning, whatever another process writes.

        All threads that read meanwhile see that too. May be nested; not for a catalog that is written to.
        """
        with self._lock, self._told():
            self._snapshots += 1
            if self._snapshots == 1:
                self._db.execute("BEGIN")
        try:
            yield
        finally:
            with self._lock, self._told():
                self._snapshots -= 1
                if self._snapshots == 0:
                    self._db.execute("COMMIT")

    def _select_chunks(self, where: str, *values: str) -> Iterator[Chunk]:
        rows = self._all(
            'SELECT c.id, c.source_id, c.ordinal, substr(s.text, c.start + 1, c."end" - c.start), c.start, c."end",'
            " c.headings, c.page FROM chunks c JOIN sources s ON s.id = c.source_id"
            f" WHERE {where} ORDER BY c.source_id, c.ordinal",
            *values,
        )
        for chunk_id, source_id, ordinal, text, start, end, headings, page in rows:
            locator = Locator(start, end, tuple(json.loads(headings)), page)
            yield Chunk(chunk_id, source_id, ordinal, text, locator)

    def _all(self, statement: str, *values: str) -> list[tuple]:  # type: ignore[type-arg]
        with self._lock, self._told():
            return self._db.execute(statement, values).fetchall()

    @contextmanager
    def _told(self) -> Iterator[None]:
        """What is amiss with the file is told with its remedy, and none that costs what only this index holds."""
        try:
            yield
        except sqlite3.DatabaseError as error:
            code = getattr(error, "sqlite_errorcode", 0) & 0xFF  # the higher bits tell more closely
            told = _TOLD.get(code)
            if told is None:
                raise
            kind, remedy = told
            raise kind(f"{self._path} cannot be used ({error}): {remedy}") from None

    def _one(self, statement: str, *values: str) -> tuple | None:  # type: ignore[type-arg]
        rows = self._all(statement, *values)
        return rows[0] if rows else None
