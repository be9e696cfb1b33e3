"""Settings: what differs between two places where ircal runs, read from the environment and from `.env`.

What the programme is stands in the configuration folder; what a machine must be told stands here: where that folder
is, where to remember things, which address to serve on, whom to be towards Google. A setting is one environment
variable with the prefix `IRCAL_`; a group's name and its setting are joined by two underscores (`IRCAL_HTTP__PORT`).
What is given in code or on the command line wins over the environment, which wins over `.env`, which wins over the
default. An empty variable counts as absent. `docs/reference/settings.md` lists them all, and a test holds it to that.
"""

from __future__ import annotations

import contextlib
import re
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict
from pydantic_settings import SettingsError as UnreadableSetting

from ircal.environment import explained, garbled_lines, names_in_use, unknown
from ircal.errors import SettingsError
from ircal.settings.groups import (
    AdminSettings,
    GoogleSettings,
    GuardSettings,
    HooksSettings,
    HttpSettings,
    NoticesSettings,
    PublishSettings,
)
from ircal.settings.values import database_url_of, folder_of_database, is_loopback, lower

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pydantic.fields import FieldInfo
    from pydantic_core import ErrorDetails

__all__ = ["AdminSettings", "Settings", "is_loopback", "load_settings", "oddities", "variables"]

PREFIX = "IRCAL_"
ENV_FILE = ".env"

_GROUPS = f"Give each setting of a group a variable: {PREFIX}HTTP__PORT=8080"


class Settings(BaseSettings):
    """All settings; frozen, and without secrets in its repr."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX,
        env_nested_delimiter="__",
        env_file=ENV_FILE,
        env_file_encoding="utf-8",
        env_ignore_empty=True,
        extra="ignore",  # `.env` is also other programs' file
        frozen=True,
        nested_model_default_partial_update=True,
    )

    config: Path = Field(default=Path("config"), examples=["/etc/ircal/config"])
    """The folder that holds the programme, or a folder for each of several programmes."""
    programme: str | None = Field(default=None, pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]{0,59}$", examples=["radiology"])
    """Which programme, by the name of its folder, where `IRCAL_CONFIG` holds several; a command may also do all."""
    state_dir: Annotated[Path, AfterValidator(folder_of_database)] = Field(
        default=Path(".ircal"), examples=["/var/lib/ircal"]
    )
    """The folder that holds what ircal remembers; made when it is not there."""
    database_url: Annotated[SecretStr, AfterValidator(database_url_of)] | None = Field(
        default=None, examples=["postgresql://ircal:secret@db/ircal"]
    )
    """The database; a SQLite file in `state_dir` unless it is given."""
    programmes_at_hand: int = Field(default=20, ge=10, le=100_000, examples=["200"])
    """How many programmes `serve` keeps in memory as a whole, where there are several; the others are fetched."""
    window_years: int = Field(default=2, ge=1, le=10, examples=["2"])
    """How many academic years the calendars show, from the beginning of the present one."""
    removed_days: int = Field(default=30, ge=0, le=366, examples=["14"])
    """How many days a feed still tells, as cancelled, of what was taken off its calendar; 0 not at all."""
    watch: Annotated[Literal["events", "polling"], BeforeValidator(lower)] = Field(
        default="events", examples=["polling"]
    )
    """How `serve` learns that the configuration has changed; `polling` where the file system tells nothing."""
    refresh_seconds: float = Field(default=2.0, ge=0.05, le=3600, examples=["2"])
    """With `polling`, how often it looks, in seconds."""
    workers: int = Field(default=4, ge=1, le=64, examples=["8"])
    """How many Google calendars a process works on at once."""
    log_level: Annotated[Literal["debug", "info", "warning", "error"], BeforeValidator(lower)] = Field(
        default="info", examples=["debug"]
    )
    """The least important message that is logged."""
    log_format: Annotated[Literal["text", "json"], BeforeValidator(lower)] = Field(default="text", examples=["json"])
    """How a line of the log is written: text for people, or JSON for machines."""
    admin: AdminSettings = AdminSettings()
    google: GoogleSettings = GoogleSettings()
    guard: GuardSettings = GuardSettings()
    http: HttpSettings = HttpSettings()
    hooks: HooksSettings = HooksSettings()
    notices: NoticesSettings = NoticesSettings()
    publish: PublishSettings = PublishSettings()

    @property
    def keep_removed(self) -> timedelta:
        """How long a feed tells of what was removed."""
        return timedelta(days=self.removed_days)

    @property
    def store_url(self) -> str:
        """The database's address, with its password: for `ircal.store.open_store` alone."""
        if self.database_url is not None:
            return self.database_url.get_secret_value()
        return f"sqlite:///{self.state_dir / 'ircal.db'}"

    @property
    def is_shared(self) -> bool:
        """Whether other machines may use the same database."""
        return self.store_url.startswith("postgresql")


