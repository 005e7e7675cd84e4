"""Every text file has a twin in the other language with the same keys and placeholders."""

import string
from importlib.resources import files

import pytest

from prompts import phrase, phrases, prompt

FILES = sorted(entry.name for entry in files("prompts").iterdir())
GROUPS = sorted({name.split(".")[0] for name in FILES if name.endswith(".toml")})
PROMPTS = sorted({name.split(".")[0] for name in FILES if name.endswith(".md")})


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


@pytest.mark.parametrize("group", GROUPS)
def test_phrases_are_twins(group: str) -> None:
    swedish, english = phrases(group, "sv"), phrases(group, "en")
    assert swedish.keys() == english.keys()
    differing = [key for key in swedish if placeholders(swedish[key]) != placeholders(english[key])]
    assert differing == []


@pytest.mark.parametrize("name", PROMPTS)
def test_prompts_are_twins(name: str) -> None:
    assert placeholders(prompt(name, "sv")) == placeholders(prompt(name, "en")) != set()


def test_a_missing_value_is_an_error() -> None:
    with pytest.raises(KeyError):
        phrase("answers", "names_missing", "sv")
