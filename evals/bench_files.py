"""Public texts written as files of several formats, for measuring the ingest."""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Sequence
from html import escape
from io import BytesIO
from pathlib import Path

from evals.cases import PassageRow, load_passages


def _rows(data: Path, name: str, limit: int) -> Sequence[PassageRow]:
    file = data / name
    return load_passages(file)[:limit] if file.is_file() else ()


def _write_txt(folder: Path, data: Path, limit: int) -> None:
    for row in _rows(data, "riksdag_motioner/docs.jsonl", limit):
        (folder / f"{row.id}.txt").write_text(row.text, encoding="utf-8")


def _write_misread(folder: Path, data: Path, limit: int) -> None:
    for row in _rows(data, "ocr_swequad/passages_medium.jsonl", limit):
        (folder / f"{row.id}.txt").write_text(row.text, encoding="utf-8")


def _write_html(folder: Path, data: Path, limit: int) -> None:
    for row in _rows(data, "regeringen_g0vse/passages.jsonl", limit):
        body = "".join(f"<p>{escape(line)}</p>" for line in row.text.split("\n") if line.strip())
        page = f"<html><head><title>{escape(row.title)}</title></head><body>{body}</body></html>"
        (folder / f"{row.id}.html").write_text(page, encoding="utf-8")


def _write_docx(folder: Path, data: Path, limit: int) -> None:
    from docx import Document

    for row in _rows(data, "riksdag_interpellationer/passages.jsonl", limit):
        document = Document()
        document.add_heading(row.title, level=1)
        for line in row.text.split("\n"):
            document.add_paragraph(line)
        document.save(str(folder / f"{row.id}.docx"))


def _write_zip(folder: Path, data: Path, limit: int) -> None:
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for row in _rows(data, "regeringen_fragor_svar/passages.jsonl", limit):
            archive.writestr(f"{row.id}.txt", row.text)
    (folder / "arkiv.zip").write_bytes(buffer.getvalue())


def _write_pdf(folder: Path, data: Path, limit: int) -> None:
    files = sorted((data / "nacka_handlingar" / "pdf").glob("*.pdf"), key=lambda file: file.stat().st_size)
    for file in files[: max(1, limit // 4)]:  # of many pages each
        (folder / file.name).write_bytes(file.read_bytes())


FORMATS: dict[str, Callable[[Path, Path, int], None]] = {
    "txt": _write_txt,
    "html": _write_html,
    "docx": _write_docx,
    "zip": _write_zip,
    "pdf": _write_pdf,
    "misread": _write_misread,
}
