"""Texts that wait to be mended, kept in the index folder: reading scans takes long, and a run may be cut off."""

from __future__ import annotations

import shutil
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from rag.domain import ReadingText

if TYPE_CHECKING:
    from pydantic import TypeAdapter


class WaitingTexts:
    """One file for each text, named by the id of its source."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def put(self, source_id: str, reading: ReadingText) -> None:
        """Keeps a text. Whatever moment a crash picks, it is here whole or not at all."""
        self._folder.mkdir(exist_ok=True)
        unfinished = self._folder / "unfinished"
        unfinished.write_bytes(_adapter().dump_json(reading))
        unfinished.replace(self._file(source_id))

    def get(self, source_id: str) -> ReadingText | None:
        """The text as it was kept, or None."""
        with suppress(OSError, ValueError):  # absent, or cut off by a power cut
            return _adapter().validate_json(self._file(source_id).read_bytes())
        return None

    def clear(self) -> None:
        """Forgets all."""
        shutil.rmtree(self._folder, ignore_errors=True)

    def _file(self, source_id: str) -> Path:
        return self._folder / f"{source_id}.json"


def _adapter() -> TypeAdapter[ReadingText]:
    from pydantic import TypeAdapter

    return TypeAdapter(ReadingText)
