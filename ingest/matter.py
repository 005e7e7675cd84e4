"""The matter that a document is about: which motion, skrivelse or remiss, its number, its deadline, and who was
asked."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from ingest.dates import dates_in
from ingest.lines import lines_of, squeeze
from ingest.proposals import points
from ingest.prose import sentences_with
from ingest.titles import DNR
from rag.bodies import BodyMention, Gazetteer
from rag.body_patterns import ADVISORY, COMPANY
from rag.folding import fold
from rag.sentences import LIST_ITEM, Sentence, split_sentences

_KINDS = ("motion", "skrivelse", "interpellation", "medborgarforslag", "granskning", "remiss")
_ABOUT = re.compile(r"\b(?:om|angaende|gallande|avseende|rorande)\s+(?=\S)")
_TOPIC = re.compile(
    r"\b[Mm]otion(?:en)?\b(?: (?:från|fran|av) [^:–—]*)?|\b[Ss]krivelse(?:n)?\b(?: (?:från|fran|av) [^:–—]*)?"
    r"|\b[Rr]emiss\b"
)
_ANSWER = re.compile(
    r"^.*?\b(?:[Ss]var (?:på|pa|till)|(?:[Yy]|[Rr]emissy)ttrande (?:över|over|6ver|angående|om)"
    r"|[Rr]emissvar(?: på| över| angående| om)?|[Bb]esvarande av)"
    r"\s+(?:remiss (?:av|om|angående|gällande)\s+(?=motion|skrivelse))?"
)
_ASKED = re.compile(
    r"\bremissinstans\w*|\bremitter\w+|\b(?:skickats|sants|gatt|skickat) (?:ut )?(?:pa remiss|"
    r"for yttrande)|\bpa remiss till\b|\bbegart\b.{0,80}\byttrande|\bfor yttrande till\b|\bsands pa remiss\b|"
    r"\byttrande(?:n)? (?:har )?(?:begarts|inhamtats) (?:av|fran)\b"
)
_DEADLINE = re.compile(
    r"\b(?:senast|sista (?:svars)?dag\w*|svarstid\w*|remisstid\w*|yttra sig|t\.?\s?o\.?\s?m\.?|besvaras?)\b"
)
_NOW = re.compile(r"\(\s*(?:numera|nu|idag|i dag|sedan \S+ \d{4}|fran \d{4})\s+$")


@dataclass(frozen=True, slots=True)
class Found:
    """A value with the stretch ``text[start:end]`` to quote for it, and what is said beside it."""

    value: str
    start: int
    end: int
    detail: tuple[tuple[str, str], ...] = ()


def matter(text: str, title: str, opening_end: int) -> Found | None:
    """The motion, skrivelse or remiss that the document is or answers, as its title or opening names it."""
    span = _find_title(text, title)
    shown = (
        DNR.sub("", _ANSWER.sub("", title) if _ANSWER.search(title) else title)
        .strip(" ,.-–—")
        .removesuffix("()")
        .strip(" ,")
    )
    named = _named(squeeze(shown))
    if named and span[1]:  # what cannot be quoted is no fact
        value, detail = named
        return Found(value, *span, detail)
    for sentence in split_sentences(text[: max(opening_end + 3000, 4000)]):
        named = _named(DNR.sub("", squeeze(sentence.text)).strip(" ,."))
        if named and dict(named[1])["about"]:
            return Found(named[0], sentence.start, sentence.end, named[1])
    return None


def _named(text: str) -> tuple[str, tuple[tuple[str, str], ...]] | None:
    """The matter named in ``text`` with its kind and what it is about: a motion before the remiss of it."""
    folded = fold(text)
    for kind in _KINDS:
        match = re.search(rf"\b{kind}\w*", folded)
        if match:
            about = _ABOUT.search(folded, match.end())
            start = match.start() if about else 0
            topic = text[about.end() :] if about else _TOPIC.sub("", text).strip(" -–—:(")
            value = text[start:]
            return value[:1].upper() + value[1:], (("kind", kind), ("about", topic.strip(" ,.")))
    return None


def numbers(text: str, end: int) -> Iterator[Found]:
    """The diarienummer in ``text[:end]``."""
    for match in DNR.finditer(text[:end]):
        yield Found(squeeze(match["labelled"] or match["prefixed"]), match.start(), match.end())


def deadlines(text: str, year: str | None) -> Iterator[Found]:
    """Sentences that name a last day for an answer; a date without a year takes ``year``."""
    for sentence in sentences_with(text, _DEADLINE):
        folded = fold(sentence.text)
        word = _DEADLINE.search(folded)
        if not word or not re.search(r"yttrande|remiss|svar|besvara|yttra", folded):
            continue
        for mention in dates_in(sentence.text):
            if 0 <= mention.start - word.end() <= 90:
                iso = mention.iso if mention.is_whole else f"{year}{mention.iso[1:]}" if year else mention.iso
                yield Found(iso, sentence.start, sentence.end)
                break


def consulted(text: str, gazetteer: Gazetteer) -> Iterator[Found]:
    """The bodies that were asked for their view, each with the sentence that says so.

    "Rinkeby-Kista (numera Järva)" is one body that was asked, with what it is called now beside it.
    """
    for sentence in sentences_with(text, _ASKED):
        yield from _asked_in(sentence, gazetteer)
        if re.search(r"(?::|\btill)$", sentence.text):
            for point in points(text, sentence.end, _list_end(text, sentence.end)):
                yield from _asked_in(
                    Sentence(point.start, point.end, text[point.start : point.end]), gazetteer
                )


def _list_end(text: str, start: int) -> int:
    """Where the list that begins at ``start`` ends: before the first line that is no item of it."""
    end = start
    for line in lines_of(text[start : start + 4000]):
        if not LIST_ITEM.match(line.text):
            break
        end = start + line.end
    return end


def _asked_in(sentence: Sentence, gazetteer: Gazetteer) -> Iterator[Found]:
    asked: list[tuple[BodyMention, str]] = []
    asker = _asker(sentence.text, gazetteer)
    for mention in _those_asked(sentence.text, gazetteer):
        if asked and _NOW.search(fold(sentence.text[asked[-1][0].end : mention.start])):
            asked[-1] = (asked[-1][0], mention.body)
        elif mention.body != asker and mention.body not in {known.body for known, _ in asked}:
            asked.append((mention, ""))
    for mention, now in asked:
        detail = (
            ("as", squeeze(sentence.text[mention.start : mention.end])),
            *((("now", now),) if now else ()),
        )
        yield Found(mention.body, sentence.start, sentence.end, detail)


def _those_asked(sentence: str, gazetteer: Gazetteer) -> list[BodyMention]:
    """The bodies in a sentence, also companies and advisory councils, which are bodies where they are asked."""
    others = [
        BodyMention(" ".join(match[0].split()), *match.span(), "pattern")
        for form in (COMPANY, ADVISORY)
        for match in form.finditer(sentence)
    ]
    bodies = (
        mention
        for mention in gazetteer.recognise(sentence)
        if all(mention.end <= other.start or mention.start >= other.end for other in others)
    )
    return sorted((*bodies, *others), key=lambda mention: mention.start)


def _asker(sentence: str, gazetteer: Gazetteer) -> str | None:
    """Who asks: "Kommunstyrelsen har begärt ...", "remiss från kommunstyrelsen"."""
    for mention in gazetteer.recognise(sentence):
        after, before = fold(sentence[mention.end :]), fold(sentence[: mention.start])
        if re.match(r"\s+(?:har )?(?:begart|remitterat|skickat|sant)\b", after) or re.search(
            r"\bfran\s+$", before
        ):
            return mention.body
    return None


def _find_title(text: str, title: str) -> tuple[int, int]:
    words = title.split()
    match = re.search(r"\s+".join(map(re.escape, words)), text) if words else None
    return match.span() if match else (0, 0)
