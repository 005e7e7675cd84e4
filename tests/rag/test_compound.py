"""Questions that ask several things at once."""

import pytest

from rag.assistant import Assistant
from rag.bodies import Gazetteer
from rag.compound import joined, parts
from rag.domain import Answer, AnswerStatus, Citation, Source

KNOWN = Gazetteer.load()


@pytest.mark.parametrize(
    ("asked", "several"),
    [
        (
            "Vem yrkade återremiss, och vad var skälet?",
            ("Vem yrkade återremiss?", "Vad var skälet (yrkade återremiss)?"),
        ),
        (
            "How many seats are there and who runs the hall?",
            ("How many seats are there?", "Who runs the hall (seats are there)?"),
        ),
        (
            "Vad kostar badhuset? Hur länge tar bygget av simhallen i Norrby?",
            ("Vad kostar badhuset?", "Hur länge tar bygget av simhallen i Norrby?"),
        ),
    ],
)
def test_each_part_stands_alone(asked: str, several: tuple[str, ...]) -> None:
    assert parts(asked, KNOWN) == several


@pytest.mark.parametrize(
    "asked",
    [
        "När och var hölls mötet?",
        "Vad hände med barnen, när skolan lades ned?",
        "Vilka stödde motionen och förslaget?",
        "Which hall, which stands by the river, was closed?",
        "Vad säger nämnden om hur skolan sköts?",
    ],
)
def test_a_question_that_asks_one_thing_stays_whole(asked: str) -> None:
    assert parts(asked, KNOWN) == (asked,)


def _answer(text: str, quote: str, short: str | None) -> Answer:
    citation = Citation(1, Source("s", "s.txt", "Protokoll"), quote, 0, len(quote))
    return Answer(text, AnswerStatus.ANSWERED, "sv", short_answer=short, citations=(citation,))


def test_answers_are_joined_with_their_citations_numbered_through() -> None:
    one = _answer("Eva Ek [1]\n\nEnligt Protokoll:\n”Eva Ek yrkade det.” [1]", "Eva Ek yrkade det.", "Eva Ek")
    two = _answer("priset [1]\n\nEnligt Protokoll:\n”Det var priset.” [1]", "Det var priset!", "priset")
    whole = joined(["Vem?", "Varför?"], [one, two])
    assert whole.text == (
        "Eva Ek [1]\n\npriset [2]\n\nEnligt Protokoll:\n”Eva Ek yrkade det.” [1]\n”Det var priset.” [2]"
    )
    assert whole.short_answer == "Eva Ek; priset"
    assert [citation.number for citation in whole.citations] == [1, 2]


def test_what_is_missing_of_a_question_is_said() -> None:
    one = _answer("Eva Ek [1]", "Eva Ek yrkade det.", "Eva Ek")
    none = Answer("Det står inte.", AnswerStatus.NOT_STATED, "sv")
    whole = joined(["Vem?", "Varför?"], [none, one])
    assert whole.status is AnswerStatus.ANSWERED
    assert "”Vem?”" in whole.text and "Varför" not in whole.text
    assert joined(["Vem?", "Varför?"], [none, none]).status is AnswerStatus.NOT_STATED


def test_both_parts_are_answered_from_the_documents(assistant: Assistant) -> None:
    whole = assistant.ask("Vem skrev motionen om en rullande fritidsgård, och när lämnades den in?")
    assert whole.status is AnswerStatus.ANSWERED
    assert whole.short_answer == "Tove Ahlmark och Ruben Sandgren; 2023-02-14"
    assert [citation.number for citation in whole.citations] == [1, 2, 3]
