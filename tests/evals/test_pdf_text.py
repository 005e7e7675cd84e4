"""The measure of how true to their pages PDFs are read."""

from __future__ import annotations

from pathlib import Path

import pytest

from evals.cases import QuestionRow
from evals.pdf_text import Read, SectionRow, letters, measured, quote_on_page, run
from ingest.readers import read_bytes
from tests.ingest.readers import made

DATA = Path(__file__).parents[3] / "shared" / "data"
PAGES = [
    [
        (70, 740, 11, "§ 4"),
        (70, 712, 11, "Gården på Ängsvägen"),
        (70, 680, 11, "Beslut"),
        *made.lines("Nämnden antar planen.", top=660),
    ],
    [(70, 740, 11, "§ 5"), (70, 712, 11, "Anmälningar"), (70, 680, 11, "Handlingar")],
]


def quote(text: str, page: int) -> QuestionRow:
    return QuestionRow(id=text, question=text, passage_id=f"d-p{page:03}", answers=(text,))


def test_quotes_count_on_their_own_page_only() -> None:
    reading = read_bytes("a.pdf", made.pdf(PAGES))
    assert quote_on_page({"d": reading}, quote("Nämnden  antar\nplanen.", 1))
    assert not quote_on_page({"d": reading}, quote("Nämnden antar planen.", 2))
    assert not quote_on_page({"d": reading}, quote("Nämnden, antar planen.", 1))
    assert quote_on_page({"d": reading}, quote("Nämnden, antar planen.", 1), letters)


def test_sections_need_number_title_page_and_decision() -> None:
    reading = read_bytes("a.pdf", made.pdf(PAGES))
    rows = [
        SectionRow(
            id=f"s{par}", doc_id="d", par=par, title=title, page_start=page, parts={"Beslut": decision}
        )
        for par, title, page, decision in (
            (4, "Gården på Ängsvägen", 1, "Nämnden antar planen."),
            (5, "Anmälningar", 2, "Nämnden noterar anmälningarna."),
            (6, "Anmälningar", 2, ""),
        )
    ]
    report = measured([Read("d", reading, 0.1), Read("lost", None, 0.1, "is empty")], [], rows, {})
    assert report["sections_missed"] == ["s5", "s6"]
    assert (report["sections_headed"], report["sections_decided"]) == (2 / 3, 2 / 3)
    assert report["documents"][1]["grade"] == "unread"


@pytest.mark.skipif(not (DATA / "nacka_handlingar").is_dir(), reason="shared/data is not beside the project")
def test_municipal_pdfs_reach_the_target() -> None:
    report = run(DATA, only=("nacka-14", "nacka-20", "nacka-38"))
    assert report["quotes_verbatim_on_page"] == 1.0
    assert report["sections_recognised"] >= 0.95
