"""What the commands say: results on stdout, errors and troubles as lines on stderr; and what libraries do not."""

from __future__ import annotations

import logging
import os
import sys


def say(text: str) -> None:
    """One line of a result."""
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def say_error(text: str) -> None:
    """One line that something went wrong."""
    sys.stderr.write(f"stadsvar: {text}\n")


def quiet_libraries() -> None:
    """No telemetry, no look for a model hub, no chatter: set before any of the libraries is imported."""
    for name, value in {
        "HF_HUB_DISABLE_TELEMETRY": "1",
        "HF_HUB_VERBOSITY": "error",  # it tells of every try to reach a hub, and our error of the last
        "ANONYMIZED_TELEMETRY": "False",
        "GRADIO_ANALYTICS_ENABLED": "False",
        "DO_NOT_TRACK": "1",
        "TOKENIZERS_PARALLELISM": "false",
        "TRANSFORMERS_NO_ADVISORY_WARNINGS": "1",
    }.items():
        os.environ.setdefault(name, value)
    logging.basicConfig(level=logging.WARNING, format="%(name)s: %(message)s")
    logging.getLogger("sentence_transformers").setLevel(logging.ERROR)  # what it warns of, our errors tell
