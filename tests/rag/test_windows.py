"""What the reader is shown of a passage."""

from rag.domain import Chunk, Locator, Passage, Source
from rag.reading import SpanCandidate, WindowReading
from rag.windows import BEFORE, SHORT, of_passage, window

BEFORE_IT = "Inledning. Frågan gäller simhallen i Hamnbyn.\n\n"
ITSELF = "Där börjar man 2019."


def passage(text: str, start: int) -> Passage:
    chunk = Chunk("c", "s", 0, text[start:], Locator(start, len(text), ("Svar",)))
    return Passage(chunk, Source("s", "s.txt", "Skrivelsen", body="nämnden"), 1.0)


def test_a_short_passage_is_shown_with_what_stands_before_it() -> None:
    text = BEFORE_IT + ITSELF
    shown, lead = window(passage(text, len(BEFORE_IT)), lambda _: text)
    assert shown.text == text
    assert shown.text[lead:] == ITSELF
    assert shown.context == "nämnden › Skrivelsen › Svar"


def test_what_stands_before_begins_with_a_whole_sentence() -> None:
    text = "Ord " * BEFORE + "slut. Nästa mening. " + ITSELF
    shown, lead = window(passage(text, text.index(ITSELF)), lambda _: text)
    assert shown.text[:lead].startswith("Nästa mening.")


def test_a_long_passage_is_shown_alone() -> None:
    text = BEFORE_IT + "Ord " * SHORT
    assert window(passage(text, len(BEFORE_IT)), lambda _: text)[1] == 0


def test_answers_are_taken_from_the_passage_only() -> None:
    both = (SpanCandidate(0, 4, 3.0, 0.6), SpanCandidate(12, 16, 2.0, 0.2))
    reading = of_passage(WindowReading(both, 0.0, 0.8), 10)
    assert [(each.start, each.end) for each in reading.candidates] == [(2, 6)]
    assert abs(reading.answerable - 0.2) < 1e-9
