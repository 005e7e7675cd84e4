"""The answer without a language model: the sentences that answer, shortest sufficient first, each cited."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from prompts import phrase
from rag.answer_forms import FORMS, has_form, is_short
from rag.bodies import Gazetteer
from rag.catalog import Catalog
from rag.citations import cite
from rag.domain import Answer, AnswerStatus, Citation, OcrGrade, Passage, Source
from rag.findings import Finding, weigh
from rag.index import context_line
from rag.proper_names import names_nowhere
from rag.question import Question
from rag.reading import Reader, ReadingWindow
from rag.sentences import LIST_ITEM, Sentence, split_sentences

WINDOWS = 8  # read per question: more cost time and bring in little
MAX_QUOTE_WORDS = 45  # a longer sentence is cut to the clauses around the finding
MAX_LIST_SENTENCES = 5
ALSO_LISTED = 0.5  # of the best finding's probability, for a further item of a list
RIVAL = 0.8  # of the best finding's probability, for a differing answer to be shown as a conflict
_CLAUSE = re.compile(r"[,;:–]\s+|\s+(?=(?:men|och att|samt|medan|eftersom|vilket|but|while)\b)")


class ExtractiveAnswerer:
    """Reads the best passages and answers with verbatim sentences."""

    def __init__(self, catalog: Catalog, reader: Reader, gazetteer: Gazetteer) -> None:
        self._catalog = catalog
        self._reader = reader
        self._gazetteer = gazetteer

    def answer(self, question: Question, passages: Sequence[Passage]) -> Answer:
        """The answer that the passages give to the question, or one that says what is missing."""
        missing = names_nowhere(question, self._catalog)
        if missing:
            return _plain(question, AnswerStatus.NO_RELEVANT_SOURCE, "names_missing", names=_joined(missing, question))
        if not passages:
            return _plain(question, AnswerStatus.NO_RELEVANT_SOURCE, "no_relevant_source")
        findings = self._findings(question, passages)
        return self._compose(question, findings) if findings else self._not_stated(question, passages)

    def best(self, question: Question, passages: Sequence[Passage]) -> Finding | None:
        """The most probable span, or None where the passages do not answer."""
        findings = self._findings(question, passages)
        return findings[0] if findings else None

    def _findings(self, question: Question, passages: Sequence[Passage]) -> tuple[Finding, ...]:
        """All findings, best first; none where even the best is below the reader's threshold."""
        findings = self._read(question, passages[:WINDOWS])
        return findings if findings and findings[0].probability >= self._reader.threshold else ()

    def _read(self, question: Question, passages: Sequence[Passage]) -> tuple[Finding, ...]:
        windows = [ReadingWindow(_context(passage), passage.chunk.text) for passage in passages]
        readings = self._reader.read(question.text, windows)
        return weigh(question, passages, readings, self._gazetteer)

    def _compose(self, question: Question, findings: tuple[Finding, ...]) -> Answer:
        best = findings[0]
        if _asks_for_several(question):
            shown = _list_findings(findings)
        else:
            rival = _rival(question, findings)
            shown = [best, rival] if rival else [best]
        writer = _Writer(question, self._catalog)
        for finding in shown:
            writer.add(finding)
        short = best.text if is_short(best.text) and len(shown) == 1 else None
        return writer.finish(short, conflict=not _asks_for_several(question) and len(shown) > 1)

    def _not_stated(self, question: Question, passages: Sequence[Passage]) -> Answer:
        nearest = list(dict.fromkeys(name_source(passage.source, question.language) for passage in passages[:3]))[:2]
        return _plain(question, AnswerStatus.NOT_STATED, "not_stated", sources=_joined(nearest, question))


class _Writer:
    """Puts quotes under the sources they come from and numbers them."""

    def __init__(self, question: Question, catalog: Catalog) -> None:
        self._question = question
        self._catalog = catalog
        self._citations: list[Citation] = []
        self._values: list[str] = []
        self._blocks: dict[str, list[str]] = {}

    def add(self, finding: Finding) -> None:
        source = finding.passage.source
        text = self._catalog.reading_text(source.id)
        start, end = _quoted_stretch(text, finding)
        if any(c.source.id == source.id and c.start <= start and end <= c.end for c in self._citations):
            return
        number = len(self._citations) + 1
        self._citations.append(cite(number, source, text, start, end, finding.passage.chunk))
        self._values.append(f"{_one_line(finding.text)} [{number}]")
        lead = phrase(
            "answers", "according_to", self._question.language, source=name_source(source, self._question.language)
        )
        if source.grade is OcrGrade.POOR:
            lead = phrase("answers", "poor_reading", self._question.language) + " " + lead
        self._blocks.setdefault(lead, []).append(f"”{_one_line(text[start:end])}” [{number}]")

    def finish(self, short: str | None, *, conflict: bool) -> Answer:
        language = self._question.language
        blocks = [lead + "\n" + "\n".join(quotes) for lead, quotes in self._blocks.items()]
        if conflict and len(self._citations) > 1:
            blocks.insert(0, phrase("answers", "conflict", language, values="; ".join(self._values)))
        elif short:
            blocks.insert(0, f"{_one_line(short)} [1]")
        return Answer(
            "\n\n".join(blocks),
            AnswerStatus.ANSWERED,
            language,
            short_answer=_one_line(short) if short else None,
            citations=tuple(self._citations),
        )


