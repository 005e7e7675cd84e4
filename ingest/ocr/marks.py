"""Signs that misread pages show again and again: specks before a word, dots read as commas, bullets.

Only asked about text that was judged badly read. Each change is ``(start, end, written)``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from ingest.ocr import frequencies

Change = tuple[int, int, str]

_QUOTES = "'\"”“’‘"
_SPECK = re.compile(rf"(?<!\S)[{_QUOTES}](?=[^\W\d_]{{2,}})")
_COMMA = re.compile(r"(?<=[^\W\d_])[,;](?=[ \n]([A-ZÅÄÖ][a-zåäöé]+)\b)")
_BULLET = re.compile(r"(?m)^[ \t]*([eo°©+»*])(?= [A-ZÅÄÖa-zåäö]\w)")
_SECTION = re.compile(r"(?<=\d)\$|(?<=\d )\$|(?<=\d[a-z])\$|\$(?=\$| \d)|(?<=\$)\$")
_DASH = re.compile(r"(?<=[ \n])—(?=[ \n])")
_PARAGRAPH = re.compile(r"\n[ \t]*\n")


def mark_changes(text: str) -> Iterator[Change]:
    """The signs of ``text`` to write otherwise, in no order, none within a word."""
    yield from _specks(text)
    yield from ((match.start(), match.end(), "§") for match in _SECTION.finditer(text))
    yield from ((match.start(), match.end(), "–") for match in _DASH.finditer(text))
    yield from ((match.start(1), match.end(1), "•") for match in _BULLET.finditer(text))
    counted = frequencies.load()
    for match in _COMMA.finditer(text):
        word = match[1].lower()
        # A common word with a capital begins a sentence, so a dot stood before it.
        if (counted.cost(word) or 99.0) < 9 and counted.capital_share(word) < 0.05:
            yield match.start(), match.end(), "."


def _specks(text: str) -> Iterator[Change]:
    """Opening quotation marks that nothing closes in their paragraph."""
    at = 0
    for end in [*(match.start() for match in _PARAGRAPH.finditer(text)), len(text)]:
        paragraph = text[at:end]
        found = list(_SPECK.finditer(paragraph))
        closing = len(re.findall(rf"(?<=\S)[{_QUOTES}](?!\w)", paragraph))
        if found and not closing:
            yield from ((at + match.start(), at + match.end(), "") for match in found)
        at = end
