"""Whether a sentence says yes or no to what is proposed, and what a body's sentences say together.

Rules over clauses: a lexicon of cues (``ingest/data/stance.toml``), each clause with its own negation, whose
reach ends at a subordinate clause unless the main verb carries it in ("anser inte att ... bör"). What a set
of cues amounts to is decided in ``conclude``: a decision in so many words outweighs an attitude, and praise
beside a refusal stays visible as "delvis".
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from ingest.stance_lexicon import Cue, Lexicon, lexicon
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
    modal: bool = False  # "bör införas": weaker than an attitude in so many words


_NEGATED_AFTER = re.compile(r"\s+(?:(?:darfor|darmed|dock|saledes|alltsa|sig|heller)\s+)?(?:inte|ej)(?!\w)")


def signals(
    text: str, *, offset: int = 0, terms: Iterable[str] = (), vocabulary: Path | None = None
) -> tuple[Signal, ...]:
    """The cues in one sentence, in order; ``offset`` is added to every position.

    ``terms`` are folded stems of words from the proposal: a modal ("bör införas") counts only where one of
    them, or a general word for a proposal, stands in the sentence.
    """
    known = lexicon(vocabulary)
    folded = fold(text)
    if not known.any_cue.search(folded):
        return ()
    on_target = bool(known.targets.search(folded)) or any(term in folded for term in terms)
    condition = bool(known.conditions.search(folded))
    spans = clauses(folded, known)
    found = []
    for cue, start, end in _matches(folded, known):
        first, last = next(span for span in spans if span[0] <= start < span[1])
        kind = _after_negation(cue, folded, first, start, end, known)
        modal = cue.kind == "modal"
        if kind and (on_target or not modal):
            place = (offset + first, offset + last)
            kind = "yes" if kind == "modal" else kind
            found.append(Signal(kind, offset + start, offset + end, place, condition, modal))
    return tuple(sorted(found, key=lambda signal: signal.start))


def clauses(folded: str, known: Lexicon) -> list[tuple[int, int]]:
    """Spans of the clauses of a folded sentence; they cover it."""
    cuts = [match.start() for match in known.breaks.finditer(folded) if match.start() > 0]
    return list(zip([0, *cuts], [*cuts, len(folded) + 1], strict=True))


def _matches(folded: str, known: Lexicon) -> list[tuple[Cue, int, int]]:
    """Cues that do not overlap: those that hold their own negation first, then the longest."""
    every = [(cue, m.start(), m.end()) for cue in known.cues for m in cue.pattern.finditer(folded)]
    every.sort(key=lambda found: (not found[0].fixed, found[1] - found[2]))
    kept: list[tuple[Cue, int, int]] = []
    for found in every:
        if all(found[2] <= start or found[1] >= end for _, start, end in kept):
            kept.append(found)
    return kept


def _after_negation(cue: Cue, folded: str, first: int, start: int, end: int, known: Lexicon) -> str:
    """The cue's kind, turned if it is negated; empty if its negation says nothing."""
    if cue.fixed or not _is_negated(folded, first, start, end, known):
        return cue.kind
    return cue.turned


def _is_negated(folded: str, first: int, start: int, end: int, known: Lexicon) -> bool:
    before = folded[first:start]
    walls = [match.end() for match in known.walls.finditer(before)]
    commas = (
        [before.rfind(",") + 1] if "," in before and not (walls and walls[-1] > before.rfind(",")) else []
    )
    reach = before[max([0, *walls, *commas]) :]
    if known.negations.search(reach) or known.negations.search(folded[start:end]):
        return True
    if _NEGATED_AFTER.match(folded, end):
        return True
    return any(walls and match.end() == walls[-1] for match in known.raising.finditer(before))


_RANK = {
    "formal_yes": 3,
    "formal_no": 3,
    "answered": 3,
    "partly": 3,
    "yes": 2,
    "no": 2,
    "neutral": 2,
    "abstain": 2,
    "agree": 1,
    "weak_no": 1,
}
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
        return (
            Verdict(Stance.POSITIVE, "assessment", quotes)
            if "abstain" not in kinds or "yes" in kinds
            else None
        )
    return Verdict(Stance.REJECTS, "assessment", quotes) if "no" in kinds else None


def _arguments(quotes: Sequence[Signal]) -> int:
    """In how many clauses something is said against, short of a no."""
    return len({signal.clause for signal in quotes if signal.kind == "weak_no"})


def _silence(kinds: set[str], quotes: tuple[Signal, ...]) -> Verdict | None:
    if "neutral" in kinds:
        return Verdict(Stance.NEUTRAL, "assessment", quotes)
    return Verdict(Stance.NONE, "assessment", quotes) if "abstain" in kinds else None
