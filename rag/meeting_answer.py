"""Answers about meetings, from the facts of their minutes: quoted from the § that is asked about, or from the head."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from rag.agenda import Item, chosen, items_of, within
from rag.catalog import Catalog
from rag.collection_bodies import CollectionBodies
from rag.dates import moments
from rag.domain import Answer, AnswerStatus, DocumentKind, Fact, Passage, Source
from rag.draft import Draft
from rag.folding import fold
from rag.item_answer import ItemAnswer, Span, compose, named, speech_of
from rag.meeting_question import Asked, asked_of_meeting
from rag.naming import joined
from rag.question import Question
from rag.topics import coverage, terms_of
from rag.whole_meeting import tell

_LISTED = 180  # words of quotes in an answer that is a list
_HEAD = 62  # words of a quote from the head
_CLAIMED = 0.6  # share of the question's topic words that what somebody said must have
_BELOW = 90  # characters under a heading that belong to it: who moved what is dealt with
_LIST_LINE = re.compile(r"^[ \t]*(?:[-–•*▪]|\d{1,2}[.)])[ \t]+(\S[^\n]*\S)", re.MULTILINE)
_ANNOUNCES = re.compile(r"\banmal\w*|\binkomna\b|\bnya\b|\bredovisning\b|\bbesvarade\b|\bavlamn\w*")
_TABLED = re.compile(r"medborgarforslag|motion|interpellation|e-?forslag|skrivelse|fraga|citizen")
_ONE_NAME = frozenset({"adjuster", "chair", "secretary"})


class Meetings:
    """Answers questions that ask for what the minutes of a meeting state."""

    def __init__(self, catalog: Catalog, bodies: CollectionBodies) -> None:
        self._catalog = catalog
        self._bodies = bodies

    def answer(self, question: Question, passages: Sequence[Passage]) -> Answer | None:
        """The answer; ``not_stated`` where the § that is asked about does not tell; None where the question asks
        for something else, or it is not clear which meeting or § it means."""
        asked = asked_of_meeting(question)
        if asked is None:
            return None
        sources = within(asked.bodies, asked.days, self._catalog.sources(), self._bodies.gazetteer)
        if asked.of_whole_meeting:
            return tell(sources, self._draft(asked), proposals=asked.proposals)
        match asked.asks:
            case "head" | "adjusted":
                return self._head(asked, sources)
            case "tabled":
                return self._tabled(asked, sources)
            case "claimed":
                return self._claimed(asked, sources)
            case _:
                return self._of_items(asked, chosen(asked, sources, passages, self._catalog))

    def _of_items(self, asked: Asked, items: Sequence[Item]) -> Answer | None:
        """From the first item that tells; where none does, that the likeliest does not."""
        first: Answer | None = None
        for at, item in enumerate(items):
            answer = ItemAnswer(asked, item, self._draft(asked)).tell()
            if answer and answer.status is AnswerStatus.ANSWERED:
                return answer if asked.placed else self._with_others(answer, item, items, asked)
            first = answer if at == 0 else first
        return first

    def _with_others(self, answer: Answer, item: Item, items: Sequence[Item], asked: Asked) -> Answer:
        """``answer`` with the other meetings that took up the same matter, where the question says none."""
        draft = self._draft(asked)
        others = [
            named(o.source, o.number, draft) for o in items if o.source.id != item.source.id and o.number
        ]
        if not others:
            return answer
        line = draft.say("meeting_also", items=joined(others[:2], draft.language))
        return replace(answer, text=f"{answer.text}\n{line}")

    def _head(self, asked: Asked, sources: Sequence[Source]) -> Answer | None:
        heads = [source for source in sources if _entries(source)]
        if len(heads) != 1 or not asked.placed:
            return None
        source, draft = heads[0], self._draft(asked)
        place = named(source, "", draft)
        found = _entries(source, asked.label or asked.asks)
        if not found:
            return draft.answer(f"{draft.say('meeting_not_told', item=place)}.", AnswerStatus.NOT_STATED)
        if asked.asks == "adjusted":
            return _adjusted(asked, source, found, draft)
        quotes = " ".join(draft.quote(source, f.start, f.end, words=_LISTED) for f in found)
        return compose(draft, place, quotes, found[0].value if asked.label in _ONE_NAME else None)

    def _tabled(self, asked: Asked, sources: Sequence[Source]) -> Answer | None:
        """What was brought before the meeting: the list under the § that announces it, and §§ of their own."""
        minutes = [
            source for source in sources if source.kind is DocumentKind.PROTOKOLL and any(items_of(source))
        ]
        kind = _TABLED.search(fold(asked.question.text))
        if len(minutes) != 1 or not asked.placed or not kind:
            return None
        word = "medborgarforslag" if kind.group() == "citizen" else kind.group()
        text = self._catalog.reading_text(minutes[0].id)
        spans = [span for item in items_of(minutes[0]) for span in _brought(item, text, word)]
        if not spans:
            return None
        draft = self._draft(asked)
        quotes = "\n".join(draft.quote(minutes[0], start, end) for start, end in spans)
        return compose(draft, named(minutes[0], "", draft), quotes, None)

    def _claimed(self, asked: Asked, sources: Sequence[Source]) -> Answer | None:
        """Who put on record what the question tells."""
        said = [row for source in sources for row in self._said(asked, source)]
        if not said or len(asked.topic) < 2:
            return None
        rate, item, fact, span = max(said, key=lambda row: row[0])
        draft = self._draft(asked)
        one = asked.placed and asked.question.names and len({id(row[2]) for row in said}) == 1
        if rate < _CLAIMED and not (one and draft.language == "en"):  # English words match few Swedish ones
            return None
        return ItemAnswer(asked, item, draft).quoted([span], [fact.value])

    def _said(self, asked: Asked, source: Source) -> Iterator[tuple[float, Item, Fact, Span]]:
        """The sentences of speeches that have the names in the question, with how much of it they tell."""
        text = self._catalog.reading_text(source.id)
        names = [fold(name) for name in asked.question.names if name.lower() in asked.topic]
        for item in items_of(source):
            for fact in (*item.stated("statement"), *item.stated("reservation")):
                told = fold(text[slice(*speech_of(fact))])
                if "(" in fact.value and all(name in told for name in names):
                    for span in ItemAnswer(asked, item, self._draft(asked)).sentences(speech_of(fact)):
                        yield coverage(asked.topic, terms_of(text[slice(*span)])), item, fact, span

    def _draft(self, asked: Asked) -> Draft:
        return Draft(self._catalog, asked.question.language)


def _entries(source: Source, label: str = "") -> list[Fact]:
    """The entries of the head of a protokoll, or those under one label."""
    found = [fact for fact in source.facts if fact.name == "meeting"]
    return [fact for fact in found if fact.detail.get("label") == label] if label else found


def _adjusted(asked: Asked, source: Source, found: Sequence[Fact], draft: Draft) -> Answer:
    """When the minutes were justified; where that was at several times, when the § in question was."""
    paragraphs = _entries(source, "paragraphs")
    rows = [
        (f.value[m.start : m.end], f.value[m.end :], f.start, f.end) for f in found for m in moments(f.value)
    ]
    if len(rows) == len(paragraphs) > 1:  # the dates in one column, what each is for in the next
        rows = [
            (day, fact.value, start, max(end, fact.end))
            for (day, _, start, end), fact in zip(rows, paragraphs, strict=True)
        ]
    number = asked.paragraph.removeprefix("§ ")
    fit = [row for row in rows if number and _holds(row[1], int(number))] or rows
    low = min((start for _, _, start, _ in fit), default=found[0].start)
    high = max((end for _, _, _, end in fit), default=found[0].end)
    short = joined([day for day, *_ in fit], draft.language) if fit else None
    return compose(draft, named(source, "", draft), draft.quote(source, low, high, words=_HEAD), short)


def _holds(numbers: str, wanted: int) -> bool:
    """Whether "7-20, 22" has the number."""
    spans = re.finditer(r"(\d+)(?:\s*[-–]\s*(\d+))?", numbers)
    return any(int(match[1]) <= wanted <= int(match[2] or match[1]) for match in spans)


def _brought(item: Item, text: str, word: str) -> list[Span]:
    """The list in an item that announces such matters, or the heading of an item that is one itself."""
    if word not in fold(text[item.start : min(item.end, item.heading[1] + _BELOW)]):
        return []
    listed = [match.span(1) for match in _LIST_LINE.finditer(text, item.heading[1], item.end)]
    return listed if listed and _ANNOUNCES.search(fold(item.title)) else [item.heading]
