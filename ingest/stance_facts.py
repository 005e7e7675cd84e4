"""The stances in a document that is no protokoll: what is proposed to decide, and what each speaker thinks."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from ingest import proposals
from ingest.case import Case
from ingest.decisions import outcome
from ingest.dissent import dissent_facts
from ingest.parts import Part
from ingest.stance import Stance, conclude
from ingest.verdicts import Said, stance_fact
from rag.domain import Fact
from rag.folding import fold
from rag.sentences import Sentence

_ADOPTS = re.compile(
    r"\b(?:godkan|godkin|antar|overlamna|avger|lamnar)\w*.{0,120}?\b(?:tjansteutlatande|"
    r"utlatande|yttrande|svar|skrivelse)",
    re.DOTALL,
)
_WHO = r"(?:\w+\s+){0,4}?(?:till\s+)?(?P<to>kommunfullm\w+|kommunstyrelsen|fullmaktige)"
_PROPOSES_TO = re.compile(rf"\b(?:foreslar|forslar|hemstaller)\s+{_WHO}")
_TO = re.compile(rf"\b(?:overlamna|lamna)\w*\s+{_WHO}")


def stance_facts(case: Case) -> Iterator[Fact]:
    """Decisions and proposed ones, and one stance per speaker, with the sentences that show it."""
    for part in case.parts:
        if part.role in {"proposal", "decision"}:
            yield from decision_facts(case, part, _status(case), case.voice, {})
        if part.role in {"reservation", "statement"}:
            yield from dissent_facts(case, part, {}, on_proposal=True)
    if case.is_motion or not _takes_position(case):
        return
    said = _by_speaker(case)
    own = {"status": _status(case), "body": case.description.body or ""}
    found = [fact for speaker in _SPEAKERS for fact in _stance(case, said.get(speaker, []), speaker, own)]
    yield from found or _no_stance(case, own)
    for speaker in _SPEAKERS:
        yield from _quotes(said.get(speaker, []), speaker)


_SPEAKERS = ("administration", "board", "quoted")


def _status(case: Case) -> str:
    return "decided" if case.voice == "board" else "proposed"


def decision_facts(
    case: Case, part: Part, status: str, speaker: str, detail: dict[str, str], *, answers: bool = True
) -> Iterator[Fact]:
    """The points of a decision in ``part``; what becomes of a motion only where it ``answers`` one."""
    to_all = _PROPOSES_TO.search(fold(case.text[part.start : part.end]))
    for point in proposals.decision_points(case.text, part.start, part.end):
        folded = fold(point.text)
        to = to_all or _TO.search(folded)
        told = {
            "status": status,
            "number": str(point.number),
            "outcome": str(outcome(point.text, case.vocabulary)) if answers else "",
            "adopts": "yes" if _ADOPTS.search(folded) else "",
            "to": _full(to["to"]) if to else "",
            **detail,
        }
        yield Fact(
            "decision", point.text, point.start, point.end, speaker, {k: v for k, v in told.items() if v}
        )


def _stance(case: Case, said: Sequence[Said], speaker: str, own: Mapping[str, str]) -> Iterator[Fact]:
    verdict = conclude([signal for _, signal in said])
    if verdict.basis == "none" or (speaker == "quoted" and verdict.stance is Stance.NONE):
        return
    yield stance_fact(verdict, said, speaker, {} if speaker == "quoted" else own)


def _no_stance(case: Case, own: Mapping[str, str]) -> Iterator[Fact]:
    """An answer that says neither yes nor no: what it proposes instead is the quote."""
    for part in case.parts:
        if part.role in {"proposal", "decision"}:
            for point in proposals.decision_points(case.text, part.start, part.end)[:1]:
                told = {key: value for key, value in {"basis": "none", **own}.items() if value}
                yield Fact("stance", str(Stance.NONE), point.start, point.end, case.voice, told)
            return


def _takes_position(case: Case) -> bool:
    """A document takes a position where something was proposed to it; one that only answers the questions of a
    skrivelse does not."""
    if not case.answers_someone:
        return False
    kind = dict(case.matter.detail).get("kind", "") if case.matter else ""
    return kind != "skrivelse" or any(not point.is_question for point in case.moved)


def _by_speaker(case: Case) -> dict[str, list[Said]]:
    found: dict[str, list[Said]] = {}
    for part in case.parts:
        if part.role in {"reservation", "statement", "attachments", "attestation", "documents", "contents"}:
            continue
        for sentence, signal, speaker in case.said(part):
            weight = replace(signal, kind=_outside(signal.kind, part.role))
            if weight.kind:
                found.setdefault(speaker, []).append((sentence, weight))
    return found


def _outside(kind: str, role: str) -> str:
    """In the proposed decision only what decides counts: its wording repeats the motion's title."""
    return (
        kind
        if role != "proposal"
        or kind in {"formal_yes", "formal_no", "answered", "partly", "abstain", "neutral"}
        else ""
    )


_FOR, _AGAINST = {"formal_yes", "yes", "agree"}, {"formal_no", "no", "weak_no"}


def _quotes(said: Sequence[Said], speaker: str) -> Iterator[Fact]:
    kinds: dict[Sentence, set[str]] = {}
    for sentence, signal in said:
        kinds.setdefault(sentence, set()).add(signal.kind)
    for sentence, found in kinds.items():
        if found & (_FOR | _AGAINST):
            value = "both" if found & _FOR and found & _AGAINST else "for" if found & _FOR else "against"
            yield Fact("stance_quote", value, sentence.start, sentence.end, speaker)


def _full(name: str) -> str:
    return "kommunfullmäktige" if "fullm" in name else name
