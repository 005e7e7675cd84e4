"""The title of a document: the first line that is none of its letterhead."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from ingest.dates import dates_in
from ingest.lines import Line, lines_of, paragraphs_of, squeeze
from ingest.signatures import is_title, person_in
from ingest.vocabulary import folded_words
from rag.folding import fold

DNR = re.compile(
    r"\b(?:[Dd]nr|[Dd]iarienummer|[Dd]iarienr|[Ää]rendenr|"
    r"[Ää]rendenummer)\b[.:]?\s*(?P<labelled>[A-ZÅÄÖa-zåäö]{0,8}[ -]?\d[\d.:/-]*\d(?:-\d+)?)"
    r"|(?<![\w/])(?P<prefixed>[A-ZÅÄÖ]{2,8}[ -]?(?:19|20)\d\d[/:-](?!(?:19|20)\d\d\b)\d{1,6}(?:[-.]\d+)*)(?![\w/])"
)
_PAGE = re.compile(r"(?:sida?\s*)?\d{1,3}\s*(?:\(\s*\d{1,3}\s*\)|/\s*\d{1,3}|av \d{1,3})?", re.IGNORECASE)
_CONTACT = re.compile(r"@|www\.|https?:|(?<![\w/:.-])0\d{1,3}[ /-]?\d|\b\d{3} ?\d{2} [A-ZÅÄÖ]|\+46")
_AUTHOR_ONLY = re.compile(
    r"(?:(?:motion|skrivelse|interpellation|fraga|remiss|stalld|inlamnad|skriven|vackt)\s+)?(?:av|fran)\s+(?!.*\b(?:om|"
    r"angaende|gallande|rorande|att)\b).{3,90}"
)
_TOPICAL = re.compile(
    r"^(?:svar (?:pa|till)|remissvar|motion|skrivelse|yttrande|remiss|angaende|forslag|"
    r"interpellation|medborgarforslag)\b"
)
_SUBJECT = re.compile(  # of a letter or a printed message
    r"^(?:Ämne|Subject|Rubrik)[ \t]*:[ \t]*(?:(?:VB|SV|FW|Fwd|Re)[ \t]*:[ \t]*)*(?P<title>\S.{6,200})$",
    re.MULTILINE,
)
_GREETING = re.compile(
    r"(?:hej|hejsan|basta|kara|god dag)\b[^.?:]{0,40}[!,]|(?:med )?vanlig\w*(?: halsning\w*)?,?|mvh"
)
_MARKER = re.compile(  # "UTKAST", "Exempel - inte ett riktigt dokument"
    r"(?:exempel|utkast|kopia|koncept|arbetsmaterial|offentlig handling|preliminar\w*|version [\d.]+)(?:\W+\w+){0,5}\W*"
)
_MAX_TITLE = 220


def title_lines(text: str, end: int, extra: Path | None = None) -> Iterator[tuple[int, int]]:
    """Spans in ``text[:end]`` that may be the title, best first: letterhead, dates and forms left out."""
    if subject := _SUBJECT.search(text, 0, end):
        yield subject.span("title")
    for names in (False, True):  # only where nothing else is left is a line shaped like a name a title
        found = list(_candidates(text, end, extra, names=names))
        topical = [span for span in found if not _AUTHOR_ONLY.fullmatch(fold(squeeze(text[slice(*span)])))]
        if topical:
            break
    ordered = topical or found
    yield from sorted(ordered, key=lambda span: not _is_topical(text, span))


def is_form_line(line: str, extra: Path | None = None) -> bool:
    """Whether ``line`` only says what kind of paper this is ("Tjänsteutlåtande")."""
    return fold(squeeze(line)).strip(" .:") in folded_words("form_lines", extra)


def letterhead_label(line: str, extra: Path | None = None) -> bool:
    """Whether ``line`` is a label of a letterhead ("Handläggare", "Telefon: 08-...")."""
    folded = fold(squeeze(line))
    return any(
        folded == label or folded.startswith((f"{label}:", f"{label} "))
        for label in folded_words("letterhead", extra)
    )


def _is_topical(text: str, span: tuple[int, int]) -> bool:
    return bool(_TOPICAL.match(fold(squeeze(text[slice(*span)]))))


def _candidates(text: str, end: int, extra: Path | None, *, names: bool) -> Iterator[tuple[int, int]]:
    after_label = False
    for start, stop in paragraphs_of(text, 0, end):
        lines = lines_of(text[start:stop])
        if letterhead_label(lines[0].text, extra):
            after_label = len(lines) == 1 and not lines[0].text.partition(" ")[2]
            continue
        if after_label and len(lines) <= 3 and not _is_topical(text, (start, stop)):
            after_label = False
            continue
        span = _title_span(lines, extra, names=names)
        if span:
            yield start + span[0] + _label_length(text[start + span[0] : start + span[1]]), start + span[1]


_TITLE_LABEL = re.compile(r"(?:#{1,6}\s+)?(?:(?:Ärende|Rubrik|Titel|Ang|Angående|Arende)\s*:\s*)?")


def _label_length(title: str) -> int:
    match = _TITLE_LABEL.match(title)
    return match.end() if match else 0


def _title_span(lines: tuple[Line, ...], extra: Path | None, *, names: bool) -> tuple[int, int] | None:
    """Where in a paragraph the title stands: its leading lines that are none of the letterhead."""
    rest = [
        line for line in lines if not _is_letterhead(line.text, extra) and (names or not person_in(line.text))
    ]
    if not rest:
        return None
    first, last = rest[0], rest[0]
    text = " ".join(line.text for line in rest)
    wrapped = len(text) <= _MAX_TITLE and len(rest) <= 3 and len(first.text) >= 45
    for line in rest[1:]:
        if line.end - first.start > _MAX_TITLE or not (wrapped or _continues(last.text, line.text)):
            break
        last = line
    if last is rest[-1] and len(text.split()) > 5 and text.endswith((".", ":", ";")):
        return None  # a paragraph of prose
    if len(first.text) < 4 or first.text.endswith(":") or not re.search("[A-Za-zÅÄÖåäö]{3}", first.text):
        return None
    return first.start, last.end


def _continues(upper: str, lower: str) -> bool:
    """Whether a title broken over two lines goes on: the lower line starts small, or the upper is open."""
    if upper.endswith((".", "!", "?")):
        return False
    return lower[0].islower() or bool(
        re.search(r"(?:[,–-]|\b(?:och|om|att|av|på|i|för|till|med|den|det|en|ett|m\.? ?fl\.?))$", upper)
    )


def _is_letterhead(line: str, extra: Path | None) -> bool:
    text = squeeze(line)
    if letterhead_label(text, extra) or is_form_line(text, extra) or is_title(text, extra):
        return True
    if (
        re.fullmatch(r"[Bb]ilaga \d{0,2}[a-z]?\.?", text)
        or _PAGE.fullmatch(text)
        or _CONTACT.search(text)
        or re.fullmatch(r"\d{4}/\d\d:\d+", text)
        or _GREETING.fullmatch(fold(text))
        or _MARKER.fullmatch(fold(text))
    ):
        return True
    rest = DNR.sub("", text)
    for mention in dates_in(text):
        rest = rest.replace(text[mention.start : mention.end], "")
    if re.fullmatch(_BODY_LINE, fold(rest).strip(" ,.-")):
        return True
    return len(rest) < len(text) and len(re.findall(r"\w+", rest)) <= 3


# A line that only names a body or a unit: the addressee or the sender.
_BODY_LINE = (
    r"(?:avdelning|enhet|sektion|forvaltning|kontor)\w* for .{3,60}|till (?:[\w-]+ ){0,2}[\w-]+|"
    r"(?:[\w-]+ ){0,2}[\w-]*(?:namnd(?:en)?|delsrad(?:et)?|styrelsen|fullmaktige|utskott(?:et)?|"
    r"forvaltning(?:en)?|kontor(?:et)?|kommun|stad|kansli(?:et)?"
    r"|avdelning(?:en)?|enhet(?:en)?|partiet|demokraterna|liberalerna|moderaterna)"
)
