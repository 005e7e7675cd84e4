"""The catalog: what is in the index, in one SQLite file. It is the truth; Chroma and tantivy are derived.

A source is visible from the moment one transaction writes it here, whole, and no longer from the moment one
transaction takes it away. Chunks that the derived indexes hold beyond that are leftovers of an interrupted
run: nobody sees them, and the journal names them so that the next writer removes them.
"""

from __future__ import annotations

import json
import re
import sqlite3
import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import cast

from rag.domain import Chunk, Locator, ReadingMethod, ReadingText, Source
from rag.errors import ForeignIndex, IndexUnusable
from rag.folding import fold
from rag.rows import source_from_json, source_to_json

FORMAT = "1"
_WORD = re.compile(r"[^\W_]+")
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


INSIDE = "//"  # stands between an archive's path and the place of a file in it; no path on disk holds it
UNSETTLED = -1  # as a time of change: the file is looked into again at its next ingest


@dataclass(frozen=True, slots=True)
class FileRecord:
    """A file, or one inside an archive or message, as it was when it was last ingested.

    ``path`` is absolute; ``/a/arkiv.zip//mapp/brev.txt`` is a file in an archive.
    """

    path: str
    source_id: str
    size: int  # bytes
    mtime_ns: int


@dataclass(frozen=True, slots=True)
class IndexedDocument:
    """A source with everything that is stored of it."""

    source: Source
    reading: ReadingText
    chunks: tuple[Chunk, ...]


def shown_name(path: str) -> str:
    """How a file is called where it is shown and cited: ``brev.txt``, ``arkiv.zip/mapp/brev.txt``."""
    outer, _, inside = path.partition(INSIDE)
    name = Path(outer).name
    return f"{name}/{inside}" if inside else name


class Catalog:
    """Reads and writes the SQLite file ``catalog.sqlite`` in an index folder. Safe to use from threads.

    Raises ForeignIndex when the folder holds no catalog (and ``create`` is False) or another format's.
    """

    def __init__(self, folder: Path, *, create: bool = False) -> None:
        path = folder / "catalog.sqlite"
        fresh = not path.exists()
        if fresh and not create:
            raise ForeignIndex(
                f"{folder} holds no Stadsvar index: run 'stadsvar ingest PATH --index {folder}' first"
            )
        self._lock = threading.RLock()
        self._snapshots = 0
        self._cached: tuple[int, dict[str, Source]] = (-1, {})
        self._cached_words: tuple[int, frozenset[str]] = (-1, frozenset())
        try:
            self._db = sqlite3.connect(path, check_same_thread=False, isolation_level=None, timeout=30)
            self._db.execute("PRAGMA journal_mode=WAL")
            if fresh or self._is_blank():
                with self.transaction():
                    for statement in _SCHEMA.split(";"):
                        self._db.execute(statement)
                    self._write_meta("format", FORMAT)
            self._check_format(folder)
            self._db.execute(_CORRECTIONS)
        except sqlite3.DatabaseError as error:
            raise ForeignIndex(
                f"{path} cannot be read ({error}): remove {folder} and ingest again, or choose another --index"
            ) from None

    def _is_blank(self) -> bool:
        return bool(self._db.execute("SELECT count(*) = 0 FROM sqlite_master").fetchone()[0])

    def _check_format(self, folder: Path) -> None:
        found = self.meta("format")
        if found != FORMAT:
            raise ForeignIndex(
                f"{folder} was made by another version (index format {found}, this one reads {FORMAT}): "
                "remove the folder and ingest again, or choose another --index"
            )

    def close(self) -> None:
        """Closes the file."""
        with self._lock:
            self._db.close()

    # --- reading -----------------------------------------------------------------------------------------

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
            rows = self._all("SELECT text, json FROM sources")
            found = frozenset(word for row in rows for text in row for word in _WORD.findall(fold(text)))
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
        with self._lock:
            self._snapshots += 1
            if self._snapshots == 1:
                self._db.execute("BEGIN")
        try:
            yield
        finally:
            with self._lock:
                self._snapshots -= 1
                if self._snapshots == 0:
                    self._db.execute("COMMIT")

    # --- writing (inside ``transaction``) ----------------------------------------------------------------

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All writes within happen together or not at all."""
        with self._lock:
            self._db.execute("BEGIN IMMEDIATE")
            try:
                yield
            except BaseException:
                self._db.execute("ROLLBACK")
                raise
            self._db.execute("COMMIT")

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
        with self._lock:
            try:
                return self._db.execute(statement, values).fetchall()
            except sqlite3.DatabaseError as error:
                if "locked" in str(error):
                    raise IndexUnusable("The index is busy being written: try again in a moment") from None
                raise

    def _one(self, statement: str, *values: str) -> tuple | None:  # type: ignore[type-arg]
        rows = self._all(statement, *values)
        return rows[0] if rows else None


def _marks(reading: ReadingText) -> str:
    return json.dumps(
        {"alignment": reading.alignment, "headings": reading.headings, "title": reading.title},
        ensure_ascii=False,
    )
