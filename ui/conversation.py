"""A conversation as shown in one browser tab: its turns and its language, as immutable values."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

from rag.domain import Answer, Language, QuestionFilter
from ui.asking import MAX_HISTORY

Trouble = Literal["", "internal", "busy", "stopped"]


@dataclass(frozen=True, slots=True)
class Turn:
    """A question and what became of it. ``stage`` and ``draft`` are shown until ``answer`` is there."""

    number: int  # from 1
    question: str
    answer: Answer | None = None
    without: tuple[QuestionFilter, ...] = ()
    stage: str = "wait"
    draft: str = ""
    trouble: Trouble = ""
    export: str | None = None  # key of the answer's files for download

    @property
    def running(self) -> bool:
        """Whether the answer is still being made."""
        return self.answer is None and not self.trouble


@dataclass(frozen=True, slots=True)
class Conversation:
    """All turns, oldest first."""

    turns: tuple[Turn, ...] = ()
    language: Language = "sv"

    def ask(self, question: str) -> Conversation:
        """With one more question, not yet answered."""
        return replace(self, turns=(*self.turns, Turn(len(self.turns) + 1, question)))

    def ask_again(self, number: int, dropped: QuestionFilter | None = None) -> Conversation:
        """With question ``number`` open again, and one filter less where ``dropped`` is given."""
        turn = self.turns[number - 1]
        without = (*turn.without, dropped) if dropped else turn.without
        return self.put(Turn(number, turn.question, without=without))

    def put(self, turn: Turn) -> Conversation:
        """With ``turn`` in the place of the one with its number."""
        return replace(self, turns=tuple(turn if old.number == turn.number else old for old in self.turns))

    def stop(self) -> Conversation:
        """With every unanswered question marked as stopped."""
        turns = tuple(replace(turn, trouble="stopped") if turn.running else turn for turn in self.turns)
        return replace(self, turns=turns)

    def history(self, number: int) -> tuple[str, ...]:
        """The latest questions before question ``number``, oldest first; as many as the API takes."""
        return tuple(turn.question for turn in self.turns[: number - 1])[-MAX_HISTORY:]
