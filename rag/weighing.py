"""How much a finding counts: whether it has the form, counts the things and speaks of the body asked about.

The reader judges a window by itself and knows no bodies.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import prod
from typing import TYPE_CHECKING

from rag.answer_forms import has_form, is_short, lacks_strict_form
from rag.bodies import Gazetteer
from rag.body_factor import body_factor
from rag.domain import Passage
from rag.folding import fold
from rag.glossary import translations
from rag.index import embedded_text
from rag.question import Question
from rag.reading import WindowReading
from rag.topics import coverage, terms_of

if TYPE_CHECKING:
    from rag.findings import Finding

# Factors on the reader's probability, chosen on the development questions and not tuned per set.
WRONG_FORM = 0.01
NO_CAPITAL = 0.3  # where a person or a name is asked for: "fastighetsägaren" may answer who
RESHARED = 0.6  # of the probability of a window's spans that those with the right form have at least
NO_STRICT_FORM = 0.02
OTHER_YEAR = 0.15  # the sentence tells of another year than the one asked about
YEAR_NOWHERE = 0.25  # no year in the sentence, and the asked one nowhere around it
OFF_TOPIC = ((0.0, 0.25), (0.34, 0.6))  # at most this share of the topic's words around it, and the factor
WORDS_ENOUGH = 2  # of a topic, for its absence to tell something
OTHER_COUNTED = 0.6  # weighs in the order only: "två personer" may answer "hur många handläggare"
COUNTED_NOWHERE = 0.3  # the passage does not speak of what is to be counted at all
NAMED_ELSEWHERE = 0.3  # other passages hold the names asked about, this one none of them
FEWER_NAMED = 0.6  # other passages hold more of the names asked about
OTHER_PLACE = 0.25  # the sentence tells of a place that was not asked about, and not of the one that was
OFF_TOPIC_NAMED = 0.5  # a passage that holds the name, but no word of what is asked about it
WORDS_BEHIND = 4
HALF = 0.5  # of a compound: skolsocial has half of grundskola and is no school
WORDS_ASKED = 8
YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
_SPAN_OF_YEARS = re.compile(
    r"\b(?:före|innan|efter|sedan|från|mellan|till|before|after|since|from|between|until|by)\s+(?:år\s+)?(?:19|20)\d\d",
    re.IGNORECASE,
)
_PLACE = re.compile(
    r"\b(?:[Ii]|[Vv]id|[Hh]os|[Ff]rån|[Tt]ill|[Pp]å|[Ff]örbi|[Uu]tanför|[Kk]ring|[Mm]ot|[Gg]enom|[Ll]ängs)\s+"
    r"([A-ZÅÄÖ][a-zåäöé-]{2,})"
)
LETTERS = 5  # by which the names of a place are compared: "Söderby" and "Söderbyskolan"


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


@dataclass(frozen=True, slots=True)
class PassageFactors:
    """What a passage as a whole speaks of: the topic, the things to count, the names. 1 where nothing is missing."""

    topic: float = 1.0
    counted: float = 1.0
    names: float = 1.0

    @property
    def all(self) -> float:
        """Their product."""
        return self.topic * self.counted * self.names


@dataclass(frozen=True, slots=True)
class Factors:
    """Whether a finding has the form, and its sentence the year, the place, the body and the things to count. 1
    where nothing speaks against it."""

    form: float = 1.0
    year: float = 1.0
    place: float = 1.0
    body: float = 1.0
    counted: float = 1.0
    passage: PassageFactors = PassageFactors()

    @property
    def answerable(self) -> float:
        """What the probability that the passage answers is multiplied with."""
        return prod((self.form, self.year, self.place, self.body, self.passage.all))

    @property
    def probability(self) -> float:
        """What the probability that these are the words is multiplied with."""
        return self.answerable * self.counted


def passage_factors(question: Question, passages: Sequence[Passage]) -> tuple[PassageFactors, ...]:
    """What speaks against all findings of each passage."""
    texts = [embedded_text(passage.source, passage.chunk) for passage in passages]
    held = [sum(holds_name(fold(text), name) for name in question.names) for text in texts]
    most = max(held, default=0)
    return tuple(
        PassageFactors(
            _topic_factor(question, text), _counted_factor(question, text), _names_factor(names, most)
        )
        for text, names in zip(texts, held, strict=True)
    )


def factors(
    question: Question, finding: Finding, gazetteer: Gazetteer, of_passage: PassageFactors
) -> Factors:
    """What speaks against the finding."""
    return Factors(
        form=_form_factor(question, finding),
        year=_year_factor(question, finding),
        place=_place_factor(question, finding),
        body=body_factor(question, finding, gazetteer) if question.bodies else 1.0,
        counted=OTHER_COUNTED if _counts_other(question, finding) else 1.0,
        passage=of_passage,
    )


def _form_factor(question: Question, finding: Finding) -> float:
    text = finding.text
    if not finding.labels and lacks_strict_form(question.form, text):  # a table has its units in its labels
        return NO_STRICT_FORM
    if has_form(question.answer_kind, text) or not is_short(text):
        return 1.0
    return NO_CAPITAL if question.answer_kind in ("person", "name") else WRONG_FORM


def _year_factor(question: Question, finding: Finding) -> float:
    """Whether the finding is about a year that was asked about."""
    asked = {str(year) for year in question.years}
    if not asked or _SPAN_OF_YEARS.search(question.text):
        return 1.0
    told = set(YEAR.findall(finding.labels or finding.sentence.text))
    if told:
        return 1.0 if told & asked else OTHER_YEAR
    source, chunk = finding.passage.source, finding.passage.chunk
    around = f"{source.date or ''} {embedded_text(source, chunk)}"
    return 1.0 if set(YEAR.findall(around)) & asked else YEAR_NOWHERE


def _topic_factor(question: Question, text: str) -> float:
    """Whether a passage is about what is asked, as far as its words tell.

    A single word may well be put otherwise in the text, and a body or a name says enough about the matter.
    """
    if question.bodies:
        return 1.0
    known = known_topic(question)
    if len(known) < WORDS_ENOUGH:
        return 1.0
    share = coverage(known, terms_of(text))
    if question.names:
        return 1.0 if share else OFF_TOPIC_NAMED
    return next((factor for most, factor in OFF_TOPIC if share <= most), 1.0)


def known_topic(question: Question) -> tuple[str, ...]:
    """The words of the topic that a Swedish text can be asked for: no names, and no English word without a
    translation."""
    names = {name.lower() for name in question.names}
    return tuple(
        word
        for word in question.topic
        if word not in names and (question.language == "sv" or translations(word))
    )


def _names_factor(held: int, most: int) -> float:
    """What a passage that holds ``held`` of the names asked about counts, where another holds ``most``."""
    if held == most:
        return 1.0
    return FEWER_NAMED if held else NAMED_ELSEWHERE


def _place_factor(question: Question, finding: Finding) -> float:
    """Whether a value's sentence speaks of another place than the one that was asked about: "I Norrby infördes
    det 2023" tells nothing of Söderby, though the sentence beside it is about both."""
    if question.answer_kind not in ("date", "number") or not question.names:
        return 1.0
    folded = fold(finding.sentence.text)
    if any(holds_name(folded, name) for name in question.names):
        return 1.0
    asked = fold(question.text)
    others = (fold(match[1]).removesuffix("s") for match in _PLACE.finditer(finding.sentence.text))
    return OTHER_PLACE if any(other[:LETTERS] not in asked for other in others) else 1.0


