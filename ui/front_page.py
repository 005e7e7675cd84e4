"""Gradio's page made ours: its language, title and styles in place from the first byte, its link-preview tags
(which name outside hosts) taken away."""

from __future__ import annotations

import re
from html import escape
from urllib.parse import parse_qs

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ui.labels import language_of, texts

_PREVIEWS = re.compile(r"<meta\s+(?:property|name)=\"(?:og|twitter):[^>]*?/>", re.DOTALL)
_MANIFEST = re.compile(r"<link rel=\"manifest\"[^>]*>")
_HEAD = """<title>{title}</title>
<meta name="description" content="{tagline}">
<meta name="color-scheme" content="light dark">
<link rel="icon" href="ui/icon.svg" type="image/svg+xml">
<link rel="stylesheet" href="ui/base.css">
<link rel="stylesheet" href="ui/chat.css">
<script src="ui/chat.js"></script>
</head>"""


def dress(page: str, language: str) -> str:
    """Gradio's HTML page with our head."""
    found = texts(language_of(language))
    page = _MANIFEST.sub("", _PREVIEWS.sub("", page))
    page = page.replace('lang="en"', f'lang="{language_of(language)}"', 1)
    head = _HEAD.format(title=escape(found["page_title"]), tagline=escape(found["tagline"]))
    return page.replace("</head>", head, 1)


class FrontPage:
    """Dresses the page at ``/``; everything else passes untouched."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"] != "/":
            await self._app(scope, receive, send)
            return
        asked = parse_qs(scope["query_string"].decode("latin-1")).get("language", ["sv"])[0]
        plain = [(name, value) for name, value in scope["headers"] if name != b"accept-encoding"]
        page = _Page(send, asked)
        await self._app({**scope, "headers": plain}, receive, page.collect)


class _Page:
    """Collects one response and sends it on dressed."""

    def __init__(self, send: Send, language: str) -> None:
        self._send = send
        self._language = language
        self._start: Message = {}
        self._body = b""

    async def collect(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self._start = message
            return
        self._body += message.get("body", b"")
        if message.get("more_body"):
            return
        headers = [
            (name, value) for name, value in self._start["headers"] if name.lower() != b"content-length"
        ]
        if any(name.lower() == b"content-type" and value.startswith(b"text/html") for name, value in headers):
            self._body = dress(self._body.decode("utf-8"), self._language).encode("utf-8")
        headers.append((b"content-length", str(len(self._body)).encode()))
        await self._send({**self._start, "headers": headers})
        await self._send({"type": "http.response.body", "body": self._body})
