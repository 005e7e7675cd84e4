"""Cleaning that every reader shares: it changes how text is written down, never what it says."""

from __future__ import annotations

import re
import unicodedata

from rag.errors import UnreadableFile

_LINE_ENDS = re.compile("\r\n?|\x85|\u2028|\x0b")
_PARAGRAPH_END = re.compile("\u2029")
# Zero-width and directional marks, and control characters except tab, line feed and form feed.
_INVISIBLE = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff\ufffe\uffff]"
)
_SPACES = str.maketrans(
    dict.fromkeys(
        "\u00a0\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000", " "
    )
)
_LIGATURES = str.maketrans({"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "ft", "ﬆ": "st"})
_TRAILING = re.compile(r"[ \t]+(?=\n|$)")
_SOFT_HYPHEN = re.compile("\u00ad[ \t]*\n[ \t]*|\u00ad")
_STRUCK = re.compile(r"(?<![~\\])~~(?=\S)(.+?)(?<=\S)~~(?!~)", re.DOTALL)
_STRUCK_TAG = re.compile(r"<(del|s|strike)\b[^>]*>.*?</\1\s*>", re.DOTALL | re.IGNORECASE)
_FENCE = re.compile(r"^(```|~~~).*?^\1", re.DOTALL | re.MULTILINE)
DIVIDED = re.compile(
    r"(?<![\w-])(?P<head>[^\W\d_]{2,})[-\u2010][ \t]*\n[ \t]*(?P<tail>[^\W\d_]{2,})(?P<mark>[.,;:!?)]*)[ \t]*"
)
# "barn- och ungdom": a hyphen that stands for a left-out second part.
CONJUNCTIONS = frozenset("och eller samt respektive till som and or und men än".split())


def clean(text: str) -> str:
    """``text`` in NFC with ``\\n`` line ends, plain spaces, no invisible characters, no soft hyphens,
    and words divided over a line end mended where the joined word is right.

    Raises ``UnreadableFile`` when nothing readable is left.
    """
    text = mend_line_ends(normalise(text))
    if not re.search(r"\w", text):
        raise UnreadableFile("holds no text; check that the right file was added")
    return text


def normalise(text: str) -> str:
    """``text`` in NFC with ``\\n`` line ends and without invisible characters; lines stay lines."""
    text = _PARAGRAPH_END.sub("\n\n", _LINE_ENDS.sub("\n", text))
    text = _SOFT_HYPHEN.sub("", text)
    text = _INVISIBLE.sub("", text).translate(_SPACES).translate(_LIGATURES)
    return _TRAILING.sub("", unicodedata.normalize("NFC", text))


def trusted_title(title: str, text: str) -> str | None:
    """A file's own title if its text begins with much the same words; templates leave others' titles behind."""
    title = " ".join(title.removeprefix("Microsoft Word - ").split())
    words = re.findall(r"\w{3,}", title.lower())
    beginning = text[:2000].lower()
    if len(words) < 2 or sum(word in beginning for word in words) < 0.8 * len(words):
        return None
    return title


def strip_struck(text: str) -> str:
    """Markdown ``text`` without what is struck through (``~~so~~``, ``<del>``), except in code blocks."""
    parts, at = [], 0
    for fence in _FENCE.finditer(text):
        parts += [_without_struck(text[at : fence.start()]), fence.group()]
        at = fence.end()
    return "".join([*parts, _without_struck(text[at:])])


def mend_line_ends(text: str) -> str:
    """Join words divided over a line end ("bistånds-\\nbedömning") when the joined word is a word.

    The line then breaks after the mended word. A hyphen that belongs to the word ("Hägersten-\\nÄlvsjö",
    "barn-\\noch") stays.
    """
    if not DIVIDED.search(text):
        return text
    from ingest.ocr.words import is_word  # the word list is read only where a word is divided

    seen = {word.lower() for word in re.findall(r"[^\W\d_]+", text)}

    def join(match: re.Match[str]) -> str:
        head, tail = match["head"], match["tail"]
        joined = head + tail
        if not tail.islower() or tail in CONJUNCTIONS:
            return match.group()
        if joined.lower() in seen or is_word(joined):
            return f"{joined}{match['mark']}\n"
        return match.group()

    return DIVIDED.sub(join, text)


def _without_struck(text: str) -> str:
    return _STRUCK_TAG.sub("", _STRUCK.sub("", text))
