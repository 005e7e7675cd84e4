"""Which stretch of a text is quoted: whole sentences, or whole clauses of long ones."""

from __future__ import annotations

import re

from rag.sentences import LIST_ITEM

_CLAUSE_END = re.compile(
    r"[,;:](?=\s)"
    r"|(?=\s+(?:och samtidigt|och att|samt|medan|eftersom|vilket|men|but|while|because|dock|då|så att|för att)\b)"
)

_LIST = 800  # characters of a list that is quoted with its first line
_LEADS_IN = re.compile(r"(?:\batt|:|\bföljande)\s*$")


def clip(text: str, start: int, end: int, words: int) -> tuple[int, int]:
    """``start:end``, shortened from the end to whole clauses of together at most ``words`` words.

    A first clause that is longer still is cut at a word.
    """
    start, end = _trim(text, start, end)
    if len(text[start:end].split()) <= words:
        return start, end
    best = 0
    for match in _CLAUSE_END.finditer(text, start, end):
        if min(8, words // 2) <= len(text[start : match.start()].split()) <= words:
            best = match.start()
    if best:
        return start, best
    pieces = list(re.finditer(r"\S+", text[start:end]))
    return start, start + pieces[words - 1].end()


def with_list(text: str, end: int) -> int:
    """``end``, moved behind the list that ``text[:end]`` leads into ("... under förutsättning att")."""
    if not _LEADS_IN.search(text[max(0, end - 40) : end]):
        return end
    last = end
    for line in re.finditer(r"[^\n]+", text[end : end + _LIST]):
        if LIST_ITEM.match(line[0]):
            last = end + line.end()
        elif line[0].strip():
            break
    return end + len(text[end:last].rstrip())


def _trim(text: str, start: int, end: int) -> tuple[int, int]:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end
