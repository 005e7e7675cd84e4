import pytest

from rag.bodies import Gazetteer
from rag.conversation import resolve

KNOWN = Gazetteer.load()


@pytest.mark.parametrize(
    ("history", "question", "understood"),
    [
        (
            ["När började Skärholmen med samlokalisering?"],
            "Och Södermalm?",
            "När började Södermalm med samlokalisering?",
        ),
        (["Brommas svar på motionen?"], "Och Farsta?", "Farstas svar på motionen?"),
        (["What did Hägersten-Älvsjö answer?"], "What about Bromma?", "What did Bromma answer?"),
        (["Varför sade Bromma nej?"], "Södermalm?", "Varför sade Södermalm nej?"),
        (["Vilka stadsdelar började 2022?"], "Och 2020?", "Vilka stadsdelar började 2020?"),
        (["Vad kostade bussen 2023?"], "Och året innan?", "Vad kostade bussen 2022?"),
        (["What did the bus cost in 2023?"], "And the year after?", "What did the bus cost in 2024?"),
        (["Vilka stadsdelar stödde motionen?"], "Och Södermalm?", "Stödde Södermalm motionen?"),
        (
            ["Which districts supported the motion?"],
            "And Bromma?",
            "Is Bromma one of those that supported the motion?",
        ),
        (["Stödde Bromma motionen?"], "Varför inte?", "Varför sade Bromma nej till motionen?"),
        (["Har Farsta socialsekreterare?"], "Sedan när?", "Sedan när har Farsta socialsekreterare?"),
        (["Vilka stadsdelar sade nej?"], "Hur många?", "Hur många stadsdelar sade nej?"),
        (["Vilka stadsdelar stödde motionen?"], "Vilka inte?", "Vilka stadsdelar stödde inte motionen?"),
        (["Vad tyckte Bromma?"], "Och de andra?", "Vad tyckte de andra stadsdelarna (utom Bromma)?"),
        (["Vad säger motionen om badbussar?"], "Vem skrev den?", "Vem skrev motionen om badbussar?"),
        (
            ["Vad säger motionen om badbussar?", "När lämnades den in?"],
            "Vem skrev den?",
            "Vem skrev motionen om badbussar?",
        ),
        (["Vad säger förslaget om bad?"], "Det kostar hur mycket?", "Förslaget om bad kostar hur mycket?"),
        (
            ["Vad säger motionen om badbussar?"],
            "Hur gick det?",
            "Hur gick det (motionen om badbussar)?",
        ),
        (
            ["Who wrote the motion about bathing buses?"],
            "When was it submitted?",
            "When was the motion about bathing buses submitted?",
        ),
        (
            ["När började Skärholmen med samlokalisering?", "Och Södermalm?"],
            "Hur många är de i dag?",
            "Hur många är de i dag (Södermalm med samlokalisering)?",
        ),
        (["Vem är stadsdelsdirektör i Bromma?"], "Och avdelningschef?", "Vem är avdelningschef i Bromma?"),
        (["Vad svarade Bromma på motionen om bad?"], "Vilka sade nej?", "Vilka sade nej (motionen om bad)?"),
        (
            ["När öppnar Kvarnbron igen?"],
            "Och vad kostar lagningen?",
            "Och vad kostar lagningen (öppnar Kvarnbron igen)?",
        ),
        (
            ["Vad beslutade kommunstyrelsen om badet?"],
            "Vilka reserverade sig?",
            "Vilka reserverade sig (beslutade kommunstyrelsen om badet)?",
        ),
    ],
)
def test_a_follow_up_is_made_standalone(history, question, understood):
    resolved = resolve(question, history, KNOWN)
    assert resolved.question == resolved.understood_as == understood


@pytest.mark.parametrize(
    "question",
    [
        "Varför sade Bromma nej?",
        "Hur många tjänster finns det i Farsta?",
        "Vad händer när den nya socialtjänstlagen träder i kraft?",
        "Vad säger de nya reglerna om socialtjänsten?",
        "Finns det skolsociala team i alla stadsdelar?",
        "När lades Rinkeby-Kista och Spånga-Tensta samman?",
        "Vad tycker Hässelby-Vällingby?",
        "Is it true that Farsta has two social workers?",
        "Vad anser de som bor i Bromma?",
    ],
)
def test_a_standalone_question_is_left_as_it_is(question):
    resolved = resolve(question, ["När började Skärholmen med samlokalisering?"], KNOWN)
    assert resolved.question == question
    assert resolved.understood_as is None


@pytest.mark.parametrize(
    ("text", "courtesy"),
    [
        ("Hej!", "greeting"),
        ("tack så mycket", "thanks"),
        ("Vem är du?", "identity"),
        ("what can you do?", "help"),
    ],
)
def test_courtesies_ask_for_nothing(text, courtesy):
    assert resolve(text, (), KNOWN).courtesy == courtesy


def test_a_question_after_a_greeting_is_no_courtesy():
    assert not resolve("Hej, vilka stadsdelar sade nej?", (), KNOWN).smalltalk
    assert resolve("Och Södermalm?", ["hej"], KNOWN).question == "Och Södermalm?"


@pytest.mark.parametrize(
    ("before", "question", "understood"),
    [
        ("Vem är direktör i Bromma?", "Vem är avdelningschef där?", "Vem är avdelningschef hos Bromma?"),
        ("Who is director in Bromma?", "How many work there?", "How many work in Bromma?"),
    ],
)
def test_there_is_the_body_of_the_question_before(before: str, question: str, understood: str) -> None:
    assert resolve(question, [before], KNOWN).understood_as == understood
