"""What documents tell body by body: since when, how many, shared with whom, or that it is lacking.

Read from the text when a question needs it, since the bodies of a collection ("Norrängen") are known only
when all its documents are. A sentence can speak of several bodies, each with its own clause ("I X är det en
person, i Y tre"); a sentence that names none goes on about those of the sentence or heading before it.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from itertools import pairwise

from rag.bodies import BodyMention, Gazetteer
from rag.catalog import Catalog
from rag.dates import Moment, moments
from rag.domain import Chunk, Source
from rag.folding import fold
from rag.sentences import Sentence, split_sentences
from rag.stances import speaks_for

_JOINED = re.compile(r"[\s,]*(?:och|samt|respektive|and|,)?\s*(?:i|pa|hos|in)?\s*")
_CUT = re.compile(r"[,;]\s|\s(?=och\s|medan\s|men\s|and\s|while\s)")
_LETTERHEAD = 150  # characters
_OWN = re.compile(r"\b(?:forvaltningen|namnden|stadsdelen)s?\b")


@dataclass(frozen=True, slots=True)
class Statement:
    """What ``text[start:end]`` (whole sentences of the source) tells about ``body``."""

    body: str
    source: Source
    start: int
    end: int
    headings: tuple[str, ...]
    started: Moment | None = None
    count: int | None = None
    lacks: bool = False
    unknown: bool = False
    shared: tuple[str, ...] = ()  # with which other bodies
    paragraph: tuple[int, int] = (0, 0)

    @property
    def tells(self) -> bool:
        """Whether it holds more than the body's name."""
        return bool(self.started or self.count is not None or self.lacks or self.shared)


@dataclass(frozen=True, slots=True)
class _Segment:
    text: str
    bodies: tuple[str, ...]
    excepted: bool = False


def statements_in(source: Source, catalog: Catalog, gazetteer: Gazetteer) -> tuple[Statement, ...]:
    """All statements about bodies in one source, in order."""
    found: list[Statement] = []
    text = catalog.reading_text(source.id)
    speaker = speaks_for(source, gazetteer) or _named_first(text, gazetteer)
    for start, end, headings in _sections(catalog.chunks_of(source.id)):
        headed = _bodies_in(headings[-1], gazetteer) if headings else ()
        for first, last in _paragraphs(text, start, end):
            found += _paragraph(source, text, (first, last), headings, (headed, speaker), gazetteer)
    return tuple(found)


def _paragraph(
    source: Source,
    text: str,
    span: tuple[int, int],
    headings: tuple[str, ...],
    default: tuple[tuple[str, ...], str | None],
    gazetteer: Gazetteer,
) -> Iterator[Statement]:
    (about, speaker), earlier = default, default[0]
    for sentence in split_sentences(text[slice(*span)], span[0]):
        segments = _segments(sentence, gazetteer)
        if segments:
            about, earlier = segments[-1].bodies, tuple(b for s in segments for b in s.bodies)
        elif not about and speaker and _OWN.search(fold(sentence.text)):
            about = earlier = (speaker,)
        if not segments and about:
            everyone = re.search(patterns()["each"], fold(sentence.text))
            segments = (_Segment(sentence.text, earlier if everyone else about),)
        base = Statement("", source, sentence.start, sentence.end, headings, paragraph=span)
        yield from _stated(base, sentence, segments)


def _stated(base: Statement, sentence: Sentence, segments: Sequence[_Segment]) -> Iterator[Statement]:
    counted = False
    whole = [m for m in moments(sentence.text)]
    for segment in segments:
        count = _count(segment.text, elliptic=counted)
        counted = counted or count is not None
        started = _started(segment.text) or (_started(sentence.text) if len(whole) == 1 else None)
        folded = fold(segment.text)
        shared = bool(re.search(patterns()["shared"], folded)) and len(segment.bodies) > 1
        for body in segment.bodies:
            yield replace(
                base,
                body=body,
                started=None if segment.excepted else started,
                count=None if segment.excepted else count,
                lacks=segment.excepted or bool(re.search(patterns()["lacks"], folded)),
                unknown=bool(re.search(patterns()["unknown"], folded)),
                shared=tuple(b for b in segment.bodies if b != body) if shared else (),
            )


def _named_first(text: str, gazetteer: Gazetteer) -> str | None:
    """The body in a document's letterhead."""
    return next((m.body for m in gazetteer.recognise(text[:_LETTERHEAD]) if m.role), None)


