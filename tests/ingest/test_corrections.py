"""What a person corrects is kept, searched and shown, and tells where it differs from what was read."""

from __future__ import annotations

from pathlib import Path

import hypothesis.strategies as st
import pytest
from hypothesis import given

from ingest import finding
from ingest.correct import correct, corrected_pages, find_source, text_to_correct
from ingest.corrections import WHOLE, corrected, differences, tidy
from ingest.ocr import repair, to_original
from ingest.pipeline import ingest
from rag.domain import OcrGrade, Page, ReadingText
from rag.errors import MissingInput
from rag.index import Index
from rag.settings import Settings

READ = "\n".join(
    ["Namnden godkanner forslaget om Angsvagens forskola och overlamnar det till styrelsen."] * 3
)
PAGES = [READ, "Beslutet fattades den 3 maj 2O23.", READ.replace("godkanner", "avslar")]


def reading_of(texts: list[str]) -> ReadingText:
    starts = [sum(len(text) + 2 for text in texts[:at]) for at in range(len(texts))]
    pages = tuple(
        Page(number, start, start + len(text), OcrGrade.POOR, "ocr")
        for number, (start, text) in enumerate(zip(starts, texts, strict=True), 1)
    )
    return ReadingText(
        "\n\n".join(texts), pages, OcrGrade.POOR, "ocr", headings=((0, 7, 1),) if len(texts[0]) > 7 else ()
    )


def test_a_corrected_page_replaces_its_text_and_no_other() -> None:
    reading = reading_of(PAGES)
    done = corrected(reading, {2: "Beslutet fattades\r\nden 3 maj 2023 klockan 10.\n"})
    assert [done.text[page.start : page.end] for page in done.pages] == [
        PAGES[0],
        "Beslutet fattades\nden 3 maj 2023 klockan 10.",
        PAGES[2],
    ]
    assert [(page.grade, page.method) for page in done.pages] == [
        (OcrGrade.POOR, "ocr"),
        (OcrGrade.GOOD, "corrected"),
        (OcrGrade.POOR, "ocr"),
    ]
    assert (done.original, done.method, done.headings) == (reading.text, "corrected", ((0, 7, 1),))
    third = done.pages[2].start
    assert to_original(third, done.alignment) == reading.pages[2].start


def test_every_difference_is_noted_and_nothing_else() -> None:
    mended = repair(READ)  # repaired by the program before, so that it has rows already
    done = corrected(mended, {WHOLE: mended.text.replace("Ängsvägens", "Ängsvägens nya")})
    again = corrected(done, {WHOLE: done.text + "Slut."})
    for result in (done, again):
        assert result.original == READ
        at = place = 0
        for start, end, first, last in result.alignment:
            assert result.text[at:start] == READ[place:first] and result.text[start:end] != READ[first:last]
            at, place = end, last
        assert result.text[at:] == READ[place:]


_WORDS = st.lists(st.sampled_from(["Nämnden", "för", " ", "\n", "\n\n", "3 maj", "-", "å", "\t"])).map(
    "".join
)


@given(st.lists(_WORDS, min_size=1, max_size=4), st.dictionaries(st.integers(0, 5), _WORDS), _WORDS)
def test_any_correction_keeps_its_promises(texts: list[str], corrections: dict[int, str], later: str) -> None:
    reading = reading_of(texts)
    done = corrected(corrected(reading, corrections), {1: later})
    expected = {number: text for number, text in enumerate(texts, 1)}
    expected |= {
        number: tidy(text) for number, text in {**corrections, 1: later}.items() if number in expected
    }
    assert [done.text[page.start : page.end] for page in done.pages] == list(expected.values())
    assert done.original == reading.text
    at = place = 0
    for start, end, first, last in done.alignment:
        assert at <= start <= end and done.text[at:start] == reading.text[place:first]
        at, place = end, last
    assert done.text[at:] == reading.text[place:]
    assert all(0 <= start < end <= len(done.text) for start, end, _ in done.headings)


