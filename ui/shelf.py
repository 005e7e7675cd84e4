"""Recent answers by key, so that what is shown can be downloaded as it was shown."""

from __future__ import annotations

import secrets
import threading
from collections import OrderedDict
from dataclasses import dataclass

from rag.domain import Answer


@dataclass(frozen=True, slots=True)
class Kept:
    """An answer with its question."""

    question: str
    answer: Answer


class Shelf:
    """Keeps the latest ``capacity`` answers under keys that cannot be guessed."""

    def __init__(self, capacity: int = 500) -> None:
        self._capacity = capacity
        self._kept: OrderedDict[str, Kept] = OrderedDict()
        self._lock = threading.Lock()

    def put(self, question: str, answer: Answer) -> str:
        """Keeps the answer and returns its key."""
        key = secrets.token_urlsafe(16)
        with self._lock:
            self._kept[key] = Kept(question, answer)
            while len(self._kept) > self._capacity:
                self._kept.popitem(last=False)
        return key

    def get(self, key: str) -> Kept | None:
        """The answer, or None when it is unknown or no longer kept."""
        with self._lock:
            return self._kept.get(key)
