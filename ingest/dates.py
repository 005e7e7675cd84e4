"""Dates as Swedish documents write them, in ISO 8601."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from rag.folding import fold

_MONTHS = (
    "januari",
    "februari",
    "mars",
    "april",
    "maj",
    "juni",
    "juli",
    "augusti",
    "september",
    "oktober",
    "november",
    "december",
)
_MONTH = "|".join(
    [*_MONTHS, "jan", "feb", "febr", "apr", "jun", "jul", "aug", "sept", "sep", "okt", "nov", "dec"]
)
_DATE = re.compile(
    rf"(?<![\d/-])(?:(?P<y>(?:19|20)\d\d)-(?P<m>\d\d)-(?P<d>\d\d)(?!\d)"
    rf"|(?P<y8>(?:19|20)\d\d)(?P<m8>[01]\d)(?P<d8>[0-3]\d)(?!\d)"
    rf"|(?P<day>\d{{1,2}})(?::?e)?\s+(?P<month>{_MONTH})\.?(?:\s+(?P<year>(?:19|20)\d\d))?(?!\w)"
    rf"|(?P<day2>\d{{1,2}})[./](?P<month2>\d{{1,2}})[./-](?P<year2>(?:19|20)\d\d)(?!\d))"
)


@dataclass(frozen=True, slots=True)
class DateMention:
    """A date at ``text[start:end]``; ``iso`` is YYYY-MM-DD, or --MM-DD where no year is written."""

    iso: str
    start: int
    end: int

    @property
    def is_whole(self) -> bool:
        """Whether the year is written too."""
        return not self.iso.startswith("--")


def dates_in(text: str) -> Iterator[DateMention]:
    """The dates in ``text``, in order; what no calendar has ("2023-13-41") is left out."""
    for match in _DATE.finditer(fold(text)):
        iso = _iso(match)
        if iso:
            yield DateMention(iso, match.start(), match.end())


def _iso(match: re.Match[str]) -> str | None:
    year = match["y"] or match["y8"] or match["year"] or match["year2"]
    day = match["d"] or match["d8"] or match["day"] or match["day2"]
    month = match["m"] or match["m8"] or match["month2"]
    number = int(month) if month else _month_number(match["month"])
    try:
        whole = date(int(year or 2000), number, int(day))
    except ValueError:
        return None
    return whole.isoformat() if year else f"--{whole:%m-%d}"


def _month_number(name: str) -> int:
    return next(at for at, month in enumerate(_MONTHS, 1) if month.startswith(name[:3]))
