"""RTF through striprtf (BSD), which keeps what is deleted, struck through or hidden, and drops notes: the one is taken
out before, the other put below the paragraph that refers to it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator

from ingest.readers.clean import clean
from ingest.readers.limits import Clock
from ingest.readers.notes import note
from rag.domain import ReadingText
from rag.errors import UnreadableFile

_TOKEN = re.compile(r"\\([a-zA-Z]+)(-?\d+)? ?|\\'[0-9a-fA-F]{2}|\\[^a-zA-Z]|[{}]|[^\\{}]+|\\", re.DOTALL)
_STRIKES = frozenset(("strike", "striked", "v", "deleted"))
# striprtf writes cells with bars between them, and leaves out the numbers of lists as older programs mark them.
_CELL = re.compile(r"\\(?:nest)?cell(?![a-zA-Z]) ?")
_END = re.compile(r"\\(?:par|row)(?![a-zA-Z])")
_MARK = re.compile(
    r"\{[^{}]*\\chftn\s*\}\s*|\\ftnalt(?![a-zA-Z])\s*"
)  # what stands for a note's number, and its kind
_NOTE = re.compile(r"\\footnote(?![a-zA-Z])")
_NUMBER = re.compile(r"\\pntext(?![a-zA-Z])")


def read_rtf(data: bytes, clock: Clock) -> ReadingText:
    """The reading text of a rich-text file."""
    from striprtf.striprtf import rtf_to_text

    if not data.lstrip().startswith(b"{\\rtf"):
        raise UnreadableFile("is not a rich-text file; open and save it again")
    source = "".join(_with_notes(_kept(data.decode("cp1252", errors="replace"))))
    source = _NUMBER.sub(r"\\listtext", _CELL.sub(r"\\tab ", source))
    text: str = rtf_to_text(source, errors="ignore")  # type: ignore[no-untyped-call]
    return ReadingText(clean(text))


def _kept(source: str) -> Iterator[str]:
    """The tokens of ``source`` without the letters of what is struck through, and without notes to that; marks of
    format stay, so that groups do."""
    struck: frozenset[str] = frozenset()
    outer: list[frozenset[str]] = []
    gone = 0  # how deep the group lies of a note that is left out
    for token in _TOKEN.finditer(source):
        said, word = token[0], token[1]
        if said == "{":
            outer.append(struck)
        elif said == "}":
            struck = outer.pop() if outer else frozenset()
            gone = gone if len(outer) >= gone else 0
        elif word == "footnote" and struck and not gone:
            gone = len(outer)
        else:
            struck = _struck_after(struck, word, token[2])
        if said in "{}" or (not gone and (not struck or (word and word != "u"))):
            yield said


def _struck_after(struck: frozenset[str], word: str | None, number: str | None) -> frozenset[str]:
    """Which marks of striking through hold after the control word ``word``."""
    if word == "plain":
        return frozenset()
    if word in _STRIKES:
        return struck - {word} if number == "0" else struck | {word}
    return struck


def _with_notes(tokens: Iterable[str]) -> Iterator[str]:
    """The ``tokens`` with notes after the paragraph, or row of a table, that refers to them."""
    depth = within = 0  # within: how deep the group lies of the note that is being read
    waiting: list[str] = []
    given: Counter[str] = Counter()
    for said in tokens:
        depth += (said == "{") - (said == "}")
        within = within if depth >= within else 0
        if within:
            waiting[-1] += said
        elif _NOTE.match(said):
            within = depth
            waiting.append("")
        elif _END.match(said):
            yield said
            yield from _written(waiting, given)
        elif not depth and waiting:  # the end of a document whose last paragraph does not end
            yield r"\par "
            yield from _written(waiting, given)
            yield said
        else:
            yield said


def _written(waiting: list[str], given: Counter[str]) -> Iterator[str]:
    for content in waiting:
        label = "Slutnot" if r"\ftnalt" in content else "Not"
        given[label] += 1
        yield r"{\plain " + note(label, given[label], _MARK.sub("", _END.sub(" ", content))) + r"}\par "
    waiting.clear()
