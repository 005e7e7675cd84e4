"""The ways in which an earlier question is changed so that it asks what a follow-up asks."""

from __future__ import annotations

import re
from collections.abc import Sequence

from rag.bodies import BodyMention, Gazetteer
from rag.conversation_words import conversation_table, conversation_words
from rag.folding import fold
from rag.language import detect
from rag.question import analyse

_BRACKETS = re.compile(r"\s*\(([^()]*)\)(?=\?*$)")
_MATTER = re.compile(
    r"\b(?:motion(?:en|erna)?|förslaget|remissen|skrivelsen|ärendet|the (?:motion|proposal|plan|matter))"
    r" (?:om|angående|gällande|kring|rörande|about|on|to|regarding|concerning) [^?()]+",
    re.IGNORECASE,
)
_MATTER_NOUN = re.compile(
    r"(?P<common>motionen|remissen|skrivelsen)|(?P<neuter>förslaget|ärendet)|(?P<english>the) ", re.IGNORECASE
)
_PRONOUNS = {"den": "common", "det": "neuter", "it": "english"}
_DOCUMENT = re.compile(
    r"\b(?:motionen|förslaget|remissen|skrivelsen|ärendet|the (?:motion|proposal|matter))\b"
    r"(?! (?:om|about|on|to)\b)",
    re.IGNORECASE,
)
_TRAILING = re.compile(
    rf" (?:{'|'.join(sorted(conversation_words('trailing_verbs') | conversation_words('particles')))})$",
    re.IGNORECASE,
)
_MEASURE = re.compile(r"(?:hur|how) (?:många|mycket|lång|länge|stor|ofta|many|much|long|often|large)", re.I)
_WHO = re.compile(
    r"^(?:(?:och|men|and|but) )?(?P<who>vilka (?:av )?(?:stadens )?\w+|vilka|which (?:of the )?\w+|who)"
    r"\s+(?P<verb>\S+)(?P<rest>.*)$",
    re.IGNORECASE,
)

_THERE = re.compile(r"\b(?:där|there)\b", re.IGNORECASE)


def topic_phrase(question: str, gazetteer: Gazetteer) -> str:
    """What a question is about, in its own words: "Vem skrev motionen om X?" -> "motionen om X"."""
    brackets = _BRACKETS.search(question)
    if brackets:
        return brackets[1]
    bare = _TRAILING.sub("", question.rstrip("?!. "))
    if not gazetteer.recognise(bare) and (matter := matter_of([question])):
        return matter
    mentions = {mention.start for mention in gazetteer.recognise(bare)}
    lead_in = conversation_words("lead_in")
    for match in re.finditer(r"[\w-]+", bare):
        if match.start() in mentions or fold(match[0]) not in lead_in:
            return bare[match.start() :]
    return bare


def in_brackets(text: str, phrase: str) -> str:
    """``text`` with ``phrase`` in brackets before its question mark."""
    bare, mark = _split_mark(text)
    return f"{bare} ({phrase}){mark}"


def put_topic(text: str, pronouns: Sequence[tuple[int, int]], phrase: str) -> str:
    """``text`` with the ``phrase`` of a matter for the pronoun that stands for it ("När lämnades den in?" -> "När
    lämnades motionen om X in?"); in brackets where the phrase is no matter or the pronoun stands for something else."""
    noun = _MATTER_NOUN.match(phrase) if _MATTER.fullmatch(phrase) else None
    start, end = pronouns[0]
    if noun is None or len(pronouns) > 1 or _PRONOUNS.get(text[start:end].lower()) != noun.lastgroup:
        return in_brackets(text, phrase)
    put = phrase if start else f"{phrase[:1].upper()}{phrase[1:]}"
    return f"{text[:start]}{put}{text[end:]}"


def put_place(text: str, before: str, gazetteer: Gazetteer) -> str | None:
    """ "Vem är chef där?" asked about the bodies that the question ``before`` names, or None where it names none."""
    named = dict.fromkeys(before[mention.start : mention.end] for mention in gazetteer.recognise(before))
    match = _THERE.search(text)
    if not named or match is None:
        return None
    preposition = "in" if match[0].lower() == "there" else "hos"
    return f"{text[: match.start()]}{preposition} {', '.join(named)}{text[match.end() :]}"


def put_body(before: str, body: str, has_lead: bool, gazetteer: Gazetteer) -> str:
    """``before`` asked about ``body`` instead of the body it names, or about it in addition."""
    mentions = gazetteer.recognise(before)
    if mentions:
        return _replace(before, mentions[0], body)
    match = _WHO.match(before.rstrip("?!. "))
    if match and analyse(before, detect(before), gazetteer).kind == "overview":
        return _one_of_them(match, body, detect(before))
    bare, mark = _split_mark(_BRACKETS.sub("", before))
    return f"{bare} ({body}){mark}"


def put_year(before: str, year: str) -> str:
    """``before`` asked about another year."""
    if re.search(r"\b(?:19|20)\d\d\b(?!/)", before):
        return re.sub(r"\b(?:19|20)\d\d\b(?!/)", year, before, count=1)
    return in_brackets(before, year)


