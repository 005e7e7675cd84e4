"""All settings, from ``STADSVAR_*`` variables or a TOML file; a variable wins over the file.

The file is ``stadsvar.toml`` in the working directory, or what ``STADSVAR_CONFIG`` names.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated, Any, Literal

from platformdirs import user_cache_path, user_data_path
from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import (
    BaseSettings,
    NoDecode,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from rag.errors import SettingsError

BUNDLED = "bundled"
_PREFIX = "STADSVAR_"
# What Kubernetes and Docker tell of a service named stadsvar: STADSVAR_SERVICE_HOST, STADSVAR_PORT=tcp://...
_SERVICE_LINK = re.compile(r"(?:\w+_)?(?:service_(?:host|port)|port_\d+_|port=\w+://)")


class Settings(BaseSettings):
    """One field per setting; ``STADSVAR_INDEX`` sets ``index`` and so on. The README lists them."""

    model_config = SettingsConfigDict(env_prefix=_PREFIX, extra="forbid", frozen=True, env_ignore_empty=True)

    index: Path = Field(default_factory=lambda: user_data_path("stadsvar", appauthor=False) / "index")
    cache: Path = Field(default_factory=lambda: user_cache_path("stadsvar", appauthor=False))
    embedder: str = Field(BUNDLED, description="a sentence-transformers model name or folder")
    query_prefix: str | None = Field(None, description="put before a question; the model's own if unset")
    passage_prefix: str | None = Field(None, description="put before a passage; the model's own if unset")
    reader: str = Field(BUNDLED, description="folder of a trained reader, or none")
    reranker: str | None = Field(None, description="a sentence-transformers CrossEncoder name or folder")
    vocabulary: Path | None = Field(None, description="folder with an operator's own bodies and synonyms")
    model: str | None = Field(None, description="provider:model of a chat model; none if unset")
    model_base_url: str | None = None
    model_api_key: SecretStr | None = None
    model_timeout: float = Field(60.0, gt=0, le=86400, description="seconds")
    embed_origins: Annotated[tuple[str, ...], NoDecode] = Field(
        (), description="origins that may embed the chat, separated by commas"
    )
    corrections: bool = Field(False, description="whether users of the chat may correct readings by hand")
    precision: Literal["auto", "bf16", "fp32"] = "auto"
    threads: int | None = Field(None, ge=1)

    @field_validator("index", "cache", "vocabulary")
    @classmethod
    def _at_home(cls, value: Path | None) -> Path | None:
        """A shell expands ``~`` neither in a TOML file nor in ``--index=~/index``."""
        return value.expanduser() if value and value.parts[:1] == ("~",) else value

    @field_validator("vocabulary")
    @classmethod
    def _is_there(cls, value: Path | None) -> Path | None:
        if value and not os.access(value, os.R_OK | os.X_OK * value.is_dir()):
            raise ValueError(f"{value} does not exist or may not be read: correct the path or unset it")
        return value

    @field_validator("reader")
    @classmethod
    def _is_reader(cls, value: str) -> str:
        if value not in {BUNDLED, "none"} and not Path(value).expanduser().is_dir():
            raise ValueError(f"{value} is not a folder: name that of a trained reader, or none, or unset it")
        return value

    @field_validator("embed_origins", mode="before")
    @classmethod
    def _split(cls, value: Any) -> Any:
        return (
            tuple(part.strip() for part in value.split(",") if part.strip())
            if isinstance(value, str)
            else value
        )

    @field_validator("embed_origins")
    @classmethod
    def _check_origins(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for origin in value:
            scheme, _, rest = origin.partition("://")
            if scheme not in {"http", "https"} or not rest or set(rest) & set("/;, *'\""):
                raise ValueError(f"{origin!r} is not an origin such as https://intranet.example.se")
        return value

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls, _config_file())


def load_settings(**overrides: object) -> Settings:
    """Reads the settings; ``overrides`` that are not None win. Raises SettingsError naming the setting."""
    named = os.environ.get("STADSVAR_CONFIG")
    if named and not Path(named).is_file():
        raise SettingsError(
            f"STADSVAR_CONFIG names {named}, which is not a file: correct the path or unset it"
        )
    _refuse_unknown_variables()
    try:
        return Settings(**{name: value for name, value in overrides.items() if value is not None})  # type: ignore[arg-type]
    except ValidationError as error:
        first = error.errors()[0]
        name = "_".join(str(part) for part in first["loc"])
        if first["type"] == "extra_forbidden":
            raise SettingsError(
                _unknown(f"{name} in {_config_file()}", name, Settings.model_fields)
            ) from None
        raise SettingsError(
            f"Setting STADSVAR_{name.upper()} (or {name} in the TOML file): "
            + first["msg"].removeprefix("Value error, ")
        ) from None
    except ValueError as error:  # the TOML file itself does not parse
        raise SettingsError(f"{_config_file()} is not TOML: {error}") from None
    except OSError as error:
        raise SettingsError(
            f"{_config_file()} cannot be read ({error.strerror}): check its rights or set STADSVAR_CONFIG"
        ) from None


def _refuse_unknown_variables() -> None:
    """Raises SettingsError for a variable that looks like a setting and is none: it would do nothing, unseen."""
    known = {*Settings.model_fields, "config"}
    for variable, value in sorted(os.environ.items()):
        if not variable.upper().startswith(_PREFIX) or not value:  # an empty variable is an unset one
            continue
        name = variable[len(_PREFIX) :].lower()
        if name not in known and not _SERVICE_LINK.match(f"{name}={value}"):
            raise SettingsError(_unknown(variable, name, known, _PREFIX))


def _unknown(told: str, name: str, known: Iterable[str], prefix: str = "") -> str:
    nearest = get_close_matches(name, sorted(known), 1)
    if not nearest:
        return f"{told} is no setting: remove it; the README lists the settings"
    meant = prefix + nearest[0]
    return f"{told} is no setting: did you mean {meant.upper() if prefix else meant}? Correct or remove it"


def _config_file() -> Path:
    return Path(os.environ.get("STADSVAR_CONFIG") or "stadsvar.toml")
