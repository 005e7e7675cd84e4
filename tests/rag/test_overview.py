import pytest

from rag.domain import AnswerStatus
from tests.rag.collection import Collection


@pytest.fixture(scope="module")
def collection(tmp_path_factory) -> Collection:
    return Collection(tmp_path_factory.mktemp("index"))


def rows(answer) -> dict[str, str]:
    return {row.body: row.value for row in answer.overview.rows}


def test_every_quote_is_verbatim(collection):
    for question in (
        "Hur ställde sig stadsdelarna?",
        "Vilka stadsdelar har naturguide?",
        "Varför sade Furulund nej?",
    ):
        for citation in collection.ask(question).citations:
            text = collection.catalog.reading_text(citation.source.id)
            assert text[citation.start : citation.end] == citation.quote


def test_who_said_no_with_denominator_and_missing_answers(collection):
    answer = collection.ask("Vilka stadsdelar sade nej till badbussarna?")
    assert answer.status is AnswerStatus.OVERVIEW
    assert answer.text.startswith("Två av tre svar i samlingen säger nej: Furulund och Granberg.")
    assert "3 av 5 tillfrågade" in answer.text
    assert answer.overview.denominator == 5
    assert {row.body for row in answer.overview.rows if row.missing} == {"Hasselvik", "Idelund"}
    assert all(row.citations for row in answer.overview.rows)


def test_praise_in_a_refusal_is_no_support(collection):
    answer = collection.ask("Which districts supported the free bathing buses?") or collection.ask(
        "Which districts supported the motion?"
    )
    assert answer.text.startswith("One of three answers in the collection supports the proposal: Ekhagen.")


def test_a_decision_outweighs_the_proposal_and_the_reservation_is_shown(collection):
    answer = collection.ask("Hur ställde sig Granberg till motionen?")
    assert answer.text.startswith("Granberg säger nej enligt nämndens beslut.")
    assert "Förvaltningen hade föreslagit annat" in answer.text
    assert "Reservation" in answer.text
    proposed = collection.ask("Vad föreslog förvaltningen i Granberg?")
    assert "tillstyrker" in proposed.text and "avstyrker" not in proposed.text


def test_a_proposal_is_no_decision(collection):
    answer = collection.ask("Vad beslutade Furulund om motionen?")
    assert "inte något beslut" in answer.text or "Något beslut av nämnden finns inte" in answer.text
    assert collection.ask("Stödde Furulund motionen?").short_answer == "Nej"


def test_reasons_come_from_the_body_itself(collection):
    answer = collection.ask("Varför sade Furulund nej?")
    assert "900 000 kronor" in answer.text
    assert "värt beröm" not in answer.text


def test_who_has_not_answered(collection):
    answer = collection.ask("Vilka har inte svarat på remissen?")
    assert answer.text.startswith("Två av fem tillfrågade saknar svar i samlingen: Hasselvik och Idelund")
    assert collection.ask("Har alla svarat?").text.startswith("Nej.")


def test_the_others(collection):
    answer = collection.ask("Och de andra?", "Hur ställde sig Ekhagen till motionen om badbussar?")
    assert "Ekhagen" not in rows(answer)
    assert {"Furulund", "Granberg"} <= set(rows(answer))


def test_absence_tells_who_was_asked(collection):
    asked = collection.ask("Vad svarade Idelund på motionen om badbussar?")
    assert asked.status is AnswerStatus.MISSING_DOCUMENT
    assert asked.text.startswith("Idelund tillfrågades")
    never_asked = collection.ask("Varför sade Södermalm nej till badbussarna?")
    assert never_asked.status is AnswerStatus.MISSING_DOCUMENT
    assert "inte bland dem som tillfrågades" in never_asked.text


def test_a_document_that_cannot_be_read_is_not_missing(tmp_path):
    scanned = Collection(tmp_path, unreadable=True)
    assert scanned.ask("Vad svarade Hasselvik på remissen?").status is AnswerStatus.UNREADABLE
    overview = scanned.ask("Vilka stadsdelar sade nej till badbussarna?")
    assert "går inte att läsa: Hasselvik" in overview.text
    assert "Svar saknas i samlingen: Idelund." in overview.text


