"""An answer's text as paragraphs, lists and inline pieces; what turns into a link is decided here, not by
searching in HTML afterwards."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Literal

Kind = Literal["p", "ul", "ol", "quote"]
_MARKS = re.compile(r"\[(\d{1,3})\]|\*\*(.+?)\*\*")
_QUOTE = re.compile(r"^\s*[”\"“][^”\"“]+[”\"“][\s.]*(?:\[\d{1,3}\][\s.]*)*$")
_BULLET = re.compile(r"^\s*[-•–*]\s+")
_NUMBERED = re.compile(r"^\s*\d{1,2}[.)]\s+")


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of text, or (``citation`` set) a citation number."""

    text: str
    citation: int | None = None
    strong: bool = False


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph (``p``), bullet list (``ul``), numbered list (``ol``) or lines that are a quote each
    (``quote``); each line is a tuple of pieces."""

    kind: Kind
    lines: tuple[tuple[Piece, ...], ...]


def blocks(text: str, citations: Collection[int] = ()) -> tuple[Block, ...]:
    """Splits ``text``; ``[n]`` is a citation only where ``n`` is among ``citations``."""
    found: list[Block] = []
    for paragraph in re.split(r"\n\s*\n", text.strip()):
        for kind, lines in _runs(paragraph):
            found.append(Block(kind, tuple(tuple(_pieces(line, citations)) for line in lines)))
    return tuple(found)


def says_only(part: Block, text: str) -> bool:
    """Whether a block holds ``text`` and citations, and nothing more."""
    said = "".join(piece.text for piece in part.lines[0] if piece.citation is None)
    return len(part.lines) == 1 and said.strip(" .") == text.strip(" .")


def _runs(paragraph: str) -> Iterator[tuple[Kind, list[str]]]:
    kind: Kind = "p"
    run: list[str] = []
    for line in paragraph.split("\n"):
        if not line.strip():
            continue
        now, stripped = _line(line)
        if run and now != kind:
            yield kind, run
            run = []
        kind = now
        run.append(stripped)
    if run:
        yield kind, run


def _line(line: str) -> tuple[Kind, str]:
    if _BULLET.match(line):
        return "ul", _BULLET.sub("", line)
    if _NUMBERED.match(line):
        return "ol", _NUMBERED.sub("", line)
    return "quote" if _QUOTE.match(line) else "p", line.strip()


def _pieces(line: str, citations: Collection[int]) -> Iterator[Piece]:
    done = 0
    for mark in _MARKS.finditer(line):
        number = int(mark[1]) if mark[1] else None
        if number is not None and number not in citations:
            continue
        before = line[done : mark.start()]
        yield from [Piece(before.rstrip(" ") if number else before)] if before else []
        yield Piece(mark[1], citation=number) if number is not None else Piece(mark[2], strong=True)
        done = mark.end()
    if line[done:]:
        yield Piece(line[done:])
