"""The head of a protokoll: where it ends, and the line that names the body that met."""

from __future__ import annotations

import re

from ingest.lines import lines_of
from ingest.opening import Opening
from rag.folding import fold

_LONGEST = 8000  # characters; minutes of large assemblies list a hundred people before the first §
_LINES = 15  # among which the body is named
_BODY = re.compile(
    r"(?:[\w-]+s )?(?:[\w-]+,? ){0,4}?[\w-]*(?:utskott|namnd|namnden|styrelse|styrelsen|fullmaktige|beredning"
    r"|beredningen|utskottet)"
)
_CELLS = re.compile(r"\t|\s{2,}")
FORM = re.compile(r"\b(?:signatur|utdragsbestyrkande|sida|samm?antr[aä]desprot[o0]koll|bevis om)\b")


def head_end(opening: Opening) -> int:
    """Where the matters begin: at the first heading of a §, or of the table of contents."""
    ends = (h.start for h in opening.headings if h.role in {"paragraph", "contents"})
    return min([*ends, len(opening.text), _LONGEST])


def meeting_body(opening: Opening) -> tuple[int, int] | None:
    """Where the head names the body that met, in a line or a table's cell of its own."""
    for line in lines_of(opening.text[: head_end(opening)])[:_LINES]:
        lowered = line.text.lower()
        cell = _CELLS.split(FORM.sub("\t", lowered).strip())[0]  # beside it: the date, the page
        if cell and _BODY.fullmatch(fold(cell)):
            start = line.start + lowered.find(cell)
            return start, start + len(cell)
    return None
