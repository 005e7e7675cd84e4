"""Whether a finding speaks of the body that was asked about. The reader judges a window and knows no bodies."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from rag.answer_forms import FORMS
from rag.bodies import BodyMention, Gazetteer
from rag.question import Question
from rag.sentences import split_sentences

if TYPE_CHECKING:
    from rag.findings import Finding

# Chosen on the development questions and not tuned per set.
OTHER_BODY_IN_SENTENCE = 0.25
BODY_ONLY_ELSEWHERE = 0.6
BODY_NOWHERE = 0.1
ARTICLES = frozenset({"en", "ett"})  # as often an article as a number
JOINT = re.compile(r"[\s,/]*(?:och|samt|respektive|eller|and|or)?\s*")
_ACCORDING = re.compile(r"\b(?:enligt|according to)\b", re.IGNORECASE)


def body_factor(question: Question, finding: Finding, gazetteer: Gazetteer) -> float:
    """What a finding is multiplied with for the bodies that its sentence or its surroundings speak of."""
    asked = frozenset[str]().union(*(gazetteer.related(body) | {body} for body in question.bodies))
    source, chunk = finding.passage.source, finding.passage.chunk
    speaks_for_asked = source.body in asked
    if (
        not speaks_for_asked
        and _ACCORDING.search(question.text)
        and not _ACCORDING.search(finding.sentence.text)
    ):
        return OTHER_BODY_IN_SENTENCE
    spoken_of = _bodies_spoken_of(question, finding, gazetteer)
    if spoken_of & asked or (speaks_for_asked and not spoken_of):
        return 1.0
    if spoken_of:
        return BODY_ONLY_ELSEWHERE if speaks_for_asked else OTHER_BODY_IN_SENTENCE
    if question.answer_kind == "person":  # nobody holds an office because a document is about the place
        return BODY_NOWHERE
    if _mentioned(" ".join([source.title, *chunk.locator.headings]), gazetteer) & asked:
        return 1.0
    return BODY_ONLY_ELSEWHERE if _mentioned(chunk.text, gazetteer) & asked else BODY_NOWHERE


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
