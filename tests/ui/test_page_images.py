"""Pages as pictures, over real HTTP, from files on disk."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from ingest.documents import make_document
from ingest.finding import PIPELINE, source_id_of
from ingest.readers import read_bytes
from rag.records import INSIDE, FileRecord
from tests.ingest.readers import made
from tests.ui.serving import Served, serve_in_thread
from tests.ui.stand_in import REPORT_ID, StandIn

PDF = made.pdf([made.lines(f"Sida {n}. {made.PARAGRAPH}") for n in (1, 2)])


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("files")


@pytest.fixture(scope="module")
def pages(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    assistant = StandIn(tmp_path_factory.mktemp("catalog"))
    catalog = assistant.catalog
    catalog.renew(PIPELINE)
    (folder / "plan.pdf").write_bytes(PDF)
    (folder / "arkiv.zip").write_bytes(made.archive({"mapp/bild.pdf": PDF + b"\n"}))
    for path, data in (
        (f"{folder}/plan.pdf", PDF),
        (f"{folder}/arkiv.zip{INSIDE}mapp/bild.pdf", PDF + b"\n"),
    ):
        source_id = source_id_of(data, PIPELINE)
        made_of = make_document(
            read_bytes("a.pdf", data), "a.pdf", source_id, lambda text: len(text) // 4, 250
        )
        catalog.commit([made_of], [FileRecord(path, source_id, len(data), 1)], ())
    yield from serve_in_thread(assistant)


def address(data: bytes, number: int, ending: str = "") -> str:
    return f"/document/{source_id_of(data, PIPELINE)}/page/{number}{ending}"


@pytest.mark.parametrize("data", [PDF, PDF + b"\n"], ids=["file", "in an archive"])
def test_a_page_is_a_picture(pages: Served, data: bytes) -> None:
    answer = pages.http.get(address(data, 2, ".png"))
    assert answer.headers["content-type"] == "image/png"
    picture = Image.open(BytesIO(answer.content))
    assert picture.width > 1000 and picture.convert("L").getextrema() == (0, 255)
    for name, value in {"x-content-type-options": "nosniff", "referrer-policy": "same-origin"}.items():
        assert answer.headers[name] == value
    assert "img-src 'self'" in answer.headers["content-security-policy"]


def test_the_page_leads_to_its_neighbours_and_its_text(pages: Served) -> None:
    page = pages.http.get(address(PDF, 1) + "?language=en").text
    assert f'src="{address(PDF, 1, ".png")}"' in page
    assert "Next page" in page and "Previous page" not in page and "#page-1" in page
    document = pages.http.get(f"/document/{source_id_of(PDF, PIPELINE)}").text
    assert document.count("Visa sidan som bild") == 2


def test_a_document_without_pages_offers_none(pages: Served) -> None:
    assert "Visa sidan som bild" not in pages.http.get(f"/document/{REPORT_ID}").text


@pytest.mark.parametrize("number", [0, 3, -1])
def test_a_page_that_is_not_there_is_explained(pages: Served, number: int) -> None:
    page = pages.http.get(address(PDF, number))
    assert page.status_code == 404 and "ingen sådan sida" in page.text
    assert pages.http.get(address(PDF, number, ".png")).status_code == 404


def test_a_file_that_is_gone_or_changed_is_explained(pages: Served, folder: Path) -> None:
    catalog = pages.assistant.catalog
    data = made.pdf([made.lines("En helt annan plan.")])
    path, source_id = folder / "annan.pdf", source_id_of(data, PIPELINE)
    document = make_document(read_bytes("a.pdf", data), "a.pdf", source_id, len, 250)
    catalog.commit([document], [FileRecord(str(path), source_id, len(data), 1)], ())
    gone = pages.http.get(address(data, 1))
    assert gone.status_code == 404 and "finns inte längre" in gone.text and str(folder) not in gone.text
    path.write_bytes(PDF)
    assert "has changed" in pages.http.get(address(data, 1) + "?language=en").text
    path.write_bytes(data)
    assert pages.http.get(address(data, 1, ".png")).status_code == 200


def test_citations_lead_to_the_picture_of_their_page() -> None:
    from rag.domain import Answer, AnswerStatus, Citation, Page, Source
    from ui.render import render
    from ui.surroundings import Surroundings

    source = Source("abc", "plan.pdf", "Plan", pages=(Page(1, 0, 9), Page(2, 9, 20)))
    answer = Answer(
        "Ja [1].", AnswerStatus.ANSWERED, "sv", citations=(Citation(1, source, "x", 9, 10, page=2),)
    )
    turn = type("Turn", (), {"number": 1, "question": "Vad?", "answer": answer})
    for shown, count in ((source, 1), (replace(source, name="plan.txt"), 0)):
        cards = [(replace(answer.citations[0], source=shown), Surroundings("", "x", "", False, False))]
        panel = render("panel", "sv", groups=[(turn, cards)])
        assert panel.count('href="/document/abc/page/2?language=sv"') == count
