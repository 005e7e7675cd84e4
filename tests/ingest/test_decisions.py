"""Outcomes of motions, and what yrkanden want."""

import pytest

from ingest.decisions import Outcome, Position, outcome, position, yrkanden


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Kommunfullmäktige bifaller motionen.", Outcome.APPROVED),
        ("Kommunfullmäktige beslutar att avslå motionen.", Outcome.REJECTED),
        ("Motionen avslås då arbetet redan pågår. Motionen är därmed färdigbehandlad.", Outcome.REJECTED),
        ("Motionen bifalls i den del som rör skolan och avslås i övrigt.", Outcome.PARTLY),
        ("Motionens första att-sats bifalls. Den andra att-satsen anses besvarad.", Outcome.PARTLY),
        (
            "Fullmäktige noterar att arbetet redan pågår. Motionen är med detta färdigbehandlad.",
            Outcome.ANSWERED,
        ),
        ("Motionen anses därmed vara besvarad.", Outcome.ANSWERED),
        ("Ärendet återremitteras till förvaltningen.", Outcome.RETURNED),
        ("Ärendet bordläggs.", Outcome.TABLED),
        ("Nämnden godkänner rapporten.", Outcome.NONE),
    ],
)
def test_outcomes(text: str, expected: Outcome) -> None:
    assert outcome(text) is expected


@pytest.mark.parametrize(
    ("text", "proposal", "expected"),
    [
        ("bifall till motionen", Outcome.REJECTED, Position.FOR),
        ("avslag på förslagen i motionen", Outcome.ANSWERED, Position.AGAINST),
        ("bifall till arbetsutskottets förslag", Outcome.REJECTED, Position.AGAINST),
        ("bifall till arbetsutskottets förslag", Outcome.ANSWERED, Position.SUPPORTS_PROPOSAL),
        ("bifall till kommunstyrelsens förslag", Outcome.APPROVED, Position.FOR),
        ("bifall till kommunstyrelsens förslag att avslå motionen", Outcome.REJECTED, Position.AGAINST),
        ("avslag på utskottets förslag och bifall till motionen", Outcome.REJECTED, Position.FOR),
        ("bifall till att motionen ska avslås", Outcome.NONE, Position.AGAINST),
        ("bifall till motionens första att-sats och avslag på den andra", Outcome.REJECTED, Position.PARTLY),
        ("att ärendet återremitteras", Outcome.REJECTED, Position.OTHER),
        ("återremiss och i andra hand bifall till motionen", Outcome.REJECTED, Position.FOR),
        ("bifall till eget förslag", Outcome.REJECTED, Position.OTHER),
        (
            "bifall följande förslag: ”Nämnden bifaller motionen när medel finns.”",
            Outcome.NONE,
            Position.OTHER,
        ),
    ],
)
def test_positions(text: str, proposal: Outcome, expected: Position) -> None:
    assert position(f"Eva Ek (S) yrkade {text}.", proposal) is expected


def test_each_yrkande_is_quoted_with_its_people() -> None:
    text = (
        "Yrkanden\n\nEva Ek (S) yrkade, med instämmande av Bo\nAl (V), bifall till motionen.\n\n"
        "Ordföranden Ida Ny (M) yrkade avslag på motionen."
    )
    first, second = yrkanden(text, 8, len(text), Outcome.NONE)
    assert text[first.start : first.end] == first.text
    assert [person.name for person in first.people] == ["Eva Ek", "Bo Al"]
    assert (second.position, second.people[0].name) == (Position.AGAINST, "Ida Ny")
