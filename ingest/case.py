"""A document with all that reading facts from it needs, worked out once."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Protocol

from ingest import matter, people, proposals
from ingest.matter import Found
from ingest.metadata import SourceDescription, gazetteer_for
from ingest.opening import Opening
from ingest.parts import Part, default_speaker, parts
from ingest.people import Person
from ingest.proposals import Point
from ingest.speakers import speaker_of
from ingest.stance import Signal, signals
from ingest.structure import headings
from rag.bodies import Gazetteer
from rag.domain import DocumentKind, Fact, ReadingText
from rag.folding import fold
from rag.sentences import Sentence, split_sentences

_ADMINISTRATION = re.compile(
    r"\b(?:tjansteutlatande|tjansteskrivelse)|(?:forvaltning|kontor)(?:en|et)?s? |forvaltning(?:en)?\n"
)
_BOARD = re.compile(r"(?:[\w-]+ ){0,2}[\w-]*(?:namnd|styrels|utskott)\w*")
# Words of titles that do not tell one matter from another.
_COMMON = frozenset(
    "motion motionen motionens angående gällande förslag svar stockholm staden stadens kommun kommunen "
    "skrivelse".split()
)


class _Placed(Protocol):
    @property
    def start(self) -> int: ...
    @property
    def end(self) -> int: ...


@dataclass(frozen=True)
class Case:
    """``reading`` with its description, parts and matter."""

    reading: ReadingText
    description: SourceDescription
    vocabulary: Path | None
    parts: tuple[Part, ...]
    opening: Opening
    gazetteer: Gazetteer

    @classmethod
    def of(cls, reading: ReadingText, description: SourceDescription, vocabulary: Path | None = None) -> Case:
        """Works out the parts of ``reading``."""
        opening = Opening(reading.text, headings(reading, vocabulary))
        return cls(
            reading, description, vocabulary, parts(reading, vocabulary), opening, gazetteer_for(vocabulary)
        )

    @property
    def text(self) -> str:
        """The reading text."""
        return self.reading.text

    @cached_property
    def prose(self) -> str:
        """The reading text with its headings blanked out, so that none becomes part of a sentence."""
        pieces, at = [], 0
        for heading in self.opening.headings:
            pieces += [self.text[at : heading.start], "\n" * (heading.end - heading.start)]
            at = heading.end
        return "".join([*pieces, self.text[at:]])

    @property
    def is_motion(self) -> bool:
        """Whether the document is itself a motion or skrivelse."""
        return self.description.kind in {DocumentKind.MOTION, DocumentKind.SKRIVELSE}

    @cached_property
    def matter(self) -> Found | None:
        """The motion, skrivelse or remiss that the document is or answers."""
        if self.description.kind is DocumentKind.PROTOKOLL:
            return None
        return matter.matter(self.text, self.description.title, self.opening.end)

    @cached_property
    def movers(self) -> tuple[Person, ...]:
        """Who moved it."""
        return people.movers(self.text, self.is_motion)

    @cached_property
    def consulted(self) -> tuple[Found, ...]:
        """The bodies that were asked for their view."""
        return tuple(matter.consulted(self.prose, self.gazetteer))

    @cached_property
    def moved(self) -> tuple[Point, ...]:
        """The movers' points or questions: from the fullest account, since a summary repeats them."""
        if self.is_motion:
            listed = proposals.moved(self.text, [(0, len(self.text))])
            headed = [part for part in self.parts if part.role in {"proposal", "yrkanden"}]
            marked = [(part.start, part.end) for part in headed]
            return listed or tuple(
                point for place in marked for point in proposals.paragraph_points(self.text, *place)
            )
        if not self.movers and self.matter is None:
            return ()
        told = [part for part in self.parts if part.role in {"matter", "background", "summary", ""}]
        places = [(part.start, part.end) for part in told if part.heading or len(told) == 1]
        return proposals.moved(self.text, sorted(places, key=lambda place: place[0] - place[1]))

    @cached_property
    def answers_someone(self) -> bool:
        """Whether the document answers somebody's motion, skrivelse or remiss."""
        return self.description.kind is DocumentKind.REMISSVAR or (
            self.matter is not None and not self.is_motion
        )

    @cached_property
    def voice(self) -> str:
        """Whose document it is: ``board`` where a board gives its own view, else ``administration``."""
        named = " ".join(fold(heading.text) for heading in self.opening.headings if heading.role)
        if _ADMINISTRATION.search(f"{named} {fold(self.opening.head)}"):
            return "administration"
        chaired = re.search(r"\bordforande\b", fold(self.text[-600:]))
        own = _BOARD.search(f"{named} {fold(self.description.title)}") or _BOARD.match(
            fold(self.text.lstrip("# \n"))
        )
        return "board" if chaired or own else "administration"

    @cached_property
    def terms(self) -> tuple[str, ...]:
        """Folded stems of the words that what is proposed is called by."""
        about = dict(self.matter.detail).get("about", "") if self.matter else self.description.title
        words = re.findall(r"[\w-]{6,}", fold(about))
        return tuple(word[:7] for word in words if word not in {fold(common) for common in _COMMON})

    def speaker(self, part: Part) -> str:
        """Who speaks in ``part`` where a sentence does not say."""
        return default_speaker(part, self.description.kind, self.answers_someone, self.voice)

    def said(self, part: Part) -> Iterator[tuple[Sentence, Signal, str]]:
        """The cues in ``part``, each with its sentence and whose words it is."""
        default = self.speaker(part)
        for sentence in split_sentences(self.text[part.start : part.end], part.start):
            for signal in signals(
                sentence.text, offset=sentence.start, terms=self.terms, vocabulary=self.vocabulary
            ):
                clause = (signal.clause[0] - sentence.start, signal.clause[1] - sentence.start)
                body = self.description.body
                yield (
                    sentence,
                    signal,
                    speaker_of(sentence.text, clause, default, body, self.gazetteer, self.vocabulary),
                )


def as_fact(name: str, value: str, placed: _Placed, speaker: str = "", **detail: str) -> Fact:
    """A fact at the place of ``placed``; details that are empty are left out."""
    return Fact(
        name, value, placed.start, placed.end, speaker, {key: kept for key, kept in detail.items() if kept}
    )
