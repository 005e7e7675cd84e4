"""A chat model over real HTTP: what it says is kept only where a passage supports it."""

import re
import time

import pytest
from pydantic import SecretStr

from rag.assistant import Assistant
from rag.chat_model import numbers, shared_words, statements, tidied
from rag.domain import AnswerStatus
from rag.errors import ModelError
from rag.settings import Settings
from tests.chat_server import Script, chat_server

QUESTION = "När började Skärholmen med samlokalisering?"


def ask(settings: Settings, script: Script, question: str = QUESTION):
    with chat_server(script) as (url, prompts):
        with_model = settings.model_copy(
            update={"model": "openai:scripted", "model_base_url": url, "model_api_key": SecretStr("k")}
        )
        return Assistant.open(with_model).ask(question), prompts


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


def test_a_model_that_fails_leaves_the_extractive_answer(example_settings: Settings) -> None:
    def fail(prompt: str) -> str:
        raise RuntimeError

    plain = Assistant.open(example_settings).ask(QUESTION)
    assert ask(example_settings, fail)[0].text == plain.text


def test_a_model_that_is_too_slow_is_not_waited_for_twice(example_settings: Settings) -> None:
    plain = Assistant.open(example_settings).ask(QUESTION)
    hurried = example_settings.model_copy(update={"model_timeout": 0.3})
    answer, prompts = ask(hurried, lambda p: time.sleep(1) or "")
    assert (answer.text, len(prompts)) == (plain.text, 1)


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
