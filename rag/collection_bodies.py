"""The bodies that a collection's own documents name, beside those that are listed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from rag.bodies import Gazetteer
from rag.catalog import Catalog
from rag.domain import Source

_NAMING = frozenset({"consulted_body", "addressee", "named_body"})


class CollectionBodies:
    """The bodies known for a catalog, found anew only when its content changes.

    "Norrängen" alone is a body where some document speaks of "Norrängens stadsdelsnämnd".
    """

    def __init__(self, base: Gazetteer, catalog: Catalog) -> None:
        self._base = base
        self._catalog = catalog
        self._current: tuple[int, Gazetteer] = (-1, base)

    @property
    def gazetteer(self) -> Gazetteer:
        """The listed bodies and those of the collection."""
        generation = self._catalog.generation
        if self._current[0] != generation:
            self._current = (generation, self._base.extended(names_in(self._catalog.sources(), self._base)))
        return self._current[1]


def names_in(sources: Iterable[Source], gazetteer: Gazetteer) -> Iterator[str]:
    """The names of bodies in what was found about the sources at ingest; one can come several times."""
    for source in sources:
        if source.body:
            yield source.body
        yield from (mention.body for mention in gazetteer.recognise(source.title) if mention.role)
        for fact in source.facts:
            if fact.name in _NAMING:
                yield fact.value
            if fact.detail.get("body"):
                yield fact.detail["body"]
