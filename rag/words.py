"""The word lists behind the understanding of questions, from ``rag/data/words.toml``."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

from rag.folding import fold


@cache
def words(name: str) -> frozenset[str]:
    """One list, folded. Raises KeyError for an unknown name."""
    return frozenset(fold(entry) for entry in word_table()[name])


@cache
def word_table() -> Mapping[str, Any]:
    """The whole file: lists of words (split at white space where given as one text) and tables."""
    text = files("rag").joinpath("data/words.toml").read_text(encoding="utf-8")
    table = tomllib.loads(text)
    return {name: value.split() if isinstance(value, str) else value for name, value in table.items()}
