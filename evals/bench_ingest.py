"""How fast files come into an index, against the embedding model alone on the same text.

    python -m evals.bench_ingest --data ../shared/data [--limit N] [--workers N] [--json OUT]

For each format, ``--limit`` files of the public data are written as such files and ingested into a new index. The
model is loaded before, and embeds the same chunks by itself right after. Starting the worker processes is part
of the ingest: with few files it tells. What else the machine does weighs on the shares of time; the shares of
processor time show what the work itself costs. Peak memory is that of this process and all it started, each at
its own peak, and needs /proc (Linux).
"""

from __future__ import annotations

import argparse
import json
import resource
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from rich.console import Console
from rich.table import Table

from evals.bench_files import FORMATS
from evals.memory import peak_memory
from ingest.outcomes import Outcome
from ingest.pipeline import ingest
from rag.embedding import Embedder
from rag.index import Index, embedded_text
from rag.settings import load_settings

TARGET = 0.85  # of the embedder's own rate
MOST_MEMORY = 2.5e9  # bytes
_EVERY = 0.2  # seconds between two looks at the memory
_WIDTH = 110  # columns, so that no heading is cut
_WARM_UP = 256  # texts: as many as are embedded together


@dataclass(frozen=True, slots=True)
class Measured:
    """One format. Times in seconds; ``alone`` is the embedder's time for the same chunks, ``cpu`` processor time."""

    format: str
    files: int
    failed: int
    bytes: int
    characters: int
    chunks: int
    alone: float
    ingest: float
    alone_cpu: float
    ingest_cpu: float
    reasons: tuple[str, ...] = ()  # why files failed

    @property
    def share(self) -> float:
        """The ingest's rate over the embedder's."""
        return self.alone / self.ingest if self.ingest else 0.0

    @property
    def share_cpu(self) -> float:
        """The same in processor time."""
        return self.alone_cpu / self.ingest_cpu if self.ingest_cpu else 0.0


def main() -> int:
    """Prints a row for each format, their sum, and the peak memory."""
    args = _arguments()
    console = Console(width=max(_WIDTH, Console().width))
    if not args.data.is_dir():
        text = f"Skipped: {args.data} is not there; --data names the folder with the public data sets"
        console.print(text, soft_wrap=True)
        return 0
    embedder = _warm_embedder()
    rows = []
    with peak_memory() as peak, tempfile.TemporaryDirectory(prefix="stadsvar-bench-") as place:
        for name in args.formats.split(","):
            folder = Path(place) / name
            folder.mkdir()
            FORMATS[name](folder, args.data, args.limit)
            rows.append(_measure(name, folder, Path(place) / f"index-{name}", embedder, args.workers))
            console.print(_line(rows[-1]), *rows[-1].reasons, sep="\n  ", highlight=False)
    total = _sum(rows)
    console.print(_table([*rows, total]))
    console.print(f"peak memory {peak() / 1e9:.2f} GB (at most {MOST_MEMORY / 1e9:.1f})")
    console.print(f"ingest reaches {total.share:.0%} of what the embedder alone does (at least {TARGET:.0%})")
    console.print(f"in processor time {total.share_cpu:.0%}")
    if args.json:
        figures = {
            "formats": [asdict(row) | {"share": row.share, "share_cpu": row.share_cpu} for row in rows],
            "peak_bytes": peak(),
        }
        args.json.write_text(json.dumps(figures, indent=1), encoding="utf-8")
    return 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m evals.bench_ingest", description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, required=True, metavar="DIR")
    parser.add_argument("--limit", type=int, default=100, metavar="N", help="files of each format")
    parser.add_argument("--formats", default=",".join(FORMATS), help="of these, divided by commas")
    parser.add_argument("--workers", type=int, metavar="N")
    parser.add_argument("--json", type=Path, metavar="OUT")
    return parser.parse_args()


def _warm_embedder() -> Embedder:
    from rag.embedding import load_embedder

    embedder = load_embedder(load_settings())
    embedder.embed_passages([f"Text {number} om en nämnd." for number in range(_WARM_UP)])
    return embedder


def _measure(name: str, folder: Path, place: Path, embedder: Embedder, workers: int | None) -> Measured:
    settings = load_settings().model_copy(update={"index": place})
    index = Index.open(settings, writable=True)
    outcomes: Sequence[Outcome] = ()

    def run() -> None:
        nonlocal outcomes
        outcomes = ingest(index, [folder], workers=workers)

    took, took_cpu = _timed(run)
    texts = [
        embedded_text(source, chunk)
        for source in index.catalog.sources()
        for chunk in index.catalog.chunks_of(source.id)
    ]
    characters = sum(len(index.catalog.reading_text(source.id)) for source in index.catalog.sources())
    index.close()
    alone, alone_cpu = _timed(lambda: embedder.embed_passages(texts))
    files = [file for file in folder.rglob("*") if file.is_file()]
    return Measured(
        format=name,
        files=len(outcomes),
        failed=sum(outcome.status == "failed" for outcome in outcomes),
        bytes=sum(file.stat().st_size for file in files),
        characters=characters,
        chunks=len(texts),
        alone=alone,
        ingest=took,
        alone_cpu=alone_cpu,
        ingest_cpu=took_cpu,
        reasons=tuple(f"{Path(o.path).name} {o.reason}" for o in outcomes if o.status == "failed"),
    )


def _timed(do: Callable[[], object]) -> tuple[float, float]:
    """Seconds, and seconds of processor time of this process and of those it started and ended."""
    started, cpu = time.perf_counter(), _processor_time()
    do()
    return time.perf_counter() - started, _processor_time() - cpu


def _processor_time() -> float:
    used = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(usage.ru_utime + usage.ru_stime for usage in used)


def _sum(rows: Sequence[Measured]) -> Measured:
    numbers = (
        "files",
        "failed",
        "bytes",
        "characters",
        "chunks",
        "alone",
        "ingest",
        "alone_cpu",
        "ingest_cpu",
    )
    return Measured("all", **{name: sum(getattr(row, name) for row in rows) for name in numbers})


def _line(row: Measured) -> str:
    return f"{row.format}: {row.chunks} chunks in {row.ingest:.1f} s, the embedder alone {row.alone:.1f} s"


def _table(rows: Sequence[Measured]) -> Table:
    figures = ("files", "failed", "MB", "chunks", "alone chunks/s", "ingest chunks/s", "text MB/s")
    columns = ("format", *figures, "share", "CPU share")
    table = Table(*columns, title="Ingest against the embedder alone")
    for row in rows:
        table.add_row(
            row.format,
            str(row.files),
            str(row.failed),
            f"{row.bytes / 1e6:.1f}",
            str(row.chunks),
            f"{row.chunks / max(row.alone, 1e-9):.1f}",
            f"{row.chunks / max(row.ingest, 1e-9):.1f}",
            f"{row.characters / 1e6 / max(row.ingest, 1e-9):.3f}",
            f"{row.share:.0%}",
            f"{row.share_cpu:.0%}",
        )
    return table


if __name__ == "__main__":
    sys.exit(main())
