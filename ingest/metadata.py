"""What a document is: title, kind, the body it speaks for, date and diarienummer, read from its own text."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path, PurePath

from ingest.dates import dates_in
from ingest.lines import lines_of, squeeze
from ingest.signatures import signatures
from ingest.structure import Heading, headings
from ingest.titles import DNR, title_lines
from rag.bodies import BodyMention, Gazetteer
from rag.domain import DocumentKind, ReadingText, Section
from rag.folding import fold

_HEAD = 1500  # characters in which a document says what it is, where no heading ends its opening


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
    kind = _kind(opening, title)
    body = _body(kind, opening, gazetteer, vocabulary)
    date = _date(kind, opening, name)
    if kind is DocumentKind.PROTOKOLL:
        title = _protokoll_title(title, opening, date)
    return SourceDescription(title, kind, body, date, _diarienummer(kind, opening))


@cache
def gazetteer_for(vocabulary: Path | None) -> Gazetteer:
    """The bodies known to this package and the operator, read once."""
    return Gazetteer.load(vocabulary)


@dataclass(frozen=True, slots=True)
class Opening:
    """A document's text with its headings, and the stretches in which it says what it is."""

    text: str
    headings: tuple[Heading, ...]

    @property
    def end(self) -> int:
        """Where the opening ends: at the first heading of a known role, else after some lines."""
        known = [heading.start for heading in self.headings if heading.role]
        if known and known[0] > 0:
            return known[0]
        return min(len(self.text), _HEAD)

    @property
    def head(self) -> str:
        """The opening's text."""
        return self.text[: self.end]

    def under(self, *roles: str) -> str:
        """The text under headings of these roles, up to the next heading of any known role, joined."""
        return "\n".join(self.text[start:end] for start, end in self.spans(*roles))

    def spans(self, *roles: str) -> tuple[tuple[int, int], ...]:
        """Where the text under headings of these roles stands, the heading lines left out."""
        known = [heading for heading in self.headings if heading.role]
        ends = [*(heading.start for heading in known[1:]), len(self.text)]
        return tuple((h.end, end) for h, end in zip(known, ends, strict=False) if h.role in roles)

    def has(self, *roles: str) -> bool:
        """Whether a heading of one of these roles occurs."""
        return any(heading.role in roles for heading in self.headings)


def _title(reading: ReadingText, name: str, opening: Opening, vocabulary: Path | None) -> str:
    if reading.title and len(reading.title.split()) > 1:
        return squeeze(reading.title)
    for start, end in title_lines(reading.text, opening.end, vocabulary):
        return squeeze(reading.text[start:end]).strip(" *#")
    first = next((heading for heading in opening.headings if not heading.role), None)
    if first and first.start < _HEAD and not opening.has("paragraph"):
        return first.text
    return squeeze(re.sub(r"[_-]+", " ", PurePath(name).stem)) or name


def _protokoll_title(title: str, opening: Opening, date: str | None) -> str:
    """"Protokoll Kommunstyrelsens arbetsutskott 2018-02-06": a protokoll has no title but its meeting."""
    lines = [line.text for line in lines_of(opening.text[:600]) if _MEETING_BODY.fullmatch(fold(line.text))]
    if not (lines and date) or re.match("protokoll(?!et)", fold(title)):
        return title
    word = "Protokollsutdrag" if "protokollsutdrag" in fold(opening.text[:600]) else "Protokoll"
    return f"{word} {lines[0]} {date}"


_MEETING_BODY = re.compile(r"(?:[\w-]+ ){0,4}[\w-]*(?:namnd(?:en)?|styrelsen|fullmaktige|utskott(?:et)?|beredning(?:en)?)")
_PROTOKOLL = re.compile(r"\b(?:sammantrades)?protokoll(?:sutdrag)?\b")
_MINUTES = re.compile(r"\b(?:justerare|justerande|justeringsdatum|utses att justera|beslutande|paragrafer|bevis om anslag)")
_NOTICE = re.compile(r"\b(?:kallelse|foredragningslista|dagordning)\b")
_REMISS = re.compile(r"\bremiss|yttrande (?:till|over)|har begart (?:in )?.{0,60}yttrande|inkommit for yttrande|begaran om yttrande")
_ANSWER = re.compile(r"\bsvar (?:pa|till)\b|\bbesvara")
_OFFICE = re.compile(r"\b(?:tjansteutlatande|tjansteskrivelse)\b")
_MOTION = re.compile(r"^(?:enskild |parti)?motion\b(?! (?:har|ska|som))", re.MULTILINE)
_SKRIVELSE = re.compile(r"^(?:oppositions|parti)?skrivelse\b", re.MULTILINE)


def _kind(opening: Opening, title: str) -> DocumentKind:
    head, folded_title = fold(opening.head), fold(title)
    if _is_protokoll(opening, head):
        return DocumentKind.PROTOKOLL
    administration = opening.has("assessment", "proposal", "preparation") and "riksdag" not in head
    if administration or _OFFICE.search(head):
        return _answer_kind(opening, head, folded_title)
    if re.search(r"\b(?:remissvar|remissyttrande)\b", head) or re.match(r"yttrande\b", folded_title):
        return DocumentKind.REMISSVAR
    if _ANSWER.search(folded_title):
        return DocumentKind.TJANSTEUTLATANDE
    if _MOTION.search(head):
        return DocumentKind.MOTION
    return DocumentKind.SKRIVELSE if _SKRIVELSE.search(head) else DocumentKind.OTHER