@pytest.mark.parametrize(
    ("old", "new", "rows"),
    [
        ("ett två", "ett två", []),
        ("ett två tre", "ett tva tre", [(4, 7, 4, 7)]),
        ("ett", "ett två", [(3, 7, 3, 3)]),
        ("ett två", "", [(0, 0, 0, 7)]),
        ("", "ett", [(0, 3, 0, 0)]),
    ],
)
def test_differences(old: str, new: str, rows: list[tuple[int, int, int, int]]) -> None:
    assert list(differences(old, new)) == rows


def test_pages_come_back_from_an_editor_with_or_without_form_feeds() -> None:
    reading = reading_of(PAGES)
    written = text_to_correct(reading)
    assert corrected_pages(reading, written) == {}
    assert corrected_pages(reading, written.replace("2O23", "2023")) == {2: PAGES[1].replace("2O23", "2023")}
    whole = reading.text.replace("2O23", "2023")
    assert corrected_pages(reading, whole) == {2: PAGES[1].replace("2O23", "2023")}
    with pytest.raises(MissingInput, match="2 pages"):
        corrected_pages(reading, written.replace("\f", "", 1))


@pytest.fixture
def letter(tmp_path: Path) -> Path:
    path = tmp_path / "brev.txt"
    path.write_text("Beslut\n\n" + READ + "\n")
    return path


def stored(index: Index) -> tuple[set[str], set[str], int]:
    """Chunk ids in the catalog and in Chroma, and their number in tantivy."""
    (source,) = index.catalog.sources()
    chunks = {chunk.id for chunk in index.catalog.chunks_of(source.id)}
    return chunks, set(index.dense.ids_of(source.id)), index.lexical.count()


def test_a_correction_is_indexed_and_outlives_the_next_ingest(
    index: Index, letter: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ingest(index, [letter])
    source = find_source(index.catalog, "brev.txt")
    before = stored(index)[0]
    correct(index, source.id, {WHOLE: "Beslut\n\nNämnden godkänner bollplanen vid Storängen."})
    chunks, dense, lexical = stored(index)
    assert chunks == dense and len(chunks) == lexical and not chunks & before
    assert index.lexical.search("bollplan", 3)[0].chunk_id in chunks
    now = index.catalog.source(source.id)
    assert now is not None and (now.name, now.grade, now.method) == ("brev.txt", "good", "corrected")
    assert READ in (index.catalog.original_text(source.id) or "")

    letter.touch()
    assert [outcome.status for outcome in ingest(index, [letter])] == ["unchanged"]
    assert stored(index)[0] == chunks
    monkeypatch.setattr(finding, "PIPELINE", "another")  # everything is read again
    ingest(index, [letter])
    (again,) = index.catalog.sources()
    assert again.id != source.id and "bollplanen" in index.catalog.reading_text(again.id)
    assert list(index.catalog.corrections()) == [again.id]


def test_a_changed_file_drops_its_correction_and_says_so(index: Index, letter: Path) -> None:
    ingest(index, [letter])
    correct(index, find_source(index.catalog, "brev.txt").id, {WHOLE: "Nämnden godkänner bollplanen."})
    letter.write_text("Nämnden beslutar något annat.\n")
    (outcome,) = ingest(index, [letter])
    assert outcome.status == "updated" and "correction" in outcome.reason
    assert "annat" in index.catalog.reading_text(index.catalog.sources()[0].id)
    assert index.catalog.corrections() == {}


def test_a_correction_cut_off_leaves_the_source_as_it_was(
    index: Index, letter: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ingest(index, [letter])
    source, before = find_source(index.catalog, "brev.txt"), stored(index)
    monkeypatch.setattr(index.catalog, "commit", None)  # as if the process ended here
    with pytest.raises(TypeError):
        correct(index, source.id, {WHOLE: "Nämnden godkänner bollplanen."})
    assert stored(index)[1] > before[1]
    index.close()
    again = Index.open(Settings(index=tmp_path / "index"), writable=True)
    assert stored(again) == before


def test_what_is_not_there_is_named(index: Index, letter: Path) -> None:
    ingest(index, [letter])
    with pytest.raises(MissingInput, match="annat"):
        find_source(index.catalog, "annat.txt")
    with pytest.raises(MissingInput, match="page 4"):
        correct(index, index.catalog.sources()[0].id, {4: "x"})
