"""Documents written to trip the reading of stances: praise and a no, conditions, no view, a dissent, bad OCR."""

from functools import cache

import pytest

from evals.all_sets import EXAMPLES
from ingest import facts, metadata, readers, structure
from rag.domain import DocumentKind, Fact, OcrGrade


@cache
def read(name: str) -> tuple[metadata.SourceDescription, tuple[Fact, ...], OcrGrade]:
    path = next(EXAMPLES.rglob(name))
    reading = readers.read(path)
    sections = structure.sections(reading)
    description = metadata.describe(reading, name, sections)
    return description, facts.extract(reading, sections, description), reading.grade


def stances(name: str, speaker: str) -> set[str]:
    return {fact.value for fact in read(name)[1] if fact.name == "stance" and fact.speaker == speaker}


@pytest.mark.parametrize(
    ("name", "body", "speaker", "stance"),
    [
        ("exk_remissvar_norrangen.md", "Norrängen", "board", "tillstyrker"),
        ("exk_remissvar_hamnbyn.txt", "Hamnbyn", "administration", "avstyrker"),  # praises, and declines
        ("exk_remissvar_kvarnlunda.md", "Kvarnlunda", "board", "tillstyrker"),  # on conditions
        ("exk_remissvar_solbacken.txt", "Solbacken", "board", "ingen ståndpunkt"),  # only forwards
        ("exk_remissvar_kultur_fritid.md", "kultur- och fritidsnämnden", "board", "anses besvarad"),
        ("exk_protokoll_asudden.md", "Åsudden", "board", "avstyrker"),  # against the administration
        ("exk_protokoll_kommunfullmaktige.md", "kommunfullmäktige", "board", "delvis"),
        ("exempel_remissvar_bromma.md", "Bromma", "administration", "avstyrker"),
    ],
)
def test_the_stance_is_that_of_the_body_itself(name: str, body: str, speaker: str, stance: str) -> None:
    assert read(name)[0].body == body
    assert stances(name, speaker) == {stance}


def test_conditions_are_part_of_the_stance() -> None:
    stance = next(fact for fact in read("exk_remissvar_kvarnlunda.md")[1] if fact.name == "stance")
    assert stance.detail.get("condition")


def test_a_dissent_is_kept_apart_from_the_decision() -> None:
    description, found, _ = read("exk_protokoll_asudden.md")
    assert description.kind is DocumentKind.PROTOKOLL
    assert any(fact.name == "reservation" and "Saga Tornblad" in fact.value for fact in found)
    assert any(fact.name == "statement" for fact in found)


def test_a_misread_answer_keeps_its_stance_and_noise_is_graded_poor() -> None:
    assert stances("exempel_remissvar_hagersten_alvsjo_skannad.txt", "administration") <= {
        "delvis",
        "ställer sig positiv",
    }
    assert read("exk_remissvar_grindvik_skannad.txt")[2] is OcrGrade.POOR


def test_a_list_of_consulted_bodies_is_one() -> None:
    for name, count in (("exk_remiss_fritidsbuss.txt", 8), ("exempel_remiss_vallingbyteamet.txt", 7)):
        bodies = {fact.value for fact in read(name)[1] if fact.name == "consulted_body"}
        assert len(bodies) == count
