"""What the model is shown in training."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Example:
    """A question on a text. ``golds`` are character spans of the text; empty means: not stated.

    ``crop`` says that only a stretch of the text is read in training; it holds one of ``golds`` or, where
    nothing is stated, of ``plausible``, the places that look like an answer.
    """

    question: str
    context: str
    text: str
    golds: tuple[tuple[int, int], ...]
    crop: bool = False
    plausible: tuple[tuple[int, int], ...] = ()
