"""Answers over many sources, and about what bodies said: the door to overviews, stances and absences."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from prompts.texts import phrase
from rag.absence import absence, absence_answer
from rag.agenda import minutes_of
from rag.bodies import Gazetteer
from rag.catalog import Catalog
from rag.collection_bodies import CollectionBodies
from rag.domain import Answer, OcrGrade, Passage, Source
from rag.draft import Draft
from rag.entries import BodyFacts
from rag.fact_of_one import fact_of_one
from rag.fact_overview import FactOverview
from rag.matters import Matter, covers, matters, matters_asked_about
from rag.meeting_question import days_of
from rag.picture import picture
from rag.question import Question
from rag.retriever import Retrieval
from rag.stance_answer import stance_answer
from rag.stance_overview import StanceOverview
from rag.stances import stance_of
from rag.timeline import asks_for_timeline, timeline, topic_timeline

_OWN_SOURCES = 5  # of the body that is asked about, read beside those that were found


class OverviewBuilder:
    """Builds the answers that single passages cannot give. Reads the facts found at ingest."""

    def __init__(self, catalog: Catalog, gazetteer: Gazetteer) -> None:
        self._catalog = catalog
        self._bodies = CollectionBodies(gazetteer, catalog)
        self._body_facts = BodyFacts(catalog, self._bodies)
        self._known: tuple[int, tuple[Matter, ...]] = (-1, ())

    @property
    def _gazetteer(self) -> Gazetteer:
        return self._bodies.gazetteer

    def build(self, question: Question, retrieval: Retrieval) -> Answer | None:
        """The overview, stance or absence that answers ``question``; None where single passages should."""
        if asks_for_timeline(question):
            return self._timeline(question, retrieval.passages)
        if question.kind == "stance":
            return self._about_one(question, retrieval.passages)
        if question.kind == "overview":
            by_stance = self._about_all(question, retrieval.passages) if question.stance else None
            return by_stance or self._facts(question, retrieval.passages)
        return self._one_body(question, retrieval.passages)

    def _timeline(self, question: Question, passages: Sequence[Passage]) -> Answer | None:
        found = matters_asked_about(question, self._matters(), passages)
        draft = Draft(self._catalog, question.language)
        return timeline(found[0], draft) if found else topic_timeline(question, passages, draft)

    def _one_body(self, question: Question, passages: Sequence[Passage]) -> Answer | None:
        """ "När började X?", "Hur många har X?": what the documents tell, also where they disagree."""
        if question.answer_kind not in {"date", "number"} or len(question.bodies) != 1 or not question.topic:
            return None
        own = [source for source in self._catalog.sources() if source.body in question.bodies][:_OWN_SOURCES]
        told = self._body_facts.told(question, passages, own)
        entry = next((entry for entry in told.entries if entry.body in question.bodies), None)
        return fact_of_one(question, entry, told, Draft(self._catalog, question.language)) if entry else None

    def _facts(self, question: Question, passages: Sequence[Passage]) -> Answer | None:
        told = self._body_facts.told(question, passages)
        return FactOverview(question, told, Draft(self._catalog, question.language), self._gazetteer).write()

    def _about_one(self, question: Question, passages: Sequence[Passage]) -> Answer | None:
        draft = Draft(self._catalog, question.language)
        asked_about = self._asked_about(question, passages)
        if question.stance == "any" and self._asks_in_particular(question, asked_about):
            asked_about = ()
        if not asked_about and question.topic:
            return self._absent(question, None, passages, draft)
        for body in question.bodies or question.areas:
            for matter in asked_about:
                stance = stance_of(body, matter, self._gazetteer)
                if stance and not stance.unreadable:
                    answer = stance_answer(question, stance, draft, self._gazetteer)
                    others = [m for m in asked_about if stance_of(body, m, self._gazetteer)]
                    return answer and self._naming(matter, answer, question, others)
            break  # the first body is whose view is asked for
        return self._absent(question, asked_about[0] if asked_about else None, passages, draft)

    def _asks_in_particular(self, question: Question, asked_about: Sequence[Matter]) -> bool:
        """Whether a view on something other than the matter itself is asked for ("Vad anser X om Ys behov?")."""
        others = len(question.bodies) > 1
        return others or (bool(question.topic) and not any(covers(question, m) for m in asked_about))

    def _absent(
        self, question: Question, matter: Matter | None, passages: Sequence[Passage], draft: Draft
    ) -> Answer | None:
        sources = self._catalog.sources()
        verdict = absence(question, matter, sources, passages, self._gazetteer)
        if verdict is None or (
            question.stance == "decided"
            and minutes_of(verdict.body, days_of(question), sources, self._gazetteer)
        ):
            return None  # its minutes may tell
        return absence_answer(question, verdict, draft, self._gazetteer)

    def _about_all(self, question: Question, passages: Sequence[Passage]) -> Answer | None:
        asked_about = self._asked_about(question, passages)
        for matter in asked_about:
            shown = picture(question, matter, self._unread(matter), self._gazetteer)
            draft = Draft(self._catalog, question.language)
            answer = StanceOverview(question, shown, draft, self._gazetteer).write()
            if answer is not None:
                others = [m for m in asked_about if m.facts("stance")]
                return self._naming(matter, answer, question, others)
        return None

    def _naming(
        self, matter: Matter, answer: Answer, question: Question, candidates: Sequence[Matter]
    ) -> Answer:
        """``answer`` with the name of its matter, where the question fits several."""
        if question.topic or question.diarienummer or len(candidates) < 2:
            return answer
        line = phrase("overview", "which_matter", question.language, label=matter.label)
        return replace(answer, text=f"{answer.text}\n{line}")

    def _asked_about(self, question: Question, passages: Sequence[Passage]) -> tuple[Matter, ...]:
        """The matters in question that hold answers or name who was asked."""
        found = matters_asked_about(question, self._matters(), passages)
        return tuple(m for m in found if m.facts("stance") or m.facts("consulted_body"))

    def _matters(self) -> tuple[Matter, ...]:
        generation = self._catalog.generation
        if self._known[0] != generation:
            self._known = (generation, matters(self._catalog.sources(), self._gazetteer))
        return self._known[1]

    def _unread(self, matter: Matter) -> tuple[Source, ...]:
        """Documents that cannot be read, and whose matter is therefore unknown."""
        return tuple(
            s
            for s in self._catalog.sources()
            if s.grade is OcrGrade.POOR and not matter.has(s) and not any(f.name == "stance" for f in s.facts)
        )
