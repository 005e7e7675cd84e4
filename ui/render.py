"""HTML from values, through Jinja templates that escape everything put into them."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape

from prompts.texts import phrases
from rag.domain import Answer, Citation, Language, Source
from ui import labels
from ui.asking import MAX_QUESTION, Documents
from ui.conversation import Conversation, Turn
from ui.document_view import lay_out
from ui.examples import example_questions
from ui.prose import blocks, says_only
from ui.surroundings import Surroundings, around

STAGES = ("search", "read", "write")
# Shown instead of an answer's own badge: an ordinary answer needs none.
_PLAIN = {"answered", "smalltalk"}


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("ui"),
        autoescape=select_autoescape(default_for_string=True, default=True),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals.update(
        labels=labels,
        blocks=blocks,
        says_only=says_only,
        stages=STAGES,
        plain_statuses=_PLAIN,
        max_question=MAX_QUESTION,
    )
    return environment


def render(template: str, language: Language, **values: Any) -> str:
    """``ui/templates/<template>.html`` with the interface's texts as ``t``."""
    found: Mapping[str, str] = phrases("ui", language)
    return _environment().get_template(f"{template}.html").render(t=found, language=language, **values)


def header(language: Language, count: int, *, live: bool) -> str:
    """The page's top: name, link to the collection, language switch."""
    return render("header", language, count=count, live=live)


def conversation_html(
    conversation: Conversation, sources: tuple[Source, ...], *, warming: bool = False
) -> str:
    """All turns, or the welcome with example questions before the first."""
    language = conversation.language
    if conversation.turns:
        return render("conversation", language, conversation=conversation)
    return render(
        "welcome", language, examples=example_questions(sources, language), empty=not sources, warming=warming
    )


def panel_html(conversation: Conversation, documents: Documents) -> str:
    """The cards of every answer's citations, one group per turn, the latest shown."""
    groups = [(turn, cards(turn.answer, documents)) for turn in conversation.turns if not turn.running]
    return render("panel", conversation.language, groups=groups)


def cards(answer: Answer | None, documents: Documents) -> tuple[tuple[Citation, Surroundings], ...]:
    """Each citation with its surroundings; a source that is gone since then shows its quote alone."""
    found = []
    for citation in answer.citations if answer else ():
        try:
            text = documents.reading_text(citation.source.id)
        except KeyError:
            found.append((citation, Surroundings("", citation.quote, "", False, False)))
            continue
        if text[citation.start : citation.end] == citation.quote:
            found.append((citation, around(text, citation.start, citation.end)))
        else:
            found.append((citation, Surroundings("", citation.quote, "", False, False)))
    return tuple(found)


def announcement(conversation: Conversation) -> str:
    """What a screen reader is told about the latest turn."""
    if not conversation.turns:
        return ""
    turn = conversation.turns[-1]
    return render("announcement", conversation.language, turn=turn, said=_said(turn, conversation.language))


def _said(turn: Turn, language: Language) -> str:
    found = phrases("ui", language)
    if turn.running:
        return found["progress_" + (turn.stage if turn.stage in STAGES else "waiting")]
    if turn.answer is None:
        return found[{"busy": "busy_text", "stopped": "stopped"}.get(turn.trouble, "error_text")]
    answer = turn.answer
    count = found["sources_link"].format(n=len(answer.citations))
    return f"{found[f'status_{answer.status}']}. {answer.text} {count}"


def message_html(key: str, language: Language) -> str:
    """A page that says one thing, with the way back; ``key`` names the text."""
    return render("message", language, message=phrases("ui", language)[key])


def document_html(
    documents: Documents,
    source: Source,
    language: Language,
    mark: tuple[int, int] | None,
    *,
    original: bool = False,
    corrections: bool = False,
) -> str:
    """The document view. ``original`` shows the text before repair, without marks; ``corrections`` offers to
    correct what was not read well."""
    raw = documents.original_text(source.id)
    if original and raw is not None:
        laid_out = lay_out(raw)
    else:
        laid_out = lay_out(
            documents.reading_text(source.id), source.pages, documents.chunks_of(source.id), mark
        )
    return render(
        "document",
        language,
        source=source,
        blocks_of_text=laid_out,
        marked=mark is not None,
        has_original=raw is not None,
        original=original and raw is not None,
        correctable=labels.correctable(source) if corrections else (),
    )
