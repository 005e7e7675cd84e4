"""The progress bar of an ingest."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ingest.pipeline import Outcome

Callbacks = tuple[Callable[[int], None], Callable[["Outcome"], None]]


@contextmanager
def progress(*, shown: bool) -> Iterator[Callbacks]:
    """Callbacks for ``ingest``: files done, rate and time left on stderr, or nothing."""
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeElapsedColumn,
        TimeRemainingColumn,
    )

    columns = (
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
        TextColumn("{task.description}"),
    )
    with Progress(*columns, console=Console(stderr=True), disable=not shown) as bar:
        task = bar.add_task("", total=None)

        def on_start(total: int) -> None:
            bar.update(task, total=total)

        def on_outcome(outcome: Outcome) -> None:
            bar.update(task, advance=1, description=Path(outcome.path).name)

        yield on_start, on_outcome
