"""What the minutes of a meeting state, in the forms of different municipalities."""

import pytest

from ingest.facts import extract
from ingest.metadata import SourceDescription
from rag.domain import DocumentKind, Fact, ReadingText

STOCKHOLM = """Protokoll nr 3/2024
Socialnämnden

Tid\tTorsdagen den 21 mars 2024 kl. 16.00-17.10
Plats\tStadshuset, lokal Drottningen
Justerat den 28 mars 2024
Närvarande
Ordförande Eva Ek (S)
Bo Al (V)

§ 4 Svar på motion om nattöppet
Dnr SN 2024/17

Socialnämndens beslut
Nämnden bifaller motionen.

Förslag till beslut
1. Ordföranden Eva Ek m.fl. (S) föreslår att nämnden beslutar i enlighet med förvaltningens förslag.
2. Ida Ny m.fl. (M) yrkar avslag på motionen.

Propositionsordning
Votering begärs och verkställs.
Ja-röst för förvaltningens förslag: Eva Ek (S), Bo Al (V)
Nej-röst för avslag: Ida Ny (M)
Beslutet fattas med två röster mot en.

Reservation
Mot beslutet reserverar sig Ida Ny (M) till förmån för eget förslag.
Sverigedemokraternas ledamöter reserverar sig mot beslutet.

Ersättaryttrande
Per Alm (KD): ”Vi hade hellre sett fler fältarbetare.”
"""
SMALL = """SAMMANTRÄDESPROTOKOLL
Kommunstyrelsens arbetsutskott\t2023-02-07

Beslutande
Eva Ek (C), ordförande
Bo Al (M)

Utses att justera Bo Al
Justeringens plats och tid   Kommunkontoret 2023-02-09

§ 12 Köp av fastighet

Jäv
Lo Sten (L) deltar inte i beslutet på grund av jäv.

Beslut
Arbetsutskottet köper fastigheten.

Beslutsgång
Ida Ny (S) begär votering.
"""


def facts(text: str, name: str) -> list[Fact]:
    description = SourceDescription("Protokoll", DocumentKind.PROTOKOLL, "socialnämnden")
    return [fact for fact in extract(ReadingText(text), (), description) if fact.name == name]


def test_the_head_tells_who_met_when_and_who_justified_it() -> None:
    told = {fact.detail["label"]: fact.value for fact in facts(STOCKHOLM, "meeting")}
    assert told["body"] == "Socialnämnden"
    assert "Drottningen" in told["place"] or "16.00" in told["place"]
    assert told["adjusted"] == "28 mars 2024"
    assert told["chair"] == "Eva Ek (S)"
    told = {fact.detail["label"]: fact.value for fact in facts(SMALL, "meeting")}
    assert told["body"] == "Kommunstyrelsens arbetsutskott"
    assert told["present"] == "Eva Ek (C), ordförande Bo Al (M)"
    assert told["adjuster"] == "Bo Al"
    assert told["chair"] == "Eva Ek (C)"
    assert "2023-02-09" in told["adjusted"]


def test_what_members_propose_is_no_decision() -> None:
    assert [fact.value for fact in facts(STOCKHOLM, "decision")] == ["Nämnden bifaller motionen."]
    people = [fact.detail["people"] for fact in facts(STOCKHOLM, "yrkande")]
    assert people == ["Eva Ek (S)", "Ida Ny (M)"]


def test_a_paragraph_knows_where_it_ends() -> None:
    (matter,) = facts(SMALL, "matter")
    assert SMALL[matter.start : int(matter.detail["end"])].rstrip().endswith("begär votering.")


def test_last_point_of_a_list_of_att_satser_is_its_own() -> None:
    listed = "Beslut\natt bifalla motionen,\natt anvisa medel, samt\natt i övrigt avslå motionen.\n"
    text = f"§ 1 Svar på motion\n\n{listed}"
    assert [fact.value for fact in facts(text, "decision")][1:] == [
        "att anvisa medel, samt",
        "att i övrigt avslå motionen.",
    ]


UNDER = "§ 1 Svar på motion\n\nReservation\n"


@pytest.mark.parametrize(
    ("text", "reserved"),
    [
        (STOCKHOLM, ["Ida Ny (M)", "Sverigedemokraternas ledamöter"]),
        (f"{UNDER}Bo Al anmälde reservation för Nackalistan:\n\n”Nej.”\n", ["Bo Al (Nackalistan)"]),
        (
            f"{UNDER}Eva Ek (S) reserverade sig:\n”Vi sade nej.\nSocialdemokraterna reserverade sig.”\n",
            ["Eva Ek (S)"],
        ),
        (f"{UNDER}Mot beslutet reserverar sig\nEva Ek (S)\nBo Al (V)\n", ["Eva Ek (S), Bo Al (V)"]),
    ],
)
def test_who_dissented(text: str, reserved: list[str]) -> None:
    assert [fact.value for fact in facts(text, "reservation")] == reserved


def test_what_is_put_on_record_is_known_to_its_end() -> None:
    (spoken,) = facts(STOCKHOLM, "statement")
    assert spoken.value == "Per Alm (KD)"
    start, _, end = spoken.detail["speech"].partition("-")
    assert STOCKHOLM[int(start) : int(end)].rstrip().endswith("fler fältarbetare.”")


def test_how_the_vote_went() -> None:
    told = {
        (f.value, f.detail.get("side", "")): f.detail.get("people", "")
        for f in facts(STOCKHOLM, "proceeding")
    }
    assert told["side", "for"] == "Eva Ek (S); Bo Al (V)"
    assert told["side", "against"] == "Ida Ny (M)"
    assert told["called", ""] == ""  # nobody is named as the one who asked for it
    assert ("count", "") in told
    told = {
        (f.value, f.detail.get("side", "")): f.detail.get("people", "") for f in facts(SMALL, "proceeding")
    }
    assert told["called", ""] == "Ida Ny (S)"
    assert told["aside", ""] == "Lo Sten (L)"
