"""Points in time in the answer's language."""

from __future__ import annotations

from rag.dates import Moment
from rag.draft import Draft


def written(moment: Moment, draft: Draft) -> str:
    """A point in time in the answer's language: 2019, mars 2020, 1 juli 2024."""
    year, _, rest = moment.iso.partition("-")
    month, _, day = rest.partition("-")
    name = draft.say("months").split()[int(month) - 1] if month else ""
    return " ".join(part for part in (day.lstrip("0"), name, year) if part)
