"""How much a finding counts: whether it has the form, counts the things and speaks of the body asked about.

The reader judges a window by itself and knows no bodies.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from rag.answer_forms import FORMS, has_form, is_short, lacks_strict_form
from rag.bodies import BodyMention, Gazetteer
from rag.domain import Passage
from rag.folding import fold
from rag.index import embedded_text
from rag.question import Question
from rag.reading import WindowReading
from rag.sentences import split_sentences
from rag.topics import coverage, terms_of, translations

if TYPE_CHECKING:
    from rag.findings import Finding

# Factors on the reader's probability, chosen on the development questions and not tuned per set.
WRONG_FORM = 0.01
NO_CAPITAL = 0.3  # where a person or a name is asked for: "fastighetsägaren" may answer who
RESHARED = 0.6  # of the probability of a window's spans that those with the right form have at least
NO_STRICT_FORM = 0.02
OTHER_BODY_IN_SENTENCE = 0.25
BODY_ONLY_ELSEWHERE = 0.6
BODY_NOWHERE = 0.1
OTHER_YEAR = 0.15  # the sentence tells of another year than the one asked about
YEAR_NOWHERE = 0.4  # no year in the sentence, and the asked one nowhere around it
OFF_TOPIC = ((0.0, 0.25), (0.34, 0.6))  # at most this share of the topic's words around it, and the factor
WORDS_ENOUGH = 2  # of a topic, for its absence to tell something
OTHER_COUNTED = 0.6  # weighs in the order only: "två personer" may answer "hur många handläggare"
COUNTED_NOWHERE = 0.3  # the passage does not speak of what is to be counted at all
NAMED_ELSEWHERE = 0.3  # other passages hold the names asked about, this one none of them
WORDS_BEHIND = 4
HALF = 0.5  # of a compound: skolsocial has half of grundskola and is no school
WORDS_ASKED = 8
ARTICLES = frozenset({"en", "ett"})  # as often an article as a number
JOINT = re.compile(r"[\s,/]*(?:och|samt|respektive|eller|and|or)?\s*")
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
_SPAN_OF_YEARS = re.compile(
    r"\b(?:före|innan|efter|sedan|från|mellan|till|before|after|since|from|between|until|by)\s+(?:år\s+)?(?:19|20)\d\d",
    re.IGNORECASE,
)
_ACCORDING = re.compile(r"\b(?:enligt|according to)\b", re.IGNORECASE)


def of_form(question: Question, text: str, reading: WindowReading) -> WindowReading:
    """The reading of ``text`` with what its spans without the form that is asked for had of the probability given
    to those with it: "först" and "2019" may both answer when, but only one of them is a date."""
    if question.answer_kind not in ("date", "number"):
        return reading
    fits = [has_form(question.answer_kind, text[each.start : each.end]) for each in reading.candidates]
    everything = sum(each.probability for each in reading.candidates)
    fitting = sum(each.probability for each, fit in zip(reading.candidates, fits, strict=True) if fit)
    if not fitting or fitting >= RESHARED * everything:
        return reading
    scale = RESHARED * everything / fitting
    candidates = (
        replace(each, probability=each.probability * scale) if fit else each
        for each, fit in zip(reading.candidates, fits, strict=True)
    )
    return replace(reading, candidates=tuple(candidates))


def passage_factors(question: Question, passages: Sequence[Passage]) -> tuple[float, ...]:
    """What all findings in each passage are multiplied with, for what the passage as a whole speaks of."""
    texts = [embedded_text(passage.source, passage.chunk) for passage in passages]
    holds_name = [any(_holds_name(fold(text), name) for name in question.names) for text in texts]
    elsewhere = NAMED_ELSEWHERE if any(holds_name) else 1.0
    return tuple(
        _topic_factor(question, text) * _counted_factor(question, text) * (1.0 if holds else elsewhere)
        for text, holds in zip(texts, holds_name, strict=True)
    )


def factors(question: Question, finding: Finding, gazetteer: Gazetteer) -> tuple[float, float]:
    """What the finding's probability and its ``answerable`` are multiplied with, beside its passage's factor."""
    factor = _form_factor(question, finding.text) * _year_factor(question, finding)
    if question.bodies:
        factor *= _body_factor(question, finding, gazetteer)
    return factor * (OTHER_COUNTED if _counts_other(question, finding) else 1.0), factor


def _form_factor(question: Question, text: str) -> float:
    if lacks_strict_form(question.form, text):
        return NO_STRICT_FORM
    if has_form(question.answer_kind, text) or not is_short(text):
        return 1.0
    return NO_CAPITAL if question.answer_kind in ("person", "name") else WRONG_FORM


def _year_factor(question: Question, finding: Finding) -> float:
    """Whether the finding is about a year that was asked about."""
    asked = {str(year) for year in question.years}
    if not asked or _SPAN_OF_YEARS.search(question.text):
        return 1.0
    told = set(_YEAR.findall(finding.sentence.text))
    if told:
        return 1.0 if told & asked else OTHER_YEAR
    source, chunk = finding.passage.source, finding.passage.chunk
    around = f"{source.date or ''} {embedded_text(source, chunk)}"
    return 1.0 if set(_YEAR.findall(around)) & asked else YEAR_NOWHERE


def _topic_factor(question: Question, text: str) -> float:
    """Whether a passage is about what is asked, as far as its words tell.

    A single word may well be put otherwise in the text, and a body or a name says enough about the matter.
    """
    if question.bodies or question.names:
        return 1.0
    known = tuple(word for word in question.topic if question.language == "sv" or translations(word))
    if len(known) < WORDS_ENOUGH:
        return 1.0
    share = coverage(known, terms_of(text))
    return next((factor for most, factor in OFF_TOPIC if share <= most), 1.0)


def _counted_factor(question: Question, text: str) -> float:
    """Whether a passage speaks of what "hur många ..." asks for."""
    counted = _counted(question)
    return 1.0 if counted is None or terms_of(text).holds(counted) > HALF else COUNTED_NOWHERE


def _holds_name(folded: str, name: str) -> bool:
    return re.search(rf"(?<!\w){re.escape(fold(name).removesuffix('s'))}", folded) is not None


def _counts_other(question: Question, finding: Finding) -> bool:
    """Whether words stand behind a number that are not what "hur många ..." asks for."""
    counted = _counted(question)
    if counted is None or not is_short(finding.text):
        return False
    behind = finding.sentence.text[max(0, finding.end - finding.sentence.start) :]
    following = re.findall(r"\w+", re.split(r"[.,;:]", behind)[0])[:WORDS_BEHIND]
    terms = terms_of(" ".join([finding.text, *following]))
    return bool(following) and terms.holds(counted) <= HALF


def _counted(question: Question) -> str | None:
    """What is to be counted, in lower case; None where it is an English word that cannot be translated."""
    match = re.search(r"\b(?:hur många|how many)\b(.*)", question.text, re.IGNORECASE)
    words = re.findall(r"\w+", match[1].lower())[:WORDS_ASKED] if match else []
    known = (w for w in words if w in question.topic and (question.language == "sv" or translations(w)))
    return next(known, None)


def _body_factor(question: Question, finding: Finding, gazetteer: Gazetteer) -> float:
    """Whether the finding's sentence speaks of a body that was asked about, or its surroundings do."""
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
