"""Files in, index out, with every outcome told."""

from pathlib import Path

import pytest

from ingest.finding import Known, find_files, look
from ingest.pipeline import ingest
from rag.errors import MissingInput
from rag.index import Index
from rag.records import UNSETTLED
from rag.settings import Settings

LETTER = "# Svar på remiss\n\n## Bakgrund\n\nNämnden i Exempelstad fick remissen {year}.\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    place = tmp_path / "handlingar"
    place.mkdir()
    (place / "a.md").write_text(LETTER.format(year=2021))
    (place / "b.txt").write_text("Beslut\n\nNämnden beslutar att avslå motionen.\n")
    return place


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


def test_documents_in_forms_that_are_not_read_are_told_of(folder: Path) -> None:
    for name in ("gammalt.DOC", "budget.xlsx", "~$a.docx", "program.exe"):
        (folder / name).write_bytes(b"x")
    found = look(find_files([folder]), Known.made({}, frozenset()), "1")
    failed = {file.name: file.reason for file in found if file.state == "failed"}
    assert sorted(failed) == ["budget.xlsx", "gammalt.DOC"]
    assert failed["gammalt.DOC"].endswith("(.doc); save it as DOCX or PDF")


def test_a_wrong_path_and_an_empty_folder_are_named(folder: Path, tmp_path: Path, index: Index) -> None:
    with pytest.raises(MissingInput, match="nowhere does not exist"):
        ingest(index, [tmp_path / "nowhere"])
    (tmp_path / "empty").mkdir()
    with pytest.raises(MissingInput, match="empty"):
        ingest(index, [tmp_path / "empty"])


def test_misread_documents_are_mended_with_the_names_of_clean_ones(index: Index, folder: Path) -> None:
    """Whatever their order, and whether the clean ones came with them or before."""
    clean = (
        "I dag svarade Märit Jöklund. Sedan sade Märit Jöklund att Jöklund och Märit är nöjda med nämnden.\n"
    )
    misread = (
        "Forvaltningens forslag till beslut\n\nNamnden godkanner forvaltningens tjansteutlatande och "
        "overlamnar det som svar pa remissen. Namnden anser att det ar bra for barnen nar skolan samverkar "
        "tidigt och att stodet maste na ut.\n\nEnligt Mdrit Joklund behovs mer stod.\n"
    )
    (folder / "aa.txt").write_text(misread)
    plain = "Nämnden anser att det är bra för barnen när skolan samverkar tidigt och att stödet måste nå ut. "
    (folder / "z.txt").write_text(clean * 3 + plain * 3)
    outcomes = [Path(outcome.path).name for outcome in ingest(index, [folder])]
    assert outcomes == ["a.md", "b.txt", "z.txt", "aa.txt"]
    (folder / "ab.txt").write_text(misread + "Slut.\n")
    run(index, folder)
    texts = {source.name: index.catalog.reading_text(source.id) for source in index.catalog.sources()}
    assert all("Märit Jöklund behövs mer stöd" in texts[name] for name in ("aa.txt", "ab.txt"))
    assert not (index.folder / "waiting").exists()


def test_an_operators_vocabulary_describes_and_another_one_describes_anew(
    folder: Path, tmp_path: Path
) -> None:
    (folder / "a.md").write_text("# Yttrande\n\nTill Kråkmåla råd\n\n## Förslag till beslut\n\nBifall.\n")
    bodies = []
    for name in ("Kråkmåla råd", "Kråkmåla äldreråd"):
        own = tmp_path / name
        own.mkdir()
        (own / "bodies.toml").write_text(
            f'[[body]]\nname = "{name}"\nkind = "council"\naliases = ["Kråkmåla råd"]\n'
        )
        index = Index.open(Settings(index=tmp_path / "own", vocabulary=own), writable=True)
        assert run(index, folder)["a.md"] == ("updated" if bodies else "added")
        assert run(index, folder)["a.md"] == "unchanged"
        bodies += [source.body for source in index.catalog.sources() if source.name == "a.md"]
        index.close()
    assert bodies == ["Kråkmåla råd", "Kråkmåla äldreråd"]


def test_a_changed_recipe_reaches_files_that_this_run_leaves_out(folder: Path, index: Index) -> None:
    run(index, folder)
    index.catalog.renew("of an older version")
    assert run(index, folder / "a.md") == {"a.md": "unchanged"}
    assert index.catalog.files()[str(folder / "b.txt")].mtime_ns == UNSETTLED
