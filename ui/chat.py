"""The chat as a Gradio app: its events on one side, the conversation's HTML on the other."""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Any, TypeVar

from rag.domain import Answer, QuestionFilter
from rag.errors import StadsvarError
from ui.asking import MAX_QUESTION, Assistant, Questions, TooBusy
from ui.conversation import Conversation, Trouble, Turn
from ui.labels import language_of, texts
from ui.render import announcement, conversation_html, header, panel_html
from ui.shelf import Shelf

if TYPE_CHECKING:
    import gradio as gr

Handler = TypeVar("Handler", bound=Callable[..., object])
_log = logging.getLogger(__name__)
# Buttons in our own HTML say what they do in data-event; Gradio knows one event for all of them.
_ON_CLICK = """element.addEventListener('click', event => {
  const button = event.target.closest('[data-event]');
  if (button) trigger('act', {...button.dataset});
});"""
# The header also asks for the page's language and its present state once, when the page opens.
_ON_HEADER = _ON_CLICK + "window.stadsvar.start(language => trigger('act', {event: 'language', language}));"
_AT_ONCE = 16  # more than are answered at once, so that a question that waits is shown as waiting
_WAITING = 64


class Chat:
    """What happens on each event; ``shown`` says what of the page changes."""

    def __init__(
        self, assistant: Assistant, questions: Questions, shelf: Shelf, warming: Callable[[], bool]
    ) -> None:
        self._assistant = assistant
        self._questions = questions
        self._shelf = shelf
        self._warming = warming

    def shown(self, conversation: Conversation) -> tuple[Conversation, str, str, str]:
        """The state, the conversation's HTML, the panel's, and what a screen reader hears."""
        catalog = self._assistant.catalog
        talk = conversation_html(conversation, catalog.sources(), warming=self._warming())
        return conversation, talk, panel_html(conversation, catalog), announcement(conversation)

    def header(self, conversation: Conversation, *, live: bool = True) -> str:
        """The page's top; ``live`` when an event of this visit made it, not the page as it was built."""
        return header(conversation.language, len(self._assistant.catalog.sources()), live=live)

    def ask(self, question: str, conversation: Conversation) -> Iterator[Conversation]:
        """A new question, from its first state to its answer."""
        question = " ".join(str(question).split())[:MAX_QUESTION]
        if question:
            asked = conversation.stop().ask(question)
            yield from self.answer(asked, asked.turns[-1])

    def answer(self, conversation: Conversation, turn: Turn) -> Iterator[Conversation]:
        """The states of the conversation while ``turn`` is being answered."""
        yield conversation.put(turn)
        try:
            for step in self._questions.steps(turn.question, conversation.history(turn.number), turn.without):
                turn = self._stepped(turn, step)
                yield conversation.put(turn)
        except TooBusy:
            yield conversation.put(_troubled(turn, "busy"))
        except StadsvarError as error:
            _log.error("A question in the chat could not be answered: %s", error)
            yield conversation.put(_troubled(turn, "internal"))
        except Exception:  # noqa: BLE001 - the outermost boundary: the cause goes to the log, not to the page
            _log.exception("A question in the chat failed")
            yield conversation.put(_troubled(turn, "internal"))

    def _stepped(self, turn: Turn, step: Any) -> Turn:
        if isinstance(step, Answer):
            return replace(turn, answer=step, export=self._shelf.put(turn.question, step))
        return replace(turn, stage=str(step.stage), draft=str(step.draft))

    def act(self, data: dict[str, Any], conversation: Conversation) -> Iterator[Conversation]:
        """A click on a button in our HTML. What comes from the browser is not trusted to make sense."""
        event, number = data.get("event"), str(data.get("turn", ""))
        if event == "ask":
            yield from self.ask(str(data.get("question", "")), conversation)
        elif (
            event in {"again", "without"} and number.isdigit() and 1 <= int(number) <= len(conversation.turns)
        ):
            dropped = (
                QuestionFilter(str(data.get("field")), str(data.get("value"))) if event == "without" else None
            )
            again = conversation.stop().ask_again(int(number), dropped)
            yield from self.answer(again, again.turns[int(number) - 1])


