"""Splits Swedish compounds with the word list of the wheel ``hunspell-sv``.

The list marks which words may begin and end a compound, and with which linking letters ("stadsdel" begins
as "stadsdels", "skola" as "skol"); see hunspell(5), "Options for compounding".
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.metadata import PackageNotFoundError, files
from pathlib import Path

PACKAGE = "hunspell-sv"
_BEGIN = set("XU")
_END = "Y"
_RULE = re.compile(r"SFX\s+(\S)\s+(\S+)\s+([^\s/]+)/(\S+)\s+(\S+)")
_SHORTEST = 3
_SHORTEST_BESIDE_UNKNOWN = 4
_SHORTEST_BESIDE_ANY = 5
# (ending of an inflected noun, adjective or verb, what the list's form has instead)
_INFLECTIONS = (
    ("", ""), ("s", ""), ("n", ""), ("ns", ""), ("en", ""), ("ens", ""), ("et", ""), ("ets", ""), ("t", ""),
    ("ts", ""), ("ar", ""), ("ars", ""), ("er", ""), ("ers", ""), ("r", ""), ("rs", ""), ("arna", ""),
    ("arnas", ""), ("erna", ""), ("ernas", ""), ("na", ""), ("nas", ""), ("rna", ""), ("rnas", ""),
    ("or", "a"), ("ors", "a"), ("orna", "a"), ("ornas", "a"), ("a", ""), ("ade", "a"), ("ad", "a"),
    ("at", "a"), ("ar", "a"), ("an", "a"), ("ans", "a"), ("ar", "e"), ("arna", "e"), ("arnas", "e"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class WordList:
    """``begins`` maps a form that begins a compound to its word; ``ends`` are the words that may end one."""

    begins: dict[str, str]
    ends: frozenset[str]
    words: frozenset[str]

    def split(self, word: str) -> tuple[str, str] | None:
        """The two parts of a compound in lower case, (first part's word, second part), or None.

        Of several readings the one with the longest last part wins. A first part that the list does not
        know as such ("när" in "närpolis", a name) needs a long last part.
        """
        cuts = [cut for cut in _cuts(word) if _in(self.ends, word[cut[1] :])]
        return (
            next((self._parts(word, cut) for cut in cuts if self._parts(word, cut)), None)
            or self._with_any_word(word, cuts)
            or self._with_unknown(word, cuts)
        )

    def _parts(self, word: str, cut: tuple[int, int]) -> tuple[str, str] | None:
        first = self.begins.get(word[: cut[0]])
        long_enough = cut[0] > _SHORTEST or len(word) - cut[1] > _SHORTEST + 1
        return (first, word[cut[1] :]) if first is not None and long_enough else None

    def _with_any_word(self, word: str, cuts: list[tuple[int, int]]) -> tuple[str, str] | None:
        for start, rest in cuts:
            if len(word) - rest >= _SHORTEST_BESIDE_ANY and word[:start] in self.words:
                return word[:start], word[rest:]
        return None

    def _with_unknown(self, word: str, cuts: list[tuple[int, int]]) -> tuple[str, str] | None:
        if _in(self.words, word):
            return None
        for start, rest in cuts:
            if min(start, len(word) - rest) >= _SHORTEST_BESIDE_UNKNOWN:
                return word[:start], word[rest:]
        return None


def _cuts(word: str) -> Iterator[tuple[int, int]]:
    """Where a word may fall apart, the longest last part first: (end of the first, start of the last part).

    Of three equal letters one is not written: remiss + svar = remissvar.
    """
    for at in range(_SHORTEST, len(word) - _SHORTEST + 1):
        yield at, at
        if at + 1 <= len(word) - _SHORTEST and word[at] == word[at - 1]:
            yield at + 1, at


def _in(words: frozenset[str], inflected: str) -> bool:
    return any(
        inflected.endswith(ending) and inflected[: len(inflected) - len(ending)] + instead in words
        for ending, instead in _INFLECTIONS
    )


@cache
def word_list() -> WordList:
    """The installed word list; an empty one, which splits nothing, where the wheel is missing."""
    found = _paths()
    if found is None:
        return WordList({}, frozenset(), frozenset())
    dictionary, affixes = found
    rules = _rules(affixes.read_text(encoding="utf-8"))
    begins: dict[str, str] = {}
    ends: set[str] = set()
    words: set[str] = set()
    for word, flags in _entries(dictionary.read_text(encoding="utf-8")):
        words.add(word)
        if _END in flags:
            ends.add(word)
        begins.update((form, word) for form in _beginnings(word, flags, rules))
    return WordList(begins, frozenset(ends), frozenset(words))


def _paths() -> tuple[Path, Path] | None:
    try:
        listed = files(PACKAGE) or []
    except PackageNotFoundError:
        return None
    by_name = {path.name: Path(str(path.locate())) for path in listed}
    names = ("sv_SE_expanded.dic", "sv_SE_expanded.aff")
    return (by_name[names[0]], by_name[names[1]]) if all(name in by_name for name in names) else None


def _entries(text: str) -> Iterator[tuple[str, str]]:
    for line in text.splitlines()[1:]:
        entry, _, flags = line.partition("/")
        if entry.endswith("-") and entry[:-1].isalpha():
            yield entry[:-1].lower(), "X"
        elif entry.isalpha() and len(entry) >= _SHORTEST:
            yield entry.lower(), flags


def _rules(text: str) -> dict[str, list[tuple[str, str, re.Pattern[str]]]]:
    """By flag: (ending taken away, ending put there, pattern of the words it holds for)."""
    rules: dict[str, list[tuple[str, str, re.Pattern[str]]]] = {}
    for flag, old, new, flags, condition in _RULE.findall(text):
        if _BEGIN & set(flags):
            row = (old.replace("0", ""), new.replace("0", ""), re.compile(condition + "$"))
            rules.setdefault(flag, []).append(row)
    return rules


def _beginnings(
    word: str, flags: str, rules: dict[str, list[tuple[str, str, re.Pattern[str]]]]
) -> Iterator[str]:
    if _BEGIN & set(flags):
        yield word
    for flag in flags:
        for old, new, condition in rules.get(flag, ()):
            form = word[: len(word) - len(old)] + new
            if condition.search(word) and form.isalpha():
                yield form
