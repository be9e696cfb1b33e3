"""Settings: what differs between two places where ircal runs, read from the environment and from `.env`.

What the programme is stands in the configuration folder; what a machine must be told stands here: where that folder
is, where to remember things, which address to serve on, whom to be towards Google. A setting is one environment
variable with the prefix `IRCAL_`; a group's name and its setting are joined by two underscores (`IRCAL_HTTP__PORT`).
What is given in code or on the command line wins over the environment, which wins over `.env`, which wins over the
default. An empty variable counts as absent. `docs/reference/settings.md` lists them all, and a test holds it to that.
"""

from __future__ import annotations

import contextlib
import ipaddress
import re
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal
from urllib.parse import SplitResult, urlsplit

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict
from pydantic_settings import SettingsError as UnreadableSetting

from ircal.environment import explained, garbled_lines, names_in_use, unknown
from ircal.errors import SettingsError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pydantic.fields import FieldInfo
    from pydantic_core import ErrorDetails

PREFIX = "IRCAL_"
ENV_FILE = ".env"

_LONGEST_URL = 120
_GOOGLES_PACE = 600
"""Calls a minute that Google allows an account, in a project made since May 2026."""
_SHORTEST_SECRET = 32
_GROUPS = f"Give each setting of a group a variable: {PREFIX}HTTP__PORT=8080"
_DATABASES = ("sqlite", "postgresql", "postgresql+psycopg")


def is_loopback(host: str) -> bool:
    """Whether an address or name is only reachable from the same machine."""
    name = host.strip("[]").rstrip(".").lower()
    if name == "localhost" or name.endswith(".localhost"):  # RFC 6761, 6.3
        return True
    try:
        return ipaddress.ip_address(name).is_loopback
    except ValueError:
        return False


def _web_address(text: str) -> SplitResult:
    """The parts of an http(s) address that names a host and nothing after its path."""
    try:
        parts = urlsplit(text)
        _ = parts.port
    except ValueError:
        raise ValueError("its host or its port cannot be read") from None
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise ValueError("this is not a web address; it begins with https://")
    if parts.username is not None:
        raise ValueError("a web address must not hold a name or a password")
    if parts.query or parts.fragment:
        raise ValueError("a web address ends with its path, without `?` or `#`")
    return parts


def _api_root(text: str) -> str:
    parts = _web_address(text)
    if parts.scheme == "http" and not is_loopback(parts.hostname or ""):
        raise ValueError("an access token would travel in clear over http; use https")
    return text.rstrip("/")


def _public_url(text: str) -> str:
    _web_address(text)
    if len(text) > _LONGEST_URL:
        raise ValueError(f"it is longer than {_LONGEST_URL} characters, and feed addresses are to stay below 200")
    return text.rstrip("/")


def _proxies(text: str) -> str:
    """Addresses and networks, each checked, joined by commas."""
    return ",".join(_network(part.strip()) for part in text.split(","))


def _network(text: str) -> str:
    try:
        return str(ipaddress.ip_network(text))
    except ValueError:
        raise ValueError(f"`{text}` is no address and no network; a network has zeros at its end") from None


def _database_url(secret: SecretStr) -> SecretStr:
    scheme, mark, _ = secret.get_secret_value().partition("://")
    if scheme == "postgres":
        raise ValueError("write postgresql:// where it says postgres://")
    if not mark or scheme not in _DATABASES:
        raise ValueError("this is not the address of a database; it begins with sqlite:/// or postgresql://")
    return secret


def _folder_of_database(path: Path) -> Path:
    if "?" in str(path):  # what follows it would be options of the database's address
        raise ValueError("a folder with a `?` in its name cannot hold the database")
    return path


def _argon2(secret: SecretStr) -> SecretStr:
    if not secret.get_secret_value().startswith("$argon2"):
        raise ValueError("this is not a hash; `ircal admin hash-password` makes one (in a shell, quote it with ' ')")
    return secret


def _addresses(secret: SecretStr) -> tuple[str, ...]:
    return tuple(part.strip() for part in secret.get_secret_value().split(","))


