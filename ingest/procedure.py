"""How a § of a protokoll was decided: who called for a vote, how it fell, who voted how, who stood aside."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise

from ingest.case import Case
from ingest.parts import Part
from ingest.people import PERSON_WITH_PARTY, persons_with_party
from rag.domain import Fact
from rag.folding import fold
from rag.sentences import Sentence, split_sentences

_TOLD_IN = frozenset({"voting", "decision", "yrkanden", "other", ""})  # roles of the parts that tell it
_CALLED = re.compile(r"\b(?:votering|omrostning)\w*\b.*\bbegar\w*|\bbegar\w*\b.*\b(?:votering|omrostning)")
_ASKS = re.compile(
    r"\bbegar(?:de|t)?\b|\bbegar\w*s av\b"
)  # not "begärs", "begärdes": nobody is named as the one who does
_COUNT = re.compile(
    r"\b\w+ (?:(?:ja|nej)-? ?)?rost(?:er)?\b.*\b(?:mot|och|nej|avsta)"
    r"|\b(?:ja|nej)(?:-?\s?rost(?:er)?)?\s*[:=-]?\s*\d+\b"
    r"|\b\d+ (?:ja|nej)\b|\b\d+ (?:ledamoter )?(?:rostade|avst[ao]\w*)"
)
_SIDE = re.compile(r"\brosta(?:de|r|t)\b|^(?:ja|nej|avst[ao]\w*)\b|\bavst(?:ar|od)\b|\bavstod\b")
_ROW = re.compile(r"\n[ \t]*(?=(?:ja|nej)\b|[^\n]{0,60}\bavst[ao]\w*\b)")
_NO = re.compile(r"\bnej\b|\bnej-?\s?rost|\bavsla\w*|\bemot\b|\brostade mot\b")
_YES = re.compile(r"\bja\b|\bja-?\s?rost")
_ABSTAINS = re.compile(r"\bavst(?:ar|od|a|att)\b")
_ASIDE = re.compile(
    r"\bjav\b|\bjavig\w*|\b(?:deltog|deltar|deltagit|deltager)\s+(?:\w+ )?(?:inte|ej)\b"
    r"|\b(?:inte|ej) (?:deltog|deltar|deltagit)\b|\bavst\w+ fran att delta"
)


def proceedings(case: Case, members: Sequence[Part], detail: Mapping[str, str]) -> Iterator[Fact]:
    """The facts ``proceeding`` of one §: value ``called`` (detail ``people``: who asked for the vote, if told),
    ``count``, ``side`` (detail ``side``: for, against or abstained; ``people``) or ``aside``."""
    for part in members:
        if part.role in _TOLD_IN:
            sentences = tuple(_rows(split_sentences(case.text[part.start : part.end], part.start)))
            for at, sentence in enumerate(sentences):
                yield from _told(case, sentence, sentences[at + 1 : at + 2], detail)


def _rows(sentences: Sequence[Sentence]) -> Iterator[Sentence]:
    """The sentences, with those that say on one line who said yes and on the next who said no as one each."""
    for sentence in sentences:
        cuts = [0, *(match.end() for match in _ROW.finditer(fold(sentence.text))), len(sentence.text)]
        for start, end in pairwise(cuts):
            text = sentence.text[start:end].rstrip()
            yield Sentence(sentence.start + start, sentence.start + start + len(text), text)


def _told(
    case: Case, sentence: Sentence, after: Sequence[Sentence], detail: Mapping[str, str]
) -> Iterator[Fact]:
    folded = " ".join(fold(sentence.text).split())
    called = _CALLED.search(folded)
    if called:
        people = _people(sentence.text) if _ASKS.search(folded) else ""
        yield _fact("called", sentence.start, sentence.end, detail, people=people)
    if _COUNT.search(folded) and re.search(r"rost|\b(?:ja|nej)\b", folded):
        yield _fact("count", sentence.start, sentence.end, detail)
    if _ASIDE.search(folded):
        yield _fact("aside", sentence.start, sentence.end, detail, people=_people(sentence.text))
    elif _SIDE.search(folded):
        leads = re.search(r"\brostade\b|:$", folded) or len(folded.split()) < 4
        named = after if leads and not PERSON_WITH_PARTY.search(sentence.text) else ()
        end = named[0].end if named and PERSON_WITH_PARTY.search(named[0].text) else sentence.end
        people = _people(case.text[sentence.start : end])
        if people:
            yield _fact("side", sentence.start, end, detail, people=people, side=_side(folded))


def _side(folded: str) -> str:
    if _ABSTAINS.search(folded) and not re.search(r"\brostade\b", folded):
        return "abstained"
    return "for" if _YES.search(folded) and not re.search(r"\bnej\b", folded) else _by_word(folded)


def _by_word(folded: str) -> str:
    return "against" if _NO.search(folded) else "for"


def _people(text: str) -> str:
    return "; ".join(f"{person.name} ({person.party})" for person in persons_with_party(text))


def _fact(value: str, start: int, end: int, detail: Mapping[str, str], **more: str) -> Fact:
    return Fact("proceeding", value, start, end, "", {k: v for k, v in {**more, **detail}.items() if v})
