"""Names and years in a question that the collection does not hold anywhere.

A question about a person, place or year that no document mentions has no answer in them, however well
other words fit; a reader that sees one passage at a time cannot know that.
"""

from __future__ import annotations

import re

from rag.catalog import Catalog
from rag.folding import fold
from rag.question import Question

SHORTEST_INFLECTED = 4  # letters that a name must have before an ending may follow it
_PART = re.compile(r"[^\W_]+")


def names_nowhere(question: Question, catalog: Catalog) -> tuple[str, ...]:
    """The names and years of a Swedish question, and the years of an English one, that stand in no source.

    English questions are exempt as to names: "the European Social Fund" is a name that the Swedish text has
    in translation.
    """
    asked = [str(year) for year in question.years]
    if question.language == "sv":
        asked += question.names
    known = catalog.words() if asked else frozenset[str]()
    return tuple(name for name in asked if not all(_holds(known, part) for part in _PART.findall(fold(name))))


def _holds(known: frozenset[str], word: str) -> bool:
    stem = word.removesuffix("s")
    if word in known or stem in known:
        return True
    return len(stem) >= SHORTEST_INFLECTED and any(other.startswith(stem) for other in known)
