"""Hand-computed numbers for every measure."""

import pytest

from evals import scorers


def test_a_fact_is_found_with_case_and_white_space_folded() -> None:
    assert scorers.states("Den 1\n juli\u00a02024 bildades JÄRVA.", ["1 juli 2024"])
    assert scorers.states("järva", ["Rinkeby-Kista", "Järva"])
    assert not scorers.states("Jarva", ["Järva"])
    assert not scorers.states("något", [])


def test_concise_is_eighty_words_and_more_for_lists() -> None:
    assert scorers.is_concise("ord " * 80, "fact")
    assert not scorers.is_concise("ord " * 81, "fact")
    assert all(scorers.is_concise("ord " * 250, kind) for kind in ("list", "stance", "overview"))
    assert not scorers.is_concise("ord " * 251, "list")


def test_share_of_nothing_is_none() -> None:
    assert scorers.share([]) is None
    assert scorers.share([True, False, True, True]) == 0.75


def test_refusals() -> None:
    # (answerable, refused): three refusals, two of them right; three unanswerable, two of them refused.
    outcomes = [(True, False), (True, True), (False, True), (False, True), (False, False)]
    assert scorers.refusal_precision(outcomes) == pytest.approx(2 / 3)
    assert scorers.refusal_recall(outcomes) == pytest.approx(2 / 3)
    assert scorers.refusal_precision([(True, False)]) is None


def test_f1_and_list_f1() -> None:
    assert scorers.f1(0.5, 1.0) == pytest.approx(2 / 3)
    assert scorers.f1(0.0, 0.0) == 0.0
    assert scorers.f1(None, 1.0) is None
    assert scorers.list_f1(3, 4, 1) == pytest.approx(0.75)  # precision 3/4, recall 3/4
    assert scorers.list_f1(0, 4, 0) == 0.0


def test_percentile_is_nearest_rank() -> None:
    values = [15.0, 20.0, 35.0, 40.0, 50.0]  # the textbook example: 30th is 20, 40th is 20, 50th is 35
    assert [scorers.percentile(values, p) for p in (5, 30, 40, 50, 100)] == [15, 20, 20, 35, 50]
    assert scorers.percentile([], 50) is None


def test_normalised_as_the_squad_script() -> None:
    assert scorers.normalised("The  Rollo, (a Viking).") == "rollo viking"
    assert scorers.normalised("En person, Järva!") == "en person järva"


def test_squad_scores_take_the_best_answer() -> None:
    # "den 1 juli 2024" against "1 juli 2024": 3 common of 4 and 3, F1 = 2 * .75 * 1 / 1.75
    assert scorers.squad_scores("den 1 juli 2024", ["2024", "1 juli 2024"]) == pytest.approx((0.0, 6 / 7))
    assert scorers.squad_scores("2024.", ["1 juli 2024", "2024"]) == (1.0, 1.0)


def test_squad_scores_without_an_answer() -> None:
    assert scorers.squad_scores("", []) == (1.0, 1.0)
    assert scorers.squad_scores("2024", []) == (0.0, 0.0)
    assert scorers.squad_scores("", ["2024"]) == (0.0, 0.0)
