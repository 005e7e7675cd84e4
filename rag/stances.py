"""What each body said in a matter, from the facts found at ingest, with who said it kept apart."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from rag.bodies import Gazetteer
from rag.domain import DocumentKind, Fact, OcrGrade, Source
from rag.folding import fold
from rag.matters import Matter

Group = Literal["support", "positive", "partly", "answered", "neutral", "oppose", "none"]
_OWN_VOICES = ("board", "administration", "")  # a decision outweighs the proposal for it
_LIST_GAP = 40  # characters between the names of one list
_VOICES = frozenset({"board", "administration", "reservation"})
_GROUPS: tuple[tuple[str, Group], ...] = (
    ("tillstyrk", "support"),
    ("delvis", "partly"),
    ("bifall", "support"),
    ("positiv", "positive"),
    ("besvarad", "answered"),
    ("neutral", "neutral"),
    ("avstyrk", "oppose"),
    ("avsla", "oppose"),
    ("ingen", "none"),
)


@dataclass(frozen=True, slots=True)
class BodyStance:
    """One body's stance. ``fact`` is None where its document holds none; ``unreadable`` where the document
    cannot be read. ``others`` are stances of other voices in its documents that differ (the administration's
    proposal where the board decided otherwise, reservations)."""

    body: str
    group: Group
    source: Source
    fact: Fact | None = None
    others: tuple[tuple[Source, Fact], ...] = ()
    unreadable: bool = False
    more: tuple[Fact, ...] = ()  # of the same voice in the same document, where the stance is mixed

    def spoken_by(self, voice: str) -> tuple[Source, Fact] | None:
        """What one voice says in its documents: ``administration``, ``board``, ``reservation``."""
        facts = (pair for pair in self.others if pair[1].speaker == voice)
        return (self.source, self.fact) if self.fact and self.voice == voice else next(facts, None)

    @property
    def voice(self) -> str:
        """``board``, ``administration`` or ``document``."""
        return (self.fact.speaker if self.fact else "") or "document"

    @property
    def differing(self) -> tuple[tuple[Source, Fact], ...]:
        """The other voices that say something else."""
        return tuple(pair for pair in self.others if stance_group(pair[1].value) != self.group)

    @property
    def decides(self) -> bool:
        """Whether it is the decision on the proposal itself, by an assembly."""
        return self.source.kind is DocumentKind.PROTOKOLL and bool(
            re.search("fullmäktige|styrelsen", self.body)
        )

    @property
    def conditional(self) -> bool:
        """Whether conditions are attached."""
        return bool(self.fact and self.fact.detail.get("condition"))


def stance_group(value: str) -> Group:
    """The group of a stance value (``ingest.stance.Stance``)."""
    folded = fold(value)
    return next((group for part, group in _GROUPS if part in folded), "none")


def stances(matter: Matter, gazetteer: Gazetteer) -> tuple[BodyStance, ...]:
    """One stance for each body that answers in the matter, by name. Motions and skrivelser are no answers."""
    by_body: dict[str, list[Source]] = {}
    for source in matter.sources:
        body = speaks_for(source, gazetteer)
        if body and source.kind not in {DocumentKind.MOTION, DocumentKind.SKRIVELSE}:
            by_body.setdefault(body, []).append(source)
    found = (_stance_of(body, sources) for body, sources in sorted(by_body.items()))
    return tuple(stance for stance in found if stance is not None)


def speaks_for(source: Source, gazetteer: Gazetteer) -> str | None:
    """The body whose document it is: as described, else as its stance or its title names it."""
    if source.body:
        return source.body
    told = next((fact.detail["body"] for fact in source.facts if fact.detail.get("body")), None)
    if told:
        return gazetteer.canonical(told)
    return next((mention.body for mention in gazetteer.recognise(source.title) if mention.role), None)


def stance_of(body: str, matter: Matter, gazetteer: Gazetteer) -> BodyStance | None:
    """The stance of ``body``, or of a body it became or came from; None where it has no document."""
    related = gazetteer.related(body)
    found = [stance for stance in stances(matter, gazetteer) if stance.body in related]
    return next((stance for stance in found if stance.body == body), found[0] if found else None)


def _stance_of(body: str, sources: Sequence[Source]) -> BodyStance | None:
    facts = [(source, fact) for source in sources for fact in source.facts]
    pairs = [pair for pair in facts if pair[1].name == "stance"] or [p for p in map(_decided, facts) if p]
    telling = [pair for pair in pairs if stance_group(pair[1].value) != "none"] or pairs
    for voice in _OWN_VOICES:
        spoken = [pair for pair in telling if pair[1].speaker == voice]
        if spoken:
            source, fact = _main(spoken)
            group = _together(spoken)
            others = tuple(pair for pair in telling if pair not in spoken and pair[1].speaker in _VOICES)
            more = (
                tuple(f for s, f in spoken if s.id == source.id and f is not fact)
                if group == "partly"
                else ()
            )
            return BodyStance(body, group, source, fact, others, more=more)
    if any(source.grade is OcrGrade.POOR for source in sources):
        return BodyStance(body, "none", sources[0], unreadable=True)
    answers = [s for s in sources if s.kind in {DocumentKind.REMISSVAR, DocumentKind.TJANSTEUTLATANDE}]
    return BodyStance(body, "none", answers[0]) if answers else None


def _decided(pair: tuple[Source, Fact]) -> tuple[Source, Fact] | None:
    """A decision with an outcome, as a stance: what is known where no sentence states one."""
    source, fact = pair
    outcome = fact.detail.get("outcome", "")
    if fact.name != "decision" or fact.detail.get("status") != "decided" or stance_group(outcome) == "none":
        return None
    return source, replace(fact, name="stance", value=outcome)


def _main(spoken: Sequence[tuple[Source, Fact]]) -> tuple[Source, Fact]:
    """The fact that tells the stance best: a plain yes or no before an attitude, the earliest of equals."""
    decided = [p for p in spoken if stance_group(p[1].value) in {"support", "oppose", "partly", "answered"}]
    return (decided or list(spoken))[0]


def _together(spoken: Iterable[tuple[Source, Fact]]) -> Group:
    groups = {stance_group(fact.value) for _, fact in spoken}
    if "partly" in groups or {"support", "oppose"} <= groups or {"positive", "oppose"} == groups:
        return "partly"
    order: tuple[Group, ...] = ("support", "oppose", "answered", "positive", "neutral", "none")
    return next(group for group in order if group in groups)


def consulted(matter: Matter, gazetteer: Gazetteer) -> tuple[tuple[str, Source, Fact], ...]:
    """The bodies that were asked, in the order of the documents, each once with the place that names it.

    A body and the one it became are one: "Rinkeby-Kista (numera Järva)" is asked once.
    """
    found: dict[str, tuple[str, Source, Fact]] = {}
    for source, fact in matter.facts("consulted_body"):
        body = gazetteer.canonical(fact.value)
        related = gazetteer.related(body) & set(found)
        if not related:
            found[body] = (body, source, fact)
    return _with_lists(tuple(found.values()))


def _with_lists(rows: tuple[tuple[str, Source, Fact], ...]) -> tuple[tuple[str, Source, Fact], ...]:
    """Names that stand in one list get the whole list as their place: it is what is cited."""
    spans: list[tuple[str, int, int]] = []
    for _, source, fact in rows:
        if spans and spans[-1][0] == source.id and 0 <= fact.start - spans[-1][2] <= _LIST_GAP:
            spans[-1] = (source.id, spans[-1][1], max(fact.end, spans[-1][2]))
        elif not any(s[0] == source.id and s[1] <= fact.start and fact.end <= s[2] for s in spans):
            spans.append((source.id, fact.start, fact.end))
    return tuple(
        (body, source, replace(fact, start=span[1], end=span[2]))
        for body, source, fact in rows
        for span in [next(s for s in spans if s[0] == source.id and s[1] <= fact.start and fact.end <= s[2])]
    )
