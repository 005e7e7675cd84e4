"""Names and years in a question that the collection does not hold anywhere.

A question about a person, place or year that no document mentions has no answer in them, however well
other words fit; a reader that sees one passage at a time cannot know that.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files

from rag.catalog import Catalog
from rag.folding import fold
from rag.question import Question

SHORTEST_INFLECTED = 4  # letters that a name must have before an ending may follow it
SHORTEST_COMPOUNDED = 6  # the same where the name's own ending goes: "Bruksheden" is in "Brukshedsskolan"
_PART = re.compile(r"[^\W_]+")


def names_nowhere(question: Question, catalog: Catalog) -> tuple[str, ...]:
    """The names and years of a Swedish question, and the years of an English one, that stand in no source.

    Of an English question's names only places and those with Swedish letters count: "the European Social
    Fund" is a name that the Swedish text has in translation.
    """
    years = [str(year) for year in question.years]
    if question.language == "en":
        return _unheld(years, catalog) + _places_nowhere(question, catalog)
    return _unheld([*years, *question.names], catalog)


def _places_nowhere(question: Question, catalog: Catalog) -> tuple[str, ...]:
    """The places that an English question names, as it names them, that stand in no source."""
    named = {
        name: name if fold(name) != name.lower() else _swedish_place(fold(name).removesuffix("'s"))
        for name in question.names
    }
    return tuple(name for name, place in named.items() if place and _unheld([place], catalog))


def _swedish_place(name: str) -> str | None:
    """What Swedish texts call the place ``name`` (folded), or None where it is none that we know."""
    exonyms, municipalities = _places()
    return exonyms.get(name) or municipalities.get(name) or municipalities.get(name.removesuffix("s"))


@cache
def _places() -> tuple[Mapping[str, str], Mapping[str, str]]:
    table = tomllib.loads(files("rag").joinpath("data/places.toml").read_text(encoding="utf-8"))
    return table["exonyms"], {fold(name): name for name in table["municipalities"]["names"].split()}


def _unheld(asked: Sequence[str], catalog: Catalog) -> tuple[str, ...]:
    known = catalog.words() if asked else frozenset[str]()
    return tuple(name for name in asked if not all(_holds(known, part) for part in _PART.findall(fold(name))))


def _holds(known: frozenset[str], word: str) -> bool:
    stem = word.removesuffix("s")
    if word.isdigit():
        return word in known
    if word in known or stem in known:
        return True
    bare = re.sub(r"(?:[ae]n|et|[nt])$", "", stem)
    stems = [stem] * (len(stem) >= SHORTEST_INFLECTED) + [bare] * (len(bare) >= SHORTEST_COMPOUNDED)
    return any(other.startswith(tuple(stems)) for other in known)
