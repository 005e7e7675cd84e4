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
from functools import lru_cache

from ingest.ocr import frequencies, words
from ingest.ocr.channel import Channel
from ingest.ocr.decode import Language, Slot, decode
from ingest.ocr.frequencies import NUMBER, START
from ingest.ocr.marks import mark_changes
from ingest.ocr.names import NO_NAMES, Lexicon
from ingest.ocr.search import Candidate, Search
from ingest.ocr.trie import WIDTH
from ingest.readers.clean import CONJUNCTIONS, DIVIDED

UNKNOWN_COST = 10.0  # of a word that no lexicon knows, as against one misread
UNKNOWN_LETTER_COST = 2.0
NAME_REBATE = 4.0

_TOKEN = re.compile(r"\S+")
_LEFT = re.compile(r"^[^\w&@|\[\]!$€£]*")
_RIGHT = re.compile(r"[^\w]*$")
_PIECE = re.compile(r"[^-–—/\s]+")
_LONE = re.compile(r"[|\[\]1lI!]\Z")  # what a lone "I" or "i" is read as
_ONE_DIGIT_COST = 4.3  # of a number being this very digit, as against any number
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
    after: str = ""  # what follows a word that was divided over a line end, and then the line end
    fixed: bool = False  # is context for its neighbours, but stays as it is


@dataclass(frozen=True, slots=True)
class Repaired:
    """``text`` after repair; ``alignment`` rows are (start, end) in it and (start, end) in the original."""

    text: str
    alignment: tuple[tuple[int, int, int, int], ...]
    words: int
    changed: int


def repair_text(text: str, channel: Channel, lexicon: Lexicon | None = None) -> Repaired:
    """``text`` with its misread words replaced, as ``channel`` tells how they were misread.

    It is read twice: the second time with the vocabulary that the first time gave.
    """
    lexicon = lexicon or NO_NAMES
    search = _search(lexicon, channel)
    pieces = list(_pieces(text, _divided(text, search)))
    options = _options(pieces, search)
    slots = [Slot(options[piece.text.lower(), piece.fixed], piece.begins) for piece in pieces]
    chosen: list[Candidate] = []
    for _ in range(2):
        chosen = decode(slots, Language(frequencies.load(), _vocabulary(chosen, lexicon)))
    changes = sorted([*_changes(pieces, chosen), *mark_changes(text)])
    return _apply(text, changes, len(pieces))


@lru_cache(8)
def _search(lexicon: Lexicon, channel: Channel) -> Search:
    return Search(*lexicon.trie(), channel)


def _divided(text: str, search: Search) -> dict[int, re.Match[str]]:
    """Where words divided over a line end begin, if a known word can be read in their halves."""
    matches = [match for match in DIVIDED.finditer(text) if match["tail"] not in CONJUNCTIONS]
    words_ = [(match["head"] + match["tail"]).lower() for match in matches]
    found = search.candidates(words_)
    return {
        match.start("head"): match
        for match, ranked, word in zip(matches, found, words_, strict=True)
        if ranked and ranked[0].channel + ranked[0].prior < UNKNOWN_COST + 1.5 * len(word)
    }


def _vocabulary(chosen: list[Candidate], lexicon: Lexicon) -> Counter[str]:
    local = Counter(option.text for option in chosen)
    for name, number in lexicon.names.items():
        local[name] += min(number, 5)
    if local:
        local[START] = max(sum(local.values()), 1000)
    return local


def _changes(pieces: list[Piece], chosen: list[Candidate]) -> list[tuple[int, int, str]]:
    return [
        (piece.start, piece.end, written)
        for piece, option in zip(pieces, chosen, strict=True)
        if not piece.fixed and (written := _written(piece, option.text) + piece.after) != piece.text
    ]


