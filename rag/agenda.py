"""The items of meetings: each § of a protokoll with its facts, and which of them a question is about."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from rag.bodies import Gazetteer
from rag.catalog import Catalog
from rag.domain import DocumentKind, Fact, Passage, Source
from rag.folding import fold
from rag.meeting_question import Asked
from rag.topics import coverage, terms_of

# items whose text is compared with the question, those whose titles say most about it first
_LOOKED_INTO = 12
_TOLD = 0.5  # share of the question's topic words that an item's text must have ...
_TOLD_IF_FOUND = 0.2  # ... or this where the best passages stand in it: an English question has other words
_CLEAR = 0.12  # by so much the best item must lead before one of another matter
_ALIKE = 0.6  # share of the shorter title's words that two items of one matter have in common
_OF_A_MEETING = frozenset({"reservation", "statement", "yrkande", "proceeding"})
_DEFINITE = re.compile(r"(?:et|en|n)$")
_NO_MATTER = frozenset({"motion", "svar", "medborgarförslag"})


@dataclass(frozen=True)
class Item:
    """The matter ``number`` of a meeting at ``start:end`` of its source; ``heading`` bounds its heading. ``body``
    is the one that met, if known. A document that tells of a meeting without any § is one item."""

    source: Source
    number: str
    title: str
    heading: tuple[int, int]
    start: int
    end: int
    body: str
    facts: tuple[Fact, ...]

    def stated(self, name: str) -> tuple[Fact, ...]:
        """Its facts of one name, in order."""
        return tuple(fact for fact in self.facts if fact.name == name)

    def decided(self, *, proposals: bool) -> tuple[Fact, ...]:
        """The points of the meeting's decision, without what somebody had proposed to it; only that for
        ``proposals``. Of minutes that have but one sort ("styrelsen föreslår fullmäktige att ...") that one."""
        points = tuple(fact for fact in self.stated("decision") if fact.speaker == "board")
        fit = (fact for fact in points if (fact.detail.get("status") == "proposed") == proposals)
        return tuple(fit) or points

    @property
    def dnr(self) -> str:
        """Its registration number without spaces, or empty."""
        found = (fact.detail.get("dnr", "") for fact in self.facts if fact.name == "matter")
        return next(("".join(fold(number).split()) for number in found if number), "")


@dataclass(frozen=True)
class Ranked:
    """An item with how well it fits: ``title`` and ``text`` are the shares of the topic that they tell."""

    item: Item
    title: float
    text: float
    weight: float  # of where the passages stand
    found: float  # 1 where the best passage stands in it, 1/2 for the second ...
    year: float = 0.0  # 1 where its title has the year asked about, 1/2 where only the meeting was then

    @property
    def score(self) -> float:
        """Higher is better; an English question has few words of its own in common with the text."""
        return self.title + self.text + self.weight * self.found + 0.4 * self.year


def items_of(source: Source) -> Iterator[Item]:
    """The items that a source tells of."""
    begun = [f for f in source.facts if f.name == "matter" and f.detail.get("end", "").isdigit()]
    body = body_of(source)
    for fact in begun:
        end = int(fact.detail["end"])
        own = tuple(f for f in source.facts if fact.start <= f.start < end)
        number = fact.detail.get("paragraph", "")
        yield Item(source, number, fact.value, (fact.start, fact.end), fact.start, end, body, own)
    if not begun and any(f.name in _OF_A_MEETING for f in source.facts):
        told = [source.title, *(f.value for f in source.facts if f.name == "matter")]
        end = max(fact.end for fact in source.facts)
        yield Item(source, "", " ".join(told), (0, 0), 0, end, body, source.facts)


def body_of(source: Source) -> str:
    """The body that met, as the head of the minutes names it, or else whose document it is; empty if unknown."""
    named = (f.value for f in source.facts if f.name == "meeting" and f.detail.get("label") == "body")
    return next(named, source.body or "")


def met(source: Source, asked: Sequence[str], gazetteer: Gazetteer) -> bool:
    """Whether it tells of a meeting of one of the bodies asked about: itself, by another name, or as a part of
    another ("kommunstyrelsens arbetsutskott" for "arbetsutskottet", but not for "kommunstyrelsen")."""
    mine = _plain(body_of(source))
    for name in asked:
        if re.search(rf"(?:^|s ){re.escape(_plain(name))}$", mine):
            return True
        if source.body in gazetteer.related(name) and "utskott" not in mine:
            return True
    return False


def _plain(body: str) -> str:
    """Without the endings of the definite form and the genitive."""
    name = fold(body).strip()
    return _DEFINITE.sub("", name.removesuffix("s"))


def within(
    bodies: Sequence[str], days: Sequence[str], sources: Sequence[Source], gazetteer: Gazetteer
) -> tuple[Source, ...]:
    """The sources of the bodies and days asked about, all where none is named; those whose body is not known only
    where no other fits."""
    dated = [s for s in sources if not days or any((s.date or "").startswith(day) for day in days)]
    if not bodies:
        return tuple(dated)
    own = [s for s in dated if body_of(s) and met(s, bodies, gazetteer)]
    return tuple(own or (s for s in dated if not body_of(s)))


def minutes_of(
    body: str, days: Sequence[str], sources: Sequence[Source], gazetteer: Gazetteer
) -> tuple[Source, ...]:
    """The minutes of the meetings of ``body`` on ``days``."""
    found = within((body,), days, sources, gazetteer)
    return tuple(s for s in found if s.kind is DocumentKind.PROTOKOLL and body_of(s))


def chosen(
    asked: Asked, sources: Sequence[Source], passages: Sequence[Passage], catalog: Catalog
) -> tuple[Item, ...]:
    """The items that the question is about, the one to answer from first, further ones of the same matter after
    it; none where that is not clear."""
    found = [item for source in sources for item in items_of(source)]
    if asked.paragraph:
        found = [item for item in found if item.number == asked.paragraph]
    if not asked.topic or asked.paragraph:
        return tuple(found) if len(found) == 1 else ()
    ranked = _ranked(asked, found, passages, catalog)
    if not ranked:
        return ()
    best = ranked[0]
    if best.text < (_TOLD_IF_FOUND if best.found >= 0.5 else _TOLD):
        return ()
    same = [one for one in ranked if one is best or _same_matter(best.item, one.item)]
    others = [one for one in ranked if one not in same]
    if others and best.score - others[0].score < _CLEAR:
        return ()
    fit = [one for one in same if one.text >= best.text - 0.25]
    return tuple(one.item for one in sorted(fit, key=lambda one: _authority(one.item), reverse=True))


def _ranked(
    asked: Asked, items: Sequence[Item], passages: Sequence[Passage], catalog: Catalog
) -> list[Ranked]:
    places = _places(items, passages)
    titled = sorted(
        (
            (coverage(asked.topic, terms_of(item.title)), places.get(at, 0.0), at)
            for at, item in enumerate(items)
        ),
        key=lambda row: (-row[0] - row[1], row[2]),
    )
    ranked = []
    for title, found, at in titled[:_LOOKED_INTO]:
        item = items[at]
        text = coverage(asked.topic, terms_of(catalog.reading_text(item.source.id)[item.start : item.end]))
        weight = 1.0 if asked.question.language == "en" else 0.6
        ranked.append(Ranked(item, title, text, weight, found, _year(item, asked)))
    return sorted(ranked, key=lambda one: -one.score)


def _year(item: Item, asked: Asked) -> float:
    years = [str(year) for year in asked.question.years]
    if any(year in item.title for year in years):
        return 1.0
    return 0.5 if any((item.source.date or "").startswith(year) for year in years) else 0.0


def _places(items: Sequence[Item], passages: Sequence[Passage]) -> Mapping[int, float]:
    """For each item that holds a passage, one over the rank of its first."""
    places: dict[int, float] = {}
    for rank, passage in enumerate(passages, 1):
        for at, item in enumerate(items):
            inside = item.start <= passage.chunk.locator.start < item.end
            if item.source.id == passage.source.id and inside:
                places.setdefault(at, 1.0 / rank)
    return places


def _same_matter(one: Item, other: Item) -> bool:
    if one.dnr and one.dnr == other.dnr:
        return True
    short, long = sorted((_words(one.title), _words(other.title)), key=len)
    return bool(short) and coverage(short, terms_of(" ".join(long))) >= _ALIKE


def _words(title: str) -> list[str]:
    return [word for word in re.findall(r"\w{4,}", title.lower()) if word not in _NO_MATTER]


def _authority(item: Item) -> tuple[int, str]:
    """The later deciding body counts more: fullmäktige before a board, a board before its committee."""
    body = fold(item.body)
    rank = 0 if "utskott" in body or "presidi" in body else 2 if "fullmaktige" in body else 1
    return (rank if item.source.kind is DocumentKind.PROTOKOLL else -1, item.source.date or "")
