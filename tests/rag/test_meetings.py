"""Questions about meetings, answered from the minutes of an invented municipality."""

import pytest

from ingest.documents import make_document
from rag.bodies import Gazetteer
from rag.catalog import Catalog
from rag.collection_bodies import CollectionBodies
from rag.domain import Answer, AnswerStatus, ReadingText
from rag.language import detect
from rag.meeting_answer import Meetings
from rag.meeting_question import lacks_matter
from rag.question import analyse
from rag.records import FileRecord

BOARD = """SAMMANTRÄDESPROTOKOLL
Kommunstyrelsen
2025-04-02

Plats och tid   Rådhuset, kl. 13.00-14.10
Ordförande   Ada Lind (S)
Utses att justera   Bo Ask (M)
Justeringsdatum   4 april 2025

§ 31 Motion om badbussar
Dnr KS 2025/31

Beslut
Kommunstyrelsen föreslår kommunfullmäktige att avslå motionen, eftersom bussarna skulle stå tomma.

Yrkanden
Elsa Vik (V) yrkar bifall till motionen.
Bo Ask (M) yrkar bifall till förvaltningens förslag.

§ 32 Taxa för båtplatser

Beslut
Kommunstyrelsen fastställer taxan.

Reservation
Elsa Vik (V) reserverar sig mot beslutet och anför: ”Taxan slår mot dem som har minst. Vi ville ha den lägre.”
"""
COUNCIL = """SAMMANTRÄDESPROTOKOLL
Kommunfullmäktige
2025-05-06

Plats och tid   Folkets hus, kl. 18.00-20.15
Ordförande   Kim Berg (C)

§ 8 Motion om badbussar
Dnr KS 2025/31

Kommunstyrelsens förslag
Kommunstyrelsen föreslår att fullmäktige avslår motionen.

Beslut
Kommunfullmäktige beslutar
att pröva badbussar till Långsjön under juli 2026,
att anvisa 90 000 kronor till försöket, samt
att i övrigt avslå motionen.

Yrkanden
Elsa Vik (V) yrkar bifall till motionen.
Ola Sten (SD) yrkar avslag på motionen.
Pia Holm (M) yrkar återremiss för att utreda kostnaden.

Votering
Votering begärs. Med 20 röster mot 15 beslutar fullmäktige att avgöra ärendet i dag.

Reservation
Ola Sten (SD) och Pia Holm (M) reserverar sig mot beslutet.

§ 9 Anmälan av medborgarförslag

Följande medborgarförslag anmäls:
- Fler bänkar vid torget
- Belysning i lekparken
"""


@pytest.fixture(scope="module")
def catalog(tmp_path_factory: pytest.TempPathFactory) -> Catalog:
    made = Catalog(tmp_path_factory.mktemp("meetings"), create=True)
    texts = {"ks.txt": BOARD, "kf.txt": COUNCIL}
    documents = [
        make_document(ReadingText(text), name, name, lambda text: len(text.split()), 400)
        for name, text in texts.items()
    ]
    made.commit(documents, [FileRecord(name, name, 1, 1) for name in texts], [])
    return made


def ask(catalog: Catalog, text: str) -> Answer | None:
    bodies = CollectionBodies(Gazetteer.load(None), catalog)
    return Meetings(catalog, bodies).answer(analyse(text, detect(text), bodies.gazetteer), ())


@pytest.mark.parametrize(
    ("question", "short"),
    [
        ("Vem yrkade avslag på motionen om badbussar i fullmäktige?", "Ola Sten (SD)"),
        ("Which council member moved that the motion on badbussar be rejected?", "Ola Sten (SD)"),
        ("Vem ville skicka tillbaka motionen om badbussar?", "Pia Holm (M)"),
        ("Vem yrkade bifall till förvaltningens förslag om badbussar i kommunstyrelsen?", "Bo Ask (M)"),
        ("Vilka reserverade sig mot beslutet om badbussar?", "Ola Sten (SD) och Pia Holm (M)"),
        ("Vilka reserverade sig i kommunstyrelsen om taxan för båtplatser?", "Elsa Vik (V)"),
        ("Vem justerade protokollet från kommunstyrelsens sammanträde den 2 april 2025?", "Bo Ask (M)"),
        ("When were the minutes of the executive board meeting on 2 April 2025 approved?", "4 april 2025"),
        ("Vem var ordförande vid fullmäktiges möte i maj 2025?", "Kim Berg (C)"),
    ],
)
def test_who_and_when(catalog: Catalog, question: str, short: str) -> None:
    answer = ask(catalog, question)
    assert answer is not None and answer.short_answer == short
    for cited in answer.citations:
        assert catalog.reading_text(cited.source.id)[cited.start : cited.end] == cited.quote


