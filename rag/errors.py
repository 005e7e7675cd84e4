"""What can go wrong, said in one line that names the file or setting and the remedy.

StadsvarError
├── SettingsError        a setting cannot be used
├── IndexUnusable        the index cannot be used
│   ├── IndexLocked      another process writes to it
│   ├── ForeignIndex     the folder holds something else, or another version's index
│   └── EmbedderMismatch the index was made with another embedding model
├── UnreadableFile       one file cannot be read; the others go on
├── OriginalGone         the file that a source was read from is no longer as it was
├── MissingInput         a path that was named does not exist
├── ModelError           a model cannot be loaded or does not answer
└── InvalidCases         an evaluation file has a row that cannot be used
"""

from __future__ import annotations


class StadsvarError(Exception):
    """Base of all errors whose message is meant for the user. ``str(error)`` is one line."""


class SettingsError(StadsvarError):
    """A setting has a value that cannot be used."""


class IndexUnusable(StadsvarError):
    """The index cannot be used as it is."""


class IndexLocked(IndexUnusable):
    """Another process writes to the index."""


class ForeignIndex(IndexUnusable):
    """The folder holds something that is not this version's index."""


class EmbedderMismatch(IndexUnusable):
    """The index was made with another embedding model."""


class UnreadableFile(StadsvarError):
    """One file cannot be read. The message gives the reason and the remedy, without the path."""


class OriginalGone(StadsvarError):
    """The file that a source was read from is gone, or has ``changed`` since then."""

    def __init__(self, message: str, *, changed: bool = False) -> None:
        super().__init__(message)
        self.changed = changed


class MissingInput(StadsvarError):
    """A path that was named does not exist or holds nothing to read."""


class ModelError(StadsvarError):
    """A model cannot be loaded, or does not answer."""


class InvalidCases(StadsvarError):
    """An evaluation file has a row that cannot be used. The message names file and line."""
