"""Signature blocks: a name, a title below it, often a unit below that; also two columns side by side."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from ingest.lines import Line
from ingest.vocabulary import folded_words, word_lists
from rag.folding import fold

# "Lisa Kinnari", "Anne-Lie Elfvén", "Bo von Essen"; a party in brackets may follow.
_PERSON = r"[A-ZÅÄÖÉ][\wé'’-]+(?:[ \t]+(?:von|af|de|van|der|[A-ZÅÄÖÉ](?:[\wé'’-]+|\.))){1,3}"
_NAME_LINE = re.compile(rf"(?P<name>{_PERSON})(?:[ \t]*\((?P<party>[A-ZÅÄÖ]{{1,3}})\))?")
_NAME_AND_TITLE = re.compile(rf"(?P<name>{_PERSON}), (?P<title>[\wåäö:. -]{{4,60}})")
_TWO_NAMES = re.compile(r"([A-ZÅÄÖ][\w'-]+ [A-ZÅÄÖ][\w'-]+)[ \t]+([A-ZÅÄÖ][\w'-]+ [A-ZÅÄÖ][\w'-]+)")
# Whose names stand below their titles, on the first page of a protokoll.
_OFFICERS = frozenset({"ordforande", "sekreterare", "justerande", "justerare"})


@dataclass(frozen=True, slots=True)
class Signature:
    """One signer; ``start``/``end`` bound the name in the text, ``block`` the whole block."""

    name: str
    title: str
    unit: str
    start: int
    end: int
    block: tuple[int, int]


def signatures(lines: Sequence[Line], extra: Path | None = None) -> tuple[Signature, ...]:
    """The signers in ``lines``, in order. A name counts only with a title in the line below it."""
    return tuple(_find(lines, extra))


def is_title(line: str, extra: Path | None = None) -> bool:
    """Whether ``line`` is a title such as "Stadsdelsdirektör" or "Tf avdelningschef"."""
    words = line.split()
    if not 1 <= len(words) <= 6 or line.rstrip().endswith((".", ":", "?")):
        return False
    folded = [fold(word).strip(",") for word in words]
    prefixes = folded_words("title_prefixes", extra)
    first = next((word for word in folded if word not in prefixes), "")
    return bool(words[0][:1].isupper() and _title_pattern(extra).fullmatch(first))


def person_in(line: str) -> re.Match[str] | None:
    """The person that ``line`` names and nothing else, with ``name`` and ``party``."""
    return _NAME_LINE.fullmatch(line)


def _find(lines: Sequence[Line], extra: Path | None) -> Iterator[Signature]:
    for at, line in enumerate(lines):
        below = lines[at + 1] if at + 1 < len(lines) else line
        if inline := _NAME_AND_TITLE.fullmatch(line.text):
            if is_title(inline["title"].capitalize(), extra):
                end = line.start + len(inline["name"])
                yield Signature(inline["name"], inline["title"], "", line.start, end, (line.start, line.end))
            continue
        if below.start - line.end > 3:
            continue
        if (pair := _TWO_NAMES.fullmatch(line.text)) and below is not line:
            yield from _two_columns(lines, at, pair, extra)
        elif not (person := person_in(line.text)) or is_title(line.text, extra):
            continue
        elif title := _title_above(lines, at):
            above = lines[at - 1]
            yield Signature(
                person["name"],
                title,
                "",
                line.start,
                line.start + len(person["name"]),
                (above.start, line.end),
            )
        elif below is not line and is_title(below.text[:1].upper() + below.text[1:], extra):
            unit = _unit(lines, at + 2, extra)
            last = lines[at + 2] if unit else below
            yield Signature(
                person["name"],
                below.text,
                unit,
                line.start,
                line.start + len(person["name"]),
                (line.start, last.end),
            )


def _title_above(lines: Sequence[Line], at: int) -> str:
    """The title in the line above a name, as a protokoll has it ("Ordförande" over who it was)."""
    if at == 0 or lines[at].blank_before:
        return ""
    last = lines[at - 1].text.split()[-1]
    return last if last[:1].isupper() and fold(last) in _OFFICERS else ""


def _two_columns(
    lines: Sequence[Line], at: int, pair: re.Match[str], extra: Path | None
) -> Iterator[Signature]:
    titles = lines[at + 1].text.split()
    if len(titles) != 2 or not all(is_title(word, extra) for word in titles):
        return
    rest = lines[at + 2 : at + 4]
    halves = [line.text[: len(line.text) // 2].strip() for line in rest if _is_doubled(line.text)]
    end = rest[len(halves) - 1].end if halves else lines[at + 1].end
    for column in (1, 2):
        start = lines[at].start + pair.start(column)
        block = (lines[at].start, end)
        yield Signature(
            pair[column], titles[column - 1], " ".join(halves), start, start + len(pair[column]), block
        )


def _is_doubled(text: str) -> bool:
    words = fold(text).split()
    return len(words) % 2 == 0 and words[: len(words) // 2] == words[len(words) // 2 :]


def _unit(lines: Sequence[Line], at: int, extra: Path | None) -> str:
    if at >= len(lines) or lines[at].blank_before:
        return ""
    endings = tuple(folded_words("unit_endings", extra))
    text = lines[at].text
    return text if len(text) <= 70 and fold(text).rstrip(".").endswith(endings) else ""


@cache
def _title_pattern(extra: Path | None) -> re.Pattern[str]:
    endings = "|".join(re.escape(fold(word)) for word in word_lists("roles.toml", extra)["title_endings"])
    return re.compile(rf"[\w:-]*(?:{endings})(?:en|n)?")
