"""Beside each citation stands how its own page was read, not how the worst page of its source was."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from rag.domain import Citation, OcrGrade, Page, Source
from ui.render import render
from ui.surroundings import Surroundings

PAGES = (
    Page(1, 0, 9),
    Page(2, 9, 19, OcrGrade.POOR, "ocr"),
    Page(3, 19, 29, OcrGrade.READABLE, "repaired"),
    Page(4, 29, 39, OcrGrade.GOOD, "ocr"),
)


@pytest.mark.parametrize(
    ("page", "told"),
    [
        (1, None),
        (2, ("Inskannad, svårläst", "tolkad från en bild")),
        (3, ("Inskannad, läsbar", "rättad av programmet")),
        (4, ("Väl läsbar", "tolkad från en bild")),
    ],
)
def test_each_citation_tells_how_its_page_was_read(page: int, told: tuple[str, str] | None) -> None:
    source = Source("id", "plan.pdf", "En plan", grade=OcrGrade.POOR, method="ocr", pages=PAGES)
    citation = Citation(1, source, "Ja.", 0, 3, page=page)
    turn = SimpleNamespace(number=1, question="Vad?")
    shown = render("panel", "sv", groups=[(turn, [(citation, Surroundings("", "Ja.", "", False, False))])])
    assert ("sv-ocr" in shown) is (told is not None)
    assert all(words in shown for words in told or ())
