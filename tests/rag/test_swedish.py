"""Stems, compounds and synonyms on words that municipal documents use."""

from __future__ import annotations

from pathlib import Path

import pytest
import tantivy

from rag import swedish
from rag.compounds import word_list
from rag.errors import SettingsError
from rag.stemming import root, stem
from rag.swedish import Thesaurus


def test_stem_is_snowball() -> None:
    # Snowball 3 also takes -et away in some words; rag.stemming.root does so in all
    listed = [word for word in sorted(word_list().words)[::50] if not word.endswith(("et", "ets"))]
    snowball = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.raw()).filter(tantivy.Filter.stemmer("swedish"))
    analyser = snowball.build()
    different = [word for word in listed if analyser.analyze(word) != [stem(word)]]
    assert different == []


@pytest.mark.parametrize(
    "family",
    [
        ("utredning", "utreder", "utredningen", "utredande"),
        ("samlokalisering", "samlokaliserad", "samlokaliseringen"),
        ("team", "teamet", "teamets"),
    ],
)
def test_a_family_has_one_root(family: tuple[str, ...]) -> None:
    assert len({root(word) for word in family}) == 1


@pytest.mark.parametrize(
    "inflected",
    [
        ("skola", "skolan", "skolans", "skolor"),
        ("rum", "rummet", "rummets"),
        ("möte", "mötet"),
        ("lekplats", "lekplatsen", "lekplatser"),
        ("resurs", "resursen", "resurserna"),
    ],
)
def test_an_article_or_a_words_own_s_makes_no_other_word(inflected: tuple[str, ...]) -> None:
    assert len({swedish.forms(word).root for word in inflected}) == 1


@pytest.mark.parametrize(
    ("word", "parts"),
    [
        ("stadsdelsnämnden", ("stadsdel", "nämnden")),
        ("remissvar", ("remiss", "svar")),  # of three s one is not written
        ("närpolisen", ("när", "polisen")),
        ("vällingbyteamet", ("vällingby", "teamet")),  # a name and a word
        ("gatukontoret", ("gatu", "kontoret")),
    ],
)
def test_compounds_are_split(word: str, parts: tuple[str, str]) -> None:
    assert word_list().split(word) == parts


@pytest.mark.parametrize("word", ["information", "september", "kommun", "utredning", "skola"])
def test_simple_words_are_not_split(word: str) -> None:
    assert word_list().split(word) is None


def test_a_word_broken_at_the_line_end_is_one_word() -> None:
    assert swedish.words("stads-\nnämnden och Hägersten-Älvsjö") == [
        "stadsnämnden",
        "och",
        "hägersten",
        "älvsjö",
    ]


def test_own_synonyms_are_added(tmp_path: Path) -> None:
    (tmp_path / "synonyms.toml").write_text('groups = ["spårvagn tvärbana"]\n', encoding="utf-8")
    thesaurus = Thesaurus.load(tmp_path)
    assert swedish.forms("tvärbana").root in thesaurus.related("spårvagnen")
    assert swedish.forms("stadsdelsnämnd").root in thesaurus.related("sdn")


def test_a_broken_synonym_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "synonyms.toml").write_text("groups = [", encoding="utf-8")
    with pytest.raises(SettingsError, match=r"synonyms\.toml"):
        Thesaurus.load(tmp_path)
