"""Follow-up questions made standalone, from the earlier questions alone.

"Och Södermalm?" takes the slot of the body in the question before; "Varför inte?" asks for the reason of what
was asked; "Vem skrev den?" names the motion; "Hur många är de i dag?" gets what "de" stands for, in brackets.
A question that can stand alone is left exactly as it is.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from rag.bodies import BodyMention, Gazetteer
from rag.conversation_words import conversation_table, conversation_words
from rag.folding import fold
from rag.framing import bare
from rag.language import detect
from rag.meeting_question import lacks_matter
from rag.pronouns import points_back
from rag.question import Question, analyse
from rag.rewriting import (
    about_others,
    another_role,
    ask_differently,
    ask_who_did_not,
    in_brackets,
    put_body,
    put_place,
    put_topic,
    put_year,
    topic_phrase,
    with_matter,
)

_YEAR = re.compile(r"(?:19|20)\d\d")


@dataclass(frozen=True, slots=True)
class Resolved:
    """``question`` can stand alone; ``understood_as`` repeats it where it differs from what was asked.

    ``courtesy`` names the kind of smalltalk (``greeting``, ``thanks``, ``farewell``, ``identity``, ``help``),
    or is empty.
    """

    question: str
    understood_as: str | None = None
    courtesy: str = ""

    @property
    def smalltalk(self) -> bool:
        """Whether nothing is asked about documents."""
        return bool(self.courtesy)


def resolve(question: str, history: Sequence[str], gazetteer: Gazetteer) -> Resolved:
    """Makes ``question`` standalone with the help of ``history``, the earlier questions, oldest first."""
    earlier: list[str] = []
    for turn in history[-8:]:
        resolved = _resolve(turn, earlier, gazetteer)
        if not resolved.smalltalk and resolved.question:
            earlier.append(resolved.question)
    return _resolve(question, earlier, gazetteer)


def _resolve(question: str, earlier: Sequence[str], gazetteer: Gazetteer) -> Resolved:
    text = " ".join(question.split())
    courtesy = _courtesy(text)
    if courtesy:
        return Resolved(text, courtesy=courtesy)
    text = bare(text)
    if not earlier or not text:
        return Resolved(text)
    rewritten = _rewrite(text, earlier, gazetteer)
    return Resolved(rewritten, rewritten if rewritten != text else None)


def _courtesy(text: str) -> str:
    folded = re.sub(r"[\s!.?,]+$", "", fold(text))
    for name, pattern in conversation_table()["smalltalk"].items():
        if re.fullmatch(pattern, folded):
            return str(name)
    return ""


def _rewrite(text: str, earlier: Sequence[str], gazetteer: Gazetteer) -> str:
    before = earlier[-1]
    for attempt in (_slot, _question_word):
        rewritten = attempt(text, before, gazetteer)
        if rewritten:
            return rewritten
    mentions = gazetteer.recognise(text)
    pronouns = points_back(text, mentions)
    if pronouns:
        placed = None if mentions else put_place(text, before, gazetteer)
        if placed and not points_back(placed, gazetteer.recognise(placed)):
            return placed
        return put_topic(text, pronouns, topic_phrase(before, gazetteer))
    question = analyse(text, detect(text), gazetteer)
    with_its_matter = with_matter(text, earlier) if _lacks_topic(question) else text
    if with_its_matter == text and (lacks_matter(question) or _goes_on(question)):
        return in_brackets(text, topic_phrase(before, gazetteer))
    return with_its_matter


def _goes_on(question: Question) -> bool:
    """Whether a question with words of its own still leans on the one before: "Och vad kostar lagningen?"."""
    named = question.names or question.bodies or question.areas or question.diarienummer
    return not named and bool(re.match(r"(?:och|men|and|but)\b", fold(question.text)))


def _slot(text: str, before: str, gazetteer: Gazetteer) -> str | None:
    """ "Och Södermalm?", "What about 2022?", "Och de andra?", "Och kostnaderna?"."""
    forms = conversation_table()["follow_up"]
    bare, folded = _without_mark(text)
    lead = re.match(forms["lead"], folded)
    start = lead.end() if lead else 0
    rest = re.sub(rf"{forms['tail']}$", "", folded[start:])
    if re.fullmatch(rf"(?:{forms['preposition']} )?(?:{forms['others']})", rest):
        return about_others(before, gazetteer)
    other_year = _other_year(rest, before)
    if other_year:
        return put_year(before, other_year)
    slot = re.sub(rf"^(?:{forms['preposition']} )+", "", rest)
    start += len(rest) - len(slot)
    original = bare[start : start + len(slot)]
    mentions = gazetteer.recognise(original)
    if mentions and not _left_over(original, mentions):
        return put_body(before, original, bool(start), gazetteer)
    if _YEAR.fullmatch(slot):
        return put_year(before, slot)
    words = original.split()
    if lead and lead.end() and len(words) <= 3 and not _has_question_word(slot) and words:
        return another_role(before, original) or in_brackets(text, topic_phrase(before, gazetteer))
    return None


def _other_year(rest: str, before: str) -> str | None:
    """The year that "året innan" or "the year after" is, counted from the only one in the question before."""
    forms = conversation_table()["follow_up"]
    years = set(_YEAR.findall(before))
    if len(years) != 1:
        return None
    year = int(years.pop())
    if re.fullmatch(forms["year_before"], rest):
        return str(year - 1)
    return str(year + 1) if re.fullmatch(forms["year_after"], rest) else None


def _question_word(text: str, before: str, gazetteer: Gazetteer) -> str | None:
    """ "Varför inte?", "När?", "Hur många i Farsta?", "Who didn't?"."""
    forms = conversation_table()["follow_up"]
    bare, folded = _without_mark(text)
    if re.fullmatch(forms["bare_not"], folded):
        return ask_who_did_not(text, before, gazetteer)
    if re.fullmatch(forms["fragment"], folded):
        return in_brackets(text, topic_phrase(before, gazetteer))
    mentions = gazetteer.recognise(bare)
    if len(mentions) == 1 and mentions[0].end == len(bare):
        head = re.sub(rf" (?:{forms['preposition']} )*$", "", folded[: mentions[0].start] or " ")
        match = re.fullmatch(forms["bare"], head)
        if match and not match["no"]:
            moved = put_body(before, bare[mentions[0].start :], True, gazetteer)
            return ask_differently(moved, match["wh"], bare, negated=False, gazetteer=gazetteer)
    match = re.fullmatch(forms["bare"], folded)
    if match is None:
        return None
    return ask_differently(before, match["wh"], bare, negated=bool(match["no"]), gazetteer=gazetteer)


def _without_mark(text: str) -> tuple[str, str]:
    bare = re.sub(r"[\s?.!]+$", "", text)
    return bare, fold(bare)


def _left_over(text: str, mentions: Sequence[BodyMention]) -> bool:
    """Whether something other than joining words stands beside the bodies."""
    kept = list(fold(text))
    for mention in mentions:
        kept[mention.start : mention.end] = " " * (mention.end - mention.start)
    return bool(set(re.findall(r"\w+", "".join(kept))) - {"och", "and", "eller", "or", "samt", "s"})


def _has_question_word(folded: str) -> bool:
    return bool(set(folded.split()) & conversation_words("question_words"))


def _lacks_topic(question: Question) -> bool:
    return (
        not question.topic
        and not question.names
        and not question.diarienummer
        and (question.kind in {"overview", "stance"} or bool(question.document_kinds))
    )
