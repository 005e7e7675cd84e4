"""Where an ingest puts what it reads: into the index, or, for a rehearsal, nowhere."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from typing import TYPE_CHECKING, Protocol

from ingest.documents import DocumentMaker, Misread, Task, Trial
from ingest.waiting import WaitingTexts
from ingest.workers import Begin
from rag.catalog import Catalog
from rag.domain import OcrGrade, ReadingText, Source
from rag.index import Index, Vectors
from rag.records import FileRecord, IndexedDocument

if TYPE_CHECKING:
    from ingest.ocr import Lexicon


class Store(Protocol):
    """What an ingest asks of the place that it writes to."""

    def ready(self) -> None:
        """Called before the first file is read."""

    def has(self, source_id: str) -> bool:
        """Whether the source is there, whole."""

    def kept(self, source_id: str) -> ReadingText | None:
        """What was read of a source before, and waits to be mended."""

    def keep(self, source_id: str, reading: ReadingText) -> None:
        """Keeps what was read of a source until it is mended."""

    def maker(self, names: Lexicon | None) -> Begin[Task, IndexedDocument | Misread]:
        """What makes documents of tasks, in processes of their own."""

    def names(self, unwritten: Sequence[IndexedDocument]) -> Lexicon:
        """The names that the clean documents use, those here and ``unwritten``."""

    def embed(self, documents: Sequence[IndexedDocument]) -> Callable[[], Vectors]:
        """Begins to embed documents; the function that is returned waits for their vectors."""

    def write(
        self,
        added: Sequence[IndexedDocument],
        files: Sequence[FileRecord],
        gone: Sequence[str] = (),
        vectors: Vectors | None = None,
    ) -> None:
        """Adds documents, records files and forgets the paths ``gone``, all or nothing."""

    def loses_correction(self, before: str, now: str) -> bool:
        """Whether the source ``before`` was corrected by hand and the source ``now``, in its place, is not."""

    def fail(self, path: str, reason: str) -> None:
        """Remembers that a file could not be read."""

    def finish(self) -> None:
        """Nothing waits any more."""


class IndexStore:
    """An index that is open for writing."""

    def __init__(self, index: Index) -> None:
        self._index = index
        self._waiting = WaitingTexts(index.folder / "waiting")
        self.has = index.catalog.has
        self.kept = self._waiting.get
        self.keep = self._waiting.put
        self.fail = index.catalog.record_failure
        self.finish = self._waiting.clear
        self.write = index.replace
        self._corrections = index.catalog.corrections()
        self._embedding = ThreadPoolExecutor(1, thread_name_prefix="embedding")

    def embed(self, documents: Sequence[IndexedDocument]) -> Callable[[], Vectors]:
        """As ``Store.embed``."""
        found: Future[Vectors] = self._embedding.submit(self._index.embed, documents)
        return found.result

    def ready(self) -> None:
        """As ``Store.ready``. Raises EmbedderMismatch."""
        _ = self._index.embedder

    def maker(self, names: Lexicon | None) -> Begin[Task, IndexedDocument | Misread]:
        """As ``Store.maker``."""
        return partial(DocumentMaker, self._index.settings, names, corrections=self._corrections)

    def loses_correction(self, before: str, now: str) -> bool:
        """As ``Store.loses_correction``."""
        return before in self._corrections and now not in self._corrections

    def names(self, unwritten: Sequence[IndexedDocument]) -> Lexicon:
        """As ``Store.names``."""
        from ingest.ocr import learn

        catalog = self._index.catalog
        here = {source.id for source in catalog.sources() if _is_clean(source)}
        coming = {each.source.id: each.reading.text for each in unwritten if _is_clean(each.source)}
        return learn(coming.get(id_) or catalog.reading_text(id_) for id_ in sorted(here | coming.keys()))


class Rehearsal:
    """Knows what an index holds and writes nothing; ``catalog`` None: there is no index yet."""

    def __init__(self, catalog: Catalog | None) -> None:
        self._catalog = catalog
        self._readable: set[str] = set()

    def ready(self) -> None:
        """As ``Store.ready``: nothing is needed."""

    def has(self, source_id: str) -> bool:
        """As ``Store.has``."""
        return source_id in self._readable or (self._catalog is not None and self._catalog.has(source_id))

    def kept(self, source_id: str) -> None:
        """As ``Store.kept``: nothing."""

    def keep(self, source_id: str, reading: ReadingText) -> None:
        """As ``Store.keep``: nothing waits in a rehearsal."""

    def maker(self, names: Lexicon | None) -> Begin[Task, IndexedDocument | Misread]:
        """As ``Store.maker``: files are read, for whether they can be, and that is all."""
        return _trial

    def names(self, unwritten: Sequence[IndexedDocument]) -> Lexicon:
        """As ``Store.names``: none."""
        from ingest.ocr import Lexicon

        return Lexicon()

    def embed(self, documents: Sequence[IndexedDocument]) -> Callable[[], Vectors]:
        """As ``Store.embed``: nothing is embedded."""
        return dict

    def write(
        self,
        added: Sequence[IndexedDocument],
        files: Sequence[FileRecord],
        gone: Sequence[str] = (),
        vectors: Vectors | None = None,
    ) -> None:
        """As ``Store.write``: nothing is written."""
        self._readable.update(document.source.id for document in added)

    def loses_correction(self, before: str, now: str) -> bool:
        """As ``Store.loses_correction``: not told of beforehand."""
        return False

    def fail(self, path: str, reason: str) -> None:
        """As ``Store.fail``: nothing is written."""

    def finish(self) -> None:
        """As ``Store.finish``."""


def _is_clean(source: Source) -> bool:
    read_well = source.method == "text" and source.grade is OcrGrade.GOOD
    return read_well and all(page.method == "text" for page in source.pages)


def _trial() -> Callable[[Task], IndexedDocument | Misread]:
    return Trial()
