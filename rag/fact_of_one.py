"""What is told about one body: since when, how many; and where documents disagree about it."""

from __future__ import annotations

import re

from rag.domain import Answer
from rag.draft import Draft
from rag.entries import Entry, Told
from rag.folding import fold
from rag.moments_in_words import written
from rag.question import Question
from rag.statements import Statement, patterns

_QUOTE_WORDS = 40


def fact_of_one(question: Question, entry: Entry, told: Told, draft: Draft) -> Answer | None:
    """The beginning or the number that is asked for; None where the question asks for something else.

    Only what titles and headings are about is answered so: a further word in the question ("Hur många fick
    hjälp?") asks for another number than that of the posts.
    """
    folded = fold(question.text)
    if question.answer_kind == "date":
        if line := conflict_line(entry, draft):
            return draft.answer(line)
        if entry.started is None or not re.search(patterns()["asks_started"], folded):
            return None
    if told.distinctive or question.years or re.search(patterns()["asks_past"], folded):
        return None
    if question.answer_kind == "date":
        assert entry.started is not None and entry.started.started is not None
        return _answer(written(entry.started.started, draft), entry.started, draft)
    if entry.counted is None or not re.search(patterns()["asks_posts"], folded):
        return None
    return _answer(count_words(entry, draft), entry.counted, draft)


def _answer(value: str, statement: Statement, draft: Draft) -> Answer:
    quote = draft.quote(statement.source, statement.start, statement.end, words=_QUOTE_WORDS)
    short = value[:1].upper() + value[1:]
    return draft.answer(f"{short} [{draft.citations[-1].number}]\n\n{quote}", short=value)


def count_words(entry: Entry, draft: Draft) -> str:
    """The number of an entry in words, and with whom it is shared."""
    assert entry.counted is not None and entry.counted.count is not None
    text = draft.number(entry.counted.count)
    if entry.shared:
        text += f" ({draft.say('facts_shared', names=draft.listed(list(entry.shared)))})"
    return text


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
