"""The stretches of a document in which it says what it is: what stands above its first heading, and the text
under headings of a given role."""

from __future__ import annotations

from dataclasses import dataclass

from ingest.headings import Heading

HEAD = 1500  # characters in which a document says what it is, where no heading ends its opening


@dataclass(frozen=True, slots=True)
class Opening:
    """A document's text with its headings, and the stretches in which it says what it is."""

    text: str
    headings: tuple[Heading, ...]

    @property
    def end(self) -> int:
        """Where the opening ends: at the first heading of a known role, else after some lines."""
        known = [heading.start for heading in self.headings if heading.role]
        if known and known[0] > 0:
            return known[0]
        return min(len(self.text), HEAD)

    @property
    def head(self) -> str:
        """The opening's text."""
        return self.text[: self.end]

    def under(self, *roles: str) -> str:
        """The text under headings of these roles, up to the next heading of any known role, joined."""
        return "\n".join(self.text[start:end] for start, end in self.spans(*roles))

    def spans(self, *roles: str) -> tuple[tuple[int, int], ...]:
        """Where the text under headings of these roles stands, the heading lines left out."""
        known = [heading for heading in self.headings if heading.role]
        ends = [*(heading.start for heading in known[1:]), len(self.text)]
        return tuple((h.end, end) for h, end in zip(known, ends, strict=False) if h.role in roles)

    def has(self, *roles: str) -> bool:
        """Whether a heading of one of these roles occurs."""
        return any(heading.role in roles for heading in self.headings)
