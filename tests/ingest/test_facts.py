"""Facts of documents written to mislead: each with its speaker and a quote that says it."""

from collections.abc import Iterable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.facts import extract
from ingest.metadata import describe
from ingest.structure import sections
from rag.domain import Fact, ReadingText

TEXTS = Path(__file__).parent / "texts"
SEEDS = Path(__file__).resolve().parents[3] / "shared" / "seeds"


def read(path: Path) -> tuple[str, tuple[Fact, ...]]:
    reading = ReadingText(path.read_text(encoding="utf-8"))
    found = sections(reading)
    return reading.text, extract(reading, found, describe(reading, path.name, found))


def named(facts: Iterable[Fact], name: str) -> list[Fact]:
    return [fact for fact in facts if fact.name == name]


def stances(facts: Iterable[Fact]) -> list[tuple[str, str]]:
    return [(fact.speaker, fact.value) for fact in named(facts, "stance")]


def test_a_remissvar_that_praises_and_declines() -> None:
    text, facts = read(TEXTS / "praises_and_declines.txt")
    assert stances(facts) == [("administration", "delvis")]
    [stance] = named(facts, "stance")
    assert stance.detail["declines"] == "yes"
    assert "vill inte införa fältlag" in " ".join(text[stance.start : stance.end].split())
    assert [fact.value for fact in named(facts, "mover")] == ["Alva Brink", "Nils Ros"]
    assert [fact.value for fact in named(facts, "consulted_body")] == ["Norrvik", "Sörby", "socialnämnden"]
    assert [fact.value for fact in named(facts, "deadline")] == ["2031-05-02"]
    assert [fact.value for fact in named(facts, "proposal")] == [
        "att fältlag inrättas i varje stadsdel",
        "att fältlagen arbetar även på nätterna.",
    ]


def test_one_that_approves_with_conditions() -> None:
    text, facts = read(TEXTS / "approves_with_conditions.txt")
    [stance] = named(facts, "stance")
    assert (stance.value, stance.speaker, stance.detail["status"]) == (
        "tillstyrker",
        "administration",
        "proposed",
    )
    start, end = map(int, stance.detail["condition"].split("-"))
    assert "under förutsättning att särskilda medel avsätts" in text[start:end]
    assert [fact.detail["mail"] for fact in named(facts, "handler")] == ["omar.haddad@exempelstad.example"]


def test_one_that_only_forwards_takes_no_position_from_the_motions_praise() -> None:
    text, facts = read(TEXTS / "only_forwards.txt")
    assert stances(facts) == [("administration", "ingen ståndpunkt")]
    assert (
        "utan eget ställningstagande" in text[named(facts, "stance")[0].start : named(facts, "stance")[0].end]
    )


def test_a_reservation_that_disagrees_is_kept_apart_from_the_decision() -> None:
    _, facts = read(TEXTS / "reservation_disagrees.txt")
    assert stances(facts) == [("board", "avstyrker"), ("reservation", "tillstyrker")]
    assert [fact.value for fact in named(facts, "reservation")] == ["Eva Modig (M)"]
    assert [(fact.value, fact.detail["parties"]) for fact in named(facts, "yrkande")] == [
        ("against", "S"),
        ("for", "M"),
    ]
    decided = named(facts, "decision")[0]
    assert (decided.detail["status"], decided.detail["outcome"], decided.detail["paragraph"]) == (
        "decided",
        "avslag",
        "§ 41",
    )


def test_one_read_badly() -> None:
    _, facts = read(TEXTS / "bad_ocr.txt")
    assert stances(facts) == [("administration", "avstyrker")]
    assert [fact.value for fact in named(facts, "mover")] == ["Rut Holm"]


def test_a_board_that_answers_itself() -> None:
    _, facts = read(TEXTS / "letter.txt")
    assert stances(facts) == [("board", "neutral")]


def test_a_reservation_without_reasons_stands_for_what_its_people_moved() -> None:
    text, facts = read(TEXTS / "dissent_by_yrkande.txt")
    assert stances(facts) == [("reservation", "tillstyrker"), ("statement", "ställer sig positiv")]
    moved = named(facts, "stance")[0]
    assert "föreslår att nämnden tillstyrker motionen" in text[moved.start : moved.end]
    assert named(facts, "decision")[0].detail.get("outcome") is None  # it only follows the administration


