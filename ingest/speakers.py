"""Whose words a clause holds: the mover's, the administration's, the board's, or another body's."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from ingest.phrases import any_phrase, whole_word
from ingest.stance import lexicon
from rag.bodies import Gazetteer
from rag.folding import fold

_WORDS_BETWEEN = r"(?:\s+[\w()-]+){0,3}?\s+"


def speaker_of(
    sentence: str, clause: tuple[int, int], default: str, own_body: str | None, gazetteer: Gazetteer, vocabulary: Path | None = None
) -> str:
    """The speaker of ``sentence[clause]``: its subject with a verb of saying, else that of the sentence, else
    ``default``. A body other than ``own_body`` that is given the word is ``quoted``."""
    for stretch in (sentence[clause[0] : clause[1]], sentence):
        named = _subject(stretch, vocabulary)
        if named:
            if named in {"administration", "board"} and _is_other(stretch, own_body, gazetteer):
                return "quoted"
            return _in_section(named, default)
    return "quoted" if _is_according_to(sentence, own_body, gazetteer) else default


def _in_section(named: str, default: str) -> str:
    # "Nämnden avstyrker motionen" under "Förvaltningens förslag till beslut" is the administration's proposal,
    # and a reservation that says "nämnden bör ..." is still the reservation.
    keeps = {"administration": {"board"}, "reservation": {"board", "administration"}, "statement": {"board", "administration"}}
    return default if named in keeps.get(default, set()) else named


def _subject(stretch: str, vocabulary: Path | None) -> str:
    """The earliest subject that a verb of saying stands beside; at the very start, a subject alone counts."""
    folded = fold(stretch)
    best: tuple[int, str] | None = None
    for name, pattern in _patterns(vocabulary):
        match = pattern.search(folded)
        if match and (best is None or match.start() < best[0]):
            best = (match.start(), name)
    return best[1] if best else ""


@cache
def _patterns(vocabulary: Path | None) -> tuple[tuple[str, re.Pattern[str]], ...]:
    speech = lexicon(vocabulary).speech
    verbs = whole_word(speech["verbs"]).pattern
    found = []
    for name in ("mover", "administration", "board"):
        subject = any_phrase(speech[name]).pattern
        beside = rf"{subject}{_WORDS_BETWEEN}{verbs}|{verbs}\s+(?:(?:\w+)\s+)?{subject}|^\W*(?:\w+\s+){{0,2}}{subject}"
        found.append((name, re.compile(beside)))
    return tuple(found)


def _is_other(stretch: str, own_body: str | None, gazetteer: Gazetteer) -> bool:
    mentions = [m for m in gazetteer.recognise(stretch) if m.via != "place" and m.role]
    if not mentions or own_body is None:
        return False
    return mentions[0].body not in gazetteer.related(own_body)


_ACCORDING = re.compile(r"^\W*enligt\b")


def _is_according_to(sentence: str, own_body: str | None, gazetteer: Gazetteer) -> bool:
    return bool(_ACCORDING.match(fold(sentence))) and _is_other(sentence, own_body, gazetteer)
