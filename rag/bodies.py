"""The bodies (nämnder, stadsdelar, kontor) of a municipality: recognised in text, under any of their names.

What is known stands in ``rag/data/bodies.toml`` and in the operator's own ``bodies.toml``; beyond that, the
forms that Swedish municipal names take ("X stadsdelsnämnd", "kultur- och fritidsnämnden", "X kommun") are
recognised in general, so that another municipality's documents work without any data.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from importlib.resources import files
from itertools import chain
from pathlib import Path
from typing import Any, Literal

from rapidfuzz.distance import Levenshtein

from rag.body_patterns import BOARD, DISTRICT_NOUN, GenericNames, Kind
from rag.errors import SettingsError
from rag.folding import fold

Via = Literal["name", "place", "pattern", "similar"]
Role = Literal["board", "administration", ""]


@dataclass(frozen=True, slots=True)
class Body:
    """One body. ``became`` names the bodies that took over its task."""

    name: str
    kind: Kind = "committee"
    aliases: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    became: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class BodyMention:
    """A body named at ``text[start:end]``; ``via`` tells how it was recognised, ``role`` whether its board
    or its administration was named (empty: neither)."""

    body: str
    start: int
    end: int
    via: Via = "name"
    role: Role = ""


@dataclass(frozen=True)
class Gazetteer:
    """The known bodies, and the general forms of names."""

    bodies: Mapping[str, Body]
    generic: frozenset[str] = frozenset()
    _remembered: dict[str, str] = field(default_factory=dict, repr=False, compare=False)

    @classmethod
    def load(cls, extra: Path | None = None) -> Gazetteer:
        """The bundled bodies and those of ``bodies.toml`` in the folder ``extra`` (or the file itself).

        Raises SettingsError naming the file when it cannot be used. A folder without the file is fine.
        """
        bundled = tomllib.loads(files("rag").joinpath("data/bodies.toml").read_text(encoding="utf-8"))
        own = _read_own(extra)
        tables = [own] if own.get("replace") else [bundled, own]
        try:
            bodies = {body.name: body for table in tables for body in map(_body, table.get("body", ()))}
        except (KeyError, TypeError) as error:
            raise SettingsError(f"bodies.toml in {extra}: correct the fields ({error})") from error
        generic = chain.from_iterable(table.get("generic", ()) for table in (bundled, own))
        return cls(bodies, frozenset(fold(word) for word in generic))

    def extended(self, names: Iterable[str]) -> Gazetteer:
        """With the bodies that a collection's documents name, so that "Norrängen" alone is known where a
        document speaks of "Norrängens stadsdelsnämnd"."""
        new = {name: Body(name, self._patterns.kind(name)) for name in map(self.canonical, names) if name}
        new = {name: body for name, body in new.items() if name not in self.bodies and len(name.split()) <= 6}
        return Gazetteer({**self.bodies, **new}, self.generic) if new else self

    # --- names -------------------------------------------------------------------------------------------

    def canonical(self, name: str) -> str:
        """The name under which ``name``'s body is shown; ``name`` itself, trimmed, when we know none."""
        if name not in self._remembered:
            mentions = self.recognise(name)
            whole = max(mentions, key=lambda mention: mention.end - mention.start, default=None)
            self._remembered[name] = whole.body if whole else " ".join(name.split())
        return self._remembered[name]

    def names(self, body: str) -> tuple[str, ...]:
        """All names of a body, its own first, then aliases, then those of the bodies it succeeded."""
        known = self.bodies.get(body)
        own = (body, *(known.aliases if known else ()))
        return tuple(dict.fromkeys([*own, *self.predecessors(body)]))

    def kind(self, body: str) -> Kind:
        """What sort of body it is; one that is not listed is judged by its name."""
        if body in self.bodies:
            return self.bodies[body].kind
        return self._patterns.kind(body)

    def successors(self, body: str) -> tuple[str, ...]:
        """The bodies that took over from ``body``, directly or through others."""
        return tuple(_closure(body, lambda name: self.bodies[name].became if name in self.bodies else ()))

    def predecessors(self, body: str) -> tuple[str, ...]:
        """The bodies that ``body`` took over from, directly or through others."""
        return tuple(_closure(body, lambda name: self._became_from.get(name, ())))

    def related(self, body: str) -> frozenset[str]:
        """``body`` with all it came from and all it became: documents of these may speak for it."""
        return frozenset({body, *self.successors(body), *self.predecessors(body)})

    # --- recognition -------------------------------------------------------------------------------------

    def recognise(self, text: str, *, similar: bool = True) -> tuple[BodyMention, ...]:
        """The bodies named in ``text``, in order, not overlapping; the longest reading of a place wins.

        Letters without their marks, line-broken hyphens and, with ``similar``, single misread letters in
        long names are accepted ("Higersten-Alvsjo"), since an OCR text has them.
        """
        folded = fold(text)
        found: list[BodyMention] = []
        _keep(found, self._known(text, folded))
        if similar:
            _keep(found, self._similar(text, folded))
        _keep(found, self._patterns.find(text, folded, BodyMention))
        return tuple(sorted(found, key=lambda mention: mention.start))

    def _known(self, text: str, folded: str) -> Iterator[BodyMention]:
        for match in self._regex.finditer(folded):
            body, via, proper = self._forms[_key(match["name"])]
            if proper and not text[match.start()].isupper() and len(text.split()) > 12:
                continue  # in running text a district's name is capitalised; a typed question need not be
            if not proper and _HALF_COMPOUND.search(folded, max(0, match.start() - 12), match.start()):
                continue  # "barn- och utbildningsnämnden" is another body than utbildningsnämnden
            yield BodyMention(body, match.start(), match.end(), via, _role(match["noun"] or match["name"]))

    def _similar(self, text: str, folded: str) -> Iterator[BodyMention]:
        for match in _CAPITALISED.finditer(text):
            body = self._nearest(_key(folded[match.start() : match.end()]))
            if body is not None:
                noun = _NOUN_AFTER.match(folded, match.end())
                end = noun.end() if noun else match.end()
                yield BodyMention(body, match.start(), end, "similar", _role(noun["noun"] if noun else ""))

    def _nearest(self, word: str) -> str | None:
        return _nearest(word, self._long_names)

    @cached_property
    def _patterns(self) -> GenericNames:
        return GenericNames(self.generic)

    @cached_property
    def _became_from(self) -> dict[str, tuple[str, ...]]:
        turned: dict[str, tuple[str, ...]] = {}
        for body in self.bodies.values():
            for later in body.became:
                turned[later] = (*turned.get(later, ()), body.name)
        return turned

    @cached_property
    def _forms(self) -> dict[str, tuple[str, Via, bool]]:
        """Folded name -> (body, how, whether it is a proper name); names win over places."""
        forms: dict[str, tuple[str, Via, bool]] = {}
        for body in self.bodies.values():
            for name in (body.name, *body.aliases):
                forms[_key(fold(name))] = (body.name, "name", name[:1].isupper())
        for body in sorted(self.bodies.values(), key=lambda body: bool(body.became)):
            parts = body.name.split("-") if body.kind == "district" and "-" in body.name else ()
            for place in (*body.places, *parts):
                forms.setdefault(_key(fold(place)), (body.name, "place", True))
        return forms

    @cached_property
    def _regex(self) -> re.Pattern[str]:
        ordered = sorted(self._forms, key=len, reverse=True)
        names = "|".join(re.escape(form).replace("\\ ", r"\s?[-\s]\s*") for form in ordered)
        noun = rf"(?:\s+(?P<noun>{DISTRICT_NOUN})\b)?"
        return re.compile(rf"(?<![\w-])(?P<name>{names or '(?!)'})(?:'?s)?(?!\w)(?!-\w){noun}")

    @cached_property
    def _long_names(self) -> tuple[tuple[str, str], ...]:
        return tuple(
            (form, body)
            for form, (body, via, proper) in self._forms.items()
            if proper and via == "name" and len(form) >= 7
        )


