"""What a document says about each body: sentence by sentence, with the years and counts that belong to it.

A sentence can speak of several bodies ("I både X och Y infördes ... 2022") or go on about those of the
sentence before it ("Uppdraget innehas av en person i respektive ..."); each body gets its own statement.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from ingest.dates import dates_in, months_in
from ingest.lines import paragraphs_of
from ingest.phrases import any_phrase, whole_word
from rag.bodies import BodyMention, Gazetteer
from rag.folding import fold
from rag.sentences import LIST_ITEM, Sentence, split_sentences

ALL = "*"  # stands for every body, in a statement such as "i samtliga stadsdelar utom X"
_YEAR = re.compile(r"(?<![\d/.-])(?:19|20)\d\d(?![\d/])(?!-\d)")
_SORT = re.compile(r"stadsdel|namnd|forvaltning|kommundel")
_TOGETHER = re.compile(r"[\s,]*(?:och|samt|respektive|eller|,)?\s*(?:i |pa )?")
_NEXT_CLAUSE = re.compile(
    r"[,;]?\s+(?:och|medan|men|samt)\s+(?:i|pa|hos|for|vid)\s+$|[,;]\s+(?:medan|men)\s+$"
)


@dataclass(frozen=True, slots=True)
class Statement:
    """One sentence about one body. ``counts`` are a figure and its noun; the flags are set by words in it;
    ``dates`` are ISO 8601, of a day or a month."""

    body: str
    start: int
    end: int
    years: tuple[str, ...]
    counts: tuple[str, ...]
    flags: frozenset[str]
    dates: tuple[str, ...] = ()

    @property
    def tells(self) -> bool:
        """Whether it says when, how many, or that something is lacking or shared."""
        return bool(self.years or self.counts or self.flags & {"lacks", "shared", "all", "except"})


def statements(
    text: str, start: int, end: int, gazetteer: Gazetteer, vocabulary: Path | None = None
) -> Iterator[Statement]:
    """The statements about bodies in ``text[start:end]``, in order."""
    found = gazetteer.recognise(text[start:end])
    every = [_shifted(mention, start) for mention in found]
    of_all = whole_word(_words(vocabulary)["all"])
    for first, last in paragraphs_of(text, start, end):
        mentions = [mention for mention in every if first <= mention.start < last]
        if mentions or of_all.search(fold(text[first:last])):
            yield from _in_paragraph(text, first, last, mentions, gazetteer, vocabulary)


def _in_paragraph(
    text: str,
    start: int,
    end: int,
    mentions: Sequence[BodyMention],
    gazetteer: Gazetteer,
    vocabulary: Path | None,
) -> Iterator[Statement]:
    about: tuple[BodyMention, ...] = ()
    for sentence in split_sentences(text[start:end], start):
        inside = [_shifted(m, -sentence.start) for m in mentions if sentence.start <= m.start < sentence.end]
        named = _named(inside, gazetteer)
        if LIST_ITEM.match(sentence.text) or (inside and not named):
            about = ()  # an item of its own, or about a body that is not looked at here
        if named:
            about = _still_there(sentence, named, vocabulary)
            yield from _stated(sentence, named, vocabulary)
        elif about and _goes_on(sentence.text):
            yield from _carried(sentence, about, vocabulary)
        if all("except" in _flags_at(sentence, mention, vocabulary) for mention in named):
            yield from _about_all(sentence, named, vocabulary)


def _shifted(mention: BodyMention, by: int) -> BodyMention:
    return replace(mention, start=mention.start + by, end=mention.end + by)


def _still_there(
    sentence: Sentence, named: tuple[BodyMention, ...], vocabulary: Path | None
) -> tuple[BodyMention, ...]:
    """Those of ``named`` that the following sentences can go on about: not those called former."""
    said = list(_stated(sentence, named, vocabulary))
    former = {one.body for one in said if "former" in one.flags}
    return tuple(mention for mention in named if mention.body not in former) or named


def _named(mentions: Iterable[BodyMention], gazetteer: Gazetteer) -> tuple[BodyMention, ...]:
    seen: dict[str, BodyMention] = {}
    for mention in mentions:
        municipality = mention.via == "pattern" and not mention.role
        if not municipality and gazetteer.kind(mention.body) in {"district", "committee", "office"}:
            seen.setdefault(mention.body, mention)
    return tuple(seen.values())


def _stated(
    sentence: Sentence, named: tuple[BodyMention, ...], vocabulary: Path | None
) -> Iterator[Statement]:
    reaches = _reaches(sentence.text, named)
    heads = {span: mention for mention, span in reversed(list(zip(named, reaches, strict=True)))}
    for mention, span in zip(named, reaches, strict=True):
        reach = sentence.text[slice(*span)]
        flags = _flags(reach, vocabulary) | _flags_at(sentence, heads[span], vocabulary)
        yield _statement(sentence, mention.body, reach, flags, vocabulary)


def _carried(
    sentence: Sentence, about: tuple[BodyMention, ...], vocabulary: Path | None
) -> Iterator[Statement]:
    flags = _flags(sentence.text, vocabulary) | {"carried"}
    for mention in about:
        yield _statement(sentence, mention.body, sentence.text, flags, vocabulary)


def _about_all(
    sentence: Sentence, named: tuple[BodyMention, ...], vocabulary: Path | None
) -> Iterator[Statement]:
    folded = fold(sentence.text)
    if whole_word(_words(vocabulary)["all"]).search(folded) and _SORT.search(folded):
        flags = _flags(sentence.text, vocabulary) | {"all"} | {f"except:{mention.body}" for mention in named}
        yield _statement(sentence, ALL, sentence.text, frozenset(flags), vocabulary)


def _statement(
    sentence: Sentence, body: str, reach: str, flags: frozenset[str], vocabulary: Path | None
) -> Statement:
    """The years of the whole sentence count where ``reach`` has none and the sentence has only one."""
    whole = _unique(_YEAR.findall(sentence.text))
    years = _unique(_YEAR.findall(reach)) or (whole if len(whole) == 1 else ())
    days = tuple(day.iso for day in dates_in(reach) if day.is_whole)
    dates = _unique([*days, *(month.iso for month in months_in(reach))])
    counts = counts_in(reach, vocabulary) or _elliptic(sentence.text, reach, vocabulary)
    return Statement(body, sentence.start, sentence.end, years, counts, flags, dates)


def _elliptic(sentence: str, reach: str, vocabulary: Path | None) -> tuple[str, ...]:
    """ "X hade två socialsekreterare och Y en": the bare number takes the noun of the count before it."""
    counted = counts_in(sentence, vocabulary)
    numbers = "|".join(sorted(_numbers(vocabulary), key=len, reverse=True))
    bare = (
        re.search(rf"(?<!\w)(?P<number>{numbers}|\d{{1,3}})\W*$", fold(reach)) if reach != sentence else None
    )
    if not counted or not bare:
        return ()
    number = bare["number"] if bare["number"].isdigit() else _numbers(vocabulary)[bare["number"]]
    return (f"{number} {counted[-1].partition(' ')[2]}",)


def _reaches(text: str, named: tuple[BodyMention, ...]) -> list[tuple[int, int]]:
    """For each body the stretch of the sentence that is about it: bodies named together share theirs, and a
    new clause ("och i Y två personer") ends that of the one before."""
    groups: list[list[BodyMention]] = []
    for mention in named:
        joined = groups and _TOGETHER.fullmatch(fold(text[groups[-1][-1].end : mention.start]))
        clause = groups and _NEXT_CLAUSE.search(fold(text[: mention.start]))
        if groups and joined and not clause:
            groups[-1].append(mention)
        else:
            groups.append([mention])
    spans: list[tuple[int, int]] = []
    for at, group in enumerate(groups):
        first = 0 if at == 0 else group[0].start
        last = groups[at + 1][0].start if at + 1 < len(groups) else len(text)
        spans += [(first, last)] * len(group)
    return spans


def counts_in(text: str, vocabulary: Path | None = None) -> tuple[str, ...]:
    """The counted things in ``text`` as "2 socialsekreterare": figures and number words before a noun."""
    found = []
    for match in _count_pattern(vocabulary).finditer(fold(text)):
        number = match["digits"] or str(_numbers(vocabulary)[match["word"]])
        found.append(f"{number} {' '.join(text[match.start('noun') : match.end('noun')].split())}")
    return _unique(found)


def _flags(text: str, vocabulary: Path | None) -> frozenset[str]:
    folded, words = fold(text), _words(vocabulary)
    names = ("since", "past", "shared", "lacks")
    return frozenset(name for name in names if whole_word(words[name]).search(folded))


_FORMER = re.compile(r"\b(?:tidigare|fore detta|davarande|f\.d\.)\s+(?:[\w-]+\s+)?$")


def _flags_at(sentence: Sentence, mention: BodyMention, vocabulary: Path | None) -> frozenset[str]:
    before = fold(sentence.text[: mention.start])
    excepted = any_phrase(_words(vocabulary)["except"]).search(before[-60:])
    former = _FORMER.search(before)
    return frozenset({*(["except"] if excepted else []), *(["former"] if former else [])})


_NEW_TOPIC = re.compile(
    r"^(?:vidare|forvaltningen anser|forvaltningen bedomer|staden|kommunen|regeringen|"
    r"socialstyrelsen|motionar)\b"
)


def _goes_on(sentence: str) -> bool:
    return not _NEW_TOPIC.match(fold(sentence)) and not sentence.rstrip().endswith("?")


def _unique(values: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(values))


@cache
def _data(vocabulary: Path | None) -> dict[str, Any]:
    data = tomllib.loads(files("ingest").joinpath("data", "counts.toml").read_text(encoding="utf-8"))
    own = vocabulary / "counts.toml" if vocabulary else None
    if own is not None and own.is_file():
        for key, value in tomllib.loads(own.read_text(encoding="utf-8")).items():
            data[key] = {**data[key], **value} if isinstance(value, dict) else [*data.get(key, ()), *value]
    return data


def _words(vocabulary: Path | None) -> dict[str, tuple[str, ...]]:
    return {key: tuple(value) for key, value in _data(vocabulary).items() if isinstance(value, list)}


@cache
def _numbers(vocabulary: Path | None) -> dict[str, int]:
    return {fold(word): number for word, number in _data(vocabulary)["numbers"].items()}


@cache
def _count_pattern(vocabulary: Path | None) -> re.Pattern[str]:
    nouns = "|".join(
        whole_word((noun,)).pattern.removesuffix(r"(?!\w)") for noun in _data(vocabulary)["counted"]
    )
    words = "|".join(sorted(_numbers(vocabulary), key=len, reverse=True))
    number = rf"(?<![\w.,/-])(?:(?P<digits>(?!(?:19|20)\d\d)\d{{1,4}}(?:[.,]\d+)?)|(?P<word>{words}))"
    return re.compile(
        rf"{number}\s+(?P<noun>(?:(?!(?:del|flertal|antal|rad|viss|sadan)\b)[a-z-]+\s+)?(?:{nouns}))"
    )
