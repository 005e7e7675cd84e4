"""The command ``stadsvar ingest``: once, as a rehearsal, or following folders until it is stopped."""

from __future__ import annotations

import argparse
import json
import signal
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from ui.progress import progress
from ui.terminal import say, say_error

if TYPE_CHECKING:
    from ingest.outcomes import Outcome
    from rag.settings import Settings


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments of the command, but for ``--index``."""
    parser.add_argument("paths", nargs="+", type=Path, metavar="PATH")
    parser.add_argument("--sync", action="store_true", help="also forget files that are gone")
    parser.add_argument("--json", action="store_true", help="print the outcomes as JSON")
    parser.add_argument(
        "--workers", type=_count, metavar="N", help="processes that read; all cores but one if unset"
    )
    mode = parser.add_mutually_exclusive_group()
    mode.add_argument("--dry-run", action="store_true", help="tell what would happen and write nothing")
    mode.add_argument("--watch", action="store_true", help="follow the paths until Ctrl-C; includes --sync")
    parser.add_argument(
        "--every", type=_seconds, default=2.0, metavar="SECONDS", help="between two looks of --watch"
    )


def run(args: argparse.Namespace, settings: Settings) -> int:
    """Runs the command and gives its exit code: 1 when some file could not be read."""
    if args.watch:
        return _watch(args, settings)
    shown = not args.json and sys.stderr.isatty()
    with progress(shown=shown) as (on_start, on_outcome), _taking_in(args, settings) as take_in:
        outcomes = take_in(
            args.paths, sync=args.sync, workers=args.workers, on_start=on_start, on_outcome=on_outcome
        )
    _report(outcomes, args)
    return 1 if any(outcome.status == "failed" for outcome in outcomes) else 0


@contextmanager
def _taking_in(args: argparse.Namespace, settings: Settings) -> Iterator[Callable[..., tuple[Outcome, ...]]]:
    """``ingest`` into the index of the settings, open meanwhile, or its rehearsal, which opens none."""
    from ingest.pipeline import ingest, rehearse
    from rag.index import Index

    if args.dry_run:
        yield partial(rehearse, settings)
        return
    with closing(Index.open(settings, writable=True)) as index:
        yield partial(ingest, index)


def _watch(args: argparse.Namespace, settings: Settings) -> int:
    from ingest.watching import Watch

    signal.signal(signal.SIGTERM, signal.default_int_handler)  # a service is stopped like by Ctrl-C
    watch = Watch(
        settings,
        args.paths,
        workers=args.workers,
        on_outcomes=lambda outcomes: _report(outcomes, args),
        on_trouble=say_error,
    )
    try:
        watch.run(args.every)
    except KeyboardInterrupt:
        if not args.json:
            say("stopped")
    return 0


def _report(outcomes: Sequence[Outcome], args: argparse.Namespace) -> None:
    counts = Counter(outcome.status for outcome in outcomes)
    if args.json:
        files = [{"path": o.path, "status": o.status, "reason": o.reason} for o in outcomes]
        say(json.dumps({"counts": counts, "files": files}, ensure_ascii=False))
        return
    for outcome in outcomes:
        if outcome.status not in ("failed", "unchanged") or (args.dry_run and outcome.status == "unchanged"):
            say(f"{outcome.status:9} {outcome.path} {outcome.reason}".rstrip())
    summary = ", ".join(f"{count} {status}" for status, count in counts.items()) or "nothing to do"
    say(f"{summary}; nothing was written" if args.dry_run else summary)
    # Alike reasons stand together: what is amiss with a hundred files is mostly one thing.
    for failed in sorted((o for o in outcomes if o.status == "failed"), key=lambda o: (o.reason, o.path)):
        say_error(f"{failed.path} {failed.reason}")


def _count(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text} is not a whole number of 1 or more")
    return int(text)


def _seconds(text: str) -> float:
    with suppress(ValueError):
        if 0.1 <= float(text) <= 86400:
            return float(text)
    raise argparse.ArgumentTypeError(f"{text} is not a number between 0.1 and 86400")
