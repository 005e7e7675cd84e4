"""Swedish words (stub until the word list is in place)."""

from __future__ import annotations


def is_word(word: str) -> bool:
    """Whether ``word`` is a Swedish word form or a compound of such."""
    return False
