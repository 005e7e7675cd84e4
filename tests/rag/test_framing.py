"""Questions as people frame them in a chat."""

import pytest

from rag.framing import bare


@pytest.mark.parametrize(
    ("asked", "left"),
    [
        ("Hej! Vad kostar badet? Tack på förhand!", "Vad kostar badet?"),
        ("Hej, jag undrar: vad kostar badet?", "Vad kostar badet?"),
        ("Kan du hjälpa mig? Vad kostar badet?", "Vad kostar badet?"),
        ("Skulle du kunna säga mig vad badet kostar?", "Vad badet kostar?"),
        ("Skulle du kunna hjälpa mig med vart den flyttar?", "Vart den flyttar?"),
        ("En medborgare undrar varför bron är stängd.", "Varför bron är stängd."),
        ("En orolig förälder ringde nyss. Vad kostar badet?", "Vad kostar badet?"),
        ("Jag har en journalist på tråden som frågar: vad kostar badet?", "Vad kostar badet?"),
        ("Good morning! Could you tell me what the pool costs?", "What the pool costs?"),
        ("Kan du kolla på vilket datum bron öppnar?", "På vilket datum bron öppnar?"),
        ("Vet du var badet ligger?", "Var badet ligger?"),
        ("A resident called and wants to know when the bridge opens.", "When the bridge opens."),
        ("I was wondering: who chairs the board? Thanks in advance", "Who chairs the board?"),
    ],
)
def test_what_frames_a_question_is_left_out(asked: str, left: str) -> None:
    assert bare(asked) == left


@pytest.mark.parametrize(
    "asked",
    [
        "Vad kostar badet?",
        "Hej!",
        "Badet byggs om. Vad kostar det?",
        "Jag har en låntagare som lämnat en bok för sent. Vad kostar det per vecka?",
        "Vet du om badet är öppet?",
        "Kan du sammanfatta motionen?",
        "En ledamot frågade om bron i mars, vem?",
        "Vilka frågor ställde föräldrarna, och vad svarade nämnden?",
        "Vad sade dnr 2019-12.3 om 1.5 miljoner?",
        "Hejdade nämnden bygget?",
        "Tackade nämnden nej?",
        "Bra skolmat - vad säger motionen?",
    ],
)
def test_what_may_belong_to_the_question_stays(asked: str) -> None:
    assert bare(asked) == asked
