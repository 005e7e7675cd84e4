"""Why a body's answer cannot be given: it was not asked, its document is not here, or it cannot be read.

Only questions about what a body said or decided can end here; what a body has or does may stand in anybody's
document.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from rag.bodies import Gazetteer
from rag.domain import Answer, AnswerStatus, DocumentKind, Fact, OcrGrade, Passage, Source
from rag.draft import Draft
from rag.folding import fold
from rag.matters import Matter, covers
from rag.question import Question
from rag.sentences import split_sentences
from rag.stance_words import current_name
from rag.stances import consulted, speaks_for

_SAYS = (
    r"(?:anser|menar|uppger|framhaller|skriver|svarar|papekar|bedomer|konstaterar|meddelar|foreslar"
    r"|tillstyrker|avstyrker)"
)


@dataclass(frozen=True, slots=True)
class AbsenceVerdict:
    """Why ``body``'s answer is not there. ``asked`` are the places that name those who were asked; ``quotes``
    stretches of others' documents that tell what the body says."""

    body: str
    reason: Literal["not_in_collection", "unreadable"]
    was_asked: bool = False
    asked: tuple[tuple[Source, Fact], ...] = ()
    quotes: tuple[tuple[Source, int, int], ...] = ()
    unreadable: Source | None = None


def absence(
    question: Question,
    matter: Matter | None,
    sources: Sequence[Source],
    passages: Sequence[Passage],
    gazetteer: Gazetteer,
) -> AbsenceVerdict | None:
    """The verdict on the first body of a question about what it said; None where it has a document that can
    tell (in ``matter``, where the question is about one)."""
    if question.kind != "stance" or not (question.bodies or question.areas):
        return None
    body = (question.bodies or question.areas)[0]
    related = gazetteer.related(body)
    answers = [s for s in sources if s.kind not in {DocumentKind.MOTION, DocumentKind.SKRIVELSE}]
    own = [s for s in answers if speaks_for(s, gazetteer) in related]
    unreadable = next((s for s in own if s.grade is OcrGrade.POOR and not _tells(s)), None)
    readable = [s for s in own if s is not unreadable and (matter is None or matter.has(s))]
    elsewhere = [s for s in own if s is not unreadable]
    if readable or (elsewhere and matter and not covers(question, matter)):
        return None
    if unreadable is not None:
        return AbsenceVerdict(body, "unreadable", unreadable=unreadable)
    rows = consulted(matter, gazetteer) if matter else ()
    mine = tuple((source, fact) for name, source, fact in rows if name in related)
    everyone = tuple((source, fact) for _, source, fact in rows)
    quotes = () if question.stance == "decided" else _reported(body, passages, gazetteer)
    return AbsenceVerdict(body, "not_in_collection", bool(mine), mine or everyone[:1], quotes)


def absence_answer(question: Question, verdict: AbsenceVerdict, draft: Draft, gazetteer: Gazetteer) -> Answer:
    """The verdict as an answer, with the places that it rests on."""
    body = current_name(verdict.body, draft, gazetteer)
    if verdict.unreadable is not None:
        text = draft.say("unreadable", body=body, source=verdict.unreadable.name)
        return draft.answer(text, AnswerStatus.UNREADABLE)
    marks = "".join(dict.fromkeys(f"[{draft.mark(s, f.start, f.end)}]" for s, f in verdict.asked))
    if verdict.was_asked:
        text = draft.say("missing_consulted", body=body, marks=marks)
    elif verdict.asked and question.stance != "decided":
        text = draft.say("missing_not_consulted", body=body, marks=marks)
    else:
        text = draft.say("missing_decision" if question.stance == "decided" else "missing_plain", body=body)
    if verdict.quotes:
        quotes = " ".join(draft.quote(s, start, end, words=35) for s, start, end in verdict.quotes[:2])
        text = f"{text}\n{draft.say('missing_quoted', body=body, quotes=quotes)}"
    return draft.answer(text[:1].upper() + text[1:], AnswerStatus.MISSING_DOCUMENT)


def _tells(source: Source) -> bool:
    return any(fact.name == "stance" for fact in source.facts)


def _reported(
    body: str, passages: Sequence[Passage], gazetteer: Gazetteer
) -> tuple[tuple[Source, int, int], ...]:
    """Sentences of others that report what the body says: "Enligt X ...", "X uppger att ..."."""
    found = []
    for passage in passages:
        for sentence in split_sentences(passage.chunk.text, passage.chunk.locator.start):
            folded = fold(sentence.text)
            for mention in gazetteer.recognise(sentence.text):
                before, after = folded[: mention.start], folded[mention.end : mention.end + 40]
                if (
                    mention.body == body
                    and not re.search(r"\batt\s+$", before)
                    and (re.search(r"\benligt\s+$", before) or re.match(rf"\s+(?:\w+\s+)?{_SAYS}\b", after))
                ):
                    found.append((passage.source, sentence.start, sentence.end))
    return tuple({(source.id, start): (source, start, end) for source, start, end in found}.values())
