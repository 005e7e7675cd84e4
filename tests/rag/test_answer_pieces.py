"""The small decisions behind an extractive answer."""

import re

import pytest

from rag.answer_forms import has_form, is_short, lacks_strict_form, normal_form
from rag.bodies import Gazetteer
from rag.domain import Chunk, Locator, Passage, Source
from rag.findings import Finding, merge, weigh, without_heading
from rag.polarity import polarity
from rag.question import analyse
from rag.quoting import MAX_QUOTE_WORDS, announces_list, quoted_stretch, with_antecedent
from rag.reading import SpanCandidate, WindowReading
from rag.sentences import Sentence, split_sentences

GAZETTEER = Gazetteer.load(None)


def passage(text: str, source: Source, start: int = 0, headings: tuple[str, ...] = ()) -> Passage:
    chunk = Chunk(f"{source.id}:{start}", source.id, 0, text, Locator(start, start + len(text), headings))
    return Passage(chunk, source, 1.0)


def reading(text: str, span: str, probability: float) -> WindowReading:
    start = text.index(span)
    candidate = SpanCandidate(start, start + len(span), 1.0, probability)
    return WindowReading((candidate,), 0.0, probability)


def question(text: str):
    return analyse(text, "sv", GAZETTEER)


def test_equal_answers_from_two_sources_strengthen_each_other() -> None:
    first, second = "Det började 2019.", "Starten skedde år 2019."
    passages = [passage(first, Source("a", "a.txt", "A")), passage(second, Source("b", "b.txt", "B"))]
    readings = [reading(first, "2019", 0.5), reading(second, "2019", 0.5)]
    (finding,) = weigh(question("När började det?"), passages, readings, GAZETTEER)
    assert finding.probability == pytest.approx(0.75)
    assert len(finding.agreeing) == 1


def test_the_same_text_twice_in_one_source_counts_half() -> None:
    text = "Det började 2019."
    source = Source("a", "a.txt", "A")
    passages = [passage(text, source), passage(text, source, 100)]
    readings = [reading(text, "2019", 0.5), reading(text, "2019", 0.5)]
    (finding,) = weigh(question("När började det?"), passages, readings, GAZETTEER)
    assert finding.probability == pytest.approx(1 - 0.5 * 0.75)


def test_a_sentence_about_another_body_loses_to_one_about_the_body_asked() -> None:
    text = "Farsta startade 2022. Bromma startade 2020."
    where = passage(text, Source("a", "a.txt", "Svar"))
    both = WindowReading(
        (SpanCandidate(16, 20, 2.0, 0.6), SpanCandidate(38, 42, 1.0, 0.4)), no_answer=0.0, answerable=0.9
    )
    best, *_ = weigh(question("När startade Bromma?"), [where], [both], GAZETTEER)
    assert best.text == "2020"


def test_a_question_or_an_announcement_in_the_source_is_no_answer() -> None:
    text = "Hur många tjänster finns det?\n\nFörvaltningen svarar följande:"
    where = passage(text, Source("a", "a.txt", "Svar"))
    candidates = (SpanCandidate(0, 8, 1.0, 0.9), SpanCandidate(32, 45, 1.0, 0.9))
    assert weigh(question("Hur många?"), [where], [WindowReading(candidates, 0.0, 0.9)], GAZETTEER) == ()


def test_a_heading_above_the_sentence_is_not_quoted() -> None:
    sentence = Sentence(10, 40, "Bakgrund\nÄrendet kom in i maj.")
    trimmed = without_heading(sentence, 25, ("Bakgrund",))
    assert trimmed == Sentence(19, 40, "Ärendet kom in i maj.")
    assert without_heading(sentence, 12, ("Bakgrund",)) == sentence


def probability(asked: str, text: str, span: str) -> float:
    """That ``span`` answers, by a reader that gives it one half."""
    (found,) = weigh(
        question(asked),
        [passage(text, Source("a", "a.txt", "Rapport"))],
        [reading(text, span, 0.5)],
        GAZETTEER,
    )
    return found.answerable


