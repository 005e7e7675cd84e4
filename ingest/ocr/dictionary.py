"""Every word form of the Swedish Hunspell dictionary, for matching against misread words.

The word list is SFOL/SALDO as packaged in the wheel ``hunspell-sv`` (LGPL-3.0); it is read from where pip
put it and never copied into this project. Method: the suffix rules of the ``.aff`` file are applied to
every entry ("unmunch"); flags say which forms may begin or end a compound (X/U and Y there).
"""

from __future__ import annotations

import importlib.metadata
import re
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

from rag.errors import ModelError

DISTRIBUTION = "hunspell-sv"
WORD, BEGIN, END = 1, 2, 4  # may stand alone, may begin a compound, may end one
LOOSE = 8  # may end one though the dictionary does not say so

_NO_WORD = frozenset("%¤Z")  # forbidden, needs a suffix, only inside compounds


@dataclass(frozen=True, slots=True)
class _Rule:
    """Replace the ending ``strip`` by ``add`` where ``condition`` fits; ``flags`` hold for the result."""

    strip: str
    add: str
    flags: str
    condition: re.Pattern[str]


def fingerprint() -> str:
    """Version of the word list, for naming what is derived from it."""
    try:
        return importlib.metadata.version(DISTRIBUTION)
    except importlib.metadata.PackageNotFoundError:
        raise ModelError(f"the word list is missing; run: pip install {DISTRIBUTION}") from None


def forms() -> dict[str, int]:
    """All lower-cased forms with their uses (``WORD | BEGIN | END``); about a million, some two seconds."""
    found: dict[str, int] = defaultdict(int)
    for dictionary in ("sv_SE", "sv_SE_expanded"):
        _expand(_file(f"{dictionary}.dic"), _rules(_file(f"{dictionary}.aff")), found)
    return found


def _file(name: str) -> Path:
    try:
        files = importlib.metadata.files(DISTRIBUTION) or []
    except importlib.metadata.PackageNotFoundError:
        files = []
    for file in files:
        if file.name == name:
            return Path(str(file.locate())).resolve()
    raise ModelError(f"the word list is missing; run: pip install {DISTRIBUTION}")


def _rules(path: Path) -> dict[str, list[_Rule]]:
    rules: dict[str, list[_Rule]] = defaultdict(list)
    for line in path.read_text("utf-8").splitlines():
        parts = line.split()
        if len(parts) >= 5 and parts[0] == "SFX":  # a head line has four fields
            strip = "" if parts[2] == "0" else parts[2]
            add, _, flags = parts[3].partition("/")
            condition = re.compile(f"(?:{parts[4]})$")
            rules[parts[1]].append(_Rule(strip, "" if add == "0" else add, flags, condition))
    return rules


def _expand(path: Path, rules: dict[str, list[_Rule]], found: dict[str, int]) -> None:
    # What the rules do depends on the flags and the last letters alone: worked out once for each pair.
    outcomes: dict[tuple[str, str], list[tuple[int, str, int]]] = {}
    for line in path.read_text("utf-8").splitlines()[1:]:
        word, _, flags = line.partition("\t")[0].strip().partition("/")
        word = word.lower()
        if "%" in flags or not word.strip("-"):
            continue
        if use := _use(flags):
            found[word] |= use
        if not flags:
            continue
        key = (flags, word[-5:])
        todo = outcomes.get(key)
        if todo is None:
            todo = outcomes[key] = _outcomes(flags, word[-5:], rules)
        for cut, add, use in todo:
            found[word[:-cut] + add if cut else word + add] |= use


def _outcomes(flags: str, ending: str, rules: dict[str, list[_Rule]]) -> list[tuple[int, str, int]]:
    return [
        (len(rule.strip), rule.add, _use(rule.flags) if rule.flags else WORD | (END if "Y" in flags else 0))
        for flag in flags
        for rule in rules.get(flag, ())
        if ending.endswith(rule.strip) and rule.condition.search(ending)
    ]


def _use(flags: str) -> int:
    use = 0 if _NO_WORD & set(flags) else WORD
    if "X" in flags or "U" in flags:
        use |= BEGIN
    if "Y" in flags:
        use |= END
    return use
