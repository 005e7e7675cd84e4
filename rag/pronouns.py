"""The pronouns through which a question leans on an earlier one."""

from __future__ import annotations

import re
from collections.abc import Sequence

from rag.bodies import BodyMention
from rag.conversation_words import conversation_words
from rag.folding import fold
from rag.question import topic_words


def points_back(text: str, mentions: Sequence[BodyMention]) -> tuple[tuple[int, int], ...]:
    """Start and end of each pronoun of ``text`` that has nothing in ``text`` itself to stand for; ``mentions`` are
    the bodies named in it."""
    tokens = [(match[0], match.start()) for match in re.finditer(r"[a-z0-9]+(?:-[a-z0-9]+)*", fold(text))]
    first_name = min((mention.start for mention in mentions), default=len(text))
    topic = set(topic_words(text, tuple(mentions)))
    return tuple(
        (start, start + len(word))
        for index, (word, start) in enumerate(tokens)
        if _pronoun(tokens, index, topic, first_name)
    )


def _pronoun(tokens: Sequence[tuple[str, int]], index: int, topic: set[str], first_name: int) -> bool:
    word, start = tokens[index]
    following = tokens[index + 1][0] if index + 1 < len(tokens) else ""
    if word in conversation_words("pointing"):
        return not (word == "samma" and topic)
    if word in conversation_words("personal"):
        return start < first_name
    if word in conversation_words("article_like"):
        return _is_pronoun(tokens, index, following) and not _expletive(tokens, index, topic, first_name)
    if word == "it":
        return following not in {"take", "true", "possible", "takes"}
    if word in conversation_words("place_words"):
        return start < first_name and (not following or following in conversation_words("after_pronoun"))
    return word == "there" and not following


def _is_pronoun(tokens: Sequence[tuple[str, int]], index: int, following: str) -> bool:
    """Whether "den", "det", "de" stands alone rather than before "nya lagen"."""
    if following in conversation_words("relative"):
        return False
    if not following or following in conversation_words("after_pronoun") | conversation_words("particles"):
        return True
    if index and tokens[index - 1][0] in conversation_words("modals"):  # "kan de införa ..."
        return True
    noun = tokens[index + 2][0] if index + 2 < len(tokens) else ""
    joins = not noun or noun in conversation_words("after_pronoun")
    return joins or not following.endswith(("a", "e", "o"))  # definite adjectives, "två"


def _expletive(tokens: Sequence[tuple[str, int]], index: int, topic: set[str], first_name: int) -> bool:
    """ "Finns det tjänster ...", "hur många tjänster är det i Farsta": the question has its own topic."""
    if tokens[index][0] != "det" or not topic or not index:
        return False
    before = tokens[index - 1][0]
    if before in conversation_words("existential"):
        return True
    named = first_name <= tokens[-1][1]
    return before in conversation_words("expletive_before") and len(topic) + named >= 2
