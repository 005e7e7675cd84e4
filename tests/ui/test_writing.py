"""Questions over real HTTP while a chat model is writing, itself over real HTTP."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

from rag.assistant import Assistant
from rag.settings import Settings
from tests.chat_server import chat_server
from tests.ui.serving import serve_in_thread

SLOW = "När började Skärholmen med samlokalisering?"


def test_others_are_answered_while_a_model_is_writing(example_settings: Settings) -> None:
    asked, done = threading.Semaphore(0), threading.Event()

    def script(prompt: str) -> str:
        if SLOW in prompt:
            asked.release()
            done.wait(60)
        return "SAKNAS"

    with chat_server(script) as (url, _), ThreadPoolExecutor(3) as others:
        update = {"model": "openai:scripted", "model_base_url": url}
        assistant = Assistant.open(example_settings.model_copy(update=update))
        running = serve_in_thread(assistant)
        served = next(running)

        def ask(question: str) -> int:
            return served.http.post("/api/ask", json={"question": question}, timeout=60).status_code

        slow = [others.submit(ask, SLOW) for _ in range(3)]
        assert all(asked.acquire(timeout=60) for _ in slow)
        assert ask("Vilket år blev Skärholmen först med samlokalisering?") == 200
        assert not any(one.done() for one in slow)
        done.set()
        assert [one.result(60) for one in slow] == [200, 200, 200]
        running.close()
