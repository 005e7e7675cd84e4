"""What is asked, without what a chat frames it with: greetings, thanks, requests to tell, who wants to know.

"Hej! En förälder undrar vad maten kostar. Tack på förhand!" asks "Vad maten kostar." Only known forms
(``rag/data/conversation.toml``) are taken off; any other sentence may say what the question is about.
"""

from __future__ import annotations

import re
from functools import cache

from rag.conversation_words import QUESTION_WORDS, asking, conversation_table
from rag.folding import fold

# Not rag.sentences: a chat goes on in lower case after a full stop, where that sees no end.
_SENTENCE = re.compile(r"[^.!?]*(?:[.!?]+(?!\s|$)[^.!?]*)*[.!?]*\s*")


def bare(question: str) -> str:
    """``question`` without its frame; as it is where nothing would be left."""
    kept = [text for sentence in _SENTENCE.findall(question) if (text := _unframed(sentence.strip()))]
    return " ".join(kept) if kept else question


def _unframed(sentence: str) -> str:
    """The sentence without what stands before what it asks; empty where it asks and tells nothing."""
    rest = sentence
    while frame := _leading().match(fold(rest)):
        rest = rest[frame.end() :]
    if not rest.strip(" ,:;.!?-"):
        return ""
    return rest if rest == sentence else f"{rest[0].upper()}{rest[1:]}"


@cache
def _leading() -> re.Pattern[str]:
    """Courtesies as far as a comma or the end; requests and reports where a question or the end follows."""
    forms = conversation_table()["framing"]
    said = conversation_table()["smalltalk"]
    courtesy = "|".join((said["greeting"], said["thanks"], forms["courtesy"].strip()))
    told = "|".join((forms["request"].strip(), forms["report"].strip()))
    return re.compile(
        rf"(?:(?:{courtesy})(?: ?[,:;.!?-]+ *|$)|(?:{told})(?:(?: ?[,:;-])+ *| +(?={asking(QUESTION_WORDS)})|[.!?]*$))"
    )
