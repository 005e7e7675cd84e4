"""Files in, index out: find, read, mend, describe, split, store; one unreadable file never stops the others."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from ingest import finding
from ingest.correct import carry_over
from ingest.finding import Known, find_files
from ingest.outcomes import Outcome, Tell
from ingest.run import Run
from ingest.stores import IndexStore, Rehearsal
from rag.catalog import Catalog
from rag.index import Index
from rag.index_folder import refuse_foreign
from rag.records import INSIDE
from rag.settings import Settings


def ingest(
    index: Index,
    paths: Sequence[Path],
    *,
    sync: bool = False,
    workers: int | None = None,
    only: Callable[[Path], bool] = lambda file: True,
    on_start: Callable[[int], None] = lambda total: None,
    on_outcome: Tell = lambda outcome: None,
) -> tuple[Outcome, ...]:
    """Brings the index in line with the files and folders ``paths`` and tells each file's outcome.

    ``sync`` also forgets files below ``paths`` that are no longer there. ``workers`` is the number of
    processes that read, see ``ingest.workers.work``. Files that ``only`` turns down are left as they are. Raises
    MissingInput when a path does not exist or nothing readable is found at all.
    """
    recipe = finding.recipe(index.settings.vocabulary)
    carry_over(index.catalog, recipe)
    index.catalog.renew(recipe)
    known = Known.of(index.catalog)
    files = find_files(paths, known=known.paths if sync else ())
    chosen = [file for file in files if only(file)]
    on_start(len(chosen))
    run = Run(IndexStore(index), on_outcome, workers)
    gone = files_gone(paths, files, known) if sync else []
    return run.all(finding.look(chosen, known, recipe), gone)


def rehearse(
    settings: Settings,
    paths: Sequence[Path],
    *,
    sync: bool = False,
    workers: int | None = None,
    on_start: Callable[[int], None] = lambda total: None,
    on_outcome: Tell = lambda outcome: None,
) -> tuple[Outcome, ...]:
    """What ``ingest`` would do with the index of the settings: files are read, and nothing is written.

    Raises as ``ingest`` and ``Index.open`` do.
    """
    refuse_foreign(settings.index)
    catalog = Catalog(settings.index) if (settings.index / "catalog.sqlite").exists() else None
    recipe = finding.recipe(settings.vocabulary)
    known = Known.of(catalog, recipe) if catalog else Known.made({}, frozenset())
    files = find_files(paths, known=known.paths if sync else ())
    on_start(len(files))
    run = Run(Rehearsal(catalog), on_outcome, workers)
    gone = files_gone(paths, files, known) if sync else []
    try:
        return run.all(finding.look(files, known, recipe), gone)
    finally:
        if catalog:
            catalog.close()


def files_gone(paths: Sequence[Path], files: Iterable[Path], known: Known) -> list[str]:
    """The known paths at and below ``paths`` that lie in none of ``files`` any more."""
    present = {str(file) for file in files}
    places = [path.resolve() for path in paths]
    return [
        path
        for path in sorted(known.paths)
        if path.partition(INSIDE)[0] not in present
        and any(Path(path).is_relative_to(place) for place in places)
    ]
