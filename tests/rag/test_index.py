"""The index as a whole: real Chroma, real tantivy, real embeddings, and crashes at every step."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from rag.catalog import Catalog
from rag.domain import Chunk, Locator, ReadingText, Source
from rag.errors import EmbedderMismatch, ForeignIndex, IndexLocked, IndexUnusable
from rag.index import Index
from rag.records import FileRecord, IndexedDocument
from rag.settings import Settings


def document(source_id: str, text: str) -> IndexedDocument:
    chunk = Chunk(f"{source_id}:0", source_id, 0, text, Locator(0, len(text)))
    return IndexedDocument(Source(source_id, f"{source_id}.txt", source_id), ReadingText(text), (chunk,))


def record(path: str, source_id: str) -> FileRecord:
    return FileRecord(path, source_id, 1, 1)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(index=tmp_path / "index")


def derived(index: Index) -> tuple[int, int]:
    return index.dense.count(), index.lexical.count()


def test_replaced_and_forgotten_files_leave_all_three_parts(settings: Settings) -> None:
    index = Index.open(settings, writable=True)
    index.replace([document("a", "Nämnden sade nej.")], [record("/a.txt", "a")])
    index.replace([document("b", "Nämnden sade ja.")], [record("/a.txt", "b")])
    assert [source.id for source in index.catalog.sources()] == ["b"]
    assert derived(index) == (1, 1)
    index.replace([], [], ["/a.txt"])
    assert index.catalog.sources() == () and derived(index) == (0, 0)


def test_the_same_content_under_two_names_is_one_source_until_both_are_gone(settings: Settings) -> None:
    index = Index.open(settings, writable=True)
    index.replace([document("a", "Samma text.")], [record("/x/en.txt", "a"), record("/x/tva.txt", "a")])
    (source,) = index.catalog.sources()
    assert (source.name, source.other_names) == ("en.txt", ("tva.txt",))
    index.replace([], [], ["/x/en.txt"])
    assert [s.name for s in index.catalog.sources()] == ["tva.txt"]


@pytest.mark.parametrize(
    "step", ["_add_to_derived", "catalog.commit", "_delete_from_derived", "catalog.finish"]
)
@pytest.mark.parametrize("moment", ["before", "after"])
def test_a_crash_shows_all_or_nothing_and_the_next_writer_cleans_up(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, step: str, moment: str
) -> None:
    index = Index.open(settings, writable=True)
    index.replace([document("old", "Gammal text.")], [record("/a.txt", "old")])
    with monkeypatch.context() as patch:
        owner = index.catalog if step.startswith("catalog.") else index
        _crash_at(patch, owner, step.removeprefix("catalog."), moment)
        with pytest.raises(KeyboardInterrupt):
            index.replace([document("new", "Ny text.")], [record("/a.txt", "new")])
    index.close()

    visible = [source.id for source in Catalog(settings.index).sources()]
    assert visible in (["old"], ["new"])
    again = Index.open(settings, writable=True)
    assert derived(again) == (1, 1)
    again.replace([document("new", "Ny text.")], [record("/a.txt", "new")])
    assert [source.id for source in again.catalog.sources()] == ["new"] and derived(again) == (1, 1)
    assert again.catalog.journal() == ()


@pytest.mark.parametrize("part", ["chroma", "tantivy"])
def test_a_part_that_is_gone_is_told_and_made_again_by_the_next_writer(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, part: str
) -> None:
    index = Index.open(settings, writable=True)
    both = [document("a", "Nämnden sade nej."), document("b", "Nämnden sade ja.")]
    index.replace(both, [record("/a.txt", "a"), record("/b.txt", "b")])
    index.close()
    shutil.rmtree(settings.index / part)
    with pytest.raises(IndexUnusable, match=f"{part} is gone: run 'stadsvar ingest PATH --index"):
        Index.open(settings)
    assert not (settings.index / part).exists()

    with monkeypatch.context() as patch:  # killed while it makes it again, after the first of two sources
        _crash_at(patch, Catalog, "finish", "after")
        with pytest.raises(KeyboardInterrupt):
            Index.open(settings, writable=True)
    again = Index.open(settings, writable=True)
    assert derived(again) == (2, 2) and again.catalog.journal() == ()
    assert again.lexical.search("ja", 1)[0].chunk_id == "b:0"
    again.close()
    Index.open(settings).close()


def _crash_at(patch: pytest.MonkeyPatch, owner: object, name: str, moment: str) -> None:
    real: Callable[..., object] = getattr(owner, name)

    def crashing(*args: object) -> object:
        if moment == "after":
            real(*args)
        raise KeyboardInterrupt

    patch.setattr(owner, name, crashing)


def test_one_writer_at_a_time(settings: Settings) -> None:
    index = Index.open(settings, writable=True)
    with pytest.raises(IndexLocked, match="Another ingest"):
        Index.open(settings, writable=True)
    index.close()
    Index.open(settings, writable=True).close()


def test_a_folder_that_is_no_index_is_refused(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("mine")
    for writable in (False, True):
        with pytest.raises(ForeignIndex, match=r"--index"):
            Index.open(Settings(index=tmp_path), writable=writable)
    (tmp_path / "catalog.sqlite").write_text("not a database, but long enough to look like something else")
    with pytest.raises(ForeignIndex, match="not an index"):
        Index.open(Settings(index=tmp_path))


def test_another_embedding_model_is_refused_with_the_remedy(settings: Settings) -> None:
    index = Index.open(settings, writable=True)
    index.replace([document("a", "Text.")], [record("/a.txt", "a")])
    index.catalog.write_meta("embedder_fingerprint", "of another model")
    index.close()
    with pytest.raises(EmbedderMismatch, match="STADSVAR_EMBEDDER"):
        _ = Index.open(settings).embedder


def test_a_snapshot_sees_nothing_of_what_is_written_meanwhile(settings: Settings) -> None:
    index = Index.open(settings, writable=True)
    index.replace([document("a", "Nämnden sade nej.")], [record("/a.txt", "a")])
    reader = Catalog(settings.index)
    with reader.snapshot(), reader.snapshot():
        assert reader.source("a")
        index.replace([document("b", "Nämnden sade ja.")], [record("/a.txt", "b")])
        assert reader.reading_text("a") == "Nämnden sade nej." and reader.source("b") is None
    assert reader.source("a") is None and reader.source("b")
