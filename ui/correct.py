"""The command ``stadsvar correct``: a document's text out to a file, and the corrected text back in."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from rag.errors import MissingInput, UnreadableFile
from ui.terminal import say

if TYPE_CHECKING:
    from rag.settings import Settings


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments of the command, but for ``--index``."""
    parser.add_argument("source", metavar="SOURCE_OR_NAME", help="a document's id or file name")
    way = parser.add_mutually_exclusive_group(required=True)
    way.add_argument(
        "--to", type=Path, metavar="FILE", help="write its text there, a form feed between two pages"
    )
    way.add_argument(
        "--from", type=Path, metavar="FILE", dest="corrected", help="read the corrected text there"
    )


def run(args: argparse.Namespace, settings: Settings) -> int:
    """Runs the command and gives its exit code. Raises StadsvarError."""
    from ingest.correct import correct, corrected_pages, find_source, text_to_correct
    from rag.index import Index

    index = Index.open(settings)  # to read: a folder without an index is told of, and not made into one
    try:
        source = find_source(index.catalog, args.source)
        reading = index.catalog.reading(source.id)
    finally:
        index.close()
    if args.to:
        _write(args.to, text_to_correct(reading))
        say(f"{source.name}: text written to {args.to}")
        return 0
    with _naming(args.corrected):
        pages = corrected_pages(reading, _read(args.corrected))
    if not pages:
        say(f"{source.name}: nothing to correct, the text is the same")
        return 0
    index = Index.open(settings, writable=True)
    try:
        with _naming(args.corrected):
            correct(index, source.id, pages)
    finally:
        index.close()
    which = f"page {', '.join(map(str, pages))} corrected" if source.pages else "corrected"
    say(f"{source.name}: {which}")
    return 0


@contextmanager
def _naming(path: Path) -> Iterator[None]:
    """Puts the file into the line that says what is amiss with it."""
    try:
        yield
    except UnreadableFile as error:
        raise MissingInput(f"{path} {error}") from None


def _read(path: Path) -> str:
    from ingest.readers.text import decode

    try:
        return decode(path.read_bytes())
    except OSError as error:
        raise MissingInput(f"{path} cannot be opened ({error.strerror}): check path and rights") from None


def _write(path: Path, text: str) -> None:
    try:
        path.write_text(text, encoding="utf-8", newline="\n")
    except OSError as error:
        raise MissingInput(f"{path} cannot be written ({error.strerror}): name another file") from None
