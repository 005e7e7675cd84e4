"""Which files there are, also inside archives and messages, and which of them have changed."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Literal

from ingest import readers
from rag.catalog import Catalog
from rag.errors import MissingInput, UnreadableFile
from rag.records import INSIDE, UNSETTLED, FileRecord, shown_name

# Part of every source's id: raise it when the same file would now be read, described or split differently.
PIPELINE = "8"
_VOCABULARY_FILES = ("bodies.toml", "headings.toml", "roles.toml", "stance.toml")
_BLOCK = 1 << 20

State = Literal["unchanged", "content", "failed", "opened"]


@dataclass(frozen=True, slots=True)
class Found:
    """A file as it lies there now, or one inside an archive or message.

    ``content``: it has to be looked at whether the index has it. ``opened``: all files inside it have been
    told, and ``record`` may be stored once they are; ``gone`` are those no longer inside.
    """

    record: FileRecord
    state: State
    before: FileRecord | None = None
    reason: str = ""
    data: bytes | None = field(default=None, repr=False)
    gone: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """How the file is cited."""
        return shown_name(self.record.path)


@dataclass(frozen=True, slots=True)
class Known:
    """What the index knows of files; ``inside`` lists the paths in each archive or message."""

    files: Mapping[str, FileRecord]
    failures: frozenset[str]
    inside: Mapping[str, tuple[str, ...]]

    @classmethod
    def of(cls, catalog: Catalog, recipe: str | None = None) -> Known:
        """What ``catalog`` knows; with ``recipe``, as if it had been renewed to that."""
        files = catalog.files()
        if recipe not in (None, catalog.meta("pipeline")):
            files = {path: replace(record, mtime_ns=UNSETTLED) for path, record in files.items()}
        return cls.made(files, frozenset(catalog.failures()))

    @classmethod
    def made(cls, files: Mapping[str, FileRecord], failures: frozenset[str]) -> Known:
        """From the files by path and the paths of those that failed."""
        inside: dict[str, list[str]] = defaultdict(list)
        for path in sorted({*files, *failures}):
            if INSIDE in path:
                inside[path.partition(INSIDE)[0]].append(path)
        return cls(files, failures, {path: tuple(found) for path, found in inside.items()})

    @property
    def paths(self) -> frozenset[str]:
        """Of all files, those that failed too."""
        return frozenset({*self.files, *self.failures})

    def failed(self, path: str) -> bool:
        """Whether the file, or one inside it, could not be read."""
        return path in self.failures or any(inner in self.failures for inner in self.inside.get(path, ()))


def recipe(vocabulary: Path | None) -> str:
    """Changes when the same file would be read differently: with the code, or an operator's vocabulary."""
    files = [vocabulary / name for name in _VOCABULARY_FILES] if vocabulary else []
    present = [file for file in files if file.is_file()]
    if not present:
        return PIPELINE
    digest = hashlib.sha256(b"\0".join(file.name.encode() + file.read_bytes() for file in present))
    return f"{PIPELINE}-{digest.hexdigest()[:8]}"


def find_files(paths: Iterable[Path], known: Iterable[str] = ()) -> list[Path]:
    """The readable files at and below ``paths``, sorted, each once, as absolute paths.

    Documents in a form that is not read (DOC, XLSX ...), and a file that is named itself, are taken too, so that
    their failure is reported. Links that lead
    out of a named folder are not followed. Raises MissingInput.
    """
    known = set(known)
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
    # "~$" begins the files by which Word marks that a document is open.
    hidden = any(part.startswith((".", "~$")) for part in entry.relative_to(folder).parts)
    wanted = readers.supported(entry) or readers.expandable(entry) or readers.refused(entry)
    return bool(wanted) and not hidden and entry.is_file() and entry.resolve().is_relative_to(folder)


def look(files: Iterable[Path], known: Known, recipe: str) -> Iterator[Found]:
    """Every file, and those inside archives and messages that have changed, in order."""
    for path in files:
        yield from _look_at(path, known, recipe)


def _look_at(path: Path, known: Known, recipe: str) -> Iterator[Found]:
    name = str(path)
    before = known.files.get(name)
    opens, failed = readers.expandable(path), known.failed(name)
    if reason := readers.refused(path):
        yield Found(FileRecord(name, "", 0, 0), "failed", before, reason)
        return
    try:
        stat = path.stat()
        if before and (before.size, before.mtime_ns) == (stat.st_size, stat.st_mtime_ns) and not failed:
            yield from _unchanged(path, before, known)
            return
        record = FileRecord(name, _digest_of_file(path, recipe), stat.st_size, stat.st_mtime_ns)
    except OSError as error:
        reason = f"cannot be opened ({error.strerror}); check its permissions"
        yield Found(FileRecord(name, "", 0, 0), "failed", before, reason)
        return
    if not opens:
        yield Found(record, "content", before)
        return
    settled = before is not None and before.mtime_ns != UNSETTLED and not failed
    if before and settled and before.source_id == record.source_id:  # touched, that is all
        yield from _unchanged(path, before, known)
        yield Found(record, "opened", before)
        return
    if readers.supported(path):
        # Settled only when the files inside are stored too, so that a run cut off in between goes on here.
        unsettled = FileRecord(name, record.source_id, record.size, UNSETTLED)
        yield Found(unsettled, "content", before)
    yield from _look_inside(path, record, known, recipe)


def _unchanged(path: Path, record: FileRecord, known: Known) -> Iterator[Found]:
    if readers.supported(path) or not readers.expandable(path):
        yield Found(record, "unchanged", record)
    for inner in known.inside.get(str(path), ()):
        yield Found(known.files[inner], "unchanged", known.files[inner])


def _look_inside(path: Path, record: FileRecord, known: Known, recipe: str) -> Iterator[Found]:
    seen: set[str] = set()
    before = known.files.get(record.path)
    try:
        for member in readers.expand(path):
            if not readers.supported(Path(member.name)) and not member.problem:
                continue
            name = f"{record.path}{INSIDE}{member.name}"
            seen.add(name)
            inner = FileRecord(name, source_id_of(member.data, recipe), len(member.data), record.mtime_ns)
            state: State = "failed" if member.problem else "content"
            yield Found(inner, state, known.files.get(name), member.problem, member.data)
    except UnreadableFile as error:
        yield Found(record, "failed", before, str(error))
        return
    if not seen and not readers.supported(path):
        reason = "holds no file that can be read; unpack it and see which formats the README names"
        yield Found(record, "failed", before, reason)
        return
    gone = tuple(inner for inner in known.inside.get(record.path, ()) if inner not in seen)
    yield Found(record, "opened", before, gone=gone)


def source_id_of(data: bytes, recipe: str) -> str:
    """The id of the source that a file with this content is, when it is read by ``recipe``."""
    return hashlib.sha256(recipe.encode() + data).hexdigest()[:16]


def _digest_of_file(path: Path, recipe: str) -> str:
    digest = hashlib.sha256(recipe.encode())
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            digest.update(block)
    return digest.hexdigest()[:16]
