"""What one body thinks, and why: "Stödde X motionen?", "Varför sade X nej?", "Vad svarade X?"."""

from __future__ import annotations

import re
from collections.abc import Sequence

from rag.bodies import Gazetteer
from rag.clipping import clip
from rag.domain import Answer, AnswerStatus
from rag.draft import Draft
from rag.folding import fold
from rag.question import Question
from rag.reasons import reasons
from rag.sentences import Sentence
from rag.stance_words import current_name, group_words, quote_of, stance_words
from rag.stances import BodyStance

_WORDS = 62  # of quotes in one answer, so that it stays short
_YES = frozenset({"support", "positive"})


def stance_answer(
    question: Question, stance: BodyStance, draft: Draft, gazetteer: Gazetteer
) -> Answer | None:
    """The answer about one body's stance; None where its document holds no stance to tell."""
    if stance.fact is None:
        return None
    body = current_name(stance.body, draft, gazetteer)
    if question.answer_kind == "why":
        return _why(question, stance, body, draft)
    particular = _of_voices(question, stance, draft)
    if particular:
        return draft.answer(particular)
    if _asks_for_decision(question) and stance.voice == "administration":
        text = draft.say("missing_proposal_instead", quotes=quote_of(draft, stance, _WORDS))
        decided = (
            question.answer_kind == "yes_no"
        )  # "what was decided?" has no answer here, "did they say no?" has
        status = AnswerStatus.ANSWERED if decided else AnswerStatus.MISSING_DOCUMENT
        return draft.answer(f"{_sentence(stance, body, draft)} {text}", status)
    verdict = _verdict(question, stance) if question.answer_kind == "yes_no" else None
    lead = f"{draft.say(verdict)}. " if verdict else ""
    words = _WORDS if question.answer_kind == "yes_no" else 80
    lines = [
        f"{lead}{_sentence(stance, body, draft)} {quote_of(draft, stance, words)}",
        *_other_voices(stance, draft),
    ]
    conditions = _conditions(stance, draft)
    return draft.answer("\n".join([*lines, *conditions]), short=draft.say(verdict) if verdict else None)


def _asks_for_decision(question: Question) -> bool:
    return question.stance == "decided" or bool(
        re.search(r"\bbesl(?:ut|ot)|\bdecid|\bdecision", fold(question.text))
    )


def _of_voices(question: Question, stance: BodyStance, draft: Draft) -> str | None:
    """What the voices say that the question asks for ("Vad föreslog förvaltningen?", "reservanterna"), where
    they are not simply the body's own."""
    asked = [pair for voice in question.voices if (pair := stance.spoken_by(voice))]
    if question.answer_kind in {"yes_no", "why"} or not asked or asked == [(stance.source, stance.fact)]:
        return None
    lines = []
    for source, fact in asked:
        speaker = draft.say(f"speaker_{fact.speaker}")
        quote = draft.quote(source, fact.start, fact.end, words=40)
        text = draft.say("also_said", speaker=speaker, value=group_words(draft, fact), quote=quote)
        lines.append(text[:1].upper() + text[1:])
    return "\n".join(lines)


def _why(question: Question, stance: BodyStance, body: str, draft: Draft) -> Answer:
    assert stance.fact is not None
    side = "positive" if stance.group in _YES else "negative"
    found = reasons(draft.catalog, stance.source, side, most=3)  # type: ignore[arg-type]
    who = draft.say("administration_of" if stance.voice == "administration" else "board_of", body=body)
    lines = [_sentence(stance, body, draft)]
    chosen = _fitting(found, draft, stance)
    if not chosen:
        lines.append(quote_of(draft, stance, _WORDS))
    else:
        quotes = " ".join(
            draft.quote(stance.source, start, end, words=_WORDS) for start, end in sorted(chosen)
        )
        lines.append(draft.say("reasons", who=who, quotes=quotes))
    return draft.answer("\n".join(lines))


def _fitting(found: Sequence[Sentence], draft: Draft, stance: BodyStance) -> list[tuple[int, int]]:
    """The best reasons that fit into the answer together, the last one cut to whole clauses."""
    text = draft.catalog.reading_text(stance.source.id)
    chosen: list[tuple[int, int]] = []
    left = _WORDS
    for sentence in found:
        start, end = clip(text, sentence.start, sentence.end, left)
        used = len(text[start:end].split())
        if used < min(8, len(sentence.text.split())) or used > left:
            break
        chosen.append((start, end))
        left -= used
        if left < 12:
            break
    return chosen


def _sentence(stance: BodyStance, body: str, draft: Draft) -> str:
    key = "assembly" if stance.decides else stance.voice
    text = draft.say(f"stance_sentence_{key}", body=body, verb=stance_words(draft, stance))
    return text[:1].upper() + text[1:]


def _verdict(question: Question, stance: BodyStance) -> str:
    """``yes``, ``no``, ``partly`` or ``neither`` to whether the body has the stance that is asked for."""
    if stance.group in {"neutral", "none"}:
        return "neither" if question.stance in {"support", "oppose", "any", "decided"} else "yes"
    if stance.group == "partly" or (stance.conditional and question.stance == "support"):
        return "partly"
    asked_no = question.stance in {"oppose", "unanswered"}
    if stance.group == "answered":
        return "yes" if question.stance == "handled" else "neither"
    return "yes" if (stance.group == "oppose") == asked_no else "no"


def _other_voices(stance: BodyStance, draft: Draft) -> list[str]:
    lines = []
    for source, fact in stance.differing[:2]:
        key = {"administration": "differs", "reservation": "reserved"}.get(fact.speaker)
        if key:
            lines.append(draft.say(key, quote=draft.quote(source, fact.start, fact.end, words=25)))
    return lines


def _conditions(stance: BodyStance, draft: Draft) -> list[str]:
    assert stance.fact is not None
    start, _, end = stance.fact.detail.get("condition", "").partition("-")
    if not (start.isdigit() and end.isdigit()):
        return []
    if stance.fact.start <= int(start) and int(end) <= stance.fact.end:
        return []
    return [draft.say("conditions", quotes=draft.quote(stance.source, int(start), int(end), words=45))]