def _segments(sentence: Sentence, gazetteer: Gazetteer) -> tuple[_Segment, ...]:
    """The stretches of a sentence, each with the bodies it is about."""
    mentions = [m for m in gazetteer.recognise(sentence.text) if _counts(m, gazetteer)]
    groups: list[list[BodyMention]] = []
    for mention in mentions:
        between = fold(sentence.text[groups[-1][-1].end : mention.start]) if groups else "-"
        if groups and _JOINED.fullmatch(between):
            groups[-1].append(mention)
        else:
            groups.append([mention])
    cuts = [0]
    for before, after in pairwise(groups):
        start, end = before[-1].end, after[0].start
        last = [m.start() for m in _CUT.finditer(sentence.text, start, end)]
        cuts.append(last[-1] if last else end)
    cuts.append(len(sentence.text))
    return tuple(
        _Segment(
            sentence.text[cuts[i] : cuts[i + 1]],
            tuple(dict.fromkeys(m.body for m in group)),
            bool(re.search(patterns()["except"], fold(sentence.text[: group[0].start]))),
        )
        for i, group in enumerate(groups)
    )


def _counts(mention: BodyMention, gazetteer: Gazetteer) -> bool:
    return mention.via != "place" and gazetteer.kind(mention.body) in {"district", "committee", "office"}


def _started(text: str) -> Moment | None:
    """The point in time from which something is there: the first one in a clause with a word for beginning."""
    folded = fold(text)
    if not re.search(patterns()["started"], folded):
        return None
    for moment in moments(text):
        before = folded[max(0, moment.start - 25) : moment.start]
        if not re.search(patterns()["past"], before):
            return moment
    return None


def _count(text: str, *, elliptic: bool) -> int | None:
    """The latest number of counted things that is not said of an earlier time.

    ``elliptic``: an earlier clause counted something, so that a bare number at the end counts too ("i Y tre").
    """
    folded, found = fold(text), None
    for clause in re.split(r"[,;]\s|\s(?:men|medan|but|while)\s", folded):
        if re.search(patterns()["past"], clause):
            elliptic = elliptic or bool(_count_pattern().search(clause))
            continue
        held = elliptic or re.search(patterns()["holds"], clause)
        matches = list(_count_pattern().finditer(clause)) if held else []
        match = matches[-1] if matches else _bare_pattern().search(clause) if elliptic else None
        if match:
            found = _number(match["number"])
    return found


@cache
def _count_pattern() -> re.Pattern[str]:
    return re.compile(
        rf"\b(?P<number>{_number_words()})\s+(?:[a-z-]+\s+){{0,2}}?[a-z-]*{patterns()['counted']}"
    )


@cache
def _bare_pattern() -> re.Pattern[str]:
    return re.compile(rf"\b(?P<number>{_number_words()})(?:\s+(?:i|pa)\s+[\w-]+)?\s*[.!]?\s*$")


@cache
def _number_words() -> str:
    names = [fold(word) for key in ("number_words", "english_numbers") for word in patterns()[key].split()]
    return "|".join([*names, "ett", r"(?!(?:19|20)\d\d)\d{1,4}(?![\d/-])"])


def _number(word: str) -> int:
    if word.isdigit():
        return int(word)
    for key in ("number_words", "english_numbers"):
        names = [fold(name) for name in patterns()[key].split()]
        if word in names:
            return names.index(word)
    return 1  # "ett"


def number_in(text: str) -> int | None:
    """The number of things that a question names ("två socialsekreterare"), or None."""
    folded = re.sub(r"\b(?:one of|en av|ett av)\b", " ", fold(text))
    match = _count_pattern().search(folded)
    return _number(match["number"]) if match else None


def _sections(chunks: Sequence[Chunk]) -> Iterator[tuple[int, int, tuple[str, ...]]]:
    """Neighbouring chunks of one heading path as one stretch; overlaps are counted once."""
    current: tuple[int, int, tuple[str, ...]] | None = None
    for chunk in chunks:
        where = chunk.locator
        if current and current[2] == where.headings:
            current = (current[0], max(current[1], where.end), where.headings)
            continue
        if current:
            yield current
        current = (max(where.start, current[1] if current else 0), where.end, where.headings)
    if current:
        yield current


def _paragraphs(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    at = start
    for match in re.finditer(r"\n[ \t]*\n", text[start:end]):
        yield at, start + match.start()
        at = start + match.end()
    yield at, end


def _bodies_in(heading: str, gazetteer: Gazetteer) -> tuple[str, ...]:
    return tuple(m.body for m in gazetteer.recognise(heading) if _counts(m, gazetteer))


@cache
def patterns() -> Mapping[str, str]:
    """The patterns of ``rag/data/statements.toml``."""
    return dict(tomllib.loads(files("rag").joinpath("data/statements.toml").read_text(encoding="utf-8")))