def load_settings(**overrides: Any) -> Settings:
    """Read the settings; an override of None, at any depth, is as if it were not given.

    Overrides have the fields' names, groups are dicts: `load_settings(config=path, http={"port": 0})`. Raises
    SettingsError, which names each variable that is wrong, what is wrong with it and an example, never a secret.
    """
    if strange := set(overrides) - set(Settings.model_fields):
        raise TypeError(f"there is no setting {', '.join(sorted(strange))}")
    _refuse_garbled(Path(ENV_FILE))
    try:
        return Settings(**_given(overrides))
    except ValidationError as error:
        lines = [_explained(fault) for fault in error.errors(include_url=False)]
        raise SettingsError("\n".join(lines), "Mend it in the environment or in `.env`.") from None
    except UnreadableSetting as error:  # a whole group as JSON; the message names the field, not the value
        field = re.search(r'field "(\w+)"', str(error))
        raise SettingsError(_group(PREFIX + (field[1].upper() if field else "")), _GROUPS) from None


def _refuse_garbled(file: Path) -> None:
    try:
        bad = [(where, name) for where, name in garbled_lines(file) if name.startswith(PREFIX)]
    except UnicodeDecodeError as error:
        raise SettingsError(f"The file {file} cannot be read: {error.reason}.", "Save it as UTF-8.") from None
    except OSError as error:
        remedy = "Give ircal the right to read it, or take it away."
        raise SettingsError(f"The file {file} cannot be read: {error.strerror}.", remedy) from None
    if bad:
        lines = [f"{where}: {name} is not followed by `=` and a value." for where, name in bad]
        raise SettingsError("\n".join(lines), "Write it as NAME=value; a value in quotes needs both of them.")


def variables(model: type[BaseModel] = Settings, prefix: str = PREFIX) -> Iterator[tuple[str, FieldInfo]]:
    """Every variable that is a setting, with its field."""
    for name, field in model.model_fields.items():
        if isinstance(field.annotation, type) and issubclass(field.annotation, BaseModel):
            yield from variables(field.annotation, f"{prefix}{name.upper()}__")
        else:
            yield f"{prefix}{name.upper()}", field


def oddities() -> tuple[str, ...]:
    """What is strange in the environment and in `.env`, and does no harm: a sentence for each.

    Variables that begin with IRCAL_ and are no setting, with the name that was perhaps meant: another program, or
    another version of ircal, may have use for them. Lines of `.env` that say nothing: it is other programs' file too.
    """
    file = Path(ENV_FILE)
    strange = unknown(names_in_use(file), [name for name, _ in variables()], PREFIX)
    with contextlib.suppress(OSError, UnicodeDecodeError):  # load_settings says what is wrong with the file
        garbled = [where for where, name in garbled_lines(file) if not name.startswith(PREFIX)]
        strange += [f"{where} is not NAME=value, and is passed over." for where in garbled]
    return tuple(strange)


def _given(overrides: dict[str, Any]) -> dict[str, Any]:
    given = {key: _given(value) if isinstance(value, dict) else value for key, value in overrides.items()}
    return {key: value for key, value in given.items() if value is not None}


def _explained(fault: ErrorDetails) -> str:
    name = PREFIX + "__".join(str(part).upper() for part in fault["loc"])
    field = dict(variables()).get(name)
    return explained(name, field, fault) if field else _group(name)


def _group(name: str) -> str:
    return f"{name} is a group of settings and has no value itself."
