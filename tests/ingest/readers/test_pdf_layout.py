"""What PDFium gives, put right: hyphens, lines that it runs together, heads along the side of a page."""

from __future__ import annotations

import pytest

from ingest.readers import read_bytes
from ingest.readers.glyphs import _returns
from ingest.readers.layout import Line, Sheet, without_running_lines
from tests.ingest.readers import made


def test_pdf_hyphens_stay_in_their_lines() -> None:
    # A hyphen drawn as a soft one, as some office programs do.
    lines = [(70, 700, 11, "Vi gör bistånds\xad"), (70, 686, 11, "bedömningar den 2018\xad06\xad04.")]
    reading = read_bytes("a.pdf", made.pdf([lines]))
    assert "Vi gör biståndsbedömningar\nden 2018-06-04." in reading.text


def test_running_lines_along_the_side_are_left_out() -> None:
    sheets = [
        Sheet(
            (Line("Text", 70, 400, 90, 410), Line(f"{n}Plan för bygden", side, 25, side + 12, 170, 14)),
            842,
            595,
        )
        for n, side in enumerate((5, 570, 5, 570), 1)
    ]
    kept = [[line.text for line in sheet.lines] for sheet in without_running_lines(sheets)]
    assert kept == [["Text", "1Plan för bygden"], ["Text"], ["Text"], ["Text"]]


def test_points_of_a_list_that_pdfium_runs_together_are_lines() -> None:
    assert [_returns((50, 100, 56, 110), box) for box in ((42, 86, 48, 96), (58, 90, 60, 96))] == [
        True,
        False,
    ]


@pytest.mark.parametrize("turned", [0, 90, 180, 270])
def test_pages_that_are_shown_turned_are_read_as_shown(turned: int) -> None:
    lines = [(70, 480, 18, "Bilaga"), *made.lines(made.PARAGRAPH, top=440)]
    rows = [(70, 300, 11, "Norra nämnden"), (300, 300, 11, "tillstyrker")]
    reading = read_bytes("a.pdf", made.pdf([[*lines, *rows]], turned))
    paragraph = "\n".join(line for *_, line in made.lines(made.PARAGRAPH))
    assert reading.text == f"Bilaga\n\n{paragraph}\n\nNorra nämnden\ttillstyrker"
    assert reading.headings == ((0, 6, 1),)
