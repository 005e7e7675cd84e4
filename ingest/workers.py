"""Tasks in processes of their own: one that crashes, hangs or eats all memory costs its task and no more.

Each process works on one task at a time, and a thread waits for it, so that the processes go on while the
caller embeds. Results come in the order of the tasks, and how far ahead tasks are taken depends on their
number and size alone: the same tasks give the same sequence of events.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from itertools import chain, islice
from multiprocessing.connection import Connection
from queue import SimpleQueue
from typing import Any, Generic, Protocol, TypeVar

from rag.errors import StadsvarError, UnreadableFile

FEW_TASKS, FEW_BYTES = 24, 2_000_000  # up to here, starting processes takes longer than it saves
_COURTESY = 10  # of a process: the parent embeds on all cores, and reading has only to fill its pauses
AHEAD_TASKS, AHEAD_BYTES = 256, 64_000_000  # taken before the first of them is handed out


class Sized(Protocol):
    """A task; ``size`` is in bytes."""

    @property
    def size(self) -> int: ...


T = TypeVar("T", bound=Sized)
R = TypeVar("R")
Outcome = tuple[T, "R | UnreadableFile"]
Begin = Callable[[], Callable[[T], R]]  # called once in each process before its tasks; must be picklable


def count_for(wanted: int | None) -> int:
    """The number of processes: as wanted, or all cores but the one that embeds."""
    return wanted or max(1, (os.cpu_count() or 1) - 1)


class Workers(Generic[T, R]):
    """Processes that do tasks; they are started when first needed, and kept until this context ends.

    ``processes`` None: as many as there are cores but one, and none at all for a few small tasks, while there are
    none yet. ``seconds`` bounds one task, where it has a process.
    """

    def __init__(self, processes: int | None = None, seconds: float = 900.0) -> None:
        self._wanted = processes
        self._seconds = seconds
        self._pool: _Pool[T, R] | None = None

    def __enter__(self) -> Workers[T, R]:
        return self

    def __exit__(self, *_: object) -> None:
        if self._pool:
            self._pool.end()

    def results(self, tasks: Iterable[T], begin: Begin[T, R]) -> Iterator[Outcome[T, R]]:
        """Each task with its result, or with the UnreadableFile that tells why there is none, in order.

        Any other StadsvarError that ``begin`` or a task raises is raised.
        """
        rest = iter(tasks)
        if self._wanted is None and self._pool is None:
            first = list(islice(rest, FEW_TASKS + 1))
            if len(first) <= FEW_TASKS and sum(task.size for task in first) <= FEW_BYTES:
                yield from _here(first, begin)
                return
            rest = chain(first, rest)
        self._pool = self._pool or _Pool(count_for(self._wanted), self._seconds)
        yield from self._pool.results(rest, begin)


def _here(tasks: list[T], begin: Begin[T, R]) -> Iterator[Outcome[T, R]]:
    do = begin() if tasks else None
    for task in tasks:
        result, error = _answer(do, task)
        if isinstance(error, UnreadableFile):
            yield task, error
        elif error:
            raise error
        else:
            yield task, result


class _Pool(Generic[T, R]):
    def __init__(self, count: int, seconds: float) -> None:
        self._threads = ThreadPoolExecutor(count, thread_name_prefix="worker")
        self._idle: SimpleQueue[_Process] = SimpleQueue()
        self._all = [_Process(seconds) for _ in range(count)]
        for process in self._all:
            self._idle.put(process)

    def end(self) -> None:
        self._threads.shutdown(wait=False, cancel_futures=True)
        for process in self._all:
            process.end()
        self._threads.shutdown()

    def results(self, tasks: Iterable[T], begin: Begin[T, R]) -> Iterator[Outcome[T, R]]:
        pending: deque[tuple[T, Future[R | UnreadableFile]]] = deque()
        size = 0
        for task in tasks:
            pending.append((task, self._threads.submit(self._run, begin, task)))
            size += task.size
            while len(pending) >= AHEAD_TASKS or (size >= AHEAD_BYTES and len(pending) > len(self._all)):
                done, future = pending.popleft()
                size -= done.size
                yield done, future.result()
        for done, future in pending:
            yield done, future.result()

    def _run(self, begin: Begin[T, R], task: T) -> R | UnreadableFile:
        process = self._idle.get()
        try:
            result: R = process.do(begin, task)
        except UnreadableFile as error:
            return error
        else:
            return result
        finally:
            self._idle.put(process)


class _Process:
    """A process that is started at its first task, and anew after it was lost."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._running: tuple[Any, Connection] | None = None
        self._begun: Begin[Any, Any] | None = None  # in the process that is running
        self._ended = False

    def do(self, begin: Begin[Any, Any], task: object) -> Any:
        """Raises UnreadableFile when the task, its process or its time fails, and what ``begin`` raises."""
        process, line = self._running or self._start()
        try:
            line.send((None if begin is self._begun else begin, task))
            self._begun = begin
            if not line.poll(self._seconds):
                self._stop()
                raise UnreadableFile(
                    f"took longer than {self._seconds:g} s to read; split it, or save it anew"
                )
            result, error = line.recv()
        except (EOFError, OSError):
            process.join(5)
            self._stop()
            raise UnreadableFile(_how_it_ended(process.exitcode)) from None
        if error is not None:
            raise error
        return result

    def end(self) -> None:
        """Ends the process, whatever it is doing; it is not started again."""
        self._ended = True
        self._stop()

    def _start(self) -> tuple[Any, Connection]:
        if self._ended:
            raise EOFError
        context = multiprocessing.get_context("spawn")
        near, far = context.Pipe()
        process = context.Process(target=_serve, args=(far,), daemon=True)
        process.start()
        far.close()
        self._running = (process, near)
        return self._running

    def _stop(self) -> None:
        if self._running:
            process, line = self._running
            self._running = self._begun = None
            process.kill()
            process.join()
            line.close()


def _how_it_ended(code: int | None) -> str:
    if code == -signal.SIGKILL:
        return "took more memory than there is, so that its reading was killed; split it, or save it anew"
    return f"made the program that reads it crash (exit code {code}); open and save it again"


def _serve(line: Connection) -> None:
    """The life of a process: it ends with the pipe, and so with the process that started it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the whole group; the parent decides
    do: Any = None
    with suppress(EOFError, OSError):
        while True:
            begin, task = line.recv()
            polite = do is not None
            try:
                do = begin() if begin else do
            except StadsvarError as error:
                line.send((None, error))
                return
            # Only now: nothing can be embedded before the first process is ready.
            if not polite and hasattr(os, "nice"):
                os.nice(_COURTESY)
            line.send(_answer(do, task))


def _answer(do: Any, task: object) -> tuple[Any, StadsvarError | None]:
    try:
        return do(task), None
    except StadsvarError as error:
        return None, error
    except Exception as error:  # noqa: BLE001 - the outermost boundary of this process: one file fails, no more
        reason = " ".join(str(error).split())[:120]
        return None, UnreadableFile(
            f"could not be described ({type(error).__name__}: {reason}); please report it, and save it as PDF"
        )
