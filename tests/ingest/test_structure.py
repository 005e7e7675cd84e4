"""Sections cover the text without gaps, under the headings that municipal documents have."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from ingest.structure import sections
from rag.domain import ReadingText, Section


def paths(text: str, **fields: object) -> list[tuple[str, ...]]:
    return [section.headings for section in sections(ReadingText(text, **fields))]  # type: ignore[arg-type]


def assert_covers(text: str, found: tuple[Section, ...]) -> None:
    assert found[0].start == 0
    assert found[-1].end == len(text)
    assert all(one.end == following.start for one, following in pairwise(found))


@given(
    st.lists(
        st.sampled_from(
            [
                "Sammanfattning",
                "§ 12 Val",
                "1.2 Mål",
                "# Titel",
                "text utan rubrik.",
                "",
                "\f",
                "- punkt",
                "Eva Ek",
                "Chef",
                "\t",
            ]
        )
    ).map("\n".join)
)
def test_any_text_is_covered_without_gaps(text: str) -> None:
    assert_covers(text, sections(ReadingText(text)))


def test_known_headings_also_set_tightly_and_misread() -> None:
    text = (
        "Svar på motion\n\nSammanfattnlng\nTexten är kort.\n\n"
        "Forvaltningens synpunkter och forslag\nBra.\nBilagor\n1. Motion"
    )
    assert paths(text) == [(), ("Sammanfattnlng",), ("Forvaltningens synpunkter och forslag",), ("Bilagor",)]


def test_a_heading_without_text_shares_the_section_below() -> None:
    text = "Ärendet\n\nFörskolan vid torget\n\nFörskolan har fyrtio platser och byggdes under sextiotalet.\n"
    assert paths(text)[-1] == ("Ärendet", "Förskolan vid torget")


def test_paragraphs_of_a_protokoll_hold_their_decisions() -> None:
    text = (
        "Innehåll\n\n§ 7 Dnr KS 2030/1.......... 3\nBudget............ 3\n\n"
        "§ 7 Dnr KS 2030/1\n\nBudget för nästa år\n\nBeslut\nBudgeten antas.\n\n"
        "Reservation\nEva Ek (S) reserverar sig.\n\n"
        "§ 8\nÖvriga frågor\nBeslut\nInga frågor anmäldes. Se § 7 ovan.\n"
    )
    assert paths(text)[1:] == [
        ("§ 7 Budget för nästa år", "Beslut"),
        ("§ 7 Budget för nästa år", "Reservation"),
        ("§ 8 Övriga frågor", "Beslut"),
    ]


def test_markdown_and_the_files_own_headings_nest() -> None:
    assert paths("# Svar\n\n## Bakgrund\n\nText.\n\n### Skolan\n\nText.\n\n## Beslut\n\nJa.\n") == [
        ("Svar", "Bakgrund"),
        ("Svar", "Bakgrund", "Skolan"),
        ("Svar", "Beslut"),
    ]
    text = "Årsrapport\nInledande text.\nMål\nVi har mål.\n"
    assert paths(text, headings=((0, 10, 1), (27, 30, 2))) == [("Årsrapport",), ("Årsrapport", "Mål")]


def test_signatures_end_the_section_before_them() -> None:
    signed = "Eva Ek\nStadsdelsdirektör\nNorrviks stadsdelsförvaltning"
    text = f"Bedömning\n\nFörslaget är bra.\n\n{signed}\n\nBilagor\n\nMotion\n"
    assert paths(text) == [("Bedömning",), (), ("Bilagor",)]


def test_no_structure_is_one_section() -> None:
    assert paths("Bara en enda lång text, utan någon rubrik alls.\nDen fortsätter här.") == [()]


def test_a_pdfs_own_headings_stand_below_their_paragraph() -> None:
    text = (
        "Innehåll\n\n§ 3 KS 2030/9 … 4\nBad … 4\n\n§ 3\tKS 2030/9\n\nNytt badhus vid den gamla hamnen\nöster om ån\n\n"
        "Beslut\nBadet byggs.\n\nHandlingar\n\nMotionen\n"
    )

    def place(line: str, level: int) -> tuple[int, int, int]:
        return text.index(line), text.index(line) + len(line), level

    marked = [
        ("Innehåll", 2),
        ("Nytt badhus vid den gamla hamnen", 2),
        ("öster om ån", 2),
        ("Beslut", 3),
        ("Handlingar", 3),
    ]
    found = paths(text, headings=tuple(place(*heading) for heading in marked))
    title = "§ 3 Nytt badhus vid den gamla hamnen öster om ån"
    assert found == [("Innehåll",), (title, "Beslut"), (title, "Handlingar")]
