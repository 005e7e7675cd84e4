"""Title, kind, body, date and number as the document itself states them."""

from pathlib import Path

import pytest

from ingest.metadata import SourceDescription, describe
from rag.domain import DocumentKind, ReadingText

TEXTS = Path(__file__).parent / "texts"
SEEDS = Path(__file__).resolve().parents[3] / "shared" / "seeds"


def described(name: str) -> SourceDescription:
    return describe(ReadingText((TEXTS / name).read_text(encoding="utf-8")), name)


def test_a_remissvar_passes_over_its_letterhead() -> None:
    assert described("praises_and_declines.txt") == SourceDescription(
        "Svar på remiss av motion om fältlag på nätterna",
        DocumentKind.REMISSVAR,
        "Norrvik",
        "2031-04-02",
        "NOR 2031/88",
    )


def test_a_letter_speaks_for_its_signer_and_not_for_its_addressee() -> None:
    found = described("letter.txt")
    assert (found.kind, found.body, found.date) == (
        DocumentKind.REMISSVAR,
        "utbildningsnämnden",
        "2028-06-03",
    )
    assert found.title.startswith("Remissvar angående motion om gratis frukost")


def test_a_title_may_hold_a_number_that_looks_like_a_telephones() -> None:
    text = "NORRBY KOMMUN\nDatum: 2030-01-02\n\nSvar på remiss: Motion om bad (KS 2030/0187)\n\nSammanfattning\n\nJa."
    assert describe(ReadingText(text), "svar.txt").title == "Svar på remiss: Motion om bad (KS 2030/0187)"


def test_a_printed_message_is_titled_by_its_subject() -> None:
    text = "Från: Registrator\nÄmne: VB: Skrivelse om avgift i badet\n\nHej Eva!\n\nSe nedan.\n\nVänligen\nPia Holm\n"
    assert describe(ReadingText(text), "brev.txt").title == "Skrivelse om avgift i badet"


def test_a_protokoll_is_titled_by_its_meeting() -> None:
    found = described("reservation_disagrees.txt")
    assert found.kind is DocumentKind.PROTOKOLL
    assert (found.title, found.body, found.date) == (
        "Protokoll Norrviks stadsdelsnämnd 2031-04-24",
        "Norrvik",
        "2031-04-24",
    )


def test_a_date_in_running_text_is_never_the_documents() -> None:
    assert described("only_forwards.txt").date is None
    text = "Motion om busskort\n\nSvar önskas senast den 3 maj 2030 av nämnden.\n\nVi yrkar\n\n1. att busskort införs\n"
    assert describe(ReadingText(text), "motion.txt").date is None


@pytest.mark.parametrize(
    ("opening", "kind"),
    [
        ("Motion av Eva Ek (S) om gratis frukost\n\nAlla barn ska få frukost.", DocumentKind.MOTION),
        ("Skrivelse angående vinterväghållning\n\nHur ofta plogas gatorna?", DocumentKind.SKRIVELSE),
        (
            "Tjänsteutlåtande\n\nSvar på skrivelse om plogning\n\nBedömning\n\nGatorna plogas.",
            DocumentKind.TJANSTEUTLATANDE,
        ),
        (
            "Remiss: motion om frukost\n\nMotionen skickas för yttrande till\n- skolnämnden",
            DocumentKind.OTHER,
        ),
        ("Kallelse\n\nDagordning\n\n§ 1 Val av justerare", DocumentKind.OTHER),
        ("Årsrapport 2030\n\nÅret var bra.", DocumentKind.OTHER),
    ],
)
def test_kinds(opening: str, kind: DocumentKind) -> None:
    assert describe(ReadingText(opening), "fil.txt").kind is kind


def test_the_file_name_is_the_last_resort() -> None:
    assert describe(ReadingText("2030-01-02\n"), "plan_for_parken.txt").title == "plan for parken"


def test_the_seeds_are_described() -> None:
    if not SEEDS.is_dir():
        pytest.skip("the seed documents in ../shared/seeds are not on this machine")
    found = [
        describe(ReadingText(path.read_text(encoding="utf-8")), path.name)
        for path in sorted(SEEDS.glob("*.txt"))
    ]
    assert [one.body for one in found] == ["Bromma", "Hägersten-Älvsjö", None, "socialnämnden"]
    assert [str(one.kind) for one in found] == ["remissvar", "remissvar", "motion", "tjänsteutlåtande"]
    assert [one.date for one in found] == ["2023-08-08", None, None, "2024-03-19"]


def test_a_mark_over_the_letterhead_is_no_title() -> None:
    text = "UTKAST - får inte spridas\n\nNorrby kommun\n\nPlan för badplatser\n\nSammanfattning\n\nText."
    assert describe(ReadingText(text), "plan.txt").title == "Plan för badplatser"


def test_a_company_speaks_in_its_own_letter() -> None:
    text = (
        "NORRBY FASTIGHETER AB\nOrg.nr 556000-0000\n\nTill kommunstyrelsen\n\nSvar på remiss om bad\n\n"
        "Norrby Fastigheter AB avstyrker förslaget."
    )
    assert describe(ReadingText(text), "svar.txt").body == "Norrby Fastigheter AB"


def test_a_protokoll_whose_heading_stands_in_columns_is_titled_by_its_meeting() -> None:
    text = (
        "NORRBY KOMMUN          SAMMANTRÄDESPROTOKOLL\nKommunfullmäktige      Sammanträdesdatum 2030-05-06\n\n"
        "§ 1 Val av justerare\n\nEva Ek utses.\n"
    )
    assert describe(ReadingText(text), "p.txt").title == "Protokoll Kommunfullmäktige 2030-05-06"


def test_a_meetings_body_may_have_a_comma_in_its_name_and_the_forms_name_before_it() -> None:
    text = (
        "SAMMANTRÄDESPROTOKOLL  Barn-, skol- och ungdomsnämnden    Sida 1\n2030-05-06\n\n"
        "§ 1 Val av justerare\n\nEva Ek utses.\n"
    )
    title = describe(ReadingText(text), "p.txt").title
    assert title == "Protokoll Barn-, skol- och ungdomsnämnden 2030-05-06"
