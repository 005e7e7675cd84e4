"""What kind of document it is, by its form and sender."""

from __future__ import annotations

import re

from ingest.opening import Opening
from rag.domain import DocumentKind
from rag.folding import fold

_PROTOKOLL = re.compile(r"\b(?:sammantrades)?protokoll(?:sutdrag)?\b")
_MINUTES = re.compile(
    r"\b(?:justerare|justerande|justeringsdatum|utses att justera|beslutande|paragrafer|bevis om anslag)"
)
_NOTICE = re.compile(r"\b(?:kallelse|foredragningslista|dagordning)\b")
_REMISS = re.compile(
    r"\bremiss|yttrande (?:till|over)|har begart (?:in )?.{0,60}yttrande|inkommit for yttrande|"
    r"begaran om yttrande|tillfalle att yttra sig|att yttra sig over"
)
_ANSWER = re.compile(r"\bsvar (?:pa|till)\b|\bbesvara")
_STATEMENT = re.compile(
    r"\b(?:yttrande (?:over|fran|om|angaende|till)|remissvar|svar pa remiss|remissyttrande)"
)
_RESPONDS = re.compile(
    r"\bhar tagit del av (?:remissen|motionen|forslaget|remitter)|\bavstar fran att yttra sig|"
    r"\bsom (?:sitt )?svar pa remissen|\b(?:tillstyrker|avstyrker) motionen"
)
_OFFICE = re.compile(r"\b(?:tjansteutlatande|tjansteskrivelse)\b")
_MOTION = re.compile(r"^(?:enskild |parti)?motion\b(?! (?:har|ska|som))", re.MULTILINE)
_SKRIVELSE = re.compile(r"^(?:oppositions|parti)?skrivelse\b", re.MULTILINE)


def kind_of(opening: Opening, title: str) -> DocumentKind:
    """The kind of the document that opens so. An administration's text is a remissvar where someone asked for a
    view, else a tjänsteutlåtande; the motion or skrivelse itself is what has no administration in it."""
    head, folded_title = fold(opening.head), fold(title)
    if _is_protokoll(opening, head):
        return DocumentKind.PROTOKOLL
    if _is_request(opening, folded_title):
        return DocumentKind.OTHER
    administration = opening.has("assessment", "proposal") and "riksdag" not in head
    if administration or _OFFICE.search(head):
        return _answer_kind(opening, head, folded_title)
    return _kind_by_title(opening, head, folded_title)


def _kind_by_title(opening: Opening, head: str, title: str) -> DocumentKind:
    about_skrivelse = re.search(r"\bsvar pa (?:en )?skrivelse", title)
    if not about_skrivelse and (
        _STATEMENT.search(title) or re.search(r"\b(?:remissvar|remissyttrande)\b", head)
    ):
        return DocumentKind.REMISSVAR
    if _ANSWER.search(title):
        return DocumentKind.TJANSTEUTLATANDE
    if _RESPONDS.search(fold(opening.text[:2500])):
        return DocumentKind.REMISSVAR
    if _MOTION.search(title) or _MOTION.search(head):
        return DocumentKind.MOTION
    return (
        DocumentKind.SKRIVELSE if _SKRIVELSE.search(title) or _SKRIVELSE.search(head) else DocumentKind.OTHER
    )


def _is_request(opening: Opening, title: str) -> bool:
    """A remiss itself asks for views and gives none."""
    text = fold(opening.text[:2500])
    asks = re.search(
        r"\b(?:sands|skickas|remitteras|remitterar|overlamnas) (?:ut )?(?:pa remiss|for yttrande|till)", text
    )
    opens = re.match(
        r"\W*(?:kommunstyrelsen[^\n]*\s+)?remiss(?: fran\b|:|\s*\n| om\b)", text
    ) or title.startswith("remiss")
    return bool(opens and asks) and not opening.has("assessment", "proposal")


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
    if re.match(r"\W*yttrande\s*$", fold(opening.text.lstrip()[:40].partition("\n")[0])):
        asked = asked or _REMISS.search(fold(opening.text[:2500]))
    if not asked and not _OFFICE.search(head):
        asked = _REMISS.search(fold(opening.under("summary", "background"))[:1500])
    about_skrivelse = re.search(r"svar pa (?:en )?skrivelse|skrivelse", f"{title} {proposal}")
    return DocumentKind.REMISSVAR if asked and not about_skrivelse else DocumentKind.TJANSTEUTLATANDE