@pytest.mark.parametrize(
    ("question", "told", "untold"),
    [
        ("Vad beslutade fullmäktige om badbussar till Långsjön?", "under juli 2026", "90 000"),
        ("Vad beslutade kommunstyrelsen om badbussarna?", "föreslår kommunfullmäktige att avslå", "juli"),
        ("What did the council decide about badbussar on 6 May 2025?", "90 000 kronor", "tomma"),
        ("Varför sa kommunstyrelsen nej till motionen om badbussar?", "skulle stå tomma", "juli"),
        ("Hur många röster blev det i fullmäktige om badbussarna?", "20 röster mot 15", "reserverar"),
        ("Varför reserverade sig Vänsterpartiet om båtplatserna?", "slår mot dem", "badbuss"),
        ("Vilka medborgarförslag togs upp på fullmäktige i maj 2025?", "Belysning i lekparken", "badbuss"),
        ("När och var hölls kommunfullmäktiges möte i maj 2025?", "Folkets hus, kl. 18.00-20.15", "Rådhuset"),
        ("Vilket parti hävdade att båttaxan slår mot dem som har minst?", "Elsa Vik (V)", "badbuss"),
        ("Vad beslutade fullmäktige den 6 maj 2025?", "§ 9 Anmälan av medborgarförslag", "yrkar"),
        ("Vilka beslut fattade fullmäktige den 6 maj 2025?", "90 000", "föreslår"),
        ("Vad föreslog styrelsen att fullmäktige skulle besluta den 6 maj 2025?", "föreslår", "90 000"),
        ("Vilka ärenden tog kommunstyrelsen upp den 2 april 2025?", "§ 32 Taxa för båtplatser", "yrkar"),
        ("List the decisions of the executive board of 2025-04-02", "fastställer taxan", "reserverar"),
    ],
)
def test_what_was_decided_and_said(catalog: Catalog, question: str, told: str, untold: str) -> None:
    answer = ask(catalog, question)
    assert answer is not None and answer.status is AnswerStatus.ANSWERED
    assert told in answer.text and untold not in answer.text


@pytest.mark.parametrize(
    ("question", "says"),
    [
        ("Vem begärde votering om badbussarna i fullmäktige?", "Det framgår inte"),
        ("Vilka reserverade sig mot beslutet om badbussar i kommunstyrelsen?", "Ingen reservation"),
        ("Vem yrkade bordläggning av badbussarna i fullmäktige?", "Inget sådant yrkande"),
    ],
)
def test_what_the_right_paragraph_lacks_is_not_stated(catalog: Catalog, question: str, says: str) -> None:
    answer = ask(catalog, question)
    assert answer is not None and answer.status is AnswerStatus.NOT_STATED and says in answer.text


@pytest.mark.parametrize(
    "question",
    [
        "Vad beslutade kommunstyrelsen om simhallen?",  # no such matter
        "Vad beslutade kommunstyrelsen om badbussar den 3 mars 2024?",  # no such meeting
        "Vad beslutade socialnämnden om badbussarna?",  # no such body
        "Vad beslutade kommunstyrelsen den 3 mars 2024?",
        "Vad kostar en båtplats?",
        "Vilka reserverade sig?",
        "När sammanträder kommunstyrelsen nästa gång?",
        "Vem avstod från att yttra sig om badbussarna?",
    ],
)
def test_other_questions_are_left_to_the_reader(catalog: Catalog, question: str) -> None:
    assert ask(catalog, question) is None


def test_the_other_meeting_on_the_matter_is_named(catalog: Catalog) -> None:
    answer = ask(catalog, "Vem ville skicka tillbaka motionen om badbussar?")
    assert answer is not None and "kommunstyrelsen 2025-04-02, § 31" in answer.text


def test_a_question_that_needs_the_one_before() -> None:
    gazetteer = Gazetteer.load(None)
    assert lacks_matter(analyse("Vilka reserverade sig?", "sv", gazetteer))
    assert not lacks_matter(analyse("Vilka reserverade sig mot badbussarna?", "sv", gazetteer))
