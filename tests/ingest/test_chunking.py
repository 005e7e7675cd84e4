"""Chunks cover the text, are slices of it, and keep both sizes."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from ingest.chunking import OVERLAP, SIZE, chunk
from rag.domain import Page, ReadingText, Section
from rag.tokens import count_tokens

SENTENCE = "Förvaltningen föreslår att nämnden godkänner tjänsteutlåtandet som svar på remissen. "


def words(text: str) -> int:
    return len(text.split())


def test_chunks_are_slices_under_their_heading_and_page() -> None:
    text = "Bakgrund\n" + SENTENCE * 30 + "\n\nBeslut\n" + SENTENCE
    cut = text.index("Beslut")
    reading = ReadingText(text, pages=(Page(1, 0, cut), Page(2, cut, len(text))))
    sections = (Section(0, cut, ("Bakgrund",)), Section(cut, len(text), ("Beslut",)))
    chunks = chunk("s", reading, sections, words, max_tokens=500)
    assert all(c.text == text[c.locator.start : c.locator.end] for c in chunks)
    assert [c.ordinal for c in chunks] == list(range(len(chunks)))
    assert chunks[-1].locator.headings == ("Beslut",)
    assert chunks[-1].locator.page == 2
    assert len({c.id for c in chunks}) == len(chunks) > 2


def test_sizes_are_kept_and_ends_repeated() -> None:
    reading = ReadingText(SENTENCE * 60)
    chunks = chunk("s", reading, (Section(0, len(reading.text)),), words, max_tokens=500)
    assert all(count_tokens(c.text) <= SIZE + 5 for c in chunks)
    for before, after in pairwise(chunks):
        assert before.locator.start < after.locator.start < before.locator.end
        assert count_tokens(reading.text[after.locator.start : before.locator.end]) <= OVERLAP + 5


def test_a_small_window_is_never_exceeded() -> None:
    reading = ReadingText(SENTENCE * 10 + "ord" * 2000)
    chunks = chunk("s", reading, (Section(0, len(reading.text)),), len, max_tokens=200)
    assert max(len(c.text) for c in chunks) <= 200 - 96


@given(st.text(alphabet=st.sampled_from("abå .\n\t-1"), max_size=400))
def test_every_character_is_in_a_chunk(text: str) -> None:
    chunks = chunk("s", ReadingText(text), (Section(0, len(text)),), words, max_tokens=128)
    covered = {i for c in chunks for i in range(c.locator.start, c.locator.end)}
    assert all(i in covered for i, character in enumerate(text) if not character.isspace())