def test_a_value_of_another_year_counts_less() -> None:
    asked = "Hur många besök hade badet 2022?"
    assert probability(asked, "Badet hade 500 besök 2022.", "500") == 0.5
    assert probability(asked, "Badet hade 500 besök. Siffran är för 2022.", "500") == 0.5
    assert probability(asked, "Badet hade 500 besök 2023.", "500") < 0.1
    assert probability(asked, "Badet hade 500 besök.", "500") < 0.25
    assert probability("Hur många besök hade badet före 2022?", "Badet hade 500 besök 2021.", "500") == 0.5


def test_a_passage_off_the_topic_counts_less() -> None:
    asked = "Vad kostar plats på förskolan?"
    assert probability(asked, "En plats på förskolan kostar 900 kronor.", "900 kronor") == 0.5
    assert probability(asked, "Elcyklarna köptes för 900 kronor.", "900 kronor") < 0.25
    assert probability("Vad kostar det?", "Elcyklarna köptes för 900 kronor.", "900 kronor") == 0.5


def test_a_passage_with_the_name_but_off_the_topic_counts_less() -> None:
    asked = "Vad kostar takbytet på Kvistmyraskolan?"
    assert probability(asked, "Takbytet på Kvistmyraskolan kostar 900 kronor.", "900 kronor") == 0.5
    assert probability(asked, "Eleverna på Kvistmyraskolan fick 900 kronor.", "900 kronor") == 0.25


def test_a_value_of_another_place_counts_less() -> None:
    asked = "När infördes meröppet i Kvistmyra?"
    assert probability(asked, "Meröppet infördes den 2 maj 2023.", "den 2 maj 2023") == 0.5
    assert probability(asked, "Meröppet infördes i Söderby den 2 maj 2023.", "den 2 maj 2023") == 0.125


def test_a_passage_without_the_name_that_another_holds_counts_less() -> None:
    texts = ("Arbetet vid Kvistmyra pågår.", "Arbetet blev klart 2023.")
    passages = [passage(text, Source(text, "a.txt", "Rapport")) for text in texts]
    readings = [WindowReading((), 0.0, 0.0), reading(texts[1], "2023", 0.5)]
    (found,) = weigh(question("När blev arbetet vid Kvistmyra klart?"), passages, readings, GAZETTEER)
    assert found.answerable < 0.2
    (found,) = weigh(question("När blev arbetet vid Kvistmyra klart?"), passages[1:], readings[1:], GAZETTEER)
    assert found.answerable == 0.5


def test_a_number_counts_less_where_nothing_speaks_of_what_is_counted() -> None:
    asked = "Hur många undersköterskor arbetar i hemtjänsten?"
    assert probability(asked, "Hemtjänsten har 14 undersköterskor.", "14") == 0.5
    assert probability(asked, "Hemtjänsten arbetar med 14 elcyklar.", "14") < 0.2


def finding_in(text: str, span: str, headings: tuple[str, ...] = ()) -> Finding:
    where = passage(text, Source("a", "a.txt", "A"), headings=headings)
    start = text.index(span)
    sentence = next(s for s in split_sentences(text) if s.start <= start < s.end)
    return Finding(where, start, start + len(span), span, sentence, 0.9, 0.9)


def test_a_long_sentence_is_cut_to_clauses_that_hold_the_finding() -> None:
    text = ", ".join(f"led nummer {number} i en lång uppräkning av ord" for number in range(20)) + "."
    start, end = quoted_stretch(text, finding_in(text, "nummer 11"), whole_list=False)
    assert "nummer 11" in text[start:end]
    assert len(text[start:end].split()) <= MAX_QUOTE_WORDS


