"""Worker processes: real ones, that crash, hang and are killed."""

import os
import signal
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from ingest.pipeline import ingest
from ingest.workers import AHEAD_TASKS, FEW_TASKS, Workers
from rag.errors import SettingsError, UnreadableFile
from rag.index import Index
from rag.settings import Settings


@dataclass(frozen=True)
class Errand:
    what: str
    size: int = 1


def do(errand: Errand) -> str:
    match errand.what.partition(" ")[0]:
        case "crash":
            os._exit(3)
        case "killed":
            os.kill(os.getpid(), signal.SIGKILL)
        case "hang":
            time.sleep(60)
        case "unreadable":
            raise UnreadableFile("is empty; copy it again")
        case "bug":
            raise ZeroDivisionError("oops")
        case "settings":
            raise SettingsError("correct the file")
        case "pid":
            return str(os.getpid())
    return errand.what


def begin() -> Callable[[Errand], str]:
    return do


def results(*errands: str, seconds: float = 60.0, processes: int | None = 2) -> list[str]:
    with Workers[Errand, str](processes, seconds) as workers:
        return [str(result) for _, result in workers.results(map(Errand, errands), begin)]


def test_results_come_in_order_and_a_lost_process_costs_its_task() -> None:
    found = results("a", "crash", "b", "killed", "c", "unreadable", "d", "bug", "e")
    assert found[::2] == ["a", "b", "c", "d", "e"]
    crash, killed, unreadable, bug = found[1::2]
    assert "crash" in crash and "exit code 3" in crash
    assert "memory" in killed
    assert unreadable == "is empty; copy it again"
    assert "ZeroDivisionError: oops" in bug
    assert all(len(reason.split("; ")) == 2 for reason in (crash, killed, unreadable, bug))


def test_a_task_over_its_time_is_ended() -> None:
    started = time.monotonic()
    late, after = results("hang", "a", seconds=10.0, processes=1)  # starting takes some
    assert "took longer than 10 s" in late and after == "a"
    assert time.monotonic() - started < 50


def test_wrong_settings_are_raised_wherever_they_are_seen() -> None:
    for processes in (None, 1):
        with pytest.raises(SettingsError, match="correct"):
            results("a", "settings", processes=processes)


def test_a_few_small_tasks_need_no_process() -> None:
    assert set(results(*["pid"] * FEW_TASKS, processes=None)) == {str(os.getpid())}
    assert str(os.getpid()) not in results(*["pid"] * (FEW_TASKS + 1), processes=None)
    assert "ZeroDivisionError" in results("bug", processes=None)[0]


def test_tasks_are_taken_ahead_by_number_alone() -> None:
    taken: list[int] = []

    def tasks() -> Iterator[Errand]:
        for number in range(AHEAD_TASKS + 10):
            taken.append(number)
            yield Errand(str(number))

    with Workers[Errand, str](1) as workers:
        found = workers.results(tasks(), begin)
        next(found)
        assert len(taken) == AHEAD_TASKS
        assert len(list(found)) == AHEAD_TASKS + 9


def louder() -> Callable[[Errand], str]:
    return lambda errand: do(errand).upper()


def test_processes_are_kept_for_other_work() -> None:
    with Workers[Errand, str](1) as workers:
        ((_, before),) = workers.results([Errand("pid")], begin)
        ((_, after), (_, other), (_, lost), (_, anew)) = workers.results(
            map(Errand, ["pid", "a", "crash", "b"]), louder
        )
    assert before == after != str(os.getpid())
    assert (other, anew) == ("A", "B") and isinstance(lost, UnreadableFile)


def test_an_ingest_with_processes_gives_the_same_index(tmp_path: Path) -> None:
    folder = tmp_path / "handlingar"
    folder.mkdir()
    for number in range(6):
        (folder / f"{number}.md").write_text(
            f"# Yttrande\n\n## Beslut\n\nNämnden tillstyrker punkt {number}.\n"
        )
    (folder / "2.txt").write_bytes(b"")
    indexes = []
    for workers in (None, 2):
        index = Index.open(Settings(index=tmp_path / str(workers)), writable=True)
        outcomes = ingest(index, [folder], workers=workers)
        indexes.append((outcomes, index.catalog.sources(), index.catalog.all_chunks()))
        index.close()
    assert indexes[0] == indexes[1]
