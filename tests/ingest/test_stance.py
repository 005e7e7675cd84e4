"""Yes and no in sentences, and what a body's sentences say together."""

import pytest

from ingest.stance import Stance, conclude, signals


def stance_of(*sentences: str) -> Stance:
    return conclude([signal for sentence in sentences for signal in signals(sentence)]).stance


@pytest.mark.parametrize(
    ("sentence", "stance"),
    [
        ("Nämnden tillstyrker motionen.", Stance.ENDORSES),
        ("Nämnden tillstyrker inte motionen.", Stance.REJECTS),
        ("Kontoret kan därför inte tillstyrka förslaget.", Stance.REJECTS),
        ("Nämnden avstyrker bifall till motionen.", Stance.REJECTS),
        ("Givet att inget annat hindrar, vill vi tillstyrka förslaget.", Stance.ENDORSES),
        ("Motionen ska anses besvarad med vad som anförs i utlåtandet.", Stance.ANSWERED),
        ("Förslagen i motionen föranleder inga ytterligare åtgärder.", Stance.ANSWERED),
        ("Förvaltningen ställer sig positiv till förslaget.", Stance.POSITIVE),
        ("Förvaltningen bedömer att modellen inte bör införas i stadsdelen.", Stance.REJECTS),
        ("Förvaltningen anser inte att arbetssättet behöver införas i dagsläget.", Stance.REJECTS),
        ("Förvaltningen ser inget behov av att bygga en simhall.", Stance.REJECTS),
        ("Nämnden är positiv till arbetet, men vill inte införa modellen.", Stance.PARTLY),
        ("Nämnden tillstyrker delvis motionen.", Stance.PARTLY),
        ("Nämnden har inga synpunkter på förslaget.", Stance.NEUTRAL),
        ("Nämnden avstår från att yttra sig.", Stance.NONE),
        ("Nämnden godkänner förvaltningens tjänsteutlåtande som svar på remissen.", Stance.NONE),
        ("Nämnden ställer sig bakom förvaltningens tjänsteutlåtande.", Stance.NONE),
        ("Forvaltningen stiller sig positiv till forslaget.", Stance.POSITIVE),
        ("Forvaltningen anser att modellen ar sdllan framgangsrik.", Stance.REJECTS),
    ],
)
def test_one_sentence(sentence: str, stance: Stance) -> None:
    assert stance_of(sentence) is stance


def test_a_decision_outweighs_an_attitude_and_keeps_the_praise() -> None:
    praise = "Förvaltningen ser positivt på syftet."
    verdict = conclude([*signals(praise), *signals("Nämnden avstyrker motionen.", offset=len(praise) + 1)])
    assert verdict.stance is Stance.REJECTS
    assert verdict.positive is not None


def test_praise_without_a_yes_beside_a_no_is_a_no() -> None:
    assert (
        stance_of("Frågan är viktig.", "Förvaltningen anser inte att förslaget bör genomföras.")
        is Stance.REJECTS
    )


def test_a_modal_counts_only_where_it_is_about_the_proposal() -> None:
    law = "Lagen ska införas nästa år."
    assert stance_of(law) is Stance.NONE
    assert conclude(signals("Nattvandring bör införas snarast.", terms=("nattva",))).stance is Stance.POSITIVE


def test_a_condition_is_seen() -> None:
    found = signals("Nämnden tillstyrker motionen under förutsättning att medel tillförs.")
    assert [signal.condition for signal in found] == [True]


def test_places_are_those_of_the_text() -> None:
    text = "Inledning. Nämnden\ntillstyrker motionen."
    [signal] = signals(text[11:], offset=11)
    assert text[signal.start : signal.end] == "tillstyrker"