def _is_protokoll(opening: Opening, head: str) -> bool:
    named = _PROTOKOLL.search(head[:1200])
    if _NOTICE.search(head[:600]) and not _MINUTES.search(head):
        return False
    return bool(opening.has("paragraph") and (named or _MINUTES.search(fold(opening.text[:6000])))) or bool(
        named and _MINUTES.search(head)
    )


def _answer_kind(opening: Opening, head: str, title: str) -> DocumentKind:
    proposal = fold(opening.under("proposal"))
    asked = _REMISS.search(head) or _REMISS.search(proposal) or _REMISS.search(title)
    if not asked and not _OFFICE.search(head):
        asked = _REMISS.search(fold(opening.under("summary", "background"))[:1500])
    about_skrivelse = re.search(r"svar pa (?:en )?skrivelse|skrivelse", f"{title} {proposal}")
    return DocumentKind.REMISSVAR if asked and not about_skrivelse else DocumentKind.TJANSTEUTLATANDE


_ACTS = re.compile(
    r"\s+(?:(?:foreslas|beslutar|foreslar|godkanner|overlamnar|tillstyrker|avstyrker|staller|antar|noterar|anser|lamnar|avger|besvarar|"
    r"uppdrar|ger|avslar|bifaller|hanvisar|dverl|godkin)\w*)"
)


def _body(kind: DocumentKind, opening: Opening, gazetteer: Gazetteer, vocabulary: Path | None) -> str | None:
    if kind in {DocumentKind.MOTION, DocumentKind.SKRIVELSE}:
        return None  # speaks for its movers, who are facts
    if kind is DocumentKind.PROTOKOLL:
        return _first(gazetteer, opening.text[: max(opening.end, 600)])
    return (
        _acting(gazetteer, opening.under("proposal", "decision"))
        or _addressee(gazetteer, opening.head, kind is not DocumentKind.OTHER)
        or _signing(gazetteer, opening.text, vocabulary)
        or (_first(gazetteer, opening.head) if kind is not DocumentKind.OTHER else None)
    )


def _acting(gazetteer: Gazetteer, text: str) -> str | None:
    """The body whose decision is proposed: the first one with a verb of deciding after it."""
    for mention in gazetteer.recognise(text):
        if _ACTS.match(fold(text[mention.end :])) and _is_board(mention, text):
            return mention.body
    return None


def _is_board(mention: BodyMention, text: str) -> bool:
    return mention.role != "administration" and "kommunfullm" not in fold(text[mention.start : mention.end])


def _addressee(gazetteer: Gazetteer, head: str, unlabelled: bool) -> str | None:
    lines = lines_of(head)
    for at, line in enumerate(lines[:-1]):
        if fold(line.text).rstrip(": ") == "till":
            return _first(gazetteer, lines[at + 1].text)
    alone = (line for line in lines if unlabelled and len(line.text.split()) <= 4)
    return next((body for line in alone if (body := _first(gazetteer, line.text))), None)


def _signing(gazetteer: Gazetteer, text: str, vocabulary: Path | None) -> str | None:
    units = (signature.unit for signature in signatures(lines_of(text), vocabulary))
    return next((body for unit in units if unit and (body := _first(gazetteer, unit))), None)


def _first(gazetteer: Gazetteer, text: str) -> str | None:
    mentions = [mention for mention in gazetteer.recognise(text) if mention.via != "place"]
    return mentions[0].body if mentions else None


def _date(kind: DocumentKind, opening: Opening, name: str) -> str | None:
    """The date on the document's face, else of its signatures, else in its file name. A date in running
    text (a deadline, an event) never counts."""
    dated = _standing_alone(opening.head)
    if not dated and kind in {DocumentKind.MOTION, DocumentKind.SKRIVELSE, DocumentKind.OTHER}:
        dated = _standing_alone(opening.text[-400:])
    if not dated:
        dated = max((mention.iso for mention in dates_in(opening.under("attestation")) if mention.is_whole), default="")
    return dated or next((mention.iso for mention in dates_in(name.replace("_", " ")) if mention.is_whole), None)


def _standing_alone(text: str) -> str:
    for line in lines_of(text):
        for mention in dates_in(line.text):
            rest = line.text[: mention.start] + line.text[mention.end :]
            if mention.is_whole and len(re.findall(r"[^\W\d_]{2,}", rest)) <= 3 and not re.search("senast|[.;]$", rest):
                return mention.iso
    return ""


def _diarienummer(kind: DocumentKind, opening: Opening) -> str | None:
    if kind is DocumentKind.PROTOKOLL and sum(h.role == "paragraph" for h in opening.headings) > 1:
        return None  # every § has its own
    head = opening.text[: max(opening.end, 400)]
    match = DNR.search(head) or DNR.search(opening.under("proposal", "background", "summary"))
    return squeeze(match["labelled"] or match["prefixed"]).rstrip(".") if match else None
