"""What a search returns."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Hit:
    """A chunk that a search found. ``score`` is the search's own; higher is better."""

    chunk_id: str
    score: float
