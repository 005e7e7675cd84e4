"""Which cell of a table a question asks for."""

import pytest

from rag.bodies import Gazetteer
from rag.domain import Chunk, Locator, Passage, Source
from rag.language import detect
from rag.question import Question, analyse
from rag.reading import SpanCandidate, WindowReading
from rag.tables import cell_asked, of_tables, tables_in

TEXT = """Badbussar

Resor under sommaren:

| Hållplats | Resor 2023 | Resor 2024 | Väntetid, minuter |
| --- | --- | --- | --- |
| Torget | 410 | 520 | 12 |
| Björkvik | 95 | – | 25 |
| Hela linjen | 505 | 640 | 14 |

Bussarna körs till och med augusti.
"""
TABBED = "Nyckeltal\t2023\t2024\nKostnad för vinterväg (mnkr)\t11,8\t14,2\nSand (ton)\t196\t273\n"


def asked(text: str) -> Question:
    return analyse(text, detect(text), Gazetteer.load(None))


@pytest.mark.parametrize(
    ("question", "value"),
    [
        ("Hur många resor gjordes från Torget 2023?", "410"),
        ("Hur många resor gjordes från Torget 2024?", "520"),
        ("Hur lång var väntetiden i Björkvik?", "25"),
        ("Hur många resor blev det totalt 2024?", "640"),
        ("How many trips were made from Torget in 2024?", "520"),
        ("Hur många resor gjordes från Björkvik 2024?", None),  # a dash tells nothing
        ("Hur många resor gjordes från Torget 2019?", None),  # no such year
        ("Hur många resor gjordes?", None),  # no row is meant more than another
        ("Vem kör bussen från Torget 2023?", None),  # a number is no person
    ],
)
def test_the_cell_is_where_row_and_column_say_what_is_asked(question: str, value: str | None) -> None:
    (table,) = tables_in(TEXT)
    cell = cell_asked(asked(question), TEXT, table)
    assert (TEXT[cell.start : cell.end] if cell else None) == value


def test_columns_between_tabs_and_units_in_labels() -> None:
    (table,) = tables_in(TABBED)
    cell = cell_asked(asked("Vad kostade vintervägarna 2023?"), TABBED, table)
    assert cell is not None and TABBED[cell.start : cell.end] == "11,8"
    assert cell_asked(asked("Vad kostade sanden i kronor 2023?"), TABBED, table) is None  # tons are no money


def test_rows_without_labels_above_them_are_no_table() -> None:
    assert not list(tables_in("Förskolan\t65\t48\nGrundskolan\t80\t75\n"))
    assert not list(tables_in("En mening | med ett streck.\n"))


def read_in_table(question: str) -> WindowReading:
    source = Source("k", "K.txt", "Badbussar")
    passage = Passage(Chunk("c", "k", 0, TEXT, Locator(0, len(TEXT))), source, 1.0)
    at, outside = TEXT.index("520"), TEXT.index("augusti")
    read = WindowReading(
        (SpanCandidate(at, at + 3, 1.0, 0.4), SpanCandidate(outside, outside + 7, 0.5, 0.2)), 0.0, 0.8
    )
    return of_tables(asked(question), passage, read)


def test_what_the_reader_found_in_a_table_is_moved_to_the_cell() -> None:
    best = read_in_table("Hur många resor gjordes från Torget 2023?").candidates[0]
    assert TEXT[best.start : best.end] == "410" and best.labels == "Torget, Resor 2023"
    assert best.probability >= 0.4


def test_a_table_that_does_not_speak_of_what_is_asked_is_doubted() -> None:
    read = read_in_table("Hur många cyklister olyckor skadade barn rapporterades vid Torget 2023?")
    assert not any(each.labels for each in read.candidates)
    assert max(each.probability for each in read.candidates) <= 0.2
