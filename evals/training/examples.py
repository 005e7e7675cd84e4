"""Reading examples for one epoch: what the model is asked, on which text, and where the answer stands."""

from __future__ import annotations

import difflib
import math
import random
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from evals.training.collections import Collection, load_collections, reading_examples
from evals.training.example import Example
from evals.training.likely_words import likely_words
from evals.training.likeness import stems
from evals.training.rows import (
    Passage,
    Question,
    QuestionSet,
    load_further,
    load_general,
    load_invented,
    load_municipal,
    load_noisy_pages,
    load_squad,
    load_swequad,
    load_xquad,
    read_lines,
)
from evals.training.swaps import Vocabulary, swapped, vocabulary
from evals.training.synthetic import exercise, mistype, strip_letters
from rag.language import detect

HARD_NEGATIVES = 0.12  # share of the answerable questions that are also asked of a wrong passage
NOISY_PAGES = 0.4
NOISY_LETTERS = 0.06
MISTYPED = 0.08
NO_CONTEXT = 0.15
SYNTHETIC = 700
MOTION_EXERCISES = 150


@dataclass(frozen=True, slots=True)
class Sets:
    """Everything that training reads, loaded once."""

    squad: QuestionSet
    english: QuestionSet
    swedish: QuestionSet  # the Swedish form of the same questions
    pages: QuestionSet
    municipal: QuestionSet
    further: QuestionSet  # our own on the texts of squad and pages
    invented: QuestionSet
    general: QuestionSet
    collections: tuple[Collection, ...]
    noisy: dict[str, dict[str, str]]
    motions: tuple[dict[str, str], ...]
    filler: tuple[str, ...]
    wrong: dict[str, tuple[str, ...]]  # question id -> likely but wrong passages
    words: dict[str, Vocabulary]  # set's name -> what can be put into its questions


def load_sets(data: Path, encoder: Path | None = None) -> Sets:
    """Read the data sets and look up wrong passages for the training questions, and with the shipped ``encoder``
    words that are likely instead of another."""
    squad, pages, municipal = load_squad(data), load_swequad(data), load_municipal(data)
    english, swedish = load_xquad(data, squad), load_xquad(data, squad, swedish=True)
    motions = tuple(read_lines(data / "riksdag_motioner" / "docs.jsonl"))
    further, invented, general = load_further(data), load_invented(), load_general()
    noisy, filler = load_noisy_pages(data), tuple(_filler(motions))
    own = municipal, further, invented, general
    likely = _likely_words((squad, pages, english, *own), encoder) if encoder else {}
    words = {set_.name: vocabulary(set_, likely) for set_ in (squad, pages, *own)}
    words[english.name] = words[squad.name]
    sets = Sets(squad, english, swedish, pages, *own, load_collections(), noisy, motions, filler, {}, words)
    wrong = _wrong_passages(squad, same_group=True)
    for set_ in (pages, *own):
        wrong |= _wrong_passages(set_, same_group=False)
    for set_ in (english, swedish):
        for question in set_.of("train"):
            wrong.setdefault(question.id, wrong.get(question.id.replace("xquad-", "squadsv-"), ()))
    return replace(sets, wrong=wrong)


def _likely_words(sets: Sequence[QuestionSet], encoder: Path) -> dict[str, dict[str, tuple[str, ...]]]:
    asked: dict[str, list[str]] = {"sv": [], "en": []}
    for text in (question.text for set_ in sets for question in set_.of("train")):
        asked[detect(text)].append(text)
    return {language: likely_words(texts, encoder) for language, texts in asked.items()}


@dataclass(frozen=True, slots=True)
class Draw:
    """What is drawn for one epoch, and how often.

    ``cropped`` is the share of the passages of which only a stretch is read: half a passage costs half, so
    twice the questions are seen in the same time. Of the questions written before round ``new`` only the share
    ``replay`` is drawn, in a run that resumes one that has read them. The questions that came with the data
    sets, which people wrote, are drawn ``given`` times. The share ``swaps`` of the answerable questions drawn is
    also asked with one thing in it exchanged.
    """

    cropped: float
    replay: float
    new: int
    given: int
    swaps: float

    def share(self, round_: int) -> float:
        """Of the questions that were written in this round."""
        return 1.0 if 0 < self.new <= round_ else self.replay


def training_epoch(sets: Sets, rng: random.Random, draw: Draw) -> list[Example]:
    """The examples of one epoch in random order; noise, crops and exercises are drawn anew."""
    found = list(_on_own_texts(sets, rng, draw))
    for _ in range(draw.given):
        found.extend(_on_given_texts(sets, rng, draw))
    found = [_disturb(example, rng) for example in found]
    for _ in range(round(draw.replay * SYNTHETIC)):
        task = exercise(rng, sets.filler)
        golds = occurrences(task.text, (task.answer,) if task.answer else ())
        example = Example(task.question, task.context, task.text, golds)
        found.append(_with_noisy_letters(example, rng) if rng.random() < 0.15 else example)
    found.extend(_motion_example(sets.motions, rng) for _ in range(round(draw.replay * MOTION_EXERCISES)))
    rng.shuffle(found)
    return found


