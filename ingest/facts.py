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
``reservation``    a reservation; value who made it; ``statement`` likewise a särskilt uttalande or note
``body_statement`` a sentence about a body (value; ``*`` for every body); detail ``years``, ``dates``, ``counts``
                   ("2 socialsekreterare; 1 person"), and flags ``since``, ``past``, ``shared``, ``lacks``,
                   ``except``, ``former``, ``carried``, ``all`` set to "yes"
=================  ==============================================================================================

``speaker`` is ``mover``, ``administration``, ``board``, ``reservation``, ``statement``, ``member``, ``quoted`` or
empty. In a protokoll each fact of a § has detail ``paragraph`` and ``matter``.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from ingest import body_statements, matter, people, proposals
from ingest.case import Case, as_fact
from ingest.lines import lines_of, squeeze
from ingest.metadata import SourceDescription
from ingest.parts import Part
from ingest.protokoll import protokoll_facts
from ingest.stance_facts import stance_facts
from rag.domain import DocumentKind, Fact, ReadingText, Section
from rag.folding import fold


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


_EXCEPT = "except:"
_NO_STATEMENTS = frozenset(
    [
        "attachments",
        "attestation",
        "contents",
        "documents",
        "dispatch",
        "signature",
        "proposal",
        "yrkanden",
        "voting",
        "decision",
        "earlier",
    ]
)


def _bodies(case: Case) -> Iterator[Fact]:
    asked = {(found.start, found.end) for found in case.consulted}
    for part in case.parts:
        if part.role in _NO_STATEMENTS:
            continue
        found = body_statements.statements(case.text, part.start, part.end, case.gazetteer, case.vocabulary)
        for said in found:
            own = said.body == case.description.body
            if (said.start, said.end) not in asked and (said.tells or not (own or "carried" in said.flags)):
                yield _statement(case, part, said)


def _statement(case: Case, part: Part, said: body_statements.Statement) -> Fact:
    detail = {
        "years": " ".join(said.years),
        "dates": " ".join(said.dates),
        "counts": "; ".join(said.counts),
        "heading": part.heading,
        **dict.fromkeys(sorted(flag for flag in said.flags if not flag.startswith(_EXCEPT)), "yes"),
    }
    excepted = [flag.removeprefix(_EXCEPT) for flag in sorted(said.flags) if flag.startswith(_EXCEPT)]
    if excepted:
        detail["except"] = "; ".join(excepted)
    kept = {key: value for key, value in detail.items() if value}
    return Fact("body_statement", said.body, said.start, said.end, case.speaker(part), kept)
