"""The index in one folder: the catalog, and the dense and lexical indexes made from it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from filelock import FileLock, Timeout

from rag.catalog import Catalog
from rag.domain import Chunk, Source
from rag.errors import EmbedderMismatch, ForeignIndex, IndexLocked, IndexUnusable
from rag.records import FileRecord, IndexedDocument
from rag.settings import Settings

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from rag.dense_index import DenseIndex
    from rag.embedding import Embedder
    from rag.lexical_index import LexicalIndex


Vectors = Mapping[str, "NDArray[np.float32]"]  # by source id: of its chunks, shape (chunks, dimension)


class Index:
    """An opened index folder. Any number of readers, one writer at a time.

    Raises ForeignIndex, IndexLocked or IndexUnusable from ``open``, and EmbedderMismatch when the embedding
    model is first needed and is not the one that the index was made with.
    """

    def __init__(self, settings: Settings, catalog: Catalog, lock: FileLock | None) -> None:
        self.settings = settings
        self.catalog = catalog
        self._lock = lock

    @classmethod
    def open(cls, settings: Settings, *, writable: bool = False) -> Index:
        """Opens the index in ``settings.index``; ``writable`` creates it where it is missing."""
        folder = settings.index
        if not writable:
            return cls(settings, Catalog(folder), None)
        lock = _lock(folder)
        try:
            index = cls(settings, Catalog(folder, create=True), lock)
            index._recover()
        except BaseException:
            lock.release()
            raise
        return index

    def close(self) -> None:
        """Lets another writer in."""
        self.catalog.close()
        self.__dict__.pop("lexical", None)  # tantivy frees its own lock with the writer
        self.__dict__.pop("dense", None)
        if self._lock:
            self._lock.release()

    @property
    def folder(self) -> Path:
        """The index folder."""
        return self.settings.index

    @cached_property
    def embedder(self) -> Embedder:
        """The embedding model, loaded at first use and checked against the one the index was made with."""
        from rag.embedding import load_embedder

        embedder = load_embedder(self.settings)
        made_with = self.catalog.meta("embedder_fingerprint")
        if made_with is None and self._lock:
            self.catalog.write_meta("embedder", embedder.name)
            self.catalog.write_meta("embedder_fingerprint", embedder.fingerprint)
        elif made_with not in (None, embedder.fingerprint):
            raise EmbedderMismatch(
                f"{self.folder} was made with the embedding model {self.catalog.meta('embedder')!r}, not "
                f"{embedder.name!r}: set STADSVAR_EMBEDDER back, or ingest into a new folder with --index"
            )
        return embedder

    @cached_property
    def dense(self) -> DenseIndex:
        """The Chroma index."""
        from rag.dense_index import DenseIndex

        return DenseIndex(self.folder / "chroma", writable=self._lock is not None)

    @cached_property
    def lexical(self) -> LexicalIndex:
        """The tantivy index."""
        from rag.lexical_index import LexicalIndex
        from rag.swedish import Thesaurus

        thesaurus = Thesaurus.load(self.settings.vocabulary)
        return LexicalIndex(self.folder / "tantivy", writable=self._lock is not None, thesaurus=thesaurus)

    def embed(self, documents: Sequence[IndexedDocument]) -> Vectors:
        """The vectors of the documents' chunks. Another thread may write to the index meanwhile."""
        import numpy as np

        if not documents:
            return {}
        texts = [embedded_text(d.source, chunk) for d in documents for chunk in d.chunks]
        ends = np.cumsum([len(document.chunks) for document in documents])
        parts = np.split(self.embedder.embed_passages(texts), ends[:-1])
        return {document.source.id: part for document, part in zip(documents, parts, strict=True)}

    def replace(
        self,
        added: Sequence[IndexedDocument],
        files: Sequence[FileRecord],
        gone: Sequence[str] = (),
        vectors: Vectors | None = None,
    ) -> None:
        """Adds documents, records the files they come from and forgets the paths ``gone``.

        ``vectors`` are those of ``added``, where they are known already. Whatever moment a crash picks, questions
        see all of this or nothing of it; what the derived indexes then hold too much is removed by the next writer.
        """
        fresh = [document for document in added if not self.catalog.has(document.source.id)]
        if fresh:
            self.catalog.begin(document.source.id for document in fresh)
            self._add_to_derived(fresh, self.embed(fresh) if vectors is None else vectors)
        dropped = self.catalog.commit(fresh, files, gone)
        self._delete_from_derived(dropped)
        self.catalog.finish([*(document.source.id for document in fresh), *dropped])

    def correct(self, document: IndexedDocument, corrections: Mapping[int, str]) -> None:
        """Puts ``document`` in the place of the source with its id, and notes what was corrected in it by hand.

        Its chunks need ids of their own: until all is written, questions see the source as it was.
        """
        source_id = document.source.id
        before = {chunk.id for chunk in self.catalog.chunks_of(source_id)}
        self.catalog.begin([source_id])
        self._add_to_derived([document], self.embed([document]))
        self.catalog.commit([document], [], (), {source_id: corrections})
        self._delete_chunks(before - {chunk.id for chunk in document.chunks})
        self.catalog.finish([source_id])

    def _add_to_derived(self, documents: Sequence[IndexedDocument], vectors: Vectors) -> None:
        import numpy as np

        from rag.lexical_index import LexicalEntry

        rows = [(document.source, chunk) for document in documents for chunk in document.chunks]
        if not rows:
            return
        texts = [embedded_text(source, chunk) for source, chunk in rows]
        self.dense.add(
            [chunk.id for _, chunk in rows],
            np.concatenate([vectors[document.source.id] for document in documents]),
            texts,
            [_metadata(source, chunk) for source, chunk in rows],
        )
        self.lexical.add(
            [
                LexicalEntry(
                    chunk.id, source.id, source.title, " › ".join(chunk.locator.headings), chunk.text
                )
                for source, chunk in rows
            ]
        )
        self.lexical.commit()

    def _delete_from_derived(self, source_ids: Sequence[str]) -> None:
        for source_id in source_ids:
            self.dense.delete_source(source_id)
            self.lexical.delete_source(source_id)
        if source_ids:
            self.lexical.commit()

    def _delete_chunks(self, ids: Collection[str]) -> None:
        if ids:
            self.lexical.delete(ids)
            self.lexical.commit()
            self.dense.delete(sorted(ids))  # last: ``_recover`` looks for leftovers here

    def _recover(self) -> None:
        """Removes what an interrupted writer left in the derived indexes."""
        unfinished = self.catalog.journal()
        for source_id in filter(self.catalog.has, unfinished):
            known = {chunk.id for chunk in self.catalog.chunks_of(source_id)}
            self._delete_chunks(self.dense.ids_of(source_id) - known)
        self._delete_from_derived([i for i in unfinished if not self.catalog.has(i)])
        if unfinished:
            self.catalog.finish(unfinished)


