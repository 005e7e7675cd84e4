"""The stances in a document that is no protokoll: what is proposed to decide, and what each speaker thinks."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from ingest import people, proposals
from ingest.case import Case
from ingest.decisions import outcome
from ingest.lines import lines_of
from ingest.parts import Part
from ingest.stance import Signal, Stance, Verdict, conclude
from rag.domain import Fact
from rag.folding import fold
from rag.sentences import Sentence

_ADOPTS = re.compile(r"\b(?:godkan|godkin|antar|overlamna|avger|lamnar)\w*.{0,120}?\b(?:tjansteutlatande|utlatande|yttrande|svar|skrivelse)", re.DOTALL)
_TO = re.compile(r"\b(?:foreslar|forslar|overlamna\w*|hemstaller)\s+(?:\w+\s+){0,4}?(?:till\s+)?(?P<to>kommunfullm\w+|kommunstyrelsen|fullmaktige)")

Said = tuple[Sentence, Signal]


def stance_facts(case: Case) -> Iterator[Fact]:
    """Proposed decisions, and one stance per speaker, with the sentences that show it."""
    for part in case.parts:
        if part.role in {"proposal", "decision"}:
            yield from decision_facts(case, part, "proposed", "administration", {})
        if part.role in {"reservation", "statement"}:
            yield from dissent(case, part, {})
    if case.is_motion or not _takes_position(case):
        return
    said = _by_speaker(case)
    yield from _stance(case, said.get("administration", []))
    for speaker in ("board", "quoted"):
        verdict = conclude([signal for _, signal in said.get(speaker, [])])
        if verdict.basis != "none" and verdict.stance is not Stance.NONE:
            yield stance_fact(verdict, said[speaker], speaker, {})
    for speaker, found in said.items():
        if speaker in {"administration", "board", "quoted"}:
            yield from _quotes(found, speaker)


def decision_facts(case: Case, part: Part, status: str, speaker: str, detail: dict[str, str]) -> Iterator[Fact]:
    """The points of a decision in ``part``."""
    for point in proposals.decision_points(case.text, part.start, part.end):
        folded = fold(point.text)
        to = _TO.search(folded)
        told = {
            "status": status,
            "number": str(point.number),
            "outcome": str(outcome(point.text, case.vocabulary)),
            "adopts": "yes" if _ADOPTS.search(folded) else "",
            "to": _full(to["to"]) if to else "",
            **detail,
        }
        yield Fact("decision", point.text, point.start, point.end, speaker, {k: v for k, v in told.items() if v})


def dissent(case: Case, part: Part, detail: dict[str, str]) -> Iterator[Fact]:
    """Reservations and statements in ``part``: who made them, and the stance they show."""
    head_start = max(0, part.start - len(part.heading) - 3)
    who = people.persons_with_party(case.text[head_start : part.end], head_start)
    names = ", ".join(f"{person.name} ({person.party})" for person in who)
    first = next(iter(lines_of(case.text[part.start : part.end])), None)
    if first is None:
        return
    start, end = part.start + first.start, part.start + first.end
    yield Fact(part.role, names or part.heading, start, end, part.role, dict(detail))
    said = [(sentence, signal) for sentence, signal, speaker in case.said(part) if speaker == part.role]
    verdict = conclude([signal for _, signal in said])
    if verdict.stance is not Stance.NONE:
        yield stance_fact(verdict, said, part.role, {**detail, **({"people": names} if names else {})})


def stance_fact(verdict: Verdict, said: Sequence[Said], speaker: str, detail: dict[str, str]) -> Fact:
    """The stance with its most telling sentence as the quote, and the places of those for and against."""
    places = {signal: sentence for sentence, signal in said}
    main = places[verdict.quotes[0]]
    told = {"basis": verdict.basis, **detail}
    for key, signal in (("positive", verdict.positive), ("negative", verdict.negative)):
        if signal is not None:
            told[key] = f"{places[signal].start}-{places[signal].end}"
    condition = next((s for s in verdict.quotes if s.condition and s.kind in {"formal_yes", "yes"}), None)
    if condition is not None:
        told["condition"] = f"{places[condition].start}-{places[condition].end}"
    if verdict.stance is Stance.PARTLY and verdict.basis == "assessment":
        told["declines"] = "yes" if any(s.kind == "no" for s in verdict.quotes) else ""
    return Fact("stance", str(verdict.stance), main.start, main.end, speaker, {k: v for k, v in told.items() if v})


def _stance(case: Case, said: Sequence[Said]) -> Iterator[Fact]:
    verdict = conclude([signal for _, signal in said])
    detail = {"status": "proposed", "body": case.description.body or ""}
    if verdict.quotes and verdict.basis != "none":
        yield stance_fact(verdict, said, "administration", detail)
        return
    for part in case.parts:
        for point in proposals.decision_points(case.text, part.start, part.end) if part.role == "proposal" else ():
            told = {"basis": "none", **detail}
            yield Fact("stance", str(Stance.NONE), point.start, point.end, "administration", told)
            return


def _takes_position(case: Case) -> bool:
    """A document takes a position where something was proposed to it; one that only answers questions does
    not."""
    if not case.answers_someone:
        return False
    kind = dict(case.matter.detail).get("kind", "") if case.matter else ""
    return not (kind == "skrivelse" and "?" in case.text and not _asks_more(case))


def _asks_more(case: Case) -> bool:
    return any(re.search(r"\b(?:foreslar|yrkar|hemstaller)\b.{0,60}\batt\b", fold(case.text[p.start : p.end])) for p in case.parts if p.role == "matter")


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
    return kind if role != "proposal" or kind in {"formal_yes", "formal_no", "answered", "partly", "abstain", "neutral"} else ""


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
