from pathlib import Path

import pytest

from rag.errors import SettingsError
from rag.settings import load_settings


def test_a_variable_wins_over_the_file_and_an_argument_over_both(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = tmp_path / "my.toml"
    config.write_text('index = "/from/file"\nmodel_timeout = 5\n')
    monkeypatch.setenv("STADSVAR_CONFIG", str(config))
    assert load_settings().index == Path("/from/file")
    monkeypatch.setenv("STADSVAR_INDEX", "/from/variable")
    assert load_settings().index == Path("/from/variable")
    assert load_settings(index=Path("/from/argument")).index == Path("/from/argument")
    assert load_settings().model_timeout == 5


def test_a_path_from_home_is_found_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    config = tmp_path / "my.toml"
    config.write_text('index = "~/index"\ncache = "~cache"\n')
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("STADSVAR_CONFIG", str(config))
    assert load_settings().index == tmp_path / "index"
    assert load_settings(index=Path("~/other")).index == tmp_path / "other"
    assert load_settings().cache == Path("~cache")  # a folder may be called so


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("STADSVAR_EMBED_ORIGINS", "intranet.example.se"),
        ("STADSVAR_EMBED_ORIGINS", "https://a.se/path"),
        ("STADSVAR_PRECISION", "int4"),
        ("STADSVAR_MODEL_TIMEOUT", "-1"),
        ("STADSVAR_THREADS", "many"),
        ("STADSVAR_VOCABULARY", "no/such/folder"),
        ("STADSVAR_READER", "no/such/folder"),
    ],
)
def test_a_bad_value_names_its_setting(name: str, value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(SettingsError, match=name):
        load_settings()


def test_a_config_file_that_is_missing_or_broken_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("STADSVAR_CONFIG", str(tmp_path / "no.toml"))
    with pytest.raises(SettingsError, match=r"no\.toml"):
        load_settings()
    broken = tmp_path / "broken.toml"
    broken.write_text("index = ")
    monkeypatch.setenv("STADSVAR_CONFIG", str(broken))
    with pytest.raises(SettingsError, match=r"broken\.toml"):
        load_settings()


def test_an_unknown_name_in_the_file_is_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    config = tmp_path / "my.toml"
    config.write_text('indeks = "/x"\n')
    monkeypatch.setenv("STADSVAR_CONFIG", str(config))
    with pytest.raises(SettingsError, match=r"indeks in .*my\.toml is no setting: did you mean index\?"):
        load_settings()


@pytest.mark.parametrize(
    ("name", "remedy"),
    [
        ("STADSVAR_MODEL_BASEURL", "did you mean STADSVAR_MODEL_BASE_URL?"),
        ("stadsvar_indx", "did you mean STADSVAR_INDEX?"),
        ("STADSVAR_CONFIGURATION", "did you mean STADSVAR_CONFIG?"),
        ("STADSVAR_PORT", "the README lists the settings"),  # an operator's guess, not an address
        ("STADSVAR_QUX", "the README lists the settings"),
    ],
)
def test_a_variable_that_is_no_setting_is_an_error(
    name: str, remedy: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(name, "8000")
    with pytest.raises(SettingsError, match=f"{name} is no setting") as raised:
        load_settings()
    assert remedy in str(raised.value)


def test_what_a_cluster_tells_of_a_service_of_that_name_is_no_setting(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name, value in {
        "STADSVAR_SERVICE_HOST": "10.0.0.11",
        "STADSVAR_SERVICE_PORT_HTTP": "7860",
        "STADSVAR_PORT": "tcp://10.0.0.11:7860",
        "STADSVAR_PORT_7860_TCP_ADDR": "10.0.0.11",
        "STADSVAR_CHAT_PORT_7860_TCP": "tcp://10.0.0.11:7860",
        "STADSVAR_UNSET": "",
    }.items():
        monkeypatch.setenv(name, value)
    load_settings()
