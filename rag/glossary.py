"""What Swedish documents call the things of an English question: a glossary that we wrote (``data/glossary.toml``)."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from functools import cache, lru_cache
from importlib.resources import files

_ENDINGS = (("ies", "y"), ("es", ""), ("es", "e"), ("s", ""), ("ied", "y"), ("ed", ""), ("ed", "e"))
_PARTICIPLE = (("ing", ""), ("ing", "e"))
_SHORTEST = 3  # letters that are left of a word without its ending


@lru_cache(maxsize=4096)
def translations(word: str) -> tuple[str, ...]:
    """The Swedish counterparts of an English word in lower case, best first; none for a word that is not listed."""
    found = next((known for form in _base_forms(word) if (known := _entries().get(form))), "")
    return tuple(found.split())


def _base_forms(word: str) -> Iterator[str]:
    """The word, and what it may be an inflection of."""
    yield word
    for ending, instead in (*_ENDINGS, *_PARTICIPLE):
        stem = word.removesuffix(ending)
        if stem != word and len(stem) >= _SHORTEST:
            yield stem + instead
            if not instead and stem[-1] == stem[-2]:
                yield stem[:-1]  # "planned", "running"


@cache
def _entries() -> Mapping[str, str]:
    text = files("rag").joinpath("data/glossary.toml").read_text(encoding="utf-8")
    return {str(english): str(swedish) for english, swedish in tomllib.loads(text)["english"].items()}
