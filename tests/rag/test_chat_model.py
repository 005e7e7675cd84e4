"""A chat model over real HTTP: what it says is kept only where a passage supports it."""

import re
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest
from pydantic import SecretStr

from ingest.pipeline import ingest
from prompts import phrase
from rag.assistant import Assistant
from rag.chat_writer import draft, numbers, shared_words, statements, tidied
from rag.domain import AnswerStatus
from rag.errors import ModelError
from rag.index import Index
from rag.settings import Settings
from tests.chat_server import Script, chat_server

QUESTION = "När började Skärholmen med samlokalisering?"
UNWRITTEN = phrase("answers", "model_did_not_answer", "sv")


def with_model(settings: Settings, url: str, seconds: float = 60) -> Assistant:
    update = {"model": "openai:scripted", "model_base_url": url, "model_api_key": SecretStr("k")}
    return Assistant.open(settings.model_copy(update={**update, "model_timeout": seconds}))


def ask(settings: Settings, script: Script):
    with chat_server(script) as (url, prompts):
        return with_model(settings, url).ask(QUESTION), prompts


def mark_of(prompt: str, word: str) -> str:
    """The mark of the first extract that holds ``word``."""
    extracts = re.findall(r"^\[(k[0-9a-f]{4})\](.*?)(?=^\[k|\Z)", prompt, re.MULTILINE | re.DOTALL)
    return next(mark for mark, text in extracts if word in text)


def test_a_supported_statement_is_cited_with_a_verbatim_quote(example_settings: Settings) -> None:
    answer, prompts = ask(
        example_settings,
        lambda p: (
            f"Skärholmen var först med samlokaliserade socialsekreterare, från 2019 [{mark_of(p, '2019')}]."
        ),
    )
    assert answer.status is AnswerStatus.ANSWERED and answer.text.endswith("[1]")
    (citation,) = answer.citations
    assert "2019" in citation.quote
    assert QUESTION in prompts[0] and ".txt" not in prompts[0] and ".md" not in prompts[0]


@pytest.mark.parametrize(
    "reply",
    [
        "Skärholmen började 2019 [zz99].",  # a mark it made up
        "Skärholmen började 2019.",  # no mark
        "Katter sover gärna länge i solen {mark}.",  # nothing supports it
        "Skärholmen började 1987 {mark}.",  # a number that the passage does not hold
        "",
    ],
)
def test_unsupported_statements_leave_the_extractive_answer(example_settings: Settings, reply: str) -> None:
    plain = Assistant.open(example_settings).ask(QUESTION)
    answer, _ = ask(example_settings, lambda p: reply.replace("{mark}", f"[{mark_of(p, '2019')}]"))
    assert (answer.text, answer.citations) == (plain.text, plain.citations)


def test_a_model_that_fails_leaves_the_extractive_answer_which_says_so(example_settings: Settings) -> None:
    def fail(prompt: str) -> str:
        raise RuntimeError

    plain = Assistant.open(example_settings).ask(QUESTION)
    answer, _ = ask(example_settings, fail)
    assert answer.text == f"{plain.text}\n\n{UNWRITTEN}" and answer.citations == plain.citations


@pytest.mark.parametrize(("silence", "pause"), [(30, 0), (0, 0.1)])
def test_a_model_that_is_not_done_in_time_is_cut_off(
    example_settings: Settings, silence: float, pause: float
) -> None:
    """Neither one that says nothing nor one that drips, of which no single wait is long."""
    gone = threading.Event()

    def script(prompt: str) -> str:
        gone.wait(silence)
        return "ord " * 300

    with chat_server(script, pause) as (url, prompts):
        assistant = with_model(example_settings, url, seconds=1)
        assistant.warm()
        started = time.monotonic()
        answer = assistant.ask(QUESTION)
        taken = time.monotonic() - started
        gone.set()
    assert answer.text.endswith(UNWRITTEN) and answer.citations
    assert taken < 8 and len(prompts) == 1


def test_questions_are_answered_while_a_model_is_writing(example_settings: Settings) -> None:
    writing, done = threading.Event(), threading.Event()

    def script(prompt: str) -> str:
        if QUESTION in prompt:
            writing.set()
            assert done.wait(30)
        return f"Skärholmen började 2019 [{mark_of(prompt, '2019')}]."

    with chat_server(script) as (url, _), ThreadPoolExecutor(1) as others:
        assistant = with_model(example_settings, url)
        slow = others.submit(assistant.ask, QUESTION)
        assert writing.wait(60)
        answer = assistant.ask("Vilket år blev Skärholmen först med samlokalisering?")
        assert not slow.done()
        done.set()
        assert answer.text == slow.result(60).text == "Skärholmen började 2019. [1]"


def test_the_draft_grows_without_marks_and_the_answer_replaces_it(example_settings: Settings) -> None:
    def script(prompt: str) -> str:
        mark = mark_of(prompt, "2019")
        return f"Skärholmen började 2019 [{mark}, zz99 ]. Katter sover [9] gärna [k0000] länge i solen."

    with chat_server(script, pause=0.25) as (url, _):
        *progress, answer = with_model(example_settings, url).steps(QUESTION)
    drafts = [step.draft for step in progress if step.stage == "write"]
    assert len(drafts) > 4 and not any(set("[]") & set(text) for text in drafts)
    assert all(drafts[-1].startswith(text.rstrip(".")) for text in drafts)
    assert drafts[-1] == "Skärholmen började 2019. Katter sover gärna länge i solen."
    assert answer.text == "Skärholmen började 2019. [1]"


