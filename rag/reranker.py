"""The operator's cross-encoder, which reads question and passage together (``STADSVAR_RERANKER``)."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from rag.errors import ModelError


class CrossEncoderReranker:
    """Scores passages with a sentence-transformers CrossEncoder, named or in a folder. Raises ModelError."""

    def __init__(self, where: str) -> None:
        os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
        from sentence_transformers import CrossEncoder

        local = Path(where).expanduser().is_dir()
        try:
            self._model = CrossEncoder(
                str(Path(where).expanduser()) if local else where, device="cpu", local_files_only=local
            )
        except (OSError, ValueError, KeyError) as error:
            reason = str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
            raise ModelError(
                f"STADSVAR_RERANKER={where} cannot be loaded ({reason}): name a CrossEncoder or unset it"
            ) from None

    def scores(self, question: str, texts: Sequence[str]) -> Sequence[float]:
        """One score for each text, higher is better."""
        found = self._model.predict([(question, text) for text in texts], show_progress_bar=False)
        return [float(score) for score in found]
