"""The progress bar of an ingest: files done of all, rate, time passed and time left."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.progress import Task

    from ingest.outcomes import Outcome

Callbacks = tuple[Callable[[int], None], Callable[["Outcome"], None]]
_RATE_OVER = 120.0  # seconds: files are told in batches, which makes shorter stretches jump


@contextmanager
def progress(*, shown: bool) -> Iterator[Callbacks]:
    """Callbacks for ``ingest`` that draw a bar on stderr, or nothing."""
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        ProgressColumn,
        TextColumn,
        TimeElapsedColumn,
        TimeRemainingColumn,
    )
    from rich.text import Text

    class Rate(ProgressColumn):
        def render(self, task: Task) -> Text:
            return Text(rate(task.finished_speed or task.speed))

    columns = (
        BarColumn(),
        MofNCompleteColumn(),
        Rate(),
        TimeElapsedColumn(),
        TextColumn("left"),
        TimeRemainingColumn(),
        TextColumn("{task.description}"),
    )
    console = Console(stderr=True)
    with Progress(*columns, console=console, disable=not shown, speed_estimate_period=_RATE_OVER) as bar:
        task = bar.add_task("", total=None)
        files = Files()

        def on_start(total: int) -> None:
            files.total = total
            bar.update(task, total=total)

        def on_outcome(outcome: Outcome) -> None:
            files.count(outcome)
            bar.update(task, completed=files.done, total=files.total, description=Path(outcome.path).name)

        yield on_start, on_outcome


class Files:
    """How many files there are and how many are done; an archive counts as one more than the files in it."""

    def __init__(self) -> None:
        self.total = 0
        self.done = 0
        self._archives: set[str] = set()

    def count(self, outcome: Outcome) -> None:
        """One file is done. What lies in archives, and what is gone, was not counted before."""
        self.done += 1
        if outcome.inside or outcome.status == "removed":
            self.total += 1
        if outcome.inside and outcome.inside not in self._archives:
            self._archives.add(outcome.inside)
            self.done += Path(outcome.inside).suffix.lower() == ".zip"  # a message is told itself


def rate(per_second: float | None) -> str:
    """``3.4 files/s``, or ``12 files/min`` where it is slow."""
    if not per_second:
        return ""
    return f"{per_second:.1f} files/s" if per_second >= 1 else f"{per_second * 60:.0f} files/min"
