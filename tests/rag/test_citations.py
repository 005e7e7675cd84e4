from rag.citations import cite, verified
from rag.domain import Answer, AnswerStatus, Overview, OverviewRow, Source
from tests.rag.texts import Texts

TEXT = "Nämnden sade nej. Motionen avslås."
SOURCE = Source("s1", "svar.txt", "Svar")
TEXTS = Texts({"s1": TEXT})


def answer(text: str, *citations, overview=None) -> Answer:
    return Answer(text, AnswerStatus.ANSWERED, "sv", citations=citations, overview=overview)


def test_a_quote_that_is_not_the_slice_loses_its_citation_and_marker() -> None:
    good, bad = cite(1, SOURCE, TEXT, 0, 17), cite(2, SOURCE, TEXT.replace("avslås", "bifalls"), 18, 35)
    checked = verified(answer("Nej [1]. Bifall [2].", good, bad), TEXTS)
    assert [c.quote for c in checked.citations] == ["Nämnden sade nej."]
    assert "[2]" not in checked.text


def test_citations_are_renumbered_from_one_and_unused_ones_go() -> None:
    first, second = cite(1, SOURCE, TEXT, 0, 17), cite(2, SOURCE, TEXT, 18, 34)
    checked = verified(answer("Avslag [2]", first, second), TEXTS)
    assert checked.text == "Avslag [1]"
    assert [(c.number, c.quote) for c in checked.citations] == [(1, "Motionen avslås.")]


def test_table_rows_keep_their_citations() -> None:
    overview = Overview("Svar", (OverviewRow("Bromma", "nej", citations=(2,)),))
    checked = verified(answer("En nämnd.", cite(2, SOURCE, TEXT, 0, 17), overview=overview), TEXTS)
    assert checked.overview and checked.overview.rows[0].citations == (1,)
