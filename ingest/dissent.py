"""Reservations, särskilda uttalanden and notes to a protokoll: who made them, and where they stand."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from ingest.case import Case
from ingest.lines import squeeze
from ingest.parts import Part
from ingest.people import PERSON_WITH_PARTY, party_named, persons_with_party
from ingest.stance import Stance, conclude
from ingest.verdicts import stance_fact
from rag.domain import Fact
from rag.folding import fold
from rag.sentences import Sentence, split_sentences

_NAME = r"[A-ZÅÄÖÉ][\wé'’-]+(?: [A-ZÅÄÖÉ][\wé'’-]+){1,3}"
_OPENS = re.compile(
    r"\b(?:reserver\w+ sig|anmal\w* (?:\w+ )?reservation|la(?:t|ter) (?:\w+ ){0,3}anteckna|anfor\w* foljande|"
    r"reservation (?:av|fran)|(?:lamna|avge|avgav|inge|ingav|inlamna)\w* (?:\w+ )?(?:reservation|sarskil\w+|"
    r"protokollsanteckning\w*|ersattaryttrande|foljande)|anmal\w* (?:ett )?sarskil\w+|"
    r"(?:sarskilt uttalande|ersattaryttrande|protokollsanteckning) (?:av|fran|gors av))"
)
_SAYS = re.compile(rf"{PERSON_WITH_PARTY.pattern}\s*:")  # "Eva Ek (S): ”..."
_IN_FAVOUR = re.compile(r"\b(?:till forman for|mot beslutet|med hanvisning|med foljande|med motivering)")
_GROUP = re.compile(r"(?:partiet|erna|arna|listan|ledamot|ledamoter|gruppen|grupp|alliansen|\(\w{1,4}\))$")
_QUOTES = ("”", "“", '"', "»", "'")
_DECISIVE = {"formal_yes", "formal_no", "partly", "answered", "yes", "no"}


@dataclass(frozen=True, slots=True)
class Speech:
    """What one member or group put on record; ``head`` is the sentence that says who."""

    who: str
    head: tuple[int, int]
    start: int
    end: int


def dissent_facts(case: Case, part: Part, detail: Mapping[str, str], *, on_proposal: bool) -> Iterator[Fact]:
    """One fact per reservation or statement in ``part``, and where ``on_proposal`` the stance it shows."""
    for speech in speeches(case, part):
        told = {**detail, "speech": f"{speech.start}-{speech.end}"}
        yield Fact(part.role, speech.who or part.heading, *speech.head, part.role, told)
        if on_proposal:
            yield from _stance(case, part, speech, detail)


def speeches(case: Case, part: Part) -> tuple[Speech, ...]:
    """The speeches in ``part``: each starts where someone is said to reserve or to have something noted."""
    sentences = split_sentences(case.text[part.start : part.end], part.start)
    heads = [
        sentence for sentence in sentences if _opens(case.text, sentence) and _speaker(case, sentence.text)
    ]
    if not sentences:
        return ()
    if not heads:
        who = _who(case, part.heading) or _group(sentences[0].text) or _alone(case, part)
        return (Speech(who, _first_line(case, part), part.start, part.end),)
    ends = [*(head.start for head in heads[1:]), part.end]
    return tuple(
        Speech(_speaker(case, head.text), (head.start, head.end), head.start, end)
        for head, end in zip(heads, ends, strict=True)
    )


def _opens(text: str, sentence: Sentence) -> bool:
    """Whether a speech begins here, rather than being spoken of within one."""
    paragraph = text[text.rfind("\n\n", 0, sentence.start) + 1 : sentence.start]
    quoted = len(re.findall('[”“"»]', paragraph)) % 2 == 1 or sentence.text.startswith(_QUOTES)
    return not quoted and bool(_OPENS.search(_flat(sentence.text)) or _SAYS.match(sentence.text))


def _flat(text: str) -> str:
    """Folded, with line breaks as the spaces that they are; as long as ``text``."""
    return re.sub(r"\s", " ", fold(text))


def _speaker(case: Case, sentence: str) -> str:
    """Who reserves or speaks in ``sentence``: named before the verb, or else after it ("reserverar sig ...")."""
    lead, verb = _SAYS.match(sentence), _OPENS.search(_flat(sentence))
    if lead or not verb:
        return _who(case, lead.group() if lead else sentence)
    before = sentence[: verb.start()]
    rest = sentence[verb.end() :]
    favoured = _IN_FAVOUR.search(_flat(rest))
    after = rest[: favoured.start()] if favoured else rest
    return _who(case, before, party_named(sentence)) or _group(sentence) or _who(case, after)


def _alone(case: Case, part: Part) -> str:
    """The names that a part holds and nothing else, as under "Mot beslutet reserverar sig"."""
    text = case.text[part.start : part.end]
    return _who(case, text) if len(text.split()) <= 30 else ""


def _group(sentence: str) -> str:
    """ "Exempelpartiets ledamöter reserverar sig ...": who comes before the verb."""
    match = _OPENS.search(_flat(sentence))
    named = squeeze(sentence[: match.start()]) if match else ""
    return named if len(named.split()) <= 8 and _GROUP.search(fold(named)) else ""


def _first_line(case: Case, part: Part) -> tuple[int, int]:
    text = case.text[part.start : part.end]
    start = part.start + len(text) - len(text.lstrip())
    stop = text.find("\n", start - part.start)
    return start, part.start + stop if stop > 0 else part.start + len(text.rstrip())


def _who(case: Case, sentence: str, party: str = "") -> str:
    """ "Eva Ek (S), Bo Al (V)"; a party that only other places of the document tell is added, or else ``party``,
    for which the first named speaks."""
    with_party = {person.name: person.party for person in persons_with_party(sentence)}
    if not with_party:
        known = _parties(case)
        named = [name.group() for name in re.finditer(_NAME, sentence)]
        with_party = {name: known.get(name) or party for name in named[:1] if name in known or party}
        with_party |= {name: known[name] for name in named if name in known}
    return ", ".join(f"{name} ({party})" for name, party in with_party.items())


def _parties(case: Case) -> Mapping[str, str]:
    return {
        " ".join(match["name"].split()): match["party"] for match in PERSON_WITH_PARTY.finditer(case.prose)
    }


def _stance(case: Case, part: Part, speech: Speech, detail: Mapping[str, str]) -> Iterator[Fact]:
    within = Part(speech.start, speech.end, part.role, part.heading, part.paragraph)
    said = [
        (sentence, signal)
        for sentence, signal, speaker in case.said(within)
        if speaker == part.role and signal.kind in _DECISIVE and not (signal.modal and signal.kind == "yes")
    ]
    verdict = conclude([signal for _, signal in said])
    if verdict.stance is not Stance.NONE:
        people = {"people": speech.who} if speech.who else {}
        yield stance_fact(verdict, said, part.role, {**detail, **people})
