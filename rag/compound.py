"""Questions that ask several things at once: "Vem handlägger ärendet, och vad är numret?".

A reader looks for one span; each part is asked for itself, like a follow-up to the first, and the answers are
put together again.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from prompts import phrase
from rag.bodies import Gazetteer
from rag.conversation import resolve
from rag.conversation_words import QUESTION_WORDS, asking
from rag.domain import Answer, AnswerStatus, Citation
from rag.folding import fold
from rag.question import topic_words
from rag.rewriting import in_brackets, topic_phrase

MOST = 3  # parts; who asks for more gets the first ones
_SHORTEST = 3  # words of a part, unless it is a bare "varför"
_OWN_TOPIC = 3  # words of a part's own that say what it is about
# After a mere comma "när", "var", "who" or "which" more often continue the clause before it.
_AFTER_COMMA = "vad|vem|vilken|vilket|vilka|hur|varfor|vart|what|why|how"
_JOINT = re.compile(
    rf"(?:[?.!] +|,? +(?:och|samt|and) +)(?={asking(QUESTION_WORDS)})|, +(?={asking(_AFTER_COMMA)})"
)
_GIVEN = (AnswerStatus.ANSWERED, AnswerStatus.OVERVIEW)
_NUMBERED = re.compile(r"\[(\d+)\]")


def parts(question: str, gazetteer: Gazetteer) -> tuple[str, ...]:
    """The questions that ``question`` is made of, each standing alone; one where it asks one thing."""
    pieces = _pieces(question)
    if len(pieces) < 2:
        return (question,)
    first = pieces[0]
    return (first, *(_alone(piece, first, gazetteer) for piece in pieces[1:MOST]))


def _pieces(question: str) -> list[str]:
    folded = fold(question)
    pieces, start = [], 0
    for joint in _JOINT.finditer(folded):
        piece = question[start : joint.start()].strip()
        if _stands(piece) and _stands(question[joint.end() :]):
            pieces.append(f"{piece}?")
            start = joint.end()
    last = question[start:].strip()
    return [*pieces, f"{last[:1].upper()}{last[1:]}"] if pieces else [question]


def _stands(piece: str) -> bool:
    asks = re.search(rf"\b(?:{QUESTION_WORDS})\b", fold(piece)) is not None or not piece
    return asks and (len(piece.split()) >= _SHORTEST or fold(piece).strip("?! ") in {"varfor", "why"})


def _alone(piece: str, first: str, gazetteer: Gazetteer) -> str:
    resolved = resolve(piece, [first], gazetteer)
    if resolved.understood_as or len(topic_words(piece)) >= _OWN_TOPIC:
        return resolved.question
    return in_brackets(piece, topic_phrase(first, gazetteer))


def joined(questions: Sequence[str], answers: Sequence[Answer]) -> Answer:
    """One answer of those to the parts, with its citations numbered through; refused only where all are."""
    given = sorted(
        (answer for answer in answers if answer.status in _GIVEN), key=lambda answer: answer.overview is None
    )
    if not given:
        return answers[0]
    texts: list[str] = []
    citations: list[Citation] = []
    for answer in given:
        numbers = _numbered_through(answer.citations, citations)
        texts.append(_renumbered(answer.text, numbers))
    missing = [q for q, answer in zip(questions, answers, strict=True) if answer.status not in _GIVEN]
    texts += [phrase("answers", "part_not_stated", given[0].language, part=part) for part in missing]
    shorts = [answer.short_answer for answer in given]
    return replace(
        given[0],
        text=_without_repetition("\n\n".join(texts)),
        short_answer="; ".join(dict.fromkeys(filter(None, shorts))) if all(shorts) else None,
        citations=tuple(citations),
    )


def _renumbered(text: str, numbers: Mapping[int, int]) -> str:
    return _NUMBERED.sub(lambda mark: f"[{numbers.get(int(mark[1]), mark[1])}]", text)


def _without_repetition(text: str) -> str:
    """``text`` with each paragraph's lines under its first line once, and what stands alone on top."""
    blocks: dict[str, list[str]] = {}
    for paragraph in text.split("\n\n"):
        head, *lines = paragraph.split("\n")
        known = blocks.setdefault(head, [])
        known += [line for line in lines if line not in known]
    ordered = sorted(blocks.items(), key=lambda block: bool(block[1]))
    return "\n\n".join("\n".join([head, *lines]) for head, lines in ordered)


def _numbered_through(own: Sequence[Citation], citations: list[Citation]) -> dict[int, int]:
    """The number in the whole answer of each of an answer's ``own`` citations, which are added to ``citations``."""
    numbers = {}
    for citation in own:
        span = (citation.source.id, citation.start, citation.end)
        same = next((c for c in citations if (c.source.id, c.start, c.end) == span), None)
        if same is None:
            same = replace(citation, number=len(citations) + 1)
            citations.append(same)
        numbers[citation.number] = same.number
    return numbers
