"""The evaluation sets and example documents are sound: each expected fact stands in a named document.

What real documents say is checked against ``../shared`` and skipped where that folder is absent.
"""

import re
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pypdfium2
import pytest

from evals import scorers
from evals.all_sets import CHECK, CITY, DOCUMENTS, EXAMPLES, KOMMUN, SEEDS, SETS
from evals.cases import Case, load_cases

SHARED = SEEDS.parent
#: Words of the answer's own frame, which no document needs to hold: yes, no, and counts over documents.
FRAME = re.compile(r"ja\b|nej\b|yes\b|no\b|delvis|partly|\w+ (av|of)\b")
RUN = 12


OURS = (EXAMPLES, CHECK, KOMMUN, CITY)


@cache
def documents(folder: Path) -> dict[str, str]:
    return {path.name: text_of(path) for path in sorted(folder.rglob("*.*"))}


def text_of(path: Path) -> str:
    """The text of a document; of a PDF its text layer."""
    if path.suffix != ".pdf":
        return path.read_text(encoding="utf-8")
    pages = pypdfium2.PdfDocument(path)
    return "\n".join(page.get_textpage().get_text_bounded() for page in pages)


def our_documents() -> dict[str, str]:
    return {name: text for folder in OURS for name, text in documents(folder).items()}


def texts_of(name: str) -> dict[str, str]:
    if not DOCUMENTS[name].is_dir():
        pytest.skip("the real seed documents in ../shared are not on this machine")
    return documents(DOCUMENTS[name])


def cases_of(name: str) -> tuple[Case, ...]:
    return load_cases(SETS / f"{name}.jsonl")


def test_every_set_is_known() -> None:
    assert {path.stem for path in SETS.glob("*.jsonl")} == set(DOCUMENTS)


def test_ids_are_unique_over_all_sets() -> None:
    ids = Counter(case.id for name in DOCUMENTS for case in cases_of(name))
    assert [id for id, count in ids.items() if count > 1] == []


@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_expected_fact_stands_in_a_named_source(name: str) -> None:
    texts = texts_of(name)
    assert list(unfounded(cases_of(name), texts)) == []


def unfounded(cases: tuple[Case, ...], texts: dict[str, str]) -> Iterator[str]:
    for case in cases:
        if not case.answerable:
            continue
        if not case.facts or not case.sources or not set(case.sources) <= texts.keys():
            yield f"{case.id}: no facts, or a source that does not exist"
            continue
        gold = "\n".join(texts[source] for source in case.sources)
        for fact in case.facts:
            if not scorers.states(gold, fact) and not any(FRAME.match(alternative) for alternative in fact):
                yield f"{case.id}: {fact}"


def test_an_alternative_is_never_so_short_that_it_occurs_by_chance() -> None:
    cases = [case for name in DOCUMENTS for case in cases_of(name)]
    short = [
        (case.id, alternative)
        for case in cases
        for fact in case.facts
        for alternative in fact
        if len(alternative) < 3 and not alternative.isdigit()
    ]
    assert short == []


def test_the_sets_are_varied_enough() -> None:
    for name, least, unanswerable in (("examples", 110, 30), ("seeds", 70, 20), ("seeds_check", 30, 8)):
        cases = cases_of(name)
        assert len(cases) >= least
        assert sum(not case.answerable for case in cases) >= unanswerable
    examples = cases_of("examples")
    assert sum(case.language == "en" for case in examples) >= 0.35 * len(examples)
    assert len(cases_of("overviews_examples")) + len(cases_of("overviews_seeds")) >= 60


def test_example_documents_say_that_they_are_examples() -> None:
    for name, text in our_documents().items():
        first, last = text.partition("\n")[0], text.rstrip().rpartition("\n")[2]
        assert first.startswith("EXEMPEL") or "Exempeldokument" in last, name


def test_example_documents_share_no_long_run_of_words_with_real_ones() -> None:
    if not SHARED.is_dir():
        pytest.skip("the real documents in ../shared are not on this machine")
    ours = {run: name for name, text in our_documents().items() for run in word_runs(text)}
    real = [path for path in sorted(SHARED.rglob("*")) if path.suffix in {".txt", ".jsonl"}]
    for path in real:
        for run in word_runs(path.read_text(encoding="utf-8", errors="replace")):
            assert run not in ours, f"{ours[run]} and {path.name}: {' '.join(run)}"


def word_runs(text: str) -> Iterator[tuple[str, ...]]:
    words = re.findall(r"\w+", text.lower())
    return zip(*(words[start:] for start in range(RUN)), strict=False)
