"""The catalog: what is in the index, in one SQLite file. It is the truth; Chroma and tantivy are derived.

A source is visible from the moment one transaction writes it here, whole, and no longer from the moment one
transaction takes it away. Chunks that the derived indexes hold beyond that are leftovers of an interrupted
run: nobody sees them, and the journal names them so that the next writer removes them.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import MappingProxyType

from rag.catalog_reader import CatalogReader
from rag.domain import ReadingText
from rag.errors import ForeignIndex, IndexUnusable
from rag.records import UNSETTLED, FileRecord, IndexedDocument, shown_name
from rag.rows import source_to_json

FORMAT = "1"
_SCHEMA = """
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE files (path TEXT PRIMARY KEY, source_id TEXT NOT NULL, size INTEGER NOT NULL, mtime_ns INTEGER NOT NULL);
CREATE INDEX files_by_source ON files (source_id);
CREATE TABLE sources (id TEXT PRIMARY KEY, json TEXT NOT NULL, text TEXT NOT NULL, original TEXT, alignment TEXT);
CREATE TABLE chunks (id TEXT PRIMARY KEY, source_id TEXT NOT NULL, ordinal INTEGER NOT NULL,
                     start INTEGER NOT NULL, "end" INTEGER NOT NULL, page INTEGER, headings TEXT NOT NULL);
