"""Give misread Swedish text its words back, and tell where it was changed.

Steps: find the words that may be repaired (never numbers, dates, addresses of the web, abbreviations in
capitals); look up for each what it may have been (``search``); choose along the line (``decode``); write
the choice with the capitals of what was read; and note every changed stretch for mapping offsets.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from ingest.ocr import channel as channels
from ingest.ocr import frequencies, words
from ingest.ocr.channel import Channel
from ingest.ocr.frequencies import NUMBER, START
from ingest.ocr.decode import Language, Slot, decode
from ingest.ocr.search import Candidate, candidates
from ingest.ocr.trie import WIDTH

UNKNOWN_COST = 21.0  # of a word that no lexicon knows, as against one misread
UNKNOWN_NAME_COST = 17.0

_TOKEN = re.compile(r"\S+")
_LEFT = re.compile(r"^[^\w&@|\[\]!$€£]*")
_RIGHT = re.compile(r"[^\w]*$")
_PIECE = re.compile(r"[^-–—/\s]+")
_LONE = re.compile(r"[|\[\]1lI!]\Z")  # what a lone "I" or "i" is read as
_NUMERIC = re.compile(r"\d[\d.,:;/–—-]*\d|\d{2,}")
_WEB = re.compile(r"www|https?:|\w@\w|\.(?:se|com|org|nu|pdf|html?)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of letters that may be repaired: ``text[start:end]``."""

    start: int
    end: int
    text: str
    begins: bool  # a sentence, or a line after a blank one
    line: bool  # a line begins with it
    fixed: bool = False  # is context for its neighbours, but stays as it is


@dataclass(frozen=True, slots=True)
class Repaired:
    """``text`` after repair; ``alignment`` rows are (start, end) in it and (start, end) in the original."""

    text: str
    alignment: tuple[tuple[int, int, int, int], ...]
    words: int
    changed: int


def repair_text(text: str, channel: Channel, *, width: int = 16, weight: float = 1.0) -> Repaired:
    """``text`` with its misread words replaced, as ``channel`` tells how words are misread."""
    pieces = list(_pieces(text))
    options = _options(pieces, channel, width)
    slots = [Slot(options[piece.text.lower(), piece.fixed], piece.begins) for piece in pieces]
    chosen = decode(slots, Language(frequencies.load(), {}, weight))
    local = Counter(option.text for option in chosen)
    local[START] = len(chosen)
    chosen = decode(slots, Language(frequencies.load(), local, weight))
    changes = [
        (piece.start, piece.end, written)
        for piece, option in zip(pieces, chosen, strict=True)
        if not piece.fixed and (written := _written(piece, option.text)) != piece.text
    ]
    return _apply(text, changes, len(pieces))


def _pieces(text: str) -> Iterator[Piece]:
    begins, end = True, 0
    for match in _TOKEN.finditer(text):
        gap = text.count("\n", end, match.start())
        begins = begins or gap > 1
        token, end = match.group(), match.end()
        if not _WEB.search(token):
            yield from _of_token(token, match.start(), begins, gap > 0)
        begins = token[-1] in ".!?:" and not _abbreviation(token)


def _abbreviation(token: str) -> bool:
    return len(token) <= 3 or "." in token[:-1]


def _of_token(token: str, at: int, begins: bool, line: bool) -> Iterator[Piece]:
    if _LONE.match(token):
        yield Piece(at, at + 1, token, begins, line)
        return
    start = _LEFT.match(token).end()  # type: ignore[union-attr]
    end = _RIGHT.search(token, start).start()  # type: ignore[union-attr]
    core = token[start:end]
    if not core:
        return
    if _NUMERIC.search(core) or not any(letter.isalpha() for letter in core):
        yield Piece(at + start, at + end, NUMBER, begins, line, fixed=True)
        return
    for match in _PIECE.finditer(core):
        piece = match.group()
        fixed = len(piece) >= WIDTH or _capitals(piece) or not any(letter.isalpha() for letter in piece)
        yield Piece(at + start + match.start(), at + start + match.end(), piece, begins, line, fixed)
        begins = line = False


def _capitals(piece: str) -> bool:
    return len(piece) > 1 and piece.isupper()


def _options(
    pieces: list[Piece], channel: Channel, width: int
) -> dict[tuple[str, bool], tuple[Candidate, ...]]:
    free = sorted({piece.text.lower() for piece in pieces if not piece.fixed})
    names = {piece.text.lower() for piece in pieces if piece.text[0].isupper() and not piece.begins}
    found = candidates(free, words.lexicon(), [0], channel, width=width)
    options: dict[tuple[str, bool], tuple[Candidate, ...]] = {
        (piece.text.lower(), True): (Candidate(piece.text.lower(), 0.0, UNKNOWN_COST),)
        for piece in pieces
        if piece.fixed
    }
    for low, ranked in zip(free, found, strict=True):
        cost = UNKNOWN_NAME_COST if low in names else UNKNOWN_COST
        if all(candidate.text != low for candidate in ranked):
            ranked = [*ranked, Candidate(low, 0.0, cost)]
        best = min(candidate.channel + candidate.prior for candidate in ranked)
        options[low, False] = tuple(c for c in ranked if c.channel + c.prior < best + 12 or c.text == low)
    return options


def _written(piece: Piece, word: str) -> str:
    """``word`` with the capitals of the piece it replaces."""
    read = piece.text
    share = frequencies.load().capital_share(word)
    inside = not piece.begins and not piece.line
    if inside and share < 0.1 and read[0].isupper() and (read[0] == "I" or read[0].lower() != word[0]):
        return word  # a capital I is a misread i, and a letter that was misread lost its case too
    if word == read.lower():
        return read
    if read[0].isupper() or share > 0.9 or (piece.begins and not read[0].isalpha()):
        return word[0].upper() + word[1:]
    return word


def _apply(text: str, changes: list[tuple[int, int, str]], total: int) -> Repaired:
    parts, rows, at, length = [], [], 0, 0
    for start, end, written in changes:
        parts += [text[at:start], written]
        length += start - at
        rows.append((length, length + len(written), start, end))
        length += len(written)
        at = end
    return Repaired("".join([*parts, text[at:]]), tuple(rows), total, len(changes))
