"""How a question begins, and the forms of follow-up questions, from ``rag/data/conversation.toml``."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

from rag.folding import fold

QUESTION_WORDS = (
    "vad|vem|vems|vilken|vilket|vilka|hur|nar|varfor|var|vart|varifran"
    "|who|whom|whose|what|which|when|where|why|how"
)
_BEFORE = r"(?:(?:i|pa|till|fran|med|for|av|hos|enligt|vid|to|from|by|with|in|on|at|according to) )?"


def asking(words: str) -> str:
    """The pattern of a question's beginning in folded text: one of ``words``, or a preposition and it."""
    return rf"{_BEFORE}(?:{words})\b"


@cache
def conversation_table() -> Mapping[str, Any]:
    """The whole file."""
    return tomllib.loads(files("rag").joinpath("data/conversation.toml").read_text(encoding="utf-8"))


@cache
def conversation_words(name: str) -> frozenset[str]:
    """One of its word lists, folded."""
    return frozenset(fold(word) for word in conversation_table()["words"][name].split())
