"""Overviews of facts body by body: which districts have something, since when, how many, who lacks it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from rag.bodies import Gazetteer
from rag.catalog import Catalog
from rag.dates import Moment
from rag.domain import Answer, AnswerStatus, Overview, OverviewRow, Passage, Source
from rag.draft import Draft
from rag.folding import fold
from rag.question import Question
from rag.stance_overview import current_name
from rag.statements import Statement, number_in, patterns, statements_in
from rag.topics import coverage, terms_of

_ABOUT = 0.5  # share of the topic's words that a section (with its source's title) must have
_NAMED = 0.75  # ... that a paragraph of a section about several things must have
_SOURCES = 5  # read per question
_LEAST_ROWS = 2


@dataclass(frozen=True, slots=True)
class Entry:
    """All that is told about one body: statements of one topic, from one source or more."""

    body: str
    statements: tuple[Statement, ...]

    @property
    def lacks(self) -> bool:
        """Whether the body is said to lack it (and nothing says since when it has it)."""
        return any(s.lacks for s in self.statements) and self.started is None

    @property
    def silent(self) -> bool:
        """Whether all that is said is that nothing is known."""
        return any(s.unknown for s in self.statements) and not any(s.tells for s in self.statements)

    @property
    def started(self) -> Statement | None:
        """The earliest beginning that the main source tells (the first, which tells of most bodies)."""
        dated = [s for s in self.statements if s.started]
        main = [s for s in dated if s.source.id == dated[0].source.id]
        return min(main, key=lambda s: s.started.iso if s.started else "9", default=None)

    @property
    def counted(self) -> Statement | None:
        """The latest number in the main source."""
        counted = [s for s in self.statements if s.count is not None]
        return [s for s in counted if s.source.id == counted[0].source.id][-1] if counted else None

    @property
    def shared(self) -> tuple[str, ...]:
        """With whom the thing counted is shared."""
        return next((s.shared for s in self.statements if s.shared and s.count is not None), ())

    def conflicting(self) -> tuple[Statement, ...]:
        """First beginnings that different sources put at different times; empty where they agree."""
        firsts: dict[str, Statement] = {}
        for statement in self.statements:
            known = firsts.get(statement.source.id)
            if statement.started and (
                known is None or known.started is None or statement.started.iso < known.started.iso
            ):
                firsts[statement.source.id] = statement
        found = sorted(firsts.values(), key=lambda s: s.started.iso if s.started else "")
        agree = all(_agree(a.started, b.started) for a in found for b in found)
        return () if agree else tuple(found)


def entries(
    question: Question, passages: Sequence[Passage], catalog: Catalog, gazetteer: Gazetteer
) -> tuple[Entry, ...]:
    """What the sources of ``passages`` tell body by body about the question's topic, by first mention."""
    by_body: dict[str, list[Statement]] = {}
    told = [_on_topic(question, source, catalog, gazetteer) for source in _sources(question, passages)]
    for statements in sorted(told, key=lambda found: -len({s.body for s in found})):
        for statement in statements:
            wanted = question.body_class != "district" or gazetteer.kind(statement.body) == "district"
            if wanted and statement.body not in question.excluded:
                by_body.setdefault(statement.body, []).append(statement)
    return tuple(Entry(body, tuple(found)) for body, found in by_body.items())


def _sources(question: Question, passages: Sequence[Passage]) -> tuple[Source, ...]:
    """The sources whose passages are about the topic, in the order of their best one."""
    texts: dict[str, list[str]] = {}
    sources = {passage.source.id: passage.source for passage in passages}
    for passage in passages:
        texts.setdefault(passage.source.id, [passage.source.title]).append(passage.chunk.text)
    about = [key for key, told in texts.items() if coverage(question.topic, terms_of("\n".join(told))) >= _ABOUT]
    return tuple(sources[key] for key in about[:_SOURCES])


def _on_topic(question: Question, source: Source, catalog: Catalog, gazetteer: Gazetteer) -> list[Statement]:
    """The statements of the sections that are about the topic; sections below a heading that only names a
    body belong to the section above."""
    text = catalog.reading_text(source.id)
    groups: dict[tuple[str, ...], list[Statement]] = {}
    for statement in statements_in(source, catalog, gazetteer):
        groups.setdefault(_parent(statement.headings, gazetteer), []).append(statement)
    found: list[Statement] = []
    for headings, told in groups.items():
        if coverage(question.topic, terms_of(" ".join((source.title, *headings)))) >= _ABOUT:
            found += told
        else:  # a section about several things: only the paragraphs that name the topic
            found += [
                s for s in told if coverage(question.topic, terms_of(text[slice(*s.paragraph)])) >= _NAMED
            ]
    return found if any(statement.tells for statement in found) else []


