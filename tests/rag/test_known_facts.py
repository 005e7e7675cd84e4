"""Questions that a fact about a source answers, over a real catalog."""

from pathlib import Path

import pytest

from rag.bodies import Gazetteer
from rag.catalog import Catalog
from rag.domain import AnswerStatus, Chunk, DocumentKind, Fact, Locator, Passage, ReadingText, Source
from rag.known_facts import KnownFacts, asked_for
from rag.language import detect
from rag.question import analyse
from rag.records import FileRecord, IndexedDocument

GAZETTEER = Gazetteer.load(None)
BROMMA = (
    "Handläggare\nEva Ek\nTelefon: 08-123 456\n\nSvar på motion om simhallen\n\nKim Berg\nStadsdelsdirektör"
)
FARSTA = (
    "Svar på skrivelse om bibliotek\n\nDnr SOF 2024/7\n\nLo Alm\nAvdelningschef\n\n"
    "Attesterat av\n| Namn | Datum |\n| Lo Alm | 2024-03-05 |"
)


def fact(name: str, value: str, text: str, quote: str, **detail: str) -> Fact:
    start = text.index(quote)
    return Fact(name, value, start, start + len(quote), detail=detail)


def document(source: Source, text: str) -> IndexedDocument:
    chunk = Chunk(f"{source.id}:0", source.id, 0, text, Locator(0, len(text)))
    return IndexedDocument(source, ReadingText(text), (chunk,))


@pytest.fixture
def catalog(tmp_path: Path) -> Catalog:
    bromma = Source(
        "b", "b.txt", "Svar på motion om simhallen", DocumentKind.REMISSVAR, "Bromma",
        facts=(
            fact("handler", "Eva Ek", BROMMA, "Handläggare\nEva Ek\nTelefon: 08-123 456", phone="08-123 456"),
            fact("matter", "Motion om simhallen", BROMMA, "Svar på motion om simhallen", kind="motion"),
            fact("signer", "Kim Berg", BROMMA, "Kim Berg\nStadsdelsdirektör", title="Stadsdelsdirektör"),
        ),
    )  # fmt: skip
    farsta = Source(
        "f", "f.txt", "Svar på skrivelse om bibliotek", DocumentKind.TJANSTEUTLATANDE, "Farsta",
        facts=(
            fact("matter", "Skrivelse om bibliotek", FARSTA, "Svar på skrivelse om bibliotek", kind="skrivelse"),
            fact("diarienummer", "SOF 2024/7", FARSTA, "SOF 2024/7"),
            fact("signer", "Lo Alm", FARSTA, "Lo Alm\nAvdelningschef", title="Avdelningschef", date="2024-03-05"),
        ),
    )  # fmt: skip
    made = Catalog(tmp_path, create=True)
    records = [FileRecord(f"/{i}.txt", i, 1, 1) for i in ("b", "f")]
    made.commit([document(bromma, BROMMA), document(farsta, FARSTA)], records, [])
    return made


def ask(catalog: Catalog, text: str):
    passages = [Passage(catalog.chunks_of(source.id)[0], source, 1.0) for source in catalog.sources()]
    return KnownFacts(catalog, GAZETTEER).answer(analyse(text, detect(text), GAZETTEER), passages)


@pytest.mark.parametrize(
    ("question", "short"),
    [
        ("Vem är handläggare för svaret på motionen?", "Eva Ek"),
        ("Vilket telefonnummer har handläggaren i Bromma?", "08-123 456"),
        ("Who is the district director in Bromma?", "Kim Berg"),
        ("Vem är avdelningschef i Farsta?", "Lo Alm"),
        ("Vilket diarienummer har svaret på skrivelsen?", "SOF 2024/7"),
    ],
)
def test_the_fact_is_the_answer_and_its_place_the_citation(
    catalog: Catalog, question: str, short: str
) -> None:
    answer = ask(catalog, question)
    assert answer is not None and answer.short_answer == short
    (citation,) = answer.citations
    assert short in citation.quote.replace("\n", " ")
    assert catalog.reading_text(citation.source.id)[citation.start : citation.end] == citation.quote


@pytest.mark.parametrize(
    "question",
    [
        "Vem är stadsdelsdirektör i Farsta?",  # another body's director must not be named
        "Vem är avdelningschef på Södermalm?",
        "Vilket diarienummer har svaret på motionen?",
        "Vilket telefonnummer har Lo Alm?",
    ],
)
def test_what_the_right_document_lacks_is_not_stated(catalog: Catalog, question: str) -> None:
    answer = ask(catalog, question)
    assert answer is not None and answer.status is AnswerStatus.NOT_STATED and answer.citations == ()


@pytest.mark.parametrize(
    "question",
    [
        "När byggdes simhallen?",
        "Vilka stadsdelar införde modellen?",
        "Which districts introduced it in 2022?",
    ],
)
def test_other_questions_are_left_to_the_reader(question: str) -> None:
    asked = analyse(question, detect(question), GAZETTEER)
    assert asked_for(asked) is None


def test_a_date_of_signing_is_quoted_where_it_stands(catalog: Catalog) -> None:
    answer = ask(catalog, "När attesterade Lo Alm svaret?")
    assert answer is not None and answer.short_answer == "2024-03-05"
    assert [c.quote for c in answer.citations] == ["| Lo Alm | 2024-03-05 |"]