CREATE INDEX chunks_by_source ON chunks (source_id, ordinal);
CREATE TABLE journal (source_id TEXT PRIMARY KEY);
CREATE TABLE failures (path TEXT PRIMARY KEY, reason TEXT NOT NULL);
"""
_CORRECTIONS = """CREATE TABLE IF NOT EXISTS corrections
 (source_id TEXT NOT NULL, page INTEGER NOT NULL, text TEXT NOT NULL, PRIMARY KEY (source_id, page))"""


class Catalog(CatalogReader):
    """Reads and writes the SQLite file ``catalog.sqlite`` in an index folder. Safe to use from threads.

    Raises ForeignIndex when the folder holds no catalog (and ``create`` is False) or another format's, and
    IndexUnusable when this user may not use it.
    """

    def __init__(self, folder: Path, *, create: bool = False) -> None:
        path = folder / "catalog.sqlite"
        try:
            fresh = not path.exists()
        except OSError as error:
            raise IndexUnusable(
                f"{folder} cannot be opened ({error.strerror}): let this user read and write it"
            ) from None
        if folder.is_file():
            raise ForeignIndex(f"{folder} is a file: name a folder with --index")
        if fresh and not create:
            raise ForeignIndex(
                f"{folder} holds no Stadsvar index: run 'stadsvar ingest PATH --index {folder}' first"
            )
        super().__init__(path)
        if fresh or self._is_blank():
            with self.transaction():
                for statement in _SCHEMA.split(";"):
                    self._db.execute(statement)
                self._write_meta("format", FORMAT)
        self._check_format(folder)
        with self._told():
            self._db.execute(_CORRECTIONS)

    def _is_blank(self) -> bool:
        return self._all("SELECT count(*) FROM sqlite_master") == [(0,)]

    def _check_format(self, folder: Path) -> None:
        found = self.meta("format")
        if found is None:
            raise ForeignIndex(f"{folder} holds another program's catalog.sqlite: choose another --index")
        if found != FORMAT:
            raise ForeignIndex(
                f"{folder} was made by another version (index format {found}, this one reads {FORMAT}): "
                "keep it, and ingest the documents into a new folder with --index"
            )

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All writes within happen together or not at all."""
        with self._lock, self._told():
            self._db.execute("BEGIN IMMEDIATE")
            try:
                yield
                self._db.execute("COMMIT")
            except BaseException:
                if self._db.in_transaction:  # SQLite has ended it itself when the disk is full
                    self._db.execute("ROLLBACK")
                raise

    def write_meta(self, key: str, value: str) -> None:
        """Stores a value with the index."""
        with self.transaction():
            self._write_meta(key, value)

    def renew(self, recipe: str) -> None:
        """Notes how files are read from now on; where that changed, all are looked into again."""
        if self.meta("pipeline") == recipe:
            return
        with self.transaction():
            self._db.execute("UPDATE files SET mtime_ns = ?", (UNSETTLED,))
            self._write_meta("pipeline", recipe)

    def record_failure(self, path: str, reason: str) -> None:
        """Remembers that a file could not be read; its earlier version, if any, stays."""
        with self.transaction():
            self._db.execute("INSERT OR REPLACE INTO failures VALUES (?, ?)", (path, reason))

    def begin(self, source_ids: Iterable[str]) -> None:
        """Notes in the journal that the derived indexes are about to change for these sources."""
        with self.transaction():
            self._db.executemany("INSERT OR IGNORE INTO journal VALUES (?)", [(i,) for i in source_ids])

    def finish(self, source_ids: Iterable[str]) -> None:
        """Takes sources out of the journal again."""
        with self.transaction():
            self._db.executemany("DELETE FROM journal WHERE source_id = ?", [(i,) for i in source_ids])

    def keep_corrections(self, corrections: Mapping[str, Mapping[int, str]]) -> None:
        """Notes what was corrected by hand in sources, in place of what was noted of them before."""
        with self.transaction():
            self._write_corrections(corrections)

    def commit(
        self,
        added: Iterable[IndexedDocument],
        files: Sequence[FileRecord],
        gone: Sequence[str],
        corrections: Mapping[str, Mapping[int, str]] = MappingProxyType({}),
    ) -> tuple[str, ...]:
        """One transaction: adds documents, points files at their sources, forgets the paths ``gone``, and notes
        ``corrections`` as ``keep_corrections`` does.

        Returns the ids of the sources that no file points at any more; they are no longer in the catalog.
        """
        with self.transaction():
            touched = self._sources_at([*gone, *(file.path for file in files)])
            for document in added:
                self._insert(document)
            for path in gone:
                self._db.execute("DELETE FROM files WHERE path = ?", (path,))
                self._db.execute("DELETE FROM failures WHERE path = ?", (path,))
            self._db.executemany(
                "INSERT OR REPLACE INTO files VALUES (?, ?, ?, ?)",
                [(file.path, file.source_id, file.size, file.mtime_ns) for file in files],
            )
            self._db.executemany("DELETE FROM failures WHERE path = ?", [(file.path,) for file in files])
            dropped = tuple(
                row[0]
                for row in self._all("SELECT id FROM sources WHERE id NOT IN (SELECT source_id FROM files)")
            )
            for source_id in dropped:
                self._db.execute("DELETE FROM sources WHERE id = ?", (source_id,))
                self._db.execute("DELETE FROM chunks WHERE source_id = ?", (source_id,))
                self._db.execute("DELETE FROM corrections WHERE source_id = ?", (source_id,))
                self._db.execute("INSERT OR IGNORE INTO journal VALUES (?)", (source_id,))
            self._rename_sources({*touched, *(file.source_id for file in files)} - {*dropped})
            self._write_corrections(corrections)
            self._write_meta("generation", str(self.generation + 1))
        return dropped

    def _insert(self, document: IndexedDocument) -> None:
        source, reading = document.source, document.reading
        self._db.execute(
            "INSERT OR REPLACE INTO sources VALUES (?, ?, ?, ?, ?)",
            (
                source.id,
                source_to_json(source),
                reading.text,
                reading.original,
                _marks(reading),
            ),
        )
        self._db.execute("DELETE FROM chunks WHERE source_id = ?", (source.id,))
        self._db.executemany(
            "INSERT INTO chunks VALUES (?, ?, ?, ?, ?, ?, ?)",
            [
                (
                    chunk.id,
                    chunk.source_id,
                    chunk.ordinal,
                    chunk.locator.start,
                    chunk.locator.end,
                    chunk.locator.page,
                    json.dumps(chunk.locator.headings, ensure_ascii=False),
                )
                for chunk in document.chunks
            ],
        )

    def _write_corrections(self, corrections: Mapping[str, Mapping[int, str]]) -> None:
        for source_id, pages in corrections.items():
            self._db.execute("DELETE FROM corrections WHERE source_id = ?", (source_id,))
            rows = [(source_id, page, text) for page, text in pages.items()]
            self._db.executemany("INSERT INTO corrections VALUES (?, ?, ?)", rows)

    def _sources_at(self, paths: Iterable[str]) -> frozenset[str]:
        rows = (self._one("SELECT source_id FROM files WHERE path = ?", path) for path in paths)
        return frozenset(row[0] for row in rows if row)

    def _rename_sources(self, source_ids: Iterable[str]) -> None:
        """Gives sources the names of the files that hold them, the first in path order as their own."""
        for source_id in source_ids:
            rows = self._all("SELECT path FROM files WHERE source_id = ? ORDER BY path", source_id)
            if not rows:  # the content of an archive, of which nothing but its files is a source
                continue
            names = [shown_name(path) for (path,) in rows]
            self._db.execute(
                "UPDATE sources SET json = json_set(json, '$.name', ?, '$.other_names', json(?)) WHERE id = ?",
                (names[0], json.dumps(names[1:], ensure_ascii=False), source_id),
            )

    def _write_meta(self, key: str, value: str) -> None:
        self._db.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (key, value))


def _marks(reading: ReadingText) -> str:
    return json.dumps(
        {"alignment": reading.alignment, "headings": reading.headings, "title": reading.title},
        ensure_ascii=False,
    )
