"""The data files of this package, read once: headings, roles of people, and how they are compared.

An operator's own words are added by putting files of the same names and shape into the folder that the
``vocabulary`` setting names; their entries come on top of the package's own.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from importlib.resources import files
from pathlib import Path
from typing import Any

from rapidfuzz.distance import Levenshtein

from ingest.lines import squeeze
from rag.errors import SettingsError
from rag.folding import fold

_NUMBERING = re.compile(r"^(?:#{1,6}\s+|\d{1,2}(?:\.\d{1,2})*\.?\s+|[A-Z]\.\s+)")


@dataclass(frozen=True, slots=True)
class KnownHeading:
    """A heading that the vocabulary knows: its role (whose words stand under it) and its level."""

    role: str
    level: int


@dataclass(frozen=True)
class HeadingVocabulary:
    """Known headings, by folded name and by pattern on the folded line."""

    names: Mapping[str, KnownHeading]
    patterns: tuple[tuple[re.Pattern[str], KnownHeading], ...]

    def match(self, line: str) -> KnownHeading | None:
        """The known heading that ``line`` is, also when a reader got a letter or two of it wrong."""
        text = squeeze(_NUMBERING.sub("", line)).rstrip(" :.")
        if not 3 <= len(text) <= 110 or not text[0].isupper():
            return None
        folded = fold(text)
        return self.names.get(folded) or self._by_pattern(folded) or self._nearly(folded)

    def _by_pattern(self, folded: str) -> KnownHeading | None:
        return next((known for pattern, known in self.patterns if pattern.fullmatch(folded)), None)

    def _nearly(self, folded: str) -> KnownHeading | None:
        # One wrong letter in eight: "Sammanfattnlng", never "Ärende" for "Ärendet i korthet".
        allowed = min(3, len(folded) // 8)
        if not allowed:
            return None
        for name in self._by_length:
            if abs(len(name) - len(folded)) > allowed:
                continue
            if Levenshtein.distance(folded, name, score_cutoff=allowed) <= allowed:
                return self.names[name]
        return None

    @cached_property
    def _by_length(self) -> tuple[str, ...]:
        return tuple(sorted(self.names, key=len))


@cache
def heading_vocabulary(extra: Path | None = None) -> HeadingVocabulary:
    """The known headings, with those of ``extra/headings.toml`` if there is one."""
    names: dict[str, KnownHeading] = {}
    patterns: list[tuple[re.Pattern[str], KnownHeading]] = []
    for row in _rows("headings.toml", "heading", extra):
        known = KnownHeading(str(row["role"]), int(row.get("level", 2)))
        names.update({fold(squeeze(name)): known for name in row.get("names", ())})
        patterns += [(re.compile(pattern), known) for pattern in row.get("patterns", ())]
    return HeadingVocabulary(names, tuple(patterns))


@cache
def word_lists(file_name: str, extra: Path | None = None) -> Mapping[str, tuple[str, ...]]:
    """A data file of flat lists (``roles.toml``): each key's words, an operator's added to ours."""
    merged: dict[str, tuple[str, ...]] = {}
    for table in _tables(file_name, extra):
        for key, words in table.items():
            merged[key] = (*merged.get(key, ()), *words)
    return merged


@cache
def folded_words(key: str, extra: Path | None = None) -> frozenset[str]:
    """The words of one list of ``roles.toml``, folded."""
    return frozenset(fold(word) for word in word_lists("roles.toml", extra)[key])


def _rows(file_name: str, key: str, extra: Path | None) -> Iterable[dict[str, Any]]:
    for table in _tables(file_name, extra):
        yield from table.get(key, ())


def _tables(file_name: str, extra: Path | None) -> Iterable[dict[str, Any]]:
    yield tomllib.loads(files("ingest").joinpath("data", file_name).read_text(encoding="utf-8"))
    if extra is not None and (extra / file_name).is_file():
        try:
            yield tomllib.loads((extra / file_name).read_text(encoding="utf-8"))
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            raise SettingsError(f"{extra / file_name}: {error}; correct the file") from None
