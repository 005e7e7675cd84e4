"""The small parts that turn text into pages, without a server."""

from __future__ import annotations

import re
import string
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from prompts.texts import phrases
from rag.domain import Chunk, Locator, Page, Source
from rag.errors import SettingsError
from ui.document_view import lay_out
from ui.examples import example_questions
from ui.prose import Piece, blocks, says_only
from ui.server import bind
from ui.surroundings import around

UI = Path(__file__).parents[2] / "ui"
TEXT = st.text(alphabet="ab .\n[]1*-åÄ", max_size=300)


def test_both_languages_have_the_same_texts_and_placeholders() -> None:
    def placeholders(text: str) -> set[str | None]:
        return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}

    swedish, english = phrases("ui", "sv"), phrases("ui", "en")
    assert set(swedish) == set(english)
    assert {key: placeholders(swedish[key]) for key in swedish} == {
        key: placeholders(english[key]) for key in swedish
    }


def test_every_text_that_a_template_uses_exists() -> None:
    used = set()
    for template in (UI / "templates").glob("*.html"):
        used |= set(re.findall(r"\bt\.([a-z_]+)", template.read_text(encoding="utf-8")))
    assert used and used <= set(phrases("ui", "sv"))


def test_only_known_numbers_become_citations() -> None:
    (block,) = blocks("Ja [1]. Nej [2][7] **viktigt**", {1, 2})
    assert [piece.citation for piece in block.lines[0] if piece.citation] == [1, 2]
    assert Piece("viktigt", strong=True) in block.lines[0]
    assert "[7]" in "".join(piece.text for piece in block.lines[0])


def test_lists_are_lists() -> None:
    found = blocks("Tre:\n- ett [1]\n- två\n\n1. först\n2. sedan", {1})
    assert blocks("Enligt planen:\n”Allt är klart.” [1]", {1})[1].kind == "quote"
    assert [(block.kind, len(block.lines)) for block in found] == [("p", 1), ("ul", 2), ("ol", 2)]


def test_a_short_answer_is_not_said_twice() -> None:
    assert says_only(blocks("2019 [1].\n\nEnligt planen.", {1})[0], "2019")
    for text in ("2019 [7]", "Sedan 2019 [1]", "2019 [1]\n2020 [1]"):
        assert not says_only(blocks(text, {1})[0], "2019")


@given(TEXT)
def test_prose_loses_no_word(text: str) -> None:
    shown = "".join(piece.text for block in blocks(text) for line in block.lines for piece in line)
    letters = [letter for letter in text if letter.isalpha()]
    assert [letter for letter in shown if letter.isalpha()] == letters


@given(TEXT, st.integers(0, 300), st.integers(0, 300))
def test_surroundings_are_the_text_around_the_quote(text: str, one: int, other: int) -> None:
    start, end = sorted((min(one, len(text)), min(other, len(text))))
    found = around(text, start, end, limit=40)
    assert found.quote == text[start:end]
    whole = found.before + found.quote + found.after
    assert whole in text
    assert len(found.before) <= 40 and len(found.after) <= 40
    assert found.cut_after or not text[end + len(found.after) :].strip()


def test_surroundings_end_with_the_paragraph() -> None:
    first, own = "Stycke ett är här.", "x" * 70 + " citatet " + "y" * 70
    found = around(f"{first}\n\n{own}\n\nStycke tre.", len(first) + 2 + 71, len(first) + 2 + 78)
    assert (found.before, found.quote, found.after) == ("x" * 70 + " ", "citatet", " " + "y" * 70)
    assert found.cut_before and found.cut_after


@given(TEXT, st.lists(st.integers(1, 299), max_size=4), st.tuples(st.integers(0, 300), st.integers(1, 300)))
def test_the_document_view_shows_every_character_once(
    text: str, cuts: list[int], mark: tuple[int, int]
) -> None:
    starts = sorted({0, *(cut for cut in cuts if cut < len(text))})
    pages = [Page(n, start, len(text)) for n, start in enumerate(starts, start=1)]
    low, high = min(mark[0], len(text)), min(sum(mark), len(text))
    found = lay_out(text, pages, mark=(low, high) if low < high else None)

    def letters(shown: str) -> str:
        return "".join(shown.split())

    assert letters("".join(block.text for block in found)) == letters(text)
    marked = "".join(piece.text for block in found for piece in block.stretches if piece.marked)
    assert letters(marked) == letters(text[low:high])
    first = [piece for block in found for piece in block.stretches if piece.first]
    assert len(first) == (1 if letters(marked) else 0)


def test_headings_of_chunks_become_headings() -> None:
    text = "Inledning\n\n# Bakgrund:\nText.\n\nDel ett\n\nMer bakgrund."
    start = text.index("#")
    chunks = [Chunk("1", "s", 0, text[start:], Locator(start, len(text), ("Bakgrund", "Del ett")))]
    shown = [(block.kind, block.text, block.level) for block in lay_out(text, chunks=chunks)]
    assert ("heading", "Bakgrund:", 1) in shown


def test_examples_come_from_the_collection() -> None:
    sources = [Source("1", "a.txt", "Svar på motion om gratis bad"), Source("2", "b.txt", "Plan", body="Bro")]
    assert example_questions(sources, "sv")[0] == "Vilka stadsdelar stödde motionen om gratis bad?"
    assert "What did Bro answer?" in example_questions(sources, "en")
    assert example_questions([], "sv") == ()


def test_a_port_that_cannot_be_had_is_told_in_one_line() -> None:
    with pytest.raises(SettingsError, match=r"Port 99999 .* 65535.*--port"):
        bind("127.0.0.1", 99999)
    with bind("127.0.0.1", 0) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(SettingsError, match=f"Port {port} .*--port"):
            bind("127.0.0.1", port)
