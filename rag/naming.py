"""How sources and quotes are worded in running text."""

from __future__ import annotations

from collections.abc import Iterable

from prompts import phrase
from rag.domain import Source


def name_source(source: Source, language: str) -> str:
    """A source as running text names it: title, body and date as far as they are known."""
    key = {
        (True, True): "source_with_body_and_date",
        (True, False): "source_with_body",
        (False, True): "source_with_date",
        (False, False): "source_plain",
    }[(bool(source.body), bool(source.date))]
    return phrase("answers", key, language, title=source.title, body=source.body, date=source.date)


def joined(values: Iterable[str], language: str) -> str:
    """Different values as running text lists them: ``a, b och c``."""
    *first, last = dict.fromkeys(values)
    return f"{', '.join(first)} {phrase('answers', 'and', language)} {last}" if first else last


def one_line(text: str) -> str:
    """A quote without the source's line breaks, as it stands in running text."""
    return " ".join(text.split())
