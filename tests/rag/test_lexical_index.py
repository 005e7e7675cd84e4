"""The lexical index on real tantivy folders."""

from __future__ import annotations

from pathlib import Path

import pytest

from rag.lexical_index import LexicalEntry, LexicalIndex
from rag.lexical_weights import LexicalWeights

TEXTS = {
    "polis": "Socialsekreterare arbetar hos närpolisen sedan 2019.",
    "namnd": "Stadsdelsnämnden avstyrkte motionen om lekplatser.",
    "lokal": "Verksamheten är samlokaliserad med skolan.",
    "ocr": "Higersten-Alvsjo stadsdelsnidmnd godkinner forvaltningens tjansteutlatande.",
    "annat": "Biblioteket har öppet på lördagar.",
}


@pytest.fixture
def index(tmp_path: Path) -> LexicalIndex:
    made = LexicalIndex(tmp_path, writable=True)
    made.add(LexicalEntry(key, f"source-{key}", "Rapport", "Ärendet", text) for key, text in TEXTS.items())
    made.commit()
    return made


@pytest.mark.parametrize(
    ("question", "best"),
    [
        ("polis", "polis"),
        ("Vad sade nämnden?", "namnd"),
        ("samlokalisering", "lokal"),
        ("Vem sade nej till motionen?", "namnd"),  # a synonym: avstyrka
        ("Hägersten-Älvsjö", "ocr"),  # letters lost
        ("SDN", "namnd"),
        ("bibliotket", "annat"),  # a slip of the finger
    ],
)
def test_swedish_finds(index: LexicalIndex, question: str, best: str) -> None:
    assert index.search(question, 3)[0].chunk_id == best


@pytest.mark.parametrize(
    ("question", "best"),
    [
        ("When are the libraries open?", "annat"),
        ("Which committee rejected the playgrounds?", "namnd"),
        ("When did the social workers come to the police?", "polis"),
    ],
)
def test_english_finds_by_the_swedish_words(index: LexicalIndex, question: str, best: str) -> None:
    assert index.search(question, 3)[0].chunk_id == best
    assert index.look_up(question, 3).covered > index.look_up(question, 3, translate=False).covered


def test_an_english_question_is_known_to_be_uncovered(index: LexicalIndex) -> None:
    assert index.look_up("When did the coffee machine break?", 5).covered == 0
    assert index.look_up("lekplatser", 5).covered == 1


def test_a_question_of_only_common_words_still_searches(index: LexicalIndex) -> None:
    assert index.search("på", 5)[0].chunk_id == "annat"


def test_among_restricts_and_keeps_the_scores(index: LexicalIndex) -> None:
    free = {hit.chunk_id: hit.score for hit in index.search("nämnden", 5)}
    kept = index.look_up("nämnden", 5, among=["namnd", "annat"]).hits
    assert [hit.chunk_id for hit in kept] == ["namnd"]
    assert kept[0].score == pytest.approx(free["namnd"])


def test_nothing_to_search_for(index: LexicalIndex, tmp_path: Path) -> None:
    assert index.search("?!", 5) == []
    assert LexicalIndex(tmp_path / "empty", writable=True).search("polis", 5) == []


def test_replacing_and_deleting(index: LexicalIndex) -> None:
    index.add([LexicalEntry("polis", "source-polis", "", "", "Något helt nytt.")])
    index.delete_source("source-annat")
    index.commit()
    assert index.count() == 4
    assert not index.search("närpolisen", 1) or index.search("närpolisen", 1)[0].chunk_id != "polis"


def test_a_reader_sees_commits_after_refresh(index: LexicalIndex, tmp_path: Path) -> None:
    reader = LexicalIndex(tmp_path, writable=False)
    index.add([LexicalEntry("ny", "source-ny", "", "", "Trädgårdsmästaren")])
    index.commit()
    reader.refresh()
    assert reader.search("trädgårdsmästare", 1)[0].chunk_id == "ny"


@pytest.mark.parametrize(
    ("question", "weights"),
    [
        ("samlokalisering av skolsocialarbetare", LexicalWeights(part=0.0)),
        ("When are the libraries open?", LexicalWeights(translation=0.0)),
        ("bibliotket", LexicalWeights(gram=0.0)),
    ],
)
def test_a_part_without_weight_adds_nothing(
    index: LexicalIndex, question: str, weights: LexicalWeights
) -> None:
    def found(searched: LexicalIndex) -> float:
        return sum(hit.score for hit in searched.search(question, 5))

    assert found(index.weighted(weights)) < found(index)
