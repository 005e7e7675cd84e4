"""The document view, the collection, downloads and the embed script, over real HTTP."""

from __future__ import annotations

import csv
import io
import re
from html.parser import HTMLParser

import pytest
from docx import Document

from rag.domain import Language
from tests.ui.serving import Served
from tests.ui.stand_in import HOSTILE, REPORT, REPORT_ID, SCAN_ID
from ui.asking import Questions
from ui.chat import Chat
from ui.conversation import Conversation
from ui.shelf import Shelf


class Elements(HTMLParser):
    """Collects tags, marked text and attributes that run code."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.handlers: list[str] = []
        self.marked = ""
        self._in_mark = False
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.handlers += [name for name, _ in attrs if name.startswith("on")]
        self._in_mark |= tag == "mark"

    def handle_endtag(self, tag: str) -> None:
        self._in_mark &= tag != "mark"

    def handle_data(self, data: str) -> None:
        self.marked += data if self._in_mark else ""


def test_the_document_opens_at_the_passage(served: Served) -> None:
    quote = "avstyrker motionen, eftersom medel saknas i budgeten"
    start = REPORT.index(quote)
    page = served.http.get(f"/document/{REPORT_ID}", params={"start": start, "end": start + len(quote)}).text

    assert Elements(page).marked == quote
    assert page.count('id="quote"') == 1
    for shown in ("Södra stadsdelsnämnden", "2023-08-24", "SSN 2023/14", "Sida 2", "Inskannad, läsbar"):
        assert shown in page
    assert re.search(r"<h2[^>]*>Förvaltningens synpunkter</h2>", page)


def test_a_repaired_document_shows_its_grade_and_its_original(served: Served) -> None:
    page = served.http.get(f"/document/{SCAN_ID}").text
    assert "Inskannad, svårläst" in page and "stadsde1en" not in page

    assert "stadsde1en" in served.http.get(f"/document/{SCAN_ID}", params={"text": "original"}).text


@pytest.mark.parametrize("query", ["start=5", "start=9&end=3", "start=99999999&end=999999999"])
def test_a_passage_that_is_not_there_still_opens_the_document(served: Served, query: str) -> None:
    page = served.http.get(f"/document/{REPORT_ID}?{query}")
    assert page.status_code == 200 and "<mark" not in page.text


def test_an_unknown_document_is_explained(served: Served) -> None:
    page = served.http.get("/document/gone?language=en")
    assert page.status_code == 404 and "not in the collection" in page.text


def test_a_wrong_offset_is_an_error_and_no_traceback(served: Served) -> None:
    assert served.http.get(f"/document/{REPORT_ID}?start=-1&end=x").status_code == 422


def test_hostile_text_stays_text_on_every_page(served: Served) -> None:
    ours = {"script": 1}  # the page's own
    for path in (f"/document/{REPORT_ID}", "/collection"):
        page = Elements(served.http.get(path).text)
        assert not page.handlers and "img" not in page.tags and "b" not in page.tags
        assert page.tags.count("script") == ours["script"]


def chat(served: Served, shelf: Shelf) -> Chat:
    return Chat(served.assistant, Questions(served.assistant), shelf, lambda: False)


@pytest.mark.parametrize("language", ["sv", "en"])
def test_hostile_questions_and_answers_stay_text_in_the_chat(served: Served, language: Language) -> None:
    talk = chat(served, Shelf())
    states = list(talk.ask(HOSTILE, Conversation(language=language)))
    for state in states:
        _, *pieces = talk.shown(state)
        for piece in pieces:
            found = Elements(piece)
            assert not found.handlers and not {"script", "img"} & set(found.tags)
    assert states[-1].turns[0].answer is not None


def test_an_overview_downloads_as_csv_and_word(served: Served) -> None:
    shelf = Shelf()
    key = shelf.put("Vilka stödde motionen?", served.assistant.script["Vilka stödde motionen?"])
    from ui.export import csv_bytes, docx_bytes, overview_table

    kept = shelf.get(key)
    assert kept is not None
    content = csv_bytes(overview_table(kept.answer, "sv"))
    rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig")), delimiter=";"))
    assert rows[0] == ["Nämnd", "Ståndpunkt", "Datum", "Källa", "Citat"]
    assert rows[2][:3] == ["Södra stadsdelsnämnden", "Avstyrker", "2023-08-24"]
    assert rows[3][:2] == ["'=Östra stadsdelsnämnden", "Inget svar i samlingen"]  # no formula in Excel

    document = Document(io.BytesIO(docx_bytes(kept.question, kept.answer, "sv")))
    assert document.tables[0].rows[3].cells[0].text == "=Östra stadsdelsnämnden"
    assert any("avstyrker motionen" in paragraph.text for paragraph in document.paragraphs)


def test_a_download_that_is_no_longer_kept_is_explained(served: Served) -> None:
    page = served.http.get("/export/unknown.csv")
    assert page.status_code == 404 and "Ställ frågan igen" in page.text


def test_the_shelf_forgets_the_oldest(served: Served) -> None:
    shelf = Shelf(capacity=2)
    keys = [shelf.put(str(n), served.assistant.script["annat"]) for n in range(3)]
    assert shelf.get(keys[0]) is None and shelf.get(keys[2]) is not None


def test_the_collection_is_listed_and_exported(served: Served) -> None:
    assert "Remissvar om läxhjälp" in served.http.get("/collection?language=en").text
    rows = served.http.get("/collection.csv").content.decode("utf-8-sig").splitlines()
    assert len(rows) == 3 and rows[0].startswith("Handling;Nämnd;Typ")
    facts = served.http.get("/facts.csv").content.decode("utf-8-sig").splitlines()
    assert facts[1].split(";")[:6] == [
        "Svar på motion om fler läxhjälpsgrupper",
        "Södra stadsdelsnämnden",
        "Ståndpunkt",
        "avstyrker",
        "förvaltningen",
        "1",
    ]


def test_the_embed_script_has_its_texts_and_no_secret(served: Served) -> None:
    script = served.http.get("/embed.js")
    assert script.headers["content-type"].startswith("text/javascript")
    assert "__TEXTS__" not in script.text and "Fråga handlingarna" in script.text
    assert script.headers["cross-origin-resource-policy"] == "cross-origin"


def test_the_front_page_names_no_outside_host(served: Served) -> None:
    page = served.http.get("/?language=en").text
    assert '<html\n\tlang="en"' in page or 'lang="en"' in page[:200]
    head = page[: page.index("window.gradio_config")]
    assert "http://" not in head and "https://" not in head
