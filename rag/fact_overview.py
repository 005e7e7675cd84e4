"""Overviews of facts body by body: which districts have something, since when, how many, who lacks it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from rag.bodies import Gazetteer
from rag.clipping import clip
from rag.domain import Answer, AnswerStatus, Overview, OverviewRow
from rag.draft import Draft
from rag.entries import Entry, Told
from rag.fact_of_one import conflict_line, count_words
from rag.folding import fold
from rag.moments_in_words import written
from rag.question import Question
from rag.stance_words import current_name
from rag.statements import Statement, number_in, patterns
from rag.topics import coverage, terms_of

_NAMED = 0.75  # share of the distinctive words that a sentence must have
_LEAST_ROWS = 2
_QUOTE_WORDS = 24  # of one row
_ALL_QUOTES = 150  # words of all rows together


class FactOverview:
    """Writes one overview of facts."""

    def __init__(self, question: Question, told: Told, draft: Draft, gazetteer: Gazetteer) -> None:
        self._question = question
        self._all = told.entries
        self._found = [entry for entry in told.entries if any(s.tells for s in entry.statements)]
        self._distinctive = told.distinctive
        self._draft = draft
        self._gazetteer = gazetteer
        self._folded = fold(question.text)

    def write(self) -> Answer | None:
        """The overview, or None where too little is told to count."""
        asked = self._question
        if asked.answer_kind == "yes_no" or asked.bodies or not (asked.topic or asked.years):
            return None
        narrowed = self._narrowed()
        if self._distinctive and not (narrowed or self._asks("asks_when") or self._asks("asks_many")):
            return self._saying_so()
        rows = self._selected()
        if len(self._found) < _LEAST_ROWS or not rows or (len(rows) < _LEAST_ROWS and not narrowed):
            return None
        table = [self._row(entry) for entry in rows]
        lines = [*self._total(rows), *map(self._line, table), *self._conflicts(rows)]
        if not narrowed:
            lines += self._lacking()
        return self._finished(
            table, lines, "value_heading_date" if self._asks("asks_when") else "value_heading_facts"
        )

    def _saying_so(self) -> Answer | None:
        """The bodies of which a sentence says what is asked, with that sentence."""
        found: dict[str, Statement] = {}
        for entry in self._all:
            for statement in entry.statements:
                if self._says(statement) and not statement.lacks:
                    found.setdefault(entry.body, statement)
        if len(found) < _LEAST_ROWS:
            return None
        table, lines = [], []
        for body, statement in found.items():
            mark = self._draft.mark(statement.source, statement.start, statement.end)
            name = current_name(body, self._draft, self._gazetteer)
            table.append(OverviewRow(name, self._quoted(statement, len(found)), None, (mark,)))
            lines.append(self._line(table[-1]))
        return self._finished(table, lines, "value_heading_facts")

    def _says(self, statement: Statement) -> bool:
        text = self._draft.catalog.reading_text(statement.source.id)[statement.start : statement.end]
        return coverage(self._distinctive, terms_of(text)) >= _NAMED

    def _finished(self, table: Sequence[OverviewRow], lines: Sequence[str], heading: str) -> Answer:
        names = self._draft.listed([row.body for row in table])
        count = self._draft.number(len(table))
        first = self._draft.say(
            "facts_counted" if len(table) > 1 else "facts_one",
            count=count[:1].upper() + count[1:],
            names=names,
        )
        overview = Overview(self._draft.say(heading), tuple(table))
        return self._draft.answer(
            "\n".join([first, *lines]), AnswerStatus.OVERVIEW, short=names, overview=overview
        )

    # --- which bodies ----------------------------------------------------------------------------------------

    def _selected(self) -> list[Entry]:
        if self._asks("asks_lacks"):
            return [entry for entry in self._found if entry.lacks]
        have = [entry for entry in self._found if not entry.lacks]
        if self._asks("asks_shared"):
            return [entry for entry in have if entry.shared]
        number = number_in(self._question.text)
        if number is not None and not self._asks("asks_many"):
            have = [
                entry
                for entry in have
                if entry.counted and entry.counted.count == number and not entry.shared
            ]
        if self._question.years:
            have = [entry for entry in have if self._in_years(entry)]
        have = [e for e in have if e.started or e.counted or e.shared]
        return self._first_of(have) if self._asks("asks_first") else have

    def _first_of(self, have: Sequence[Entry]) -> list[Entry]:
        """The one that began first; none where several did."""
        dated = sorted((iso, at) for at, entry in enumerate(have) if (iso := self._iso(entry)))
        alone = len(dated) > 1 and not dated[1][0].startswith(dated[0][0])
        return [have[dated[0][1]]] if alone else []

    def _narrowed(self) -> bool:
        number = number_in(self._question.text) is not None and not self._asks("asks_many")
        return (
            bool(self._question.years)
            or number
            or any(self._asks(key) for key in ("asks_lacks", "asks_shared", "asks_first"))
        )

    def _in_years(self, entry: Entry) -> bool:
        return bool(
            entry.started and entry.started.started and entry.started.started.year in self._question.years
        )

    def _asks(self, key: str) -> bool:
        return bool(re.search(patterns()[key], self._folded))

    # --- what is said about them -----------------------------------------------------------------------------

    def _row(self, entry: Entry) -> OverviewRow:
        used = list(self._telling(entry))
        marks = tuple(dict.fromkeys(self._draft.mark(s.source, s.start, s.end) for s in used))
        body = current_name(entry.body, self._draft, self._gazetteer)
        return OverviewRow(body, self._value(entry), self._iso(entry), marks)

    def _telling(self, entry: Entry) -> Iterable[Statement]:
        if entry.lacks:
            yield next(s for s in entry.statements if s.lacks)
            return
        for statement in (entry.started, entry.counted):
            if statement:
                yield statement

    def _value(self, entry: Entry) -> str:
        if entry.lacks:
            return self._quoted(next(s for s in entry.statements if s.lacks))
        parts = []
        if entry.started and entry.started.started:
            parts.append(self._draft.say("facts_since", date=written(entry.started.started, self._draft)))
        if entry.counted and not (parts and self._only_when()):
            parts.append(count_words(entry, self._draft))
        return ", ".join(parts)

    def _only_when(self) -> bool:
        return self._asks("asks_when") and not self._asks("asks_many")

    def _quoted(self, statement: Statement, rows: int = 1) -> str:
        text = self._draft.catalog.reading_text(statement.source.id)
        start, end = clip(
            text, statement.start, statement.end, max(8, min(_QUOTE_WORDS, _ALL_QUOTES // rows))
        )
        return f"”{' '.join(text[start:end].split())}”"

    def _iso(self, entry: Entry) -> str | None:
        return entry.started.started.iso if entry.started and entry.started.started else None

    def _line(self, row: OverviewRow) -> str:
        marks = "".join(f"[{number}]" for number in row.citations)
        return self._draft.say("facts_row", body=row.body, value=row.value, marks=marks)

    # --- below -----------------------------------------------------------------------------------------------

    def _lacking(self) -> list[str]:
        lacking = [entry for entry in self._found if entry.lacks]
        if not lacking:
            return []
        marks: dict[int, None] = {}
        for entry in lacking:
            statement = next(s for s in entry.statements if s.lacks)
            marks[self._draft.mark(statement.source, statement.start, statement.end)] = None
        names = self._draft.listed([entry.body for entry in lacking])
        numbers = "".join(f"[{number}]" for number in marks)
        return [f"{self._draft.say('facts_negative', names=names)} {numbers}"]

    def _conflicts(self, rows: Sequence[Entry]) -> list[str]:
        return [line for entry in rows if (line := conflict_line(entry, self._draft))]

    def _total(self, rows: Sequence[Entry]) -> list[str]:
        """The sum, only when every addend stands in a cited sentence; what is shared counts once."""
        now = {entry.body for entry in rows}
        rows = [entry for entry in rows if not now & set(self._gazetteer.successors(entry.body))]
        if not self._asks("asks_total") or any(entry.counted is None for entry in rows):
            return []
        counted: dict[frozenset[str], int] = {}
        marks: dict[int, None] = {}
        for entry in rows:
            statement = entry.counted
            assert statement is not None and statement.count is not None
            counted[frozenset({entry.body, *entry.shared})] = statement.count
            marks[self._draft.mark(statement.source, statement.start, statement.end)] = None
        numbers = "".join(f"[{number}]" for number in marks)
        return [self._draft.say("facts_total", total=sum(counted.values()), marks=numbers)]
