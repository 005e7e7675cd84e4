"""Facts that a document states about itself, each with the stretch of it to quote.

``Fact.start``/``end`` bound the quote: whole sentences or lines, so that it can be cited as it is. Names:

=================  ==============================================================================================
``handler``        who handles the matter; detail ``phone``, ``mail``
``addressee``      the body it is addressed to
``matter``         what it is or answers, as titled; detail ``kind`` (motion, skrivelse, remiss ...), ``about``
``diarienummer``   a registration number in its opening
``mover``          who moved the motion or wrote the skrivelse; detail ``party``
``deadline``       last day for an answer, ISO 8601
``consulted_body`` a body that was asked for its view; detail ``as`` (as written), ``now`` (what it is called now)
``signer``         who signed; detail ``title``, ``unit``, ``date`` (ISO 8601)
``attachment``     a line of the list of attachments
``proposal``       a point that the movers propose; detail ``number``
``question``       a question that the movers ask; detail ``number``
``decision``       a point of a decision; detail ``status`` (proposed, decided), ``outcome``, ``number``, ``to``
                   (who is to decide), ``adopts`` (yes: takes the administration's text as the answer)
``stance``         what a speaker thinks of the proposal: a value of ``ingest.stance.Stance``; detail ``basis``
                   (decision, assessment, none), ``status``, ``body``, ``positive``, ``negative``, ``condition``
                   ("start-end" of further quotes), ``declines`` (yes: praise, but no to the proposal itself)
``stance_quote``   one sentence that speaks for or against; value ``for``, ``against`` or ``both``
``yrkande``        what a member wants; value a ``ingest.decisions.Position``; detail ``people``, ``parties``
``reservation``    a reservation; value who made it; ``statement`` likewise a särskilt uttalande or note; detail
                   ``speech`` ("start-end" of all that was put on record)
``meeting``        an entry of the head of a protokoll; detail ``label`` (see ``ingest.meeting``)
``proceeding``     how a § was decided; value ``called``, ``count``, ``side`` or ``aside`` (see ``ingest.procedure``)
``named_body``     a body that the text speaks of, where it first does
=================  ==============================================================================================

``speaker`` is ``mover``, ``administration``, ``board``, ``reservation``, ``statement``, ``member``, ``quoted`` or
empty. In a protokoll each fact of a § has detail ``paragraph`` and ``matter``, and the fact ``matter`` that begins
it has ``end``, where the § ends in the reading text.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from ingest import matter, people, proposals
from ingest.case import Case, as_fact
from ingest.lines import lines_of, squeeze
from ingest.metadata import SourceDescription
from ingest.parts import Part
from ingest.protokoll import protokoll_facts
from ingest.stance_facts import stance_facts
from rag.domain import DocumentKind, Fact, ReadingText, Section
from rag.folding import fold

_KINDS = frozenset({"district", "committee", "office"})


def extract(
    reading: ReadingText,
    sections: Sequence[Section],
    description: SourceDescription,
    vocabulary: Path | None = None,
) -> tuple[Fact, ...]:
    """The facts of ``reading`` in the order of their places.

    ``sections`` is what the document is split into; the roles of its parts are read from its headings anew.
    ``vocabulary`` is the folder with an operator's own words.
    """
    case = Case.of(reading, description, vocabulary)
    found = [*_frame(case), *_content(case), *_bodies(case)]
    if description.kind is DocumentKind.PROTOKOLL:
        found += protokoll_facts(case)
    else:
        found += stance_facts(case)
    return _unique(found)


def _unique(found: Sequence[Fact]) -> tuple[Fact, ...]:
    seen: dict[tuple[str, str, int, int, str], Fact] = {}
    for fact in found:
        seen.setdefault((fact.name, fact.value, fact.start, fact.end, fact.speaker), fact)
    return tuple(sorted(seen.values(), key=lambda fact: (fact.start, fact.end, fact.name)))


def _frame(case: Case) -> Iterator[Fact]:
    """What stands around the text: who, to whom, which matter, until when, signed by whom."""
    text, opening = case.text, case.opening.end
    for person in people.handlers(text, opening, case.vocabulary):
        yield as_fact("handler", person.name, person, phone=person.phone, mail=person.mail)
    yield from _addressee(case)
    for number in matter.numbers(text, max(opening, 400)):
        yield as_fact("diarienummer", number.value, number)
    attested = case.opening.spans("attestation")
    for person in people.signers(text, attested, case.vocabulary):
        yield as_fact("signer", person.name, person, title=person.title, unit=person.unit, date=person.date)
    for part in case.parts:
        if part.role == "attachments":
            yield from _attachments(case, part)


def _addressee(case: Case) -> Iterator[Fact]:
    lines = lines_of(case.opening.head)
    for at, line in enumerate(lines):
        folded = fold(line.text)
        inline = folded.startswith(("yttrande till ", "remissvar till ", "till: "))
        if folded.rstrip(": ") == "till" and at + 1 < len(lines):
            target = lines[at + 1]
        elif inline:
            target = line
        else:
            continue
        mentions = case.gazetteer.recognise(target.text)
        value = mentions[0].body if mentions else squeeze(target.text)
        yield Fact("addressee", value, line.start, target.end)


def _attachments(case: Case, part: Part) -> Iterator[Fact]:
    listed = proposals.points(case.text, part.start, part.end)
    for point in listed:
        yield Fact("attachment", point.text, point.start, point.end)
    if not listed:
        for line in lines_of(case.text[part.start : part.end]):
            yield Fact("attachment", line.text, part.start + line.start, part.start + line.end)


def _content(case: Case) -> Iterator[Fact]:
    """What it is about: the matter, its movers and points, the deadline, those who were asked."""
    if case.matter is not None:
        yield as_fact("matter", case.matter.value, case.matter, **dict(case.matter.detail))
    if case.description.kind not in {DocumentKind.PROTOKOLL, DocumentKind.OTHER}:
        for person in case.movers:
            yield as_fact("mover", person.name, person, party=person.party)
        yield from _moved(case)
    year = (case.description.date or "")[:4] or None
    for deadline in matter.deadlines(case.prose, year):
        yield as_fact("deadline", deadline.value, deadline)
    for body in case.consulted:
        yield as_fact("consulted_body", body.value, body, **dict(body.detail))


def _moved(case: Case) -> Iterator[Fact]:
    """The movers' points or questions: from the fullest account, since a summary repeats them."""
    for point in case.moved:
        name = "question" if point.is_question else "proposal"
        yield Fact(name, point.text, point.start, point.end, "mover", {"number": str(point.number)})


def _bodies(case: Case) -> Iterator[Fact]:
    """Each body that the text speaks of, where it first does; a municipality by its mere name is none."""
    named: set[str] = set()
    for mention in case.gazetteer.recognise(case.text):
        municipality = mention.via == "pattern" and not mention.role
        if not municipality and mention.body not in named and case.gazetteer.kind(mention.body) in _KINDS:
            named.add(mention.body)
            yield Fact("named_body", mention.body, mention.start, mention.end)
