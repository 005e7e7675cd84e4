"""Judging how well text was read, reading pages anew with tesseract, and mending misread Swedish.

``repair`` takes a text, ``restore`` a reading text with pages; ``learn`` gathers names from clean documents.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ingest.ocr.judging import Judgement, judge
    from ingest.ocr.names import Lexicon, learn
    from ingest.ocr.sheets import needs_repair, repair, restore, to_original, to_reading, unrepaired

__all__ = [
    "Judgement",
    "Lexicon",
    "judge",
    "learn",
    "needs_repair",
    "repair",
    "restore",
    "to_original",
    "to_reading",
    "unrepaired",
]

_HOMES = {"Judgement": "judging", "judge": "judging", "Lexicon": "names", "learn": "names"}


def __getattr__(name: str) -> Any:
    # Loaded at first use: most commands never repair anything.
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    import importlib

    return getattr(importlib.import_module(f"{__name__}.{_HOMES.get(name, 'sheets')}"), name)
