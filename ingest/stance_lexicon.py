"""The phrases of ``stance.toml``, compiled."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from ingest.phrases import any_phrase, phrase_pattern, whole_word
from rag.errors import SettingsError


@dataclass(frozen=True, slots=True)
class Cue:
    """One pattern with what it says, and what a negation makes of that (empty: nothing)."""

    kind: str
    pattern: re.Pattern[str]
    turned: str
    fixed: bool


@dataclass(frozen=True, slots=True)
class Lexicon:
    """The compiled phrases of ``stance.toml``."""

    cues: tuple[Cue, ...]
    any_cue: re.Pattern[str]  # matches wherever one of the cues does, and is quick where none does
    breaks: re.Pattern[str]
    walls: re.Pattern[str]
    negations: re.Pattern[str]
    raising: re.Pattern[str]
    conditions: re.Pattern[str]
    targets: re.Pattern[str]
    speech: Mapping[str, tuple[str, ...]]


@cache
def lexicon(vocabulary: Path | None = None) -> Lexicon:
    """The phrases of this package, with those of the operator's ``stance.toml`` on top."""
    tables = [tomllib.loads(files("ingest").joinpath("data", "stance.toml").read_text(encoding="utf-8"))]
    own = vocabulary / "stance.toml" if vocabulary else None
    if own is not None and own.is_file():
        try:
            tables.append(tomllib.loads(own.read_text(encoding="utf-8")))
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            raise SettingsError(f"{own}: {error}; correct the file") from None
    cues = tuple(cue for table in tables for row in table.get("cue", ()) for cue in _cues(row))
    every = [pattern for table in tables for row in table.get("cue", ()) for pattern in row["patterns"]]
    return Lexicon(
        cues,
        re.compile(rf"(?:\b|(?=&))(?:{'|'.join(phrase_pattern(pattern).pattern for pattern in every)})"),
        re.compile(
            "|".join(
                phrase_pattern(p).pattern + r"(?!\w)" if p[-1].isalpha() else p
                for p in _all(tables, "clauses", "breaks")
            )
        ),
        whole_word(_all(tables, "clauses", "walls")),
        whole_word(_all(tables, "clauses", "negations")),
        any_phrase(_all(tables, "clauses", "raising")),
        any_phrase(_all(tables, "conditions", "patterns")),
        re.compile("|".join(phrase_pattern(word).pattern for word in _all(tables, "targets", "words"))),
        {key: _all(tables, "speech", key) for key in ("verbs", "mover", "party", "administration", "board")},
    )


def _cues(row: dict[str, Any]) -> Iterable[Cue]:
    for pattern in row["patterns"]:
        yield Cue(row["kind"], any_phrase((pattern,)), row.get("turned", ""), bool(row.get("fixed", False)))


def _all(tables: Sequence[dict[str, Any]], group: str, key: str) -> tuple[str, ...]:
    return tuple(phrase for table in tables for phrase in table.get(group, {}).get(key, ()))