def test_facts_body_by_body(collection):
    assert rows(collection.ask("Vilka stadsdelar har naturguide?")) == {
        "Ekhagen": "sedan mars 2021, två",
        "Furulund": "sedan 2023, en",
        "Granberg": "sedan 2023, tre",
    }
    assert set(rows(collection.ask("Vilka stadsdelar fick naturguider 2023?"))) == {"Furulund", "Granberg"}
    assert set(rows(collection.ask("Vilka stadsdelar saknar naturguide?"))) == {"Hasselvik"}
    assert "Tillsammans 6" in collection.ask("Hur många naturguider har stadsdelarna totalt?").text


def test_documents_that_disagree_are_both_shown(collection):
    answer = collection.ask("När började Ekhagens naturguide?")
    assert "mars 2021" in answer.text and "september 2021" in answer.text
    assert len(answer.citations) == 2


def test_a_timeline_is_in_order(collection):
    answer = collection.ask("Ge en tidslinje för motionen om badbussar")
    dates = [row.date for row in answer.overview.rows]
    assert dates == sorted(dates)
    assert {"2025-01-15", "2025-03-03", "2025-03-20", "2025-04-30"} <= set(dates)


@pytest.mark.parametrize(
    "question", ["Vilka stadsdelar har en simhall?", "När började Ekhagen?", "Vad kostar bussarna?"]
)
def test_other_questions_are_left_to_single_passages(collection, question):
    assert collection.ask(question) is None


SECOND = """# Furulunds stadsdelsnämnd: yttrande över motion om belysta cykelvägar

Datum: 2025-04-02

## Beslut

Furulunds stadsdelsnämnd tillstyrker motionen.

## Nämndens synpunkter

Belysning gör vägarna trygga året om.
"""
THIRD = """# Protokoll från Ekhagens stadsdelsnämnd

Sammanträde: 2025-04-10

## § 20 Svar på remiss om belysta cykelvägar

### Beslut

Ekhagens stadsdelsnämnd avstyrker motionen.

## § 21 Svar på remiss om skolskogar

### Beslut

Ekhagens stadsdelsnämnd tillstyrker motionen.
"""


@pytest.fixture(scope="module")
def two_matters(tmp_path_factory) -> Collection:
    return Collection(tmp_path_factory.mktemp("two"), more={"cykel.md": SECOND, "protokoll.md": THIRD})


def test_each_matter_has_its_own_answers(two_matters):
    assert two_matters.ask("Stödde Furulund motionen om cykelvägar?").short_answer == "Ja"
    assert two_matters.ask("Stödde Furulund motionen om badbussar?").short_answer == "Nej"
    assert two_matters.ask("Did Ekhagen support the motion on bicycle roads?").short_answer == "No"
    assert two_matters.ask("Stödde Ekhagen motionen om skolskogar?").short_answer == "Ja"
    assert "Ekhagen" in two_matters.ask("Vilka stadsdelar sade nej till cykelvägarna?").short_answer


def test_an_answer_that_fits_several_matters_names_its_own(two_matters):
    assert "Svaret gäller" in two_matters.ask("Vilka stadsdelar sade nej?").text
    assert "Svaret gäller" not in two_matters.ask("Vilka stadsdelar sade nej till badbussarna?").text


def test_a_number_of_something_else_is_not_taken_for_the_posts(collection):
    assert collection.ask("Hur många naturguider har Ekhagen?").short_answer == "två"
    assert collection.ask("Hur många är de i dag?", "När fick Ekhagen naturguide?").short_answer == "två"
    for other in ("Hur många badplatser har Ekhagen?", "Hur många naturguider hade Ekhagen 2015?"):
        assert collection.ask(other) is None


def test_yes_or_no_over_all_bodies(collection):
    assert collection.ask("Did anyone say no to the motion?").text.startswith("Yes.")
    assert collection.ask("Är alla positiva till motionen?").text.startswith("Nej.")