def embedded_text(source: Source, chunk: Chunk) -> str:
    """What is embedded of a chunk: the line ``title › heading › ...`` and its text."""
    return context_line(source, chunk.locator.headings) + "\n" + chunk.text


def context_line(source: Source, headings: Sequence[str]) -> str:
    """Whose text this is and where it stands: ``title › heading › ...``."""
    parts = [source.title, *(heading for heading in headings if heading != source.title)]
    return " › ".join(part for part in parts if part)


def _metadata(source: Source, chunk: Chunk) -> dict[str, str | int]:
    fields = {
        "source_id": source.id,
        "title": source.title,
        "kind": str(source.kind),
        "body": source.body,
        "date": source.date,
        "diarienummer": source.diarienummer,
        "heading": " › ".join(chunk.locator.headings),
        "page": chunk.locator.page,
        "start": chunk.locator.start,
        "end": chunk.locator.end,
    }
    return {name: value for name, value in fields.items() if value is not None}


def _lock(folder: Path) -> FileLock:
    """Takes the writer's lock. Raises IndexLocked, or ForeignIndex for a folder that is not an index."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        lock = FileLock(folder / "writer.lock")
        refuse_foreign(folder)
        lock.acquire(timeout=0)
    except Timeout:
        raise IndexLocked(f"Another ingest is writing to {folder}: wait until it is done") from None
    except OSError as error:
        raise IndexUnusable(
            f"{folder} cannot be written ({error.strerror}): choose another --index"
        ) from None
    return lock


def refuse_foreign(folder: Path) -> None:
    """Raises ForeignIndex for a folder that holds anything but an index."""
    if not folder.exists() or (folder / "catalog.sqlite").exists():
        return
    if any(entry.name != "writer.lock" for entry in folder.iterdir()):
        raise ForeignIndex(f"{folder} holds other files and no Stadsvar index: choose another --index")
