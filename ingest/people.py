"""The people of a document: who handles it, who moved it, who signed it; with parties, titles and dates."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from rapidfuzz.distance import Levenshtein

from ingest.dates import dates_in
from ingest.lines import Line, lines_of, squeeze
from ingest.prose import sentences_with
from ingest.signatures import is_title, person_in, signatures
from ingest.vocabulary import word_lists
from rag.folding import fold

_NAME = r"[A-ZÅÄÖÉ][\wé'’-]+(?:(?:[ \t]+|[ \t]*\n[ \t]*)(?:von|af|de|van|der|[A-ZÅÄÖÉ](?:[\wé'’-]+|\.))){1,3}"
_PARTY = r"\((?P<party>[A-ZÅÄÖ]{1,4}|[A-ZÅÄÖ][a-zåäö]{1,3}|m|s|v|c|l|mp|kd|sd|fp)\)"
PERSON_WITH_PARTY = re.compile(rf"(?P<name>{_NAME}),?(?:\s+(?:m\.?\s?fl\.?|med\s+flera))?\s*{_PARTY}")
# "Jan Jönsson och Anne-Lie Elfvén, båda L," and "Eva Ek och Bo Al (båda S)".
# "av Gun Hall, V": only letters that parties have, since any name may follow a comma.
_COMMA_PARTY = re.compile(
    rf"\b(?:av|från|fran)\s+(?P<name>{_NAME}),\s+(?P<party>S|M|V|C|L|MP|KD|SD|FI|F!)(?=[\s).,;])"
)
_SHARED_PARTY = re.compile(
    rf"(?P<names>{_NAME}(?:,\s+{_NAME})*\s+och\s+{_NAME}),?\s+\(?(?:båda|bada|samtliga|"
    rf"alla)\s+\(?(?P<party>[A-ZÅÄÖ]{{1,4}})\b"
)
_LISTED_BEFORE = re.compile(rf"(?:{_NAME},\s+)*{_NAME}\s*(?:,|\s+och)\s+$")
_PHONE = re.compile(r"(?<![\d-])(?:\+46|0)[\d ()/-]{6,}\d")
_MAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_MOTION_WORD = re.compile(r"\b(?:\w*motion|skrivelse|interpellation|medborgarforslag|motionar|skriven av)\w*")
_MOVED = re.compile(
    r"\b(?:av|fran|inkommit|lamnat|lamnats|inlamnat|vackt|skriven|motionarerna|stallt|inkom|"
    r"skriver|foreslar|yrkar|hemstaller)\b"
)
_PARTY_NAMES = {
    "liberalerna": "L",
    "moderaterna": "M",
    "socialdemokraterna": "S",
    "vansterpartiet": "V",
    "miljopartiet": "MP",
    "centerpartiet": "C",
    "kristdemokraterna": "KD",
    "sverigedemokraterna": "SD",
}
_BEFORE_NAMES = frozenset(
    {"fran", "av", "motion", "stalld", "skriven", "skrivelse", "ledamoten", "ersattaren"}
)
_SPEAKS_FOR = re.compile(
    r"(?:(?<!förmån\s)\bför|\bfrån)\s+(?P<party>[A-ZÅÄÖ][\w-]*(?:partiet|erna|listan|lista|alternativet|"
    r"väljarna|initiativ|demokraterna)s?)\b"
)
_PARTY_WORD = re.compile(rf"\b(?:av|fran)\s+(?P<party>{'|'.join(_PARTY_NAMES)})\b")


@dataclass(frozen=True, slots=True)
class Person:
    """Someone named at ``text[start:end]``, the stretch to quote. What is not stated is empty."""

    name: str
    start: int
    end: int
    party: str = ""
    title: str = ""
    unit: str = ""
    date: str = ""
    phone: str = ""
    mail: str = ""


def handlers(text: str, end: int, vocabulary: Path | None = None) -> tuple[Person, ...]:
    """Who handles the matter: people in the letterhead ``text[:end]`` under a label or above a telephone."""
    return tuple(_handlers(lines_of(text[:end]), vocabulary))


def signers(
    text: str, attested: tuple[tuple[int, int], ...], vocabulary: Path | None = None
) -> tuple[Person, ...]:
    """Who signed: signature blocks, and the rows "Name, Title<tab>Date" in the spans ``attested``."""
    rows = {row.name: row for span in attested for row in _attested(text, span, vocabulary)}
    found = []
    for sign in signatures(lines_of(text), vocabulary):
        row = rows.pop(sign.name, None)
        found.append(
            Person(sign.name, *sign.block, title=sign.title, unit=sign.unit, date=row.date if row else "")
        )
    return (*found, *rows.values())


def persons_with_party(text: str, offset: int = 0) -> tuple[Person, ...]:
    """People named with their party: "Eva Ek (S)", "Eva Ek och Bo Al (S)", "Eva Ek och Bo Al, båda S"."""
    found: dict[str, Person] = {}
    for match in _SHARED_PARTY.finditer(text):
        for name in re.finditer(_NAME, match["names"]):
            start = offset + match.start("names") + name.start()
            found[squeeze(name.group())] = Person(
                squeeze(name.group()), start, start + len(name.group()), match["party"]
            )
    for match in PERSON_WITH_PARTY.finditer(text):
        before = _LISTED_BEFORE.search(text[: match.start()])
        names = list(re.finditer(_NAME, before.group())) if before else []
        for name in names:
            start = offset + before.start() + name.start() if before else 0
            found.setdefault(
                squeeze(name.group()),
                Person(squeeze(name.group()), start, start + len(name.group()), match["party"]),
            )
        own = _without_office(squeeze(match["name"]))
        found.setdefault(own, Person(own, offset + match.start(), offset + match.end(), match["party"]))
    for match in _COMMA_PARTY.finditer(text):
        own = squeeze(match["name"])
        found.setdefault(own, Person(own, offset + match.start("name"), offset + match.end(), match["party"]))
    return tuple(sorted(found.values(), key=lambda person: person.start))


def movers(text: str, is_motion: bool) -> tuple[Person, ...]:
    """Who moved the motion or wrote the skrivelse; ``start``/``end`` bound the sentence that says so.

    ``is_motion``: the document is the motion itself, so those who sign it moved it.
    """
    found: dict[str, Person] = {}
    for sentence in sentences_with(text, _MOTION_WORD):
        if _MOVED.search(fold(sentence.text)):
            for person in persons_with_party(sentence.text) or _party_alone(sentence.text):
                if not any(_same(person, known) for known in found.values()):
                    found[person.name] = Person(person.name, sentence.start, sentence.end, person.party)
    if is_motion:
        for person in persons_with_party(text[:600]):
            if not any(_same(person, known) for known in found.values()):
                found[person.name] = person
        for line in lines_of(text)[-8:]:
            match = person_in(line.text)
            for name in split_names(match["name"]) if match else ():
                found.setdefault(
                    name, Person(name, line.start, line.end, match["party"] or "" if match else "")
                )
    return _with_parties(list(found.values()))


def party_named(sentence: str) -> str:
    """The party that a sentence says someone speaks for ("lät anteckna för Vänsterpartiet"): its letters, or its
    name as written where it has none that all know; empty where it says none."""
    match = _SPEAKS_FOR.search(sentence)
    if not match:
        return ""
    name = match["party"]
    plain = name.removesuffix("s")
    return _PARTY_NAMES.get(fold(name)) or _PARTY_NAMES.get(fold(plain)) or plain


def split_names(names: str) -> tuple[str, ...]:
    """Two names side by side ("Eva Ek Bo Al") as two; else the one name."""
    pair = re.fullmatch(r"([A-ZÅÄÖ][\w'-]+ [A-ZÅÄÖ][\w'-]+)\s+([A-ZÅÄÖ][\w'-]+ [A-ZÅÄÖ][\w'-]+)", names)
    return (pair[1], pair[2]) if pair else (names,)


def _with_parties(found: list[Person]) -> tuple[Person, ...]:
    """Without the party as a mover of its own where people are named; it is theirs if they have none."""
    parties = [person for person in found if person.name == person.party]
    people = [person for person in found if person.name != person.party]
    if not people or len(parties) != 1:
        return tuple(people or parties)
    return tuple(replace(person, party=person.party or parties[0].party) for person in people)


def _without_office(name: str) -> str:
    """ "Ordföranden Eva Ek" and "Från Eva Ek" as "Eva Ek"."""
    first, _, rest = name.partition(" ")
    return rest if " " in rest and (is_title(first) or fold(first) in _BEFORE_NAMES) else name


def _same(one: Person, other: Person) -> bool:
    """One person, also when one of two spellings has a letter too few ("Jönson")."""
    allowed = 1 if one.party == other.party and len(one.name) > 7 else 0
    return Levenshtein.distance(fold(one.name), fold(other.name), score_cutoff=allowed) <= allowed


def _party_alone(sentence: str) -> tuple[Person, ...]:
    match = _PARTY_WORD.search(fold(sentence))
    if not match:
        return ()
    party = _PARTY_NAMES[match["party"]]
    return (Person(party, 0, 0, party),)


def _handlers(lines: tuple[Line, ...], vocabulary: Path | None) -> Iterator[Person]:
    labels = [fold(word) for word in word_lists("roles.toml", vocabulary)["handler_labels"]]
    for at, line in enumerate(lines):
        folded = fold(line.text)
        label = next((word for word in labels if re.match(rf"{word}\b", folded)), None)
        inline = line.text[len(label) :].strip(" :\t") if label else ""
        name = person_in(re.split(r"[,\t]|\s{2,}", inline)[0]) if inline else None
        if name:
            yield _contact(lines, at, at, name["name"])
        elif (person := person_in(line.text)) and not is_title(line.text, vocabulary):
            labelled = at > 0 and any(re.match(rf"{word}\W*$", fold(lines[at - 1].text)) for word in labels)
            called = at + 1 < len(lines) and bool(
                _PHONE.search(lines[at + 1].text) or _MAIL.search(lines[at + 1].text)
            )
            if labelled or called:
                yield _contact(lines, at - 1 if labelled else at, at, person["name"])


def _contact(lines: tuple[Line, ...], first: int, at: int, name: str) -> Person:
    phone = mail = ""
    last = at
    for below in range(at, min(at + 4, len(lines))):
        text = lines[below].text
        if below > at and person_in(text):
            break
        called, mailed = _PHONE.search(text), _MAIL.search(text)
        phone, mail = phone or (called.group() if called else ""), mail or (mailed.group() if mailed else "")
        last = below if called or mailed else last
    return Person(name, lines[first].start, lines[last].end, phone=phone.strip(), mail=mail)


def _attested(text: str, span: tuple[int, int], vocabulary: Path | None) -> Iterator[Person]:
    for line in lines_of(text[slice(*span)]):
        dated = next((mention for mention in dates_in(line.text) if mention.is_whole), None)
        if dated is None:
            continue
        name, _, title = line.text[: dated.start].strip(" \t|").partition(",")
        if person_in(name.strip()):
            title = re.sub(r"\s+(?:i|på|vid)\s.*", "", title.strip(" \t|"))
            yield Person(name.strip(), span[0] + line.start, span[0] + line.end, title=title, date=dated.iso)
