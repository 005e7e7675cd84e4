"""What one file may cost: size, pages, unpacked size and time."""

from __future__ import annotations

import time
from dataclasses import dataclass, field

from rag.errors import UnreadableFile

MEGABYTE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class ReadingLimits:
    """Bounds for one file. ``max_ratio`` is unpacked over packed size, for every zip-based format."""

    max_bytes: int = 200 * MEGABYTE
    max_pages: int = 2_000
    max_ratio: float = 100.0
    seconds: float = 600.0
    max_members: int = 5_000  # files in one archive
    max_nesting: int = 2  # archives in archives, messages in messages


DEFAULT = ReadingLimits()


@dataclass(frozen=True, slots=True)
class Clock:
    """The limits of one file together with the moment its reading began."""

    limits: ReadingLimits = DEFAULT
    started: float = field(default_factory=time.monotonic)

    def check(self) -> None:
        """Raise ``UnreadableFile`` when the file's time is up; called between pages and members."""
        if time.monotonic() - self.started > self.limits.seconds:
            raise UnreadableFile(
                f"took longer than {self.limits.seconds:g} s to read, the limit for a file; split it"
            )

    def check_pages(self, count: int) -> None:
        """Raise ``UnreadableFile`` for a file of more than ``max_pages`` pages."""
        if count > self.limits.max_pages:
            raise UnreadableFile(
                f"has {count} pages, more than the limit of {self.limits.max_pages}; split the file"
            )

    def check_unpacked(self, unpacked: int, packed: int) -> None:
        """Raise ``UnreadableFile`` when ``unpacked`` bytes from ``packed`` ones look like a zip bomb."""
        limits = self.limits
        # A ratio alone would refuse a small, very regular file, which can do no harm.
        bomb = unpacked > 10 * MEGABYTE and unpacked > limits.max_ratio * max(packed, 1)
        if bomb or unpacked > 5 * limits.max_bytes:
            raise UnreadableFile(
                f"unpacks to {unpacked // MEGABYTE} MB from {max(packed // MEGABYTE, 1)} MB, more than is "
                "allowed; unpack it by hand and add the files in it"
            )
