"""Pages printed, worn and read by tesseract's English model: text pairs for the channel that lost its letters.

    python -m ingest.ocr.printing PASSAGES.jsonl FONT.ttf... > PAIRS.jsonl      (rows with "id" and "text")

Half of the pages are set large and blurred, half small and enlarged, as faxes and old scans are; noise is added.
The shipped table was learnt from 153 pages in Liberation and DejaVu faces.
"""

from __future__ import annotations

import json
import random
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from ingest.ocr.training import in_training_half

if TYPE_CHECKING:
    from PIL.Image import Image

_WORDS, _COLUMNS = 260, 72


def pairs(passages: Path, fonts: list[str], seed: int = 5) -> Iterator[dict[str, str]]:
    """``{"true", "read"}`` rows for the training half of ``passages``; takes seconds a page."""
    dice = random.Random(seed)
    for line in passages.read_text("utf-8").splitlines():
        row = json.loads(line)
        if in_training_half(row["id"]):
            true = textwrap.fill(" ".join(row["text"].split()[:_WORDS]), _COLUMNS)
            yield {"true": true, "read": _read(_worn(true, dice.choice(fonts), dice))}


def _worn(text: str, font: str, dice: random.Random) -> Image:
    from PIL import Image, ImageDraw, ImageFilter, ImageFont

    small = dice.random() < 0.5
    size = dice.choice((15, 17, 19, 21, 23) if small else (22, 26, 30, 34))
    face = ImageFont.truetype(font, size)
    lines = text.split("\n")
    wide = int(max(face.getlength(line) for line in lines)) + 80
    page = Image.new("L", (wide, int(len(lines) * size * 1.35) + 80), 255)
    ImageDraw.Draw(page).multiline_text(
        (40, 40), text, font=face, fill=dice.choice((0, 20, 40)), spacing=size * 0.3
    )
    page = page.filter(
        ImageFilter.GaussianBlur(dice.choice((0, 0.3, 0.5, 0.7) if small else (0, 0.5, 0.8, 1.2)))
    )
    if small:
        page = page.resize((page.width * 2, page.height * 2), Image.Resampling.BICUBIC)
    grain = np.random.default_rng(dice.randrange(2**32)).normal(
        0, dice.choice((0, 8, 20)), (page.height, page.width)
    )
    return Image.fromarray((np.asarray(page) + grain).clip(0, 255).astype(np.uint8))


def _read(page: Image) -> str:
    buffer = BytesIO()
    page.save(buffer, "PNG")
    command = ["tesseract", "stdin", "stdout", "-l", "eng", "--psm", "6", "--dpi", "200"]
    return subprocess.run(command, input=buffer.getvalue(), capture_output=True, check=True).stdout.decode(
        "utf-8"
    )


if __name__ == "__main__":
    for made in pairs(Path(sys.argv[1]), sys.argv[2:]):
        sys.stdout.write(json.dumps(made, ensure_ascii=False) + "\n")
