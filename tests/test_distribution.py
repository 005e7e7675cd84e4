"""The package names are generic: nothing else that is installed may claim them."""

from importlib.metadata import packages_distributions

import pytest


@pytest.mark.parametrize("name", ["rag", "ingest", "prompts", "ui", "evals"])
def test_no_other_distribution_claims_our_names(name: str) -> None:
    assert set(packages_distributions().get(name, ["stadsvar"])) == {"stadsvar"}
