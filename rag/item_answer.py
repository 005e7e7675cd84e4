"""Answers from one item of a meeting: who moved what, who dissented and why, what was decided, how the vote fell."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from rag.agenda import Item, body_of
from rag.dates import moments
from rag.domain import Answer, AnswerStatus, DocumentKind, Fact, Source
from rag.draft import Draft
from rag.folding import fold
from rag.meeting_question import Asked
from rag.naming import joined, name_source
from rag.sentences import split_sentences
from rag.topics import coverage, terms_of

Span = tuple[int, int]
_WORDS = 62  # of quotes in one answer
_SHORTEST = 8  # a quote of fewer words is not begun when little room is left
_POINT_TOLD = 0.5  # share of what is asked that one point of a decision must have, to be the answer alone
_BECAUSE = re.compile(
    r"\b(?:eftersom|da det|da \w+|med hanvisning|pa grund av|med anledning|mot bakgrund|for att)\b"
)
_SPEAKS = re.compile(r"[”\"“»]|:\s*\w")  # in the sentence that says who: what is said begins in it
_DIGIT = re.compile(r"\d")
_COMMON_NOUN = re.compile(r"\w+-|\w*(?:kommun|styrelse|namnd|fullmaktige|utskott)")
_SIDES = (
    (re.compile(r"\b(?:mot|emot|nej|avslag|against|no)\b"), "against"),
    (re.compile(r"\b(?:avstod|avstar|abstain\w*)\b"), "abstained"),
    (re.compile(r"\b(?:for|ja|yes|bifall|favou?r)\b"), "for"),
)


@dataclass(frozen=True)
class ItemAnswer:
    """What ``item`` tells of what is ``asked``. Each method gives the answer, ``not_stated`` where the item
    surely does not tell, or None where it may tell in words that are not understood."""

    asked: Asked
    item: Item
    draft: Draft

    def tell(self) -> Answer | None:
        """The answer to what is asked."""
        match self.asked.asks:
            case "yrkande":
                return self._moved()
            case "reservation":
                return self._reserved()
            case "speech":
                return self._speech()
            case "decision" | "why_decided" | "detail":
                return self._decided() if self.item.source.kind is DocumentKind.PROTOKOLL else None
            case _:
                return self._proceeding()

    def _moved(self) -> Answer | None:
        moved = self.item.stated("yrkande")
        if not moved:
            return None if self._speaks_of(r"\byrka") else self._silent("meeting_not_told")
        wished = [fact for fact in moved if re.search(self.asked.wish, self._flat(fact))]
        target = self.asked.target
        fit = [fact for fact in wished if target and re.search(target, self._flat(fact))] or wished
        if not fit:
            return self._silent("meeting_nothing_moved")
        return self.quoted(
            _spans(fit), [p for fact in fit for p in fact.detail.get("people", "").split("; ")]
        )

    def _reserved(self) -> Answer | None:
        found = self.item.stated("reservation")
        if found:
            return self.quoted(
                _spans(found), [p for fact in found for p in re.split(r"(?<=\)), ", fact.value)]
            )
        complete = bool(self.item.stated("decision"))
        if self._speaks_of(r"\breserv") or not (complete or self.asked.placed):
            return None
        return self._silent("meeting_nobody_reserved" if complete else "meeting_not_told")

    def _proceeding(self) -> Answer | None:
        found = [fact for fact in self.item.stated("proceeding") if fact.value == self.asked.asks]
        if self.asked.asks == "called":
            found = [fact for fact in found if fact.detail.get("people")]
        elif self.asked.asks == "side":
            sides = _sides(fold(self.asked.question.text))
            found = [fact for fact in found if fact.detail.get("side") in sides]
        elif self.asked.asks == "count":
            found = [fact for fact in found if re.search(self.asked.wish, self._flat(fact))] or found
        if not found:
            return self._silent("meeting_not_told")
        told = self.asked.asks in {"called", "side"}
        people = [p for fact in found for p in fact.detail.get("people", "").split("; ") if told and p]
        return self.quoted(_spans(self._on_topic(found)), people)

    def _speech(self) -> Answer | None:
        who = fold(self.asked.person or f"({self.asked.party})")
        spoken = [
            f
            for f in (*self.item.stated("statement"), *self.item.stated("reservation"))
            if who in fold(f.value)
        ]
        if not spoken:
            asked_for = re.search(
                r"uttaland|anteckn|reserv|statement|dissent", fold(self.asked.question.text)
            )
            return self._silent("meeting_not_told") if asked_for else None
        spans = [span for fact in spoken for span in self._words_of(fact)]
        rated = sorted(spans[1:], key=lambda span: -self._rate(self.asked.topic, span))
        # how the speech begins, which mostly says why, and what says most of what is asked
        telling = [span for span in rated[:2] if self._rate(self.asked.topic, span) > 0]
        return self.quoted(sorted([*spans[:1], *telling]), ())

    def _decided(self) -> Answer | None:
        points = self.item.decided(proposals=self.asked.proposals)
        if self.asked.asks == "decision":
            return self.quoted(_spans(self._on_topic(points)), ()) if points else None
        if self.asked.asks == "why_decided":
            sentences = [span for fact in points for span in self.sentences((fact.start, fact.end))]
            told = [span for span in sentences if _BECAUSE.search(_flat(self._text(span)))]
            return self.quoted(told, ()) if told else None
        added = self._added()
        fit = [fact for fact in points if self._has_form(fact)]
        best = max(fit, key=lambda fact: self._rate(added, (fact.start, fact.end)), default=None)
        if not added or best is None or self._rate(added, (best.start, best.end)) < _POINT_TOLD:
            return None
        return self.quoted(_spans([best]), ())

    # --- quoting -------------------------------------------------------------------------------------------

    def quoted(self, spans: Sequence[Span], people: Iterable[str]) -> Answer:
        """The answer that quotes ``spans`` as far as there is room; ``people`` are the short answer."""
        short = joined(people, self.draft.language) if people else None
        left, quotes = _WORDS, list[str]()
        for start, end in spans:
            if quotes and left < _SHORTEST:
                break
            quotes.append(self.draft.quote(self.item.source, start, end, words=max(left, 12)))
            left -= len(quotes[-1].split())
        return compose(
            self.draft, named(self.item.source, self.item.number, self.draft), " ".join(quotes), short
        )

    def sentences(self, span: Span) -> tuple[Span, ...]:
        """The sentences in ``span``."""
        return tuple((s.start, s.end) for s in split_sentences(self._text(span), span[0]))

    def _silent(self, key: str) -> Answer | None:
        """That the item does not tell; a document without §§ may tell anywhere."""
        if not self.item.number:
            return None
        place = self.draft.mark(self.item.source, *self.item.heading)
        says = self.draft.say(key, item=named(self.item.source, self.item.number, self.draft))
        return self.draft.answer(f"{says} [{place}].", AnswerStatus.NOT_STATED)

    def _words_of(self, fact: Fact) -> tuple[Span, ...]:
        """The sentences of a speech, without the one that only says whose it is."""
        spans = self.sentences(speech_of(fact))
        only_says_who = len(spans) > 1 and not _SPEAKS.search(self._text((fact.start, fact.end)))
        return spans[1:] if only_says_who and spans[0][0] == fact.start else spans

    def _speaks_of(self, pattern: str) -> bool:
        """Whether the item has such a word outside what members put on record."""
        text = self._text((self.item.start, self.item.end))
        for fact in (*self.item.stated("statement"), *self.item.stated("reservation")):
            text = text.replace(self._text(speech_of(fact)), " ")
        return bool(re.search(pattern, fold(text)))

    def _has_form(self, fact: Fact) -> bool:
        text, kind = self._text((fact.start, fact.end)), self.asked.question.answer_kind
        return any(moments(text)) if kind == "date" else kind != "number" or bool(_DIGIT.search(text))

    def _added(self) -> list[str]:
        """The topic words of the question that the item's title has not."""
        title = terms_of(self.item.title)
        return [word for word in self.asked.topic if title.holds(word) < 1.0]

    def _on_topic(self, facts: Sequence[Fact]) -> Sequence[Fact]:
        """The facts that speak of what the question adds to the item's title, in order; all where it adds none."""
        added = self._added()
        rated = [self._rate(added, (fact.start, fact.end)) if added else 0.0 for fact in facts]
        best = max(rated, default=0.0)
        return [fact for fact, rate in zip(facts, rated, strict=True) if rate == best] if best else facts

    def _rate(self, topic: Iterable[str], span: Span) -> float:
        return coverage(topic, terms_of(self._text(span)))

    def _text(self, span: Span) -> str:
        return self.draft.catalog.reading_text(self.item.source.id)[slice(*span)]

    def _flat(self, fact: Fact) -> str:
        return _flat(self._text((fact.start, fact.end)))