_CAPITALISED = re.compile(r"(?<![\w-])[A-ZÅÄÖ]\w+(?:\s?[-–]\s*[A-ZÅÄÖ]\w+)*(?![\w-])")
_HALF_COMPOUND = re.compile(r"(?<=[a-z]-)(?:,?\s+och|,)\s+$")
_NOUN_AFTER = re.compile(rf"\s+(?P<noun>{DISTRICT_NOUN})\b")


@lru_cache(maxsize=8192)
def _nearest(word: str, names: tuple[tuple[str, str], ...]) -> str | None:
    """The body whose name is one misread letter away (two from 14 letters on), if only one is."""
    candidates: set[str] = set()
    for bare in {word, word.removesuffix("s")}:
        for name, body in names:
            if bare == name:  # seen and judged by the exact search already
                return None
            if Levenshtein.distance(bare, name, score_cutoff=2) <= (2 if len(name) >= 14 else 1):
                candidates.add(body)
    return candidates.pop() if len(candidates) == 1 else None


def _key(name: str) -> str:
    return re.sub(r"[\s-]+", " ", name.strip())


def _role(noun: str) -> Role:
    if not noun:
        return ""
    if re.search(BOARD, noun):
        return "board"
    return "administration" if re.search(r"forvaltning|kontor|sdf|administration|office", noun) else ""


def _keep(found: list[BodyMention], more: Iterable[BodyMention]) -> None:
    for mention in more:
        if all(mention.end <= other.start or mention.start >= other.end for other in found):
            found.append(mention)


def _closure(start: str, step: Any) -> Iterator[str]:
    seen, waiting = {start}, [start]
    while waiting:
        for name in step(waiting.pop(0)):
            if name not in seen:
                seen.add(name)
                waiting.append(name)
                yield name


def _body(table: Mapping[str, Any]) -> Body:
    lists = {name: tuple(table.get(name, ())) for name in ("aliases", "places", "became")}
    unknown = set(table) - {"name", "kind", *lists}
    if unknown:
        raise KeyError(", ".join(sorted(unknown)))
    return Body(name=str(table["name"]), kind=table.get("kind", "committee"), **lists)


def _read_own(extra: Path | None) -> Mapping[str, Any]:
    path = extra / "bodies.toml" if extra is not None and extra.is_dir() else extra
    if path is None or not path.is_file():
        return {}
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsError(f"{path} is not a TOML file that can be read ({error}): correct it") from None
