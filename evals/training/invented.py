"""Invented persons, numbers and cases for ``synthetic``: none of them is taken from a document."""

from __future__ import annotations

import random
from dataclasses import dataclass


def _list(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(","))


FIRST = _list(
    """
    Anna, Maria, Karin, Eva, Lena, Kristina, Sara, Emma, Johanna, Malin, Ingrid, Birgitta, Helena, Ulla,
    Sofia, Camilla, Lars, Mikael, Anders, Johan, Erik, Per, Peter, Karl, Jan, Fredrik, Stefan, Magnus,
    Henrik, Olof, Nils, Mohamed, Ali, Fatima, Leyla, Amir, Zeynep, Ann-Sofie, Carl-Johan, Linnéa, Åsa,
    Örjan, Märta, Göran, Björn, Åke, Sören
    """
)
LAST = _list(
    """
    Andersson, Johansson, Karlsson, Nilsson, Eriksson, Larsson, Olsson, Persson, Svensson, Gustafsson,
    Pettersson, Lindberg, Lindström, Lindqvist, Bergström, Sjöberg, Åkesson, Öberg, Holmgren, Nyström,
    Hedlund, Ström, Wikström, Hassan, Yılmaz, Haddad, Karimi, Novak, af Ugglas, Ekdahl, Rosén, Gårdh,
    Blomqvist, Söderlund, Hägg, Wallin, Sandell
    """
)
PARTIES = _list(
    """
    S, M, L, C, V, MP, KD, SD
    """
)
DISTRICTS = _list(
    """
    Bromma, Farsta, Skarpnäck, Södermalm, Norrmalm, Östermalm, Kungsholmen, Skärholmen, Järva,
    Hägersten-Älvsjö, Hässelby-Vällingby, Enskede-Årsta-Vantör, Spånga-Tensta, Rinkeby-Kista, Centrum,
    Hyllie, Rosengård, Limhamn, Majorna-Linné, Hisingen, Angered, Östra-Göteborg, Askim
    """
)
TOWNS = _list(
    """
    Västerås, Umeå, Örebro, Norrköping, Linköping, Jönköping, Gävle, Sundsvall, Växjö, Karlstad,
    Halmstad, Kalmar, Falun, Luleå, Skövde, Nyköping, Huddinge, Botkyrka, Täby, Solna, Haninge, Tyresö,
    Lund, Borås, Ystad, Mora, Östersund
    """
)
BOARDS = _list(
    """
    socialnämnden, utbildningsnämnden, kulturnämnden, äldrenämnden, trafiknämnden, kultur- och
    fritidsnämnden, miljö- och hälsoskyddsnämnden, stadsbyggnadsnämnden, barn- och ungdomsnämnden
    """
)
TOPICS = _list(
    """
    en trygghetscentral i centrum, fältassistenter kvällstid, avgiftsfri kollektivtrafik för
    pensionärer, lekparken vid Ängsvägen, öppettider på biblioteken, språkförskola, hemlöshet bland
    unga, en ny simhall, vinterväghållning, digitala medborgarförslag, samlokalisering av öppenvården,
    anhörigstöd, skolskjuts på landsbygden, våld i nära relationer, trygghetsvandringar, fixartjänst för
    äldre, nattpatrullen, familjerådgivning, odlingslotter, kontaktpersoner, socialjour, feriejobb för
    ungdomar, ett äldreboende i kvarteret Tallen, cykelgarage, personligt ombud, Ungdomsteamet, Trygg
    hemgång, Mötesplats Ekbacken, projektet Stegen, Linjen
    """
)
ROLES = _list(
    """
    stadsdelsdirektör, förvaltningschef, avdelningschef, enhetschef, utredare, nämndsekreterare,
    ordförande, vice ordförande, socialdirektör, verksamhetschef, ekonomichef, planeringsledare
    """
)
MONTHS = _list(
    """
    januari, februari, mars, april, maj, juni, juli, augusti, september, oktober, november, december
    """
)
CAUSES = _list(
    """
    svårigheter att rekrytera personal, bristande resurser i budgeten, att lokalerna inte längre
    uppfyller kraven, ett minskat antal sökande, ökade kostnader för hyror, att statsbidraget upphörde,
    låg efterfrågan, att verksamheten redan bedrivs av regionen, en ny lagstiftning, att målgruppen är
    för liten
    """
)
TARGETS = _list(
    """
    barn och unga i riskzon, personer över 75 år, nyanlända familjer, föräldrar till barn under sex år,
    unga vuxna mellan 16 och 24 år, personer med funktionsnedsättning, hemlösa kvinnor, anhöriga till
    äldre
    """
)


@dataclass(frozen=True, slots=True)
class Case:
    """The invented case a document is about."""

    body: str  # as it signs itself: "Bromma stadsdelsnämnd"
    short: str  # as people say it: "Bromma"
    topic: str


def person(rng: random.Random) -> str:
    """An invented name."""
    return f"{rng.choice(FIRST)} {rng.choice(LAST)}"


def date(rng: random.Random) -> str:
    """A date as documents write it."""
    year, month, day = rng.randint(1995, 2026), rng.randint(1, 12), rng.randint(1, 28)
    if rng.random() < 0.3:
        return f"{year}-{month:02}-{day:02}"
    return f"{'den ' if rng.random() < 0.6 else ''}{day} {MONTHS[month - 1]} {year}"


def diarienummer(rng: random.Random, case: Case) -> str:
    """A registration number in one of the forms that municipalities use."""
    short = "".join(letter for letter in case.short.upper() if letter.isalpha())[:3]
    year, number = rng.randint(2005, 2026), rng.randint(1, 1999)
    return rng.choice(
        (
            f"KS {year}/{number}",
            f"{short} {year}/{number}",
            f"{short}-{year}-{number:05}",
            f"1.5.1-{number}/{year}",
            f"KSN {year}-{number:04}",
            f"{number}-{year}-1.6.",
            f"SN{year}.{number}",
        )
    )


def phone(rng: random.Random) -> str:
    """A Swedish telephone number."""
    digits = "".join(str(rng.randint(0, 9)) for _ in range(8))
    return rng.choice(
        (
            f"08-508 {digits[:2]} {digits[2:5]}",
            f"08508{digits[:5]}",
            f"070-{digits[:3]} {digits[3:5]} {digits[5:7]}",
            f"0{rng.randint(11, 99)}-{digits[:2]} {digits[2:4]} {digits[4:6]}",
        )
    )


def case(rng: random.Random) -> Case:
    """An invented case of a district or a town's board."""
    topic = rng.choice(TOPICS)
    if rng.random() < 0.6:
        district = rng.choice(DISTRICTS)
        ending = (
            "s stadsdelsnämnd" if rng.random() < 0.15 and not district.endswith("s") else " stadsdelsnämnd"
        )
        return Case(district + ending, district, topic)
    board, town = rng.choice(BOARDS), rng.choice(TOWNS)
    if rng.random() < 0.5:
        return Case(f"{board.capitalize()} i {town}", f"{board} i {town}", topic)
    return Case(board.capitalize(), board, topic)
