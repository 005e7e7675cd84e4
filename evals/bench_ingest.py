"""How fast files come into an index, against the embedding model alone on the same text.

    python -m evals.bench_ingest --data ../shared/data [--limit N] [--workers N] [--json OUT]

``--limit`` files of the public data are written in each format, in one folder, and ingested into a new index. The
model is loaded before, and embeds the same chunks by itself right after. Starting the worker processes is part
of the ingest: with few files it tells. What else the machine does weighs on the share of time; the share of
processor time shows what the work itself costs. Peak memory is that of this process and all it started, each at
its own peak, and needs /proc (Linux).
"""

from __future__ import annotations

import argparse
import json
import resource
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from rich.table import Table

from evals.arguments import at_least
from evals.bench_files import FORMATS
from evals.memory import peak_memory
from evals.report import wide_console
from ingest.outcomes import Outcome
from ingest.pipeline import ingest
from rag.catalog import Catalog
from rag.embedding import Embedder
from rag.index import Index, embedded_text
from rag.settings import load_settings

TARGET = 0.85  # of the embedder's own rate
MOST_MEMORY = 2.5e9  # bytes
_WARM_UP = 256  # texts: as many as are embedded together


@dataclass(frozen=True, slots=True)
class Format:
    """What of one format was ingested."""

    format: str
    files: int
    failed: int
    bytes: int
    characters: int
    chunks: int


@dataclass(frozen=True, slots=True)
class Measured:
    """Times in seconds; ``alone`` is the embedder's time for the same chunks, ``cpu`` processor time."""

    formats: tuple[Format, ...]
    reasons: tuple[str, ...]  # why files failed
    alone: float
    ingest: float
    alone_cpu: float
    ingest_cpu: float
    peak_bytes: float

    @property
    def share(self) -> float:
        """The ingest's rate over the embedder's."""
        return self.alone / self.ingest if self.ingest else 0.0

    @property
    def share_cpu(self) -> float:
        """The same in processor time."""
        return self.alone_cpu / self.ingest_cpu if self.ingest_cpu else 0.0


def main() -> int:
    """Prints a row for each format, the rates, and the peak memory."""
    args = _arguments()
    console = wide_console()
    if not args.data.is_dir():
        text = f"Skipped: {args.data} is not there; --data names the folder with the public data sets"
        console.print(text, soft_wrap=True)
        return 0
    embedder = _warm_embedder()
    with tempfile.TemporaryDirectory(prefix="stadsvar-bench-") as place:
        folder = Path(place) / "files"
        for name in args.formats:
            (folder / name).mkdir(parents=True)
            FORMATS[name](folder / name, args.data, args.limit)
        measured = _measure(folder, Path(place) / "index", embedder, args.workers)
    console.print(*measured.reasons, sep="\n", end="\n" if measured.reasons else "", highlight=False)
    console.print(_table(measured.formats))
    for line in _lines(measured):
        console.print(line)
    if args.json:
        figures = asdict(measured) | {"share": measured.share, "share_cpu": measured.share_cpu}
        args.json.write_text(json.dumps(figures, indent=1), encoding="utf-8")
    return 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m evals.bench_ingest", description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, required=True, metavar="DIR")
    parser.add_argument("--limit", type=at_least(1), default=100, metavar="N", help="files of each format")
    parser.add_argument("--formats", type=_formats, default=tuple(FORMATS), help=f"of {','.join(FORMATS)}")
    parser.add_argument("--workers", type=at_least(1), metavar="N")
    parser.add_argument("--json", type=Path, metavar="OUT")
    return parser.parse_args()


def _formats(text: str) -> tuple[str, ...]:
    names = tuple(text.split(","))
    if not set(names) <= set(FORMATS):
        raise argparse.ArgumentTypeError(f"{text} is not some of {','.join(FORMATS)}")
    return names


def _warm_embedder() -> Embedder:
    from rag.embedding import load_embedder

    embedder = load_embedder(load_settings())
    embedder.embed_passages([f"Text {number} om en nämnd." for number in range(_WARM_UP)])
    return embedder


def _measure(folder: Path, place: Path, embedder: Embedder, workers: int | None) -> Measured:
    settings = load_settings().model_copy(update={"index": place})
    index = Index.open(settings, writable=True)
    outcomes: Sequence[Outcome] = ()

    def run() -> None:
        nonlocal outcomes
        outcomes = ingest(index, [folder], workers=workers)

    with peak_memory() as peak:
        took, took_cpu = _timed(run)
        peak_bytes = peak()
    formats = tuple(_format(place, outcomes, index.catalog) for place in sorted(folder.iterdir()))
    texts = [
        embedded_text(source, chunk)
        for source in index.catalog.sources()
        for chunk in index.catalog.chunks_of(source.id)
    ]
    index.close()
    alone, alone_cpu = _timed(lambda: embedder.embed_passages(texts))
    reasons = tuple(f"{Path(o.path).name} {o.reason}" for o in outcomes if o.status == "failed")
    return Measured(formats, reasons, alone, took, alone_cpu, took_cpu, peak_bytes)


def _format(folder: Path, outcomes: Sequence[Outcome], catalog: Catalog) -> Format:
    of_it = [outcome for outcome in outcomes if Path(outcome.path).is_relative_to(folder)]
    held = {file.source_id for path, file in catalog.files().items() if Path(path).is_relative_to(folder)}
    ids = [id_ for id_ in held if catalog.has(id_)]
    return Format(
        format=folder.name,
        files=len(of_it),
        failed=sum(outcome.status == "failed" for outcome in of_it),
        bytes=sum(file.stat().st_size for file in folder.rglob("*") if file.is_file()),
        characters=sum(len(catalog.reading_text(id_)) for id_ in ids),
        chunks=sum(len(catalog.chunks_of(id_)) for id_ in ids),
    )


def _timed(do: Callable[[], object]) -> tuple[float, float]:
    """Seconds, and seconds of processor time of this process and of those it started and ended."""
    started, cpu = time.perf_counter(), _processor_time()
    do()
    return time.perf_counter() - started, _processor_time() - cpu


def _processor_time() -> float:
    used = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(usage.ru_utime + usage.ru_stime for usage in used)


def _lines(measured: Measured) -> Iterator[str]:
    chunks = sum(format_.chunks for format_ in measured.formats)
    characters = sum(format_.characters for format_ in measured.formats)
    rate = characters / 1e6 / measured.ingest
    yield f"ingest {measured.ingest:.1f} s: {chunks / measured.ingest:.1f} chunks/s, {rate:.3f} MB/s of text"
    yield f"the embedder alone {measured.alone:.1f} s: {chunks / measured.alone:.1f} chunks/s"
    yield f"ingest reaches {measured.share:.0%} of what the embedder alone does (at least {TARGET:.0%})"
    yield f"in processor time {measured.share_cpu:.0%}"
    yield f"peak memory of the ingest {measured.peak_bytes / 1e9:.2f} GB (at most {MOST_MEMORY / 1e9:.1f})"


def _table(formats: Sequence[Format]) -> Table:
    table = Table("format", "files", "failed", "MB", "text MB", "chunks", title="Files ingested")
    for one in formats:
        sizes = f"{one.bytes / 1e6:.1f}", f"{one.characters / 1e6:.2f}"
        table.add_row(one.format, str(one.files), str(one.failed), *sizes, str(one.chunks))
    return table


if __name__ == "__main__":
    sys.exit(main())
