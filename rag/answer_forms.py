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

_RELATIVE_TIME = (
    "innan|före|efter|tills|när|då|i samband med|inom|under|senast|before|after|until|when|within"
)

# Matching anywhere in the candidate is enough: "sedan september 2022" is a date.
FORMS: Mapping[str, re.Pattern[str]] = {
    "date": re.compile(
        rf"\d|\b(?:{MONTHS}|{_SEASON}|{_RELATIVE_TIME}|mandatperiod\w*|i dag|idag|nyligen)\b", re.IGNORECASE
    ),
    "number": re.compile(rf"\d|\b(?:{_NUMBER_WORDS})\b", re.IGNORECASE),
    "person": re.compile(r"[A-ZÅÄÖÉ]\w+"),
    "name": re.compile(r"[A-ZÅÄÖÉ]\w+"),
}

# Forms that questions ask for by name; nothing else can be the answer, however long it is.
STRICT_FORMS: Mapping[str, re.Pattern[str]] = {
    "email": re.compile(r"\S+@\S+"),
    "phone": re.compile(r"\d[\d\s-]{4,}\d"),
    "diarienummer": re.compile(r"\d\s*/\s*\d|\d{2,}[-:.]\d+"),
    "clock": re.compile(r"\d{1,2}[.:]\d{2}|\bkl(?:ockan|\.)? ?\d", re.IGNORECASE),
    "amount": re.compile(
        r"\d\s*(?:kr\b|kronor|[mt]nkr|[mt]kr|msek|sek\b|euro|miljon|miljard|tusen)|miljon|miljard|kronor"
        r"|\d[  .]\d{3}(?!\d)|gratis|avgiftsfri|kostnadsfri|utan kostnad",
        re.IGNORECASE,
    ),
    "speed": re.compile(r"\d\s*(?:km|kilometer)|\b\d0\b", re.IGNORECASE),
    "day": re.compile(rf"\d{{1,2}}\s+(?:{MONTHS})|\d{{4}}-\d\d-\d\d|\d{{1,2}}/\d{{1,2}}", re.IGNORECASE),
    "month": re.compile(rf"\b(?:{MONTHS})\b|\d{{4}}-\d\d", re.IGNORECASE),
}


def has_form(kind: str, text: str) -> bool:
    """Whether ``text`` can be an answer of ``kind``; True for kinds without a form."""
    form = FORMS.get(kind)
    return form is None or form.search(text) is not None


def lacks_strict_form(form: str | None, text: str) -> bool:
    """Whether the question asks for a form that ``text`` does not have."""
    return form is not None and STRICT_FORMS[form].search(text) is None


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