def _troubled(turn: Turn, trouble: Trouble) -> Turn:
    return replace(turn, trouble=trouble, answer=None)


def _with_event(handler: Handler) -> Handler:
    """Gradio passes event data by annotation, and could not resolve one that is imported in a function."""
    import gradio as gr

    handler.__annotations__["event"] = gr.EventData
    return handler


def build(chat: Chat) -> gr.Blocks:
    """The Gradio page. Nothing in it reports to anyone or loads from anywhere else."""
    os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"
    os.environ["HF_HUB_DISABLE_TELEMETRY"] = "1"
    import gradio as gr

    start = Conversation()
    found = texts(start.language)
    page: gr.Blocks
    with gr.Blocks(title=found["page_title"], analytics_enabled=False, fill_width=True) as page:
        state = gr.State(start)
        top = gr.HTML(
            chat.header(start, live=False),
            elem_id="sv-header",
            js_on_load=_ON_HEADER,
            apply_default_css=False,
        )
        with gr.Row(elem_id="sv-main"):
            with gr.Column(elem_id="sv-talk"):
                talk = gr.HTML(
                    chat.shown(start)[1],
                    elem_id="sv-conversation",
                    js_on_load=_ON_CLICK,
                    apply_default_css=False,
                )
                with gr.Row(elem_id="sv-composer"):
                    question = gr.Textbox(
                        label=found["question_label"],
                        placeholder=found["question_placeholder"],
                        lines=1,
                        max_lines=6,
                        max_length=MAX_QUESTION,
                        elem_id="sv-ask",
                        container=False,
                        autofocus=False,
                    )
                    send = gr.Button(found["send"], variant="primary", elem_id="sv-send")
                    stop = gr.Button(found["stop"], elem_id="sv-stop")
                with gr.Row(elem_id="sv-under"):
                    hint = gr.HTML(found["composer_hint"], elem_id="sv-hint", apply_default_css=False)
                    clear = gr.Button(found["clear"], elem_id="sv-clear")
            panel = gr.HTML(chat.shown(start)[2], elem_id="sv-panel", apply_default_css=False)
        said = gr.HTML("", elem_id="sv-said", apply_default_css=False)
        shown = [state, talk, panel, said]
        quiet: Any = {"show_progress": "hidden", "api_visibility": "private"}
        busy: Any = {**quiet, "concurrency_limit": _AT_ONCE, "concurrency_id": "ask"}

        def on_ask(text: str, conversation: Conversation) -> Iterator[tuple[Any, ...]]:
            for now in chat.ask(text, conversation):
                yield "", *chat.shown(now)

        @_with_event
        def on_act(conversation: Conversation, event: gr.EventData) -> Iterator[tuple[Any, ...]]:
            for now in chat.act(dict(event._data or {}), conversation):
                yield chat.shown(now)

        @_with_event
        def on_language(conversation: Conversation, event: gr.EventData) -> tuple[Any, ...]:
            language = language_of((event._data or {}).get("language"))
            now, t = replace(conversation, language=language), texts(language)
            return (
                *chat.shown(now),
                chat.header(now),
                gr.update(label=t["question_label"], placeholder=t["question_placeholder"]),
                *(t[name] for name in ("send", "stop", "clear", "composer_hint")),
            )

        asking = gr.on([question.submit, send.click], on_ask, [question, state], [question, *shown], **busy)
        acting = talk.act(on_act, [state], shown, **busy)
        stop.click(lambda now: chat.shown(now.stop()), [state], shown, cancels=[asking, acting], **quiet)
        clear.click(
            lambda now: chat.shown(Conversation(language=now.language)),
            [state],
            shown,
            cancels=[asking, acting],
            **quiet,
        )
        top.act(on_language, [state], [*shown, top, question, send, stop, clear, hint], **quiet)
    page.queue(max_size=_WAITING, default_concurrency_limit=_AT_ONCE, api_open=False)
    return page
