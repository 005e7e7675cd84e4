"""From what the reader saw in single windows to findings: possible answers with their place, weighed.

The reader judges a window by itself. Whether the window speaks of the body that was asked about, and
whether the answer has the form that was asked for, is weighed here; equal answers from several windows
strengthen each other (as independent evidence: 1 - prod(1 - p)).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from math import prod

from rag.answer_forms import FORMS, has_form, is_short, lacks_strict_form, normal_form
from rag.bodies import BodyMention, Gazetteer
from rag.domain import Passage
from rag.question import Question
from rag.reading import WindowReading
from rag.sentences import Sentence, split_sentences
from rag.topics import terms_of, translations

# Factors on the reader's probability, chosen on the development questions and not tuned per set.
WRONG_FORM = 0.25
NO_STRICT_FORM = 0.02
OTHER_BODY_IN_SENTENCE = 0.25
BODY_ONLY_ELSEWHERE = 0.6
BODY_NOWHERE = 0.1
OTHER_COUNTED = 0.6  # weighs in the order only: "två personer" may answer "hur många handläggare"
WORDS_BEHIND = 4
ARTICLES = frozenset({"en", "ett"})  # as often an article as a number
JOINT = re.compile(r"[\s,/]*(?:och|samt|respektive|eller|and|or)?\s*")
REPEATED_WITHIN_SOURCE = 0.5  # the same text twice in one source is not independent evidence


@dataclass(frozen=True, slots=True)
class Finding:
    """A possible answer: ``start``/``end`` in the source's reading text, in ``sentence``.

    ``probability`` orders findings: that these are the words. ``answerable`` decides whether to answer: that
    the passage answers at all; a question can be answerable although several spans share the probability.
    """

    passage: Passage
    start: int
    end: int
    text: str
    sentence: Sentence
    probability: float
    answerable: float
    agreeing: tuple[Finding, ...] = ()  # the same answer elsewhere, best first

    @property
    def key(self) -> str:
        """What makes two findings the same answer."""
        return normal_form(self.text)


def weigh(
    question: Question, passages: Sequence[Passage], readings: Sequence[WindowReading], gazetteer: Gazetteer
) -> tuple[Finding, ...]:
    """All findings in the passages (one reading each), best first, equal answers merged."""
    single = [
        _weighed(question, finding, gazetteer)
        for passage, reading in zip(passages, readings, strict=True)
        for finding in _findings(passage, reading)
    ]
    return merge(single)


def merge(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Equal answers as one, with the probability that at least one of them is right; best first."""
    groups: dict[str, list[Finding]] = {}
    for finding in sorted(findings, key=lambda f: -f.probability):
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
    return tuple(sorted(merged, key=lambda f: -f.probability))


def _combined(group: Sequence[Finding]) -> float:
    seen: set[str] = set()
    doubts = []
    for finding in group:
        source_id = finding.passage.source.id
        factor = REPEATED_WITHIN_SOURCE if source_id in seen else 1.0
        seen.add(source_id)
        doubts.append(1 - factor * finding.probability)
    return 1 - prod(doubts)


def _findings(passage: Passage, reading: WindowReading) -> list[Finding]:
    offset = passage.chunk.locator.start
    sentences = split_sentences(passage.chunk.text, offset)
    found = []
    for candidate in reading.candidates:
        start, end = offset + candidate.start, offset + candidate.end
        text = passage.chunk.text[candidate.start : candidate.end]
        around = without_heading(covering(sentences, start, end), start, passage.chunk.locator.headings)
        if around and not _asks_or_announces(around.text):
            found.append(
                Finding(passage, start, end, text, around, candidate.probability, reading.answerable)
            )
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


def _weighed(question: Question, finding: Finding, gazetteer: Gazetteer) -> Finding:
    factor = _form_factor(question, finding.text)
    if question.bodies:
        factor *= _body_factor(question, finding, gazetteer)
    order = factor * (OTHER_COUNTED if _counts_other(question, finding) else 1.0)
    return replace(finding, probability=finding.probability * order, answerable=finding.answerable * factor)