def name_source(source: Source, language: str) -> str:
    """A source as running text names it: title, body and date as far as they are known."""
    key = "source_" + {
        (True, True): "with_body_and_date",
        (True, False): "with_body",
        (False, True): "with_date",
        (False, False): "plain",
    }[(bool(source.body), bool(source.date))]
    return phrase("answers", key, language, title=source.title, body=source.body, date=source.date)


def _context(passage: Passage) -> str:
    line = context_line(passage.source, passage.chunk.locator.headings)
    return f"{passage.source.body} › {line}" if passage.source.body else line


def _asks_for_several(question: Question) -> bool:
    return "overview" in (question.kind, question.answer_kind) or question.answer_kind == "list"


def _list_findings(findings: Sequence[Finding]) -> list[Finding]:
    best = findings[0]
    return [f for f in findings if f.probability >= ALSO_LISTED * best.probability][:MAX_LIST_SENTENCES]


def _rival(question: Question, findings: Sequence[Finding]) -> Finding | None:
    """A differing answer of the same form from another source, about as likely as the best one."""
    best = findings[0]
    if question.answer_kind not in FORMS or not has_form(question.answer_kind, best.text):
        return None
    for other in findings[1:]:
        if other.probability < RIVAL * best.probability:
            return None
        differs = other.key not in best.key and best.key not in other.key
        if differs and other.passage.source.id != best.passage.source.id and has_form(question.answer_kind, other.text):
            return other
    return None


def _quoted_stretch(text: str, finding: Finding) -> tuple[int, int]:
    """The sentence around a finding; all items where it stands in a list; the clauses around it in a long one."""
    chunk = finding.passage.chunk
    sentences = split_sentences(chunk.text, chunk.locator.start)
    if LIST_ITEM.match(finding.sentence.text) and len(finding.text) > len(finding.sentence.text) * 0.6:
        return _list_stretch(sentences, finding.sentence)
    sentence = finding.sentence
    if len(sentence.text.split()) <= MAX_QUOTE_WORDS:
        return sentence.start, sentence.end
    return _clauses(text, finding)


def _list_stretch(sentences: Sequence[Sentence], item: Sentence) -> tuple[int, int]:
    position = next((i for i, s in enumerate(sentences) if s.end >= item.end), 0)
    first = last = position
    while first > 0 and LIST_ITEM.match(sentences[first - 1].text):
        first -= 1
    while last + 1 < len(sentences) and LIST_ITEM.match(sentences[last + 1].text):
        last += 1
    start, end = min(sentences[first].start, item.start), max(sentences[last].end, item.end)
    too_long = sum(len(s.text.split()) for s in sentences[first : last + 1]) > 2 * MAX_QUOTE_WORDS
    return (item.start, item.end) if too_long else (start, end)


def _clauses(text: str, finding: Finding) -> tuple[int, int]:
    sentence = finding.sentence
    cuts = [sentence.start, *(sentence.start + m.end() for m in _CLAUSE.finditer(text[sentence.start : sentence.end]))]
    cuts.append(sentence.end)
    start = max(cut for cut in cuts if cut <= finding.start)
    end = min(cut for cut in cuts if cut >= finding.end)
    while True:
        wider = [(max((c for c in cuts if c < start), default=start), end), (start, min((c for c in cuts if c > end), default=end))]
        fitting = [w for w in wider if w != (start, end) and len(text[w[0] : w[1]].split()) <= MAX_QUOTE_WORDS]
        if not fitting:
            break
        start, end = fitting[0]
    return start, start + len(text[start:end].rstrip(" ,;:–\n"))


def _plain(question: Question, status: AnswerStatus, key: str, **values: object) -> Answer:
    return Answer(phrase("answers", key, question.language, **values), status, question.language)


def _joined(names: Iterable[str], question: Question) -> str:
    *first, last = names
    word = phrase("answers", "and", question.language)
    return f"{', '.join(first)} {word} {last}" if first else last


def _one_line(text: str) -> str:
    return " ".join(text.split())
