"""What every response and request must keep to: who may frame us, what a page may load, how much may be sent.

Pure ASGI, since the chat streams its answers and a buffering middleware would hold them back.
"""

from __future__ import annotations

import json
from collections.abc import Sequence

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

MAX_BODY = 256 * 1024  # bytes
API = "/api/"
# Gradio evaluates its components' templates, hence 'unsafe-eval'; no host but our own is ever allowed.
_CHAT_POLICY = (
    "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self'; object-src 'none'; "
    "base-uri 'self'; form-action 'self'"
)
_PAGE_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "base-uri 'none'; form-action 'self'"
)
_OWN_PAGES = ("/document/", "/collection", "/facts.csv", "/export/", "/ui/", "/embed.js", API)
# The parts of Gradio that the chat uses; uploads, file and proxy routes, monitoring and the rest stay shut.
_GRADIO = (
    "/assets/",
    "/static/",
    "/svelte/",
    "/theme.css",
    "/config",
    "/gradio_api/queue/",
    "/gradio_api/heartbeat/",
    "/gradio_api/startup-events",
    "/gradio_api/info",
    "/gradio_api/cancel",
    "/gradio_api/reset",
)
_OWN_FILES = ("/robots.txt", "/favicon.ico", "/manifest.json")


class SecurityHeaders:
    """Adds the security headers, and keeps cross-origin permissions to the API."""

    def __init__(self, app: ASGIApp, embed_origins: Sequence[str] = ()) -> None:
        self._app = app
        self._ancestors = "; frame-ancestors " + " ".join(("'self'", *embed_origins))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        path: str = scope["path"]

        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                self._guard(path, MutableHeaders(scope=message))
            await send(message)

        await self._app(scope, receive, guarded)

    def _guard(self, path: str, headers: MutableHeaders) -> None:
        policy = _PAGE_POLICY if path.startswith(_OWN_PAGES) else _CHAT_POLICY
        headers["Content-Security-Policy"] = policy + self._ancestors
        headers["X-Content-Type-Options"] = "nosniff"
        headers["Referrer-Policy"] = "same-origin"
        headers["Permissions-Policy"] = "camera=(), geolocation=(), microphone=()"
        if path.startswith("/ui/") or path == "/embed.js":
            # Other pages load the embed script; it holds nothing secret.
            headers["Cross-Origin-Resource-Policy"] = "cross-origin"
        if not path.startswith(API):
            for name in [name for name in headers if name.lower().startswith("access-control-")]:
                del headers[name]


class RequestLimits:
    """Refuses bodies over ``MAX_BODY`` bytes and every Gradio route that the chat does not use."""

    def __init__(self, app: ASGIApp, max_body: int = MAX_BODY) -> None:
        self._app = app
        self._max_body = max_body

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        path: str = scope["path"]
        if not is_open(path):
            await _refuse(send, 404, "not_found", "There is nothing at this address.")
            return
        body = await self._body(scope, receive)
        if body is None:
            await _refuse(send, 413, "too_large", f"The request is larger than {self._max_body} bytes.")
            return
        await self._app(scope, _replay(body, receive), send)

    async def _body(self, scope: Scope, receive: Receive) -> bytes | None:
        """The whole body, or None as soon as it is too large."""
        if scope["method"] in {"GET", "HEAD", "OPTIONS"}:
            return b""
        declared = Headers(scope=scope).get("content-length", "0")
        if declared.isdigit() and int(declared) > self._max_body:
            return None
        body: bytes = b""
        while True:
            message = await receive()
            if message["type"] != "http.request":
                return body
            body += message.get("body", b"")
            if len(body) > self._max_body:
                return None
            if not message.get("more_body"):
                return body


def is_open(path: str) -> bool:
    """Whether anything answers at ``path``."""
    return path == "/" or path.startswith((*_OWN_PAGES, *_GRADIO)) or path in _OWN_FILES


def _replay(body: bytes, receive: Receive) -> Receive:
    given = False

    async def replayed() -> Message:
        nonlocal given
        if not given:
            given = True
            return {"type": "http.request", "body": body, "more_body": False}
        return await receive()  # what comes later is the client's going away

    return replayed


async def _refuse(send: Send, status: int, code: str, message: str) -> None:
    body = json.dumps({"error": {"code": code, "message": message}}).encode()
    headers = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
