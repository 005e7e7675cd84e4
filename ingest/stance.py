"""Whether a sentence says yes or no to what is proposed, and what a body's sentences say together.

Rules over clauses: a lexicon of cues (``ingest/data/stance.toml``), each clause with its own negation, whose
reach ends at a subordinate clause unless the main verb carries it in ("anser inte att ... bör"). What a set
of cues amounts to is decided in ``conclude``: a decision in so many words outweighs an attitude, and praise
beside a refusal stays visible as "delvis".
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from ingest.phrases import any_phrase, phrase_pattern, whole_word
from rag.errors import SettingsError
from rag.folding import fold


class Stance(StrEnum):
    """A body's stance on a proposal; the values are shown to users."""

    ENDORSES = "tillstyrker"
    POSITIVE = "ställer sig positiv"
    PARTLY = "delvis"
    ANSWERED = "anses besvarad"
    NEUTRAL = "neutral"
    REJECTS = "avstyrker"
    NONE = "ingen ståndpunkt"


@dataclass(frozen=True, slots=True)
class Signal:
    """One cue in a sentence. ``start``/``end`` bound the cue, ``clause`` the clause around it; ``kind`` is
    its kind after negation (see the data file)."""

    kind: str
    start: int
    end: int
    clause: tuple[int, int]
    condition: bool = False


@dataclass(frozen=True, slots=True)
class _Cue:
    kind: str
    pattern: re.Pattern[str]
    turned: str
    fixed: bool


@dataclass(frozen=True, slots=True)
class Lexicon:
    """The compiled phrases of ``stance.toml``."""

    cues: tuple[_Cue, ...]
    breaks: re.Pattern[str]
    walls: re.Pattern[str]
    negations: re.Pattern[str]
    raising: re.Pattern[str]
    conditions: re.Pattern[str]
    targets: re.Pattern[str]
    speech: dict[str, tuple[str, ...]]


_NEGATED_AFTER = re.compile(r"\s+(?:(?:darfor|darmed|dock|saledes|alltsa|sig|heller)\s+)?(?:inte|ej)(?!\w)")


def signals(text: str, *, offset: int = 0, terms: Iterable[str] = (), vocabulary: Path | None = None) -> tuple[Signal, ...]:
    """The cues in one sentence, in order; ``offset`` is added to every position.

    ``terms`` are folded stems of words from the proposal: a modal ("bör införas") counts only where one of
    them, or a general word for a proposal, stands in the sentence.
    """
    known = lexicon(vocabulary)
    folded = fold(text)
    on_target = bool(known.targets.search(folded)) or any(term in folded for term in terms)
    condition = bool(known.conditions.search(folded))
    spans = clauses(folded, known)
    found = []
    for cue, start, end in _matches(folded, known):
        first, last = next(span for span in spans if span[0] <= start < span[1])
        kind = _after_negation(cue, folded, first, start, end, known)
        if kind == "modal":
            kind = "yes"
        if kind and (cue.kind != "modal" or on_target):
            found.append(Signal(kind, offset + start, offset + end, (offset + first, offset + last), condition))
    return tuple(sorted(found, key=lambda signal: signal.start))


def clauses(folded: str, known: Lexicon) -> list[tuple[int, int]]:
    """Spans of the clauses of a folded sentence; they cover it."""
    cuts = [match.start() for match in known.breaks.finditer(folded) if match.start() > 0]
    return list(zip([0, *cuts], [*cuts, len(folded) + 1], strict=True))


def _matches(folded: str, known: Lexicon) -> list[tuple[_Cue, int, int]]:
    """Cues that do not overlap: those that hold their own negation first, then the longest."""
    every = [(cue, m.start(), m.end()) for cue in known.cues for m in cue.pattern.finditer(folded)]
    every.sort(key=lambda found: (not found[0].fixed, found[1] - found[2]))
    kept: list[tuple[_Cue, int, int]] = []
    for found in every:
        if all(found[2] <= start or found[1] >= end for _, start, end in kept):
            kept.append(found)
    return kept


def _after_negation(cue: _Cue, folded: str, first: int, start: int, end: int, known: Lexicon) -> str:
    """The cue's kind, turned if it is negated; empty if its negation says nothing."""
    if cue.fixed or not _is_negated(folded, first, start, end, known):
        return cue.kind
    return cue.turned


def _is_negated(folded: str, first: int, start: int, end: int, known: Lexicon) -> bool:
    before = folded[first:start]
    walls = [match.end() for match in known.walls.finditer(before)]
    reach = before[walls[-1] :] if walls else before
    if known.negations.search(reach) or known.negations.search(folded[start:end]):
        return True
    if _NEGATED_AFTER.match(folded, end):
        return True
    return any(walls and match.end() == walls[-1] for match in known.raising.finditer(before))


