"""The API over real HTTP: its contract, its limits, who may use it."""

from __future__ import annotations

import threading
from pathlib import Path

import httpx
import pytest

from rag.domain import Answer, AnswerStatus
from tests.ui.serving import INTRANET, Served
from tests.ui.stand_in import StandIn
from ui.asking import MAX_QUESTION, Questions, TooBusy
from ui.security import MAX_BODY

KEYS = {"answer", "short_answer", "status", "language", "citations", "latency_ms"}
CITATION_KEYS = {"number", "source", "title", "page", "heading", "quote", "start", "end"}


def test_an_answer_has_the_keys_that_scripts_depend_on(served: Served) -> None:
    answer = served.http.post("/api/ask", json={"question": "När startade läxhjälpen?"}).json()

    assert set(answer) == KEYS
    assert answer["short_answer"] == "4 mars 2021" and answer["status"] == "answered"
    (citation,) = answer["citations"]
    assert set(citation) == CITATION_KEYS
    text = served.assistant.catalog.reading_text("report-1")
    assert text[citation["start"] : citation["end"]] == citation["quote"]


def test_history_and_filters_taken_away_reach_the_assistant(served: Served) -> None:
    body = {
        "question": "Varför inte?",
        "history": ["Vilka stödde motionen?"],
        "without": [{"field": "year", "value": "2021"}],
    }
    assert served.http.post("/api/ask", json=body).status_code == 200

    question, history, without = served.assistant.asked[-1]
    assert (question, history) == ("Varför inte?", ("Vilka stödde motionen?",))
    assert [(chip.field, chip.value) for chip in without] == [("year", "2021")]


@pytest.mark.parametrize(
    ("body", "status", "about"),
    [
        (b"{not json", 400, "JSON"),
        (b"", 422, "JSON object"),
        (b'["x"]', 422, "JSON object"),
        (b"{}", 422, "question"),
        (b'{"question": "   "}', 422, "question"),
        (b'{"question": 7}', 422, "question"),
        (b'{"question": "x", "model": "y"}', 422, "model"),
        (b'{"question": "x", "history": "y"}', 422, "history"),
        (b'{"question": "' + b"x" * (MAX_QUESTION + 1) + b'"}', 422, "question"),
        (b'{"question": "' + b"x" * MAX_BODY + b'"}', 413, "larger"),
    ],
)
def test_a_request_that_cannot_be_used_is_told_why(
    served: Served, body: bytes, status: int, about: str
) -> None:
    answer = served.http.post("/api/ask", content=body, headers={"content-type": "application/json"})

    assert answer.status_code == status
    assert set(answer.json()) == {"error"} and set(answer.json()["error"]) == {"code", "message"}
    assert about in answer.json()["error"]["message"]


def test_a_body_that_is_not_sent_as_json_is_told_how(served: Served) -> None:
    headers = {"content-type": "application/x-www-form-urlencoded"}  # what curl -d sends
    answer = served.http.post("/api/ask", content=b'{"question": "x"}', headers=headers)

    assert answer.status_code == 422
    assert "Content-Type: application/json" in answer.json()["error"]["message"]


def test_a_body_that_hides_its_size_is_refused_too(served: Served) -> None:
    parts = (b" " * 65536 for _ in range(8))
    assert served.http.post("/api/ask", content=parts).status_code == 413


def test_a_failure_is_told_without_its_inner_details(served: Served) -> None:
    answer = served.http.post("/api/ask", json={"question": "fel"})

    assert answer.status_code == 500
    assert answer.json()["error"]["code"] == "internal" and "secret" not in answer.text


def test_what_the_operator_must_mend_is_told_in_the_log_alone(
    served: Served, caplog: pytest.LogCaptureFixture
) -> None:
    answer = served.http.post("/api/ask", json={"question": "spärrat"})

    assert answer.status_code == 503
    assert answer.json()["error"]["code"] == "unavailable" and "secret" not in answer.text
    assert "/secret/path cannot be read" in caplog.text


def test_health_says_what_the_assistant_says(served: Served) -> None:
    assert served.http.get("/api/health").json() == {"status": "ok", "sources": 2}


def test_other_methods_and_paths_are_errors_of_the_same_form(served: Served) -> None:
    assert served.http.get("/api/ask").json()["error"]["code"] == "http_error"
    assert served.http.get("/api/nothing").status_code == 404


def test_only_listed_origins_may_use_the_api_from_a_browser(served: Served) -> None:
    def preflight(origin: str, path: str = "/api/ask") -> httpx.Response:
        headers = {"Origin": origin, "Access-Control-Request-Method": "POST"}
        return served.http.options(
            path, headers={**headers, "Access-Control-Request-Headers": "content-type"}
        )

    assert preflight(INTRANET).headers["access-control-allow-origin"] == INTRANET
    for origin in ("https://elsewhere.example", "null", f"{INTRANET}.evil.example"):
        assert "access-control-allow-origin" not in preflight(origin).headers
        asked = served.http.post("/api/ask", json={"question": "x"}, headers={"Origin": origin})
        assert "access-control-allow-origin" not in asked.headers
    for path in ("/gradio_api/queue/join", "/config", "/"):
        assert "access-control-allow-origin" not in preflight(INTRANET, path).headers


@pytest.mark.parametrize("path", ["/", "/document/report-1", "/collection", "/api/health", "/nothing"])
def test_every_page_may_be_framed_by_listed_origins_only(served: Served, path: str) -> None:
    headers = served.http.get(path).headers

    assert f"frame-ancestors 'self' {INTRANET}" in headers["content-security-policy"]
    assert "*" not in headers["content-security-policy"] and "http:" not in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize(
    "path",
    [
        "/gradio_api/upload",
        "/gradio_api/file=/etc/passwd",
        "/gradio_api/proxy=https://example.se",
        "/monitoring",
    ],
)
def test_routes_of_gradio_that_the_chat_does_not_use_are_shut(served: Served, path: str) -> None:
    assert served.http.get(path).status_code == 404
    assert served.http.post(path).status_code == 404


def test_more_questions_than_places_wait_and_then_hear_that_it_is_busy(tmp_path: Path) -> None:
    questions = Questions(StandIn(tmp_path, pause=0.3), at_once=1, patience=0.1)
    first = questions.steps("Hej!")
    next(first)

    with pytest.raises(TooBusy):
        questions.ask("Hej!")
    *_, answer = first
    assert isinstance(answer, Answer) and answer.status is AnswerStatus.SMALLTALK
    assert questions.ask("Hej!").status is AnswerStatus.SMALLTALK


def test_a_question_keeps_to_one_thread_and_ends_when_nobody_listens(tmp_path: Path) -> None:
    class Watching(StandIn):
        threads: list[str]

        def steps(self, *args, **kwargs):  # type: ignore[no-untyped-def]
            self.threads = []
            for step in super().steps(*args, **kwargs):
                self.threads.append(threading.current_thread().name)
                yield step

    assistant = Watching(tmp_path)
    questions = Questions(assistant, at_once=1, patience=5)
    questions.ask("Hej!")
    assert len(set(assistant.threads)) == 1 and assistant.threads[0] != threading.current_thread().name

    abandoned = questions.steps("Hej!")
    next(abandoned)
    abandoned.close()  # type: ignore[attr-defined]
    assert questions.ask("Hej!").status is AnswerStatus.SMALLTALK  # its place is free again
