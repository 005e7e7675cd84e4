"""Phrase patterns written in plain Swedish, matched against text as documents and OCR write it.

A pattern is a regular expression over folded text (``rag.folding.fold``). Where the pattern has å, ä or ö,
the text may also have what OCR commonly makes of the letter; a space matches any run of white space and a
line-end hyphen.
"""

from __future__ import annotations

import re
from functools import cache

from rag.folding import fold

# What readers without Swedish letters write: "stiller", "stdller", "for", "f6r" (seen in scanned documents).
_MISREAD = {"å": "[aide4]", "ä": "(?:[aide&]|ii)", "ö": "[oe06]"}


@cache
def phrase_pattern(phrase: str) -> re.Pattern[str]:
    """The compiled pattern of one phrase, to be searched for in folded text."""
    return re.compile(_compile(phrase))


@cache
def any_phrase(phrases: tuple[str, ...]) -> re.Pattern[str]:
    """A pattern that matches whichever of ``phrases`` stands first; whole words at its start."""
    return re.compile(rf"(?<!\w)(?:{'|'.join(_compile(phrase) for phrase in phrases)})")


@cache
def whole_word(words: tuple[str, ...]) -> re.Pattern[str]:
    """A pattern for any of ``words`` as whole words."""
    return re.compile(rf"(?<!\w)(?:{'|'.join(_compile(word) for word in words)})(?!\w)")


def _compile(phrase: str) -> str:
    out, escaped = [], False
    for char in phrase:
        if escaped or char == "\\":
            out.append(char)
            escaped = not escaped
        elif char.lower() in _MISREAD:
            out.append(_MISREAD[char.lower()])
        else:
            out.append(r"\s+" if char == " " else fold(char))
    return "".join(out)
