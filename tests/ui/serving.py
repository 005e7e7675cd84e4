"""A real server over real HTTP, with the stand-in assistant behind it."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import dataclass

import httpx
import uvicorn

from rag.settings import Settings
from tests.ui.stand_in import StandIn
from ui.server import bind, create_app

INTRANET = "https://intranet.example.se"


@dataclass(frozen=True)
class Served:
    """A running server."""

    address: str
    assistant: StandIn
    http: httpx.Client


def serve_in_thread(assistant: StandIn, *origins: str) -> Iterator[Served]:
    """Runs the application until the test is done with it."""
    listener = bind("127.0.0.1", 0)
    app = create_app(assistant, Settings(embed_origins=origins))
    server = uvicorn.Server(uvicorn.Config(app, log_level="warning", timeout_graceful_shutdown=1))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
    thread.start()
    address = f"http://127.0.0.1:{listener.getsockname()[1]}"
    try:
        with httpx.Client(base_url=address, timeout=20, trust_env=False) as client:
            yield Served(address, assistant, client)
    finally:
        server.should_exit = True
        thread.join()
        listener.close()
