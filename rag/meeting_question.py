"""What a question asks of a meeting: who moved what, who dissented, what was decided, how the vote fell.

Which words ask for what stands in ``data/meetings.toml``.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Literal, cast

from rag.dates import moments
from rag.folding import fold
from rag.question import Question

Aspect = Literal[
    "adjusted", "head", "aside", "called", "side", "count", "speech", "reservation", "claimed", "yrkande",
    "tabled", "why_decided", "decision", "detail",
]  # fmt: skip
_AMERICAN = re.compile(r"\b([A-Z][a-z]+) (\d{1,2}), ((?:19|20)\d\d)\b")
_COUNCIL = re.compile(
    r"\bfullmaktige|\bkf\b|\b(?:the|municipal|city|in) council\b|\bcouncil (?:member|meeting|decision)"
)
_BOARD = re.compile(r"\bks\b|\bexecutive board|\bkommunstyrelse")
_PARTY = r"(?<!\w)(?:{})(?!\w)(?![ -](?:motion|forslag|interpellation|skrivelse))"  # whose motion it is, is no voice
_FULL_NAME = re.compile(r"[A-ZÅÄÖÉ][\w-]+ [A-ZÅÄÖÉ][\w-]+")
_PROPOSES = re.compile(r"\bforesl\w+|\bproposed?\b")
_PARAGRAPH = re.compile(r"(?:§|\bparagraf(?:en)?|\bparagraph|\bsection)\s*(\d+)")


@dataclass(frozen=True, slots=True)
class Asked:
    """``asks`` of the meeting of one of ``bodies`` on one of ``days`` (ISO 8601, or its beginning: "2019-05"), on the
    matter that the words of ``topic`` tell. ``label`` is the entry of the minutes' head that is asked for; ``wish``
    and ``target`` are patterns over what was moved; ``party`` (its letters) or ``person`` is whose words are asked
    for."""

    asks: Aspect
    question: Question
    bodies: tuple[str, ...] = ()
    days: tuple[str, ...] = ()
    topic: tuple[str, ...] = ()
    paragraph: str = ""
    label: str = ""
    wish: str = ""
    target: str = ""
    party: str = ""
    person: str = ""

    @property
    def placed(self) -> bool:
        """Whether the question says which body or which day is meant."""
        return bool(self.bodies or self.days or self.paragraph)

    @property
    def proposals(self) -> bool:
        """Whether what was proposed to a meeting is asked for, not what it decided."""
        return bool(_PROPOSES.search(fold(self.question.text)))

    @property
    def of_whole_meeting(self) -> bool:
        """Whether all that a meeting decided is asked for."""
        return self.asks == "decision" and self.placed and not (self.topic or self.paragraph)


def asked_of_meeting(question: Question) -> Asked | None:
    """What the question asks of a meeting, or None where it asks for something else."""
    folded = fold(question.text)
    party, said = _party(folded)
    person = "" if party else _person(question)
    outside = re.sub(r"\(.*?\)", " ", folded)  # in brackets: what a follow-up question was about
    entry = next((e for e in _table()["entry"] if _fits(e, outside, party or person)), None)
    if entry is None or question.body_class == "district":
        return None
    if entry["asks"] == "head" and re.search(_table()["ahead"], folded):
        return None
    paragraph = _PARAGRAPH.search(folded)
    return Asked(
        asks=cast(Aspect, entry["asks"]),
        question=question,
        bodies=_bodies(question, folded),
        days=days_of(question),
        topic=_topic(question, {*said.split(), *fold(person).split()}),
        paragraph=f"§ {paragraph[1]}" if paragraph else "",
        label=entry.get("label", ""),
        wish=_first("wish", folded),
        target=_first("target", folded),
        party=party,
        person=person,
    )


def lacks_matter(question: Question) -> bool:
    """Whether the question asks of a meeting without saying which, nor on what matter: one that follows another."""
    asked = asked_of_meeting(question)
    return bool(asked and not asked.topic and not asked.placed)


def _party(folded: str) -> tuple[str, str]:
    """The letters of the party whose words are asked for, and how the question names it; empty if none."""
    for name, pattern in _table()["party"].items():
        match = re.search(_PARTY.format(pattern), folded)
        if match:
            return name, match[0]
    return "", ""


def _person(question: Question) -> str:
    """The person whom the question names in full, or empty."""
    found = (m[0] for m in _FULL_NAME.finditer(question.text) if set(m[0].split()) <= set(question.names))
    return next(found, "")


def _fits(entry: Mapping[str, Any], folded: str, party: str) -> bool:
    needed = entry.get("needs")
    return bool(
        re.search(entry["pattern"], folded)
        and (not needed or re.search(_table()[needed], folded))
        and (party or not entry.get("party"))
    )


def _bodies(question: Question, folded: str) -> tuple[str, ...]:
    """The bodies named; a committee of a board stands for the two together ("kommunstyrelsens arbetsutskott")."""
    named = list(question.bodies)
    if _COUNCIL.search(folded) and "kommunfullmäktige" not in named:
        named.append("kommunfullmäktige")
    if not named and _BOARD.search(folded):
        named.append("kommunstyrelsen")
    told_by = r"\b(?:i|pa|av|enligt|at|in|by|of|to) (?:the )?"
    met_in = [
        n
        for n in named
        if re.search(rf"{told_by}(?:kommun)?{re.escape(fold(n).removeprefix('kommun'))}", folded)
    ]
    return tuple(met_in[-1:] if len(named) > 1 and met_in else named)


def days_of(question: Question) -> tuple[str, ...]:
    """The days and months that the question names, ISO 8601 or the beginning of it ("2019-05")."""
    text = _AMERICAN.sub(r"\2 \1 \3", question.text)
    return tuple(moment.iso for moment in moments(text) if len(moment.iso) > 4)


def _topic(question: Question, speakers: set[str]) -> tuple[str, ...]:
    """The topic without the words that say what is asked of the meeting, and whose words."""
    said = re.compile("|".join([*_table()["procedure"], *(entry["asked"] for entry in _table()["wish"])]))
    return tuple(w for w in question.topic if fold(w) not in speakers and not said.fullmatch(fold(w)))


def _first(table: str, folded: str) -> str:
    return next((str(e["moved"]) for e in _table()[table] if re.search(e["asked"], folded)), "")


@cache
def _table() -> Mapping[str, Any]:
    return tomllib.loads(files("rag").joinpath("data/meetings.toml").read_text(encoding="utf-8"))
