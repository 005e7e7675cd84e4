"""``stadsvar ingest`` killed at random moments: nobody sees half a document, and the next run completes the work.

INGEST_KILLS sets how many times; 5 if unset.
"""

import os
import random
import subprocess
import sys
import time
import zipfile
from dataclasses import replace
from pathlib import Path

from rag.assistant import Assistant
from rag.catalog import Catalog
from rag.index import Index
from rag.settings import Settings

KILLS = int(os.environ.get("INGEST_KILLS", "5"))
PLACES = (
    "Solvik Granby Ekhult Norrskog Björkdal Hamnvik Åkerlund Stenbro Lindvret Kärrtorpa Fagerö Videby".split()
)
PROGRAM = """
import torch, chromadb, tantivy, pydantic  # what takes seconds and tells nothing
import ingest.run
ingest.run.BATCH_CHUNKS = 4  # many commits for few documents
from ui.cli import main
print("go", flush=True)
main()
"""
MISREAD = (
    "Forvaltningens forslag till beslut\n\nNamnden godkanner forvaltningens tjansteutlatande och overlamnar det "
    "som svar pa remissen. Namnden anser att det ar bra for barnen nar skolan samverkar tidigt.\n"
)


def write(folder: Path, place: str, dice: random.Random) -> None:
    """A document with several sections, whose figures are new."""
    sections = [
        f"## {heading}\n\n{place} nämnd anser att {what} kostar {dice.randrange(10**6)} kronor per år.\n"
        for heading, what in (("Bakgrund", "simhallen"), ("Synpunkter", "biblioteket"), ("Beslut", "parken"))
    ]
    (folder / f"{place}.md").write_text(f"# Yttrande från {place}\n\n" + "\n".join(sections))


def change(folder: Path, dice: random.Random) -> None:
    """Some documents are new, some gone, some rewritten; an archive and a misread one too."""
    for place in PLACES:
        match dice.randrange(4):
            case 0 | 1:
                write(folder, place, dice)
            case 2:
                (folder / f"{place}.md").unlink(missing_ok=True)
    write(folder, "Solvik", dice)
    (folder / "kopia.md").write_bytes((folder / "Solvik.md").read_bytes())
    (folder / "skannad.txt").write_text(MISREAD + f"Arende {dice.randrange(10**6)}.\n")
    (folder / "trasig.docx").write_bytes(b"no")
    with zipfile.ZipFile(folder / "arkiv.zip", "w") as archive:
        for number in range(dice.randrange(1, 4)):
            archive.writestr(f"{number}.txt", f"Protokoll {dice.randrange(10**6)} om parken i Solvik.")


def start(folder: Path, settings: Settings, *options: str) -> "subprocess.Popen[str]":
    command = [sys.executable, "-c", PROGRAM, "ingest", str(folder), "--sync", "--index", str(settings.index)]
    process = subprocess.Popen(
        [*command, *options], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )
    assert process.stdout and process.stdout.readline() == "go\n"
    return process


def seen_whole(settings: Settings) -> int:
    """Checks that every visible document is whole in all three parts of the index; how many there are."""
    index = Index.open(settings)
    index.dense.refresh()
    sources = index.catalog.sources()
    for source in sources:
        text = index.catalog.reading_text(source.id)
        chunks = index.catalog.chunks_of(source.id)
        covered = {i for chunk in chunks for i in range(chunk.locator.start, chunk.locator.end)}
        assert all(i in covered for i, character in enumerate(text) if not character.isspace())
        assert len(index.dense.vectors([chunk.id for chunk in chunks])) == len(chunks)
    assert index.lexical.count() >= index.catalog.chunk_count()
    index.catalog.close()
    return len(sources)


def content(settings: Settings) -> tuple[object, ...]:
    """All that an index holds, but for how often it was written to."""
    index = Index.open(settings, writable=True)
    chunks = index.catalog.all_chunks()
    files = {path: replace(record, mtime_ns=0) for path, record in index.catalog.files().items()}
    sources = index.catalog.sources()
    found = (
        files,
        sorted(index.catalog.failures().items()),
        sorted(sources, key=lambda source: source.id),
        {source.id: index.catalog.reading_text(source.id) for source in sources},
        chunks,
        index.catalog.journal(),
        sorted(index.dense.vectors([chunk.id for chunk in chunks])),
        index.dense.count(),
        index.lexical.count(),
    )
    index.close()
    return found


def test_killed_at_random_moments_it_loses_nothing_and_shows_nothing_half(tmp_path: Path) -> None:
    dice = random.Random(20)
    folder = tmp_path / "handlingar"
    folder.mkdir()
    change(folder, dice)
    killed, whole = Settings(index=tmp_path / "killed"), Settings(index=tmp_path / "whole")
    started = time.monotonic()
    assert start(folder, killed).wait() == 1  # one file is damaged
    takes = time.monotonic() - started
    assistant = Assistant.open(killed)
    struck = 0
    for _ in range(KILLS):
        change(folder, dice)
        process = start(folder, killed, *(["--workers", "1"] if dice.random() < 0.2 else []))
        moment = time.monotonic() + dice.uniform(0.0, takes)
        while time.monotonic() < moment and process.poll() is None:
            for citation in assistant.ask("Vad kostar simhallen i Solvik?").citations:
                assert "Solvik" in citation.source.name or "arkiv" in citation.source.name
            time.sleep(0.05)
        struck += process.poll() is None
        process.kill()
        process.wait()
        assert seen_whole(killed)
    assert struck, "no run was cut off: the documents are too few"
    assert start(folder, killed).wait() == start(folder, whole).wait() == 1
    assert content(killed) == content(whole)
    assert Catalog(killed.index).journal() == ()
