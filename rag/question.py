"""What a question asks for: the kind of answer, and the bodies, years and documents it names."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Literal, cast

from rag.bodies import BodyMention, Gazetteer
from rag.domain import DocumentKind, Language
from rag.english_names import english_mentions
from rag.folding import fold
from rag.words import words

Kind = Literal[
    "date",
    "number",
    "person",
    "name",
    "place",
    "yes_no",
    "why",
    "how",
    "list",
    "overview",
    "stance",
    "definition",
    "other",
]
StanceAsked = Literal[
    "unanswered",
    "conditional",
    "partly",
    "oppose",
    "neutral",
    "handled",
    "support",
    "decided",
    "consulted",
    "answered",
    "any",
]
Voice = Literal["reservation", "administration", "board"]
BodyClass = Literal["district", "committee", "body"]

_STANCE_ANSWERS = frozenset({"yes_no", "why", "how", "other", "list", "name", "definition"})
_DIARY = re.compile(r"\b(?:[A-ZÅÄÖ]{1,6}[ -]?)?(?:\d{4}/\d{1,6}|\d+(?:[.-]\d+)*/\d{4})(?:-\d+(?:\.\d+)*)?\b")
_DAY = re.compile(r"\b(?:19|20)\d\d-\d\d-\d\d\b")
_YEAR = re.compile(r"(?<![\d/.,-])(?:19|20)\d\d(?![\d/])")
_NAME = re.compile(
    r"(?<![\w-])(?![A-ZÅÄÖ]{1,5}-[a-zåäö])[A-ZÅÄÖÉ][\w-]+(?![\w])"  # "IT-stoppet" is no name
)


@dataclass(frozen=True, slots=True)
class Question:
    """A question as understood. ``answer_kind`` is the kind of a single answer (a date, a reason, yes or
    no ...), also where ``kind`` says that it is one over many bodies (``overview``) or about what a body
    thinks (``stance``).

    ``areas`` are bodies that are only pointed at by a place ("Vällingby"); ``names`` the other capitalised
    words; ``topic`` the content words, in lower case, that say what the question is about.
    """

    text: str
    language: Language
    kind: Kind
    answer_kind: Kind
    bodies: tuple[str, ...] = ()
    areas: tuple[str, ...] = ()
    excluded: tuple[str, ...] = ()  # "the others": bodies that the answer leaves out
    years: tuple[int, ...] = ()
    document_kinds: tuple[DocumentKind, ...] = ()
    diarienummer: str | None = None
    stance: StanceAsked | None = None
    voices: tuple[Voice, ...] = ()  # whose words are asked for: the administration's, the board's ...
    body_class: BodyClass | None = None
    names: tuple[str, ...] = ()
    topic: tuple[str, ...] = ()
    form: str | None = (
        None  # what an answer must look like (``rag.answer_forms``): an e-mail address, a sum ...
    )
    compares: bool = False  # what several say is asked for: "enligt A respektive B"


def analyse(question: str, language: Language, gazetteer: Gazetteer) -> Question:
    """Understands one standalone question (follow-ups are resolved before, see ``rag.conversation``)."""
    text = " ".join(question.split())
    folded = fold(text)
    mentions = gazetteer.recognise(text)
    if language == "en":
        mentions = tuple(
            sorted((*mentions, *english_mentions(text, mentions, gazetteer)), key=lambda m: m.start)
        )
    named = _unique(m.body for m in mentions if m.via != "place")
    areas = _unique(m.body for m in mentions if m.via == "place" and m.body not in named)
    besides = _unique(
        m.body for m in mentions if re.search(_table()["overview"]["besides"], folded[: m.start])
    )
    others = bool(besides) or bool(re.search(_table()["overview"]["others"], folded))
    stance = _stance(folded)
    unnamed = fold(_blank(text, mentions))
    overview = _asks_over_bodies(unnamed, others)
    answer_kind = _answer_kind(folded, mentions)
    diary = _DIARY.search(text)
    return Question(
        text=text,
        language=language,
        kind=_kind(answer_kind, overview, stance, bool(named or areas)),
        answer_kind=answer_kind,
        bodies=_without(named, besides or named) if others and overview else named,
        areas=areas,
        excluded=(besides or named) if others and overview else (),
        years=tuple(dict.fromkeys(int(match[0]) for match in _YEAR.finditer(_DIARY.sub(" ", text)))),
        document_kinds=tuple(kind for kind in DocumentKind if _mentions_kind(kind, folded)),
        diarienummer=" ".join(diary[0].split()) if diary else None,
        stance=stance,
        voices=_voices(folded),
        body_class=_body_class(unnamed) if overview else None,
        names=_names(text, mentions),
        topic=topic_words(text, mentions),
        form=_form(folded),
        compares=bool(re.search(_table()["overview"]["compares"], folded)),
    )


def topic_words(text: str, mentions: tuple[BodyMention, ...] = ()) -> tuple[str, ...]:
    """The words of ``text`` that carry its topic, in lower case: no function words, no words for bodies in
    general, documents and stances, none of the ``mentions`` (but for places: they may be what it is about)."""
    named = tuple(mention for mention in mentions if mention.via != "place")
    plain = _YEAR.sub(" ", _DIARY.sub(" ", _DAY.sub(" ", _blank(text, named)))).lower()
    stop = words("no_topic") | words("swedish") | words("english")
    found = (word.strip("-") for word in re.findall(r"[^\W_]+(?:-[^\W_]+)*", plain))
    return _unique(w for w in found if len(w) > 2 and not _says_nothing(fold(w), stop))


def _blank(text: str, mentions: tuple[BodyMention, ...]) -> str:
    """``text`` with the mentions made a stand-in word, so that their nouns do not count as the question's."""
    kept = list(text)
    for mention in mentions:
        length = mention.end - mention.start
        kept[mention.start : mention.end] = "_" * length
    return "".join(kept)


