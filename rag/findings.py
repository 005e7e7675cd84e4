"""From what the reader saw in single windows to findings: possible answers with their place, weighed.

The reader judges a window by itself; ``rag.weighing`` weighs what it found against the question. Equal answers
from several windows strengthen each other (as independent evidence: 1 - prod(1 - p)).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from math import prod

from rag.answer_forms import normal_form
from rag.bodies import Gazetteer
from rag.domain import Passage
from rag.question import Question
from rag.reading import WindowReading
from rag.sentences import Sentence, split_sentences
from rag.tables import of_tables
from rag.weighing import Factors, PassageFactors, factors, of_form, passage_factors

REPEATED_WITHIN_SOURCE = 0.5  # the same text twice in one source is not independent evidence
# What a passage's place among those found leaves of a finding's weight, per place. Of 116 development questions in
# three collections the best finding was right for 64 without, and for 69 with any factor from 0.67 to 0.86.
BEHIND = 0.85


@dataclass(frozen=True, slots=True)
class Finding:
    """A possible answer: ``start``/``end`` in the source's reading text, in ``sentence``.

    ``probability`` orders findings: that these are the words. ``answerable`` decides whether to answer: that
    the passage answers at all; a question can be answerable although several spans share the probability.
    ``place`` is the passage's place among those found, from 0.
    """

    passage: Passage
    start: int
    end: int
    text: str
    sentence: Sentence
    probability: float
    answerable: float
    place: int = 0
    labels: str = ""  # of the row and the column where it is a cell of a table
    read: float = 0.0  # the probability before anything else was weighed
    factors: Factors = field(default_factory=Factors)
    agreeing: tuple[Finding, ...] = ()  # the same answer elsewhere, best first

    @property
    def key(self) -> str:
        """What makes two findings the same answer."""
        return normal_form(self.text)

    @property
    def weight(self) -> float:
        """What findings are ordered by: retrieval knows something that the reader of one passage does not."""
        return self.probability * BEHIND**self.place


def weigh(
    question: Question, passages: Sequence[Passage], readings: Sequence[WindowReading], gazetteer: Gazetteer
) -> tuple[Finding, ...]:
    """All findings in the passages (one reading each), best first, equal answers merged."""
    of_passages = passage_factors(question, passages)
    single = [
        _weighed(question, finding, gazetteer, of_passages[place])
        for place, (passage, reading) in enumerate(zip(passages, readings, strict=True))
        for finding in _findings(passage, place, _shaped(question, passage, reading))
    ]
    return merge(single)


def _shaped(question: Question, passage: Passage, reading: WindowReading) -> WindowReading:
    return of_form(question, passage.chunk.text, of_tables(question, passage, reading))


def merge(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Equal answers as one, with the probability that at least one of them is right; best first."""
    groups: dict[str, list[Finding]] = {}
    for finding in sorted(findings, key=lambda f: -f.weight):
        groups.setdefault(finding.key, []).append(finding)
    merged = [
        replace(
            group[0],
            probability=_combined(group),
            answerable=max(finding.answerable for finding in group),
            agreeing=tuple(group[1:]),
        )
        for group in groups.values()
    ]
    return tuple(sorted(merged, key=lambda f: -f.weight))


def _combined(group: Sequence[Finding]) -> float:
    seen: set[str] = set()
    doubts = []
    for finding in group:
        source_id = finding.passage.source.id
        factor = REPEATED_WITHIN_SOURCE if source_id in seen else 1.0
        seen.add(source_id)
        doubts.append(1 - factor * finding.probability)
    return 1 - prod(doubts)


def _findings(passage: Passage, place: int, reading: WindowReading) -> list[Finding]:
    offset = passage.chunk.locator.start
    sentences = split_sentences(passage.chunk.text, offset)
    found = []
    for candidate in reading.candidates:
        start, end = offset + candidate.start, offset + candidate.end
        text = passage.chunk.text[candidate.start : candidate.end]
        around = without_heading(covering(sentences, start, end), start, passage.chunk.locator.headings)
        if around and not _asks_or_announces(around.text):
            sure = candidate.probability, reading.answerable
            found.append(Finding(passage, start, end, text, around, *sure, place, candidate.labels))
    return found


def without_heading(sentence: Sentence | None, before: int, headings: Sequence[str]) -> Sentence | None:
    """The sentence without a heading line that stands right above it, if that ends ``before`` the finding."""
    if sentence is None:
        return None
    first, newline, rest = sentence.text.partition("\n")
    start = sentence.start + len(first) + len(newline)
    if newline and first.strip() in {heading.strip() for heading in headings} and start <= before:
        return Sentence(start, sentence.end, rest)
    return sentence


def _asks_or_announces(sentence: str) -> bool:
    """Whether it is a question or a line that only leads up to what follows; neither answers anything."""
    return sentence.endswith(("?", ":"))


def covering(sentences: Sequence[Sentence], start: int, end: int) -> Sentence | None:
    """The stretch of whole sentences that holds ``start:end``, or None."""
    held = [s for s in sentences if s.start < end and s.end > start]
    if not held:
        return None
    if len(held) == 1:
        return held[0]
    first, last = held[0], held[-1]
    gaps = [" " * (b.start - a.end) for a, b in pairwise(held)]
    text = "".join(s.text + gap for s, gap in zip(held, [*gaps, ""], strict=True))
    return Sentence(first.start, last.end, text)


def _weighed(
    question: Question, finding: Finding, gazetteer: Gazetteer, of_passage: PassageFactors
) -> Finding:
    found = factors(question, finding, gazetteer, of_passage)
    return replace(
        finding,
        probability=finding.probability * found.probability,
        answerable=finding.answerable * found.answerable,
        read=finding.probability,
        factors=found,
    )
