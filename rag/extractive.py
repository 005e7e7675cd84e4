"""The answer without a language model: the sentences that answer, shortest sufficient first, each cited."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from prompts import phrase
from rag.answer_forms import FORMS, has_form, is_short
from rag.bodies import Gazetteer
from rag.catalog import Catalog
from rag.citations import cite
from rag.domain import Answer, AnswerStatus, Citation, OcrGrade, Passage
from rag.findings import Finding, weigh
from rag.judging import judged
from rag.naming import joined, name_source, one_line
from rag.polarity import polarity
from rag.proper_names import names_nowhere
from rag.question import Question
from rag.quoting import announces_list, is_mostly_item, quoted_stretch, with_antecedent
from rag.reading import Reader, WindowReading
from rag.windows import of_passage, window

WINDOWS = 6  # read per question: more cost time and bring in little
AT_A_TIME = 2  # windows that are read before it is asked whether a doubt is left
MAX_LISTED = 5
ALSO_LISTED = 0.5  # of the best finding's probability, for a further item of a list
# Below the reader's own threshold, which counts a passage's own unanswerable questions, picked to mislead. Here
# retrieval has found the passage, and ``rag.weighing`` has taken off what speaks against a finding. Chosen on the
# development questions; what it means in a large collection, ``python -m evals.training.open_threshold`` tells.
FOUND = 0.16
BEYOND_DOUBT = 0.8  # that the windows read so far answer, for the others not to be read
SURE = 0.5  # a value found with this probability is quoted alone
ALSO_QUOTED = 0.2  # of the best finding's probability, for a further sentence that may answer
MAX_QUOTED = 3
RIVAL = 0.8  # of the best finding's weight, for a differing answer to be shown as a conflict


@dataclass(frozen=True, slots=True)
class Found:
    """What was read in the first passages, and the findings that come of it, weighed, best first."""

    readings: tuple[WindowReading, ...]
    findings: tuple[Finding, ...]


class ExtractiveAnswerer:
    """Reads the best passages and answers with verbatim sentences."""

    def __init__(self, catalog: Catalog, reader: Reader, gazetteer: Gazetteer) -> None:
        self._catalog = catalog
        self._reader = reader
        self._gazetteer = gazetteer

    def answer(
        self, question: Question, passages: Sequence[Passage], *, most_words: int, least: float = 0.0
    ) -> Answer:
        """The answer that the passages give to the question, or one that says what is missing. Further quotes
        are left out beyond ``most_words``; ``least`` is how probable it must be at least that the passages answer,
        where more is asked than usual."""
        missing = names_nowhere(question, self._catalog)
        if missing:
            names = joined(missing, question.language)
            return _plain(question, AnswerStatus.NO_RELEVANT_SOURCE, "names_missing", names=names)
        if not passages:
            return _plain(question, AnswerStatus.NO_RELEVANT_SOURCE, "no_relevant_source")
        findings = self._judged(question, passages)
        if not findings or findings[0].answerable < max(least, self.least(question, findings[0])):
            return _not_stated(question, passages)
        return self._compose(question, findings, most_words)

    def found(self, question: Question, passages: Sequence[Passage]) -> Found:
        """What the best passages say, weighed; later ones are read only where those before leave a doubt."""
        found = Found((), ())
        for start in range(0, WINDOWS, AT_A_TIME):
            end = start + AT_A_TIME
            shown = [window(p, self._catalog.reading_text) for p in passages[start:end]]
            if not shown or (found.findings and _beyond_doubt(question, found.findings[0])):
                break
            read = self._reader.read(question.text, [each for each, _ in shown])
            own = (of_passage(r, lead) for r, (_, lead) in zip(read, shown, strict=True))
            readings = (*found.readings, *own)
            found = Found(readings, weigh(question, passages[:end], readings, self._gazetteer))
        return found

    def best(self, question: Question, passages: Sequence[Passage]) -> Finding | None:
        """The likeliest finding, however likely it is."""
        return next(iter(self._judged(question, passages)), None)

    def least(self, question: Question, best: Finding) -> float:
        """How probable the best finding must be, for the passages to count as answering. More is asked of a sentence
        that neither affirms nor denies what a yes/no question asks."""
        judge = self._reader.judge
        usual = judge.threshold if judge else FOUND
        unclear = question.answer_kind == "yes_no" and polarity(question, best.sentence.text) is None
        return max(usual, self._reader.threshold if unclear else 0.0)

    def _judged(self, question: Question, passages: Sequence[Passage]) -> tuple[Finding, ...]:
        found, judge = self.found(question, passages), self._reader.judge
        if judge is None:
            return found.findings
        return judged(judge, question, passages, found.readings, found.findings)

    def _compose(self, question: Question, findings: tuple[Finding, ...], most_words: int) -> Answer:
        best = findings[0]
        writer = _Writer(question, self._catalog, most_words)
        rival = _rival(question, findings)
        if rival:
            writer.add(best)
            writer.add(rival)
            return writer.finish(_conflict(question, best, rival), None)
        for finding in _shown(question, findings):
            writer.add(finding)
        if question.answer_kind == "yes_no":
            verdict = polarity(question, best.sentence.text)
            said = phrase("answers", verdict, question.language) if verdict else None
            return writer.finish(f"{said}. [1]" if said else None, said)
        single = is_short(best.text) and writer.count == 1 and not announces_list(question.topic, best)
        short = one_line(best.text) if single else None
        value = f"{one_line(best.labels)}: {short}" if best.labels else short
        return writer.finish(f"{value} [1]" if short else None, short)


class _Writer:
    """Puts quotes under the sources they come from and numbers them."""

    def __init__(self, question: Question, catalog: Catalog, most_words: int) -> None:
        self._question = question
        self._catalog = catalog
        self._most_words = most_words
        self._citations: list[Citation] = []
        self._blocks: dict[str, list[str]] = {}

    @property
    def count(self) -> int:
        return len(self._citations)

    def add(self, finding: Finding) -> None:
        """Quotes the finding, unless it is quoted already or the answer would become too long."""
        source = finding.passage.source
        text = self._catalog.reading_text(source.id)
        several = _asks_for_several(self._question) and is_mostly_item(finding)
        whole_list = several or announces_list(self._question.topic, finding)
        start, end = quoted_stretch(text, finding, whole_list=whole_list)
        if self._question.answer_kind not in FORMS:
            start, end = with_antecedent(text, finding, (start, end))
        if any(c.source.id == source.id and c.start < end and start < c.end for c in self._citations):
            return
        number = len(self._citations) + 1
        lead = self._lead(finding)
        quote = f"”{one_line(text[start:end])}” [{number}]"
        if number > 1 and len(f"{self._text()} {lead} {quote}".split()) > self._most_words:
            return
        self._citations.append(cite(number, source, text, start, end, finding.passage.chunk))
        self._blocks.setdefault(lead, []).append(quote)

    def _lead(self, finding: Finding) -> str:
        source, language = finding.passage.source, self._question.language
        lead = phrase("answers", "according_to", language, source=name_source(source, language))
        if source.grade is OcrGrade.POOR:
            lead = f"{phrase('answers', 'poor_reading', language)} {lead}"
        return lead

    def _text(self) -> str:
        return "\n\n".join("\n".join([lead, *quotes]) for lead, quotes in self._blocks.items())

    def finish(self, opening: str | None, short: str | None) -> Answer:
        return Answer(
            f"{opening}\n\n{self._text()}" if opening else self._text(),
            AnswerStatus.ANSWERED,
            self._question.language,
            short_answer=short,
            citations=tuple(self._citations),
        )


def _asks_for_several(question: Question) -> bool:
    return "overview" in (question.kind, question.answer_kind) or question.answer_kind == "list"


def _shown(question: Question, findings: Sequence[Finding]) -> list[Finding]:
    """The findings that are quoted: the best alone where it is sure and has a form of its own, further ones
    where several things are asked for, a reason may have several parts, or the best is not sure."""
    best = findings[0]
    if _asks_for_several(question) and not question.compares:
        return [f for f in findings if f.probability >= ALSO_LISTED * best.probability][:MAX_LISTED]
    several_parts = question.compares or question.answer_kind == "why"
    if best.probability >= SURE and not several_parts and _is_value(question, best):
        return [best]
    return [f for f in findings if f.probability >= ALSO_QUOTED * best.probability][:MAX_QUOTED]


def _rival(question: Question, findings: Sequence[Finding]) -> Finding | None:
    """A differing answer of the same form from another source, about as likely as the best one."""
    best = findings[0]
    if question.answer_kind not in FORMS or not _is_value(question, best):
        return None
    for other in findings[1:]:
        if other.weight < RIVAL * best.weight:
            return None
        differs = other.key not in best.key and best.key not in other.key
        if differs and other.passage.source.id != best.passage.source.id and _is_value(question, other):
            return other
    return None


def _beyond_doubt(question: Question, best: Finding) -> bool:
    """Whether one value is asked for and the best finding is surely it."""
    if _asks_for_several(question) or question.compares or question.answer_kind == "why":
        return False
    return best.answerable >= BEYOND_DOUBT and best.probability >= SURE and _is_value(question, best)


def _is_value(question: Question, finding: Finding) -> bool:
    return is_short(finding.text) and has_form(question.answer_kind, finding.text)


def _conflict(question: Question, *findings: Finding) -> str:
    values = "; ".join(f"{one_line(f.text)} [{number}]" for number, f in enumerate(findings, start=1))
    return phrase("answers", "conflict", question.language, values=values)


def _not_stated(question: Question, passages: Sequence[Passage]) -> Answer:
    nearest = [name_source(passage.source, question.language) for passage in passages[:3]]
    sources = joined(list(dict.fromkeys(nearest))[:2], question.language)
    return _plain(question, AnswerStatus.NOT_STATED, "not_stated", sources=sources)


def _plain(question: Question, status: AnswerStatus, key: str, **values: object) -> Answer:
    return Answer(phrase("answers", key, question.language, **values), status, question.language)
