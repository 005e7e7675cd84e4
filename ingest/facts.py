"""Facts that a document states about itself, each with the place it comes from."""

from __future__ import annotations

from collections.abc import Sequence

from ingest.metadata import SourceDescription
from rag.domain import Fact, ReadingText, Section


def extract(
    reading: ReadingText, sections: Sequence[Section], description: SourceDescription
) -> tuple[Fact, ...]:
    """The facts of ``reading`` in the order of their places."""
    return ()
