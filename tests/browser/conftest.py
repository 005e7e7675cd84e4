"""A real Chromium, and two real servers: the product over the example documents, and one with scripted answers.

Screenshots of what the tests see are kept in ``build/screenshots``.
"""

from __future__ import annotations

import functools
import http.server
import os
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests.ui.serving import Served, serve_in_thread
from tests.ui.stand_in import StandIn

ROOT = Path(__file__).parents[2]
SHOTS = ROOT / "build" / "screenshots"
FLAGS = (
    "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync --force-color-profile=srgb"
).split()
ENVIRONMENT = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1"}
Open = Callable[..., Page]


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    names = ("chromium", "chromium-browser", "google-chrome")
    program = next((found for name in names if (found := shutil.which(name))), None)
    if program is None:
        pytest.skip(
            "no Chromium found: install it (Debian: apt-get install chromium) to run the browser tests"
        )
    SHOTS.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=program, args=FLAGS)
        yield found
        found.close()


class Product:
    """The real server, with what it connected to."""

    def __init__(self, address: str, connections: Path) -> None:
        self.address = address
        self.connections = connections


def stadsvar(log: Path, *arguments: str) -> list[str]:
    """The command line that runs ``stadsvar``, watched."""
    return [sys.executable, str(Path(__file__).with_name("watched.py")), str(log), *arguments]


@pytest.fixture(scope="session")
def index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An index over the example documents."""
    folder = tmp_path_factory.mktemp("product")
    command = stadsvar(
        folder / "ingest.log", "ingest", str(ROOT / "evals" / "corpus"), "--index", str(folder / "index")
    )
    done = subprocess.run(command, cwd=ROOT, env=ENVIRONMENT, capture_output=True, text=True, timeout=600)
    assert done.returncode == 0, done.stderr
    return folder / "index"


@pytest.fixture(scope="session")
def host_page() -> Iterator[tuple[str, Path]]:
    """Another site: its address and its folder."""
    folder = SHOTS.parent / "host-page"
    folder.mkdir(parents=True, exist_ok=True)

    class Quiet(http.server.SimpleHTTPRequestHandler):
        def log_message(self, format: str, *args: object) -> None:
            pass

    server = http.server.ThreadingHTTPServer(
        ("127.0.0.1", 0), functools.partial(Quiet, directory=str(folder))
    )
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://localhost:{server.server_port}", folder
    server.shutdown()
    thread.join()


@pytest.fixture(scope="session")
def product(index: Path, host_page: tuple[str, Path]) -> Iterator[Product]:
    """``stadsvar serve`` over the example documents, warmed."""
    log = index.parent / "serve.log"
    command = stadsvar(log, "serve", "--index", str(index), "--port", "0")
    environment = ENVIRONMENT | {"STADSVAR_EMBED_ORIGINS": host_page[0]}
    process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        address = process.stdout.readline().split()[1]
        deadline = time.monotonic() + 300
        while httpx.get(f"{address}/api/health", trust_env=False, timeout=60).json()["status"] == "warming":
            assert time.monotonic() < deadline, "the models were not loaded in time"
            time.sleep(0.3)
        yield Product(address, log)
    finally:
        process.terminate()
        process.wait(20)


@pytest.fixture(scope="session")
def scripted(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A server whose answers are written down in advance."""
    yield from serve_in_thread(StandIn(tmp_path_factory.mktemp("scripted")))


@pytest.fixture
def open_page(browser: Browser) -> Iterator[Open]:
    """Opens pages; at the end no request may have gone to another host and no script may have failed."""
    contexts: list[BrowserContext] = []
    outside: list[str] = []
    failures: list[str] = []

    def opened(address: str, *, allowed: tuple[str, ...] = (), **options: object) -> Page:
        options = {"viewport": {"width": 1280, "height": 860}, **options}
        context = browser.new_context(**options)  # type: ignore[arg-type]
        contexts.append(context)
        hosts = tuple(one.rstrip("/") + "/" for one in (_origin(address), *allowed))
        context.on(
            "request", lambda request: None if _local(request.url, hosts) else outside.append(request.url)
        )
        context.on("weberror", lambda error: failures.append(str(error.error)))
        page = context.new_page()
        page.goto(address)
        return page

    yield opened
    for context in contexts:
        context.close()
    assert outside == []
    assert failures == []


def _origin(address: str) -> str:
    return "/".join(address.split("/")[:3])


def _local(url: str, hosts: tuple[str, ...]) -> bool:
    return url.startswith((*hosts, "data:", "blob:", "about:"))


def ask(page: Page, question: str, turn: int) -> None:
    """Asks a question and waits for its answer."""
    page.get_by_role("textbox").fill(question)
    page.keyboard.press("Enter")
    page.wait_for_selector(f"#turn-{turn} .sv-answer", timeout=120_000)


def ready(page: Page) -> None:
    """Waits until the chat listens."""
    page.wait_for_selector(".sv-nav[data-live]", timeout=30_000)


def shot(page: Page, name: str) -> None:
    """Keeps a screenshot to look at."""
    page.wait_for_timeout(350)
    page.screenshot(path=SHOTS / f"{name}.png")
