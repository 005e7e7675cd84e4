"""The seam to the assistant: what the interface needs of it, and how many may ask at once."""

from __future__ import annotations

import queue
import threading
from collections.abc import Collection, Generator, Iterator, Mapping, Sequence
from contextlib import closing
from typing import Any, Protocol

from rag.domain import Answer, Chunk, QuestionFilter, Source

MAX_QUESTION = 1000  # characters
MAX_HISTORY = 20  # earlier questions
_AT_ONCE = 8  # they take turns at the models of this machine, but wait side by side for a chat model
_PATIENCE = 30.0  # seconds a question waits for its turn


class Documents(Protocol):
    """The part of the catalog that is shown."""

    def sources(self) -> tuple[Source, ...]: ...

    def source(self, source_id: str) -> Source | None: ...

    def reading_text(self, source_id: str) -> str: ...

    def original_text(self, source_id: str) -> str | None: ...

    def chunks_of(self, source_id: str) -> tuple[Chunk, ...]: ...

    def paths_of(self, source_id: str) -> tuple[str, ...]: ...

    def meta(self, key: str) -> str | None: ...


class Progress(Protocol):
    """A step on the way: ``stage`` is search, read or write; ``draft`` the text so far."""

    @property
    def stage(self) -> str: ...

    @property
    def draft(self) -> str: ...


class Assistant(Protocol):
    """What answers questions (``rag.assistant.Assistant``)."""

    @property
    def catalog(self) -> Documents: ...

    def steps(
        self, question: str, history: Sequence[str] = (), *, without: Collection[QuestionFilter] = ()
    ) -> Iterator[Any]: ...

    def health(self) -> Mapping[str, Any]: ...


class TooBusy(Exception):
    """No turn came up within the waiting time."""


class Questions:
    """Puts questions to the assistant, a few at a time.

    Each question runs from its first step to its last in one thread of its own: web servers resume a
    generator in whichever thread is free, which the locks of models and indexes do not bear.
    """

    def __init__(self, assistant: Assistant, *, at_once: int = _AT_ONCE, patience: float = _PATIENCE) -> None:
        self._assistant = assistant
        self._turns = threading.BoundedSemaphore(at_once)
        self._patience = patience

    def steps(
        self, question: str, history: Sequence[str] = (), without: Collection[QuestionFilter] = ()
    ) -> Iterator[Progress | Answer]:
        """The assistant's steps; the last item is the Answer. Raises TooBusy when no turn comes up, and
        what the assistant raises. Closing the iterator ends the work at its next step."""
        said: queue.SimpleQueue[Progress | Answer | Exception | None] = queue.SimpleQueue()
        given_up = threading.Event()
        work = threading.Thread(
            target=self._work,
            args=(question, tuple(history), without, said, given_up),
            name="question",
            daemon=True,
        )
        work.start()
        try:
            while (step := said.get()) is not None:
                if isinstance(step, Exception):
                    raise step
                yield step
        finally:
            given_up.set()

    def ask(
        self, question: str, history: Sequence[str] = (), without: Collection[QuestionFilter] = ()
    ) -> Answer:
        """Only the Answer. Raises as ``steps`` does."""
        *_, answer = self.steps(question, history, without)
        assert isinstance(answer, Answer)
        return answer

    def _work(
        self,
        question: str,
        history: tuple[str, ...],
        without: Collection[QuestionFilter],
        said: queue.SimpleQueue[Progress | Answer | Exception | None],
        given_up: threading.Event,
    ) -> None:
        if not self._turns.acquire(timeout=self._patience):
            said.put(TooBusy())
            return
        try:
            with closing(closable(self._assistant.steps(question, history, without=without))) as steps:
                for step in steps:
                    if given_up.is_set():
                        return
                    said.put(step)
            said.put(None)
        except Exception as error:  # noqa: BLE001 - handed over to the thread that asked, which raises it
            said.put(error)
        finally:
            self._turns.release()


def closable(steps: Iterator[Any]) -> Generator[Any, None, None]:
    """The same steps as a generator, whose closing closes theirs where they have one."""
    yield from steps
