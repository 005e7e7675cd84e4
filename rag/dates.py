"""Points in time as documents write them: "2019", "september 2022", "den 1 juli 2024", "2023-08-08"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

_MONTHS = {
    name: number
    for names in (
        "januari februari mars april maj juni juli augusti september oktober november december",
        "january february march april may june july august september october november december",
    )
    for number, name in enumerate(names.split(), start=1)
}
_MONTH = "|".join(sorted(set(_MONTHS), key=len, reverse=True))
_WRITTEN = re.compile(
    rf"\b(?P<iso>(?:19|20)\d\d-\d\d-\d\d)\b"
    rf"|\b(?:(?P<day>\d{{1,2}})\s+)?(?P<month>{_MONTH})\s+(?P<year>(?:19|20)\d\d)\b"
    rf"|(?<![\d/.,-])(?P<only>(?:19|20)\d\d)(?![\d/]|-\d)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Moment:
    """A point in time at ``text[start:end]``; ``iso`` is as exact as the text: 2019, 2022-09 or 2024-07-01."""

    iso: str
    start: int
    end: int

    @property
    def year(self) -> int:
        """The year."""
        return int(self.iso[:4])

    def agrees(self, other: Moment) -> bool:
        """Whether one is the other or part of it ("2022" and "september 2022")."""
        short, long = sorted((self.iso, other.iso), key=len)
        return long.startswith(short)


def moments(text: str) -> Iterator[Moment]:
    """The points in time in ``text``, in order."""
    for match in _WRITTEN.finditer(text):
        if match["iso"] or match["only"]:
            yield Moment(match["iso"] or match["only"], match.start(), match.end())
            continue
        iso = f"{match['year']}-{_MONTHS[match['month'].lower()]:02d}"
        if match["day"]:
            iso += f"-{int(match['day']):02d}"
        yield Moment(iso, match.start(), match.end())
