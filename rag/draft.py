"""An answer in the making: text whose every statement gets its citation as it is written."""

from __future__ import annotations

from dataclasses import dataclass, field

from prompts.texts import phrase
from rag.catalog import Catalog
from rag.citations import cite
from rag.clipping import clip, with_list
from rag.domain import Answer, AnswerStatus, Chunk, Citation, Language, Overview, Source


@dataclass
class Draft:
    """Collects citations, one for each span, numbered in the order of their first use."""

    catalog: Catalog
    language: Language
    citations: list[Citation] = field(default_factory=list)

    def mark(self, source: Source, start: int, end: int) -> int:
        """The number of the citation of ``start:end`` in the source's reading text."""
        for known in self.citations:
            if (known.source.id, known.start, known.end) == (source.id, start, end):
                return known.number
        text = self.catalog.reading_text(source.id)
        number = len(self.citations) + 1
        self.citations.append(cite(number, source, text, start, end, self._chunk(source, start)))
        return number

    def quote(self, source: Source, start: int, end: int, *, words: int = 45) -> str:
        """The span, cut to at most ``words`` words at the end of a clause, in quotation marks, with its marker."""
        text = self.catalog.reading_text(source.id)
        start, end = clip(text, start, with_list(text, end), words)
        number = self.mark(source, start, end)
        return f"”{' '.join(text[start:end].split())}” [{number}]"

    def say(self, key: str, **values: object) -> str:
        """A phrase of ``prompts/overview.*.toml``."""
        return phrase("overview", key, self.language, **values)

    def listed(self, names: list[str] | tuple[str, ...]) -> str:
        """ "A, B och C"."""
        *first, last = names
        return f"{', '.join(first)} {self.say('and')} {last}" if first else last

    def number(self, value: int, *, common: bool = True) -> str:
        """A number up to twelve in words ("en"/"ett" by gender), else in figures."""
        words = self.say("numbers").split()
        if value == 1:
            return self.say("one_common" if common else "one_neuter")
        return words[value] if value < len(words) else str(value)

    def answer(
        self,
        text: str,
        status: AnswerStatus = AnswerStatus.ANSWERED,
        *,
        short: str | None = None,
        overview: Overview | None = None,
    ) -> Answer:
        """The finished answer."""
        return Answer(text, status, self.language, short, tuple(self.citations), overview)

    def _chunk(self, source: Source, start: int) -> Chunk | None:
        chunks = self.catalog.chunks_of(source.id)
        return next((c for c in chunks if c.locator.start <= start < c.locator.end), None)