def compose(draft: Draft, item: str, quotes: str, short: str | None) -> Answer:
    """ "Eva Ek (S) [1]", the place and the quotes."""
    lead = draft.say("meeting_according", item=item)
    marks = "".join(f"[{citation.number}]" for citation in draft.citations)
    text = f"{short} {marks}\n\n{lead}\n{quotes}" if short else f"{lead}\n{quotes}"
    return draft.answer(text, short=short)


def named(source: Source, number: str, draft: Draft) -> str:
    """The minutes, and the § in them, as running text names them."""
    body = body_of(source)
    if not (body and source.date and source.kind is DocumentKind.PROTOKOLL):
        return f"{name_source(source, draft.language)}{', ' + number if number else ''}"
    key = "meeting_minutes" if number else "meeting_head"
    return draft.say(key, body=_in_prose(body), date=source.date, number=number)


def _in_prose(body: str) -> str:
    """A body's name within a sentence: "kommunstyrelsens arbetsutskott", but "Skärholmens stadsdelsnämnd"."""
    return body[:1].lower() + body[1:] if _COMMON_NOUN.match(fold(body)) else body


def speech_of(fact: Fact) -> Span:
    """All that was put on record with a reservation or statement."""
    start, _, end = fact.detail.get("speech", "").partition("-")
    return (int(start), int(end)) if start.isdigit() and end.isdigit() else (fact.start, fact.end)


def _spans(facts: Iterable[Fact]) -> list[Span]:
    return [(fact.start, fact.end) for fact in facts]


def _sides(folded: str) -> frozenset[str]:
    """The sides that a question about how members voted asks for; all where it does not say."""
    found = next((side for pattern, side in _SIDES if pattern.search(folded)), None)
    return frozenset({found} if found else {side for _, side in _SIDES})


def _flat(text: str) -> str:
    return " ".join(fold(text).split())
