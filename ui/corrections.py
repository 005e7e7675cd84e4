"""Correcting by hand what was read on a page, beside the page's picture; only where the settings allow it."""

from __future__ import annotations

import hashlib
from typing import Annotated
from urllib.parse import quote_plus, urlsplit

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from ingest.corrections import WHOLE
from rag.domain import Language, Source
from rag.errors import IndexLocked, UnreadableFile
from rag.settings import Settings
from ui.asking import Assistant, Documents
from ui.labels import correctable, document_link, language_of
from ui.render import message_html, render
from ui.security import MAX_BODY


def correction_routes(assistant: Assistant, settings: Settings) -> APIRouter:
    """The form for a page, and what it sends."""
    router = APIRouter()
    documents = assistant.catalog

    @router.get("/document/{source_id}/correct/{number}")
    def form(source_id: str, number: int, language: str = "sv") -> Response:
        chosen = language_of(language)
        source = documents.source(source_id)
        if source is None or number not in correctable(source):
            return _message("page_not_found", chosen, 404)
        text = _text(documents, source, number)
        if len(quote_plus(text)) > 0.9 * MAX_BODY:
            return _message("correct_too_long", chosen, 413)
        return _form(source, number, chosen, text, _mark(text))

    @router.post("/document/{source_id}/correct/{number}")
    def save(
        request: Request,
        source_id: str,
        number: int,
        text: Annotated[str, Form()] = "",
        seen: Annotated[str, Form()] = "",
        language: str = "sv",
    ) -> Response:
        chosen = language_of(language)
        source = documents.source(source_id)
        if source is None or number not in correctable(source) or not _from_our_page(request):
            return _message("page_not_found", chosen, 404)
        if seen != _mark(_text(documents, source, number)):
            return _form(source, number, chosen, text, seen, "correct_overtaken", 409)
        try:
            _save(settings, source_id, number, text)
        except IndexLocked:
            return _form(source, number, chosen, text, seen, "correct_busy", 409)
        except UnreadableFile:
            return _form(source, number, chosen, text, seen, "correct_empty", 422)
        place = f"#page-{number}" if len(source.pages) > 1 else ""
        return RedirectResponse(document_link(source_id, chosen) + place, 303)

    return router


def _save(settings: Settings, source_id: str, number: int, text: str) -> None:
    from ingest.correct import correct
    from rag.index import Index

    index = Index.open(settings, writable=True)
    try:
        correct(index, source_id, {number: text})
    finally:
        index.close()


def _text(documents: Documents, source: Source, number: int) -> str:
    text = documents.reading_text(source.id)
    if number == WHOLE:
        return text
    return next(text[page.start : page.end] for page in source.pages if page.number == number)


def _mark(text: str) -> str:
    """Tells one text from another: nobody shall write over what somebody else corrected meanwhile."""
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _from_our_page(request: Request) -> bool:
    """Whether a form of ours was sent and not one on another site."""
    site = request.headers.get("sec-fetch-site")
    if site:
        return site == "same-origin"
    origin = request.headers.get("origin")
    return origin is None or urlsplit(origin).netloc == request.headers.get("host")


def _form(
    source: Source,
    number: int,
    language: Language,
    text: str,
    seen: str,
    trouble: str = "",
    status: int = 200,
) -> HTMLResponse:
    shown = render(
        "correct", language, source=source, number=number, text=text, seen=seen, trouble=trouble, whole=WHOLE
    )
    return HTMLResponse(shown, status)


def _message(key: str, language: Language, status: int) -> HTMLResponse:
    return HTMLResponse(message_html(key, language), status)
