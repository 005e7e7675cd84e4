"""Archives and messages: what is inside them is ingested file by file."""

import os
import zipfile
from email.message import EmailMessage
from io import BytesIO
from pathlib import Path

import pytest

from ingest.outcomes import Outcome
from ingest.pipeline import ingest
from rag.index import Index


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    place = tmp_path / "handlingar"
    place.mkdir()
    return place


def packed(members: dict[str, bytes]) -> bytes:
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w") as package:
        for name, data in members.items():
            package.writestr(name, data)
    return buffer.getvalue()


def letter(**attached: bytes) -> bytes:
    message = EmailMessage()
    message["From"], message["Subject"] = "a@example.se", "Svar på remissen"
    message.set_content("Vi tillstyrker förslaget om simhallen.")
    for name, data in attached.items():
        message.add_attachment(data, maintype="text", subtype="plain", filename=f"{name}.txt")
    return message.as_bytes()


def run(index: Index, folder: Path, *, sync: bool = True) -> dict[str, Outcome]:
    outcomes = ingest(index, [folder], sync=sync)
    return {str(Path(outcome.path).relative_to(folder)): outcome for outcome in outcomes}


def statuses(index: Index, folder: Path) -> dict[str, str]:
    return {path: outcome.status for path, outcome in run(index, folder).items()}


def names(index: Index) -> set[str]:
    return {source.name for source in index.catalog.sources()}


def test_files_in_archives_are_sources_of_their_own(index: Index, folder: Path) -> None:
    members = {
        "mapp/a.txt": b"Simhallen byggs.",
        "b.docx": b"no",
        "c.exe": b"x",
        "d.eml": letter(e=b"Bilagan."),
    }
    (folder / "arkiv.zip").write_bytes(packed(members))
    outcomes = run(index, folder)
    assert {path: outcome.status for path, outcome in outcomes.items()} == {
        "arkiv.zip/mapp/a.txt": "added",
        "arkiv.zip/b.docx": "failed",
        "arkiv.zip/d.eml": "added",
        "arkiv.zip/d.eml/e.txt": "added",
    }
    assert "damaged" in outcomes["arkiv.zip/b.docx"].reason
    assert names(index) == {"arkiv.zip/mapp/a.txt", "arkiv.zip/d.eml", "arkiv.zip/d.eml/e.txt"}


def test_an_unchanged_archive_is_not_read_again(index: Index, folder: Path) -> None:
    archive = folder / "arkiv.zip"
    archive.write_bytes(packed({"a.txt": b"Simhallen byggs.", "b.txt": b"Badet rivs."}))
    run(index, folder)
    stat = archive.stat()
    archive.write_bytes(b"x" * stat.st_size)
    os.utime(archive, ns=(stat.st_atime_ns, stat.st_mtime_ns))
    assert statuses(index, folder) == {"arkiv.zip/a.txt": "unchanged", "arkiv.zip/b.txt": "unchanged"}


def test_an_archive_with_a_failure_is_looked_into_again(index: Index, folder: Path) -> None:
    (folder / "arkiv.zip").write_bytes(packed({"a.txt": b"Simhallen byggs.", "b.txt": b""}))
    for status in ("added", "unchanged"):
        assert statuses(index, folder) == {"arkiv.zip/a.txt": status, "arkiv.zip/b.txt": "failed"}


def test_changed_and_removed_archives_take_their_files_along(index: Index, folder: Path) -> None:
    archive = folder / "arkiv.zip"
    archive.write_bytes(packed({"a.txt": b"Simhallen byggs.", "b.txt": b"Badet rivs.", "c.txt": b"Ja."}))
    run(index, folder)
    archive.write_bytes(packed({"a.txt": b"Simhallen byggs inte.", "c.txt": b"Ja."}))
    assert statuses(index, folder) == {
        "arkiv.zip/a.txt": "updated",
        "arkiv.zip/b.txt": "removed",
        "arkiv.zip/c.txt": "unchanged",
    }
    assert names(index) == {"arkiv.zip/a.txt", "arkiv.zip/c.txt"}
    (folder / "d.txt").write_text("Biblioteket.")
    archive.unlink()
    assert statuses(index, folder) == {
        "d.txt": "added",
        "arkiv.zip/a.txt": "removed",
        "arkiv.zip/c.txt": "removed",
    }
    assert names(index) == {"d.txt"} and set(index.catalog.files()) == {str(folder / "d.txt")}


def test_a_damaged_archive_keeps_what_was_read_of_it(index: Index, folder: Path) -> None:
    archive = folder / "arkiv.zip"
    archive.write_bytes(packed({"a.txt": b"Simhallen byggs."}))
    run(index, folder)
    archive.write_bytes(b"PK damaged")
    assert statuses(index, folder) == {"arkiv.zip": "failed"}
    assert names(index) == {"arkiv.zip/a.txt"}


def test_a_message_and_its_attachments_are_sources(index: Index, folder: Path) -> None:
    (folder / "brev.eml").write_bytes(letter(bilaga=b"Simhallen kostar 3 mnkr."))
    (folder / "kopia.txt").write_bytes(b"Simhallen kostar 3 mnkr.")
    assert set(statuses(index, folder).values()) == {"added"}
    assert names(index) == {"brev.eml", "brev.eml/bilaga.txt"}
    assert index.catalog.sources()[1].other_names == ("kopia.txt",)
    assert set(statuses(index, folder).values()) == {"unchanged"}
    os.utime(folder / "brev.eml", (1, 1))
    assert set(statuses(index, folder).values()) == {"unchanged"}
    (folder / "brev.eml").write_bytes(letter())
    assert statuses(index, folder) == {
        "brev.eml": "updated",
        "brev.eml/bilaga.txt": "removed",
        "kopia.txt": "unchanged",
    }
    assert names(index) == {"brev.eml", "kopia.txt"}


def test_empty_archives_and_bombs_are_told(index: Index, folder: Path) -> None:
    (folder / "tom.zip").write_bytes(packed({"a.exe": b"x"}))
    bomb = BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("a.txt", b" " * 30_000_000)
    (folder / "bomb.zip").write_bytes(bomb.getvalue())
    outcomes = run(index, folder)
    assert "holds no file" in outcomes["tom.zip"].reason
    assert "unpacks to" in outcomes["bomb.zip"].reason
