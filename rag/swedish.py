"""Swedish text as search terms: words, stems, the roots of compounds' parts, letter groups for bad spelling."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from rag.compounds import word_list
from rag.errors import SettingsError
from rag.folding import fold
from rag.stemming import root, stem

_BROKEN_WORD = re.compile(r"(?<=\w)[-\u00ad]\s*\n\s*(?=[a-zåäö])|\u00ad")
_WORD = re.compile(r"[^\W_]+")
_GRAM = 4
_SHORTEST_COMPOUND = 7
_SHORTEST_BASE = 3  # letters of a word without its article


@dataclass(frozen=True, slots=True)
class WordForms:
    """How one word is searched for. ``stem`` keeps å, ä and ö, the others have them folded to a and o.

    ``parts`` are the roots of a compound's parts, the whole's excluded; empty for a simple word.
    """

    stem: str
    root: str
    parts: tuple[str, ...]


def words(text: str) -> list[str]:
    """The words and numbers of a text in lower case; a word broken at a line's end is put together."""
    return _WORD.findall(_BROKEN_WORD.sub("", text).lower())


@lru_cache(maxsize=100_000)
def forms(word: str) -> WordForms:
    """The forms of one word in lower case."""
    bare = _indefinite(word)
    own_s = _has_own_s(bare)
    whole = fold(root(bare, own_s))
    parts = dict.fromkeys(fold(root(part, _has_own_s(part))) for part in map(_indefinite, _parts(word)))
    return WordForms(stem(bare, own_s), whole, tuple(part for part in parts if part != whole))


def _indefinite(word: str) -> str:
    """The word without the article that Snowball leaves on it: skolan -> skola, rummet -> rum, mötets -> möte.

    Only where the word list has what is left, by itself or as the last part of a compound.
    """
    bare = word[:-1] if word.endswith(("ans", "ets")) else word
    cuts = (3,) if bare.endswith(("mmet", "nnet")) else {"an": (1,), "et": (2, 1)}.get(bare[-2:], ())
    return next((bare[:-cut] for cut in cuts if _is_listed(bare[:-cut])), word)


def _is_listed(word: str) -> bool:
    if len(word) < _SHORTEST_BASE:
        return False
    return word in word_list().words or _last_part(word) in word_list().words


def _last_part(word: str) -> str:
    """Of a compound the part that is inflected; of any other word all of it."""
    return (word_list().split(word) or (word,))[-1]


def _has_own_s(word: str) -> bool:
    """Whether the last letter is an s that belongs to the word, as in "plats" and "lekplats", and no ending."""
    if not word.endswith("s"):
        return False
    last = _last_part(word)
    return last in word_list().words and last[:-1] not in word_list().words


@lru_cache(maxsize=100_000)
def letter_groups(word: str) -> tuple[str, ...]:
    """The groups of four letters in a folded word with its ends marked; a short word is its own group."""
    marked = f"^{fold(word)}$"
    return tuple(dict.fromkeys(marked[i : i + _GRAM] for i in range(max(1, len(marked) - _GRAM + 1))))


def _parts(word: str) -> Iterator[str]:
    """The parts of a compound, and theirs: stadsdelsnämnd -> stadsdel, nämnd, stad, del."""
    if len(word) < _SHORTEST_COMPOUND or not word.isalpha():
        return
    split = word_list().split(word)
    if split:
        yield from split
        for part in split:
            yield from _parts(part)


@cache
def stop_words() -> frozenset[str]:
    """Swedish and English words without a topic, in lower case."""
    table = tomllib.loads(files("rag").joinpath("data/stopwords.toml").read_text(encoding="utf-8"))
    return frozenset(word for text in table.values() for word in text.split())


@dataclass(frozen=True)
class Thesaurus:
    """Words that stand for one another; keys and values are folded roots."""

    groups: Mapping[str, frozenset[str]]

    @classmethod
    def load(cls, extra: Path | None = None) -> Thesaurus:
        """The bundled groups and those of ``synonyms.toml`` in the folder ``extra``. Raises SettingsError."""
        bundled = tomllib.loads(files("rag").joinpath("data/synonyms.toml").read_text(encoding="utf-8"))
        tables = [bundled, *_own(extra)]
        lines = [line.split() for table in tables for line in table.get("groups", ())]
        pairs = [
            (short, long.split())
            for table in tables
            for short, long in table.get("abbreviations", {}).items()
        ]
        groups: dict[str, set[str]] = {}
        for line in lines:
            _relate(groups, line, line)
        for short, long in pairs:
            _relate(groups, ["".join(words(short))], long)
            if len(long) == 1:
                _relate(groups, long, ["".join(words(short))])
        return cls({key: frozenset(values - {key}) for key, values in groups.items()})

    def related(self, word: str) -> frozenset[str]:
        """The folded roots that a word in lower case may stand for, its own excluded."""
        return self.groups.get(forms(word).root, frozenset())


def _relate(groups: dict[str, set[str]], keys: Iterable[str], values: Iterable[str]) -> None:
    roots = {forms(value.lower()).root for value in values}
    for key in keys:
        groups.setdefault(forms(key.lower()).root, set()).update(roots)


def _own(extra: Path | None) -> list[dict[str, Any]]:
    path = extra / "synonyms.toml" if extra else None
    if path is None or not path.is_file():
        return []
    try:
        return [tomllib.loads(path.read_text(encoding="utf-8"))]
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsError(
            f"{path} cannot be read ({error}): correct it or unset STADSVAR_VOCABULARY"
        ) from None
