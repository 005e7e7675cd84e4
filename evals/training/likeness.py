"""What two texts share, by the beginnings of their words."""

from __future__ import annotations

import re


def stems(text: str) -> frozenset[str]:
    """The first six letters of every word of at least three, in lower case."""
    return frozenset(word[:6].lower() for word in re.findall(r"\w{3,}", text))