def _receivers(secret: SecretStr) -> SecretStr:
    """Addresses to which something is sent, each of them a secret."""
    for address in _addresses(secret):
        try:
            parts = urlsplit(address)
            safe = parts.scheme == "https" or (parts.scheme == "http" and is_loopback(parts.hostname or ""))
        except ValueError:
            safe = False
        if not safe or not parts.hostname:
            raise ValueError("each address begins with https://, and commas stand between them")
    return secret


def _long(secret: SecretStr) -> SecretStr:
    if len(secret.get_secret_value()) < _SHORTEST_SECRET:
        raise ValueError(f"it is shorter than {_SHORTEST_SECRET} characters")
    return secret


def _header(text: str) -> str:
    if not re.fullmatch(r"[A-Za-z0-9-]{1,60}", text):
        raise ValueError("this is not the name of a header")
    return text


def _users(text: str) -> str:
    users = [part.strip() for part in text.split(",")]
    if not all(users):
        raise ValueError("a name between two commas is empty")
    return ",".join(users)


def _lower(value: object) -> object:
    return value.lower() if isinstance(value, str) else value


class GoogleSettings(BaseModel):
    """Where Google's API is, and who we are towards it."""

    model_config = ConfigDict(frozen=True)

    api_root: Annotated[str, AfterValidator(_api_root)] = Field(
        default="https://www.googleapis.com", examples=["https://www.googleapis.com"]
    )
    """Where requests go; the sandbox's address for trials. Plain http only to this machine."""
    credentials_file: Path | None = Field(default=None, examples=["/run/secrets/google.json"])
    """The key of the service account."""
    subject: str | None = Field(default=None, examples=["calendar@example.edu"])
    """The account in whose name the service account writes (domain-wide delegation)."""
    owner: str | None = Field(default=None, examples=["example-ir-residency"])
    """The mark on every event that is ours; the programme's id unless it is given."""
    attempts: int = Field(default=5, ge=1, le=20, examples=["8"])
    """How often a request is sent that gets no answer or is told to wait; the pause doubles each time."""
    requests_per_minute: int | None = Field(default=None, ge=1, le=100_000, examples=["600"])
    """How many calls a minute an account makes, and half as many on one calendar; 600, and any number on loopback."""
    quota_hours: float = Field(default=4, ge=0, le=168, examples=["6"])
    """For how long Google is not asked after it said that a quota is used up; 0 asks again at the next run."""

    poll_seconds: float = Field(default=300, ge=5, le=86400, examples=["300"])
    """How often `serve` asks what has changed on calendars of which Google does not tell it, in seconds."""

    @property
    def pace(self) -> int | None:
        """What `requests_per_minute` comes to for this API root."""
        loopback = is_loopback(urlsplit(self.api_root).hostname or "")
        return self.requests_per_minute or (None if loopback else _GOOGLES_PACE)


class GuardSettings(BaseModel):
    """What a plan may do to a Google calendar before somebody has to look at it."""

    model_config = ConfigDict(frozen=True)

    max_share: float = Field(default=0.3, ge=0, le=1, examples=["0.3"])
    """The share of a calendar's events that may be removed, and the share that may be moved, where there are ten."""
    max_events: int = Field(default=200, ge=0, examples=["200"])
    """How many events of a calendar may be removed, and how many moved."""
    max_soon: float = Field(default=0.5, ge=0, le=1, examples=["0.5"])
    """The share of what starts soon that may be removed or moved, where it is three or more."""
    soon_hours: float = Field(default=24, gt=0, le=336, examples=["24"])
    """How many hours from now on are soon."""


