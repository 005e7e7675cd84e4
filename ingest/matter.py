"""The matter that a document is about: which motion, skrivelse or remiss, its number, its deadline, and who was
asked."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from ingest.dates import dates_in
from ingest.lines import squeeze
from ingest.titles import DNR
from rag.bodies import BodyMention, Gazetteer
from rag.folding import fold
from rag.sentences import Sentence, split_sentences

_ABOUT = re.compile(
    r"(?P<kind>\w*motion|skrivelse|interpellation|medborgarforslag|remiss|granskning)(?:en|er|"
    r"s)?\b(?P<by>[^.\n]*?(?:\n[^.\n]*?)?)\b(?P<word>om|angaende|gallande|avseende|"
    r"rorande)\s+(?P<about>\S[^\n]*(?:\n[a-z0-9][^\n]*)?)"
)
_KIND = r"\b(?:motion|skrivelse|interpellation|medborgarforslag|remiss)"
_TOPIC = re.compile(
    r"\b[Mm]otion(?:en)?\b(?: (?:från|fran|av) [^:–—]*)?|\b[Ss]krivelse\b(?: (?:från|fran|"
    r"av) [^:–—]*)?|\b[Rr]emiss\b"
)
_ANSWER = re.compile(
    r"^(?:svar (?:pa|till)|(?:remiss)?yttrande (?:over|angaende|om)|remissvar(?: pa| over|"
    r" angaende| om)?|besvarande av|angaende)\s+"
    r"(?:remiss (?:av|om|angaende|gallande)\s+)?"
)
_ASKED = re.compile(
    r"\bremissinstans\w*|\bremitter\w+|\b(?:skickats|sants|gatt|skickat) (?:ut )?(?:pa remiss|"
    r"for yttrande)|\bpa remiss till\b|\bbegart\b.{0,80}\byttrande|\bfor yttrande till\b|"
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
    shown = squeeze(title[len(title) - len(_ANSWER.sub("", fold(title))) :])
    shown = DNR.sub("", shown).strip(" ,.-–—")
    shown = shown[:1].upper() + shown[1:]
    about = _ABOUT.search(fold(shown))
    if about:
        return Found(shown, *span, (("kind", about["kind"]), ("about", shown[about.start("about") :])))
    if kind := re.search(_KIND, fold(shown)):
        return Found(shown, *span, (("kind", kind.group()), ("about", _TOPIC.sub("", shown).strip(" -–—:"))))
    return _named_in_text(text, opening_end)


def _named_in_text(text: str, opening_end: int) -> Found | None:
    found = _ABOUT.search(fold(text))
    if found is None or found.start() > max(opening_end + 3000, 4000):
        return None
    start, end = found.start(), found.end()
    about = squeeze(text[found.start("about") : end])
    return Found(squeeze(text[start:end]), start, end, (("kind", found["kind"]), ("about", about)))


def numbers(text: str, end: int) -> Iterator[Found]:
    """The diarienummer in ``text[:end]``."""
    for match in DNR.finditer(text[:end]):
        yield Found(squeeze(match["labelled"] or match["prefixed"]), match.start(), match.end())


def deadlines(text: str, year: str | None) -> Iterator[Found]:
    """Sentences that name a last day for an answer; a date without a year takes ``year``."""
    for sentence in split_sentences(text):
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
    for sentence in split_sentences(text):
        match = _ASKED.search(fold(sentence.text))
        if match:
            yield from _asked_in(sentence, gazetteer)


def _asked_in(sentence: Sentence, gazetteer: Gazetteer) -> Iterator[Found]:
    asked: list[tuple[BodyMention, str]] = []
    asker = _asker(sentence.text, gazetteer)
    for mention in gazetteer.recognise(sentence.text):
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
