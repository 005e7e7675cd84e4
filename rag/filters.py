"""What a question says about the documents it means: body, year, kind, diarienummer, title.

A recognised filter raises the passages that meet it, it does not hide the others: a committee's answer tells
about a district although the district did not write it. Only a diarienummer narrows.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from rag import swedish
from rag.bodies import Gazetteer
from rag.domain import Chunk, QuestionFilter, Source
from rag.folding import fold
from rag.language import detect
from rag.question import analyse

BOOSTS = {"body": 0.6, "year": 0.3, "kind": 0.3, "diarienummer": 2.0, "title": 0.6}
_ABOUT = 0.5  # of the boost, where the text only mentions what the filter says
_TITLE_WORDS = 3  # content words of a title that a question must have, all of them
_SIGN = re.compile(r"[^0-9a-z]+")


@dataclass(frozen=True, slots=True)
class Recognised:
    """The filters in a question; ``wide`` when it asks for passages of many sources."""

    filters: tuple[QuestionFilter, ...]
    wide: bool


def recognise(question: str, gazetteer: Gazetteer, sources: Collection[Source]) -> Recognised:
    """The filters that a question names and whether it asks over several bodies or documents."""
    asked = analyse(question, detect(question), gazetteer)
    named = [("body", body) for body in (*asked.bodies, *asked.areas)]
    if not named:  # "what did Bromma say about the motion" does not want the motion itself
        kinds = {source.kind for source in sources}
        named += [("kind", kind.value) for kind in asked.document_kinds if kind in kinds]
    named += [("year", str(year)) for year in asked.years]
    if asked.diarienummer:
        named.append(("diarienummer", asked.diarienummer))
    named += [("title", title) for title in _titles(question, sources)]
    wide = asked.kind == "overview" or len(asked.bodies) + len(asked.areas) > 1
    return Recognised(tuple(QuestionFilter(*row) for row in dict.fromkeys(named)), wide)


def meets(source: Source, wanted: QuestionFilter, gazetteer: Gazetteer) -> bool:
    """Whether a source is of the body, year, kind ... that a filter names."""
    if wanted.field == "body":
        return source.body is not None and gazetteer.canonical(source.body) in gazetteer.related(wanted.value)
    if wanted.field == "year":
        return (source.date or "").startswith(wanted.value)
    if wanted.field == "kind":
        return source.kind.value == wanted.value
    if wanted.field == "diarienummer":
        return _plain(source.diarienummer or "") == _plain(wanted.value)
    return source.title == wanted.value


def mentions(chunk: Chunk, wanted: QuestionFilter, gazetteer: Gazetteer) -> bool:
    """Whether the text of a chunk, or a heading over it, names what a filter says."""
    text = "\n".join([*chunk.locator.headings, chunk.text])
    if wanted.field == "body":
        folded = fold(text)
        return any(
            fold(name) in folded for body in gazetteer.related(wanted.value) for name in gazetteer.names(body)
        )
    if wanted.field == "diarienummer":
        return _plain(wanted.value) in _plain(text)
    return wanted.field == "year" and wanted.value in text


def boost(source: Source, chunk: Chunk, filters: Sequence[QuestionFilter], gazetteer: Gazetteer) -> float:
    """What is added to a passage's score for the filters that it meets; several bodies count once."""
    gained: dict[str, float] = {}
    for wanted in filters:
        full = BOOSTS[wanted.field]
        value = full * meets(source, wanted, gazetteer) or full * _ABOUT * mentions(chunk, wanted, gazetteer)
        gained[wanted.field] = max(gained.get(wanted.field, 0.0), value)
    return sum(gained.values())


def _titles(question: str, sources: Iterable[Source]) -> Iterable[str]:
    """The titles of which a question has every content word."""
    asked = {swedish.forms(word).root for word in swedish.words(question)}
    for title in dict.fromkeys(source.title for source in sources):
        content = _title_roots(title)
        if len(content) >= _TITLE_WORDS and content <= asked:
            yield title


@lru_cache(maxsize=20_000)
def _title_roots(title: str) -> frozenset[str]:
    content = (word for word in swedish.words(title) if word not in swedish.stop_words())
    return frozenset(swedish.forms(word).root for word in content)


def _plain(number: str) -> str:
    return _SIGN.sub("", number.lower().removeprefix("dnr"))