def test_a_sentence_that_refers_back_is_quoted_with_the_one_before() -> None:
    text = "Bron har sprickor. På grund av detta stängs den i maj. Därför går bussen en annan väg."
    finding = finding_in(text, "stängs den i maj")
    stretch = quoted_stretch(text, finding, whole_list=False)
    start, end = with_antecedent(text, finding, stretch)
    assert text[start:end] == "Bron har sprickor. På grund av detta stängs den i maj."
    whole = finding_in(text, "Bron har sprickor")
    assert with_antecedent(text, whole, (0, 18)) == (0, 18)


def test_a_sentence_that_refers_back_stays_alone_where_another_paragraph_or_a_heading_stands_before() -> None:
    for before in ("Bron har sprickor.\n\n", "Brons skick\n\n"):
        text = f"{before}Detta gör att den stängs i maj."
        finding = finding_in(text, "stängs i maj")
        stretch = quoted_stretch(text, finding, whole_list=False)
        assert with_antecedent(text, finding, stretch) == stretch
    text = "Bron har sprickor" + " och sprickor" * MAX_QUOTE_WORDS + ". Därför stängs den i maj."
    finding = finding_in(text, "stängs den i maj")
    stretch = quoted_stretch(text, finding, whole_list=False)
    assert with_antecedent(text, finding, stretch) == stretch


def test_a_list_is_quoted_whole_where_several_things_are_asked_for() -> None:
    text = "Nämnden föreslår\n1. att modellen införs.\n2. att medel avsätts.\n\nSlut."
    finding = finding_in(text, "att modellen införs.")
    start, end = quoted_stretch(text, finding, whole_list=True)
    assert text[start:end] == "1. att modellen införs.\n2. att medel avsätts."
    start, end = quoted_stretch(text, finding, whole_list=False)
    assert text[start:end] == "1. att modellen införs."


def test_a_list_is_asked_for_where_the_line_before_it_says_so() -> None:
    finding = finding_in("Kommunen har tre badplatser:\n- Norra viken,\n- Sandudden.\n", "Sandudden")
    assert announces_list(("badplatserna",), finding)
    assert not announces_list(("ordförande",), finding)
    assert not announces_list(
        ("badplatserna",), finding_in("Kommunen har badplatser: Sandudden.", "Sandudden")
    )


@pytest.mark.parametrize(
    ("asked", "sentence", "expected"),
    [
        ("Infördes modellen i skolan?", "Modellen infördes i skolan år 2020.", "yes"),
        ("Infördes modellen i skolan?", "Modellen infördes inte i skolan.", "no"),
        ("Infördes modellen i skolan?", "Modellen infördes delvis i skolan.", "partly"),
        ("Infördes inte modellen i skolan?", "Modellen infördes inte i skolan.", "yes"),
        ("Infördes modellen i skolan?", "Simhallen byggdes 1970.", None),
        ("Har Farsta en lots?", "Farsta och Bromma saknar.", "no"),
        ("Har Provby lotsar?", "Bussarna till Provby kostar 38 000 kronor.", None),
    ],
)
def test_yes_and_no(asked: str, sentence: str, expected: str | None) -> None:
    assert polarity(question(asked), sentence) == expected


def test_forms() -> None:
    assert has_form("date", "i september") and not has_form("date", "vid polisstationen")
    assert has_form("number", "två tjänster") and has_form("why", "vad som helst")
    assert is_short("i september 2022") and not is_short("ord " * 12)
    assert normal_form("sedan 2019.") == normal_form("2019")


def test_merge_keeps_the_most_probable_first() -> None:
    text = "Året var 2019 eller 2020."
    low, high = finding_in(text, "2019"), finding_in(text, "2020")
    assert [f.text for f in merge([low, high])] == ["2019", "2020"]


