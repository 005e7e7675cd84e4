"""The facts of a protokoll, § by §: what was decided, who wanted what, who dissented."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import groupby

from ingest import people
from ingest.case import Case, as_fact
from ingest.decisions import Outcome, decision_signals, outcome, yrkanden
from ingest.dissent import dissent_facts
from ingest.lines import squeeze
from ingest.meeting import meeting_facts
from ingest.parts import Part
from ingest.procedure import proceedings
from ingest.stance import Stance, conclude
from ingest.stance_facts import decision_facts
from ingest.titles import DNR
from ingest.verdicts import stance_fact
from rag.domain import Fact
from rag.folding import fold
from rag.sentences import split_sentences

_MOTION = re.compile(r"\b(?:motion|medborgarforslag|remiss|yttrande)\w*")
_BOARD = re.compile(r"(?:namnd|styrels|utskott|presidi)\w*s? ")
_FORWARDS = re.compile(r"\b(?:foreslar|forslar|foreslog)\s+(?:att\s+)?(?:kommun\w+|fullm\w+)")


def protokoll_facts(case: Case) -> Iterator[Fact]:
    """The head of the minutes, and the facts of each §, with detail ``paragraph`` and ``matter``; those of text
    outside any § are left out."""
    yield from meeting_facts(case)
    for name, group in groupby(case.parts, key=lambda part: part.paragraph):
        members = tuple(group)
        if name or any(part.role == "decision" for part in members):
            yield from _paragraph(case, name, members)


def _paragraph(case: Case, name: str, members: tuple[Part, ...]) -> Iterator[Fact]:
    number = re.match(r"§ \d+", name)
    title = name[number.end() :].strip(" -–") if number else case.description.title
    detail = {"paragraph": number.group() if number else "", "matter": title}
    detail = {key: value for key, value in detail.items() if value}
    yield from _subject(case, name, members, detail)
    yield from proceedings(case, members, detail)
    own = {**detail, "body": case.description.body or ""}
    answers = _is_answer(case, name, members)
    proposed = _proposed(case, members)
    made = False
    wanted: list[Fact] = []
    for part in members:
        # Under "Förslag till beslut", too, members may propose instead of the administration.
        may_move = part.role in {"yrkanden", "proposal"}
        moved = list(_yrkanden(case, part, proposed, detail)) if may_move else []
        if moved or part.role == "yrkanden":
            wanted = moved
            yield from wanted
        elif part.role in {"proposal", "decision"} and not (made and part.role == "decision"):
            made = made or part.role == "decision"
            yield from _decided(case, part, own if answers else detail, answers)
        elif part.role in {"reservation", "statement"}:
            dissent = list(dissent_facts(case, part, detail, on_proposal=answers))
            yield from dissent
            yield from _by_yrkande(dissent, wanted) if answers and part.role == "reservation" else ()


_WANTED = {"for": Stance.ENDORSES, "against": Stance.REJECTS, "partly": Stance.PARTLY}


def _by_yrkande(dissent: list[Fact], wanted: list[Fact]) -> Iterator[Fact]:
    """The stance of a reservation that gives no reasons ("till förmån för eget förslag"): what the same people
    moved before the vote, quoted from there."""
    told = {fact.detail.get("people", "") for fact in dissent if fact.name == "stance"}
    for fact in dissent:
        if fact.name != "reservation" or fact.value in told:
            continue
        for moved in wanted:
            people = moved.detail.get("people", "").split("; ")
            if moved.value in _WANTED and any(person and person in fact.value for person in people):
                detail = {**fact.detail, "basis": "decision", "people": fact.value}
                yield Fact("stance", str(_WANTED[moved.value]), moved.start, moved.end, "reservation", detail)
                break


def _decided(case: Case, part: Part, detail: dict[str, str], answers: bool) -> Iterator[Fact]:
    """What a part decides or proposes, and the stance on the motion that this shows."""
    proposed = part.role == "proposal" or _FORWARDS.search(fold(case.text[part.start : part.end]))
    other = part.role == "proposal" and not _BOARD.search(fold(part.heading))
    speaker, status = "administration" if other else "board", "proposed" if proposed else "decided"
    yield from decision_facts(case, part, status, speaker, detail, answers=answers)
    if answers and (other or part.role == "decision"):
        yield from _stance(case, part, speaker, {**detail, "status": status})


def _subject(case: Case, name: str, members: tuple[Part, ...], detail: dict[str, str]) -> Iterator[Fact]:
    """The §'s matter with its number, and who moved it."""
    first = members[0]
    start = case.text.rfind("§", 0, first.start) if name else -1
    if start >= 0:
        heading_end = start + len(case.text[start : first.start].rstrip())
        dnr = DNR.search(case.text[start:heading_end])
        told = {**detail, "end": str(members[-1].end)}
        if dnr:
            told["dnr"] = squeeze(dnr["labelled"] or dnr["prefixed"])
        yield Fact("matter", detail.get("matter", name), start, heading_end, "", told)
    opening = case.text[max(start, 0) : min(first.end, first.start + 400)]
    if _MOTION.search(fold(f"{name} {opening[:600]}")):
        for person in people.movers(case.text[max(start, 0) : first.end], is_motion=False):
            shift = max(start, 0)
            yield Fact(
                "mover",
                person.name,
                shift + person.start,
                shift + person.end,
                "",
                {"party": person.party, **detail},
            )


def _is_answer(case: Case, name: str, members: tuple[Part, ...]) -> bool:
    first = members[0]
    opening = case.text[first.start : min(first.end, first.start + 300)] if not first.role else ""
    return bool(_MOTION.search(fold(f"{name} {opening}")))


def _stance(case: Case, part: Part, speaker: str, detail: dict[str, str]) -> Iterator[Fact]:
    found = decision_signals(case.text[part.start : part.end], part.start, case.vocabulary)
    verdict = conclude(found)
    sentences = split_sentences(case.text[part.start : part.end], part.start)
    said = [
        (sentence, signal)
        for signal in found
        for sentence in sentences
        if sentence.start <= signal.start < sentence.end
    ]
    if said and verdict.stance is not Stance.NONE:
        yield stance_fact(verdict, said, speaker, detail)


def _proposed(case: Case, members: tuple[Part, ...]) -> Outcome:
    """What the proposal before the meeting made of the motion: told under earlier treatment, or else what the
    meeting then decided."""
    for role in ("earlier", "proposal", "decision"):
        for part in members:
            found = (
                outcome(case.text[part.start : part.end], case.vocabulary)
                if part.role == role
                else Outcome.NONE
            )
            if found:
                return found
    return Outcome.NONE


def _yrkanden(case: Case, part: Part, proposed: Outcome, detail: dict[str, str]) -> Iterator[Fact]:
    for wanted in yrkanden(case.text, part.start, part.end, proposed, case.vocabulary):
        names = "; ".join(f"{person.name} ({person.party})" for person in wanted.people)
        parties = " ".join(dict.fromkeys(person.party for person in wanted.people))
        yield as_fact(
            "yrkande", str(wanted.position), wanted, "member", people=names, parties=parties, **detail
        )