def about_others(before: str, gazetteer: Gazetteer) -> str:
    """ "Och de andra?": the same about all bodies but those already asked about."""
    language = detect(before)
    mentions = gazetteer.recognise(before)
    if mentions:
        body = mentions[0].body
        district = gazetteer.kind(body) == "district"
        if language == "sv":
            phrase = f"de andra {'stadsdelarna' if district else 'nämnderna'} (utom {body})"
        else:
            phrase = f"the other {'districts' if district else 'committees'} (except {body})"
        return _replace(before, mentions[0], phrase)
    matter = matter_of([before])
    if language == "sv":
        return f"Hur ställde sig de andra stadsdelarna till {matter or 'förslaget'}?"
    return f"How did the other districts respond to {matter or 'the proposal'}?"


def ask_differently(before: str, wh: str, asked: str, *, negated: bool, gazetteer: Gazetteer) -> str:
    """``before`` with another question word: "Stödde Bromma motionen?" + "Varför inte?" -> "Varför stödde
    Bromma inte motionen?". ``asked`` is the follow-up, for its spelling of the question word ``wh``."""
    at = fold(asked).find(wh)
    word = asked[at : at + len(wh)]
    word = word[:1].upper() + word[1:]
    understood = analyse(before, detect(before), gazetteer)
    bare, mark = _split_mark(before)
    if wh in {"varfor", "why"} and understood.kind == "stance" and len(understood.bodies) == 1:
        return _why_stance(before, understood.bodies[0], negated, detect(asked, [before]))
    match = _WHO.match(bare)
    if match and wh in {"hur manga", "how many"} and " " in match["who"]:
        return f"{word} {match['who'].split()[-1]} {match['verb']}{match['rest']}{mark}"
    if match and wh == "varfor" and match["who"].lower().endswith("stadsdelar"):
        no = " inte" if negated else ""
        return f"Varför {match['verb']} stadsdelarna{no}{match['rest']}{mark}"
    if understood.answer_kind == "yes_no" and not negated:
        return f"{word} {bare[:1].lower()}{bare[1:]}{mark}"
    first = bare.split(maxsplit=1)
    adverb = fold(first[0]) in conversation_words("question_adverbs") and not _MEASURE.match(bare)
    if adverb and len(first) > 1 and not negated:
        return f"{word} {first[1]}{mark}"
    return in_brackets(f"{asked[:1].upper()}{asked[1:]}?", bare)


def ask_who_did_not(text: str, before: str, gazetteer: Gazetteer) -> str:
    """ "Vilka inte?" after "Vilka stadsdelar stödde motionen?" -> "Vilka stadsdelar stödde inte motionen?"."""
    bare, mark = _split_mark(before)
    match = _WHO.match(bare)
    if match and detect(before) == "sv":
        return f"{match['who']} {match['verb']} inte{match['rest']}{mark}"
    return in_brackets(text, topic_phrase(before, gazetteer))


def with_matter(text: str, earlier: Sequence[str]) -> str:
    """``text`` with the matter of the conversation ("motionen om X"), where an earlier question named one."""
    matter = matter_of(earlier)
    if not matter:
        return text
    match = _DOCUMENT.search(text)
    if match:
        return f"{text[: match.start()]}{matter}{text[match.end() :]}"
    return in_brackets(text, matter)


def another_role(before: str, role: str) -> str | None:
    """ "Vem är stadsdelsdirektör i Bromma?" asked for another role, or None when it asks for no role."""
    bare, mark = _split_mark(before)
    match = re.match(conversation_table()["follow_up"]["role"], fold(bare))
    if match is None:
        return None
    return f"{bare[: match.end('ask')]}{role}{bare[match.end('role') :]}{mark}"


def matter_of(earlier: Sequence[str]) -> str | None:
    """The latest "motionen om X" among the earlier questions."""
    for question in reversed(earlier):
        match = _MATTER.search(question)
        if match:
            return _TRAILING.sub("", match[0].strip())
    return None


def _why_stance(before: str, body: str, negated: bool, language: str) -> str:
    matter = matter_of([before])
    document = _DOCUMENT.search(before)
    target = matter or (document[0] if document else None)
    asked_no = negated or analyse(before, detect(before), Gazetteer({})).stance == "oppose"
    if language == "en":
        tail = f" to {target}" if target else ""
        return (
            f"Why did {body} say {'no' if asked_no else 'so'}{tail}?"
            if asked_no
            else (f"Why did {body} take that position{' on ' + target if target else ''}?")
        )
    if asked_no:
        return f"Varför sade {body} nej{' till ' + target if target else ''}?"
    return f"Varför ställde sig {body} så{' till ' + target if target else ''}?"


def _one_of_them(match: re.Match[str], body: str, language: str) -> str:
    if language == "sv":
        verb = match["verb"]
        return f"{verb[:1].upper()}{verb[1:]} {body}{match['rest']}?"
    return f"Is {body} one of those that {match['verb']}{match['rest']}?"


def _replace(text: str, mention: BodyMention, new: str) -> str:
    old = text[mention.start : mention.end]
    if old.endswith("s") and not new.endswith("s") and not mention.body.endswith("s"):
        new += "s"  # "Brommas svar" -> "Farstas svar"
    return text[: mention.start] + new + text[mention.end :]


def _split_mark(text: str) -> tuple[str, str]:
    return text.rstrip("?!. "), "?"