class HttpSettings(BaseModel):
    """Where the feeds are served, and to whom."""

    model_config = ConfigDict(frozen=True)

    host: str = Field(default="127.0.0.1", min_length=1, examples=["0.0.0.0"])  # noqa: S104 an example, not a default
    """The address to listen on; the default is this machine alone."""
    port: int = Field(default=8080, ge=0, le=65535, examples=["8080"])
    """The port to listen on; 0 takes a free one."""
    public_url: Annotated[str, AfterValidator(_public_url)] | None = Field(
        default=None, examples=["https://calendars.example.edu"]
    )
    """The address under which people reach the feeds, where that is not the host and port above (behind a proxy)."""
    feeds_by_id: Literal["auto", "always", "never"] = Field(default="auto", examples=["never"])
    """Whether private feeds are served under their id, without a token; `auto`: only on a loopback host."""
    open_pages: Literal["auto", "always", "never"] = Field(default="auto", examples=["never"])
    """Whether everybody may see the pages without signing in; `auto`: only on a loopback host. Writing never is."""
    days_after_leaving: int = Field(default=30, ge=0, le=3650, examples=["90"])
    """How many days after somebody's last day in the programme their links still open their calendars."""
    wrong_per_minute: int = Field(default=30, ge=1, le=1_000_000, examples=["30"])
    """How many feed addresses that open nothing one client may try a minute before it is told to wait."""
    metrics_token: SecretStr | None = Field(default=None, min_length=16, examples=["<32 random characters>"])
    """What Prometheus bears to see `/metrics`; without it they are shown on a loopback host alone."""
    longest_lag: int = Field(default=3600, ge=0, le=604_800, examples=["900"])
    """For how many seconds a calendar may be due before `/readyz` says that all is not well; 0 for any time."""
    trusted_proxies: Annotated[str, AfterValidator(_proxies)] | None = Field(
        default=None, examples=["127.0.0.1,10.0.0.0/8"]
    )
    """The addresses and networks of the proxies whose X-Forwarded-For names the client."""

    @property
    def metrics_secret(self) -> str:
        """What Prometheus bears; empty for nothing."""
        return self.metrics_token.get_secret_value() if self.metrics_token else ""

    @property
    def shows_metrics(self) -> bool:
        """Whether metrics are shown without a token: to this machine alone, which no proxy makes others part of."""
        return is_loopback(self.host) and self.public_url is None

    @property
    def proxies(self) -> tuple[str, ...]:
        """The trusted proxies, one by one."""
        return tuple(self.trusted_proxies.split(",")) if self.trusted_proxies else ()

    @property
    def base_url(self) -> str:
        """The address before `/feeds/...`, without a slash at its end."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return self.public_url or f"http://{host}:{self.port}"

    @property
    def serves_by_id(self) -> bool:
        """What `feeds_by_id` comes to on this host."""
        return self.feeds_by_id == "always" or (self.feeds_by_id == "auto" and is_loopback(self.host))

    @property
    def shows_pages(self) -> bool:
        """What `open_pages` comes to on this host."""
        return self.open_pages == "always" or (self.open_pages == "auto" and is_loopback(self.host))


class AdminSettings(BaseModel):
    """Who may look behind the private pages, and change something: the coordinators."""

    model_config = ConfigDict(frozen=True)

    password_hash: Annotated[SecretStr, AfterValidator(_argon2)] | None = Field(
        default=None, examples=["$argon2id$v=19$m=65536,t=3,p=4$..."]
    )
    """The hash of their password, as `ircal admin hash-password` prints it; nobody signs in by password without it."""
    session_hours: float = Field(default=12.0, gt=0, le=720, examples=["12"])
    """For how many hours a sign-in lasts."""
    session_secret: Annotated[SecretStr, AfterValidator(_long)] | None = Field(
        default=None, examples=["<openssl rand -hex 32>"]
    )
    """What signs the cookies; a file in the state folder unless it is given. Several machines need the same."""
    api_token: Annotated[SecretStr, AfterValidator(_long)] | None = Field(
        default=None, examples=["<openssl rand -hex 32>"]
    )
    """What a program sends as `Authorization: Bearer` to the JSON API, to do what coordinators may."""
    proxy_header: Annotated[str, AfterValidator(_header)] | None = Field(default=None, examples=["X-Forwarded-Email"])
    """The header in which a trusted proxy names who has signed in there; none is believed unless it is given."""
    proxy_users: Annotated[str, AfterValidator(_users)] | None = Field(
        default=None, examples=["coordinator@example.edu,chief@example.edu"]
    )
    """Who of them are coordinators; `*` is everybody whom the proxy lets through."""

    @property
    def coordinators(self) -> frozenset[str]:
        """The proxy's users who are coordinators, without regard to capitals."""
        return frozenset(self.proxy_users.casefold().split(",")) if self.proxy_users else frozenset()