def _parent(headings: tuple[str, ...], gazetteer: Gazetteer) -> tuple[str, ...]:
    while (
        headings
        and gazetteer.recognise(headings[-1])
        and len(headings[-1].split()) <= 6
        and len(headings) > 1
    ):
        headings = headings[:-1]
    return headings


class FactOverview:
    """Writes one overview of facts."""

    def __init__(
        self, question: Question, found: Sequence[Entry], draft: Draft, gazetteer: Gazetteer
    ) -> None:
        self._question = question
        self._found = [entry for entry in found if any(s.tells for s in entry.statements)]
        self._draft = draft
        self._gazetteer = gazetteer
        self._folded = fold(question.text)

    def write(self) -> Answer | None:
        """The overview, or None where too little is told to count."""
        if self._question.answer_kind == "yes_no":
            return None
        rows = self._selected()
        narrowed = self._narrowed()
        if len(self._found) < _LEAST_ROWS or not rows or (len(rows) < _LEAST_ROWS and not narrowed):
            return None
        table = [self._row(entry) for entry in rows]
        names = self._draft.listed([row.body for row in table])
        count = self._draft.number(len(rows))
        key = "facts_counted" if len(rows) > 1 else "facts_one"
        lines = [self._draft.say(key, count=count[:1].upper() + count[1:], names=names)]
        lines += [self._line(row) for row in table]
        lines += self._conflicts(rows) + self._total(rows)
        if not narrowed:
            lines += self._lacking()
        heading = "value_heading_date" if self._asks("asks_when") else "value_heading_facts"
        overview = Overview(self._draft.say(heading), tuple(table))
        return self._draft.answer("\n".join(lines), AnswerStatus.OVERVIEW, short=names, overview=overview)

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
        return [e for e in have if e.started or e.counted or e.shared]

    def _narrowed(self) -> bool:
        number = number_in(self._question.text) is not None and not self._asks("asks_many")
        return bool(self._question.years) or number or self._asks("asks_lacks") or self._asks("asks_shared")

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
            parts.append(self._counted(entry))
        return ", ".join(parts)

    def _only_when(self) -> bool:
        return self._asks("asks_when") and not self._asks("asks_many")

    def _counted(self, entry: Entry) -> str:
        assert entry.counted is not None and entry.counted.count is not None
        text = self._draft.number(entry.counted.count)
        if entry.shared:
            text += f" ({self._draft.say('facts_shared', names=self._draft.listed(list(entry.shared)))})"
        return text

    def _quoted(self, statement: Statement) -> str:
        text = self._draft.catalog.reading_text(statement.source.id)[statement.start : statement.end]
        words = text.split()
        return "”" + " ".join(words[:25]) + ("…”" if len(words) > 25 else "”")

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


def conflict_line(entry: Entry, draft: Draft) -> str | None:
    """ "Dokumenten säger olika om X: mars 2020 enligt A [1] och september 2020 enligt B [2]", or None."""
    differing = entry.conflicting()
    if not differing:
        return None
    values = []
    for statement in differing:
        assert statement.started is not None
        mark = f"[{draft.mark(statement.source, statement.start, statement.end)}]"
        value = written(statement.started, draft)
        values.append(
            draft.say("facts_conflict_value", value=value, source=statement.source.title, mark=mark)
        )
    return draft.say("facts_conflict", body=entry.body, values=draft.listed(values))


def written(moment: Moment, draft: Draft) -> str:
    """A point in time in the answer's language: 2019, mars 2020, 1 juli 2024."""
    year, _, rest = moment.iso.partition("-")
    month, _, day = rest.partition("-")
    name = draft.say("months").split()[int(month) - 1] if month else ""
    return " ".join(part for part in (day.lstrip("0"), name, year) if part)


def _agree(one: Moment | None, other: Moment | None) -> bool:
    return one is None or other is None or one.agrees(other)
