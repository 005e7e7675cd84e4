"""How well a text was read: a cheap measure that clean Swedish passes and misread Swedish does not.

Two signs decide. The share of words that are unknown but close to a known one, which clean text hardly has
(0.06 % on pages of Swedish authorities, 2 % on moderately misread ones); and the share of å, ä, ö among the
letters (5 % in Swedish), which tells whether the reader knew the letters at all.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from ingest.ocr import channel as channels
from ingest.ocr import words
from ingest.ocr.channel import Channel
from ingest.ocr.search import general
from rag.domain import OcrGrade

_WORD = re.compile(r"[^\W\d_]+(?![\w-])")
_COMMON = frozenset(
    "och att det som en av den med till är ar för for i på pa om inte har de kan ska ett vid från fran".split()
)
_LETTERS = 0.03  # below this share of å, ä, ö some were lost; no page of the clean texts lies below
_REPAIRABLE = 0.008
_PLAINLY = 0.03  # more than one page in two of a moderately misread text has less
_FOREIGN = 0.7  # share of unknown words: English has 0.5, letters that stand for others nearly 1
_POOR = 0.12  # share of unknown words after repair
# What a text in any language mostly consists of: numbers, and words with a letter that is no Latin consonant.
_VOWEL = r"[^\W\d_b-df-hj-np-tv-xzB-DF-HJ-NP-TV-XZ]"
_PLAIN = re.compile(
    rf"[(\"'”»]*(?:[^\W\d_]*{_VOWEL}[^\W\d_]*(?:[-–/:'’][^\W_]+)*|[\d.,:/%–-]+)[)\]\"'”«.,;:!?]*"
)
_NOISE = 0.5  # above this share of other tokens nobody can read it; of 4,700 public pages none lies above 0.4
_FEW = 20  # tokens, below which nothing is said


@dataclass(frozen=True, slots=True)
class Judgement:
    """Shares over the words of a text that are no names, numbers or abbreviations; ``letters`` is the share of
    å, ä, ö among its letters. ``swedish`` tells whether the text is in Swedish at all, ``noise`` whether it is
    in any language."""

    words: int
    unknown: float
    repairable: float
    letters: float
    swedish: bool
    noise: float = 0.0  # share of tokens that are neither words of any language nor numbers

    @property
    def lost(self) -> bool:
        """Whether the reader did not know å, ä, ö; a few words that lack them say nothing."""
        return self.swedish and self.words >= _FEW and self.letters < _LETTERS / 2 and self.unknown > 0.04

    @property
    def bad(self) -> bool:
        """Whether the text asks for repair."""
        if not self.swedish or self.words < 10:
            return False
        return self.lost or (self.repairable >= _REPAIRABLE and self.repairable * self.words >= 2)

    @property
    def plainly_bad(self) -> bool:
        """Whether it asks for repair whatever the pages around it look like."""
        return self.bad and (self.lost or self.repairable >= _PLAINLY or self.unknown > _POOR)

    @property
    def doubtful(self) -> bool:
        """Whether it is no Swedish and perhaps in no language at all: a text layer whose letters stand for others
        looks like this, and so does every foreign language."""
        foreign = not self.swedish and self.words >= 2 * _FEW and self.unknown > _FOREIGN
        return foreign or self.noise > _NOISE

    @property
    def grade(self) -> OcrGrade:
        """The grade of a text that is left as it is."""
        if self.noise > _NOISE or (self.swedish and self.unknown > _POOR):
            return OcrGrade.POOR
        return OcrGrade.READABLE if self.bad else OcrGrade.GOOD

    def channel(self) -> Channel:
        """How the text was misread, for ``repair``; in steps, so that the pages of a file share channels."""
        lost = min(max((_LETTERS - self.letters) / (_LETTERS / 2), 0.0), 1.0)
        # The pages that misreadings were learnt from have 8 % unknown words: with fewer, fewer are likely.
        caution = min(max(1.2 - 15 * self.unknown, 0.0), 1.2) * (1 - lost)
        return channels.load(round(lost * 20) / 20, round(caution * 5) / 5)


def together(judgements: Sequence[Judgement]) -> Judgement:
    """The signs of several texts as those of one; raises ValueError for none."""
    weights = [max(each.words, 1) for each in judgements]

    def mean(share: Callable[[Judgement], float]) -> float:
        shares = (weight * share(each) for weight, each in zip(weights, judgements, strict=True))
        return sum(shares) / sum(weights)

    if not judgements:
        raise ValueError("there is nothing to judge")
    return Judgement(
        words=sum(each.words for each in judgements),
        unknown=mean(lambda each: each.unknown),
        repairable=mean(lambda each: each.repairable),
        letters=mean(lambda each: each.letters),
        swedish=mean(lambda each: each.swedish) > 0.5,
        noise=mean(lambda each: each.noise),
    )


@lru_cache(256)  # whether a text is repaired at all is asked before it is repaired, pages later
def judge(text: str) -> Judgement:
    """The signs of ``text``; a millisecond a page where the text is clean."""
    found = [word for word in _WORD.findall(text) if len(word) > 1 and not word.isupper()]
    total = max(len(found), 1)
    lower = [word.lower() for word in found]
    types = sorted(set(lower))
    known = dict(zip(types, words.known(types).tolist(), strict=True))

    unknown = [word.lower() for word in found if not known[word.lower()]]
    mendable = _mendable(sorted(set(unknown)))
    letters = [letter for letter in text.lower() if letter.isalpha()]
    return Judgement(
        words=len(found),
        unknown=len(unknown) / total,
        repairable=sum(word in mendable for word in unknown) / total,
        letters=sum(letter in "åäö" for letter in letters) / max(len(letters), 1),
        swedish=sum(word in _COMMON for word in lower) / total > 0.1,
        noise=_noise(text),
    )


def _noise(text: str) -> float:
    tokens = text.split()
    if len(tokens) < _FEW:
        return 0.0
    return sum(_PLAIN.fullmatch(token) is None for token in tokens) / len(tokens)


def _mendable(unknown: list[str]) -> set[str]:
    found = general(channels.load(), 8).candidates(unknown)
    return {
        word
        for word, ranked in zip(unknown, found, strict=True)
        if ranked and ranked[0].channel < 8 and ranked[0].channel + ranked[0].prior < 6 + 2 * len(word)
    }
