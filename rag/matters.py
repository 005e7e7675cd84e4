"""Matters: the sources that belong together because they answer the same motion, remiss or skrivelse."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from rag.bodies import Gazetteer
from rag.domain import Fact, Passage, Source
from rag.folding import fold
from rag.question import Question, topic_words
from rag.topics import coverage, terms_of

_ALIKE = 0.6  # share of the shorter title's words that two titles of one matter have in common
_ABOUT = 0.34  # share of the question's topic words that a matter's titles must have

_ALL_ABOUT = 0.7  # ... for the question to be about the matter itself rather than a point of it


@dataclass(frozen=True, slots=True)
class Matter:
    """``sources`` that belong together; ``label`` the title of the document that began it, if it is there."""

    sources: tuple[Source, ...]
    label: str

    def facts(self, name: str) -> tuple[tuple[Source, Fact], ...]:
        """All facts of one name, with their sources."""
        return tuple((source, fact) for source in self.sources for fact in source.facts if fact.name == name)


def matters(sources: Sequence[Source], gazetteer: Gazetteer) -> tuple[Matter, ...]:
    """The sources in groups: same diarienummer, or titles and stated matters that are about the same."""
    groups: list[list[Source]] = []
    for source in sources:
        joined = [group for group in groups if any(_together(source, other, gazetteer) for other in group)]
        merged = [source, *(member for group in joined for member in group)]
        groups = [group for group in groups if group not in joined] + [merged]
    return tuple(Matter(tuple(sorted(group, key=lambda s: s.name)), _label(group)) for group in groups)


def matters_asked_about(
    question: Question, found: Sequence[Matter], passages: Sequence[Passage]
) -> tuple[Matter, ...]:
    """The matters that the question can be about, the likeliest first; none where it names another topic."""
    if question.diarienummer:
        number = _number(question.diarienummer)
        return tuple(
            m for m in found if any(_number(s.diarienummer) == number for s in m.sources if s.diarienummer)
        )
    ranked = sorted(found, key=lambda m: (-_about(question, m), _rank(m, passages)))
    return tuple(matter for matter in ranked if not question.topic or _about(question, matter) >= _ABOUT)


def covers(question: Question, matter: Matter) -> bool:
    """Whether (nearly) all that the question's topic words say is what the matter is about."""
    return _about(question, matter) >= _ALL_ABOUT


def _about(question: Question, matter: Matter) -> float:
    return round(coverage(question.topic, terms_of(_profile(matter.sources))), 3) if question.topic else 0.0


def _profile(sources: Iterable[Source]) -> str:
    """What the sources say that they are about."""
    return "\n".join(part for source in sources for part in (source.title, source.name, *_stated(source)))


def _stated(source: Source) -> list[str]:
    return [fact.value for fact in source.facts if fact.name in {"matter", "proposal"}]


def _rank(matter: Matter, passages: Sequence[Passage]) -> int:
    ids = {source.id for source in matter.sources}
    return next((place for place, passage in enumerate(passages) if passage.source.id in ids), len(passages))


def _together(one: Source, other: Source, gazetteer: Gazetteer) -> bool:
    if one.diarienummer and other.diarienummer and _number(one.diarienummer) == _number(other.diarienummer):
        return True
    mine, theirs = _about_words(one, gazetteer), _about_words(other, gazetteer)
    return any(_same(a, b) for a in mine for b in theirs)


def _same(one: frozenset[str], other: frozenset[str]) -> bool:
    short, long = sorted((one, other), key=len)
    if not short:
        return False
    return coverage(sorted(short), terms_of(" ".join(sorted(long)))) >= (_ALIKE if len(short) > 1 else 1.0)


def _about_words(source: Source, gazetteer: Gazetteer) -> list[frozenset[str]]:
    texts = [source.title, *(fact.value for fact in source.facts if fact.name == "matter")]
    return [frozenset(topic_words(text, gazetteer.recognise(text))) - _PERSONS for text in texts]


_PERSONS: frozenset[str] = frozenset()


def _label(group: Sequence[Source]) -> str:
    begun = sorted(group, key=lambda s: (s.kind.value not in {"motion", "skrivelse"}, s.date or "9", s.name))
    return begun[0].title


def _number(diarienummer: str) -> str:
    return "".join(fold(diarienummer).split())
