"""A matter as an overview shows it: who answered, who was asked, whose answer is not there."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from rag.bodies import Gazetteer
from rag.domain import Fact, Source
from rag.matters import Matter
from rag.question import BodyClass, Question
from rag.stances import BodyStance, consulted, stances


@dataclass(frozen=True, slots=True)
class Picture:
    """A matter as an overview shows it: who answered, who was asked, whose answer is not there."""

    answers: tuple[BodyStance, ...]
    unreadable: tuple[BodyStance, ...]
    asked: tuple[tuple[str, Source, Fact], ...]
    missing: tuple[tuple[str, Source, Fact], ...]
    bodies_asked: tuple[str, ...]

    @property
    def present(self) -> int:
        """How many bodies have a document, readable or not."""
        return len(self.answers) + len(self.unreadable)


def picture(question: Question, matter: Matter, unread: Iterable[Source], gazetteer: Gazetteer) -> Picture:
    """The matter's answers, narrowed to the class of bodies that is asked about; ``unread`` are documents of
    no known matter that cannot be read: one by a body that was asked counts as its answer."""
    asked = [row for row in consulted(matter, gazetteer) if _wanted(row[0], question, gazetteer)]
    known = {name for body, _, _ in asked for name in gazetteer.related(body)}
    found = [
        stance
        for stance in stances(matter, gazetteer)
        if _wanted(stance.body, question, gazetteer)
        and (stance.body in known or gazetteer.kind(stance.body) != "council")
    ]
    found += [
        BodyStance(source.body, "none", source, unreadable=True)
        for source in unread
        if source.body in known and all(source.body != stance.body for stance in found)
    ]
    present = {name for stance in found for name in gazetteer.related(stance.body)}
    missing = tuple(row for row in asked if row[0] not in present)
    extra = [s.body for s in found if s.body not in known] if asked else []
    return Picture(
        tuple(s for s in found if not s.unreadable),
        tuple(s for s in found if s.unreadable),
        tuple(asked),
        missing,
        tuple([row[0] for row in asked] + extra),
    )


def _wanted(body: str, question: Question, gazetteer: Gazetteer) -> bool:
    if body in question.excluded:
        return False
    return question.body_class is None or _is_of_class(body, question.body_class, gazetteer)


def _is_of_class(body: str, body_class: BodyClass, gazetteer: Gazetteer) -> bool:
    kind = gazetteer.kind(body)
    return kind == "district" if body_class == "district" else True
