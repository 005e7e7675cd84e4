"""What was decided or is proposed to be decided, and what members of a board wanted instead (yrkanden)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from ingest.people import PERSON_WITH_PARTY, Person, persons_with_party
from ingest.stance import Signal, Stance, conclude, signals
from rag.folding import fold
from rag.sentences import split_sentences


class Outcome(StrEnum):
    """What becomes of a motion or another matter; the values are shown to users."""

    APPROVED = "bifall"
    REJECTED = "avslag"
    PARTLY = "delvis bifall"
    ANSWERED = "anses besvarad"
    RETURNED = "återremiss"
    TABLED = "bordläggs"
    NONE = ""


class Position(StrEnum):
    """What a yrkande wants of the motion."""

    FOR = "for"
    AGAINST = "against"
    PARTLY = "partly"
    SUPPORTS_PROPOSAL = "supports_proposal"  # of the committee, which neither approves nor rejects
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Yrkande:
    """One motion from the floor at ``text[start:end]``."""

    text: str
    start: int
    end: int
    people: tuple[Person, ...]
    position: Position


_BY_STANCE = {
    Stance.ENDORSES: Outcome.APPROVED,
    Stance.REJECTS: Outcome.REJECTED,
    Stance.PARTLY: Outcome.PARTLY,
    Stance.ANSWERED: Outcome.ANSWERED,
}
_RETURNED = re.compile(r"\b(?:aterremit\w*|aterremiss\w*)")
_TABLED = re.compile(r"\b(?:bordlagg\w*|bordlag[gt]\w*)")
_IN_PARTS = re.compile(r"\batt-?sats|\bpunkt(?:en|erna)?\b|\bi ovrigt\b|\bi den del")
_QUOTED = re.compile(r"[”\"“»][^”\"“«]{15,}(?:[”\"“«]|$)", re.DOTALL)


def outcome(text: str, vocabulary: Path | None = None) -> Outcome:
    """What a decision text makes of the matter. A part approved and a part rejected is ``PARTLY``; a part
    rejected and the rest merely noted is rejected."""
    folded = fold(text)
    if _TABLED.search(folded):
        return Outcome.TABLED
    if _RETURNED.search(folded):
        return Outcome.RETURNED
    found = decision_signals(text, 0, vocabulary)
    verdict = conclude(found)
    if (
        verdict.stance is Stance.ENDORSES
        and _IN_PARTS.search(folded)
        and any(s.kind == "answered" for s in found)
    ):
        return Outcome.PARTLY
    return _BY_STANCE.get(verdict.stance, Outcome.NONE) if verdict.basis == "decision" else Outcome.NONE


def decision_signals(text: str, offset: int, vocabulary: Path | None = None) -> tuple[Signal, ...]:
    """The cues of a decision text that decide: attitudes in its reasons do not count."""
    return tuple(
        signal
        for sentence in split_sentences(text, offset)
        for signal in signals(sentence.text, offset=sentence.start, vocabulary=vocabulary)
        if signal.kind in {"formal_yes", "formal_no", "answered", "partly"}
    )


_YRKAR = re.compile(r"\b(?:yrka[rd]e?|yrkas|foreslog|foreslar|instam(?:de|mer)|hemstallde|hemstaller)\b")
# Whose proposal it is that someone backs: the motion's own, a body's, or one that a member brought.
_MOTION = (
    r"(?:[\w-]*motion\w*|att-?satse?r?n?\w*|medborgarforslag\w*|resten|ovrigt?a?|(?:pa|"
    r"till) den (?:forsta|andra|tredje|fjarde|sista))"
)
_OF_MOTION = re.compile(rf"\b{_MOTION}")
_OF_BODY = re.compile(
    r"\b(?:[\w-]*(?:utskott(?:et)?|namnd(?:en)?|styrelsen|forvaltning(?:en)?|kontor(?:et)?|"
    r"enhet(?:en)?|ordforande(?:n)?|direktor(?:en)?|chef(?:en)?|borgarradet|beredning(?:en)?|"
    r"presidiet))s"
    r"\s+(?:[\w]+\s+)?forslag|\b(?:liggande|foreliggande|framlagda|utsant|tjanste\w*|"
    r"huvud)\s?-?forslag\w*|\bforslag\w* (?:fran|enligt|i) (?!motion)[\w ]{3,40}|"
    r"\bforslag(?:et)? till (?:beslut|svar|yttrande)\b(?! *:)|\btjanste(?:utlatande|"
    r"skrivelse)\w*"
)
_OWN = re.compile(
    r"\b(?:foljande|eget|egna|sitt|sina|nedanstaende|bilagt|nytt)\s+(?:\w+\s+)?(?:forslag|"
    r"yrkande|tillagg)|\b(?:tillaggs|andrings)yrkande|\(\w{1,4}\):?s\s"
)
_FOR, _AGAINST = (
    re.compile(r"\bbifall\w*|\btillstyrk\w*|\bbeslut\w* (?:enligt|i enlighet med)"),
    re.compile(r"\bavsla(?!g\w* pa \w+ yrkande)\w*|\bavstyrk\w*"),
)


def yrkanden(
    text: str, start: int, end: int, proposal: Outcome, vocabulary: Path | None = None
) -> Iterator[Yrkande]:
    """The yrkanden in ``text[start:end]``; ``proposal`` is what the decision proposed to the meeting makes of
    the motion, since backing it means for or against accordingly."""
    for sentence in split_sentences(text[start:end], start):
        if _YRKAR.search(fold(sentence.text)) and PERSON_WITH_PARTY.search(sentence.text):
            people = persons_with_party(sentence.text, sentence.start)
            yield Yrkande(
                sentence.text, sentence.start, sentence.end, people, position(sentence.text, proposal)
            )


def position(text: str, proposal: Outcome) -> Position:
    """What the yrkande ``text`` wants of the motion, ``proposal`` being the one before the meeting."""
    wording = fold(_QUOTED.sub(" ", text))
    wording = re.sub(r"\bbifall till att\b", "att", wording)
    first, _, second = wording.partition("andra hand")
    if _RETURNED.search(wording) or _TABLED.search(wording):
        if not second:
            return Position.OTHER
        wording = second if _RETURNED.search(first) or _TABLED.search(first) else first
    wanted = {_wish(clause, proposal) for clause in _wishes(wording)}
    wanted.discard(None)
    if {Position.FOR, Position.AGAINST} <= wanted or Position.PARTLY in wanted:
        return Position.PARTLY
    for one in (Position.FOR, Position.AGAINST, Position.SUPPORTS_PROPOSAL):
        if one in wanted:
            return one
    return Position.OTHER


def _wishes(wording: str) -> list[str]:
    """The parts of a yrkande that each start at a word of approval or rejection, or hold the only one."""
    cuts = sorted(match.start() for pattern in (_FOR, _AGAINST) for match in pattern.finditer(wording))
    if len(cuts) < 2:
        return [wording]
    return [
        wording[: cuts[1]],
        *(wording[a:b] for a, b in zip(cuts[1:], [*cuts[2:], len(wording)], strict=True)),
    ]


def _wish(clause: str, proposal: Outcome) -> Position | None:
    against, in_favour = _AGAINST.search(clause), _FOR.search(clause)
    if not (against or in_favour):
        return (
            Position.AGAINST
            if re.search(r"\bans\w* besvarad", clause) and proposal is Outcome.APPROVED
            else None
        )
    after = clause[(against or in_favour).end() :]  # type: ignore[union-attr]
    own, body, motion = _OWN.search(clause), _OF_BODY.search(after), _OF_MOTION.search(clause)
    if own and not body and (not motion or own.start() < motion.start()):
        return None
    if body and not (motion and motion.start() < clause.find(body.group())):
        return _backing(proposal, bool(against))
    if motion or re.search(r"\bforslag\w*|\bpunkt\w*", clause):
        return Position.AGAINST if against else Position.FOR
    return None


def _backing(proposal: Outcome, against: bool) -> Position | None:
    """What backing (or rejecting) the proposal before the meeting means for the motion."""
    meaning = {
        Outcome.REJECTED: Position.AGAINST,
        Outcome.APPROVED: Position.FOR,
        Outcome.PARTLY: Position.PARTLY,
    }
    wanted = meaning.get(proposal, Position.SUPPORTS_PROPOSAL)
    if not against:
        return wanted
    return {Position.AGAINST: Position.FOR, Position.FOR: Position.AGAINST}.get(wanted)