def _says_nothing(word: str, stop: frozenset[str]) -> bool:
    return word in stop or bool(re.fullmatch(_class_pattern(), word))


def _kind(answer_kind: Kind, overview: bool, stance: StanceAsked | None, names_body: bool) -> Kind:
    if overview:
        return "overview"
    if stance is not None and names_body and answer_kind in _STANCE_ANSWERS:
        return "stance"
    return answer_kind


def _answer_kind(folded: str, mentions: tuple[BodyMention, ...]) -> Kind:
    verbs = _table()["verbs"]
    if re.search(verbs["yes_no"], folded) and not re.search(verbs["asking_words"], folded):
        return "yes_no"
    for kind, pattern in _table()["kinds"].items():
        if re.search(pattern, folded):
            return cast(Kind, kind)
    first = re.match(r"\w+(?=r\b|te\b|de\b)\w* ", folded)
    verb_first = bool(first) and any(mention.start == first.end() for mention in mentions if first)
    return "yes_no" if verb_first or re.search(verbs["yes_no"], folded) else "other"


def _form(folded: str) -> str | None:
    return next((name for name, pattern in _table()["forms"].items() if re.search(pattern, folded)), None)


def _stance(folded: str) -> StanceAsked | None:
    for name, pattern in _table()["stance"].items():
        if re.search(pattern, folded):
            return cast(StanceAsked, name)
    return None


def _asks_over_bodies(unnamed: str, others: bool) -> bool:
    """Whether all bodies of a class are asked about; named bodies stand as underscores, and where one comes
    first, it is what is asked about (unless others than it are)."""
    first = unnamed.find("_") if "_" in unnamed else len(unnamed)
    found = (match for pattern in _overview_patterns() if (match := pattern.search(unnamed)))
    return any(others or match.start() <= first for match in found)


def _voices(folded: str) -> tuple[Voice, ...]:
    return tuple(
        cast(Voice, name) for name, pattern in _table()["voices"].items() if re.search(pattern, folded)
    )


def _body_class(folded: str) -> BodyClass | None:
    for name, pattern in _table()["classes"].items():
        if re.search(rf"\b(?:{pattern})\b", folded):
            return cast(BodyClass, name)
    return None


def _mentions_kind(kind: DocumentKind, folded: str) -> bool:
    pattern = _table()["documents"].get(kind.value)
    return bool(pattern and re.search(pattern, folded))


def _names(text: str, mentions: tuple[BodyMention, ...]) -> tuple[str, ...]:
    """Capitalised words that are no body: what follows the first word, which is capitalised anyway."""
    return _unique(
        match[0]
        for match in _NAME.finditer(text)
        if match.start() > 0 and all(match.end() <= m.start or match.start() >= m.end for m in mentions)
    )


@cache
def _class_pattern() -> str:
    return "|".join(f"(?:{pattern})" for pattern in _table()["classes"].values())


@cache
def _overview_patterns() -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(p.replace("{class}", _class_pattern())) for p in _table()["overview"]["asks"])


@cache
def _table() -> Mapping[str, Any]:
    return tomllib.loads(files("rag").joinpath("data/question.toml").read_text(encoding="utf-8"))


def _without(names: tuple[str, ...], dropped: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(name for name in names if name not in dropped)


def _unique(values: Any) -> tuple[Any, ...]:
    return tuple(dict.fromkeys(values))
