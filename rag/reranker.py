"""A cross-encoder of the operator's choice, which reads question and passage together (STADSVAR_RERANKER)."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from rag.errors import ModelError
from rag.settings import Settings

if TYPE_CHECKING:
    from sentence_transformers import CrossEncoder


class CrossEncoderReranker:
    """Scores passages with a sentence-transformers CrossEncoder."""

    def __init__(self, model: CrossEncoder) -> None:
        self._model = model

    def scores(self, question: str, texts: Sequence[str]) -> list[float]:
        """One score for each text, higher is better, in the model's own unit."""
        found = self._model.predict([(question, text) for text in texts], show_progress_bar=False)
        return [float(score) for score in found]


def load_reranker(settings: Settings) -> CrossEncoderReranker | None:
    """The reranker that the settings name, or None. Raises ModelError when it cannot be loaded."""
    if settings.reranker is None:
        return None
    from rag.embedding import cross_encoder

    place = Path(settings.reranker).expanduser()
    try:
        return CrossEncoderReranker(cross_encoder(str(place) if place.is_dir() else settings.reranker))
    except (OSError, ValueError, KeyError) as error:
        raise ModelError(
            f"STADSVAR_RERANKER={settings.reranker} cannot be loaded ({type(error).__name__}): name a "
            "sentence-transformers CrossEncoder or its folder, or unset it"
        ) from None
