"""The lines and rows of an overview of stances."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rag.bodies import Gazetteer
from rag.citations import MARKER
from rag.domain import Fact, Overview, OverviewRow, Source
from rag.draft import Draft
from rag.picture import Picture
from rag.stance_words import current_name, group_words, quote_of, stance_words
from rag.stances import BodyStance


class StanceRows:
    """Writes the rows of one picture into a draft."""

    def __init__(self, shown: Picture, draft: Draft, gazetteer: Gazetteer) -> None:
        self._shown = shown
        self._draft = draft
        self._gazetteer = gazetteer

    def row(self, stance: BodyStance, words: int) -> tuple[str, OverviewRow]:
        """A body's line and its row in the table; its quote has at most ``words`` words, none for 0."""
        draft = self._draft
        value = stance_words(draft, stance)
        date = draft.say("row_date", date=stance.source.date) if stance.source.date else ""
        speaker = draft.say(f"speaker_{stance.voice}") if stance.fact else draft.say("speaker_document")
        if stance.fact is None:
            row = OverviewRow(self.name(stance.body), value, stance.source.date)
            return draft.say("row", body=row.body, value=value, speaker=speaker, date=date), row
        if words:
            quote = quote_of(draft, stance, words)
        else:
            quote = f"[{draft.mark(stance.source, stance.fact.start, stance.fact.end)}]"
        text = draft.say(
            "row_quote", body=self.name(stance.body), value=value, speaker=speaker, date=date, quote=quote
        )
        numbers = tuple(dict.fromkeys(_numbers_in(quote)))
        text += "".join(self._other_voice(source, fact) for source, fact in stance.differing[:2] if words)
        return text, OverviewRow(self.name(stance.body), value, stance.source.date, numbers)

    def _other_voice(self, source: Source, fact: Fact) -> str:
        """A voice that differs: the administration's proposal, a reservation."""
        draft = self._draft
        mark = f"[{draft.mark(source, fact.start, fact.end)}]"
        value = group_words(draft, fact)
        return (
            " ("
            + draft.say("also_said", speaker=draft.say(f"speaker_{fact.speaker}"), value=value, quote=mark)
            + ")"
        )

    def footer(self) -> list[str]:
        """What stands below the lines: what cannot be read, what is missing, the denominator."""
        lines = [*self.unreadable(), *self.missing_line()]
        if self._shown.asked:
            present, asked = self._shown.present, len(self._shown.bodies_asked)
            lines.append(self._draft.say("denominator", present=present, asked=asked))
        return lines

    def unreadable(self) -> list[str]:
        """The line that names the answers which cannot be read."""
        names = self.names(self._shown.unreadable)
        return [self._draft.say("unreadable_rows", names=self._draft.listed(names))] if names else []

    def missing_line(self) -> list[str]:
        """The line that names those whose answer is not there."""
        if not self._shown.missing:
            return []
        names = self._draft.listed([self.name(body) for body, _, _ in self._shown.missing])
        text = self._draft.say("missing_rows", names=names)
        return [f"{text} {self.asked_marks(self._shown.missing)}".rstrip()]

    def asked_marks(self, rows: Sequence[tuple[str, Source, Fact]]) -> str:
        """The markers of the places that name the bodies that were asked."""
        return marks(self._draft.mark(source, fact.start, fact.end) for _, source, fact in rows)

    def table(self, rows: Sequence[OverviewRow], heading: str) -> Overview:
        """The overview's table, with the answers that cannot be read or are not there."""
        missing = [
            OverviewRow(
                self.name(body),
                self._draft.say("missing_row"),
                None,
                (self._draft.mark(source, fact.start, fact.end),),
                missing=True,
            )
            for body, source, fact in self._shown.missing
        ]
        unreadable = [
            OverviewRow(self.name(s.body), self._draft.say("unreadable_answer"), s.source.date)
            for s in self._shown.unreadable
        ]
        denominator = len(self._shown.bodies_asked) or None
        return Overview(self._draft.say(heading), (*rows, *unreadable, *missing), denominator)

    def names(self, found: Iterable[BodyStance]) -> list[str]:
        """The bodies of stances, as shown."""
        return [self.name(stance.body) for stance in found]

    def name(self, body: str) -> str:
        """A body, as shown."""
        return current_name(body, self._draft, self._gazetteer)


def marks(numbers: Iterable[int]) -> str:
    """Markers of citation numbers, each once."""
    return "".join(f"[{number}]" for number in dict.fromkeys(numbers))


def _numbers_in(text: str) -> list[int]:
    return [int(number) for number in MARKER.findall(text)]
