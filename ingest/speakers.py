"""Whose words a clause holds: the mover's, the administration's, the board's, or another body's."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from ingest.phrases import any_phrase, whole_word
from ingest.stance_lexicon import lexicon
from rag.bodies import Gazetteer
from rag.folding import fold

_WORDS_BETWEEN = r"(?:\s+[\w()-]+){0,3}?\s+"


def speaker_of(
    sentence: str,
    clause: tuple[int, int],
    default: str,
    own_body: str | None,
    gazetteer: Gazetteer,
    vocabulary: Path | None = None,
) -> str:
    """The speaker of ``sentence[clause]``: its subject with a verb of saying, else that of the sentence, else
    ``default``. A body other than ``own_body`` that is given the word is ``quoted``."""
    for stretch in (sentence[clause[0] : clause[1]], sentence):
        subject = _subject(stretch, vocabulary)
        if subject:
            named, start, end = subject
            other = named in {"administration", "board"} and _is_other(
                stretch, start, end, own_body, gazetteer
            )
            return "quoted" if other else _in_section(named, default)
    return "quoted" if _is_according_to(sentence, own_body, gazetteer) else default


def _in_section(named: str, default: str) -> str:
    # "Nämnden avstyrker motionen" under "Förvaltningens förslag till beslut" is the administration's proposal,
    # and a reservation that says "nämnden bör ..." is still the reservation.
    if named in _KEPT.get(default, ()):
        return default
    return "mover" if named == "party" else named


_KEPT = {
    "administration": ("board",),
    "reservation": ("board", "administration", "party"),
    "statement": ("board", "administration", "party"),
    "member": ("board", "administration", "party"),
}


def _subject(stretch: str, vocabulary: Path | None) -> tuple[str, int, int] | None:
    """The earliest subject that a verb of saying stands beside, with its place; at the very start of
    ``stretch`` a subject alone counts."""
    folded = fold(stretch)
    found = ((name, pattern.search(folded)) for name, pattern in _patterns(vocabulary))
    places = [(match.start(), match.end(), name) for name, match in found if match]
    if not places:
        return None
    start, end, name = min(places)
    return name, start, end


@cache
def _patterns(vocabulary: Path | None) -> tuple[tuple[str, re.Pattern[str]], ...]:
    speech = lexicon(vocabulary).speech
    verbs = whole_word(speech["verbs"]).pattern
    found = []
    for name in ("mover", "party", "administration", "board"):
        subject = any_phrase(speech[name]).pattern
        beside = (
            rf"{subject}{_WORDS_BETWEEN}{verbs}|{verbs}\s+(?:(?:\w+)\s+)?{subject}|"
            rf"^\W*(?:\w+\s+){{0,2}}{subject}"
        )
        found.append((name, re.compile(beside)))
    return tuple(found)


def _is_other(stretch: str, start: int, end: int, own_body: str | None, gazetteer: Gazetteer) -> bool:
    """Whether the subject at ``stretch[start:end]`` names a body that is not ``own_body`` nor its kin."""
    if own_body is None:
        return False
    named = [m for m in gazetteer.recognise(stretch) if m.via != "place" and m.start < end and m.end > start]
    return bool(named) and named[0].body not in gazetteer.related(own_body)


_ACCORDING = re.compile(r"^\W*enligt\b")


def _is_according_to(sentence: str, own_body: str | None, gazetteer: Gazetteer) -> bool:
    return bool(_ACCORDING.match(fold(sentence))) and _is_other(sentence, 0, 40, own_body, gazetteer)