def _counted_factor(question: Question, text: str) -> float:
    """Whether a passage speaks of what "hur många ..." asks for."""
    counted = _counted(question)
    return 1.0 if counted is None or terms_of(text).holds(counted) > HALF else COUNTED_NOWHERE


def holds_name(folded: str, name: str) -> bool:
    """Whether a folded text has the name, in the genitive too."""
    return re.search(rf"(?<!\w){re.escape(fold(name).removesuffix('s'))}", folded) is not None


def _counts_other(question: Question, finding: Finding) -> bool:
    """Whether words stand behind a number that are not what "hur många ..." asks for."""
    counted = _counted(question)
    if counted is None or not is_short(finding.text) or finding.labels:
        return False
    behind = finding.sentence.text[max(0, finding.end - finding.sentence.start) :]
    following = re.findall(r"\w+", re.split(r"[.,;:]", behind)[0])[:WORDS_BEHIND]
    terms = terms_of(" ".join([finding.text, *following]))
    return bool(following) and terms.holds(counted) <= HALF


def _counted(question: Question) -> str | None:
    """What is to be counted, in lower case; None where it is an English word that cannot be translated."""
    match = re.search(r"\b(?:hur många|antalet|antal|how many|number of)\b(.*)", question.text, re.IGNORECASE)
    words = re.findall(r"\w+", match[1].lower())[:WORDS_ASKED] if match else []
    known = (w for w in words if w in question.topic and (question.language == "sv" or translations(w)))
    return next(known, None)
