"""A verdict as the fact that is stored: the most telling sentence, and the places of those for and against."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ingest.stance import Signal, Stance, Verdict
from rag.domain import Fact
from rag.sentences import Sentence

Said = tuple[Sentence, Signal]


def stance_fact(verdict: Verdict, said: Sequence[Said], speaker: str, detail: Mapping[str, str]) -> Fact:
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
    return Fact(
        "stance", str(verdict.stance), main.start, main.end, speaker, {k: v for k, v in told.items() if v}
    )