def _pieces(text: str, divided: dict[int, re.Match[str]]) -> Iterator[Piece]:
    begins, end, at = True, 0, 0
    for match in _TOKEN.finditer(text):
        if match.start() < at:  # the second half of a divided word
            end = match.end()
            continue
        gap = text.count("\n", end, match.start())
        begins = begins or gap > 1
        token, end = match.group(), match.end()
        start = match.start() + _LEFT.match(token).end()  # type: ignore[union-attr]
        if halves := divided.get(start):
            word, token = halves["head"] + halves["tail"], halves["mark"] or token
            yield Piece(start, halves.end(), word, begins, gap > 0, halves["mark"] + "\n")
            at = halves.end()
        elif not _WEB.search(token):
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
    if _NUMERIC.search(core) or not any(letter.isalpha() for letter in core):
        if core:
            yield Piece(at + start, at + end, NUMBER, begins, line, fixed=True)
        return
    for match in _PIECE.finditer(core):
        piece = match.group()
        alone = len(piece) == 1 and (len(token) > 1 or piece.isupper())
        fixed = alone or len(piece) >= WIDTH or _capitals(piece) or not any(map(str.isalpha, piece))
        yield Piece(at + start + match.start(), at + start + match.end(), piece, begins, line, fixed=fixed)
        begins = line = False


def _capitals(piece: str) -> bool:
    return len(piece) > 1 and piece.isupper()


def _options(pieces: list[Piece], search: Search) -> dict[tuple[str, bool], tuple[Candidate, ...]]:
    free = sorted({piece.text.lower() for piece in pieces if not piece.fixed})
    names = {piece.text.lower() for piece in pieces if piece.text[0].isupper() and not piece.begins}
    options: dict[tuple[str, bool], tuple[Candidate, ...]] = {
        (piece.text.lower(), True): (Candidate(piece.text.lower(), 0.0, UNKNOWN_COST),)
        for piece in pieces
        if piece.fixed
    }
    found = search.candidates(free)
    known = words.known(free, search.trie, tuple(search.roots))
    for low, ranked, familiar in zip(free, found, known.tolist(), strict=True):
        options[low, False] = _ranked(low, ranked, familiar, low in names, search.channel)
    return options


def _ranked(
    low: str, ranked: list[Candidate], familiar: bool, name: bool, channel: Channel
) -> tuple[Candidate, ...]:
    if len(low) == 1:
        as_read = Candidate(low, _ONE_DIGIT_COST if low.isdigit() else 0.0, UNKNOWN_COST)
        lone = (Candidate("i", channel.lone, UNKNOWN_COST),) if _LONE.match(low) else ()
        return (as_read, *lone, *(c for c in ranked if c.text not in (low, "i")))
    if not familiar:
        ranked = [*ranked, *_split(low, channel)]
    if all(candidate.text != low for candidate in ranked):
        unknown = UNKNOWN_COST + UNKNOWN_LETTER_COST * len(low) - (NAME_REBATE if name else 0.0)
        ranked = [*ranked, Candidate(low, 0.0, unknown)]
    best = min(candidate.channel + candidate.prior for candidate in ranked)
    return tuple(c for c in ranked if c.channel + c.prior < best + 12 or c.text == low)


def _split(low: str, channel: Channel) -> list[Candidate]:
    """Two words in use that were read without the space between them."""
    counted = frequencies.load()
    return [
        Candidate(f"{low[:at]} {low[at:]}", channel.space, first + second)
        for at in range(2, len(low) - 1)
        if (first := counted.cost(low[:at])) and (second := counted.cost(low[at:]))
    ]


def _written(piece: Piece, word: str) -> str:
    """``word`` with the capitals of the piece it replaces."""
    read = piece.text
    share = frequencies.load().capital_share(word)
    if _lost_case(piece, word, share):
        return word
    if word == read.lower():
        return read
    if read[0].isupper() or share > 0.9 or (piece.begins and not read[0].isalpha()):
        return word[0].upper() + word[1:]
    return word


def _lost_case(piece: Piece, word: str, share: float) -> bool:
    """Whether the capital that ``piece`` was read with is a misreading: inside a sentence a capital I is a
    misread i, and a first letter that was misread lost its case too."""
    read = piece.text
    if piece.begins or piece.line or not read[0].isupper() or read[1:] != read[1:].lower():
        return False
    if share >= 0.05 or frequencies.load().cost(word) is None:
        return False
    return read[0] == "I" or word[0] != read[0].lower()


def _apply(text: str, changes: list[tuple[int, int, str]], total: int) -> Repaired:
    parts, rows, at, length = [], [], 0, 0
    for start, end, written in changes:
        if start < at:  # a sign inside a word that was replaced
            continue
        parts += [text[at:start], written]
        length += start - at
        rows.append((length, length + len(written), start, end))
        length += len(written)
        at = end
    return Repaired("".join([*parts, text[at:]]), tuple(rows), total, len(rows))