def _on_given_texts(sets: Sets, rng: random.Random, draw: Draw) -> Iterator[Example]:
    """The questions that came with the data sets."""
    for question in _drawn(sets.squad, rng, draw):
        yield plain(sets.squad, question, crop=rng.random() < draw.cropped)
        yield from _hard_negative(sets, sets.squad, question, rng)
        yield from _swap(sets, sets.squad, question, rng, draw)
    for question in _drawn(sets.pages, rng, draw):
        yield _page_example(sets, question, rng)
        yield from _hard_negative(sets, sets.pages, question, rng, share=2 * HARD_NEGATIVES)
        yield from _swap(sets, sets.pages, question, rng, replace(draw, cropped=1.0))
    for english, swedish in zip(sets.english.of("train"), sets.swedish.of("train"), strict=True):
        if rng.random() >= draw.share(english.round):
            continue
        yield plain(sets.english, english, crop=rng.random() < draw.cropped)
        yield from _hard_negative(sets, sets.english, english, rng, share=4 * HARD_NEGATIVES)
        yield from _swap(sets, sets.english, english, rng, draw)
        if rng.random() < 0.5:
            yield plain(sets.swedish, swedish, crop=rng.random() < draw.cropped)


def _on_own_texts(sets: Sets, rng: random.Random, draw: Draw) -> Iterator[Example]:
    """The questions that we wrote."""
    for own in (sets.municipal, sets.further, sets.invented, sets.general):
        for question in _drawn(own, rng, draw):
            yield plain(own, question, crop=rng.random() < draw.cropped)
            yield from _hard_negative(sets, own, question, rng, share=2 * HARD_NEGATIVES)
            yield from _swap(sets, own, question, rng, draw)
    for collection in sets.collections:
        if collection.split == "train":
            yield from reading_examples(collection, rng, draw.share(collection.round))


def _drawn(set_: QuestionSet, rng: random.Random, draw: Draw) -> list[Question]:
    return [question for question in set_.of("train") if rng.random() < draw.share(question.round)]


def plain(set_: QuestionSet, question: Question, *, crop: bool = False) -> Example:
    """The question on its own passage, under the passage's title."""
    passage = set_.passages[question.passage_id]
    return Example(
        question.text,
        passage.title,
        passage.text,
        occurrences(passage.text, question.answers),
        crop,
        plausible=occurrences(passage.text, question.plausible),
    )


def occurrences(text: str, answers: Sequence[str]) -> tuple[tuple[int, int], ...]:
    """Every place in ``text`` where one of the answers stands, as whole words where there are such places.

    The sets give answers as strings without places; training counts any of them as right.
    """
    found = [(at.start(), at.end()) for a in answers if a for at in re.finditer(re.escape(a), text)]
    whole = [span for span in found if _is_whole(text, span)]
    return tuple(sorted(set(whole or found)))


def _is_whole(text: str, span: tuple[int, int]) -> bool:
    before, after = text[span[0] - 1 : span[0]], text[span[1] : span[1] + 1]
    return not (before.isalnum() and text[span[0]].isalnum()) and not (
        after.isalnum() and text[span[1] - 1].isalnum()
    )


def _filler(motions: Sequence[dict[str, str]]) -> Iterator[str]:
    """Sentences of real motions, to stand around the invented facts."""
    for motion in motions[:120]:
        for sentence in re.split(r"(?<=\.)\s+", motion["text"]):
            if 40 < len(sentence) < 160 and "\n" not in sentence:
                yield sentence


def _hard_negative(
    sets: Sets, set_: QuestionSet, question: Question, rng: random.Random, share: float = HARD_NEGATIVES
) -> Iterator[Example]:
    """The question on a passage that looks right and is not."""
    candidates = sets.wrong.get(question.id, ())
    if question.answers and candidates and rng.random() < share:
        passage = set_.passages[rng.choice(candidates)]
        yield Example(question.text, passage.title, passage.text, (), crop=True)


def _swap(
    sets: Sets, set_: QuestionSet, question: Question, rng: random.Random, draw: Draw
) -> Iterator[Example]:
    """The question with one thing in it exchanged, on its own passage, which does not answer that."""
    if not question.answers or rng.random() >= draw.swaps:
        return
    passage = set_.passages[question.passage_id]
    if asked := swapped(question, passage, sets.words[set_.name], rng):
        looks = occurrences(passage.text, question.answers)
        yield Example(asked, passage.title, passage.text, (), rng.random() < draw.cropped, looks)