def test_closing_the_steps_ends_the_request(example_settings: Settings) -> None:
    with chat_server(lambda prompt: "ord " * 300, pause=0.05) as (url, _):
        steps = with_model(example_settings, url).steps(QUESTION)
        while not next(steps).draft:
            pass
        steps.close()
        deadline = time.monotonic() + 10
        while any(thread.name.endswith("(process_request_thread)") for thread in threading.enumerate()):
            assert time.monotonic() < deadline, "the server is still writing"
            time.sleep(0.05)


def test_what_goes_from_the_collection_while_the_model_writes_is_not_cited(tmp_path: Path) -> None:
    file = tmp_path / "beslut.txt"
    file.write_text("Skärholmen började med samlokalisering år 2019.", encoding="utf-8")
    settings = Settings(index=tmp_path / "index")

    def sync() -> None:
        with closing(Index.open(settings, writable=True)) as index:
            ingest(index, [tmp_path / "beslut.txt"], sync=True)

    def script(prompt: str) -> str:
        file.write_text("Skärholmen började med samlokalisering år 2021.", encoding="utf-8")
        sync()
        return f"Det var 2019 som Skärholmen började [{mark_of(prompt, '2019')}]."

    sync()
    answer, _ = ask(settings, script)
    assert not answer.text.startswith("Det var")


@pytest.mark.parametrize("reply", ["SAKNAS", "**Saknas.**", "SAKNAS [k12ab]", "<think>Hm.</think>\nSAKNAS"])
def test_a_model_that_says_the_passages_do_not_tell_is_believed(
    example_settings: Settings, reply: str
) -> None:
    answer, _ = ask(example_settings, lambda p: reply)
    assert answer.status is AnswerStatus.NOT_STATED and answer.citations == ()


def test_a_provider_that_is_missing_is_named(example_settings: Settings) -> None:
    from rag.chat_model import open_chat_model

    with pytest.raises(ModelError, match="STADSVAR_MODEL=nosuch:model"):
        open_chat_model(example_settings.model_copy(update={"model": "nosuch:model"}))


def test_a_key_that_is_missing_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    from rag.chat_model import open_chat_model

    for name in ("OPENAI_API_KEY", "OPENAI_ADMIN_KEY"):
        monkeypatch.delenv(name, raising=False)
    with pytest.raises(ModelError, match="STADSVAR_MODEL_API_KEY is unset"):
        open_chat_model(Settings(model="openai:some-model"))


def test_a_list_keeps_its_lines(example_settings: Settings) -> None:
    def reply(prompt: str) -> str:
        mark = mark_of(prompt, "2019")
        return (
            f"Om samlokalisering:\n- Skärholmen började 2019 [{mark}, k0000].\n- I Skärholmen, 2019 [{mark}]."
        )

    answer, _ = ask(example_settings, reply)
    assert answer.text == "- Skärholmen började 2019. [1]\n- I Skärholmen, 2019. [1]"


def test_thoughts_are_left_out_and_every_mark_gets_its_bracket() -> None:
    assert tidied("<think>Nej [k1abc].</think> Ja [k1abc, k2cde och k3f01].") == " Ja [k1abc][k2cde][k3f01]."
    assert tidied("Nej.</think>Ja.<think>Kanske") == "Ja."
    assert tidied("[motion, bilaga] [k1abc].\n[k2cde]") == "[motion, bilaga] [k1abc].\n[k2cde]"


@pytest.mark.parametrize(
    ("reply", "shown"),
    [
        ("Ja [k1a", "Ja"),
        ("Ja [k1abc", "Ja"),
        ("Ja [k1abc] , det", "Ja, det"),
        ("Ja [k1abc, k2", "Ja"),
        ("Ja [k1abc, 7].", "Ja."),
        ("Ja <thi", "Ja"),
        ("<think>Nej", ""),
        ("SAKN", ""),
        ("**Saknas**", ""),
        ("Saknaden är stor.", "Saknaden är stor."),
        ("- Ett [k1abc]\n- Två [1]", "- Ett\n- Två"),
    ],
)
def test_a_draft_shows_nothing_that_is_not_said(reply: str, shown: str) -> None:
    assert draft(reply) == shown


def test_statements_take_the_marks_in_and_right_after_them() -> None:
    reply = "Bromma sade nej [k1ab]. Hägersten var positivt. [k2cd][k3ef]\n- En punkt [k4aa]"
    assert statements(reply) == [
        ("Bromma sade nej.", ("k1ab",)),
        ("Hägersten var positivt.", ("k2cd", "k3ef")),
        ("- En punkt", ("k4aa",)),
    ]


def test_numbers_and_shared_words() -> None:
    assert numbers("95 procent den 2023-08-08, 3,5") == {"95", "2023", "08", "3,5"}
    assert shared_words("Nämnden avslog motionen", "motioner avslogs av nämnden") == 1.0