class HooksSettings(BaseModel):
    """What others tell us of by webhooks; Google's needs no setting but `http.public_url`."""

    model_config = ConfigDict(frozen=True)

    config_secret: Annotated[SecretStr, AfterValidator(_long)] | None = Field(
        default=None, examples=["<openssl rand -hex 32>"]
    )
    """What a git host proves that it is ours by; `/hooks/config` is there only where it is given."""
    git_pull: bool = Field(default=False, examples=["true"])
    """Whether the configuration is brought up to date with `git pull --ff-only` before it is looked at."""


class NoticesSettings(BaseModel):
    """Whom `serve` tells that something has happened."""

    model_config = ConfigDict(frozen=True)

    urls: Annotated[SecretStr, AfterValidator(_receivers)] | None = Field(
        default=None, examples=["https://alerts.example.edu/ircal"]
    )
    """The addresses, separated by commas, that get a CloudEvent."""
    slack_urls: Annotated[SecretStr, AfterValidator(_receivers)] | None = Field(
        default=None, examples=["https://hooks.slack.com/services/..."]
    )
    """The addresses, separated by commas, that get a message in Slack's form."""
    secret: Annotated[SecretStr, AfterValidator(_long)] | None = Field(
        default=None, examples=["whsec_<openssl rand -base64 32>"]
    )
    """What CloudEvents are signed with (Standard Webhooks); unsigned without it."""
    stale_minutes: float = Field(default=15, ge=0, le=10080, examples=["15"])
    """For how long a configuration may be wrong, or a Google calendar not be brought up to date, before it is told."""

    @property
    def cloudevents(self) -> tuple[str, ...]:
        """The addresses for CloudEvents, one by one."""
        return _addresses(self.urls) if self.urls else ()

    @property
    def slack(self) -> tuple[str, ...]:
        """Slack's, one by one."""
        return _addresses(self.slack_urls) if self.slack_urls else ()


class PublishSettings(BaseModel):
    """How feeds are written to an object store. Which one, and who we are to it, is not ircal's own: `AWS_...`."""

    model_config = ConfigDict(frozen=True)

    max_age: int = Field(default=300, ge=0, le=86400, examples=["300"])
    """For how long a CDN and its readers may keep a public feed before they ask again, in seconds."""
    attempts: int = Field(default=5, ge=1, le=20, examples=["8"])
    """How often a request is sent that gets no answer."""
    machine_identity: bool = Field(default=False, examples=["true"])
    """Whether the cloud may be asked who this machine is, where the environment holds no credentials."""


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
    state_dir: Annotated[Path, AfterValidator(_folder_of_database)] = Field(
        default=Path(".ircal"), examples=["/var/lib/ircal"]
    )
    """The folder that holds what ircal remembers; made when it is not there."""
    database_url: Annotated[SecretStr, AfterValidator(_database_url)] | None = Field(
        default=None, examples=["postgresql://ircal:secret@db/ircal"]
    )
    """The database; a SQLite file in `state_dir` unless it is given."""
    programmes_at_hand: int = Field(default=20, ge=10, le=100_000, examples=["200"])
    """How many programmes `serve` keeps in memory as a whole, where there are several; the others are fetched."""
    window_years: int = Field(default=2, ge=1, le=10, examples=["2"])
    """How many academic years the calendars show, from the beginning of the present one."""
    removed_days: int = Field(default=30, ge=0, le=366, examples=["14"])
    """How many days a feed still tells, as cancelled, of what was taken off its calendar; 0 not at all."""
    watch: Annotated[Literal["events", "polling"], BeforeValidator(_lower)] = Field(
        default="events", examples=["polling"]
    )
    """How `serve` learns that the configuration has changed; `polling` where the file system tells nothing."""
    refresh_seconds: float = Field(default=2.0, ge=0.05, le=3600, examples=["2"])
    """With `polling`, how often it looks, in seconds."""
    workers: int = Field(default=4, ge=1, le=64, examples=["8"])
    """How many Google calendars a process works on at once."""
    log_level: Annotated[Literal["debug", "info", "warning", "error"], BeforeValidator(_lower)] = Field(
        default="info", examples=["debug"]
    )
    """The least important message that is logged."""
    log_format: Annotated[Literal["text", "json"], BeforeValidator(_lower)] = Field(default="text", examples=["json"])
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
