"""The index folder itself: that it is one, who may write to it, and whether all its parts are there."""

from __future__ import annotations

from pathlib import Path

from filelock import FileLock, Timeout

from rag.errors import ForeignIndex, IndexLocked, IndexUnusable


def lock(folder: Path) -> FileLock:
    """Takes the writer's lock. Raises IndexLocked, ForeignIndex for a folder that is not an index, or
    IndexUnusable for one that cannot be written."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        taken = FileLock(folder / "writer.lock")
        refuse_foreign(folder)
        taken.acquire(timeout=0)
    except Timeout:
        raise IndexLocked(f"Another ingest is writing to {folder}: wait until it is done") from None
    except OSError as error:
        raise IndexUnusable(
            f"{folder} cannot be written ({error.strerror}): choose another --index"
        ) from None
    return taken


def refuse_foreign(folder: Path) -> None:
    """Raises ForeignIndex for a folder that holds anything but an index."""
    if not folder.exists() or (folder / "catalog.sqlite").exists():
        return
    if any(entry.name != "writer.lock" for entry in folder.iterdir()):
        raise ForeignIndex(f"{folder} holds other files and no Stadsvar index: choose another --index")


def lost_part(folder: Path) -> Path | None:
    """The folder of a derived index that is gone or empty, of an index that holds chunks; None: both are there.

    Asked before Chroma and tantivy open their folders: they would make them anew, with nothing in them.
    """
    for file in (folder / "chroma" / "chroma.sqlite3", folder / "tantivy" / "meta.json"):
        try:
            if not file.exists():
                return file.parent
        except OSError:  # it may not be read, which is told when it is opened
            continue
    return None


def refuse_lost(folder: Path) -> None:
    """Raises IndexUnusable where ``lost_part`` finds one: nothing could be found there any more."""
    lost = lost_part(folder)
    if lost:
        raise IndexUnusable(
            f"{lost} is gone: run 'stadsvar ingest PATH --index {folder}', which makes it again; "
            "the documents are all there"
        )
