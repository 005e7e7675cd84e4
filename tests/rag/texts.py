"""Reading texts held in a dict, for tests that need no catalog."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Texts:
    by_id: dict[str, str]

    def reading_text(self, source_id: str) -> str:
        return self.by_id[source_id]
