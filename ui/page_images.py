"""The pages of PDFs and scans as pictures, to compare with what was read on them."""

from __future__ import annotations

import threading
from collections import OrderedDict

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, Response

from ingest.originals import original
from ingest.readers.rendering import page_picture
from rag.errors import OriginalGone, UnreadableFile
from ui.asking import Assistant, Documents
from ui.labels import language_of
from ui.render import message_html, render

_KEPT = 32  # pictures, of some hundred kilobytes each
_HEADERS = {"Cache-Control": "private, max-age=3600"}


class PageImages:
    """Pictures of pages; the latest are kept. Safe to use from threads."""

    def __init__(self, documents: Documents, kept: int = _KEPT) -> None:
        self._documents = documents
        self._kept = kept
        self._pictures: OrderedDict[tuple[str, int], bytes] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, source_id: str, number: int) -> bytes:
        """Page ``number`` of a source, from 1, as PNG.

        Raises OriginalGone where the file is not what was read, and UnreadableFile where it has no such page.
        """
        key = source_id, number
        with self._lock:  # one at a time: a page takes a fraction of a second, a large file much memory
            if key not in self._pictures:
                file = original(self._documents, source_id)
                self._pictures[key] = page_picture(file.name, file.data, number)
            self._pictures.move_to_end(key)
            while len(self._pictures) > self._kept:
                self._pictures.popitem(last=False)
            return self._pictures[key]


def page_image_routes(assistant: Assistant) -> APIRouter:
    """A page as a picture, by itself and with the way to its neighbours and its text."""
    router = APIRouter()
    images = PageImages(assistant.catalog)

    @router.get("/document/{source_id}/page/{number}.png")
    def picture(source_id: str, number: int) -> Response:
        try:
            return Response(images.get(source_id, number), media_type="image/png", headers=_HEADERS)
        except (OriginalGone, UnreadableFile) as error:
            return Response(str(error), 404, media_type="text/plain")

    @router.get("/document/{source_id}/page/{number}")
    def page(source_id: str, number: int, language: str = "sv") -> HTMLResponse:
        chosen = language_of(language)
        source = assistant.catalog.source(source_id)
        if source is None:
            return HTMLResponse(message_html("document_not_found", chosen), 404)
        trouble = ""
        try:
            images.get(source_id, number)
        except OriginalGone as error:
            trouble = "page_image_changed" if error.changed else "page_image_gone"
        except UnreadableFile:
            trouble = "page_image_none"
        shown = render("page_image", chosen, source=source, number=number, trouble=trouble)
        return HTMLResponse(shown, 404 if trouble else 200)

    return router