@pytest.mark.parametrize(
    ("asked", "text", "right"),
    [
        ("Hur många platser har Farsta?", "I Farsta är det en plats, och i Bromma två platser.", "en"),
        ("Hur många platser har Bromma?", "I Farsta är det en plats, och i Bromma två platser.", "två"),
        ("Hur många platser har Bromma?", "Tre platser finns i Farsta och fem i Bromma.", "fem"),
        ("Hur många platser har Farsta?", "Tre platser finns i Farsta och fem i Bromma.", "Tre"),
        ("När började Bromma?", "Farsta och Älvsjö började 2019, Bromma 2021.", "2021"),
    ],
)
def test_a_value_belongs_to_the_body_of_its_part_of_the_sentence(asked: str, text: str, right: str) -> None:
    where = passage(text, Source("a", "a.txt", "Svar"))
    wrong = next(value for value in ("en", "två", "Tre", "fem", "2019") if value in text and value != right)
    spans = [(m.start(), m.end()) for word in (wrong, right) for m in [re.search(rf"\b{word}\b", text)] if m]
    both = WindowReading(
        tuple(SpanCandidate(a, b, 2.0 - i, 0.5 - 0.1 * i) for i, (a, b) in enumerate(spans)), 0.0, 0.9
    )
    best, *_ = weigh(question(asked), [where], [both], GAZETTEER)
    assert best.text == right


@pytest.mark.parametrize(
    ("asked", "form", "fits", "lacks"),
    [
        ("Vilken e-postadress har handläggaren?", "email", "anna@exempel.se", "08-508 06 120"),
        ("What is the e-mail address of Anna Ek?", "email", "anna@exempel.se", "0850806120"),
        ("Vad kostade projektet per år?", "amount", "1,2 miljoner kronor", "95 procent"),
        ("Hur stor är nämndens budget?", "amount", "40 mnkr", "en budget i balans"),
        ("How much did the project cost?", "amount", "300 000 kronor", "två år"),
        ("Vilket datum lämnades motionen in?", "day", "den 3 mars 2023", "2022"),
        ("Vilken månad flyttade de in?", "month", "i december 2023", "2023"),
        ("Vilka öppettider har biblioteket?", "clock", "kl. 10-18", "Earl"),
        ("Vad har ärendet för dnr?", "diarienummer", "KS 2023/517", "2023"),
    ],
)
def test_a_named_form_is_demanded(asked: str, form: str, fits: str, lacks: str) -> None:
    assert question(asked).form == form
    assert not lacks_strict_form(form, fits)
    assert lacks_strict_form(form, lacks)


def test_other_questions_demand_no_form() -> None:
    for asked in ("När började de?", "Hur många arbetar där?", "Vem är handläggare?", "Vad anser nämnden?"):
        assert question(asked).form is None


@pytest.mark.parametrize(
    ("asked", "sentence", "said"),
    [
        ("Har Farsta utökat antalet tjänster?", "Där är en person, vilket är oförändrat sedan start.", "no"),
        ("Har antalet ökat i Bromma?", "Det är två och så har det varit sedan starten.", "no"),
        ("Har antalet tjänster ändrats?", "Fram till 2020 var det en men sedan dess är det två.", "yes"),
        ("Har Farsta utökat antalet tjänster?", "Antalet tjänster har utökats till tre.", "yes"),
        ("Har Farsta utökat antalet tjänster?", "Antalet tjänster har inte utökats.", "no"),
        ("Har Farsta utökat antalet tjänster?", "I Farsta arbetar en person.", None),
    ],
)
def test_whether_something_changed(asked: str, sentence: str, said: str | None) -> None:
    assert polarity(question(asked), sentence) == said


def test_a_number_of_something_else_comes_second() -> None:
    text = "Projektet nådde sju stadsdelar. Omkring 100 av stadens grundskolor har i dag en kurator."
    where = passage(text, Source("a", "a.txt", "Svar"))
    spans = [(text.index(word), text.index(word) + len(word)) for word in ("sju", "Omkring 100")]
    both = WindowReading(
        tuple(SpanCandidate(a, b, 2.0, 0.5 - 0.1 * i) for i, (a, b) in enumerate(spans)), 0.0, 0.9
    )
    best, *_ = weigh(question("Hur många skolor har en kurator?"), [where], [both], GAZETTEER)
    assert best.text == "Omkring 100"
