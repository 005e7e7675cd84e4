"""Passages of a data set become the documents that the product would make of them."""

from __future__ import annotations

from pathlib import Path

from evals import indexing
from evals.cases import PassageRow
from rag.index import Index
from rag.settings import Settings

MISREAD = """Bromma stadsdelsnidmnd godkinner forvaltningens tjansteutlatande om saken och dverldmnar det fore
sommaren till kommunstyrelsen. Namnden anser att det ar bra for barnen nar skolan och socialtjansten samverkar
tidigt, och att stodet maste na ut till de familjer som behover det."""
CLEAN = "Biblioteket har öppet på lördagar mellan klockan 10 och 14."


def test_a_misread_passage_is_mended_and_a_clean_one_kept(tmp_path: Path) -> None:
    index = Index.open(Settings(index=tmp_path), writable=True)
    try:
        rows = [
            PassageRow(id="p1", title="Svar från Bromma", text=MISREAD),
            PassageRow(id="p2", text=CLEAN),
            PassageRow(id="p3", text=" \n"),
        ]
        indexing.add(index, rows)
        assert {source.id for source in index.catalog.sources()} == {"p1", "p2"}
        source = index.catalog.source("p1")
        assert source is not None and source.title == "Svar från Bromma"
        assert "förvaltningens tjänsteutlåtande" in index.catalog.reading_text("p1")
        assert index.catalog.original_text("p1") == MISREAD
        assert index.catalog.reading_text("p2") == CLEAN
    finally:
        index.close()
