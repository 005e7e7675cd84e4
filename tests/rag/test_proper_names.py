"""Names that no document mentions."""

import pytest

from rag.assistant import Assistant
from rag.proper_names import names_nowhere
from rag.question import analyse


@pytest.mark.parametrize(
    ("asked", "language", "missing"),
    [
        ("How many preschools does Gothenburg have?", "en", ("Gothenburg",)),
        ("Does Malmö's council own buses?", "en", ("Malmö",)),
        ("What did the European Social Fund pay?", "en", ()),
        ("Hur många förskolor har Göteborg?", "sv", ("Göteborg",)),
        ("What happened in 1957?", "en", ("1957",)),
        ("What does a stall cost in Grönköping?", "en", ("Grönköping",)),
    ],
)
def test_a_place_or_year_that_no_document_mentions(
    assistant: Assistant, asked: str, language: str, missing: tuple[str, ...]
) -> None:
    question = analyse(asked, language, assistant.gazetteer)  # type: ignore[arg-type]
    assert names_nowhere(question, assistant.catalog) == missing
