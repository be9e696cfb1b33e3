"""The groups of settings: Google, guard, HTTP, coordinators, hooks, notices, publishing."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, SecretStr

from ircal.settings.values import (
    addresses,
    api_root_of,
    argon2_hash,
    hashes_in,
    header_name,
    is_loopback,
    long_secret,
    named_hashes,
    networks,
    public_url_of,
    receivers,
    users,
)

_GOOGLES_PACE = 600
"""Calls a minute that Google allows an account, in a project made since May 2026."""


class GoogleSettings(BaseModel):
    """Where Google's API is, and who we are towards it."""

    model_config = ConfigDict(frozen=True)

    api_root: Annotated[str, AfterValidator(api_root_of)] = Field(
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
    public_url: Annotated[str, AfterValidator(public_url_of)] | None = Field(
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
    trusted_proxies: Annotated[str, AfterValidator(networks)] | None = Field(
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

    password_hash: Annotated[SecretStr, AfterValidator(argon2_hash)] | None = Field(
        default=None, examples=["$argon2id$v=19$m=65536,t=3,p=4$..."]
    )
    """The hash of their password, as `ircal admin hash-password` prints it; nobody signs in by password without it."""
    password_hashes: Annotated[SecretStr, AfterValidator(named_hashes)] | None = Field(
        default=None, examples=["surgery=$argon2id$v=19$m=65536,t=3,p=4$..."]
    )
    """Of several programmes, those with a password of their own: `NAME=HASH`, with spaces between."""
    session_hours: float = Field(default=12.0, gt=0, le=720, examples=["12"])
    """For how many hours a sign-in lasts."""
    session_secret: Annotated[SecretStr, AfterValidator(long_secret)] | None = Field(
        default=None, examples=["<openssl rand -hex 32>"]
    )
    """What signs the cookies; a file in the state folder unless it is given. Several machines need the same."""
    api_token: Annotated[SecretStr, AfterValidator(long_secret)] | None = Field(
        default=None, examples=["<openssl rand -hex 32>"]
    )
    """What a program sends as `Authorization: Bearer` to the JSON API, to do what coordinators may."""
    proxy_header: Annotated[str, AfterValidator(header_name)] | None = Field(
        default=None, examples=["X-Forwarded-Email"]
    )
    """The header in which a trusted proxy names who has signed in there; none is believed unless it is given."""
    proxy_users: Annotated[str, AfterValidator(users)] | None = Field(
        default=None, examples=["coordinator@example.edu,chief@example.edu"]
    )
    """Who of them are coordinators; `*` is everybody whom the proxy lets through."""

    def hash_of(self, programme: str) -> str:
        """The hash of the password that opens a programme; empty where none does."""
        general = self.password_hash.get_secret_value() if self.password_hash else ""
        return self.own_hashes.get(programme, general)

    @property
    def own_hashes(self) -> dict[str, str]:
        """The hashes of programmes with a password of their own, by name."""
        return hashes_in(self.password_hashes) if self.password_hashes else {}

    @property
    def has_passwords(self) -> bool:
        """Whether anybody can sign in by password."""
        return bool(self.password_hash or self.password_hashes)

    @property
    def coordinators(self) -> frozenset[str]:
        """The proxy's users who are coordinators, without regard to capitals."""
        return frozenset(self.proxy_users.casefold().split(",")) if self.proxy_users else frozenset()


class HooksSettings(BaseModel):
    """What others tell us of by webhooks; Google's needs no setting but `http.public_url`."""

    model_config = ConfigDict(frozen=True)

    config_secret: Annotated[SecretStr, AfterValidator(long_secret)] | None = Field(
        default=None, examples=["<openssl rand -hex 32>"]
    )
    """What a git host proves that it is ours by; `/hooks/config` is there only where it is given."""
    git_pull: bool = Field(default=False, examples=["true"])
    """Whether the configuration is brought up to date with `git pull --ff-only` before it is looked at."""


class NoticesSettings(BaseModel):
    """Whom `serve` tells that something has happened."""

    model_config = ConfigDict(frozen=True)

    urls: Annotated[SecretStr, AfterValidator(receivers)] | None = Field(
        default=None, examples=["https://alerts.example.edu/ircal"]
    )
    """The addresses, separated by commas, that get a CloudEvent."""
    slack_urls: Annotated[SecretStr, AfterValidator(receivers)] | None = Field(
        default=None, examples=["https://hooks.slack.com/services/..."]
    )
    """The addresses, separated by commas, that get a message in Slack's form."""
    secret: Annotated[SecretStr, AfterValidator(long_secret)] | None = Field(
        default=None, examples=["whsec_<openssl rand -base64 32>"]
    )
    """What CloudEvents are signed with (Standard Webhooks); unsigned without it."""
    stale_minutes: float = Field(default=15, ge=0, le=10080, examples=["15"])
    """For how long a configuration may be wrong, or a Google calendar not be brought up to date, before it is told."""

    @property
    def cloudevents(self) -> tuple[str, ...]:
        """The addresses for CloudEvents, one by one."""
        return addresses(self.urls) if self.urls else ()

    @property
    def slack(self) -> tuple[str, ...]:
        """Slack's, one by one."""
        return addresses(self.slack_urls) if self.slack_urls else ()


class PublishSettings(BaseModel):
    """How feeds are written to an object store. Which one, and who we are to it, is not ircal's own: `AWS_...`."""

    model_config = ConfigDict(frozen=True)

    max_age: int = Field(default=300, ge=0, le=86400, examples=["300"])
    """For how long a CDN and its readers may keep a public feed before they ask again, in seconds."""
    attempts: int = Field(default=5, ge=1, le=20, examples=["8"])
    """How often a request is sent that gets no answer."""
    machine_identity: bool = Field(default=False, examples=["true"])
    """Whether the cloud may be asked who this machine is, where the environment holds no credentials."""
