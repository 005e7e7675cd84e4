"""How many words and characters of a misread text are wrong, before and after repair.

Word error rate: the least number of words to replace, add or drop that turn the text into its reference, over
the reference's words (words as white space divides them); character error rate the same over characters, with
every stretch of white space as one space. Source: Levenshtein (1966), as used for OCR since Rice et al. (1996).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from rag.errors import InvalidCases, MissingInput, UnreadableFile


@dataclass(frozen=True, slots=True)
class OcrReport:
    """Error rates as fractions of the reference; ``words`` counts the reference's words."""

    words: int
    wer_before: float
    wer_after: float
    cer_before: float
    cer_after: float

    def as_json(self) -> dict[str, int | float]:
        """The report as ``stadsvar eval ocr --json`` writes it."""
        return asdict(self)


def error_rate(read: Sequence[str], reference: Sequence[str]) -> float:
    """Edits from ``read`` to ``reference`` over the length of ``reference``; can exceed 1."""
    from rapidfuzz.distance import Levenshtein

    if not reference:
        raise ValueError("an empty reference has no error rate")
    # Long texts that differ little are compared along a band, which the hint makes narrow at first.
    hint = max(64, len(reference) // 20)
    return Levenshtein.distance(read, reference, score_hint=hint) / len(reference)


def word_error_rate(read: str, reference: str) -> float:
    """Share of ``reference``'s words that are wrong in ``read``."""
    return error_rate(read.split(), reference.split())


def character_error_rate(read: str, reference: str) -> float:
    """Share of ``reference``'s characters that are wrong in ``read``, white space folded."""
    return error_rate(" ".join(read.split()), " ".join(reference.split()))


def evaluate(noisy: str, reference: str) -> OcrReport:
    """Both error rates of ``noisy`` against ``reference``, as it is and after repair."""
    from ingest.ocr import repair
    from ingest.readers.clean import normalise

    noisy, reference = normalise(noisy), normalise(reference)
    repaired = repair(noisy).text
    return OcrReport(
        words=len(reference.split()),
        wer_before=word_error_rate(noisy, reference),
        wer_after=word_error_rate(repaired, reference),
        cer_before=character_error_rate(noisy, reference),
        cer_after=character_error_rate(repaired, reference),
    )


def run(noisy: Path, reference: Path) -> dict[str, int | float]:
    """The report on the text files ``noisy`` and ``reference`` as a JSON object.

    Raises ``MissingInput`` for a path that is no file and ``InvalidCases`` for a file that holds no text.
    """
    return evaluate(_text(noisy), _text(reference)).as_json()


def _text(path: Path) -> str:
    from ingest.readers.text import decode

    if not path.is_file():
        raise MissingInput(f"{path} is not a file; name a text file")
    try:
        text = decode(path.read_bytes())
    except UnreadableFile as error:
        raise InvalidCases(f"{path} {error}") from None
    except OSError as error:
        raise MissingInput(f"{path} cannot be opened ({error.strerror}); check its rights") from None
    if not text.split():
        raise InvalidCases(f"{path} holds no words; name a text file with text")
    return text
