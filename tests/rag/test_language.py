import pytest

from rag.language import detect


@pytest.mark.parametrize(
    ("question", "language"),
    [
        ("Vilka stadsdelar stödde motionen?", "sv"),
        ("Which districts said no?", "en"),
        ("Does Bromma stadsdelsförvaltning support återinförande av Vällingbyteamet?", "en"),
        ("How many socialsekreterare work in Farsta?", "en"),
        ("What does tjänsteutlåtande mean?", "en"),
        ("Vem är stadsdelsdirektör i Bromma?", "sv"),
        ("nar borjade skarholmen?", "sv"),
        ("Why?", "en"),
        ("Varför inte?", "sv"),
        ("Kostnader?", "sv"),
        ("hej", "sv"),
    ],
)
def test_the_language_of_a_short_question(question, language):
    assert detect(question) == language


def test_a_follow_up_that_leaves_it_open_inherits_the_language():
    assert detect("Farsta?", ["Which districts said no?"]) == "en"
    assert detect("Farsta?", ["Which districts said no?", "Varför sade Bromma nej?"]) == "sv"
    assert detect("Farsta?") == "sv"
