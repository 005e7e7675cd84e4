"""The lexical index: tantivy over Swedish search terms (see ``rag.swedish``), ranked by BM25.

The analysis happens here, in Python: tantivy gets terms divided by white space. That keeps one analysis for
documents and questions, and lets each kind of term have a field and a weight of its own.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from copy import copy
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rag import swedish
from rag.closeness import Term
from rag.errors import ForeignIndex
from rag.glossary import translations
from rag.hits import Hit
from rag.language import detect
from rag.lexical_weights import LexicalWeights
from rag.search_terms import all_terms, analyse, content_words
from rag.swedish import Thesaurus

_K1 = 1.2  # tantivy's own BM25 constants are fixed: k1 1.2, b 0.75
_WRITER_BYTES = 64_000_000
_TERM_FIELDS = ("stems", "roots", "grams", "title", "heading")


@dataclass(frozen=True, slots=True)
class LexicalEntry:
    """A chunk as the lexical index sees it."""

    chunk_id: str
    source_id: str
    title: str
    headings: str
    text: str


@dataclass(frozen=True, slots=True)
class LexicalResult:
    """``best_possible`` is the score that no text can exceed, counting stems alone; ``covered`` the share of
    the question's content words, weighted by rarity, that the collection has; ``terms`` are those words."""

    hits: list[Hit]
    best_possible: float = 0.0
    covered: float = 0.0
    terms: tuple[Term, ...] = ()


