"""Text made comparable without moving any character: the folded text has the length of the original."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_DASHES = dict.fromkeys(map(ord, "‐‑‒–—−"), "-")
_QUOTES = {ord("’"): "'", ord("´"): "'", ord("”"): '"', ord("“"): '"'}


_COMMON = (("å", "a"), ("ä", "a"), ("ö", "o"), ("é", "e"), ("–", "-"), ("’", "'"), ("”", '"'))
_NOT_ASCII = re.compile(r"[^\x00-\x7f]")


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
    if text.isascii():
        return text.lower()
    lowered = text.lower()
    if len(lowered) != len(text):  # a letter whose lower case is two characters
        lowered = "".join(character.lower()[:1] for character in text)
    for character, plain in _COMMON:  # much quicker than a look at every character
        lowered = lowered.replace(character, plain)
    return lowered if lowered.isascii() else _NOT_ASCII.sub(_fold_match, lowered)


def _fold_match(match: re.Match[str]) -> str:
    character = match.group()
    plain = character.translate(_DASHES).translate(_QUOTES)
    return plain if plain.isascii() else _fold_character(plain)
