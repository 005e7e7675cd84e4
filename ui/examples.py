"""Example questions made from what is in the collection, so that every one of them has something to find."""

from __future__ import annotations

import re
from collections.abc import Sequence

from rag.domain import DocumentKind, Language, Source
from ui.labels import texts

_MATTER = re.compile(r"\b(motion(?:en)?) (om .+)", re.IGNORECASE)
_MAX = 4
_MAX_TITLE = 90  # characters: longer ones do not fit a button


def example_questions(sources: Sequence[Source], language: Language) -> tuple[str, ...]:
    """Up to four questions, the same ones as long as the collection is the same."""
    found = texts(language)
    questions = [*_supported(sources, found["example_supported"])]
    bodies = [source.body for source in sources if source.body and source.kind != DocumentKind.MOTION]
    questions += [found["example_why_not"].format(body=body) for body in _opposed(sources)[:1]]
    questions += [found["example_position"].format(body=body) for body in dict.fromkeys(bodies)]
    questions += [
        found["example_about"].format(title=f"”{source.title}”")
        for source in sources
        if source.title and len(source.title) <= _MAX_TITLE
    ]
    kept = list(dict.fromkeys(questions))[:_MAX]
    if len(kept) == _MAX and _supported(sources, ""):
        kept[-1] = found["example_other_language"]
    return tuple(kept)


def _supported(sources: Sequence[Source], template: str) -> tuple[str, ...]:
    for source in sources:
        matter = _MATTER.search(source.title)
        if matter and len(matter[0]) <= _MAX_TITLE:
            return (template.format(matter=matter[2].rstrip(".")),)
    return ()


def _opposed(sources: Sequence[Source]) -> list[str]:
    """Bodies whose own stance is a no."""
    no = {"avstyrker", "avslår", "rejects", "against", "no"}
    return [
        source.body
        for source in sources
        if source.body and any(fact.name == "stance" and fact.value.casefold() in no for fact in source.facts)
    ]
