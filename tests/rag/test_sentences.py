from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from rag.sentences import split_sentences


def texts(text: str) -> list[str]:
    return [sentence.text for sentence in split_sentences(text)]


def test_abbreviations_initials_and_ordinals_do_not_end_a_sentence() -> None:
    text = "Nämnden, bl.a. genom J. Berg, svarade kl. 10.30 den 3. maj. Sedan tog det slut."
    assert texts(text) == [
        "Nämnden, bl.a. genom J. Berg, svarade kl. 10.30 den 3. maj.",
        "Sedan tog det slut.",
    ]


def test_wrapped_lines_are_one_sentence_and_blank_lines_end_it() -> None:
    assert texts("En rad som\nfortsätter här\n\nNytt stycke") == ["En rad som\nfortsätter här", "Nytt stycke"]


def test_list_items_and_table_rows_stand_alone() -> None:
    assert texts("Förslag:\n1. att det sker.\n2. att det utreds.") == [
        "Förslag:",
        "1. att det sker.",
        "2. att det utreds.",
    ]
    assert texts("Namn\tDatum\nEva Ek\t2024-01-02") == ["Namn\tDatum", "Eva Ek\t2024-01-02"]
    assert texts("Läget\n| År | 2023 |\n| --- | --- |\n| Besök | 12 |\nSlut") == [
        "Läget",
        "| År | 2023 |",
        "| --- | --- |",
        "| Besök | 12 |",
        "Slut",
    ]


@given(st.text(alphabet="aÅb. \n\t!1-”", max_size=60), st.integers(0, 5))
def test_spans_are_slices_in_order_and_lose_only_white_space(text: str, offset: int) -> None:
    sentences = split_sentences(text, offset)
    assert all(text[s.start - offset : s.end - offset] == s.text for s in sentences)
    assert all(a.end <= b.start for a, b in pairwise(sentences))
    assert "".join("".join(s.text.split()) for s in sentences) == "".join(text.split())
