"""What is proposed and asked: the att-satser of a motion, the points of a proposed decision, the questions of
a skrivelse."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ingest.lines import paragraphs_of, squeeze
from ingest.prose import sentences_with
from rag.folding import fold

_ITEM = re.compile(
    r"^[ \t]*(?:(?P<number>\d{1,2})[.)]|(?P<bullet>[-–•*▪◦·]|[a-z]\)|"
    r"e(?=\s+[A-ZÅÄÖ])))[ \t]+(?=\S)|^[ \t]*(?=att\s+\w)",
    re.MULTILINE,
)
# A line that opens the list of what is moved.
_OPENS = re.compile(
    r"\b(?:foresla|yrka|hemstall)\w*[^.:\n]{0,60}$(?=\n[ \t]*\n|\n[ \t]*[\d•*–-])"
    r"|(?:foresla\w*|yrka\w*|hemstall\w*|foljande(?: forslag| att-satser| yrkanden)?|att|fragor(?:na)?|beslut\w*)\b"
    r"[^.:\n]*(?:\n[^.:\n]*)?:[ \t]*$",
    re.MULTILINE,
)
_INLINE = re.compile(
    r"\b(?:motionar\w*|motionen|forslagsstallar\w*|skrivelsen)\b[^.]{0,80}?\b(?:foresla\w*|"
    r"yrka\w*|vill)\b[^.]{0,120}?\batt\b"
    r"|\b\w+partiet (?:vill|foreslar|yrkar) att\b"
    r"|\b(?:foresla\w*|yrkar) i (?:en|sin) (?:motion|skrivelse)\b[^.]{0,80}?\batt\b"
)


@dataclass(frozen=True, slots=True)
class Point:
    """One point at ``text[start:end]`` (its marker left out); ``number`` counts from 1 within its list."""

    number: int
    text: str
    start: int
    end: int

    @property
    def is_question(self) -> bool:
        """Whether the point is a question."""
        return self.text.endswith("?")


def moved(text: str, places: Sequence[tuple[int, int]]) -> tuple[Point, ...]:
    """What the movers propose or ask: the first list in one of ``places`` that an opening such as "föreslår
    vi:" announces; where there is none, the sentence that says it."""
    for start, end in places:
        stretch = text[start:end]
        for opening in _OPENS.finditer(fold(stretch)):
            found = points(text, start + opening.end(), end)
            if found and not stretch[opening.end() : found[0].start - start].strip(" \t\n-–•*.)0123456789e"):
                return found
    for start, end in places:
        for sentence in sentences_with(text[start:end], _INLINE):
            return (Point(1, squeeze(sentence.text), start + sentence.start, start + sentence.end),)
    return ()


def points(text: str, start: int, end: int) -> tuple[Point, ...]:
    """The items of the list in ``text[start:end]``, each over as many lines as it takes."""
    return tuple(_points(text, start, end))


def paragraph_points(text: str, start: int, end: int) -> tuple[Point, ...]:
    """Each paragraph of ``text[start:end]`` as a point, where a heading alone says that they are proposals."""
    spans = paragraphs_of(text, start, end)
    return tuple(Point(number, squeeze(text[a:b]), a, b) for number, (a, b) in enumerate(spans, 1))


def decision_points(text: str, start: int, end: int) -> tuple[Point, ...]:
    """What a decision or its proposal says: its list items, or else its paragraphs' sentences together."""
    found = points(text, start, end)
    if found:
        return found
    body = text[start:end].strip()
    if not body:
        return ()
    first = start + text[start:end].index(body)
    return (Point(1, squeeze(body), first, first + len(body)),)


def _points(text: str, start: int, end: int) -> Iterator[Point]:
    stretch = text[start:end]
    markers: list[re.Match[str]] = []
    for marker in _ITEM.finditer(stretch):
        if _is_item(stretch, marker) or (markers and _joined_on(stretch, marker)):
            markers.append(marker)
    for number, marker in enumerate(markers, 1):
        stop = markers[number].start() if number < len(markers) else len(stretch)
        content = _item_text(stretch[marker.end() : stop])
        if content:
            first = start + marker.end()
            yield Point(int(marker["number"] or number), squeeze(content), first, first + len(content))


def _is_item(stretch: str, marker: re.Match[str]) -> bool:
    """A line that starts with "att" is an item only where the line before has ended."""
    before = stretch[: marker.start()]
    if marker["number"] or marker["bullet"] or not before.strip():
        return True
    return before.rstrip()[-1] in ".:;?!," or bool(re.search(r"\n[ \t]*\n[ \t]*$", before))


def _joined_on(stretch: str, marker: re.Match[str]) -> bool:
    """Whether the item before ends with "och" or "samt", as the last but one of a list of att-satser does."""
    return bool(re.search(r"\b(?:och|samt|dels)\s*$", stretch[: marker.start()]))


def _item_text(rest: str) -> str:
    """The item at the start of ``rest``: up to a blank line, unless the sentence plainly goes on after it."""
    taken = ""
    for piece in re.split(r"(\n[ \t]*\n\s*)", rest):
        if taken and piece.strip() and (taken.rstrip()[-1:] in ".?!;:" or not piece.lstrip()[:1].islower()):
            break
        taken += piece
    return taken.rstrip()
