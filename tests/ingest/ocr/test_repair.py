"""Repair of misread Swedish, on texts of our own and, where it lies beside the project, on measured data."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest

from evals.ocr import evaluate, word_error_rate
from ingest.ocr import judge, learn, needs_repair, repair, restore, to_original, to_reading, unrepaired
from ingest.ocr.training import in_training_half
from ingest.ocr.words import is_word
from rag.domain import OcrGrade, Page, ReadingText

TRUE = """Förvaltningens förslag till beslut

Bromma stadsdelsnämnd godkänner förvaltningens tjänsteutlåtande om saken och överlämnar det före sommaren
till kommunstyrelsen. Nämnden anser att det är bra för barnen när skolan och socialtjänsten samverkar
tidigt, och att stödet måste nå ut till de familjer som behöver det. Under 2023 avsattes 450 000 kronor
för ändamålet. Förslaget innebär att arbetssättet kan spridas till hela staden, där det finns möjlighet
att öka kvaliteten i utredningarna. Insatserna följs upp genom biståndsbedömningar och samtal."""

# As a reader without Swedish letters gives it.
LOST = """Forvaltningens forslag till beslut

Bromma stadsdelsnidmnd godkinner forvaltningens tjansteutlatande om saken och dverldmnar det fore sommaren
till kommunstyrelsen. Namnden anser att det ar bra for barnen nar skolan och socialtjansten samverkar
tidigt, och att stodet maste na ut till de familjer som behover det. Under 2023 avsattes 450 000 kronor
for andamalet. Forslaget innebir att arbetssdttet kan spridas till hela staden, dar det finns mojlighet
att 6ka kvaliteten 1 utredningarna. Insatserna foljs upp genom bistands-
bedomningar och samtal."""

BESIDE = Path(__file__).parents[4] / "shared" / "data"


def test_lost_letters_come_back() -> None:
    repaired = repair(LOST)
    assert word_error_rate(LOST, TRUE) > 0.3
    assert repaired.text.split() == TRUE.split()
    assert (repaired.method, repaired.grade, repaired.original) == ("repaired", OcrGrade.READABLE, LOST)


def test_clean_text_is_left_alone_and_graded_good() -> None:
    reading = repair(TRUE)
    assert (reading.text, reading.grade, reading.original, reading.alignment) == (
        TRUE,
        OcrGrade.GOOD,
        None,
        (),
    )


def _in_pages(texts: list[str]) -> ReadingText:
    starts = [sum(len(text) + 2 for text in texts[:at]) for at in range(len(texts))]
    pages = (
        Page(number, start, start + len(text))
        for number, (start, text) in enumerate(zip(starts, texts, strict=True), 1)
    )
    return ReadingText("\n\n".join(texts), tuple(pages))


def test_rare_words_on_one_clean_page_are_no_misreadings() -> None:
    clean = "\n".join([TRUE] * 3)
    rare = clean + " Toalettömning och snöbrånad ingår, liksom båtbotntvätt."
    reading = _in_pages([clean, clean, rare, "Ett ord til.", clean])
    restored = restore(reading)
    assert (restored.text, restored.grade) == (reading.text, OcrGrade.GOOD)
    assert not needs_repair(reading)


def test_a_misread_page_among_clean_ones_is_repaired() -> None:
    assert needs_repair(_in_pages([TRUE, LOST]))
    restored = restore(_in_pages([TRUE, LOST]))
    assert restored.text.split() == [*TRUE.split(), *TRUE.split()]
    assert [page.grade for page in restored.pages] == [OcrGrade.GOOD, OcrGrade.READABLE]


def test_english_is_not_taken_for_misread_swedish() -> None:
    english = "The committee finds that the proposal should be rejected since the costs are not known. " * 5
    assert repair(english).text == english


def test_numbers_dates_and_unknown_names_stay() -> None:
    facts = (
        "Dnr 1.5.1-233/2023, den 15 augusti 2023 kl. 09.30, 450 000 kronor, Xerxes Quvortrup, www.exempel.se"
    )
    text = repair(f"{LOST}\n\n{facts}").text
    assert text.endswith(facts)


def test_offsets_map_both_ways() -> None:
    reading = repair(LOST)
    for word in ("tjänsteutlåtande", "450", "biståndsbedömningar", "samtal"):
        at = reading.text.index(word)
        original = to_original(at, reading.alignment)
        assert LOST[original].lower() == word[0]
        assert to_reading(original, reading.alignment) == at
    assert unrepaired(reading).text == LOST


def test_only_the_bad_page_is_repaired_and_the_page_map_holds() -> None:
    text = f"{TRUE}\n\n{LOST}\n\n{TRUE}"
    first, second = len(TRUE), len(TRUE) + 2 + len(LOST)
    pages = (Page(1, 0, first), Page(2, first + 2, second), Page(3, second + 2, len(text)))
    reading = restore(ReadingText(text, pages))
    assert [page.method for page in reading.pages] == ["text", "repaired", "text"]
    assert [page.grade for page in reading.pages] == [OcrGrade.GOOD, OcrGrade.READABLE, OcrGrade.GOOD]
    first_page, _, last_page = (reading.text[page.start : page.end] for page in reading.pages)
    assert first_page == last_page == TRUE
    assert restore(reading) == reading


def test_names_of_the_collection_help() -> None:
    clean = "I dag svarade Märit Jöklund. Sedan sade Märit Jöklund att Jöklund och Märit är nöjda."
    misread = LOST + "\n\nEnligt Mdrit Joklund behovs mer stod."
    assert "Märit Jöklund" not in repair(misread).text
    assert "Märit Jöklund behövs mer stöd" in repair(misread, learn([clean])).text


def test_words_and_compounds() -> None:
    assert all(map(is_word, ("Förhandsbedömningar", "stadsdelsnämndens", "skolgårdsplanering")))
    assert not any(map(is_word, ("stadsdelsnidmnd", "qwzx", "forslag")))


def test_judging_tells_kinds_of_text_apart() -> None:
    assert judge(LOST).bad and not judge(TRUE).bad
    assert judge(LOST).letters < 0.005 < 0.03 < judge(TRUE).letters


def test_a_page_is_repaired_in_a_moment() -> None:
    repair(LOST)
    start = time.perf_counter()
    repair(LOST)
    assert time.perf_counter() - start < 2


def _pages(name: str) -> dict[str, str]:
    path = BESIDE / name
    if not path.is_file():
        pytest.skip(f"{name} does not lie beside the project")
    rows = map(json.loads, path.read_text("utf-8").splitlines())
    return {row["id"]: row["text"] for row in rows}


@pytest.mark.parametrize(("level", "fewer"), [("heavy", 0.30), ("medium", 0.40), ("mild", 0.0)])
def test_measured_noise(level: str, fewer: float) -> None:
    true = _pages("swequad_mc/passages.jsonl")
    noisy = _pages(f"ocr_swequad/passages_{level}.jsonl")
    chosen = [page for page in noisy if not in_training_half(page)][:25]
    report = evaluate("\n\n".join(noisy[page] for page in chosen), "\n\n".join(true[page] for page in chosen))
    assert report.wer_after <= report.wer_before * (1 - fewer)


def test_clean_pages_are_hardly_changed() -> None:
    pages = list(_pages("swequad_mc/passages.jsonl").values())
    changed = sum(len(repair(page).alignment) for page in pages)
    assert changed < 0.001 * sum(len(page.split()) for page in pages)
