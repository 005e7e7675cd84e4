"""Reading pictures of pages with tesseract, the OCR engine (Apache-2.0, from the system's packages)."""

from __future__ import annotations

import os
import shutil
import subprocess
from functools import cache
from io import BytesIO
from typing import TYPE_CHECKING

from rag.errors import UnreadableFile

if TYPE_CHECKING:
    from PIL.Image import Image

NEEDED = (
    "install tesseract-ocr and tesseract-ocr-swe (Debian: apt-get install tesseract-ocr tesseract-ocr-swe)"
)
DPI = 300
_SECONDS_A_PAGE = 120


@cache
def available() -> bool:
    """Whether tesseract and its Swedish model are installed."""
    if shutil.which("tesseract") is None:
        return False
    listed = subprocess.run(["tesseract", "--list-langs"], capture_output=True, text=True, check=False)
    return "swe" in (listed.stdout + listed.stderr).split()


def read_picture(picture: Image, seconds: float = _SECONDS_A_PAGE) -> str:
    """The text that tesseract reads on ``picture``, paragraphs with an empty line between them.

    Raises ``UnreadableFile`` where tesseract is missing, fails, or takes longer than ``seconds``.
    """
    if not available():
        raise UnreadableFile(f"is a picture of text; {NEEDED}")
    buffer = BytesIO()
    picture.convert("L").save(buffer, "PNG", compress_level=1)
    command = ["tesseract", "stdin", "stdout", "-l", "swe", "--psm", "3", "--dpi", str(DPI)]
    # Pages are read side by side elsewhere; tesseract's own threads would only get in each other's way.
    environment = {**os.environ, "OMP_THREAD_LIMIT": "1"}
    try:
        done = subprocess.run(
            command,
            input=buffer.getvalue(),
            capture_output=True,
            env=environment,
            check=True,
            timeout=seconds,
        )
    except subprocess.TimeoutExpired:
        raise UnreadableFile(
            f"has a page on which tesseract was stopped after {seconds:g} s, the limit for a page; ingest it again "
            "when the machine has less to do, or scan it at 300 dots an inch"
        ) from None
    except (subprocess.CalledProcessError, OSError) as error:
        raise UnreadableFile(f"could not be read by tesseract ({error}); scan it anew") from None
    return done.stdout.decode("utf-8", errors="replace").replace("\f", "").strip()
