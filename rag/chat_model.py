"""The operator's chat model writes the answer, from the same passages; what it says is checked, not trusted.

The model sees a short mark for each passage and never a path or number. Marks that it makes up are removed;
a statement stays only if a sentence of a passage it names supports it, and that sentence becomes the quote.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any, cast

from prompts import prompt
from rag.catalog import Catalog
from rag.citations import cite
from rag.domain import Answer, AnswerStatus, Citation, Passage
from rag.errors import ModelError
from rag.folding import fold
from rag.question import Question
from rag.sentences import Sentence, split_sentences
from rag.settings import Settings

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel

MAX_PASSAGES = 8
MISSING = {"SAKNAS", "MISSING"}
LEAST_SHARED = 0.3  # of a statement's content words, found in the sentence that supports it
LEAST_COSINE = 0.86  # where the languages differ: about where e5 puts a translation
_MARK = re.compile(r"\[([a-z0-9]{3,8})\]")
_OWN = r"k[0-9a-f]{4}"  # what our marks look like
_SEVERAL = re.compile(rf"\[({_OWN}(?:[\s,;&]+(?:(?:och|and)\s+)?{_OWN})+)\]")
_ITEM = re.compile(r"[-•*] ")
_WORD = re.compile(r"[^\W\d_]{3,}")
_NUMBER = re.compile(r"\d+(?:[.,:/]\d+)*")

Cosines = Callable[[str, Sequence[str]], Sequence[float]]


@dataclass(frozen=True, slots=True)
class Support:
    """The sentence, or the two, of a passage that support a statement."""

    passage: Passage
    sentence: Sentence


class ChatWriter:
    """Writes answers with a LangChain chat model. ``cosines`` compares a statement with sentences."""

    def __init__(self, model: BaseChatModel, catalog: Catalog, cosines: Cosines) -> None:
        self._model = model
        self._catalog = catalog
        self._cosines = cosines

    def write(
        self,
        question: Question,
        passages: Sequence[Passage],
        on_draft: Callable[[str], None] = lambda text: None,
    ) -> Answer | None:
        """The model's answer with its supported statements, ``not_stated`` when it says that the passages
        do not tell, or None when nothing it says is supported. Raises ModelError when it does not answer."""
        marked = {_mark(p.chunk.id): p for p in passages[:MAX_PASSAGES]}
        reply = ""
        for piece in self._stream(_filled(question, marked)):
            reply += piece
            on_draft(_MARK.sub("", reply))
        reply = tidied(reply)
        if _MARK.sub("", reply).strip(' \n.!*"”').upper() in MISSING:
            return Answer("", AnswerStatus.NOT_STATED, question.language)
        return self._checked(question, reply, marked)

    def _stream(self, text: str) -> Iterator[str]:
        try:
            for chunk in self._model.stream(text):
                yield chunk.text if isinstance(chunk.text, str) else chunk.text()
        except Exception as error:  # every provider has its own; all mean: no answer
            raise ModelError(f"The chat model did not answer ({type(error).__name__}: {error})") from error

    def _checked(self, question: Question, reply: str, marked: Mapping[str, Passage]) -> Answer | None:
        lines: list[str] = []
        supports: list[Support] = []
        for statement, named in statements(reply):
            support = self._support(statement, [marked[mark] for mark in named if mark in marked])
            if support is None:
                continue
            if support not in supports:
                supports.append(support)
            lines.append(f"{statement} [{supports.index(support) + 1}]")
        if not lines:
            return None
        citations = tuple(self._cite(number, support) for number, support in enumerate(supports, start=1))
        text = lines[0] + "".join(("\n" if _ITEM.match(line) else " ") + line for line in lines[1:])
        return Answer(text, AnswerStatus.ANSWERED, question.language, citations=citations)

    def _support(self, statement: str, passages: Sequence[Passage]) -> Support | None:
        candidates = [
            Support(passage, stretch)
            for passage in passages
            for stretch in _stretches(passage)
            if numbers(statement) <= numbers(stretch.text) | numbers(passage.source.date or "")
        ]
        if not candidates:
            return None
        shared = [shared_words(statement, c.sentence.text) for c in candidates]
        best = max(range(len(candidates)), key=shared.__getitem__)
        if shared[best] >= LEAST_SHARED:
            return candidates[best]
        cosines = self._cosines(statement, [c.sentence.text for c in candidates])
        best = max(range(len(candidates)), key=cosines.__getitem__)
        return candidates[best] if cosines[best] >= LEAST_COSINE else None

    def _cite(self, number: int, support: Support) -> Citation:
        passage, sentence = support.passage, support.sentence
        text = self._catalog.reading_text(passage.source.id)
        return cite(number, passage.source, text, sentence.start, sentence.end, passage.chunk)


def open_chat_model(settings: Settings) -> BaseChatModel:
    """The chat model of ``STADSVAR_MODEL``, through LangChain. Raises ModelError naming the remedy."""
    from langchain.chat_models import init_chat_model

    # No second try: after the timeout the extractive answer stands, and nobody waits twice as long for it.
    options: dict[str, Any] = {"timeout": settings.model_timeout, "max_retries": 0, "temperature": 0}
    if settings.model_base_url:
        options["base_url"] = settings.model_base_url
    if settings.model_api_key:
        options["api_key"] = settings.model_api_key.get_secret_value()
    elif settings.model_base_url:
        options["api_key"] = "none"  # local servers want no key, their clients want one
    try:
        model = cast("BaseChatModel", init_chat_model(settings.model, **options))
    except ImportError as error:
        raise ModelError(
            f"STADSVAR_MODEL={settings.model} needs a package that is missing: {error}"
        ) from None
    except Exception as error:  # every provider has its own, for a key that is missing for example
        key = "" if "api_key" in options else " (STADSVAR_MODEL_API_KEY is unset)"
        reason = " ".join(str(error).split())
        raise ModelError(f"STADSVAR_MODEL={settings.model} cannot be used{key}: {reason}") from error
    return model


def _stretches(passage: Passage) -> list[Sentence]:
    """What can support a statement: a sentence, or two neighbours that together tell it."""
    text, offset = passage.chunk.text, passage.chunk.locator.start
    single = split_sentences(text, offset)
    pairs = [Sentence(a.start, b.end, text[a.start - offset : b.end - offset]) for a, b in pairwise(single)]
    return [*single, *pairs]


def tidied(reply: str) -> str:
    """Without what a reasoning model thinks aloud; marks that share a bracket get one each."""
    said = reply.rpartition("</think>")[2].partition("<think>")[0]
    return _SEVERAL.sub(lambda several: "".join(f"[{mark}]" for mark in re.findall(_OWN, several[1])), said)


def statements(reply: str) -> list[tuple[str, tuple[str, ...]]]:
    """The sentences of a reply without their marks, each with the marks named in or right after it."""
    found: list[tuple[str, tuple[str, ...]]] = []
    tidy = re.sub(
        r"([.!?])((?:\s*\[[a-z0-9]{3,8}\])+)", r"\2\1", reply
    )  # a mark after the full stop goes before it
    for sentence in split_sentences(tidy):
        text = re.sub(r"\s+([.,;:!?])", r"\1", " ".join(_MARK.sub(" ", sentence.text).split()))
        if text.strip("-*•. "):
            found.append((text, tuple(_MARK.findall(sentence.text))))
    return found


def numbers(text: str) -> frozenset[str]:
    """The numbers written with digits in ``text``."""
    return frozenset(_NUMBER.findall(text))


def shared_words(statement: str, sentence: str) -> float:
    """The share of the statement's words that begin like a word of the sentence (their first five letters)."""
    wanted = {word[:5] for word in _WORD.findall(fold(statement))}
    held = {word[:5] for word in _WORD.findall(fold(sentence))}
    return len(wanted & held) / len(wanted) if wanted else 0.0


def _mark(chunk_id: str) -> str:
    return "k" + hashlib.sha256(chunk_id.encode()).hexdigest()[:4]


def _filled(question: Question, marked: Mapping[str, Passage]) -> str:
    values = {"question": question.text, "passages": "\n\n".join(_extract(m, p) for m, p in marked.items())}
    parts = re.split(r"\{(passages|question)\}", prompt("answer", question.language))
    return "".join(values[part] if position % 2 else part for position, part in enumerate(parts))


def _extract(mark: str, passage: Passage) -> str:
    source = passage.source
    about = ", ".join(
        part for part in (source.title, source.body, source.date, *passage.chunk.locator.headings) if part
    )
    # A document must not be able to forge a mark, in its title and headings as little as in its text.
    return f"[{mark}] " + _MARK.sub(r"(\1)", f"{about}\n{passage.chunk.text}")
