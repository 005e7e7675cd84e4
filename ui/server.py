"""The web server: the chat, the routes beside it, and the background warm-up."""

from __future__ import annotations

import logging
import socket
import threading
from collections.abc import Callable
from contextlib import closing
from functools import partial
from typing import TYPE_CHECKING

from fastapi import FastAPI

from rag.errors import SettingsError, StadsvarError
from rag.reading import ReadingWindow
from rag.settings import Settings
from ui.asking import Assistant, Questions, closable
from ui.chat import Chat, build
from ui.front_page import FrontPage
from ui.routes import add_routes
from ui.security import RequestLimits, SecurityHeaders
from ui.shelf import Shelf

if TYPE_CHECKING:
    from rag.assistant import Assistant as RealAssistant

_log = logging.getLogger(__name__)
_FONTS = ("system-ui", "sans-serif")
_ANYTHING = "Vad beslutade nämnden?"


class Warming:
    """Loads the models in the background, so that the first question does not wait for them."""

    def __init__(self, warm: Callable[[], object]) -> None:
        self._warm = warm
        self._thread = threading.Thread(target=self._run, name="warm-up", daemon=True)

    def start(self) -> None:
        """Begins; returns at once."""
        self._thread.start()

    def __call__(self) -> bool:
        """Whether it is still going on."""
        return self._thread.is_alive()

    def _run(self) -> None:
        try:
            self._warm()
        except StadsvarError as error:
            _log.error("The models could not be loaded ahead of the first question: %s", error)
        except Exception:  # noqa: BLE001 - the outermost boundary of this thread; a question will show the error
            _log.exception("The models could not be loaded ahead of the first question")


def warm(assistant: RealAssistant) -> None:
    """Loads the embedding and the reading model by using both; nothing where the index is empty.

    The client of a chat model is loaded too, but the model is asked nothing. Raises StadsvarError.
    """
    if not assistant.sources():
        return
    assistant.warm()
    with closing(closable(assistant.steps(_ANYTHING))) as steps:
        next((step for step in steps if getattr(step, "stage", "") == "read"), None)
    assistant.reader.read(_ANYTHING, [ReadingWindow("", _ANYTHING)])
    if assistant.settings.model:
        _ = assistant.writer


def create_app(
    assistant: Assistant, settings: Settings, warming: Callable[[], bool] = lambda: False
) -> FastAPI:
    """The whole application. ``warming`` says whether the models are still being loaded."""
    questions, shelf = Questions(assistant), Shelf()
    page = build(Chat(assistant, questions, shelf, warming))
    import gradio as gr
    from starlette.middleware.cors import CORSMiddleware

    app = FastAPI(title="Stadsvar", docs_url=None, redoc_url=None, openapi_url=None)
    add_routes(app, assistant, questions, shelf, warming, settings)
    gr.mount_gradio_app(
        app,
        page,
        path="/",
        theme=gr.themes.Base(font=_FONTS, font_mono=("ui-monospace", "monospace")),
        footer_links=[],
        run_history=False,
        show_error=False,
        ssr_mode=False,
        enable_monitoring=False,
        pwa=False,
        mcp_server=False,
    )
    # The last one added is the outermost.
    app.add_middleware(FrontPage)
    app.add_middleware(
        CORSMiddleware,
        allow_origins=list(settings.embed_origins),
        allow_methods=["POST", "GET"],
        allow_headers=["content-type"],
    )
    app.add_middleware(RequestLimits)
    app.add_middleware(SecurityHeaders, embed_origins=settings.embed_origins)
    return app


def bind(host: str, port: int) -> socket.socket:
    """A listening socket. Raises SettingsError, naming the remedy, when the port cannot be had."""
    try:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        listener = socket.socket(family, socket.SOCK_STREAM)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
        listener.listen(128)
    except (OSError, OverflowError) as error:
        reason = getattr(error, "strerror", "ports go from 0 to 65535")
        raise SettingsError(
            f"Port {port} on {host} cannot be used ({reason}): stop what uses it or choose another with --port, "
            "or another address with --host"
        ) from None
    return listener


def serve(
    settings: Settings,
    *,
    host: str = "127.0.0.1",
    port: int = 7860,
    on_ready: Callable[[str], object] | None = None,
) -> None:
    """Serves until it is stopped. ``on_ready`` gets the address (it is shown if unset); port 0 takes any.

    Raises SettingsError when the port cannot be had, before anything is loaded, and IndexUnusable.
    """
    with closing(bind(host, port)) as listener:
        from rag.assistant import Assistant as RealAssistant

        assistant = RealAssistant.open(settings)
        warming = Warming(partial(warm, assistant))
        app = create_app(assistant, settings, warming)
        warming.start()  # not before: two threads that import at once hold each other up
        run(app, listener, on_ready or _announce)


def run(app: FastAPI, listener: socket.socket, on_ready: Callable[[str], object]) -> None:
    """Serves ``app`` on a listening socket until it is stopped."""
    import uvicorn

    host, port = listener.getsockname()[:2]
    on_ready(f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}")
    config = uvicorn.Config(app, log_level="warning", server_header=False, timeout_graceful_shutdown=3)
    uvicorn.Server(config).run(sockets=[listener])


def _announce(address: str) -> None:
    from rich.console import Console

    Console().print(f"Stadsvar: {address}  (Ctrl + C stops)", highlight=False, soft_wrap=True)
