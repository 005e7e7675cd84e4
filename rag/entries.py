"""What is told body by body about the topic of a question: the statements of the right sections."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from rag.bodies import Gazetteer
from rag.catalog import Catalog
from rag.collection_bodies import CollectionBodies
from rag.dates import Moment
from rag.domain import Passage, Source
from rag.question import Question
from rag.statements import Statement, statements_in
from rag.topics import coverage, terms_of

_ABOUT = 0.5  # share of the topic's words that a section (with its source's title) must have ...
_NAMED = 0.75  # ... that a paragraph of a section about several things must have
_LISTED = 3  # bodies from which on a section goes through them one by one
_SOURCES = 5  # read per question
_REMEMBERED = 64  # sources


@dataclass(frozen=True, slots=True)
class Entry:
    """All that is told about one body: statements of one topic, from one source or more."""

    body: str
    statements: tuple[Statement, ...]

    @property
    def lacks(self) -> bool:
        """Whether the body is said to lack it (and nothing says since when it has it)."""
        return any(s.lacks for s in self.statements) and self.started is None

    @property
    def silent(self) -> bool:
        """Whether all that is said is that nothing is known."""
        return any(s.unknown for s in self.statements) and not any(s.tells for s in self.statements)

    @property
    def started(self) -> Statement | None:
        """The earliest beginning that the main source tells (the first, which tells of most bodies)."""
        dated = [s for s in self.statements if s.started]
        main = [s for s in dated if s.source.id == dated[0].source.id]
        return min(main, key=lambda s: s.started.iso if s.started else "9", default=None)

    @property
    def counted(self) -> Statement | None:
        """The latest number in the main source."""
        counted = [s for s in self.statements if s.count is not None]
        return [s for s in counted if s.source.id == counted[0].source.id][-1] if counted else None

    @property
    def shared(self) -> tuple[str, ...]:
        """With whom the thing counted is shared."""
        return next((s.shared for s in self.statements if s.shared and s.count is not None), ())

    def conflicting(self) -> tuple[Statement, ...]:
        """First beginnings that different sources put at different times; empty where they agree."""
        firsts: dict[str, Statement] = {}
        for statement in self.statements:
            known = firsts.get(statement.source.id)
            if statement.started and (
                known is None or known.started is None or statement.started.iso < known.started.iso
            ):
                firsts[statement.source.id] = statement
        found = sorted(firsts.values(), key=lambda s: s.started.iso if s.started else "")
        agree = all(_agree(a.started, b.started) for a in found for b in found)
        return () if agree else tuple(found)


@dataclass(frozen=True, slots=True)
class Told:
    """The entries, and the topic words that no title or heading has: what is asked about within the topic."""

    entries: tuple[Entry, ...]
    distinctive: tuple[str, ...] = ()


class BodyFacts:
    """Reads the sources that a question's passages come from; remembers what it read."""

    def __init__(self, catalog: Catalog, bodies: CollectionBodies) -> None:
        self._catalog = catalog
        self._bodies = bodies
        self._read: dict[tuple[int, str], tuple[Statement, ...]] = {}

    def told(self, question: Question, passages: Sequence[Passage], more: Iterable[Source] = ()) -> Told:
        """What the sources of ``passages``, and ``more`` of them, tell about the question's topic; the source
        that tells of most bodies comes first."""
        sources = {source.id: source for source in (*_sources(question, passages), *more)}
        found = [self._on_topic(question, source) for source in sources.values()]
        found.sort(key=lambda told: -len({s.body for s, _ in told}))
        by_body: dict[str, list[Statement]] = {}
        for statement, _ in (pair for told in found for pair in told):
            if self._wanted(statement.body, question):
                by_body.setdefault(statement.body, []).append(statement)
        main = next((told for told in found if told), [])
        distinctive = Counter(lacking for _, lacking in main).most_common(1)
        entries = tuple(Entry(body, tuple(told)) for body, told in by_body.items())
        return Told(entries, distinctive[0][0] if distinctive else ())

    def _wanted(self, body: str, question: Question) -> bool:
        kind = self._bodies.gazetteer.kind(body)
        return body not in question.excluded and (question.body_class != "district" or kind == "district")

    def _statements(self, source: Source) -> tuple[Statement, ...]:
        key = (self._catalog.generation, source.id)
        if key not in self._read:
            if len(self._read) >= _REMEMBERED:
                self._read.clear()
            self._read[key] = statements_in(source, self._catalog, self._bodies.gazetteer)
        return self._read[key]

    def _on_topic(self, question: Question, source: Source) -> list[tuple[Statement, tuple[str, ...]]]:
        """The statements of the sections that are about the topic, each with the words its headings lack."""
        text = self._catalog.reading_text(source.id)
        groups: dict[tuple[str, ...], list[Statement]] = {}
        for statement in self._statements(source):
            groups.setdefault(_parent(statement.headings, self._bodies.gazetteer), []).append(statement)
        found: list[tuple[Statement, tuple[str, ...]]] = []
        for headings, told in groups.items():
            over = terms_of(" ".join((source.title, *headings)))
            lacking = tuple(word for word in question.topic if not over.holds(word))
            found += [(statement, lacking) for statement in _about(question, told, text, len(lacking))]
        return found if any(statement.tells for statement, _ in found) else []


def _about(question: Question, told: Sequence[Statement], text: str, lacking: int) -> Sequence[Statement]:
    """Those of one section's statements that are about the topic: all where its headings say so, or where it
    goes through the bodies one by one and mostly names the topic; else those of paragraphs that name it."""
    if len(question.topic) - lacking >= _ABOUT * len(question.topic):
        return told
    shares = {s.paragraph: coverage(question.topic, terms_of(text[slice(*s.paragraph)])) for s in told}
    listing = len({statement.body for statement in told}) >= _LISTED
    if listing and sum(share >= _ABOUT for share in shares.values()) * 2 >= len(shares):
        return told
    return [statement for statement in told if shares[statement.paragraph] >= _NAMED]


def _sources(question: Question, passages: Sequence[Passage]) -> tuple[Source, ...]:
    """The sources whose passages are about the topic, in the order of their best one."""
    texts: dict[str, list[str]] = {}
    sources = {passage.source.id: passage.source for passage in passages}
    for passage in passages:
        texts.setdefault(passage.source.id, [passage.source.title]).append(passage.chunk.text)
    about = [
        key for key, told in texts.items() if coverage(question.topic, terms_of("\n".join(told))) >= _ABOUT
    ]
    return tuple(sources[key] for key in about[:_SOURCES])


def _parent(headings: tuple[str, ...], gazetteer: Gazetteer) -> tuple[str, ...]:
    """The headings without those at the end that only name bodies."""
    while len(headings) > 1 and len(headings[-1].split()) <= 6 and gazetteer.recognise(headings[-1]):
        headings = headings[:-1]
    return headings


def _agree(one: Moment | None, other: Moment | None) -> bool:
    return one is None or other is None or one.agrees(other)
