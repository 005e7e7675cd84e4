"""Sentences of Swedish (and English) prose, as spans of the text they stand in.

Hard-wrapped lines belong to one sentence; a blank line, a list marker, a table row and a heading end it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

# After these a full stop does not end a sentence (Svenska skrivregler, chapter on abbreviations).
_ABBREVIATIONS = frozenset(
    "bl.a ca d.v.s dnr dr e.d e.dyl enl etc ev f.d fl f.n f.ö fr.o.m forts inkl jfr kap kl kr m.a.o"
    " m.fl mfl m.m max min"
    " mom motsv n.b nr o.d o.dyl obs osv p.g.a resp s.a.s s.k sid soc.sekr st st.f t.ex t.o.m t.v tel tr ung vol"
    " mr mrs ms e.g i.e no vs jr sr".split()
)
_MARKER = r"(?:[-–•*▪◦·]|\d{1,2}[.)]|[a-z]\)|e)[ \t]+\S"  # OCR reads a round bullet as "e"
_END = re.compile(r"(?<![.!?…])[.!?…]++[\"”»')\]]*(?=\s)|\n[ \t]*\n|\n")
LIST_ITEM = re.compile(rf"[ \t]*{_MARKER}")
_LAST_WORD = re.compile(r"[\w.]+$")


@dataclass(frozen=True, slots=True)
class Sentence:
    """``text == source_text[start:end]``."""

    start: int
    end: int
    text: str


def split_sentences(text: str, offset: int = 0) -> tuple[Sentence, ...]:
    """The sentences of ``text``, in order, trimmed; ``offset`` is added to every start and end."""
    return tuple(
        Sentence(offset + start, offset + end, text[start:end]) for start, end in _spans(text) if start < end
    )


def _spans(text: str) -> Iterator[tuple[int, int]]:
    start = 0
    for match in _END.finditer(text):
        if match.group()[0] in ".!?…" and not _ends_sentence(text, start, match):
            continue
        if match.group() == "\n" and not _ends_line(text, start, match):
            continue
        yield _trim(text, start, match.end())
        start = match.end()
    yield _trim(text, start, len(text))


def _ends_sentence(text: str, start: int, match: re.Match[str]) -> bool:
    following = text[match.end() : match.end() + 80].lstrip()  # a copy of all that follows would be quadratic
    if not following:
        return True
    if not (following[0].isupper() or following[0].isdigit() or following[0] in "\"”»'([–-•"):
        return False
    if not match.group().startswith("."):
        return True
    word = _LAST_WORD.search(text[start : match.start()])
    if word is None:
        return True
    last = word.group().lower()
    is_initial = len(last) == 1 and word.group().isupper()
    is_list_number = last.isdigit() and not text[start : word.start() + start].strip()
    return not (last in _ABBREVIATIONS or is_initial or is_list_number)


def _ends_line(text: str, start: int, match: re.Match[str]) -> bool:
    """Whether a single line end ends a sentence: between table rows and before a list item."""
    stop = text.find("\n", match.end())
    following = text[match.end() : stop if stop >= 0 else len(text)]
    ended = text[start : match.start()]
    rows = "\t" in ended or "\t" in following or ended.lstrip().startswith("|") or following.startswith("|")
    return rows or bool(LIST_ITEM.match(following))


def _trim(text: str, start: int, end: int) -> tuple[int, int]:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end
