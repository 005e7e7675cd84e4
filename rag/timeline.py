"""Timelines: the dated events of a matter, in order, each with the place that dates it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from rag.clipping import clip
from rag.dates import Moment, moments
from rag.domain import Answer, AnswerStatus, DocumentKind, Overview, OverviewRow, Passage, Source
from rag.draft import Draft
from rag.folding import fold
from rag.matters import Matter
from rag.moments_in_words import written
from rag.question import Question
from rag.sentences import Sentence, split_sentences
from rag.topics import coverage, terms_of

_ASKS = re.compile(
    r"\btidslinje|\btidsaxel|\bkronolog|\bhandelseforlopp|\btimeline|\bchronolog|what happened when|vad hande nar"
    r"|\bi vilken ordning|sequence of events|in what order|hur har arendet gatt"
)
_MOST = 10  # events of a matter
_MOST_OF_TOPIC = 12
_ABOUT = 0.5  # share of the topic's words in title and headings
_WORDS = 14  # of an event
_PAST = re.compile(r"\w{3,}(?:ades?|ddes?|tes|des)\b|\b(?:blev|var|hade|lades|gick|fick|tog|kom)\b")
_PLANNED = re.compile(
    r"\b(?:ska|skall|senast|planer\w*|kommer|raknar|nasta|vantas|foresl\w+|fore|till och med)\b"
)
_Event = tuple[Moment, Source, Sentence]


def asks_for_timeline(question: Question) -> bool:
    """Whether the events of a matter are asked for in order."""
    return bool(_ASKS.search(fold(question.text)))


def timeline(matter: Matter, draft: Draft) -> Answer | None:
    """The matter's dated events: when its documents are from, and what else they date to a day or month.

    None with fewer than two. A date after the document's own that is spoken of as past is pointed out.
    """
    chosen = sorted(_most_telling(matter, draft), key=lambda event: (event[0].iso, event[1].name))
    if len(chosen) < 2:
        return None
    return _written(chosen, matter.label, draft)


def topic_timeline(question: Question, passages: Sequence[Passage], draft: Draft) -> Answer | None:
    """The dated sentences of the passages that are about the topic; None with fewer than two."""
    found: dict[tuple[str, int], _Event] = {}
    for passage in passages:
        over = terms_of(" ".join((passage.source.title, *passage.chunk.locator.headings)))
        if coverage(question.topic, over) < _ABOUT:
            continue
        for sentence in split_sentences(passage.chunk.text, passage.chunk.locator.start):
            for moment in moments(sentence.text):
                found.setdefault((moment.iso, sentence.start), (moment, passage.source, sentence))
    chosen = sorted(found.values(), key=lambda event: (event[0].iso, event[1].name))[:_MOST_OF_TOPIC]
    return _written(chosen, ", ".join(question.topic), draft) if len(chosen) > 1 else None


def _written(chosen: Sequence[_Event], label: str, draft: Draft) -> Answer:
    rows, lines = [], []
    for moment, source, sentence in chosen:
        number = draft.mark(source, sentence.start, sentence.end)
        event = _words(moment, source, sentence, draft)
        date = moment.iso if len(moment.iso) == len("2024-07-01") else written(moment, draft)
        rows.append(OverviewRow(date, event, moment.iso, (number,)))
        lines.append(draft.say("timeline_row", date=date, event=event, mark=number))
        if _is_odd(moment, source, sentence):
            lines.append(draft.say("timeline_later", date=moment.iso, document_date=source.date, mark=number))
    first = draft.say("timeline_first", count=draft.number(len(rows)).capitalize(), label=label)
    overview = Overview(draft.say("value_heading_timeline"), tuple(rows))
    return draft.answer("\n".join([first, *lines]), AnswerStatus.OVERVIEW, overview=overview)


def _most_telling(matter: Matter, draft: Draft) -> list[_Event]:
    """The documents' own dates first, then days, then months; one event of each date and source."""
    found: dict[tuple[str, str], _Event] = {}
    for source in matter.sources:
        for moment, sentence in _dated(source, draft):
            found.setdefault((moment.iso, source.id), (moment, source, sentence))
    ranked = sorted(
        found.values(), key=lambda e: (e[0].iso != e[1].date, len(e[0].iso) < len("2024-07-01"), e[0].iso)
    )
    return ranked[:_MOST]


def _dated(source: Source, draft: Draft) -> list[tuple[Moment, Sentence]]:
    """Sentences with a day or month; of a protokoll, which has other matters too, only its own date."""
    sentences = split_sentences(draft.catalog.reading_text(source.id))
    found = [(m, s) for s in sentences for m in moments(s.text) if len(m.iso) > len("2024")]
    if source.kind is DocumentKind.PROTOKOLL:
        return [pair for pair in found if pair[0].iso == source.date][:1]
    return found


def _words(moment: Moment, source: Source, sentence: Sentence, draft: Draft) -> str:
    if moment.iso == source.date:
        return source.title
    text = draft.catalog.reading_text(source.id)
    start, end = clip(text, sentence.start, sentence.end, _WORDS)
    return f"”{' '.join(text[start:end].split())}”"


def _is_odd(moment: Moment, source: Source, sentence: Sentence) -> bool:
    """Whether a document speaks of a date after its own as past."""
    if not source.date or len(moment.iso) < len(source.date) or moment.iso <= source.date:
        return False
    folded = fold(sentence.text)
    return bool(_PAST.search(folded)) and not _PLANNED.search(folded)
