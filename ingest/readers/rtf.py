"""RTF through striprtf (BSD), which keeps what is deleted, struck through or hidden: that is taken out before."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ingest.readers.clean import clean
from ingest.readers.limits import Clock
from rag.domain import ReadingText
from rag.errors import UnreadableFile

_TOKEN = re.compile(r"\\([a-zA-Z]+)(-?\d+)? ?|\\'[0-9a-fA-F]{2}|\\[^a-zA-Z]|[{}]|[^\\{}]+|\\", re.DOTALL)
_STRIKES = frozenset(("strike", "striked", "v", "deleted"))
# striprtf writes cells with bars between them, and leaves out the numbers of lists as older programs mark them.
_CELL = re.compile(r"\\(?:nest)?cell(?![a-zA-Z]) ?")
_NUMBER = re.compile(r"\\pntext(?![a-zA-Z])")


def read_rtf(data: bytes, clock: Clock) -> ReadingText:
    """The reading text of a rich-text file."""
    from striprtf.striprtf import rtf_to_text

    if not data.lstrip().startswith(b"{\\rtf"):
        raise UnreadableFile("is not a rich-text file; open and save it again")
    source = "".join(_kept(data.decode("cp1252", errors="replace")))
    source = _NUMBER.sub(r"\\listtext", _CELL.sub(r"\\tab ", source))
    text: str = rtf_to_text(source, errors="ignore")  # type: ignore[no-untyped-call]
    return ReadingText(clean(text))


def _kept(source: str) -> Iterator[str]:
    """``source`` without the letters of what is struck through; marks of format stay, so that groups do."""
    struck: frozenset[str] = frozenset()
    outer: list[frozenset[str]] = []
    for token in _TOKEN.finditer(source):
        said, word = token[0], token[1]
        if said == "{":
            outer.append(struck)
        elif said == "}":
            struck = outer.pop() if outer else frozenset()
        elif word == "plain":
            struck = frozenset()
        elif word in _STRIKES:
            struck = struck - {word} if token[2] == "0" else struck | {word}
        if not struck or said in "{}" or (word and word != "u"):
            yield said
