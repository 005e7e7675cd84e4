"""How long an answer takes: ``stadsvar ask`` in a process of its own, and over HTTP from a running server.

Both are what users run. From cold means a new process that loads what it needs; the files may still be in the
machine's memory. The server is asked every question twice: the first time, and again when all is loaded.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import sysconfig
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import asdict, dataclass
from http.client import HTTPConnection
from pathlib import Path
from statistics import median
from typing import Any
from urllib.parse import urlsplit

from rich.console import Console

from evals.arguments import at_least
from evals.cases import Case, load_cases
from evals.scorers import percentile
from rag.errors import StadsvarError

MOST_COLD = 9.0  # seconds
MOST_AGAIN = 300.0  # ms, the median
_PATIENCE = 300.0  # seconds for one answer, or for the models to load
_COMMAND = str(Path(sysconfig.get_path("scripts")) / "stadsvar")


@dataclass(frozen=True, slots=True)
class Latency:
    """Seconds of each cold run and until the server was ready; ms of each answer over HTTP, by round."""

    cold: tuple[float, ...]
    ready: float
    first: tuple[float, ...]
    again: tuple[float, ...]


def measure(index: Path, cases: Sequence[Case], cold_runs: int) -> Latency:
    """Asks the first questions from cold, then all of them twice over HTTP. Raises StadsvarError."""
    cold = tuple(_cold(index, case) for case in cases[:cold_runs])
    started = time.perf_counter()
    with _server(index) as connection:
        while json.loads(_asked(connection, "GET", "/api/health"))["status"] == "warming":
            time.sleep(0.05)
        ready = time.perf_counter() - started
        first, again = ([_over_http(connection, case) for case in cases] for _ in range(2))
        return Latency(cold, ready, tuple(first), tuple(again))


def _cold(index: Path, case: Case) -> float:
    history = [part for turn in case.history for part in ("--history", turn)]
    command = [_COMMAND, "ask", "--index", str(index), *history, "--", case.question]
    started = time.perf_counter()
    done = subprocess.run(command, capture_output=True, text=True, timeout=_PATIENCE, check=False)
    if done.returncode:
        raise StadsvarError(done.stderr.strip().removeprefix("stadsvar: "))
    return time.perf_counter() - started


@contextmanager
def _server(index: Path) -> Iterator[HTTPConnection]:
    """A connection to ``stadsvar serve`` on a free port. Raises StadsvarError when it does not start."""
    command = [_COMMAND, "serve", "--port", "0", "--index", str(index)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            told = process.stdout.readline().split()  # Stadsvar: http://127.0.0.1:41234  (Ctrl + C stops)
            if len(told) < 2:
                raise StadsvarError(f"'stadsvar serve' did not start over {index}")
            with closing(HTTPConnection(urlsplit(told[1]).netloc, timeout=_PATIENCE)) as connection:
                yield connection
        finally:
            process.terminate()


def _over_http(connection: HTTPConnection, case: Case) -> float:
    """The ms until the whole answer is here."""
    body = json.dumps({"question": case.question, "history": list(case.history)})
    started = time.perf_counter()
    _asked(connection, "POST", "/api/ask", body)
    return (time.perf_counter() - started) * 1000


def _asked(connection: HTTPConnection, method: str, path: str, body: str | None = None) -> bytes:
    connection.request(method, path, body, {"Content-Type": "application/json"})
    response = connection.getresponse()
    content = response.read()
    if response.status != 200:
        raise StadsvarError(f"{path} answered {response.status}: {content.decode(errors='replace')}")
    return content


def lines(latency: Latency) -> Iterator[str]:
    """The report, for people."""
    if latency.cold:
        cold = f"median {median(latency.cold):.1f} s, longest {max(latency.cold):.1f} s"
        yield f"from cold, {len(latency.cold)} runs: {cold} (to be under {MOST_COLD:g} s)"
    yield f"server ready after {latency.ready:.1f} s"
    for name, times, target in (
        ("first time", latency.first, ""),
        ("asked again", latency.again, f" (p50 to be under {MOST_AGAIN:g} ms)"),
    ):
        p50, p95 = percentile(times, 50), percentile(times, 95)
        yield f"{name}, {len(times)} questions over HTTP: p50 {p50:.0f} ms, p95 {p95:.0f} ms{target}"


def _arguments(argv: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m evals.server_latency", description=__doc__.splitlines()[0]
    )
    parser.add_argument("--index", type=Path, required=True, metavar="DIR", help="an index that is there")
    parser.add_argument("--questions", type=Path, required=True, metavar="CASES.jsonl")
    parser.add_argument("--limit", type=at_least(1), metavar="N", help="ask only the first N questions")
    parser.add_argument(
        "--cold", type=at_least(0), default=3, metavar="N", help="runs from cold (3 if unset)"
    )
    parser.add_argument("--json", type=Path, metavar="OUT")
    return parser.parse_args(argv)


def main(argv: Sequence[str] | None = None) -> int:
    """Measures, prints, and gives the exit code."""
    args = _arguments(argv)
    try:
        cases = load_cases(args.questions)[: args.limit]
        latency = measure(args.index, cases, args.cold)
    except StadsvarError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    console = Console(highlight=False, soft_wrap=True)
    for line in lines(latency):
        console.print(line)
    if args.json:
        report: dict[str, Any] = asdict(latency)
        args.json.write_text(json.dumps(report, indent=1), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
