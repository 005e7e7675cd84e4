import pytest

from rag.bodies import Gazetteer
from rag.errors import SettingsError


@pytest.fixture(scope="module")
def known() -> Gazetteer:
    return Gazetteer.load()


def bodies(known: Gazetteer, text: str) -> list[str]:
    return [mention.body for mention in known.recognise(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Vad tycker Brommas stadsdelsförvaltning om saken?", ["Bromma"]),
        ("Bromma's answer", ["Bromma"]),
        ("och hägersten älvsjö då", ["Hägersten-Älvsjö"]),
        ("Higersten-Alvsjo stadsdelsnidmnd godkinner", ["Hägersten-Älvsjö"]),
        ("Hässelby-\nVällingby stadsdelsnämnd", ["Hässelby-Vällingby"]),
        ("Rinkeby-Kista (numera Järva)", ["Rinkeby-Kista", "Järva"]),
        ("socialförvaltningens förslag", ["socialnämnden"]),
        ("the Social Welfare Committee", ["socialnämnden"]),
        ("barn- och utbildningsnämnden", ["barn- och utbildningsnämnden"]),
        ("kultur- och fritidsförvaltningen", ["kultur- och fritidsnämnden"]),
        ("Askim-Frölunda-Högsbo stadsdelsnämnd", ["Askim-Frölunda-Högsbo"]),
        ("I Norrängens stadsdelsnämnd", ["Norrängen"]),
        ("Tekniska nämnden avstyrker", ["tekniska nämnden"]),
        ("Sandby kommundelsråd", ["Sandby"]),
        ("Västerås kommun och Göteborgs stad", ["Västerås kommun", "Göteborg"]),
        ("Alla stadsdelsförvaltningar och stadsdelsnämnden", []),
        ("Vällingbyteamet och Kungsholms gymnasium", []),
    ],
)
def test_bodies_are_recognised_under_all_their_names(known, text, expected):
    assert bodies(known, text) == expected


def test_a_place_points_at_a_body_without_naming_it(known):
    (mention,) = known.recognise("Vad händer i Vällingby?")
    assert (mention.body, mention.via) == ("Hässelby-Vällingby", "place")


def test_history_is_known_in_both_directions(known):
    assert known.successors("Rinkeby-Kista") == ("Järva",)
    assert set(known.predecessors("Järva")) == {"Rinkeby-Kista", "Spånga-Tensta"}
    assert "Spånga-Tensta" in known.related("Järva")


def test_board_and_administration_are_told_apart(known):
    assert [
        m.role for m in known.recognise("Farsta stadsdelsnämnd, Farsta stadsdelsförvaltning, Farsta")
    ] == [
        "board",
        "administration",
        "",
    ]


def test_bodies_of_a_collection_are_known_by_their_bare_name(known):
    assert bodies(known, "I Norrängen sade man nej") == []
    assert bodies(known.extended(["Norrängen"]), "I Norrängens fall sade man nej") == ["Norrängen"]


def test_an_operator_can_extend_or_replace_the_list(tmp_path):
    file = tmp_path / "bodies.toml"
    file.write_text('[[body]]\nname = "Ekhagen"\nkind = "district"\nplaces = ["Ekängen"]\n', encoding="utf-8")
    assert bodies(Gazetteer.load(tmp_path), "Ekhagen och Bromma") == ["Ekhagen", "Bromma"]
    file.write_text('replace = true\n[[body]]\nname = "Ekhagen"\nkind = "district"\n', encoding="utf-8")
    assert bodies(Gazetteer.load(tmp_path), "Ekhagen och Bromma") == ["Ekhagen"]


@pytest.mark.parametrize("content", ["[[body]\n", '[[body]]\nnamn = "X"\n'])
def test_a_list_that_cannot_be_used_is_named(tmp_path, content):
    (tmp_path / "bodies.toml").write_text(content, encoding="utf-8")
    with pytest.raises(SettingsError, match=r"bodies\.toml"):
        Gazetteer.load(tmp_path)
