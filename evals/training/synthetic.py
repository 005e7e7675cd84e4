"""Municipal reading exercises made from templates, and noise that looks like a bad scan.

Every exercise is an invented document of an invented case: heading block, paragraphs that state facts,
and questions on those facts; the names, numbers and dates are drawn at random. They teach what no public
question set has: whose document it is (the body in the context line), forms (diarienummer, dates, phone
numbers, roles, amounts), lists of bodies, and that another body's document is no answer.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from evals.training.invented import (
    CAUSES,
    DISTRICTS,
    MONTHS,
    PARTIES,
    ROLES,
    TARGETS,
    Case,
    case,
    date,
    diarienummer,
    person,
    phone,
)

ENGLISH_SHARE = 0.2
NEGATIVE_SHARE = 0.4


@dataclass(frozen=True, slots=True)
class Fact:
    """A paragraph that states ``answer``; ``kind`` names the kind of fact, ``questions`` ask for it."""

    kind: str
    heading: str
    text: str
    answer: str
    questions: tuple[str, ...]
    english: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Exercise:
    """A question on a text under a context line; ``answer`` is verbatim in the text, or None."""

    question: str
    context: str
    text: str
    answer: str | None


def _handler(rng: random.Random, case: Case) -> Fact:
    name = person(rng)
    text = rng.choice(
        (
            f"Handläggare\n{name}\nTelefon: {phone(rng)}",
            f"Handläggare: {name}",
            f"Handläggare {name}, {phone(rng)}",
        )
    )
    return Fact(
        "handler",
        "",
        text,
        name,
        (
            f"Vem är handläggare i {case.short}?",
            "Vem är handläggare?",
            f"Vad heter handläggaren hos {case.short}?",
            f"Vem på förvaltningen handlägger ärendet om {case.topic}?",
        ),
        (f"Who is the case officer in {case.short}?", "Who handles the matter?"),
    )


def _phone(rng: random.Random, case: Case) -> Fact:
    number, name = phone(rng), person(rng)
    text = rng.choice((f"Handläggare\n{name}\nTelefon: {number}", f"Kontakt: {name}, tfn {number}"))
    return Fact(
        "phone",
        "",
        text,
        number,
        (
            f"Vilket telefonnummer har {name}?",
            "Vilket telefonnummer har handläggaren?",
            f"Hur når jag handläggaren i {case.short} på telefon?",
        ),
        (f"What is {name}'s phone number?",),
    )


def _number(rng: random.Random, case: Case) -> Fact:
    number = diarienummer(rng, case)
    text = rng.choice(
        (
            f"Dnr {number}",
            f"Diarienummer: {number}",
            f"Svar på remiss från kommunstyrelsen, {number}",
            f"Ärende {number}",
        )
    )
    return Fact(
        "dnr",
        "",
        text,
        number,
        (
            f"Vilket diarienummer har ärendet om {case.topic}?",
            "Vilket diarienummer har ärendet?",
            f"Vad är diarienumret hos {case.short}?",
        ),
        ("What is the registration number of the case?",),
    )


def _deadline(rng: random.Random, case: Case) -> Fact:
    day = date(rng)
    text = rng.choice(
        (
            f"Kommunstyrelsen har begärt {case.body}s yttrande över motionen om {case.topic} senast {day}.",
            f"Remissen ska besvaras senast {day}.",
            f"Svaret ska ha inkommit till kommunstyrelsen senast {day}.",
        )
    )
    return Fact(
        "deadline",
        "Bakgrund",
        text,
        day,
        (
            "När ska remissen vara besvarad?",
            f"När senast ska {case.short} svara på remissen?",
            "Vilket datum är sista dag för yttrandet?",
        ),
        (f"When must {case.short} reply at the latest?", "What is the deadline for the reply?"),
    )


def _motion(rng: random.Random, case: Case) -> Fact:
    names = [f"{person(rng)} ({rng.choice(PARTIES)})" for _ in range(rng.choice((1, 1, 2, 2, 3)))]
    answer = names[0] if len(names) == 1 else ", ".join(names[:-1]) + " och " + names[-1]
    text = rng.choice(
        (
            f"{answer} har inkommit med en motion om {case.topic}.",
            f"En motion om {case.topic} har väckts av {answer}.",
            f"Motion av {answer} om {case.topic}",
            f"I en motion föreslår {answer} att staden ska satsa på {case.topic}.",
        )
    )
    return Fact(
        "mover",
        rng.choice(("Sammanfattning", "Ärendet", "Bakgrund")),
        text,
        answer,
        (
            f"Vem har lämnat motionen om {case.topic}?",
            "Vilka står bakom motionen?",
            f"Vilka ledamöter har väckt motionen om {case.topic}?",
            "Vem skrev motionen?",
        ),
        (f"Who submitted the motion on {case.topic}?", "Who are behind the motion?"),
    )


def _consulted(rng: random.Random, case: Case) -> Fact:
    names = rng.sample(DISTRICTS, rng.randint(2, 5))
    answer = ", ".join(names[:-1]) + " och " + names[-1]
    text = rng.choice(
        (
            f"Ärendet har även remitterats till {answer} stadsdelsnämnder.",
            f"Andra remissinstanser är {answer}.",
            f"Motionen har remitterats till stadsdelsnämnderna {answer}.",
        )
    )
    return Fact(
        "consulted",
        rng.choice(("Bakgrund", "Ärendets beredning")),
        text,
        answer,
        (
            "Vilka stadsdelsnämnder har fått remissen?",
            "Vilka andra remissinstanser finns?",
            f"Till vilka har motionen om {case.topic} remitterats?",
        ),
        ("Which districts were consulted?",),
    )


def _stance(rng: random.Random, case: Case) -> Fact:
    speaker = rng.choice(
        ("Förvaltningen", f"{case.short}s förvaltning" if not case.short.endswith("s") else "Förvaltningen")
    )
    answer, verb = rng.choice(
        (
            ("är positiv till förslaget", "anser"),
            ("inte bör införas i stadsdelen", "bedömer att det"),
            ("ställer sig bakom motionens intentioner", ""),
            ("avstyrker motionen", ""),
            ("föreslår att motionen avslås", ""),
            ("inte ser något behov av att ändra arbetssättet", "bedömer att nämnden"),
        )
    )
    text = " ".join(f"{speaker} {verb if verb != 'anser' else ''} {answer}.".split()).replace(" .", ".")
    return Fact(
        "stance",
        "Förvaltningens synpunkter och förslag",
        text,
        answer,
        (
            f"Vad tycker {case.short} om förslaget?",
            f"Hur ställer sig {case.short} till motionen?",
            "Vad anser förvaltningen?",
        ),
        (f"What is {case.short}'s position on the motion?",),
    )


def _proposal(rng: random.Random, case: Case) -> Fact:
    answer = rng.choice(
        (
            f"{case.body} godkänner förvaltningens tjänsteutlåtande som svar på remissen",
            "Motionen anses besvarad",
            "Motionen avslås",
            f"{case.body} överlämnar tjänsteutlåtandet till kommunstyrelsen",
            "Nämnden bifaller motionen",
            f"{case.body} avsätter {rng.randint(1, 9)} miljoner kronor till {case.topic}",
        )
    )
    return Fact(
        "proposal",
        "Förvaltningens förslag till beslut",
        answer + ".",
        answer,
        (
            "Vad föreslår förvaltningen att nämnden beslutar?",
            f"Vilket beslut föreslås i {case.short}?",
            "Hur lyder förslaget till beslut?",
        ),
        (f"What decision is proposed in {case.short}?",),
    )


def _started(rng: random.Random, case: Case) -> Fact:
    answer = rng.choice(
        (
            str(rng.randint(1998, 2025)),
            f"{rng.choice(MONTHS)} {rng.randint(2005, 2025)}",
            f"hösten {rng.randint(2005, 2025)}",
        )
    )
    text = rng.choice(
        (
            f"I {case.short} startade arbetet med {case.topic} {answer}.",
            f"Sedan {answer} bedriver {case.short} {case.topic}.",
            f"Arbetet med {case.topic} påbörjades {answer} i {case.short}.",
        )
    )
    return Fact(
        "started",
        "Bakgrund",
        text,
        answer,
        (
            f"När började {case.short} med {case.topic}?",
            f"Vilket år startade arbetet med {case.topic}?",
            f"Sedan när har {case.short} {case.topic}?",
        ),
        (f"When did {case.short} start with {case.topic}?",),
    )


def _ended(rng: random.Random, case: Case) -> Fact:
    cause, year = rng.choice(CAUSES), rng.randint(2005, 2025)
    text = rng.choice(
        (
            f"Verksamheten avslutades {year} på grund av {cause}.",
            f"Satsningen på {case.topic} lades ned {year} till följd av {cause}.",
            f"{case.topic[0].upper() + case.topic[1:]} upphörde {year}. Skälet var {cause}.",
        )
    )
    if rng.random() < 0.5:
        return Fact(
            "ended",
            "Bakgrund",
            text,
            str(year),
            (
                "När avslutades verksamheten?",
                f"När upphörde {case.topic}?",
                "Vilket år lades satsningen ned?",
            ),
            ("When was it closed down?", f"What year did {case.topic} end?"),
        )
    return Fact(
        "cause",
        "Bakgrund",
        text,
        cause,
        (
            "Varför lades verksamheten ned?",
            f"Varför upphörde {case.topic}?",
            "Vad var skälet till att satsningen avslutades?",
        ),
        (f"Why was {case.topic} discontinued?",),
    )


def _share(rng: random.Random, case: Case) -> Fact:
    answer = f"{rng.randint(3, 97)} {rng.choice(('procent', '%'))}"
    other = f"{rng.randint(3, 97)} procent"
    text = rng.choice(
        (
            f"Andelen som tackade ja till insats i {case.topic} var {answer}, mot {other} tidigare.",
            f"I uppföljningen uppgav {answer} av deltagarna att de var nöjda med {case.topic}.",
            f"{answer[0].upper() + answer[1:]} av invånarna i {case.short} känner till {case.topic}.",
        )
    )
    kind = 0 if "tackade" in text else 1 if "nöjda" in text else 2
    questions = (
        ("Hur stor andel tackade ja?", "Hur många procent tackade ja till insats?"),
        ("Hur många procent var nöjda?", f"Hur stor andel av deltagarna var nöjda med {case.topic}?"),
        (
            f"Hur stor andel av invånarna i {case.short} känner till {case.topic}?",
            "Hur många procent känner till verksamheten?",
        ),
    )[kind]
    return Fact(
        f"share{kind}",
        "Uppföljning",
        text,
        answer,
        questions,
        ("What share of them?",) if kind else ("What percentage accepted?",),
    )


def _amount(rng: random.Random, case: Case) -> Fact:
    answer = rng.choice(
        (
            f"{rng.randint(1, 60)} miljoner kronor",
            f"{rng.randint(1, 9)},{rng.randint(1, 9)} mnkr",
            f"{rng.randint(100, 990)} 000 kronor",
            f"{rng.randint(100, 990)} tkr",
        )
    )
    text = rng.choice(
        (
            f"Kostnaden för {case.topic} beräknas till {answer} per år.",
            f"Nämnden har beviljats {answer} ur den sociala investeringsfonden.",
            f"För {case.topic} har {answer} avsatts i budget.",
        )
    )
    return Fact(
        "amount",
        "Ekonomiska konsekvenser",
        text,
        answer,
        (
            f"Vad kostar {case.topic}?",
            f"Hur mycket pengar har avsatts för {case.topic}?",
            "Vilket belopp handlar det om?",
        ),
        (f"How much does {case.topic} cost?",),
    )


def _target(rng: random.Random, case: Case) -> Fact:
    answer = rng.choice(TARGETS)
    text = rng.choice(
        (
            f"Målgruppen för {case.topic} är {answer}.",
            f"Insatsen vänder sig till {answer}.",
            f"Syftet med {case.topic} är att nå {answer}.",
        )
    )
    return Fact(
        "target",
        "Bakgrund",
        text,
        answer,
        (
            f"Vilken är målgruppen för {case.topic}?",
            "Vem vänder sig insatsen till?",
            f"Vilka ska {case.topic} nå?",
        ),
        (f"Who is {case.topic} for?",),
    )


def _signer(rng: random.Random, case: Case) -> Fact:
    name, role = person(rng), rng.choice(ROLES)
    text = rng.choice((f"{name}\n{role.capitalize()}", f"{name}, {role}", f"{role.capitalize()} {name}"))
    return Fact(
        f"role-{role}",
        "Underskrifter",
        text,
        name,
        (f"Vem är {role} i {case.short}?", f"Vad heter {case.short}s {role}?", f"Vem är {role}?"),
        (f"What is the name of the {role} in {case.short}?",),
    )


def _count(rng: random.Random, case: Case) -> Fact:
    answer = rng.choice(
        (
            str(rng.randint(2, 480)),
            rng.choice(("två", "tre", "fyra", "fem", "sex", "sju", "åtta", "tio", "tolv")),
        )
    )
    thing = rng.choice(
        (
            "medarbetare",
            "socialsekreterare",
            "platser",
            "familjer",
            "förskolor",
            "besökare i veckan",
            "lägenheter",
        )
    )
    text = rng.choice(
        (
            f"Verksamheten omfattar {answer} {thing}.",
            f"I {case.short} finns i dag {answer} {thing} inom {case.topic}.",
            f"Under året fick {answer} {thing} del av {case.topic}.",
        )
    )
    return Fact(
        f"count-{thing}",
        "Bakgrund",
        text,
        answer,
        (
            f"Hur många {thing} finns det?",
            f"Hur många {thing} omfattar {case.topic}?",
            f"Hur många {thing} har {case.short}?",
        ),
        (f"How many {thing} are there?",),
    )


FACTS: tuple[Callable[[random.Random, Case], Fact], ...] = (
    _handler,
    _phone,
    _number,
    _deadline,
    _motion,
    _consulted,
    _stance,
    _proposal,
    _started,
    _ended,
    _share,
    _amount,
    _target,
    _signer,
    _count,
)


def exercise(rng: random.Random, filler: Sequence[str]) -> Exercise:
    """One exercise; ``filler`` are sentences of real documents that stand around the stated facts."""
    about = case(rng)
    facts = [make(rng, about) for make in rng.sample(FACTS, rng.randint(2, 4))]
    asked = facts[0]
    rival = {"handler": "phone", "phone": "handler"}.get(asked.kind)  # both name a case officer
    facts = [fact for fact in facts if fact.kind != rival]
    rng.shuffle(facts)
    parts = [fact.text for fact in facts]
    for _ in range(rng.randint(0, 3)):
        parts.insert(rng.randint(0, len(parts)), rng.choice(filler))
    question, negative = _question(rng, about, asked), rng.random() < NEGATIVE_SHARE
    if negative:
        question, parts = _unanswerable(rng, about, asked, facts, parts)
    text = rng.choice(("\n\n", "\n", " ")).join(parts)
    answer = None if negative or asked.answer not in text else asked.answer
    return Exercise(question, _context(rng, about, asked), text, answer)


def _question(rng: random.Random, about: Case, asked: Fact) -> str:
    return rng.choice(asked.english if rng.random() < ENGLISH_SHARE else asked.questions)


def _unanswerable(
    rng: random.Random, about: Case, asked: Fact, facts: Sequence[Fact], parts: list[str]
) -> tuple[str, list[str]]:
    """A question that the text does not answer: about another body, another topic, or an absent fact."""
    other = case(rng)
    named = [q for q in (*asked.questions, *asked.english) if about.short in q]
    unnamed = other.short != about.short and not any(other.short in part for part in parts)
    if named and unnamed and rng.random() < 0.6:
        return rng.choice(named).replace(about.short, other.short), parts
    named = [q for q in asked.questions if about.topic in q]
    if named and other.topic != about.topic and rng.random() < 0.4:
        return rng.choice(named).replace(about.topic, other.topic), parts
    kept = [part for part in parts if part != asked.text and asked.answer not in part]
    alike = {"cause": "ended", "ended": "cause", "phone": "handler", "handler": "phone"}
    kept = [
        p
        for p in kept
        if not any(f.text == p and f.kind in (asked.kind, alike.get(asked.kind)) for f in facts)
    ]
    return _question(rng, about, asked), kept or [rng.choice(TARGETS).capitalize() + " prioriteras."]


def _context(rng: random.Random, about: Case, asked: Fact) -> str:
    title = rng.choice(
        (
            f"Svar på motion om {about.topic}",
            f"Yttrande över remiss om {about.topic}",
            f"{about.topic[0].upper() + about.topic[1:]}",
            f"Tjänsteutlåtande: {about.topic}",
        )
    )
    parts = [title, about.body] if rng.random() < 0.5 else [about.body, title]
    if asked.heading and rng.random() < 0.7:
        parts.append(asked.heading)
    return " › ".join(parts)


def strip_letters(text: str, rng: random.Random) -> str:
    """``text`` as a scanner without Swedish letters reads it; as long as before, so that spans stay."""
    share = rng.choice((0.5, 0.9, 1.0))
    look = {"å": "aéd", "ä": "aid", "ö": "oé6", "Å": "A", "Ä": "A", "Ö": "O"}
    return "".join(rng.choice(look[c]) if c in look and rng.random() < share else c for c in text)


def mistype(question: str, rng: random.Random) -> str:
    """``question`` as typed in a hurry: without dots and rings, or with one letter lost, doubled or swapped."""
    if rng.random() < 0.4:
        return question.translate(str.maketrans("åäöÅÄÖ", "aaoAAO"))
    long = [match for match in re.finditer(r"[^\W\d]{5,}", question)]
    if not long:
        return question.lower().rstrip("?")
    word = rng.choice(long)
    at = rng.randrange(word.start() + 1, word.end() - 1)
    left, right = question[:at], question[at + 1 :]
    return rng.choice(
        (left + right, left + 2 * question[at] + right, left + right[:1] + question[at] + right[1:])
    )