def _counts_other(question: Question, finding: Finding) -> bool:
    """Whether words stand behind a number that are not what "hur många ..." asks for."""
    counted = _counted(question)
    if counted is None or not is_short(finding.text):
        return False
    behind = finding.sentence.text[max(0, finding.end - finding.sentence.start) :]
    following = re.findall(r"\w+", re.split(r"[.,;:]", behind)[0])[:WORDS_BEHIND]
    return bool(following) and not terms_of(" ".join([finding.text, *following])).holds(counted)


def _counted(question: Question) -> str | None:
    """What is to be counted, in lower case; None for an English word that cannot be translated."""
    match = re.search(r"\b(?:hur många|how many)\b(.*)", question.text, re.IGNORECASE)
    words = re.findall(r"\w+", match[1].lower())[:WORDS_BEHIND] if match else []
    noun = next((word for word in words if word in question.topic), None)
    known = noun is not None and (question.language == "sv" or translations(noun))
    return noun if known else None


def _form_factor(question: Question, text: str) -> float:
    if lacks_strict_form(question.form, text):
        return NO_STRICT_FORM
    return 1.0 if has_form(question.answer_kind, text) or not is_short(text) else WRONG_FORM


def _body_factor(question: Question, finding: Finding, gazetteer: Gazetteer) -> float:
    """Whether the finding's sentence speaks of a body that was asked about, or its surroundings do."""
    asked = frozenset[str]().union(*(gazetteer.related(body) | {body} for body in question.bodies))
    source, chunk = finding.passage.source, finding.passage.chunk
    speaks_for_asked = source.body in asked
    spoken_of = _bodies_spoken_of(question, finding, gazetteer)
    if spoken_of & asked or (speaks_for_asked and not spoken_of):
        return 1.0
    if spoken_of:
        return BODY_ONLY_ELSEWHERE if speaks_for_asked else OTHER_BODY_IN_SENTENCE
    about = f"{source.title} {' '.join(chunk.locator.headings)} {chunk.text}"
    return BODY_ONLY_ELSEWHERE if _mentioned(about, gazetteer) & asked else BODY_NOWHERE


def _bodies_spoken_of(question: Question, finding: Finding, gazetteer: Gazetteer) -> frozenset[str]:
    """The bodies that the finding's part of its sentence names, else those of the nearest sentence before it
    in its paragraph."""
    named = _governing(question, finding, gazetteer.recognise(finding.sentence.text))
    if named:
        return named
    chunk = finding.passage.chunk
    before = chunk.text[: finding.sentence.start - chunk.locator.start].rpartition("\n\n")[2]
    for sentence in reversed(split_sentences(before)):
        named = _mentioned(sentence.text, gazetteer)
        if named:
            return named
    return frozenset()


def _governing(question: Question, finding: Finding, mentions: Sequence[BodyMention]) -> frozenset[str]:
    """Of the bodies in a sentence those that a value in it belongs to: "Farsta har en, och Bromma två".

    Where the sentence starts with a body, values follow theirs; where it starts with a value, they come first.
    Bodies joined by commas or "och" are one group.
    """
    form, text = FORMS.get(question.answer_kind), finding.sentence.text
    start, end = finding.start - finding.sentence.start, finding.end - finding.sentence.start
    groups = _joined(mentions, text)
    if len(groups) < 2 or form is None or any(m.start < end and start < m.end for m in mentions):
        return frozenset(mention.body for mention in mentions)
    values = [match.start() for match in form.finditer(text) if match[0].lower() not in ARTICLES]
    value_first = bool(values) and values[0] < groups[0][0].start
    if value_first:
        chosen = next((group for group in groups if group[0].start >= end), groups[-1])
    else:
        chosen = next((group for group in reversed(groups) if group[-1].end <= start), groups[0])
    return frozenset(mention.body for mention in chosen)


def _joined(mentions: Sequence[BodyMention], text: str) -> list[list[BodyMention]]:
    groups: list[list[BodyMention]] = []
    for mention in mentions:
        if groups and JOINT.fullmatch(text[groups[-1][-1].end : mention.start]):
            groups[-1].append(mention)
        else:
            groups.append([mention])
    return groups


def _mentioned(text: str, gazetteer: Gazetteer) -> frozenset[str]:
    return frozenset(mention.body for mention in gazetteer.recognise(text))
