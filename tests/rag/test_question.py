import pytest

from rag.bodies import Gazetteer
from rag.domain import DocumentKind
from rag.language import detect
from rag.question import Question, analyse

KNOWN = Gazetteer.load()


def understand(text: str) -> Question:
    return analyse(text, detect(text), KNOWN)


@pytest.mark.parametrize(
    ("text", "kind", "answer_kind"),
    [
        ("När började Skärholmen?", "date", "date"),
        ("Hur många tjänster har Farsta?", "number", "number"),
        ("Vem skrev motionen?", "person", "person"),
        ("Vad är en naturguide?", "definition", "definition"),
        ("Infördes det i Farsta 2022?", "yes_no", "yes_no"),
        ("Varför lades teamet ned?", "why", "why"),
        ("Varför sade Bromma nej?", "stance", "why"),
        ("Tillstyrker Farsta motionen?", "stance", "yes_no"),
        ("What did the Social Welfare Board reply?", "stance", "other"),
        ("Vilka stadsdelar sade nej?", "overview", "list"),
        ("Har alla svarat?", "overview", "yes_no"),
        ("Who opposed?", "overview", "person"),
        ("Hur många lotsar finns det per stadsdel?", "overview", "number"),
        ("Vilken omsättning har bolaget?", "number", "number"),
        ("How wide is the path?", "number", "number"),
        ("Hur kommer det sig att lånen minskade?", "why", "why"),
        ("Which council member moved rejection?", "person", "person"),
        ("Which company runs the hall?", "name", "name"),
        ("Which two bridges were closed?", "list", "list"),
        ("Vilken bro stängdes?", "other", "other"),
    ],
)
def test_what_a_question_asks_for(text, kind, answer_kind):
    asked = understand(text)
    assert (asked.kind, asked.answer_kind) == (kind, answer_kind)


@pytest.mark.parametrize(
    ("text", "stance"),
    [
        ("Vilka stödde motionen?", "support"),
        ("Vilka stödde inte motionen?", "oppose"),
        ("Which districts did not support the motion?", "oppose"),
        ("Vilka har inte svarat?", "unanswered"),
        ("Vilka stadsdelar fick motionen på remiss?", "consulted"),
        ("Vilka ställde villkor?", "conditional"),
        ("Vem avstod?", "neutral"),
        ("Hur ställde sig stadsdelarna?", "any"),
    ],
)
def test_the_stance_that_is_asked_for(text, stance):
    assert understand(text).stance == stance


def test_what_a_question_names():
    asked = understand("Vad svarade Bromma 2023 på remissen om Vällingbyteamet, KS 2023/552?")
    assert asked.bodies == ("Bromma",)
    assert asked.years == (2023,)
    assert asked.diarienummer == "KS 2023/552"
    assert asked.topic == ("vällingbyteamet",)
    assert understand("Vad föreslår motionen?").document_kinds == (DocumentKind.MOTION,)


def test_the_others_leave_out_the_body_that_is_named():
    asked = understand("Vad tycker de andra stadsdelarna än Bromma?")
    assert (asked.kind, asked.bodies, asked.excluded) == ("overview", (), ("Bromma",))


def test_a_compound_with_letters_in_capitals_is_no_name() -> None:
    assert understand("Hur länge varade IT-stoppet hos Vårdalen?").names == ("Vårdalen",)


@pytest.mark.parametrize("asked", ["Vilka fick elcykelmotionen på remiss?", "Vilka fick motionen?"])
def test_who_was_consulted(asked: str) -> None:
    assert understand(asked).stance == "consulted"


@pytest.mark.parametrize(
    ("asked", "compares"),
    [
        ("Vad kostar det enligt nämnden respektive motionärerna?", True),
        ("How many posts, according to the reply and according to the e-mail?", True),
        ("Vad kostar det enligt nämnden?", False),
    ],
)
def test_whether_several_accounts_are_asked_for(asked: str, compares: bool) -> None:
    assert understand(asked).compares is compares


def test_a_school_that_closes_has_no_opening_hours() -> None:
    assert understand("När stänger Björkens förskola?").form is None


@pytest.mark.parametrize(
    ("asked", "body"),
    [
        ("What did the Culture and Leisure Committee answer?", "kultur- och fritidsnämnden"),
        (
            "What did the culture and leisure committee answer to the school board?",
            "kultur- och fritidsnämnden",
        ),
        ("Is the technical committee for or against the stores?", "tekniska nämnden"),
    ],
)
def test_committees_by_their_english_names(asked: str, body: str) -> None:
    gazetteer = Gazetteer.load().extended(["kultur- och fritidsnämnden", "tekniska nämnden"])
    assert body in analyse(asked, "en", gazetteer).bodies


def test_for_or_against_asks_for_a_stance() -> None:
    gazetteer = Gazetteer.load().extended(["tekniska nämnden"])
    assert analyse("Är tekniska nämnden för eller emot förslaget?", "sv", gazetteer).kind == "stance"
