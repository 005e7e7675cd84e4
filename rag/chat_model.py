"""The operator's chat model, through LangChain: a prompt in, its reply as it comes, within a time for the whole."""

from __future__ import annotations

import asyncio
import queue
import threading
import time
from collections.abc import Callable, Generator
from contextlib import aclosing
from functools import cache
from typing import TYPE_CHECKING, Any, cast

from rag.errors import ModelError
from rag.settings import Settings

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel


class ChatModel:
    """A LangChain chat model that has ``seconds`` for a whole reply. Safe to use from threads.

    A client's own timeout counts from one piece to the next, so that a model that drips never meets it.
    """

    def __init__(self, model: BaseChatModel, seconds: float) -> None:
        self._model = model
        self._seconds = seconds

    def stream(self, text: str) -> Generator[str, None, None]:
        """The pieces of the reply to ``text``. Closing the iterator ends the request, also while it is silent.

        Raises ModelError when the model does not answer, or not to the end in time.
        """
        said: queue.SimpleQueue[str | None] = queue.SimpleQueue()
        reply = asyncio.run_coroutine_threadsafe(self._say(text, said.put), _loop())
        until = time.monotonic() + self._seconds
        try:
            while (piece := said.get(timeout=_left(until))) is not None:
                yield piece
            reply.result()
        except queue.Empty:
            raise ModelError(
                f"The chat model was not done within {self._seconds:g} seconds (STADSVAR_MODEL_TIMEOUT)"
            ) from None
        finally:
            reply.cancel()

    async def _say(self, text: str, said: Callable[[str | None], None]) -> None:
        try:
            async with aclosing(cast("Any", self._model.astream(text))) as chunks:
                async for chunk in chunks:
                    said(str(chunk.text))
        except Exception as error:  # every provider has its own; all mean: no answer
            reason = " ".join(f"{type(error).__name__}: {error}".split())
            raise ModelError(f"The chat model did not answer ({reason})") from error
        finally:
            said(None)


def _left(until: float) -> float:
    """The seconds until then. Raises queue.Empty when there are none, also where more has been said already."""
    left = until - time.monotonic()
    if left <= 0:
        raise queue.Empty
    return left


@cache
def _loop() -> asyncio.AbstractEventLoop:
    """Where requests run that can be ended at any moment; one for all, since clients keep their connections."""
    loop = asyncio.new_event_loop()
    threading.Thread(target=loop.run_forever, name="chat-model", daemon=True).start()
    return loop


def open_chat_model(settings: Settings) -> ChatModel:
    """The chat model of ``STADSVAR_MODEL``. Raises ModelError naming the remedy."""
    from langchain.chat_models import init_chat_model

    # No second try: after the timeout the extractive answer stands, and nobody waits twice as long for it.
    options: dict[str, Any] = {"timeout": settings.model_timeout, "max_retries": 0, "temperature": 0}
    if settings.model_base_url:
        options["base_url"] = settings.model_base_url
    if settings.model_api_key:
        options["api_key"] = settings.model_api_key.get_secret_value()
    elif settings.model_base_url:
        options["api_key"] = "none"  # local servers want no key, their clients want one
    try:
        model = cast("BaseChatModel", init_chat_model(settings.model, **options))
    except ImportError as error:
        raise ModelError(
            f"STADSVAR_MODEL={settings.model} needs a package that is missing: {error}"
        ) from None
    except Exception as error:  # every provider has its own, for a key that is missing for example
        key = "" if "api_key" in options else " (STADSVAR_MODEL_API_KEY is unset)"
        reason = " ".join(str(error).split())
        raise ModelError(f"STADSVAR_MODEL={settings.model} cannot be used{key}: {reason}") from error
    return ChatModel(model, settings.model_timeout)
