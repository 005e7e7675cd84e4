"""Questions that their passage no longer answers, made by putting one thing in them in the place of another.

A name, a number, a word for its opposite, for a likely other one or for a compound of the same kind, or a "not" more
or less: the ways in which people wrote most of the unanswerable questions of SQuAD 2.0 (Rajpurkar, Jia and Liang 2018,
table 2). What is put in stands elsewhere in the data or in the passage, so that a word as such does not give the
question away.
"""

from __future__ import annotations

import random
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from evals.training.likeness import stems
from evals.training.rows import Passage, Question, QuestionSet
from rag.language import detect
from rag.sentences import split_sentences

TAIL = 5  # letters that two words of a kind end in: the last part of a compound, or the same derivation
LONG = 9  # letters of the shortest word that is swapped for one with the same tail
YEARS = 12  # years that a year is moved by, at most

_NOT = {"sv": "inte", "en": "not"}
_VERB = {
    "sv": r"är|var|har|hade|kan|kunde|ska|skulle|får|fick|måste|blev|bör|vill|ville",
    "en": r"is|was|are|were|has|have|had|can|could|will|would|should|did|does|do",
}

_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
_NAME = re.compile(r"(?<=[^\W_.!?:] )[A-ZÅÄÖÉ][a-zåäöé]{2,}(?: [A-ZÅÄÖÉ][a-zåäöé]{2,})*")

_OPPOSITES = """
första sista|första andra|tidigaste senaste|äldsta yngsta|största minsta|störst minst|högsta lägsta|högst lägst
högre lägre|större mindre|bästa sämsta|flest minst|mest minst|fler färre|före efter|innan efter|ökade minskade
öka minska|ökar minskar|ökning minskning|steg sjönk|började slutade|börja sluta|infördes avskaffades|införa avskaffa
öppnades stängdes|öppna stänga|vann förlorade|köpte sålde|köpa sälja|positiva negativa|positiv negativ
fördelar nackdelar|fördel nackdel|norra södra|östra västra|norr söder|öster väster|nordöstra sydvästra|män kvinnor
mannen kvinnan|pojkar flickor|barn vuxna|barn äldre|offentliga privata|offentlig privat|kommunala statliga
kommunal statlig|inre yttre|interna externa|intern extern|nationella internationella|lokala nationella|bifalla avslå
bifölls avslogs|stödde avvisade|stödja avvisa|godkände avslog|tillstyrkte avstyrkte|tillåtet förbjudet
tillåtna förbjudna|tillåter förbjuder|möjligt omöjligt|vanliga ovanliga|vanligaste ovanligaste|kända okända
starka svaga|starkare svagare|snabbare långsammare|snabba långsamma|tunga lätta|varma kalla|rika fattiga|nya gamla
ny gammal|inkomster utgifter|intäkter kostnader|överskott underskott|framgång misslyckande|orsakar förhindrar
orsakade förhindrade|accepterade förkastade|allierade fiender|krig fred|dag natt|sommar vinter|sommaren vintern
vänster höger|direkt indirekt|skapade förstörde|skapa förstöra|grundades upplöstes|grundade upplöste
anställda arbetslösa
first last|first second|earliest latest|oldest youngest|largest smallest|highest lowest|higher lower|larger smaller
best worst|most least|more fewer|before after|increased decreased|increase decrease|began ended|begin end
opened closed|won lost|bought sold|positive negative|advantages disadvantages|northern southern|eastern western
north south|east west|men women|public private|internal external|local national|approved rejected|supported opposed
allowed forbidden|possible impossible|common rare|strong weak|faster slower|new old|income expenses|surplus deficit
created destroyed|founded dissolved|war peace|summer winter|direct indirect
"""


def _both_ways(pairs: str) -> Mapping[str, tuple[str, ...]]:
    found: dict[str, list[str]] = defaultdict(list)
    for pair in pairs.replace("\n", "|").strip("|").split("|"):
        one, other = pair.split()
        found[one].append(other)
        found[other].append(one)
    return {word: tuple(others) for word, others in found.items()}


OPPOSITES = _both_ways(_OPPOSITES)


#: Start and end in the question, and what is put there instead.
Swap = tuple[int, int, str]


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """What a data set's passages offer to be put in: names by group, words by group and the letters they end in.

    Words of all groups stand under the empty group. ``likely`` gives for each language the words near a word of the
    questions (``evals.training.likely_words``).
    """

    names: Mapping[str, tuple[str, ...]]
    words: Mapping[tuple[str, str], tuple[str, ...]]
    likely: Mapping[str, Mapping[str, tuple[str, ...]]]


def vocabulary(set_: QuestionSet, likely: Mapping[str, Mapping[str, tuple[str, ...]]]) -> Vocabulary:
    """The names and long words of the passages that are trained on."""
    names: dict[str, set[str]] = defaultdict(set)
    words: dict[tuple[str, str], set[str]] = defaultdict(set)
    for passage in set_.passages.values():
        if set_.splits[passage.group] != "train":
            continue
        names[passage.group].update(_NAME.findall(passage.text))
        for word in _WORD.findall(passage.text):
            if len(word) >= LONG and word.islower():
                words[passage.group, word[-TAIL:]].add(word)
                words["", word[-TAIL:]].add(word)
    return Vocabulary(
        {group: tuple(sorted(found)) for group, found in names.items()},
        {place: tuple(sorted(found)) for place, found in words.items()},
        likely,
    )


