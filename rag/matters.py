"""Matters: the documents that belong together because they answer the same motion, remiss or skrivelse.

A protokoll belongs to as many matters as it has §§; each § counts as a document of its own here.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from rag import swedish
from rag.bodies import Gazetteer
from rag.domain import DocumentKind, Fact, Passage, Source
from rag.folding import fold
from rag.question import Question, topic_words
from rag.topics import coverage, terms_of

_ALIKE = 0.6  # share of the shorter description's words that two documents of one matter have in common
_LIKE_LENGTH = 0.34  # the shorter description has at least this share of the longer one's words
_ABOUT = 0.34  # share of the question's topic words that a matter's descriptions must have ...
_ALL_ABOUT = 0.7  # ... for the question to be about the matter itself rather than a point of it
# "av Anna Ek (X) och Bo Ask (Y)": who moved it does not say what it is about
_SENDERS = re.compile(r"\b(?:av|från)\s+(?:(?:[A-ZÅÄÖ][\w.-]*|\(\w+\)|och|samt|m\.fl\.)[\s,]*)+")
_FEW = 200  # documents that are compared each with each; of more, only those that share a word
_COMMON = 60  # a word shared by more documents than this tells no matter
_PARTS = frozenset(
    {DocumentKind.MOTION, DocumentKind.SKRIVELSE, DocumentKind.REMISSVAR, DocumentKind.TJANSTEUTLATANDE}
)


_TELLING = frozenset({"stance", "consulted_body"})


@dataclass(frozen=True)
class Matter:
    """``sources`` that belong together, a protokoll with the facts of its § only; ``label`` is the title of
    the document that began it, if it is there."""

    sources: tuple[Source, ...]
    label: str

    def facts(self, name: str) -> tuple[tuple[Source, Fact], ...]:
        """All facts of one name, with their sources."""
        return tuple((source, fact) for source in self.sources for fact in source.facts if fact.name == name)

    def has(self, source: Source) -> bool:
        """Whether (a § of) ``source`` belongs to it."""
        return source.id in self._ids

    @cached_property
    def _ids(self) -> frozenset[str]:
        return frozenset(source.id for source in self.sources)

    @cached_property
    def profile(self) -> str:
        """What its documents say that they are about."""
        return "\n".join(part for source in self.sources for part in _descriptions(source))


@dataclass(frozen=True)
class _Unit:
    """A document, or one § of a protokoll, with the words that say what it is about."""

    source: Source
    words: tuple[frozenset[str], ...]

    @property
    def number(self) -> str:
        return "".join(fold(self.source.diarienummer or "").split())


def matters(sources: Sequence[Source], gazetteer: Gazetteer) -> tuple[Matter, ...]:
    """The documents that take part in a matter, in groups: same diarienummer, or about the same thing."""
    units = [_unit(part, gazetteer) for source in sources for part in _parts(source)]
    group = list(range(len(units)))

    def find(at: int) -> int:
        while group[at] != at:
            at = group[at]
        return at

    for one, other in _pairs(units):
        if find(one) != find(other) and _together(units[one], units[other]):
            group[find(other)] = find(one)
    joined: dict[int, list[Source]] = defaultdict(list)
    for at, unit in enumerate(units):
        joined[find(at)].append(unit.source)
    return tuple(Matter(tuple(sorted(g, key=lambda s: s.name)), _label(g)) for g in joined.values())


def matters_asked_about(
    question: Question, found: Sequence[Matter], passages: Sequence[Passage]
) -> tuple[Matter, ...]:
    """The matters that the question can be about, the likeliest first; none where it names another topic."""
    if question.diarienummer:
        number = "".join(fold(question.diarienummer).split())
        return tuple(m for m in found if any(number == _Unit(s, ()).number for s in m.sources))
    ranked = sorted(found, key=lambda m: (-_about(question, m), _rank(m, passages)))
    return tuple(matter for matter in ranked if not question.topic or _about(question, matter) >= _ABOUT)


def covers(question: Question, matter: Matter) -> bool:
    """Whether the question names a topic, and (nearly) all of it is what the matter is about."""
    if not question.topic:
        return False
    titles = "\n".join(part for source in matter.sources for part in _descriptions(source, proposals=False))
    return coverage(question.topic, terms_of(titles)) >= _ALL_ABOUT


def _about(question: Question, matter: Matter) -> float:
    return round(coverage(question.topic, terms_of(matter.profile)), 3) if question.topic else 0.0


def _descriptions(source: Source, *, proposals: bool = True) -> list[str]:
    names = {"matter", "proposal"} if proposals else {"matter"}
    told = [fact.value for fact in source.facts if fact.name in names]
    return told if source.kind is DocumentKind.PROTOKOLL else [source.title, source.name, *told]


def _rank(matter: Matter, passages: Sequence[Passage]) -> int:
    return next((at for at, passage in enumerate(passages) if matter.has(passage.source)), len(passages))


# --- which documents belong together -------------------------------------------------------------------------


def _parts(source: Source) -> Iterator[Source]:
    telling = any(fact.name in _TELLING for fact in source.facts)
    if source.kind is not DocumentKind.PROTOKOLL:
        if telling or source.kind in _PARTS:
            yield source
        return
    paragraphs: dict[str, list[Fact]] = defaultdict(list)
    current = ""
    for fact in sorted(source.facts, key=lambda fact: fact.start):
        current = fact.detail.get("paragraph", current)
        paragraphs[current].append(fact)
    for facts in paragraphs.values():
        if any(fact.name in _TELLING or fact.detail.get("outcome") for fact in facts):
            yield replace(source, facts=tuple(facts))


def _unit(source: Source, gazetteer: Gazetteer) -> _Unit:
    told = [fact.detail.get("about") or fact.value for fact in source.facts if fact.name == "matter"]
    texts = [_SENDERS.sub(" ", text) for text in told or [source.title]]
    movers = {word for fact in source.facts if fact.name == "mover" for word in fact.value.lower().split()}
    found = (frozenset(topic_words(text, gazetteer.recognise(text))) - movers for text in texts)
    return _Unit(source, tuple(words for words in found if words))


def _pairs(units: Sequence[_Unit]) -> Iterator[tuple[int, int]]:
    if len(units) <= _FEW:
        yield from ((one, other) for one in range(len(units)) for other in range(one + 1, len(units)))
        return
    shared: dict[str, list[int]] = defaultdict(list)
    for at, unit in enumerate(units):
        roots = {swedish.forms(word).root for words in unit.words for word in words}
        for key in (*roots, *([unit.number] if unit.number else ())):
            shared[key].append(at)
    pairs = {
        (one, other)
        for found in shared.values()
        if len(found) <= _COMMON
        for i, one in enumerate(found)
        for other in found[i + 1 :]
    }
    yield from sorted(pairs)


def _together(one: _Unit, other: _Unit) -> bool:
    if one.number and one.number == other.number:
        return True
    return any(_same(mine, theirs) for mine in one.words for theirs in other.words)


def _same(one: frozenset[str], other: frozenset[str]) -> bool:
    short, long = sorted((one, other), key=len)
    if len(short) < _LIKE_LENGTH * len(long):
        return False
    return coverage(sorted(short), terms_of(" ".join(sorted(long)))) >= (_ALIKE if len(short) > 1 else 1.0)


def _label(group: Iterable[Source]) -> str:
    begun = sorted(group, key=lambda s: (s.kind.value not in {"motion", "skrivelse"}, s.date or "9", s.name))
    return begun[0].title
