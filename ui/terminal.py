"""What the commands say: results on stdout, errors and troubles as lines on stderr."""

from __future__ import annotations

import sys


def say(text: str) -> None:
    """One line of a result."""
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def say_error(text: str) -> None:
    """One line that something went wrong."""
    sys.stderr.write(f"stadsvar: {text}\n")
