"""Files in, index out, with every outcome told."""

from pathlib import Path

import pytest

from ingest.finding import find_files
from ingest.pipeline import ingest
from rag.errors import MissingInput
from rag.index import Index
from rag.settings import Settings

LETTER = "# Svar på remiss\n\n## Bakgrund\n\nNämnden i Exempelstad fick remissen {year}.\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    place = tmp_path / "handlingar"
    place.mkdir()
    (place / "a.md").write_text(LETTER.format(year=2021))
    (place / "b.txt").write_text("Beslut\n\nNämnden beslutar att avslå motionen.\n")
    return place


@pytest.fixture
def index(tmp_path: Path) -> Index:
    return Index.open(Settings(index=tmp_path / "index"), writable=True)


def run(index: Index, *paths: Path, sync: bool = False) -> dict[str, str]:
    return {Path(o.path).name: o.status for o in ingest(index, paths, sync=sync)}


def test_added_unchanged_updated_removed(folder: Path, index: Index) -> None:
    assert run(index, folder) == {"a.md": "added", "b.txt": "added"}
    assert run(index, folder) == {"a.md": "unchanged", "b.txt": "unchanged"}
    (folder / "a.md").write_text(LETTER.format(year=2022))
    (folder / "b.txt").unlink()
    assert run(index, folder) == {"a.md": "updated"}
    assert {s.name for s in index.catalog.sources()} == {"a.md", "b.txt"}
    assert run(index, folder, sync=True) == {"b.txt": "removed", "a.md": "unchanged"}
    (source,) = index.catalog.sources()
    assert "2022" in index.catalog.reading_text(source.id)


def test_every_chunk_is_a_slice_of_the_reading_text_and_fits_the_window(folder: Path, index: Index) -> None:
    (folder / "long.txt").write_text(
        "Bakgrund\n\n" + "Stadsdelsnämnden fick i uppdrag att utreda frågan. " * 400
    )
    run(index, folder)
    for source in index.catalog.sources():
        text = index.catalog.reading_text(source.id)
        chunks = index.catalog.chunks_of(source.id)
        assert all(text[c.locator.start : c.locator.end] == c.text for c in chunks)
        assert all(index.embedder.count_tokens(c.text) <= index.embedder.window for c in chunks)
        covered = {i for c in chunks for i in range(c.locator.start, c.locator.end)}
        assert all(i in covered for i, character in enumerate(text) if not character.isspace())


def test_one_unreadable_file_stops_nothing_and_its_earlier_version_stays(folder: Path, index: Index) -> None:
    run(index, folder)
    (folder / "a.md").write_bytes(b"")
    (folder / "c.txt").write_text("Ny handling om simhallen.")
    outcomes = {Path(o.path).name: o for o in ingest(index, [folder])}
    assert outcomes["a.md"].status == "failed" and "empty" in outcomes["a.md"].reason
    assert outcomes["c.txt"].status == "added"
    assert {s.name for s in index.catalog.sources()} == {"a.md", "b.txt", "c.txt"}
    assert [Path(path).name for path in index.catalog.failures()] == ["a.md"]
    (folder / "a.md").write_text(LETTER.format(year=2023))
    run(index, folder)
    assert index.catalog.failures() == {}


def test_a_moved_file_is_not_embedded_again(folder: Path, index: Index) -> None:
    run(index, folder)
    (folder / "b.txt").rename(folder / "c.txt")
    assert run(index, folder, sync=True) == {"b.txt": "removed", "a.md": "unchanged", "c.txt": "added"}


def test_links_out_of_the_folder_and_hidden_files_are_left_alone(folder: Path, tmp_path: Path) -> None:
    outside = tmp_path / "secret.txt"
    outside.write_text("hemligt")
    (folder / "link.txt").symlink_to(outside)
    (folder / "loop").symlink_to(folder)
    (folder / ".hidden.txt").write_text("gömt")
    assert [file.name for file in find_files([folder])] == ["a.md", "b.txt"]


def test_a_wrong_path_and_an_empty_folder_are_named(folder: Path, tmp_path: Path, index: Index) -> None:
    with pytest.raises(MissingInput, match="nowhere does not exist"):
        ingest(index, [tmp_path / "nowhere"])
    (tmp_path / "empty").mkdir()
    with pytest.raises(MissingInput, match="empty"):
        ingest(index, [tmp_path / "empty"])
