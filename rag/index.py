"""The index in one folder: the catalog, and the dense and lexical indexes made from it."""

from __future__ import annotations

import logging
from collections.abc import Collection, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from rag.catalog import Catalog
from rag.domain import Chunk, Source
from rag.errors import EmbedderMismatch
from rag.index_folder import lock, lost_part, refuse_lost
from rag.records import FileRecord, IndexedDocument
from rag.settings import Settings

if TYPE_CHECKING:
    import numpy as np
    from filelock import FileLock
    from numpy.typing import NDArray

    from rag.dense_index import DenseIndex
    from rag.embedding import Embedder
    from rag.lexical_index import LexicalIndex

log = logging.getLogger(__name__)
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
            catalog = Catalog(folder)
            if catalog.chunk_count():
                refuse_lost(folder)
            return cls(settings, catalog, None)
        taken = lock(folder)
        try:
            index = cls(settings, Catalog(folder, create=True), taken)
            index._recover()
        except BaseException:
            taken.release()
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
        self._add_to_dense(documents, vectors)
        self._add_to_lexical(documents)

    def _add_to_dense(self, documents: Sequence[IndexedDocument], vectors: Vectors) -> None:
        import numpy as np

        rows = _rows(documents)
        if rows:
            self.dense.add(
                [chunk.id for _, chunk in rows],
                np.concatenate([vectors[document.source.id] for document in documents]),
                [embedded_text(source, chunk) for source, chunk in rows],
                [_metadata(source, chunk) for source, chunk in rows],
            )

    def _add_to_lexical(self, documents: Sequence[IndexedDocument]) -> None:
        from rag.lexical_index import LexicalEntry

        rows = _rows(documents)
        if rows:
            self.lexical.add(
                LexicalEntry(c.id, source.id, source.title, " › ".join(c.locator.headings), c.text)
                for source, c in rows
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
        """Makes again what is gone of the derived indexes, and puts right what an interrupted writer left there."""
        lost = lost_part(self.folder) if self.catalog.chunk_count() else None
        if lost:
            log.warning("%s is gone and is made again, which takes as long as a first ingest", lost)
            self.catalog.begin(source.id for source in self.catalog.sources())
        for source_id in self.catalog.journal():
            source = self.catalog.source(source_id)
            if source:
                self._restore(source)
            else:
                self._delete_from_derived([source_id])
            self.catalog.finish([source_id])

    def _restore(self, source: Source) -> None:
        """Has the derived indexes hold of a source what the catalog holds, no more and no less."""
        chunks = self.catalog.chunks_of(source.id)
        known, there = {chunk.id for chunk in chunks}, self.dense.ids_of(source.id)
        self._delete_chunks(there - known)
        document = [IndexedDocument(source, self.catalog.reading(source.id), chunks)]
        if known - there:
            self._add_to_dense(document, self.embed(document))
        self._add_to_lexical(document)


def _rows(documents: Sequence[IndexedDocument]) -> list[tuple[Source, Chunk]]:
    return [(document.source, chunk) for document in documents for chunk in document.chunks]


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
