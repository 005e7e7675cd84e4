"""What became of each file of an ingest."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from rag.records import INSIDE

Status = Literal["added", "updated", "unchanged", "removed", "failed"]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one file; a file in an archive has the archive's path before its own."""

    path: str
    status: Status
    reason: str = ""
    inside: str = ""  # the archive or message that holds it

    @classmethod
    def of(cls, path: str, status: Status, reason: str = "") -> Outcome:
        """The outcome for a path as the catalog writes it."""
        outer, _, inner = path.partition(INSIDE)
        return cls(path.replace(INSIDE, "/"), status, reason, outer if inner else "")


Tell = Callable[[Outcome], None]
