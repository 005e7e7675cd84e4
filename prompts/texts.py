"""Loads and checks the text files of this folder.

A phrase file is a flat TOML table of format strings; its Swedish and English twin must have the same keys
and the same placeholders, which ``tests/prompts`` checks for every pair.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from types import MappingProxyType


@cache
def phrases(group: str, language: str) -> Mapping[str, str]:
    """All phrases of a group (``answers``, ``ui``, ...) in ``sv`` or ``en``.

    Raises FileNotFoundError for an unknown group or language.
    """
    return MappingProxyType(tomllib.loads(_read(f"{group}.{language}.toml")))


def phrase(group: str, key: str, language: str, **values: object) -> str:
    """One phrase with its placeholders filled. Raises KeyError for an unknown key or a missing value."""
    return phrases(group, language)[key].format(**values)


@cache
def prompt(name: str, language: str) -> str:
    """A prompt for a chat model, as written in ``<name>.<language>.md``; placeholders stand as ``{name}``."""
    return _read(f"{name}.{language}.md")


def _read(file_name: str) -> str:
    return files("prompts").joinpath(file_name).read_text(encoding="utf-8")