class LexicalIndex:
    """Raises ForeignIndex when tantivy cannot read the folder. One process writes, after ``commit`` others
    see it with ``refresh``."""

    def __init__(
        self,
        folder: Path,
        *,
        writable: bool,
        thesaurus: Thesaurus | None = None,
    ) -> None:
        self._thesaurus = thesaurus or Thesaurus.load()
        self._weights = LexicalWeights()
        self._index = _open(folder)
        self._schema = self._index.schema
        self._writer: Any = self._index.writer(_WRITER_BYTES, 1) if writable else None
        self.refresh()

    def add(self, entries: Iterable[LexicalEntry]) -> None:
        """Adds chunks; an id that exists is replaced. Visible after ``commit``."""
        import tantivy

        for entry in entries:
            self._writer.delete_documents_by_term("chunk_id", entry.chunk_id)
            terms = analyse(entry.text)
            self._writer.add_document(
                tantivy.Document(
                    chunk_id=[entry.chunk_id],
                    source_id=[entry.source_id],
                    title=[" ".join(all_terms(entry.title))],
                    heading=[" ".join(all_terms(entry.headings))],
                    **{field: [" ".join(found)] for field, found in terms.items()},
                )
            )

    def delete_source(self, source_id: str) -> None:
        """Removes all chunks of a source. Visible after ``commit``."""
        self._writer.delete_documents_by_term("source_id", source_id)

    def delete(self, ids: Iterable[str]) -> None:
        """Removes chunks. Visible after ``commit``."""
        for chunk_id in ids:
            self._writer.delete_documents_by_term("chunk_id", chunk_id)

    def commit(self) -> None:
        """Makes what was added and deleted visible, here and to processes that refresh."""
        self._writer.commit()
        self.refresh()

    def refresh(self) -> None:
        """Sees what another process has committed."""
        self._index.reload()
        self._searcher = self._index.searcher()

    def weighted(self, weights: LexicalWeights) -> LexicalIndex:
        """The same index, searched with other weights."""
        other = copy(self)
        other._weights = weights
        return other

    def count(self) -> int:
        """The number of chunks."""
        return int(self._searcher.num_docs)

    def search(self, question: str, k: int) -> list[Hit]:
        """The ``k`` best chunks by BM25 over all fields, best first; only chunks that share a term."""
        return self.look_up(question, k).hits

    def look_up(
        self,
        question: str,
        k: int,
        among: Sequence[str] | None = None,
        related: Sequence[str] = (),
        *,
        translate: bool = True,
    ) -> LexicalResult:
        """As ``search``, with what the scores mean; ``among`` restricts the search to these chunk ids.

        ``related`` are further names of what is asked about; they find texts with a lower weight. An English
        question is also looked up in Swedish words, unless ``translate`` is off.
        """
        import tantivy

        content = _asked(question, translate and self._weights.translation > 0)
        clauses = [query for word in content for query in self._word_query(*word)]
        clauses += [query for name in related for query in self._name_query(name)]
        if not clauses or not self.count() or not k:
            return LexicalResult([])
        query = tantivy.Query.boolean_query([(tantivy.Occur.Should, clause) for clause in clauses])
        if among is not None:
            chosen = tantivy.Query.term_set_query(self._schema, "chunk_id", list(among))
            query = tantivy.Query.boolean_query(
                [
                    (tantivy.Occur.Must, query),
                    (tantivy.Occur.Must, tantivy.Query.const_score_query(chosen, 0.0)),
                ]
            )
        found = self._searcher.search(query, limit=k, count=False)
        hits = [
            Hit(self._searcher.doc(address)["chunk_id"][0], float(score)) for score, address in found.hits
        ]
        return self._explained(hits, content)

    def _explained(self, hits: list[Hit], asked: Sequence[tuple[str, tuple[str, ...]]]) -> LexicalResult:
        content = [self._in_collection(word, translated) for word, translated in asked]
        rarities = {word: self._rarity(word) for word in content}
        known = sum(value for value, exists in rarities.values() if exists)
        total = sum(value for value, _ in rarities.values())
        shapes = {word: swedish.forms(word) for word in content}
        terms = tuple(Term(shapes[word].root, shapes[word].parts, rarities[word][0]) for word in content)
        return LexicalResult(hits, (_K1 + 1) * total, known / total if total else 0.0, terms)

    def _in_collection(self, word: str, translated: Sequence[str]) -> str:
        """The word, or the commonest of its translations where the collection has one and not the word."""
        if self._frequency(word) or not translated:
            return word
        common = max(translated, key=self._frequency)
        return common if self._frequency(common) else word

    def _frequency(self, word: str) -> int:
        shape = swedish.forms(word)
        frequencies = (
            self._searcher.doc_freq("stems", shape.stem),
            self._searcher.doc_freq("roots", shape.root),
        )
        return int(max(frequencies))

    def _rarity(self, word: str) -> tuple[float, bool]:
        """A word's idf as in BM25 and whether the collection has it at all."""
        frequency = self._frequency(word)
        size = self.count()
        return math.log(1 + (size - frequency + 0.5) / (frequency + 0.5)), frequency > 0

    def _word_query(self, word: str, translated: Sequence[str]) -> Iterator[Any]:
        """The clauses that stand for one word of a question and its translations."""
        import tantivy

        shape = swedish.forms(word)
        weights = self._weights
        alternatives = [self._term("stems", shape.stem, 1.0), self._term("roots", shape.root, weights.root)]
        alternatives += [
            self._term("roots", other, weights.synonym) for other in sorted(self._thesaurus.related(word))
        ]
        roots = dict.fromkeys(swedish.forms(other).root for other in translated)
        alternatives += [self._term("roots", root, weights.translation) for root in roots]
        yield tantivy.Query.disjunction_max_query(alternatives, 0.2)
        for root in roots:
            yield self._term("title", root, weights.title * weights.translation)
        for part in shape.parts:
            yield self._term("roots", part, weights.part)
        for field, weight in (("title", weights.title), ("heading", weights.heading)):
            yield self._term(field, shape.root, weight)
            for part in shape.parts:
                yield self._term(field, part, weight * weights.part)
        if weights.gram:
            groups = swedish.letter_groups(word)
            for group in groups:
                yield self._term("grams", group, weights.gram * 2 / (1 + len(groups)))

    def _name_query(self, name: str) -> Iterator[Any]:
        for word in content_words(name):
            root = swedish.forms(word).root
            yield self._term("roots", root, self._weights.synonym)
            yield self._term("title", root, self._weights.synonym * self._weights.title)

    def _term(self, field: str, term: str, weight: float) -> Any:
        import tantivy

        return tantivy.Query.boost_query(tantivy.Query.term_query(self._schema, field, term, "freq"), weight)


def _open(folder: Path) -> Any:
    import tantivy

    builder = tantivy.SchemaBuilder()
    for name in ("chunk_id", "source_id"):
        builder.add_text_field(name, stored=True, tokenizer_name="raw", index_option="basic")
    for name in _TERM_FIELDS:
        builder.add_text_field(name, tokenizer_name="whitespace", index_option="freq")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        return tantivy.Index(builder.build(), path=str(folder))
    except (ValueError, OSError) as error:
        raise ForeignIndex(
            f"{folder} cannot be opened by tantivy ({error}): let this user read and write it or, "
            "if it is damaged, keep the index and ingest the documents into a new folder with --index"
        ) from None


def _asked(question: str, translate: bool) -> list[tuple[str, tuple[str, ...]]]:
    """The content words of a question, an English one's with what they are called in Swedish."""
    english = translate and detect(question) == "en"
    return [(word, translations(word) if english else ()) for word in content_words(question)]
