"""Kinds of short answer that have a form: a text that lacks it cannot be the answer."""

from __future__ import annotations

import re
from collections.abc import Mapping

MONTHS = (
    "januari|februari|mars|april|maj|juni|juli|augusti|september|oktober|november|december"
    "|january|february|march|may|june|july|august|october"
)
_SEASON = r"(?:vår|sommar|höst|vinter|årsskifte)\w*|spring|summer|autumn|winter"
_NUMBER_WORDS = (
    "noll|en|ett|två|tre|fyra|fem|sex|sju|åtta|nio|tio|elva|tolv|tretton|fjorton|femton|sexton|sjutton|arton"
    "|nitton|tjugo\\w*|trettio\\w*|fyrtio\\w*|femtio\\w*|hundra\\w*|tusen\\w*|hälften|dubbel\\w*|ingen|inga|samtliga|alla"
)

# Matching anywhere in the candidate is enough: "sedan september 2022" is a date.
FORMS: Mapping[str, re.Pattern[str]] = {
    "date": re.compile(rf"\d|\b(?:{MONTHS}|{_SEASON}|mandatperiod\w*|i dag|idag|nyligen)\b", re.IGNORECASE),
    "number": re.compile(rf"\d|\b(?:{_NUMBER_WORDS})\b", re.IGNORECASE),
    "person": re.compile(r"[A-ZÅÄÖÉ]\w+"),
    "name": re.compile(r"[A-ZÅÄÖÉ]\w+"),
    "phone": re.compile(r"\d[\d\s-]{4,}\d"),
    "percentage": re.compile(r"\d\s*(?:%|procent|percent)|av tio|hälften", re.IGNORECASE),
    "diarienummer": re.compile(r"\d{2,4}\s*/\s*\d+"),
    "email": re.compile(r"\S+@\S+"),
}


def has_form(kind: str, text: str) -> bool:
    """Whether ``text`` can be an answer of ``kind``; True for kinds without a form."""
    form = FORMS.get(kind)
    return form is None or form.search(text) is not None


def is_short(text: str) -> bool:
    """Whether a span is a short answer (a date, number, name or the like) rather than a clause."""
    return len(text.split()) <= 8 and len(text) <= 80 and "\n\n" not in text


def normal_form(text: str) -> str:
    """A span as it is compared with others: case, white space, articles and edge punctuation do not matter."""
    words = re.sub(r"[^\w\s%/.-]", " ", text.casefold()).split()
    return " ".join(
        word.strip(".-")
        for word in words
        if word not in {"den", "det", "en", "ett", "sedan", "i", "the", "a"}
    )
