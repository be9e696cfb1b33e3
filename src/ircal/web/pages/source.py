"""What the pages are given: the programme in force, the links of people, and the rules of this place.

The web knows no store, no configuration and no settings. Whoever starts the service gives it what is here.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from datetime import datetime

    from ircal.errors import Problem
    from ircal.views import Ground
    from ircal.web.feeds import Opened


_BELOW = "/programmes/"


def root_of(programme: str) -> str:
    """What the paths of a programme's pages begin with, where there are several; nothing where it has no name."""
    return f"{_BELOW}{programme}" if programme else ""


def programme_in(path: str) -> str:
    """The programme among whose pages a path is; empty for a path of none."""
    name, slash, _ = path.removeprefix(_BELOW).partition("/")
    return name if slash and path.startswith(_BELOW) else ""


class PageSource(Protocol):
    """What the pages are about. It is asked at every request."""

    def ground(self) -> Ground | None:
        """The programme in force with all that follows from it; None while there is none. May block."""

    @property
    def problems(self) -> tuple[Problem, ...]:
        """What is wrong with a newer configuration than the one in force; nothing when that is the newest."""


class PageDoor(Protocol):
    """Whom the secret addresses belong to. To look at a page is no use of a feed, and is not noted as one."""

    def opened_by(self, secret: str) -> Opened | None:
        """What the secret opens; None if it opens nothing. May block for a moment."""

    def fetched(self, calendar: str) -> datetime | None:
        """When a calendar was last fetched by any address that is in use (UTC), if it ever was."""


class EndedSessions(Protocol):
    """Sessions that somebody has signed out of, known to all who serve. Raises StoreError. May block for a moment."""

    def end_session(self, digest: str, until: datetime, now: datetime) -> None:
        """Remember until then that the session with that digest has ended."""

    def has_ended(self, digest: str) -> bool:
        """Whether it has."""


@dataclass(frozen=True, slots=True)
class Proxy:
    """A proxy in front that signs people in: the header that names them, and who of them are coordinators.

    `users` are compared without regard to capitals; `*` is everybody whom the proxy lets through.
    """

    header: str
    users: frozenset[str]


@dataclass(frozen=True, slots=True)
class PageRules:
    """How it is here.

    `base_url` is the address before all paths, without a slash at its end. `open_to_all` shows the pages to everybody;
    `feeds_by_id` says that feeds are served by id. `password_hash` is in argon2's own form, and empty where nobody
    signs in by password. `secret` signs cookies and forms. `wrong_per_minute` is how many links or passwords one place
    may try. `programme` is which of several the pages are about; empty where there is one,
    and `has_own_password` whether those who sign in there are coordinators of it alone.
    """

    base_url: str
    secret: bytes = field(repr=False)
    open_to_all: bool = False
    feeds_by_id: bool = False
    password_hash: str = field(default="", repr=False)
    proxy: Proxy | None = None
    session_seconds: int = 12 * 60 * 60
    wrong_per_minute: int = 30
    api_token_digest: bytes = field(default=b"", repr=False)
    programme: str = ""
    has_own_password: bool = False

    @property
    def root(self) -> str:
        """What the paths of all pages begin with."""
        return root_of(self.programme)

    @property
    def within(self) -> str:
        """What stands before a calendar's id in the paths of feeds."""
        return f"/{self.programme}" if self.programme else ""

    @property
    def public_root(self) -> str:
        """The address below which public feeds are."""
        return f"{self.base_url}/public{self.within}"

    @property
    def secure(self) -> bool:
        """Whether people reach it by TLS, so that cookies must never travel without."""
        return self.base_url.startswith("https://")
