"""Text made comparable without moving any character: the folded text has the length of the original."""

from __future__ import annotations

import unicodedata
from functools import lru_cache

_DASHES = dict.fromkeys(map(ord, "‐‑‒–—−"), "-")
_QUOTES = {ord("’"): "'", ord("´"): "'", ord("”"): '"', ord("“"): '"'}


@lru_cache(maxsize=4096)
def _fold_character(character: str) -> str:
    lowered = character.lower()
    base = unicodedata.normalize("NFD", lowered)[0] if lowered else character
    if len(base) == 1 and base != character and not base.isascii():
        base = lowered
    return base if len(base) == 1 else character


def fold(text: str) -> str:
    """Lower case without marks (å, ä -> a, ö -> o, é -> e), one kind of dash; ``len`` is kept, so that
    positions in the result are positions in ``text``."""
    translated = text.translate(_DASHES).translate(_QUOTES)
    if translated.isascii():
        return translated.lower()
    return "".join(map(_fold_character, translated))
