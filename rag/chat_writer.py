"""A chat model writes the answer, from the same passages; what it says is checked, not trusted.

The model sees a short mark for each passage and never a path or number. Marks that it makes up are removed;
a statement stays only if a sentence of a passage it names supports it, and that sentence becomes the quote.
"""

from __future__ import annotations

import hashlib
import re
import time
from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING, Protocol

from prompts import phrase, prompt
from rag.citations import Texts, cite
from rag.domain import Answer, AnswerStatus, Citation, Passage
from rag.folding import fold
from rag.question import Question
from rag.sentences import Sentence, split_sentences

if TYPE_CHECKING:
    from rag.embedding import Embedder

MAX_PASSAGES = 8
MISSING = ("SAKNAS", "MISSING")
LEAST_SHARED = 0.3  # of a statement's content words, found in the sentence that supports it
LEAST_COSINE = 0.86  # where the languages differ: about where e5 puts a translation
_DRAFT_EVERY = 0.2  # seconds: a word at a time would only keep the window busy
_MARK = re.compile(r"\[\s*([a-z0-9]{1,8})\s*\]")
_OWN = r"k[0-9a-f]{4}"  # what our marks look like
_ANY = rf"(?:{_OWN}|[a-z]{{0,3}}\d{{1,4}})"
_SEVERAL = re.compile(rf"\[\s*({_ANY}(?:[\s,;&]+(?:(?:och|and)\s+)?{_ANY})+)\s*\]")
_BEGUN = re.compile(
    r"\s*(?:\[[^\]\n]{0,40}|<[/a-z]{0,6})$"
)  # a mark or a thought, of which the end is to come
_ITEM = re.compile(r"[-•*] ")
_WORD = re.compile(r"[^\W\d_]{3,}")
_NUMBER = re.compile(r"\d+(?:[.,:/]\d+)*")


class Model(Protocol):
    """What writes: ``rag.chat_model.ChatModel``."""

    def stream(self, text: str) -> Generator[str, None, None]: ...


@dataclass(frozen=True, slots=True)
class Task:
    """What is to be written: the answer to ``question`` from ``passages``. ``fallback`` stands where nothing
    better is written; ``is_known`` when it follows from facts that the sources state about themselves."""

    question: Question
    passages: tuple[Passage, ...]
    fallback: Answer
    is_known: bool


@dataclass(frozen=True, slots=True)
class Support:
    """The sentence, or the two, of a passage that support a statement."""

    passage: Passage
    sentence: Sentence


class ChatWriter:
    """Writes answers with a chat model. ``texts`` are the sources', the embedder compares statements with
    their sentences. While a reply comes, neither is used: nobody else need wait for it."""

    def __init__(self, model: Model, texts: Texts, embedder: Callable[[], Embedder]) -> None:
        self._model = model
        self._texts = texts
        self._embedder = embedder

    def replies(self, task: Task) -> Generator[str, None, None]:
        """The model's reply as far as it has come, again and again; the last one is whole.

        Raises ModelError when the model does not answer, or not to the end in time.
        """
        reply, told = "", 0.0
        with closing(self._model.stream(_filled(task))) as pieces:
            for piece in pieces:
                reply += piece
                if time.monotonic() - told >= _DRAFT_EVERY:
                    yield reply
                    told = time.monotonic()
        yield reply

    def answer(self, task: Task, reply: str) -> Answer:
        """The answer of a whole reply: its supported statements, or that the passages do not tell where it says
        so and no fact tells it, or the fallback where nothing it says is supported."""
        reply = tidied(reply)
        if says_missing(reply):
            if task.is_known or task.fallback.status is not AnswerStatus.ANSWERED:
                return task.fallback
            language = task.fallback.language
            text = phrase("answers", "not_stated_plain", language)
            return replace(
                task.fallback, text=text, status=AnswerStatus.NOT_STATED, short_answer=None, citations=()
            )
        return self._checked(task, reply)

    def _checked(self, task: Task, reply: str) -> Answer:
        marked = _marked(task)
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
            return task.fallback
        text = lines[0] + "".join(("\n" if _ITEM.match(line) else " ") + line for line in lines[1:])
        short = task.fallback.short_answer
        return replace(
            task.fallback,
            text=text,
            status=AnswerStatus.ANSWERED,
            short_answer=short if short and short.casefold() in text.casefold() else None,
            citations=tuple(self._cite(number, support) for number, support in enumerate(supports, start=1)),
        )

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
        embedder = self._embedder()
        vectors = embedder.embed_passages([c.sentence.text for c in candidates])
        cosines = vectors @ embedder.embed_question(statement)
        best = int(cosines.argmax())
        return candidates[best] if cosines[best] >= LEAST_COSINE else None

    def _cite(self, number: int, support: Support) -> Citation:
        passage, sentence = support.passage, support.sentence
        text = self._texts.reading_text(passage.source.id)
        return cite(number, passage.source, text, sentence.start, sentence.end, passage.chunk)


def unwritten(answer: Answer) -> Answer:
    """The answer that stands because the chat model did not answer; it says so."""
    return replace(
        answer, text=f"{answer.text}\n\n{phrase('answers', 'model_did_not_answer', answer.language)}"
    )


def draft(reply: str) -> str:
    """What of an unfinished reply may be shown: no marks and no thoughts, not even begun ones, and nothing
    that may become the word by which the model says that the passages do not tell."""
    shown = _MARK.sub("", _BEGUN.sub("", tidied(reply)))
    shown = re.sub(r"[^\S\n]+(?=[.,;:!?\s]|$)", "", shown).strip()
    return "" if any(word.startswith(_bare(shown)) for word in MISSING) else shown


def says_missing(reply: str) -> bool:
    """Whether a reply says that the passages do not tell."""
    return _bare(_MARK.sub("", reply)) in MISSING


def _bare(text: str) -> str:
    return text.strip(' \n.!*"”').upper()


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
        rf"([.!?])((?:\s*{_MARK.pattern})+)", r"\2\1", reply
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


def _marked(task: Task) -> Mapping[str, Passage]:
    return {"k" + hashlib.sha256(p.chunk.id.encode()).hexdigest()[:4]: p for p in task.passages}


def _filled(task: Task) -> str:
    extracts = "\n\n".join(_extract(mark, passage) for mark, passage in _marked(task).items())
    values = {"question": task.question.text, "passages": extracts}
    parts = re.split(r"\{(passages|question)\}", prompt("answer", task.question.language))
    return "".join(values[part] if position % 2 else part for position, part in enumerate(parts))


def _extract(mark: str, passage: Passage) -> str:
    source = passage.source
    about = ", ".join(
        part for part in (source.title, source.body, source.date, *passage.chunk.locator.headings) if part
    )
    # A document must not be able to forge a mark, in its title and headings as little as in its text.
    return f"[{mark}] " + _MARK.sub(r"(\1)", f"{about}\n{passage.chunk.text}")
