"""A small collection in a real catalog, without embeddings: documents of an invented municipality."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

from ingest.documents import make_document
from rag.bodies import Gazetteer
from rag.catalog import Catalog
from rag.collection_bodies import CollectionBodies
from rag.conversation import resolve
from rag.domain import Answer, OcrGrade, Passage, ReadingText
from rag.language import detect
from rag.overview import OverviewBuilder
from rag.question import analyse
from rag.records import FileRecord
from rag.retriever import Retrieval

REFERRAL = """Kommunstyrelsen i Björkholm
2025-01-15
BKS 2025/31

Remiss: motion om avgiftsfria badbussar

Motionen av Elsa Vik (BP) sänds på remiss till

1. Ekhagens stadsdelsnämnd
2. Furulunds stadsdelsnämnd
3. Granbergs stadsdelsnämnd
4. Hasselviks stadsdelsnämnd
5. Idelunds stadsdelsnämnd

Yttrandet ska ha kommit in senast den 30 april 2025.
"""
DECLINES = """Furulunds stadsdelsförvaltning
2025-03-03

Till Furulunds stadsdelsnämnd

Svar på remiss om avgiftsfria badbussar

Förvaltningens förslag till beslut

Furulunds stadsdelsnämnd avstyrker motionen och överlämnar tjänsteutlåtandet till kommunstyrelsen.

Förvaltningens synpunkter

Tanken bakom motionen är god och engagemanget värt beröm. Badplatsen i Furulund nås redan till fots av alla \
skolor, och bussarna skulle därför stå tomma. Kostnaden på 900 000 kronor går inte att försvara eftersom budgeten \
redan är överskriden.

Ada Lind
Stadsdelsdirektör
"""
SUPPORTS = """# Ekhagens stadsdelsnämnd: yttrande över motion om avgiftsfria badbussar

Datum: 2025-03-10

## Beslut

Ekhagens stadsdelsnämnd tillstyrker motionen.

## Nämndens synpunkter

Ekhagen saknar egen badplats. Nämnden ser bussarna som viktiga eftersom barnen annars inte kommer till vattnet.
"""
MINUTES = """# Protokoll från Granbergs stadsdelsnämnd

Sammanträde: 2025-03-20

## § 14 Bokslut

Nämnden lägger bokslutet till handlingarna.

## § 15 Svar på remiss om avgiftsfria badbussar

### Förslag till beslut

Förvaltningen föreslår att nämnden tillstyrker motionen.

### Beslut

Granbergs stadsdelsnämnd avstyrker motionen.

### Reservation

Nils Berg (BP) reserverar sig mot beslutet och anser att motionen borde ha tillstyrkts.
"""
GUIDES = """# Uppföljning av naturguiderna i Björkholm

2025-05-02

## Läget i stadsdelarna

Ekhagen var först ut och anställde sin naturguide i mars 2021. I dag arbetar två personer med uppdraget.

I både Furulund och Granberg infördes naturguider 2023. I Furulund är det en person, i Granberg tre.

Hasselvik avvaktar tills en lokal har hittats.
"""
REPORT = """Ekhagens stadsdelsförvaltning
Årsrapport 2024
2025-01-20

Förvaltningens naturguide började sitt arbete i september 2021.
"""
DOCUMENTS = {
    "remiss.txt": REFERRAL,
    "furulund.txt": DECLINES,
    "ekhagen.md": SUPPORTS,
    "granberg.md": MINUTES,
    "guider.md": GUIDES,
    "arsrapport.txt": REPORT,
}
UNREADABLE = "Hasselviks stadsdelsnämnd\nRemissvar\n\n~l1 |rn,;n 0vf f~tr1 d;e n.i rn0 1l\n"


class Collection:
    """The documents, and what is answered from them without the reader."""

    def __init__(
        self, folder: Path, *, unreadable: bool = False, more: Mapping[str, str] = MappingProxyType({})
    ) -> None:
        self.catalog = Catalog(folder, create=True)
        readings = {name: ReadingText(text) for name, text in {**DOCUMENTS, **more}.items()}
        if unreadable:
            readings["hasselvik.txt"] = ReadingText(UNREADABLE, grade=OcrGrade.POOR)
        documents = [
            make_document(reading, name, name, lambda text: len(text.split()), 400)
            for name, reading in readings.items()
        ]
        self.catalog.commit(documents, [FileRecord(name, name, 1, 1) for name in readings], [])
        self.gazetteer = CollectionBodies(Gazetteer.load(), self.catalog).gazetteer
        self.builder = OverviewBuilder(self.catalog, self.gazetteer)

    def ask(self, question: str, *history: str) -> Answer | None:
        """The overview, stance, absence or timeline for a question; every chunk counts as found."""
        resolved = resolve(question, history, self.gazetteer)
        understood = analyse(resolved.question, detect(question, history), self.gazetteer)
        passages = []
        for chunk in self.catalog.all_chunks():
            source = self.catalog.source(chunk.source_id)
            assert source is not None
            passages.append(Passage(chunk, source, 1.0))
        return self.builder.build(understood, Retrieval(tuple(passages)))
