"""The Swedish lexicon: which strings are words, and how likely each is.

Word forms come from the Hunspell dictionary and the counted texts, place names and common names from
``data/names.txt``. The trie over them is worked out once (some seconds) and kept in the cache folder.
"""

from __future__ import annotations

import hashlib
from contextlib import suppress
from functools import cache
from importlib import resources
from pathlib import Path
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from ingest.ocr import dictionary, frequencies
from ingest.ocr.dictionary import BEGIN, END, LOOSE, WORD
from ingest.ocr.trie import Trie, build, encode, load

DICTIONARY_COST = 16.5  # of a word form that the counted texts never use
NAME_COST = 14.0
BEGIN_COST = 14.0  # of what can only begin a compound; steers the search, never paid
_VERSION = 6  # of how the trie is made
_MAX_PARTS = 4


def is_word(word: str) -> bool:
    """Whether ``word`` is a Swedish word form or a compound of such, in any case of letters."""
    return _known(word.lower())


@cache
def lexicon() -> Trie:
    """The trie of all word forms; from the cache folder where it lies there already."""
    path = _cache_folder() / f"words-{_VERSION}-{dictionary.fingerprint()}-{frequencies_fingerprint()}.npz"
    with suppress(OSError, ValueError, KeyError, EOFError, BadZipFile):  # absent, or cut off
        return load(path)
    trie = build(_entries())
    with suppress(OSError):  # a cache that cannot be written only costs time
        trie.save(path)
    return trie


@cache
def names() -> tuple[str, ...]:
    """Municipalities, city districts, regions and common personal names."""
    text = (resources.files("ingest.ocr") / "data" / "names.txt").read_text("utf-8")
    lines = (line.partition("#")[0] for line in text.splitlines())
    return tuple(name for line in lines for name in line.split())


def _entries() -> dict[str, tuple[int, float]]:
    counted = frequencies.load()
    entries: dict[str, tuple[int, float]] = {}
    for form, use in dictionary.forms().items():
        cost = counted.cost(form) if use & WORD else None
        # Inflected forms and newer words lack the dictionary's mark of what may end a compound.
        use |= LOOSE if use & WORD and len(form) >= 4 else 0
        entries[form] = (use, cost or (DICTIONARY_COST if use & WORD else BEGIN_COST))
    for word in counted.ids:
        if word[0] != "<" and word not in entries:
            entries[word] = (WORD | (LOOSE if len(word) >= 6 else 0), counted.cost(word) or DICTIONARY_COST)
    for name in names():
        low = name.lower()
        use, cost = entries.get(low, (0, NAME_COST))
        entries[low] = (use | WORD | BEGIN, min(cost, NAME_COST))
        genitive = low if low.endswith("s") else low + "s"
        use, cost = entries.get(genitive, (0, NAME_COST + 2))
        entries[genitive] = (use | WORD, min(cost, NAME_COST + 2))
    return entries


def frequencies_fingerprint() -> str:
    """Changes with the counts and the names that the trie is made from."""
    folder = resources.files("ingest.ocr") / "data"
    content = b"".join((folder / name).read_bytes() for name in ("frequencies.npz", "names.txt"))
    return hashlib.sha256(content).hexdigest()[:12]


def _cache_folder() -> Path:
    from rag.settings import load_settings

    return load_settings().cache


@cache
def _known(word: str) -> bool:
    return bool(known([word])[0])


def known(words: list[str], trie: Trie | None = None, roots: tuple[int, ...] = (0,)) -> NDArray[np.bool_]:
    """For each of ``words`` (lower case) whether it is a word form or a compound of such.

    All words walk the trie together; where a compound part may end, a walk also starts over.
    """
    trie = lexicon() if trie is None else trie
    found = np.zeros(len(words), np.bool_)
    codes = encode(words)
    lengths = (codes > 0).sum(axis=1)
    word = np.repeat(np.arange(len(words)), len(roots))
    node, parts = np.tile(np.array(roots), len(words)), np.zeros(len(word), np.int64)
    for at in range(int(lengths.max(initial=0))):
        child = trie.child(node, codes[word, at])
        alive = child >= 0
        word, node, parts = word[alive], child[alive], parts[alive]
        uses = trie.uses[node]
        last = lengths[word] == at + 1
        found[word[last & (uses & np.where(parts > 0, END | LOOSE, WORD) > 0)]] = True
        again = ~last & (uses & BEGIN > 0) & (parts < _MAX_PARTS - 1) & (at > 0)
        restarted = np.repeat(word[again], len(roots))
        word = np.concatenate([word[~last], restarted])
        node = np.concatenate([node[~last], np.tile(np.array(roots), int(again.sum()))])
        parts = np.concatenate([parts[~last], np.repeat(parts[again] + 1, len(roots))])
    return found
