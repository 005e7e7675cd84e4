"""Invented collections: whole documents about the same matters, and questions asked of all of them.

Unlike the other sets, these are read as the product reads them: documents are described and split by
``ingest``, a window is what ``rag.windows`` shows of a passage, and a question is also put to the passages of
its own collection that share most words with it, since those are what a search finds beside the right one.
"""

from __future__ import annotations

import math
import random
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from evals.training.example import Example
from evals.training.likeness import stems
from evals.training.rows import Passage as TextPassage
from evals.training.rows import Question, QuestionSet, Split, fraction, read_lines
from ingest.documents import make_document
from ingest.readers import read_bytes
from rag.domain import Passage
from rag.embedding import Embedder, load_embedder
from rag.reading import ReadingWindow
from rag.settings import load_settings
from rag.windows import window

COLLECTIONS = Path(__file__).parent / "collections.jsonl"
HELD_OUT = 0.13
CALIBRATION = 0.05
RIVALS = 6  # of a question: the windows that share most with it and do not answer
MEASURED_WRONG = 3  # of these read in a measurement, where a search finds one or two that answer among six
READ_WRONG = 2  # of these read in one epoch, for each window that answers

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class CollectionQuestion:
    """A question on a collection. ``right`` are the numbers of the windows that answer it, each with the spans
    that do, best first; ``wrong`` those of likely windows that do not, likeliest first."""

    id: str
    text: str
    right: tuple[tuple[int, tuple[Span, ...]], ...]
    wrong: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Collection:
    """The windows of all documents of an invented municipality, and questions on them; ``round`` counts the times
    that we wrote questions."""

    name: str
    round: int
    split: Split
    windows: tuple[ReadingWindow, ...]
    questions: tuple[CollectionQuestion, ...]


def load_collections(path: Path = COLLECTIONS) -> tuple[Collection, ...]:
    """All collections; whole ones are held out."""
    embedder = load_embedder(load_settings())
    return tuple(_collection(row, embedder) for row in read_lines(path))


def reading_examples(collection: Collection, rng: random.Random, share: float) -> Iterator[Example]:
    """Questions on a window that answers them and on a few that do not; ``share`` of the questions is drawn."""
    for question in collection.questions:
        if rng.random() < share:
            yield from _examples(collection, question, rng)


def question_set(collections: Sequence[Collection]) -> QuestionSet:
    """Every question on each window that answers it and on likely ones that do not, as a set to measure on."""
    passages: dict[str, TextPassage] = {}
    questions: list[Question] = []
    for collection in collections:
        for number, shown in enumerate(collection.windows):
            id_ = f"{collection.name}:{number}"
            passages[id_] = TextPassage(id_, shown.context, shown.text, collection.name)
        for question in collection.questions:
            for number, answers in _windows_read(collection, question):
                id_ = f"{collection.name}:{number}"
                questions.append(Question(f"{question.id}@{number}", question.text, answers, id_))
    splits = {collection.name: collection.split for collection in collections}
    return QuestionSet("collections", passages, tuple(questions), splits)


def _windows_read(
    collection: Collection, question: CollectionQuestion
) -> Iterator[tuple[int, tuple[str, ...]]]:
    """The windows of a question by number, with the words that answer in each."""
    for number, spans in question.right:
        text = collection.windows[number].text
        yield number, tuple(text[start:end] for start, end in spans)
    for number in question.wrong[:MEASURED_WRONG]:
        yield number, ()


def _examples(collection: Collection, question: CollectionQuestion, rng: random.Random) -> Iterator[Example]:
    if question.right:
        number, spans = rng.choice(question.right)
        yield _example(question, collection.windows[number], spans)
    for number in rng.sample(question.wrong, min(READ_WRONG, len(question.wrong))):
        yield _example(question, collection.windows[number], ())


def _example(question: CollectionQuestion, shown: ReadingWindow, spans: tuple[Span, ...]) -> Example:
    return Example(question.text, shown.context, shown.text, spans)


def _collection(row: Mapping[str, Any], embedder: Embedder) -> Collection:
    name = row["collection"]
    windows: list[ReadingWindow] = []
    of_document: dict[str, range] = {}
    for file, text in row["documents"].items():
        found = _windows(file, text, embedder)
        of_document[file] = range(len(windows), len(windows) + len(found))
        windows += found
    held = [stems(f"{each.context} {each.text}") for each in windows]
    weight = _weights(held)
    questions = tuple(
        _question(f"{name}-{number}", asked, windows, of_document, _likely(asked["question"], held, weight))
        for number, asked in enumerate(row["questions"])
    )
    return Collection(name, row["round"], split_of(name), tuple(windows), questions)


def _windows(file: str, text: str, embedder: Embedder) -> list[ReadingWindow]:
    """The document as the reader is shown it."""
    reading = read_bytes(file, text.encode())
    document = make_document(reading, file, file, embedder.count_tokens, embedder.window)
    passages = (Passage(chunk, document.source, 0.0) for chunk in document.chunks)
    return [window(passage, lambda _: reading.text)[0] for passage in passages]


def _question(
    id_: str,
    asked: Mapping[str, Any],
    windows: Sequence[ReadingWindow],
    of_document: Mapping[str, range],
    likely: Sequence[int],
) -> CollectionQuestion:
    right: dict[int, tuple[Span, ...]] = {}
    for stated in asked["stated"]:
        for number in of_document[stated["document"]]:
            spans = _spans(windows[number].text, stated["quote"], stated["answers"])
            if spans:
                right[number] = (*right.get(number, ()), *spans)
    said = [answer.lower() for stated in asked["stated"] for answer in stated["answers"]]
    wrong = (n for n in likely if n not in right and not any(a in windows[n].text.lower() for a in said))
    return CollectionQuestion(id_, asked["question"], tuple(right.items()), tuple(wrong)[:RIVALS])


def _spans(text: str, quote: str, answers: Sequence[str]) -> tuple[Span, ...]:
    """Where the answers stand in the quote's place in ``text``, whatever space and marks lie between its words."""
    place = re.search(r"\W+".join(map(re.escape, re.findall(r"\w+", quote))), text)
    if place is None:
        return ()
    start = place.start()
    found = (
        re.search(r"\W+".join(map(re.escape, re.findall(r"\w+", answer))), place.group())
        for answer in answers
        if re.search(r"\w", answer)
    )
    return tuple(dict.fromkeys((start + each.start(), start + each.end()) for each in found if each))


def _likely(question: str, held: Sequence[frozenset[str]], weight: Mapping[str, float]) -> list[int]:
    """The numbers of the windows by the weight of the word stems that they share with the question.

    ``fsum`` because the order of a set changes between runs, and with it what ``sum`` rounds.
    """
    asked = stems(question)
    shared = [math.fsum(weight[stem] for stem in asked & of_window) for of_window in held]
    return sorted(range(len(held)), key=lambda number: -shared[number])


def _weights(held: Sequence[frozenset[str]]) -> dict[str, float]:
    count = Counter(stem for of_window in held for stem in of_window)
    return {stem: math.log(1 + len(held) / times) for stem, times in count.items()}


def split_of(name: str) -> Split:
    """Whether a collection is trained on or held out."""
    share = fraction("collection " + name)
    if share >= HELD_OUT:
        return "train"
    return "calibration" if share < CALIBRATION else "report"
