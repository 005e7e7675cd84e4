"""A document as the parts that its headings make of it, each with its role: whose words stand in it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from ingest.headings import Heading
from ingest.structure import closing_starts, headings
from rag.domain import DocumentKind, ReadingText

SIGNATURE = "signature"


@dataclass(frozen=True, slots=True)
class Part:
    """Text between two headings. ``role`` is that of the innermost heading that has one, ``paragraph`` the
    § it belongs to, ``heading`` the innermost heading."""

    start: int
    end: int
    role: str = ""
    heading: str = ""
    paragraph: str = ""


@lru_cache(maxsize=4)
def parts(reading: ReadingText, vocabulary: Path | None = None) -> tuple[Part, ...]:
    """The parts of ``reading`` in order; heading lines are in none of them."""
    found = headings(reading, vocabulary)
    return tuple(_parts(reading.text, found, closing_starts(reading.text, found, vocabulary)))


def _parts(text: str, found: tuple[Heading, ...], closing: tuple[int, ...]) -> Iterator[Part]:
    stack: list[Heading] = []
    start = 0
    events: list[tuple[int, Heading | None]] = [(heading.start, heading) for heading in found]
    events += [(place, None) for place in closing]
    signed = False
    for place, heading in [*sorted(events, key=lambda event: event[0]), (len(text), None)]:
        if text[start:place].strip():
            yield _part(stack, start, place, signed)
        signed = heading is None
        if heading is None:
            start = place
        else:
            stack = [item for item in stack if item.level < heading.level] + [heading]
            start = heading.end


def _part(stack: list[Heading], start: int, end: int, signed: bool) -> Part:
    roles = [heading.role for heading in stack if heading.role and heading.role != "paragraph"]
    paragraph = next((heading.text for heading in stack if heading.role == "paragraph"), "")
    if signed:
        return Part(start, end, SIGNATURE, "", paragraph)
    return Part(start, end, roles[-1] if roles else "", stack[-1].text if stack else "", paragraph)


# Whose words stand under a heading, where the sentence itself does not say. Empty: only what it says counts.
_SPEAKER = {
    "proposal": "administration",
    "assessment": "administration",
    "consequences": "administration",
    "other": "administration",
    "background": "quoted",
    "preparation": "quoted",
    "earlier": "quoted",
    "reservation": "reservation",
    "statement": "statement",
    "yrkanden": "member",
}


_RETELLS = frozenset({"other", "summary", "assessment", "matter", "proposal", "consequences"})


def default_speaker(
    part: Part, kind: DocumentKind, answers_someone: bool, voice: str = "administration"
) -> str:
    """Who speaks in ``part`` unless a sentence names another: see ``ingest.facts`` for the values. ``voice`` is
    whose document it is, ``administration`` or ``board``."""
    if kind in {DocumentKind.MOTION, DocumentKind.SKRIVELSE}:
        return "mover"
    if kind is DocumentKind.PROTOKOLL:
        if part.role in {"", "decision"}:
            return "board" if part.role else ""
        return "quoted" if part.role in _RETELLS else _SPEAKER.get(part.role, "")
    if part.role == "matter":
        return "mover" if answers_someone else voice
    speaker = "administration" if part.role == "decision" else _SPEAKER.get(part.role, "")
    return voice if speaker == "administration" else speaker