def swapped(question: Question, passage: Passage, words: Vocabulary, rng: random.Random) -> str | None:
    """The question with one thing in it exchanged, which ``passage`` then does not state; None where nothing fits.

    What is put in stands nowhere in the passage, or away from the sentences that state the answer: then the passage
    might happen to answer the new question too, which is rare where its other names have other parts to play.
    """
    asked, said, language = question.text, f"{passage.title} {passage.text}", detect(question.text)
    known = stems(said) | stems(asked)
    answering, elsewhere = _parted(passage.text, question.answers)
    near = stems(f"{passage.title} {answering}") | stems(asked)
    kinds = [
        list(_numbers(asked, said, rng)),
        list(_names(asked, words.names.get(passage.group, ()), known, rng)),
        list(_opposites(asked, rng)),
        list(_compounds(asked, passage.group, words, known, rng)) if language == "sv" else [],
        list(_likely(asked, words.likely.get(language, {}), known, rng)),
        list(_negations(asked, language)),
        list(_names(asked, sorted(set(_NAME.findall(elsewhere))), near, rng)),
    ]
    fitting = [ways for ways in kinds if ways]
    if not fitting:
        return None
    start, end, other = rng.choice(rng.choice(fitting))
    return asked[:start] + other + asked[end:]


def _parted(text: str, answers: Sequence[str]) -> tuple[str, str]:
    """The sentences that hold an answer, and the others."""
    parts: tuple[list[str], list[str]] = [], []
    for sentence in split_sentences(text):
        parts[not any(answer in sentence.text for answer in answers)].append(sentence.text)
    return "\n".join(parts[0]), "\n".join(parts[1])


def _numbers(asked: str, said: str, rng: random.Random) -> Iterator[Swap]:
    for number in _NUMBER.finditer(asked):
        if number.group() in said and (other := _other_number(number.group(), said, rng)):
            yield number.start(), number.end(), other


def _names(asked: str, offered: Sequence[str], known: frozenset[str], rng: random.Random) -> Iterator[Swap]:
    for name in _NAME.finditer(asked):
        if other := _one_of((n for n in offered if _alike(n, name.group())), known, rng):
            yield name.start(), name.end(), other


def _opposites(asked: str, rng: random.Random) -> Iterator[Swap]:
    for word in _WORD.finditer(asked):
        if word.group() in OPPOSITES:
            yield word.start(), word.end(), rng.choice(OPPOSITES[word.group()])


def _compounds(
    asked: str, group: str, words: Vocabulary, known: frozenset[str], rng: random.Random
) -> Iterator[Swap]:
    for word in _WORD.finditer(asked):
        plain = word.group()
        if len(plain) < LONG or not plain.islower():
            continue
        if other := _of_a_kind(plain, group, words, known, rng):
            yield word.start(), word.end(), other


def _likely(
    asked: str, near: Mapping[str, tuple[str, ...]], known: frozenset[str], rng: random.Random
) -> Iterator[Swap]:
    for word in _WORD.finditer(asked):
        if other := _one_of(near.get(word.group(), ()), known, rng):
            yield word.start(), word.end(), other


def _negations(asked: str, language: str) -> Iterator[Swap]:
    negation = _NOT[language]
    denied = re.search(rf"\b{negation} ", asked)
    if denied:
        yield denied.start(), denied.end(), ""
    elif verb := re.search(rf"^(?:\S+ ){{1,4}}?(?:{_VERB[language]})(?= )", asked):
        yield verb.end(), verb.end(), f" {negation}"


def _of_a_kind(
    word: str, group: str, words: Vocabulary, known: frozenset[str], rng: random.Random
) -> str | None:
    """A word of the same article if there is one, which makes the question likelier."""
    for place in (group, ""):
        others = (w for w in words.words.get((place, word[-TAIL:]), ()) if w[:3] != word[:3])
        if other := _one_of(others, known, rng):
            return other
    return None


def _other_number(number: str, said: str, rng: random.Random) -> str | None:
    if re.fullmatch(r"1[0-9]{3}|20[0-9]{2}", number):
        other = str(int(number) + rng.choice((-1, 1)) * rng.randint(1, YEARS))
    else:
        other = re.sub(r"\d", lambda at: str((int(at.group()) + rng.randint(1, 8)) % 9 + 1), number)
    return None if other in said else other


def _alike(one: str, other: str) -> bool:
    """Both names or both genitives, and of as many words."""
    return one.endswith("s") == other.endswith("s") and one.count(" ") == other.count(" ")


def _one_of(offered: Iterable[str], known: frozenset[str], rng: random.Random) -> str | None:
    fitting = [each for each in offered if not stems(each) & known]
    return rng.choice(fitting) if fitting else None
