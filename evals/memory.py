"""The memory that this process and all that it starts take together (Linux, through /proc)."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

_EVERY = 0.2  # seconds between two looks


@contextmanager
def peak_memory() -> Iterator[Callable[[], float]]:
    """Gives a function that tells the peak so far, in bytes; 0 where there is no /proc.

    It is the most that the peaks of the processes living at one moment came to, so rather too much than too little.
    """
    most = 0.0
    done = threading.Event()

    def look() -> None:
        nonlocal most
        while not done.wait(_EVERY):
            most = max(most, sum(map(_peak_of, _family(os.getpid()))))

    thread = threading.Thread(target=look, name="memory", daemon=True)
    thread.start()
    try:
        yield lambda: most
    finally:
        done.set()
        thread.join()


def _family(process: int) -> Iterator[int]:
    """A process and all that descend from it, also those started by its other threads."""
    yield process
    for task in Path(f"/proc/{process}/task").glob("*/children"):
        try:
            children = task.read_text().split()
        except OSError:  # ended since
            continue
        for child in children:
            yield from _family(int(child))


def _peak_of(process: int) -> float:
    try:
        lines = Path(f"/proc/{process}/status").read_text().splitlines()
    except OSError:
        return 0.0
    return next((float(line.split()[1]) * 1024 for line in lines if line.startswith("VmHWM:")), 0.0)
