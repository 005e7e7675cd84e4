"""Timelines: the dated events of a matter, in order, each with the place that dates it."""

from __future__ import annotations

import re

from rag.clipping import clip
from rag.dates import Moment, moments
from rag.domain import Answer, AnswerStatus, Fact, Overview, OverviewRow, Source
from rag.draft import Draft
from rag.fact_overview import written
from rag.folding import fold
from rag.matters import Matter
from rag.question import Question
from rag.sentences import Sentence, split_sentences

_ASKS = re.compile(
    r"\btidslinje|\btidsaxel|\bkronolog|\bhandelseforlopp|\btimeline|\bchronolog|what happened when|vad hande nar"
    r"|\bi vilken ordning|sequence of events|in what order|hur har arendet gatt"
)
_MOST = 12  # events
_WORDS = 16  # of an event


def asks_for_timeline(question: Question) -> bool:
    """Whether the events of a matter are asked for in order."""
    return bool(_ASKS.search(fold(question.text)))


def timeline(matter: Matter, draft: Draft) -> Answer | None:
    """The matter's events whose day (or at least month) its documents state; None with fewer than two."""
    events: dict[tuple[str, str], tuple[Moment, Source, Sentence]] = {}
    for source in matter.sources:
        for moment, sentence in _dated(source, draft):
            events.setdefault((moment.iso, fold(sentence.text)[:60]), (moment, source, sentence))
    chosen = sorted(events.values(), key=lambda event: (event[0].iso, event[1].name))
    if len(chosen) < 2:
        return None
    chosen = _fewest_repeats(chosen)[:_MOST]
    rows, lines = [], []
    for moment, source, sentence in chosen:
        text = draft.catalog.reading_text(source.id)
        start, end = clip(text, sentence.start, sentence.end, _WORDS)
        number = draft.mark(source, sentence.start, sentence.end)
        event = f"{source.title}: ”{' '.join(text[start:end].split())}”"
        rows.append(OverviewRow(written(moment, draft), event, moment.iso, (number,)))
        lines.append(draft.say("timeline_row", date=written(moment, draft), event=event, mark=number))
        later = _later(moment, source)
        if later:
            lines.append(
                "  " + draft.say("timeline_later", date=moment.iso, document_date=source.date, mark=number)
            )
    first = draft.say("timeline_first", count=draft.number(len(rows)).capitalize(), label=matter.label)
    overview = Overview(draft.say("value_heading_timeline"), tuple(rows))
    return draft.answer("\n".join([first, *lines]), AnswerStatus.OVERVIEW, overview=overview)


def _dated(source: Source, draft: Draft) -> list[tuple[Moment, Sentence]]:
    text = draft.catalog.reading_text(source.id)
    found = []
    for sentence in split_sentences(text):
        for moment in moments(sentence.text):
            if len(moment.iso) > 4:
                found.append((moment, sentence))
    return found


def _fewest_repeats(
    events: list[tuple[Moment, Source, Sentence]],
) -> list[tuple[Moment, Source, Sentence]]:
    """One event of each date and source, since signatures and headers repeat dates."""
    seen: dict[tuple[str, str], tuple[Moment, Source, Sentence]] = {}
    for event in events:
        seen.setdefault((event[0].iso, event[1].id), event)
    return list(seen.values())


def _later(moment: Moment, source: Source) -> bool:
    """Whether a document speaks of a date after its own, without being about a deadline or a plan."""
    facts: tuple[Fact, ...] = source.facts
    planned = any(fact.name == "deadline" and fact.value == moment.iso for fact in facts)
    return bool(source.date) and len(moment.iso) == 10 and moment.iso > str(source.date) and not planned
