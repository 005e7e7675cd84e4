"""Everything beside the chat: the API, the document view, the collection, downloads, the embed script."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any

from fastapi import APIRouter, FastAPI, Query, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse, JSONResponse, Response
from pydantic import BaseModel, ConfigDict, Field, StringConstraints
from starlette.exceptions import HTTPException
from starlette.staticfiles import StaticFiles

from rag.domain import QuestionFilter
from rag.errors import StadsvarError
from rag.settings import Settings
from ui.answer_json import answer_json
from ui.asking import MAX_HISTORY, MAX_QUESTION, Assistant, Questions, TooBusy
from ui.corrections import correction_routes
from ui.export import collection_table, csv_bytes, docx_bytes, facts_table, overview_table
from ui.labels import language_of, texts
from ui.page_images import page_image_routes
from ui.render import document_html, message_html, render
from ui.shelf import Shelf

STATIC = Path(__file__).parent / "static"
_DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_log = logging.getLogger(__name__)

Line = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=MAX_QUESTION)]
Offset = Annotated[int | None, Query(ge=0)]


class FilterBody(BaseModel):
    """A filter that shall not be applied."""

    model_config = ConfigDict(extra="forbid")

    field: Annotated[str, Field(max_length=50)]
    value: Annotated[str, Field(max_length=300)]


class AskBody(BaseModel):
    """The body of ``POST /api/ask``; ``history`` holds the earlier questions, oldest first."""

    model_config = ConfigDict(extra="forbid")

    question: Line
    history: Annotated[list[Line], Field(max_length=MAX_HISTORY)] = []
    without: Annotated[list[FilterBody], Field(max_length=20)] = []


def add_routes(
    app: FastAPI,
    assistant: Assistant,
    questions: Questions,
    shelf: Shelf,
    warming: Callable[[], bool],
    settings: Settings,
) -> None:
    """Adds all routes and the JSON form of every error."""
    app.include_router(_api(assistant, questions, warming))
    app.include_router(_pages(assistant, corrections=settings.corrections))
    app.include_router(page_image_routes(assistant))
    if settings.corrections:
        app.include_router(correction_routes(assistant, settings))
    app.include_router(_downloads(assistant, shelf))
    app.mount("/ui", StaticFiles(directory=STATIC), name="ui")
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _http_error)
    app.add_exception_handler(StadsvarError, _stadsvar_error)


def error_json(status: int, code: str, message: str, **headers: str) -> JSONResponse:
    """The one form that errors of the API have."""
    return JSONResponse({"error": {"code": code, "message": message}}, status, headers)


def _api(assistant: Assistant, questions: Questions, warming: Callable[[], bool]) -> APIRouter:
    router = APIRouter(prefix="/api")

    @router.post("/ask")
    def ask(body: AskBody) -> Response:
        without = [QuestionFilter(one.field, one.value) for one in body.without]
        try:
            answer = questions.ask(body.question, body.history, without)
        except TooBusy:
            return error_json(
                503, "busy", "Too many questions at once: try again in a moment.", **{"Retry-After": "5"}
            )
        except StadsvarError:
            raise
        except Exception:  # noqa: BLE001 - the outermost boundary: the cause goes to the log, not to the caller
            _log.exception("A question over the API failed")
            return error_json(
                500, "internal", "The question could not be answered because of a fault in the service."
            )
        return JSONResponse(answer_json(answer))

    @router.get("/health")
    def health() -> dict[str, Any]:
        return {**assistant.health(), **({"status": "warming"} if warming() else {})}

    # Whatever else is asked for under /api would reach Gradio, which answers everything with a page.
    @router.api_route("/{rest:path}", methods=["GET", "POST", "PUT", "PATCH", "DELETE"])
    def nothing_here(rest: str) -> None:
        raise HTTPException(405 if rest in {"ask", "health"} else 404)

    return router


def _pages(assistant: Assistant, *, corrections: bool) -> APIRouter:
    router = APIRouter(default_response_class=HTMLResponse)

    @router.get("/document/{source_id}")
    def document(
        source_id: str, start: Offset = None, end: Offset = None, language: str = "sv", text: str = ""
    ) -> HTMLResponse:
        chosen = language_of(language)
        source = assistant.catalog.source(source_id)
        if source is None:
            return HTMLResponse(message_html("document_not_found", chosen), 404)
        mark = (start, end) if start is not None and end is not None and start < end else None
        shown = document_html(
            assistant.catalog, source, chosen, mark, original=text == "original", corrections=corrections
        )
        return HTMLResponse(shown)

    @router.get("/collection")
    def collection(language: str = "sv") -> HTMLResponse:
        return HTMLResponse(render("collection", language_of(language), sources=assistant.catalog.sources()))

    return router


def _downloads(assistant: Assistant, shelf: Shelf) -> APIRouter:
    router = APIRouter()

    @router.get("/collection.csv")
    def collection_csv(language: str = "sv") -> Response:
        table = collection_table(assistant.catalog.sources(), language_of(language))
        return _file(csv_bytes(table), "text/csv; charset=utf-8", "stadsvar-handlingar.csv")

    @router.get("/facts.csv")
    def facts_csv(language: str = "sv") -> Response:
        table = facts_table(assistant.catalog.sources(), language_of(language))
        return _file(csv_bytes(table), "text/csv; charset=utf-8", "stadsvar-uppgifter.csv")

    @router.get("/export/{key}.{form}")
    def export(key: str, form: str, language: str = "sv") -> Response:
        chosen = language_of(language)
        kept = shelf.get(key)
        if kept is None or form not in {"csv", "docx"} or (form == "csv" and kept.answer.overview is None):
            return HTMLResponse(message_html("export_gone", chosen), 404)
        if form == "csv":
            return _file(
                csv_bytes(overview_table(kept.answer, chosen)), "text/csv; charset=utf-8", "stadsvar.csv"
            )
        return _file(docx_bytes(kept.question, kept.answer, chosen), _DOCX, "stadsvar.docx")

    @router.get("/embed.js")
    def embed() -> Response:
        wanted = ("embed_open", "embed_close", "embed_frame")
        found = {language: {key: texts(language)[key] for key in wanted} for language in ("sv", "en")}
        script = (STATIC / "embed.js").read_text(encoding="utf-8")
        script = script.replace("__TEXTS__", json.dumps(found, ensure_ascii=False))
        return Response(script, media_type="text/javascript", headers={"Cache-Control": "max-age=3600"})

    return router


def _file(content: bytes, media_type: str, name: str) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(content, media_type=media_type, headers=headers)


def _invalid(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    first = error.errors()[0]
    place = ".".join(str(part) for part in first["loc"] if part != "body")
    if first["loc"] == ("body",):
        return error_json(
            422, "invalid", "The body must be a JSON object, sent as Content-Type: application/json."
        )
    if first["type"] == "json_invalid":
        return error_json(400, "invalid_json", "The body is not JSON.")
    return error_json(422, "invalid", f"{place}: {first['msg']}" if place else str(first["msg"]))


def _http_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    if request.url.path.startswith("/api/"):
        return error_json(error.status_code, "http_error", str(error.detail))
    language = language_of(request.query_params.get("language"))
    return HTMLResponse(message_html("page_not_found", language), error.status_code)


def _stadsvar_error(request: Request, error: Exception) -> Response:
    """Our errors name files and settings of this machine: they are for its operator, not for who asks."""
    _log.error("%r could not be answered: %s", request.url.path, error)
    if request.url.path.startswith("/api/"):
        return error_json(503, "unavailable", "The service cannot answer now; its log tells why.")
    return HTMLResponse(message_html("error_text", language_of(request.query_params.get("language"))), 503)
