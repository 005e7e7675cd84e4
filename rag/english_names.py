"""English names of committees, matched to the Swedish ones by the words in them.

"Culture and Leisure Board" is kultur- och fritidsnämnden where such a body is known, as is "the culture and leisure
committee".
"""

from __future__ import annotations

import re

from rag.bodies import BodyMention, Gazetteer
from rag.folding import fold
from rag.glossary import translations

_NO_NAME = frozenset({"The", "City", "and"})
_NAME = re.compile(
    r"\b(?P<words>(?:[A-Z][a-z]+(?:,? and |, | ))*?[A-Z][a-z]+) (?:Board|Committee|Council|Administration|Department)\b"
)
_PLAIN_NAME = re.compile(
    r"\b[Tt]he (?P<words>(?:(?!(?:the|of|to|in|by|for|from|at|on|that|with)\b)[a-z]+(?:,? and |, | )){0,3}?[a-z]+)"
    r" (?:board|committee|council|administration|department)\b"
)
_STEM = 5  # letters that a translation and a Swedish name share


def english_mentions(
    text: str, known: tuple[BodyMention, ...], gazetteer: Gazetteer
) -> tuple[BodyMention, ...]:
    """Bodies that ``text`` names in English only, beside those in ``known``."""
    found = []
    for match in (*_NAME.finditer(text), *_PLAIN_NAME.finditer(text)):
        free = all(match.end() <= m.start or match.start() >= m.end for m in known)
        words = [w.lower() for w in re.findall(r"[A-Za-z]+", match["words"]) if w not in _NO_NAME]
        candidates = [body for body in gazetteer.bodies if _names(body, words)] if free and words else []
        if candidates:
            found.append(
                BodyMention(min(candidates, key=len), match.start(), match.end(), "similar", "board")
            )
    return tuple(found)


def _names(body: str, words: list[str]) -> bool:
    folded = fold(body)
    if not re.search("namnd|styrelse|forvaltning|utskott", folded):
        return False
    return all(any(fold(t)[:_STEM] in folded for t in (word, *translations(word))) for word in words)
