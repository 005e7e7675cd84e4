"""Files in, index out: find, read, describe, split, store; one unreadable file never stops the others."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from ingest import chunking, facts, metadata, readers, structure
from rag.catalog import FileRecord, IndexedDocument
from rag.domain import ReadingText, Source
from rag.errors import MissingInput, UnreadableFile
from rag.index import Index

# Part of every source's id: raise it when the same file would now be read, described or split differently.
PIPELINE = "1"
BATCH_CHUNKS = 256  # written together: large enough for the embedder's batches, small enough to lose little

Status = Literal["added", "updated", "unchanged", "removed", "failed"]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one file."""

    path: str
    status: Status
    reason: str = ""


@dataclass(frozen=True, slots=True)
class _Prepared:
    outcome: Outcome
    record: FileRecord
    document: IndexedDocument | None  # None when the content is in the index already


def ingest(
    index: Index,
    paths: Sequence[Path],
    *,
    sync: bool = False,
    on_start: Callable[[int], None] = lambda total: None,
    on_outcome: Callable[[Outcome], None] = lambda outcome: None,
) -> tuple[Outcome, ...]:
    """Brings the index in line with the files and folders ``paths`` and tells each file's outcome.

    ``sync`` also forgets files below ``paths`` that are no longer there. Raises MissingInput when a path
    does not exist or nothing readable is found at all.
    """
    files = find_files(paths, known=set(index.catalog.files()) if sync else set())
    on_start(len(files))
    outcomes: list[Outcome] = []

    def tell(outcome: Outcome) -> None:
        outcomes.append(outcome)
        on_outcome(outcome)

    if sync:
        _forget(index, paths, files, tell)
    repeat_all = index.catalog.meta("pipeline") not in (None, PIPELINE)
    for batch in _batches(_prepare_all(index, files, repeat_all, tell)):
        index.replace([p.document for p in batch if p.document], [p.record for p in batch])
        for prepared in batch:
            tell(prepared.outcome)
    index.catalog.write_meta("pipeline", PIPELINE)
    return tuple(outcomes)


def find_files(paths: Iterable[Path], known: set[str] = frozenset()) -> list[Path]:  # type: ignore[assignment]
    """The readable files at and below ``paths``, sorted, each once, as absolute paths.

    A file that is named itself is taken whatever its kind, so that its failure is reported. Links that lead
    out of a named folder are not followed. Raises MissingInput.
    """
    found: dict[Path, None] = {}
    for path in paths:
        place = path.resolve()
        if place.is_dir():
            inside = sorted(entry for entry in place.rglob("*") if _is_readable(entry, place))
            found |= dict.fromkeys(entry.resolve() for entry in inside)
        elif place.exists():
            found[place] = None
        elif not any(name == str(place) or name.startswith(f"{place}/") for name in known):
            raise MissingInput(f"{path} does not exist: check the path")
    if not found and not known:
        names = ", ".join(map(str, paths))
        raise MissingInput(f"{names} holds no file that can be read: see the README for the formats")
    return list(found)


def _is_readable(entry: Path, folder: Path) -> bool:
    hidden = any(part.startswith(".") for part in entry.relative_to(folder).parts)
    return (
        not hidden and entry.is_file() and entry.resolve().is_relative_to(folder) and readers.supported(entry)
    )


def _forget(
    index: Index, paths: Sequence[Path], files: Sequence[Path], tell: Callable[[Outcome], None]
) -> None:
    present = {str(file) for file in files}
    places = [path.resolve() for path in paths]
    known = {*index.catalog.files(), *index.catalog.failures()}
    gone = [p for p in sorted(known - present) if any(Path(p).is_relative_to(place) for place in places)]
    if gone:
        index.replace([], [], gone)
    for path in gone:
        tell(Outcome(path, "removed"))


def _prepare_all(
    index: Index, files: Sequence[Path], repeat_all: bool, tell: Callable[[Outcome], None]
) -> Iterator[_Prepared]:
    known = {} if repeat_all else index.catalog.files()
    seen: set[str] = set()
    for path in files:
        try:
            prepared = _prepare(index, path, known.get(str(path)), seen, str(path) in known)
        except UnreadableFile as error:
            index.catalog.record_failure(str(path), str(error))
            tell(Outcome(str(path), "failed", str(error)))
            continue
        if prepared is None:
            tell(Outcome(str(path), "unchanged"))
        else:
            seen.add(prepared.record.source_id)
            yield prepared


def _prepare(
    index: Index, path: Path, record: FileRecord | None, seen: set[str], known: bool
) -> _Prepared | None:
    try:
        stat = path.stat()
        if record and (record.size, record.mtime_ns) == (stat.st_size, stat.st_mtime_ns):
            return None
        source_id = _source_id(path)
    except OSError as error:
        raise UnreadableFile(f"cannot be opened ({error.strerror}): check its permissions") from None
    status: Status = "updated" if known else "added"
    if record and record.source_id == source_id:
        status = "unchanged"
    new_record = FileRecord(str(path), source_id, stat.st_size, stat.st_mtime_ns)
    if source_id in seen or index.catalog.source(source_id):
        return _Prepared(Outcome(str(path), status), new_record, None)
    document = read_document(path, source_id, index.embedder.count_tokens, index.embedder.window)
    return _Prepared(Outcome(str(path), status), new_record, document)


def _source_id(path: Path) -> str:
    digest = hashlib.sha256(PIPELINE.encode())
    with path.open("rb") as file:
        while block := file.read(1 << 20):
            digest.update(block)
    return digest.hexdigest()[:16]


def read_document(
    path: Path, source_id: str, count_tokens: Callable[[str], int], window: int
) -> IndexedDocument:
    """Reads, describes and splits one file. Raises UnreadableFile."""
    return make_document(readers.read(path), path.name, source_id, count_tokens, window)


def make_document(
    reading: ReadingText, name: str, source_id: str, count_tokens: Callable[[str], int], window: int
) -> IndexedDocument:
    """Describes and splits a reading text. Raises UnreadableFile when nothing is left to index."""
    sections = structure.sections(reading)
    description = metadata.describe(reading, name, sections)
    source = Source(
        id=source_id,
        name=name,
        title=description.title,
        kind=description.kind,
        body=description.body,
        date=description.date,
        diarienummer=description.diarienummer,
        grade=reading.grade,
        method=reading.method,
        pages=reading.pages,
        facts=facts.extract(reading, sections, description),
    )
    chunks = chunking.chunk(source_id, reading, sections, count_tokens, max_tokens=window)
    if not chunks:
        raise UnreadableFile("holds no text: if it is a scan, run it through OCR first")
    return IndexedDocument(source, reading, chunks)


def _batches(prepared: Iterable[_Prepared]) -> Iterator[list[_Prepared]]:
    batch: list[_Prepared] = []
    chunks = 0
    for item in prepared:
        batch.append(item)
        chunks += len(item.document.chunks) if item.document else 0
        if chunks >= BATCH_CHUNKS:
            yield batch
            batch, chunks = [], 0
    if batch:
        yield batch
