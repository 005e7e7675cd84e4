"""Correcting a reading in the browser's way, over real HTTP, and with the command."""

from __future__ import annotations

import html
import re
import threading
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
import uvicorn

from ingest.pipeline import ingest
from rag.assistant import Assistant
from rag.domain import Page, Source
from rag.index import Index
from rag.settings import Settings
from tests.ui.serving import Served
from ui.cli import main
from ui.labels import correctable, is_corrected
from ui.server import bind, create_app

READ = (
    "Beslut\n\nNamnden godkanner forslaget om Angsvagens forskola och overlamnar det till styrelsen som svar pa "
    "remissen. Forvaltningen anser att det ar bra for barnen nar forskolan byggs ut, men det tar tid.\n"
)
TRUE = "Beslut\n\nNämnden godkänner bollplanen <b>vid</b> Storängen."


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    folder = tmp_path_factory.mktemp("correct")
    (folder / "brev.txt").write_text(READ)
    (folder / "klar.md").write_text("# Svar\n\nNämnden tillstyrker förslaget.\n")
    opened = Settings(index=folder / "index", corrections=True)
    index = Index.open(opened, writable=True)
    ingest(index, [folder / "brev.txt", folder / "klar.md"])
    index.close()
    return opened


@pytest.fixture(scope="module")
def client(settings: Settings) -> Iterator[httpx.Client]:
    listener = bind("127.0.0.1", 0)
    app = create_app(Assistant.open(settings), settings)
    server = uvicorn.Server(uvicorn.Config(app, log_level="warning", timeout_graceful_shutdown=1))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
    thread.start()
    try:
        with httpx.Client(
            base_url=f"http://127.0.0.1:{listener.getsockname()[1]}", timeout=60, trust_env=False
        ) as http:
            yield http
    finally:
        server.should_exit = True
        thread.join()


def source_ids(settings: Settings) -> dict[str, str]:
    index = Index.open(settings)
    try:
        return {source.name: source.id for source in index.catalog.sources()}
    finally:
        index.close()


def field(page: str, pattern: str) -> str:
    found = re.search(pattern, page, re.DOTALL)
    assert found
    return html.unescape(found[1])


def test_a_reading_is_corrected_in_the_browser(client: httpx.Client, settings: Settings) -> None:
    address = f"/document/{source_ids(settings)['brev.txt']}"
    document = client.get(address).text
    assert f"{address}/correct/0" in document
    page = client.get(f"{address}/correct/0").text
    seen = field(page, 'name="seen" value="([^"]*)"')
    assert "förskola" in field(page, "<textarea[^>]*>\n(.*?)</textarea>")

    for headers in ({"Origin": "https://elsewhere.example"}, {"Sec-Fetch-Site": "cross-site"}):
        refused = client.post(f"{address}/correct/0", data={"text": TRUE, "seen": seen}, headers=headers)
        assert refused.status_code == 404
    empty = client.post(f"{address}/correct/0", data={"text": " \n", "seen": seen})
    assert empty.status_code == 422 and "Texten är tom" in empty.text

    writer = Index.open(settings, writable=True)
    busy = client.post(f"{address}/correct/0", data={"text": TRUE, "seen": seen})
    writer.close()
    assert (
        busy.status_code == 409 and "försök igen" in busy.text and html.escape(TRUE, quote=False) in busy.text
    )

    done = client.post(f"{address}/correct/0", data={"text": TRUE.replace("\n", "\r\n"), "seen": seen})
    assert done.status_code == 303 and done.headers["location"].startswith(address)
    shown = client.get(address).text
    assert "bollplanen &lt;b&gt;vid&lt;/b&gt; Storängen" in shown and "rättad för hand" in shown
    assert "Angsvagens" in client.get(f"{address}?text=original").text
    answer = client.post("/api/ask", json={"question": "Vad godkänner nämnden vid Storängen?"}).json()
    assert "Storängen" in str(answer["citations"])

    late = client.post(f"{address}/correct/0", data={"text": "Något annat.", "seen": seen})
    assert late.status_code == 409 and "Någon annan" in late.text


def test_what_was_read_well_is_not_for_correction(client: httpx.Client, settings: Settings) -> None:
    address = f"/document/{source_ids(settings)['klar.md']}"
    assert "/correct/" not in client.get(address).text
    assert client.get(f"{address}/correct/0").status_code == 404


def test_notes_tell_which_pages_were_corrected() -> None:
    pages = (Page(1, 0, 5, method="corrected"), Page(2, 5, 9, method="ocr"))
    source = Source("abc", "plan.pdf", "Plan", method="corrected", pages=pages)
    assert [is_corrected(source, number) for number in (1, 2, None)] == [True, False, False]
    assert correctable(source) == (1, 2)
    assert is_corrected(Source("abc", "brev.txt", "Brev", method="corrected"))


def test_nothing_can_be_corrected_unless_the_settings_say_so(served: Served) -> None:
    assert "/correct/" not in served.http.get("/document/scan-2").text
    assert served.http.post("/document/scan-2/correct/0", data={"text": "x"}).status_code in (404, 405)
    assert Settings().corrections is False


def test_the_command_writes_the_text_and_takes_it_back(
    settings: Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def run(*arguments: str) -> int:
        with pytest.raises(SystemExit) as ended:
            main(["correct", *arguments, "--index", str(settings.index)])
        return int(ended.value.code or 0)

    file = tmp_path / "text.txt"
    assert run("klar.md", "--to", str(file)) == 0
    assert run("klar.md", "--from", str(file)) == 0
    assert "nothing to correct" in capsys.readouterr().out
    file.write_text(file.read_text().replace("förslaget", "förslaget om gården"))
    assert run("klar.md", "--from", str(file)) == 0
    assert "klar.md: corrected" in capsys.readouterr().out
    assert run("okänd.md", "--to", str(file)) == 1
    assert "okänd.md is no document" in capsys.readouterr().err
    assert run("klar.md", "--from", str(tmp_path / "borta.txt")) == 1
