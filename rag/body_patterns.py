"""The forms that names of Swedish municipal bodies take, for bodies that no list holds."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any, Literal

from rag.words import words

Kind = Literal["district", "committee", "office", "council", "municipality", "company"]
BOARD = r"namnd|namd|nidmnd|ndmnd|sdn\b|styrelse|utskott|fullmaktige|board|committee|council"
# OCR reads the ä of nämnd in many ways, hence the loose middle.
DISTRICT_NOUN = (
    r"(?:stads|kommun)delsn\w{1,4}nd(?:en|er|erna)?s?|(?:stads|kommun)delsf\w{1,2}rvaltning(?:en|ar|arna)?s?"
    r"|(?:stads|kommun)delsrad(?:et|en)?s?|stadsdelsomrade(?:t|n)?s?|(?:stads|kommun)del(?:en)?s?|sdn|sdf|sdo"
    r"|(?:city )?district (?:council|committee|board|administration)|(?:city )?district"
)
_PROPER = r"[A-ZÅÄÖ][\wåäöé]+(?:(?:\s?[-–]\s*|[ ])[A-ZÅÄÖ][\wåäöé]+)*"
_DISTRICT = re.compile(rf"(?<![\w-])(?P<name>{_PROPER})\s+(?P<noun>[A-Za-zÅÄÖåäöé]+)\b")
_DISTRICT_ONLY = re.compile(rf"(?:{DISTRICT_NOUN})")
_MUNICIPALITY = re.compile(r"kommun|stad|kommuns|stads|municipality")
_COMMITTEE = re.compile(
    r"(?<![\w-])(?:[a-z]{3,}-\s*(?:,\s*[a-z]{3,}-\s*)*(?:,?\s*och\s+))?"
    r"(?:[a-z]{3,}|[a-z]+iska |gemensamma )"
    r"(?P<noun>namnden|namnd|styrelsen|forvaltningen|kontoret|utskottet|fullmaktige)(?P<genitive>s?)(?![\w-])"
)
# Bodies only where they are asked for their view, or send a letter: a text names many companies.
_GAP = r"(?:[^\S\n]*\n)?[^\S\n]+|[^\S\n]*\n"
COMPANY = re.compile(
    rf"(?<![\w-])(?:AB(?:(?:{_GAP})[A-ZÅÄÖ][\wåäöé&-]*)+"
    rf"|[A-ZÅÄÖ][\wåäöé&-]*(?:(?:{_GAP})(?:(?:i|och|för|&)(?:{_GAP}))?[A-ZÅÄÖ][\wåäöé&-]*){{0,5}}(?:{_GAP})AB)(?![\w-])"
)
ADVISORY = re.compile(
    rf"(?<![\w-])(?:(?:[Kk]ommunstyrelsens|[Kk]ommunens|[Ss]tadens|[Nn]ämndens)(?:{_GAP}))?"
    rf"(?:[Rr]ådet?(?:{_GAP})för(?:{_GAP})(?:[\wåäö-]+(?:,(?:{_GAP})|(?:{_GAP})och(?:{_GAP})))*[\wåäö-]+"
    r"|(?!(?:[Kk]ommunal|[Bb]orgar|[Rr]egion|[Oo]ppositions|[Ss]tats|[Jj]ustitie)råd)"
    r"[A-ZÅÄÖa-zåäö-]{3,}(?<!om)rådet)(?![\w-])"
)
# Words that start a sentence before a name, and are no part of it.
_LEADING = words("before_names")
_KEEP_S = ("as", "fors", "nas", "hus", "us", "is", "ss")


class GenericNames:
    """Recognises names by their form alone; ``generic`` are folded words that name no particular body."""

    def __init__(self, generic: frozenset[str]) -> None:
        self._generic = generic

    def find(self, text: str, folded: str, make: Callable[..., Any]) -> Iterator[Any]:
        """Yields ``make(body, start, end, "pattern", role)`` for every name in ``text``."""
        yield from self._districts(text, folded, make)
        yield from self._committees(text, folded, make)

    def kind(self, body: str) -> Kind:
        """What the name's form says about a body that is not listed."""
        name = body.casefold()
        if name.endswith(("kommun", " stad")):
            return "municipality"
        if COMPANY.fullmatch(body):
            return "company"
        if name.endswith(("kontoret", "förvaltningen")):
            return "office"
        if name.endswith(("styrelsen", "fullmäktige")) or ADVISORY.fullmatch(body):
            return "council"
        return "committee" if re.search("nämnd|utskott", name) else "district"

    def _districts(self, text: str, folded: str, make: Callable[..., Any]) -> Iterator[Any]:
        for match in _DISTRICT.finditer(text):
            noun = folded[match.start("noun") : match.end("noun")]
            municipality = _MUNICIPALITY.fullmatch(noun)
            if not municipality and not _DISTRICT_ONLY.fullmatch(noun):
                continue
            start = _skip_leading(text, folded, match.start("name"), match.end("name"))
            if start is None:
                continue
            name = _bare(text[start : match.end("name")])
            body = f"{name} {noun.rstrip('s')}" if municipality and noun.startswith("kommun") else name
            yield make(body, start, match.end(), "pattern", "" if municipality else _district_role(noun))

    def _committees(self, text: str, folded: str, make: Callable[..., Any]) -> Iterator[Any]:
        for match in _COMMITTEE.finditer(folded):
            noun, whole = match["noun"], folded[match.start() : match.end("noun")]
            stem = re.sub(r"(en|et)$", "", whole)
            if stem in self._generic or whole in self._generic or whole.endswith("delsnamnden"):
                continue
            start, end = match.start(), match.end("noun")
            name = " ".join(text[start:end].split())
            yield make(_board_name(name), start, match.end(), "pattern", _committee_role(noun))


def _skip_leading(text: str, folded: str, start: int, end: int) -> int | None:
    for word in re.finditer(r"[\w-]+", folded[start:end]):
        if word[0] not in _LEADING:
            return start + word.start()
    return None


def _bare(name: str) -> str:
    """The name without a genitive s ("Göteborgs stad" -> "Göteborg"), kept where it is part of the name."""
    tidy = re.sub(r"\s*[-–]\s*", "-", " ".join(name.split()))
    folded = tidy.casefold().replace("ä", "a").replace("å", "a")
    return tidy if not tidy.endswith("s") or folded.endswith(_KEEP_S) else tidy[:-1]


def _board_name(name: str) -> str:
    """The name under which board and administration are one body: "-förvaltningen" -> "-nämnden"."""
    lowered = name[:1].lower() + name[1:]
    lowered = re.sub(r"nämnd$|ndmnd$|nidmnd$", "nämnden", lowered)
    return re.sub(r"förvaltningen$", "nämnden", lowered)


def _district_role(noun: str) -> str:
    if re.search(r"delsn|sdn", noun):
        return "board"
    return "administration" if re.search(r"rvaltning|sdf", noun) else ""


def _committee_role(noun: str) -> str:
    return "administration" if noun in {"forvaltningen", "kontoret"} else "board"
