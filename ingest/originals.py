"""The file that a source was read from, as long as it is still what was read."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path, PurePath
from typing import Protocol

from ingest import readers
from ingest.finding import source_id_of
from rag.errors import OriginalGone, UnreadableFile
from rag.records import INSIDE


class Files(Protocol):
    """The part of the catalog that tells where sources come from."""

    def meta(self, key: str) -> str | None: ...

    def paths_of(self, source_id: str) -> tuple[str, ...]: ...


@dataclass(frozen=True, slots=True)
class Original:
    """A file's name, without folders, and what is in it."""

    name: str
    data: bytes = field(repr=False)


def original(catalog: Files, source_id: str) -> Original:
    """The first file in path order that still holds the source. Raises OriginalGone."""
    recipe = catalog.meta("pipeline") or ""
    changed = ""
    for path in catalog.paths_of(source_id):
        data = content(path)
        if data is not None and source_id_of(data, recipe) == source_id:
            return Original(PurePath(path).name, data)
        changed = path if data is not None else changed
    if changed:
        raise OriginalGone(
            f"{PurePath(changed).name} has changed since it was read: ingest it again", changed=True
        )
    raise OriginalGone("The file is no longer where it was read: put it back, or forget it with --sync")


def content(path: str) -> bytes | None:
    """What is in a file, or in one inside an archive or message, as ``FileRecord`` writes its path; None where
    it is gone or cannot be opened."""
    outer, _, inside = path.partition(INSIDE)
    try:
        if not inside:
            return readers.load(Path(outer))
        return next(member.data for member in readers.expand(Path(outer)) if member.name == inside)
    except (UnreadableFile, StopIteration):
        return None
