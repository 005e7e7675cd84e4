"""A small OpenAI-compatible server that says what a script tells it to, over real HTTP."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

Script = Callable[[str], str]


@contextmanager
def chat_server(script: Script, pause: float = 0.0) -> Iterator[tuple[str, list[str]]]:
    """Yields the base URL and the prompts received so far; ``pause`` is the time between two words, in seconds.
    A script that raises RuntimeError gives a 500."""
    prompts: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            request = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            prompts.append(request["messages"][-1]["content"])
            try:
                reply = script(prompts[-1])
            except RuntimeError:
                self.send_error(500)
                return
            self.send_response(200)
            self.send_header("Content-Type", "text/event-stream")
            self.end_headers()
            with suppress(ConnectionError):  # nobody listens any more
                self._say(reply)

        def _say(self, reply: str) -> None:
            for number, word in enumerate(reply.split(" ")):
                time.sleep(pause if number else 0)
                self._event(
                    {"choices": [{"index": 0, "delta": {"role": "assistant", "content": word + " "}}]}
                )
            self._event({"choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]})
            self.wfile.write(b"data: [DONE]\n\n")

        def _event(self, body: dict[str, object]) -> None:
            chunk = {"id": "1", "object": "chat.completion.chunk", "created": 1, "model": "scripted", **body}
            self.wfile.write(f"data: {json.dumps(chunk)}\n\n".encode())

        def log_message(self, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/v1", prompts
    finally:
        server.shutdown()
        server.server_close()