_RANK = {"formal_yes": 3, "formal_no": 3, "answered": 3, "partly": 3, "yes": 2, "no": 2, "neutral": 2, "abstain": 2, "agree": 1, "weak_no": 1}
_POSITIVE, _NEGATIVE = ("formal_yes", "yes", "agree"), ("formal_no", "no", "weak_no")


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a set of signals amounts to. ``quotes`` are the signals that show it, the telling one first."""

    stance: Stance
    basis: str  # decision: in so many words; assessment: an attitude; none: nothing said
    quotes: tuple[Signal, ...] = ()

    def first(self, kinds: Sequence[str]) -> Signal | None:
        """The most telling quote of one of these kinds."""
        return next((signal for signal in self.quotes if signal.kind in kinds), None)

    @property
    def positive(self) -> Signal | None:
        """The quote that speaks for, if any."""
        return self.first(_POSITIVE)

    @property
    def negative(self) -> Signal | None:
        """The quote that speaks against, if any."""
        return self.first(_NEGATIVE)


def conclude(found: Sequence[Signal]) -> Verdict:
    """The stance that the signals of one speaker show together."""
    quotes = tuple(sorted(found, key=lambda signal: -_RANK[signal.kind]))
    kinds = {signal.kind for signal in found}
    if not found:
        return Verdict(Stance.NONE, "none")
    for decided in (_decided, _attitude, _silence):
        verdict = decided(kinds, quotes)
        if verdict is not None:
            return verdict
    return Verdict(Stance.NONE, "none", quotes)


def _decided(kinds: set[str], quotes: tuple[Signal, ...]) -> Verdict | None:
    if "partly" in kinds or {"formal_yes", "formal_no"} <= kinds:
        return Verdict(Stance.PARTLY, "decision", quotes)
    if "formal_yes" in kinds:
        return Verdict(Stance.ENDORSES, "decision", quotes)
    if "formal_no" in kinds:
        return Verdict(Stance.REJECTS, "decision", quotes)
    return Verdict(Stance.ANSWERED, "decision", quotes) if "answered" in kinds else None


def _attitude(kinds: set[str], quotes: tuple[Signal, ...]) -> Verdict | None:
    against = "no" in kinds or _arguments(quotes) >= 2
    if "yes" in kinds and against:
        return Verdict(Stance.PARTLY, "assessment", quotes)
    if "yes" in kinds or ("agree" in kinds and not against and "weak_no" not in kinds):
        return Verdict(Stance.POSITIVE, "assessment", quotes) if "abstain" not in kinds or "yes" in kinds else None
    return Verdict(Stance.REJECTS, "assessment", quotes) if "no" in kinds else None


def _arguments(quotes: Sequence[Signal]) -> int:
    """In how many clauses something is said against, short of a no."""
    return len({signal.clause for signal in quotes if signal.kind == "weak_no"})


def _silence(kinds: set[str], quotes: tuple[Signal, ...]) -> Verdict | None:
    if "neutral" in kinds:
        return Verdict(Stance.NEUTRAL, "assessment", quotes)
    return Verdict(Stance.NONE, "assessment", quotes) if "abstain" in kinds else None


@cache
def lexicon(vocabulary: Path | None = None) -> Lexicon:
    """The phrases of this package, with those of the operator's ``stance.toml`` on top."""
    tables = [tomllib.loads(files("ingest").joinpath("data", "stance.toml").read_text(encoding="utf-8"))]
    own = vocabulary / "stance.toml" if vocabulary else None
    if own is not None and own.is_file():
        try:
            tables.append(tomllib.loads(own.read_text(encoding="utf-8")))
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            raise SettingsError(f"{own}: {error}; correct the file") from None
    cues = tuple(cue for table in tables for row in table.get("cue", ()) for cue in _cues(row))
    return Lexicon(
        cues,
        re.compile("|".join(phrase_pattern(p).pattern + r"(?!\w)" if p[-1].isalpha() else p for p in _all(tables, "clauses", "breaks"))),
        whole_word(_all(tables, "clauses", "walls")),
        whole_word(_all(tables, "clauses", "negations")),
        any_phrase(_all(tables, "clauses", "raising")),
        any_phrase(_all(tables, "conditions", "patterns")),
        re.compile("|".join(phrase_pattern(word).pattern for word in _all(tables, "targets", "words"))),
        {key: _all(tables, "speech", key) for key in ("verbs", "mover", "administration", "board", "quoting")},
    )


def _cues(row: dict[str, Any]) -> Iterable[_Cue]:
    for pattern in row["patterns"]:
        yield _Cue(row["kind"], any_phrase((pattern,)), row.get("turned", ""), bool(row.get("fixed", False)))


def _all(tables: Sequence[dict[str, Any]], group: str, key: str) -> tuple[str, ...]:
    return tuple(phrase for table in tables for phrase in table.get(group, {}).get(key, ()))
