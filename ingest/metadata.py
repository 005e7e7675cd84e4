"""What a document is: title, kind, the body it speaks for, date and diarienummer, read from its own text."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path, PurePath

from ingest.dates import dates_in
from ingest.kinds import kind_of
from ingest.lines import lines_of, squeeze
from ingest.meeting_head import meeting_body
from ingest.opening import HEAD, Opening
from ingest.phrases import any_phrase
from ingest.signatures import signatures
from ingest.structure import headings
from ingest.titles import DNR, title_lines
from rag.bodies import BodyMention, Gazetteer
from rag.body_patterns import COMPANY
from rag.domain import DocumentKind, ReadingText, Section
from rag.folding import fold


@dataclass(frozen=True, slots=True)
class SourceDescription:
    """What ``rag.domain.Source`` says of a document; ``date`` is ISO 8601. None: the text does not tell."""

    title: str
    kind: DocumentKind = DocumentKind.OTHER
    body: str | None = None
    date: str | None = None
    diarienummer: str | None = None


def describe(
    reading: ReadingText, name: str, sections: Sequence[Section] = (), vocabulary: Path | None = None
) -> SourceDescription:
    """Describes the document ``reading`` that came from the file ``name``.

    ``sections`` are those of ``ingest.structure``; the headings are found anew, since a section drops
    their roles. ``vocabulary`` is the folder with an operator's own words.
    """
    found = headings(reading, vocabulary)
    opening = Opening(reading.text, found)
    gazetteer = gazetteer_for(vocabulary)
    title = _title(reading, name, opening, vocabulary)
    kind = kind_of(opening, title)
    body = _body(kind, opening, gazetteer, vocabulary)
    date = _date(kind, opening, name)
    if kind is DocumentKind.PROTOKOLL:
        title = _protokoll_title(title, opening, date)
    return SourceDescription(title, kind, body, date, _diarienummer(kind, opening))


@cache
def gazetteer_for(vocabulary: Path | None) -> Gazetteer:
    """The bodies known to this package and the operator, read once."""
    return Gazetteer.load(vocabulary)


def _title(reading: ReadingText, name: str, opening: Opening, vocabulary: Path | None) -> str:
    if reading.title and len(reading.title.split()) > 1:
        return squeeze(reading.title)
    marked = next(
        (heading for heading in opening.headings if heading.level == 1 and not heading.generic), None
    )
    if marked and not marked.role and not reading.text[: marked.start].strip():
        return marked.text
    for start, end in title_lines(reading.text, opening.end, vocabulary):
        whole = next((h for h in opening.headings if h.start <= start < h.end and not h.generic), None)
        return whole.text if whole else squeeze(reading.text[start:end]).strip(" *#")
    first = next((heading for heading in opening.headings if not heading.role), None)
    if first and first.start < HEAD and not opening.has("paragraph"):
        return first.text
    return squeeze(re.sub(r"[_-]+", " ", PurePath(name).stem)) or name


def _protokoll_title(title: str, opening: Opening, date: str | None) -> str:
    """ "Protokoll Kommunstyrelsens arbetsutskott 2018-02-06": a protokoll has no title but its meeting."""
    met = meeting_body(opening)
    if not (met and date) or (re.match("protokoll(?!et)", fold(title)) and len(title) < 60):
        return title
    word = "Protokollsutdrag" if "protokollsutdrag" in fold(opening.text[:600]) else "Protokoll"
    return f"{word} {opening.text[slice(*met)]} {date}"


_ACTS = re.compile(
    r"\s+(?:"
    + any_phrase(
        (
            "föreslås",
            "föreslår",
            "beslut",
            "godkänner",
            "överlämnar",
            "tillstyrker",
            "avstyrker",
            "ställer",
            "antar",
            "noterar",
            "anser",
            "lämnar",
            "avger",
            "besvarar",
            "uppdrar",
            "avslår",
            "bifaller",
            "har tagit",
            "avstår",
        )
    ).pattern
    + ")"
)


def _body(kind: DocumentKind, opening: Opening, gazetteer: Gazetteer, vocabulary: Path | None) -> str | None:
    if kind in {DocumentKind.MOTION, DocumentKind.SKRIVELSE}:
        return None  # speaks for its movers, who are facts
    if kind is DocumentKind.PROTOKOLL:
        lines = (line.text for line in lines_of(opening.text[: max(opening.end, 600)]))
        return next((body for line in lines if (body := _first(gazetteer, line))), None)
    proposing = opening.has("proposal", "decision")
    addressed = _addressee(gazetteer, opening.head)
    return (
        _acting(gazetteer, opening.under("proposal", "decision"))
        or _company(opening)
        or _sender(gazetteer, opening.head)
        or (addressed if proposing and not _is_council(addressed) else None)
        or _signing(gazetteer, opening.text, vocabulary)
        or (_acting(gazetteer, opening.text) if kind is DocumentKind.REMISSVAR else None)
        or (addressed if proposing else None)
        or _standing_body(gazetteer, opening.head, addressed)
        or (addressed if kind is not DocumentKind.OTHER else None)
    )


def _acting(gazetteer: Gazetteer, text: str) -> str | None:
    """The body whose decision is proposed: the first one with a verb of deciding after it."""
    for mention in gazetteer.recognise(text):
        if _ACTS.match(fold(text[mention.end :])) and _is_board(mention, text):
            return mention.body
    return None


def _is_board(mention: BodyMention, text: str) -> bool:
    return mention.role != "administration" and "kommunfullm" not in fold(text[mention.start : mention.end])


def _addressee(gazetteer: Gazetteer, head: str) -> str | None:
    """Who a document with "Till" is addressed to: its own board, or the one that gets an answer."""
    lines = lines_of(head)
    for at, line in enumerate(lines):
        folded = fold(line.text)
        if folded.rstrip(": ") == "till" and at + 1 < len(lines):
            return _first(gazetteer, lines[at + 1].text)
        if folded.startswith(("till ", "till: ")) and len(folded.split()) <= 5:
            return _first(gazetteer, line.text)
    return None


def _is_council(body: str | None) -> bool:
    return body is None or "kommunstyrelsen" in body or "fullm" in body


def _sender(gazetteer: Gazetteer, head: str) -> str | None:
    """The administration that a line of the letterhead names and nothing else."""
    for line in lines_of(head):
        text = _readable(line.text)
        if re.match(r"(?:fran|avsandare)\s*:", fold(text)):
            return _first(gazetteer, text)
        for mention in gazetteer.recognise(text):
            whole = mention.end - mention.start >= len(text) - 2
            if whole and mention.role == "administration":
                return mention.body
    return None


def _company(opening: Opening) -> str | None:
    """A company whose name is a line of the letterhead, spelt as it is elsewhere where that is all in capitals."""
    for line in lines_of(opening.head):
        if fold(line.text).startswith("till "):
            return None
        if COMPANY.fullmatch(line.text.strip()):
            spelt = re.compile(re.escape(line.text.strip()), re.IGNORECASE).finditer(opening.text)
            return next((match[0] for match in spelt if not match[0].isupper()), line.text.strip())
    return None


def _readable(line: str) -> str:
    """A line all in capitals as names are written elsewhere, so that a body is found under one name."""
    return line.title() if line.isupper() else line


def _standing_body(gazetteer: Gazetteer, head: str, other_than: str | None) -> str | None:
    """A body that a short line of the opening names: sender or board."""
    found = (_first(gazetteer, line.text) for line in lines_of(head) if len(line.text.split()) <= 5)
    return next((body for body in found if body and body != other_than), None)


def _signing(gazetteer: Gazetteer, text: str, vocabulary: Path | None) -> str | None:
    units = (signature.unit for signature in signatures(lines_of(text), vocabulary))
    return next((body for unit in units if unit and (body := _first(gazetteer, unit))), None)


def _first(gazetteer: Gazetteer, text: str) -> str | None:
    """The first body named in ``text``: no place and no municipality as a whole."""
    for mention in gazetteer.recognise(_readable(text)):
        if mention.via != "place" and (mention.role or mention.via != "pattern"):
            return mention.body
    return None


def _date(kind: DocumentKind, opening: Opening, name: str) -> str | None:
    """The date on the document's face, else of its signatures, else in its file name. A date in running
    text (a deadline, an event) never counts."""
    dated = _meeting(opening) if kind is DocumentKind.PROTOKOLL else ""
    dated = dated or _standing_alone(opening.head)
    if not dated and not opening.has("attestation") and kind is not DocumentKind.PROTOKOLL:
        dated = _standing_alone(opening.text[-400:])
    if not dated:
        dated = max(
            (mention.iso for mention in dates_in(opening.under("attestation")) if mention.is_whole),
            default="",
        )
    return dated or next(
        (mention.iso for mention in dates_in(name.replace("_", " ")) if mention.is_whole), None
    )


def _meeting(opening: Opening) -> str:
    """The day of the meeting: the line that speaks of it, which may be a sentence."""
    lines = (line.text for line in lines_of(opening.head[:800]) if _OF_MEETING.search(fold(line.text)))
    return next((day.iso for line in lines for day in dates_in(line) if day.is_whole), "")


_OF_MEETING = re.compile(r"\bsammantrade|\bprotokoll")


def _standing_alone(text: str) -> str:
    for line in lines_of(text):
        for mention in dates_in(line.text):
            rest = line.text[: mention.start] + line.text[mention.end :]
            if (
                mention.is_whole
                and len(re.findall(r"[^\W\d_]{2,}", rest)) <= 3
                and not re.search("senast|[.;]$", rest)
            ):
                return mention.iso
    return ""


def _diarienummer(kind: DocumentKind, opening: Opening) -> str | None:
    if kind is DocumentKind.PROTOKOLL and sum(h.role == "paragraph" for h in opening.headings) > 1:
        return None  # every § has its own
    head = opening.text[: max(opening.end, 400)]
    match = DNR.search(head) or DNR.search(opening.under("proposal", "background", "summary"))
    return squeeze(match["labelled"] or match["prefixed"]).rstrip(".") if match else None