def _page_example(sets: Sets, question: Question, rng: random.Random) -> Example:
    """The question on its page or, for some, on the page as a scanner read it."""
    example = plain(sets.pages, question, crop=True)
    if rng.random() >= NOISY_PAGES:
        return example
    level = rng.choice(("mild", "mild", "medium", "medium", "heavy"))
    noisy = sets.noisy[level].get(question.passage_id, "")
    golds = tuple(span for gold in example.golds if (span := carry_over(example.text, noisy, gold)))
    return replace(example, text=noisy, golds=golds) if golds else example


def carry_over(clean: str, noisy: str, span: tuple[int, int]) -> tuple[int, int] | None:
    """Where ``span`` of ``clean`` lies in ``noisy``, by aligning words; None where its ends were lost."""
    ours = [(m.start(), m.end()) for m in re.finditer(r"\S+", clean)]
    theirs = [(m.start(), m.end()) for m in re.finditer(r"\S+", noisy)]
    matcher = difflib.SequenceMatcher(
        None, [clean[a:b] for a, b in ours], [noisy[a:b] for a, b in theirs], autojunk=False
    )
    place: dict[int, int] = {}
    for kind, a, b, c, d in matcher.get_opcodes():
        if kind == "equal" or (kind == "replace" and b - a == d - c):
            place.update(zip(range(a, b), range(c, d), strict=True))
    words = [i for i, (a, b) in enumerate(ours) if a < span[1] and b > span[0]]
    if not words or words[0] not in place or words[-1] not in place:
        return None
    start, end = theirs[place[words[0]]][0], theirs[place[words[-1]]][1]
    cut = min(ours[words[-1]][1] - span[1], 2)  # a comma after the answer stays outside
    return start, max(end - cut, start + 1)


def _disturb(example: Example, rng: random.Random) -> Example:
    """Some examples without their context line, some mistyped or without Swedish letters."""
    if rng.random() < NO_CONTEXT:
        example = replace(example, context="")
    if rng.random() < MISTYPED:
        example = replace(example, question=mistype(example.question, rng))
    return _with_noisy_letters(example, rng) if rng.random() < NOISY_LETTERS else example


def _with_noisy_letters(example: Example, rng: random.Random) -> Example:
    return replace(example, text=strip_letters(example.text, rng))


def _motion_example(motions: Sequence[dict[str, str]], rng: random.Random) -> Example:
    """Who, which party, which number: asked of a real motion's head, or of another motion's."""
    motion, other = rng.sample(list(motions), 2)
    head = re.match(r"Motion till riksdagen\s+(\S+)\s+av ([^\n(]+?) ?(m\.fl\. )?\((\w+)\)", motion["text"])
    if head is None:
        return _motion_example(motions, rng)
    number, name, _, party = head.groups()
    title = motion["title"]
    question, answers = rng.choice(
        (
            (
                f"Vem har skrivit motionen om {title.lower()}?",
                (name, head.string[head.start(2) : head.end()]),
            ),
            (f"Vem lämnade motionen {title}?", (name,)),
            (f"Vilket nummer har motionen om {title.lower()}?", (number,)),
            (f"Vilket parti står bakom motionen {title}?", (party,)),
            (f"Who submitted the motion {title}?", (name,)),
        )
    )
    shown = other if rng.random() < 0.35 else motion
    text = shown["text"][: rng.randint(300, 800)]
    golds = occurrences(text, answers) if shown is motion else ()
    return Example(question, shown["title"], text, golds)


def _wrong_passages(set_: QuestionSet, *, same_group: bool) -> dict[str, tuple[str, ...]]:
    """For each answerable training question, the three passages that share most with it and do not answer.

    ``same_group`` looks only into the question's own article (squad); otherwise into all training pages.
    """
    pool = [p for p in set_.passages.values() if set_.splits[p.group] == "train"]
    words = {passage.id: stems(f"{passage.title} {passage.text}") for passage in pool}
    weight = Counter(stem for of_passage in words.values() for stem in of_passage)
    found: dict[str, tuple[str, ...]] = {}
    for question in set_.of("train"):
        if not question.answers:
            continue
        asked = stems(question.text)
        own = set_.passages[question.passage_id]
        rivals = [p for p in pool if _is_rival(p, own, question, same_group=same_group)]
        rivals.sort(
            key=lambda p: math.fsum(math.log(len(pool) / weight[s]) for s in asked & words[p.id]),
            reverse=True,
        )
        found[question.id] = tuple(passage.id for passage in rivals[:3])
    return found


def _is_rival(passage: Passage, own: Passage, question: Question, *, same_group: bool) -> bool:
    if passage.id == own.id or passage.id in question.also_relevant:
        return False
    if (passage.group == own.group) != same_group:
        return False
    return not any(answer in passage.text for answer in question.answers)