def test_a_letterhead_in_capitals_and_a_condition_first() -> None:
    _, facts = read(TEXTS / "capitals.txt")
    [stance] = named(facts, "stance")
    assert (stance.value, stance.detail["body"]) == ("ställer sig positiv", "Ekdal")
    assert "condition" in stance.detail
    assert [fact.value for fact in named(facts, "signer")] == ["Ivar Jonsson", "Kerstin Lag"]


def test_a_boards_letter_that_agrees_and_rejects() -> None:
    _, facts = read(TEXTS / "board_letter.txt")
    [stance] = named(facts, "stance")
    assert (stance.speaker, stance.value, stance.detail["body"]) == ("board", "avstyrker", "miljönämnden")
    assert "positive" in stance.detail


def test_each_body_is_told_once_where_the_text_first_speaks_of_it() -> None:
    text = (
        "Läget i stadsdelarna\n\nI både Norrviks stadsdelsnämnd och Sörby stadsdelsnämnd infördes lotsar 2030. "
        "Norrviks stadsdelsnämnd har en, och Norrköping ingen.\n"
    )
    reading = ReadingText(text)
    facts = extract(reading, sections(reading), describe(reading, "rapport.txt"))
    assert [(fact.value, fact.start) for fact in named(facts, "named_body")] == [
        ("Norrvik", text.index("Norrvik")),
        ("Sörby", text.index("Sörby")),
    ]


_PIECES = (
    "Handläggare Eva Ek Bo Al|Stadsdelsdirektör|Till|Norrviks stadsdelsnämnd|Svar på motion om bad|Yrkanden|§ 4 Bad"
    "|Beslut|Eva Ek (S) yrkade bifall till motionen.|Bo Al (M) reserverar sig mot beslutet.|1. att badet byggs"
    "|Reservation|Förvaltningen anser inte att badet bör byggas.|Attesterat av|Eva Ek, Chef\t2030-01-02"
    "|SAMMANTRÄDESPROTOKOLL||\f"
    "|Utses att justera|Motionen har remitterats till|- Sörby stadsdelsnämnd (numera Ekdal)|Bilagor|Motionärerna yrkar:"
)


@given(st.lists(st.sampled_from(_PIECES.split("|"))).map("\n".join))
def test_no_arrangement_of_lines_fails(text: str) -> None:
    reading = ReadingText(text)
    found = sections(reading)
    facts = extract(reading, found, describe(reading, "fil.txt", found))
    assert all(0 <= fact.start < fact.end <= len(text) for fact in facts)


def test_every_quote_lies_in_its_text() -> None:
    for path in sorted(TEXTS.glob("*.txt")):
        text, facts = read(path)
        assert facts
        assert all(
            0 <= fact.start < fact.end <= len(text) and text[fact.start : fact.end].strip() for fact in facts
        )


def test_the_seeds_state_who_said_what() -> None:
    if not SEEDS.is_dir():
        pytest.skip("the seed documents in ../shared/seeds are not on this machine")
    bromma, hagersten, _, answer = (read(path)[1] for path in sorted(SEEDS.glob("*.txt")))
    assert stances(bromma) == [("administration", "avstyrker")]
    assert stances(hagersten) == [("administration", "delvis")]
    assert len(named(bromma, "consulted_body")) == 7
    assert [fact.detail["now"] for fact in named(bromma, "consulted_body") if "now" in fact.detail] == [
        "Järva"
    ]
    assert stances(answer) == []  # it answers questions; nothing was proposed
    assert len(named(answer, "question")) == 4


def test_companies_and_advisory_councils_are_asked_too(tmp_path: Path) -> None:
    path = tmp_path / "remiss.txt"
    path.write_text(
        "Svar på motion om bad\n\nBakgrund\n\nMotionen om bad har av kommunens kansli skickats på remiss "
        "till socialnämnden, Norrby\n"
        "Fastigheter AB, ungdomsrådet samt rådet för funktionshinderfrågor. Området är stort.\n",
        encoding="utf-8",
    )
    _, facts = read(path)
    assert [fact.value for fact in named(facts, "consulted_body")] == [
        "socialnämnden",
        "Norrby Fastigheter AB",
        "ungdomsrådet",
        "rådet för funktionshinderfrågor",
    ]
